package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hangUp ends the command when it says something.
type hangUp struct {
	bytes.Buffer
	stop context.CancelFunc
}

func (h *hangUp) Write(b []byte) (int, error) {
	h.stop()
	return h.Buffer.Write(b)
}

func TestAnInterruptedMeasurementLeavesNoCatalogueBehind(t *testing.T) {
	dir, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	write := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	// Of the line without a title it says that it was left out: by then there is a catalogue, and no index yet.
	args := []string{"eval", "search", "--map", write("map.yml", "source: proef\nid: id\ntitle: title\npublisher: org\n"),
		"--corpus", write("corpus.jsonl", `{"id":"1","title":"Een","org":"Een Dienst"}`+"\n"+`{"id":"2","title":"","org":"Een Dienst"}`+"\n"),
		"--queries", write("queries.tsv", "qid\tquery\n1\teen\n"), "--qrels", write("qrels.tsv", "1 0 1 1\n")}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out bytes.Buffer
	said := &hangUp{stop: stop}
	if code := Run(ctx, args, nil, &out, said); code != 1 || !strings.Contains(said.String(), "context canceled") {
		t.Errorf("it ends with %d, %s and %s", code, out.String(), said.String())
	}
	left, err := os.ReadDir(temporary)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
