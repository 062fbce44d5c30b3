package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
)

func TestATaxonomyComesInBesideARunningServer(t *testing.T) {
	folder := os.Getenv("PLEIN_TESTDATA")
	if folder == "" {
		t.Skip("PLEIN_TESTDATA is not set: the taxonomy of CBS is not there")
	}
	data := t.TempDir()
	s := start(t, "--data", data)
	file := filepath.Join(folder, "thesauri/cbs_taxonomie.jsonl")
	if out := run(t, "thesaurus", "import", file, "--data", data); !strings.Contains(out, "3204 new") {
		t.Error(out)
	}
	eventually(t, "the server knows the concepts", func() bool {
		got := s.ask("", `{ terms(prefix: "koopwoning", schemes: [TAXONOMY]) { totalCount nodes { label(lang: EN) broader { label(lang: NL) } } } }`, nil)
		return fixture.At(t, got, "terms.totalCount").(float64) >= 1
	})
	if out := run(t, "thesaurus", "import", file, "--replace", "--data", data); !strings.Contains(out, "0 new, 0 updated, 3204 unchanged, 0 deprecated") {
		t.Error(out)
	}
	r, err := http.Get(s.base + "/thesaurus.ttl")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != 200 || !strings.Contains(string(body), "/plein/def/thesaurus> a skos:ConceptScheme") || strings.Contains(string(body), "taxonomie.cbs.nl") {
		t.Errorf("%d %.300s", r.StatusCode, body)
	}
	if written := run(t, "thesaurus", "export", "--data", data); written != strings.TrimSpace(string(body)) {
		t.Error("the command writes other vocabularies than the server")
	}
}
