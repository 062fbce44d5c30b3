package files

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	unicode16 "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"github.com/udc-community/plein/internal/archive"
	"github.com/udc-community/plein/internal/record"
)

// mediaType is a type of file that is taken, with the endings that names of it have; the first is given to a name that
// has none of them.
type mediaType struct {
	name    string
	endings []string
}

// The types that are taken. What runs in a browser or in an office program (HTML, SVG, macros) is not, nor what nobody can
// look into (other archives): such files have a place of their own on the web, and an output can have an address.
var (
	pdf      = mediaType{"application/pdf", []string{"pdf"}}
	png      = mediaType{"image/png", []string{"png"}}
	jpeg     = mediaType{"image/jpeg", []string{"jpg", "jpeg"}}
	webp     = mediaType{"image/webp", []string{"webp"}}
	csv      = mediaType{"text/csv", []string{"csv"}}
	markdown = mediaType{"text/markdown", []string{"md", "markdown"}}
	plain    = mediaType{"text/plain", []string{"txt"}}
	jsonFile = mediaType{"application/json", []string{"json"}}
	geoJSON  = mediaType{"application/geo+json", []string{"geojson", "json"}}
)

// officeTypes are the documents of office software, by how they name themselves: in [Content_Types].xml (ECMA-376, part 2)
// and in the entry mimetype (OpenDocument 1.3, part 2).
func officeTypes() []mediaType {
	const openXML, openDocument = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
	return []mediaType{
		{openXML + "wordprocessingml.document", []string{"docx"}},
		{openXML + "spreadsheetml.sheet", []string{"xlsx"}},
		{openXML + "presentationml.presentation", []string{"pptx"}},
		{openDocument + "text", []string{"odt"}},
		{openDocument + "spreadsheet", []string{"ods"}},
		{openDocument + "presentation", []string{"odp"}},
	}
}

// TypeError says that a file is of a type that is not taken.
type TypeError struct{ Message record.Text }

func (e *TypeError) Error() string { return e.Message.In(record.English) }

func notTaken(nl, en string) error {
	return &TypeError{record.Text{record.Dutch: nl, record.English: en}}
}

const (
	takenNL = "Wel mogen: PDF, Word, Excel, PowerPoint, OpenDocument, CSV, tekst, Markdown, JSON, GeoJSON, PNG, JPEG en WebP."
	takenEN = "These are taken: PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text, Markdown, JSON, GeoJSON, PNG, JPEG and WebP."
)

// detect decides by its bytes what a file is. The name only tells one sort of text from another.
//
// net/http knows the few signatures that are needed, and office documents have to be opened anyhow: a detection library
// does not see macros. The error is a *TypeError, or of reading.
func detect(name string, r io.ReaderAt, size int64) (mediaType, error) {
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return mediaType{}, fmt.Errorf("read the beginning of a file: %w", err)
	}
	sniffed, _, _ := strings.Cut(http.DetectContentType(head), ";")
	for _, t := range []mediaType{pdf, png, jpeg, webp} {
		if sniffed == t.name {
			return t, nil
		}
	}
	switch sniffed {
	case "application/zip":
		return detectOffice(r, size)
	case "text/plain":
		return detectText(name, r, size)
	case "text/html", "text/xml":
		return mediaType{}, notTaken("HTML, XML en SVG worden niet bewaard. "+takenNL, "HTML, XML and SVG are not kept. "+takenEN)
	}
	return mediaType{}, notTaken("Dit soort bestand wordt niet bewaard. "+takenNL, "This type of file is not kept. "+takenEN)
}

func detectOffice(r io.ReaderAt, size int64) (mediaType, error) {
	other := notTaken("Dit is geen document van Word, Excel, PowerPoint of OpenDocument, of het is beschadigd. Andere archieven worden niet bewaard.",
		"This is no document of Word, Excel, PowerPoint or OpenDocument, or it is damaged. Other archives are not kept.")
	a, err := archive.Open(r, size)
	if errors.Is(err, archive.ErrInvalid) {
		return mediaType{}, other
	} else if err != nil {
		return mediaType{}, err
	}
	parts, err := entry(a, "[Content_Types].xml")
	if err != nil {
		return mediaType{}, other
	}
	kind, err := entry(a, "mimetype")
	if err != nil {
		return mediaType{}, other
	}
	if hasMacros(a, parts) {
		return mediaType{}, notTaken("Dit document heeft macro’s. Bewaar het zonder macro’s en probeer het opnieuw.",
			"This document has macros. Save it without macros and try again.")
	}
	for _, t := range officeTypes() {
		if kind == t.name || strings.Contains(parts, `"`+t.name+`.main+xml"`) {
			return t, nil
		}
	}
	return mediaType{}, other
}

// maxEntry is how long the entries are in which a document says what it is: nothing may stand behind what is read of them.
const maxEntry = 1 << 20

// entry reads a small entry of an archive; empty where there is none.
func entry(a *archive.Archive, name string) (string, error) {
	f := a.Find(name)
	if f == nil {
		return "", nil
	}
	r, err := a.Read(f)
	if err != nil {
		return "", err
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, maxEntry+1))
	if err == nil && len(b) > maxEntry {
		err = archive.ErrTooLarge
	}
	return string(b), err
}

// hasMacros looks for programs in a document: those of Office Open XML name themselves among its parts, those of
// OpenDocument have folders.
func hasMacros(a *archive.Archive, parts string) bool {
	parts = strings.ToLower(parts)
	if strings.Contains(parts, "macro") || strings.Contains(parts, "vba") || strings.Contains(parts, "activex") {
		return true
	}
	for _, f := range a.Files {
		name := strings.ToLower(f.Name)
		if strings.HasPrefix(name, "basic/") || strings.HasPrefix(name, "scripts/") || path.Base(name) == "vbaproject.bin" {
			return true
		}
	}
	return false
}

// detectText tells sorts of text from each other: JSON by what it says, the others by the ending of their name.
func detectText(name string, r io.ReaderAt, size int64) (mediaType, error) {
	begin, err := readText(decoded(r, size))
	switch {
	case err != nil:
		return mediaType{}, err
	case begin == '<':
		return mediaType{}, notTaken("HTML, XML en SVG worden niet bewaard. "+takenNL, "HTML, XML and SVG are not kept. "+takenEN)
	case begin == '{' || begin == '[':
		if t, ok := detectJSON(decoded(r, size)); ok {
			return t, nil
		}
	}
	for _, t := range []mediaType{csv, markdown} {
		if slices.Contains(t.endings, ending(name)) {
			return t, nil
		}
	}
	return plain, nil
}

// decoded reads a text as UTF-8, without the mark at its beginning; UTF-16 is told by that mark.
func decoded(r io.ReaderAt, size int64) *bufio.Reader {
	whole := transform.NewReader(io.NewSectionReader(r, 0, size), unicode16.BOMOverride(transform.Nop))
	return bufio.NewReader(whole)
}

// readText looks at every character and gives the first that is no space. The error is a *TypeError where it is no text.
func readText(r *bufio.Reader) (first rune, err error) {
	for {
		c, _, err := r.ReadRune()
		if errors.Is(err, io.EOF) {
			return first, nil
		} else if err != nil {
			return 0, fmt.Errorf("read a text: %w", err)
		}
		if isUnreadable(c) {
			return 0, notTaken("Dit lijkt geen tekst te zijn. "+takenNL, "This does not seem to be text. "+takenEN)
		}
		if first == 0 && !unicode.IsSpace(c) {
			first = c
		}
	}
}

// maxNesting is how deep JSON goes: reading takes memory by its depth.
const maxNesting = 1000

// detectJSON tells whether a text is JSON, and whether that is GeoJSON, by the member type of the outermost object. It
// holds one word of it at a time.
func detectJSON(r io.Reader) (mediaType, bool) {
	t, d := jsonFile, json.NewDecoder(r)
	var outermost json.Delim
	var name string
	for depth, words := 0, 0; ; { // words counts the names and values in the outermost object
		token, err := d.Token()
		mark, _ := token.(json.Delim)
		switch {
		case errors.Is(err, io.EOF):
			return t, outermost != 0 && depth == 0
		case err != nil, depth == maxNesting, depth == 0 && outermost != 0: // the last is something behind the end
			return t, false
		case mark == '}' || mark == ']':
			depth--
			continue
		}
		if text, _ := token.(string); depth == 1 {
			if words++; words%2 == 1 {
				name = text
			} else if outermost == '{' && name == "type" && slices.Contains(geoTypes(), text) {
				t = geoJSON
			}
		}
		if depth == 0 {
			outermost = mark
		}
		if mark != 0 {
			depth++
		}
	}
}

// isUnreadable finds control characters that no text has. What is not UTF-8 may be text of an older Windows.
func isUnreadable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' || r == 0x7f
}

// geoTypes are those of RFC 7946.
func geoTypes() []string {
	return []string{"FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
}

func ending(name string) string { return strings.ToLower(strings.TrimPrefix(path.Ext(name), ".")) }

// maxName is how many characters a name has, without its ending.
const maxName = 100

// clean makes of the name that a sender gave one that every system takes, with an ending that fits the type.
func clean(name string, t mediaType) string {
	stem := name[strings.LastIndexAny(name, `/\`)+1:]
	end := ending(stem)
	if slices.Contains(t.endings, end) {
		stem = stem[:len(stem)-len(path.Ext(stem))]
	} else {
		end = t.endings[0]
	}
	stem = strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError || unicode.IsControl(r) && !unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
			return -1 // what cannot be seen, and what turns the direction of writing around
		case strings.ContainsRune(`<>:"|?*;%#&`, r):
			return '-'
		}
		return r
	}, stem)
	letters := []rune(norm.NFC.String(strings.Join(strings.Fields(stem), " ")))
	stem = strings.Trim(string(letters[:min(len(letters), maxName)]), " .-_")
	if stem == "" {
		stem = "bestand"
	}
	return stem + "." + end
}
