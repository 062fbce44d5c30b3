package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/render"
)

// asPage checks that a reply is a whole page of the application and nothing of the shell.
func (r reply) asPage(t *testing.T, status int, h1 string) {
	t.Helper()
	r.has(t, status, "<!doctype html>", "<h1>"+h1+"</h1>", `<script type="application/json" id="data">{"site":{"base":"https://plein.test","demo":false},"results":[`, "</html>")
	for _, left := range []string{"Een ogenblik", "<!--", "null}</script>"} {
		if strings.Contains(r.body, left) {
			t.Errorf("%q is left in the page", left)
		}
	}
}

// asShell checks that a reply is the shell, which nobody may keep.
func (r reply) asShell(t *testing.T) {
	t.Helper()
	r.has(t, 200, "<!doctype html>", "<title>Plein</title>", `<div id="app"><p>Een ogenblik</p></div>`, `"results":null}</script>`, `src="/assets/app-1a2b.js"`)
	h := r.Header
	if h.Get("Cache-Control") != "no-store" || h.Get("X-Robots-Tag") != "noindex" || h.Get("ETag") != "" {
		t.Errorf("the shell may be kept: %v", h)
	}
	if strings.Contains(r.body, "geheim") {
		t.Error("the shell says what went wrong")
	}
}

func TestAPageIsPlannedAskedAndRendered(t *testing.T) {
	e := newEdge(t, nil)
	home := e.get(t, "/")
	home.asPage(t, 200, "Begin")
	home.has(t, 200, `<html lang="nl">`, "<title>Begin</title>", "<p>https://plein.test</p>")
	if home.Header.Get("Content-Language") != "nl" || home.Header.Get("Content-Type") != "text/html; charset=utf-8" || home.Header.Get("Cache-Control") != "no-cache" ||
		strings.Join(home.Header.Values("Vary"), ", ") != "Accept-Encoding" {
		t.Errorf("%v", home.Header)
	}
	found := e.get(t, "/en/zoeken?q=kamers+overlast&q=b")
	found.asPage(t, 200, "Zoeken")
	found.has(t, 200, `<html lang="en">`, "kamers overlast")
	if found.Header.Get("Content-Language") != "en" {
		t.Errorf("%v", found.Header)
	}
	if n := e.graphql.executed.Load(); n != 2 {
		t.Errorf("executed %d operations, want 2", n)
	}
	for name := range found.Header {
		if strings.HasPrefix(name, "Plein-") {
			t.Errorf("%s reached the client", name)
		}
	}
}

func TestAPageThatIsOnlyReadTakesNoDataAlong(t *testing.T) {
	e := newEdge(t, nil)
	still := e.get(t, "/still")
	still.asPage(t, 200, "Stil")
	still.has(t, 200, "<p>1</p>", `,"results":[]}</script>`)
	e.get(t, "/zoeken?q=lang").has(t, 200, `"results":[{`)
}

func TestAnOperationOfAPageIsATrustedDocumentInThePagesLanguage(t *testing.T) {
	e := newEdge(t, nil)
	for path, language := range map[string]string{"/zoeken?q=a": "nl", "/en/zoeken?q=a": "en"} {
		page := e.get(t, path, "Accept-Language", "fr", "Cookie", "a=b", "Authorization", "Bearer "+goodToken)
		_, data, _ := strings.Cut(page.body, `id="data">`)
		data, _, _ = strings.Cut(data, "</script>")
		var got struct {
			Results []struct {
				Seen struct {
					Method, Viewer string
					Headers        http.Header
				}
			}
		}
		if err := json.Unmarshal([]byte(data), &got); err != nil || len(got.Results) != 1 {
			t.Fatal(err, data)
		}
		seen := got.Results[0].Seen
		if seen.Method != "POST" || seen.Viewer != "" || seen.Headers.Get("Accept-Language") != language || seen.Headers.Get("Cookie") != "" || seen.Headers.Get("Authorization") != "" {
			t.Errorf("%s: %+v", path, seen)
		}
	}
}

func TestTextsCannotEndTheDataOrTheMarkup(t *testing.T) {
	e := newEdge(t, nil)
	page := e.get(t, "/zoeken?q=%3C/script%3E%3Cscript%3Ealert(1)%3C/script%3E%3C!--%E2%80%A8")
	page.asPage(t, 200, "Zoeken")
	if strings.Count(page.body, "<script") != 2 || strings.Count(page.body, "</script>") != 2 || strings.Contains(page.body, "\u2028") && !strings.Contains(page.body, `\u2028`) {
		t.Error(page.body)
	}
}

func TestStatusesAndRedirectsAreThoseOfTheApplication(t *testing.T) {
	e := newEdge(t, nil)
	for path, want := range map[string]struct {
		status    int
		h1        string
		kept      bool
		wantsLink string
	}{
		"/nergens":     {404, "Niet gevonden", true, ""},
		"/gone":        {410, "Weg", true, ""},
		"/bad":         {400, "Onjuist", false, ""},
		"/unavailable": {503, "Nu niet", false, ""},
		"/moved":       {301, "", true, "/zoeken?q=a"},
		"/projecten":   {301, "", true, "/zoeken?soort=PROJECT"},
	} {
		_, before := e.cacheSize()
		got := e.get(t, path)
		if want.h1 != "" {
			got.asPage(t, want.status, want.h1)
		}
		if got.StatusCode != want.status || got.Header.Get("Location") != want.wantsLink || got.Header.Get("ETag") != "" {
			t.Errorf("%s: %d %v", path, got.StatusCode, got.Header)
		}
		if _, after := e.cacheSize(); (after > before) != want.kept {
			t.Errorf("%s: kept is %v, want %v", path, after > before, want.kept)
		}
		if want.kept != (got.Header.Get("Cache-Control") == "no-cache") {
			t.Errorf("%s: Cache-Control %s", path, got.Header.Get("Cache-Control"))
		}
	}
	if got := e.get(t, "/unavailable"); got.Header.Get("Retry-After") != "5" {
		t.Errorf("%v", got.Header)
	}
}

func TestAFormerSearchHasMoved(t *testing.T) {
	e := newEdge(t, nil)
	for path, want := range map[string]string{
		"/?q=kamers+overlast":                 "/zoeken?q=kamers+overlast",
		"/?q=":                                "/zoeken",
		"/?q=a&f=thema:wonen&f=soort:PROJECT": "/zoeken?q=a&soort=PROJECT&thema=wonen",
		"/?q=a&f=fase:LOPEND&f=x:y&after=c2":  "/zoeken?q=a&status=LOPEND",
		"/?q=%0d%0aSet-Cookie:+a=b":           "/zoeken?q=%0D%0ASet-Cookie%3A+a%3Db",
	} {
		if got := e.get(t, path); got.StatusCode != 301 || got.Header.Get("Location") != want || got.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, got.StatusCode, got.Header)
		}
	}
	e.get(t, "/?van=elders").asPage(t, 200, "Begin")
}

func TestAPageThatCannotBeRenderedIsTheShell(t *testing.T) {
	within := func(limit time.Duration) *edge {
		return newEdge(t, func(c *Config) { c.App.Renderer = renderer(t, render.Config{Limit: limit}) })
	}
	// What fails has all the time that a busy machine takes for it.
	edges := map[string]*edge{"late": within(300 * time.Millisecond), "failed": within(time.Minute)}
	for path, reason := range map[string]string{
		"/loop": "late", "/plan-loop": "late", "/throw": "failed", "/plan-throw": "failed", "/deep": "failed", "/huge": "failed",
		"/nothing": "failed", "/away": "failed", "/plan-away": "failed", "/en/throw": "failed",
	} {
		e, counter := edges[reason], `plein_page_shells_total{reason="`+reason+`"}`
		before := e.metric(t, counter)
		_, kept := e.cacheSize()
		got := e.get(t, path)
		got.asShell(t)
		if language := addressLanguage(path); got.Header.Get("Content-Language") != language || !strings.Contains(got.body, `<html lang="`+language+`"`) {
			t.Errorf("%s: %v", path, got.Header)
		}
		if e.metric(t, counter) == before {
			t.Errorf("%s was not counted as %s", path, reason)
		}
		if _, now := e.cacheSize(); now != kept {
			t.Errorf("%s was kept", path)
		}
		e.get(t, "/zoeken?q="+strings.TrimPrefix(path, "/")).asPage(t, 200, "Zoeken")
	}
	if log := edges["failed"].log.String(); strings.Contains(log, "geheim") || !strings.Contains(log, "the script threw Error at render server.js") {
		t.Errorf("the log: %s", log)
	}
}

func TestWithoutAnAnswerTheVisitorReadsWhy(t *testing.T) {
	e := newEdge(t, nil)
	for path, texts := range map[string][]string{
		"/zoeken?q=broken":    {`<html lang="nl">`, "Dit lukt nu niet", "This does not work now"},
		"/en/zoeken?q=broken": {`<html lang="en">`, "<h1>This does not work now</h1>", "Dit lukt nu niet"},
	} {
		got := e.get(t, path)
		got.has(t, 503, texts...)
		if got.Header.Get("Retry-After") != "5" || got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("Content-Language") != addressLanguage(path) {
			t.Errorf("%v", got.Header)
		}
	}
	e.get(t, "/zoeken?q=panic").has(t, 500, "Er ging iets mis")
	e.get(t, "/").asPage(t, 200, "Begin")
}

func TestAFaultCanBeReadByKeyboardAndScreenReader(t *testing.T) {
	e := newEdge(t, nil)
	for _, path := range []string{"/id/prj_gone", "/id/niets", "/zoeken?q=broken", "/en/zoeken?q=broken"} {
		page := e.get(t, path)
		page.has(t, page.StatusCode, "<html lang=", "<main>", "<header>", `name="viewport"`, "<h2>", e.faultPage.stylePath, page.Header.Get("X-Request-Id"))
		if strings.Count(page.body, "<h1>") != 1 || strings.Contains(page.body, "<script") || strings.Contains(page.body, "style=") {
			t.Errorf("%s: no single h1, or script or style inline", path)
		}
	}
}

func TestWithTooManyPagesAtOnceTheBrowserRenders(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Limits.Executing, c.Limits.PageQueue, c.Limits.PageQueueWait = 1, 1, 10*time.Millisecond
	})
	first := make(chan reply, 1)
	go func() { first <- e.get(t, "/zoeken?q=slow") }()
	<-e.graphql.started
	e.get(t, "/zoeken?q=a").asShell(t)
	if got := e.metric(t, `plein_page_shells_total{reason="busy"}`); got != "1" {
		t.Errorf("%s shells were counted", got)
	}
	if api := e.ask(t, "{ a }"); api.StatusCode != 200 {
		t.Errorf("pages keep programs out: %d", api.StatusCode)
	}
	e.graphql.proceed <- struct{}{}
	held := <-first
	held.asPage(t, 200, "Zoeken")
}

func TestTwoHundredVisitorsAtOnceNeverGetABrokenPage(t *testing.T) {
	for name, adjust := range map[string]func(*Config){
		"as it is": nil,
		"with little room": func(c *Config) {
			c.Limits.Executing, c.Limits.PageQueue, c.Limits.PageQueueWait = 8, 16, 50*time.Millisecond
			c.App.Renderer = renderer(t, render.Config{Machines: 1, Queue: 1, Limit: 100 * time.Millisecond})
		},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEdge(t, adjust)
			var all sync.WaitGroup
			var mu sync.Mutex
			got := map[string]int{}
			count := func(what string) { mu.Lock(); got[what]++; mu.Unlock() }
			for i := range 200 {
				all.Go(func() {
					words := fmt.Sprintf("vraag%dx", i/2) // each is asked by two
					switch r := e.get(t, "/zoeken?q="+words); {
					case strings.Contains(r.body, `"results":null`):
						r.asShell(t)
						count("shell")
					default:
						r.asPage(t, 200, "Zoeken")
						r.has(t, 200, words)
						count("page")
					}
				})
			}
			all.Wait()
			t.Log(got)
			if got["page"] == 0 {
				t.Errorf("%v", got)
			}
		})
	}
}

func TestManyWhoWantTheSamePageShareOneExecution(t *testing.T) {
	e := newEdge(t, nil)
	const askers = 20
	var all sync.WaitGroup
	bodies := make([]string, askers)
	for i := range askers {
		all.Go(func() { bodies[i] = e.get(t, "/zoeken?q=slow").body })
	}
	<-e.graphql.started
	eventually(t, "all have asked", func() bool { return e.metric(t, "plein_http_in_flight_requests") == fmt.Sprint(askers+1) })
	e.graphql.proceed <- struct{}{}
	all.Wait()
	if n := e.graphql.executed.Load(); n != 1 {
		t.Errorf("executed %d times", n)
	}
	for _, body := range bodies {
		if body != bodies[0] || !strings.Contains(body, "<h1>Zoeken</h1>") {
			t.Errorf("got %q", body)
		}
	}
}

func TestAShellIsSharedByThoseWhoAskNowAndMadeAnewLater(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.App.Renderer = renderer(t, render.Config{Machines: 1, Limit: 300 * time.Millisecond})
	})
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() { e.get(t, "/loop").asShell(t) })
	}
	all.Wait()
	if n := e.metric(t, `plein_page_shells_total{reason="late"}`); n == "10" {
		t.Error("each visitor ran into the limit for himself")
	}
}

func TestPagesAreKeptByVersionAndRevalidated(t *testing.T) {
	version := "v1"
	e := newEdge(t, func(c *Config) { c.Version = func() string { return version } })
	first := e.get(t, "/zoeken?q=kamers")
	tag := first.Header.Get("ETag")
	if again := e.get(t, "/zoeken?q=kamers"); again.body != first.body || e.graphql.executed.Load() != 1 {
		t.Errorf("executed %d times", e.graphql.executed.Load())
	}
	if got := e.get(t, "/zoeken?q=kamers", "If-None-Match", tag); got.StatusCode != 304 || got.body != "" || got.Header.Get("Content-Language") != "nl" {
		t.Errorf("got %d %v", got.StatusCode, got.Header)
	}
	if got := e.do(t, http.MethodHead, "/zoeken?q=kamers", ""); got.StatusCode != 200 || got.body != "" || got.Header.Get("ETag") != tag || got.ContentLength != int64(len(first.body)) {
		t.Errorf("HEAD: %d %v", got.StatusCode, got.Header)
	}
	if small := e.get(t, "/zoeken?q=kamers", "Accept-Encoding", "gzip"); small.Header.Get("Content-Encoding") != "gzip" || gunzip(t, small.body) != first.body {
		t.Errorf("compressed: %v", small.Header)
	}
	before := e.graphql.executed.Load()
	version = "v2"
	if got := e.get(t, "/zoeken?q=kamers", "If-None-Match", tag); got.StatusCode != 304 || e.graphql.executed.Load() != before+1 {
		t.Errorf("after a change that is not seen: %d, executed %d times", got.StatusCode, e.graphql.executed.Load())
	}
	e.get(t, "/zoeken?q=mine") // what is not for sharing makes a page that is not kept
	if got := e.get(t, "/zoeken?q=mine"); got.Header.Get("Cache-Control") != "no-store" || e.graphql.executed.Load() != before+3 {
		t.Errorf("%v, executed %d times", got.Header, e.graphql.executed.Load())
	}
	if got := e.do(t, http.MethodPost, "/zoeken?q=a", "", "Accept", "text/html"); got.StatusCode != 405 || got.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d %v", got.StatusCode, got.Header)
	}
}

func TestStrangeAddressesPushOutNothing(t *testing.T) {
	const capacity = 256 << 10
	e := newEdge(t, func(c *Config) { c.Limits.CacheBytes, c.NoRateLimit = capacity, true })
	e.get(t, "/zoeken?q=gelezen")
	for i := range 400 {
		e.get(t, fmt.Sprintf("/nergens/%d", i))
	}
	if bytes, _ := e.strays.size(); bytes > capacity/16 {
		t.Errorf("%d bytes", bytes)
	}
	executed := e.graphql.executed.Load()
	if e.get(t, "/zoeken?q=gelezen"); e.graphql.executed.Load() != executed {
		t.Error("what is read was pushed out")
	}
}

func TestHostileAddressesAreAnsweredWithoutHarm(t *testing.T) {
	address, stop := serve(t, newEdge(t, nil).Server)
	defer stop()
	for _, path := range []string{
		"//evil.example", "//evil.example/..", "/\\evil.example", "/%5cevil.example", "/%2f%2fevil.example", "/en//evil.example", "/.//evil.example",
		"/%0d%0aSet-Cookie:%20a=b", "/zoeken?q=%0d%0aSet-Cookie:%20a=b", "/?q=%0d%0aLocation:%20//evil.example",
		"/a%00b", "/zoeken?q=%00", "/zoeken?q=a%00b", "/%ff%fe", "/zoeken?q=%ff%fe%zz%", "/zoeken?%", "/zoeken?q=%", "/zoeken?;;&&==", "/zoeken?q[]=a&q[__proto__]=b",
		"/__proto__", "/constructor/prototype", "/zoeken?__proto__=a&constructor=b", "/../../etc/passwd", "/..%2f..%2fetc/passwd", "/en/../../x", "/en", "/en/", "/EN",
		"/zoeken?q=" + strings.Repeat("a", 4<<10), "/" + strings.Repeat("a/", 2100), "/zoeken?" + strings.Repeat("q&", 2000), "/zoeken?" + strings.Repeat("q=a&", 9),
		"/zoeken?q=%F0%9F%98%80%ED%A0%80", "/zoeken?q=${7*7}{{.}}<!--app--><!--data-->", "/<!--data-->", "/zoeken?q=<!--head-->",
		"/sitemap/../x", "/sitemap/%00.xml", "/sitemap/records-%ff.xml", "/sitemap/records-" + strings.Repeat("a", 500) + ".xml",
	} {
		status, header, body := raw(t, address, path)
		if status >= 500 || status == 0 {
			t.Errorf("%.60q: status %d", path, status)
		}
		location := header.Get("Location")
		if header.Get("Set-Cookie") != "" || strings.HasPrefix(location, "//") || strings.HasPrefix(location, "/\\") || strings.Contains(location, ":") && !strings.HasPrefix(location, "/") {
			t.Errorf("%.60q leads to %q %v", path, location, header)
		}
		if strings.Contains(body, "<!--") || strings.Count(body, `id="data"`) > 1 {
			t.Errorf("%.60q changed the document: %s", path, body)
		}
	}
	for path, want := range map[string]int{"/zoeken?q=" + strings.Repeat("a", 4<<10): 414, "/zoeken?q=%00": 400, "/a%00b": 404, "/%ff": 404} {
		if status, _, _ := raw(t, address, path); status != want {
			t.Errorf("%.60q: status %d, want %d", path, status, want)
		}
	}
}

func TestWhatIsWrittenDifferentlyIsOnePageWhereItMeansTheSame(t *testing.T) {
	e := newEdge(t, nil)
	address, stop := serve(t, e.Server)
	defer stop()
	for _, path := range []string{"/zoeken?q=%C3%A9", "/zoeken?q=é"} {
		if status, _, body := raw(t, address, path); status != 200 || !strings.Contains(body, "é") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
	if n := e.graphql.executed.Load(); n != 1 {
		t.Errorf("executed %d times", n)
	}
}

func TestWithoutAnApplicationEveryPageSaysHowToBuildIt(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.App = App{Unbuilt: []byte("<h1>Niet gebouwd</h1>")} })
	for _, path := range []string{"/", "/zoeken?q=a", "/nergens"} {
		got := e.get(t, path)
		got.has(t, 503, "Niet gebouwd")
		if got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", got.Header)
		}
	}
	if got := e.get(t, "/id/prj_1", "Accept", "application/json"); got.StatusCode != 200 {
		t.Errorf("a document needs no application: %d", got.StatusCode)
	}
}

func TestATemplateThatIsNotOneIsRefused(t *testing.T) {
	whole := string(testdata(t, "template.html"))
	for _, mark := range []string{`<html lang="nl"`, "<!--head-->", "<!--app-->", "<!--shell-->", "<!--/shell-->", "<!--data-->"} {
		for _, template := range []string{strings.Replace(whole, mark, "", 1), strings.Replace(whole, mark, mark+mark, 1)} {
			if _, err := cutTemplate([]byte(template)); err == nil || !strings.Contains(err.Error(), mark) {
				t.Errorf("%s: %v", mark, err)
			}
		}
	}
	_, err := New(Config{App: App{Template: []byte(whole)}})
	if err == nil || !strings.Contains(err.Error(), "missing") {
		t.Error(err)
	}
}
