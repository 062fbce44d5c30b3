package privacy_test

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/udc-community/plein/internal/archive"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/privacy"
)

// The numbers below are examples that pass their tests and belong to nobody.

func TestPersonalDataIsFoundInTexts(t *testing.T) {
	for _, c := range []struct {
		text string
		kind privacy.Kind
		part string
	}{
		{"Het BSN is 111222333.", privacy.CitizenNumber, "111222333"},
		{"Zie 123456782 voor de rest", privacy.CitizenNumber, "123456782"},
		{"(1112.22.333)", privacy.CitizenNumber, "1112.22.333"},
		{"11.12.22.333", privacy.CitizenNumber, "11.12.22.333"},
		{"burgerservicenummer: 111 222 333", privacy.CitizenNumber, "111 222 333"},
		{"bsn:111222333", privacy.CitizenNumber, "111222333"},
		{"Burgerservicenummer 12345672", privacy.CitizenNumber, "12345672"},
		{"een regel\nbsn\n", privacy.CitizenNumber, "bsn"},
		{"Mail j.jansen@leiden.nl.", privacy.Email, "j.jansen@leiden.nl"},
		{"jan.de-vries@leiden.nl", privacy.Email, "jan.de-vries@leiden.nl"},
		{"<m.van.dijk@cbs.nl>", privacy.Email, "m.van.dijk@cbs.nl"},
		{"iemand123@gmail.com", privacy.Email, "iemand123@gmail.com"},
		{"Bel 06-23456789", privacy.Phone, "06-23456789"},
		{"0623456789", privacy.Phone, "0623456789"},
		{"06 23 45 67 89.", privacy.Phone, "06 23 45 67 89"},
		{"+31 6 23456789", privacy.Phone, "+31 6 23456789"},
		{"+31 (0)6 2345 6789", privacy.Phone, "+31 (0)6 2345 6789"},
		{"0031623456789", privacy.Phone, "0031623456789"},
		{"NL91ABNA0417164300", privacy.BankAccount, "NL91ABNA0417164300"},
		{"naar NL91 ABNA 0417 1643 00 over", privacy.BankAccount, "NL91 ABNA 0417 1643 00"},
		{"Spreek met dhr. Jansen.", privacy.Name, "dhr. Jansen"},
		{"mevr. A.B. van der Berg-Smit", privacy.Name, "mevr. A.B. van der Berg-Smit"},
		{"Mw. Özdemir belt", privacy.Name, "Mw. Özdemir"},
		{"drs. P. de Wit", privacy.Name, "drs. P. de Wit"},
		{"de heer Bakker", privacy.Name, "heer Bakker"},
		{"Prof. dr. J. Smit", privacy.Name, "Prof. dr. J. Smit"},
		{"Naam: Jan Jansen", privacy.Name, "Naam: Jan Jansen"},
		{"achternaam\n", privacy.Name, "achternaam"},
		{"2312 AB 12", privacy.Address, "2312 AB 12"},
		{"2312AB\n7", privacy.Address, "2312AB\n7"},
		{"Kerkstraat 12a, 2312 AB Leiden", privacy.Address, "Kerkstraat 12a, 2312 AB"},
	} {
		found := privacy.Suspect(c.text)
		if len(found) != 1 || found[0].Kind != c.kind || c.text[found[0].Start:found[0].End] != c.part {
			t.Errorf("%q: %+v", c.text, found)
			continue
		}
		if s := found[0].Sample; s == "" || strings.Contains(s, c.part) && c.part != "bsn" && c.part != "achternaam" {
			t.Errorf("%q: the sample is %q", c.text, s)
		}
	}
}

func TestWhatOnlyLooksLikePersonalDataIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"111222334", "BSN 111222334", "000000000", "999999999", "1234567823", "12345678", // fail the test, too long, too short
		"KvK 111222333", "RSIN: 123456782", "Kamer van Koophandel nr. 111222333", "btw NL123456782B01", "zaaknummer 111222333",
		"€ 123.456.782", "123 456 782 inwoners", "€ 111222333", "0,123456782", "111222333,5", "111222333%", "-111222333",
		"https://www.example.nl/111222333", "https://example.nl/x?id=111222333", "2024-111222333", "Z/24/111222333", "prj_111222333", "#111222333", "a111222333", "20240315",
		"info@leiden.nl", "udc@leiden.nl", "secretariaat@leiden.nl", "team.data@leiden.nl", "privacy.officer@leiden.nl", "jjansen@leiden.nl", "@leiden", "x@y", "open.data@leiden.nl",
		"071-1234567", "06-12345678", "0612", "06 234567890", "artikel 06", "2006-23456789",
		"NL91ABNA0417164301", "NL91", "XX91ABNA0417164300", "NL91ABNA04171643001",
		"Mr. Troelstraweg 3", "Dr. Schaepmanlaan", "50 MW Zonneweide", "5 Mw Zon", "ING Bank", "de MR Openbare School", "ing Leiden", "Dr. Drees Stichting", "prof. Van Eeghen instituut",
		"de heer en mevrouw", "Naam: Leiden", "De naam van het project", "voornaam en achternaam", "naam",
		"2312 AB", "2312 AB Leiden", "Postbus 9100, 2300 PC Leiden", "1940 SS 12", "0123 AB 12", "in 2004 II en", "45 1962 TJ en", "jaar 2011 EU 2020",
		"", " ", "@", "+", "06", "\n@\n", "\x00\xff",
	} {
		if found := privacy.Suspect(text); len(found) != 0 {
			t.Errorf("%q: %+v", text, found)
		}
	}
}

func TestNumbersThatPassByChanceAreNotReported(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	false9 := 0
	for range 1000 {
		var b strings.Builder
		for range 200 {
			fmt.Fprintln(&b, 100_000_000+r.IntN(900_000_000))
		}
		if len(privacy.Suspect(b.String())) > 0 {
			false9++
		}
	}
	if false9 > 2 {
		t.Errorf("%d of 1000 tables of 200 numbers are suspected", false9)
	}
	// A column of citizen numbers stands out beside four columns of other numbers.
	var b strings.Builder
	for range 200 {
		fmt.Fprintln(&b, citizenNumber(r))
		for range 3 {
			fmt.Fprintln(&b, 100_000_000+r.IntN(900_000_000))
		}
	}
	if len(privacy.Suspect(b.String())) < 200 {
		t.Error("a column of citizen numbers is not noticed")
	}
}

func citizenNumber(r *rand.Rand) string {
	for {
		n := fmt.Sprintf("%09d", 100_000_000+r.IntN(900_000_000))
		if len(privacy.Suspect("bsn "+n)) == 1 {
			return n
		}
	}
}

// TestOrdinaryProjectTextsDoNotNag counts warnings on what real public bodies and CBS wrote for the public. It holds next
// to no personal data, so nearly every finding is a mistake.
func TestOrdinaryProjectTextsDoNotNag(t *testing.T) {
	texts, suspected := 0, 0
	for _, name := range []string{"algoritmeregister.jsonl", "amsterdam_datasets.jsonl", "cbs_begrippen_docs.jsonl", "cbs_tables.jsonl"} {
		f, err := os.Open(fixture.Data(t, "texts", name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var doc any
			if err := json.Unmarshal(lines.Bytes(), &doc); err != nil {
				t.Fatal(err)
			}
			texts++
			if findings := everyString(doc); len(findings) > 0 {
				suspected++
				t.Logf("%s: %+v", name, findings)
			}
		}
	}
	t.Logf("%d of %d texts are suspected", suspected, texts)
	if texts < 3000 || suspected*1000 > texts {
		t.Errorf("%d of %d texts are suspected: more than one in a thousand", suspected, texts)
	}
}

func everyString(v any) (out []privacy.Finding) {
	switch v := v.(type) {
	case string:
		return privacy.Suspect(v)
	case []any:
		for _, x := range v {
			out = append(out, everyString(x)...)
		}
	case map[string]any:
		for _, x := range v {
			out = append(out, everyString(x)...)
		}
	}
	return out
}

const (
	docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	pptx = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
	ods  = "application/vnd.oasis.opendocument.spreadsheet"
)

func zipped(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPersonalDataIsFoundInFiles(t *testing.T) {
	wide := append([]byte{0xff, 0xfe}, bytesOf(utf16.Encode([]rune("naam;nummer\r\nA;111222333\r\n")))...)
	for _, c := range []struct {
		name, media string
		body        []byte
		want        string
	}{
		{"a text", "text/plain", []byte("Bel 06-23456789 of 0623456789"), "PHONE 2 06-••••••89"},
		{"a table with semicolons", "text/csv", []byte("id;nummer;x\n1;111222333;2\n2;123456782;4\n"), "CITIZEN_NUMBER 2 •••••••33"},
		{"a table with commas", "text/csv", []byte("id,nummer,x\n1,111222333,2\n2,123456782,4\n"), "CITIZEN_NUMBER 2 •••••••33"},
		{"a table with quotes", "text/csv", []byte("\"id\",\"Achternaam\"\n\"1\",\"x\"\n"), "NAME 1 achternaam"},
		{"a table with addresses", "text/csv", []byte("postcode;huisnummer\n2312AB;7\n2312AB;9\n"), "ADDRESS 2 2312 •• ••"},
		{"a table with postcodes", "text/csv", []byte("postcode;inwoners\n2312AB;700000\n2312AC;1900\n"), ""},
		{"a table with a mark", "text/csv", []byte("\ufeffbsn;x\n1;2\n"), "CITIZEN_NUMBER 1 bsn"},
		{"a table in UTF-16", "text/csv", wide, "CITIZEN_NUMBER 1 •••••••33"},
		{"JSON", "application/geo+json", []byte(`{"properties":{"tel":"0623456789"}}`), "PHONE 1 06-••••••89"},
		{"a document", docx, zipped(t, "word/document.xml", `<w:p><w:r><w:t>dhr. Jan</w:t></w:r><w:r><w:t>sen</w:t></w:r></w:p><w:p><w:t>x</w:t></w:p>`), "NAME 1 dhr. J•••"},
		{"a document that says it in its properties", docx, zipped(t, "docProps/core.xml", `<dc:creator>dhr. Jansen</dc:creator>`), ""},
		{"a sheet with numbers", xlsx, zipped(t, "xl/worksheets/sheet1.xml", `<row><c r="A1"><v>111222333</v></c><c r="B1" t="s"><v>123456782</v></c></row>`), "CITIZEN_NUMBER 1 •••••••33"},
		{"a sheet with texts", xlsx, zipped(t, "xl/sharedStrings.xml", `<si><t>bsn</t></si><si><t>j.jansen@leiden.nl</t></si>`), "CITIZEN_NUMBER 1 bsn, EMAIL 1 j•••@leiden.nl"},
		{"slides", pptx, zipped(t, "ppt/slides/slide1.xml", `<a:p><a:t>mw. A. Bakker &amp; co</a:t></a:p>`), "NAME 1 mw. A•••"},
		{"an OpenDocument", ods, zipped(t, "content.xml", `<table:table-cell><text:p>111222333</text:p></table:table-cell>`), "CITIZEN_NUMBER 1 •••••••33"},
		{"nothing", "text/plain", nil, ""},
		{"a picture", "image/png", []byte("06-23456789"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			totals, err := privacy.SuspectFile(c.media, bytes.NewReader(c.body), int64(len(c.body)))
			if err != nil {
				t.Fatal(err)
			}
			if got := line(totals); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func line(totals []privacy.Total) string {
	var out []string
	for _, x := range totals {
		out = append(out, fmt.Sprintf("%s %d %s", x.Kind, x.Count, x.Sample))
	}
	return strings.Join(out, ", ")
}

func bytesOf(units []uint16) (out []byte) {
	for _, u := range units {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

func TestWhatStandsAcrossTheEndOfAPieceIsFound(t *testing.T) {
	for shift := range 30 {
		text := strings.Repeat("woord ", (64<<10)/6-3) + strings.Repeat("x", shift) + " 06-23456789 en meer"
		totals, err := privacy.SuspectFile("text/plain", strings.NewReader(text), int64(len(text)))
		if err != nil || line(totals) != "PHONE 1 06-••••••89" {
			t.Fatalf("shifted by %d: %v %v", shift, totals, err)
		}
	}
}

func TestAHostileArchiveCostsLittle(t *testing.T) {
	bomb := zipped(t, "xl/worksheets/sheet1.xml", "<c><v>"+strings.Repeat("1 ", 40<<20)+"</v></c>")
	began := time.Now()
	if _, err := privacy.SuspectFile(xlsx, bytes.NewReader(bomb), int64(len(bomb))); !errors.Is(err, archive.ErrTooLarge) {
		t.Errorf("a bomb of %d bytes: %v", len(bomb), err)
	}
	t.Logf("%d bytes that unpack to 80 MiB took %s", len(bomb), time.Since(began).Round(time.Millisecond))
	many := []string{}
	for i := range archive.MaxEntries + 1 {
		many = append(many, fmt.Sprint("xl/", i), "")
	}
	crowd := zipped(t, many...)
	lie := slices.Clone(crowd)
	copy(lie[len(lie)-12:], []byte{1, 0}) // its list is said to have one entry, of few bytes
	lie[len(lie)-10], lie[len(lie)-9], lie[len(lie)-8] = 50, 0, 0
	for name, body := range map[string][]byte{"crowded": crowd, "lying": lie, "cut": bomb[:len(bomb)-9], "empty": {}, "no archive": []byte(strings.Repeat("PK", 40))} {
		if _, err := privacy.SuspectFile(xlsx, bytes.NewReader(body), int64(len(body))); !errors.Is(err, archive.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzSuspect(f *testing.F) {
	for _, s := range []string{"BSN 111222333", "j.jansen@leiden.nl", "+31 6 23456789", "NL91 ABNA 0417 1643 00", "dhr. Jansen, Kerkstraat 12, 2312 AB 12", "Naam: Jan Jansen\nbsn\n", "\xff\xfe@\n@."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, x := range privacy.Suspect(text) {
			if x.Start < last || x.End <= x.Start || x.End > len(text) || x.Sample == "" {
				t.Fatalf("%q: %+v", text, x)
			}
			last = x.Start
			found := text[x.Start:x.End]
			if len(found) > 8 && strings.Contains(x.Sample, found) && !strings.Contains("voornaam achternaam familienaam roepnaam voorletters geboortenaam", strings.ToLower(found)) {
				t.Fatalf("%q gives %q away", x.Sample, found)
			}
		}
		if _, err := privacy.SuspectFile("text/csv", strings.NewReader(text), int64(len(text))); err != nil {
			t.Fatal(err)
		}
		_, _ = privacy.SuspectFile("application/vnd.oasis.opendocument.text", strings.NewReader(text), int64(len(text)))
	})
}
