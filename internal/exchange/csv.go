package exchange

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Table writes records for people with a spreadsheet: one row each, with columns and labels in their language and with
// days as they were in the Netherlands. For programs ExportCSV has codes and moments.
//
// It is CSV with the quotes and line ends of RFC 4180, in UTF-8 with a byte order mark, without which Excel takes UTF-8
// for something else. Columns are parted by semicolons, in English too: Excel opens a file with the separator of the
// computer's settings, which is the semicolon wherever the decimal sign is a comma, as in the Netherlands. With commas
// the whole table would stand in one column.
type Table struct {
	Language record.Language
	// Page is the address of a record's page for people.
	Page func(record.Record) string
}

const tableSeparator = ';'

// tableHeaders name the columns. A column that is there keeps its place, its name and its meaning.
var tableHeaders = map[record.Language][]string{
	record.Dutch: {"soort", "titel", "samenvatting", "organisatie", "gemeenten", "thema's", "methoden", "fase", "vraag",
		"gestart", "afgerond", "gepubliceerd", "bijgewerkt", "licentie", "herkomst", "adres", "pagina"},
	record.English: {"kind", "title", "summary", "organisation", "municipalities", "themes", "methods", "phase", "question",
		"started", "finished", "published", "updated", "licence", "provenance", "uri", "page"},
}

// Header writes the byte order mark and the names of the columns.
func (t Table) Header(w io.Writer) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return writeRows(w, tableHeaders[t.Language])
}

// Rows writes the rows of some of the records.
func (t Table) Rows(w io.Writer, rs ...record.Record) error {
	rows := make([][]string, len(rs))
	for i, r := range rs {
		rows[i] = t.row(r)
	}
	return writeRows(w, rows...)
}

func writeRows(w io.Writer, rows ...[]string) error {
	out := csv.NewWriter(w)
	out.Comma, out.UseCRLF = tableSeparator, true
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("write a table: %w", err)
	}
	return nil
}

// row has its cells in the order of tableHeaders. What somebody wrote is defused; what we write ourselves needs none.
func (t Table) row(r record.Record) []string {
	s := r.Base()
	var municipalities []string
	var themes, methods, phase, question string
	var started, finished record.Date
	if p, ok := r.(*record.Project); ok {
		for _, m := range p.Municipalities() {
			municipalities = append(municipalities, m.Name)
		}
		themes, methods, question = t.labels(p.PolicyDomains()), t.labels(p.Methods()), p.Question.In(t.Language)
		phase, started, finished = p.Phase.Label().In(t.Language), p.StartedOn, p.FinishedOn
	}
	var publisher, license string
	if o := s.Publisher(); o != nil {
		publisher = o.Name
	}
	if c := s.License(); c != nil {
		license = c.Label.In(t.Language)
	}
	text := func(s string) string { return defuse(clean(s)) }
	return []string{record.KindOf(s.ID).Type.Label().In(t.Language), text(s.Title.In(t.Language)), text(s.Summary.In(t.Language)),
		text(publisher), text(strings.Join(municipalities, listSeparator)), text(themes), text(methods), phase, text(question),
		string(started), string(finished), string(record.DayOf(s.PublishedAt)), string(record.DayOf(s.UpdatedAt)),
		text(license), s.Provenance.Label().In(t.Language), text(s.URI), t.Page(r)}
}

func (t Table) labels(cs []*record.Concept) string {
	out := make([]string, len(cs))
	for i, c := range cs {
		out[i] = c.Label.In(t.Language)
	}
	return strings.Join(out, listSeparator)
}
