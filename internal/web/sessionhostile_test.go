package web

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/job"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
)

// fourAccounts makes one account of each state; the last address has none.
func fourAccounts(t testing.TB, w *fixture.World) map[string]string {
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

var (
	passing = regexp.MustCompile(`(?m)^(Date|X-Request-Id): .*\r\n`)
	verb    = regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE) `)
)

// cost is what a request shows to whoever sent it: the answer byte for byte, the hashes and the statements by their
// kinds. Those of the catalogue, which follows its log meanwhile, are left out.
func (s *site) cost(t testing.TB, do func() reply) string {
	t.Helper()
	s.Statements.Reset()
	before := s.Accounts.Passwords.Hashed()
	got := do()
	head, err := httputil.DumpResponse(got.Response, false)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, q := range s.Statements.All() {
		if slices.ContainsFunc(append([]string{job.Table}, identity.PersonalTables...), func(table string) bool {
			return strings.Contains(q, "`"+table+"`") || strings.Contains(q, `"`+table+`"`) || strings.Contains(q, `\"`+table+`\"`)
		}) {
			kinds = append(kinds, verb.FindString(q))
		}
	}
	return fmt.Sprintf("%s%s\n%d hashes; %d statements: %s", passing.ReplaceAll(head, nil), got.body, s.Accounts.Passwords.Hashed()-before, len(kinds), strings.Join(kinds, ""))
}

// stranger is an address that nobody signed in from.
func stranger(n int) string { return fmt.Sprintf("198.18.%d.%d", n>>8, n&255) }

// hostile is what somebody might fill in.
func hostile(r *rand.Rand) string {
	pieces := []string{"' OR 1=1 --", "\x00", "\xff\xfe", "wachtwoord", "é", "\u202e", "%s%n", "${jndi:ldap://x}", "<script>", "\r\nSet-Cookie: a=b", strings.Repeat("A", 5000),
		"🙂", "", " ", "actief@leiden.test", "//evil.example", "/\\evil.example", "plein_", "__Host-plein", strings.Repeat("A", 43), "../..", "%00", "&a=b;c"}
	var b strings.Builder
	for range r.IntN(4) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

func TestASignInThatIsNotRightIsAnsweredAlikeByteForByte(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, nil)
		accounts, r := fourAccounts(t, w), rand.New(rand.NewPCG(5, 5))
		const rounds = 60
		for i := range rounds {
			word, next := hostile(r)+"!", []string{"", "/mijn/account"}[i%2] // never the right one
			if i%5 == 0 {
				w.Clock.Move(25 * time.Hour) // earlier attempts no longer count
			}
			if i == 0 {
				word = password // of the accounts that may not sign in
			}
			seen := map[string]string{}
			for state, email := range accounts {
				if i == 0 && state == "active" {
					continue
				}
				seen[state] = s.cost(t, func() reply {
					return s.browser(stranger(i)).fill(t, "/inloggen", "email", email, "password", word, "volgende", next)
				})
			}
			for state, got := range seen {
				if got != seen["unknown"] {
					t.Fatalf("%q shows that an account is %s:\n%s\nwant\n%s", word, state, got, seen["unknown"])
				}
			}
			if !strings.Contains(seen["unknown"], "Location: /inloggen?fout=onjuist") || !strings.Contains(seen["unknown"], "\n1 hashes; 3 statements: SELECT INSERT SELECT ") {
				t.Fatal(seen["unknown"])
			}
		}
		t.Logf("%d attempts, each answered as for an account that does not exist", 4*rounds-1)
	})
}

func TestBruteForceAtTheDoorIsThrottledAndLocksNobodyOut(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, func(c *Config) { c.Limits.AddressPoints = 1_000_000 })
		accounts := fourAccounts(t, w)
		home := s.browser("2001:db8:1::7")
		home.signIn(t, accounts["active"])
		for state, email := range accounts {
			before, turned := w.Accounts.Passwords.Hashed(), 0
			for i := range 100 {
				got := s.browser(stranger(i)).fill(t, "/inloggen", "email", email, "password", "raden maar")
				if to := got.Header.Get("Location"); to == "/inloggen?fout=te-vaak" {
					turned++
				} else if to != "/inloggen?fout=onjuist" {
					t.Fatal(got.StatusCode, to)
				}
			}
			if n := w.Accounts.Passwords.Hashed() - before; n != 6 || turned != 94 {
				t.Errorf("%s: %d guesses were compared, %d turned away", state, n, turned)
			}
		}
		// The owner gets in from where they signed in before, and with a link from anywhere.
		s.browser("2001:db8:1::8").signIn(t, accounts["active"])
		u, err := w.Accounts.ByEmail(t.Context(), accounts["active"])
		if err != nil {
			t.Fatal(err)
		}
		address, err := w.Accounts.GiveLink(fixture.System(t), u.ID)
		page, _ := link(t, address, err)
		s.browser(stranger(1)).fill(t, page, "password", password).leads(t, "/mijn")
		if got := s.metric(t, `plein_sign_ins_total{outcome="throttled",way="password"}`); got != "376" {
			t.Errorf("%s were counted as throttled", got)
		}
	})
}

func TestFormsCostPointsOfTheNetworkThatSendsThem(t *testing.T) {
	w := fixture.SQLite(t)
	s := newHouse(t, w, func(c *Config) { c.Limits.AddressPoints = 2 * formCost })
	for i := range 3 {
		got := s.browser("192.0.2.7").fill(t, "/uitloggen")
		if want := []int{303, 303, 429}[i]; got.StatusCode != want {
			t.Errorf("form %d: %d", i, got.StatusCode)
		}
	}
	s.browser("192.0.2.8").fill(t, "/uitloggen").leads(t, "/")
}

func TestAThousandHostileRequestsGetAnAnswerThatIsNoFault(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newHouse(t, w, func(c *Config) {
			c.NoRateLimit = true
			reporting(w)(c)
		})
		withMail(w)
		accounts := fourAccounts(t, w)
		u := person(t, w, "jan@leiden.test")
		in := s.browser("192.0.2.7")
		in.signIn(t, u.Email)
		keep := in.cookies[sessionCookie]
		r := rand.New(rand.NewPCG(8, 8))
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		names := []string{"email", "password", "volgende", "name", "present", "next", "confirmation", "record", "message"}
		statuses := map[int]int{}
		const requests = 1000
		for i := range requests {
			b := s.browser(stranger(i))
			if i%3 == 0 {
				b.cookies[sessionCookie] = keep
			} else if i%3 == 1 {
				b.cookies[sessionCookie] = pick(keep[:42]+"A", strings.Repeat("A", 43), "x", "plein_"+keep, strings.Repeat("x", 3000), "", "%00")
			}
			header := []string{"Content-Type", "application/x-www-form-urlencoded"}
			form := url.Values{}
			for range r.IntN(6) {
				form.Add(pick(names...), pick(hostile(r), accounts["active"], password, "ja", "prj_1"))
			}
			body, method := form.Encode(), http.MethodPost
			to := pick("/inloggen", "/uitloggen", "/wachtwoord-vergeten", "/mijn/wachtwoord", "/mijn/wissen", "/fout-melden", "/mijn/gegevens.json",
				"/toegang/"+strings.Repeat("A", 43), "/toegang/"+url.PathEscape(hostile(r)), "/meelezen/"+url.PathEscape(hostile(r)), "/en/inloggen", "/en/mijn/wissen")
			switch i % 8 {
			case 0: // not a form
				body, header[1] = pick(hostile(r), "%zz=%", "a=%u0000", strings.Repeat("&", 1000), strings.Repeat("a=b&", 20_000), "{", "\x00"), pick("application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "", "text/plain", ";;")
			case 1: // not from here
				header = append(header, "Sec-Fetch-Site", pick("cross-site", "same-site", "", "onzin"), "Origin", pick("null", "https://evil.example", "://", ""))
			case 2: // a token
				to, body = "/graphql", `{"query":"{ __typename }"}`
				header = []string{"Content-Type", "application/json", "Authorization", pick("Bearer ", "bearer plein_", "Basic x", "Bearer plein_"+strings.Repeat("a", 43), "Bearer plein_"+strings.Repeat("a", 5000), "Bearer "+keep, "plein_x", "Bearer plein_%00")}
			case 3: // a query with a cookie
				to, header = "/graphql", []string{"Content-Type", "application/json"}
				body = pick(`{"query":"mutation { recordPublish(input: {id: \"x\", revision: 1}) { userErrors { code } } }"}`, `{"query":"{ `, `[{"query":"{a}"}]`, "{}", `{"query":"{ __typename }","variables":{"a":`+strings.Repeat("[", 900)+strings.Repeat("]", 900)+`}}`)
			case 4:
				method = pick(http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete, "PROPFIND")
				body = ""
			case 5:
				to += "?" + pick("fout=%zz", "volgende=//evil.example", "a;b", strings.Repeat("a", 3000), "fout="+url.QueryEscape(hostile(r)))
			}
			got := b.do(t, method, to, body, header...)
			if got.StatusCode >= 500 {
				t.Errorf("%s %.80q %.80q %v: %d %.200s", method, to, body, header, got.StatusCode, got.body)
			}
			if at := got.Header.Get("Location"); at != "" && (!strings.HasPrefix(at, "/") || strings.HasPrefix(at, "//") || strings.ContainsAny(at, "\\\r\n")) {
				t.Errorf("sent to %q", at)
			}
			if c := got.Header["Set-Cookie"]; slices.ContainsFunc(c, func(c string) bool { return strings.HasPrefix(c, "a=") }) {
				t.Errorf("set %q", c)
			}
			statuses[got.StatusCode]++
		}
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, `"level":"ERROR"`) {
				t.Error("a fault of ours:", line)
			}
		}
		if statuses[303] < 100 || statuses[401] < 50 || statuses[403] < 50 || statuses[400] < 50 {
			t.Errorf("hardly anything came through: %v", statuses)
		}
		t.Logf("%d requests: %v", requests, statuses)
	})
}
