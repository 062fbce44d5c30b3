package record

import (
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "wonen": "wonen", "WONEN": "wonen", "Één coördinator": "een coordinator", "ĲSSELSTEIN": "ijsselstein", "ijs": "ijs",
		"Straße": "strasse", "STRAẞE": "strasse", "Ærø": "aero", "ǾRE": "ore", "№ 1": "no 1", "Ⅻ": "xii", "ﬁets": "fiets", "İstanbul": "istanbul",
		"'s-Gravenhage": "'s-gravenhage", "e\u0301": "e", "Ａ": "a",
	} {
		if got := Fold(in); got != want {
			t.Errorf("%q folds to %q, not %q", in, got, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "  ": "", "Verkamering": "verkamering", "Kamers, studenten & overlast!": "kamers-studenten-overlast", "-a-": "a", "ĲZER 2": "ijzer-2",
		"日本": "", "..": "", "a/../b": "a-b",
		strings.Repeat("a", 90):                 strings.Repeat("a", 80),
		strings.Repeat("a", 79) + " b":          strings.Repeat("a", 79),
		strings.Repeat("a", 78) + " bc":         strings.Repeat("a", 78) + "-b",
		strings.Repeat("a", 79) + "ß":           strings.Repeat("a", 79) + "s",
		strings.Repeat("é ", 100):               strings.TrimSuffix(strings.Repeat("e-", 40), "-"),
		strings.Repeat("- ", 100) + "aan\x00de": "aan-de",
	} {
		if got := Slug(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}

func TestDatesAreAsPreciseAsTheyAreKnown(t *testing.T) {
	for d, want := range map[Date]bool{
		"2017": true, "2017-12": true, "2017-12-31": true, "2024-02-29": true,
		"": false, "17": false, "2017-13": false, "2023-02-29": false, "2017-1": false, "2017-12-1": false, "2017/12/31": false, "31-12-2017": false,
		"abcd": false, "2017-12-31T00:00": false, "٢٠١٧": false,
	} {
		if d.Valid() != want {
			t.Errorf("%q: valid is %v", d, d.Valid())
		}
	}
	if Date("2017-12").Year() != "2017" || Date("").Year() != "" {
		t.Error("the year is not the first four digits")
	}
}

func TestATextFallsBackToDutch(t *testing.T) {
	both := Text{Dutch: "ja", English: "yes"}
	for _, c := range []struct {
		text Text
		ask  []string
		want string
	}{
		{both, []string{English}, "yes"}, {both, []string{"fy"}, "ja"}, {both, nil, "ja"}, {Text{English: "yes"}, nil, "yes"},
		{Text{"fy": "ja wis"}, nil, "ja wis"}, {Text{Dutch: "", English: "yes"}, []string{Dutch}, "yes"}, {nil, nil, ""},
	} {
		if got := c.text.In(c.ask...); got != c.want {
			t.Errorf("%v in %v is %q", c.text, c.ask, got)
		}
	}
	if got := both.With(English, ""); len(got) != 1 || both[English] != "yes" {
		t.Errorf("With changed its text, or did not take a language away: %v, %v", got, both)
	}
	if NL("x").With(Dutch, "") != nil {
		t.Error("a text without languages is not nothing")
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Één", "№", "ǅ", "İ", "ﷺ", "\xff", "Ω"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if Fold(once) != once {
			t.Errorf("%q folds to %q and then to %q", s, once, Fold(once))
		}
		if utf8.ValidString(s) && Fold(strings.ToUpper(s)) == "" != (once == "") {
			t.Errorf("%q is empty in one case only", s)
		}
	})
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"", "Kamers & overlast", "ß", "\xff-\x00", strings.Repeat("a ", 60)} {
		f.Add(s)
	}
	form := regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)
	f.Fuzz(func(t *testing.T, s string) {
		got := Slug(s)
		if !form.MatchString(got) || len(got) > 80 || Slug(got) != got {
			t.Errorf("%q becomes %q", s, got)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, k := range Kinds() {
		r, _ := filled(k)
		b, err := Encode(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(r.Base().ID, b)
		f.Add(r.Base().ID, []byte(`{"outputs":[null],"steps":[null],"embargoes":[null]}`))
	}
	f.Add("prj_", []byte(`{`))
	f.Add("x_1", []byte(`{}`))
	f.Fuzz(func(t *testing.T, id string, b []byte) {
		r, err := Decode(id, b)
		if err != nil {
			return
		}
		// What can be read can be written, cut and read again.
		ref := vocabulary()
		r.Base().ID = id
		NewGroup(ref, r)
		v, err := Visible(r, ResultsScope)
		if err != nil {
			t.Fatal(err)
		}
		NewGroup(ref, v)
		TermsOf(v)
		v.Words().Plain()
		v.Derive(ref, time.Unix(0, 0))
		v.Check(ref)
		v.Complete()
		if _, err := Encode(v); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADocumentOfANewerPleinIsRefused(t *testing.T) {
	_, err := Decode("prj_1", []byte(`{"schema":2}`))
	if Schema != 1 || err == nil || !strings.Contains(err.Error(), "upgrade Plein") {
		t.Errorf("got %v", err)
	}
	for _, id := range []string{"", "prj", "abc_1", "tpvx_1"} {
		if r, err := Decode(id, []byte(`{}`)); id != "prj" && err == nil {
			t.Errorf("%q is read as %T", id, r)
		}
	}
}
