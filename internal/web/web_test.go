package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/udc-community/plein/internal/render"
)

// echo is a small GraphQL handler: it answers with the operation that reached it.
type echo struct {
	executed atomic.Int64
	started  chan struct{} // receives one for each operation that contains "slow"
	proceed  chan struct{} // which then waits for one of these
}

func (e *echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.executed.Add(1)
	var op operation
	if r.Method == http.MethodPost {
		json.NewDecoder(r.Body).Decode(&op)
	} else {
		op.Query = r.URL.Query().Get("query")
	}
	// An operation of the application has its words in a variable.
	if query, ok := op.Variables["query"].(string); ok {
		op.Query = query
	}
	if strings.Contains(op.Query, "slow") {
		e.started <- struct{}{}
		select {
		case <-e.proceed:
		case <-r.Context().Done():
			return
		}
	}
	if strings.Contains(op.Query, "panic") {
		panic("secret of the handler")
	}
	w.Header().Set("Content-Type", r.Header.Get("Accept"))
	w.Header().Set(HeaderCost, "10")
	if strings.Contains(op.Query, "free") {
		w.Header().Set(HeaderCost, "0")
	}
	viewer, _ := r.Context().Value(viewerKey{}).(string)
	if !strings.HasPrefix(op.Query, "mutation") && !strings.Contains(op.Query, "mine") && viewer == "" {
		w.Header().Set(HeaderCacheable, "1")
	}
	for range strings.Count(op.Query, "vain") {
		w.Header().Add(HeaderMiss, "warmtepomp")
	}
	if strings.Contains(op.Query, "teapot") {
		w.WriteHeader(http.StatusTeapot)
	}
	if strings.Contains(op.Query, "broken") {
		w.WriteHeader(http.StatusInternalServerError)
	}
	json.NewEncoder(w).Encode(map[string]any{
		"data": map[string]any{"query": op.Query, "variables": op.Variables, "operationName": op.OperationName},
		"seen": map[string]any{"method": r.Method, "headers": r.Header, "host": r.Host, "viewer": viewer},
	})
}

type viewerKey struct{}

const goodToken = "plein_0123456789abcdef"

// library is a Reader with a few records.
type library struct{}

func (library) Record(_ context.Context, id string) (Record, error) {
	switch id {
	case "prj_1":
		return Record{Page: "/projecten/udc-leiden/verkamering", Document: []byte(`{"id":"prj_1"}`)}, nil
	case "org_1":
		return Record{Page: "/udc/udc-leiden"}, nil
	case "prj_gone":
		return Record{}, fmt.Errorf("reading: %w", Gone{Title: "Oude proef", Reason: "De vraag is vervallen.", On: time.Date(2027, 2, 28, 23, 30, 0, 0, time.UTC)})
	case "prj_private":
		return Record{}, Gone{Reason: "Op verzoek."}
	case "prj_broken":
		return Record{}, errors.New("disk at /var/lib/plein is on fire")
	}
	return Record{}, fmt.Errorf("reading: %w", ErrNotFound)
}

func (library) Thesaurus(_ context.Context, media string) ([]byte, error) {
	return []byte("# " + media + strings.Repeat(" begrip", 100)), nil
}

// parts is a document of three parts.
type parts struct {
	media string
	n     int
}

func (p *parts) Next(context.Context) ([]byte, bool, error) {
	p.n++
	return []byte("# " + p.media + strings.Repeat(" deel", 100*p.n) + "\n"), p.n < 3, nil
}

func (library) DCAT(media string) (Parts, error) { return &parts{media: media}, nil }

func (library) DCATFingerprint(context.Context) (string, error) { return "afdruk", nil }

func (library) DCATRoot(context.Context) ([]byte, error) { return []byte(`{"@id": "root"}`), nil }

func (library) DCATPage(_ context.Context, epoch int64, page int) ([]byte, bool, error) {
	if page > 1 {
		return nil, false, fmt.Errorf("reading: %w", ErrNotFound)
	}
	return fmt.Appendf(nil, `{"epoch": %d, "page": %d}`, epoch, page), page == 0, nil
}

func (library) RecordPages(_ context.Context, after string, n int) ([]RecordPage, error) {
	const all = 2*sitemapPart + 1
	var out []RecordPage
	for i := range all {
		id := fmt.Sprintf("prj_%06d", i)
		if id > after && len(out) < n {
			out = append(out, RecordPage{ID: id, Path: "/projecten/udc/" + id, Updated: time.Date(2027, 1, 1, i%24, 0, 0, 0, time.UTC)})
		}
	}
	return out, nil
}

func (library) OtherPages() []string { return []string{"/udc/udc-leiden", "/gemeenten/GM0546"} }

func (library) Places() []Place {
	return []Place{{Lon: 4.49, Lat: 52.16, Population: 127_089}, {Lon: 4.9, Lat: 52.37, Population: 882_633}, {Lon: 6.16, Lat: 53.48}}
}

// edge is a Server on loopback with what it was made of.
type edge struct {
	*Server
	URL     string
	graphql *echo
	log     *buffer
}

type buffer struct {
	lock chan struct{}
	b    bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.lock <- struct{}{}
	defer func() { <-b.lock }()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.lock <- struct{}{}
	defer func() { <-b.lock }()
	return b.b.String()
}

func newEdge(t testing.TB, adjust func(*Config)) *edge {
	t.Helper()
	e := &edge{
		graphql: &echo{started: make(chan struct{}, 100), proceed: make(chan struct{}, 100)},
		log:     &buffer{lock: make(chan struct{}, 1)},
	}
	config := Config{
		GraphQL: e.graphql,
		Schema:  []byte("type Query { node(id: ID!): Node }\n" + strings.Repeat("# a longer text\n", 100)),
		Reader:  library{},
		App:     App{Template: testdata(t, "template.html"), Renderer: renderer(t, render.Config{Limit: 10 * time.Second})}, // a busy machine is no fault
		Site:    render.Site{Base: "https://plein.test"},
		Assets: fstest.MapFS{
			"app-1a2b.js":      {Data: []byte(strings.Repeat("export const a = 1;\n", 200))},
			"fonts/noto.woff2": {Data: []byte("wOF2 not really a font")},
		},
		Due:     func(context.Context) error { return nil },
		Version: func() string { return "v1" },
		Authenticate: func(ctx context.Context, token string) (context.Context, error) {
			if token != goodToken {
				return nil, errors.New("no such token in table tokens")
			}
			return context.WithValue(ctx, viewerKey{}, "UDC Leiden"), nil
		},
		Health: func(context.Context) Health {
			return Health{Components: []Component{{Name: "database", State: OK, Vital: true}, {Name: "index", State: OK}}}
		},
		Logger: slog.New(slog.NewJSONHandler(e.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if adjust != nil {
		adjust(&config)
	}
	server, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	e.Server = server
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	e.URL = listening.URL
	return e
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// renderer runs the application of testdata.
func renderer(t testing.TB, c render.Config) *render.Renderer {
	t.Helper()
	c.Program = testdata(t, "app.js")
	r, err := render.New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

// reply is an answer that was read to the end.
type reply struct {
	*http.Response
	body string
}

func (e *edge) do(t testing.TB, method, path, body string, header ...string) reply {
	t.Helper()
	return send(t, e.request(t, method, path, body, header...))
}

func (e *edge) request(t testing.TB, method, path, body string, header ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept-Encoding", "identity")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func send(t testing.TB, r *http.Request) reply {
	t.Helper()
	response, err := http.DefaultTransport.RoundTrip(r) // which follows no redirect
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{response, string(body)}
}

func (e *edge) get(t testing.TB, path string, header ...string) reply {
	t.Helper()
	return e.do(t, http.MethodGet, path, "", header...)
}

// ask posts a query.
func (e *edge) ask(t testing.TB, query string, header ...string) reply {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	return e.do(t, http.MethodPost, "/graphql", string(body), header...)
}

// wants checks status and code of a JSON error, and that it is short and has its request id.
func (r reply) wants(t testing.TB, status int, code string) {
	t.Helper()
	var body struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, RequestID string }
		}
	}
	if err := json.Unmarshal([]byte(r.body), &body); err != nil || len(body.Errors) != 1 {
		t.Fatalf("status %d, want one JSON error, got %q (%v)", r.StatusCode, r.body, err)
	}
	got := body.Errors[0]
	if r.StatusCode != status || got.Extensions.Code != code || got.Message == "" {
		t.Errorf("got %d %s %q, want %d %s", r.StatusCode, got.Extensions.Code, got.Message, status, code)
	}
	if id := r.Header.Get("X-Request-Id"); id == "" || id != got.Extensions.RequestID {
		t.Errorf("request id %q in the header, %q in the body", id, got.Extensions.RequestID)
	}
	if len(r.body) > 400 {
		t.Errorf("an error of %d bytes", len(r.body))
	}
}

// metric reads one sample from /metrics.
func (e *edge) metric(t testing.TB, sample string) string {
	t.Helper()
	text := e.do(t, http.MethodGet, "/metrics", "").body
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(sample) + ` (.+)$`).FindStringSubmatch(text)
	if found == nil {
		return ""
	}
	return found[1]
}

// eventually waits for what another goroutine is about to do.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for range 2000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatalf("it never came to pass that %s", what)
}

func gunzip(t testing.TB, body string) string {
	t.Helper()
	r, err := gzip.NewReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain)
}

func TestAnIncompleteConfigurationSaysWhatIsMissing(t *testing.T) {
	_, err := New(Config{GraphQL: &echo{}, Schema: []byte("x")})
	if err == nil || !strings.Contains(err.Error(), "Reader is missing") {
		t.Errorf("got %v", err)
	}
}
