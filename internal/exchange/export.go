package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// pageSize is how many records an export reads at a time: what it holds in memory, whatever the size of the catalogue.
const pageSize = 200

// eachVisible walks the records that the viewer in ctx may see, page by page, oldest change first: a record that changes
// meanwhile moves to the end and is not missed. Each comes once. Call Due before, as before every read.
func eachVisible(ctx context.Context, cat *catalog.Catalog, f catalog.Filter, each func(record.Record) error) error {
	seen := map[string]bool{}
	order := catalog.Order{By: catalog.ByUpdated, Ascending: true}
	for after := ""; ; {
		page, err := cat.Page(ctx, f, order, pageSize, after)
		if err != nil {
			return err
		}
		for _, r := range page.Records {
			if id := r.Base().ID; !seen[id] {
				seen[id] = true
				if err := each(r); err != nil {
					return err
				}
			}
		}
		if !page.More {
			return nil
		}
		after = page.Cursors[len(page.Cursors)-1]
	}
}

// ExportNDJSON writes one JSON object per line for every record that the viewer in ctx may see: the public document with
// its type and address (uri), and with what it refers to in full: publisher as {id, name, slug}, concepts as {iri,
// label}, municipalities as {code, name}, data sources as {iri, name}. It gives the number of records.
func ExportNDJSON(ctx context.Context, cat *catalog.Catalog, w io.Writer, f catalog.Filter) (int, error) {
	n := 0
	out := bufio.NewWriter(w)
	err := eachVisible(ctx, cat, f, func(r record.Record) error {
		n++
		return Lines(out, r)
	})
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return n, fmt.Errorf("export as NDJSON: %w", err)
	}
	return n, nil
}

// Lines writes records as ExportNDJSON does.
func Lines(w io.Writer, rs ...record.Record) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for _, r := range rs {
		doc, err := PublicDocument(r)
		if err != nil {
			return err
		}
		if err := out.Encode(doc); err != nil {
			return fmt.Errorf("write %s as a line: %w", r.Base().ID, err)
		}
	}
	return nil
}

// PublicDocument is a record as JSON has it: with its type and address, and with what it refers to in full.
func PublicDocument(r record.Record) (map[string]any, error) {
	b, err := record.Encode(r)
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("export %s: %w", r.Base().ID, err)
	}
	spell(doc, r.Base().Reference())
	doc["type"], doc["uri"] = record.KindOf(r.Base().ID).Type, r.Base().URI
	delete(doc, "hiddenReuses") // what a publisher leaves out is for its own people and for other nodes, which leave it out too
	return doc, nil
}

// reference is what a field of a document refers to.
type reference func(*record.Reference, string) any

// references are the fields that refer to something, wherever they are in a document.
func references(field string) reference {
	switch field {
	case "license", "policyDomains", "targetGroups", "methods", "geoLevel", "stopReason", "roles", "role", "accessRoute", "kind", "ground", "deliverables":
		return conceptInFull
	case "publisher", "producedBy", "placedBy", "organization", "communicationSenders":
		return organizationInFull
	case "municipalities":
		return municipalityInFull
	case "source", "linkedWith":
		return sourceInFull
	}
	return nil
}

func conceptInFull(ref *record.Reference, iri string) any {
	if c := ref.Concept(iri); c != nil {
		return map[string]any{"iri": c.IRI, "label": c.Label}
	}
	return iri
}

func organizationInFull(ref *record.Reference, id string) any {
	if o := ref.Organization(id); o != nil {
		return map[string]any{"id": o.ID, "name": o.Name, "slug": o.Slug}
	}
	return id
}

func municipalityInFull(ref *record.Reference, code string) any {
	if m := ref.Municipality(code); m != nil {
		return map[string]any{"code": m.Code, "name": m.Name}
	}
	return code
}

func sourceInFull(ref *record.Reference, iri string) any {
	if s := ref.DataSource(iri); s != nil {
		return map[string]any{"iri": s.IRI, "name": s.Name}
	}
	return iri
}

// spell replaces references by what they refer to. What is unknown here stays as it is.
func spell(v any, ref *record.Reference) {
	switch x := v.(type) {
	case []any:
		for _, item := range x {
			spell(item, ref)
		}
	case map[string]any:
		for field, value := range x {
			full := references(field)
			switch value := value.(type) {
			case string:
				if full != nil {
					x[field] = full(ref, value)
				}
			case []any:
				for i, item := range value {
					if s, ok := item.(string); ok && full != nil {
						value[i] = full(ref, s)
					} else {
						spell(item, ref)
					}
				}
			default:
				spell(value, ref)
			}
		}
	}
}

// CSVOptions of an export.
type CSVOptions struct {
	// ByteOrderMark makes spreadsheets of some makers read the file as UTF-8.
	ByteOrderMark bool
}

// csvHeader names the columns of ExportCSV. A column that is there keeps its name and its meaning.
var csvHeader = []string{"id", "uri", "type", "title", "summary", "publisher", "municipalities", "policyDomains", "phase",
	"question", "answer", "published", "updated", "licence", "sourceLinks"}

// listSeparator parts the values of one cell.
const listSeparator = " | "

// ExportCSV writes a table (RFC 4180, UTF-8) with one row for every record that the viewer in ctx may see: texts in Dutch
// where they have it, several values in one cell parted by " | ", moments as RFC 3339 in UTC. A text that a spreadsheet
// would take for a formula gets an apostrophe in front. It gives the number of records.
func ExportCSV(ctx context.Context, cat *catalog.Catalog, w io.Writer, f catalog.Filter, o CSVOptions) (int, error) {
	n := 0
	if o.ByteOrderMark {
		if _, err := io.WriteString(w, byteOrderMark); err != nil {
			return 0, fmt.Errorf("export as CSV: %w", err)
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err := out.Write(csvHeader)
	if err == nil {
		err = eachVisible(ctx, cat, f, func(r record.Record) error {
			n++
			return out.Write(csvRow(r))
		})
	}
	out.Flush()
	if err == nil {
		err = out.Error()
	}
	if err != nil {
		return n, fmt.Errorf("export as CSV: %w", err)
	}
	return n, nil
}

// csvRow has its cells in the order of csvHeader.
func csvRow(r record.Record) []string {
	s := r.Base()
	var municipalities, domains []string
	var phase, question, answer, license, publisher string
	if p, ok := r.(*record.Project); ok {
		for _, m := range p.Municipalities() {
			municipalities = append(municipalities, m.Name)
		}
		for _, c := range p.PolicyDomains() {
			domains = append(domains, c.Label.In(record.Dutch))
		}
		phase, question, answer = string(p.Phase), p.Question.In(record.Dutch), p.Answer.In(record.Dutch)
	}
	if c := s.License(); c != nil {
		license = c.Notation
	}
	if o := s.Publisher(); o != nil {
		publisher = o.Name
	}
	return []string{s.ID, s.URI, string(record.KindOf(s.ID).Type), defuse(s.Title.In(record.Dutch)), defuse(s.Summary.In(record.Dutch)),
		defuse(publisher), defuse(strings.Join(municipalities, listSeparator)), defuse(strings.Join(domains, listSeparator)), phase,
		defuse(question), defuse(answer), s.PublishedAt.UTC().Format(time.RFC3339), s.UpdatedAt.UTC().Format(time.RFC3339), defuse(license),
		strings.Join(s.SourceLinks, listSeparator)}
}

// defuse keeps a spreadsheet from carrying out what somebody else wrote.
func defuse(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
