package federation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// line is the way to a node: it goes before the edge and does to answers what networks, proxies and bad software do.
type line struct {
	mu   sync.Mutex
	node *Node
	luck *rand.Rand
	// down tells that nobody answers.
	down bool
	// faulty is how many answers in a hundred go wrong.
	faulty int
	// before are the last answers at each address.
	before map[string][]reply
	// did counts what went wrong, by its name; served is how many requests came, sent how many bytes of bodies went out.
	did          map[string]int
	served, sent int
}

// reply is an answer of a node as a whole.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// newLine is the way to a node from now on.
func newLine(n *Node, seed uint64) *line {
	l := &line{node: n, luck: rand.New(rand.NewPCG(seed, 1)), before: map[string][]reply{}, did: map[string]int{}}
	n.Before(func(w http.ResponseWriter, r *http.Request) bool { l.ServeHTTP(w, r); return true })
	return l
}

// cut takes the node off the line, or puts it back.
func (l *line) cut(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
}

// breaks makes so many answers in a hundred go wrong from now on.
func (l *line) breaks(percent int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.faulty = percent
}

// count gives what went through and what went wrong since the last count.
func (l *line) count() (served, sent int, did map[string]int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	served, sent, did = l.served, l.sent, maps.Clone(l.did)
	l.served, l.sent = 0, 0
	clear(l.did)
	return served, sent, did
}

// faults are what can go wrong. Each writes the answer itself; those in faultsOfPages need a page with members.
var (
	faults = map[string]func(*line, http.ResponseWriter, reply){
		"drop": func(_ *line, w http.ResponseWriter, _ reply) { hangUp(w) },
		"delay": func(l *line, w http.ResponseWriter, a reply) {
			time.Sleep(time.Duration(l.draw(10)) * time.Millisecond)
			a.send(w)
		},
		"truncate": func(l *line, w http.ResponseWriter, a reply) { a.sendPart(w, l.draw(len(a.body)+1)) },
		"end early": func(l *line, w http.ResponseWriter, a reply) {
			a.body = a.body[:l.draw(len(a.body)+1)]
			a.send(w)
		},
		"5xx": func(l *line, w http.ResponseWriter, _ reply) { status(w, 500+l.draw(5), "") },
		"429": func(_ *line, w http.ResponseWriter, _ reply) { status(w, http.StatusTooManyRequests, "7") },
		"not there": func(_ *line, w http.ResponseWriter, _ reply) {
			status(w, http.StatusNotFound, "")
		},
		"elsewhere": func(_ *line, w http.ResponseWriter, _ reply) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
		},
		"garbage": func(l *line, w http.ResponseWriter, a reply) {
			a.body = make([]byte, l.draw(2000))
			for i := range a.body {
				a.body[i] = byte(l.draw(256))
			}
			a.send(w)
		},
		"sorry": func(_ *line, w http.ResponseWriter, _ reply) {
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, "<h1>Onderhoud</h1>") //nolint:errcheck // nobody may be there any more
		},
		"nothing":       func(l *line, w http.ResponseWriter, a reply) { a.body = []byte("null"); a.send(w) },
		"not modified":  func(_ *line, w http.ResponseWriter, _ reply) { w.WriteHeader(http.StatusNotModified) },
		"packed wrong":  func(_ *line, w http.ResponseWriter, a reply) { w.Header().Set("Content-Encoding", "gzip"); a.send(w) },
		"another bit":   func(l *line, w http.ResponseWriter, a reply) { a.body = l.flip(a.body); a.send(w) },
		"another page":  func(l *line, w http.ResponseWriter, a reply) { l.any(a).send(w) },
		"an older page": func(l *line, w http.ResponseWriter, a reply) { l.former(a).send(w) },
	}
	faultsOfPages = map[string]func(l *line, members []json.RawMessage) []json.RawMessage{
		"swapped": func(l *line, ms []json.RawMessage) []json.RawMessage {
			i, j := l.draw(len(ms)), l.draw(len(ms))
			ms[i], ms[j] = ms[j], ms[i]
			return ms
		},
		"twice": func(l *line, ms []json.RawMessage) []json.RawMessage {
			i := l.draw(len(ms))
			return slices.Insert(ms, i, ms[i])
		},
		"missing": func(l *line, ms []json.RawMessage) []json.RawMessage {
			i := l.draw(len(ms))
			return slices.Delete(ms, i, i+1)
		},
		"backwards": func(_ *line, ms []json.RawMessage) []json.RawMessage { slices.Reverse(ms); return ms },
		"cut off":   func(l *line, ms []json.RawMessage) []json.RawMessage { return ms[:l.draw(len(ms))] },
	}
)

func (l *line) draw(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.luck.IntN(n)
}

// flip changes one bit.
func (l *line) flip(body []byte) []byte {
	body = bytes.Clone(body)
	if len(body) > 0 {
		body[l.draw(len(body))] ^= 1 << l.draw(8)
	}
	return body
}

// any is an answer that was given at whatever address.
func (l *line) any(a reply) reply {
	l.mu.Lock()
	defer l.mu.Unlock()
	addresses := slices.Sorted(maps.Keys(l.before))
	if len(addresses) == 0 {
		return a
	}
	all := l.before[addresses[l.luck.IntN(len(addresses))]]
	return all[l.luck.IntN(len(all))]
}

// former is an answer that was given before at the same address.
func (l *line) former(a reply) reply {
	l.mu.Lock()
	defer l.mu.Unlock()
	if all := l.before[a.header.Get("Test-Address")]; len(all) > 0 {
		return all[l.luck.IntN(len(all))]
	}
	return a
}

const remembers = 5

func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	down, name := l.down, ""
	l.served++
	if l.luck.IntN(100) < l.faulty {
		names := slices.Concat(slices.Sorted(maps.Keys(faults)), slices.Sorted(maps.Keys(faultsOfPages)))
		name = names[l.luck.IntN(len(names))]
	}
	l.mu.Unlock()
	if down {
		hangUp(w)
		return
	}
	ask := r.Clone(r.Context())
	if name != "" { // what is broken is a whole answer in plain text
		ask.Header.Del("Accept-Encoding")
		ask.Header.Del("If-None-Match")
	}
	heard := httptest.NewRecorder()
	l.node.edge.Load().ServeHTTP(heard, ask)
	a := reply{heard.Code, heard.Header(), heard.Body.Bytes()}
	a.header.Set("Test-Address", r.URL.RequestURI())
	l.mu.Lock()
	l.sent += len(a.body)
	if a.status == http.StatusOK && a.header.Get("Content-Encoding") == "" {
		all := append(l.before[r.URL.RequestURI()], a)
		l.before[r.URL.RequestURI()] = all[max(len(all)-remembers, 0):]
	}
	if name != "" {
		l.did[name]++
	}
	l.mu.Unlock()
	if do := faults[name]; do != nil {
		do(l, w, a)
		return
	}
	if do := faultsOfPages[name]; do != nil {
		a.body = l.rearrange(a.body, do)
	}
	a.send(w)
}

// rearrange does something to the members of a page, where there are any.
func (l *line) rearrange(body []byte, do func(*line, []json.RawMessage) []json.RawMessage) []byte {
	var page struct {
		Context json.RawMessage   `json:"@context"`
		Graph   []json.RawMessage `json:"graph"`
	}
	if json.Unmarshal(body, &page) != nil || len(page.Graph) < 3 {
		return body
	}
	page.Graph = append(page.Graph[:2:2], do(l, page.Graph[2:])...)
	out, err := json.Marshal(page)
	if err != nil {
		panic(err) // it was JSON a moment ago
	}
	return out
}

func (a reply) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	w.Header().Del("Content-Length")
	w.WriteHeader(a.status)
	w.Write(a.body) //nolint:errcheck // nobody may be there any more
}

// sendPart says how long the answer is and gives less.
func (a reply) sendPart(w http.ResponseWriter, n int) {
	maps.Copy(w.Header(), a.header)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	w.WriteHeader(a.status)
	w.Write(a.body[:min(n, len(a.body))]) //nolint:errcheck // as above
	if n < len(a.body) {
		panic(http.ErrAbortHandler)
	}
}

// hangUp ends the connection without an answer.
func hangUp(http.ResponseWriter) { panic(http.ErrAbortHandler) }

func status(w http.ResponseWriter, code int, retryAfter string) {
	if retryAfter != "" {
		w.Header().Set("Retry-After", retryAfter)
	}
	w.WriteHeader(code)
}

// list writes what went wrong in a line.
func list(did map[string]int) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(did)) {
		out = append(out, fmt.Sprintf("%s %d", name, did[name]))
	}
	return strings.Join(out, ", ")
}
