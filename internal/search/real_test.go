package search

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// register takes the real descriptions in as projects of one organisation, times over, in one transaction.
func register(t testing.TB, w *fixture.World, times int) (n int) {
	t.Helper()
	f, err := os.Open(fixture.Data(t, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	type line struct{ ID, Title, Description string }
	var lines []line
	for in := bufio.NewScanner(f); in.Scan(); {
		var l line
		if err := json.Unmarshal(in.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	ctx := fixture.System(t)
	err = w.Write(ctx, func(tx *catalog.Writer) error {
		for i := range times {
			for _, l := range lines {
				p := &record.Project{Spine: record.Spine{PublisherID: w.Elders.ID, Title: record.NL(l.Title)}, Phase: record.Done}
				if i > 0 {
					p.Title = record.NL(fmt.Sprintf("%s (%d)", l.Title, i))
				}
				if l.Description != "" {
					p.Answer = record.NL(l.Description)
				}
				if len(l.Description) <= 5_000 && l.Description != "" {
					p.Summary, p.Answer = record.NL(l.Description), nil
				}
				p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, []string{"wonen", "onderwijs", "inkomen"}[n%3])}
				p.MunicipalityCodes = []string{[]string{"GM0546", "GM0503", "GM0014"}[n%7%3]}
				r, err := tx.Create(ctx, p, catalog.Origin{Provenance: record.Register, ExternalID: fmt.Sprintf("%s/%d", l.ID, i)})
				if err != nil {
					return fmt.Errorf("%s: %w", l.ID, err)
				}
				if _, err := tx.Publish(ctx, r.Base().ID, r.Base().Revision); err != nil {
					return fmt.Errorf("%s: %w", l.ID, err)
				}
				n++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestTheRealDescriptionsAreFound(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		x := open(t, w)
		n := register(t, w, 1)
		catchUp(t, w, x)
		same(t, w, x)
		r := find(t, x, Request{Text: "schuldhulpverlening", First: 5, Facets: []record.Field{record.FieldPublisher, record.FieldProvince}})
		if r.Total == 0 || len(r.Hits) != 5 || len(r.Facets) != 2 || r.Facets[0].Buckets[0].Count != r.Total {
			t.Fatalf("%d found, %d hits, facets %+v", r.Total, len(r.Hits), r.Facets)
		}
		for i, h := range r.Hits {
			mark := "[schuld" // records with the parts of the word come after those with the word itself
			if i == 0 {
				mark = "[schuldhulpverlening"
			}
			if p := plain(h.Highlights); !strings.Contains(strings.ToLower(p), mark) {
				t.Errorf("%s has the highlights %q", h.ID, p)
			}
		}
		if all := find(t, x, Request{First: 1}); all.Total != n {
			t.Errorf("%d of %d records are found", all.Total, n)
		}
		m := x.Metrics()
		t.Logf("%d records, %d bytes in the index, %d with schuldhulpverlening in %v", n, m.Bytes, r.Total, r.Took)
	})
}
