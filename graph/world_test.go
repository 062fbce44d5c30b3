package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

// node is the contract on a real catalogue and a real index.
type node struct {
	*fixture.World
	http.Handler
	index      *search.Index
	federation *federation.Federation
}

func each(t *testing.T, do func(*testing.T, *node)) {
	t.Helper()
	fixture.Each(t, func(t *testing.T, w *fixture.World) { do(t, open(t, w)) })
}

func open(t testing.TB, w *fixture.World) *node {
	t.Helper()
	return openTrusting(t, w, nil)
}

// openTrusting is open with documents of our own pages, by their hash.
func openTrusting(t testing.TB, w *fixture.World, trusted map[string]string) *node {
	t.Helper()
	f, err := federation.Open(t.Context(), federation.Config{Catalog: w.Catalog, KeyFile: filepath.Join(t.TempDir(), "key"), Place: "here", Software: "plein test",
		AllowLoopback: true, Logger: slog.New(slog.DiscardHandler), Aside: w.Store.BeginAside, Dialect: w.Store.Dialect})
	if err != nil {
		t.Fatal(err)
	}
	return openWith(t, w, f, trusted)
}

// openWith is openTrusting with what is known of other nodes; nil for a node by itself.
func openWith(t testing.TB, w *fixture.World, f *federation.Federation, trusted map[string]string) *node {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	x, err := search.Open(t.Context(), search.Config{Dir: filepath.Join(t.TempDir(), "index"), Catalog: w.Catalog, Log: w.Log, Now: w.Clock.Now, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	h, err := graph.NewHandler(&graph.Resolver{Catalog: w.Catalog, Files: w.Files, Federation: f, Index: x, Accounts: w.Accounts, Sessions: w.Sessions, Tokens: w.Tokens, Now: w.Clock.Now, Logger: logger, Version: "test", Full: store.IsFull,
		RequestID: func(context.Context) string { return "req-1" }, Budget: func(context.Context) graph.Budget { return graph.Budget{Limit: 60_000, Remaining: 59_000, Used: 1_000} }}, trusted)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{World: w, Handler: h, index: x, federation: f}
	n.catchUp(t)
	return n
}

// catchUp lets the index take in everything that was written.
func (n *node) catchUp(t testing.TB) {
	t.Helper()
	if err := n.index.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.Log.CatchUp(t.Context(), n.index); err != nil {
		t.Fatal(err)
	}
}

// answer is what a client gets.
type answer struct {
	Data       map[string]any
	Errors     []fault
	Extensions map[string]any
	status     int
	header     http.Header
	bytes      []byte
}

type fault struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

func (n *node) send(t testing.TB, ctx context.Context, body []byte) *answer {
	t.Helper()
	r := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	return read(t, w)
}

func read(t testing.TB, w *httptest.ResponseRecorder) *answer {
	t.Helper()
	a := &answer{status: w.Code, header: w.Header()}
	a.bytes, _ = io.ReadAll(w.Result().Body)
	if err := json.Unmarshal(a.bytes, a); err != nil {
		t.Fatalf("not JSON: %.300s", a.bytes)
	}
	return a
}

func (n *node) ask(t testing.TB, ctx context.Context, query string, variables map[string]any) *answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	return n.send(t, ctx, body)
}

// must is ask for an operation that has to succeed.
func (n *node) must(t testing.TB, ctx context.Context, query string, variables map[string]any) map[string]any {
	t.Helper()
	a := n.ask(t, ctx, query, variables)
	if len(a.Errors) > 0 {
		t.Fatalf("%s: %+v", query, a.Errors)
	}
	return a.Data
}

func stranger(t testing.TB) context.Context { return identity.AsStranger(t.Context()) }

// followers matches what is read in the background after a write: by who keeps reference data and releases in memory, and
// by who follows the log. Nothing that is asked reads those tables outside a transaction, nor templates in that order.
var followers = regexp.MustCompile("^driver\\.Query: .* FROM ([\"`](changes|releases|concepts|municipalities|organizations|data_sources)[\"`]|.* ORDER BY CASE WHEN .* END, [\"`]publications[\"`]\\.[\"`]published_at[\"`], [\"`]publications[\"`]\\.[\"`]id[\"`] LIMIT 500)")

// sent are the statements since the reset, without those of followers: they come when they come.
func (n *node) sent() []string {
	return slices.DeleteFunc(n.Statements.All(), followers.MatchString)
}
