package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (r reply) has(t *testing.T, status int, texts ...string) {
	t.Helper()
	if r.StatusCode != status {
		t.Errorf("status %d, want %d", r.StatusCode, status)
	}
	for _, text := range texts {
		if !strings.Contains(r.body, text) {
			t.Errorf("%q is missing in\n%s", text, r.body)
		}
	}
}

func TestEveryPageCanBeUsedByKeyboardAndScreenReader(t *testing.T) {
	e := newEdge(t, nil)
	for _, path := range []string{"/", "/?q=kamers", "/?q=niets", "/id/prj_1", "/id/prj_gone", "/nergens"} {
		page := e.do(t, http.MethodGet, path, "")
		page.has(t, page.StatusCode, `<html lang="nl">`, `<a class="skip" href="#inhoud">`, `<main id="inhoud"`, `<header`, `<footer`, `<nav aria-label=`, `name="viewport"`)
		if strings.Count(page.body, "<h1>") != 1 || strings.Contains(page.body, "<script") || strings.Contains(page.body, "style=") {
			t.Errorf("%s: no single h1, or script or style inline", path)
		}
		if strings.Contains(page.body, `<input`) && !strings.Contains(page.body, `<label for="q">`) {
			t.Errorf("%s: an input without a label", path)
		}
	}
}

func TestASearchShowsResultsFacetsAndTheWayOn(t *testing.T) {
	e := newEdge(t, nil)
	e.do(t, http.MethodGet, "/?q=kamers+overlast", "").has(t, 200,
		`<title>kamers overlast – zoeken – Plein</title>`,
		`value="kamers overlast"`,
		`1.530 resultaten voor “kamers overlast”`,
		`<a href="/id/prj_1">Verkamering</a>`,
		`Project · UDC Leiden · <time datetime="2027-01-11T23:30:00Z">12 januari 2027</time>`,
		`klachten over <mark>kamers</mark> &lt;script&gt;`,
		`<a href="/?f=thema%3Awonen&amp;q=kamers&#43;overlast">Wonen <span class="number">(1.530)</span></a>`,
		`<a rel="next" href="/?after=c2&amp;q=kamers&#43;overlast">Volgende 20</a>`)
	e.do(t, http.MethodGet, "/?q=kamers&f=thema:wonen&after=c2", "").has(t, 200,
		`<a href="/?q=kamers" aria-current="true">Wonen`,
		`<a href="/?f=thema%3Awonen&amp;q=kamers">Terug naar de eerste 20</a>`,
		`<a href="/?q=kamers">Wis alles</a>`)
}

func TestNothingFoundSaysWhatToDoNext(t *testing.T) {
	e := newEdge(t, nil)
	e.do(t, http.MethodGet, "/?q=niets&f=thema:wonen", "").has(t, 200,
		`Niets gevonden voor “niets”`, `<a href="/?q=niets">Zoek zonder filters</a>`, `>iets</a>`, `<a href="/?q=">Bekijk alle beschrijvingen</a>`)
}

func TestWhatAVisitorTypesIsNeverMarkup(t *testing.T) {
	e := newEdge(t, nil)
	page := e.do(t, http.MethodGet, "/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&f=a:%22onload=b", "")
	if page.StatusCode != 200 || strings.Contains(page.body, "<script") || strings.Contains(page.body, `"onload`) {
		t.Errorf("%d %s", page.StatusCode, page.body)
	}
}

func TestABadSearchLinkIsExplained(t *testing.T) {
	e := newEdge(t, nil)
	for path, text := range map[string]string{
		"/?q=a&after=expired":                  "Deze link klopt niet meer",
		"/?q=%zz":                              "Deze link klopt niet meer",
		"/?q=%ff":                              "Deze link klopt niet meer",
		"/?q=a&f=nofacet":                      "Deze link klopt niet meer",
		"/?q=a" + strings.Repeat("&f=a:b", 21): "Deze link klopt niet meer",
		"/?q=a&after=" + strings.Repeat("a", 600): "Deze link klopt niet meer",
		"/?q=" + strings.Repeat("a", 201):         "hooguit 200 tekens",
	} {
		e.do(t, http.MethodGet, path, "").has(t, 400, text)
	}
	broken := e.do(t, http.MethodGet, "/?q=broken", "")
	broken.has(t, 500, "Er ging iets mis", broken.Header.Get("X-Request-Id"))
	if strings.Contains(broken.body, "/var/lib") || !strings.Contains(e.log.String(), "/var/lib") {
		t.Error("the cause belongs in the log and not on the page")
	}
}

func TestARecordIsAPageForPeopleAndADocumentForPrograms(t *testing.T) {
	e := newEdge(t, nil)
	page := e.do(t, http.MethodGet, "/id/prj_1", "", "Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	page.has(t, 200, `<h1>Verkamering</h1>`, `<link rel="canonical" href="https://plein.example/id/prj_1">`, `12 januari 2027`, `CC BY 4.0`,
		`<span class="label">Register:</span> <a href="https://bag.example/">BAG</a>`)
	if strings.Contains(page.body, "javascript:") {
		t.Error("a link that runs script")
	}
	document := e.do(t, http.MethodGet, "/id/prj_1", "", "Accept", "application/json")
	if document.body != `{"id":"prj_1"}` || document.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%v %s", document.Header, document.body)
	}
	if vary := strings.Join(document.Header.Values("Vary"), ", "); vary != "Accept, Accept-Encoding" {
		t.Errorf("Vary: %s", vary)
	}
}

func TestWhatIsWithdrawnIsGoneAndWhatIsUnknownIsNotFound(t *testing.T) {
	e := newEdge(t, nil)
	e.do(t, http.MethodGet, "/id/prj_gone", "").has(t, 410, "Ingetrokken: Oude proef", "“Oude proef” is ingetrokken op 1 maart 2027.", "Reden: De vraag is vervallen.")
	e.do(t, http.MethodGet, "/id/prj_gone", "", "Accept", "application/json").wants(t, 410, "GONE")
	e.do(t, http.MethodGet, "/id/prj_private", "").has(t, 410, "Deze beschrijving is ingetrokken.")
	for _, path := range []string{"/id/prj_2", "/id/" + strings.Repeat("a", 200), "/id/%3Cscript%3E", "/id/..%2f..%2fetc", "/nergens"} {
		e.do(t, http.MethodGet, path, "").has(t, 404, "Deze pagina is er niet")
		e.do(t, http.MethodGet, path, "", "Accept", "application/json").wants(t, 404, "NOT_FOUND")
	}
}

func TestPagesAreKeptByVersionAndRevalidated(t *testing.T) {
	version := "v1"
	e := newEdge(t, func(c *Config) { c.Version = func() string { return version } })
	first := e.do(t, http.MethodGet, "/?q=kamers", "")
	e.do(t, http.MethodGet, "/?after=&q=%20kamers%20", "")
	if n := e.library.searches.Load(); n != 1 {
		t.Errorf("searched %d times", n)
	}
	if got := e.do(t, http.MethodGet, "/?q=kamers", "", "If-None-Match", first.Header.Get("ETag")); got.StatusCode != 304 {
		t.Errorf("got %d", got.StatusCode)
	}
	version = "v2"
	e.do(t, http.MethodGet, "/?q=kamers", "")
	if n := e.library.searches.Load(); n != 2 {
		t.Errorf("searched %d times after a change", n)
	}
}

func TestWhatDoesNotChangeIsServedWithItsTag(t *testing.T) {
	e := newEdge(t, nil)
	for path, c := range map[string]struct{ kind, cache string }{
		"/graphql/schema.graphql":  {"text/plain; charset=utf-8", "no-cache"},
		"/api":                     {"text/html; charset=utf-8", "no-cache"},
		"/assets/app-1a2b.js":      {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/fonts/noto.woff2": {"font/woff2", "public, max-age=31536000, immutable"},
		e.templates.stylePath:      {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
	} {
		got := e.do(t, http.MethodGet, path, "")
		tag := got.Header.Get("ETag")
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != c.kind || got.Header.Get("Cache-Control") != c.cache || tag == "" {
			t.Errorf("%s: %d %v", path, got.StatusCode, got.Header)
		}
		if again := e.do(t, http.MethodGet, path, "", "If-None-Match", tag); again.StatusCode != 304 || again.body != "" {
			t.Errorf("%s: %d", path, again.StatusCode)
		}
		if small := e.do(t, http.MethodGet, path, "", "Accept-Encoding", "gzip"); small.Header.Get("Content-Encoding") == "gzip" && gunzip(t, small.body) != got.body {
			t.Errorf("%s differs when compressed", path)
		}
	}
	for _, path := range []string{"/assets/", "/assets/fonts", "/assets/fonts/", "/assets/none.js", "/assets/..%2fsecret"} {
		if got := e.do(t, http.MethodGet, path, ""); got.StatusCode != 404 {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
}

func TestWithoutAFrontendTheAPIPageSaysSo(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.API = func() ([]byte, bool) { return []byte("niet gebouwd"), false } })
	e.do(t, http.MethodGet, "/api", "").has(t, 404, "niet gebouwd")
	none := newEdge(t, func(c *Config) { c.API, c.Assets = nil, nil })
	none.do(t, http.MethodGet, "/api", "").has(t, 404, "Deze pagina is er niet")
	none.do(t, http.MethodGet, "/assets/a.js", "").has(t, 404)
}

func TestSecurityContactIsShownWhenThereIsOne(t *testing.T) {
	now := newClock()
	e := newEdge(t, func(c *Config) { c.SecurityContact, c.Now = "mailto:security@plein.example", now.Now })
	e.do(t, http.MethodGet, "/.well-known/security.txt", "").has(t, 200, "Contact: mailto:security@plein.example\n", "Expires: 2027-07-11T00:00:00Z\n")
	newEdge(t, nil).do(t, http.MethodGet, "/.well-known/security.txt", "").has(t, 404)
}

func TestDutchDatesAndCounts(t *testing.T) {
	for at, want := range map[string]string{
		"2027-01-11T23:00:00Z": "12 januari 2027",
		"2027-06-30T21:59:59Z": "30 juni 2027",
		"2027-06-30T22:00:00Z": "1 juli 2027",
	} {
		parsed, _ := time.Parse(time.RFC3339, at)
		if got := dutchDate(parsed); got != want {
			t.Errorf("%s: %s, want %s", at, got, want)
		}
	}
	for n, want := range map[int]string{0: "0 resultaten", 1: "1 resultaat", 999: "999 resultaten", 1530: "1.530 resultaten", 1234567: "1.234.567 resultaten"} {
		if got := dutchCount(n, "resultaat", "resultaten"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestAPageThatCannotBeAnsweredNowSaysSo(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Pages = closed{} })
	got := e.do(t, http.MethodGet, "/?q=a", "")
	got.has(t, 503, "Dit lukt nu niet")
	if got.Header.Get("Retry-After") == "" {
		t.Error("no Retry-After")
	}
}

type closed struct{}

func (closed) Search(context.Context, SearchRequest) (SearchPage, error) {
	return SearchPage{}, fmt.Errorf("searching: %w", ErrUnavailable)
}

func (closed) Thesaurus(context.Context, string) ([]byte, error) { return nil, ErrUnavailable }

func (closed) Record(context.Context, string) (RecordPage, error) {
	return RecordPage{}, ErrUnavailable
}
