package federation_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
)

func TestManyWithdrawalsWaitForAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 60)
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Withdraw(t, ids[:20]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 40 {
			t.Fatalf("20 of 60: %+v", row)
		}
		a.Withdraw(t, ids[20:50]...)
		b.Take(t, id)
		row := b.About(t, a)
		if row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 30 || len(b.Copies(t)) != 40 || row.Seq != 80 {
			t.Fatalf("%+v", row)
		}
		// It waits, whatever comes after.
		a.Show(t, "Iets nieuws")
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes || len(b.Copies(t)) != 40 {
			t.Fatalf("%+v", row)
		}
		if err := b.AllowDeletes(t.Context(), row.ID); err != nil {
			t.Fatal(err)
		}
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || row.DeletesAllowed != 0 || len(b.Copies(t)) != 11 {
			t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
		}
		// What was let through is not let through again the same day, and the day after some are.
		a.Withdraw(t, ids[50:55]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 5 {
			t.Fatalf("%+v", row)
		}
		b.Clock.Move(25 * 60 * 60 * 1e9)
		if err := b.AllowDeletes(t.Context(), row.ID); err != nil {
			t.Fatal(err)
		}
		a.Withdraw(t, ids[55:]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 1 {
			t.Fatalf("%+v", row)
		}
		if err := b.AllowDeletes(t.Context(), row.ID); err == nil {
			t.Error("there was nothing to allow")
		}
	})
}

// What was withdrawn before it was ever here erases nothing, so it does not count.
func TestWithdrawalsOfWhatWasNeverHereAreNoReasonToWait(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	ids := a.ShowMany(t, 40)
	a.Withdraw(t, ids[:35]...)
	id := b.Trust(t, a)
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 5 {
		t.Errorf("%+v", row)
	}
	// They leave all the room that there was: 20 of 26 may go.
	more := a.ShowMany(t, 21)
	b.Take(t, id)
	a.Withdraw(t, more[:20]...)
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 6 {
		t.Errorf("%+v, %d copies", row, len(b.Copies(t)))
	}
}

func TestTheBrakeHoldsForWhatIsPassedOnToo(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	ids := a.ShowMany(t, 50)
	from := b.Trust(t, a)
	b.Take(t, from)
	hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.Take(t, hub)
	a.Withdraw(t, ids[:30]...)
	b.Take(t, from)
	if err := b.AllowDeletes(t.Context(), b.About(t, a).ID); err != nil {
		t.Fatal(err)
	}
	b.Take(t, from)
	c.Take(t, hub)
	if row := c.About(t, a); row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 10 || len(c.Copies(t)) != 30 {
		t.Fatalf("%+v, %d copies", row, len(c.Copies(t)))
	}
	c.Take(t, hub)
	if err := c.AllowDeletes(t.Context(), c.About(t, a).ID); err != nil {
		t.Fatal(err)
	}
	c.Take(t, hub)
	if row := c.About(t, a); row.Problem != "" || len(c.Copies(t)) != 20 {
		t.Fatalf("%+v, %d copies", row, len(c.Copies(t)))
	}
}

// The administrator is told of all that waits, also of what comes pages later.
func TestTheBrakeLooksAhead(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	ids := a.ShowMany(t, 300)
	id := b.Trust(t, a)
	b.Take(t, id)
	a.Withdraw(t, ids...)
	b.Take(t, id)
	row := b.About(t, a)
	if row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 280 || len(b.Copies(t)) != 280 {
		t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
	}
	if err := b.AllowDeletes(t.Context(), row.ID); err != nil {
		t.Fatal(err)
	}
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 0 {
		t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
	}
}

// At the boundary between two days no more may go than within one.
func TestTheBrakeCountsAnyDay(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 80)
		id := b.Trust(t, a)
		b.Take(t, id)
		b.Clock.Move(23 * time.Hour)
		a.Withdraw(t, ids[:20]...)
		b.Take(t, id)
		b.Clock.Move(2 * time.Hour)
		a.Withdraw(t, ids[20])
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 1 || len(b.Copies(t)) != 60 {
			t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
		}
		if err := b.AllowDeletes(t.Context(), b.About(t, a).ID); err != nil {
			t.Fatal(err)
		}
		b.Take(t, id)
		b.Clock.Move(22*time.Hour + time.Minute) // the first 20 went more than a day ago, the one after them did not
		a.Withdraw(t, ids[21:40]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 40 {
			t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
		}
		a.Withdraw(t, ids[40])
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes {
			t.Fatalf("%+v", row)
		}
	})
}

// What is let through is what waited, and holds for a day.
func TestWhatIsLetThroughEnds(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 80)
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Withdraw(t, ids[:40]...)
		b.Take(t, id)
		if err := b.AllowDeletes(t.Context(), b.About(t, a).ID); err != nil {
			t.Fatal(err)
		}
		if row := b.About(t, a); row.DeletesAllowed != 20 {
			t.Fatalf("%+v", row)
		}
		// Of the 20 that waited 10 are gone by another way.
		allow := func(n int) {
			t.Helper()
			err := b.Write(fixture.System(t), func(w *catalog.Writer) error {
				return w.Ent().Publisher.UpdateOneID(b.About(t, a).ID).SetDeletesAllowed(n).Exec(t.Context())
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		allow(30)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || row.DeletesAllowed != 0 || len(b.Copies(t)) != 40 {
			t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
		}
		// Nobody read the log for a day after something was let through.
		b.Clock.Move(time.Minute)
		allow(10)
		b.Clock.Move(24 * time.Hour)
		a.Withdraw(t, ids[40:61]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes || row.DeletesWaiting != 1 || len(b.Copies(t)) != 20 {
			t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
		}
	})
}

// Somebody decides while what is passed on is being read: that it is to be read again is not lost.
func TestWhatIsLetThroughDuringALookIsReadAgain(t *testing.T) {
	each(t, func(t *testing.T, c, hub *Node) {
		a, e := NewNode(t, "Alkmaar"), NewNode(t, "Emmen")
		ids := a.ShowMany(t, 50)
		e.Show(t, "Een")
		toA, toE := hub.Trust(t, a), hub.Trust(t, e)
		hub.Take(t, toA)
		hub.Take(t, toE)
		toHub, err := c.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t), e.Fingerprint(t)})
		if err != nil {
			t.Fatal(err)
		}
		c.Take(t, toHub)
		a.Withdraw(t, ids[:30]...)
		hub.Take(t, toA)
		if err := hub.AllowDeletes(t.Context(), hub.About(t, a).ID); err != nil {
			t.Fatal(err)
		}
		hub.Take(t, toA)
		c.Take(t, toHub)
		if row := c.About(t, a); row.DeletesWaiting != 10 {
			t.Fatalf("%+v", row)
		}
		e.Show(t, "Twee")
		hub.Take(t, toE)
		var once sync.Once
		hub.Before(func(_ http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.URL.String(), "/ldes/relay?") {
				once.Do(func() {
					if err := c.AllowDeletes(t.Context(), c.About(t, a).ID); err != nil {
						t.Error(err)
					}
				})
			}
			return false
		})
		c.Take(t, toHub)
		c.Take(t, toHub)
		if row := c.About(t, a); row.Problem != "" || len(c.Copies(t)) != 22 {
			t.Errorf("%+v, %d copies", row, len(c.Copies(t)))
		}
	})
}
