package federation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/record"
)

// description is what a node says at [WellKnown]: who it is, and where to ask what.
type description struct {
	presentation
	Relay    string `json:"relay"`
	DCAT     string `json:"dcat"`
	GraphQL  string `json:"graphql"`
	Doorbell string `json:"doorbell"`
}

// presentation is what a node says of itself and of those who publish on it: the part that other nodes read.
type presentation struct {
	Type     string `json:"type"`
	Base     string `json:"base"`
	Name     string `json:"name"`
	Software string `json:"software"`
	Epoch    string `json:"epoch"`
	// Publishers are the cards of those who publish here, PassesOn those of others, as they came.
	Publishers []json.RawMessage `json:"publishers"`
	PassesOn   []json.RawMessage `json:"passesOn"`
	// Seen is when the logs of others were read to their end last, by their addresses.
	Seen map[string]string `json:"seen"`
}

// Describe is what this node says of itself at [WellKnown]. A publisher of which the key does not sign here is left out.
func (f *Federation) Describe(ctx context.Context) ([]byte, error) {
	epoch, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	base := f.Base()
	d := description{presentation: presentation{Type: nodeType, Base: base, Name: Self(f.Catalog.Reference(), base, "").Name, Software: f.Software,
		Epoch: strconv.FormatInt(epoch, 10), Publishers: []json.RawMessage{}, PassesOn: []json.RawMessage{}, Seen: map[string]string{}}, Relay: base + relayPath, DCAT: base + "/ldes/dcat", GraphQL: base + "/graphql", Doorbell: base + DoorbellPath}
	keys, err := keysOf(ctx, f.Catalog.Client)
	if err != nil {
		return nil, err
	}
	for _, o := range f.Catalog.Reference().AllOrganizations() {
		k := keys[o.ID]
		if k == nil {
			continue
		}
		card, err := f.card(o, k)
		if errors.Is(err, ErrElsewhere) || errors.Is(err, ErrOtherSecret) || errors.Is(err, ErrNoSecret) {
			continue
		} else if err != nil {
			return nil, fmt.Errorf("describe %s: %w", o.ID, err)
		}
		d.Publishers = append(d.Publishers, card)
	}
	others, err := f.Catalog.Client.Publisher.Query().Where(publisher.State(string(Active)), publisher.OrganizationIDNEQ("")).Order(publisher.ByIri()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the publishers of others: %w", err)
	}
	for _, p := range others {
		d.PassesOn = append(d.PassesOn, p.Card)
		if p.SeenAt > 0 {
			d.Seen[p.Feed] = time.UnixMilli(p.SeenAt).UTC().Format(time.RFC3339)
		}
	}
	return json.Marshal(d)
}

// card is what a publisher of this node says of itself. It is signed for the day, so that all processes say the same.
func (f *Federation) card(o *record.Organization, k *keyring) (json.RawMessage, error) {
	private, err := f.open(k.current)
	if err != nil {
		return nil, err
	}
	next, err := k.promise()
	if err != nil {
		return nil, err
	}
	did := didOf(f.Base(), o.ID)
	raw, err := json.Marshal(Card{ID: f.organizationIRI(o.ID), Type: cardType, Name: o.Name, Kind: o.Kind, TooiIRI: o.TooiIRI, Municipalities: o.MunicipalityCodes,
		Home: f.Base(), DID: did, Feed: feedOf(f.Base(), o.ID), Key: k.current.ID, Next: next, Statements: k.statements()})
	if err != nil {
		return nil, fmt.Errorf("write the card: %w", err)
	}
	return Sign(raw, private, did+"#"+k.current.ID, f.Catalog.Now().UTC().Truncate(24*time.Hour))
}

// didDocument is a decentralised identifier with what belongs to it (W3C DID Core).
type didDocument struct {
	Context            []string     `json:"@context"`
	ID                 string       `json:"id"`
	AlsoKnownAs        []string     `json:"alsoKnownAs,omitempty"`
	VerificationMethod []didKey     `json:"verificationMethod,omitempty"`
	AssertionMethod    []string     `json:"assertionMethod,omitempty"`
	Service            []didService `json:"service,omitempty"`
}

// didKey is a public key as a Multikey (W3C Controlled Identifiers).
type didKey struct {
	ID                 string `json:"id"`
	Type               string `json:"type"`
	Controller         string `json:"controller"`
	PublicKeyMultibase string `json:"publicKeyMultibase"`
}

type didService struct {
	ID              string `json:"id"`
	Type            string `json:"type"`
	ServiceEndpoint string `json:"serviceEndpoint"`
}

const (
	didContext      = "https://www.w3.org/ns/did/v1"
	multikeyContext = "https://w3id.org/security/multikey/v1"
)

// PublisherDID is the DID document of a publisher of this node: the keys with which the members of its present log were
// signed, the oldest first.
func (f *Federation) PublisherDID(ctx context.Context, organizationID string) ([]byte, error) {
	keys, err := keysOf(ctx, f.Catalog.Client, organizationID)
	if err != nil {
		return nil, err
	}
	k := keys[organizationID]
	if k == nil {
		return nil, ErrNoLog
	}
	epoch, err := f.Catalog.Log.Epoch(ctx)
	if err != nil {
		return nil, err
	}
	did := didOf(f.Base(), organizationID)
	d := didDocument{Context: []string{didContext, multikeyContext}, ID: did, AlsoKnownAs: []string{f.organizationIRI(organizationID)},
		Service: []didService{{ID: did + "#feed", Type: "EventStream", ServiceEndpoint: feedOf(f.Base(), organizationID)}}}
	for _, row := range k.signing(epoch) {
		id := did + "#" + row.ID
		d.VerificationMethod = append(d.VerificationMethod, didKey{ID: id, Type: "Multikey", Controller: did, PublicKeyMultibase: row.ID})
		d.AssertionMethod = append(d.AssertionMethod, id)
	}
	return json.Marshal(d)
}

// NodeDID is the DID document of the node itself. It has no key: publishers have.
func (f *Federation) NodeDID() ([]byte, error) {
	did := nodeDID(f.Base())
	return json.Marshal(didDocument{Context: []string{didContext}, ID: did, AlsoKnownAs: []string{strings.TrimSuffix(f.Base(), "/") + "/"},
		Service: []didService{{ID: did + "#node", Type: "PleinNode", ServiceEndpoint: f.Base() + WellKnown}}})
}
