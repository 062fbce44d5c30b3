package render

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// bundle is a small program in the place of the server bundle. The page says what it was given.
const bundle = `(function () {
	'use strict'
	var mark = 0
	function plan(url) {
		return JSON.stringify({ route: 'test', operations: [{ hash: '` + someHash + `', variables: { url: url } }] })
	}
	function render(url, results, site) {
		if (url === '/loop') for (;;) {}
		if (url === '/caught') for (;;) { try { for (;;) {} } catch (e) {} finally {} }
		if (url === '/deep') return (function down(n) { return down(n + 1) + 1 })(0)
		if (url === '/huge') return 'x'.repeat(3 << 20)
		if (url === '/throw') throw new Error('kanarie')
		if (url === '/type') return undefined.title
		if (url === '/thrown') throw 'kanarie'
		if (url === '/number') return 7
		if (url === '/bad') return '{"status":'
		if (url === '/once') { if (mark++) return page('used again'); throw new Error('the first time') }
		if (url === '/leak') return page([
			function () { globalThis.kanarie = 'kanarie' },
			function () { Array.prototype.kanarie = 'kanarie' },
			function () { Object.prototype.kanarie = 'kanarie' },
			function () { String.kanarie = 'kanarie' },
			function () { URLSearchParams.prototype.get = function () { return 'kanarie' } },
			function () { console.log = 'kanarie' },
			function () { JSON.parse = function () { return 'kanarie' } },
			function () { plein.render = function () { return 'kanarie' } },
		].map(function (leak) { try { leak(); return 'done' } catch (e) { return e.name } }).join())
		if (url === '/leaked') return page([globalThis.kanarie, [].kanarie, ({}).kanarie, String.kanarie,
			new URLSearchParams('a=b').get('a'), typeof console.log, JSON.parse('1')].join())
		return page(url + ' ' + results + ' ' + site)
	}
	function page(text) {
		return JSON.stringify({ status: 200, location: '', lang: 'nl', head: '<title>t</title>', body: text })
	}
	Object.assign(globalThis, { plein: { plan: plan, render: render } })
})()`

const someHash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func started(t testing.TB, c Config) *Renderer {
	t.Helper()
	if c.Program == nil {
		c.Program = []byte(bundle)
	}
	c.Limit = cmp.Or(c.Limit, 10*time.Second) // a busy machine is no fault
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func rendered(t testing.TB, r *Renderer, url string) string {
	t.Helper()
	p, err := r.Render(t.Context(), url, []json.RawMessage{[]byte(`{"data":{"a":"<é"}}`)}, Site{Base: "https://plein.test"})
	if err != nil {
		t.Fatal(err)
	}
	return p.Body
}

func TestAPageIsMadeOfURLAnswersAndSite(t *testing.T) {
	r := started(t, Config{})
	if got, want := rendered(t, r, "/a?q=€"), `/a?q=€ [{"data":{"a":"\u003cé"}}] {"base":"https://plein.test","demo":false}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p, err := r.Plan(t.Context(), "/a?q=b")
	if err != nil || p.Route != "test" || len(p.Operations) != 1 || string(p.Operations[0].Variables) != `{"url":"/a?q=b"}` {
		t.Errorf("%+v %v", p, err)
	}
}

func TestAProgramThatGoesWrongIsEndedAndTheNextPageIsWhole(t *testing.T) {
	r := started(t, Config{Machines: 1, Limit: time.Second})
	for url, says := range map[string]string{
		"/loop":   "took too long",
		"/caught": "took too long",
		"/deep":   "plein.render",
		"/huge":   "a text of 3145728 characters",
		"/throw":  "the script threw Error at render server.js:",
		"/type":   "TypeError (Cannot read property 'title' of undefined",
		"/thrown": "the script threw",
		"/number": "no text",
		"/bad":    "reading a page",
	} {
		_, err := r.Render(t.Context(), url, nil, Site{})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", url, err, says)
		} else if strings.Contains(err.Error(), "kanarie") || len(err.Error()) > 600 {
			t.Errorf("%s: the error says too much: %v", url, err)
		}
		if !strings.HasPrefix(rendered(t, r, "/next"), "/next [") {
			t.Errorf("after %s the next page is wrong", url)
		}
	}
	if _, err := r.Render(t.Context(), "/loop", nil, Site{}); !errors.Is(err, ErrLate) {
		t.Errorf("got %v, want ErrLate", err)
	}
}

func TestAMachineThatWentWrongIsNotUsedAgain(t *testing.T) {
	r := started(t, Config{Machines: 1})
	for range 3 {
		if p, err := r.Render(t.Context(), "/once", nil, Site{}); err == nil {
			t.Errorf("the machine was %s", p.Body)
		}
	}
}

func TestNothingOfOnePageReachesTheNext(t *testing.T) {
	r := started(t, Config{Machines: 1})
	if got := rendered(t, r, "/leak"); got != strings.TrimSuffix(strings.Repeat("TypeError,", 8), ",") {
		t.Errorf("something shared could be changed: %s", got)
	}
	if got := rendered(t, r, "/leaked"); got != ",,,,b,function,1" {
		t.Errorf("got %s", got)
	}
}

func TestManyAtOnceGetTheirOwnPageOrHearThatItIsBusy(t *testing.T) {
	r := started(t, Config{Machines: 2, Queue: 8})
	var all sync.WaitGroup
	var pages, refused atomic.Int64
	for i := range 200 {
		all.Go(func() {
			url := fmt.Sprintf("/%d", i)
			p, err := r.Render(t.Context(), url, nil, Site{})
			switch {
			case errors.Is(err, ErrBusy):
				refused.Add(1)
			case err != nil:
				t.Error(err)
			case !strings.HasPrefix(p.Body, url+" "):
				t.Errorf("%s got the page %s", url, p.Body)
			default:
				pages.Add(1)
			}
		})
	}
	all.Wait()
	if pages.Load() == 0 || pages.Load()+refused.Load() != 200 {
		t.Errorf("%d pages, %d refused", pages.Load(), refused.Load())
	}
}

func TestBeyondTheQueueTheAnswerComesAtOnce(t *testing.T) {
	r := started(t, Config{Machines: 1, Queue: 1, Limit: time.Second})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { r.Render(t.Context(), "/loop", nil, Site{}) }) //nolint:errcheck // one runs, one waits
	}
	for len(r.places) < 2 {
		time.Sleep(time.Millisecond)
	}
	if _, err := r.Render(t.Context(), "/a", nil, Site{}); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	both.Wait()
	for len(r.places) > 0 { // the second runs on after its caller gave up
		time.Sleep(time.Millisecond)
	}
	rendered(t, r, "/a")
}

func TestWhoLeavesIsNotWaitedFor(t *testing.T) {
	r := started(t, Config{Machines: 1})
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, err := r.Render(ctx, "/a", nil, Site{}); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	rendered(t, r, "/a")
}

func TestABundleThatCannotWorkIsRefusedAtTheStart(t *testing.T) {
	for program, says := range map[string]string{
		"this is no script":            "compiling server.js",
		"1":                            "ReferenceError",
		"globalThis.plein = {}":        "plein.plan is not a function",
		"globalThis.plein = {plan: 1}": "plein.plan is not a function",
		"globalThis.plein = {plan: function () {}}":        "plein.render is not a function",
		"throw new Error()":                                "the script threw Error",
		"globalThis.plein = null":                          "TypeError",
		"Object.freeze(globalThis); globalThis.plein = {}": "ReferenceError",
		"'use strict'; document.title":                     "ReferenceError",
	} {
		if _, err := New(Config{Program: []byte(program)}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want %q", program, err, says)
		}
	}
}

func TestAnAnswerThatIsNoPageOrPlanIsRefused(t *testing.T) {
	for text, says := range map[string]string{
		`{}`:                                    "no language",
		`{"lang":"nl","status":200}`:            "empty",
		`{"lang":"nl","status":302,"body":"a"}`: "status 302",
		`{"lang":"nl","status":301}`:            "away",
		`{"lang":"nl","status":301,"location":"//elders.example"}`:                   "away",
		`{"lang":"nl","status":301,"location":"/\\elders.example"}`:                  "away",
		`{"lang":"nl","status":301,"location":"https://elders.example"}`:             "away",
		`{"lang":"nl","status":301,"location":"/a\r\nSet-Cookie: b"}`:                "away",
		`{"lang":"nl","status":301,"location":"/` + strings.Repeat("a", 9000) + `"}`: "away",
	} {
		var p Page
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		if err := p.check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60s: got %v, want %q", text, err, says)
		}
	}
	operation := `{"hash":"` + someHash + `"}`
	for text, says := range map[string]string{
		`{}`:                              "route",
		`{"route":"a b"}`:                 "route",
		`{"route":"a","location":"b"}`:    "away",
		`{"route":"a","operations":[{}]}`: "hash",
		`{"route":"a","operations":[{"hash":"` + someHash + `","variables":[1]}]}`:          "no object",
		`{"route":"a","operations":[` + strings.Repeat(operation+",", 8) + operation + `]}`: "9 operations",
	} {
		var p Plan
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Fatal(err)
		}
		if err := p.check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%.60s: got %v, want %q", text, err, says)
		}
	}
	if err := (Page{Status: 301, Language: "nl", Location: "/"}).check(); err != nil {
		t.Error(err)
	}
}

func BenchmarkASmallPage(b *testing.B) {
	r := started(b, Config{Machines: 1})
	results := []json.RawMessage{[]byte(`{"data":{"a":"b"}}`)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Render(b.Context(), "/a", results, Site{Base: "https://plein.test"}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStartingAMachine(b *testing.B) {
	a, err := assemble([]byte(bundle))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := a.start(); err != nil {
			b.Fatal(err)
		}
	}
}
