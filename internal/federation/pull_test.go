package federation_test

import (
	"errors"
	"testing"

	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// each runs a test on two nodes, the second on each database that there is.
func each(t *testing.T, do func(t *testing.T, a, b *Node)) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		do(t, NewNode(t, "Alkmaar"), OpenNode(t, "Breda", w))
	})
}

func TestWhatIsPublishedOnOneNodeIsReadOnAnother(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		p := a.Show(t, "Verkamering")
		id := b.Trust(t, a)
		if got := b.Take(t, id); got.Members != 1 || got.Refused != 0 {
			t.Fatalf("%+v", got)
		}
		if got := b.Copies(t); len(got) != 1 || got[a.Base()+"/id/"+p.ID] != "Verkamering" {
			t.Fatal(got)
		}
		a.Revise(t, p.ID, "Verkamering in kaart")
		b.Take(t, id)
		if got := b.Copies(t)[a.Base()+"/id/"+p.ID]; got != "Verkamering in kaart" {
			t.Fatal(got)
		}
		a.Withdraw(t, p.ID)
		b.Take(t, id)
		if got := b.Copies(t); len(got) != 0 {
			t.Fatal(got)
		}
		left, err := b.Store.Client.Member.Query().All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range left {
			if m.Type != "Delete" && len(m.Raw) > 0 {
				t.Errorf("number %d still says something", m.Seq)
			}
		}
		if row := b.About(t, a); row.Seq != 3 || row.Problem != "" || row.SeenAt == 0 {
			t.Errorf("%+v", row)
		}
	})
}

func TestAHubPassesOnWhatItTookIn(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	p := a.Show(t, "Verkamering")
	b.Take(t, b.Trust(t, a))
	b.Show(t, "Leegstand")

	hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t), b.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Take(t, hub); got.Members != 2 {
		t.Fatalf("%+v", got)
	}
	if got := c.Copies(t); len(got) != 2 || got[a.Base()+"/id/"+p.ID] != "Verkamering" {
		t.Fatal(got)
	}
	// It comes directly too: nothing twice.
	direct, err := c.Propose(t.Context(), a.Base(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetPeerState(t.Context(), direct, federation.Active); err != nil {
		t.Fatal(err)
	}
	a.Show(t, "Armoede")
	if got := c.Take(t, direct); got.Members != 1 {
		t.Fatalf("%+v", got)
	}
	if got := c.Take(t, hub); got.Members != 0 {
		t.Fatalf("%+v", got)
	}
	a.Withdraw(t, p.ID)
	b.Take(t, federation.NodeID(a.Base()))
	c.Take(t, hub)
	if got := c.Copies(t); len(got) != 2 || got[a.Base()+"/id/"+p.ID] != "" {
		t.Fatal(got)
	}
	if n, err := c.Store.Client.Member.Query().Count(t.Context()); err != nil || n != 4 {
		t.Fatal(n, err)
	}
}

func TestNothingIsTakenInBecauseItWasSeen(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.Show(t, "Verkamering")
	id, err := b.Propose(t.Context(), a.Base()+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Pull(t.Context(), id, nil); !errors.Is(err, federation.ErrNotActive) {
		t.Fatal(err)
	}
	// The node alone is trusted with nothing.
	if err := b.SetPeerState(t.Context(), id, federation.Active); err != nil {
		t.Fatal(err)
	}
	if got := b.Take(t, id); got.Members != 0 {
		t.Fatalf("%+v", got)
	}
	of := b.About(t, a).ID
	var ps record.Problems
	for _, wrong := range []string{"", "0000 0000", "ffff ffff ffff ffff ffff ffff ffff ffff"} {
		if err := b.SetPublisherState(t.Context(), of, federation.Active, wrong); !errors.As(err, &ps) || ps[0].Field[0] != "fingerprint" {
			t.Fatalf("%q: %v", wrong, err)
		}
	}
	if err := b.SetPublisherState(t.Context(), of, federation.Active, " "+a.Fingerprint(t)+" "); err != nil {
		t.Fatal(err)
	}
	if got := b.Take(t, id); got.Members != 1 {
		t.Fatalf("%+v", got)
	}
	if n, err := b.Store.Client.Publication.Query().Where(publication.PublisherID(b.About(t, a).OrganizationID)).Count(t.Context()); err != nil || n != 1 {
		t.Fatal(n, err)
	}
}
