package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/udc-community/plein/frontend"

	"github.com/udc-community/plein/internal/fixture"
)

// The page for programmers, in a real browser on the real server: every example runs and nothing is refused by the
// content security policy.
func TestTheExamplesRunInABrowser(t *testing.T) {
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("left out: there is no chromium")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("left out: there is no node")
	}
	if !frontend.Built() {
		t.Skip("left out: the frontend was not built (make build)")
	}
	script, err := filepath.Abs("../../frontend/e2e/api.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(script), "../node_modules/playwright-core")); err != nil {
		t.Skip("left out: the frontend's packages are not installed (make build)")
	}
	s := start(t, "--data", t.TempDir())
	eventually(t, "the index to be ready", func() bool {
		return fixture.At(t, s.ask("", `{ search { isDegraded } }`, nil), "search.isDegraded") == false
	})
	c := exec.Command(node, script, s.base)
	timer := time.AfterFunc(3*time.Minute, func() { c.Process.Kill() }) //nolint:errcheck // it may have ended
	defer timer.Stop()
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, s.log)
	}
}
