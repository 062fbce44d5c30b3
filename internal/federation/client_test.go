package federation

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

func TestConnectionsGoToPublicAddressesAtPort443Only(t *testing.T) {
	for address, public := range map[string]bool{
		"1.1.1.1:443": true, "[2a00:1450:400e:80e::200e]:443": true, "[2606:4700::1111]:443": true,
		"1.1.1.1:80": false, "1.1.1.1:8443": false, "[2a00:1450:400e:80e::200e]:22": false,
		"127.0.0.1:443": false, "127.8.9.10:443": false, "[::1]:443": false, "0.0.0.0:443": false, "[::]:443": false,
		"10.1.2.3:443": false, "172.16.0.1:443": false, "172.31.255.255:443": false, "192.168.1.1:443": false, "100.64.0.1:443": false, "100.127.255.254:443": false,
		"169.254.169.254:443": false, "168.63.129.16:443": false, "[fd00:ec2::254]:443": false, "[fe80::1]:443": false, "[fe80::1%eth0]:443": false,
		"192.0.0.1:443": false, "192.0.2.1:443": false, "198.18.0.1:443": false, "198.51.100.1:443": false, "203.0.113.9:443": false, "192.88.99.1:443": false,
		"224.0.0.1:443": false, "239.255.255.255:443": false, "240.0.0.1:443": false, "255.255.255.255:443": false,
		"[::ffff:127.0.0.1]:443": false, "[::ffff:10.0.0.1]:443": false, "[::ffff:1.1.1.1]:443": false, "[::127.0.0.1]:443": false,
		"[64:ff9b::7f00:1]:443": false, "[64:ff9b::101:101]:443": false, "[64:ff9b:1::1]:443": false, "[2002:7f00:1::]:443": false, "[2001::1]:443": false, "[2001:db8::1]:443": false,
		"[fc00::1]:443": false, "[ff02::1]:443": false, "[100::1]:443": false, "[3fff::1]:443": false, "[5f00::1]:443": false,
		"localhost:443": false, "": false, "1.1.1.1": false,
	} {
		if err := checkAddress(address, false); (err == nil) != public {
			t.Errorf("%s: %v", address, err)
		}
	}
	for address, allowed := range map[string]bool{"127.0.0.1:8080": true, "[::1]:9000": true, "10.0.0.1:8080": false, "169.254.169.254:80": false, "1.1.1.1:443": true, "1.1.1.1:80": false} {
		if err := checkAddress(address, true); (err == nil) != allowed {
			t.Errorf("in a trial %s: %v", address, err)
		}
	}
}

func TestAnAddressOfANodeIsWrittenInOneWay(t *testing.T) {
	for text, want := range map[string]string{
		"https://plein.example.nl": "https://plein.example.nl", " https://Plein.Example.nl/ ": "https://plein.example.nl", "https://plein.example.nl:443": "https://plein.example.nl",
		"https://plein.example.nl/udc/": "https://plein.example.nl/udc",
		"http://plein.example.nl":       "", "https://plein.example.nl:8443": "", "https://u:p@plein.example.nl": "", "https://plein.example.nl?x": "", "https://plein.example.nl/#x": "",
		"https://plein.example.nl/a/../b": "", "https://plein.example.nl//b": "", "https://plein.example.nl/%2e": "", "https://": "", "ftp://plein.example.nl": "", "plein.example.nl": "",
		"https://plein.example.nl.": "", "https://pléin.nl": "", "http://localhost:8080": "", "http://127.0.0.1:8080": "", "https://a b": "", "javascript:alert(1)": "", "": "",
	} {
		if got, err := ReadBase(text, false); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{"http://localhost:8080": "http://localhost:8080", "http://127.0.0.1:8080/": "http://127.0.0.1:8080", "http://[::1]:80": "http://[::1]:80",
		"http://10.0.0.1": "", "http://localhost.example.nl:8080": "", "https://plein.example.nl:8443": ""} {
		if got, err := ReadBase(text, true); got != want || (err == nil) != (want != "") {
			t.Errorf("in a trial %q: %q, %v", text, got, err)
		}
	}
}

// asking serves answers and asks for one, as in a trial on this machine.
func asking(t *testing.T, serve http.HandlerFunc) (*answer, *allowance, error) {
	t.Helper()
	s := httptest.NewServer(serve)
	defer s.Close()
	left := newAllowance()
	c := newClient("test", true, nil)
	c.http.Timeout = 2 * time.Second
	a, err := c.get(t.Context(), s.URL, s.URL+"/x", "", left)
	return a, left, err
}

func sendJSON(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/ld+json")
	w.Write(body)
}

func packed(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnAnswerIsReadWithinItsLimits(t *testing.T) {
	bomb := packed(t, make([]byte, 64<<20))
	tight := packed(t, bytes.Repeat([]byte(`{"same":"thing"}`), 10_000))
	var again atomic.Int64
	for name, test := range map[string]struct {
		serve http.HandlerFunc
		want  error // nil: it is read
		cost  int   // at most, in bytes
	}{
		"plain":             {func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, []byte(`{}`)) }, nil, 2},
		"as much as may be": {func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, make([]byte, maxAnswer)) }, nil, maxAnswer},
		"one byte more":     {func(w http.ResponseWriter, _ *http.Request) { sendJSON(w, make([]byte, maxAnswer+1)) }, errUnfit, maxAnswer + freeRatio},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, errUnfit, maxAnswer + freeRatio},
		"a bomb": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			sendJSON(w, bomb)
		}, errUnfit, 2 * maxAnswer},
		"endless empty parts": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("Content-Type", "application/json")
			empty := bytes.Repeat(packed(t, nil), 1000)
			for {
				if _, err := w.Write(empty); err != nil {
					return
				}
			}
		}, errUnfit, maxAnswer + freeRatio},
		"tight but honest": {func(w http.ResponseWriter, r *http.Request) {
			again.Add(1)
			if r.Header.Get("Accept-Encoding") == "gzip" {
				w.Header().Set("Content-Encoding", "gzip")
				sendJSON(w, tight)
				return
			}
			sendJSON(w, bytes.Repeat([]byte(`{"same":"thing"}`), 10_000))
		}, nil, 2*160_000 + freeRatio},
		"packed twice": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip, gzip")
			sendJSON(w, tight)
		}, errUnfit, 0},
		"packed else": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "br")
			sendJSON(w, tight)
		}, errUnfit, 0},
		"not gzip": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			sendJSON(w, []byte("{}"))
		}, errUnfit, 2},
		"a page": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.Write([]byte("<p>"))
		}, errUnfit, 0},
		"nothing":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }, &statusError{}, 0},
		"unasked 304": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotModified) }, &statusError{}, 0},
		"a bad day":   {func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "60"); w.WriteHeader(503) }, &statusError{}, 0},
		"a drip": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				w.Write([]byte(" "))
				w.(http.Flusher).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}, context.DeadlineExceeded, 1000},
	} {
		t.Run(name, func(t *testing.T) {
			a, left, err := asking(t, test.serve)
			var status *statusError
			switch {
			case test.want == nil && (err != nil || a.body == nil):
				t.Error(err)
			case errors.As(test.want, &status):
				if !errors.As(err, &status) {
					t.Error(err)
				}
			case !errors.Is(err, test.want):
				t.Error(err)
			}
			if cost := maxPull - left.bytes; cost > test.cost {
				t.Errorf("%d bytes", cost)
			}
		})
	}
	if again.Load() != 2 {
		t.Errorf("asked %d times for what packs well", again.Load())
	}
}

func TestNobodySendsUsElsewhere(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("we went there")
		sendJSON(w, []byte("{}"))
	}))
	defer elsewhere.Close()
	for name, to := range map[string]string{"another origin": elsewhere.URL + "/x", "another scheme": "https://127.0.0.1/x", "a file": "file:///etc/passwd", "metadata": "http://169.254.169.254/latest/", "in a circle": "/x"} {
		_, _, err := asking(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) })
		if err == nil {
			t.Errorf("%s: it was believed", name)
		}
	}
	c := newClient("test", true, nil)
	if _, err := c.get(t.Context(), "https://plein.example.nl", "https://plein.example.nl.evil.example/x", "", newAllowance()); !errors.Is(err, errUnfit) {
		t.Error(err)
	}
}

func TestOneMovesWithinTheSameOrigin(t *testing.T) {
	a, _, err := asking(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/x" {
			http.Redirect(w, r, "/y", http.StatusFound)
			return
		}
		sendJSON(w, []byte("{}"))
	})
	if err != nil || string(a.body) != "{}" {
		t.Error(a, err)
	}
}

// nameServer answers each question for an address with the same ones, or that there is no such name.
func nameServer(t *testing.T, to ...[4]byte) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			var m dnsmessage.Message
			if m.Unpack(buf[:n]) != nil {
				continue
			}
			m.Response = true
			if len(to) == 0 {
				m.RCode = dnsmessage.RCodeNameError
			}
			for _, q := range m.Questions {
				for _, a := range to {
					if q.Type == dnsmessage.TypeA {
						m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: a}})
					}
				}
			}
			m.Additionals = nil
			if out, err := m.Pack(); err == nil {
				conn.WriteTo(out, from) //nolint:errcheck // whoever asks tries again
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func TestANameThatLeadsInsideIsNotFollowed(t *testing.T) {
	for _, to := range [][4]byte{{127, 0, 0, 1}, {10, 0, 0, 5}, {169, 254, 169, 254}, {100, 64, 0, 1}, {0, 0, 0, 0}} {
		c := newClient("test", false, nameServer(t, to))
		_, err := c.get(t.Context(), "https://plein.example", "https://plein.example/x", "", newAllowance())
		if !errors.Is(err, errUnfit) || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("%v: %v", to, err)
		}
	}
}

func TestAProxyOfTheEnvironmentIsNotAsked(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the proxy was asked") }))
	defer proxy.Close()
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"} {
		t.Setenv(name, proxy.URL)
	}
	c := newClient("test", false, nameServer(t, [4]byte{127, 0, 0, 1}))
	if _, err := c.get(t.Context(), "https://plein.example", "https://plein.example/x", "", newAllowance()); err == nil {
		t.Error("it was reached")
	}
}

func TestAPullEndsWhenItsShareIsSpent(t *testing.T) {
	var asked, sent atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		n, _ := io.Copy(w, io.LimitReader(zeros{}, maxAnswer))
		sent.Add(n)
	}))
	defer s.Close()
	c, left := newClient("test", true, nil), newAllowance()
	var err error
	for i := 0; err == nil; i++ {
		_, err = c.get(t.Context(), s.URL, fmt.Sprintf("%s/%d", s.URL, i), "", left)
	}
	if !errors.Is(err, errSpent) || sent.Load() > maxPull || asked.Load() != maxPull/maxAnswer {
		t.Error(err, asked.Load(), sent.Load())
	}
	left = newAllowance()
	small := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); sendJSON(w, []byte("{}")) }))
	defer small.Close()
	asked.Store(0)
	for err = nil; err == nil; {
		_, err = c.get(t.Context(), small.URL, small.URL+"/x", "", left)
	}
	if !errors.Is(err, errSpent) || asked.Load() != maxRequests {
		t.Error(err, asked.Load())
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestRetryAfterIsHonouredWithinADay(t *testing.T) {
	for text, want := range map[string]time.Duration{"": 0, "60": time.Minute, "0": 0, "-5": 0, "99999999": maxRetryAfter, "soon": 0, "1e9": 0,
		"Mon, 02 Jan 2006 15:04:05 GMT": 0, time.Now().Add(48 * time.Hour).UTC().Format(http.TimeFormat): maxRetryAfter} {
		if got := retryAfter(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestAPeerThatFailsIsLeftAloneLonger(t *testing.T) {
	for failures, most := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 5: 16 * time.Minute, 11: 24 * time.Hour, 1000: 24 * time.Hour} {
		for range 100 {
			if d := pauseAfter(failures); d < most/2-time.Second && failures < 11 || d > most {
				t.Errorf("after %d failures %v", failures, d)
			}
		}
	}
}
