package search

import (
	"math"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestEditsAreTheLettersToChange(t *testing.T) {
	for _, c := range []struct {
		a, b string
		n    int
	}{
		{"kamer", "kamer", 0}, {"kamer", "kame", 1}, {"kamer", "kammer", 1}, {"kamer", "komer", 1},
		{"kamer", "kmaer", 1}, // two neighbours swapped
		{"kamer", "kmaers", 2}, {"kamer", "komet", 2}, {"ab", "ba", 1}, {"", "ab", 2},
		{"ca", "abc", 3}, // no letter is edited twice
		{"kamer", "huizen", 3}, {"kamer", "kamerverhuur", 3}, {"", "", 0},
	} {
		if a, b := edits(c.a, c.b), edits(c.b, c.a); a != c.n || b != c.n {
			t.Errorf("%q and %q: %d and %d edits, want %d", c.a, c.b, a, b, c.n)
		}
	}
}

func TestLikenessIsTheShareOfPiecesInCommon(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"kamer", "kamer", 1},
		{"kamer", "kamers", 2 * 4 / 11.}, // _ka kam ame mer
		{"kamer", "kmaer", 2 * 1 / 10.},  // er_
		{"notul", "notuler", 2 * 4 / 12.},
		{"aaaaaa", "aaaa", 2 * 4 / 10.}, // a piece is shared as often as both have it
		{"kamer", "huis", 0},
	} {
		if a, b := likeness(c.a, c.b), likeness(c.b, c.a); math.Abs(a-c.want) > 1e-9 || a != b {
			t.Errorf("%q and %q: %v and %v, want %v", c.a, c.b, a, b, c.want)
		}
	}
}

func TestALexiconFindsWhatIsOneEditAwayAndWhatLooksAlike(t *testing.T) {
	words := []string{"huis", "kamer", "kamers", "kamerverhuur", "notulen", "overlast", "verkamer", "vraag", "woning"}
	x := newLexicon(words)
	for typed, want := range map[string][]string{
		"huas":     {"huis"},
		"hius":     {"huis"},
		"kmaer":    {"kamer"},
		"kamre":    {"kamer"},
		"overlat":  {"overlast"},
		"ovrlasst": {"overlast"},
		"vragen":   {},
		"zzzz":     {},
	} {
		found := map[string]lookalike{}
		x.similar(typed, found)
		got := []string{}
		for w, l := range found {
			got = append(got, w)
			if l.term != w || l.edits != edits(typed, w) || l.likeness != likeness(typed, w) {
				t.Errorf("%s: %+v", typed, l)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s looks like %q, want %q", typed, got, want)
		}
	}
	newLexicon(nil).similar("kamer", map[string]lookalike{}) // a segment without words
}

func TestTyposFindWhatWasMeant(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "Overlast door verkeer", "Waar staat het stil?", "Over de huizen langs de singel.")
	x := open(t, w)
	for typed, meant := range map[string]string{
		"overlats": "overlast", "ovrlast": "overlast", "overrlast": "overlast", "overlist": "overlast",
		"ovverlasst": "overlast", // two edits in a long word
		"verkear":    "verkeer", "signel": "singel", "OVERLATS": "overlast", "overlats verkeer": "overlast verkeer",
		"\"verkeer\" overlats!": "\"verkeer\" overlast!", "overlats  -fiets": "overlast  -fiets",
	} {
		r := find(t, x, Request{Text: typed})
		if r.Suggestion != meant || r.Total != 1 || r.Exact != 0 || !r.Relaxed {
			t.Errorf("%s: %q, %d found, %d exact, relaxed %v", typed, r.Suggestion, r.Total, r.Exact, r.Relaxed)
		}
		if again := find(t, x, Request{Text: r.Suggestion}); again.Exact != 1 || again.Suggestion != "" {
			t.Errorf("%s: what is suggested finds %d, and suggests %q", typed, again.Exact, again.Suggestion)
		}
	}
	for _, far := range []string{"ver", "oxerxaxt", "sxngxl", `"overlats"`} {
		if r := find(t, x, Request{Text: far}); r.Suggestion != "" {
			t.Errorf("%s suggests %q", far, r.Suggestion)
		}
	}
}

func TestAWordOfNoFoundRecordIsNeverSuggested(t *testing.T) {
	w := fixture.SQLite(t)
	publish(t, w, "Overlast door verkeer", "x", "x")
	secret := publish(t, w, "Onteigening van panden", "x", "x").Base().ID
	community := w.Project("Geheimhouding")
	community.Audience = record.Community
	w.Publish(t, community)
	x := open(t, w)
	silent := func(when, typed string) {
		t.Helper()
		r := find(t, x, Request{Text: typed})
		if r.Suggestion != "" || r.Expansions != nil || r.NextSteps != nil || r.Notice != nil || r.Total != 0 {
			t.Errorf("%s, %s: %+v", when, typed, r)
		}
	}
	if r := find(t, x, Request{Text: "onteigenning"}); r.Suggestion != "onteigening" {
		t.Errorf("while it is public: %q", r.Suggestion)
	}
	silent("never public", "geheimhuoding")
	withdrawAll(t, w, []string{secret})
	silent("hidden, and still in the index", "onteigenning")
	catchUp(t, w, x)
	silent("taken out of the index", "onteigenning")
	do(t, x.Rebuild(t.Context(), nil))
	ready(t, x)
	silent("with a new index", "onteigenning")

	publish(t, w, "Kamers", "x", "x", domain("inkomen"))
	catchUp(t, w, x)
	r := find(t, x, Request{Text: "overlats", Filter: inDomain("inkomen")})
	if r.Suggestion != "" || r.Expansions != nil || r.Total != 0 {
		t.Errorf("outside the filter: %+v", r)
	}
}
