package catalog_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// real is a node that holds the starter content and the register of algorithms of the Dutch government.
func real(t *testing.T, base string) *fixture.World {
	t.Helper()
	lines, err := os.Open(fixture.Data(t, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	mapping, err := os.Open("../../examples/import/algoritmeregister.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer mapping.Close()
	m, err := exchange.ReadMapping(mapping)
	if err != nil {
		t.Fatal(err)
	}
	w := elsewhere(t, base)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Seed(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	if _, err := exchange.Import(t.Context(), w.Catalog, lines, exchange.NDJSON, m, exchange.Options{}); err != nil {
		t.Fatal(err)
	}
	return w
}

// says is what a record says to people and to filters, but for who published it and what it points at.
func says(r record.Record) string {
	var out []string
	for _, x := range record.TermsOf(r) {
		switch x.Field {
		case record.FieldPublisher, record.FieldProvenance, record.FieldProject, record.FieldTemplate, record.FieldTemplateVersion, record.FieldForkedFrom:
		default:
			out = append(out, string(x.Field)+"="+x.Value)
		}
	}
	slices.Sort(out)
	return r.Words().Plain() + strings.Join(out, "\n")
}

func TestRealRecordsSayTheSameElsewhere(t *testing.T) {
	from := real(t, "https://elders.test")
	w := fixture.SQLite(t)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	rows, err := from.Store.Client.FeedEntry.Query().Order(feedentry.ByID()).All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var ins []catalog.Incoming
	publishers, bytes, ids := map[string]string{}, 0, map[string]string{}
	for _, row := range rows {
		publishers[row.PublisherID] = ""
	}
	err = w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
		for id := range publishers {
			o := from.Reference().Organization(id)
			publishers[id], err = tx.AdmitPublisher(t.Context(), catalog.PublisherCard{IRI: from.BaseURL + "/id/" + id, Name: o.Name, Kind: o.Kind,
				TooiIRI: o.TooiIRI, MunicipalityCodes: o.MunicipalityCodes, Home: from.BaseURL})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		in := entry(t, from, row.RecordID, publishers[row.PublisherID])
		ins = append(ins, in)
		bytes += len(in.Graph)
		ids[row.RecordID] = in.Object
	}
	for page := range slices.Chunk(ins, 250) {
		if err := accept(w, fixture.System(t), page...); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d records of %d publishers, %d bytes each", len(ins), len(publishers), bytes/len(ins))
	for id, uri := range ids {
		a, errA := from.ByID(t.Context(), id)
		b, errB := w.ByURI(t.Context(), uri)
		if errA != nil || errB != nil || a[0] == nil || b[0] == nil {
			t.Fatalf("%s: %v %v, %v %v", id, a, errA, b, errB)
		}
		if says(a[0]) != says(b[0]) {
			t.Errorf("%s said\n%s\nand says\n%s", id, says(a[0]), says(b[0]))
		}
		for i, l := range record.Mentioned(a[0]) {
			if record.Mentioned(b[0])[i] == l {
				t.Errorf("%s points at an id of another node", id)
			}
		}
		var points, ours []string
		for _, x := range record.Mentioned(a[0]) {
			points = append(points, ids[x])
		}
		found, err := w.ByID(t.Context(), record.Mentioned(b[0])...)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range found {
			if x != nil {
				ours = append(ours, x.Base().URI)
			}
		}
		slices.Sort(points)
		slices.Sort(ours)
		if !slices.Equal(points, ours) {
			t.Errorf("%s points at %v and the copy at %v", id, points, ours)
		}
	}
}
