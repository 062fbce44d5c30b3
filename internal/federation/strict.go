package federation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	// maxDepth is how deep documents of peers are nested at most.
	maxDepth = 32
	// maxLength is how many values a list in them has at most, and how many names an object: each takes more memory here than it
	// takes there to send. Twice what any of them needs.
	maxLength = 10_000
)

// unambiguous refuses JSON that different programs read differently: an object that names a member twice, also in other case, something after
// the end, or nesting or lists without end. It looks at every byte of a pull, so it takes nothing apart but names.
func unambiguous(raw []byte) error {
	if !json.Valid(raw) {
		return fmt.Errorf("%w: it is not JSON", ErrProof)
	}
	var open []level
	var isName bool // whether a name comes next
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '{', '[':
			if len(open) == maxDepth {
				return fmt.Errorf("%w: it is nested too deep", ErrProof)
			}
			var l level
			if c == '{' {
				l.names = map[string]bool{}
			}
			open, isName = append(open, l), c == '{'
		case '}', ']':
			open, isName = open[:len(open)-1], false
		case ',':
			l := &open[len(open)-1]
			if l.commas++; l.commas == maxLength {
				return fmt.Errorf("%w: it lists more than %d things in one place", ErrProof, maxLength)
			}
			isName = l.names != nil
		case '"':
			end := endOfString(raw, i)
			if isName {
				name := folded(raw[i:end])
				names := open[len(open)-1].names
				if names[name] {
					return fmt.Errorf("%w: it names %.100s twice", ErrProof, raw[i:end])
				}
				names[name], isName = true, false
			}
			i = end - 1
		}
	}
	return nil
}

// level is a list or an object that is being read.
type level struct {
	// names are those of an object so far; nil in a list.
	names  map[string]bool
	commas int
}

// endOfString is behind the string that begins at a place of valid JSON.
func endOfString(raw []byte, begin int) int {
	for i := begin + 1; ; i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// folded is a name as encoding/json compares it: names that differ in case only are equal, a long s and an s too.
func folded(quoted []byte) string {
	name := string(quoted[1 : len(quoted)-1])
	if bytes.IndexByte(quoted, '\\') >= 0 || !utf8.Valid(quoted) {
		json.Unmarshal(quoted, &name) //nolint:errcheck // it is a string of valid JSON
	}
	return strings.ToUpper(strings.ToLower(name))
}
