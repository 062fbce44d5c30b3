package exchange

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/udc-community/plein/internal/record"
)

// gazetteer finds municipalities by the names that people use for them.
type gazetteer struct {
	ref       *record.Reference
	byName    map[string][]*record.Municipality
	provinces map[string]bool
}

func newGazetteer(ref *record.Reference) *gazetteer {
	g := &gazetteer{ref: ref, byName: map[string][]*record.Municipality{}, provinces: map[string]bool{}}
	for _, m := range ref.AllMunicipalities() {
		g.provinces[plain(m.Province)] = true
		// Under its name, its aliases, and its name without what tells namesakes apart: "Bergen (NH.)".
		base, _, _ := strings.Cut(m.Name, " (")
		known := map[string]bool{}
		for _, name := range append([]string{m.Name, base}, m.Aliases...) {
			if n := plain(name); !known[n] {
				known[n] = true
				g.byName[n] = append(g.byName[n], m)
			}
		}
	}
	return g
}

// plain is a name as names are compared: folded, letters and digits only. 's-Gravenhage, ’s Gravenhage and
// s-gravenhage are one.
func plain(name string) string {
	return strings.Join(strings.FieldsFunc(record.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// municipality finds one by CBS code or by name. A name that several municipalities have is a problem and never a
// guess.
func (g *gazetteer) municipality(s string) (*record.Municipality, *record.Problem) {
	if code, wrong := readCode(strings.TrimSpace(s)); wrong == nil && g.ref.Municipality(code) != nil {
		return g.ref.Municipality(code), nil
	}
	name := plain(s)
	if rest, ok := strings.CutPrefix(name, "gemeente "); ok {
		name = rest
	}
	switch found := g.byName[name]; len(found) {
	case 0:
		p := record.Wrong(record.NotFound, fmt.Sprintf("Er is geen gemeente %q.", s), fmt.Sprintf("There is no municipality %q.", s))
		return nil, &p
	case 1:
		return found[0], nil
	default:
		p := ambiguous(s, found)
		return nil, &p
	}
}

func ambiguous(s string, found []*record.Municipality) record.Problem {
	names := make([]string, len(found))
	for i, m := range found {
		names[i] = m.Name + " (" + m.Code + ")"
	}
	return record.Wrong(record.Invalid,
		fmt.Sprintf("%q kan %s zijn. Schrijf de volledige naam of de gemeentecode.", s, strings.Join(names, " of ")),
		fmt.Sprintf("%q may be %s. Write the full name or the municipality's code.", s, strings.Join(names, " or ")))
}
