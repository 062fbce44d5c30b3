package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

func TestTheSameQuestionIsExecutedOnce(t *testing.T) {
	e := newEdge(t, nil)
	first := e.do(t, http.MethodPost, "/graphql", `{"query":"query q($a: Int, $b: Int) { a }", "variables": {"a":1,"b":2}}`)
	again := e.do(t, http.MethodPost, "/graphql", ` { "variables": {"b":2, "a":1}, "query":"query q($a: Int, $b: Int) { a }" } `)
	if first.body != again.body || e.graphql.executed.Load() != 1 {
		t.Errorf("executed %d times", e.graphql.executed.Load())
	}
	if got := e.metric(t, `plein_cache_reads_total{result="hit"}`); got != "1" {
		t.Errorf("%s hits", got)
	}
}

func TestAnotherQuestionHasItsOwnAnswer(t *testing.T) {
	version := "v1"
	e := newEdge(t, func(c *Config) { c.Version = func() string { return version } })
	asked := int64(0)
	for _, ask := range []func(){
		func() { e.ask(t, "{ a }") },
		func() { e.ask(t, "{ a  }") },
		func() { e.do(t, http.MethodPost, "/graphql", `{"query":"{ a }","operationName":"q"}`) },
		func() { e.do(t, http.MethodPost, "/graphql", `{"query":"{ a }","variables":{"a":1}}`) },
		func() { e.do(t, http.MethodPost, "/graphql", `{"query":"{ a }","variables":{"a":1.0}}`) },
		func() { e.do(t, http.MethodPost, "/graphql", `{"query":"{ a }","variables":{"a":"1"}}`) },
		func() { e.do(t, http.MethodPost, "/graphql", `{"query":"{ a }","extensions":{"a":1}}`) },
		func() { e.ask(t, "{ a }", "Accept-Language", "en") },
		func() { e.ask(t, "{ a }", "Accept", "application/graphql-response+json") },
		func() { version = "v2"; e.ask(t, "{ a }") },
	} {
		ask()
		if asked++; e.graphql.executed.Load() != asked {
			t.Fatalf("question %d was taken for an earlier one", asked)
		}
	}
}

func TestManyWhoAskAtOnceShareOneExecution(t *testing.T) {
	const askers = 20
	e := newEdge(t, func(c *Config) { c.Limits.Executing = 1 })
	var all sync.WaitGroup
	bodies := make([]string, askers)
	for i := range askers {
		all.Go(func() { bodies[i] = e.ask(t, "{ slow }").body })
	}
	<-e.graphql.started
	eventually(t, "all have asked", func() bool { return e.metric(t, "plein_http_in_flight_requests") == fmt.Sprint(askers+1) })
	e.graphql.proceed <- struct{}{}
	all.Wait()
	if n := e.graphql.executed.Load(); n != 1 {
		t.Errorf("executed %d times", n)
	}
	for _, body := range bodies {
		if body != bodies[0] || !strings.Contains(body, "slow") {
			t.Errorf("got %q", body)
		}
	}
}

func TestWhoAskedFirstMayLeaveWithoutHarmToTheOthers(t *testing.T) {
	e := newEdge(t, nil)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		r := e.request(t, http.MethodPost, "/graphql", `{"query":"{ slow }"}`)
		_, err := http.DefaultClient.Do(r.WithContext(ctx))
		left <- err
	}()
	<-e.graphql.started
	follower := make(chan reply, 1)
	go func() { follower <- e.ask(t, "{ slow }") }()
	eventually(t, "the second has asked", func() bool { return e.metric(t, "plein_http_in_flight_requests") == "3" })
	leave()
	if err := <-left; err == nil {
		t.Error("the first did not leave")
	}
	eventually(t, "the server has seen the first leave", func() bool { return e.metric(t, "plein_http_in_flight_requests") == "2" })
	e.graphql.proceed <- struct{}{}
	if got := <-follower; got.StatusCode != 200 || e.graphql.executed.Load() != 1 {
		t.Errorf("%d after %d executions", got.StatusCode, e.graphql.executed.Load())
	}
}

func TestWhatIsNotForSharingIsExecutedForEach(t *testing.T) {
	e := newEdge(t, nil)
	for _, query := range []string{"mutation { slow }", "{ slow mine }"} {
		before := e.graphql.executed.Load()
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if got := e.ask(t, query); got.StatusCode != 200 || got.Header.Get("ETag") != "" {
					t.Errorf("%d %v", got.StatusCode, got.Header)
				}
			})
		}
		<-e.graphql.started
		eventually(t, "both have asked", func() bool { return e.metric(t, "plein_http_in_flight_requests") == "3" })
		e.graphql.proceed <- struct{}{}
		<-e.graphql.started
		e.graphql.proceed <- struct{}{}
		both.Wait()
		if n := e.graphql.executed.Load() - before; n != 2 {
			t.Errorf("%s: executed %d times", query, n)
		}
	}
	if _, entries := e.cache.size(); entries != 0 {
		t.Errorf("%d answers were kept", entries)
	}
}

func TestOnlyAnAnswerOf200IsKept(t *testing.T) {
	e := newEdge(t, nil)
	for range 2 {
		if got := e.ask(t, "{ teapot }"); got.StatusCode != http.StatusTeapot || got.Header.Get("ETag") != "" {
			t.Errorf("%d %v", got.StatusCode, got.Header)
		}
	}
	if n := e.graphql.executed.Load(); n != 2 {
		t.Errorf("executed %d times", n)
	}
}

func TestWhoHasTheBytesGets304WithoutExecution(t *testing.T) {
	e := newEdge(t, nil)
	for _, coding := range []string{"identity", "gzip"} {
		query := "{ " + strings.Repeat("a ", 1000) + "}"
		first := e.ask(t, query, "Accept-Encoding", coding)
		tag, executed := first.Header.Get("ETag"), e.graphql.executed.Load()
		if tag == "" || strings.HasPrefix(tag, "W/") {
			t.Fatalf("ETag %q", tag)
		}
		for _, condition := range []string{tag, "W/" + tag, `"other", ` + tag, "*"} {
			got := e.ask(t, query, "Accept-Encoding", coding, "If-None-Match", condition)
			if got.StatusCode != 304 || got.body != "" || got.Header.Get("ETag") != tag {
				t.Errorf("%s: %d %q", condition, got.StatusCode, got.body)
			}
			if got.Header.Get("Cache-Control") != "no-cache" || got.Header.Get("RateLimit-Remaining") == "" {
				t.Errorf("%v", got.Header)
			}
		}
		if got := e.ask(t, query, "Accept-Encoding", coding, "If-None-Match", `"other"`); got.StatusCode != 200 {
			t.Errorf("another tag: %d", got.StatusCode)
		}
		if e.graphql.executed.Load() != executed {
			t.Error("the handler was called")
		}
	}
}

func TestTheTagTellsOfBytesAndNotOfVersions(t *testing.T) {
	one := newEdge(t, func(c *Config) { c.Version = func() string { return "17" } })
	other := newEdge(t, func(c *Config) { c.Version = func() string { return "a private write later" } })
	a, b := one.ask(t, "{ a }"), other.ask(t, "{ a }")
	if a.body != b.body || a.Header.Get("ETag") != b.Header.Get("ETag") {
		t.Errorf("%s and %s", a.Header.Get("ETag"), b.Header.Get("ETag"))
	}
	if c := one.ask(t, "{ b }"); c.Header.Get("ETag") == a.Header.Get("ETag") {
		t.Error("other bytes have the same tag")
	}
}

func TestEachCodingHasTheSameContentAndItsOwnTag(t *testing.T) {
	e := newEdge(t, nil)
	query := "{ " + strings.Repeat("veld ", 500) + "}"
	for range 2 { // as it was made, and as it was kept
		small, plain := e.ask(t, query, "Accept-Encoding", "gzip"), e.ask(t, query)
		if small.Header.Get("Content-Encoding") != "gzip" || plain.Header.Get("Content-Encoding") != "" {
			t.Fatalf("%v %v", small.Header, plain.Header)
		}
		if gunzip(t, small.body) != plain.body || len(small.body) >= len(plain.body) {
			t.Error("the codings differ in content")
		}
		if small.Header.Get("ETag") == plain.Header.Get("ETag") {
			t.Error("two sequences of bytes have one strong tag")
		}
		if got := strings.Join(small.Header.Values("Vary"), ", "); got != "Accept, Accept-Encoding, Accept-Language, Authorization" {
			t.Errorf("Vary: %s", got)
		}
	}
	if got := e.ask(t, query, "Accept-Encoding", "gzip;q=0, br"); got.Header.Get("Content-Encoding") != "" {
		t.Error("gzip for a client that refuses it")
	}
}

func TestTheCacheIsBoundedInBytes(t *testing.T) {
	const capacity = 64 << 10
	e := newEdge(t, func(c *Config) { c.Limits.CacheBytes, c.NoRateLimit = capacity, true })
	kept := 0
	for i := range 300 {
		e.ask(t, fmt.Sprintf("{ a%d %s }", i, strings.Repeat("x", i)))
		bytes, entries := e.cache.size()
		if bytes > capacity {
			t.Fatalf("%d bytes after %d answers", bytes, i)
		}
		kept = max(kept, entries)
	}
	if bytes, entries := e.cache.size(); bytes < capacity/2 || entries < 10 || kept == 300 {
		t.Errorf("%d bytes in %d answers", bytes, entries)
	}
	sum := int64(0)
	for _, key := range e.cache.entries.Keys() {
		p, _ := e.cache.entries.Peek(key)
		sum += weight(key, p)
	}
	if bytes, _ := e.cache.size(); bytes != sum {
		t.Errorf("counted %d, held %d", bytes, sum)
	}
	before := e.graphql.executed.Load()
	long := "{ " + strings.Repeat("y", capacity/3) + " }"
	e.ask(t, long)
	e.ask(t, long)
	if n := e.graphql.executed.Load() - before; n != 2 {
		t.Errorf("an answer of more than a quarter of the cache was kept")
	}
}

func TestACacheThatIsOffKeepsNothing(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.CacheBytes = -1 })
	first, again := e.ask(t, "{ a }"), e.ask(t, "{ a }")
	if e.graphql.executed.Load() != 2 || first.Header.Get("ETag") == "" || first.Header.Get("ETag") != again.Header.Get("ETag") {
		t.Errorf("executed %d times, tags %s and %s", e.graphql.executed.Load(), first.Header.Get("ETag"), again.Header.Get("ETag"))
	}
}
