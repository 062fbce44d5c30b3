package foreign

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// needPrograms leaves a test out where the programs of others are not installed, except where CI is set.
func needPrograms(t testing.TB) {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", ".package-lock.json")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("foreign/node_modules is not there: run make foreign")
		}
		t.Skip("left out: programs of others are not installed (make foreign)")
	}
}

// script runs a script of this folder: it reads input as JSON from standard input and answers with JSON on standard
// output, which is read into answer.
func script(t testing.TB, name string, input, answer any) {
	t.Helper()
	needPrograms(t)
	in, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	c := exec.CommandContext(t.Context(), "node", "--no-warnings", name)
	c.Stdin, c.Stdout, c.Stderr = bytes.NewReader(in), &out, &errs
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, tail(errs.Bytes()))
	}
	if err := json.Unmarshal(out.Bytes(), answer); err != nil {
		t.Fatalf("%s answers no JSON: %v\n%s%s", name, err, tail(out.Bytes()), tail(errs.Bytes()))
	}
}

// tail is the end of what a script said.
func tail(b []byte) []byte { return b[max(0, len(b)-4000):] }
