package exchange_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
)

func readSheet(t testing.TB, b []byte) *exchange.Sheet {
	t.Helper()
	s, err := exchange.ReadSheet(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func cells(s *exchange.Sheet) [][]string {
	out := [][]string{s.Header}
	for _, row := range s.Rows {
		out = append(out, row.Cells)
	}
	return out
}

func TestAWorkbookOfAnotherProgramIsReadAsItLooks(t *testing.T) {
	b, err := os.ReadFile("testdata/projecten.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	s := readSheet(t, b)
	want := [][]string{
		{"Titel", "Onderzoeksvraag", "Thema", "Gemeente", "Startdatum", "Einddatum", "Status", "Goed om mee te beginnen"},
		{"Leegstand in de binnenstad", "Waar staan panden leeg?\nEn hoe lang?", "wonen; werk", "Den Haag", "2024-03-15", "", "Lopend", "true"},
		{"Eenzame ouderen", "Waar wonen zij?", "ouderen", "546", "2025-01", "2026", "Klaar", "false"},
		// A formula that was never worked out says nothing, and a text that looks like one is a text.
		{"", "=1+1 is geen formule", "wonen", "Bergen", "maart 2026", "", "Loopt"},
	}
	if got := cells(s); !reflect.DeepEqual(got, want) {
		t.Errorf("it says %q", got)
	}
	for i, number := range []int{4, 6, 7} {
		if s.Rows[i].Number != number {
			t.Errorf("row %d is at %d", i, s.Rows[i].Number)
		}
	}
}

// parts are those of a workbook, by path.
type parts map[string]string

func workbook(t testing.TB, p parts) []byte {
	t.Helper()
	all := parts{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/a.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="u" Type="x/styles" Target="styles.xml"/></Relationships>`,
	}
	for name, text := range p {
		all[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range all {
		if text == "" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const sheetPart = "xl/worksheets/a.xml"

func sheetData(rows string) string {
	return "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"
}

func TestACellSaysWhatTheSpreadsheetShows(t *testing.T) {
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-413]d\ mmmm\ yyyy;@"/><numFmt numFmtId="165" formatCode="mmm/yy"/><numFmt numFmtId="166" formatCode="yyyy"/><numFmt numFmtId="167" formatCode="[Red]&quot;dd&quot;0.00"/><numFmt numFmtId="168" formatCode="d-m-yyyy\ h:mm"/></numFmts>
		<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="167"/><xf numFmtId="168"/><xf numFmtId="17"/><xf numFmtId="20"/></cellXfs></styleSheet>`
	shared := `<sst><si><t>Kop</t></si><si><t xml:space="preserve"> a_x000D_
b </t><rPh sb="0" eb="1"><t>weg</t></rPh></si><si><r><t>ri</t></r><r><rPr/><t>jk</t></r></si></sst>`
	for cell, want := range map[string]string{
		`<c t="s"><v>1</v></c>`:                                 "a\nb",
		`<c t="s"><v>2</v></c>`:                                 "rijk",
		`<c t="inlineStr"><is><t>in</t></is></c>`:               "in",
		`<c t="str"><f>A1&amp;"x"</f><v>uitkomst</v></c>`:       "uitkomst",
		`<c><f>1+1</f><v>2</v></c>`:                             "2",
		`<c><v>0.30000000000000004</v></c>`:                     "0.3",
		`<c><v>1.2E3</v></c>`:                                   "1200",
		`<c t="b"><v>1</v></c>`:                                 "true",
		`<c t="d"><v>2024-03-15T00:00:00</v></c>`:               "2024-03-15T00:00:00",
		`<c s="1"><v>45366</v></c>`:                             "2024-03-15",
		`<c s="1"><v>1</v></c>`:                                 "1900-01-01",
		`<c s="1"><v>61</v></c>`:                                "1900-03-01",
		`<c s="2"><v>45366</v></c>`:                             "2024-03-15",
		`<c s="3"><v>45366</v></c>`:                             "2024-03",
		`<c s="4"><v>45366</v></c>`:                             "2024",
		`<c s="5"><v>45366</v></c>`:                             "45366",
		`<c s="6"><v>45366.5</v></c>`:                           "2024-03-15 12:00",
		`<c s="7"><v>45366</v></c>`:                             "2024-03",
		`<c s="8"><v>0.75</v></c>`:                              "18:00",
		`<c s="1"><v>-5</v></c>`:                                "-5",
		`<c s="1"><v>1e300</v></c>`:                             "1" + strings.Repeat("0", 300),
		`<c s="99"><v>3</v></c>`:                                "3",
		`<x:c xmlns:x="http://x" t="str"><x:v>naam</x:v></x:c>`: "naam",
		`<c t="e"><v>#REF!</v></c>`:                             "#REF!",
	} {
		b := workbook(t, parts{sheetPart: sheetData(`<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3">` + cell + `</row>`), "xl/sharedStrings.xml": shared, "xl/styles.xml": styles})
		s, err := exchange.ReadSheet(t.Context(), b)
		if err != nil || len(s.Rows) != 1 || s.Rows[0].Cells[0] != want || s.Rows[0].Number != 3 {
			t.Errorf("%s: %+v, %v", cell, s, err)
		}
	}
	s := readSheet(t, workbook(t, parts{sheetPart: sheetData(`<row><c s="1" t="n"><v>1</v></c></row><row><c s="1"><v>43904</v></c></row>`), "xl/styles.xml": styles,
		"xl/workbook.xml": `<workbook xmlns:r="x"><workbookPr date1904="1"/><sheets><sheet state="veryHidden" r:id="t"/><sheet r:id="s"/></sheets></workbook>`}))
	if got := s.Rows[0].Cells[0]; got != "2024-03-15" {
		t.Errorf("counted from 1904 it is %s", got)
	}
}

func TestATableIsReadInWhicheverWayItWasSaved(t *testing.T) {
	const text = "titel;vraag;thema\r\nCafés;\"Waar?\r\nWanneer?\";wonen\r\n\r\nEén;twee;\r\n"
	want := [][]string{{"titel", "vraag", "thema"}, {"Cafés", "Waar?\nWanneer?", "wonen"}, {"Eén", "twee"}}
	wide := func(order func(uint16) []byte, mark bool) []byte {
		var out []byte
		if mark {
			out = order(0xfeff)
		}
		for _, u := range utf16.Encode([]rune(text)) {
			out = append(out, order(u)...)
		}
		return out
	}
	little := func(u uint16) []byte { return []byte{byte(u), byte(u >> 8)} }
	big := func(u uint16) []byte { return []byte{byte(u >> 8), byte(u)} }
	old, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for how, b := range map[string][]byte{
		"UTF-8":                              []byte(text),
		"UTF-8 with a mark":                  []byte("\ufeff" + text),
		"UTF-16, low byte first":             wide(little, true),
		"UTF-16, high byte first":            wide(big, true),
		"UTF-16 without a mark":              wide(little, false),
		"UTF-16 without a mark, high first":  wide(big, false),
		"Windows-1252":                       []byte(old),
		"with commas":                        []byte(strings.ReplaceAll(text, ";", ",")),
		"with tabs":                          []byte(strings.ReplaceAll(text, ";", "\t")),
		"as it says itself":                  []byte("sep=|\r\n" + strings.ReplaceAll(text, ";", "|")),
		"with the line ends of a Mac of old": []byte(strings.ReplaceAll(text, "\r\n", "\r")),
		"below a title":                      []byte("Projecten van 2027\r\n\r\n" + text),
	} {
		s, err := exchange.ReadSheet(t.Context(), b)
		if err != nil {
			t.Errorf("%s: %v", how, err)
			continue
		}
		if got := cells(s); !reflect.DeepEqual(got, want) {
			t.Errorf("%s it says %q", how, got)
		}
		first, second := 2, 4
		if how == "below a title" {
			first, second = 4, 6
		}
		if s.Rows[0].Number != first || s.Rows[1].Number != second {
			t.Errorf("%s its rows are %d and %d", how, s.Rows[0].Number, s.Rows[1].Number)
		}
	}
}

// refused checks that a file is refused in words, for a reason that somebody can mend.
func refused(t *testing.T, what string, b []byte, says string) {
	t.Helper()
	var ps record.Problems
	if _, err := exchange.ReadSheet(t.Context(), b); !errors.As(err, &ps) || !strings.Contains(ps[0].Message.In(record.Dutch), says) || ps[0].Message[record.English] == "" {
		t.Errorf("%s: %v", what, err)
	}
}

func TestAHostileFileIsRefusedInWordsAndCostsLittle(t *testing.T) {
	cell := func(ref, text string) string {
		return `<c r="` + ref + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	good := workbook(t, parts{sheetPart: sheetData(`<row>` + cell("A1", "titel") + `</row><row>` + cell("A2", "x") + `</row>`)})
	readSheet(t, good)
	noise := make([]byte, 4000)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(noise)
	wideRow, wideTable := "", ""
	for range 10_000 {
		wideRow, wideTable = wideRow+`<c t="str"><v>x</v></c>`, wideTable+"x;"
	}
	for what, x := range map[string]struct {
		b    []byte
		says string
	}{
		"nothing":                            {nil, "leeg"},
		"only blanks":                        {[]byte(" \n;;;\n"), "leeg"},
		"only headings":                      {[]byte("titel;vraag\n"), "staat niets"},
		"too large":                          {make([]byte, exchange.MaxSheetBytes+1), "5 MB"},
		"noise":                              {noise, "niet te lezen"},
		"a picture":                          {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "niet te lezen"},
		"an old workbook":                    {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "zonder wachtwoord"},
		"half a workbook":                    {good[:len(good)/2], "niet te lezen"},
		"a workbook without its end":         {good[:len(good)-10], "niet te lezen"},
		"another zip":                        {workbook(t, parts{"_rels/.rels": "", "word/document.xml": "<x/>"}), "geen Excel"},
		"a workbook without sheets":          {workbook(t, parts{"xl/workbook.xml": "<workbook><sheets/></workbook>"}), "geen Excel"},
		"a sheet that is not there":          {workbook(t, nil), "niet te lezen"},
		"a link that leads out of the file":  {workbook(t, parts{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>`}), "niet te lezen"},
		"XML that is none":                   {workbook(t, parts{sheetPart: "<worksheet><sheetData><row><c>"}), "niet te lezen"},
		"an entity":                          {workbook(t, parts{sheetPart: `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`}), "niet te lezen"},
		"a row beyond all":                   {workbook(t, parts{sheetPart: sheetData(`<row r="2147483647">` + cell("A1", "x") + `</row>`)}), "niet te lezen"},
		"a cell beyond all":                  {workbook(t, parts{sheetPart: sheetData(`<row>` + cell("ZZZZ1", "x") + cell("ZZZZZZZZ1", "x") + `</row>`)}), "staat niets"},
		"a text that is not shared":          {workbook(t, parts{sheetPart: sheetData(`<row><c t="s"><v>-1</v></c><c t="s"><v>7</v></c><c t="s"><v>x</v></c></row>`)}), "leeg"},
		"10,000 columns":                     {workbook(t, parts{sheetPart: sheetData(`<row>` + wideRow + `</row>`)}), "te veel kolommen"},
		"10,000 columns in a table":          {[]byte(wideTable), "te veel kolommen"},
		"too many rows":                      {[]byte("titel\n" + strings.Repeat("x\n", exchange.MaxSheetRows+1)), "te veel rijen"},
		"a cell that is too long":            {[]byte("titel\n" + strings.Repeat("x", 64<<10+1)), "Cel A2"},
		"a row that is too long":             {[]byte("titel\n" + strings.Repeat("x;", 1<<20)), "Rij 2"},
		"a quote that does not end":          {[]byte("titel;vraag\na;b\n\"c;d\n"), "regel 3"},
		"a bomb in the sheet":                {workbook(t, parts{sheetPart: sheetData(`<row>` + cell("A1", "titel") + strings.Repeat(" ", 60<<20) + `</row>`)}), "Uitgepakt"},
		"a bomb of cells":                    {workbook(t, parts{sheetPart: sheetData(strings.Repeat(`<row><c/></row>`, 2<<20))}), "Uitgepakt"},
		"a bomb of texts":                    {workbook(t, parts{sheetPart: sheetData(`<row/>`), "xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 2<<20) + "</sst>"}), "Uitgepakt"},
		"a text that is shared 1,000 times":  {workbook(t, parts{sheetPart: sheetData(strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 1000)), "xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("x", 60<<10) + "</t></si></sst>"}), "te veel tekst"},
		"elements in elements in elements":   {workbook(t, parts{sheetPart: strings.Repeat("<a>", 1<<20)}), "niet te lezen"},
		"a header that promises another zip": {append([]byte("PK\x03\x04"), bytes.Repeat([]byte("PK\x01\x02"), 1000)...), "niet te lezen"},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		refused(t, what, x.b, x.says)
		runtime.ReadMemStats(&after)
		if mib := (after.TotalAlloc - before.TotalAlloc) >> 20; mib > 100 {
			t.Errorf("%s, %d bytes, took %d MiB in all", what, len(x.b), mib)
		}
	}
}

func TestNoFileMakesTheReaderPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const alphabet = "<>/=\"c rowvts0123456789-AZ&;\x00\xff"
	spoil := func(s string) string {
		b := []byte(s)
		for range 1 + r.IntN(2) {
			b[r.IntN(len(b))] = alphabet[r.IntN(len(alphabet))]
		}
		return string(b[:len(b)-r.IntN(8)/7*r.IntN(len(b))])
	}
	whole := parts{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook xmlns:r="x"><sheets><sheet name="A" sheetId="1" r:id="s"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/a.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="u" Type="x/styles" Target="styles.xml"/></Relationships>`,
		sheetPart:                    sheetData(`<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="1"><v>45366</v></c><c r="B2" t="inlineStr"><is><t>b</t></is></c></row>`),
		"xl/sharedStrings.xml":       `<sst><si><t>Kop</t><rPh><t>weg</t></rPh></si></sst>`,
		"xl/styles.xml":              `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d-m-yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>`,
	}
	names := slices.Sorted(maps.Keys(whole))
	readable := 0
	for i := range 6000 {
		spoiled := maps.Clone(whole)
		name := names[i%len(names)]
		spoiled[name] = spoil(whole[name])
		if _, err := exchange.ReadSheet(t.Context(), workbook(t, spoiled)); err == nil {
			readable++
		}
		exchange.ReadSheet(t.Context(), []byte(spoil("sep=;\ntitel;vraag\na;\"b\nc\"\n\n'=d;e\n"))) //nolint:errcheck // any answer will do
	}
	if readable < 600 {
		t.Errorf("only %d of the files could be read: what was tried is too easy to refuse", readable)
	}
}

func TestTheTemplateIsUnderstoodAndItsExampleIsPassedOver(t *testing.T) {
	for _, language := range []string{record.Dutch, record.English} {
		var table, book bytes.Buffer
		if err := errors.Join(exchange.TemplateTable(&table, language), exchange.TemplateWorkbook(&book, language)); err != nil {
			t.Fatal(err)
		}
		refused(t, "a template that nobody filled in", table.Bytes(), "staat niets")
		refused(t, "a template that nobody filled in", book.Bytes(), "staat niets")
		s := readSheet(t, append(table.Bytes(), "Mijn project;Project\r\n"...))
		if len(s.Rows) != 1 || s.Rows[0].Cells[0] != "Mijn project" || len(s.Header) < 10 {
			t.Errorf("it says %q", cells(s))
		}
		used := map[string]bool{}
		for _, c := range s.Columns() {
			if c.Confidence != 1 || used[c.Field] {
				t.Errorf("%q is taken for %q with %g", c.Name, c.Field, c.Confidence)
			}
			used[c.Field] = true
		}
		if language == record.Dutch && !strings.HasPrefix(table.String(), "\ufefftitel;soort;vraag;samenvatting;thema’s;gemeenten;") {
			t.Errorf("it begins with %.100q", table.String())
		}
	}
}

func TestHeadingsAreGuessedInDutchAndEnglish(t *testing.T) {
	guess := func(headings string) string {
		s := readSheet(t, []byte(headings+"\n"+strings.Repeat("x;", strings.Count(headings, ";"))+"x\n"))
		var out []string
		for _, c := range s.Columns() {
			out = append(out, fmt.Sprintf("%s %g", c.Field, c.Confidence))
		}
		return strings.Join(out, ", ")
	}
	for headings, want := range map[string]string{
		"Titel;Vraag;Thema's;Gemeente;Startdatum":                        "title 1, question 1, policyDomains 1, municipalities 0.9, startedOn 0.9",
		"Project name;Research question;Themes;Municipality;End date":    "title 0.9, question 0.9, policyDomains 1, municipalities 0.9, finishedOn 0.9",
		"Titel van het project;Korte omschrijving (max. 100 woorden)":    "title 0.5, summary 0.5",
		"naam;Titel;Naam contactpersoon;E-mail;Telefoon":                 " 0, title 1,  0,  0,  0",
		"Gemeente 1;Gemeente 2":                                          "municipalities 0.5, municipalities 0.5",
		"ID;Organisatie;Kleur":                                           " 0,  0,  0",
		"titel;context;aanbeveling;gevolg;stap":                          "title 1, context 1, recommendation 1, consequence 1, steps 0.9",
		"code;naam;aliassen;provincie_code;provincie;inwoners":           " 0, title 0.9, aliases 0.9,  0,  0,  0",
		"klasse;eigenschap;label_nl;uri;bereik;kardinaliteit;verplicht;": " 0,  0,  0,  0,  0,  0,  0,  0",
	} {
		if got := guess(headings); got != want {
			t.Errorf("%s: %s", headings, got)
		}
	}
}
