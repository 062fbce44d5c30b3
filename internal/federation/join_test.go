package federation_test

import (
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// Whoever was only mentioned by others joins: it gets a key, others take it in, and nobody else can speak for it here.
func TestWhoWasOnlyMentionedGetsAKeyWhenItJoins(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		const tooi = "https://identifier.overheid.nl/tooi/id/gemeente/gm0503"
		mentions := a.Project("Verkamering")
		mentions.PublisherID, mentions.MunicipalityCodes = a.Org.ID, []string{"GM0014"}
		join := func(n *Node, o *record.Organization) {
			t.Helper()
			err := n.Write(fixture.System(t), func(w *catalog.Writer) error {
				return w.CreateOrganizations(t.Context(), []*record.Organization{o})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		spokenOf := &record.Organization{Name: "Gemeente Delft", Kind: record.OtherPublicBody, Custody: record.CustodyReference, TooiIRI: tooi}
		join(a, spokenOf)
		mentions.CommunicationSenderIDs = []string{spokenOf.ID}
		a.Publish(t, mentions)
		b.Take(t, b.Trust(t, a))
		known := b.Reference().OrganizationByTooi(tooi)
		if known == nil || known.Custody != record.CustodyReference {
			t.Fatalf("it is %+v", known)
		}
		o := &record.Organization{Slug: "gemeente-delft-hier", Name: "UDC van Delft", Kind: record.MunicipalUDC, Custody: record.CustodyOwn, TooiIRI: tooi}
		join(b, o)
		b.Sign(t)
		keys, err := b.Keys(t.Context())
		if err != nil || !slices.ContainsFunc(keys, func(k federation.PublisherKey) bool { return k.OrganizationID == known.ID && k.Fingerprint != "" }) {
			t.Errorf("the keys are %v, %v", keys, err)
		}
		p := b.Project("Leegstand")
		p.PublisherID = known.ID
		made := b.Publish(t, p)
		b.Org = b.Reference().Organization(known.ID)
		a.Take(t, a.Trust(t, b))
		if got := a.Copies(t); len(got) != 1 || got[b.Base()+"/id/"+made.Base().ID] != "Leegstand" {
			t.Errorf("the other node has %v", got)
		}
	})
}
