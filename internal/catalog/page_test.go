package catalog_test

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// listed is a catalogue of random records with many equal sort keys, the same on every database.
type listed struct {
	*fixture.World
	made []record.Record
	at   map[string]int // place in made, by id
}

func list(t *testing.T, w *fixture.World) *listed {
	t.Helper()
	l := &listed{World: w, at: map[string]int{}}
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for i := range 70 {
		w.Clock.Move(time.Duration(random.IntN(2)) * time.Minute)
		title := pick("Één", "Een", "een", "Zorg", "Ærø", "Ĳburg", "ijburg", "10 wijken", "2 wijken", "élan", "Elan")
		if i%5 == 0 {
			l.add(t, w.Lesson(title))
			continue
		}
		p := w.Project(title)
		p.StartedOn = record.Date(pick("", "", "2017", "2017-12", "2017-12-01", "2024"))
		p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, pick("wonen", "onderwijs"))}
		p.MunicipalityCodes = []string{pick("GM0546", "GM0503", "GM0014")}
		p.GoodFirstProject = random.IntN(2) == 0
		if random.IntN(8) == 0 {
			p.Audience = record.Community
		}
		l.add(t, p)
	}
	return l
}

func (l *listed) add(t *testing.T, r record.Record) {
	made := l.Publish(t, r)
	l.at[made.Base().ID] = len(l.made)
	l.made = append(l.made, made)
}

// walk gives the places of a whole list, page by page.
func (l *listed) walk(t *testing.T, f catalog.Filter, o catalog.Order, first int) []int {
	t.Helper()
	ctx := identity.AsStranger(t.Context())
	out := []int{}
	for after := ""; ; {
		p, err := l.Page(ctx, f, o, first, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Records) > first || len(p.Cursors) != len(p.Records) || p.More && len(p.Records) < first {
			t.Fatalf("a page of %d has %d records, %d cursors and more is %v", first, len(p.Records), len(p.Cursors), p.More)
		}
		for _, r := range p.Records {
			out = append(out, l.at[r.Base().ID])
		}
		if n, err := p.Total(ctx); err != nil || !p.More && n != len(out) {
			t.Fatalf("the total is %d, the list has %d: %v", n, len(out), err)
		}
		if !p.More {
			return out
		}
		after = p.Cursors[len(p.Cursors)-1]
	}
}

// want is the list by its definition: what matches, by sort key and then by id.
func (l *listed) want(f catalog.Filter, o catalog.Order) []int {
	matches := func(r record.Record, m catalog.Match) bool {
		return slices.ContainsFunc(record.TermsOf(r), func(x record.Term) bool { return x.Field == m.Field && slices.Contains(m.Values, x.Value) })
	}
	out := []int{}
	for i, r := range l.made {
		ok := r.Base().Audience == record.Public && (len(f.Types) == 0 || slices.Contains(f.Types, record.KindOf(r.Base().ID).Type))
		for _, m := range f.All {
			ok = ok && matches(r, m)
		}
		for _, m := range f.None {
			ok = ok && !matches(r, m)
		}
		for _, w := range f.Words {
			ok = ok && strings.Contains(r.Words().Plain(), w)
		}
		if ok {
			out = append(out, i)
		}
	}
	key := func(i int) string {
		switch r := l.made[i]; o.By {
		case catalog.ByTitle:
			return record.Fold(r.Base().Title.In())
		case catalog.ByStarted:
			if p, ok := r.(*record.Project); ok {
				return string(p.StartedOn)
			}
			return ""
		default:
			return r.Base().UpdatedAt.Format(time.RFC3339)
		}
	}
	slices.SortFunc(out, func(a, b int) int {
		n := cmp.Or(cmp.Compare(key(a), key(b)), cmp.Compare(l.made[a].Base().ID, l.made[b].Base().ID))
		if !o.Ascending {
			n = -n
		}
		return n
	})
	return out
}

func lists() (filters map[string]catalog.Filter, orders []catalog.Order) {
	projects := []record.Type{record.ProjectType}
	wonen := record.ConceptIRI(record.PolicyDomain, "wonen")
	is := func(f record.Field, values ...string) catalog.Match { return catalog.Match{Field: f, Values: values} }
	filters = map[string]catalog.Filter{
		"everything":                      {},
		"projects":                        {Types: projects},
		"projects and lessons":            {Types: []record.Type{record.ProjectType, record.LessonType}},
		"one value":                       {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain, wonen)}},
		"one value of any kind":           {All: []catalog.Match{is(record.FieldLanguage, "nl")}},
		"one of two values":               {Types: projects, All: []catalog.Match{is(record.FieldMunicipality, "GM0546", "GM0014")}},
		"two fields":                      {Types: projects, All: []catalog.Match{is(record.FieldMunicipality, "GM0546", "GM0014"), is(record.FieldGoodFirstProject, record.True)}},
		"not a value":                     {Types: projects, None: []catalog.Match{is(record.FieldYear, "2017")}},
		"one value and not another":       {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain, wonen)}, None: []catalog.Match{is(record.FieldMunicipality, "GM0503")}},
		"a word":                          {Words: []string{"wijken"}},
		"a word and a value":              {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain, wonen)}, Words: []string{"een"}},
		"a value that nothing has":        {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain, "urn:x")}},
		"no values at all":                {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain)}},
		"a word that would be a wildcard": {Words: []string{"%"}},
		"a value no database can hold":    {Types: projects, All: []catalog.Match{is(record.FieldPolicyDomain, "a\x00\xff")}},
	}
	for _, by := range []catalog.OrderBy{"", catalog.ByUpdated, catalog.ByTitle, catalog.ByStarted, catalog.ByPublished} {
		orders = append(orders, catalog.Order{By: by}, catalog.Order{By: by, Ascending: true})
	}
	return filters, orders
}

func TestPagesWalkTheWholeListWithoutGapsOrDuplicates(t *testing.T) {
	found := map[string]map[string][]int{} // by database and list
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		l := list(t, w)
		mine := map[string][]int{}
		filters, orders := lists()
		for name, f := range filters {
			for _, o := range orders {
				want := l.want(f, o)
				for _, first := range []int{1, 7, 100} {
					if first == 1 && len(want) > 20 {
						continue
					}
					if got := l.walk(t, f, o, first); !slices.Equal(got, want) {
						t.Errorf("%s by %q ascending %v, %d at a time:\ngot  %v\nwant %v", name, o.By, o.Ascending, first, got, want)
					}
				}
				mine[fmt.Sprint(name, o)] = want
			}
		}
		found[w.Store.Dialect] = mine
	})
	if os.Getenv("PLEIN_TEST_POSTGRES") == "" {
		return
	}
	for name, order := range found["sqlite3"] {
		if !slices.Equal(order, found["postgres"][name]) {
			t.Errorf("%s differs between the databases:\n%v\n%v", name, order, found["postgres"][name])
		}
	}
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := identity.AsStranger(t.Context())
		for i := range 3 {
			w.Publish(t, w.Project(fmt.Sprint("Project ", i)))
		}
		p, err := w.Page(ctx, catalog.Filter{}, catalog.Order{By: catalog.ByTitle}, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, after := range []string{p.Cursors[0], "x", "====", "bnVsbA", "W10", "WyIiLDEsMl0", strings.Repeat("A", 5000)} {
			if _, err := w.Page(ctx, catalog.Filter{}, catalog.Order{By: catalog.ByUpdated}, 1, after); problem(err) != record.Invalid {
				t.Errorf("%.20s: %v", after, err)
			}
			if _, _, err := w.Feed(ctx, catalog.FeedFilter{}, 1, after); problem(err) != record.Invalid {
				t.Errorf("%.20s in the feed: %v", after, err)
			}
			if _, err := w.Drafts(fixture.As(t, w.Leiden), catalog.DraftFilter{}, 1, after); problem(err) != record.Invalid {
				t.Errorf("%.20s in drafts: %v", after, err)
			}
		}
		if _, err := w.Page(ctx, catalog.Filter{}, catalog.Order{}, 1, p.Cursors[0]); !errors.As(err, new(record.Problems)) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDraftsArePagedWithoutGaps(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		want := map[string]bool{}
		for i := range 11 {
			w.Clock.Move(time.Duration(i%2) * time.Minute)
			want[create(t, w, w.Project("Concept")).Base().ID] = true
		}
		delft := w.Project("Van Delft")
		delft.PublisherID = w.Delft.ID
		create(t, w, delft)
		n := 0
		for after := ""; ; {
			p, err := w.Drafts(fixture.As(t, w.Leiden), catalog.DraftFilter{}, 4, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Records {
				if !want[r.Base().ID] {
					t.Errorf("%s is there twice, or not Leiden's", r.Base().ID)
				}
				delete(want, r.Base().ID)
				n++
			}
			if !p.More {
				break
			}
			after = p.Cursors[len(p.Cursors)-1]
		}
		if n != 11 {
			t.Errorf("%d drafts", n)
		}
		if p, err := w.Drafts(identity.AsStranger(t.Context()), catalog.DraftFilter{}, 4, ""); err != nil || len(p.Records) > 0 {
			t.Errorf("a stranger reads drafts: %v", err)
		}
	})
}

func TestRelatedGivesTheLastChangedOfEachAndHowManyThereAre(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		a, b := w.Publish(t, w.Project("A")).Base().ID, w.Publish(t, w.Project("B")).Base().ID
		var ofA []string
		for i := range 5 {
			w.Clock.Move(time.Minute)
			links := []string{a}
			if i == 3 {
				links = append(links, b)
			}
			ofA = append(ofA, w.Publish(t, w.Lesson(fmt.Sprint("Les ", i), links...)).Base().ID)
		}
		hidden := w.Lesson("Onder ons", a)
		hidden.Audience = record.Community
		w.Publish(t, hidden)
		got, err := w.Related(identity.AsStranger(t.Context()), record.LessonType, record.FieldProject, []string{a, b, a, "prj_x"}, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 2 || got[a].Total != 5 || got[b].Total != 1 {
			t.Fatalf("got %+v", got)
		}
		same(t, "of a", record.IDs(got[a].Records), []string{ofA[4], ofA[3], ofA[2]})
		same(t, "of b", record.IDs(got[b].Records), []string{ofA[3]})
		// Its cursors go on in the list of the same value.
		p, err := w.Page(identity.AsStranger(t.Context()), catalog.Filter{Types: []record.Type{record.LessonType},
			All: []catalog.Match{{Field: record.FieldProject, Values: []string{a}}}}, catalog.Order{}, 10, got[a].Cursors[2])
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the rest of a", record.IDs(p.Records), []string{ofA[1], ofA[0]})
		if m, err := w.Related(t.Context(), record.LessonType, record.FieldProject, nil, 3); err != nil || len(m) > 0 {
			t.Errorf("of nothing: %v, %v", m, err)
		}
	})
}

func TestTheNumberOfStatementsDoesNotGrowWithTheRows(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := identity.AsStranger(t.Context())
		var ids []string
		for i := range 100 {
			ids = append(ids, w.Publish(t, w.Project(fmt.Sprint("Project ", i))).Base().ID)
			w.Publish(t, w.Lesson(fmt.Sprint("Les ", i), ids[i]))
		}
		waitFor(t, w, "all of it", func() bool { return w.Log.Seen() == int64(len(changes(t, w))) })
		statements := func(act func() error) int {
			t.Helper()
			before := w.Log.Seen()
			for {
				w.Statements.Reset()
				if err := act(); err != nil {
					t.Fatal(err)
				}
				n := 0
				for _, q := range w.Statements.All() {
					if !strings.Contains(q, "changes") && !strings.Contains(q, "releases") { // what follows the log looks there
						n++
					}
				}
				if w.Log.Seen() == before {
					return n
				}
			}
		}
		for _, n := range []int{1, 20, 100} {
			if got := statements(func() error { _, err := w.ByID(ctx, ids[:n]...); return err }); got != 1 {
				t.Errorf("%d records by id take %d statements", n, got)
			}
			if got := statements(func() error {
				_, err := w.Page(ctx, catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, n, "")
				return err
			}); got != 1 {
				t.Errorf("a page of %d takes %d statements", n, got)
			}
			if got := statements(func() error {
				_, err := w.Related(ctx, record.LessonType, record.FieldProject, ids[:n], 3)
				return err
			}); got != 2 {
				t.Errorf("what is related to %d takes %d statements", n, got)
			}
			if got := statements(func() error { _, _, err := w.Feed(ctx, catalog.FeedFilter{}, n, ""); return err }); got != 2 {
				t.Errorf("%d feed entries take %d statements", n, got)
			}
			if got := statements(func() error { _, err := w.Drafts(fixture.As(t, w.Leiden), catalog.DraftFilter{}, n, ""); return err }); got != 2 {
				t.Errorf("%d drafts take %d statements", n, got)
			}
			unknown := slices.Repeat([]string{"prj_x"}, n)
			if got := statements(func() error { _, err := w.ByID(ctx, unknown...); return err }); got != 1 {
				t.Errorf("%d records that are not there take %d statements", n, got)
			}
		}
	})
}

func TestSearchWithoutAnIndexTakesAnyWords(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Één straat: 100% \"kamers\"_!")).Base().ID
		for _, q := range []string{"een", "STRAAT", "100%", "\"kamers\"_", "kamers een", "straat:"} {
			p, err := w.Page(t.Context(), catalog.Filter{Words: strings.Fields(q)}, catalog.Order{}, 5, "")
			if err != nil || len(p.Records) != 1 || p.Records[0].Base().ID != id {
				t.Errorf("%q finds %d: %v", q, len(p.Records), err)
			}
		}
		for _, q := range []string{"straten", "k%s", "k_mers", "\x00", "\xff", "' OR 1=1 --"} {
			p, err := w.Page(t.Context(), catalog.Filter{Words: append(strings.Fields(q), "geen")}, catalog.Order{}, 5, "")
			if err != nil || len(p.Records) != 0 {
				t.Errorf("%q finds %d: %v", q, len(p.Records), err)
			}
		}
	})
}
