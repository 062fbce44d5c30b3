package graph

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// Origin is where a record lives.
type Origin struct {
	Node      *federation.Node
	IsLocal   bool
	FetchedAt *time.Time
	IsStale   bool
	URL       string
}

// Federation is the nodes that exchange what they publish.
type Federation struct {
	IsOn bool
	Self *federation.Node

	r *Resolver
}

// PublisherKey is the key of an organisation that publishes here.
type PublisherKey struct {
	Organization *record.Organization
	Fingerprint  string
	CreatedAt    time.Time
	Previous     int
	IsElsewhere  bool
}

// Quarantine is an entry of the log of another publisher that was not taken in.
type Quarantine struct {
	federation.Quarantine
	ID        string
	Publisher *federation.Publisher
	Peer      *federation.Node
}

// shownPrecision is how precisely strangers are told when something was seen: an answer to them can then be kept for others.
const shownPrecision = time.Hour

// maxMissing is how many nodes a search names of which records may be missing.
const maxMissing = 100

func mayManagePeers(ctx context.Context) bool {
	return policy.May(identity.From(ctx), policy.ManagePeers, policy.Node) == nil
}

// forPeers gives what only who decides with whom is exchanged may see.
func forPeers[T any](ctx context.Context, value T) *T {
	if mayManagePeers(ctx) {
		return &value
	}
	return nil
}

// self is this node, made once for an operation.
func (r *Resolver) self(ctx context.Context) *federation.Node {
	o := outcomeOf(ctx)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.self == nil {
		o.self = federation.Self(r.Catalog.Reference(), r.Catalog.BaseURL, r.Version)
		for _, k := range r.Federation.Network().Keys() {
			if org := r.Catalog.Reference().Organization(k.OrganizationID); org != nil {
				o.self.Publishers = append(o.self.Publishers, federation.Here(o.self, org, k))
			}
		}
	}
	return o.self
}

// origin is where a record lives. It is told from memory.
func (r *Resolver) origin(ctx context.Context, obj record.Record) *Origin {
	s := obj.Base()
	out := &Origin{Node: r.self(ctx), IsLocal: s.Provenance != record.Peer, URL: s.URI}
	if out.IsLocal {
		return out
	}
	out.Node = federation.Elsewhere(s.URI)
	if p := r.Federation.Network().PublisherOf(s.PublisherID); p != nil {
		out.Node, out.IsStale, out.FetchedAt = p.Node, p.IsStale, seen(p.SeenAt, shownPrecision)
	}
	return out
}

// originOfOrganization is where an organisation publishes; nil where nothing of it is known. Those without copies here are for
// who looks after this node. It is told from memory.
func (r *Resolver) originOfOrganization(ctx context.Context, o *record.Organization) *Origin {
	if o.Custody == record.CustodyOwn {
		return &Origin{Node: r.self(ctx), IsLocal: true, URL: o.URI}
	}
	p := r.Federation.Network().PublisherOf(o.ID)
	if p == nil || p.Records == 0 && !mayManagePeers(ctx) {
		return nil
	}
	return &Origin{Node: p.Node, IsStale: p.IsStale, FetchedAt: seen(p.SeenAt, shownPrecision), URL: p.IRI}
}

// homes are where everybody publishes. They are told from memory.
func (r *Resolver) homes(ctx context.Context) search.Homes {
	return search.Homes{Self: r.self(ctx).ID, Elsewhere: r.Federation.Network().Homes()}
}

// seen is a moment, told so precisely; nil for never.
func seen(at time.Time, precision time.Duration) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.Truncate(precision)
	return &at
}

// precision is how precisely the viewer is told when something was seen.
func precision(ctx context.Context) time.Duration {
	if mayManagePeers(ctx) {
		return time.Millisecond
	}
	return shownPrecision
}

// mayReadNode tells whether the viewer may know a node: one with records here is no secret.
func mayReadNode(ctx context.Context, n *federation.Node) bool {
	return n.IsSelf || n.Records > 0 || mayManagePeers(ctx)
}

func mayReadPublisher(ctx context.Context, p *federation.Publisher) bool {
	return p.Node.IsSelf || p.Records > 0 || mayManagePeers(ctx)
}

// federationNode answers an id of a node or of a publisher from memory.
func (r *Resolver) federationNode(ctx context.Context, id string) record.Node {
	self, others := r.self(ctx), r.Federation.Network()
	if n := others.Node(id); n != nil && mayReadNode(ctx, n) {
		return n
	}
	if p := others.Publisher(id); p != nil && mayReadPublisher(ctx, p) {
		return p
	}
	if id == self.ID {
		return self
	}
	for _, p := range self.Publishers {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// missingNodes are those of which records may be missing or old.
func (r *Resolver) missingNodes(ctx context.Context) []*federation.Node {
	out := []*federation.Node{}
	for _, n := range r.Federation.Network().Missing() {
		if mayReadNode(ctx, n) && len(out) < maxMissing {
			out = append(out, n)
		}
	}
	return out
}

// Peers are the other nodes that the viewer may know.
func (f *Federation) Peers(ctx context.Context, first *int, after *string) (*FederationNodeConnection, error) {
	all := slices.DeleteFunc(slices.Clone(f.r.Federation.Network().Peers()), func(n *federation.Node) bool { return !mayReadNode(ctx, n) })
	l, err := slice("peers", all, func(n *federation.Node) string { return n.ID }, *first, after,
		func(c string, n *federation.Node) *FederationNodeEdge { return &FederationNodeEdge{Cursor: c, Node: n} })
	return &FederationNodeConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}, err
}

// Keys are those of the organisations that publish here.
func (f *Federation) Keys(ctx context.Context) ([]*PublisherKey, error) {
	if !mayManagePeers(ctx) {
		return nil, nil
	}
	return f.r.keys(), nil
}

func (r *Resolver) keys() []*PublisherKey {
	keys, ref := r.Federation.Network().Keys(), r.Catalog.Reference()
	out, os := []*PublisherKey{}, []*record.Organization{}
	for _, k := range keys {
		if o := ref.Organization(k.OrganizationID); o != nil {
			out = append(out, &PublisherKey{Fingerprint: k.Fingerprint, CreatedAt: k.CreatedAt, Previous: k.Previous, IsElsewhere: k.IsElsewhere})
			os = append(os, o)
		}
	}
	for i, o := range record.GroupOrganizations(os) {
		out[i].Organization = o
	}
	return out
}

// Quarantine is a page of what was not taken in, the newest first.
func (f *Federation) Quarantine(ctx context.Context, first *int, after *string) (*QuarantineConnection, error) {
	if !mayManagePeers(ctx) {
		return nil, nil
	}
	before, err := numbered("quarantine", after)
	if err != nil {
		return nil, err
	}
	rows, err := f.r.Federation.Quarantined(ctx, int(before), *first+1)
	if err != nil {
		return nil, err
	}
	out, cursors, network := &QuarantineConnection{}, []string{}, f.r.Federation.Network()
	for _, row := range rows[:min(*first, len(rows))] {
		c := place("quarantine", strconv.Itoa(row.Number))
		q := &Quarantine{Quarantine: row, ID: "qua_" + strconv.Itoa(row.Number), Publisher: network.PublisherOf(row.OrganizationID), Peer: network.Node(row.PeerID)}
		cursors = append(cursors, c)
		out.Nodes, out.Edges = append(out.Nodes, q), append(out.Edges, &QuarantineEdge{Cursor: c, Node: q})
	}
	out.PageInfo = pageInfo(cursors, len(rows) > *first, after)
	if wants(ctx, "totalCount") {
		out.TotalCount, err = f.r.Federation.CountQuarantined(ctx)
	}
	return out, err
}

// publishersOn are those of a node that the viewer may know.
func publishersOn(ctx context.Context, n *federation.Node) ([]*federation.Publisher, error) {
	out := []*federation.Publisher{}
	for _, p := range n.Publishers {
		if mayReadPublisher(ctx, p) {
			out = append(out, p)
		}
	}
	return out, outcomeOf(ctx).unpaged(ctx, len(out))
}

// organizationBehind is what a publisher is here. What it published and who belongs to it would be read for each publisher of a
// list apart.
func (r *Resolver) organizationBehind(ctx context.Context, p *federation.Publisher) (*record.Organization, error) {
	if listed(ctx) && (wants(ctx, "projects") || wants(ctx, "members") || wants(ctx, "apiTokens")) {
		return nil, alone(2, nil)
	}
	return r.Catalog.Reference().Organization(p.OrganizationID), nil
}

// recordsHere counts the records of this node by publisher, once for an operation.
func (r *Resolver) recordsHere(ctx context.Context) (map[string]int, error) {
	o := outcomeOf(ctx)
	o.mu.Lock()
	if o.counted == nil {
		o.counted = sync.OnceValues(func() (map[string]int, error) {
			f := catalog.Filter{Types: searched(), None: []catalog.Match{{Field: record.FieldProvenance, Values: []string{string(record.Peer)}}}}
			counts, err := r.Catalog.Counts(identity.AsStranger(ctx), f, record.FieldPublisher)
			out := make(map[string]int, len(counts))
			for _, c := range counts {
				out[c.Value] = c.N
			}
			return out, err
		})
	}
	counted := o.counted
	o.mu.Unlock()
	return counted()
}

// recordsOn is how many records of a node can be found here.
func (r *Resolver) recordsOn(ctx context.Context, n *federation.Node) (total int, err error) {
	if !n.IsSelf {
		return n.Records, nil
	}
	counts, err := r.recordsHere(ctx)
	for _, c := range counts {
		total += c
	}
	return total, err
}

// recordsOf is how many records of a publisher can be found here.
func (r *Resolver) recordsOf(ctx context.Context, p *federation.Publisher) (int, error) {
	if !p.Node.IsSelf {
		return p.Records, nil
	}
	counts, err := r.recordsHere(ctx)
	return counts[p.OrganizationID], err
}

// searched are the kinds of records that can be found.
func searched() (out []record.Type) {
	for _, k := range record.Kinds() {
		if k.Searched {
			out = append(out, k.Type)
		}
	}
	return out
}
