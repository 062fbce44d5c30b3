package foreign

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/federation"
)

// verification is what fedify makes of a document.
type verification struct {
	Accepted bool
	Problem  string
}

func (n *node) verify(t testing.TB, documents []json.RawMessage) (out []verification) {
	t.Helper()
	script(t, "proof.mjs", map[string]any{"base": n.base, "documents": documents}, &out)
	if len(out) != len(documents) {
		t.Fatalf("%d of %d documents were looked at", len(out), len(documents))
	}
	return out
}

// members are those on the first page of a log, as they stand in it.
func (n *node) members(t testing.TB, log string) (out []json.RawMessage) {
	t.Helper()
	var read struct{ Graph []json.RawMessage }
	if err := json.Unmarshal(n.get(t, "/ldes/"+log+"?page=0"), &read); err != nil {
		t.Fatal(err)
	}
	for _, raw := range read.Graph {
		if bytes.Contains(raw, []byte(`"digest"`)) {
			out = append(out, raw)
		}
	}
	return out
}

func TestOthersVerifyWhatWeSign(t *testing.T) {
	n := start(t, "Delft")
	first := n.publish(t, "Verkamering “in kaart” – 1 € \u2028 😀")
	n.retitle(t, first, "Verkamering anders")
	gone := n.publish(t, "Dubbel")
	n.withdraw(t, gone, "Dubbel ingevoerd.")
	n.feed(t, 4)
	members := n.members(t, n.organization)
	if len(members) != 4 {
		t.Fatalf("%d members", len(members))
	}
	var node struct{ Publishers []json.RawMessage }
	if err := json.Unmarshal(n.get(t, "/.well-known/plein-node.json"), &node); err != nil {
		t.Fatal(err)
	}
	if len(node.Publishers) != 1 {
		t.Fatalf("%d cards", len(node.Publishers))
	}
	signed := []json.RawMessage{members[0], members[1], members[3], node.Publishers[0]} // the third was redacted
	for i, v := range n.verify(t, signed) {
		if !v.Accepted {
			t.Errorf("refused: %s: %s", v.Problem, signed[i])
		}
	}

	// Each change of one letter, figure or name, a field less and a field more.
	var changed []json.RawMessage
	change := func(raw json.RawMessage, from, to string) {
		if !bytes.Contains(raw, []byte(from)) {
			t.Fatalf("no %q in %s", from, raw)
		}
		changed = append(changed, bytes.Replace(raw, []byte(from), []byte(to), 1))
	}
	for _, raw := range members[:2] {
		change(raw, `"Verkamering`, `"verkamering`)
		change(raw, `"version":"`, `"version":"1`)
		change(raw, `"seq":"`, `"seq":"1`)
		change(raw, `"published":"20`, `"published":"21`)
		change(raw, `"object":"http:`, `"object":"https:`)
		change(raw, `"salt":"`, `"salt":"0`)
		change(raw, `"digest":`, `"digests":`)
		change(raw, `{"`, `{"more":1,"`)
		change(raw, `"proofValue":"z`, `"proofValue":"z2`)
		change(raw, `"created":"20`, `"created":"21`)
	}
	change(members[3], `Dubbel ingevoerd.`, `Dubbel ingevoerd`)
	change(members[1], `"type":"Update"`, `"type":"Create"`)
	change(node.Publishers[0], `"name":"UDC Delft"`, `"name":"UDC Leiden"`)
	change(node.Publishers[0], `"next":"`, `"next":"0`)
	changed = append(changed, exchanged(t, members[0], members[1]), exchanged(t, members[1], node.Publishers[0]))
	for i, v := range n.verify(t, changed) {
		if v.Accepted {
			t.Errorf("accepted: %s", changed[i])
		}
	}
}

// exchanged is a document with the proof of another.
func exchanged(t testing.TB, document, other json.RawMessage) json.RawMessage {
	t.Helper()
	var to, from map[string]json.RawMessage
	for raw, into := range map[*map[string]json.RawMessage]json.RawMessage{&to: document, &from: other} {
		if err := json.Unmarshal(into, raw); err != nil {
			t.Fatal(err)
		}
	}
	to["proof"] = from["proof"]
	b, err := json.Marshal(to)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAKeyThatCameInPlaceOfAnotherIsKnownToOthers(t *testing.T) {
	n := start(t, "Delft")
	n.publish(t, "Voor de wisseling")
	n.feed(t, 1)
	n.run(t, "key", "rotate", n.slug)
	n.publish(t, "Na de wisseling")
	n.feed(t, 2)
	members := n.members(t, n.organization)
	methods := map[string]bool{}
	for i, v := range n.verify(t, members) {
		if !v.Accepted {
			t.Errorf("refused: %s: %s", v.Problem, members[i])
		}
		_, method, _ := strings.Cut(string(members[i]), `"verificationMethod":"`)
		method, _, _ = strings.Cut(method, `"`)
		methods[method] = true
	}
	if len(methods) != 2 {
		t.Errorf("%d keys signed", len(methods))
	}
}

func TestWhatIsPassedOnIsWhatItsPublisherSigned(t *testing.T) {
	delft, leiden := start(t, "Delft"), start(t, "Leiden")
	first := delft.publish(t, "Verkamering")
	delft.retitle(t, first, "Verkamering anders")
	delft.withdraw(t, delft.publish(t, "Dubbel"), "Dubbel ingevoerd.")
	leiden.publish(t, "Iets van Leiden zelf")
	feed := delft.feed(t, 4)
	fingerprint := strings.TrimSpace(string(delft.run(t, "key", "fingerprint", delft.slug)))
	leiden.run(t, "peer", "add", delft.base, "--fingerprint", fingerprint)
	relay := leiden.wait(t, "/ldes/relay", 4)

	passedOn, own := leiden.members(t, "relay"), delft.members(t, delft.organization)
	if len(passedOn) != len(own) {
		t.Fatalf("%d members are passed on, want %d", len(passedOn), len(own))
	}
	for i := range own {
		if !bytes.Equal(passedOn[i], own[i]) {
			t.Errorf("passed on is %s, signed was %s", passedOn[i], own[i])
		}
	}
	for i, v := range delft.verify(t, []json.RawMessage{passedOn[0], passedOn[1], passedOn[3]}) {
		if !v.Accepted {
			t.Errorf("signed member %d is refused: %s", i, v.Problem)
		}
	}
	if got := replicate(t, replication{URL: relay}); !slices.Equal(got.ids(), numbered(feed, 1, 4)) {
		t.Errorf("%v is replicated", got.ids())
	}
}

func TestWeVerifyWhatOthersSign(t *testing.T) {
	var signed struct {
		Document    json.RawMessage
		Key, Method string
	}
	script(t, "sign.mjs", nil, &signed)
	key, err := federation.DecodeKey(signed.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := federation.Verify(signed.Document, key, signed.Method); err != nil {
		t.Error(err)
	}
	for _, change := range [][2]string{{"Verkamering", "verkamering"}, {`"type":"Create"`, `"type":"Update"`}, {`"created":"20`, `"created":"21`}, {"ns/activitystreams", "ns/activitystream"}} {
		if !bytes.Contains(signed.Document, []byte(change[0])) {
			t.Fatalf("no %q in %s", change[0], signed.Document)
		}
		if federation.Verify(bytes.Replace(signed.Document, []byte(change[0]), []byte(change[1]), 1), key, signed.Method) == nil {
			t.Errorf("%q in place of %q is accepted", change[1], change[0])
		}
	}
	other, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	if federation.Verify(signed.Document, other, signed.Method) == nil {
		t.Error("another key is accepted")
	}
}
