package federation

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// ErrNotActive tells that nothing is pulled from a peer: it waits for an administrator, or is no peer.
var ErrNotActive = errors.New("nothing is pulled from this node: it is not an active peer")

// Ask asks the node at an address who it is and who publishes there, and keeps nothing. What the caller can mend comes back as
// [record.Problems].
func (f *Federation) Ask(ctx context.Context, baseURL string) (*Node, error) {
	in, err := f.ask(ctx, baseURL)
	if err != nil {
		return nil, err
	}
	n := &Node{ID: NodeID(in.base), BaseURL: in.base, Name: in.name, Software: in.software, State: Proposed}
	if known := f.Network().Node(n.ID); known != nil {
		n.State = known.State
	}
	for _, c := range slices.Concat(in.own, in.others) {
		p := &Publisher{ID: PublisherID(c.ID), IRI: c.ID, Name: shown(c.Name), State: Proposed, Fingerprint: c.Fingerprint(), Node: n}
		if known := f.Network().Publisher(p.ID); known != nil {
			p.State = known.State
		}
		n.Publishers = append(n.Publishers, p)
	}
	return n, nil
}

func (f *Federation) ask(ctx context.Context, baseURL string) (*introduction, error) {
	base, err := ReadBase(baseURL, f.AllowLoopback)
	switch {
	case err != nil:
		return nil, record.Problems{record.Wrong(record.Invalid, "Dit is niet het adres van een catalogus. Schrijf het als https://plein.example.nl, zonder poort.",
			"This is not the address of a node. Write it as https://plein.example.nl, without a port.", "baseUrl")}
	case base == f.Base():
		return nil, record.Problems{record.Wrong(record.NotAllowed, "Dit is deze catalogus zelf.", "This is this node itself.", "baseUrl")}
	}
	in, err := f.introduce(ctx, base, newAllowance())
	if err != nil {
		return nil, notAsked(err, "baseUrl")
	}
	return in, nil
}

// Propose asks the node at an address who it is and keeps it and its publishers as PROPOSED: nothing is taken in because it was
// seen. The publishers with a fingerprint that an administrator compared become ACTIVE at once, and the node with them. It gives
// the id of the peer. What the caller can mend comes back as [record.Problems].
func (f *Federation) Propose(ctx context.Context, baseURL string, fingerprints []string) (string, error) {
	in, err := f.ask(ctx, baseURL)
	if err != nil {
		return "", err
	}
	chosen, err := choose(slices.Concat(in.own, in.others), fingerprints)
	if err != nil {
		return "", err
	}
	id := NodeID(in.base)
	known, err := f.Catalog.Client.Peer.Query().Where(peer.ID(id)).Exist(ctx)
	if err != nil {
		return "", fmt.Errorf("look up a peer: %w", err)
	}
	var told []changelog.Change
	if !known {
		told = append(told, decided(ctx, id, "added "+in.base))
	}
	err = f.write(ctx, func(tx *ent.Client) error {
		err := tx.Peer.Create().SetID(id).SetBaseURL(in.base).SetName(in.name).SetSoftware(in.software).SetState(string(Proposed)).
			SetAddedAt(f.Catalog.Now().UnixMilli()).OnConflictColumns(peer.FieldID).Update(func(u *ent.PeerUpsert) { u.UpdateName().UpdateSoftware() }).Exec(ctx)
		if err != nil {
			return fmt.Errorf("keep the peer: %w", err)
		}
		return f.learn(ctx, tx, id, in)
	}, told...)
	if err != nil {
		return "", err
	}
	for _, c := range chosen {
		if err := f.admit(ctx, id, c); err != nil {
			return "", err
		}
	}
	if len(chosen) > 0 {
		return id, f.SetPeerState(ctx, id, Active)
	}
	return id, f.Refresh(ctx)
}

// choose finds the cards with some fingerprints. Each fingerprint must be of one.
func choose(cards []*Card, fingerprints []string) ([]*Card, error) {
	var chosen []*Card
	for _, text := range fingerprints {
		i := slices.IndexFunc(cards, func(c *Card) bool { return sameFingerprint(c.Fingerprint(), text) })
		if i < 0 {
			return nil, record.Problems{record.Wrong(record.NotFound, fmt.Sprintf("Niemand in deze catalogus heeft vingerafdruk %.100q.", text),
				fmt.Sprintf("Nobody on this node has the fingerprint %.100q.", text), "fingerprints")}
		}
		chosen = append(chosen, cards[i])
	}
	return chosen, nil
}

// sameFingerprint compares two fingerprints as people write them: spaces and capitals do not matter.
func sameFingerprint(a, b string) bool {
	plain := func(s string) []byte { return []byte(strings.ToLower(strings.Join(strings.Fields(s), ""))) }
	return len(plain(a)) > 0 && subtle.ConstantTimeCompare(plain(a), plain(b)) == 1
}

// SetPeerState begins, pauses or ends the exchange with a peer. BLOCKED erases what came of those who publish there.
func (f *Federation) SetPeerState(ctx context.Context, id string, s State) error {
	if !slices.Contains([]State{Active, Paused, Blocked}, s) {
		return record.Problems{record.Wrong(record.IllegalTransition, "Kies actief, gepauzeerd of geblokkeerd.", "Choose active, paused or blocked.", "state")}
	}
	row, err := f.peer(ctx, id)
	if err != nil {
		return err
	}
	if s == Blocked {
		if err := f.forgetThose(ctx, row); err != nil {
			return err
		}
	}
	var told []changelog.Change
	if State(row.State) != s {
		told = append(told, decided(ctx, id, "state "+string(s)))
	}
	err = f.write(ctx, func(tx *ent.Client) error {
		return tx.Peer.UpdateOneID(id).SetState(string(s)).SetFailures(0).SetNextAt(0).SetRelayEpoch(0).SetRelaySeq(0).Exec(ctx)
	}, told...)
	if err != nil {
		return fmt.Errorf("write the state of a peer: %w", err)
	}
	if s == Active {
		if err := f.enqueue(ctx, id, f.Catalog.Now()); err != nil {
			return err
		}
	}
	return f.Refresh(ctx)
}

// RemovePeer forgets a peer, and erases what came of those who publish there. What its own publishers signed keeps its numbers
// in what this node passes on, without its content.
func (f *Federation) RemovePeer(ctx context.Context, id string) error {
	row, err := f.peer(ctx, id)
	if err != nil {
		return err
	}
	if err := f.forgetThose(ctx, row); err != nil {
		return err
	}
	err = f.write(ctx, func(tx *ent.Client) error {
		// Those who were never admitted left nothing behind.
		if _, err := tx.Publisher.Delete().Where(publisher.PeerID(id), publisher.OrganizationID("")).Exec(ctx); err != nil {
			return err
		}
		if err := tx.Publisher.Update().Where(publisher.PeerID(id), publisher.State(string(Blocked))).SetPeerID("").Exec(ctx); err != nil {
			return err
		}
		// The others come from their own nodes, which are peers.
		rest, err := tx.Publisher.Query().Where(publisher.PeerID(id)).All(ctx)
		if err != nil {
			return err
		}
		for _, p := range rest {
			if err := tx.Publisher.UpdateOneID(p.ID).SetPeerID(NodeID(p.Home)).Exec(ctx); err != nil {
				return err
			}
		}
		return tx.Peer.DeleteOneID(id).Exec(ctx)
	}, decided(ctx, id, "removed "+row.BaseURL))
	if err != nil {
		return fmt.Errorf("remove a peer: %w", err)
	}
	return f.Refresh(ctx)
}

// forgetThose blocks everybody who came through a peer, unless their own node is another peer of ours.
func (f *Federation) forgetThose(ctx context.Context, row *ent.Peer) error {
	rows, err := f.Catalog.Client.Publisher.Query().Where(publisher.Or(publisher.PeerID(row.ID), publisher.Home(row.BaseURL)), publisher.OrganizationIDNEQ("")).All(ctx)
	if err != nil {
		return fmt.Errorf("look up who publishes there: %w", err)
	}
	for _, p := range rows {
		elsewhere, err := f.Catalog.Client.Peer.Query().Where(peer.BaseURL(p.Home), peer.IDNEQ(row.ID)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look up who publishes there: %w", err)
		}
		if elsewhere {
			continue
		}
		if err := f.forget(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// forget blocks a publisher and erases everything of it but its place in what this node passes on.
func (f *Federation) forget(ctx context.Context, row *ent.Publisher) error {
	err := f.Catalog.Write(identity.AsSystem(ctx), func(w *catalog.Writer) error {
		if row.OrganizationID != "" {
			if _, err := w.ForgetPublisher(ctx, row.OrganizationID); err != nil {
				return err
			}
			if err := w.Ent().Member.Update().Where(member.PublisherID(row.OrganizationID)).ClearRaw().Exec(ctx); err != nil {
				return fmt.Errorf("erase the members of a publisher: %w", err)
			}
			if err := clearQuarantine(ctx, w.Ent(), row.OrganizationID); err != nil {
				return err
			}
		}
		err := w.Ent().Publisher.UpdateOneID(row.ID).SetState(string(Blocked)).SetEpoch(0).SetSeq(0).SetHash("").SetSeenAt(0).SetProblem("").SetDetail("").SetKeyShown("").
			SetDeletesAllowed(0).SetDeletesWaiting(0).Exec(ctx)
		if err != nil {
			return fmt.Errorf("block a publisher: %w", err)
		}
		if State(row.State) != Blocked {
			w.Tell(decided(ctx, row.ID, "state "+string(Blocked)))
		}
		return touch(ctx, w.Ent())
	})
	f.advance()
	return err
}

// peer reads the row of a peer.
func (f *Federation) peer(ctx context.Context, id string) (*ent.Peer, error) {
	row, err := f.Catalog.Client.Peer.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, record.Problems{record.NoSuch("id")}
	} else if err != nil {
		return nil, fmt.Errorf("look up a peer: %w", err)
	}
	return row, nil
}

// PullSoon makes whoever runs pulls look at a peer now.
func (f *Federation) PullSoon(ctx context.Context, id string) error {
	row, err := f.peer(ctx, id)
	if err != nil {
		return err
	}
	if State(row.State) != Active {
		return record.Problems{record.Wrong(record.IllegalTransition, "Deze catalogus is niet actief: er wordt niets opgehaald.", "This node is not active: nothing is pulled.", "id")}
	}
	return f.enqueue(ctx, id, f.Catalog.Now())
}
