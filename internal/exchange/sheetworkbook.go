package exchange

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/archive"
	"github.com/udc-community/plein/internal/record"
)

// A workbook (XLSX, ECMA-376 part 1) is a zip of XML parts. All that an import needs of it is the texts of one sheet, and
// those under bounds that hold whatever the file says, so it is read here, part by part, and nothing of it is written.

// workbook reads the parts of one file.
type workbook struct {
	ctx     context.Context
	archive *archive.Archive
	parts   map[string]*zip.File // by path in lower case
	strings []string
	// dates tells of every cell style whether its numbers are moments, and how precise.
	dates []precision
	// since1904 is the calendar that Macs of old counted days by.
	since1904 bool
}

// maxSharedStrings bounds the memory for texts that are nearly nothing.
const maxSharedStrings = 1 << 20

// lastRow and lastColumn are the most that any spreadsheet has.
const (
	lastRow    = 1 << 20
	lastColumn = 1 << 14
)

// readWorkbook reads the rows of the first visible sheet.
func readWorkbook(ctx context.Context, b []byte, rows *sheetRows) error {
	a, err := archive.Open(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return unreadableSheet()
	}
	w := &workbook{ctx: ctx, archive: a, parts: map[string]*zip.File{}}
	for _, f := range a.Files {
		w.parts[partName(f.Name)] = f
	}
	err = w.read(rows)
	var said record.Problems
	switch {
	case err == nil, errors.As(err, &said), ctx.Err() != nil:
		return err
	case errors.Is(err, errTooMuch), errors.Is(err, archive.ErrTooLarge):
		return sheetProblem(record.TooLong, "Uitgepakt is dit bestand te groot. Verdeel het over meer bestanden.", "Unpacked, this file is too large. Spread it over several files.")
	case errors.Is(err, errNoWorkbook):
		return sheetProblem(record.Invalid, "Dit is geen Excel-bestand. Sla het op als .xlsx of als CSV.", "This is not an Excel file. Save it as .xlsx or as CSV.")
	}
	return unreadableSheet() // what is wrong with it inside helps nobody
}

var (
	errNoWorkbook = errors.New("the file is no workbook")
	errNoPart     = errors.New("a part is missing")
)

func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (w *workbook) read(rows *sheetRows) error {
	top, err := w.relations("")
	if err != nil {
		return errNoWorkbook
	}
	main := top.ofType("/officeDocument")
	sheetID, err := w.firstSheet(main)
	if err != nil {
		return err
	}
	links, err := w.relations(main)
	if err != nil {
		return err
	}
	if part := links.ofType("/styles"); part != "" {
		if err := w.readStyles(part); err != nil && !errors.Is(err, errNoPart) {
			return err
		}
	}
	if part := links.ofType("/sharedStrings"); part != "" {
		if err := w.readStrings(part); err != nil && !errors.Is(err, errNoPart) {
			return err
		}
	}
	for _, l := range links {
		if l.id == sheetID {
			return w.readSheet(l.target, rows)
		}
	}
	return errNoPart
}

// each gives the elements of a part that begin.
func (w *workbook) each(name string, visit func(*xmlPart, xml.StartElement) error) error {
	f := w.parts[partName(name)]
	if f == nil {
		return errNoPart
	}
	r, err := w.archive.Read(f)
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // nothing was written
	p := newXMLPart(w.ctx, r)
	return p.each(func(e xml.StartElement) error { return visit(p, e) })
}

// relation is a link from a part to another.
type relation struct{ id, kind, target string }

type relations []relation

// ofType gives the target of the first link of a type; empty when there is none. Both namespaces of the standard end
// alike.
func (rs relations) ofType(ending string) string {
	for _, r := range rs {
		if strings.HasSuffix(r.kind, ending) {
			return r.target
		}
	}
	return ""
}

// relations of a part; those of the file itself for "".
func (w *workbook) relations(part string) (relations, error) {
	dir, name := path.Split(part)
	var out relations
	err := w.each(dir+"_rels/"+name+".rels", func(_ *xmlPart, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && len(out) < 1_000 {
			target := attribute(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = dir + target
			}
			out = append(out, relation{id: attribute(e, "Id"), kind: attribute(e, "Type"), target: target})
		}
		return nil
	})
	return out, err
}

// firstSheet gives the relation of the first sheet that is not hidden.
func (w *workbook) firstSheet(part string) (id string, err error) {
	err = w.each(part, func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.since1904 = attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"
		case "sheet":
			if state := attribute(e, "state"); id == "" && state != "hidden" && state != "veryHidden" {
				for _, a := range e.Attr {
					if a.Name.Local == "id" { // sheetId is another one
						id = a.Value
					}
				}
			}
		}
		return nil
	})
	if err == nil && id == "" || errors.Is(err, errNoPart) {
		return "", errNoWorkbook
	}
	return id, err
}

// readStrings reads the texts that cells share.
func (w *workbook) readStrings(part string) error {
	return w.each(part, func(p *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.strings) == maxSharedStrings {
			return errTooMuch
		}
		s, err := p.text("t")
		w.strings = append(w.strings, unescape(s))
		return err
	})
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape puts back the characters that XML cannot hold, which Excel writes as _x000D_.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		n, err := strconv.ParseUint(e[2:6], 16, 16)
		if err != nil {
			return e
		}
		return string(rune(n))
	})
}

// readSheet reads the cells of a sheet.
func (w *workbook) readSheet(part string, rows *sheetRows) error {
	number := 0
	return w.each(part, func(p *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "row" {
			return nil
		}
		number++
		if at, err := strconv.Atoi(attribute(e, "r")); err == nil && at > number {
			number = at
		}
		if number > lastRow {
			return errBroken
		}
		cells, err := w.readRow(p, number)
		if err != nil {
			return err
		}
		return rows.add(number, cells)
	})
}

// readRow reads the cells of the row that began, up to its end.
func (w *workbook) readRow(p *xmlPart, number int) ([]string, error) {
	var out []string
	next := 0
	for end := p.depth - 1; p.depth > end; {
		t, err := p.next()
		if err != nil {
			return nil, noEnd(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != "c" {
			if err := p.skip(); err != nil {
				return nil, err
			}
			continue
		}
		if at := columnIndex(strings.TrimRight(attribute(start, "r"), "0123456789")); at > next {
			next = at
		}
		if next >= lastColumn {
			return nil, errBroken
		}
		text, err := w.readCell(p, start)
		if err != nil {
			return nil, err
		}
		if text != "" {
			if next >= MaxSheetColumns {
				return nil, tooManyColumns(number)
			}
			for len(out) <= next {
				out = append(out, "")
			}
			out[next] = text
		}
		next++
	}
	return out, nil
}

// readCell reads what the cell that began says, up to its end. A formula is passed over: its outcome stands beside it.
func (w *workbook) readCell(p *xmlPart, cell xml.StartElement) (string, error) {
	var value, inline string
	for end := p.depth - 1; p.depth > end; {
		t, err := p.next()
		if err != nil {
			return "", noEnd(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			continue
		}
		switch start.Name.Local {
		case "v":
			value, err = p.text("")
		case "is":
			inline, err = p.text("t")
		default:
			err = p.skip()
		}
		if err != nil {
			return "", err
		}
	}
	return w.cellValue(attribute(cell, "t"), attribute(cell, "s"), value, unescape(inline)), nil
}

func (w *workbook) cellValue(kind, style, value, inline string) string {
	switch kind {
	case "s":
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(w.strings) {
			return w.strings[i]
		}
		return ""
	case "inlineStr":
		return inline
	case "str":
		return unescape(value)
	case "b":
		if value == "1" {
			return "true"
		}
		return "false"
	case "", "n":
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return value
		}
		if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(w.dates) && w.dates[i] != noDate {
			return w.dates[i].write(n, w.since1904)
		}
		return number(n)
	}
	return value // an error, or a date as ISO 8601
}

// number writes a number as a spreadsheet shows it: with the 15 digits that it keeps.
func number(n float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return ""
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64)
}

func tooManyColumns(row int) error {
	return sheetProblem(record.TooMany, fmt.Sprintf("Rij %d heeft te veel kolommen: hooguit %d.", row, MaxSheetColumns),
		fmt.Sprintf("Row %d has too many columns: at most %d.", row, MaxSheetColumns))
}
