package exchange

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Bounds of a spreadsheet that somebody uploads.
const (
	// MaxSheetBytes is how large the file may be.
	MaxSheetBytes = 5 << 20
	// MaxSheetRows is how many rows it may have, without the headings.
	MaxSheetRows = 5_000
	// MaxSheetColumns is how many columns it may have.
	MaxSheetColumns = 100

	maxSheetText = 16 << 20 // bytes of all cells together
	maxCell      = 64 << 10 // bytes of one cell
)

// Sheet is what a spreadsheet says: the texts of its cells. Formulas are not carried out: a cell says what it said when
// the file was saved.
type Sheet struct {
	// Header are the headings of the columns as they are written; empty where there is none.
	Header []string `json:"header"`
	// Rows are those that hold something.
	Rows []SheetRow `json:"rows"`
}

// SheetRow is one row. It may have fewer cells than there are columns.
type SheetRow struct {
	// Number is the row as spreadsheets count, from 1.
	Number int      `json:"row"`
	Cells  []string `json:"cells"`
}

// cell is the text in a column; empty where the row is shorter.
func (r SheetRow) cell(column int) string {
	if column < len(r.Cells) {
		return r.Cells[column]
	}
	return ""
}

// ReadSheet reads a workbook (XLSX, its first visible sheet) or a table (CSV). What it is follows from its bytes and not
// from its name. What cannot be read is record.Problems.
func ReadSheet(ctx context.Context, b []byte) (*Sheet, error) {
	read := readPlainTable
	switch {
	case len(b) > MaxSheetBytes:
		return nil, sheetProblem(record.TooLong, "Dit bestand is te groot: hooguit 5 MB.", "This file is too large: at most 5 MB.")
	case bytes.HasPrefix(b, []byte("PK\x03\x04")):
		read = readWorkbook
	case bytes.HasPrefix(b, []byte("\xd0\xcf\x11\xe0")):
		return nil, sheetProblem(record.Invalid, "Dit is een oud Excel-bestand (.xls) of een bestand met een wachtwoord. Sla het op als .xlsx, zonder wachtwoord.",
			"This is an old Excel file (.xls) or a file with a password. Save it as .xlsx, without a password.")
	}
	rows := &sheetRows{}
	if err := read(ctx, b, rows); err != nil {
		return nil, err
	}
	return rows.sheet()
}

func sheetProblem(code record.Code, nl, en string) record.Problems {
	return record.Problems{record.Wrong(code, nl, en, "file")}
}

func unreadableSheet() record.Problems {
	return sheetProblem(record.Invalid, "Dit bestand is niet te lezen. Sla het opnieuw op als .xlsx of als CSV en probeer het nog eens.",
		"This file cannot be read. Save it again as .xlsx or as CSV and try once more.")
}

// sheetRows gathers the rows of a file within the bounds.
type sheetRows struct {
	list []SheetRow
	text int
}

// add takes a row in, in the order of the file; one that holds nothing is passed over.
func (s *sheetRows) add(number int, cells []string) error {
	last := 0
	out := make([]string, len(cells))
	for i, cell := range cells {
		if len(cell) > maxCell {
			return sheetProblem(record.TooLong, fmt.Sprintf("Cel %s%d is te lang: hooguit 64 KB.", columnName(i), number),
				fmt.Sprintf("Cell %s%d is too long: at most 64 KB.", columnName(i), number))
		}
		if out[i] = cellText(cell); out[i] != "" {
			last = i + 1
			s.text += len(out[i])
		}
	}
	switch {
	case last == 0:
		return nil
	case last > MaxSheetColumns:
		return tooManyColumns(number)
	case len(s.list) > MaxSheetRows:
		return sheetProblem(record.TooMany, fmt.Sprintf("Dit bestand heeft te veel rijen: hooguit %d. Verdeel het over meer bestanden.", MaxSheetRows),
			fmt.Sprintf("This file has too many rows: at most %d. Spread it over several files.", MaxSheetRows))
	case s.text > maxSheetText:
		return sheetProblem(record.TooLong, "Dit bestand heeft te veel tekst: hooguit 16 MB. Verdeel het over meer bestanden.",
			"This file has too much text: at most 16 MB. Spread it over several files.")
	}
	s.list = append(s.list, SheetRow{Number: number, Cells: out[:last]})
	return nil
}

// cellText is a cell as it is kept: without what cannot be read, and without the apostrophe that our own tables put
// before what a spreadsheet would carry out (see defuse).
func cellText(s string) string {
	s = strings.TrimSpace(clean(s))
	if rest, ok := strings.CutPrefix(s, "'"); ok && defuse(rest) != rest {
		return rest
	}
	return s
}

// titleRows is how many rows above the headings a sheet may have, such as its own title.
const titleRows = 5

// sheet takes the headings apart from the rest.
func (s *sheetRows) sheet() (*Sheet, error) {
	if len(s.list) == 0 {
		return nil, sheetProblem(record.Required, "Dit bestand is leeg.", "This file is empty.")
	}
	at := 0
	if filled(s.list[0]) == 1 {
		for i, row := range s.list[:min(len(s.list), titleRows)] {
			if filled(row) > 2 {
				at = i
				break
			}
		}
	}
	out := &Sheet{Header: s.list[at].Cells}
	for _, row := range s.list[at+1:] {
		if isExample(row) {
			continue
		}
		for len(out.Header) < len(row.Cells) {
			out.Header = append(out.Header, "")
		}
		out.Rows = append(out.Rows, row)
	}
	if len(out.Rows) == 0 {
		return nil, sheetProblem(record.Required, "Onder de kolomkoppen staat niets.", "There is nothing below the headings.")
	}
	return out, nil
}

// filled counts the cells that hold something.
func filled(row SheetRow) int {
	n := 0
	for _, cell := range row.Cells {
		if cell != "" {
			n++
		}
	}
	return n
}

// columnName is a column as spreadsheets name it: A, B, … Z, AA, …
func columnName(index int) string {
	name := ""
	for n := index + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}

// columnIndex is the place of a column by its name, from 0; -1 when it is no name of one.
func columnIndex(name string) int {
	n := 0
	for _, letter := range name {
		if letter < 'A' || letter > 'Z' || n > 26*26 {
			return -1
		}
		n = n*26 + int(letter-'A') + 1
	}
	return n - 1
}

// encode makes bytes of the sheet that decodeSheet reads.
func (s *Sheet) encode() ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(s); err != nil {
		return nil, fmt.Errorf("pack a sheet: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("pack a sheet: %w", err)
	}
	return out.Bytes(), nil
}

func decodeSheet(b []byte) (*Sheet, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("unpack a sheet: %w", err)
	}
	out := &Sheet{}
	if err := json.NewDecoder(z).Decode(out); err != nil {
		return nil, fmt.Errorf("unpack a sheet: %w", err)
	}
	return out, nil
}
