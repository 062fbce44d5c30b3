package main

import (
	"bytes"
	"strings"
	"testing"

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
