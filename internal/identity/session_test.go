package identity_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

func TestASessionEndsWhenItIsIdleAndAfterADay(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		person(t, w, "jan@leiden.test")
		alive := func(secret string) bool {
			_, _, err := w.Sessions.Authenticate(t.Context(), secret)
			if err != nil && !errors.Is(err, identity.ErrUnknownSession) {
				t.Fatal(err)
			}
			return err == nil
		}
		idle := signIn(t, w, "jan@leiden.test", good)
		w.Clock.Move(identity.SessionIdle - time.Millisecond)
		if !alive(idle) {
			t.Error("it ended early")
		}
		w.Clock.Move(identity.SessionIdle - time.Millisecond)
		if !alive(idle) {
			t.Error("its use was not noted")
		}
		w.Clock.Move(identity.SessionIdle)
		if alive(idle) {
			t.Error("it is idle and lives")
		}
		busy := signIn(t, w, "jan@leiden.test", good)
		for range 23 {
			w.Clock.Move(time.Hour)
			if !alive(busy) {
				t.Fatal("it ended while it was used")
			}
		}
		w.Clock.Move(time.Hour - time.Millisecond)
		if !alive(busy) {
			t.Error("it ended early")
		}
		w.Clock.Move(time.Millisecond)
		if alive(busy) {
			t.Error("it lives longer than a day")
		}
		if list, err := w.Sessions.List(t.Context(), person(t, w, "piet@leiden.test").ID); err != nil || len(list) != 0 {
			t.Error(list, err)
		}
		if err := w.Accounts.Prune(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.Store.Client.Session.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d sessions that ended are kept", n)
		}
	})
}

func TestARoleChangeRenewsTheSecretAndKeepsThePersonSignedIn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		secret := signIn(t, w, u.Email, good)
		if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Coordinator); err != nil {
			t.Fatal(err)
		}
		v, renewed, err := w.Sessions.Authenticate(t.Context(), secret)
		if err != nil || renewed == "" || renewed == secret || v.RoleIn(w.Leiden.ID) != identity.Coordinator {
			t.Fatalf("%+v, %q, %v", v, renewed, err)
		}
		// Requests that were under way bring the former secret, and get no third one.
		w.Clock.Move(29 * time.Second)
		if _, again, err := w.Sessions.Authenticate(t.Context(), secret); err != nil || again != "" {
			t.Errorf("%q, %v", again, err)
		}
		w.Clock.Move(time.Second)
		if _, _, err := w.Sessions.Authenticate(t.Context(), secret); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("the former secret lives on: %v", err)
		}
		if _, again, err := w.Sessions.Authenticate(t.Context(), renewed); err != nil || again != "" {
			t.Errorf("%q, %v", again, err)
		}
		if list, err := w.Sessions.List(t.Context(), u.ID); err != nil || len(list) != 1 {
			t.Error(list, err)
		}
	})
}

func TestEverySignInHasASecretOfItsOwn(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	a, b := signIn(t, w, u.Email, good), signIn(t, w, u.Email, good)
	if a == b || len(a) != 43 {
		t.Errorf("%q and %q", a, b)
	}
	row := w.Store.Client.Session.Query().FirstX(t.Context())
	if len(row.Hash) != 64 || strings.Contains(row.String(), a) || strings.Contains(row.String(), b) {
		t.Errorf("the row is %v", row)
	}
}

func TestPeopleEndTheirOwnSessionsAndNoOthers(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		jan, piet := person(t, w, "jan@leiden.test"), person(t, w, "piet@leiden.test")
		first := signIn(t, w, jan.Email, good)
		w.Clock.Move(time.Second)
		second := signIn(t, w, jan.Email, good)
		list, err := w.Sessions.List(t.Context(), jan.ID)
		if err != nil || len(list) != 2 || !list[0].CreatedAt.After(list[1].CreatedAt) {
			t.Fatal(list, err)
		}
		if err := w.Sessions.End(t.Context(), piet.ID, list[1].ID); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("another's: %v", err)
		}
		if err := w.Sessions.End(t.Context(), jan.ID, list[1].ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Sessions.End(t.Context(), jan.ID, list[1].ID); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("twice: %v", err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), first); !errors.Is(err, identity.ErrUnknownSession) {
			t.Error(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), second); err != nil {
			t.Error(err)
		}
	})
}

func TestASessionWorksWhereNothingCanBeWritten(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	secret := signIn(t, w, u.Email, good)
	if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Author); err != nil {
		t.Fatal(err)
	}
	w.Clock.Move(time.Hour)
	full := &identity.Sessions{Client: w.Store.Client, Now: w.Clock.Now, Begin: func(context.Context) (*ent.Tx, error) { return nil, errors.New("the disk is full") }}
	if v, renewed, err := full.Authenticate(t.Context(), secret); err != nil || renewed != "" || v.UserID != u.ID {
		t.Errorf("%+v, %q, %v", v, renewed, err)
	}
}

func TestChangingThePasswordEndsTheOtherSessions(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		session := signIn(t, w, u.Email, good)
		if _, err := w.Accounts.ChangePassword(t.Context(), u.ID, "niet het wachtwoord", "een heel ander wachtwoord", office); !errors.Is(err, identity.ErrCredentials) {
			t.Errorf("without the present one: %v", err)
		}
		if _, err := w.Accounts.ChangePassword(t.Context(), u.ID, good, "wachtwoord2026", office); !errors.As(err, new(identity.PasswordError)) {
			t.Errorf("a common one: %v", err)
		}
		next, err := w.Accounts.ChangePassword(t.Context(), u.ID, good, "een heel ander wachtwoord", office)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); !errors.Is(err, identity.ErrUnknownSession) {
			t.Error(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), next); err != nil {
			t.Error(err)
		}
	})
}

func TestARestoreSignsEverybodyOutAndEndsLinks(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		session := signIn(t, w, u.Email, good)
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := identity.EndAll(t.Context(), tx); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); !errors.Is(err, identity.ErrUnknownSession) {
			t.Error(err)
		}
		if _, err := w.Accounts.Link(t.Context(), secretOf(t, address)); !errors.Is(err, identity.ErrUnknownLink) {
			t.Error(err)
		}
	})
}
