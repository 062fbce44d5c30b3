package web

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func TestTheClientIsTheNearestHopThatIsNotTrusted(t *testing.T) {
	trusted := append(loopback, netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8"))
	for _, c := range []struct {
		name, peer     string
		listed, header []string
		want           string
	}{
		{"no proxy", "198.51.100.7:1", nil, nil, "198.51.100.7"},
		{"a stranger's claim", "198.51.100.7:1", []string{"192.0.2.1"}, []string{"for=192.0.2.1"}, "198.51.100.7"},
		{"one proxy", "127.0.0.1:1", []string{"192.0.2.1"}, nil, "192.0.2.1"},
		{"a claim before the proxy's own", "127.0.0.1:1", []string{"1.1.1.1, 192.0.2.1"}, nil, "192.0.2.1"},
		{"a claim on a line of its own", "127.0.0.1:1", []string{"1.1.1.1", "192.0.2.1"}, nil, "192.0.2.1"},
		{"two proxies", "127.0.0.1:1", []string{"1.1.1.1, 192.0.2.1, 10.0.0.9"}, nil, "192.0.2.1"},
		{"only proxies", "127.0.0.1:1", []string{"10.0.0.8, 10.0.0.9"}, nil, "10.0.0.8"},
		{"something unreadable", "127.0.0.1:1", []string{"192.0.2.1, <script>"}, nil, "127.0.0.1"},
		{"an empty header", "127.0.0.1:1", []string{""}, nil, "127.0.0.1"},
		{"a port", "127.0.0.1:1", []string{"192.0.2.1:4711"}, nil, "192.0.2.1"},
		{"IPv6", "127.0.0.1:1", []string{"2001:db8::1"}, nil, "2001:db8::1"},
		{"IPv6 in brackets", "[fd00::1]:1", []string{"[2001:db8::1]:80"}, nil, "2001:db8::1"},
		{"IPv4 in IPv6", "[::ffff:127.0.0.1]:1", []string{"::ffff:192.0.2.1"}, nil, "192.0.2.1"},
		{"Forwarded", "127.0.0.1:1", nil, []string{`for=1.1.1.1, For="[2001:db8::1]:4711";proto=https`}, "2001:db8::1"},
		{"Forwarded with an unbalanced quote", "127.0.0.1:1", nil, []string{`for="1.1.1.1, for=192.0.2.1`}, "192.0.2.1"},
		{"Forwarded that hides", "127.0.0.1:1", nil, []string{"for=_hidden"}, "127.0.0.1"},
		{"both, agreeing", "127.0.0.1:1", []string{"192.0.2.1"}, []string{"for=192.0.2.1"}, "192.0.2.1"},
		{"both, of which one is forged", "127.0.0.1:1", []string{"192.0.2.1"}, []string{"for=1.1.1.1"}, "127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &http.Request{RemoteAddr: c.peer, Header: http.Header{}}
			if c.listed != nil {
				r.Header["X-Forwarded-For"] = c.listed
			}
			if c.header != nil {
				r.Header["Forwarded"] = c.header
			}
			if got := (clients{trusted}).address(r).String(); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAForgedAddressBuysNoPoints(t *testing.T) {
	e := newEdge(t, func(c *Config) { c.Limits.AddressPoints, c.Now = 10, newClock().Now })
	e.ask(t, "{ a }", "X-Forwarded-For", "192.0.2.1")
	e.ask(t, "{ a }", "X-Forwarded-For", "192.0.2.2", "Forwarded", "for=192.0.2.3").wants(t, 429, "RATE_LIMITED")
}

func TestHTTPSIsBelievedOfATrustedProxyOnly(t *testing.T) {
	const header = "Strict-Transport-Security"
	strange := newEdge(t, nil)
	if got := strange.do(t, http.MethodGet, "/", "", "X-Forwarded-Proto", "https"); got.Header.Get(header) != "" {
		t.Error("a stranger's word was taken")
	}
	trusting := newEdge(t, func(c *Config) { c.TrustedProxies = loopback })
	if got := trusting.do(t, http.MethodGet, "/", "", "X-Forwarded-Proto", "https"); got.Header.Get(header) != "max-age=31536000" {
		t.Errorf("behind a proxy with TLS: %q", got.Header.Get(header))
	}
	if got := trusting.do(t, http.MethodGet, "/", "", "X-Forwarded-Proto", "https, http"); got.Header.Get(header) != "" {
		t.Error("the proxy itself was called without TLS")
	}
}

func TestARequestIDComesFromUsOrFromATrustedProxy(t *testing.T) {
	strange, trusting := newEdge(t, nil), newEdge(t, func(c *Config) { c.TrustedProxies = loopback })
	if got := strange.do(t, http.MethodGet, "/", "", "X-Request-Id", "forged").Header.Get("X-Request-Id"); got == "forged" || len(got) < 20 {
		t.Errorf("got %q", got)
	}
	if got := trusting.do(t, http.MethodGet, "/", "", "X-Request-Id", "proxy-1.a_B").Header.Get("X-Request-Id"); got != "proxy-1.a_B" {
		t.Errorf("got %q", got)
	}
	for _, bad := range []string{"a b", "a\"b", strings.Repeat("a", 65)} {
		if got := trusting.do(t, http.MethodGet, "/", "", "X-Request-Id", bad).Header.Get("X-Request-Id"); got == bad {
			t.Errorf("took %q", bad)
		}
	}
}
