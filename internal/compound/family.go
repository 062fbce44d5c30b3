package compound

import (
	_ "embed"
	"math"
	"strconv"
	"strings"
)

// figures has a line for every part: the part, in how many longer words it comes first, in how many last.
//
//go:embed families.txt
var figures string

// family is what is known of a part.
type family struct {
	part string
	// The sizes of its morphological family, each as log(1+n).
	first, last, whole float64
	// letters is what its length is worth.
	letters float64
	// comesFirst is why it comes first only; 0 when it does not.
	comesFirst int
}

func newFamily(part string, first, last float64) family {
	return family{
		part: part,
		// What often comes last is a word, and so may come first.
		first:      logSize(max(first, last/2)),
		last:       logSize(last),
		whole:      logSize(first + last),
		letters:    letters(part),
		comesFirst: firstOnly[part],
	}
}

func logSize(n float64) float64 { return math.Log(1 + n) }

func letters(part string) float64 {
	worth := perLetter * float64(min(len(part), 9))
	switch len(part) {
	case 3:
		worth += threeLetters
	case 4:
		worth += fourLetters
	}
	return worth
}

// particle is what it costs that a part is one.
func (f family) particle() float64 {
	switch f.comesFirst {
	case where:
		return afterWhere
	case verbal:
		return afterVerbal
	}
	return 0
}

// known is the family of a word that is an exception: it is a word for sure, whatever the figures say.
func (f family) known(word string) family {
	k := newFamily(word, 20, 20)
	k.first, k.last, k.whole = max(f.first, k.first), max(f.last, k.last), max(f.whole, k.whole)
	return k
}

func readFamilies(table string) map[string]family {
	families := make(map[string]family, strings.Count(table, "\n"))
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		part, sizes, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		first, last, _ := strings.Cut(sizes, " ")
		f, err := strconv.Atoi(first)
		l, err2 := strconv.Atoi(last)
		if err != nil || err2 != nil {
			panic("compound: families.txt is damaged at " + strconv.Quote(line))
		}
		families[part] = newFamily(part, float64(f), float64(l))
	}
	return families
}
