package federation_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/record"
)

func TestAPeerThatIsRemovedLeavesNothingAndMayComeBack(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.ShowMany(t, 3)
		id := b.Trust(t, a)
		b.Take(t, id)
		if err := b.RemovePeer(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if got := b.Copies(t); len(got) != 0 {
			t.Error(got)
		}
		members, err := b.Store.Client.Member.Query().All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range members {
			if m.RelaySeq != nil && len(m.Raw) > 0 {
				t.Errorf("number %d still says something", m.Seq)
			}
		}
		if _, err := b.Pull(t.Context(), id, nil); !errors.Is(err, federation.ErrNotActive) {
			t.Error(err)
		}
		// It is a stranger again.
		if id, err = b.Propose(t.Context(), a.Base(), nil); err != nil {
			t.Fatal(err)
		}
		if row := b.About(t, a); row.State != string(federation.Proposed) {
			t.Errorf("%+v", row)
		}
		var ps record.Problems
		if err := b.SetPublisherState(t.Context(), b.About(t, a).ID, federation.Active, ""); !errors.As(err, &ps) {
			t.Error("it is believed without a fingerprint:", err)
		}
		b.Trust(t, a)
		b.Take(t, id)
		if got := b.Copies(t); len(got) != 3 {
			t.Error(got)
		}
		dense(t, b)
	})
}

func TestAPublisherIsPausedAndGoesOn(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	a.Show(t, "Een")
	from := b.Trust(t, a)
	b.Take(t, from)
	hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	c.Take(t, hub)
	if err := c.SetPublisherState(t.Context(), c.About(t, a).ID, federation.Paused, ""); err != nil {
		t.Fatal(err)
	}
	a.Show(t, "Twee")
	b.Take(t, from)
	c.Take(t, hub)
	if got := c.Copies(t); len(got) != 1 {
		t.Fatal(got)
	}
	if err := c.SetPublisherState(t.Context(), c.About(t, a).ID, federation.Active, ""); err != nil {
		t.Fatal(err)
	}
	c.Take(t, hub)
	if got := c.Copies(t); len(got) != 2 {
		t.Fatal(got)
	}
}

func TestAnotherKeyIsBelievedOnlyWhenItWasPromised(t *testing.T) {
	each(t, func(t *testing.T, a, b *Node) {
		a.Show(t, "Een")
		id := b.Trust(t, a)
		b.Take(t, id)
		if err := a.Rotate(t.Context(), a.Org.ID); err != nil {
			t.Fatal(err)
		}
		a.Show(t, "Twee")
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 2 {
			t.Fatalf("a promised key: %+v", row)
		}
		// The keys are lost, and others are made: nobody promised those.
		for _, statement := range []string{"DELETE FROM keys"} {
			tx, err := a.Store.Begin(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tx.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		a.Reopen(t, a.World)
		a.Show(t, "Drie")
		b.Take(t, id)
		row := b.About(t, a)
		if row.Problem != federation.KeyChanged || !strings.Contains(row.Detail, a.Fingerprint(t)) || len(b.Copies(t)) != 2 {
			t.Fatalf("a key that nobody promised: %s %q, %d copies", row.Problem, row.Detail, len(b.Copies(t)))
		}
		shown := func() string {
			if err := b.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			return b.Network().Publisher(row.ID).ShownFingerprint
		}
		if got := shown(); got != a.Fingerprint(t) || got == b.Network().Publisher(row.ID).Fingerprint {
			t.Errorf("it shows %q", got)
		}
		var ps record.Problems
		if err := b.SetPublisherState(t.Context(), row.ID, federation.Active, ""); !errors.As(err, &ps) {
			t.Error(err)
		}
		if err := b.SetPublisherState(t.Context(), row.ID, federation.Active, a.Fingerprint(t)); err != nil {
			t.Fatal(err)
		}
		b.Take(t, id)
		if row := b.About(t, a); row.Problem != "" || len(b.Copies(t)) != 3 {
			t.Errorf("after comparing: %s %q, %d copies", row.Problem, row.Detail, len(b.Copies(t)))
		}
		if got := shown(); got != "" {
			t.Errorf("it still shows %q", got)
		}
	})
}

func TestOneBadDayIsSoonForgotten(t *testing.T) {
	a, b := NewNode(t, "Alkmaar"), NewNode(t, "Breda")
	a.Show(t, "Een")
	id := b.Trust(t, a)
	a.Before(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(http.StatusBadGateway); return true })
	var waits []time.Duration
	for range 15 {
		if _, err := b.Pull(t.Context(), id, nil); err == nil {
			t.Fatal("it succeeded")
		}
		row, err := b.Store.Client.Peer.Get(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		waits = append(waits, time.UnixMilli(row.NextAt).Sub(b.Clock.Now()))
		if row.Problem != federation.NoAnswer || row.Failures != len(waits) {
			t.Errorf("%+v", row)
		}
	}
	if waits[0] > time.Minute || waits[14] < 11*time.Hour || waits[14] > 24*time.Hour {
		t.Error(waits)
	}
	// Who asks to be left alone is, and who answers is a peer like any other.
	a.Before(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", "100000")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	b.Pull(t.Context(), id, nil) //nolint:errcheck // it fails again
	row, err := b.Store.Client.Peer.Get(t.Context(), id)
	if err != nil || row.NextAt < b.Clock.Now().Add(24*time.Hour).UnixMilli() {
		t.Error(row, err)
	}
	a.Before(nil)
	b.Take(t, id)
	row, err = b.Store.Client.Peer.Get(t.Context(), id)
	if wait := time.UnixMilli(row.NextAt).Sub(b.Clock.Now()); err != nil || row.Failures != 0 || row.Problem != "" || wait > 17*time.Minute || wait < 13*time.Minute {
		t.Error(row, wait, err)
	}
}

func TestWhatCannotBeAPeerIsSaidClearly(t *testing.T) {
	b := NewNode(t, "Breda")
	other := NewNode(t, "Alkmaar")
	other.Tamper(func(string, []byte) []byte {
		return []byte(`{"type":"PleinNode","epoch":"0","base":"https://plein.example.nl"}`)
	})
	for _, address := range []string{"", "plein.example.nl", "http://plein.example.nl", "https://10.0.0.1", "https://169.254.169.254", "http://127.0.0.1:1", b.Base(), other.Base()} {
		_, err := b.Propose(t.Context(), address, nil)
		var ps record.Problems
		if !errors.As(err, &ps) || ps[0].Field[0] != "baseUrl" || ps[0].Message[record.Dutch] == "" {
			t.Errorf("%q: %v", address, err)
		}
	}
	other.Tamper(nil)
	other.Show(t, "Een")
	if _, err := b.Propose(t.Context(), other.Base(), []string{"0000 0000 0000 0000 0000 0000 0000 0000"}); err == nil {
		t.Error("a fingerprint of nobody")
	}
	if n, err := b.Store.Client.Peer.Query().Count(t.Context()); err != nil || n != 0 {
		t.Error(n, err)
	}
}
