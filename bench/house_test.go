package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
	"github.com/udc-community/plein/internal/web"
)

// house is everything that answers a request, wired as the command wires it, without a network.
type house struct {
	catalog *catalog.Catalog
	index   *search.Index
	graphql http.Handler // the contract alone
	edge    http.Handler // with the HTTP edge and its cache around it
	bare    http.Handler // the edge without a cache
	tokens  *identity.Tokens
	*subjects
}

// open opens the catalogue that PLEIN_BENCH_DATA names, made by ./bench/generate; without it a small one is generated.
// Benchmarks of writes add to it.
func open(t testing.TB) *house {
	t.Helper()
	if dir := os.Getenv("PLEIN_BENCH_DATA"); dir != "" {
		return in(t, dir, func(*catalog.Catalog) {})
	}
	return generated(t, 1_000)
}

// generated is a house on a new catalogue.
func generated(t testing.TB, size int) *house {
	t.Helper()
	return in(t, filepath.Join(t.TempDir(), "data"), func(cat *catalog.Catalog) { fill(t, cat, size) })
}

func in(t testing.TB, dir string, prepare func(*catalog.Catalog)) *house {
	t.Helper()
	st, err := store.Open(t.Context(), store.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	log := changelog.New(st.Client)
	cat, err := catalog.Open(t.Context(), catalog.Config{Client: st.Client, Begin: st.Begin, Log: log, Now: time.Now,
		BaseURL: "http://localhost:8080", Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	prepare(cat)
	return build(t, st, cat, log, filepath.Join(dir, "index"))
}

func fill(t testing.TB, cat *catalog.Catalog, size int) {
	t.Helper()
	if err := exchange.LoadReference(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	if err := Fill(t.Context(), cat, size, Seed, nil); err != nil {
		t.Fatal(err)
	}
}

// build puts index, contract and edge around a catalogue.
func build(t testing.TB, st *store.Store, cat *catalog.Catalog, log *changelog.Log, indexDir string) *house {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	index, err := search.Open(t.Context(), search.Config{Dir: indexDir, Catalog: cat, Log: log, Now: cat.Now, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := index.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := index.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := log.CatchUp(t.Context(), index); err != nil {
		t.Fatal(err)
	}
	h := &house{catalog: cat, index: index, tokens: &identity.Tokens{Client: st.Client, Begin: st.Begin, Aside: st.BeginAside, Now: cat.Now}, subjects: lookUp(t, cat)}
	h.graphql, err = graph.NewHandler(&graph.Resolver{Catalog: cat, Index: index, Now: cat.Now, Logger: logger, Version: "bench", Full: store.IsFull,
		RequestID: web.RequestID, Budget: func(context.Context) graph.Budget { return graph.Budget{} }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	config := web.Config{GraphQL: h.graphql, Schema: graph.SDL(), Reader: web.NewReader(cat), Due: cat.Due, NoRateLimit: true, Logger: logger,
		Version: func() string {
			return strconv.FormatInt(log.Seen(), 36) + "." + strconv.FormatUint(index.Generation(), 36)
		},
		Authenticate: func(ctx context.Context, token string) (context.Context, error) {
			v, err := h.tokens.Authenticate(ctx, token)
			return identity.With(ctx, v), err
		},
		Health: func(context.Context) web.Health { return web.Health{} }}
	if h.edge, err = web.New(config); err != nil {
		t.Fatal(err)
	}
	config.Limits.CacheBytes = -1
	if h.bare, err = web.New(config); err != nil {
		t.Fatal(err)
	}
	return h
}

// ask sends one operation to a handler and gives the status and the body.
func ask(ctx context.Context, to http.Handler, body []byte, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	to.ServeHTTP(w, r)
	return w
}

var errAnswer = errors.New("not the answer that is measured")

// good tells whether an answer is one: a benchmark of refusals measures nothing.
func good(w *httptest.ResponseRecorder) error {
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors":`) || strings.Contains(w.Body.String(), `"userErrors":[{`) {
		return fmt.Errorf("%w: %d %.300s", errAnswer, w.Code, w.Body)
	}
	return nil
}

// nothing is the beginning of an answer that found nothing.
var nothing = regexp.MustCompile(`^{"data":{"\w+":(null|\[\]|{"nodes":\[\]|{"totalCount":0)`)

// full asks an operation once and checks that it answers with something to measure.
func full(t testing.TB, to http.Handler, o operation) *httptest.ResponseRecorder {
	t.Helper()
	w := ask(identity.AsStranger(t.Context()), to, o.body(t, 0))
	if err := good(w); err != nil {
		t.Fatalf("%s: %v", o.name, err)
	}
	if nothing.Match(w.Body.Bytes()) {
		t.Fatalf("%s finds nothing: %.300s", o.name, w.Body)
	}
	return w
}

// rowsOf counts the rows of a list.
func rowsOf(t testing.TB, w *httptest.ResponseRecorder) int {
	t.Helper()
	var out struct {
		Data struct{ Projects struct{ Nodes []struct{} } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return len(out.Data.Projects.Nodes)
}

// created makes a working copy and gives its id and revision.
func created(t testing.TB, h *house, i int) (id string, revision int) {
	t.Helper()
	w := ask(h.as(t.Context()), h.graphql, h.create().body(t, i))
	var out struct {
		Data struct {
			ProjectCreate struct {
				Project struct {
					ID       string
					Revision int
				}
			}
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || out.Data.ProjectCreate.Project.ID == "" {
		t.Fatalf("create: %v %.300s", err, w.Body)
	}
	return out.Data.ProjectCreate.Project.ID, out.Data.ProjectCreate.Project.Revision
}
