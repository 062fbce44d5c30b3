package exchange

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// Format is how a file is written.
type Format string

// Formats of import: one JSON object per line, or a table with a header whose columns are parted by commas, semicolons
// or tabs. Both are UTF-8, with or without a byte order mark, with lines ended by LF or CRLF.
const (
	NDJSON Format = "ndjson"
	CSV    Format = "csv"
)

// maxLine is the most that one line, or one record of a table, may hold, in bytes.
const maxLine = 1 << 20

const byteOrderMark = "\ufeff"

// line is one line of a file: what its columns say, or what is wrong with it as a whole.
type line struct {
	number  int
	columns map[string][]string
	problem *record.Problem
}

// broken is a place from which a file cannot be read any further, so that it is unknown where its lines begin.
type broken struct{ line }

func (b broken) Error() string { return fmt.Sprintf("line %d: %s", b.number, b.problem.Error()) }

func unreadable(number int, nl, en string) line {
	p := record.Wrong(record.Invalid, nl, en)
	return line{number: number, problem: &p}
}

func tooLongLine(number int) line {
	p := record.Wrong(record.TooLong, "Deze regel is langer dan 1 MiB.", "This line is longer than 1 MiB.")
	return line{number: number, problem: &p}
}

func notUTF8(number int) line {
	return unreadable(number, "Deze regel is geen UTF-8. Sla het bestand op als UTF-8.", "This line is not UTF-8. Save the file as UTF-8.")
}

func unreadableText(number int) line {
	return unreadable(number, "Deze regel bevat onleesbare tekens.", "This line holds unreadable characters.")
}

// errNoColumn is the answer to a mapping that names a column that a table does not have.
func errNoColumn(name string, header []string) error {
	return record.Problems{record.Wrong(record.NotFound,
		fmt.Sprintf("De kaart noemt kolom %q, maar het bestand heeft die niet. Het heeft: %q.", name, header),
		fmt.Sprintf("The mapping names column %q, which the file does not have. It has: %q.", name, header), "columns")}
}

// readLines gives the lines of a file in order; empty ones are passed over. Only the named columns are read.
func readLines(r io.Reader, format Format, columns []string, each func(line) error) error {
	switch format {
	case NDJSON:
		return readNDJSON(r, columns, each)
	case CSV:
		return readCSV(r, func(header []string) (map[string]int, error) { return places(header, columns) }, each)
	}
	return fmt.Errorf("read a file: unknown format %q: choose %s or %s", format, NDJSON, CSV)
}

func readNDJSON(r io.Reader, columns []string, each func(line) error) error {
	br := bufio.NewReaderSize(r, 64<<10)
	for n := 1; ; n++ {
		b, tooLong, err := readLine(br)
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("read line %d: %w", n, err)
		}
		if n == 1 {
			b = bytes.TrimPrefix(b, []byte(byteOrderMark))
		}
		if b = bytes.TrimSpace(b); len(b) > 0 {
			l := tooLongLine(n)
			if !tooLong {
				l = parseObject(n, b, columns)
			}
			if err := each(l); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine reads up to and including the end of a line; of one that is too long it keeps the beginning.
func readLine(br *bufio.Reader) (b []byte, tooLong bool, err error) {
	for {
		part, err := br.ReadSlice('\n')
		if len(b)+len(part) <= maxLine {
			b = append(b, part...)
		} else {
			tooLong = true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return b, tooLong, err
		}
	}
}

func parseObject(number int, b []byte, columns []string) line {
	if !utf8.Valid(b) {
		return notUTF8(number)
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(b, &object); err != nil || object == nil {
		return unreadable(number, "Dit is geen JSON-object op één regel.", "This is not one JSON object on one line.")
	}
	out := line{number: number, columns: make(map[string][]string, len(columns))}
	for _, c := range columns {
		values, ok := scalars(object[c])
		if !ok {
			p := record.Wrong(record.Invalid, fmt.Sprintf("Kolom %q moet een tekst, een getal of een rij daarvan zijn.", c),
				fmt.Sprintf("Column %q must be a text, a number or a list of those.", c))
			return line{number: number, problem: &p, columns: out.columns}
		}
		if slices.ContainsFunc(values, unreadableValue) {
			return unreadableText(number)
		}
		out.columns[c] = values
	}
	return out
}

// scalars are the values of a column: none for null, one for a scalar, each of a list.
func scalars(raw json.RawMessage) ([]string, bool) {
	if len(raw) == 0 {
		return nil, true
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, false
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	var out []string
	for _, x := range list {
		switch x := x.(type) {
		case nil:
		case string:
			out = append(out, x)
		case json.Number, bool:
			out = append(out, fmt.Sprint(x))
		default:
			return nil, false
		}
	}
	return out, true
}

func unreadableValue(s string) bool { return !record.Readable(s) }

// errTooMuch ends the reading of a record that is too long.
var errTooMuch = errors.New("more than one record may hold")

// capped reads no more than left bytes.
type capped struct {
	r    io.Reader
	left int
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, errTooMuch
	}
	n, err := c.r.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}

// readCSV gives the lines of a table; find tells in which columns what is wanted is.
func readCSV(r io.Reader, find func(header []string) (map[string]int, error), each func(line) error) error {
	limited := &capped{r: r, left: maxLine}
	br := bufio.NewReaderSize(limited, 64<<10)
	start, err := br.Peek(br.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the header: %w", err)
	}
	if bytes.HasPrefix(start, []byte(byteOrderMark)) {
		if _, err := br.Discard(len(byteOrderMark)); err != nil {
			return fmt.Errorf("read the header: %w", err)
		}
	}
	c := csv.NewReader(br)
	c.Comma = separator(start)
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil
	} else if err != nil {
		return broken{unreadable(1, "De kopregel is niet te lezen.", "The header cannot be read.")}
	}
	for i := range header {
		header[i] = strings.TrimSpace(header[i])
	}
	at, err := find(header)
	if err != nil {
		return err
	}
	for last := 1; ; {
		limited.left = maxLine
		row, err := c.Read()
		last++
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && limited.left <= 0:
			return broken{tooLongLine(last)}
		case len(row) > 0:
			last, _ = c.FieldPos(0)
		}
		l, err := parseRow(c, row, err, at)
		if err != nil {
			return err
		}
		if err := each(l); err != nil {
			return err
		}
	}
}

// separator is what parts the columns of the header the most often.
func separator(start []byte) rune {
	header, _, _ := bytes.Cut(start, []byte("\n"))
	best, most := ',', bytes.Count(header, []byte(","))
	for _, s := range []rune{';', '\t'} {
		if n := bytes.Count(header, []byte(string(s))); n > most {
			best, most = s, n
		}
	}
	return best
}

// places tells in which column of a table each named column is.
func places(header, columns []string) (map[string]int, error) {
	at := make(map[string]int, len(columns))
	for _, c := range columns {
		i := slices.Index(header, c)
		if i < 0 {
			return nil, errNoColumn(c, header)
		}
		if slices.Contains(header[i+1:], c) {
			return nil, record.Problems{record.Wrong(record.Duplicate, fmt.Sprintf("Het bestand heeft kolom %q twee keer.", c),
				fmt.Sprintf("The file has column %q twice.", c), "columns")}
		}
		at[c] = i
	}
	return at, nil
}

func parseRow(c *csv.Reader, row []string, err error, at map[string]int) (line, error) {
	var wrong *csv.ParseError
	switch {
	case errors.As(err, &wrong) && errors.Is(err, csv.ErrFieldCount):
		return unreadable(wrong.StartLine, "Deze regel heeft niet evenveel kolommen als de kopregel.",
			"This line does not have as many columns as the header."), nil
	case errors.As(err, &wrong) && wrong.Line == wrong.StartLine:
		return unreadable(wrong.StartLine, "Een aanhalingsteken staat hier niet goed.", "A quotation mark is out of place here."), nil
	case errors.As(err, &wrong):
		return line{}, broken{unreadable(wrong.StartLine, "Een aanhalingsteken is niet goed gesloten. Vanaf hier is het bestand niet te lezen.",
			"A quotation mark is not closed properly. From here on the file cannot be read.")}
	case err != nil:
		return line{}, fmt.Errorf("read a table: %w", err)
	}
	n, _ := c.FieldPos(0)
	out := line{number: n, columns: make(map[string][]string, len(at))}
	for name, i := range at {
		switch {
		case !utf8.ValidString(row[i]):
			return notUTF8(n), nil
		case unreadableValue(row[i]):
			return unreadableText(n), nil
		}
		out.columns[name] = []string{row[i]}
	}
	return out, nil
}
