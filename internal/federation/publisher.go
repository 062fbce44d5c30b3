package federation

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/peer"
	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// What keeps the log of a publisher from being taken in.
const (
	// Rewound is a log that is shorter than it was.
	Rewound = "REWOUND"
	// Forked is a log in which something else stands where something was taken in.
	Forked = "FORKED"
	// BadProof is a log with something that its publisher did not sign.
	BadProof = "BAD_PROOF"
	// KeyChanged is another key than was promised.
	KeyChanged = "KEY_CHANGED"
	// TooManyDeletes are more withdrawals in a day than are believed without asking.
	TooManyDeletes = "TOO_MANY_DELETES"
	// OutOfOrder is a log of which the members do not follow each other.
	OutOfOrder = "OUT_OF_ORDER"
)

// maxProposed is how many publishers that nobody admitted are kept of one peer.
const maxProposed = 2000

// learn keeps what a peer says of publishers: new ones as PROPOSED, and what changed of the others where they keep to what they
// promised.
func (f *Federation) learn(ctx context.Context, tx *ent.Client, peerID string, in *introduction) error {
	rows, err := tx.Publisher.Query().All(ctx)
	if err != nil {
		return fmt.Errorf("read the publishers: %w", err)
	}
	known, proposed := make(map[string]*ent.Publisher, len(rows)), 0
	for _, row := range rows {
		known[row.Iri] = row
		if row.PeerID == peerID && row.OrganizationID == "" {
			proposed++
		}
	}
	for i, c := range slices.Concat(in.own, in.others) {
		row, atHome := known[c.ID], i < len(in.own)
		switch {
		case row == nil && proposed < maxProposed:
			proposed++
			err = tx.Publisher.Create().SetID(PublisherID(c.ID)).SetIri(c.ID).SetName(shown(c.Name)).SetHome(c.Home).SetDid(c.DID).SetFeed(c.Feed).
				SetPeerID(peerID).SetState(string(Proposed)).SetCard(c.Raw()).SetKey(c.Key).SetNext(c.Next).Exec(ctx)
		case row == nil:
		case row.PeerID == "": // its peer was removed, and is back
			err = keepCard(tx, row, c).SetPeerID(peerID).SetState(string(Proposed)).Exec(ctx)
		case row.OrganizationID != "":
			err = f.follow(ctx, tx, row, c, peerID, atHome)
		case (atHome || row.PeerID == peerID) && !bytes.Equal(row.Card, c.Raw()):
			err = keepCard(tx, row, c).SetPeerID(peerID).Exec(ctx)
		}
		if err != nil {
			return fmt.Errorf("keep what a publisher says of itself: %w", err)
		}
	}
	return nil
}

func keepCard(tx *ent.Client, row *ent.Publisher, c *Card) *ent.PublisherUpdateOne {
	return tx.Publisher.UpdateOneID(row.ID).SetName(shown(c.Name)).SetHome(c.Home).SetCard(c.Raw()).SetKey(c.Key).SetNext(c.Next).SetKeyShown("")
}

// follow keeps a later word of a publisher that was admitted. A key that it did not promise stops it, where the word is its own
// node's, or of the only node through which it comes: anybody can sign a card of anybody with a key of their own.
func (f *Federation) follow(ctx context.Context, tx *ent.Client, row *ent.Publisher, c *Card, peerID string, atHome bool) error {
	if bytes.Equal(row.Card, c.Raw()) && row.Problem != KeyChanged && (!atHome || row.PeerID == peerID) {
		return nil
	}
	known, err := ReadCard(row.Card)
	if err != nil {
		return fmt.Errorf("read the card of %s: %w", row.Iri, err)
	}
	err = c.Follows(known)
	switch {
	case errors.Is(err, ErrOlderCard):
		return nil
	case err == nil && (atHome || len(c.Statements) > len(known.Statements) || c.Created().After(known.Created())):
		u := keepCard(tx, row, c)
		if atHome {
			u.SetPeerID(peerID)
		}
		if row.Problem == KeyChanged {
			u.SetProblem("").SetDetail("")
		}
		return u.Exec(ctx)
	case err != nil && (atHome || row.PeerID == peerID):
		if err := tx.Publisher.UpdateOneID(row.ID).SetKeyShown(c.Key).Exec(ctx); err != nil {
			return fmt.Errorf("note another key: %w", err)
		}
		return f.trouble(ctx, tx, row, KeyChanged, fmt.Sprintf("its node now shows the key with fingerprint %s", c.Fingerprint()))
	}
	return nil
}

// trouble notes why the log of a publisher is not taken in.
func (f *Federation) trouble(ctx context.Context, tx *ent.Client, row *ent.Publisher, problem, detail string) error {
	if row.Problem != problem {
		f.Logger.WarnContext(ctx, "a publisher stopped", "publisher", row.Iri, "problem", problem, "detail", detail)
	}
	if err := tx.Publisher.UpdateOneID(row.ID).SetProblem(problem).SetDetail(detail).Exec(ctx); err != nil {
		return fmt.Errorf("note what is wrong with a publisher: %w", err)
	}
	return nil
}

// SetPublisherState begins, pauses or ends taking in one publisher. ACTIVE needs the fingerprint that an administrator compared,
// unless it was compared before and is still the same; it also makes what stopped the log be tried again. BLOCKED erases what
// came of it.
func (f *Federation) SetPublisherState(ctx context.Context, id string, s State, fingerprint string) error {
	row, err := f.publisher(ctx, id)
	if err != nil {
		return err
	}
	switch s {
	case Active:
		c, err := f.compare(ctx, row, fingerprint)
		if err != nil {
			return err
		}
		if err := f.admit(ctx, row.PeerID, c); err != nil {
			return err
		}
		via, err := f.peer(ctx, row.PeerID)
		if err != nil {
			return err
		}
		if State(via.State) == Proposed {
			return f.SetPeerState(ctx, via.ID, Active)
		}
		if err := f.enqueueThrough(ctx, row); err != nil {
			return err
		}
	case Paused:
		if State(row.State) != Active {
			return record.Problems{record.Wrong(record.IllegalTransition, "Alleen wat actief is kan worden gepauzeerd.", "Only what is active can be paused.", "state")}
		}
		err := f.write(ctx, func(tx *ent.Client) error {
			return tx.Publisher.UpdateOneID(id).SetState(string(Paused)).Exec(ctx)
		}, decided(ctx, id, "state "+string(Paused)))
		if err != nil {
			return fmt.Errorf("pause a publisher: %w", err)
		}
	case Blocked:
		if err := f.forget(ctx, row); err != nil {
			return err
		}
	default:
		return record.Problems{record.Wrong(record.IllegalTransition, "Kies actief, gepauzeerd of geblokkeerd.", "Choose active, paused or blocked.", "state")}
	}
	return f.Refresh(ctx)
}

// compare gives the card of a publisher with the fingerprint that an administrator compared, or the one that is known where that
// happened before.
func (f *Federation) compare(ctx context.Context, row *ent.Publisher, fingerprint string) (*Card, error) {
	c, err := ReadCard(row.Card)
	if err != nil {
		return nil, fmt.Errorf("read the card of %s: %w", row.Iri, err)
	}
	compared := (State(row.State) == Active || State(row.State) == Paused) && row.Problem != KeyChanged
	if row.Problem == KeyChanged && fingerprint != "" {
		// Also where the key is the same one: after a restore it may have come another way.
		switch c, err := f.offered(ctx, row); {
		case err == nil && sameFingerprint(c.Fingerprint(), fingerprint):
			return c, nil
		case problemOf(err) != "":
			return nil, notAsked(err, "fingerprint")
		}
	}
	switch {
	case fingerprint == "" && !compared:
		return nil, record.Problems{record.Wrong(record.Required, "Vul de vingerafdruk in die de beheerder van deze organisatie heeft doorgegeven.",
			"Fill in the fingerprint that the administrator of this organisation told you.", "fingerprint")}
	case fingerprint == "" || sameFingerprint(c.Fingerprint(), fingerprint):
		return c, nil
	}
	return nil, record.Problems{record.Wrong(record.Invalid, "Deze vingerafdruk is een andere dan die van de catalogus. Neem niets over, en bel met de beheerder daar.",
		"This fingerprint is not that of the node. Take nothing in, and call the administrator there.", "fingerprint")}
}

// offered is the card that the node of a publisher shows now.
func (f *Federation) offered(ctx context.Context, row *ent.Publisher) (*Card, error) {
	via, err := f.peer(ctx, row.PeerID)
	if err != nil {
		return nil, err
	}
	in, err := f.introduce(ctx, via.BaseURL, newAllowance())
	if err != nil {
		return nil, err
	}
	for _, c := range slices.Concat(in.own, in.others) {
		if c.ID == row.Iri {
			return c, nil
		}
	}
	return nil, ErrNotActive
}

// admit takes in a publisher from now on, under the key of a card. What others pass on is read again from its begin, because
// what was skipped there may be of this publisher.
func (f *Federation) admit(ctx context.Context, peerID string, c *Card) error {
	err := f.Catalog.Write(identity.AsSystem(ctx), func(w *catalog.Writer) error {
		row, err := w.Ent().Publisher.Query().Where(publisher.Iri(c.ID)).Only(ctx)
		if err != nil {
			return fmt.Errorf("look up a publisher: %w", err)
		}
		organizationID, err := w.AdmitPublisher(ctx, catalog.PublisherCard{IRI: c.ID, Name: shown(c.Name), Kind: c.Kind, TooiIRI: c.TooiIRI, MunicipalityCodes: c.Municipalities, Home: c.Home})
		var refused *catalog.Refusal
		if errors.As(err, &refused) {
			return fmt.Errorf("%w (%w)", record.Problems{record.Wrong(record.NotAllowed, "Deze organisatie kan hier niet worden overgenomen. Vertel het de beheerder daar.",
				"This organisation cannot be taken in here. Tell the administrator there.", "fingerprint")}, err)
		} else if err != nil {
			return err
		}
		taken, err := w.Ent().Publisher.Query().Where(publisher.OrganizationID(organizationID), publisher.IDNEQ(row.ID)).Exist(ctx)
		if err != nil {
			return fmt.Errorf("look up a publisher: %w", err)
		}
		if taken {
			return record.Problems{record.Wrong(record.Duplicate, "Iemand anders publiceert hier al als deze organisatie.", "Somebody else publishes as this organisation here already.", "fingerprint")}
		}
		err = keepCard(w.Ent(), row, c).SetState(string(Active)).SetOrganizationID(organizationID).SetPeerID(peerID).SetProblem("").SetDetail("").SetDeletesWaiting(0).Exec(ctx)
		if err != nil {
			return fmt.Errorf("admit a publisher: %w", err)
		}
		if State(row.State) != Active || row.Key != c.Key {
			w.Tell(decided(ctx, row.ID, "admitted "+c.Fingerprint()))
		}
		if err := readRelaysAgain(ctx, w.Ent()); err != nil {
			return err
		}
		return touch(ctx, w.Ent())
	})
	f.advance()
	return err
}

// readRelaysAgain makes what peers pass on be read from the begin, as after another epoch: a look that is under way notices. What is
// known of it is skipped by its number.
func readRelaysAgain(ctx context.Context, tx *ent.Client) error {
	if err := tx.Peer.Update().AddRelayEpoch(-1).SetRelaySeq(0).Exec(ctx); err != nil {
		return fmt.Errorf("begin again with what is passed on: %w", err)
	}
	return nil
}

// enqueueThrough makes the peers be looked at now through which a publisher comes.
func (f *Federation) enqueueThrough(ctx context.Context, row *ent.Publisher) error {
	rows, err := f.Catalog.Client.Peer.Query().Where(peer.State(string(Active)), peer.Or(peer.ID(row.PeerID), peer.BaseURL(row.Home))).All(ctx)
	if err != nil {
		return fmt.Errorf("look up a peer: %w", err)
	}
	for _, p := range rows {
		if err := f.enqueue(ctx, p.ID, f.Catalog.Now()); err != nil {
			return err
		}
	}
	return nil
}

func (f *Federation) publisher(ctx context.Context, id string) (*ent.Publisher, error) {
	row, err := f.Catalog.Client.Publisher.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, record.Problems{record.NoSuch("id")}
	} else if err != nil {
		return nil, fmt.Errorf("look up a publisher: %w", err)
	}
	return row, nil
}

// AllowDeletes lets the withdrawals through that wait for an administrator.
func (f *Federation) AllowDeletes(ctx context.Context, id string) error {
	row, err := f.publisher(ctx, id)
	if err != nil {
		return err
	}
	if row.Problem != TooManyDeletes {
		return record.Problems{record.Wrong(record.IllegalTransition, "Er wachten geen intrekkingen.", "No withdrawals are waiting.", "id")}
	}
	err = f.write(ctx, func(tx *ent.Client) error {
		if err := tx.Publisher.UpdateOneID(id).SetProblem("").SetDetail("").SetDeletesAllowed(row.DeletesWaiting).SetAllowedAt(f.Catalog.Now().UnixMilli()).SetDeletesWaiting(0).Exec(ctx); err != nil {
			return fmt.Errorf("let withdrawals through: %w", err)
		}
		return readRelaysAgain(ctx, tx)
	}, decided(ctx, id, "deletes allowed"))
	if err != nil {
		return err
	}
	if err := f.enqueueThrough(ctx, row); err != nil {
		return err
	}
	return f.Refresh(ctx)
}
