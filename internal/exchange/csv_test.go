package exchange_test

import (
	"bytes"
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// table writes records and reads them back, by the name of the column.
func table(t *testing.T, language string, rs ...record.Record) (string, []map[string]string) {
	t.Helper()
	var b bytes.Buffer
	out := exchange.Table{Language: language, Page: page}
	if err := out.Header(&b); err != nil {
		t.Fatal(err)
	}
	if err := out.Rows(&b, rs...); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(b.String(), "\ufeff")
	if !marked {
		t.Error("the byte order mark is missing")
	}
	in := csv.NewReader(strings.NewReader(text))
	in.Comma = ';'
	rows, err := in.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var found []map[string]string
	for _, row := range rows[1:] {
		cells := map[string]string{}
		for i, cell := range row {
			cells[rows[0][i]] = cell
		}
		found = append(found, cells)
	}
	return text, found
}

func TestATableHasARowForEveryRecord(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		project := w.Project(`Kamers; "overlast"` + "\nin Leiden")
		project.MunicipalityCodes = append(project.MunicipalityCodes, "GM0503")
		project.StartedOn, project.FinishedOn, project.Phase = "2025-11", "2026-02-01", record.Idea
		project.Question[record.English] = "Where?"
		w.Clock.Move(14*time.Hour + 30*time.Minute) // half past midnight in the Netherlands
		made := w.Publish(t, project)
		rs := seen(t, w, made, w.Publish(t, w.Lesson("Vraag het vooraf")))
		text, rows := table(t, record.Dutch, rs...)
		if !strings.HasPrefix(text, "soort;titel;samenvatting;organisatie;gemeenten;thema's;methoden;fase;vraag;gestart;afgerond;gepubliceerd;bijgewerkt;licentie;herkomst;adres;pagina\r\n") {
			t.Errorf("it begins with %.200q", text)
		}
		s := rs[0].Base()
		want := map[string]string{"soort": "Project", "titel": s.Title["nl"], "samenvatting": s.Summary["nl"], "organisatie": "UDC Leiden",
			"gemeenten": "Leiden | Delft", "thema's": rs[0].(*record.Project).PolicyDomains()[0].Label["nl"], "methoden": "", "fase": "Idee",
			"vraag": "Waar gebeurt " + s.Title["nl"] + "?", "gestart": "2025-11", "afgerond": "2026-02-01", "gepubliceerd": "2026-03-03", "bijgewerkt": "2026-03-03",
			"licentie": s.License().Label["nl"], "herkomst": "Van de organisatie zelf", "adres": s.URI, "pagina": page(rs[0])}
		if !reflect.DeepEqual(rows[0], want) {
			t.Errorf("the project is %q", rows[0])
		}
		if l := rows[1]; l["soort"] != "Les" || l["titel"] != "Vraag het vooraf" || l["fase"] != "" || l["gemeenten"] != "" {
			t.Errorf("the lesson is %q", l)
		}
		_, rows = table(t, record.English, rs...)
		if e := rows[0]; e["kind"] != "Project" || e["phase"] != "Idea" || e["question"] != "Where?" || e["title"] != s.Title["nl"] || e["uri"] != s.URI || len(e) != len(want) {
			t.Errorf("in English it is %q", e)
		}
	})
}

func TestATableForPeopleHoldsNoFormulas(t *testing.T) {
	w := small(t)
	for title, want := range map[string]string{
		`=HYPERLINK("http://voorbeeld.invalid")`: `'=HYPERLINK("http://voorbeeld.invalid")`,
		"+1":                                     "'+1",
		"-1":                                     "'-1",
		"@SUM(A1)":                               "'@SUM(A1)",
		"\t=1":                                   "'\t=1",
		"\r=1":                                   "'=1",
		"\x00=1":                                 "'=1",
		"Gewoon = goed":                          "Gewoon = goed",
		`a";"=1`:                                 `a";"=1`,
		"a\r\n=1":                                "a\n=1",
		"\u202e\u200f=1":                         "\u202e\u200f=1",
		"\xff=niet UTF-8":                        "'=niet UTF-8",
	} {
		p := unsaved(w, title)
		p.Question = record.NL(title)
		if _, rows := table(t, record.Dutch, p); len(rows) != 1 || rows[0]["titel"] != want || rows[0]["vraag"] != want || len(rows[0]) != 17 {
			t.Errorf("%q became %q", title, rows)
		}
	}
}

func TestOurOwnImportReadsATableForPeople(t *testing.T) {
	w := small(t)
	var b bytes.Buffer
	out := exchange.Table{Language: record.Dutch, Page: page}
	if err := out.Header(&b); err != nil {
		t.Fatal(err)
	}
	if err := out.Rows(&b, unsaved(w, "Kamers; en meer")); err != nil {
		t.Fatal(err)
	}
	m := mapping(t, "source: proef\nid: adres\npublisher: organisatie\ntitle: titel\nsummary: samenvatting\nmunicipalities: {column: gemeenten, split: \"|\"}\n")
	report, err := exchange.Import(t.Context(), w.Catalog, &b, exchange.CSV, m, exchange.Options{})
	if err != nil || report.Created != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
}
