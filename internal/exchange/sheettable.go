package exchange

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/udc-community/plein/internal/record"
)

// readPlainTable reads the rows of a table: CSV as spreadsheets and editors write it. The encoding is UTF-8, UTF-16 or
// Windows-1252, whichever the bytes can be; columns are parted by commas, semicolons or tabs.
func readPlainTable(_ context.Context, b []byte, rows *sheetRows) error {
	text, err := tableText(b)
	if err != nil {
		return err
	}
	text = lineEnds.ReplaceAll(text, []byte("\n"))
	if !record.Readable(string(text)) {
		return unreadableSheet()
	}
	limited := &capped{r: bytes.NewReader(text), left: maxLine}
	c := csv.NewReader(limited)
	c.FieldsPerRecord = -1
	row := 0
	if c.Comma = tableSeparatorOf(text); bytes.HasPrefix(text, []byte("sep=")) {
		// A line for Excel alone, which does not show it as a row.
		if _, err := c.Read(); err != nil {
			return unreadableSheet()
		}
		row--
	}
	for end := 0; ; {
		limited.left = maxLine
		cells, err := c.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTooMuch):
			n := row + 1
			return sheetProblem(record.TooLong, fmt.Sprintf("Rij %d is langer dan 1 MB.", n), fmt.Sprintf("Row %d is longer than 1 MB.", n))
		case err != nil:
			return badQuote(err)
		}
		// A spreadsheet shows an empty line as a row and a line break in quotes as part of one.
		start, _ := c.FieldPos(0)
		row += start - end
		last, _ := c.FieldPos(len(cells) - 1)
		end = last + strings.Count(cells[len(cells)-1], "\n")
		if err := rows.add(row, cells); err != nil {
			return err
		}
	}
}

// lineEnds are other ways to end a line: that of Windows, that of the Mac of old, and those that some programs use within
// a cell.
var lineEnds = regexp.MustCompile(`\r\n?|[\v\f]`)

// tableText is the file in UTF-8, without a byte order mark.
func tableText(b []byte) ([]byte, error) {
	var from encoding.Encoding
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case zeros(b, 1) > len(b)/8:
		from = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case zeros(b, 0) > len(b)/8:
		from = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case utf8.Valid(b):
		return bytes.TrimPrefix(b, []byte(byteOrderMark)), nil
	default:
		from = charmap.Windows1252
	}
	out, err := from.NewDecoder().Bytes(b)
	if err != nil {
		return nil, unreadableSheet()
	}
	return out, nil
}

// zeros counts the bytes that are zero, of those at even or at odd places: what UTF-16 has for letters.
func zeros(b []byte, from int) int {
	n := 0
	for i := from; i < len(b); i += 2 {
		if b[i] == 0 {
			n++
		}
	}
	return n
}

// tableSeparatorOf is what parts the columns: what the file says itself, or else what its first line with any has most.
func tableSeparatorOf(text []byte) rune {
	if rest, ok := bytes.CutPrefix(text, []byte("sep=")); ok && len(rest) > 0 && strings.ContainsRune(",;\t|", rune(rest[0])) {
		return rune(rest[0])
	}
	for line := range bytes.Lines(text[:min(len(text), maxLine)]) {
		if bytes.ContainsAny(line, ",;\t") {
			return separator(line)
		}
	}
	return ','
}

// badQuote says where a table cannot be read any further.
func badQuote(err error) error {
	var wrong *csv.ParseError
	if !errors.As(err, &wrong) {
		return unreadableSheet()
	}
	return sheetProblem(record.Invalid, fmt.Sprintf("Op regel %d van het bestand staat een aanhalingsteken niet goed. Vanaf daar is het niet te lezen.", wrong.StartLine),
		fmt.Sprintf("On line %d of the file a quotation mark is out of place. From there on it cannot be read.", wrong.StartLine))
}
