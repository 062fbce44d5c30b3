package web

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The cached path without the network: what the edge itself costs.
func BenchmarkACachedRead(b *testing.B)  { benchmarkRead(b, "") }
func BenchmarkANotModified(b *testing.B) { benchmarkRead(b, "*") }

func benchmarkRead(b *testing.B, ifNoneMatch string) {
	e := newEdge(b, func(c *Config) {
		c.NoRateLimit = true
		c.Logger = slog.New(slog.NewJSONHandler(io.Discard, nil))
	})
	body := `{"query":"query q($first: Int) { projects(first: $first) { nodes { title } } }","variables":{"first":20}}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("If-None-Match", ifNoneMatch)
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code >= 400 {
			b.Fatal(w.Code, w.Body)
		}
	}
}

// The figure holds request and recorder of the test too (about 16); it was 69 when the limit was set.
func TestANotModifiedAnswerStaysCheap(t *testing.T) {
	const limit = 80
	e := newEdge(t, func(c *Config) { c.NoRateLimit, c.Logger = true, slog.New(slog.DiscardHandler) })
	body := `{"query":"query q($first: Int) { projects(first: $first) { nodes { title } } }","variables":{"first":20}}`
	got := testing.AllocsPerRun(200, func() {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("If-None-Match", "*")
		w := httptest.NewRecorder()
		if e.ServeHTTP(w, r); w.Code != http.StatusNotModified {
			t.Fatal(w.Code)
		}
	})
	if got > limit {
		t.Errorf("%.0f allocations, want at most %d", got, limit)
	}
}
