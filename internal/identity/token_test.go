package identity_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

func token(t *testing.T, w *fixture.World, life time.Duration) (string, *identity.Token) {
	t.Helper()
	secret, made, err := w.Tokens.Create(t.Context(), w.Leiden.ID, "importer", identity.Scopes, life)
	if err != nil {
		t.Fatal(err)
	}
	return secret, made
}

func TestATokenSaysWhoIsAsking(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		secret, made, err := w.Tokens.Create(t.Context(), w.Leiden.ID, "lezer", []identity.Scope{identity.ReadOrganization}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(secret, "plein_") || len(secret) != len("plein_")+43 {
			t.Errorf("a secret of %d characters is not 256 bits", len(secret))
		}
		v, err := w.Tokens.Authenticate(t.Context(), secret)
		if err != nil || v.TokenID != made.ID || v.OrganizationID != w.Leiden.ID || v.System || v.Anonymous() || v.Actor() != made.ID {
			t.Errorf("got %+v, %v", v, err)
		}
		if !v.Has(identity.ReadOrganization) || v.Has(identity.WriteRecords) {
			t.Errorf("its scopes are %v", v.Scopes)
		}
		if other, _ := token(t, w, time.Hour); other == secret {
			t.Error("two tokens have one secret")
		}
	})
}

func TestTokensThatAreNoneAreAnsweredAlike(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		expired, _ := token(t, w, time.Minute)
		revoked, made := token(t, w, 24*time.Hour)
		good, _ := token(t, w, 24*time.Hour)
		if err := w.Tokens.Revoke(t.Context(), made.ID); err != nil {
			t.Fatal(err)
		}
		w.Clock.Move(time.Minute - time.Millisecond)
		if _, err := w.Tokens.Authenticate(t.Context(), expired); err != nil {
			t.Errorf("it ended a millisecond early: %v", err)
		}
		w.Clock.Move(time.Millisecond)
		for what, secret := range map[string]string{
			"nothing": "", "only a prefix": "plein_", "no prefix": strings.TrimPrefix(good, "plein_"), "another case": "PLEIN_" + strings.TrimPrefix(good, "plein_"),
			"unknown": "plein_" + strings.Repeat("A", 43), "expired": expired, "revoked": revoked, "one letter less": good[:len(good)-1], "one letter more": good + "A",
			"a space": good + " ", "long": "plein_" + strings.Repeat("A", 100_000), "a zero byte": "plein_\x00", "half a character": "plein_\xff", "SQL": "plein_' OR 1=1 --",
		} {
			v, err := w.Tokens.Authenticate(t.Context(), secret)
			if !errors.Is(err, identity.ErrUnknownToken) || err.Error() != identity.ErrUnknownToken.Error() || !v.Anonymous() || v.OrganizationID != "" || len(v.Scopes) > 0 {
				t.Errorf("%s: %+v, %v", what, v, err)
			}
		}
		if _, err := w.Tokens.Authenticate(t.Context(), good); err != nil {
			t.Error(err)
		}
	})
}

func TestASecretIsNotKept(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		secret, _ := token(t, w, time.Hour)
		w.Statements.Reset()
		if _, err := w.Tokens.Authenticate(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		for _, q := range w.Statements.All() {
			if strings.Contains(q, secret[6:]) {
				t.Error("the database was told the secret")
			}
		}
		row := w.Store.Client.Token.Query().OnlyX(t.Context())
		if len(row.Hash) != 64 || strings.Contains(row.String(), secret[6:]) || strings.Contains(row.Hash, secret[6:]) {
			t.Errorf("the row is %v", row)
		}
	})
}

func TestTheLastUseIsNotedToTheHour(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		secret, made := token(t, w, 24*time.Hour)
		used := func() time.Time {
			if _, err := w.Tokens.Authenticate(t.Context(), secret); err != nil {
				t.Fatal(err)
			}
			list, err := w.Tokens.List(t.Context(), w.Leiden.ID)
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0].LastUsedAt
		}
		if !made.LastUsedAt.IsZero() {
			t.Error("a new token was used")
		}
		if got := used(); !got.Equal(fixture.Start) {
			t.Errorf("used at %v", got)
		}
		w.Clock.Move(time.Hour)
		if got := used(); !got.Equal(fixture.Start) {
			t.Errorf("each use is written: %v", got)
		}
		w.Clock.Move(time.Millisecond)
		if got := used(); !got.Equal(w.Clock.Now()) {
			t.Errorf("used at %v", got)
		}
	})
}

func TestATokenWorksWhereNothingCanBeWritten(t *testing.T) {
	w := fixture.SQLite(t)
	secret, _ := token(t, w, time.Hour)
	for what, begin := range map[string]func(context.Context) (*ent.Tx, error){
		"a full disk": func(context.Context) (*ent.Tx, error) { return nil, errors.New("the disk is full") },
		"a busy database": func(ctx context.Context) (*ent.Tx, error) {
			<-ctx.Done() // it would wait for ever
			return nil, ctx.Err()
		},
	} {
		tokens := &identity.Tokens{Client: w.Store.Client, Aside: begin, Now: w.Clock.Now}
		if v, err := tokens.Authenticate(t.Context(), secret); err != nil || v.OrganizationID != w.Leiden.ID {
			t.Errorf("%s: %+v, %v", what, v, err)
		}
	}
}

func TestTokensAreListedNewestFirstWithoutSecrets(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var want []string
		for range 3 {
			_, made := token(t, w, time.Hour)
			want = append([]string{made.ID}, want...)
			w.Clock.Move(time.Second)
		}
		if _, _, err := w.Tokens.Create(t.Context(), w.Delft.ID, "van Delft", identity.Scopes, time.Hour); err != nil {
			t.Fatal(err)
		}
		if err := w.Tokens.Revoke(t.Context(), want[1]); err != nil {
			t.Fatal(err)
		}
		list, err := w.Tokens.List(t.Context(), w.Leiden.ID)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for i, x := range list {
			got = append(got, x.ID)
			if x.RevokedAt.IsZero() == (i == 1) || x.Name != "importer" || x.ExpiresAt.Sub(x.CreatedAt) != time.Hour || !slices.Equal(x.Scopes, identity.Scopes) {
				t.Errorf("token %d is %+v", i, x)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestATokenIsRevokedOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		_, made := token(t, w, time.Hour)
		if err := w.Tokens.Revoke(t.Context(), made.ID); err != nil {
			t.Error(err)
		}
		for _, id := range []string{made.ID, "tok_x", "", "tok_\x00"} {
			if err := w.Tokens.Revoke(t.Context(), id); !errors.Is(err, identity.ErrUnknownToken) {
				t.Errorf("%q: %v", id, err)
			}
		}
		// A refused write keeps nobody out.
		token(t, w, time.Hour)
	})
}

func TestATokenNeedsAScopeAndAnEnd(t *testing.T) {
	w := fixture.SQLite(t)
	for _, c := range []struct {
		scopes []identity.Scope
		life   time.Duration
		ok     bool
	}{
		{identity.Scopes, identity.MaxTokenLife, true},
		{nil, time.Hour, false},
		{[]identity.Scope{"EVERYTHING"}, time.Hour, false},
		{identity.Scopes, 0, false},
		{identity.Scopes, -time.Hour, false},
		{identity.Scopes, identity.MaxTokenLife + time.Second, false},
	} {
		if secret, made, err := w.Tokens.Create(t.Context(), w.Leiden.ID, "x", c.scopes, c.life); (err == nil) != c.ok || (secret != "") != c.ok || (made != nil) != c.ok {
			t.Errorf("%v for %v: %v", c.scopes, c.life, err)
		}
	}
}

func TestAContextCarriesOneViewer(t *testing.T) {
	if v := identity.From(t.Context()); !v.Anonymous() || v.Actor() != "stranger" || v.Has(identity.ReadOrganization) {
		t.Errorf("nobody is %+v", v)
	}
	system := identity.AsSystem(t.Context())
	if v := identity.From(system); v.Anonymous() || v.Actor() != "system" || !v.Has(identity.WriteRecords) {
		t.Errorf("the system is %+v", v)
	}
	if v := identity.From(identity.AsStranger(system)); !v.Anonymous() || v.Has(identity.WriteRecords) {
		t.Errorf("a stranger after the system is %+v", v)
	}
}
