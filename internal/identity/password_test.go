package identity_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

func TestAPasswordIsLongAndNotCommonAndNeedsNothingElse(t *testing.T) {
	fault := func(password string) identity.PasswordFault {
		var e identity.PasswordError
		if errors.As(identity.CheckPassword(password, "marieke.de.vries@leiden.test", "Marieke de Vries"), &e) {
			return e.Fault
		}
		return ""
	}
	for password, want := range map[string]identity.PasswordFault{
		"":                                identity.TooShort,
		"elf tekens.":                     identity.TooShort,
		"twaalf teken":                    "",
		"drie fietsen in de gracht":       "",
		"alleen kleine letters":           "",
		"839201746552":                    "",
		"élan vital ✓✓":                   "",
		strings.Repeat("aé", 6):           identity.Common,
		strings.Repeat("kaas ", 25) + "x": "",
		strings.Repeat("x y", 43):         identity.TooLong,
		"Wachtwoord2026!":                 identity.Common,
		"W@chtw00rd2026":                  identity.Common,
		"Welkom123456":                    identity.Common,
		"welkom-welkom":                   identity.Common,
		"qwertyuiop123":                   identity.Common,
		"passwordpassword":                identity.Common,
		"123456789012":                    identity.Common,
		"987654321098":                    identity.Common,
		"abcdefghijklm":                   identity.Common,
		"aaaaaaaaaaaaaa":                  identity.Common,
		"Zomer 2026 !!":                   identity.Common,
		"marieke.de.vries":                identity.Personal,
		"MariekeDeVries1":                 identity.Personal,
		"marieke.de.vries@leiden.test":    identity.Personal,
		"marieke fietst naar het werk":    "",
	} {
		if got := fault(password); got != want {
			t.Errorf("%q: %q, want %q", password, got, want)
		}
	}
}

func TestPasswordsAreStoredByTheStandardAndNotReadable(t *testing.T) {
	w := fixture.SQLite(t)
	w.Accounts.Passwords = identity.NewPasswords(identity.DefaultParams)
	person(t, w, "jan@leiden.test")
	person(t, w, "piet@leiden.test")
	rows := w.Store.Client.User.Query().AllX(t.Context())
	for _, r := range rows {
		if !strings.HasPrefix(r.Password, "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(r.String(), r.Password) {
			t.Errorf("the row is %v", r)
		}
	}
	if rows[0].Password == rows[1].Password {
		t.Error("one password has one hash")
	}
}

func TestAHashGrowsWithTheParametersAtTheNextSignIn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		w.Accounts.Passwords = identity.NewPasswords(identity.Params{Time: 2, Memory: 64, Threads: 1})
		signIn(t, w, u.Email, good)
		if h := w.Store.Client.User.GetX(t.Context(), u.ID).Password; !strings.Contains(h, "m=64,t=2,") {
			t.Errorf("the hash is %s", h)
		}
		before := w.Accounts.Passwords.Hashed()
		signIn(t, w, u.Email, good)
		if n := w.Accounts.Passwords.Hashed() - before; n != 1 {
			t.Errorf("%d hashes for one sign-in", n)
		}
		// Less work than it was made with is no reason to make it weaker.
		w.Accounts.Passwords = identity.NewPasswords(identity.Params{Time: 1, Memory: 8, Threads: 1})
		signIn(t, w, u.Email, good)
		if h := w.Store.Client.User.GetX(t.Context(), u.ID).Password; !strings.Contains(h, "m=64,t=2,") {
			t.Errorf("the hash is %s", h)
		}
	})
}

func TestOnePasswordCanBeTypedInTwoWays(t *testing.T) {
	w := fixture.SQLite(t)
	if _, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "jan@leiden.test", Name: "Jan", Password: "caf\u00e9 op de hoek"}); err != nil {
		t.Fatal(err)
	}
	signIn(t, w, "jan@leiden.test", "cafe\u0301 op de hoek")
}

func TestADamagedHashLetsNobodyIn(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	for _, h := range []string{"x", "$argon2id$v=19$m=8,t=0,p=1$AAAA$AAAA", "$argon2i$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"} {
		tx, err := w.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		tx.User.UpdateOneID(u.ID).SetPassword(h).ExecX(t.Context())
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: office}); err == nil || errors.Is(err, identity.ErrCredentials) {
			t.Errorf("%s: %v", h, err)
		}
	}
}
