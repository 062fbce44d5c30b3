package catalog_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// crowd is first entries about n records of a publisher of another node, which differ in their titles.
func crowd(t testing.TB, w *fixture.World, n int) []catalog.Incoming {
	t.Helper()
	peer := elsewhere(t, "https://elders.test")
	p := peer.Project("Verkamering")
	p.Phase, p.Answer = record.Done, record.NL(strings.Repeat("Dit is wat eruit kwam, in een paar zinnen. ", 20))
	made := peer.Publish(t, p).Base().ID
	first := entry(t, peer, made, admit(t, w, peer, peer.Leiden))
	out := make([]catalog.Incoming, n)
	for i := range out {
		id := fmt.Sprintf("%s%08d", made[:len(made)-8], i)
		text := strings.ReplaceAll(string(first.Graph), made, id)
		out[i] = first
		out[i].Object = peer.BaseURL + "/id/" + id
		out[i].Graph = []byte(strings.Replace(text, "Verkamering", fmt.Sprintf("Verkamering in buurt %d", i), 1))
	}
	return out
}

// BenchmarkAccept takes in the first copies of a publisher's records, 250 in a transaction as a page of a feed holds them.
// The figure is for one record.
func BenchmarkAccept(b *testing.B) {
	for database, open := range map[string]func(testing.TB) *fixture.World{"sqlite": fixture.SQLite, "postgres": fixture.Postgres} {
		b.Run(database, func(b *testing.B) {
			w := open(b)
			ins := crowd(b, w, b.N)
			b.ResetTimer()
			for page := range slices.Chunk(ins, 250) {
				if err := accept(w, fixture.System(b), page...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestAPageOfEntriesTakesFewStatements(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ins := crowd(t, w, 60)
		// perRecord is how many statements a page takes for each record more: what it takes once does not count.
		perRecord := func(change func(*catalog.Incoming)) float64 {
			t.Helper()
			for i := range ins {
				change(&ins[i])
			}
			took := func(page []catalog.Incoming) int {
				w.Statements.Reset()
				if err := accept(w, fixture.System(t), page...); err != nil {
					t.Fatal(err)
				}
				n := 0
				for _, s := range w.Statements.All() {
					if strings.Contains(s, "Tx(") { // followers read outside of it
						n++
					}
				}
				return n
			}
			return float64(took(ins[20:])-took(ins[:20])) / 20
		}
		for _, c := range []struct {
			what   string
			most   float64
			change func(*catalog.Incoming)
		}{
			{"a Create", 5.2, func(*catalog.Incoming) {}},
			{"an Update", 6.2, func(in *catalog.Incoming) {
				in.Type, in.Version = changelog.Update, 2
				in.Graph = []byte(strings.Replace(string(in.Graph), "paar zinnen", "paar woorden", 1))
			}},
			{"what is known", 0.2, func(*catalog.Incoming) {}},
			{"a Delete", 8.2, func(in *catalog.Incoming) { in.Type, in.Version, in.Graph = changelog.Delete, 3, nil }},
		} {
			n := perRecord(c.change)
			t.Logf("%s takes %.2f statements", c.what, n)
			if n > c.most {
				t.Errorf("%s takes %.2f statements, more than %.1f", c.what, n, c.most)
			}
		}
	})
}
