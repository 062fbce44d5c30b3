package compound

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// Report says how well compounds are taken apart. Precision, recall and F1 are about the parts of compounds, compared as
// sets of stems; the rest are shares of words, from 0 to 1.
type Report struct {
	Compounds      int       `json:"compounds"`
	Simple         int       `json:"simple"`
	Precision      float64   `json:"precision"`
	Recall         float64   `json:"recall"`
	F1             float64   `json:"f1"`
	CompoundsSplit float64   `json:"compoundsSplit"`
	SimpleSplit    float64   `json:"simpleSplit"`
	Mistakes       []Mistake `json:"mistakes"`
}

// Mistake is a word that was taken apart otherwise than it should have been. Without wanted parts it is no compound.
type Mistake struct {
	Word   string   `json:"word"`
	Wanted []string `json:"wanted"`
	Got    []string `json:"got"`
}

// Judge takes the words of a file apart and compares. The file has a line for every word: the word, a tab, and its parts
// (as in a dictionary) with | between them, or - for a word that is no compound. The first line names the columns. Words
// and parts are folded, and parts are stemmed before they are compared.
func (s *Splitter) Judge(words io.Reader, stem func(string) string) (Report, error) {
	var r Report
	var right, given, wanted, compoundsSplit, simpleSplit int
	lines := bufio.NewScanner(words)
	for n := 1; lines.Scan(); n++ {
		word, parts, ok := strings.Cut(record.Fold(lines.Text()), "\t")
		if !ok {
			return Report{}, fmt.Errorf("reading compounds: line %d holds no tab", n)
		}
		if n == 1 {
			continue
		}
		m := Mistake{Word: word, Got: s.Split(word)}
		if parts == "-" {
			r.Simple++
			if m.Got != nil {
				simpleSplit++
				r.Mistakes = append(r.Mistakes, m)
			}
			continue
		}
		r.Compounds++
		if m.Got != nil {
			compoundsSplit++
		}
		m.Wanted = strings.Split(parts, "|")
		want, got := stems(m.Wanted, stem), stems(m.Got, stem)
		common := 0
		for p := range got {
			if want[p] {
				common++
			}
		}
		right, given, wanted = right+common, given+len(got), wanted+len(want)
		if common < len(want) || common < len(got) {
			r.Mistakes = append(r.Mistakes, m)
		}
	}
	if err := lines.Err(); err != nil {
		return Report{}, fmt.Errorf("reading compounds: %w", err)
	}
	r.Precision, r.Recall = share(right, given), share(right, wanted)
	r.F1 = share(2*right, given+wanted)
	r.CompoundsSplit, r.SimpleSplit = share(compoundsSplit, r.Compounds), share(simpleSplit, r.Simple)
	return r, nil
}

func stems(parts []string, stem func(string) string) map[string]bool {
	m := make(map[string]bool, len(parts))
	for _, p := range parts {
		m[stem(p)] = true
	}
	return m
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
