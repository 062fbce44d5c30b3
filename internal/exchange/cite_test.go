package exchange_test

import (
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestARecordIsCitedByItsPublisher(t *testing.T) {
	w := small(t)
	r := seen(t, w, w.Publish(t, w.Project("Kamers in Leiden")))[0]
	s := r.Base()
	license := s.License().Label["nl"]
	want := "@misc{" + s.ID + ",\n  author = {{UDC Leiden}},\n  title = {{Kamers in Leiden}},\n  year = {2026},\n  howpublished = {Plein},\n" +
		"  version = {1},\n  url = {" + fixture.BaseURL + "/id/" + s.ID + "},\n  copyright = {" + license + "},\n}\n"
	if got := exchange.BibTeX(r); got != want {
		t.Errorf("BibTeX is\n%s", got)
	}
	want = "TY  - ELEC\r\nID  - " + s.ID + "\r\nAU  - UDC Leiden\r\nTI  - Kamers in Leiden\r\nPY  - 2026\r\nDA  - 2026/03/02/\r\nPB  - Plein\r\nET  - 1\r\n" +
		"LA  - nl\r\nUR  - " + fixture.BaseURL + "/id/" + s.ID + "\r\nC1  - " + license + "\r\nER  - \r\n"
	if got := exchange.RIS(r); got != want {
		t.Errorf("RIS is\n%q", got)
	}
}

func TestACitationOfAFrozenVersionHasItsNumber(t *testing.T) {
	w := small(t)
	made := w.Publish(t, w.Template("Werkwijze", "2.1.0", "vraag")).(*record.ProcessTemplate)
	v, err := w.ByID(t.Context(), made.Versions[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if got := exchange.BibTeX(v[0]); !strings.Contains(got, "version = {2.1.0},") {
		t.Errorf("BibTeX is\n%s", got)
	}
}

func TestHostileTitlesCannotBreakACitation(t *testing.T) {
	w := small(t)
	for title, want := range map[string]string{
		`50% & $5 #1 a_b ~ ^`:                  `50\% \& \$5 \#1 a\_b \textasciitilde{} \textasciicircum{}`,
		`}, note = {x`:                         `\textbraceright{}, note = \textbraceleft{}x`,
		`\input{/etc/passwd}`:                  `\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}`,
		"een\ntwee\r\nER  - \r\nTY  - BOOK":    "een twee ER - TY - BOOK",
		"nul\x00 \x1b]0;titel\x07 @misc{a, b}": `nul ]0;titel @misc\textbraceleft{}a, b\textbraceright{}`,
	} {
		p := unsaved(w, title)
		p.URI = fixture.BaseURL + `/id/a}b\c{d` + "\n e"
		p.Provenance = record.Demo
		bib, ris := exchange.BibTeX(p), exchange.RIS(p)
		if !strings.Contains(bib, "title = {{"+want+"}},\n") {
			t.Errorf("%q became\n%s", title, bib)
		}
		if strings.Count(bib, "{") != strings.Count(bib, "}") || strings.Count(bib, "\n") != 10 {
			t.Errorf("the braces or lines of a citation do not fit:\n%s", bib)
		}
		if !strings.Contains(bib, "url = {"+fixture.BaseURL+"/id/a%7Db%5Cc%7Bd%20e},") || !strings.Contains(bib, "note = {Verzonnen voorbeeld},") {
			t.Errorf("address or note is lost:\n%s", bib)
		}
		if strings.Count(ris, "\r\n") != 13 || strings.Count(ris, "\n") != 13 || !strings.HasSuffix(ris, "\r\nER  - \r\n") || strings.Count(ris, "TY  - ") != 1 {
			t.Errorf("the lines of a citation do not fit: %q", ris)
		}
	}
}
