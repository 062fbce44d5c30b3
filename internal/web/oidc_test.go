package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// oidcHouse is a site with a provider that knows Jan, and what the site writes in its log.
func oidcHouse(t *testing.T, w *fixture.World) (*site, *fixture.Provider, *bytes.Buffer) {
	t.Helper()
	p := fixture.OpenProvider(t, w)
	o := p.Register(t, w)
	var log bytes.Buffer
	return newHouse(t, w, func(c *Config) {
		c.OIDC, c.Logger = o, slog.New(slog.NewJSONHandler(&log, nil))
	}), p, &log
}

// away goes to the provider and gives the address of the node that it sends the browser back to.
func (b *browser) away(t testing.TB, p *fixture.Provider, path string) string {
	t.Helper()
	got := b.do(t, http.MethodGet, path, "")
	if got.StatusCode != http.StatusSeeOther || got.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d, %v", got.StatusCode, got.Header)
	}
	return identity.OIDCReturnPath + "?" + p.Authorize(t, got.Header.Get("Location")).Encode()
}

func TestABrowserSignsInAtTheProviderAndComesBackToItsPage(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	s, p, _ := oidcHouse(t, w)
	for path, want := range map[string]string{
		"/inloggen/oidc": "/mijn",
		"/inloggen/oidc?volgende=/mijn/account%3Fdeel%3D1": "/mijn/account?deel=1",
		"/inloggen/oidc?volgende=//elders.test":            "/mijn",
		"/inloggen/oidc?volgende=https://elders.test":      "/mijn",
		"/inloggen/oidc?volgende=/%5Celders.test":          "/mijn",
		"/en/inloggen/oidc":                                "/en/mijn",
	} {
		b := s.browser("192.0.2.1")
		back := b.away(t, p, path)
		if secret := b.cookies[oidcCookie]; len(secret) != 43 || b.cookies[sessionCookie] != "" {
			t.Errorf("%s: cookies %v", path, b.cookies)
		}
		got := b.do(t, http.MethodGet, back, "", "Sec-Fetch-Site", "cross-site")
		got.leads(t, want)
		if v, _, err := w.Sessions.Authenticate(t.Context(), b.cookies[sessionCookie]); err != nil || v.UserID != u.ID {
			t.Errorf("%s: %+v, %v", path, v, err)
		}
		if _, kept := b.cookies[oidcCookie]; kept || got.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: cookies %v, %v", path, b.cookies, got.Header)
		}
		b.do(t, http.MethodGet, back, "").leads(t, "/inloggen?fout=oidc-mislukt") // once
	}
}

func TestTheCookieOfASignInIsForThisSiteAloneAndForAMoment(t *testing.T) {
	w := fixture.SQLite(t)
	s, _, _ := oidcHouse(t, w)
	got := s.browser("192.0.2.1").do(t, http.MethodGet, "/inloggen/oidc", "")
	c := got.Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-plein-oidc=", "; Path=/", "; Max-Age=600", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
		if !strings.Contains(c, part) {
			t.Errorf("%q has no %q", c, part)
		}
	}
	if strings.Contains(c, "Domain") {
		t.Error(c)
	}
	// Where a session would cross a network in the clear nothing begins.
	if got := s.browser("192.0.2.1").do(t, http.MethodGet, "/inloggen/oidc", "", "X-Forwarded-Proto", "http"); got.Header.Get("Location") != "/inloggen?fout=onveilig&volgende=%2Fmijn" {
		t.Errorf("%v", got.Header)
	}
	// A machine that only looks does not begin.
	if got := s.browser("192.0.2.1").do(t, http.MethodHead, "/inloggen/oidc", ""); got.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", got.StatusCode)
	}
}

func TestASignInThatFailsLeadsBackWithAReasonAndTellsNobodyWho(t *testing.T) {
	w := fixture.SQLite(t)
	s, p, log := oidcHouse(t, w)
	b := s.browser("192.0.2.1")
	b.do(t, http.MethodGet, b.away(t, p, "/inloggen/oidc?volgende=/mijn/account"), "").leads(t, "/inloggen?fout=oidc-geen-account&volgende=%2Fmijn%2Faccount")
	b.do(t, http.MethodGet, b.away(t, p, "/en/inloggen/oidc"), "").leads(t, "/en/inloggen?fout=oidc-geen-account&volgende=%2Fen%2Fmijn")
	if n := w.Store.Client.User.Query().CountX(t.Context()); n != 0 {
		t.Errorf("%d accounts came out of thin air", n)
	}
	person(t, w, "jan@leiden.test")

	for what, change := range map[string]func(url.Values){
		"an error":                 func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") },
		"two codes":                func(q url.Values) { q.Add("code", "x") },
		"two issuers":              func(q url.Values) { q.Add("iss", "https://elders.test") },
		"another issuer":           func(q url.Values) { q.Set("iss", "https://elders.test") },
		"an issuer that went away": func(q url.Values) { q.Del("iss") },
	} {
		back, err := url.Parse(b.away(t, p, "/inloggen/oidc"))
		if err != nil {
			t.Fatal(err)
		}
		q := back.Query()
		change(q)
		back.RawQuery = q.Encode()
		t.Log(what)
		b.do(t, http.MethodGet, back.String(), "").leads(t, "/inloggen?fout=oidc-mislukt&volgende=%2Fmijn")
	}
	for what, change := range map[string]func(url.Values){
		"two states":    func(q url.Values) { q.Add("state", "x") },
		"another state": func(q url.Values) { q.Set("state", strings.Repeat("A", 43)) },
		"nothing":       func(q url.Values) { clear(q) },
	} {
		back, err := url.Parse(b.away(t, p, "/inloggen/oidc"))
		if err != nil {
			t.Fatal(err)
		}
		q := back.Query()
		change(q)
		back.RawQuery = q.Encode()
		t.Log(what)
		b.do(t, http.MethodGet, back.String(), "").leads(t, "/inloggen?fout=oidc-mislukt")
		if b.cookies[oidcCookie] == "" {
			t.Error("a stranger's link ends a sign-in that is under way")
		}
	}
	if b.cookies[sessionCookie] != "" {
		t.Error("somebody is signed in")
	}

	// In another browser, without the cookie or with another.
	victim := s.browser("192.0.2.2")
	victim.do(t, http.MethodGet, b.away(t, p, "/inloggen/oidc"), "").leads(t, "/inloggen?fout=oidc-mislukt")
	victim.away(t, p, "/inloggen/oidc")
	victim.do(t, http.MethodGet, b.away(t, p, "/inloggen/oidc"), "").leads(t, "/inloggen?fout=oidc-mislukt")

	p.Close()
	b.do(t, http.MethodGet, b.away(t, p, "/inloggen/oidc"), "").leads(t, "/inloggen?fout=oidc-uit&volgende=%2Fmijn")
	for range 30 {
		b.do(t, http.MethodGet, "/inloggen/oidc", "")
	}
	b.do(t, http.MethodGet, "/inloggen/oidc", "").leads(t, "/inloggen?fout=te-vaak&volgende=%2Fmijn")
	if text := log.String(); strings.Contains(text, "leiden.test") || strings.Contains(text, "192.0.2") || !strings.Contains(text, "access_denied") {
		t.Errorf("the log: %s", text)
	}
}

func TestComingBackFromTheProviderCostsPoints(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, func(c *Config) { c.Limits.AddressPoints = 2 * formCost })
	for i := range 3 {
		got := s.browser("192.0.2.7").do(t, http.MethodGet, "/inloggen/oidc/terug?code=x&state="+strings.Repeat("A", 43), "")
		if want := []int{303, 303, 429}[i]; got.StatusCode != want {
			t.Errorf("the answer of time %d: %d", i, got.StatusCode)
		}
	}
}

func TestANodeWithoutAProviderSaysSo(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, nil)
	b := s.browser("192.0.2.1")
	b.do(t, http.MethodGet, "/inloggen/oidc", "").leads(t, "/inloggen?fout=oidc-uit&volgende=%2Fmijn")
	b.do(t, http.MethodGet, "/inloggen/oidc/terug?code=x&state=y", "").leads(t, "/inloggen?fout=oidc-uit")
	if got := b.do(t, http.MethodGet, "/inloggen/oidc/sleutels.json", ""); got.StatusCode != http.StatusNotFound {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

func TestTheProviderFindsThePublicKeyOfTheNodeAndNothingElse(t *testing.T) {
	w := fixture.SQLite(t)
	s, _, _ := oidcHouse(t, w)
	got := s.browser("192.0.2.1").do(t, http.MethodGet, "/inloggen/oidc/sleutels.json", "")
	var keys jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(got.body), &keys); err != nil || got.Header.Get("Content-Type") != "application/jwk-set+json" || len(keys.Keys) != 1 || !keys.Keys[0].IsPublic() || keys.Keys[0].KeyID == "" {
		t.Errorf("%s, %v", got.body, err)
	}
}
