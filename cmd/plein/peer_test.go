package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/fixture"
)

// Three nodes on this machine: what is published on the first is found on the second, and on the third through the second. The
// commands work beside the servers.
func TestNodesExchangeWhatTheyPublish(t *testing.T) {
	dir := t.TempDir()
	type node struct {
		*server
		where     []string
		id, token string
	}
	nodes := map[string]*node{}
	for _, name := range []string{"a", "b", "c"} {
		listen := freePort(t)
		n := &node{where: []string{"--data", filepath.Join(dir, name), "--base-url", "http://" + listen, "--allow-loopback-peers"}}
		run(t, append([]string{"seed"}, n.where...)...)
		n.id, n.token = publisher(t, "udc-proef-"+name, n.where...)
		n.server = startAt(t, listen, append([]string{"--rate-limit", "off"}, n.where...)...)
		nodes[name] = n
	}
	a, b, c := nodes["a"], nodes["b"], nodes["c"]
	do := func(n *node, args ...string) string { return run(t, append(args, n.where...)...) }
	finds := func(n *node, title string) bool {
		return fixture.At(t, n.ask("", `query($q: String!) { search(query: $q) { totalCount } }`, map[string]any{"q": title}), "search.totalCount") == 1.0
	}
	if _, err := a.publish(a.id, a.token, a.domain(), "Bromfietsenkerkhof"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.publish(b.id, b.token, b.domain(), "Trampolinecentrum"); err != nil {
		t.Fatal(err)
	}
	a.signsOne(t)
	b.signsOne(t)
	ofA, ofB := do(a, "key", "fingerprint", "udc-proef-a"), do(b, "key", "fingerprint", "udc-proef-b")
	if said := do(b, "peer", "fingerprint", a.base); !strings.HasPrefix(said, ofA+"  UDC udc-proef-a") {
		t.Error(said)
	}
	if said := do(b, "peer", "add", a.base); !strings.Contains(said, "PROPOSED") || finds(b, "Bromfietsenkerkhof") {
		t.Error(said)
	}
	if said := fails(t, append([]string{"peer", "add", a.base, "--fingerprint", "0000 1111"}, b.where...)...); !strings.Contains(said, "Nobody on this node has the fingerprint") {
		t.Error(said)
	}
	do(b, "peer", "add", a.base, "--fingerprint", ofA)
	eventually(t, "b finds what a published", func() bool { return finds(b, "Bromfietsenkerkhof") })
	do(c, "peer", "add", b.base, "--fingerprint", ofA, "--fingerprint", ofB)
	eventually(t, "c finds what a published, through b", func() bool { return finds(c, "Bromfietsenkerkhof") && finds(c, "Trampolinecentrum") })

	// Those who know each other both ways ring.
	do(a, "peer", "add", b.base, "--fingerprint", ofB)
	do(b, "peer", "add", c.base)
	do(b, "peer", "resume", c.base)
	id, err := a.publish(a.id, a.token, a.domain(), "Zwemvijverinventarisatie")
	if err != nil {
		t.Fatal(err)
	}
	toB := eventually(t, "b hears the doorbell", func() bool { return finds(b, "Zwemvijverinventarisatie") })
	toC := toB + eventually(t, "c hears the doorbell", func() bool { return finds(c, "Zwemvijverinventarisatie") })
	t.Logf("found on b after %v, on c after %v", toB.Round(time.Millisecond), toC.Round(time.Millisecond))

	var list []peerNode
	if err := json.Unmarshal([]byte(do(c, "peer", "list", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	direct, records := 0, 0
	for _, n := range list {
		if n.BaseURL == b.base {
			direct++
		}
		for _, p := range n.Publishers {
			records += p.Records
		}
	}
	if direct != 1 || records != 3 {
		t.Errorf("%+v", list)
	}

	// A pause, and what a command pulls by itself.
	do(b, "peer", "pause", a.base)
	if _, err := a.publish(a.id, a.token, a.domain(), "Kikkertellingen"); err != nil {
		t.Fatal(err)
	}
	if said := fails(t, append([]string{"peer", "pull", a.base}, b.where...)...); !strings.Contains(said, "not an active peer") {
		t.Error(said)
	}
	if finds(b, "Kikkertellingen") {
		t.Error("a pause changes nothing")
	}
	do(b, "peer", "resume", a.base)
	do(b, "peer", "pull", a.base)
	eventually(t, "b goes on", func() bool { return finds(b, "Kikkertellingen") })

	if data := a.ask(a.token, `mutation($id: ID!, $r: Int!) { recordWithdraw(input: {id: $id, revision: $r, note: "Het klopte niet."}) { userErrors { code } } }`,
		map[string]any{"id": id, "r": 2}); len(fixture.At(t, data, "recordWithdraw.userErrors").([]any)) > 0 {
		t.Fatal(data)
	}
	eventually(t, "it is gone on b and c", func() bool { return !finds(b, "Zwemvijverinventarisatie") && !finds(c, "Zwemvijverinventarisatie") })

	do(c, "peer", "remove", b.base)
	eventually(t, "c forgets", func() bool { return !finds(c, "Bromfietsenkerkhof") && !finds(c, "Trampolinecentrum") })
}

// signsOne waits until something of a node is signed.
func (s *server) signsOne(t *testing.T) {
	t.Helper()
	eventually(t, "signing", func() bool { return strings.Contains(s.read(t, "/.well-known/plein-node.json"), `"type":"Publisher"`) })
}

// Before withdrawals are let through, the command tells which.
func TestWithdrawalsThatWaitAreListedBeforeTheyAreLetThrough(t *testing.T) {
	dir := t.TempDir()
	begin := func(name string) (s *server, where []string, id, token string) {
		listen := freePort(t)
		where = []string{"--data", filepath.Join(dir, name), "--base-url", "http://" + listen, "--allow-loopback-peers"}
		run(t, append([]string{"seed"}, where...)...)
		id, token = publisher(t, "udc-proef-"+name, where...)
		return startAt(t, listen, append([]string{"--rate-limit", "off"}, where...)...), where, id, token
	}
	a, ofA, org, token := begin("a")
	_, ofB, _, _ := begin("b")
	do := func(args ...string) string { return run(t, append(args, ofB...)...) }
	listed := func() peerPublisher {
		var list []peerNode
		if err := json.Unmarshal([]byte(do("peer", "list", "--json")), &list); err != nil {
			t.Fatal(err)
		}
		return list[0].Publishers[0]
	}
	var ids []string
	for i := range 23 {
		id, err := a.publish(org, token, a.domain(), fmt.Sprintf("Weg %02d", i))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	do("peer", "add", a.base, "--fingerprint", run(t, append([]string{"key", "fingerprint", "udc-proef-a"}, ofA...)...))
	eventually(t, "b has all", func() bool { return listed().Records == len(ids) })
	for _, id := range ids[:22] {
		if data := a.ask(token, `mutation($id: ID!) { recordWithdraw(input: {id: $id, revision: 2, note: "Weg."}) { userErrors { code } } }`, map[string]any{"id": id}); len(fixture.At(t, data, "recordWithdraw.userErrors").([]any)) > 0 {
			t.Fatal(data)
		}
	}
	eventually(t, "two wait", func() bool {
		do("peer", "pull", a.base)
		return listed().WaitingDeletes == 2
	})
	p := listed()
	if len(p.Waiting) != 2 || !strings.HasPrefix(p.Waiting[0].Title, "Weg ") || !strings.HasPrefix(p.Waiting[0].URI, a.base+"/id/prj_") {
		t.Errorf("%+v", p.Waiting)
	}
	if said := do("peer", "list"); !strings.Contains(said, "2 withdrawals of UDC udc-proef-a wait. To see which: plein peer allow-deletes "+p.ID) {
		t.Error(said)
	}
	if said := fails(t, append([]string{"peer", "allow-deletes", p.ID}, ofB...)...); !strings.Contains(said, p.Waiting[1].URI+"  "+p.Waiting[1].Title) || !strings.Contains(said, "add --yes") {
		t.Error(said)
	}
	if listed().WaitingDeletes != 2 {
		t.Error("they were let through unasked")
	}
	do("peer", "allow-deletes", p.ID, "--yes")
	eventually(t, "they are gone", func() bool { p := listed(); return p.Records == 1 && len(p.Waiting) == 0 && p.Problem == "" })
}
