package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/udc-community/plein/internal/fixture"
)

// threePorts finds the first of three ports in a row that nobody listens on.
func threePorts(t *testing.T) int {
	t.Helper()
	for range 100 {
		first, free := 20_000+rand.IntN(10_000), true
		for i := range 3 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", first+i))
			if err != nil {
				free = false
				break
			}
			l.Close()
		}
		if free {
			return first
		}
	}
	t.Fatal("there are no three ports in a row")
	return 0
}

// trial starts the three nodes as a process of their own and gives them once they know each other.
func trial(t *testing.T, dir string, port int) (a, b, c *server, stop func()) {
	t.Helper()
	t.Setenv("PLEIN_RATE_LIMIT", "off")
	all := &server{t: t, base: fmt.Sprintf("http://127.0.0.1:%d", port), log: &bytes.Buffer{}, done: make(chan error, 1)}
	all.cmd = plein("trial", "--dir", dir, "--port", fmt.Sprint(port))
	all.cmd.Stderr = all.log
	if err := all.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { all.done <- all.cmd.Wait() }()
	t.Cleanup(all.kill)
	nodes := make([]*server, 3)
	for i := range nodes {
		nodes[i] = &server{t: t, base: fmt.Sprintf("http://127.0.0.1:%d", port+i), log: all.log}
	}
	eventually(t, "the three nodes to know each other", func() bool {
		for i, peers := range []int{1, 2, 1} {
			r, err := nodes[i].try("", `{ federation { isOn } }`, nil)
			if err != nil || len(r.Errors) > 0 || fixture.At(t, r.Data, "federation.isOn") != true {
				return false
			}
			where := []string{"--data", filepath.Join(dir, string("abc"[i])), "--base-url", nodes[i].base, "--allow-loopback-peers"}
			if strings.Count(run(t, append([]string{"peer", "list", "--json"}, where...)...), `"ACTIVE"`) < 2*peers {
				return false
			}
		}
		return true
	})
	return nodes[0], nodes[1], nodes[2], func() {
		t.Helper()
		all.cmd.Process.Signal(syscall.SIGTERM) //nolint:errcheck // it may have ended
		if err := <-all.done; err != nil {
			t.Errorf("the trial ends with %v\n%s", err, all.log)
		}
		all.done <- nil
	}
}

const searchWhere = `query($w: String!) { search(query: $w) { totalCount nodes { ... on Project { title publicVersion provenance origin { isLocal node { baseUrl } } } } } }`

// found is how many projects a node finds, and the base URL of the node where the first lives.
func (s *server) found(word string) (n int, home string) {
	s.t.Helper()
	d := s.ask("", searchWhere, map[string]any{"w": word})
	nodes := fixture.At(s.t, d, "search.nodes").([]any)
	if len(nodes) > 0 {
		home = fixture.At(s.t, nodes[0], "origin.node.baseUrl").(string)
	}
	return len(nodes), home
}

func TestWhatAPublishesIsFoundOnBAndThroughItOnC(t *testing.T) {
	dir, port := t.TempDir(), threePorts(t)
	a, b, c, stop := trial(t, dir, port)
	where := []string{"--data", filepath.Join(dir, "a"), "--base-url", a.base}
	token := run(t, append([]string{"token", "create", "--organization", "proef-a", "--scopes", "write-records,read-organisation"}, where...)...)
	organization := fixture.At(t, a.ask("", `{ organization(slug: "proef-a") { id } }`, nil), "organization.id").(string)
	made := a.ask(token, `mutation($o: ID!, $d: [ID!]!) { projectCreate(input: {organization: $o, title: "Over waterkers in de gracht", summary: "Een proef.", question: "Waar?",
		policyDomains: $d, municipalities: ["GM0503"]}) { project { id } userErrors { code field } } }`, map[string]any{"o": organization, "d": []string{a.domain()}})
	id := fixture.At(t, made, "projectCreate.project.id").(string)
	if done := a.ask(token, publishRecord, map[string]any{"id": id, "r": 1}); len(fixture.At(t, done, "recordPublish.userErrors").([]any)) > 0 {
		t.Fatal(done)
	}
	there := func(s *server, n int) func() bool {
		return func() bool {
			got, home := s.found("waterkers")
			return got == n && (n == 0 || home == a.base)
		}
	}
	onB := eventually(t, "B to find it", there(b, 1))
	onC := eventually(t, "C to find it", there(c, 1)) + onB
	t.Logf("published on A: on B after %v, on C through B after %v", onB, onC)

	withdrawn := a.ask(token, `mutation($id: ID!) { recordWithdraw(input: {id: $id, revision: 2, note: "Het was een proef."}) { userErrors { code } } }`, map[string]any{"id": id})
	if errs := fixture.At(t, withdrawn, "recordWithdraw.userErrors").([]any); len(errs) > 0 {
		t.Fatal(errs)
	}
	offB := eventually(t, "B to lose it", there(b, 0))
	offC := eventually(t, "C to lose it", there(c, 0)) + offB
	t.Logf("withdrawn on A: gone on B after %v, on C after %v", offB, offC)

	// Started again they know each other still, and what is gone stays away.
	stop()
	_, b, c, stop = trial(t, dir, port)
	if n, _ := b.found("waterkers"); n != 0 {
		t.Errorf("B finds %d after a restart", n)
	}
	if n, _ := c.found("waterkers"); n != 0 {
		t.Errorf("C finds %d after a restart", n)
	}
	stop()
}
