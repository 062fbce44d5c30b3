package exchange_test

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// lively is the demo with its people, and what gives the context in which one of them is signed in.
type lively struct {
	*catalog.Catalog
	accounts *identity.Accounts
	sessions *identity.Sessions
	move     func(days int)
}

func seedPeople(t *testing.T, c store.Config) lively {
	t.Helper()
	cat, s, move := shown(t, c)
	l := lively{cat, &identity.Accounts{Client: s.Client, Begin: s.Begin, Now: cat.Now, BaseURL: fixture.BaseURL,
		Passwords: identity.NewPasswords(identity.Params{Time: 1, Memory: 8, Threads: 1})},
		&identity.Sessions{Client: s.Client, Begin: s.Begin, Now: cat.Now}, move}
	l.seed(t)
	return l
}

func (l lively) seed(t *testing.T) {
	t.Helper()
	if err := exchange.SeedDemoPeople(t.Context(), l.Catalog, l.accounts); err != nil {
		t.Fatal(err)
	}
}

// as signs in with what the demo says.
func (l lively) as(t *testing.T, who string) context.Context {
	t.Helper()
	secret, err := l.accounts.SignIn(t.Context(), identity.Credentials{Email: who + "@voorbeeld.example", Password: exchange.DemoPassword, From: netip.MustParsePrefix("192.0.2.1/32")})
	if err != nil {
		t.Fatal(who, err)
	}
	v, _, err := l.sessions.Authenticate(t.Context(), secret)
	if err != nil {
		t.Fatal(who, err)
	}
	return identity.With(t.Context(), v)
}

func (l lively) drafts(t *testing.T, ctx context.Context, f catalog.DraftFilter) map[string]record.Record {
	t.Helper()
	p, err := l.Drafts(ctx, f, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]record.Record{}
	for _, r := range p.Records {
		out[r.Base().Title[record.Dutch]] = r
	}
	return out
}

func onEachDatabase(t *testing.T, do func(*testing.T, store.Config)) {
	t.Run("sqlite", func(t *testing.T) { do(t, store.Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { do(t, store.Config{Database: fixture.Database(t)}) })
}

func TestThePeopleOfTheDemoFindWorkOfEveryKind(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, c store.Config) {
		l := seedPeople(t, c)
		author, coordinator := l.as(t, "auteur"), l.as(t, "coordinator")
		home := identity.From(author).OrganizationID
		states := map[record.State]int{}
		for _, r := range l.drafts(t, author, catalog.DraftFilter{}) {
			states[r.Base().State]++
			if r.Base().Provenance != record.Demo {
				t.Errorf("%s does not say that it is invented", r.Base().Slug)
			}
		}
		if states[record.Draft] != 2 || states[record.InReview] != 2 || states[record.ChangesRequested] != 1 {
			t.Errorf("the working copies are %v", states)
		}
		if got := l.drafts(t, author, catalog.DraftFilter{Discarded: true}); len(got) != 1 {
			t.Errorf("%d were thrown away", len(got))
		}
		overdue := true
		for late, want := range map[*bool]int{&overdue: 1, nil: 4} {
			ds, err := l.Duties(coordinator, home, late, 10, "")
			if err != nil || len(ds.Outputs) != want {
				t.Errorf("%d duties, not %d, %v", len(ds.Outputs), want, err)
			}
		}
		if rs, err := l.Reports(author, "", false, 10, ""); err != nil || len(rs.Reports) != 1 || rs.Reports[0].Record == nil {
			t.Errorf("the reports are %+v, %v", rs, err)
		}
		waiting := l.drafts(t, coordinator, catalog.DraftFilter{States: []record.State{record.InReview}})
		reviewed := waiting["Gestolen fietsen bij het station"]
		for _, x := range []struct {
			who   string
			ctx   context.Context
			might bool
		}{{"the author", author, false}, {"the coordinator", coordinator, true}} {
			can, err := l.ViewerCan(x.ctx, []record.Record{reviewed})
			if err != nil || slices.Contains(can[reviewed.Base().ID], catalog.MayReview) != x.might {
				t.Errorf("%s can %v, %v", x.who, can, err)
			}
		}
		if shares, err := l.Shares(author, reviewed.Base().ID); err != nil || len(shares) != 1 {
			t.Errorf("%d links, %v", len(shares), err)
		}
		if missing := catalog.Missing(l.drafts(t, author, catalog.DraftFilter{})["Wie neemt de buurtbus?"]); len(missing) == 0 {
			t.Error("the draft lacks nothing")
		}
	})
}

func TestWhatIsPublicInTheDemoStaysAsItIsWithItsPeople(t *testing.T) {
	l := seedPeople(t, store.Config{Dir: t.TempDir()})
	all := everything(t, identity.AsStranger(t.Context()), l.Catalog)
	for kind, want := range map[record.Type]int{record.ProjectType: 60, record.ProcessTemplateType: 7, record.LessonType: 24} {
		if got := len(all[kind]); got != want {
			t.Errorf("a stranger sees %d of %s, not %d", got, kind, want)
		}
	}
	all = everything(t, l.as(t, "auteur"), l.Catalog)
	if p, x := len(all[record.ProjectType]), len(all[record.LessonType]); p != 61 || x != 25 {
		t.Errorf("a member sees %d projects and %d lessons, not one more of each", p, x)
	}
	l.move(31)
	if err := l.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	freed := everything(t, identity.AsStranger(t.Context()), l.Catalog)[record.ProjectType]
	if !slices.ContainsFunc(freed, func(r record.Record) bool { return r.Base().Slug == "wat-kost-een-kamer-echt" }) {
		t.Error("the embargo to come does not end")
	}
	rows, err := l.Client.FeedEntry.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.PublisherSeq != nil || !strings.Contains(string(row.Payload), `"provenance":"DEMO"`) {
			t.Errorf("the change of %s would be taken for its publisher's own words", row.RecordID)
		}
	}
}

func TestSeedingThePeopleOfTheDemoTwiceChangesNothing(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, c store.Config) {
		l := seedPeople(t, c)
		before, err := l.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		l.move(30)
		if r := seedDemo(t, l.Catalog); r.Unchanged != 91 || r.Created+r.Updated+r.Left+r.Organizations != 0 {
			t.Errorf("the demo, the second time: %+v", r)
		}
		l.seed(t)
		if after, err := l.Log.Head(t.Context()); err != nil || after != before {
			t.Errorf("the second time wrote %d changes, %v", after-before, err)
		}
		us, err := l.accounts.List(t.Context(), "")
		if err != nil || len(us) != 3 || len(exchange.DemoAddresses()) != 3 {
			t.Errorf("%d accounts, %v", len(us), err)
		}
	})
}

func TestSeedingThePeopleOfTheDemoGoesOnWhereItWasCutOff(t *testing.T) {
	l := seedPeople(t, store.Config{Dir: t.TempDir()})
	before := l.drafts(t, l.as(t, "auteur"), catalog.DraftFilter{})
	// The last account is made when all else is there: without it the work is not done.
	last, err := l.accounts.ByEmail(t.Context(), "beheerder@voorbeeld.example")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := l.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Membership.Delete().Where(membership.UserID(last.ID)).Exec(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(tx.User.DeleteOneID(last.ID).Exec(t.Context()), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	l.seed(t)
	after := l.drafts(t, l.as(t, "auteur"), catalog.DraftFilter{})
	for title, r := range after {
		if was := before[title]; was == nil || was.Base().Revision != r.Base().Revision {
			t.Errorf("%s was done twice", title)
		}
	}
	if v := identity.From(l.as(t, "beheerder")); len(after) != len(before) || !v.NodeAdmin || len(v.Memberships) != 1 {
		t.Errorf("%d working copies, not %d; the administrator is %+v", len(after), len(before), v)
	}
}
