package search

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestHostileQueriesGetAProblemOrAnOrdinaryAnswer(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	x := open(t, w)
	v := x.live.Load()
	longQuestion := "" // as many different words as are taken, none of which is spelled well
	for i := range maxWords {
		longQuestion += fmt.Sprintf("overlats%c%c ", 'a'+i%26, 'a'+i%7)
	}
	for _, live := range []*volume{v, nil} {
		x.live.Store(live)
		for q, code := range map[string]record.Code{
			strings.Repeat("a", 100_000):          record.TooLong,
			strings.Repeat("woord ", 10_000):      record.TooLong,
			strings.Repeat("w ", 400):             record.TooMany,
			strings.Repeat("-w ", 300):            record.TooMany,
			strings.Repeat(`"w" `, 200):           record.TooMany,
			"nul\x00":                             record.Invalid,
			"\x1b[31mrood":                        record.Invalid,
			"half \xc3":                           record.Invalid,
			"regel\neen\ttwee":                    "",
			strings.Repeat("a", 1_000):            "",
			strings.Repeat("é", 1_000):            "",
			"/(a+)+$/":                            "",
			"/[a-z]{1,1000}/":                     "",
			"*":                                   "",
			"*a*b*c*":                             "",
			"kamer~2":                             "",
			"title:verkamering":                   "",
			"_id:prj_1":                           "",
			"%":                                   "",
			"' OR 1=1 --":                         "",
			`"`:                                   "",
			`""""""`:                              "",
			`-"`:                                  "",
			"- - - -":                             "",
			strings.Repeat("-", 1000):             "",
			strings.Repeat(`"`, 1000):             "",
			"((((((":                              "",
			"a^1e308":                             "",
			"\u202everkamering\u202c":             "",
			"ver\u00adkamering":                   "",
			"👍🏽 ½ ﬁ ĳ İ":                          "",
			strings.Repeat("a\u0301", 400):        "",
			strings.Repeat("\u00ad", 900):         "",
			"\ufeff\u200b\u200d":                  "",
			"AND OR NOT kamers^3 +overlast (x~)*": "",
			"-":                                   "",
			strings.Repeat("a", 64):               "",
			strings.Repeat("a", 65):               "",
			strings.Repeat("kamer", 13):           "", // a compound without end
			strings.TrimSpace(strings.Repeat("w ", 32)):      "",
			strings.TrimSpace(strings.Repeat("kamers ", 33)): record.TooMany,
			longQuestion: "",
		} {
			for _, s := range []Sort{Relevance, Title} {
				_, err := x.Find(t.Context(), Request{Text: q, First: 10, Sort: s, Facets: []record.Field{record.FieldKind}})
				var ps record.Problems
				switch {
				case code == "" && err != nil:
					t.Errorf("%.40q: %v", q, err)
				case code != "" && (!errors.As(err, &ps) || ps[0].Code != code || fmt.Sprint(ps[0].Field) != "[query]"):
					t.Errorf("%.40q: %v, want %s", q, err, code)
				}
			}
		}
	}
	x.live.Store(v)
	want(t, titlesOf(find(t, x, Request{Text: "ver\u00adkamering"})), "Verkamering")
	want(t, titlesOf(find(t, x, Request{Text: "title:verkamering"})), "Verkamering")

	many := catalog.Match{Field: record.FieldYear, Values: make([]string, 501)}
	for name, r := range map[string]Request{
		"first": {First: 0}, "filter": {First: 5, Filter: catalog.Filter{All: []catalog.Match{many}}},
	} {
		if _, err := x.Find(t.Context(), r); err == nil || !strings.HasPrefix(err.Error(), name+":") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := x.Find(t.Context(), Request{First: 101}); err == nil {
		t.Error("101 results are given")
	}
	good := find(t, x, Request{First: 1, Text: "vraag"}).Hits[0].Cursor
	for _, c := range []string{"x", "bnVsbA", strings.Repeat("A", 100_000), good + "A", good[:len(good)-2], good} {
		_, err := x.Find(t.Context(), Request{First: 1, Text: "vraag", After: c, Sort: Title})
		if fmt.Sprint(err) != fmt.Sprint(catalog.ErrCursor) {
			t.Errorf("cursor %.20q: %v", c, err)
		}
	}
	nan := place{List: mustPlan(t, x, Request{First: 1, Text: "vraag"}).list, Values: []string{"NaN", "x"}}.String()
	if _, err := x.Find(t.Context(), Request{First: 1, Text: "vraag", After: nan}); fmt.Sprint(err) != fmt.Sprint(catalog.ErrCursor) {
		t.Errorf("a place that is no number: %v", err)
	}
	full := find(t, x, Request{Text: "vraag", First: 100, Filter: catalog.Filter{All: []catalog.Match{{Field: record.FieldYear, Values: make([]string, 500)}}}})
	if full.Degraded || full.Total != 0 {
		t.Errorf("a full filter: %+v", full)
	}
}

func TestSignsMayStandAnywhereInAQuestion(t *testing.T) {
	w := fixture.SQLite(t)
	starter(t, w)
	x := open(t, w)
	words := []rune("kamers studenten -overlast wijken")
	for _, sign := range `"“„«-*?~^:\\/()[]{}+&|!<>%_'` {
		for i := range len(words) + 1 {
			q := string(slices.Insert(slices.Clone(words), i, sign))
			r := find(t, x, Request{Text: q, Facets: []record.Field{record.FieldKind}})
			if r.Degraded || r.Exact > r.Total || len(r.Hits) != r.Total {
				t.Errorf("%s: degraded %v, %d hits, %d exact of %d", q, r.Degraded, len(r.Hits), r.Exact, r.Total)
			}
		}
	}
}

func mustPlan(t *testing.T, x *Index, r Request) *plan {
	t.Helper()
	p, err := x.newPlan(r)
	do(t, err)
	return p
}

func TestTheAnalysisTakesAnyText(t *testing.T) {
	x := &Index{languages: newLanguages()}
	check := func(b []byte) bool {
		s := string(b)
		for _, l := range x.languages {
			for _, a := range []analysis.Analyzer{l.analyzer, pairs{l.analyzer}, prefixes{}} {
				for _, token := range a.Analyze(b) {
					if len(token.Term) == 0 || len(token.Term) > 2*longestWord+8 || utf8.Valid(b) && !utf8.Valid(token.Term) {
						return false
					}
				}
			}
		}
		q, err := x.languages.parse(s)
		if err == nil {
			x.highlight(record.Words{Title: record.NL(s), Body: []record.Text{record.NL(s + s + s)}, Tags: []string{s}}, x.typed(&q), nil)
		}
		return true
	}
	if err := quick.Check(check, &quick.Config{MaxCount: 2_000}); err != nil {
		t.Error(err)
	}
	text := func(rs []rune) bool { return check([]byte(string(rs))) }
	if err := quick.Check(text, &quick.Config{MaxCount: 2_000}); err != nil {
		t.Error(err)
	}
}

func FuzzFind(f *testing.F) {
	w := fixture.SQLite(f)
	x := open(f, w)
	f.Add(`kamers "van de" -overlast`)
	f.Fuzz(func(t *testing.T, q string) {
		r, err := x.Find(t.Context(), Request{Text: q, First: 3})
		var ps record.Problems
		if err != nil && !errors.As(err, &ps) || err == nil && r.Degraded {
			t.Errorf("%q: %v", q, err)
		}
	})
}
