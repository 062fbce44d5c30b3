package main

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const homeOfProef = "http://localhost:8080"

// signedLog reads the log of the only publisher of a node in its present epoch: how many members are signed, and the page.
func (s *server) signedLog(t *testing.T) (epoch string, signed int, page string) {
	t.Helper()
	var node struct {
		Epoch      string
		Publishers []struct{ Feed string }
	}
	if err := json.Unmarshal([]byte(s.read(t, "/.well-known/plein-node.json")), &node); err != nil {
		t.Fatal(err)
	}
	if len(node.Publishers) == 0 {
		return node.Epoch, 0, ""
	}
	page = s.read(t, strings.TrimPrefix(node.Publishers[0].Feed, homeOfProef)+"?epoch="+node.Epoch+"&page=0")
	return node.Epoch, strings.Count(page, `"proofValue":"z`), page
}

func (s *server) read(t *testing.T, path string) string {
	t.Helper()
	r, err := http.Get(s.base + path)
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

// signs waits until so many members of a node's log are signed.
func (s *server) signs(t *testing.T, members int) (epoch, page string) {
	t.Helper()
	eventually(t, "signing", func() bool {
		var signed int
		epoch, signed, page = s.signedLog(t)
		return signed == members
	})
	return epoch, page
}

// fails runs a command that has to fail and gives what it says.
func fails(t *testing.T, args ...string) string {
	t.Helper()
	out, err := plein(args...).CombinedOutput()
	if err == nil {
		t.Errorf("plein %v succeeds: %s", args, out)
	}
	return string(out)
}

func TestACopiedDataFolderSignsNothingUntilItIsClaimed(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) []string {
		return []string{"--data", filepath.Join(dir, name), "--base-url", homeOfProef}
	}
	run(t, append([]string{"seed"}, at("a")...)...)
	id, token := publisher(t, "udc-proef", at("a")...)
	a := start(t, append(at("a"), "--rate-limit", "off")...)
	for _, title := range []string{"Een", "Twee"} {
		if _, err := a.publish(id, token, a.domain(), title); err != nil {
			t.Fatal(err)
		}
	}
	epoch, page := a.signs(t, 2)
	if epoch != "0" || strings.Contains(page, "Verkamering") {
		t.Errorf("in epoch %s the log says %s", epoch, page)
	}
	fingerprint := run(t, append([]string{"key", "fingerprint", "udc-proef"}, at("a")...)...)

	// The key changes under a running node, which goes on with the next one.
	if now := run(t, append([]string{"key", "rotate", id}, at("a")...)...); now == fingerprint {
		t.Error("the key is the same after its rotation")
	}
	if _, err := a.publish(id, token, a.domain(), "Drie"); err != nil {
		t.Fatal(err)
	}
	a.signs(t, 3)
	if node := a.read(t, "/.well-known/plein-node.json"); strings.Count(node, `"type":"KeyRotation"`) != 1 {
		t.Errorf("the node says %s", node)
	}
	if err := a.stop(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "a", "key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret is %v: %v", info, err)
	}

	if err := os.CopyFS(filepath.Join(dir, "b"), os.DirFS(filepath.Join(dir, "a"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "b", "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := start(t, append(at("b"), "--rate-limit", "off")...)
	if _, err := b.publish(id, token, b.domain(), "Vier"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "a degraded federation", func() bool {
		return strings.Contains(b.read(t, "/readyz"), "federation") && strings.Contains(b.read(t, "/readyz"), "degraded")
	})
	if node := b.read(t, "/.well-known/plein-node.json"); strings.Contains(node, "proofValue") {
		t.Errorf("the copy signs: %s", node)
	}
	if !strings.Contains(b.log.String(), "plein key claim") {
		t.Errorf("the copy does not say what to do: %s", b.log)
	}
	if said := fails(t, append([]string{"doctor"}, at("b")...)...); !strings.Contains(said, "plein key claim") {
		t.Errorf("the doctor says %s", said)
	}
	if said := fails(t, append([]string{"key", "rotate", "udc-proef"}, at("b")...)...); !strings.Contains(said, "plein key claim") {
		t.Errorf("a rotation says %s", said)
	}
	if said := run(t, append([]string{"key", "list"}, at("b")...)...); !strings.Contains(said, "does not sign here") {
		t.Errorf("the list says %s", said)
	}

	run(t, append([]string{"key", "claim"}, at("b")...)...)
	if epoch, _ := b.signs(t, 4); epoch == "0" {
		t.Error("it goes on in the epoch of the other one")
	}
	eventually(t, "health", func() bool { return !strings.Contains(b.read(t, "/readyz"), "degraded") })
	run(t, append([]string{"doctor"}, at("b")...)...)

	// Who restores a backup says that this is the one that is alive. The secret is not in the backup.
	run(t, append([]string{"backup", filepath.Join(dir, "backup")}, at("b")...)...)
	if err := b.stop(); err != nil {
		t.Fatal(err)
	}
	run(t, append([]string{"restore", filepath.Join(dir, "backup")}, at("c")...)...)
	if said := fails(t, append([]string{"doctor"}, at("c")...)...); !strings.Contains(said, "--key-file") {
		t.Errorf("without its secret the doctor says %s", said)
	}
	c := start(t, append(at("c"), "--rate-limit", "off", "--key-file", filepath.Join(dir, "b", "key"))...)
	if _, err := c.publish(id, token, c.domain(), "Vijf"); err != nil {
		t.Fatal(err)
	}
	restored, _ := c.signs(t, 5)
	if restored <= epoch || len(restored) < 9 {
		t.Errorf("after the restore the epoch is %s", restored)
	}
}
