package files

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

func zipped(t testing.TB, parts ...string) string {
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
	return b.String()
}

func openXML(t testing.TB, kind string, more ...string) string {
	t.Helper()
	return zipped(t, append([]string{"[Content_Types].xml", `<Types><Override PartName="/x.xml" ContentType="application/vnd.openxmlformats-officedocument.` + kind + `.main+xml"/></Types>`}, more...)...)
}

func TestTheBytesDecideWhatAFileIs(t *testing.T) {
	const word = "wordprocessingml.document"
	for _, c := range []struct{ name, body, media, cleaned string }{
		{"rapport.exe", "%PDF-1.7\n", "application/pdf", "rapport.exe.pdf"},
		{"a.PDF", "%PDF-1.7\n", "application/pdf", "a.pdf"},
		{"foto.jpeg", "\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg", "foto.jpeg"},
		{"foto.jpg", "\x89PNG\r\n\x1a\n", "image/png", "foto.jpg.png"},
		{"x", "RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "x.webp"},
		{"a.docx", openXML(t, word), "application/vnd.openxmlformats-officedocument." + word, "a.docx"},
		{"a.docx", openXML(t, "spreadsheetml.sheet"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "a.docx.xlsx"},
		{"a.pptx", openXML(t, "presentationml.presentation"), "application/vnd.openxmlformats-officedocument.presentationml.presentation", "a.pptx"},
		{"a.odt", zipped(t, "mimetype", "application/vnd.oasis.opendocument.text"), "application/vnd.oasis.opendocument.text", "a.odt"},
		{"a.ods", zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet"), "application/vnd.oasis.opendocument.spreadsheet", "a.ods"},
		{"a.odp", zipped(t, "mimetype", "application/vnd.oasis.opendocument.presentation"), "application/vnd.oasis.opendocument.presentation", "a.odp"},
		{"tabel.csv", "a;b\n1;2\n", "text/csv", "tabel.csv"},
		{"tabel.CSV", "\xff\xfea\x00;\x00", "text/csv", "tabel.csv"},
		{"tabel.csv", "caf\xe9;1\n", "text/csv", "tabel.csv"},
		{"lees.md", "# Titel\n<b>vet</b>", "text/markdown", "lees.md"},
		{"lees.html", "geen html", "text/plain", "lees.html.txt"},
		{"lees", "tekst", "text/plain", "lees.txt"},
		{"a.json", ` {"a": [1]}`, "application/json", "a.json"},
		{"a.json", "\ufeff[1]", "application/json", "a.json"},
		{"a.csv", `{"type":"FeatureCollection","features":[]}`, "application/geo+json", "a.csv.geojson"},
		{"a.json", `{"type":"Point","coordinates":[1,2]}`, "application/geo+json", "a.json"},
		{"a.json", `{"a": {"type":"Point"}, "b": "type", "c": "Point"}`, "application/json", "a.json"},
		{"a.json", `["type","Point"]`, "application/json", "a.json"},
		{"a.json", `{"crs": {"type": "name"}, "features": [[1]], "type": "FeatureCollection"}`, "application/geo+json", "a.json"},
		{"a.json", `{"a": `, "text/plain", "a.json.txt"},
		{"a.json", `{} {}`, "text/plain", "a.json.txt"},
		{"a.json", `{}x`, "text/plain", "a.json.txt"},
		{"a.json", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "text/plain", "a.json.txt"},
	} {
		got, err := detect(c.name, strings.NewReader(c.body), int64(len(c.body)))
		if err != nil || got.name != c.media {
			t.Errorf("%s: %s, %v", c.name, got.name, err)
			continue
		}
		if name := clean(c.name, got); name != c.cleaned {
			t.Errorf("%s became %s, want %s", c.name, name, c.cleaned)
		}
	}
}

func TestWhatRunsOrCannotBeLookedIntoIsNotTaken(t *testing.T) {
	for name, body := range map[string]string{
		"HTML":                       "<!DOCTYPE html><script>alert(1)</script>",
		"HTML that hides":            "\ufeff \n<script>alert(1)</script>",
		"SVG":                        `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`,
		"XML":                        "<?xml version='1.0'?><a/>",
		"HTML in UTF-16":             "\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00",
		"a program":                  "\x7fELF\x02\x01\x01\x00",
		"a program of Windows":       "MZ\x90\x00\x03",
		"a picture that moves":       "GIF89a\x01\x00",
		"nothing readable":           "\x00\x01\x02",
		"a text with a zero":         strings.Repeat("a", 600) + "\x00",
		"sound that looks like text": "\xff\xfb\x90\x00\x00",
		"UTF-16 that is none":        "\xff\xfe\x01\x00\x02\x00",
		"an archive":                 zipped(t, "a.txt", "a"),
		"an archive in an archive":   zipped(t, "a.zip", zipped(t, "a", "a")),
		"half an archive":            openXML(t, "spreadsheetml.sheet")[:60],
		"a document with macros":     zipped(t, "[Content_Types].xml", `<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>`),
		"macros far down": zipped(t, "[Content_Types].xml", `"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"`+
			strings.Repeat(" ", 1<<20)+`"application/vnd.ms-office.vbaProject"`),
		"macros without a name":      openXML(t, "wordprocessingml.document", "word/vbaProject.bin", "x"),
		"macros that are mentioned":  zipped(t, "[Content_Types].xml", `"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml" "application/vnd.ms-excel.macrosheet+xml"`),
		"an OpenDocument with Basic": zipped(t, "mimetype", "application/vnd.oasis.opendocument.text", "Basic/Standard/x.xml", "x"),
		"an old Word document":       "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 100),
		"a geopackage":               "SQLite format 3\x00" + strings.Repeat("\x00", 100),
	} {
		got, err := detect("a.csv", strings.NewReader(body), int64(len(body)))
		var wrong *TypeError
		if !errors.As(err, &wrong) || wrong.Message[record.Dutch] == "" || wrong.Message[record.English] == "" {
			t.Errorf("%s is taken as %q (%v)", name, got.name, err)
		}
	}
}

func TestNamesAreCleaned(t *testing.T) {
	for in, want := range map[string]string{
		"":                                "bestand.pdf",
		".pdf":                            "bestand.pdf",
		"../../etc/passwd":                "passwd.pdf",
		`C:\map\rapport.pdf`:              "rapport.pdf",
		"a\x00b\nc\r\u202efdp.pdf":        "ab c fdp.pdf",
		"  een   naam .pdf":               "een naam.pdf",
		`"; x=1 <b>.pdf`:                  "x=1 -b.pdf",
		"Café 100%.pdf":                   "Café 100.pdf",
		"cafe\u0301.pdf":                  "café.pdf",
		"...":                             "bestand.pdf",
		"\xff\xfe.pdf":                    "bestand.pdf",
		strings.Repeat("é", 300) + ".pdf": strings.Repeat("é", 100) + ".pdf",
		"versie 2.1":                      "versie 2.1.pdf",
	} {
		if got := clean(in, pdf); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func FuzzNames(f *testing.F) {
	f.Add("../a\x00.pdf")
	f.Fuzz(func(t *testing.T, name string) {
		got := clean(name, csv)
		if !utf8.ValidString(got) || !record.Readable(got) || strings.ContainsAny(got, "/\\\"\n\t") || !strings.HasSuffix(got, ".csv") || len([]rune(got)) > maxName+4 || strings.HasPrefix(got, ".") {
			t.Errorf("%q became %q", name, got)
		}
		if again := clean(got, csv); again != got {
			t.Errorf("%q became %q and then %q", name, got, again)
		}
	})
}
