package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const password = "drie fietsen in de gracht"

// newHouse is a site where people sign in. It is behind a proxy on this machine.
func newHouse(t *testing.T, w *fixture.World, adjust func(*Config)) *site {
	t.Helper()
	return newSite(t, w, func(c *Config) {
		withPages(t)(c)
		c.Accounts, c.Sessions = w.Accounts, w.Sessions
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
		c.Authenticate = func(ctx context.Context, token string) (context.Context, error) {
			v, err := w.Tokens.Authenticate(ctx, token)
			return identity.With(ctx, v), err
		}
		if adjust != nil {
			adjust(c)
		}
	})
}

// browser keeps cookies and says where it asks from, over HTTPS.
type browser struct {
	*site
	from    string
	cookies map[string]string
}

func (s *site) browser(from string) *browser {
	return &browser{site: s, from: from, cookies: map[string]string{}}
}

// do sends a request; header replaces what a browser says of itself, with an empty value for nothing.
func (b *browser) do(t testing.TB, method, path, body string, header ...string) reply {
	t.Helper()
	r := b.request(t, method, path, body, "X-Forwarded-Proto", "https", "X-Forwarded-For", b.from)
	if method == http.MethodPost {
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	for i := 0; i < len(header); i += 2 {
		if header[i+1] == "" {
			r.Header.Del(header[i])
			continue
		}
		r.Header.Set(header[i], header[i+1])
	}
	got := send(t, r)
	for _, c := range got.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return got
}

// fill sends a form.
func (b *browser) fill(t testing.TB, path string, pairs ...string) reply {
	t.Helper()
	return b.do(t, http.MethodPost, path, says(pairs...).Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

func (b *browser) signIn(t testing.TB, email string) {
	t.Helper()
	b.fill(t, "/inloggen", "email", email, "password", password).leads(t, "/mijn")
	if b.cookies[sessionCookie] == "" {
		t.Fatal("no session")
	}
}

// query asks GraphQL, and gives the data of the answer.
func (b *browser) query(t testing.TB, query string, variables map[string]any) map[string]any {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	var out struct{ Data map[string]any }
	if got := b.do(t, http.MethodPost, "/graphql", string(body)); got.StatusCode != 200 || json.Unmarshal([]byte(got.body), &out) != nil {
		t.Fatalf("%d %s", got.StatusCode, got.body)
	}
	return out.Data
}

// leads wants a form to be answered with an address to go on to, that nobody keeps.
func (r reply) leads(t testing.TB, to string) {
	t.Helper()
	if r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != to || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d to %q (%s), want 303 to %q", r.StatusCode, r.Header.Get("Location"), r.Header.Get("Cache-Control"), to)
	}
}

func person(t testing.TB, w *fixture.World, email string) *identity.User {
	t.Helper()
	u, err := w.Accounts.Create(fixture.System(t), identity.NewUser{Email: email, Name: "Iemand Anders", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// member is a person with a role in Leiden.
func member(t testing.TB, w *fixture.World, email string, r identity.Role) *identity.User {
	t.Helper()
	u := person(t, w, email)
	if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, r); err != nil {
		t.Fatal(err)
	}
	return u
}

// forCommunity publishes a project that members see and strangers do not.
func forCommunity(t testing.TB, w *fixture.World) string {
	t.Helper()
	p := w.Project("Alleen voor leden")
	p.Audience = record.Community
	return w.Publish(t, p).Base().ID
}

const seen = `query($id: ID!) { node(id: $id) { id } }`

// sees tells whether a record is there for somebody.
func (b *browser) sees(t testing.TB, id string) bool {
	t.Helper()
	return b.query(t, seen, map[string]any{"id": id})["node"] != nil
}

func TestSomebodySignsInAndOut(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, hidden := newHouse(t, w, nil), forCommunity(t, w)
		member(t, w, "jan@leiden.test", identity.Member)
		b := s.browser("192.0.2.7")
		b.fill(t, "/inloggen", "email", "jan@leiden.test", "password", "raden maar", "volgende", "/mijn/account?a=b").
			leads(t, "/inloggen?fout=onjuist&volgende=%2Fmijn%2Faccount%3Fa%3Db")
		if len(b.cookies) != 0 || b.sees(t, hidden) {
			t.Fatal("in with a wrong password", b.cookies)
		}
		got := b.fill(t, "/inloggen", "email", " Jan@Leiden.test ", "password", password, "volgende", "/mijn/account?a=b")
		got.leads(t, "/mijn/account?a=b")
		want := []string{
			"__Host-plein=" + b.cookies[sessionCookie] + "; Path=/; Max-Age=86400; HttpOnly; Secure; SameSite=Lax",
			"plein-in=1; Path=/; Max-Age=86400; Secure; SameSite=Lax",
		}
		if !slices.Equal(got.Header["Set-Cookie"], want) {
			t.Errorf("got %q", got.Header["Set-Cookie"])
		}
		if !b.sees(t, hidden) {
			t.Error("signed in, and still a stranger")
		}
		secret := b.cookies[sessionCookie]
		b.fill(t, "/en/uitloggen").leads(t, "/en")
		if len(b.cookies) != 0 || b.sees(t, hidden) {
			t.Error("still in", b.cookies)
		}
		// Who kept the cookie has nothing, and loses it.
		b.cookies = map[string]string{sessionCookie: secret, markerCookie: "1"}
		if b.sees(t, hidden) || len(b.cookies) != 0 {
			t.Error("a session that ended still works", b.cookies)
		}
		b.fill(t, "/uitloggen").leads(t, "/")
		if strings.Contains(s.log.String(), secret) || strings.Contains(s.log.String(), "jan@") {
			t.Error("the log tells who signed in")
		}
		for sample, want := range map[string]string{`{outcome="signed_in",way="password"}`: "1", `{outcome="refused",way="password"}`: "1", `{outcome="throttled",way="password"}`: "0"} {
			if n := s.metric(t, "plein_sign_ins_total"+sample); n != want {
				t.Errorf("%s: %q", sample, n)
			}
		}
	})
}

func TestASecretIsReplacedAtSignInAndWhenRolesChange(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, hidden := newHouse(t, w, nil), forCommunity(t, w)
		u := person(t, w, "jan@leiden.test")
		b := s.browser("192.0.2.7")
		// A secret that somebody else put there does not become one of the person's.
		b.cookies[sessionCookie] = strings.Repeat("A", 43)
		b.signIn(t, u.Email)
		first := b.cookies[sessionCookie]
		b.signIn(t, u.Email)
		if first == strings.Repeat("A", 43) || b.cookies[sessionCookie] == first {
			t.Error("the secret stayed")
		}
		if _, _, err := w.Sessions.Authenticate(t.Context(), first); err != identity.ErrUnknownSession {
			t.Errorf("the former session of the browser: %v", err)
		}
		if b.sees(t, hidden) {
			t.Error("somebody without a role sees what is for members")
		}
		// A role takes effect with the next request, which brings a new secret.
		before := b.cookies[sessionCookie]
		if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Member); err != nil {
			t.Fatal(err)
		}
		if !b.sees(t, hidden) || b.cookies[sessionCookie] == before {
			t.Error("the new role, or the new secret, is not there")
		}
		late := s.browser("192.0.2.7") // a request that was under way
		late.cookies[sessionCookie] = before
		if !late.sees(t, hidden) {
			t.Error("a request that was under way is refused")
		}
		w.Clock.Move(time.Minute)
		if late.sees(t, hidden) || late.cookies[sessionCookie] != "" {
			t.Error("the former secret still works")
		}
		if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, ""); err != nil {
			t.Fatal(err)
		}
		if b.sees(t, hidden) {
			t.Error("a role that was taken away still works")
		}
		if err := w.Accounts.Disable(fixture.System(t), u.ID); err != nil {
			t.Fatal(err)
		}
		if b.query(t, "{ __typename }", nil); len(b.cookies) != 0 {
			t.Error("a disabled account keeps its cookies", b.cookies)
		}
	})
}

func TestWhatARoleAllowsHoldsAtOnceInTheContract(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, nil)
	u := member(t, w, "jan@leiden.test", identity.Author)
	b := s.browser("192.0.2.7")
	b.signIn(t, u.Email)
	create := func() string {
		got := b.query(t, `mutation($in: ProjectCreateInput!) { projectCreate(input: $in) { project { id } userErrors { code } } }`, map[string]any{
			"in": map[string]any{"organization": w.Leiden.ID, "title": "Verkamering", "question": "Waar?", "policyDomains": []string{record.ConceptID(record.PolicyDomain, "wonen")}}})
		if got == nil || fixture.At(t, got, "projectCreate.project") == nil {
			return "refused"
		}
		return "made"
	}
	if got := create(); got != "made" {
		t.Error(got)
	}
	if err := w.Accounts.SetRole(fixture.System(t), u.ID, w.Leiden.ID, identity.Member); err != nil {
		t.Fatal(err)
	}
	if got := create(); got != "refused" {
		t.Error(got)
	}
}

func TestASessionEndsByTheClock(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, hidden := newHouse(t, w, nil), forCommunity(t, w)
		u := member(t, w, "jan@leiden.test", identity.Member)
		for _, c := range []struct {
			every time.Duration
			last  time.Duration // at which it still works
		}{{8*time.Hour - time.Millisecond, 24*time.Hour - 3*time.Millisecond}, {8 * time.Hour, 0}} {
			b := s.browser("192.0.2.7")
			b.signIn(t, u.Email)
			began := w.Clock.Now()
			var last time.Duration
			for range 10 {
				w.Clock.Move(c.every)
				if !b.sees(t, hidden) {
					break
				}
				last = w.Clock.Now().Sub(began)
			}
			if last != c.last || len(b.cookies) != 0 {
				t.Errorf("used every %s it lived %s, want %s; %v", c.every, last, c.last, b.cookies)
			}
		}
	})
}

func TestSecretsDoNotCrossANetworkInTheClear(t *testing.T) {
	w := fixture.SQLite(t)
	u := person(t, w, "jan@leiden.test")
	direct := func(c *Config) { c.TrustedProxies = nil }
	for _, c := range []struct {
		what   string
		adjust func(*Config)
		header []string
		cookie string
	}{
		{"over HTTPS, by a proxy that is believed", nil, nil, sessionCookie},
		{"over HTTP, by a proxy that is believed", nil, []string{"X-Forwarded-Proto", "http"}, ""},
		{"by a proxy that is believed and does not say", nil, []string{"X-Forwarded-Proto", ""}, ""},
		{"HTTPS, says somebody who is not believed", direct, nil, ""},
		{"on this machine", direct, []string{"X-Forwarded-Proto", "", "X-Forwarded-For", ""}, localCookie},
		{"on this machine, by its name", direct, []string{"X-Forwarded-Proto", "", "X-Forwarded-For", "", "Host", "LocalHost:8080"}, localCookie},
		{"on this machine, with another name", direct, []string{"X-Forwarded-Proto", "", "X-Forwarded-For", "", "Host", "plein.example.nl"}, ""},
		{"by a proxy on this machine that nobody told of", direct, []string{"X-Forwarded-Proto", ""}, ""},
	} {
		s := newHouse(t, w, c.adjust)
		b := s.browser("192.0.2.7")
		// A cookie of the other kind does not count.
		other := map[string]string{sessionCookie: localCookie, localCookie: sessionCookie}[c.cookie]
		post := func(path, body, media string) reply {
			r := b.request(t, http.MethodPost, path, body, "X-Forwarded-Proto", "https", "X-Forwarded-For", b.from, "Sec-Fetch-Site", "same-origin", "Content-Type", media)
			for i := 0; i < len(c.header); i += 2 {
				switch {
				case c.header[i] == "Host":
					r.Host = c.header[i+1]
				case c.header[i+1] == "":
					r.Header.Del(c.header[i])
				default:
					r.Header.Set(c.header[i], c.header[i+1])
				}
			}
			for name, value := range b.cookies {
				r.AddCookie(&http.Cookie{Name: name, Value: value})
			}
			return send(t, r)
		}
		const media = "application/x-www-form-urlencoded"
		got := post("/inloggen", says("email", u.Email, "password", password, "volgende", "/mijn").Encode(), media)
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		if err != nil {
			t.Fatal(err)
		}
		link := post("/toegang/"+path.Base(address), says("password", password).Encode(), media)
		if c.cookie == "" {
			got.leads(t, "/inloggen?fout=onveilig&volgende=%2Fmijn")
			link.leads(t, "/toegang/"+path.Base(address)+"?fout=onveilig")
			if len(got.Cookies())+len(link.Cookies()) > 0 {
				t.Errorf("%s: %v", c.what, got.Cookies())
			}
			if _, err := w.Accounts.Link(t.Context(), path.Base(address)); err != nil {
				t.Errorf("%s: the link was used up", c.what)
			}
			continue
		}
		got.leads(t, "/mijn")
		link.leads(t, "/mijn")
		if set := got.Cookies(); len(set) != 2 || set[0].Name != c.cookie || set[0].Secure != (c.cookie == sessionCookie) || set[1].Secure != set[0].Secure || !set[0].HttpOnly {
			t.Errorf("%s: %v", c.what, set)
		}
		b.cookies = map[string]string{other: link.Cookies()[0].Value}
		if got := post("/graphql", `{"query":"{ __typename }"}`, mediaJSON); got.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s let somebody in", c.what, other)
		}
	}
}

func TestAFormOfAnotherSiteDoesNothing(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, func(c *Config) {
		c.Report = func(context.Context, string, string) error { t.Error("something was reported"); return nil }
	})
	u := member(t, w, "jan@leiden.test", identity.Author)
	b := s.browser("192.0.2.7")
	b.signIn(t, u.Email)
	p := w.Publish(t, w.Project("Verkamering")).Base()
	address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]url.Values{
		"/inloggen":                         says("email", u.Email, "password", password),
		"/uitloggen":                        {},
		"/wachtwoord-vergeten":              says("email", u.Email),
		"/toegang/" + path.Base(address):    says("password", password),
		"/mijn/wachtwoord":                  says("present", password, "next", "een heel ander wachtwoord"),
		"/mijn/wissen":                      says("password", password, "confirmation", "ja"),
		"/fout-melden":                      says("record", p.ID, "message", "Dit klopt niet."),
		"/en/uitloggen":                     {},
		"/en/mijn/wissen":                   says("password", password, "confirmation", "ja"),
		"/en/toegang/" + path.Base(address): says("password", password),
	}
	for what, header := range map[string][]string{
		"another site":                    {"Sec-Fetch-Site", "cross-site"},
		"a neighbour":                     {"Sec-Fetch-Site", "same-site"},
		"another site, in an old browser": {"Sec-Fetch-Site", "", "Origin", "https://elders.example"},
		"a page without an origin":        {"Sec-Fetch-Site", "", "Origin", "null"},
		"who does not say":                {"Sec-Fetch-Site", ""},
	} {
		for path, form := range forms {
			got := b.do(t, http.MethodPost, path, form.Encode(), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, header...)...)
			if got.StatusCode != 403 || got.Header.Get("Location") != "" || len(got.Cookies()) > 0 || got.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s, %s: %d %v", what, path, got.StatusCode, got.Header)
			}
		}
		got := b.do(t, http.MethodPost, "/graphql", `{"query":"mutation { recordPublish(input: {id: \"x\", revision: 1}) { userErrors { code } } }"}`, header...)
		got.wants(t, 403, "FORBIDDEN")
	}
	// Everything is as it was: the session, the password, the link and the account.
	if list, err := w.Sessions.List(t.Context(), u.ID); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := w.Accounts.Link(t.Context(), path.Base(address)); err != nil {
		t.Error(err)
	}
	s.browser("192.0.2.7").signIn(t, u.Email)
	old := b.do(t, http.MethodPost, "/uitloggen", "", "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "", "Origin", s.URL)
	old.leads(t, "/") // a browser of before Sec-Fetch-Site, on our own page
}

func TestNobodyIsSentToAnotherSite(t *testing.T) {
	for next, want := range map[string]string{
		"/mijn":                              "/mijn",
		"/publiceren/prj_1?deel=vraag":       "/publiceren/prj_1?deel=vraag",
		"/zoeken?q=caf\u00e9":                "/zoeken?q=caf%C3%A9",
		"/zoeken?q=a b":                      "/zoeken?q=a%20b",
		"/projecten/x#stappen":               "/projecten/x",
		"/a//evil.example":                   "/a//evil.example",
		"/%2F%2Fevil.example":                "/%2F%2Fevil.example",
		"":                                   "",
		"mijn":                               "",
		"//evil.example":                     "",
		"///evil.example":                    "",
		"/\\evil.example":                    "",
		"\\\\evil.example":                   "",
		"/mijn\\..\\x":                       "",
		"https://evil.example/":              "",
		"https:evil.example":                 "",
		"javascript:alert(1)":                "",
		"data:text/html,x":                   "",
		" /mijn":                             "",
		"\t/mijn":                            "",
		"/\t/evil.example":                   "",
		"/\n/evil.example":                   "",
		"/mijn\r\nSet-Cookie: a=b":           "",
		"/mijn\x00":                          "",
		"/mijn\x7f":                          "",
		"/mijn\u0085":                        "",
		"/mijn?a=%00":                        "",
		"/%zz":                               "",
		"/\xff":                              "",
		"@evil.example":                      "",
		"/" + strings.Repeat("a", maxNext+1): "",
	} {
		if got := localPath(next); got != want {
			t.Errorf("%q: got %q, want %q", next, got, want)
		}
	}
	w := fixture.SQLite(t)
	s := newHouse(t, w, nil)
	u := person(t, w, "jan@leiden.test")
	b := s.browser("192.0.2.7")
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"} {
		b.fill(t, "/inloggen", "email", u.Email, "password", password, "volgende", next).leads(t, "/mijn")
		b.fill(t, "/en/inloggen", "email", u.Email, "password", password, "volgende", next).leads(t, "/en/mijn")
		b.fill(t, "/inloggen", "email", u.Email, "password", "x", "volgende", next).leads(t, "/inloggen?fout=onjuist")
	}
}

func TestWhatIsAskedWithACookieIsKeptByNobody(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s, hidden := newHouse(t, w, nil), forCommunity(t, w)
		member(t, w, "jan@leiden.test", identity.Member)
		in, out := s.browser("192.0.2.7"), s.browser("192.0.2.7")
		in.signIn(t, "jan@leiden.test")
		body := fmt.Sprintf(`{"query":%q,"variables":{"id":%q}}`, seen, hidden)
		for range 2 { // whoever asks first, the other gets an answer of their own
			stranger := out.do(t, http.MethodPost, "/graphql", body)
			member := in.do(t, http.MethodPost, "/graphql", body)
			if strings.Contains(stranger.body, hidden) || !strings.Contains(member.body, hidden) {
				t.Errorf("a stranger got %s, a member %s", stranger.body, member.body)
			}
			if h := member.Header; h.Get("Cache-Control") != "no-store" || h.Get("ETag") != "" || h.Get("RateLimit-Limit") != "300000" {
				t.Errorf("%v", h)
			}
		}
		for _, kept := range []*cache{s.cache, s.strays} {
			for _, key := range kept.entries.Keys() {
				if p, _ := kept.get(key); strings.Contains(string(p.body), hidden) {
					t.Errorf("kept under %q", key)
				}
			}
		}
		// An address is a stranger's, whoever asks for it.
		address := "/graphql?" + says("query", seen, "variables", fmt.Sprintf(`{"id":%q}`, hidden)).Encode()
		if got := in.do(t, http.MethodGet, address, ""); strings.Contains(got.body, hidden) || got.Header.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s %v", got.body, got.Header)
		}
		// A person has room for a long text, and an allowance of their own.
		long := fmt.Sprintf(`{"query":"{ __typename }","variables":{"a":%q}}`, strings.Repeat("a", 200<<10))
		if got := in.do(t, http.MethodPost, "/graphql", long); got.StatusCode != 200 {
			t.Errorf("got %d", got.StatusCode)
		}
		out.do(t, http.MethodPost, "/graphql", long).wants(t, 413, "PAYLOAD_TOO_LARGE")
		// A token speaks louder than a cookie.
		token, _, err := w.Tokens.Create(fixture.System(t), w.Delft.ID, "proef", []identity.Scope{identity.WriteRecords}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if got := in.do(t, http.MethodPost, "/graphql", body, "Authorization", "Bearer "+token); strings.Contains(got.body, hidden) {
			t.Error("a token without the right to read was given what the person may see")
		}
		in.do(t, http.MethodPost, "/graphql", body, "Authorization", "Bearer plein_x").wants(t, 401, "UNAUTHENTICATED")
	})
}

func TestWhatALinkShowsEndsWithTheLink(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		u := member(t, w, "jan@leiden.test", identity.Author)
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		_, access := link(t, address, err)
		ctx := identity.With(t.Context(), identity.Viewer{UserID: u.ID, Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: identity.Author}}})
		var share *catalog.DraftShare
		err = w.Write(ctx, func(tx *catalog.Writer) error {
			made, err := tx.Create(ctx, w.Project("Voor de expert"), catalog.Origin{})
			if err == nil {
				share, address, err = tx.Share(ctx, made.Base().ID, "Voor de wijkagent", 7)
			}
			return err
		})
		_, shared := link(t, address, err)
		b := s.browser("192.0.2.7")
		ask := func(query, secret string) string {
			body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"s": secret}})
			if err != nil {
				t.Fatal(err)
			}
			got := b.do(t, http.MethodPost, "/graphql", string(body))
			if got.Header.Get("Cache-Control") != "no-store" || got.Header.Get("ETag") != "" {
				t.Errorf("%s may be kept: %v", query, got.Header)
			}
			return got.body
		}
		const ofAccess, ofDraft = `query($s: String!) { accessLink(secret: $s) { email } }`, `query($s: String!) { sharedDraft(secret: $s) { record { title } } }`
		for range 2 {
			if got := ask(ofAccess, access); !strings.Contains(got, u.Email) {
				t.Error(got)
			}
			if got := ask(ofDraft, shared); !strings.Contains(got, "Voor de expert") {
				t.Error(got)
			}
		}
		if _, err := w.Accounts.Redeem(t.Context(), access, password, "", netip.MustParsePrefix("192.0.2.9/32")); err != nil {
			t.Fatal(err)
		}
		if err := w.Write(ctx, func(tx *catalog.Writer) error { return tx.EndShare(ctx, share.ID) }); err != nil {
			t.Fatal(err)
		}
		if got := ask(ofAccess, access); !strings.HasPrefix(got, `{"data":{"accessLink":null}`) {
			t.Error(got)
		}
		if got := ask(ofDraft, shared); !strings.HasPrefix(got, `{"data":{"sharedDraft":null}`) {
			t.Error(got)
		}
	})
}

func TestAPersonHasAnAllowanceOfTheirOwn(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, func(c *Config) { c.Limits.AddressPoints, c.Limits.TokenPoints = 200, 3 })
	person(t, w, "jan@leiden.test")
	person(t, w, "els@leiden.test")
	jan, els := s.browser("192.0.2.7"), s.browser("192.0.2.7")
	jan.signIn(t, "jan@leiden.test")
	els.signIn(t, "els@leiden.test")
	again := s.browser("192.0.2.8") // the same person elsewhere
	again.signIn(t, "jan@leiden.test")
	for i := range 3 {
		if got := []*browser{jan, again}[i%2].do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`); got.StatusCode != 200 {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
	}
	again.do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`).wants(t, 429, "RATE_LIMITED")
	if got := els.do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`); got.StatusCode != 200 {
		t.Error(got.body)
	}
}

func TestAMarkerWithoutASessionIsTakenAway(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, nil)
	for _, cookies := range []map[string]string{{markerCookie: "1"}, {markerCookie: "1", sessionCookie: "onzin"}, {sessionCookie: strings.Repeat("A", 43)}} {
		b := s.browser("192.0.2.7")
		b.cookies = cookies
		got := b.do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`)
		if got.StatusCode != 200 || len(b.cookies) != 0 {
			t.Errorf("%d, left %v", got.StatusCode, b.cookies)
		}
	}
	b := s.browser("192.0.2.7")
	if got := b.do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`, "Cookie", "anders=1"); len(got.Cookies()) != 0 {
		t.Error(got.Cookies())
	}
}

func TestASubscriptionIsOpenedWithACookieAndSeesWhatEverybodySees(t *testing.T) {
	w := fixture.SQLite(t)
	words, ended, who := make(chan string, 1), make(chan error, 1), make(chan identity.Viewer, 1)
	s := newHouse(t, w, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			who <- identity.From(r.Context())
			events(words, ended).ServeHTTP(w, r)
		})
	})
	u := person(t, w, "jan@leiden.test")
	b := s.browser("192.0.2.7")
	b.signIn(t, u.Email)
	r := b.request(t, http.MethodPost, "/graphql", subscription, "X-Forwarded-Proto", "https", "Sec-Fetch-Site", "same-origin",
		"Accept", "text/event-stream", "Cookie", sessionCookie+"="+b.cookies[sessionCookie])
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	// The session can end while it is open.
	if v := <-who; !v.Anonymous() || got.StatusCode != 200 || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%+v %d %v", v, got.StatusCode, got.Header)
	}
	got.Body.Close()
	<-ended
}

func TestWhoCannotBeLookedUpIsNotSignedOut(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, func(c *Config) {
		c.Acquaint = func(context.Context, identity.Viewer) error { return context.DeadlineExceeded }
	})
	person(t, w, "jan@leiden.test")
	b := s.browser("192.0.2.7")
	b.signIn(t, "jan@leiden.test")
	b.do(t, http.MethodPost, "/graphql", `{"query":"{ __typename }"}`).wants(t, 503, "UNAVAILABLE")
	if b.cookies[sessionCookie] == "" {
		t.Error("signed out")
	}
}
