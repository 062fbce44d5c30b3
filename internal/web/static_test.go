package web

import (
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

func TestWhatDoesNotChangeIsServedWithItsTag(t *testing.T) {
	e := newEdge(t, nil)
	for path, c := range map[string]struct{ kind, cache string }{
		"/graphql/schema.graphql":  {"text/plain; charset=utf-8", "no-cache"},
		"/robots.txt":              {"text/plain; charset=utf-8", "no-cache"},
		"/assets/app-1a2b.js":      {"text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"/assets/fonts/noto.woff2": {"font/woff2", "public, max-age=31536000, immutable"},
		e.faultPage.stylePath:      {"text/css; charset=utf-8", "public, max-age=31536000, immutable"},
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
	none := newEdge(t, func(c *Config) { c.Assets = nil })
	none.do(t, http.MethodGet, "/assets/a.js", "").has(t, 404)
}

func TestSecurityContactIsShownWhenThereIsOne(t *testing.T) {
	now := newClock()
	e := newEdge(t, func(c *Config) { c.SecurityContact, c.Now = "mailto:security@plein.example", now.Now })
	e.do(t, http.MethodGet, "/.well-known/security.txt", "").has(t, 200, "Contact: mailto:security@plein.example\n", "Expires: 2027-07-11T00:00:00Z\n")
	newEdge(t, nil).do(t, http.MethodGet, "/.well-known/security.txt", "").has(t, 404)
}

func TestADateIsTheDayInTheNetherlands(t *testing.T) {
	for at, want := range map[string]string{
		"2027-01-11T23:00:00Z": "12 januari 2027/12 January 2027",
		"2027-06-30T21:59:59Z": "30 juni 2027/30 June 2027",
		"2027-06-30T22:00:00Z": "1 juli 2027/1 July 2027",
	} {
		parsed, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if nl, en := dates(parsed); nl+"/"+en != want {
			t.Errorf("%s: %s/%s, want %s", at, nl, en, want)
		}
	}
}
