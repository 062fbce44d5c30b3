package web

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
)

// counted is what the edge reported of searches in vain.
type counted struct {
	mu   sync.Mutex
	list []string
}

func (c *counted) count(visitor netip.Prefix, query string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, visitor.String()+" "+query)
}

// wants checks what was counted since the last time, in any order.
func (c *counted) wants(t *testing.T, what string, want ...string) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.list)
	slices.Sort(want)
	if !slices.Equal(c.list, want) {
		t.Errorf("%s: counted %q, want %q", what, c.list, want)
	}
	c.list = nil
}

func counting(t *testing.T, adjust func(*Config)) (*edge, *counted) {
	c := &counted{}
	return newEdge(t, func(config *Config) {
		config.CountMiss = c.count
		config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		if adjust != nil {
			adjust(config)
		}
	}), c
}

func TestASearchInVainCountsForEachVisitorAlsoFromTheCache(t *testing.T) {
	e, c := counting(t, nil)
	const query = "{ vain }"
	first := e.ask(t, query, "X-Forwarded-For", "192.0.2.1")
	c.wants(t, "executed", "192.0.2.1/32 warmtepomp")
	if first.Header.Get(HeaderMiss) != "" {
		t.Error("the client is told what the edge is told")
	}
	e.ask(t, query, "X-Forwarded-For", "192.0.2.2")
	c.wants(t, "from the cache", "192.0.2.2/32 warmtepomp")
	if got := e.ask(t, query, "X-Forwarded-For", "2001:db8:1:2:3:4:5:6", "If-None-Match", first.Header.Get("ETag")); got.StatusCode != http.StatusNotModified {
		t.Fatal(got.StatusCode)
	}
	c.wants(t, "304", "2001:db8:1:2::/64 warmtepomp")
	if n := e.graphql.executed.Load(); n != 1 {
		t.Errorf("executed %d times", n)
	}
	e.do(t, http.MethodGet, "/graphql?query={vain}", "", "X-Forwarded-For", "192.0.2.3")
	c.wants(t, "by GET", "192.0.2.3/32 warmtepomp")
	e.ask(t, query, "X-Forwarded-For", "192.0.2.4", "Authorization", "Bearer "+goodToken)
	c.wants(t, "with a token", "192.0.2.4/32 warmtepomp")
	e.ask(t, "{ vain vain }", "X-Forwarded-For", "192.0.2.5")
	c.wants(t, "two in one operation", "192.0.2.5/32 warmtepomp", "192.0.2.5/32 warmtepomp")

	e.ask(t, "{ a }")
	e.ask(t, "{ a }")
	e.do(t, http.MethodPost, "/graphql", "{")
	c.wants(t, "nothing was searched for in vain")
}

func TestAnAnswerThatIsNotKeptCountsAsWell(t *testing.T) {
	e, c := counting(t, func(config *Config) { config.Limits.CacheBytes = -1 })
	e.ask(t, "{ vain }", "X-Forwarded-For", "192.0.2.1")
	e.ask(t, "{ vain mine }", "X-Forwarded-For", "192.0.2.2")
	c.wants(t, "without a cache", "192.0.2.1/32 warmtepomp", "192.0.2.2/32 warmtepomp")
}

func TestThoseWhoShareAnExecutionAreCountedEach(t *testing.T) {
	e, c := counting(t, nil)
	var all sync.WaitGroup
	var want []string
	for i := range 5 {
		address := fmt.Sprintf("192.0.2.%d", i)
		want = append(want, address+"/32 warmtepomp")
		all.Go(func() { e.ask(t, "{ slow vain }", "X-Forwarded-For", address) })
	}
	<-e.graphql.started
	eventually(t, "all have asked", func() bool { return e.metric(t, "plein_http_in_flight_requests") == "6" })
	e.graphql.proceed <- struct{}{}
	all.Wait()
	c.wants(t, "together", want...)
}

func TestASearchInVainOnAPageCountsToo(t *testing.T) {
	e, c := counting(t, nil)
	for i := range 2 {
		e.do(t, http.MethodGet, "/zoeken?q=vain", "", "X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i))
	}
	c.wants(t, "made and kept", "192.0.2.0/32 warmtepomp", "192.0.2.1/32 warmtepomp")
	e.do(t, http.MethodGet, "/zoeken?q=vain+mine", "", "X-Forwarded-For", "192.0.2.2")
	c.wants(t, "not kept", "192.0.2.2/32 warmtepomp")
	e.do(t, http.MethodGet, "/zoeken?q=kamers", "")
	e.do(t, http.MethodGet, "/", "")
	c.wants(t, "something was found")
}

func TestMissesWeighInTheCache(t *testing.T) {
	p := &packer{}
	light, err := p.pack(answer{}, "")
	if err != nil {
		t.Fatal(err)
	}
	heavy, err := p.pack(answer{about: about{misses: []string{strings.Repeat("a", 1000), "b"}}}, "")
	if err != nil || heavy.size() != light.size()+1001 {
		t.Error(err, light.size(), heavy.size())
	}
}
