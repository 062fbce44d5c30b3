package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestTheCatalogueIsSentPartByPart(t *testing.T) {
	version := "v1"
	e := newEdge(t, func(c *Config) { c.Version = func() string { return version } })
	for path, media := range map[string]string{"/catalog.ttl": "text/turtle; charset=utf-8", "/catalog.jsonld": "application/ld+json"} {
		whole := "# " + media + strings.Repeat(" deel", 100) + "\n# " + media + strings.Repeat(" deel", 200) + "\n# " + media + strings.Repeat(" deel", 300) + "\n"
		got := e.get(t, path)
		if got.StatusCode != 200 || got.Header.Get("Content-Type") != media || got.body != whole || got.Header.Get("ETag") != `W/"afdruk"` ||
			got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %d %v\n%s", path, got.StatusCode, got.Header, got.body)
		}
		packed := e.get(t, path, "Accept-Encoding", "gzip")
		if packed.Header.Get("Content-Encoding") != "gzip" || gunzip(t, packed.body) != whole || packed.Header.Get("ETag") != `W/"afdruk"` {
			t.Errorf("%s packed: %d %v", path, packed.StatusCode, packed.Header)
		}
		version = "v2" // something else was written
		for _, tag := range []string{`W/"afdruk"`, `"afdruk"`, `"ander", W/"afdruk"`} {
			if again := e.get(t, path, "If-None-Match", tag); again.StatusCode != 304 || again.body != "" || again.Header.Get("ETag") != `W/"afdruk"` {
				t.Errorf("%s again with %s: %d %v", path, tag, again.StatusCode, again.Header)
			}
		}
		if head := e.do(t, http.MethodHead, path, ""); head.StatusCode != 200 || head.body != "" || head.Header.Get("ETag") != `W/"afdruk"` || head.Header.Get("Content-Type") != media {
			t.Errorf("HEAD %s: %d %v", path, head.StatusCode, head.Header)
		}
	}
	e.do(t, http.MethodPost, "/catalog.ttl", "", "Accept", "application/json").wants(t, 405, "METHOD_NOT_ALLOWED")
	shut := newEdge(t, func(c *Config) { c.Reader = closed{} })
	shut.get(t, "/catalog.ttl", "Accept", "application/json").wants(t, 503, "UNAVAILABLE")
	shut.get(t, "/ldes/dcat", "Accept", "application/json").wants(t, 503, "UNAVAILABLE")
}

// failing is a document of which the second part fails.
type failing struct{ begun bool }

func (f *failing) Next(context.Context) ([]byte, bool, error) {
	if f.begun {
		return nil, false, errors.New("the disk is gone")
	}
	f.begun = true
	return []byte("half"), true, nil
}

type breaking struct{ library }

func (breaking) DCAT(string) (Parts, error) { return &failing{}, nil }

func TestHalfACatalogueDoesNotPassForAWholeOne(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Reader = breaking{} })
	for _, coding := range []string{"identity", "gzip"} {
		response, err := http.DefaultTransport.RoundTrip(e.request(t, http.MethodGet, "/catalog.ttl", "", "Accept-Encoding", coding))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err == nil || response.StatusCode != 200 {
			t.Errorf("%s: %d, %q came to an end", coding, response.StatusCode, body)
		}
	}
}

func TestACatalogueIsPaidForByThePart(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.AddressPoints = 100 })
	for _, want := range []string{"89", "58", "27", "0"} { // each also pays for what comes after its head; the last is brought to its end
		got := e.get(t, "/catalog.ttl")
		if left := got.Header.Get("RateLimit-Remaining"); left != want || strings.Count(got.body, "\n") != 3 {
			t.Errorf("after the first part %q is left, want %s", left, want)
		}
	}
	e.get(t, "/catalog.ttl", "Accept", "application/json").wants(t, 429, "RATE_LIMITED")
}

func TestAFullPageOfAFeedIsKeptAndTheLastIsAskedForAgain(t *testing.T) {
	e := newEdge(t, nil)
	for path, want := range map[string]struct{ body, cache string }{
		"/ldes/dcat":                {`{"@id": "root"}`, "max-age=30, must-revalidate"},
		"/ldes/dcat?page=0":         {`{"epoch": 0, "page": 0}`, "public, max-age=3600, immutable"},
		"/ldes/dcat?epoch=7&page=1": {`{"epoch": 7, "page": 1}`, "max-age=30, must-revalidate"},
	} {
		got := e.get(t, path)
		tag := got.Header.Get("ETag")
		if got.StatusCode != 200 || got.body != want.body || got.Header.Get("Cache-Control") != want.cache || tag == "" ||
			got.Header.Get("Content-Type") != "application/ld+json" || got.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: %d %v %s", path, got.StatusCode, got.Header, got.body)
		}
		if again := e.get(t, path, "If-None-Match", tag); again.StatusCode != 304 || again.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s again: %d %v", path, again.StatusCode, again.Header)
		}
		if head := e.do(t, http.MethodHead, path, ""); head.StatusCode != 200 || head.body != "" {
			t.Errorf("HEAD %s: %d", path, head.StatusCode)
		}
	}
	for _, query := range []string{"page=2", "page=-1", "page=00", "page=+1", "page=1e3", "page=", "page=99999999999999999999", "page=4294967296", "page=0&epoch=x", "page=0&epoch=-1", "page=%00"} {
		e.get(t, "/ldes/dcat?"+query, "Accept", "application/json").wants(t, 404, "NOT_FOUND")
	}
}
