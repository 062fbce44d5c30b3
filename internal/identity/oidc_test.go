package identity_test

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/udc-community/plein/ent/user"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// invited makes an account whose owner has not been here yet.
func invited(t *testing.T, w *fixture.World, email string) *identity.User {
	t.Helper()
	u, _, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: email, OrganizationID: w.Leiden.ID, Role: identity.Author})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// begin begins a sign-in that goes on to a page.
func begin(t *testing.T, o *identity.OIDC, next string) *identity.OIDCRequest {
	t.Helper()
	r, err := o.Begin(t.Context(), next, office)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// authorize is what a browser brings back of the provider.
func authorize(t *testing.T, p *fixture.Provider, r *identity.OIDCRequest) identity.OIDCResponse {
	t.Helper()
	back := p.Authorize(t, r.URL)
	return identity.OIDCResponse{Code: back.Get("code"), State: back.Get("state"), Issuer: back.Get("iss"), Browser: r.Browser, From: office}
}

// signInAt signs the person in whom the provider knows.
func signInAt(t *testing.T, p *fixture.Provider, o *identity.OIDC) (session string, err error) {
	t.Helper()
	session, next, err := o.Finish(t.Context(), authorize(t, p, begin(t, o, "/mijn?deel=1")))
	if next != "/mijn?deel=1" {
		t.Errorf("the page to go on to is %q", next)
	}
	return session, err
}

func TestSomebodyWhoWasInvitedSignsInWithOpenIDConnect(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := invited(t, w, "jan@leiden.test")
		p := fixture.OpenProvider(t, w)
		o := p.Register(t, w)
		p.Person["email"] = "Jan@Leiden.test"
		session, err := signInAt(t, p, o)
		if err != nil {
			t.Fatal(err)
		}
		v, _, err := w.Sessions.Authenticate(t.Context(), session)
		if err != nil || v.UserID != u.ID || v.RoleIn(w.Leiden.ID) != identity.Author {
			t.Errorf("%+v, %v", v, err)
		}
		now, err := w.Accounts.ByID(t.Context(), u.ID)
		if err != nil || now.State != identity.Active || now.Name != "Jan de Tester" || !now.LastSignInAt.Equal(w.Clock.Now()) || now.Revision != u.Revision+1 {
			t.Errorf("%+v, %v", now, err)
		}

		// From now on who they are counts, whatever is said of their address.
		p.Person["email"], p.Person["email_verified"] = "anders@leiden.test", false
		w.Clock.Move(time.Hour)
		if session, err = signInAt(t, p, o); err != nil {
			t.Fatal(err)
		}
		if v, _, err := w.Sessions.Authenticate(t.Context(), session); err != nil || v.UserID != u.ID {
			t.Errorf("%+v, %v", v, err)
		}
		export, err := w.Accounts.Export(t.Context(), u.ID)
		if err != nil || len(export.Identities) != 1 || export.Identities[0].Issuer != p.URL || export.Identities[0].Subject != "1" || len(export.Sessions) != 2 {
			t.Errorf("%+v, %v", export, err)
		}
		if n := w.Store.Client.OidcLogin.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d sign-ins are left", n)
		}
	})
}

func TestTheAuthorizationRequestIsThatOfTheProfile(t *testing.T) {
	w := fixture.SQLite(t)
	p := fixture.OpenProvider(t, w)
	o := p.Register(t, w)
	seen := map[string]bool{}
	for range 2 {
		r := begin(t, o, "/mijn")
		u, err := url.Parse(r.URL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		for name, want := range map[string]string{"response_type": "code", "client_id": fixture.OIDCClient, "scope": "openid email profile", "code_challenge_method": "S256",
			"redirect_uri": fixture.BaseURL + "/inloggen/oidc/terug"} {
			if q.Get(name) != want {
				t.Errorf("%s = %q", name, q.Get(name))
			}
		}
		for _, secret := range []string{q.Get("state"), q.Get("nonce"), q.Get("code_challenge"), r.Browser} {
			if b, err := base64.RawURLEncoding.DecodeString(secret); err != nil || len(b) != 32 || seen[secret] {
				t.Errorf("%q has %d bytes, or is not new", secret, len(b))
			}
			seen[secret] = true
		}
		if strings.Contains(r.URL, r.Browser) {
			t.Error("the provider is told what only the browser may know")
		}
		for _, login := range w.Store.Client.OidcLogin.Query().AllX(t.Context()) {
			if login.StateHash == q.Get("state") || login.BrowserHash == r.Browser {
				t.Error("the database holds what a browser brings back")
			}
		}
	}
}

// tampering is one way in which a provider, or somebody between it and the node, lies.
type tampering struct {
	name string
	lie  func(*fixture.Provider)
	// brings changes what the browser brings back.
	brings func(*identity.OIDCResponse)
	says   string // in the log
}

func tamperings(t *testing.T, p *fixture.Provider) []tampering {
	other, rsaKey := fixture.NewKey(t, jose.ES256), fixture.NewKey(t, jose.RS256)
	claim := func(name string, value any) func(*fixture.Provider) {
		return func(p *fixture.Provider) { p.Lie = func(c map[string]any) { c[name] = value } }
	}
	without := func(name string) func(*fixture.Provider) {
		return func(p *fixture.Provider) { p.Lie = func(c map[string]any) { delete(c, name) } }
	}
	sign := func(algorithm jose.SignatureAlgorithm, key any) func(*fixture.Provider) {
		return func(p *fixture.Provider) {
			p.Sign = func(c map[string]any) string { return fixture.Signed(algorithm, key, c) }
		}
	}
	public, err := x509.MarshalPKIXPublicKey(p.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	at := func(d time.Duration) int64 { return p.Now().Add(d).Unix() }
	return []tampering{
		{name: "signed by another key", lie: sign(jose.ES256, other), says: "signature"},
		{name: "signed by a key of another kind", lie: sign(jose.RS256, rsaKey), says: "signature"},
		{name: "with an algorithm that was not announced", lie: sign(jose.PS256, rsaKey), says: "signature algorithm"},
		{name: "not signed", lie: func(p *fixture.Provider) {
			p.Sign = func(c map[string]any) string {
				return text(map[string]string{"alg": "none", "kid": "1"}) + "." + text(c) + "."
			}
		}, says: "signature algorithm"},
		{name: "signed with the public key as a password", lie: sign(jose.HS256, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})), says: "signature algorithm"},
		{name: "signed with the secret of the client", lie: sign(jose.HS256, []byte("een geheim van de client van 32 bytes of meer")), says: "signature algorithm"},
		{name: "with the key in the token", lie: func(p *fixture.Provider) {
			p.Sign = func(c map[string]any) string {
				s, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: other}, &jose.SignerOptions{EmbedJWK: true})
				if err != nil {
					t.Fatal(err)
				}
				b, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				made, err := s.Sign(b)
				if err != nil {
					t.Fatal(err)
				}
				token, err := made.CompactSerialize()
				if err != nil {
					t.Fatal(err)
				}
				return token
			}
		}, says: "signature"},
		{name: "changed after it was signed", lie: func(p *fixture.Provider) {
			p.Sign = func(c map[string]any) string {
				parts := strings.Split(fixture.Signed(jose.ES256, p.Key, c), ".")
				c["sub"] = "2"
				return parts[0] + "." + text(c) + "." + parts[2]
			}
		}, says: "signature"},
		{name: "no token", lie: func(p *fixture.Provider) { p.Sign = func(map[string]any) string { return "" } }, says: "no ID token"},
		{name: "not a token", lie: func(p *fixture.Provider) { p.Sign = func(map[string]any) string { return "<html>" } }, says: "malformed"},
		{name: "another nonce", lie: claim("nonce", strings.Repeat("A", 43)), says: "another sign-in"},
		{name: "no nonce", lie: without("nonce"), says: "another sign-in"},
		{name: "for another client", lie: claim("aud", "iemand-anders"), says: "audience"},
		{name: "for others too", lie: claim("aud", []string{fixture.OIDCClient, "iemand-anders"}), says: "for others"},
		{name: "for nobody", lie: without("aud"), says: "audience"},
		{name: "given to another client", lie: claim("azp", "iemand-anders"), says: "another client"},
		{name: "of another issuer", lie: claim("iss", "https://elders.test"), says: "different provider"},
		{name: "expired", lie: claim("exp", at(-time.Second)), says: "expired"},
		{name: "without an end", lie: without("exp"), says: "expired"},
		{name: "of long ago", lie: claim("iat", at(-11*time.Minute)), says: "is old"},
		{name: "without a date", lie: without("iat"), says: "is old"},
		{name: "of later", lie: claim("iat", at(2*time.Minute)), says: "from the future"},
		{name: "not valid yet", lie: claim("nbf", at(2*time.Minute)), says: "from the future"},
		{name: "about nobody", lie: without("sub"), says: "names nobody"},
		{name: "of another access token", lie: claim("at_hash", base64.RawURLEncoding.EncodeToString(make([]byte, 16))), says: "another access token"},
		{name: "the response of another provider", brings: func(r *identity.OIDCResponse) { r.Issuer = "https://elders.test" }, says: "another provider"},
		{name: "a response that does not say of which provider", brings: func(r *identity.OIDCResponse) { r.Issuer = "" }, says: "another provider"},
		{name: "an error", brings: func(r *identity.OIDCResponse) { r.Error = "access_denied" }, says: "access_denied"},
		{name: "an error that writes in the log", brings: func(r *identity.OIDCResponse) { r.Error = "x\nlevel=ERROR jan@leiden.test" }, says: "something else"},
		{name: "no code", brings: func(r *identity.OIDCResponse) { r.Code = "" }, says: "no code"},
		{name: "a code that was never given", brings: func(r *identity.OIDCResponse) { r.Code = "verzonnen" }, says: "invalid_grant"},
		{name: "a token of another type", lie: func(p *fixture.Provider) {
			p.Answer = func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				io.WriteString(w, `{"access_token": "toegang", "token_type": "mac", "id_token": "x"}`) //nolint:errcheck // the client may go away
			}
		}, says: "another type"},
	}
}

func TestAForgedOrDowngradedAnswerIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	p := fixture.OpenProvider(t, w)
	o := p.Register(t, w)
	for i, h := range tamperings(t, p) {
		t.Run(h.name, func(t *testing.T) {
			defer func() { p.Lie, p.Sign, p.Answer = nil, nil, nil }()
			if h.lie != nil {
				h.lie(p)
			}
			asked, err := o.Begin(t.Context(), "/mijn", stranger(i)) // each from elsewhere: a network has to wait after a few
			if err != nil {
				t.Fatal(err)
			}
			r := authorize(t, p, asked)
			if h.brings != nil {
				h.brings(&r)
			}
			session, _, err := o.Finish(t.Context(), r)
			if !errors.Is(err, identity.ErrOIDCRefused) || session != "" {
				t.Fatalf("%q, %v", session, err)
			}
			if !strings.Contains(err.Error(), h.says) || strings.ContainsAny(err.Error(), "\n@") || len(err.Error()) > 500 {
				t.Errorf("the log says: %v", err)
			}
			// The response was used up, and the honest one that was held back no longer counts.
			p.Lie, p.Sign, p.Answer = nil, nil, nil
			r.Issuer, r.Error = p.URL, ""
			if _, _, err := o.Finish(t.Context(), r); !errors.Is(err, identity.ErrOIDCRefused) {
				t.Errorf("a second time: %v", err)
			}
			if n := w.Store.Client.OidcIdentity.Query().CountX(t.Context()) + w.Store.Client.Session.Query().CountX(t.Context()); n != 0 {
				t.Errorf("it left %d rows", n)
			}
		})
	}
	if _, err := signInAt(t, p, o); err != nil {
		t.Errorf("the honest answer: %v", err)
	}
}

func TestWhatIsRightInAnIDTokenIsTaken(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	p := fixture.OpenProvider(t, w)
	o := p.Register(t, w)
	sum := sha256.Sum256([]byte("toegang"))
	for name, lie := range map[string]func(map[string]any){
		"a list of one in the audience":    func(c map[string]any) { c["aud"] = []string{fixture.OIDCClient} },
		"an authorized party":              func(c map[string]any) { c["azp"] = fixture.OIDCClient },
		"the hash of the access token":     func(c map[string]any) { c["at_hash"] = base64.RawURLEncoding.EncodeToString(sum[:16]) },
		"a clock that is half a minute on": func(c map[string]any) { c["iat"], c["nbf"] = p.Now().Unix()+30, float64(p.Now().Unix())+30.5 },
	} {
		p.Lie = lie
		if _, err := signInAt(t, p, o); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAnswerCountsOnceAndInTheBrowserThatBegan(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		person(t, w, "jan@leiden.test")
		p := fixture.OpenProvider(t, w)
		o := p.Register(t, w)
		refused := func(what string, r identity.OIDCResponse) {
			t.Helper()
			if session, next, err := o.Finish(t.Context(), r); !errors.Is(err, identity.ErrOIDCRefused) || session != "" || next != "" {
				t.Errorf("%s: %q, %q, %v", what, session, next, err)
			}
		}

		// Somebody has a victim's browser finish what they began (login CSRF).
		mine, theirs := begin(t, o, "/mijn"), begin(t, o, "/mijn")
		for what, browser := range map[string]string{"no cookie": "", "the cookie of another sign-in": theirs.Browser, "an invented cookie": strings.Repeat("A", 43), "rubbish": "x'; --"} {
			r := authorize(t, p, mine)
			r.Browser = browser
			refused(what, r)
		}
		for what, state := range map[string]string{"no state": "", "an invented state": strings.Repeat("A", 43), "the state of another sign-in": authorize(t, p, theirs).State} {
			r := authorize(t, p, mine)
			r.State = state
			refused(what, r)
		}

		// None of that used it up; the right one does.
		r := authorize(t, p, mine)
		var passed atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, _, err := o.Finish(t.Context(), r); err == nil {
					passed.Add(1)
				}
			})
		}
		all.Wait()
		if n := passed.Load(); n != 1 {
			t.Errorf("%d of 8 that came at once passed", n)
		}
		refused("replayed", r)
		r.Code = authorize(t, p, mine).Code
		refused("replayed with a new code", r)

		// A code that was got in another sign-in does not fit the verifier of this one (PKCE).
		injected := authorize(t, p, begin(t, o, "/mijn"))
		r = authorize(t, p, begin(t, o, "/mijn"))
		r.Code = injected.Code
		if _, _, err := o.Finish(t.Context(), r); !errors.Is(err, identity.ErrOIDCRefused) || !strings.Contains(err.Error(), "invalid_grant") {
			t.Errorf("an injected code: %v", err)
		}
		// Nor does one for which PKCE was stripped on the way.
		stripped := begin(t, o, "/mijn")
		u, err := url.Parse(stripped.URL)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		q.Del("code_challenge")
		q.Del("code_challenge_method")
		u.RawQuery = q.Encode()
		stripped.URL = u.String()
		if _, _, err := o.Finish(t.Context(), authorize(t, p, stripped)); !errors.Is(err, identity.ErrOIDCRefused) || !strings.Contains(err.Error(), "invalid_grant") {
			t.Errorf("without PKCE: %v", err)
		}

		late := authorize(t, p, begin(t, o, "/mijn"))
		early := authorize(t, p, begin(t, o, "/mijn"))
		w.Clock.Move(identity.OIDCLife - time.Millisecond)
		if _, _, err := o.Finish(t.Context(), early); err != nil {
			t.Errorf("just in time: %v", err)
		}
		w.Clock.Move(time.Millisecond)
		refused("too late", late)
		begin(t, o, "/mijn")
		w.Clock.Move(identity.OIDCLife)
		if err := w.Accounts.Prune(t.Context()); err != nil || w.Store.Client.OidcLogin.Query().CountX(t.Context()) != 0 {
			t.Errorf("what was not finished is kept: %v", err)
		}
	})
}

func TestOnlyAVerifiedAddressLeadsToAnAccountThatExists(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := person(t, w, "jan@leiden.test")
		gone := person(t, w, "weg@leiden.test")
		if err := w.Accounts.Disable(fixture.System(t), gone.ID); err != nil {
			t.Fatal(err)
		}
		p := fixture.OpenProvider(t, w)
		o := p.Register(t, w)
		for what, claims := range map[string]map[string]any{
			"nobody's address":        {"email": "vreemd@leiden.test"},
			"not verified":            {"email_verified": false},
			"not said to be verified": {"email_verified": nil},
			"a text that says so":     {"email_verified": "true"},
			"a number that says so":   {"email_verified": 1},
			"a disabled account":      {"email": "weg@leiden.test"},
			"no address":              {"email": ""},
			"two addresses":           {"email": "jan@leiden.test, vreemd@leiden.test"},
		} {
			honest := p.Person
			p.Lie = func(c map[string]any) {
				for name, value := range claims {
					c[name] = value
				}
			}
			p.Userinfo = map[string]any{"sub": "1"}
			if session, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCNoAccount) || session != "" {
				t.Errorf("%s: %q, %v", what, session, err)
			}
			p.Person, p.Lie = honest, nil
		}
		c := w.Store.Client
		if n := c.User.Query().CountX(t.Context()); n != 2 || c.OidcIdentity.Query().CountX(t.Context()) != 0 || c.Session.Query().CountX(t.Context()) != 0 {
			t.Errorf("there are %d accounts", n)
		}

		if _, err := signInAt(t, p, o); err != nil {
			t.Fatal(err)
		}
		// The address passed to somebody else, who does not get the account along with it.
		p.Person["sub"] = "2"
		if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCNoAccount) {
			t.Errorf("a second person with the address: %v", err)
		}
		// Until the owner of the mailbox shows to be the owner of the account.
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, address), "een heel ander wachtwoord", "", office); err != nil {
			t.Fatal(err)
		}
		session, err := signInAt(t, p, o)
		if err != nil {
			t.Fatal(err)
		}
		p.Person["sub"] = "1"
		if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCNoAccount) {
			t.Errorf("the person from before: %v", err)
		}

		if err := w.Accounts.Disable(fixture.System(t), u.ID); err != nil {
			t.Fatal(err)
		}
		p.Person["sub"] = "2"
		if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCNoAccount) {
			t.Errorf("a disabled account that is linked: %v", err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), session); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("its session: %v", err)
		}
	})
}

func TestTheUserinfoIsAskedForWhatTheIDTokenDoesNotSay(t *testing.T) {
	w := fixture.SQLite(t)
	invited(t, w, "jan@leiden.test")
	p := fixture.OpenProvider(t, w)
	o := p.Register(t, w)
	p.Person = map[string]any{"sub": "1", "email_verified": true} // of no address
	for what, info := range map[string]map[string]any{
		"about somebody else": {"sub": "2", "email": "jan@leiden.test", "email_verified": true},
		"without an address":  {"sub": "1"},
		"not verified there":  {"sub": "1", "email": "jan@leiden.test"},
	} {
		p.Userinfo = info
		if _, err := signInAt(t, p, o); !errors.Is(err, identity.ErrOIDCNoAccount) && !errors.Is(err, identity.ErrOIDCRefused) {
			t.Errorf("%s: %v", what, err)
		}
	}
	p.Userinfo = map[string]any{"sub": "1", "email": "jan@leiden.test", "email_verified": true, "name": " "}
	if _, err := signInAt(t, p, o); err != nil {
		t.Fatal(err)
	}
	if name := w.Store.Client.User.Query().Where(user.Email("jan@leiden.test")).OnlyX(t.Context()).Name; name != "jan" {
		t.Errorf("without a name they are called %q", name)
	}
	p.Userinfo = nil // it is not asked a second time
	if _, err := signInAt(t, p, o); err != nil {
		t.Error(err)
	}
}

func TestAProviderThatHangsIsNotAskedByEverybodyInTurn(t *testing.T) {
	w := fixture.SQLite(t)
	asked := 0
	hangs := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		asked++
		w.Clock.Move(10 * time.Second)
		answer.WriteHeader(http.StatusGatewayTimeout)
	}))
	t.Cleanup(hangs.Close)
	o, err := identity.NewOIDC(identity.OIDCConfig{Issuer: hangs.URL, ClientID: "plein", ClientSecret: "een geheim"}, w.Accounts)
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if _, err := o.Begin(t.Context(), "/mijn", office); !errors.Is(err, identity.ErrOIDCUnavailable) {
			t.Error(err)
		}
	}
	if asked != 1 {
		t.Errorf("it was asked %d times", asked)
	}
}

func TestALinkThatWasPassedOnEndsWhenItsOwnerComesByTheProvider(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := invited(t, w, "jan@leiden.test")
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		p := fixture.OpenProvider(t, w)
		if _, err := signInAt(t, p, p.Register(t, w)); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, address), "een heel ander wachtwoord", "", office); !errors.Is(err, identity.ErrUnknownLink) {
			t.Errorf("whoever holds the link gets the account: %v", err)
		}
	})
}

func TestWhoAcceptedAnInvitationInAnothersPlaceIsOutWhenItsOwnerComesByTheProvider(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := invited(t, w, "jan@leiden.test")
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		taken, err := w.Accounts.Redeem(t.Context(), secretOf(t, address), "het wachtwoord van een ander", "Jan", office)
		if err != nil {
			t.Fatal(err)
		}
		p := fixture.OpenProvider(t, w)
		if _, err := signInAt(t, p, p.Register(t, w)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), taken); !errors.Is(err, identity.ErrUnknownSession) {
			t.Errorf("the other is still signed in: %v", err)
		}
		if _, err := w.Accounts.SignIn(t.Context(), identity.Credentials{Email: "jan@leiden.test", Password: "het wachtwoord van een ander", From: office}); !errors.Is(err, identity.ErrCredentials) {
			t.Errorf("the password of the other still works: %v", err)
		}
	})
}

func TestSomebodyWithoutAPasswordIsLetInAgainByTheProvider(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		u := invited(t, w, "jan@leiden.test")
		p := fixture.OpenProvider(t, w)
		o := p.Register(t, w)
		if _, err := signInAt(t, p, o); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Accounts.Disable(fixture.System(t), u.ID), w.Accounts.Enable(fixture.System(t), u.ID)); err != nil {
			t.Fatal(err)
		}
		// Not as somebody who was only invited, to whose account others can be given a link.
		if now, err := w.Accounts.ByID(t.Context(), u.ID); err != nil || now.State != identity.Active {
			t.Errorf("%+v, %v", now, err)
		}
		if _, err := signInAt(t, p, o); err != nil {
			t.Error(err)
		}
	})
}

func TestBeginningsAreThrottledByNetworkUntilSomebodySignsIn(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		person(t, w, "jan@leiden.test")
		p := fixture.OpenProvider(t, w)
		o := p.Register(t, w)
		for range 3 { // rounds of an office in which people also go away
			for range 15 {
				begin(t, o, "/mijn")
			}
			if _, err := signInAt(t, p, o); err != nil {
				t.Fatal(err)
			}
		}
		var throttled identity.ThrottledError
		for range 21 {
			begin(t, o, "/mijn")
		}
		if _, err := o.Begin(t.Context(), "/mijn", office); !errors.As(err, &throttled) || throttled.RetryAfter <= 0 {
			t.Errorf("the 22nd: %v", err)
		}
		n := w.Store.Client.OidcLogin.Query().CountX(t.Context())
		if _, err := o.Begin(t.Context(), "/mijn", stranger(1)); err != nil || w.Store.Client.OidcLogin.Query().CountX(t.Context()) != n+1 {
			t.Errorf("from elsewhere: %v", err)
		}
		// Guesses at a password are counted as before: signing in here gives none back.
		w.Accounts.SignIn(t.Context(), identity.Credentials{Email: "jan@leiden.test", Password: "raden maar", From: stranger(2)}) //nolint:errcheck // it is counted
		before := w.Store.Client.Throttle.Query().CountX(t.Context())
		w.Clock.Move(time.Hour)
		if _, err := signInAt(t, p, o); err != nil {
			t.Fatal(err)
		}
		if after := w.Store.Client.Throttle.Query().CountX(t.Context()); after != before-1 {
			t.Errorf("%d counts became %d", before, after)
		}
	})
}
