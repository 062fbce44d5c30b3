package main

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/store"
)

var setupLink = regexp.MustCompile(`(?m)^http://localhost:\d+/toegang/([A-Za-z0-9_-]{43})$`)

func TestANodeWithoutAccountsShowsALinkToTheFirst(t *testing.T) {
	dir := t.TempDir()
	link := func() string {
		s := start(t, "--data", dir)
		if err := s.stop(); err != nil {
			t.Fatal(err)
		}
		found := setupLink.FindStringSubmatch(s.log.String())
		if found == nil {
			return ""
		}
		for line := range strings.Lines(s.log.String()) {
			if strings.HasPrefix(line, "{") && strings.Contains(line, found[1]) {
				t.Errorf("the log holds the link: %s", line)
			}
		}
		return found[1]
	}
	first, second := link(), link()
	if first == "" || second == "" || first == second {
		t.Errorf("the links are %q and %q", first, second)
	}
	c := plein("user", "create", "beheer@plein.test", "--name", "Beheerder", "--node-admin", "--data", dir)
	c.Stdin = strings.NewReader("drie fietsen in de gracht\n")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if third := link(); third != "" {
		t.Errorf("a node with an account shows %q", third)
	}
}

func TestTheLogOfAServerThatSendsMailNamesNobody(t *testing.T) {
	// A mail server that says more about people than it should.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tried := make(chan struct{}, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Write([]byte("554 no service for wilhelmina@delft.test\r\n")) //nolint:errcheck // the client says so
			c.Close()
			tried <- struct{}{}
		}
	}()
	dir := t.TempDir()
	t.Setenv("PLEIN_SMTP", "smtp://"+l.Addr().String())
	t.Setenv("PLEIN_MAIL_FROM", "plein@plein.test")
	s := start(t, "--data", dir)
	run(t, "user", "invite", "wilhelmina@delft.test", "--name", "Wilhelmina Zonderling", "--data", dir)
	select {
	case <-tried:
	case <-time.After(20 * time.Second):
		t.Fatal("no mail is tried")
	}
	// Somebody is erased while the node serves.
	run(t, "user", "erase", "wilhelmina@delft.test", "--yes", "--data", dir)
	for _, name := range []string{store.File, store.File + "-wal"} {
		if b, err := os.ReadFile(filepath.Join(dir, name)); err == nil && bytes.Contains(bytes.ToLower(b), []byte("wilhelmina")) {
			t.Errorf("%s still names the person", name)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"wilhelmina", "zonderling", "@delft", "argon2"} {
		if strings.Contains(strings.ToLower(s.log.String()), word) {
			t.Errorf("the log says %q:\n%s", word, s.log)
		}
	}
	if !strings.Contains(s.log.String(), "the mail server cannot be used: it answered 554") {
		t.Errorf("the log does not say what went wrong:\n%s", s.log)
	}
}
