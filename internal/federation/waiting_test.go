package federation_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/internal/federation"
)

// waiting are the titles of what waits at b of a, by the records that are here.
func waiting(t *testing.T, b, a *Node) []string {
	t.Helper()
	if err := b.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	p, copies := b.Network().Publisher(b.About(t, a).ID), b.Copies(t)
	titles := make([]string, len(p.Waiting))
	for i, w := range p.Waiting {
		titles[i] = copies[w.URI]
		if w.ID == "" || titles[i] == "" {
			t.Errorf("%s waits and is not here", w.URI)
		}
	}
	if p.WaitingDeletes != len(titles) {
		t.Errorf("%d wait, and %d are shown", p.WaitingDeletes, len(titles))
	}
	slices.Sort(titles)
	return titles
}

func TestAnAdministratorSeesWhichWithdrawalsWait(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 300)
		id := b.Trust(t, a)
		b.Take(t, id)
		if got := waiting(t, b, a); len(got) != 0 {
			t.Error(got)
		}
		a.Withdraw(t, ids[:260]...)
		b.Take(t, id)
		first := waiting(t, b, a)
		if len(first) != 240 || len(slices.Compact(first)) != 240 {
			t.Fatalf("%d wait", len(first))
		}
		// More of them, while the first wait.
		a.Withdraw(t, ids[260:270]...)
		b.Take(t, id)
		if got := waiting(t, b, a); len(got) != 250 || len(b.Copies(t)) != 280 {
			t.Fatalf("%d wait, %d copies", len(got), len(b.Copies(t)))
		}
		if err := b.AllowDeletes(t.Context(), b.About(t, a).ID); err != nil {
			t.Fatal(err)
		}
		if got := waiting(t, b, a); len(got) != 0 {
			t.Error("allowed, and they wait:", got)
		}
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 30 || len(waiting(t, b, a)) != 0 {
			t.Errorf("%+v, %d copies", row, len(b.Copies(t)))
		}
		a.Withdraw(t, ids[270:]...)
		b.Take(t, id)
		if got := waiting(t, b, a); len(got) == 0 {
			t.Fatal("nothing waits")
		}
		if err := b.SetPublisherState(t.Context(), b.About(t, a).ID, federation.Blocked, ""); err != nil {
			t.Fatal(err)
		}
		if got := waiting(t, b, a); len(got) != 0 {
			t.Error("blocked, and they wait:", got)
		}
		if n, err := b.Store.Client.Replica.Query().Where(replica.WithdrawalWaits(true)).Count(t.Context()); err != nil || n != 0 {
			t.Error(n, err)
		}
	})
}

// What an earlier state withdrew by mistake, a node that was restored from a backup does not.
func TestWithdrawalsNoLongerWaitAfterARestore(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	ids := a.ShowMany(t, 60)
	id := b.Trust(t, a)
	b.Take(t, id)
	backup := a.backUp(t)
	a.Withdraw(t, ids[:40]...)
	b.Take(t, id)
	if got := waiting(t, b, a); len(got) != 20 {
		t.Fatal(got)
	}
	a.Clock.Move(time.Minute) // an epoch is named after its moment
	a.restore(t, backup)
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != "" || len(waiting(t, b, a)) != 0 || len(b.Copies(t)) != 60 {
		t.Fatalf("%+v, %d copies", row, len(b.Copies(t)))
	}
}

// What is let through is what an administrator saw: not as many others, which a publisher can put in their place with another epoch.
func TestLettingWithdrawalsThroughIsAboutThoseThatWaited(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 100)
		id := b.Trust(t, a)
		b.Take(t, id)
		backup := a.backUp(t)
		a.Withdraw(t, ids[:60]...)
		b.Take(t, id)
		if got := waiting(t, b, a); len(got) != 40 {
			t.Fatalf("%d wait", len(got))
		}
		if err := b.AllowDeletes(t.Context(), b.About(t, a).ID); err != nil {
			t.Fatal(err)
		}
		a.Clock.Move(time.Minute) // an epoch is named after its moment
		a.restore(t, backup)
		a.Withdraw(t, ids[60:]...)
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != federation.TooManyDeletes || len(waiting(t, b, a)) != 20 || len(b.Copies(t)) != 80 {
			t.Errorf("%+v, %d copies", row, len(b.Copies(t)))
		}
	})
}

// A look that breaks off knows less than the one before it, and takes nothing off the list.
func TestALookThatBreaksOffForgetsNoWithdrawalsThatWait(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		ids := a.ShowMany(t, 300)
		id := b.Trust(t, a)
		b.Take(t, id)
		a.Withdraw(t, ids...)
		b.Take(t, id)
		if got := waiting(t, b, a); len(got) != 280 {
			t.Fatalf("%d wait", len(got))
		}
		for _, stops := range []string{"/ldes/" + a.Org.ID, "/ldes/" + a.Org.ID + "?page=2"} {
			a.Before(func(w http.ResponseWriter, r *http.Request) bool {
				breaksOff := strings.HasPrefix(r.URL.String(), stops)
				if breaksOff {
					w.WriteHeader(http.StatusServiceUnavailable)
				}
				return breaksOff
			})
			b.Take(t, id)
			if row, got := b.About(t, a), waiting(t, b, a); row.DeletesWaiting != 280 || len(got) != 280 {
				t.Errorf("%s: %d wait of %+v", stops, len(got), row)
			}
		}
	})
}
