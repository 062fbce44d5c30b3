package exchange_test

import (
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// each runs a test on every database, with the reference tables loaded.
func each(t *testing.T, do func(*testing.T, *fixture.World)) {
	t.Helper()
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
			t.Fatal(err)
		}
		do(t, w)
	})
}

// small is a world on SQLite, with the reference tables loaded, for what does not depend on the database.
func small(t *testing.T) *fixture.World {
	t.Helper()
	w := fixture.SQLite(t)
	if err := exchange.LoadReference(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	return w
}

func head(t *testing.T, w *fixture.World) int64 {
	t.Helper()
	n, err := w.Log.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// all is what a stranger sees of a kind, by title.
func all(t *testing.T, w *fixture.World, kind record.Type) map[string]record.Record {
	t.Helper()
	out := map[string]record.Record{}
	ctx := identity.AsStranger(t.Context())
	for after := ""; ; {
		p, err := w.Page(ctx, catalog.Filter{Types: []record.Type{kind}}, catalog.Order{}, 500, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Records {
			out[r.Base().Title.In(record.Dutch)] = r
		}
		if !p.More {
			return out
		}
		after = p.Cursors[len(p.Cursors)-1]
	}
}

const mapYAML = `
source: proef
id: nr
publisher: org
publisherCode: code
title: titel
summary: tekst
municipalities: {column: gemeenten, split: "|"}
phase: {column: stand, values: {loopt: RUNNING, klaar: DONE}}
sourceLinks: url
`

func mapping(t *testing.T, yaml string) exchange.Mapping {
	t.Helper()
	m, err := exchange.ReadMapping(strings.NewReader(yaml))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func importText(t *testing.T, w *fixture.World, format exchange.Format, text string, o exchange.Options) *exchange.Report {
	t.Helper()
	report, err := exchange.Import(t.Context(), w.Catalog, strings.NewReader(text), format, mapping(t, mapYAML), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}
