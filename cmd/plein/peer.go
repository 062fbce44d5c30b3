package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/udc-community/plein/internal/federation"
)

type peerCmd struct {
	Add          peerAddCmd          `cmd:"" help:"Begin to exchange with another node."`
	List         peerListCmd         `cmd:"" help:"List the other nodes and who publishes there."`
	Fingerprint  peerFingerprintCmd  `cmd:"" help:"Ask another node for the fingerprints of who publishes there, and keep nothing."`
	Pull         peerPullCmd         `cmd:"" help:"Take in what is new at another node now."`
	Pause        peerPauseCmd        `cmd:"" help:"Take in nothing for a time."`
	Resume       peerResumeCmd       `cmd:"" help:"Go on after a pause, or after something was wrong."`
	Block        peerBlockCmd        `cmd:"" help:"Take in nothing, and erase what was taken in."`
	Remove       peerRemoveCmd       `cmd:"" help:"Forget another node, and erase what was taken in from there."`
	AllowDeletes peerAllowDeletesCmd `cmd:"" help:"Let the withdrawals of a publisher through that wait for an administrator."`
}

// peerNode is another node as commands show it.
type peerNode struct {
	ID            string          `json:"id"`
	BaseURL       string          `json:"baseUrl"`
	Name          string          `json:"name"`
	Software      string          `json:"software,omitempty"`
	State         string          `json:"state"`
	LastSuccessAt *time.Time      `json:"lastSuccessAt"`
	NextAt        *time.Time      `json:"nextAt"`
	Behind        int             `json:"behind"`
	Problem       string          `json:"problem,omitempty"`
	Detail        string          `json:"detail,omitempty"`
	Publishers    []peerPublisher `json:"publishers"`
}

type peerPublisher struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	URI            string     `json:"uri"`
	State          string     `json:"state"`
	Fingerprint    string     `json:"fingerprint"`
	Records        int        `json:"records"`
	SeenAt         *time.Time `json:"seenAt"`
	Problem        string     `json:"problem,omitempty"`
	Detail         string     `json:"detail,omitempty"`
	WaitingDeletes int        `json:"waitingDeletes"`
	// Waiting are the records that those withdrawals erase here.
	Waiting     []peerWaiting `json:"waiting,omitempty"`
	Quarantined int           `json:"quarantined"`
}

// peerWaiting is a record of which the withdrawal waits for an administrator.
type peerWaiting struct {
	URI   string `json:"uri"`
	Title string `json:"title"`
}

// waiting are the records of which the withdrawal waits.
func (s *session) waiting(h *house, p *federation.Publisher) ([]peerWaiting, error) {
	out, ids := make([]peerWaiting, len(p.Waiting)), make([]string, len(p.Waiting))
	for i, w := range p.Waiting {
		out[i].URI, ids[i] = w.URI, w.ID
	}
	found, err := h.catalog.ByID(s.system(), ids...)
	for i, r := range found {
		if r != nil {
			out[i].Title = r.Base().Title.In()
		}
	}
	return out, err
}

func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func shownNode(n *federation.Node) peerNode {
	out := peerNode{ID: n.ID, BaseURL: n.BaseURL, Name: n.Name, Software: n.Software, State: string(n.State), LastSuccessAt: moment(n.SucceededAt), NextAt: moment(n.NextAt),
		Behind: n.Behind, Problem: n.Problem, Detail: n.Detail, Publishers: []peerPublisher{}}
	for _, p := range n.Publishers {
		out.Publishers = append(out.Publishers, peerPublisher{ID: p.ID, Name: p.Name, URI: p.IRI, State: string(p.State), Fingerprint: p.Fingerprint, Records: p.Records,
			SeenAt: moment(p.SeenAt), Problem: p.Problem, Detail: p.Detail, WaitingDeletes: p.WaitingDeletes, Quarantined: p.Quarantined})
	}
	return out
}

// words writes a node and who publishes there.
func (n peerNode) words(w io.Writer) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", n.BaseURL, n.Name, n.State, remark(n.Problem, n.Detail))
	for _, p := range n.Publishers {
		fmt.Fprintf(t, "  %s\t%s\t%s\t%s\n", p.ID, p.Name, p.State, strings.TrimSpace(fmt.Sprintf("%s  %d records  %s", p.Fingerprint, p.Records, remark(p.Problem, p.Detail))))
	}
	t.Flush() //nolint:errcheck // standard output
	for _, p := range n.Publishers {
		if p.WaitingDeletes > 0 {
			fmt.Fprintf(w, "  %d withdrawals of %s wait. To see which: plein peer allow-deletes %s\n", p.WaitingDeletes, p.Name, p.ID)
		}
	}
}

func remark(problem, detail string) string {
	if problem == "" {
		return detail
	}
	return problem + ": " + detail
}

// peerOf finds a node by its address or id.
func peerOf(s *session, h *house, which string) (*federation.Node, error) {
	id := which
	if base, err := federation.ReadBase(which, h.federation.AllowLoopback); err == nil {
		id = federation.NodeID(base)
	}
	if n := h.federation.Network().Node(id); n != nil && n.IsDirect {
		return n, nil
	}
	return nil, fmt.Errorf("there is no peer %q: see plein peer list", which)
}

// show gives a node as it is now.
func (s *session) showPeer(h *house, id string) error {
	if err := h.federation.Refresh(s.ctx); err != nil {
		return err
	}
	n := h.federation.Network().Node(id)
	if n == nil {
		return nil
	}
	out := shownNode(n)
	return s.result(out, out.words)
}

type peerAddCmd struct {
	URL         string   `arg:"" help:"Address of the node, such as https://plein.example.nl."`
	Fingerprint []string `help:"Fingerprint of a publisher there, as its administrator told it. Without one nothing is taken in yet." placeholder:"FINGERPRINT"`
}

func (peerAddCmd) Help() string {
	return "Call the administrator of the other node and let them read the fingerprint aloud (plein key fingerprint). Give one --fingerprint for each publisher that is to be taken in; add others later with the same command.\n\nExample:\n  plein peer add https://plein.example.nl --fingerprint \"89ab cdef 0123 4567 89ab cdef 0123 4567\" --base-url https://plein.example.org"
}

func (c peerAddCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		id, err := h.federation.Propose(s.system(), c.URL, c.Fingerprint)
		if err != nil {
			return err
		}
		if len(c.Fingerprint) == 0 {
			s.say("Nothing is taken in yet. Compare the fingerprints with those that the administrator there reads aloud, and add the node again with --fingerprint.")
		} else {
			s.say("A running Plein takes in what they published. To see that happen here: plein peer pull %s", c.URL)
		}
		return s.showPeer(h, id)
	})
}

type peerListCmd struct{}

func (peerListCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		list := []peerNode{}
		for _, n := range h.federation.Network().Peers() {
			shown := shownNode(n)
			for i, p := range n.Publishers {
				var err error
				if shown.Publishers[i].Waiting, err = s.waiting(h, p); err != nil {
					return err
				}
			}
			list = append(list, shown)
		}
		return s.result(list, func(w io.Writer) {
			for _, n := range list {
				n.words(w)
			}
			if len(list) == 0 {
				s.say("This node exchanges with nobody yet. Begin with: plein peer add https://…")
			}
		})
	})
}

type peerFingerprintCmd struct {
	URL string `arg:"" help:"Address of the node."`
}

func (c peerFingerprintCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		n, err := h.federation.Ask(s.system(), c.URL)
		if err != nil {
			return err
		}
		out := shownNode(n)
		return s.result(out, func(w io.Writer) {
			for _, p := range out.Publishers {
				fmt.Fprintf(w, "%s  %s  %s\n", p.Fingerprint, p.Name, p.URI)
			}
			s.say("This is what the node says. Compare it with what the administrator there reads aloud (plein key fingerprint).")
		})
	})
}

type peerPullCmd struct {
	URL string `arg:"" help:"Address or id of the node."`
}

func (c peerPullCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		n, err := peerOf(s, h, c.URL)
		if err != nil {
			return err
		}
		var all federation.Pulled
		for again := true; again; {
			before := all
			p, err := h.federation.Pull(s.system(), n.ID, func(p federation.Pulled) {
				s.say("%d taken in, about %d to go", before.Members+p.Members, p.Behind)
			})
			if err != nil {
				return err
			}
			all.Members, all.Refused, again = all.Members+p.Members, all.Refused+p.Refused, p.Again
		}
		return s.result(map[string]int{"members": all.Members, "refused": all.Refused}, func(w io.Writer) {
			fmt.Fprintf(w, "%d taken in", all.Members)
			if all.Refused > 0 {
				fmt.Fprintf(w, ", of which %d put aside", all.Refused)
			}
			fmt.Fprintln(w)
		})
	})
}

// setState decides about a node, or about a publisher of one.
func (s *session) setState(h *house, which string, state federation.State, fingerprint string) error {
	if strings.HasPrefix(which, "pub_") {
		if err := h.federation.SetPublisherState(s.system(), which, state, fingerprint); err != nil {
			return err
		}
		if p := h.federation.Network().Publisher(which); p != nil {
			return s.showPeer(h, p.Node.ID)
		}
		return nil
	}
	n, err := peerOf(s, h, which)
	if err != nil {
		return err
	}
	if err := h.federation.SetPeerState(s.system(), n.ID, state); err != nil {
		return err
	}
	return s.showPeer(h, n.ID)
}

type peerPauseCmd struct {
	Which string `arg:"" help:"Address or id of the node, or id of one publisher (pub_…)."`
}

func (c peerPauseCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error { return s.setState(h, c.Which, federation.Paused, "") })
}

type peerResumeCmd struct {
	Which       string `arg:"" help:"Address or id of the node, or id of one publisher (pub_…)."`
	Fingerprint string `help:"Fingerprint of the publisher, where its key was not compared before or has changed." placeholder:"FINGERPRINT"`
}

func (c peerResumeCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error { return s.setState(h, c.Which, federation.Active, c.Fingerprint) })
}

type peerBlockCmd struct {
	Which string `arg:"" help:"Address or id of the node, or id of one publisher (pub_…)."`
}

func (c peerBlockCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error { return s.setState(h, c.Which, federation.Blocked, "") })
}

type peerRemoveCmd struct {
	URL string `arg:"" help:"Address or id of the node."`
}

func (c peerRemoveCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		n, err := peerOf(s, h, c.URL)
		if err != nil {
			return err
		}
		if err := h.federation.RemovePeer(s.system(), n.ID); err != nil {
			return err
		}
		s.say("The node is forgotten, and what was taken in from there is erased.")
		return nil
	})
}

type peerAllowDeletesCmd struct {
	Publisher string `arg:"" help:"Id of the publisher (pub_…), from plein peer list."`
	Yes       bool   `help:"Do it: what they erase is gone. Without this they are only listed."`
}

// maxListed is how many withdrawals are listed before somebody decides about them.
const maxListed = 100

func (c peerAllowDeletesCmd) Run(s *session) error {
	return s.withFederation(func(h *house) error {
		if p := h.federation.Network().Publisher(c.Publisher); p != nil && !c.Yes && p.Problem == federation.TooManyDeletes {
			list, err := s.waiting(h, p)
			if err != nil {
				return err
			}
			err = s.result(list, func(w io.Writer) {
				for _, x := range list[:min(maxListed, len(list))] {
					fmt.Fprintf(w, "%s  %s\n", x.URI, x.Title)
				}
				if more := p.WaitingDeletes - min(maxListed, len(list)); more > 0 {
					fmt.Fprintf(w, "and %d more\n", more)
				}
			})
			if err != nil {
				return err
			}
			return usagef("%s withdrew these, and they are still here. Ask its administrator whether that is right, and then add --yes", p.Name)
		}
		if err := h.federation.AllowDeletes(s.system(), c.Publisher); err != nil {
			return err
		}
		s.say("They are taken in at the next pull; a running Plein begins now.")
		return nil
	})
}
