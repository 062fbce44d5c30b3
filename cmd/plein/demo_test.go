package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/udc-community/plein/frontend"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
)

func TestTheDemoIsServedAndSaysThatItIsInvented(t *testing.T) {
	s := start(t, "--data", t.TempDir(), "--demo")
	if !bytes.Contains(s.log.Bytes(), []byte("alles in deze catalogus is verzonnen")) {
		t.Errorf("it does not say so at the start: %s", s.log)
	}
	eventually(t, "the index to be ready", func() bool {
		return fixture.At(t, s.ask("", `{ search { isDegraded } }`, nil), "search.isDegraded") == false
	})
	got := s.ask("", `{
		service { isDemo }
		search(query: "kamers studenten overlast") { nodes { ... on Project { id slug provenance comparable(first: 5) { nodes { title(lang: NL) provenance } } } } }
		changes(types: [PROJECT], first: 5) { nodes { record { ... on CatalogRecord { provenance } } } }
	}`, nil)
	if fixture.At(t, got, "service.isDemo") != true {
		t.Error("the service does not say that it is a demo")
	}
	found := map[any]any{}
	for _, x := range fixture.At(t, got, "search.nodes").([]any) {
		found[fixture.At(t, x, "slug")] = fixture.At(t, x, "provenance")
	}
	if found["kamers-in-gewone-straten"] != "DEMO" || found["geven-kamerpanden-echt-meer-overlast"] != "DEMO" {
		t.Errorf("everyday words do not find the rooms: %v", found)
	}
	if alike := fixture.At(t, got, "search.nodes.0.comparable.nodes").([]any); len(alike) < 3 {
		t.Errorf("only %d projects are comparable", len(alike))
	}
	if fixture.At(t, got, "changes.nodes.0.record.provenance") != "DEMO" {
		t.Errorf("the changes are %v", fixture.At(t, got, "changes.nodes"))
	}
	if err := s.stop(); err != nil {
		t.Error("it does not stop cleanly:", err)
	}
}

func TestARealCatalogueIsNoDemo(t *testing.T) {
	s := start(t, "--data", t.TempDir())
	if fixture.At(t, s.ask("", `{ service { isDemo } }`, nil), "service.isDemo") != false {
		t.Error("it says that it is a demo")
	}
}

func TestADemoInADatabaseIsKeptApartToo(t *testing.T) {
	refused := func(why string, args ...string) {
		t.Helper()
		if out, err := plein(args...).CombinedOutput(); err == nil || !strings.Contains(string(out), why) {
			t.Errorf("%v: %v, %s", args, err, out)
		}
	}
	dir := t.TempDir()
	invented, real := fixture.Database(t), fixture.Database(t)
	if out := run(t, "seed", "--demo", "--data", dir, "--database", invented); !strings.Contains(out, "91 new") {
		t.Error(out)
	}
	refused("the database holds the demo", "serve", "--data", dir, "--database", invented, "--listen", freePort(t))
	refused("the database holds the demo", "restore", "--data", dir, "--database", invented)
	run(t, "seed", "--data", dir, "--database", real)
	refused("the database holds a real catalogue", "serve", "--demo", "--data", dir, "--database", real, "--listen", freePort(t))
}

func TestTheDemoTellsHowToSignIn(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second time the accounts are there
		s := start(t, "--data", dir, "--demo")
		page := readPage(t, s.base+"/inloggen")
		for _, told := range append(exchange.DemoAddresses(), exchange.DemoPassword) {
			if !bytes.Contains(s.log.Bytes(), []byte(told)) {
				t.Errorf("it does not say %s at the start: %s", told, s.log)
			}
			if _, built := frontend.Application(); built && !strings.Contains(page, told) {
				t.Errorf("its sign-in page does not say %s: %s", told, page)
			}
		}
		for _, email := range exchange.DemoAddresses() {
			b := s.browser()
			if to := b.fill("/inloggen", url.Values{"email": {email}, "password": {exchange.DemoPassword}}); to != "/mijn" {
				t.Errorf("%s is led to %q", email, to)
			}
		}
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
	}
	if out := run(t, "user", "list", "--demo", "--data", dir); strings.Count(out, "@") != len(exchange.DemoAddresses()) {
		t.Errorf("the accounts are %s", out)
	}
}

func TestWhatAVisitorMakesInTheDemoIsNotTakenForReal(t *testing.T) {
	s := start(t, "--data", t.TempDir(), "--demo")
	b := s.browser()
	b.fill("/inloggen", url.Values{"email": {exchange.DemoAddresses()[0]}, "password": {exchange.DemoPassword}})
	asked := func(query string, variables map[string]any) (out any) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
		if err != nil {
			t.Fatal(err)
		}
		_, answer := b.post("/graphql", "application/json", string(body))
		if err := json.Unmarshal(answer, &out); err != nil {
			t.Fatal(err)
		}
		return fixture.At(t, out, "data")
	}
	o := fixture.At(t, asked(`{ organization(slug: "udc-zilverdam") { id } }`, nil), "organization.id")
	made := asked(createProject, map[string]any{"o": o, "t": "Kamers", "d": []string{s.domain()}})
	id := fixture.At(t, made, "projectCreate.project.id")
	if got := fixture.At(t, asked(`query($id: ID!) { draft(id: $id) { provenance } }`, map[string]any{"id": id}), "draft.provenance"); got != "DEMO" {
		t.Errorf("it is %v", got)
	}
}

func TestOnlyTheDemoHasInventedAccounts(t *testing.T) {
	dir := t.TempDir()
	run(t, "seed", "--data", dir)
	s := start(t, "--data", dir)
	if fixture.At(t, s.ask("", `{ service { signIn { needsSetup } } }`, nil), "service.signIn.needsSetup") != true {
		t.Error("there is an account")
	}
	page := readPage(t, s.base+"/inloggen")
	for _, secret := range append(exchange.DemoAddresses(), exchange.DemoPassword) {
		if strings.Contains(page, secret) || bytes.Contains(s.log.Bytes(), []byte(secret)) {
			t.Errorf("it speaks of %s", secret)
		}
	}
	for _, email := range exchange.DemoAddresses() {
		b := s.browser()
		if to := b.fill("/inloggen", url.Values{"email": {email}, "password": {exchange.DemoPassword}}); !strings.Contains(to, "fout=onjuist") {
			t.Errorf("%s is led to %q", email, to)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if out := run(t, "user", "list", "--data", dir); strings.Contains(out, "@") {
		t.Errorf("the accounts are %s", out)
	}
}

func TestTheDemoSendsNoMail(t *testing.T) {
	out, err := plein("serve", "--demo", "--data", t.TempDir(), "--listen", freePort(t), "--smtp", "smtps://mail.voorbeeld.example").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "it sends no mail") {
		t.Errorf("%v, %s", err, out)
	}
}

// readPage reads a page as a stranger.
func readPage(t *testing.T, at string) string {
	t.Helper()
	r, err := http.Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
