package privacy

import (
	"archive/zip"
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"html"
	"io"
	"path"
	"strings"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/udc-community/plein/internal/archive"
)

// isText tells whether files of this media type are text. PDF and pictures are not read.
func isText(mediaType string) bool {
	return strings.HasPrefix(mediaType, "text/") || strings.HasSuffix(mediaType, "json")
}

func isOffice(mediaType string) bool {
	return strings.HasPrefix(mediaType, "application/vnd.openxmlformats-officedocument.") || strings.HasPrefix(mediaType, "application/vnd.oasis.opendocument.")
}

// SuspectFile finds what seems to be personal data in a text, a table or a document of office software, the gravest kind
// first. With an error it gives what it found until then: archive.ErrTooLarge for a document that unpacks to more than is
// read, archive.ErrInvalid for one that cannot be read.
func SuspectFile(mediaType string, r io.ReaderAt, size int64) ([]Total, error) {
	var t tally
	var err error
	switch whole := io.NewSectionReader(r, 0, size); {
	case isOffice(mediaType):
		err = t.addOffice(r, size)
	case mediaType == "text/csv":
		err = t.addText(decoded(whole), cells)
	case isText(mediaType):
		err = t.addText(decoded(whole), nil)
	}
	return t.list(), err
}

// piece is how much text is looked at together.
const piece = 64 << 10

// addText reads a text piece by piece and cuts where a line ends, or else a word.
func (t *tally) addText(r io.Reader, prepare func([]byte) func([]byte)) error {
	buffer, kept := make([]byte, piece), 0
	var change func([]byte)
	for {
		n, err := io.ReadFull(r, buffer[kept:])
		text := buffer[:kept+n]
		if prepare != nil && change == nil {
			change = prepare(text)
		}
		cut := len(text)
		if err == nil {
			cut = lastBreak(text)
		}
		if change != nil {
			change(text[:cut])
		}
		t.add(string(text[:cut]))
		kept = copy(buffer, text[cut:])
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a text: %w", err)
		}
	}
}

// lastBreak is the place behind the last end of a line, or else of a word; the end where there is neither.
func lastBreak(text []byte) int {
	if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
		return i + 1
	}
	if i := bytes.LastIndexByte(text, ' '); i >= 0 {
		return i + 1
	}
	return len(text)
}

// cells makes a line of each cell of a table, by the separator that its first line has most of.
func cells(begin []byte) func([]byte) {
	head, _, _ := bytes.Cut(begin, []byte("\n"))
	separator, most := byte(';'), 0
	for _, c := range []byte(";,\t|") {
		if n := bytes.Count(head, []byte{c}); n > most {
			separator, most = c, n
		}
	}
	return func(text []byte) {
		for i, c := range text {
			if c == separator || c == '"' {
				text[i] = '\n'
			}
		}
	}
}

// decoded makes UTF-8 of UTF-16, which spreadsheets write, and leaves everything else as it is.
func decoded(r io.Reader) io.Reader {
	return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
}

// addOffice reads the text of a document: that of the parts of an Office Open XML document that people see, or of the
// content of an OpenDocument.
func (t *tally) addOffice(r io.ReaderAt, size int64) error {
	a, err := archive.Open(r, size)
	if err != nil {
		return err
	}
	for _, f := range a.Files {
		if !isSeen(f) {
			continue
		}
		part, err := a.Read(f)
		if err != nil {
			return err
		}
		err = t.addText(&textReader{from: bufio.NewReader(part)}, nil)
		part.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// isSeen tells whether a part of a document holds what people see. Styles, settings and properties hold only numbers.
func isSeen(f *zip.File) bool {
	if f.Name == "content.xml" {
		return true
	}
	folder, name := path.Split(f.Name)
	if !strings.HasSuffix(name, ".xml") {
		return false
	}
	switch folder {
	case "word/":
		return strings.HasPrefix(name, "document") || strings.HasPrefix(name, "footnotes") || strings.HasPrefix(name, "endnotes") ||
			strings.HasPrefix(name, "comments") || strings.HasPrefix(name, "header") || strings.HasPrefix(name, "footer")
	case "xl/":
		return name == "sharedStrings.xml" || strings.HasPrefix(name, "comments")
	case "xl/worksheets/", "ppt/slides/", "ppt/notesSlides/", "ppt/comments/":
		return true
	}
	return false
}

// textReader reads the text out of XML. The ends of paragraphs, rows and cells become ends of lines, other marks vanish,
// because one word is often in several pieces. A cell of a spreadsheet that holds the number of a text is left out.
type textReader struct {
	from     *bufio.Reader
	out      bytes.Buffer
	isNumber bool // what is in <v> is a number and no reference
	mark     []byte
}

// maxMark is how much of a mark is looked at: enough for its name and what a cell says of itself.
const maxMark = 512

func (t *textReader) Read(p []byte) (int, error) {
	for t.out.Len() == 0 {
		text, err := t.from.ReadSlice('<')
		end := err == nil
		if end {
			text = text[:len(text)-1]
		}
		t.write(text)
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			if t.out.Len() > 0 {
				break
			}
			return 0, err
		}
		if end {
			if err := t.readMark(); err != nil {
				return 0, err
			}
		}
	}
	return t.out.Read(p)
}

func (t *textReader) write(text []byte) {
	if name, _ := markName(t.mark); name == "v" && !t.isNumber {
		return
	}
	if bytes.IndexByte(text, '&') >= 0 {
		t.out.WriteString(html.UnescapeString(string(text)))
		return
	}
	t.out.Write(text)
}

func (t *textReader) readMark() error {
	t.mark = t.mark[:0]
	for {
		part, err := t.from.ReadSlice('>')
		t.mark = append(t.mark, part[:min(len(part), maxMark-len(t.mark))]...)
		if err == nil {
			break
		} else if !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	switch name, ends := markName(t.mark); {
	case name == "c" && !ends:
		t.isNumber = !bytes.Contains(t.mark, []byte(` t="s"`))
	case name == "br", name == "tab", ends && isBlock(name):
		t.out.WriteByte('\n')
	}
	return nil
}

// markName is the name of a mark without its namespace, and whether the mark ends an element.
func markName(mark []byte) (name string, ends bool) {
	mark, ends = bytes.CutPrefix(mark, []byte("/"))
	if i := bytes.IndexAny(mark, " \t\r\n/>"); i >= 0 {
		mark = mark[:i]
	}
	if i := bytes.LastIndexByte(mark, ':'); i >= 0 {
		mark = mark[i+1:]
	}
	return string(mark), ends
}

func isBlock(name string) bool {
	switch name {
	case "p", "h", "c", "v", "si", "row", "tc", "tr", "t-row", "table-cell", "table-row", "comment":
		return true
	}
	return false
}
