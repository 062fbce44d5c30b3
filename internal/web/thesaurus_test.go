package web

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheThesaurusIsAFileThatIsKeptAndRevalidated(t *testing.T) {
	version := "v1"
	e := newEdge(t, func(c *Config) { c.Version = func() string { return version } })
	for path, media := range map[string]string{"/thesaurus.ttl": "text/turtle; charset=utf-8", "/thesaurus.jsonld": "application/ld+json"} {
		got := e.do(t, http.MethodGet, path, "")
		tag := got.Header.Get("ETag")
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != media || !strings.HasPrefix(got.body, "# "+media) || tag == "" ||
			got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v", path, got.StatusCode, got.Header)
		}
		version = "v2" // something else was written
		if again := e.do(t, http.MethodGet, path, "", "If-None-Match", tag); again.StatusCode != 304 || again.body != "" {
			t.Errorf("%s again: %d", path, again.StatusCode)
		}
		if packed := e.do(t, http.MethodHead, path, "", "Accept-Encoding", "gzip"); packed.StatusCode != 200 || packed.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: %d %v", path, packed.StatusCode, packed.Header)
		}
	}
	e.do(t, http.MethodPost, "/thesaurus.ttl", "", "Accept", "application/json").wants(t, 405, "METHOD_NOT_ALLOWED")
	closed := newEdge(t, func(c *Config) { c.Reader = closed{} })
	closed.do(t, http.MethodGet, "/thesaurus.ttl", "", "Accept", "application/json").wants(t, 503, "UNAVAILABLE")
}
