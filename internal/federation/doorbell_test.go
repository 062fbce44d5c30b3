package federation_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
)

// eventually waits until something is so, and tells how long that took.
func eventually(t *testing.T, what string, is func() bool) time.Duration {
	t.Helper()
	begin := time.Now()
	for !is() {
		if time.Since(begin) > 30*time.Second {
			t.Fatalf("it does not happen: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
	return time.Since(begin)
}

func TestADoorbellBringsWhatIsNewAtOnceAndAHubPassesItOn(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	a.Show(t, "Een")
	b.Show(t, "Van Breda")
	b.Trust(t, a)
	if _, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)}); err != nil {
		t.Fatal(err)
	}
	// a and b ring those whom they know.
	for _, known := range [][2]*Node{{a, b}, {b, c}} {
		id, err := known[0].Propose(t.Context(), known[1].Base(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := known[0].SetPeerState(t.Context(), id, federation.Active); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range []*Node{a, b, c} {
		n.Start(t)
	}
	eventually(t, "the first pull", func() bool { return len(b.Copies(t)) == 1 && len(c.Copies(t)) == 1 })
	for i := range 3 {
		p := a.Project(fmt.Sprintf("Nieuw %d", i))
		p.PublisherID, p.MunicipalityCodes = a.Org.ID, []string{"GM0014"}
		a.Publish(t, p)
		toB := eventually(t, "b has it", func() bool { return len(b.Copies(t)) == 2+i })
		toC := toB + eventually(t, "c has it", func() bool { return len(c.Copies(t)) == 2+i })
		t.Logf("from a to b in %v, through b to c in %v", toB.Round(time.Millisecond), toC.Round(time.Millisecond))
	}
}

// One peer does not open, and holds each ring until it is given up: the other is rung again meanwhile.
func TestWhoDoesNotOpenKeepsNobodyElseWaiting(t *testing.T) {
	a, b, deaf := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	a.Show(t, "Een")
	var heard, held, givenUp atomic.Int64
	b.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == federation.DoorbellPath {
			heard.Add(1)
		}
		return false
	})
	deaf.Before(func(_ http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != federation.DoorbellPath {
			return false
		}
		held.Add(1)
		io.Copy(io.Discard, r.Body) //nolint:errcheck // so that the end of the connection is noticed
		<-r.Context().Done()
		held.Add(-1)
		givenUp.Add(1)
		return true
	})
	for _, other := range []*Node{b, deaf} {
		id, err := a.Propose(t.Context(), other.Base(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.SetPeerState(t.Context(), id, federation.Active); err != nil {
			t.Fatal(err)
		}
	}
	a.Start(t)
	for range 5 { // on a busy machine a ring may be given up before the next one
		before := heard.Load()
		a.Show(t, "Nieuw")
		eventually(t, "both are rung", func() bool { return held.Load() > 0 && heard.Load() > before })
		before, over := heard.Load(), givenUp.Load()
		a.Show(t, "Nog iets nieuws")
		eventually(t, "the other peer is rung", func() bool { return heard.Load() > before })
		if givenUp.Load() == over {
			return
		}
	}
	t.Error("the other peer is rung when the deaf one was given up")
}

// Whoever rings, however often and for whomever: it costs no more than a look a second at those who are peers.
func TestAStormOfRingsIsOneLook(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.Show(t, "Een")
	b.Take(t, b.Trust(t, a))
	stranger := NewNode(t, "Coevorden")
	asked := a.Asked.Load()
	var refused atomic.Int64
	var ringing sync.WaitGroup
	for i := range 8 {
		ringing.Go(func() {
			for j := range 50 {
				base := a.Base()
				switch j % 5 {
				case 1:
					base = stranger.Base()
				case 2:
					base = fmt.Sprintf("https://plein%d-%d.example.nl", i, j)
				case 3:
					base = "http://169.254.169.254"
				}
				r, err := http.Post(b.Base()+federation.DoorbellPath, "application/json", strings.NewReader(`{"base":"`+base+`"}`))
				if err != nil || r.StatusCode != http.StatusAccepted {
					refused.Add(1)
					continue
				}
				r.Body.Close()
			}
		})
	}
	ringing.Wait()
	if refused.Load() > 0 {
		t.Errorf("%d rings were answered otherwise", refused.Load())
	}
	looks := b.Queue().Work(t.Context())
	if looks != 1 || stranger.Asked.Load() != 0 {
		t.Errorf("%d looks, %d at a stranger", looks, stranger.Asked.Load())
	}
	if n := a.Asked.Load() - asked; n > 3 {
		t.Errorf("%d requests", n)
	}
	jobs, err := b.Store.Client.Job.Query().Count(t.Context())
	if err != nil || jobs != 1 {
		t.Error(jobs, err)
	}
}

func TestADoorbellTellsStrangersNothing(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.Show(t, "Een")
	b.Trust(t, a)
	var first string
	for _, body := range []string{`{"base":"` + a.Base() + `"}`, `{"base":"https://plein.example.nl"}`, `{"base":"` + b.Base() + `"}`, `{"base":1}`, `[]`, ``, strings.Repeat("x", 1<<20),
		`{"base":"` + strings.Repeat("x", 2000) + `"}`, `{"base":"file:///etc/passwd"}`} {
		r, err := http.Post(b.Base()+federation.DoorbellPath, "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		r.Header.Del("Date")
		r.Header.Del("X-Request-Id")
		r.Header.Del("Connection")
		got := fmt.Sprint(r.StatusCode, r.ContentLength, r.Header)
		if first == "" {
			first = got
		}
		if got != first || r.StatusCode != http.StatusAccepted {
			t.Errorf("%.40s: %s, and %s", body, got, first)
		}
	}
}

// Anybody can ring for a peer that does not answer. It is looked at once before its time, and left alone as long as before.
func TestRingsDoNotMakeAPeerBeAskedAgainAndAgain(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.Show(t, "Een")
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Before(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusBadGateway); return true })
		looks := func() int64 {
			t.Helper()
			before := a.Asked.Load()
			b.Queue().Work(t.Context())
			if err := b.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			return a.Asked.Load() - before
		}
		row := func() *ent.Peer {
			t.Helper()
			row, err := b.Store.Client.Peer.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return row
		}
		itsTime := func() { b.Clock.Move(time.UnixMilli(row().NextAt).Sub(b.Clock.Now()) + time.Second) }
		for range 6 {
			itsTime()
			looks()
		}
		waits := row()
		if waits.Failures != 6 {
			t.Fatalf("%+v", waits)
		}
		for i := range 2 {
			rung := int64(0)
			for range 5 {
				b.Rung(t.Context(), a.Base())
				b.Clock.Move(90 * time.Second)
				rung += looks()
			}
			if now := row(); rung != 1 || now.Failures != waits.Failures || now.NextAt != waits.NextAt {
				t.Errorf("%d looks; it was %+v and is %+v", rung, waits, now)
			}
			itsTime()
			if n := looks(); n != 1 {
				t.Errorf("%d looks when its time came", n)
			}
			if waits = row(); waits.Failures != 7+i {
				t.Errorf("%+v", waits)
			}
		}
		a.Before(nil)
		itsTime()
		looks()
		if now := row(); now.Failures != 0 || now.Problem != "" {
			t.Errorf("it is back, and %+v", now)
		}
	})
}

// A peer that asks to be left alone for long is looked at once before its time too, whoever rings for it.
func TestRingsDoNotMakeABusyPeerBeAskedAgainAndAgain(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.Show(t, "Een")
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Before(func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Retry-After", "86400")
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		})
		b.Clock.Move(time.Hour)
		b.Queue().Work(t.Context())
		before := a.Asked.Load()
		for range 3 {
			if err := b.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.Rung(t.Context(), a.Base())
			b.Clock.Move(90 * time.Second)
			b.Queue().Work(t.Context())
		}
		if n := a.Asked.Load() - before; n != 1 {
			t.Errorf("%d looks at who asked to be left alone for a day", n)
		}
		if row, err := b.Store.Client.Peer.Get(t.Context(), id); err != nil || row.Failures != 1 {
			t.Errorf("%+v %v", row, err)
		}
	})
}

func TestARingAtWhoAnotherProcessResumedAMomentAgoIsHeard(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.Show(t, "Een")
		id := b.Trust(t, a)
		b.Take(t, id)
		for _, state := range []federation.State{federation.Paused, federation.Active} {
			tx, err := b.Store.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(tx.Peer.UpdateOneID(id).SetState(string(state)).Exec(t.Context()), tx.Commit()); err != nil {
				t.Fatal(err)
			}
			if state == federation.Paused {
				if err := b.Refresh(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			a.Show(t, "Nieuw na "+string(state))
			before := a.Asked.Load()
			b.Rung(t.Context(), a.Base())
			b.Clock.Move(2 * time.Second)
			b.Queue().Work(t.Context())
			if looked := a.Asked.Load() > before; looked != (state == federation.Active) {
				t.Errorf("%s: looked is %t", state, looked)
			}
		}
	})
}

// An administrator has a look come sooner that was planned for a ring: what is new after it is not lost.
func TestARingAfterAPlannedLookCameSoonerIsHeard(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.Show(t, "Een")
		id := b.Trust(t, a)
		b.Take(t, id)
		ring := func(title string) {
			a.Show(t, title)
			b.Rung(t.Context(), a.Base())
		}
		ring("Twee")
		b.Queue().Work(t.Context())
		ring("Drie") // is looked at a moment after the last look
		if err := b.PullSoon(fixture.System(t), id); err != nil {
			t.Fatal(err)
		}
		b.Queue().Work(t.Context())
		before := a.Asked.Load()
		ring("Vier")
		b.Clock.Move(2 * time.Second)
		b.Queue().Work(t.Context())
		if a.Asked.Load() == before {
			t.Error("nobody looked")
		}
	})
}
