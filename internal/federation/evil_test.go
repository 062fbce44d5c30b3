package federation_test

import (
	"bytes"
	"compress/gzip"
	"crypto/ed25519"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// evil is a node that says what it likes, with a publisher that signs whatever it is told to.
type evil struct {
	server      *httptest.Server
	base, id    string
	key, next   ed25519.PrivateKey
	serve       atomic.Pointer[http.HandlerFunc]
	sent, asked atomic.Int64
}

func newEvil(t *testing.T) *evil {
	t.Helper()
	e := &evil{id: "org_01900000-0000-7000-8000-000000000001"}
	_, e.key, _ = ed25519.GenerateKey(nil)
	_, e.next, _ = ed25519.GenerateKey(nil)
	e.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.asked.Add(1)
		w.Header().Set("Content-Type", "application/ld+json")
		c := &countingWriter{ResponseWriter: w}
		(*e.serve.Load())(c, r)
		e.sent.Add(c.n)
	}))
	t.Cleanup(e.server.Close)
	e.base = e.server.URL
	return e
}

type countingWriter struct {
	http.ResponseWriter
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n += int64(n)
	return n, err
}

func (e *evil) feed() string { return e.base + "/ldes/" + e.id }

func (e *evil) did() string {
	return "did:web:" + strings.Replace(strings.TrimPrefix(e.base, "http://"), ":", "%3A", 1) + ":p:" + e.id
}

// introduces itself, honestly.
func (e *evil) introduce(t *testing.T) []byte {
	t.Helper()
	card, err := json.Marshal(federation.Card{ID: e.base + "/id/" + e.id, Type: "Publisher", Name: "UDC Elders", Kind: record.MunicipalUDC, Home: e.base, DID: e.did(), Feed: e.feed(),
		Key: federation.EncodeKey(e.key.Public().(ed25519.PublicKey)), Next: federation.Commitment(e.next.Public().(ed25519.PublicKey))})
	if err != nil {
		t.Fatal(err)
	}
	card, err = federation.Sign(card, e.key, e.did()+"#"+federation.EncodeKey(e.key.Public().(ed25519.PublicKey)), fixture.Start)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, `{"type":"PleinNode","base":%q,"name":"Elders","software":"evil","epoch":"0","publishers":[%s]}`, e.base, card)
}

// pages are signed logs of so many pages, as long as a page may be; ballast is what each record carries.
func (e *evil) pages(t *testing.T, count int, ballast func(seq int64, size int) string) [][]byte {
	t.Helper()
	prev, out := "", make([][]byte, count)
	for n := range out {
		var page bytes.Buffer
		fmt.Fprintf(&page, `{"@context":{},"graph":[{"id":%q,"epoch":"0","seq":"1000000"},{"id":%q}`, e.feed()+"#stream", e.feed()+"?page="+strconv.Itoa(n))
		for i := range int64(federation.PageSize) {
			seq := int64(n)*federation.PageSize + i + 1
			object := fmt.Sprintf("%s/id/prj_01900000-0000-7000-8000-%012d", e.base, seq)
			graph := fmt.Sprintf(`{"type":"PROJECT","schema":1,"id":%q,"publisher":%q,"provenance":"OWN","audience":"PUBLIC","contentLanguage":"nl","title":{"nl":"Ballast %d"},"version":1,%s,"mentions":[]}`,
				object, e.base+"/id/"+e.id, seq, ballast(seq, (4<<20)/federation.PageSize-2000))
			m, err := federation.NewMember(e.feed(), 0, seq, federation.Create, object, 1, fixture.Start, prev, json.RawMessage(graph), "")
			if err != nil {
				t.Fatal(err)
			}
			if prev, err = m.Hash(); err != nil {
				t.Fatal(err)
			}
			raw, err := m.Sign(e.key, e.did(), fixture.Start)
			if err != nil {
				t.Fatal(err)
			}
			page.WriteByte(',')
			page.Write(raw)
		}
		page.WriteString("]}")
		out[n] = page.Bytes()
	}
	return out
}

// A publisher that was admitted and turns evil can make us do the most: what it signs has to be verified.
func TestAnEvilPublisherCostsAtMostItsShare(t *testing.T) {
	e, b := newEvil(t), NewNode(t, "Breda")
	who := e.introduce(t)
	honest := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.Write(who) }) //nolint:errcheck // nobody may be there any more
	e.serve.Store(&honest)
	id, err := b.Propose(t.Context(), e.base, []string{federation.Fingerprint(e.key.Public().(ed25519.PublicKey))})
	if err != nil {
		t.Fatal(err)
	}
	names := func(_ int64, size int) string {
		var s strings.Builder
		for i := 0; s.Len() < size; i++ {
			fmt.Fprintf(&s, `"%x":%d,`, i*7919%65536, i)
		}
		return s.String() + `"x":0`
	}
	bomb := func(size int) []byte {
		var z bytes.Buffer
		g := gzip.NewWriter(&z)
		for range size >> 20 {
			g.Write(bytes.Repeat([]byte(" "), 1<<20)) //nolint:errcheck // into memory
		}
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		return z.Bytes()
	}
	packedBomb := bomb(256 << 20)
	paged := func(pages [][]byte) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			n, err := strconv.Atoi(r.URL.Query().Get("page"))
			switch {
			case !strings.HasPrefix(r.URL.Path, "/ldes/"):
				w.Write(who) //nolint:errcheck // as above
			case err != nil:
				fmt.Fprintf(w, `{"graph":[{"epoch":"0","seq":"1000000"},{}]}`)
			default:
				w.Write(pages[n%len(pages)]) //nolint:errcheck // as above
			}
		}
	}
	for _, test := range []struct {
		name  string
		serve http.HandlerFunc
	}{
		{"a gzip bomb as introduction", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packedBomb) //nolint:errcheck // as above
		}},
		{"gzip bombs as pages", func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/ldes/") {
				w.Write(who) //nolint:errcheck // as above
				return
			}
			w.Header().Set("Content-Encoding", "gzip")
			w.Write(packedBomb) //nolint:errcheck // as above
		}},
		{"an answer without end", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(bytes.Repeat([]byte("x"), 64<<10)); err != nil {
					return
				}
			}
		}},
		{"a page that leads to itself and inside", func(w http.ResponseWriter, r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/ldes/") {
				w.Write(who) //nolint:errcheck // as above
				return
			}
			fmt.Fprintf(w, `{"graph":[{"epoch":"0","seq":"999999999"},{"id":%q,"tree:relation":[{"tree:node":%q},{"tree:node":"http://169.254.169.254/"}]}]}`, r.URL.String(), r.URL.String())
		}},
		{"a way inside", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data/", http.StatusFound)
		}},
		{"pages full of names", paged(e.pages(t, 3, names))},
	} {
		t.Run(test.name, func(t *testing.T) {
			e.serve.Store(&test.serve)
			e.sent.Store(0)
			e.asked.Store(0)
			before, begin := spent(t), time.Now()
			p, err := b.Pull(t.Context(), id, nil)
			cost, took := spent(t)-before, time.Since(begin)
			t.Logf("%d requests, %.1f MB, %v of processor time (the evil node's too), %v: %+v, %v", e.asked.Load(), float64(e.sent.Load())/1e6, cost.Round(time.Millisecond), took.Round(time.Millisecond), p, err)
			// The sockets between hold what was sent and never read.
			if e.sent.Load() > 12<<20+8<<20 {
				t.Errorf("%d bytes", e.sent.Load())
			}
			// The next one is of another log.
			publisher := federation.PublisherID(e.base + "/id/" + e.id)
			e.serve.Store(&honest)
			if err := b.SetPublisherState(t.Context(), publisher, federation.Blocked, ""); err != nil {
				t.Fatal(err)
			}
			if err := b.SetPublisherState(t.Context(), publisher, federation.Active, federation.Fingerprint(e.key.Public().(ed25519.PublicKey))); err != nil {
				t.Fatal(err)
			}
		})
	}
}
