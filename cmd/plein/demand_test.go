package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/demand"
	"github.com/udc-community/plein/internal/fixture"
)

// search searches for words on behalf of a visitor, in GraphQL or on the plain page.
func (s *server) search(visitor, words string, plainly bool) {
	s.t.Helper()
	address := s.base + "/graphql?query=" + url.QueryEscape(`{ search(query: "`+words+`") { totalCount } }`)
	if plainly {
		address = s.base + "/?q=" + url.QueryEscape(words)
	}
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("X-Forwarded-For", visitor)
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	a.Body.Close()
	if a.StatusCode != 200 {
		s.t.Fatal(words, a.StatusCode)
	}
}

func TestWhatVisitorsSearchForInVainIsShownFromTheThirdOn(t *testing.T) {
	dir := t.TempDir()
	begin := func(flags ...string) *server {
		s := start(t, append([]string{"--data", dir, "--trusted-proxy", "127.0.0.1"}, flags...)...)
		eventually(t, "the index to be ready", func() bool {
			return fixture.At(t, s.ask("", `{ search(query: "verkamering") { isDegraded } }`, nil), "search.isDegraded") == false
		})
		return s
	}
	shown := func(want ...demand.Unmet) {
		t.Helper()
		var got struct{ Texts []demand.Unmet }
		if err := json.Unmarshal([]byte(run(t, "demand", "--data", dir, "--json")), &got); err != nil || got.Texts == nil || !slices.Equal(got.Texts, want) {
			t.Errorf("%v: %+v, want %+v", err, got, want)
		}
	}

	s := begin()
	s.search("192.0.2.1", "Zonneweide", false)
	s.search("192.0.2.2", "zonneweide", true)
	s.search("192.0.2.3", "Zonneweide", false) // from the cache
	s.search("192.0.2.4", "windmolenpark", true)
	s.search("192.0.2.5", "windmolenpark", true)
	s.search("192.0.2.5", "windmolenpark", false)
	s.search("192.0.2.6", "verkamering", true)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	shown(demand.Unmet{Words: "zonneweide", Visitors: 3})
	b, err := os.ReadFile(filepath.Join(dir, "plein.db"))
	if err != nil || !bytes.Contains(b, []byte("zonneweide")) || bytes.Contains(b, []byte("windmolenpark")) || bytes.Contains(b, []byte("192.0.2")) {
		t.Error("the database holds what two visitors searched for, or one of them", err)
	}

	s = begin()
	for _, visitor := range []string{"192.0.2.7", "192.0.2.8", "192.0.2.9"} {
		s.search(visitor, "geothermie", false)
	}
	s.kill()
	shown(demand.Unmet{Words: "zonneweide", Visitors: 3})

	s = begin("--count-misses=false")
	s.search("192.0.2.10", "zonneweide", false)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	shown(demand.Unmet{Words: "zonneweide", Visitors: 3})

	s = begin()
	s.search("192.0.2.11", "windmolenpark", false)
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	shown(demand.Unmet{Words: "windmolenpark", Visitors: 3}, demand.Unmet{Words: "zonneweide", Visitors: 3})
}
