package search

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// start opens an index on a world of its own folder; it is not followed yet.
func start(t testing.TB, w *fixture.World, dir string, change ...func(*Config)) *Index {
	t.Helper()
	c := Config{Dir: dir, Catalog: w.Catalog, Log: w.Log, Now: w.Clock.Now, Logger: testLogger(t), LookEvery: 20 * time.Millisecond, VerifyEvery: time.Hour}
	for _, do := range change {
		do(&c)
	}
	x, err := Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// open is start, ready to answer.
func open(t testing.TB, w *fixture.World) *Index {
	t.Helper()
	x := start(t, w, filepath.Join(t.TempDir(), "index"))
	ready(t, x)
	return x
}

func ready(t testing.TB, x *Index) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	if err := x.Wait(ctx); err != nil {
		t.Fatal("the index does not get ready:", err)
	}
}

// catchUp takes in every change that there is.
func catchUp(t testing.TB, w *fixture.World, x *Index) {
	t.Helper()
	if err := w.Log.CatchUp(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

// follow follows the log until the test ends.
func follow(t testing.TB, w *fixture.World, x *Index) {
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { w.Log.Follow(ctx, x, func(error) {}) })
	t.Cleanup(func() { stop(); running.Wait() })
}

func find(t testing.TB, x *Index, r Request) *Result {
	t.Helper()
	if r.First == 0 {
		r.First = 20
	}
	out, err := x.Find(t.Context(), r)
	if err != nil {
		t.Fatalf("find %q: %v", r.Text, err)
	}
	return out
}

func titlesOf(r *Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.Record.Base().Title.In())
	}
	return out
}

func want(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, append([]string{}, want...)) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// publish makes a project of Leiden's with a title, a summary and a body.
func publish(t testing.TB, w *fixture.World, title, summary, body string, change ...func(*record.Project)) record.Record {
	t.Helper()
	p := w.Project(title)
	p.Summary, p.Question = record.NL(summary), record.NL(body)
	p.MunicipalityCodes = nil
	for _, do := range change {
		do(p)
	}
	if p.MunicipalityCodes == nil {
		p.MunicipalityCodes = []string{"GM0546"}
	}
	return w.Publish(t, p)
}

func domain(notations ...string) func(*record.Project) {
	return func(p *record.Project) {
		p.PolicyDomainIRIs = nil
		for _, n := range notations {
			p.PolicyDomainIRIs = append(p.PolicyDomainIRIs, record.ConceptIRI(record.PolicyDomain, n))
		}
	}
}

// starter publishes the three projects of the starter content, in its words.
func starter(t testing.TB, w *fixture.World) {
	t.Helper()
	publish(t, w, "Bereik van minimaregelingen", "Welke huishoudens met een laag inkomen gebruiken de regelingen van de gemeente?",
		"Wie wordt met de minimaregelingen niet bereikt?", domain("inkomen"))
	publish(t, w, "Onderwijskansen", "Waar wonen kinderen met een risico op een achterstand in het onderwijs?",
		"Hoe verdelen we het geld voor onderwijsachterstanden over de scholen?", domain("onderwijs"))
	publish(t, w, "Verkamering", "Waar worden woningen gesplitst?",
		"Het splitsen van woningen in kamers voor studenten geeft in sommige wijken overlast.", domain("wonen"))
	w.Publish(t, w.Lesson("Maak de vraag scherp"))
	w.Publish(t, w.Template("UDC-project in zes stappen", "1.0.0", "vraag", "dummymodel"))
}

func TestWordsFindARecordInEveryInflection(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		x := open(t, w)
		r := find(t, x, Request{Text: "kamers studenten overlast", Facets: []record.Field{record.FieldPolicyDomain}})
		want(t, titlesOf(r), "Verkamering")
		if r.Degraded || r.Relaxed || r.Total != 1 || r.More {
			t.Errorf("%+v", r)
		}
		if len(r.Facets) != 1 || len(r.Facets[0].Buckets) != 1 || r.Facets[0].Buckets[0].Value != record.ConceptIRI(record.PolicyDomain, "wonen") {
			t.Errorf("facets %+v", r.Facets)
		}
		want(t, titlesOf(find(t, x, Request{Text: "KAMER student"})), "Verkamering")
		want(t, titlesOf(find(t, x, Request{Text: "wat zijn de regelingen van een gemeente?"})), "Bereik van minimaregelingen")
		want(t, titlesOf(find(t, x, Request{Text: "zonnepanelen"})))
		if r := find(t, x, Request{}); r.Total != 5 {
			t.Errorf("without words %d records are found, want 5", r.Total)
		}
		want(t, titlesOf(find(t, x, Request{Text: "de het een"})))
		want(t, titlesOf(find(t, x, Request{Text: "???"})))
	})
}

func TestTheBestMatchComesFirst(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "Groen in de wijk", "Over bomen.", "Soms gaat het over hittestress, maar meestal over bomen en hun onderhoud.")
	publish(t, w, "Hittestress in de stad", "Waar wordt het te heet?", "Over hittestress.")
	publish(t, w, "Water in de straat", "Over regen en over hittestress.", "Over regen.")
	x := open(t, w)
	r := find(t, x, Request{Text: "hittestress"})
	want(t, titlesOf(r), "Hittestress in de stad", "Water in de straat", "Groen in de wijk")
	for i := 1; i < len(r.Hits); i++ {
		if !(r.Hits[i].Score < r.Hits[i-1].Score) || !(r.Hits[i].Score > 0) {
			t.Errorf("scores %v then %v", r.Hits[i-1].Score, r.Hits[i].Score)
		}
	}
	want(t, titlesOf(find(t, x, Request{Text: "over", Sort: Title})))
	want(t, titlesOf(find(t, x, Request{Sort: Title})), "Groen in de wijk", "Hittestress in de stad", "Water in de straat")
}

func TestTheLastChangedComesFirstWithoutWords(t *testing.T) {
	w := fixture.SQLite(t)
	for _, title := range []string{"Een", "Twee", "Drie"} {
		publish(t, w, title, "s", "b")
		w.Clock.Move(time.Minute)
	}
	x := open(t, w)
	want(t, titlesOf(find(t, x, Request{})), "Drie", "Twee", "Een")
	want(t, titlesOf(find(t, x, Request{Sort: RecentlyUpdated})), "Drie", "Twee", "Een")
}

func TestTheNewestIsWhatWasPublishedLastForTheFirstTime(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var ids []string
		for _, title := range []string{"Een", "Twee", "Drie"} {
			ids = append(ids, publish(t, w, title, "over wonen", "b").Base().ID)
			w.Clock.Move(time.Minute)
		}
		ctx := fixture.As(t, w.Leiden)
		do(t, w.Write(ctx, func(tx *catalog.Writer) error {
			r, err := tx.Edit(ctx, ids[1], 2, func(r record.Record) error {
				r.Base().Summary = record.NL("over wonen en werken")
				return nil
			})
			if err == nil {
				_, err = tx.Publish(ctx, ids[1], r.Base().Revision)
			}
			return err
		}))
		x := open(t, w)
		catchUp(t, w, x)
		for _, degraded := range []bool{false, true} {
			for _, text := range []string{"", "wonen"} {
				newest, updated := find(t, x, Request{Text: text, Sort: Newest}), find(t, x, Request{Text: text, Sort: RecentlyUpdated})
				want(t, titlesOf(newest), "Drie", "Twee", "Een")
				want(t, titlesOf(updated), "Twee", "Drie", "Een")
				if newest.Degraded != degraded {
					t.Errorf("degraded: %v", newest.Degraded)
				}
			}
			v := x.live.Swap(nil)
			defer x.live.Store(v)
		}
	})
}

func TestEnglishIsFoundInItsOwnInflections(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "Kamerverhuur", "Samenvatting.", "Vraag.", func(p *record.Project) {
		p.Summary = p.Summary.With(record.English, "The splitting of houses causes nuisances")
	})
	x := open(t, w)
	r := find(t, x, Request{Text: "house nuisance kamerverhuur", Languages: []string{record.English}})
	want(t, titlesOf(r), "Kamerverhuur")
	if len(r.Hits) == 1 && plain(r.Hits[0].Highlights) != "[Kamerverhuur]|The splitting of [houses] causes [nuisances]" {
		t.Errorf("highlights %s", plain(r.Hits[0].Highlights))
	}
}

func TestPhrasesAndMinusWords(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "A", "lage inkomens en hoge huren", "x")
	publish(t, w, "B", "hoge inkomens en lage huren", "x")
	publish(t, w, "C", "inkomens van studenten", "e-mail aan bewoners")
	x := open(t, w)
	for q, titles := range map[string][]string{
		`"lage inkomens"`:           {"A"},
		`„lage inkomens” huren`:     {"A"},
		`"inkomens hoge huren"`:     {"A"},
		`"inkomens" -huren`:         {"C"},
		`-huren`:                    {"C"},
		`inkomens -"lage huren"`:    {"A", "C"},
		`inkomens -e-mail`:          {"A", "B"},
		`"inkomens`:                 {"A", "B", "C"},
		`inkomens -`:                {"A", "B", "C"},
		`"lage inkomens`:            {"A"},
		`-inkomens`:                 {},
		`-"lage huren" -"e-mail"`:   {"A"},
		`"lage studenten" -bestaat`: {}, // a phrase is meant literally
	} {
		r := find(t, x, Request{Text: q, Sort: Title})
		if got := titlesOf(r); !slices.Equal(got, titles) {
			t.Errorf("%s finds %q, want %q", q, got, titles)
		}
		if r.Relaxed || r.Exact != r.Total || r.Suggestion != "" {
			t.Errorf("%s: relaxed %v, %d of %d exact, suggestion %q", q, r.Relaxed, r.Exact, r.Total, r.Suggestion)
		}
	}
}

func TestFiltersAndFacets(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		leiden := func(p *record.Project) { p.MunicipalityCodes = []string{"GM0546"} }
		groningen := func(p *record.Project) { p.MunicipalityCodes = []string{"GM0014"} }
		publish(t, w, "A", "onderzoek", "x", domain("wonen"), leiden)
		publish(t, w, "B", "onderzoek", "x", domain("wonen", "inkomen"), groningen)
		publish(t, w, "C", "onderzoek", "x", domain("inkomen"), groningen)
		publish(t, w, "D", "anders", "x", domain("onderwijs"), groningen)
		w.Publish(t, w.Lesson("Les over onderzoek"))
		x := open(t, w)
		wonen, inkomen, onderwijs := record.ConceptIRI(record.PolicyDomain, "wonen"), record.ConceptIRI(record.PolicyDomain, "inkomen"), record.ConceptIRI(record.PolicyDomain, "onderwijs")
		is := func(f record.Field, vs ...string) catalog.Match { return catalog.Match{Field: f, Values: vs} }

		r := find(t, x, Request{Sort: Title, Filter: catalog.Filter{All: []catalog.Match{is(record.FieldPolicyDomain, wonen, inkomen)}},
			Facets: []record.Field{record.FieldPolicyDomain, record.FieldProvince, record.FieldKind}})
		want(t, titlesOf(r), "A", "B", "C")
		wantBuckets(t, r, 0, Bucket{inkomen, 2, true}, Bucket{wonen, 2, true}, Bucket{onderwijs, 1, false})
		wantBuckets(t, r, 1, Bucket{"Groningen", 2, false}, Bucket{"Zuid-Holland", 1, false})
		wantBuckets(t, r, 2, Bucket{"PROJECT", 3, false})

		r = find(t, x, Request{Text: "onderzoek", Sort: Title, Facets: []record.Field{record.FieldKind, record.FieldPolicyDomain},
			Filter: catalog.Filter{Types: []record.Type{record.ProjectType}, All: []catalog.Match{is(record.FieldProvince, "Groningen"), is(record.FieldPolicyDomain, onderwijs, wonen)}}})
		want(t, titlesOf(r), "B")
		wantBuckets(t, r, 0, Bucket{"PROJECT", 1, true})
		wantBuckets(t, r, 1, Bucket{inkomen, 2, false}, Bucket{wonen, 1, true}, Bucket{onderwijs, 0, true})

		r = find(t, x, Request{Sort: Title, Filter: catalog.Filter{None: []catalog.Match{is(record.FieldPolicyDomain, wonen), is(record.FieldKind, "LESSON")}}})
		want(t, titlesOf(r), "C", "D")
		if r := find(t, x, Request{Filter: catalog.Filter{All: []catalog.Match{is(record.FieldPolicyDomain, "http://nergens")}}}); r.Total != 0 {
			t.Errorf("an unknown value finds %d", r.Total)
		}
	})
}

func wantBuckets(t *testing.T, r *Result, i int, want ...Bucket) {
	t.Helper()
	if got := r.Facets[i].Buckets; !slices.Equal(got, want) {
		t.Errorf("facet %s: %+v, want %+v", r.Facets[i].Field, got, want)
	}
}

func TestAFacetGivesItsMostFrequentValuesAndThoseSelected(t *testing.T) {
	w := fixture.SQLite(t)
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		for i := range 60 {
			o := &record.Organization{Name: fmt.Sprintf("Orgaan %02d", i), Kind: record.OtherPublicBody, Custody: record.CustodyReference}
			if err := tx.CreateOrganizations(t.Context(), []*record.Organization{o}); err != nil {
				return err
			}
			for range 1 + i%2 {
				p := w.Project(fmt.Sprintf("Project %d", i))
				p.PublisherID = o.ID
				r, err := tx.Create(fixture.System(t), p, catalog.Origin{Provenance: record.Register})
				if err != nil {
					return err
				}
				if _, err := tx.Publish(fixture.System(t), r.Base().ID, 0); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	x := open(t, w)
	r := find(t, x, Request{Facets: []record.Field{record.FieldPublisher}})
	if f := r.Facets[0]; len(f.Buckets) != 50 || f.Other != 10 || f.Buckets[0].Count != 2 {
		t.Errorf("%d buckets, %d others", len(f.Buckets), f.Other)
	}
	for size, want := range map[int]int{1: 1, 30: 30, 59: 59, 400: 60} {
		f := find(t, x, Request{Facets: []record.Field{record.FieldPublisher}, FacetSize: size}).Facets[0]
		if others := f.Other; len(f.Buckets) != want || (others == 0) != (want == 60) {
			t.Errorf("asked for %d: %d buckets, %d others", size, len(f.Buckets), others)
		}
	}
	for _, size := range []int{-1, 401} {
		if _, err := x.Find(t.Context(), Request{First: 1, FacetSize: size}); err == nil {
			t.Errorf("%d values of a facet are given", size)
		}
	}
	last := w.Reference().OrganizationBySlug("orgaan-58").ID
	r = find(t, x, Request{Facets: []record.Field{record.FieldPublisher}, Filter: catalog.Filter{All: []catalog.Match{{Field: record.FieldPublisher, Values: []string{last}}}}})
	f := r.Facets[0]
	if i := slices.IndexFunc(f.Buckets, func(b Bucket) bool { return b.Value == last }); i < 0 || !f.Buckets[i].Selected || f.Buckets[i].Count != 1 {
		t.Errorf("the selected value is not among %d buckets", len(f.Buckets))
	}
	sum := f.Other
	for _, b := range f.Buckets {
		sum += b.Count
	}
	if sum != 90 || r.Total != 1 {
		t.Errorf("buckets and others are %d records, want 90; total %d", sum, r.Total)
	}
}

func TestCursorsWalkTheWholeResultWithoutGapOrDuplicate(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		for i := range 25 {
			publish(t, w, fmt.Sprintf("Titel %d", i%4), "zelfde woorden over wonen", "Waar? "+strings.Repeat("wonen ", i%3))
			if i%5 == 0 {
				w.Clock.Move(time.Second)
			}
		}
		x := open(t, w)
		for _, degraded := range []bool{false, true} {
			for _, s := range []Sort{Relevance, RecentlyUpdated, Newest, Title} {
				if degraded {
					v := x.live.Swap(nil)
					defer x.live.Store(v)
				}
				seen := map[string]bool{}
				r := Request{Text: "wonen", Sort: s, First: 4, Filter: catalog.Filter{Types: []record.Type{record.ProjectType}}}
				for {
					out := find(t, x, r)
					if out.Total != 25 || out.Degraded != degraded {
						t.Fatalf("total %d, degraded %v", out.Total, out.Degraded)
					}
					for _, h := range out.Hits {
						if seen[h.ID] {
							t.Errorf("%s: %s comes twice", s, h.ID)
						}
						seen[h.ID] = true
					}
					if !out.More {
						break
					}
					r.After = out.Hits[len(out.Hits)-1].Cursor
				}
				if len(seen) != 25 {
					t.Errorf("%s: %d of 25 were walked", s, len(seen))
				}
				// A cursor belongs to its request.
				r.Text = "zelfde"
				if _, err := x.Find(t.Context(), r); fmt.Sprint(err) != fmt.Sprint(catalog.ErrCursor) {
					t.Errorf("a cursor of another request: %v", err)
				}
			}
		}
	})
}

func TestSuggestionsGoOnFromWhatWasTyped(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		starter(t, w)
		publish(t, w, "Wonen in kamers", "x", "x")
		publish(t, w, "Kamers en wonen", "x", "x")
		publish(t, w, "Kamers en wonen", "y", "y")
		w.Publish(t, w.Lesson("Kamers tellen is lastig"))
		community := w.Project("Kamers voor leden")
		community.Audience = record.Community
		w.Publish(t, community)
		x := open(t, w)
		v := x.live.Load()
		for _, live := range []*volume{v, nil} {
			x.live.Store(live)
			for typed, titles := range map[string][]string{
				"kam":                     {"Kamers en wonen", "Kamers tellen is lastig", "Wonen in kamers"},
				"KAMERS w":                {"Kamers en wonen", "Wonen in kamers"},
				"wonen kam":               {"Kamers en wonen", "Wonen in kamers"},
				"minimaregelingen":        {"Bereik van minimaregelingen"},
				"minimaregelingeX":        {},
				"k":                       {},
				"":                        {},
				"?!":                      {},
				"bereik van minimaregeli": {"Bereik van minimaregelingen"},
			} {
				got, err := x.Suggest(t.Context(), typed, nil, 8)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.Equal(got, titles) {
					t.Errorf("%q suggests %q, want %q (degraded %v)", typed, got, titles, live == nil)
				}
			}
			got, err := x.Suggest(t.Context(), "kam", []record.Type{record.LessonType}, 8)
			if err != nil {
				t.Fatal(err)
			}
			want(t, got, "Kamers tellen is lastig")
			got, err = x.Suggest(t.Context(), "kam", nil, 1)
			if err != nil {
				t.Fatal(err)
			}
			want(t, got, "Kamers en wonen")
		}
		x.live.Store(v)
		if _, err := x.Suggest(t.Context(), strings.Repeat("a", 2000), nil, 8); err == nil || !strings.Contains(err.Error(), "prefix") {
			t.Errorf("a long prefix: %v", err)
		}
	})
}

// plain shows highlights on one line: fields apart by |, hits in brackets.
func plain(hs []Highlight) string {
	var out []string
	for _, h := range hs {
		var b strings.Builder
		for _, f := range h.Fragments {
			if f.Hit {
				b.WriteString("[" + f.Text + "]")
			} else {
				b.WriteString(f.Text)
			}
		}
		out = append(out, b.String())
	}
	return strings.Join(out, "|")
}

func TestHighlightsFlagTheHits(t *testing.T) {
	w := fixture.SQLite(t)
	long := strings.Repeat("Dit gaat over heel andere dingen. ", 20) + "Dan komt\nde overlast door kamers, en <b>meer</b> kamers. " + strings.Repeat("En weer iets anders. ", 20)
	publish(t, w, "Kamers in de stad", "Zonder treffer.", long, func(p *record.Project) { p.Aliases = []string{"Kamerbewoning", "Kamers & zo"} })
	x := open(t, w)
	r := find(t, x, Request{Text: "kamer overlast"})
	if len(r.Hits) != 1 {
		t.Fatalf("found %q", titlesOf(r))
	}
	h := r.Hits[0]
	got := plain(h.Highlights)
	if !strings.HasPrefix(got, "[Kamers] in de stad|…") || !strings.Contains(got, "Dan komt de [overlast] door [kamers], en <b>meer</b> [kamers].") ||
		!strings.HasSuffix(got, "…|[Kamerbewoning]|[Kamers] & zo") {
		t.Errorf("highlights %s", got)
	}
	want(t, h.MatchedFields, "title", "body", "tags")
	for _, hl := range h.Highlights {
		n := 0
		for _, f := range hl.Fragments {
			n += len(f.Text)
		}
		if n > windowSize+20 {
			t.Errorf("a highlight of %d bytes", n)
		}
	}
	if r := find(t, x, Request{}); r.Hits[0].Highlights != nil {
		t.Error("highlights without words")
	}
}

// testLogger writes to the test's log, which shows when the test fails.
func testLogger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}
