package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
)

// browser is somebody at a node, on the same machine.
type browser struct {
	*server
	client *http.Client
}

func (s *server) browser() *browser {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &browser{s, &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// post sends what a page of the node would, and gives where that leads and what is answered.
func (b *browser) post(at, media, body string) (to string, answer []byte) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.base+at, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", media)
	r.Header.Set("Origin", b.base)
	got, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer got.Body.Close()
	if answer, err = io.ReadAll(got.Body); err != nil {
		b.t.Fatal(err)
	}
	return got.Header.Get("Location"), answer
}

func (b *browser) fill(at string, form url.Values) string {
	b.t.Helper()
	to, _ := b.post(at, "application/x-www-form-urlencoded", form.Encode())
	return to
}

func TestSomebodyWhoWasInvitedAMomentAgoWritesForAnOrganisationThatWasMadeAMomentAgo(t *testing.T) {
	dir := t.TempDir()
	s := start(t, "--data", dir)
	domain := s.domain()
	o, _ := publisher(t, "delft", "--data", dir)
	link := run(t, "user", "invite", "jan@delft.test", "--name", "Jan", "--organization", "delft", "--role", "author", "--data", dir)
	b := s.browser()
	const password = "drie fietsen in de gracht"
	if to := b.fill("/toegang/"+path.Base(link), url.Values{"password": {password}}); to != "/mijn" {
		t.Fatalf("the link leads to %q\n%s", to, s.log)
	}
	create := func() string {
		body, err := json.Marshal(map[string]any{"query": createProject, "variables": map[string]any{"o": o, "t": "Kamers", "d": []string{domain}}})
		if err != nil {
			t.Fatal(err)
		}
		_, answer := b.post("/graphql", "application/json", string(body))
		return string(answer)
	}
	if got := create(); !strings.Contains(got, `"id":"prj_`) {
		t.Error(got)
	}
	if to := b.fill("/uitloggen", nil); to != "/" {
		t.Errorf("signing out leads to %q", to)
	}
	if got := create(); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Error(got)
	}
	if to := b.fill("/inloggen", url.Values{"email": {"jan@delft.test"}, "password": {password}, "volgende": {"/publiceren/nieuw"}}); to != "/publiceren/nieuw" {
		t.Errorf("signing in leads to %q", to)
	}
	run(t, "user", "disable", "jan@delft.test", "--data", dir)
	if got := create(); !strings.Contains(got, "UNAUTHENTICATED") {
		t.Error(got)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"jan@", path.Base(link), password} {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, word) {
				t.Errorf("the log says %q: %s", word, line)
			}
		}
	}
	var counted map[string]any
	if err := json.Unmarshal([]byte(run(t, "user", "export", "jan@delft.test", "--data", dir)), &counted); err != nil || len(fixture.At(t, counted, "sessions").([]any)) != 0 {
		t.Errorf("sessions are left: %v %v", counted["sessions"], err)
	}
}
