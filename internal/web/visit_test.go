package web

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestTheLogTellsHowItWentAndNothingOfWhoAsked(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.TrustedProxies = loopback })
	got := e.do(t, http.MethodGet, "/id/prj_1?van=geheim", "", "Accept", "application/json", "X-Forwarded-For", "192.0.2.77", "User-Agent", "geheim", "Referer", "https://geheim.example")
	e.ask(t, "{ geheim }", "Authorization", "Bearer "+goodToken)
	e.do(t, http.MethodGet, "/zoeken?q=geheim", "")
	e.do(t, http.MethodGet, "/geheim", "")
	eventually(t, "four requests are logged", func() bool { return strings.Count(e.log.String(), `"msg":"request"`) == 4 })
	lines := strings.Split(strings.TrimSpace(e.log.String()), "\n")
	for _, forbidden := range []string{"geheim", "192.0.2", "127.0.0.1", "plein_", "prj_1"} {
		if strings.Contains(e.log.String(), forbidden) {
			t.Errorf("the log holds %q", forbidden)
		}
	}
	var line struct {
		Method, Route, RequestID string
		Status                   int
		Bytes, Duration          int64
	}
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil {
		t.Fatal(err)
	}
	if line.Method != "GET" || line.Route != "/id/{id}" || line.Status != 200 || line.Bytes != int64(len(got.body)) || line.RequestID != got.Header.Get("X-Request-Id") {
		t.Errorf("%+v", line)
	}
}

func TestTheRequestIDReachesTheHandlersContext(t *testing.T) {
	type key struct{}
	seen := make(chan string, 1)
	e := newEdge(t, func(c *Config) {
		c.WithRequestID = func(ctx context.Context, id string) context.Context { return context.WithValue(ctx, key{}, id) }
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			id, _ := r.Context().Value(key{}).(string)
			seen <- id
			if RequestID(r.Context()) != id {
				t.Error("two ids")
			}
		})
	})
	got := e.ask(t, "{ a }")
	if id := <-seen; id == "" || id != got.Header.Get("X-Request-Id") {
		t.Errorf("got %q, want %q", id, got.Header.Get("X-Request-Id"))
	}
}

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	e := newEdge(t, nil)
	for _, path := range []string{"/", "/zoeken?q=a", "/id/prj_1", "/id/none", "/nowhere", "/throw", "/sitemap.xml", "/kaart.svg", "/assets/app-1a2b.js", "/graphql", "/graphql/schema.graphql", "/healthz", "/metrics"} {
		h := e.do(t, http.MethodGet, path, "").Header
		for name, want := range map[string]string{
			"Content-Security-Policy":    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
			"X-Content-Type-Options":     "nosniff",
			"X-Frame-Options":            "DENY",
			"Referrer-Policy":            "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security":  "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if h.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
	}
}

func TestWhatIsInventedIsNotForSearchEnginesInAnyForm(t *testing.T) {
	for _, invented := range []bool{true, false} {
		e := newEdge(t, func(c *Config) { c.Site.Demo = invented })
		for _, path := range []string{"/", "/zoeken.atom", "/id/prj_1", "/sitemap.xml", "/graphql/schema.graphql"} {
			if got := e.do(t, http.MethodGet, path, "").Header.Get("X-Robots-Tag"); (got == "noindex") != invented {
				t.Errorf("%s, invented %v: X-Robots-Tag is %q", path, invented, got)
			}
		}
	}
}

func TestMetricsCountByRouteAndStatusWhateverIsAsked(t *testing.T) {
	e := newEdge(t, nil)
	e.ask(t, "{ a }")
	e.do(t, http.MethodGet, "/zomaar", "")
	e.do(t, "BREW", "/id/prj_1", "")
	for sample, want := range map[string]string{
		`plein_http_requests_total{method="POST",route="/graphql",status="200"}`:    "1",
		`plein_http_requests_total{method="GET",route="page other",status="404"}`:   "1",
		`plein_http_requests_total{method="other",route="/id/{id}",status="405"}`:   "1",
		`plein_http_request_duration_seconds_count{method="POST",route="/graphql"}`: "1",
		`plein_cache_entries`: "2",
	} {
		eventually(t, sample+" is "+want, func() bool { return e.metric(t, sample) == want })
	}
}

func TestHealthSaysWhatWorks(t *testing.T) {
	health := Health{}
	e := newEdge(t, func(c *Config) { c.Health = func(context.Context) Health { return health } })
	for _, c := range []struct {
		database, index State
		draining        bool
		healthz, readyz int
		says            string
	}{
		{OK, OK, false, 200, 200, `"status":"ok"`},
		{OK, Degraded, false, 200, 200, `{"name":"index","state":"degraded","message":"rebuilding"}`},
		{OK, Down, false, 200, 200, `"status":"degraded"`},
		{Down, OK, false, 503, 503, `"status":"down"`},
		{OK, OK, true, 200, 503, "draining"},
	} {
		health = Health{Components: []Component{{Name: "database", State: c.database, Vital: true}, {Name: "index", State: c.index, Message: "rebuilding"}}}
		e.draining.Store(c.draining)
		alive, ready := e.do(t, http.MethodGet, "/healthz", ""), e.do(t, http.MethodGet, "/readyz", "")
		if alive.StatusCode != c.healthz || ready.StatusCode != c.readyz || !strings.Contains(ready.body, c.says) {
			t.Errorf("%+v: healthz %d, readyz %d %s", c, alive.StatusCode, ready.StatusCode, ready.body)
		}
		if strings.Contains(alive.body, "index") {
			t.Errorf("healthz speaks of the index: %s", alive.body)
		}
	}
}
