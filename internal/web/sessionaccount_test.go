package web

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// withMail lets a world put mail in its outbox. Nothing sends it.
func withMail(w *fixture.World) {
	w.Accounts.Outbox = &identity.Outbox{Client: w.Store.Client, Begin: w.Store.BeginAside, Now: w.Clock.Now, BaseURL: fixture.BaseURL}
}

// link gives a path of a link, and its secret.
func link(t testing.TB, address string, err error) (page, secret string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(address, fixture.BaseURL), path.Base(address)
}

func TestTheFirstAdministratorComesInWithTheLinkOfTheStart(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		address, err := w.Accounts.SetupLink(fixture.System(t))
		page, secret := link(t, address, err)
		b := s.browser("192.0.2.7")
		for _, c := range []struct{ password, name, email, says string }{
			{"kort", "Beheerder", "beheer@plein.test", "fout=wachtwoord&regel=TOO_SHORT"},
			{"wachtwoord1234", "Beheerder", "beheer@plein.test", "fout=wachtwoord&regel=COMMON"},
			{"beheer@plein.test", "Beheerder", "beheer@plein.test", "fout=wachtwoord&regel=PERSONAL"},
			{strings.Repeat("lang", 50), "Beheerder", "beheer@plein.test", "fout=wachtwoord&regel=TOO_LONG"},
			{password, "", "beheer@plein.test", "fout=naam"},
			{password, "Beheerder", "geen adres", "fout=adres"},
		} {
			b.fill(t, page, "password", c.password, "name", c.name, "email", c.email).leads(t, page+"?"+c.says)
		}
		b.fill(t, "/en"+page, "password", password, "name", "Beheerder", "email", "beheer@plein.test").leads(t, "/en/mijn")
		u, err := w.Accounts.ByEmail(t.Context(), "beheer@plein.test")
		if err != nil || !u.NodeAdmin || b.cookies[sessionCookie] == "" {
			t.Errorf("%+v %v %v", u, err, b.cookies)
		}
		b.fill(t, page, "password", password, "name", "Nog een", "email", "ander@plein.test").leads(t, page+"?fout=verlopen")
		if strings.Contains(s.log.String(), secret) {
			t.Error("the log holds the secret of a link")
		}
	})
}

func TestAnInvitationAndAResetLetSomebodyInOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, hidden := newHouse(t, w, nil), forCommunity(t, w)
		u, address, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "jan@leiden.test", OrganizationID: w.Leiden.ID, Role: identity.Member})
		page, _ := link(t, address, err)
		b := s.browser("192.0.2.7")
		b.fill(t, page, "password", password).leads(t, page+"?fout=naam")
		b.fill(t, page, "password", password, "name", "Jan Jansen", "email", "iemand@anders.test").leads(t, "/mijn")
		if now, err := w.Accounts.ByID(t.Context(), u.ID); err != nil || now.Email != u.Email || now.Name != "Jan Jansen" || !b.sees(t, hidden) {
			t.Errorf("%+v, %v", now, err)
		}
		b.fill(t, page, "password", password).leads(t, page+"?fout=verlopen")

		address, err = w.Accounts.GiveLink(fixture.System(t), u.ID)
		page, _ = link(t, address, err)
		elsewhere := s.browser("192.0.2.8")
		elsewhere.fill(t, page, "password", "een heel ander wachtwoord").leads(t, "/mijn")
		if b.sees(t, hidden) || !elsewhere.sees(t, hidden) {
			t.Error("the session of before the reset goes on")
		}
		address, err = w.Accounts.GiveLink(fixture.System(t), u.ID)
		page, _ = link(t, address, err)
		w.Clock.Move(24 * time.Hour)
		b.fill(t, page, "password", password).leads(t, page+"?fout=verlopen")
		b.fill(t, "/toegang/..%2F..%2Fx", "password", password).leads(t, "/toegang/..%2F..%2Fx?fout=verlopen")
	})
}

func TestWhoForgotAPasswordIsAnsweredAlike(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		fourAccounts(t, w)
		b := s.browser("192.0.2.7")
		b.fill(t, "/wachtwoord-vergeten", "email", "actief@leiden.test").leads(t, "/wachtwoord-vergeten?fout=geen-post")
		withMail(w)
		want := ""
		for i, email := range []string{"niemand@leiden.test", "actief@leiden.test", "uitgezet@leiden.test", "nodig@leiden.test", "geen adres", ""} {
			w.Clock.Move(25 * time.Hour) // what was counted before is forgotten
			got := s.cost(t, func() reply {
				return s.browser("192.0.2.7").fill(t, "/en/wachtwoord-vergeten", "email", email)
			})
			if i == 0 {
				want = got
				if !strings.Contains(want, "Location: /en/wachtwoord-vergeten?verzonden=ja") {
					t.Error(want)
				}
			}
			if got != want {
				t.Errorf("%s:\n%s\nwant\n%s", email, got, want)
			}
		}
		for i := range 30 {
			got := b.fill(t, "/wachtwoord-vergeten", "email", "actief@leiden.test")
			if i == 29 {
				got.leads(t, "/wachtwoord-vergeten?fout=te-vaak")
			}
		}
	})
}

func TestAPasswordIsChangedByWhoKnowsIt(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		u := member(t, w, "jan@leiden.test", identity.Member)
		hidden := forCommunity(t, w)
		b, other := s.browser("192.0.2.7"), s.browser("192.0.2.8")
		b.fill(t, "/en/mijn/wachtwoord", "present", password, "next", "een heel ander wachtwoord").leads(t, "/en/inloggen?volgende=%2Fen%2Fmijn%2Faccount")
		b.signIn(t, u.Email)
		other.signIn(t, u.Email)
		b.fill(t, "/mijn/wachtwoord", "present", "raden maar", "next", "een heel ander wachtwoord").leads(t, "/mijn/account?fout=onjuist")
		b.fill(t, "/mijn/wachtwoord", "present", password, "next", "kort").leads(t, "/mijn/account?fout=wachtwoord&regel=TOO_SHORT")
		b.fill(t, "/mijn/wachtwoord", "present", password, "next", "een heel ander wachtwoord").leads(t, "/mijn/account?gewijzigd=wachtwoord")
		if !b.sees(t, hidden) || other.sees(t, hidden) {
			t.Error("who changed it is out, or who did not is in")
		}
		s.browser("192.0.2.7").fill(t, "/inloggen", "email", u.Email, "password", password).leads(t, "/inloggen?fout=onjuist")
		s.browser("192.0.2.7").fill(t, "/inloggen", "email", u.Email, "password", "een heel ander wachtwoord").leads(t, "/mijn")
		for range 7 {
			b.fill(t, "/mijn/wachtwoord", "present", "raden maar", "next", "een heel ander wachtwoord")
		}
		b.fill(t, "/mijn/wachtwoord", "present", "raden maar", "next", "een heel ander wachtwoord").leads(t, "/mijn/account?fout=te-vaak")
	})
}

func TestAPersonTakesTheirDataAndThemselvesAway(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		admin, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: "beheer@plein.test", Name: "Beheerder", Password: password, NodeAdmin: true})
		if err != nil {
			t.Fatal(err)
		}
		u := member(t, w, "jan@leiden.test", identity.Member)
		b := s.browser("192.0.2.7")
		b.do(t, http.MethodGet, "/mijn/gegevens.json", "").leads(t, "/inloggen?volgende=%2Fmijn%2Faccount")
		b.signIn(t, u.Email)
		got := b.do(t, http.MethodGet, "/mijn/gegevens.json", "")
		var all identity.Export
		if err := json.Unmarshal([]byte(got.body), &all); err != nil || all.User.Email != u.Email || len(all.Sessions) != 1 || all.Networks != 1 {
			t.Errorf("%s %v", got.body, err)
		}
		if h := got.Header; h.Get("Content-Disposition") != `attachment; filename="plein-gegevens.json"` || h.Get("Cache-Control") != "no-store" {
			t.Errorf("%v", h)
		}
		if strings.Contains(got.body, b.cookies[sessionCookie]) || strings.Contains(got.body, "argon2") {
			t.Error("secrets are among the data")
		}
		b.fill(t, "/mijn/wissen", "password", password).leads(t, "/mijn/account?deel=wissen&fout=bevestiging")
		b.fill(t, "/mijn/wissen", "password", "raden maar", "confirmation", "ja").leads(t, "/mijn/account?deel=wissen&fout=onjuist")
		b.fill(t, "/en/mijn/wissen", "password", password, "confirmation", "ja").leads(t, "/en?gewist=ja")
		if _, err := w.Accounts.ByID(t.Context(), u.ID); err != identity.ErrUnknownUser || len(b.cookies) != 0 {
			t.Errorf("%v %v", err, b.cookies)
		}
		for table, n := range map[string]int{
			"sessions": w.Store.Client.Session.Query().CountX(t.Context()), "memberships": w.Store.Client.Membership.Query().CountX(t.Context()),
		} {
			if n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		c := s.browser("192.0.2.9")
		c.signIn(t, admin.Email)
		c.fill(t, "/mijn/wissen", "password", password, "confirmation", "ja").leads(t, "/mijn/account?deel=wissen&fout=laatste-beheerder")
	})
}

func TestPagesWithASecretInTheirAddressAreNobodyElses(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, nil)
	const secret = "kanarie-kanarie-kanarie-kanarie-kanarie-kan"
	for _, path := range []string{"/toegang/" + secret, "/en/toegang/" + secret, "/meelezen/" + secret, "/en/meelezen/" + secret, "/meelezen/" + secret + "/", "/meelezen/a/" + secret,
		"/toegang/" + secret + "?fout=naam", "/%74oegang/" + secret} {
		got := s.get(t, path)
		h := got.Header
		if got.StatusCode != 404 || h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Cache-Control") != "no-store" || h.Get("ETag") != "" {
			t.Errorf("%s: %d %v", path, got.StatusCode, h)
		}
		s.do(t, http.MethodPost, path, "") // refused, and not logged either
	}
	if got := s.get(t, "/?fout=onjuist"); got.StatusCode != 200 || got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("%d %v", got.StatusCode, got.Header)
	}
	s.get(t, "/?a=kanarie") // which is kept
	kept := 0
	for _, c := range []*cache{s.cache, s.strays} {
		for _, key := range c.entries.Keys() {
			kept++
			if strings.Contains(key, secret) || strings.Contains(key, "fout") {
				t.Errorf("kept: %q", key)
			}
		}
	}
	if kept != 1 || strings.Contains(s.log.String(), "kanarie") {
		t.Errorf("%d kept; the log holds %s", kept, s.log.String())
	}
	if strings.Contains(s.get(t, "/metrics").body, "kanarie") {
		t.Error("the metrics hold a secret")
	}
}

func TestWithoutAccountsThereIsNothingToSignInTo(t *testing.T) {
	e := newEdge(t, nil)
	for _, path := range []string{"/inloggen", "/uitloggen", "/mijn/wissen", "/fout-melden"} {
		got := e.do(t, http.MethodPost, path, "", "Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json")
		got.wants(t, 405, "METHOD_NOT_ALLOWED")
	}
	if got := e.ask(t, "{ a }", "Cookie", "plein=x; plein-in=1"); got.StatusCode != 200 {
		t.Error(got.StatusCode)
	}
}
