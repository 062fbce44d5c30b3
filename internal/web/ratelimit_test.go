package web

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a time that moves when it is told to.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2027, 1, 12, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func TestPointsRunOutAndComeBackEvenly(t *testing.T) {
	now := newClock()
	e := newEdge(t, func(c *Config) { c.Limits.AddressPoints, c.Now = 36, now.Now })
	for i, want := range []string{"26", "16", "6", "0"} {
		got := e.ask(t, fmt.Sprintf("{ a%d }", i))
		if got.StatusCode != 200 || got.Header.Get("RateLimit-Remaining") != want || got.Header.Get("RateLimit-Limit") != "36" {
			t.Errorf("request %d: %d %v", i, got.StatusCode, got.Header)
		}
	}
	got := e.ask(t, "{ b }")
	got.wants(t, 429, "RATE_LIMITED")
	// Forty were taken of 36, so five points have to come back, one each 100 s.
	if got.Header.Get("Retry-After") != "500" || !strings.Contains(got.body, `"retryAfter":500`) || got.Header.Get("RateLimit-Reset") != "4000" {
		t.Errorf("%v %s", got.Header, got.body)
	}
	now.advance(499 * time.Second)
	e.ask(t, "{ b }").wants(t, 429, "RATE_LIMITED")
	now.advance(time.Second)
	if got := e.ask(t, "{ b }"); got.StatusCode != 200 {
		t.Errorf("after Retry-After: %d", got.StatusCode)
	}
	now.advance(24 * time.Hour)
	if got := e.ask(t, "{ free }"); got.Header.Get("RateLimit-Remaining") != "36" || got.Header.Get("RateLimit-Reset") != "0" {
		t.Errorf("a day later: %v", got.Header)
	}
	if got := e.metric(t, "plein_rate_limited_total"); got != "2" {
		t.Errorf("%s were limited", got)
	}
}

func TestCachedAnswersAndBadRequestsCostPointsToo(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.AddressPoints, c.Now = 100, newClock().Now })
	first := e.ask(t, "{ a }")
	for _, c := range []struct {
		got  reply
		want string
	}{
		{first, "90"},
		{e.ask(t, "{ a }"), "80"},
		{e.ask(t, "{ a }", "If-None-Match", first.Header.Get("ETag")), "70"},
		{e.do(t, http.MethodPost, "/graphql", "{"), "69"},
		{e.ask(t, "{ free }"), "69"},
		{e.do(t, http.MethodGet, "/zoeken?q=a", ""), "64"},
	} {
		if got := c.got.Header.Get("RateLimit-Remaining"); got != c.want {
			t.Errorf("%s left, want %s", got, c.want)
		}
	}
}

func TestATokenAndEachNetworkHaveTheirOwnPoints(t *testing.T) {
	e := newEdge(t, func(c *Config) {
		c.Limits.AddressPoints, c.Limits.TokenPoints, c.Now, c.TrustedProxies = 10, 1000, newClock().Now, loopback
	})
	from := func(address string, header ...string) reply {
		return e.ask(t, "{ a }", append(header, "X-Forwarded-For", address)...)
	}
	from("192.0.2.1")
	from("192.0.2.1").wants(t, 429, "RATE_LIMITED")
	if got := from("192.0.2.2"); got.StatusCode != 200 {
		t.Errorf("a neighbour: %d", got.StatusCode)
	}
	from("2001:db8:1:2::1")
	from("2001:db8:1:2:ffff::9").wants(t, 429, "RATE_LIMITED")
	if got := from("2001:db8:1:3::1"); got.StatusCode != 200 {
		t.Errorf("another /64: %d", got.StatusCode)
	}
	if got := from("192.0.2.1", "Authorization", "Bearer "+goodToken); got.Header.Get("RateLimit-Remaining") != "990" {
		t.Errorf("with a token: %d %v", got.StatusCode, got.Header)
	}
}

func TestGuessingTokensEnds(t *testing.T) {
	asked := 0
	e := newEdge(t, func(c *Config) {
		c.Now = newClock().Now
		authenticate := c.Authenticate
		c.Authenticate = func(ctx context.Context, token string) (context.Context, error) {
			asked++
			return authenticate(ctx, token)
		}
	})
	for range failedTokens {
		e.ask(t, "{ a }", "Authorization", "Bearer plein_guess").wants(t, 401, "UNAUTHENTICATED")
	}
	e.ask(t, "{ a }", "Authorization", "Bearer plein_guess").wants(t, 429, "RATE_LIMITED")
	if asked != failedTokens {
		t.Errorf("%d tokens were tried", asked)
	}
	if got := e.ask(t, "{ a }"); got.StatusCode != 200 {
		t.Errorf("reading without a token: %d", got.StatusCode)
	}
}

func TestOnlySoManyClientsAreRemembered(t *testing.T) {
	l, err := newLimiter(Limits{AddressPoints: 100, Clients: 8}, newClock().Now)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		l.charge(caller{network: network(netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}))}, 1)
	}
	if n := l.buckets.Len(); n != 8 {
		t.Errorf("%d are remembered", n)
	}
}

func TestTheBudgetReachesTheHandler(t *testing.T) {
	now := newClock()
	var seen []Budget
	note := func(ctx context.Context, b Budget) context.Context { seen = append(seen, b); return ctx }
	e := newEdge(t, func(c *Config) { c.WithBudget, c.Now = note, now.Now })
	e.ask(t, "{ a }")
	e.ask(t, "{ b }")
	want := Budget{Limit: 60_000, Remaining: 59_990, Used: 10, ResetAt: now.Now().Add(600 * time.Millisecond)}
	if len(seen) != 2 || seen[1].Limit != want.Limit || seen[1].Remaining != want.Remaining || seen[1].Used != want.Used ||
		seen[1].ResetAt.Sub(want.ResetAt).Abs() > time.Millisecond {
		t.Errorf("got %+v, want %+v", seen, want)
	}

	seen = nil
	off := newEdge(t, func(c *Config) { c.WithBudget, c.NoRateLimit = note, true })
	if got := off.ask(t, "{ a }"); got.Header.Get("RateLimit-Limit") != "" || len(seen) != 0 {
		t.Errorf("switched off: %v %v", got.Header, seen)
	}
}
