package catalog_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// at is what a stranger, or somebody else, finds at an address, and the statements that it took.
func at(t *testing.T, w *fixture.World, ctx context.Context, path string) (*catalog.Address, int) {
	t.Helper()
	w.Statements.Reset()
	a, err := w.At(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	followers := func(q string) bool { return !strings.Contains(q, "addresses") } // those that catch up with the writes before
	return a, len(slices.DeleteFunc(w.Statements.All(), followers))
}

// leads tells to which record an address leads a stranger, and where that is now.
func leads(t *testing.T, w *fixture.World, path string) string {
	t.Helper()
	a, _ := at(t, w, identity.AsStranger(t.Context()), path)
	switch {
	case a == nil:
		return "nothing"
	case a.Tombstone != nil:
		return a.Path + " withdrawn: " + a.Tombstone.Title + ", " + a.Tombstone.Reason
	}
	return a.Path + " " + a.Record.Base().ID
}

func titled(t *testing.T, w *fixture.World, id, title string) {
	t.Helper()
	edit(t, w, id, func(p *record.Project) { p.Title = record.NL(title) })
	publish(t, w, id)
}

func TestEveryPublicRecordHasAnAddressOfItsOwn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		delft := w.Project("Kamers")
		delft.PublisherID = w.Delft.ID
		for _, x := range []struct {
			record record.Record
			path   string
		}{
			{w.Project("Kamers 2"), "/projecten/udc-leiden/kamers-2"},
			{w.Project("Kamers"), "/projecten/udc-leiden/kamers"},
			{w.Project("kámers!"), "/projecten/udc-leiden/kamers-3"},
			{w.Project("Kamers 2"), "/projecten/udc-leiden/kamers-2-2"},
			{w.Project("???"), "/projecten/udc-leiden/zonder-titel"},
			{w.Project("???"), "/projecten/udc-leiden/zonder-titel-2"},
			{w.Lesson("Kamers"), "/lessen/udc-leiden/kamers"},
			{w.Template("Kamers", "1.0.0", "vraag"), "/sjablonen/udc-leiden/kamers"},
			{delft, "/projecten/udc-delft/kamers"},
		} {
			made := w.Publish(t, x.record).Base()
			if got := leads(t, w, x.path); got != x.path+" "+made.ID {
				t.Errorf("%s leads to %s, want %s", x.path, got, made.ID)
			}
			slug := x.path[strings.LastIndex(x.path, "/")+1:]
			if public := see(t, w, made.ID).Base().Slug; made.Slug != slug || public != slug {
				t.Errorf("a record at %s says %s, its working copy %s", slug, public, made.Slug)
			}
		}
		if n := w.Store.Client.Address.Query().CountX(t.Context()); n != 9 {
			t.Errorf("%d addresses for 9 records with pages", n)
		}
	})
}

func TestAnAddressFollowsTheTitleAndTheOldOneLeadsThere(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Eerst")).Base().ID
		edit(t, w, id, func(p *record.Project) { p.Title = record.NL("Daarna") })
		if got := leads(t, w, "/projecten/udc-leiden/eerst"); got != "/projecten/udc-leiden/eerst "+id {
			t.Errorf("before the publish: %s", got)
		}
		if got := leads(t, w, "/projecten/udc-leiden/daarna"); got != "nothing" {
			t.Errorf("before the publish: %s", got)
		}
		publish(t, w, id)
		for _, path := range []string{"/projecten/udc-leiden/eerst", "/projecten/udc-leiden/daarna", "projecten/udc-leiden/eerst/"} {
			if got := leads(t, w, path); got != "/projecten/udc-leiden/daarna "+id {
				t.Errorf("%s leads to %s", path, got)
			}
		}
		if other := w.Publish(t, w.Project("Eerst")).Base(); other.Slug != "eerst-2" {
			t.Errorf("an address was given twice: %s", other.Slug)
		}
		titled(t, w, id, "Eerst")
		if got := leads(t, w, "/projecten/udc-leiden/daarna"); got != "/projecten/udc-leiden/eerst "+id {
			t.Errorf("back at its first title it is at %s", got)
		}
		withdraw(t, w, id, "Vervallen")
		for _, slug := range []string{"eerst", "daarna"} {
			path := "/projecten/udc-leiden/" + slug
			if got := leads(t, w, path); got != path+" withdrawn: Eerst, Vervallen" {
				t.Errorf("%s leads to %s", path, got)
			}
			if other := w.Publish(t, w.Project(slug)).Base(); other.Slug == slug {
				t.Error("the address of what was withdrawn was given again")
			}
		}
	})
}

func TestAnAddressTellsNobodyOfWhatTheyMayNotSee(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		create(t, w, w.Project("Kamers")) // a draft
		scheduled := w.Project("Kamers")
		scheduled.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		later := w.Publish(t, scheduled).Base().ID
		among := w.Project("Kamers")
		among.Audience = record.Community
		members := w.Publish(t, among).Base()
		if n := w.Store.Client.Address.Query().CountX(t.Context()); n != 1 {
			t.Fatalf("%d addresses, want that of what the community sees", n)
		}
		gone := w.Publish(t, among).Base()
		withdraw(t, w, gone.ID, "Vervallen")

		stranger := identity.AsStranger(t.Context())
		for what, slug := range map[string]string{"unknown": "nergens", "a draft, or scheduled": "kamers", "the community's": members.Slug, "the community's, withdrawn": gone.Slug} {
			if a, statements := at(t, w, stranger, "/projecten/udc-leiden/"+slug); a != nil || statements != 2 {
				t.Errorf("%s: %+v in %d statements", what, a, statements)
			}
		}
		if a, _ := at(t, w, fixture.As(t, w.Delft), "/projecten/udc-leiden/"+members.Slug); a == nil || a.Record == nil {
			t.Error("a member does not find it")
		}
		public := w.Publish(t, w.Project("Kamers")).Base()
		if public.Slug != "kamers" {
			t.Errorf("what is hidden shows in %s", public.Slug)
		}
		w.Clock.Move(time.Hour)
		if err := w.Due(stranger); err != nil {
			t.Fatal(err)
		}
		if got := leads(t, w, "/projecten/udc-leiden/kamers-2"); got != "/projecten/udc-leiden/kamers-2 "+later {
			t.Errorf("at its moment: %s", got)
		}
		if got := working(t, w, later).Base().Slug; got != "kamers-2" {
			t.Errorf("its working copy says %s", got)
		}
		edit(t, w, members.ID, func(p *record.Project) { p.Audience = record.Public })
		publish(t, w, members.ID)
		for _, slug := range []string{"kamers-3", members.Slug} {
			if got := leads(t, w, "/projecten/udc-leiden/"+slug); got != "/projecten/udc-leiden/kamers-3 "+members.ID {
				t.Errorf("when everybody may see it %s leads to %s", slug, got)
			}
		}
	})
}

func TestWhatIsNoAddressLeadsNowhere(t *testing.T) {
	w := fixture.SQLite(t)
	id := w.Publish(t, w.Project("Kamers")).Base().ID
	for _, path := range []string{"", "/", "/projecten", "/projecten/udc-leiden", "/projecten/udc-leiden/kamers/x", "/lessen/udc-leiden/kamers", "//udc-leiden/kamers",
		"/projecten/nergens/kamers", "/projecten/udc-leiden/", "/en/projecten/udc-leiden/kamers", "/projecten/udc-leiden/KAMERS", "/projecten/udc-leiden/kamers\x00", "/id/" + id} {
		if got := leads(t, w, path); got != "nothing" {
			t.Errorf("%q leads to %s", path, got)
		}
	}
}

func TestCopiesWithOneTitleHaveAddressesOfTheirOwn(t *testing.T) {
	w, peer := fixture.SQLite(t), elsewhere(t, "https://elders.test")
	publisher := admit(t, w, peer, peer.Leiden)
	slugs := map[string]string{}
	for range 3 {
		in := entry(t, peer, peer.Publish(t, peer.Project("Monitor")).Base().ID, publisher)
		first := take(t, w, in).Base()
		in.Version, in.Epoch = 2, in.Epoch+1
		again := take(t, w, in)
		if again.Base().Version != 2 || again.Base().Slug != first.Slug {
			t.Errorf("at %s is what was at %s", again.Base().Slug, first.Slug)
		}
		if a, _ := at(t, w, t.Context(), record.PagePath(again)); a == nil || a.Record.Base().ID != first.ID {
			t.Errorf("at %s is %+v", first.Slug, a)
		}
		slugs[first.Slug] = first.ID
	}
	if len(slugs) != 3 || slugs["monitor"] == "" || slugs["monitor-2"] != "" {
		t.Errorf("they are at %v", slugs)
	}
}
