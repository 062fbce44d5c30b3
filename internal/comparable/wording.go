package comparable

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// saying is what is said of one factor; apart tells that it speaks against.
type saying struct {
	text, ours, theirs record.Text
	apart              bool
}

// both is a text in Dutch and English; where there is one form, both have the same values.
func both(nl, en string, values ...any) record.Text {
	return record.Text{record.Dutch: fmt.Sprintf(nl, values...), record.English: fmt.Sprintf(en, values...)}
}

// languages in which everything is said.
func languages() []record.Language { return []record.Language{record.Dutch, record.English} }

// prefixed puts words before a text, Dutch and English.
func prefixed(nl, en string, t record.Text) record.Text {
	return record.Text{record.Dutch: nl + t.In(record.Dutch), record.English: en + t.In(record.English)}
}

// shown is how many words or names a reason gives.
const shown = 5

// listed joins names, in each language; nil when there are none.
func listed[T any](xs []T, name func(T) record.Text) record.Text {
	if len(xs) == 0 {
		return nil
	}
	out := record.Text{}
	for _, l := range languages() {
		var names []string
		for _, x := range xs[:min(len(xs), shown)] {
			names = append(names, name(x).In(l))
		}
		out[l] = strings.Join(names, ", ")
	}
	return out
}

func same(s string) record.Text { return record.Text{record.Dutch: s, record.English: s} }

func labels(cs []*record.Concept) record.Text {
	return listed(cs, func(c *record.Concept) record.Text { return c.Label })
}

func names(ds []*record.DataSource) record.Text {
	return listed(ds, func(d *record.DataSource) record.Text { return same(d.Name) })
}

// sayWords names words in the language of whoever reads, and in the other where that has none.
func sayWords(ours, theirs map[string][]string) saying {
	if len(ours) == 0 {
		return saying{}
	}
	one := record.Text{record.Dutch: "Gaat over hetzelfde woord: ", record.English: "About the same word: "}
	many := record.Text{record.Dutch: "Gaat over dezelfde woorden: ", record.English: "About the same words: "}
	x := saying{ours: record.Text{}, theirs: record.Text{}, text: record.Text{}}
	first := func(words []string) string { return strings.Join(words[:min(len(words), shown)], ", ") }
	for _, l := range languages() {
		spoken := l
		if len(ours[l]) == 0 {
			spoken = slices.Sorted(maps.Keys(ours))[0]
		}
		x.ours[l], x.theirs[l] = first(ours[spoken]), first(theirs[spoken])
		lead := many
		if len(ours[spoken]) == 1 {
			lead = one
		}
		x.text[l] = lead[l] + x.ours[l]
	}
	return x
}

func sayDomains(ours, theirs []*record.Concept) saying {
	x := saying{ours: labels(ours), theirs: labels(theirs)}
	if met := common(ours, theirs, conceptIRI); len(met) == 1 {
		x.text = prefixed("Zelfde thema: ", "Same theme: ", labels(met))
		return x
	} else if len(met) > 1 {
		x.text = prefixed("Zelfde thema’s: ", "Same themes: ", labels(met))
		return x
	}
	for _, o := range ours {
		for _, t := range theirs {
			if kinship(o, t) > 0 {
				x.text = prefixed("Verwant thema: ", "Related theme: ", labels([]*record.Concept{t}))
				return x
			}
		}
	}
	x.text = different(x.theirs, len(theirs), "Ander thema: ", "Andere thema’s: ", "Another theme: ", "Other themes: ",
		both("Zij noemen geen thema", "They name no theme"))
	return x
}

func sayMethods(ours, theirs []*record.Concept) saying {
	x := saying{ours: labels(ours), theirs: labels(theirs)}
	switch met := common(ours, theirs, conceptIRI); len(met) {
	case 0:
		x.text = different(x.theirs, len(theirs), "Andere methode: ", "Andere methoden: ", "Another method: ", "Other methods: ",
			both("Zij noemen geen methode", "They name no method"))
	case 1:
		x.text = prefixed("Dezelfde methode: ", "The same method: ", labels(met))
	default:
		x.text = prefixed("Dezelfde methoden: ", "The same methods: ", labels(met))
	}
	return x
}

func saySources(ours, theirs []*record.DataSource) saying {
	x := saying{ours: names(ours), theirs: names(theirs)}
	if met := common(ours, theirs, sourceIRI); len(met) > 0 {
		x.text = prefixed("Gebruikt ook: ", "Also uses: ", names(met))
		return x
	}
	x.text = different(x.theirs, len(theirs), "Andere bron: ", "Andere bronnen: ", "Another source: ", "Other sources: ",
		both("Zij noemen geen bronnen", "They name no sources"))
	return x
}

// different names what n things they have instead, or says that they name none.
func different(theirs record.Text, n int, oneNL, moreNL, oneEN, moreEN string, none record.Text) record.Text {
	switch n {
	case 0:
		return none
	case 1:
		return prefixed(oneNL, oneEN, theirs)
	}
	return prefixed(moreNL, moreEN, theirs)
}

func saySameMunicipality(m *record.Municipality) saying {
	return saying{text: both("Dezelfde gemeente: %s", "The same municipality: %s", m.Name), ours: same(m.Name), theirs: same(m.Name)}
}

// Ratios of inhabitants that have words of their own.
const (
	aboutAsLarge = 1.5
	larger       = 2
	muchLarger   = 4
)

func saySize(ours, theirs *record.Municipality) saying {
	x := saying{ours: inhabitants(ours), theirs: inhabitants(theirs)}
	ratio, nl, en := float64(theirs.Population)/float64(ours.Population), "groter", "larger"
	if ratio < 1 {
		ratio, nl, en = 1/ratio, "kleiner", "smaller"
	}
	var lead record.Text
	switch {
	case ratio < aboutAsLarge:
		x.text = record.Text{
			record.Dutch:   fmt.Sprintf("Ongeveer even groot: %s en %s inwoners", rounded(theirs.Population, "."), rounded(ours.Population, ".")),
			record.English: fmt.Sprintf("About the same size: %s and %s inhabitants", rounded(theirs.Population, ","), rounded(ours.Population, ",")),
		}
		return x
	case ratio < larger:
		lead = record.Text{record.Dutch: "Iets " + nl, record.English: "A little " + en}
	case ratio < muchLarger:
		lead, x.apart = record.Text{record.Dutch: capital(nl), record.English: capital(en)}, true
	default:
		lead, x.apart = record.Text{record.Dutch: "Veel " + nl, record.English: "Much " + en}, true
	}
	x.text = record.Text{
		record.Dutch:   fmt.Sprintf("%s: %s inwoners tegen %s", lead[record.Dutch], rounded(theirs.Population, "."), rounded(ours.Population, ".")),
		record.English: fmt.Sprintf("%s: %s inhabitants against %s", lead[record.English], rounded(theirs.Population, ","), rounded(ours.Population, ",")),
	}
	return x
}

func inhabitants(m *record.Municipality) record.Text {
	return record.Text{
		record.Dutch:   fmt.Sprintf("%s: %s inwoners", m.Name, rounded(m.Population, ".")),
		record.English: fmt.Sprintf("%s: %s inhabitants", m.Name, rounded(m.Population, ",")),
	}
}

// rounded is a number as people say it, in hundreds or thousands, with a mark between them.
func rounded(n int, mark string) string {
	switch {
	case n >= 10_000:
		n = (n + 500) / 1_000 * 1_000
	case n >= 1_000:
		n = (n + 50) / 100 * 100
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func sayUnknownSize(ours, theirs *record.Municipality) saying {
	who := unknownOf(ours, theirs, func(m *record.Municipality) bool { return m.Population == 0 })
	return saying{text: prefixed("Niet bekend is het aantal inwoners van ", "The number of inhabitants is not known of ", who)}
}

func sayUrbanity(ours, theirs *record.Municipality) saying {
	o, t := ours.UrbanityLabel(), theirs.UrbanityLabel()
	x := saying{ours: o, theirs: t}
	const notUrban = 5
	switch apart := max(ours.Urbanity-theirs.Urbanity, theirs.Urbanity-ours.Urbanity); {
	case apart == 0:
		x.text = prefixed("Ook ", "Also ", t)
		return x
	case apart == 1:
		x.text = record.Text{
			record.Dutch:   fmt.Sprintf("Bijna even stedelijk: %s, u %s", t[record.Dutch], o[record.Dutch]),
			record.English: fmt.Sprintf("Nearly as urban: %s, you %s", t[record.English], o[record.English]),
		}
		return x
	}
	x.apart = true
	nl, en := capital(t[record.Dutch]), capital(t[record.English])
	switch {
	case theirs.Urbanity == notUrban:
		x.text = record.Text{record.Dutch: nl + ", u wel", record.English: en + ", and you are"}
	case ours.Urbanity == notUrban:
		x.text = record.Text{record.Dutch: nl + ", u niet", record.English: en + ", and you are not"}
	default:
		x.text = record.Text{record.Dutch: nl + ", u " + o[record.Dutch], record.English: en + ", and you are " + o[record.English]}
	}
	return x
}

func sayUnknownUrbanity(ours, theirs *record.Municipality) saying {
	who := unknownOf(ours, theirs, func(m *record.Municipality) bool { return m.Urbanity == 0 })
	x := saying{text: record.Text{
		record.Dutch:   fmt.Sprintf("De stedelijkheid van %s is niet bekend", who[record.Dutch]),
		record.English: fmt.Sprintf("The urbanity of %s is not known", who[record.English]),
	}}
	if ours.Urbanity > 0 {
		x.ours = ours.UrbanityLabel()
	}
	if theirs.Urbanity > 0 {
		x.theirs = theirs.UrbanityLabel()
	}
	return x
}

// unknownOf names those of whom something is unknown.
func unknownOf(ours, theirs *record.Municipality, unknown func(*record.Municipality) bool) record.Text {
	switch {
	case !unknown(theirs):
		return same(ours.Name)
	case !unknown(ours):
		return same(theirs.Name)
	}
	return record.Text{record.Dutch: theirs.Name + " en " + ours.Name, record.English: theirs.Name + " and " + ours.Name}
}

func sayProvince(ours, theirs *record.Municipality) saying {
	x := saying{ours: same(ours.Province), theirs: same(theirs.Province)}
	if ours.Province == theirs.Province {
		x.text = both("Ook in %s", "Also in %s", theirs.Province)
		return x
	}
	x.text, x.apart = both("In een andere provincie: %s", "In another province: %s", theirs.Province), true
	return x
}

func sayDepartment(ours, theirs bool) saying {
	x := saying{ours: departmentLabel(ours), theirs: departmentLabel(theirs), apart: ours != theirs}
	switch {
	case ours && theirs:
		x.text = both("Ook een eigen onderzoeksafdeling", "Also a research department of their own")
	case theirs:
		x.text = both("Zij hebben een eigen onderzoeksafdeling", "They have a research department of their own")
	case ours:
		x.text = both("Zij hebben geen eigen onderzoeksafdeling", "They have no research department of their own")
	default:
		x.text = both("Ook geen eigen onderzoeksafdeling", "Neither has a research department of its own")
	}
	return x
}

func departmentLabel(has bool) record.Text {
	if has {
		return both("eigen onderzoeksafdeling", "own research department")
	}
	return both("geen eigen onderzoeksafdeling", "no research department of its own")
}
