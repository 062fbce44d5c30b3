package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

const described = "Met dit model zoekt %s huishoudens op die recht hebben op een regeling en die nog niet gebruiken. De consulent belt " +
	"hen op, legt uit wat er kan, en helpt met aanvragen. Het model kijkt naar inkomen, huur en gezin en rekent iedere nacht opnieuw. " +
	"Niemand wordt afgewezen door het model: een medewerker van %s beslist altijd zelf."

// copies publishes the same description for several places, with other titles, and other descriptions between them.
func copies(t *testing.T, w *fixture.World) {
	t.Helper()
	for i, place := range []string{"Leiden", "de gemeente Groningen", "Delft", "Delftse", "Groningen"} {
		text := fmt.Sprintf(described, place, place)
		publish(t, w, fmt.Sprintf("Regelingen %d", i), text, "Waar?", func(p *record.Project) {
			p.PublisherID = []string{w.Leiden.ID, w.Delft.ID}[i%2]
		})
		publish(t, w, fmt.Sprintf("Bomen %d", i), "Welke bomen staan waar", strings.Repeat("en hoe oud worden ze in een straat als deze ", i)+"huishoudens")
		w.Clock.Move(time.Minute)
	}
}

func TestRecordsThatAreNearlyTheSameStandBehindTheFirstOfThem(t *testing.T) {
	w := fixture.SQLite(t)
	copies(t, w)
	lesson := w.Lesson("Een les")
	lesson.Recommendation = record.NL(fmt.Sprintf(described, "Leiden", "Leiden"))
	w.Publish(t, lesson)
	x := open(t, w)

	r := find(t, x, Request{Text: "huishoudens recht regeling", Grouped: true, Filter: catalog.Filter{Types: []record.Type{record.ProjectType}}})
	if r.Total != 5 || r.Groups != 1 || len(r.Hits) != 1 || r.Hits[0].AlikeCount != 4 || len(r.Hits[0].Alike) != 4 || r.Hits[0].AlikePublishers != 2 {
		t.Fatalf("total %d, groups %d, hits %+v", r.Total, r.Groups, r.Hits)
	}
	flat := find(t, x, Request{Text: "huishoudens recht regeling", Filter: catalog.Filter{Types: []record.Type{record.ProjectType}}})
	var ids []string
	for _, h := range flat.Hits {
		ids = append(ids, h.ID)
		if h.AlikeCount+len(h.Alike)+h.AlikePublishers+flat.Groups > 0 {
			t.Errorf("not grouped: %+v", h)
		}
	}
	want(t, append([]string{r.Hits[0].ID}, r.Hits[0].Alike...), ids...)

	// Records of another kind stay apart, and a filter takes followers away.
	if r := find(t, x, Request{Text: "huishoudens recht regeling", Grouped: true}); r.Groups != 2 || r.Total != 6 {
		t.Errorf("with the lesson: %d groups of %d", r.Groups, r.Total)
	}
	r = find(t, x, Request{Text: "huishoudens recht regeling", Grouped: true, Sort: Title,
		Filter: catalog.Filter{All: []catalog.Match{{Field: record.FieldPublisher, Values: []string{w.Delft.ID}}}}})
	if r.Total != 2 || len(r.Hits) != 1 || r.Hits[0].AlikeCount != 1 || r.Hits[0].AlikePublishers != 1 || r.Hits[0].Record.Base().Title.In() != "Regelingen 1" {
		t.Errorf("of one publisher: %+v", r)
	}
	v := x.live.Swap(nil)
	if r := find(t, x, Request{Text: "huishoudens", Grouped: true}); !r.Degraded || r.Hits[0].AlikeCount != 0 || r.Groups != 0 {
		t.Errorf("from the database: %+v", r)
	}
	x.live.Store(v)
}

func TestGroupsAreWalkedWithoutGapOrDuplicate(t *testing.T) {
	w := fixture.SQLite(t)
	copies(t, w)
	x := open(t, w)
	copies(t, w)
	catchUp(t, w, x)
	walkGroups(t, x, "", 2)
	walkGroups(t, x, "huishoudens", 2)
}

func TestGroupsOfTheRealDescriptionsAreWalkedWithoutGapOrDuplicate(t *testing.T) {
	w := fixture.SQLite(t)
	n := register(t, w, 1)
	x := open(t, w)
	walkGroups(t, x, "", 100)
	walkGroups(t, x, "gemeente inwoners", 100)
	r := find(t, x, Request{Grouped: true, First: 1})
	if r.Total != n || r.Groups > n-437 {
		t.Errorf("%d groups of %d records: 437 descriptions are exact copies", r.Groups, n)
	}
	t.Logf("%d groups of %d records", r.Groups, n)
}

// walkGroups walks through a grouped result in every order, and compares it with groups that are made one by one out of
// the same result, not grouped.
func walkGroups(t *testing.T, x *Index, text string, first int) {
	t.Helper()
	for _, s := range []Sort{Relevance, RecentlyUpdated, Title} {
		var ranked []string
		for ask := (Request{Text: text, Sort: s, First: 100}); ; {
			r := find(t, x, ask)
			for _, h := range r.Hits {
				ranked = append(ranked, h.ID)
			}
			if !r.More {
				break
			}
			ask.After = r.Hits[len(r.Hits)-1].Cursor
		}
		wanted := groupSlowly(t, x, ranked)
		seen := map[string]bool{}
		n := 0
		for ask := (Request{Text: text, Sort: s, First: first, Grouped: true}); ; {
			r := find(t, x, ask)
			if r.Total != len(ranked) || r.Groups != len(wanted) {
				t.Fatalf("%s: %d groups of %d, want %d of %d", s, r.Groups, r.Total, len(wanted), len(ranked))
			}
			for _, h := range r.Hits {
				got := append([]string{h.ID}, h.Alike...)
				if n >= len(wanted) || h.AlikeCount != len(wanted[n])-1 || !slices.Equal(got, wanted[n][:min(len(wanted[n]), maxAlike+1)]) {
					t.Fatalf("%s: group %d is %q with %d, want %q", s, n, got, h.AlikeCount, wanted[min(n, len(wanted)-1)])
				}
				for _, id := range wanted[n] {
					if seen[id] {
						t.Fatalf("%s: %s comes twice", s, id)
					}
					seen[id] = true
				}
				n++
			}
			if !r.More {
				break
			}
			ask.After = r.Hits[len(r.Hits)-1].Cursor
		}
		if n != len(wanted) || len(seen) != len(ranked) {
			t.Errorf("%s: %d of %d groups, %d of %d records were walked", s, n, len(wanted), len(seen), len(ranked))
		}
		if len(wanted) == len(ranked) {
			t.Errorf("%s: nothing is alike", s)
		}
	}
}

func groupSlowly(t *testing.T, x *Index, ranked []string) (out [][]string) {
	t.Helper()
	do(t, x.usingIndex(t.Context(), func(v *volume, s *scorch.IndexSnapshot) error {
		c, err := v.columns(s)
		if err != nil {
			return err
		}
		signatures := map[string]*signature{}
		for doc := range uint64(c.room()) {
			p, local := c.at(doc)
			if p.deleted == nil || !p.deleted.Contains(local) {
				signatures[c.id(doc)] = p.alike.of(local)
			}
		}
		share := func(a, b *signature) bool {
			return a != nil && b != nil && slices.ContainsFunc(a[:], func(band uint64) bool { return slices.Contains(b[:], band) })
		}
		for _, id := range ranked {
			i := slices.IndexFunc(out, func(g []string) bool { return share(signatures[g[0]], signatures[id]) })
			if i < 0 {
				out = append(out, []string{id})
			} else {
				out[i] = append(out[i], id)
			}
		}
		return nil
	}))
	return out
}
