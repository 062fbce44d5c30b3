// Package privacy looks for what seems to be personal data in texts and files, so that whoever writes or uploads them can
// be warned. It warns where it is fairly sure and stays silent where it is not: a check that nags is switched off. So it
// misses much, above all names without a title, and its silence proves nothing.
package privacy

import (
	"cmp"
	"slices"
)

// Kind of personal data.
type Kind string

// Kinds.
const (
	// CitizenNumber is a burgerservicenummer: nine digits that pass the test of eleven.
	CitizenNumber Kind = "CITIZEN_NUMBER"
	// Email is an address that seems to be of a person and not of a function.
	Email Kind = "EMAIL"
	// Phone is a Dutch mobile number.
	Phone Kind = "PHONE"
	// BankAccount is an IBAN.
	BankAccount Kind = "BANK_ACCOUNT"
	// Name is a name behind a title, or a column of names.
	Name Kind = "NAME"
	// Address is a postcode with a house number.
	Address Kind = "ADDRESS"
)

// kinds are all of them, the gravest first.
var kinds = []Kind{CitizenNumber, BankAccount, Phone, Address, Email, Name}

// Finding is a stretch of a text that seems to be personal data: from byte Start up to End.
type Finding struct {
	Kind       Kind
	Start, End int
	// Sample is enough of it to be found again and too little to be of use.
	Sample string
}

// Suspect finds what seems to be personal data in a text, in the order of its places.
func Suspect(text string) []Finding {
	s := scan(text)
	if s.numbers.telling() {
		s.found = append(s.found, s.bare...)
	}
	slices.SortFunc(s.found, func(a, b Finding) int { return cmp.Compare(a.Start, b.Start) })
	return s.found
}

// Total is how often something was found in a file.
type Total struct {
	Kind   Kind
	Count  int
	Sample string // the first
}

// tally adds up what the parts of a file hold.
type tally struct {
	totals  map[Kind]*Total
	bare    []Finding // at most one: the first
	numbers numbers
}

func (t *tally) add(text string) {
	s := scan(text)
	for _, f := range s.found {
		t.count(f, 1)
	}
	t.numbers.tried += s.numbers.tried
	t.numbers.passed += s.numbers.passed
	if len(t.bare) == 0 && len(s.bare) > 0 {
		t.bare = s.bare[:1]
	}
}

func (t *tally) count(f Finding, n int) {
	if t.totals == nil {
		t.totals = map[Kind]*Total{}
	}
	if t.totals[f.Kind] == nil {
		t.totals[f.Kind] = &Total{Kind: f.Kind, Sample: f.Sample}
	}
	t.totals[f.Kind].Count += n
}

// list gives the totals, the gravest first.
func (t *tally) list() []Total {
	if len(t.bare) > 0 && t.numbers.telling() {
		t.count(t.bare[0], t.numbers.passed)
	}
	var out []Total
	for _, k := range kinds {
		if x := t.totals[k]; x != nil {
			out = append(out, *x)
		}
	}
	return out
}

// numbers is how many numbers of the length of a citizen number there were with nothing said about them, and how many of
// them pass the test. One in eleven passes by chance.
type numbers struct{ tried, passed int }

// telling tells whether more pass than chance explains: one in three, or one in five where there are enough to tell.
func (n numbers) telling() bool {
	return n.passed*3 >= n.tried || n.passed >= 20 && n.passed*5 >= n.tried
}
