package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestHostileBodiesAreRefusedShortlyAndNeverEchoed(t *testing.T) {
	e := newEdge(t, nil)
	const canary = "kanarie"
	for _, c := range []struct {
		name, body string
		header     []string
		status     int
		code       string
	}{
		{"a body of 100 KB", `{"query":"` + strings.Repeat(canary, 100<<10/7) + `"}`, nil, 413, "PAYLOAD_TOO_LARGE"},
		{"malformed JSON", `{"query":"` + canary, nil, 400, "BAD_USER_INPUT"},
		{"something after the JSON", `{"query":"{` + canary + `}"} {"query":"{b}"}`, nil, 400, "BAD_USER_INPUT"},
		{"a batch", ` [{"query":"{` + canary + `}"}]`, nil, 400, "BAD_USER_INPUT"},
		{"a text", `"` + canary + `"`, nil, 400, "BAD_USER_INPUT"},
		{"nothing", ``, nil, 400, "BAD_USER_INPUT"},
		{"null", `null`, nil, 400, "BAD_USER_INPUT"},
		{"no query", `{"variables":{"a":"` + canary + `"}}`, nil, 400, "BAD_USER_INPUT"},
		{"a query that is a number", `{"query":7}`, nil, 400, "BAD_USER_INPUT"},
		{"variables that are a list", `{"query":"{a}","variables":["` + canary + `"]}`, nil, 400, "BAD_USER_INPUT"},
		{"nesting without end", `{"query":"{a}","variables":{"a":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}}`, nil, 400, "BAD_USER_INPUT"},
		{"plain text", `{"query":"{a}"}`, []string{"Content-Type", "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a form", `query=a`, []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"multipart", "--x\r\n\r\n--x--", []string{"Content-Type", "multipart/form-data; boundary=x"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"no type", `{"query":"{a}"}`, []string{"Content-Type", ""}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"another charset", `{"query":"{a}"}`, []string{"Content-Type", "application/json; charset=utf-16"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a compressed body", `{"query":"{a}"}`, []string{"Content-Encoding", "gzip"}, 415, "UNSUPPORTED_MEDIA_TYPE"},
		{"a query as a stream", `{"query":"{a}"}`, []string{"Accept", "text/event-stream"}, 400, "BAD_USER_INPUT"},
		{"a mutation as a stream beside a subscription", `{"query":"subscription s {a} mutation m {b}","operationName":"m"}`, []string{"Accept", "text/event-stream"}, 400, "BAD_USER_INPUT"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := e.do(t, http.MethodPost, "/graphql", c.body, c.header...)
			got.wants(t, c.status, c.code)
			if strings.Contains(got.body, canary) {
				t.Error("the answer repeats the input")
			}
		})
	}
	if n := e.graphql.executed.Load(); n != 0 {
		t.Errorf("%d operations were executed", n)
	}
	if strings.Contains(e.log.String(), canary) {
		t.Error("the log repeats the input")
	}
}

func TestABodyWithoutALengthIsBoundedToo(t *testing.T) {
	e := newEdge(t, nil)
	r := e.request(t, http.MethodPost, "/graphql", `{"query":"`+strings.Repeat("a", 100<<10)+`"}`)
	r.ContentLength = -1
	send(t, r).wants(t, 413, "PAYLOAD_TOO_LARGE")
}

func TestAValidTokenMaySendALargerBody(t *testing.T) {
	e := newEdge(t, nil)
	text := strings.Repeat("a", 100<<10)
	if got := e.ask(t, text, "Authorization", "Bearer "+goodToken); got.StatusCode != 200 {
		t.Errorf("100 KB with a token: %d", got.StatusCode)
	}
	e.ask(t, strings.Repeat("a", 2<<20), "Authorization", "Bearer "+goodToken).wants(t, 413, "PAYLOAD_TOO_LARGE")
	e.ask(t, text, "Authorization", "Bearer plein_wrong").wants(t, 401, "UNAUTHENTICATED")
}

func TestOnlyTheMethodsOfAnAddressAreAnswered(t *testing.T) {
	e := newEdge(t, nil)
	for path, allow := range map[string]string{
		"/graphql": "GET, HEAD, POST, OPTIONS", "/graphql/schema.graphql": "GET, HEAD", "/": "GET, HEAD", "/id/prj_1": "GET, HEAD", "/healthz": "GET, HEAD",
	} {
		got := e.do(t, http.MethodDelete, path, "", "Accept", "application/json")
		got.wants(t, 405, "METHOD_NOT_ALLOWED")
		if got.Header.Get("Allow") != allow {
			t.Errorf("%s: Allow is %q", path, got.Header.Get("Allow"))
		}
	}
}

func TestTheHandlerSeesOnlyWhatTheKeyHolds(t *testing.T) {
	e := newEdge(t, nil)
	got := e.do(t, http.MethodPost, "/graphql", `{"Query":"{ first }", "query":"{ <a> }", "unknown":1, "variables":{"b":1.50,"a":{"d":1,"c":null}}, "operationName":null}`,
		"Accept-Language", "en-GB, nl;q=0.5", "X-Custom", "x", "Cookie", "a=b", "User-Agent", "me", "X-Forwarded-For", "192.0.2.1")
	var body struct {
		Data json.RawMessage
		Seen struct {
			Method, Host string
			Headers      http.Header
		}
	}
	if err := json.Unmarshal([]byte(got.body), &body); err != nil {
		t.Fatal(err, got.body)
	}
	if want := `{"operationName":"","query":"{ \u003ca\u003e }","variables":{"a":{"c":null,"d":1},"b":1.5}}`; string(body.Data) != want {
		t.Errorf("executed %s\nwant     %s", body.Data, want)
	}
	want := http.Header{"Accept": {"application/json"}, "Accept-Language": {"en"}, "Content-Type": {"application/json"}}
	if fmt.Sprint(body.Seen.Headers) != fmt.Sprint(want) || body.Seen.Host != "" || body.Seen.Method != "POST" {
		t.Errorf("the handler saw %+v", body.Seen)
	}
}

func TestAQueryMayComeByGet(t *testing.T) {
	e := newEdge(t, nil)
	path := "/graphql?" + url.Values{"query": {"query q($a: Int) { a }"}, "variables": {`{"a": 1}`}, "operationName": {"q"}}.Encode()
	got := e.do(t, http.MethodGet, path, "")
	if got.StatusCode != 200 || !strings.Contains(got.body, `"method":"GET"`) {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	if head := e.do(t, http.MethodHead, path, ""); head.StatusCode != 200 || head.body != "" || head.Header.Get("ETag") != got.Header.Get("ETag") {
		t.Errorf("HEAD: %d %q %s", head.StatusCode, head.body, head.Header)
	}
	for _, bad := range []string{"", "?query=", "?query=%7Ba%7D&variables=%5B%5D", "?query=%7Ba%7D&variables=x", "?query=%zz", "?a;b"} {
		e.do(t, http.MethodGet, "/graphql"+bad, "").wants(t, 400, "BAD_USER_INPUT")
	}
}

func TestTheHandlersOwnHeadersNeverReachAClient(t *testing.T) {
	e := newEdge(t, nil)
	for _, header := range [][]string{nil, {"Authorization", "Bearer " + goodToken}} {
		got := e.ask(t, "{ a }", header...)
		for name := range got.Header {
			if strings.HasPrefix(name, "Plein-") {
				t.Errorf("%s reached the client", name)
			}
		}
	}
}

func TestTheMediaTypeThatIsAskedForIsTheOneThatIsAnswered(t *testing.T) {
	e := newEdge(t, nil)
	for accept, want := range map[string]string{
		"":    "application/json",
		"*/*": "application/json",
		"application/graphql-response+json, application/json;q=0.9": "application/graphql-response+json",
		"text/html":                           "application/json",
		"application/json, text/event-stream": "application/json",
	} {
		if got := e.ask(t, "{ a }", "Accept", accept); got.Header.Get("Content-Type") != want {
			t.Errorf("Accept %q: got %s, want %s", accept, got.Header.Get("Content-Type"), want)
		}
	}
}

func TestErrorsSpeakTheAskersLanguage(t *testing.T) {
	e := newEdge(t, nil)
	if got := e.do(t, http.MethodPost, "/graphql", "{"); !strings.Contains(got.body, "Stuur één JSON-object") {
		t.Error(got.body)
	}
	if got := e.do(t, http.MethodPost, "/graphql", "{", "Accept-Language", "en"); !strings.Contains(got.body, "Send one JSON object") {
		t.Error(got.body)
	}
}

func TestAPageOfAnotherSiteReadsButCarriesNoCredentials(t *testing.T) {
	e := newEdge(t, nil)
	cross := []string{"Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site"}
	got := e.ask(t, "{ a }", cross...)
	if got.StatusCode != 200 || got.Header.Get("Access-Control-Allow-Origin") != "*" || got.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("anonymous read: %d %v", got.StatusCode, got.Header)
	}
	e.ask(t, "mutation { a }", append(cross, "Cookie", "session=1")...).wants(t, 403, "FORBIDDEN")
	e.ask(t, "mutation { a }", append(cross, "Authorization", "Bearer "+goodToken)...).wants(t, 403, "FORBIDDEN")

	preflight := e.do(t, http.MethodOptions, "/graphql", "", append(cross, "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization")...)
	if preflight.StatusCode != 204 || strings.Contains(strings.ToLower(preflight.Header.Get("Access-Control-Allow-Headers")), "authorization") {
		t.Errorf("preflight: %d %v", preflight.StatusCode, preflight.Header)
	}
	if same := e.ask(t, "mutation { a }", "Sec-Fetch-Site", "same-origin", "Cookie", "session=1"); same.StatusCode != 200 {
		t.Errorf("our own page: %d", same.StatusCode)
	}
}

func TestATokenMakesAViewerAndAnswersThatNobodyKeeps(t *testing.T) {
	e := newEdge(t, nil)
	for range 2 {
		got := e.ask(t, "{ a }", "Authorization", "bearer "+goodToken)
		if got.StatusCode != 200 || !strings.Contains(got.body, `"viewer":"UDC Leiden"`) {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
		if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("ETag") != "" {
			t.Errorf("an authorised answer may be kept: %v", got.Header)
		}
	}
	if n := e.graphql.executed.Load(); n != 2 {
		t.Errorf("executed %d times, want 2", n)
	}
	if got := e.ask(t, "{ a }"); strings.Contains(got.body, "Leiden") {
		t.Error("a stranger got the viewer's answer")
	}
}

func TestABadTokenIsRefusedAndTellsNothing(t *testing.T) {
	e := newEdge(t, nil)
	for _, authorization := range []string{"Bearer plein_wrong", "Bearer ", "Bearer other", "Basic cGxlaW46eA==", "plein_0123456789abcdef", "Bearer plein_" + strings.Repeat("a", 5000)} {
		got := e.ask(t, "{ a }", "Authorization", authorization)
		got.wants(t, 401, "UNAUTHENTICATED")
		if got.Header.Get("WWW-Authenticate") == "" || strings.Contains(got.body, "table") {
			t.Errorf("%v %s", got.Header, got.body)
		}
	}
	if e.graphql.executed.Load() != 0 {
		t.Error("an operation was executed")
	}
}

func TestATokenThatCannotBeCheckedNowIsNotCalledInvalid(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Authenticate = func(context.Context, string) (context.Context, error) {
			return nil, fmt.Errorf("reading tokens: %w", ErrUnavailable)
		}
	})
	e.ask(t, "{ a }", "Authorization", "Bearer "+goodToken).wants(t, 503, "UNAVAILABLE")
}

func TestAPanicIsLoggedWithItsStackAndTellsNothing(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Health = func(context.Context) Health { panic("secret of the probe") }
	})
	for _, header := range [][]string{nil, {"Authorization", "Bearer " + goodToken}} {
		got := e.ask(t, "{ panic }", header...)
		got.wants(t, 500, "INTERNAL")
		if strings.Contains(got.body, "secret") {
			t.Error(got.body)
		}
	}
	e.do(t, http.MethodGet, "/healthz", "", "Accept", "application/json").wants(t, 500, "INTERNAL")
	log := e.log.String()
	if !strings.Contains(log, "secret of the handler") || !strings.Contains(log, "secret of the probe") || !strings.Contains(log, "graphql_test.go") {
		t.Errorf("the log lacks cause or stack: %s", log)
	}
	if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
		t.Error("the server did not survive")
	}
}

func TestAHeaderOfManyKilobytesIsRefused(t *testing.T) {
	address, stop := serve(t, newEdge(t, nil).Server)
	defer stop()
	r, _ := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
	r.Header.Set("X-Long", strings.Repeat("a", 64<<10))
	if got := send(t, r); got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d", got.StatusCode)
	}
}

func TestWhatIsDueIsReleasedBeforeAnythingIsRead(t *testing.T) {
	released, version := 0, "v0"
	e := newEdge(t, func(c *Config) {
		c.Due = func(context.Context) error { released++; version = fmt.Sprint("v", released); return nil }
		c.Version = func() string { return version }
	})
	e.ask(t, "{ a }")
	e.ask(t, "{ a }") // the release changed the version, so the first answer must not be given again
	e.do(t, http.MethodGet, "/id/prj_1", "")
	if n := e.graphql.executed.Load(); released != 3 || n != 2 {
		t.Errorf("released %d times, executed %d times", released, n)
	}
}

func TestReadsGoOnWhenNothingCanBeReleased(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Due = func(context.Context) error { return fmt.Errorf("disk full") }
	})
	for range 3 {
		if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
			t.Errorf("got %d", got.StatusCode)
		}
	}
	if n := strings.Count(e.log.String(), "stays hidden"); n != 1 {
		t.Errorf("logged %d times, want once", n)
	}
}
