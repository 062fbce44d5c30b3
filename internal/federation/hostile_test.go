package federation_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/publisher"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// isPage tells whether an address is that of a page of a log, and not of what a node passes on.
func isPage(address string) bool {
	return strings.Contains(address, "page=") && !strings.HasPrefix(address, "/ldes/relay")
}

// inPage changes the list of members in a page.
func inPage(t *testing.T, body []byte, change func(members []json.RawMessage) []json.RawMessage) []byte {
	t.Helper()
	var page map[string]json.RawMessage
	var graph []json.RawMessage
	if json.Unmarshal(body, &page) != nil || json.Unmarshal(page["graph"], &graph) != nil {
		t.Errorf("not a page: %.200s", body)
		return body
	}
	graph = append(graph[:2:2], change(graph[2:])...)
	var err error
	if page["graph"], err = json.Marshal(graph); err != nil {
		t.Error(err)
	}
	out, err := json.Marshal(page)
	if err != nil {
		t.Error(err)
	}
	return out
}

// change alters one name of a member, without signing it again.
func change(t *testing.T, raw json.RawMessage, name string, value any) json.RawMessage {
	t.Helper()
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	v, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	m[name] = v
	if value == nil {
		delete(m, name)
	}
	out, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestNothingIsTakenInThatItsPublisherDidNotSign(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.ShowMany(t, 3)
		id := b.Trust(t, a)
		for name, test := range map[string]struct {
			change  func([]json.RawMessage) []json.RawMessage
			problem string
			taken   int64
		}{
			"another text": {func(ms []json.RawMessage) []json.RawMessage {
				return append(ms[:1:1], bytes.Replace(ms[1], []byte("Project 2"), []byte("Project X"), 1), ms[2])
			}, federation.BadProof, 1},
			"another object": {func(ms []json.RawMessage) []json.RawMessage {
				return append([]json.RawMessage{change(t, ms[0], "object", b.Base()+"/id/prj_1")}, ms[1:]...)
			}, federation.BadProof, 0},
			"no proof": {func(ms []json.RawMessage) []json.RawMessage {
				return append(ms[:1:1], change(t, ms[1], "proof", nil), ms[2])
			}, federation.BadProof, 1},
			"a withdrawal that nobody made": {func(ms []json.RawMessage) []json.RawMessage {
				return append(ms[:1:1], change(t, ms[1], "type", "Delete"), ms[2])
			}, federation.BadProof, 1},
			"one left out":   {func(ms []json.RawMessage) []json.RawMessage { return append(ms[:1:1], ms[2]) }, federation.OutOfOrder, 1},
			"one twice":      {func(ms []json.RawMessage) []json.RawMessage { return append(ms[:2:2], ms[1], ms[2]) }, federation.OutOfOrder, 2},
			"the other way":  {func(ms []json.RawMessage) []json.RawMessage { return []json.RawMessage{ms[2], ms[1], ms[0]} }, federation.OutOfOrder, 0},
			"no member":      {func(ms []json.RawMessage) []json.RawMessage { return append(ms[:2:2], json.RawMessage(`{"id":1}`)) }, federation.BadProof, 2},
			"a redacted end": {func(ms []json.RawMessage) []json.RawMessage { return append(ms[:2:2], redacted(t, ms[2])) }, "", 2},
		} {
			t.Run(name, func(t *testing.T) {
				if err := b.SetPublisherState(t.Context(), b.About(t, a).ID, federation.Blocked, ""); err != nil {
					t.Fatal(err)
				}
				if err := b.SetPublisherState(t.Context(), b.About(t, a).ID, federation.Active, a.Fingerprint(t)); err != nil {
					t.Fatal(err)
				}
				a.Tamper(func(address string, body []byte) []byte {
					if isPage(address) {
						return inPage(t, body, test.change)
					}
					return body
				})
				defer a.Tamper(nil)
				b.Take(t, id)
				row := b.About(t, a)
				if row.Problem != test.problem || row.Seq != test.taken || len(b.Copies(t)) != int(test.taken) {
					t.Errorf("%s %q at %d, %d copies", row.Problem, row.Detail, row.Seq, len(b.Copies(t)))
				}
				aside, err := b.Store.Client.Quarantined.Query().Count(t.Context())
				if err != nil || (aside > 0) != (test.problem != "") {
					t.Error(aside, err)
				}
				// The truth mends it.
				a.Tamper(nil)
				b.Take(t, id)
				if row := b.About(t, a); row.Problem != "" || row.Seq != 3 || len(b.Copies(t)) != 3 {
					t.Errorf("afterwards %s %q at %d", row.Problem, row.Detail, row.Seq)
				}
			})
		}
	})
}

// redacted is a member as it is after its content was taken away.
func redacted(t *testing.T, raw json.RawMessage) json.RawMessage {
	for _, name := range []string{"salt", "graph", "proof"} {
		raw = change(t, raw, name, nil)
	}
	return change(t, raw, "redacted", true)
}

func TestALogThatIsShorterThanItWasStops(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.ShowMany(t, 3)
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Tamper(func(address string, body []byte) []byte {
			if isPage(address) {
				return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { return ms[:2] })
			}
			return body
		})
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.Rewound || row.Seq != 3 || len(b.Copies(t)) != 3 {
			t.Errorf("%+v", row)
		}
		a.Before(func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.String(), "page=") {
				w.WriteHeader(http.StatusNotFound)
				return true
			}
			return false
		})
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.Rewound {
			t.Errorf("%+v", row)
		}
		a.Tamper(nil)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" {
			t.Errorf("%+v", row)
		}
	})
}

func TestALogThatBeginsAnewIsReadAgainAndAbsenceDeletesNothing(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 3)
		id := b.Trust(t, a)
		b.Take(t, id)
		tx, err := a.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := changelog.NewEpoch(t.Context(), tx.Client(), a.Clock.Now()); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		a.Revise(t, ids[1], "Herzien")
		b.Take(t, id)
		row := b.About(t, a)
		if row.Problem != "" || row.Epoch == 0 || len(b.Copies(t)) != 3 || b.Copies(t)[a.Base()+"/id/"+ids[1]] != "Herzien" {
			t.Errorf("%+v %v", row, b.Copies(t))
		}
		// And the other way round is a rewind.
		a.Tamper(func(address string, body []byte) []byte {
			return bytes.Replace(body, fmt.Appendf(nil, `"epoch":"%d"`, row.Epoch), []byte(`"epoch":"0"`), 1)
		})
		b.Take(t, id)
		if now := b.About(t, a); now.Problem != federation.Rewound || now.Epoch != row.Epoch {
			t.Errorf("%+v", now)
		}
	})
}

// fork makes a node forget all members after the first, and makes its second line a withdrawal. What it signs then is another
// branch under the same key, as of a copied data folder.
func fork(t *testing.T, a *Node) {
	t.Helper()
	ctx := t.Context()
	tx, err := a.Store.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM members WHERE seq > 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE feed SET reason = 'anders', type = 'DELETE', payload = NULL WHERE publisher_seq = 2"); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

func TestALogInWhichSomethingElseStandsNowStops(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	a.ShowMany(t, 2)
	id := b.Trust(t, a)
	b.Take(t, id)
	fork(t, a)
	a.Reopen(t, a.World)
	a.Sign(t)
	// A third node takes in the other branch, and passes it on.
	c.Take(t, c.Trust(t, a))
	b.Take(t, id)
	row := b.About(t, a)
	if row.Problem != federation.Forked || row.Seq != 2 || len(b.Copies(t)) != 2 {
		t.Fatalf("%s %q at %d", row.Problem, row.Detail, row.Seq)
	}
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != federation.Forked {
		t.Error("a fork is forgotten")
	}

	// Who knows one branch and hears of the other from somebody else notices too.
	d := NewNode(t, "Dronten")
	viaB, err := d.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	d.Take(t, viaB)
	viaC, err := d.Propose(t.Context(), c.Base(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.SetPeerState(t.Context(), viaC, federation.Active); err != nil {
		t.Fatal(err)
	}
	d.Take(t, viaC)
	if row := d.About(t, a); row.Problem != federation.Forked {
		t.Errorf("%s %q at %d", row.Problem, row.Detail, row.Seq)
	}
}

func TestAHostilePeerSaysNothingAboutOthers(t *testing.T) {
	// b is hostile: what it passes on of a is not what a said.
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	a.ShowMany(t, 3)
	b.Take(t, b.Trust(t, a))
	hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func([]json.RawMessage) []json.RawMessage{
		"another text": func(ms []json.RawMessage) []json.RawMessage {
			return append([]json.RawMessage{bytes.Replace(ms[0], []byte("Project 1"), []byte("Project X"), 1)}, ms[1:]...)
		},
		"one left out": func(ms []json.RawMessage) []json.RawMessage { return ms[1:] },
		"redacted": func(ms []json.RawMessage) []json.RawMessage {
			return []json.RawMessage{redacted(t, ms[0]), redacted(t, ms[1])}
		},
		"of nobody": func(ms []json.RawMessage) []json.RawMessage {
			return []json.RawMessage{change(t, ms[0], "id", "https://x/ldes/y#0-1")}
		},
		"another epoch": func(ms []json.RawMessage) []json.RawMessage {
			return []json.RawMessage{bytes.Replace(ms[0], []byte("#0-1"), []byte("#7-1"), 1)}
		},
		"no number": func(ms []json.RawMessage) []json.RawMessage {
			return []json.RawMessage{bytes.Replace(ms[0], []byte("#0-1"), []byte("#0--1"), 1)}
		},
		"a large number": func(ms []json.RawMessage) []json.RawMessage {
			return []json.RawMessage{bytes.Replace(ms[0], []byte("#0-1"), []byte("#0-9223372036854775807"), 1)}
		},
	} {
		b.Tamper(func(address string, body []byte) []byte {
			if strings.HasPrefix(address, "/ldes/relay?") {
				return inPage(t, body, change)
			}
			return body
		})
		c.Take(t, hub)
		if row := c.About(t, a); row.Problem != "" || row.Seq != 0 || len(c.Copies(t)) != 0 {
			t.Errorf("%s: %s %q at %d", name, row.Problem, row.Detail, row.Seq)
		}
	}
	// Directly all is well, whatever the hub says.
	direct, err := c.Propose(t.Context(), a.Base(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.SetPeerState(t.Context(), direct, federation.Active); err != nil {
		t.Fatal(err)
	}
	c.Take(t, direct)
	if len(c.Copies(t)) != 3 {
		t.Error(c.Copies(t))
	}
	b.Tamper(nil)
}

// A hub can leave out what it passes on; it cannot do so unnoticed by emptying members.
func TestAHubThatEmptiesMembersIsNoticed(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	ids := a.ShowMany(t, 4)
	a.Withdraw(t, ids[0])
	b.Take(t, b.Trust(t, a))
	for name, hostile := range map[string]bool{"honest": false, "hostile": true} {
		hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
		if err != nil {
			t.Fatal(err)
		}
		if hostile {
			b.Tamper(func(address string, body []byte) []byte {
				if strings.HasPrefix(address, "/ldes/relay?") {
					return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { ms[2] = redacted(t, ms[2]); return ms })
				}
				return body
			})
		}
		c.Take(t, hub)
		row, err := c.Store.Client.Peer.Get(t.Context(), hub)
		if err != nil || (row.Problem == federation.BadProof) != hostile {
			t.Errorf("%s: %+v %v", name, row, err)
		}
		b.Tamper(nil)
		if err := c.RemovePeer(t.Context(), hub); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPublisherSpeaksForNobodyElse(t *testing.T) {
	// a signs with its own key what is not its own: its catalogue is made to believe that it is found elsewhere.
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	own := b.Show(t, "Eigen project van Breda")
	p := a.Show(t, "Verkamering")
	id := b.Trust(t, a)
	for _, object := range []string{b.Base() + "/id/" + own.ID, "https://plein.example.nl/id/" + p.ID, a.Base() + "/id/usr_1", a.Base() + ".evil.example/id/" + p.ID, "not an address"} {
		tx, err := a.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "UPDATE publications SET uri = '"+object+"' WHERE id = '"+p.ID+"'"); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		a.Revise(t, p.ID, "Over "+object)
	}
	b.Take(t, id)
	if got := b.Copies(t); len(got) > 1 {
		t.Error(got)
	}
	r, err := b.Catalog.ByID(fixture.System(t), own.ID)
	if err != nil || r[0] == nil || r[0].Base().Title[record.Dutch] != "Eigen project van Breda" {
		t.Error(r, err)
	}
}

func TestOnesOwnPublishersDoNotComeBack(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.Show(t, "Verkamering")
	b.Show(t, "Leegstand")
	b.Take(t, b.Trust(t, a))
	a.Take(t, a.Trust(t, b))
	b.Take(t, federation.NodeID(a.Base()))
	for _, n := range []*Node{a, b} {
		all, err := n.Store.Client.Publisher.Query().Count(t.Context())
		if err != nil || all == 0 {
			t.Error(all, err)
		}
		own, err := n.Store.Client.Publisher.Query().Where(publisher.Home(n.Base())).Count(t.Context())
		if err != nil || own != 0 {
			t.Errorf("%d of its own, %v", own, err)
		}
	}
	var ps record.Problems
	if _, err := a.Propose(t.Context(), a.Base(), nil); !errors.As(err, &ps) {
		t.Error("a node is its own peer:", err)
	}
}

func TestAPullThatIsBrokenOffGoesOnWhereItWas(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.ShowMany(t, 3*federation.PageSize+10)
		id := b.Trust(t, a)
		var pages atomic.Int64
		a.Before(func(w http.ResponseWriter, r *http.Request) bool {
			if strings.Contains(r.URL.RawQuery, "page=") && pages.Add(1)%3 == 0 {
				w.Header().Set("Content-Type", "application/ld+json")
				w.Write([]byte(`{"graph":[`)) //nolint:errcheck // it is broken off
				w.(http.Flusher).Flush()
				panic(http.ErrAbortHandler)
			}
			return false
		})
		last, failed := int64(0), 0
		for range 20 {
			p, err := b.Pull(t.Context(), id, nil)
			if err != nil {
				failed++
			}
			row := b.About(t, a)
			if row.Seq < last || int(row.Seq) != len(b.Copies(t)) {
				t.Fatalf("at %d after %d, with %d copies", row.Seq, last, len(b.Copies(t)))
			}
			last = row.Seq
			if err == nil && !p.Again && row.Seq == 3*federation.PageSize+10 {
				break
			}
		}
		if last != 3*federation.PageSize+10 || failed == 0 {
			t.Errorf("at %d, %d pulls failed", last, failed)
		}
		dense(t, b)
	})
}

// dense checks that the members to pass on have every number once.
func dense(t *testing.T, n *Node) {
	t.Helper()
	rows, err := n.Store.Client.Member.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int64]bool{}
	for _, m := range rows {
		if m.RelaySeq != nil {
			seen[*m.RelaySeq] = true
		}
	}
	for i := range len(seen) {
		if !seen[int64(i+1)] {
			t.Errorf("number %d is missing among %d", i+1, len(seen))
		}
	}
}

// spent is the processor time of this process so far.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestAHostilePeerCostsLittle(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.ShowMany(t, 1)
	id := b.Trust(t, a)
	b.Take(t, id)
	var sent atomic.Int64
	member := ""
	a.Tamper(func(address string, body []byte) []byte {
		if isPage(address) {
			inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { member = string(ms[0]); return ms })
		}
		return body
	})
	a.Revise(t, mustOwn(t, a), "Nog eens")
	b.Take(t, id)
	send := func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Type", "application/ld+json")
		n, _ := w.Write([]byte(body))
		sent.Add(int64(n))
	}
	describe := strings.Repeat(`{},`, 1_300_000) + "{}"
	for name, front := range map[string]func(http.ResponseWriter, *http.Request) bool{
		"endless pages": func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.RawQuery, "page=") {
				return false
			}
			send(w, `{"graph":[{"epoch":"0"},{},`+strings.Repeat(member+",", federation.PageSize-1)+member+`]}`)
			return true
		},
		"many nothings in a page": func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.Contains(r.URL.RawQuery, "page=") {
				return false
			}
			send(w, `{"graph":[{"epoch":"0"},`+describe+`]}`)
			return true
		},
		"many nothings as cards": func(w http.ResponseWriter, r *http.Request) bool {
			send(w, `{"type":"PleinNode","base":"`+a.Base()+`","epoch":"0","publishers":[`+describe+`]}`)
			return true
		},
		"deep": func(w http.ResponseWriter, _ *http.Request) bool {
			send(w, strings.Repeat("[", 4<<20-1))
			return true
		},
		"many names": func(w http.ResponseWriter, _ *http.Request) bool {
			var s strings.Builder
			for i := 0; s.Len() < 4<<20-100; i++ {
				fmt.Fprintf(&s, `"%d":0,`, i)
			}
			send(w, "{"+s.String()+`"x":0}`)
			return true
		},
		"a circle": func(w http.ResponseWriter, r *http.Request) bool {
			http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
			return true
		},
	} {
		a.Before(front)
		sent.Store(0)
		var memory, after runtime.MemStats
		runtime.ReadMemStats(&memory)
		before := spent(t)
		_, err := b.Pull(t.Context(), id, nil)
		cost := spent(t) - before
		runtime.ReadMemStats(&after)
		allocated := after.TotalAlloc - memory.TotalAlloc
		t.Logf("%s: %.1f MB sent, %v of processor time and %.0f MB allocated (the hostile node's too), %v", name, float64(sent.Load())/1e6, cost.Round(time.Millisecond), float64(allocated)/1e6, err)
		if sent.Load() > 16<<20 || allocated > 1<<27 {
			t.Errorf("%s: %d bytes, %d allocated", name, sent.Load(), allocated)
		}
		if row := b.About(t, a); row.Seq != 2 || len(b.Copies(t)) != 1 {
			t.Errorf("%s: at %d", name, row.Seq)
		}
	}
}

// mustOwn is the id of the node's first own record.
func mustOwn(t *testing.T, n *Node) string {
	t.Helper()
	d, err := n.Store.Client.Draft.Query().First(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return d.ID
}

// A publisher that says more than can be taken in gets a share of each pull, and the rest later.
func TestAPullTakesInSoMuchAndNoMore(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	const members = 5*federation.PageSize + 1
	a.ShowMany(t, members)
	id := b.Trust(t, a)
	var told []int64
	before, bytesBefore := spent(t), a.Asked.Load()
	p, err := b.Pull(t.Context(), id, func(p federation.Pulled) { told = append(told, p.Behind) })
	if err != nil || p.Members != 4*federation.PageSize || !p.Again || p.Behind != members-4*federation.PageSize {
		t.Fatalf("%+v %v", p, err)
	}
	t.Logf("%d members in %d requests: %v of processor time on both sides", p.Members, a.Asked.Load()-bytesBefore, (spent(t) - before).Round(time.Millisecond))
	if row, err := b.Store.Client.Peer.Get(t.Context(), id); err != nil || row.Behind != p.Behind || row.SucceededAt != 0 {
		t.Errorf("%+v %v", row, err)
	}
	b.Take(t, id)
	row, err := b.Store.Client.Peer.Get(t.Context(), id)
	if err != nil || row.Behind != 0 || row.SucceededAt == 0 || len(b.Copies(t)) != members {
		t.Errorf("%+v %v", row, err)
	}
	if len(told) < 4 || told[len(told)-1] == 0 {
		t.Error(told)
	}
	// When nothing is new that costs two questions and two short answers.
	asked := a.Asked.Load()
	b.Take(t, id)
	if n := a.Asked.Load() - asked; n > 3 {
		t.Errorf("%d requests for nothing", n)
	}
}
