package web

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// NewReader reads the catalogue as an anonymous visitor.
func NewReader(c *catalog.Catalog) Reader { return reader{c} }

type reader struct{ catalog *catalog.Catalog }

func (r reader) Record(ctx context.Context, id string) (Record, error) {
	if o := r.catalog.Reference().Organization(id); o != nil {
		return Record{Page: organizationPath(o)}, nil
	}
	ctx = identity.AsStranger(ctx)
	found, err := r.catalog.ByID(ctx, id)
	if err != nil {
		return Record{}, err
	}
	if found[0] == nil {
		t, err := r.catalog.Tombstone(ctx, id)
		if err != nil {
			return Record{}, err
		}
		if t == nil {
			return Record{}, ErrNotFound
		}
		return Record{}, Gone{Title: t.Title, Reason: t.Reason, On: t.At}
	}
	full, err := exchange.PublicDocument(found[0])
	if err != nil {
		return Record{}, err
	}
	document, err := json.Marshal(full)
	if err != nil {
		return Record{}, fmt.Errorf("write %s as JSON: %w", id, err)
	}
	page, err := r.page(ctx, found[0])
	return Record{Document: document, Page: page}, err
}

// page is the path of a record's page. A version has its page below that of its template.
func (r reader) page(ctx context.Context, x record.Record) (string, error) {
	version, ok := x.(*record.TemplateVersion)
	if !ok {
		return record.PagePath(x), nil
	}
	found, err := r.catalog.ByID(ctx, version.TemplateID)
	if err != nil || found[0] == nil {
		return "", err
	}
	return record.PagePath(found[0]) + "/" + version.Number, nil
}

func (r reader) Records(ctx context.Context, ids ...string) ([]record.Record, error) {
	return r.catalog.ByID(identity.AsStranger(ctx), ids...)
}

func (r reader) Label(value, language string) string {
	ref := r.catalog.Reference()
	// Kinds and concepts, and then what has names of its own.
	for _, f := range []record.Field{record.FieldKind, record.FieldPublisher, record.FieldMunicipality, record.FieldSource} {
		if label := ref.ValueLabel(f, value).In(language); label != value {
			return label
		}
	}
	return value
}

func (r reader) RecordPages(ctx context.Context, after string, n int) ([]RecordPage, error) {
	outline, err := r.catalog.Outline(identity.AsStranger(ctx), after, n)
	if err != nil {
		return nil, err
	}
	out := make([]RecordPage, len(outline))
	for i, e := range outline {
		out[i] = RecordPage{ID: e.ID, Path: e.Path, Updated: e.UpdatedAt}
	}
	return out, nil
}

func (r reader) OtherPages() []string {
	ref := r.catalog.Reference()
	var out []string
	for _, o := range ref.AllOrganizations() {
		out = append(out, organizationPath(o))
	}
	for _, m := range ref.AllMunicipalities() {
		if m.Successor == "" {
			out = append(out, "/gemeenten/"+m.Code)
		}
	}
	return out
}

func organizationPath(o *record.Organization) string { return "/udc/" + o.Slug }

func (r reader) Places() []Place {
	var out []Place
	for _, m := range r.catalog.Reference().AllMunicipalities() {
		if m.Successor == "" && (m.Lon != 0 || m.Lat != 0) {
			out = append(out, Place{Lon: m.Lon, Lat: m.Lat, Population: m.Population})
		}
	}
	return out
}
