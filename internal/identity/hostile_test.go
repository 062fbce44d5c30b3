package identity_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/job"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// stranger is a network that nobody signed in from.
func stranger(n int) netip.Prefix {
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{198, 18, byte(n >> 8), byte(n)}), 32)
}

// fourAccounts makes one account of each state; the last address has none.
func fourAccounts(t *testing.T, w *fixture.World) map[string]string {
	t.Helper()
	active, disabled := person(t, w, "actief@leiden.test"), person(t, w, "uitgezet@leiden.test")
	if err := w.Accounts.Disable(fixture.System(t), disabled.ID); err != nil {
		t.Fatal(err)
	}
	invited, _, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "nodig@leiden.test", Name: "Genodigd"})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"active": active.Email, "disabled": disabled.Email, "invited": invited.Email, "unknown": "niemand@leiden.test"}
}

// cost is what an attempt shows to whoever made it: the error, the hashes and the statements, by their kinds. Those of
// the catalogue, which follows its log meanwhile, are left out.
func cost(w *fixture.World, do func() error) string {
	w.Statements.Reset()
	before := w.Accounts.Passwords.Hashed()
	err := do()
	var kinds []string
	for _, q := range w.Statements.All() {
		if !slices.ContainsFunc(append([]string{job.Table}, identity.PersonalTables...), func(table string) bool {
			return strings.Contains(q, "`"+table+"`") || strings.Contains(q, `"`+table+`"`) || strings.Contains(q, `\"`+table+`\"`)
		}) {
			continue
		}
		for _, k := range []string{"SELECT", "INSERT", "UPDATE", "DELETE"} {
			if strings.Contains(q, k+" ") {
				kinds = append(kinds, k)
				break
			}
		}
	}
	return fmt.Sprintf("%v; %d hashes; %d statements: %s", err, w.Accounts.Passwords.Hashed()-before, len(kinds), strings.Join(kinds, " "))
}

// hostile is a password, or an address, that somebody might try.
func hostile(r *rand.Rand) string {
	pieces := []string{"' OR 1=1 --", "\x00", "\xff\xfe", "wachtwoord", "é", "\u202e", "%s%n", "${jndi:ldap://x}", "<script>", "\r\nBcc: x@y.test", strings.Repeat("A", 5000), "🙂", "", " ", good}
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestNobodyLearnsFromASignInWhetherThereIsAnAccount(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		accounts, r := fourAccounts(t, w), rand.New(rand.NewPCG(5, 5))
		tried := 0
		for i := range 250 {
			password := hostile(r) + "!" // never the right one
			if i%5 == 0 {
				w.Clock.Move(25 * time.Hour) // earlier attempts no longer count
			}
			seen := map[string]string{}
			for state, email := range accounts {
				if i%2 == 0 {
					email = strings.ToUpper(email)
				}
				seen[state] = cost(w, func() error {
					_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: email, Password: password, From: stranger(i)})
					return err
				})
				tried++
			}
			for state, got := range seen {
				if got != seen["unknown"] {
					t.Fatalf("%q shows that an account is %s:\n%s\n%s", password, state, got, seen["unknown"])
				}
			}
			if !strings.Contains(seen["unknown"], identity.ErrCredentials.Error()+"; 1 hashes") {
				t.Fatalf("%s", seen["unknown"])
			}
		}
		t.Logf("%d attempts, each as for an account that does not exist", tried)
	})
}

func TestAddressesThatAreNoneAreAnsweredAlike(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		accounts, r := fourAccounts(t, w), rand.New(rand.NewPCG(6, 6))
		want := cost(w, func() error {
			_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: accounts["unknown"], Password: "x", From: stranger(0)})
			return err
		})
		for i := range 250 {
			email := hostile(r) + accounts["active"][:i%len(accounts["active"])]
			w.Clock.Move(25 * time.Hour)
			got := cost(w, func() error {
				_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: email, Password: good, From: stranger(i)})
				return err
			})
			if got != want {
				t.Fatalf("%.80q: %s, want %s", email, got, want)
			}
		}
	})
}

func TestTheRightPasswordOfAnAccountThatMayNotSignInShowsNothing(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		accounts := fourAccounts(t, w)
		try := func(email, password string, n int) string {
			return cost(w, func() error {
				_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: email, Password: password, From: stranger(n)})
				return err
			})
		}
		want := try(accounts["unknown"], good, 1)
		for i, state := range []string{"disabled", "invited"} {
			if got := try(accounts[state], good, i+2); got != want {
				t.Errorf("%s: %s, want %s", state, got, want)
			}
		}
		// A password that is too long is compared too, and is nobody's.
		if got := try(accounts["active"], good+strings.Repeat(" ", 200), 9); got != want {
			t.Errorf("too long: %s, want %s", got, want)
		}
	})
}

func TestLinksThatAreNoneAreAnsweredAlike(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		link := func() string {
			address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
			if err != nil {
				t.Fatal(err)
			}
			return secretOf(t, address)
		}
		expired := link()
		w.Clock.Move(24 * time.Hour)
		used := link()
		session, err := w.Accounts.Redeem(t.Context(), used, good, "", office)
		if err != nil {
			t.Fatal(err)
		}
		live := link()
		r, tried := rand.New(rand.NewPCG(7, 7)), 0
		use := func(secret string) string {
			tried++
			return cost(w, func() error { _, err := w.Accounts.Redeem(t.Context(), secret, good, "", office); return err })
		}
		want := use(strings.Repeat("A", 43))
		for what, secret := range map[string]string{"expired": expired, "used": used, "a session": session} {
			if got := use(secret); got != want {
				t.Errorf("%s: %s, want %s", what, got, want)
			}
		}
		if !strings.HasPrefix(want, identity.ErrUnknownLink.Error()+"; 0 hashes; 1 statements") {
			t.Errorf("%s", want)
		}
		const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		for i := range 1000 {
			b := []byte(live)
			secret := hostile(r)
			if i%2 == 0 { // one letter beside the right one; the last has bits that do not count
				at := r.IntN(len(b) - 1)
				b[at] = letters[(strings.IndexByte(letters, b[at])+1+r.IntN(63))%64]
				secret = string(b)
				if got := use(secret); got != want {
					t.Fatalf("%q: %s, want %s", secret, got, want)
				}
				continue
			}
			// What cannot be a secret does not reach the database.
			if got := use(secret); got != identity.ErrUnknownLink.Error()+"; 0 hashes; 0 statements: " {
				t.Fatalf("%.80q: %s", secret, got)
			}
			if _, _, err := w.Sessions.Authenticate(t.Context(), secret); err != identity.ErrUnknownSession {
				t.Fatalf("%.80q: %v", secret, err)
			}
		}
		if _, err := w.Accounts.Redeem(t.Context(), live, good, "", office); err != nil {
			t.Errorf("the right one, after %d others: %v", tried, err)
		}
	})
}

func TestBruteForceIsThrottled(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		accounts := fourAccounts(t, w)
		seen := map[string][]string{}
		for state, email := range accounts {
			start := w.Clock.Now()
			before := w.Accounts.Passwords.Hashed()
			for i := 0; i < 2000 && w.Clock.Now().Sub(start) < 24*time.Hour; i++ { // whoever tries has all the addresses in the world
				_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: email, Password: "raden maar", From: stranger(i)})
				var later identity.ThrottledError
				if errors.As(err, &later) {
					w.Clock.Move(later.RetryAfter)
				} else if !errors.Is(err, identity.ErrCredentials) {
					t.Fatal(err)
				}
				seen[state] = append(seen[state], fmt.Sprint(err))
			}
			if n := w.Accounts.Passwords.Hashed() - before; n > 115 {
				t.Errorf("%d guesses in a day at an account that is %s", n, state)
			} else {
				t.Logf("%s: %d guesses in a day", state, n)
			}
		}
		for state := range accounts {
			if fmt.Sprint(seen[state]) != fmt.Sprint(seen["unknown"]) {
				t.Errorf("throttling shows that an account is %s", state)
			}
		}
	})
}

func TestOneAddressThatTriesManyAccountsIsThrottled(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	before := w.Accounts.Passwords.Hashed()
	var longest time.Duration
	for i := range 500 {
		_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: fmt.Sprintf("gok%d@leiden.test", i), Password: "raden maar", From: office})
		var later identity.ThrottledError
		if errors.As(err, &later) {
			longest = max(longest, later.RetryAfter)
			w.Clock.Move(later.RetryAfter)
		}
	}
	if n := w.Accounts.Passwords.Hashed() - before; n > 270 || longest != 15*time.Minute {
		t.Errorf("%d guesses in 500 attempts, the longest wait %s", n, longest)
	}
}

func TestManyGuessesAtOnceAreNotFree(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		before := w.Accounts.Passwords.Hashed()
		var running sync.WaitGroup
		for i := range 40 {
			running.Go(func() {
				w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: "raden maar", From: stranger(i)}) //nolint:errcheck // counted below
			})
		}
		running.Wait()
		if n := w.Accounts.Passwords.Hashed() - before; n != 6 {
			t.Errorf("%d guesses were compared", n)
		}
	})
}

func TestAStrangerCannotLockSomebodyOut(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		home := netip.MustParsePrefix("2001:db8:1::/64")
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: home}); err != nil {
			t.Fatal(err)
		}
		attack := func() {
			for i := range 30 { // the last is counted, so the account waits
				_, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: "raden maar", From: stranger(i)})
				var later identity.ThrottledError
				if errors.As(err, &later) && i < 29 {
					w.Clock.Move(later.RetryAfter)
				}
			}
		}
		for range 3 {
			attack()
			var later identity.ThrottledError
			if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: stranger(999)}); !errors.As(err, &later) || later.RetryAfter > 15*time.Minute {
				t.Fatalf("the attack does not work, or for too long: %v", err)
			}
			if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: home}); err != nil {
				t.Errorf("locked out at home: %v", err)
			}
		}
		// From an address that was never seen a link is the way in, and makes it one that is known.
		attack()
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := netip.MustParsePrefix("2001:db8:2::/64")
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, address), good, "", elsewhere); err != nil {
			t.Errorf("locked out with a link: %v", err)
		}
		attack()
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: good, From: elsewhere}); err != nil {
			t.Errorf("locked out after a link: %v", err)
		}
		// An address is known for 30 days, and guesses from it are counted as well.
		before := w.Accounts.Passwords.Hashed()
		for range 20 {
			w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: "raden maar", From: elsewhere}) //nolint:errcheck // counted below
		}
		if n := w.Accounts.Passwords.Hashed() - before; n != 6 {
			t.Errorf("%d guesses from an address that is known", n)
		}
	})
}

func TestColleaguesWhoSignInDoNotThrottleTheirOffice(t *testing.T) {
	w := fixture.SQLite(t)
	for i := range 30 {
		u := person(t, w, fmt.Sprintf("collega%d@leiden.test", i))
		signIn(t, w, u.Email, good)
	}
	// Somebody who gets in with an account of their own does not thereby get more guesses at those of others.
	before := w.Accounts.Passwords.Hashed()
	for i := range 60 {
		signIn(t, w, "collega1@leiden.test", good)
		w.Accounts.SignIn(t.Context(), identity.Credentials{Email: fmt.Sprintf("gok%d@leiden.test", i), Password: "x", From: office}) //nolint:errcheck // counted below
	}
	if n := w.Accounts.Passwords.Hashed() - before - 60; n != 21 {
		t.Errorf("%d guesses", n)
	}
}

func TestWhatNoLongerCountsIsForgotten(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		signIn(t, w, u.Email, good)
		w.Accounts.SignIn(t.Context(), identity.Credentials{Email: u.Email, Password: "x", From: stranger(1)}) //nolint:errcheck // counted below
		left := func() int {
			if err := w.Accounts.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			return w.Store.Client.Throttle.Query().CountX(t.Context())
		}
		if n := left(); n != 4 { // jan and the office, the pair of both, the stranger
			t.Errorf("%d counts", n)
		}
		w.Clock.Move(25 * time.Hour)
		if n := left(); n != 1 {
			t.Errorf("%d counts after a day: only the address that is known is kept", n)
		}
		w.Clock.Move(30 * 24 * time.Hour)
		if n := left(); n != 0 {
			t.Errorf("%d counts after a month", n)
		}
	})
}
