package web

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestBeyondGateAndQueueTheAnswerIsAQuickRefusal(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Limits.Executing, c.Limits.Queue, c.Limits.QueueWait = 2, 1, time.Hour
	})
	var admitted sync.WaitGroup
	ask := func(i int) {
		if got := e.ask(t, fmt.Sprintf("{ slow%d }", i)); got.StatusCode != 200 {
			t.Errorf("admitted, and got %d", got.StatusCode)
		}
	}
	for i := range 2 {
		admitted.Go(func() { ask(i) })
		<-e.graphql.started
	}
	admitted.Go(func() { ask(2) })
	eventually(t, "the third waits", func() bool { return len(e.gate.waiting) == 1 })

	for i := range 10 {
		got := e.ask(t, fmt.Sprintf("{ slow%d }", 10+i))
		got.wants(t, 503, "OVERLOADED")
		if got.Header.Get("Retry-After") != "1" {
			t.Errorf("Retry-After %q", got.Header.Get("Retry-After"))
		}
	}
	e.ask(t, "mutation { a }", "Authorization", "Bearer "+goodToken).wants(t, 503, "OVERLOADED")
	page := e.do(t, http.MethodGet, "/sitemap.xml", "", "Accept", "text/html")
	if page.StatusCode != 503 || !strings.Contains(page.body, "Het is even te druk") {
		t.Errorf("page: %d", page.StatusCode)
	}
	if got := e.metric(t, "plein_gate_rejections_total"); got != "12" {
		t.Errorf("%s rejections", got)
	}
	for range 3 {
		e.graphql.proceed <- struct{}{}
	}
	admitted.Wait()
	eventually(t, "all turns are given back", func() bool { return len(e.gate.executing) == 0 && len(e.gate.waiting) == 0 })
	if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
		t.Errorf("after the rush: %d", got.StatusCode)
	}
}

func TestWhoWaitsTooLongIsRefused(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Limits.Executing, c.Limits.QueueWait = 1, time.Millisecond
	})
	done := make(chan reply, 1)
	go func() { done <- e.ask(t, "{ slow }") }()
	<-e.graphql.started
	e.ask(t, "{ b }").wants(t, 503, "OVERLOADED")
	e.graphql.proceed <- struct{}{}
	<-done
}

func TestWhatIsCachedNeedsNoTurn(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.Executing, c.Limits.QueueWait = 1, time.Millisecond })
	e.ask(t, "{ a }")
	done := make(chan reply, 1)
	go func() { done <- e.ask(t, "{ slow }") }()
	<-e.graphql.started
	if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
		t.Errorf("got %d", got.StatusCode)
	}
	e.graphql.proceed <- struct{}{}
	<-done
}

func TestATurnIsGivenBackAfterAPanic(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.Executing, c.Limits.QueueWait = 1, time.Millisecond })
	for i := range 3 {
		e.ask(t, fmt.Sprintf("{ panic%d }", i)).wants(t, 500, "INTERNAL")
	}
	if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
		t.Errorf("got %d", got.StatusCode)
	}
}
