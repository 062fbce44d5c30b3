package federation_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
)

// anew makes a node begin an epoch, as a restore does.
func (n *Node) anew(t *testing.T) {
	t.Helper()
	tx, err := n.Store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := changelog.NewEpoch(t.Context(), tx.Client(), n.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	n.Sign(t)
}

func TestAPublisherOfTwoEpochsIsTakenInAgainThroughAHub(t *testing.T) {
	a, hub, c := NewNode(t, "Groningen"), NewNode(t, "Hub"), NewNode(t, "Assen")
	a.ShowMany(t, 3)
	toA := hub.Trust(t, a)
	hub.Take(t, toA)
	a.anew(t)
	a.Show(t, "Later")
	hub.Take(t, toA)
	toHub, err := c.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.Take(t, toHub)
	if got := len(c.Copies(t)); got != 4 {
		t.Fatalf("took in %d", got)
	}
	id := c.About(t, a).ID
	if err := c.SetPublisherState(t.Context(), id, federation.Blocked, ""); err != nil {
		t.Fatal(err)
	}
	if got := len(c.Copies(t)); got != 0 {
		t.Fatalf("%d are left of who was blocked", got)
	}
	if err := c.SetPublisherState(t.Context(), id, federation.Active, a.Fingerprint(t)); err != nil {
		t.Fatal(err)
	}
	c.Take(t, toHub)
	if got := len(c.Copies(t)); got != 4 {
		t.Errorf("took in %d again, want 4", got)
	}
	rows, err := c.Store.Client.Member.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row.Raw) == 0 {
			t.Errorf("number %d of epoch %d is passed on without its content", row.Seq, row.Epoch)
		}
	}
}

// What a hub passes on is read in several looks. A member without content waits for the signed one after it, also when that comes
// with another look.
func TestALookThatEndsBetweenAnEmptiedMemberAndTheNextLosesNothing(t *testing.T) {
	a, hub, c := NewNode(t, "Groningen"), NewNode(t, "Hub"), NewNode(t, "Assen")
	ids := a.ShowMany(t, federation.PageSize)
	a.Withdraw(t, ids[len(ids)-1])
	hub.Take(t, hub.Trust(t, a))
	toHub, err := c.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	hub.Before(func(w http.ResponseWriter, r *http.Request) bool {
		breaksOff := strings.HasPrefix(r.URL.String(), "/ldes/relay?page=1")
		if breaksOff {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		return breaksOff
	})
	if p, err := c.Pull(t.Context(), toHub, nil); err == nil || p.Members != federation.PageSize-1 {
		t.Fatalf("%+v %v", p, err)
	}
	hub.Before(nil)
	if p, err := c.Pull(t.Context(), toHub, nil); err != nil || p.Members != 2 {
		t.Errorf("%+v %v", p, err)
	}
}

// A member without content for which nothing signed comes keeps nobody else's from being taken in.
func TestAnEmptiedMemberAtTheEndKeepsNobodyElseWaiting(t *testing.T) {
	a, b, hub, c := NewNode(t, "Groningen"), NewNode(t, "Emmen"), NewNode(t, "Hub"), NewNode(t, "Assen")
	a.Show(t, "Leegstand")
	b.Show(t, "Verkamering")
	hub.Take(t, hub.Trust(t, a))
	hub.Take(t, hub.Trust(t, b))
	hub.Tamper(func(address string, body []byte) []byte {
		if strings.HasPrefix(address, "/ldes/relay?") {
			return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { ms[0] = redacted(t, ms[0]); return ms })
		}
		return body
	})
	toHub, err := c.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t), b.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.Take(t, toHub)
	if got := c.Copies(t); len(got) != 1 {
		t.Errorf("took in %v", got)
	}
}

// Who found a key that was rotated away can sign another past with it. What the present key vouches for by the chain stands.
func TestAFormerKeyStopsNobody(t *testing.T) {
	a, hub, c := NewNode(t, "Groningen"), NewNode(t, "Hub"), NewNode(t, "Assen")
	a.ShowMany(t, 3)
	another := a.members(t)[1]
	fork(t, a)
	a.Show(t, "Verkamering")
	if err := a.Rotate(t.Context(), a.Org.ID); err != nil {
		t.Fatal(err)
	}
	a.Show(t, "Leegstand")
	hub.Take(t, hub.Trust(t, a))
	toHub, err := c.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.Take(t, toHub)
	copies := len(c.Copies(t))
	hub.Tamper(func(address string, body []byte) []byte {
		if strings.HasPrefix(address, "/ldes/relay?") {
			return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { ms[1] = another; return ms })
		}
		return body
	})
	if err := c.SetPeerState(t.Context(), toHub, federation.Active); err != nil { // it is read from the begin
		t.Fatal(err)
	}
	c.Take(t, toHub)
	row, err := c.Store.Client.Peer.Get(t.Context(), toHub)
	if err != nil || row.Problem != federation.BadProof {
		t.Errorf("%+v %v", row, err)
	}
	if now := c.About(t, a); now.Problem != "" || len(c.Copies(t)) != copies {
		t.Errorf("%+v", now)
	}
}

// Who was forgotten and is admitted again may have gone back to a backup meanwhile. What is passed on then is what it says now.
func TestAForgottenPublisherMayComeBackWithAnotherPast(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		a, hub, c, d := NewNode(t, "Groningen"), OpenNode(t, "Hub", w), NewNode(t, "Assen"), NewNode(t, "Dronten")
		a.ShowMany(t, 5)
		toA := hub.Trust(t, a)
		hub.Take(t, toA)
		fromHub := func(n *Node) string {
			t.Helper()
			id, err := n.Propose(t.Context(), hub.Base(), []string{a.Fingerprint(t)})
			if err != nil {
				t.Fatal(err)
			}
			return id
		}
		dToHub := fromHub(d)
		d.Take(t, dToHub)
		id := hub.About(t, a).ID
		if err := hub.SetPublisherState(t.Context(), id, federation.Blocked, ""); err != nil {
			t.Fatal(err)
		}
		// Its numbers from 2 on say something else, and there are fewer.
		fork(t, a)
		tx, err := a.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, statement := range []string{"DELETE FROM feed WHERE publisher_seq > 3", "UPDATE heads SET seq = 3 WHERE id = 'feed/" + a.Org.ID + "'"} {
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		a.Reopen(t, a.World)
		a.Sign(t)
		if err := hub.SetPublisherState(t.Context(), id, federation.Active, a.Fingerprint(t)); err != nil {
			t.Fatal(err)
		}
		hub.Take(t, toA)
		has := len(hub.Copies(t))
		if row := hub.About(t, a); row.Problem != "" || row.Seq != 3 || has != 2 {
			t.Fatalf("%+v, %d copies", row, has)
		}
		// Whoever comes now gets it whole, and who knew the other past hears that there are two.
		toHub := fromHub(c)
		c.Take(t, toHub)
		if row := c.About(t, a); row.Problem != "" || row.Seq != 3 || row.SeenAt == 0 || len(c.Copies(t)) != has {
			t.Errorf("%+v, %d copies", row, len(c.Copies(t)))
		}
		if row, err := c.Store.Client.Peer.Get(t.Context(), toHub); err != nil || row.Problem != "" {
			t.Errorf("%+v %v", row, err)
		}
		d.Take(t, dToHub)
		if row := d.About(t, a); row.Problem != federation.Forked {
			t.Errorf("%+v", row)
		}
		// It goes on, also beyond where the other past ended.
		for range 4 {
			a.Show(t, "Later")
		}
		hub.Take(t, toA)
		c.Take(t, toHub)
		if row := c.About(t, a); row.Problem != "" || row.Seq != 7 || len(c.Copies(t)) != has+4 {
			t.Errorf("%+v, %d copies", row, len(c.Copies(t)))
		}
	})
}
