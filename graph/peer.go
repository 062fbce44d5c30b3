package graph

import (
	"context"
	"errors"
	"time"

	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// exchange carries out what an administrator decides about the exchange with other nodes.
func (r *Resolver) exchange(ctx context.Context, do func(*federation.Federation) error) error {
	if err := policy.May(identity.From(ctx), policy.ManagePeers, policy.Node); err != nil {
		return err
	}
	if r.Federation == nil {
		return record.Problems{record.Wrong(record.NotAllowed, "Deze catalogus wisselt niets uit: Plein weet nog niet op welk adres anderen haar vinden. Start Plein met --base-url.",
			"This node exchanges nothing: it has no address of its own yet. Start it with --base-url.")}
	}
	err := do(r.Federation)
	for _, x := range federationRefusals {
		if errors.Is(err, x.err) {
			return record.Problems{x.problem}
		}
	}
	return err
}

// federationRefusals are what the federation refuses and an administrator can mend.
var federationRefusals = []struct {
	err     error
	problem record.Problem
}{
	{federation.ErrNoKey, record.Wrong(record.IllegalTransition, "Deze organisatie publiceert hier niet, en heeft dus geen sleutel.", "This organisation does not publish here, so it has no key.", "organization")},
	{federation.ErrElsewhere, record.Wrong(record.NotAllowed, "Deze gegevens zijn een kopie: hier wordt niets ondertekend, tot u zegt dat dit de catalogus is die verder gaat.",
		"These data are a copy: nothing is signed here until you say that this is the node that is alive.")},
}

func (r *Resolver) addPeer(ctx context.Context, in PeerAddInput) (id string, err error) {
	if len(in.Fingerprints.Value()) > maxFirst {
		return "", record.Problems{record.Wrong(record.TooMany, "Geef hooguit 100 vingerafdrukken tegelijk.", "Give at most 100 fingerprints at once.", "fingerprints")}
	}
	err = r.exchange(ctx, func(f *federation.Federation) (err error) {
		id, err = f.Propose(ctx, in.BaseURL, in.Fingerprints.Value())
		return err
	})
	return id, err
}

func (r *Resolver) peerPayload(ctx context.Context, id string, err error) (*PeerPayload, error) {
	ps, err := userErrors(err)
	if err != nil || ps != nil {
		return &PeerPayload{UserErrors: ps}, err
	}
	return &PeerPayload{Peer: r.Federation.Network().Node(id)}, nil
}

func (r *Resolver) publisherPayload(id string, err error) (*FederatedPublisherPayload, error) {
	ps, err := userErrors(err)
	if err != nil || ps != nil {
		return &FederatedPublisherPayload{UserErrors: ps}, err
	}
	return &FederatedPublisherPayload{Publisher: r.Federation.Network().Publisher(id)}, nil
}

// rotateKey gives an organisation its next key.
func (r *Resolver) rotateKey(ctx context.Context, organizationID string) (*PublisherKey, error) {
	err := r.exchange(ctx, func(f *federation.Federation) error {
		if r.Catalog.Reference().Organization(organizationID) == nil {
			return record.Problems{record.NoSuch("organization")}
		}
		if err := f.Rotate(ctx, organizationID); err != nil {
			return err
		}
		return f.Refresh(ctx)
	})
	if err != nil {
		return nil, err
	}
	for _, k := range r.keys() {
		if k.Organization.ID == organizationID {
			return k, nil
		}
	}
	return nil, nil
}

// claimKeys lets the keys sign here.
func (r *Resolver) claimKeys(ctx context.Context, isOnlyOne bool) ([]*PublisherKey, error) {
	err := r.exchange(ctx, func(f *federation.Federation) error {
		if !isOnlyOne {
			return record.Problems{record.Wrong(record.Required, "Zet eerst de andere catalogus uit: twee catalogi met één sleutel maken een logboek dat anderen weigeren.",
				"Stop the other node first: two nodes with one key make a log that others refuse.", "isOnlyOne")}
		}
		if _, err := f.Claim(ctx); err != nil {
			return err
		}
		return f.Refresh(ctx)
	})
	if err != nil {
		return nil, err
	}
	return r.keys(), nil
}

// momentForPeers is a moment, for who decides with whom is exchanged; nil for never.
func momentForPeers(ctx context.Context, at time.Time) *time.Time {
	if !mayManagePeers(ctx) {
		return nil
	}
	return seen(at, time.Millisecond)
}

// troubleForPeers says what is wrong, to who can do something about it.
func troubleForPeers(ctx context.Context, trouble record.Text) *string {
	if !mayManagePeers(ctx) {
		return nil
	}
	return words(ctx, trouble)
}

// technicalForPeers is what the software says of a problem, for who can do something about it.
func technicalForPeers(ctx context.Context, problem, detail string) *string {
	if problem == "" || detail == "" {
		return nil
	}
	return forPeers(ctx, detail)
}
