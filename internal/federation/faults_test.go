package federation_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/federation"
)

func TestFiveNodesFindWhatOneOfThemPublishes(t *testing.T) {
	f := newFive(t, 1)
	p := f.A.Show(t, "Leegstand boven winkels")
	f.quiet(t)
	f.agree(t, nil)
	for _, n := range f.all() {
		if got := f.found(t, n, "leegstand"); !slices.Equal(got, []string{"Leegstand boven winkels"}) {
			t.Errorf("%s finds %q", n.Org.Name, got)
		}
	}
	f.A.Withdraw(t, p.ID)
	f.quiet(t)
	f.agree(t, nil)
	for _, n := range f.all() {
		if got := f.found(t, n, "leegstand"); len(got) != 0 {
			t.Errorf("%s finds %q", n.Org.Name, got)
		}
	}
}

func TestAPullThatIsKilledGoesOnWhereItWas(t *testing.T) {
	a, b := NewNode(t, "Almere"), NewNode(t, "Breda")
	a.ShowMany(t, 600)
	peer := b.Trust(t, a)
	line := newLine(a, 1)
	ctx, kill := context.WithCancel(t.Context())
	_, err := b.Pull(ctx, peer, func(p federation.Pulled) {
		if p.Members == 250 {
			kill()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if row := b.About(t, a); row.Seq != 250 {
		t.Fatal(row.Seq)
	}
	// Both begin anew: the one that reads and the one that is read.
	b.Reopen(t, b.Replica(t))
	a.Reopen(t, a.Replica(t))
	line.count()
	if got := b.Take(t, peer); got.Members != 350 {
		t.Errorf("%+v", got)
	}
	if got := b.Copies(t); len(got) != 600 {
		t.Error(len(got))
	}
	if served, _, _ := line.count(); served != 5 { // who it is, three pages, how long the log is
		t.Errorf("%d requests", served)
	}
	if got := b.Take(t, peer); got.Members != 0 {
		t.Errorf("%+v", got)
	}
	if served, _, _ := line.count(); served != 2 {
		t.Errorf("a peer that has nothing new costs %d requests", served)
	}
}

func TestARestoredPublisherIsReadAnew(t *testing.T) {
	f := newFive(t, 2)
	kept := f.A.Show(t, "Voor de reservekopie")
	gone := f.A.Show(t, "Ingetrokken voor de reservekopie")
	f.A.Withdraw(t, gone.ID)
	backup := f.A.backUp(t)
	f.A.Revise(t, kept.ID, "Na de reservekopie")
	lost := f.A.Show(t, "Verloren")
	f.quiet(t)
	f.agree(t, nil)

	f.move(t, time.Hour)
	f.A.restore(t, backup)
	again := f.A.Show(t, "Na het terugzetten")
	f.quiet(t)
	f.agree(t, map[string]bool{f.A.Base() + "/id/" + lost.ID: true})
	for _, n := range []*Node{f.B, f.C, f.D, f.E} {
		if row := n.About(t, f.A); row.Problem != "" {
			t.Errorf("%s: %s %s", n.Org.Name, row.Problem, row.Detail)
		}
		got := n.Copies(t)
		if got[f.A.Base()+"/id/"+kept.ID] != "Voor de reservekopie" || got[f.A.Base()+"/id/"+again.ID] == "" || got[f.A.Base()+"/id/"+gone.ID] != "" {
			t.Errorf("%s has %v", n.Org.Name, got)
		}
		if got[f.A.Base()+"/id/"+lost.ID] != "Verloren" {
			t.Errorf("%s took absence for a withdrawal: %v", n.Org.Name, got)
		}
	}
}

func TestAPublisherThatLostAKeyWithItsDatabaseIsComparedAgain(t *testing.T) {
	f := newFive(t, 7)
	backup := f.A.backUp(t)
	if err := f.A.Rotate(t.Context(), f.A.Org.ID); err != nil {
		t.Fatal(err)
	}
	f.A.Show(t, "Onder de nieuwe sleutel")
	f.quiet(t)
	f.agree(t, nil)
	lost := map[string]bool{}
	for uri := range f.A.public(t) {
		lost[uri] = strings.HasPrefix(uri, f.A.Base())
	}

	f.move(t, time.Hour)
	f.A.restore(t, backup)
	p := f.A.Show(t, "Onder de oude sleutel")
	for _, n := range f.all() {
		for _, from := range f.sources(n) {
			f.pull(t, n, from) //nolint:errcheck // what it says is checked next
		}
		if got := n.Copies(t)[f.A.Base()+"/id/"+p.ID]; got != "" {
			t.Errorf("%s believes a key that was retired", n.Org.Name)
		}
	}
	if row := f.B.About(t, f.A); row.Problem != federation.BadProof {
		t.Errorf("%q %s", row.Problem, row.Detail)
	}
	// Another rotation shows everybody that it is not the one that was promised.
	if err := f.A.Rotate(t.Context(), f.A.Org.ID); err != nil {
		t.Fatal(err)
	}
	for _, n := range []*Node{f.B, f.C, f.E, f.D} {
		for _, from := range f.sources(n) {
			f.pull(t, n, from) //nolint:errcheck // as above
		}
		row := n.About(t, f.A)
		if row.Problem != federation.KeyChanged {
			t.Errorf("%s: %q %s", n.Org.Name, row.Problem, row.Detail)
		}
		if err := n.SetPublisherState(t.Context(), row.ID, federation.Active, f.A.Fingerprint(t)); err != nil {
			t.Errorf("%s: %v", n.Org.Name, err)
		}
	}
	f.quiet(t)
	delete(lost, f.A.Base()+"/id/"+p.ID)
	f.agree(t, lost)
	for _, n := range []*Node{f.B, f.C, f.D, f.E} {
		if got := n.Copies(t)[f.A.Base()+"/id/"+p.ID]; got == "" {
			t.Errorf("%s does not have what was published since", n.Org.Name)
		}
	}
}

func TestOfAForkNothingIsTakenIn(t *testing.T) {
	f := newFive(t, 3)
	backup := f.A.backUp(t)
	f.A.Show(t, "Van de echte")
	f.quiet(t)
	f.agree(t, nil)
	alive := f.A.World

	// A copy does not sign, until somebody forces it to in the same epoch.
	f.A.become(t, backup, func(context.Context, *ent.Tx, string) error { return nil })
	forged := f.A.World
	p := f.A.Project("Van de kopie")
	p.PublisherID = f.A.Org.ID
	forged.Publish(t, p)
	if err := f.A.SignAll(t.Context()); !errors.Is(err, federation.ErrElsewhere) {
		t.Fatalf("a copy signs: %v", err)
	}
	f.A.force(t)
	f.A.Sign(t)
	for _, n := range []*Node{f.B, f.C, f.E} {
		if _, err := f.pull(t, n, f.A); err != nil {
			t.Fatal(err)
		}
		if row := n.About(t, f.A); row.Problem != federation.Forked {
			t.Errorf("%s: %q %s", n.Org.Name, row.Problem, row.Detail)
		}
		if got := n.Copies(t)[f.A.Base()+"/id/"+p.ID]; got != "" {
			t.Errorf("%s took %q in", n.Org.Name, got)
		}
		if aside, err := n.Quarantined(t.Context(), 0, 10); err != nil || len(aside) != 1 || aside[0].Reason != federation.Forked {
			t.Errorf("%s put aside %+v: %v", n.Org.Name, aside, err)
		}
	}
	// Back with the one that is alive it stays stopped, until that begins a new epoch.
	f.A.Reopen(t, alive.Replica(t))
	f.A.Show(t, "Nog een van de echte")
	f.pull(t, f.B, f.A) //nolint:errcheck // what it says is checked next
	if row := f.B.About(t, f.A); row.Problem != federation.Forked {
		t.Errorf("%q %s", row.Problem, row.Detail)
	}
	f.move(t, time.Hour)
	f.A.restore(t, f.A.backUp(t))
	f.quiet(t)
	f.agree(t, nil)
}

// force lets the keys of a copy sign in the epoch of the original, as somebody would who wrote to the database by hand.
func (n *Node) force(t testing.TB) {
	t.Helper()
	place, err := n.Store.Place(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tx, err := n.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(federation.SetPlace(t.Context(), tx.Client(), place), tx.Commit()); err != nil {
		t.Fatal(err)
	}
}

func TestClocksThatAreADayOffDoNotMatter(t *testing.T) {
	f := newFive(t, 4)
	f.A.Clock.Move(24 * time.Hour)
	f.E.Clock.Move(-24 * time.Hour)
	f.C.Clock.Move(-24 * time.Hour)
	p := f.A.Show(t, "Uit de toekomst")
	q := f.E.Show(t, "Uit het verleden")
	f.quiet(t)
	f.agree(t, nil)
	f.A.Revise(t, p.ID, "Uit de toekomst, herzien")
	f.E.Withdraw(t, q.ID)
	f.quiet(t)
	f.agree(t, nil)
	for _, n := range f.all() {
		rows, err := n.Store.Client.Publication.Query().Where(publication.URI(f.A.Base() + "/id/" + p.ID)).All(t.Context())
		if err != nil || len(rows) != 1 {
			t.Fatal(len(rows), err)
		}
		if now := n.Clock.Now().UnixMilli(); rows[0].PublishedAt > now || rows[0].UpdatedAt > now {
			t.Errorf("%s shows it as of the future", n.Org.Name)
		}
	}
}

func TestANodeThatIsAwayForAMonthIsSearchedAllTheSame(t *testing.T) {
	f := newFive(t, 5)
	p := f.A.Show(t, "Laadpalen bij flats")
	f.quiet(t)
	f.line[f.A].cut(true)
	for range 3 {
		f.move(t, 10*24*time.Hour)
		for _, n := range []*Node{f.B, f.C, f.E} {
			if _, err := f.pull(t, n, f.A); err == nil {
				t.Fatal("nobody answered, and that was fine")
			}
			if _, err := f.pull(t, n, f.E); err != nil && n != f.E {
				t.Fatal(err)
			}
		}
		f.A.Show(t, "Wat Almere intussen doet")
		f.E.Show(t, "Wat Ede intussen doet")
	}
	f.move(t, 24*time.Hour)
	f.pull(t, f.D, f.C) //nolint:errcheck // what it says is checked next
	for _, n := range []*Node{f.B, f.C, f.D, f.E} {
		if got := f.found(t, n, "laadpalen"); !slices.Equal(got, []string{"Laadpalen bij flats"}) {
			t.Errorf("%s finds %q", n.Org.Name, got)
		}
		if err := n.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		pub := n.Network().PublisherOf(n.About(t, f.A).OrganizationID)
		if pub == nil || !pub.Node.IsStale() {
			t.Errorf("%s does not say that Almere was not seen: %+v", n.Org.Name, pub)
		}
	}
	f.line[f.A].cut(false)
	f.A.Withdraw(t, p.ID)
	for _, n := range []*Node{f.B, f.C, f.E} {
		got, err := f.pull(t, n, f.A)
		if err != nil || got.Again || got.Members != 4 {
			t.Errorf("%s: %+v %v", n.Org.Name, got, err)
		}
		if got := f.found(t, n, "laadpalen"); len(got) != 0 {
			t.Errorf("%s finds %q", n.Org.Name, got)
		}
	}
	f.quiet(t)
	f.agree(t, nil)
}
