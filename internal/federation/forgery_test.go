package federation_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gowebpki/jcs"

	"github.com/udc-community/plein/internal/federation"
)

// forger makes members that look like the next one of a log, and that its publisher did not sign.
type forger struct {
	t    *testing.T
	luck *rand.Rand
	// key is the forger's own; did and method are those of the publisher.
	key         ed25519.PrivateKey
	did, method string
	// log is the true one; strange is what another publisher signed.
	log, strange []json.RawMessage
}

// tree is a member as it can be changed.
func (f *forger) tree(raw []byte) map[string]any {
	var out map[string]any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		f.t.Fatal(err)
	}
	return out
}

func (f *forger) raw(v any) json.RawMessage {
	out, err := json.Marshal(v)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

// bend changes one value somewhere in a tree, or takes it away.
func (f *forger) bend(v any) any {
	switch x := v.(type) {
	case map[string]any:
		names := slices.Sorted(maps.Keys(x))
		if len(names) == 0 || f.luck.IntN(12) == 0 {
			x["more"] = "than was signed"
			return x
		}
		name := names[f.luck.IntN(len(names))]
		if f.luck.IntN(8) == 0 {
			delete(x, name)
		} else {
			x[name] = f.bend(x[name])
		}
		return x
	case []any:
		if len(x) == 0 || f.luck.IntN(6) == 0 {
			return append(x, "one more")
		}
		i := f.luck.IntN(len(x))
		x[i] = f.bend(x[i])
		return x
	case string:
		i := f.luck.IntN(len(x) + 1)
		return []string{x + "x", x[:i] + "7" + x[i:], strings.ToUpper(x) + "é", x[i:] + "."}[f.luck.IntN(4)]
	case json.Number:
		return json.Number(string(x) + "1")
	}
	return "something else"
}

// sign signs a member with the forger's key, under a name that may be the publisher's.
func (f *forger) sign(m map[string]any) json.RawMessage {
	delete(m, "proof")
	method := []string{f.method, f.did + "#" + federation.EncodeKey(f.key.Public().(ed25519.PublicKey)), "did:web:evil.example#" + federation.EncodeKey(f.key.Public().(ed25519.PublicKey))}[f.luck.IntN(3)]
	out, err := federation.Sign(f.raw(m), f.key, method, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

// settle makes the digest of a member agree with its content again.
func (f *forger) settle(m map[string]any) {
	graph := f.raw(m["graph"])
	canonical, err := jcs.Transform(graph)
	if err != nil {
		f.t.Fatal(err)
	}
	inner := sha256.Sum256(canonical)
	salt, _ := m["salt"].(string)
	sum := sha256.Sum256(append([]byte(salt+"\n"), inner[:]...))
	m["digest"] = hex.EncodeToString(sum[:])
}

// next is a forgery of the member at a place in the log.
func (f *forger) next(at int) json.RawMessage {
	original := f.log[at]
	m := f.tree(original)
	switch f.luck.IntN(10) {
	case 0: // bent anywhere
		return f.raw(f.bend(m))
	case 1: // bent in what it says, with a digest that agrees
		m["graph"] = f.bend(m["graph"])
		f.settle(m)
		return f.raw(m)
	case 2: // and signed by somebody
		m["graph"] = f.bend(m["graph"])
		f.settle(m)
		return f.sign(m)
	case 3: // signed by somebody as it is
		return f.sign(m)
	case 4: // with the proof of another member
		m["proof"] = f.tree(f.log[(at+1+f.luck.IntN(len(f.log)-1))%len(f.log)])["proof"]
		return f.raw(m)
	case 5: // a proof that is bent
		m["proof"] = f.bend(m["proof"])
		return f.raw(m)
	case 6: // a true one of somebody else, or of another place, under this name
		all := slices.Concat(f.strange, slices.Delete(slices.Clone(f.log), at, at+1))
		x := f.tree(all[f.luck.IntN(len(all))])
		if f.luck.IntN(3) > 0 {
			x["id"], x["seq"], x["prev"], x["epoch"] = m["id"], m["seq"], m["prev"], m["epoch"]
		}
		return f.raw(x)
	case 7: // a withdrawal
		m["type"] = "Delete"
		delete(m, "graph")
		delete(m, "salt")
		m["digest"] = hex.EncodeToString(make([]byte, sha256.Size))
		if f.luck.IntN(2) == 0 {
			return f.sign(m)
		}
		return f.raw(m)
	case 8: // a name twice: who reads the first, and who the last?
		names := []string{"object", "version", "type", "graph", "id", "seq", "OBJECT", "Graph", "proof"}
		name := names[f.luck.IntN(len(names))]
		return append(fmt.Appendf(nil, `{%q:%s,`, name, f.raw(f.bend(m[strings.ToLower(name)]))), original[1:]...)
	default: // redacted, but not as it was
		delete(m, "graph")
		delete(m, "salt")
		delete(m, "proof")
		m["redacted"] = true
		m[[]string{"object", "version", "digest", "published", "type"}[f.luck.IntN(5)]] = []any{"5", "Update", "x"}[f.luck.IntN(3)]
		return f.raw(m)
	}
}

func TestOfFiveHundredForgeriesNoneIsTakenIn(t *testing.T) {
	a, b, e := NewNode(t, "Almere"), NewNode(t, "Breda"), NewNode(t, "Ede")
	a.ShowMany(t, 6)
	e.ShowMany(t, 3)
	f := &forger{t: t, luck: rand.New(rand.NewPCG(20260302, 1))}
	_, f.key, _ = ed25519.GenerateKey(nil)
	const known = 3
	seen := map[string]int{}
	f.log, f.strange = a.members(t), e.members(t)
	id := b.Trust(t, a)
	a.Tamper(func(address string, body []byte) []byte {
		if isPage(address) {
			return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage { return ms[:known] })
		}
		return body
	})
	b.Take(t, id)
	copies := b.Copies(t)
	if len(copies) != known {
		t.Fatal(copies)
	}
	proof := f.tree(f.log[0])["proof"].(map[string]any)
	f.method = proof["verificationMethod"].(string)
	f.did, _, _ = strings.Cut(f.method, "#")

	var forgery json.RawMessage
	var rest []json.RawMessage
	a.Tamper(func(address string, body []byte) []byte {
		if isPage(address) {
			return inPage(t, body, func(ms []json.RawMessage) []json.RawMessage {
				return slices.Concat(ms[:known], []json.RawMessage{forgery}, rest)
			})
		}
		return body
	})
	const forgeries = 500
	for range forgeries {
		forgery, rest = f.next(known), nil
		if f.luck.IntN(2) == 0 {
			rest = f.log[known+1:]
		}
		if _, err := b.Pull(t.Context(), id, nil); err != nil {
			t.Fatalf("%v: %s", err, forgery)
		}
		row := b.About(t, a)
		seen[row.Problem]++
		if row.Seq != known || !maps.Equal(b.Copies(t), copies) {
			t.Fatalf("taken in up to %d: %s", row.Seq, forgery)
		}
		if row.Problem == federation.Forked || row.Problem == federation.KeyChanged {
			t.Fatalf("a forgery stops the publisher for good: %s %s\n%s", row.Problem, row.Detail, forgery)
		}
	}
	t.Logf("what was said of them: %s", list(seen))
	a.Tamper(nil)
	b.Take(t, id)
	if row := b.About(t, a); row.Problem != "" || row.Seq != 6 || len(b.Copies(t)) != 6 {
		t.Errorf("afterwards %s %q at %d", row.Problem, row.Detail, row.Seq)
	}
}

// members are those of the first page of a node's log.
func (n *Node) members(t *testing.T) (out []json.RawMessage) {
	t.Helper()
	page, err := n.LogPage(t.Context(), n.Org.ID, 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	inPage(t, page.Body, func(ms []json.RawMessage) []json.RawMessage { out = ms; return ms })
	return out
}
