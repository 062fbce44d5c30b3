package federation

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

const (
	feed = "https://plein.example/ldes/udc-leiden"
	did  = "did:web:plein.example:p:udc-leiden"
)

var moment = time.Date(2026, 11, 23, 12, 0, 0, 123_000_000, time.UTC)

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// by tells that a key signed everything.
func by(key ed25519.PrivateKey) func(int64, int64) ed25519.PublicKey {
	return func(int64, int64) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }
}

func chain(t *testing.T, key ed25519.PrivateKey, n int) (raws [][]byte, places []Place) {
	t.Helper()
	at := Place{}
	for range n {
		m, err := NewMember(feed, 0, at.Seq+1, Create, "https://plein.example/id/prj_1", 1, moment, at.Hash, json.RawMessage(`{"id":"https://plein.example/id/prj_1","title":{"nl":"Verkamering"}}`), "")
		if err != nil {
			t.Fatal(err)
		}
		raw, err := m.Sign(key, did, moment)
		if err != nil {
			t.Fatal(err)
		}
		raws, places = append(raws, raw), append(places, at)
		if at.Hash, err = m.Hash(); err != nil {
			t.Fatal(err)
		}
		at.Seq++
	}
	return raws, places
}

func TestAMemberIsReadByWhoHasThePublishersKey(t *testing.T) {
	key := newKey(t)
	raws, places := chain(t, key, 3)
	for i, raw := range raws {
		if _, err := ReadMember(raw, feed, did, by(key), places[i]); err != nil {
			t.Error(err)
		}
	}
	if _, err := ReadMember(raws[1], feed, did, by(key), places[2]); !errors.Is(err, ErrChain) {
		t.Error("out of its place:", err)
	}
	if _, err := ReadMember(raws[1], feed, did, by(newKey(t)), places[1]); !errors.Is(err, ErrProof) {
		t.Error("another key:", err)
	}
}

func TestARedactedMemberKeepsItsPlaceInTheChain(t *testing.T) {
	key := newKey(t)
	raws, places := chain(t, key, 2)
	var m Member
	if err := json.Unmarshal(raws[0], &m); err != nil {
		t.Fatal(err)
	}
	before, _ := m.Hash()
	m.Redact()
	after, _ := m.Hash()
	if before != after || after != places[1].Hash {
		t.Error("the hash changed")
	}
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), "Verkamering") {
		t.Error("the payload is still there")
	}
	if _, err := ReadMember(raw, feed, did, nil, Place{}); err != nil {
		t.Error(err)
	}
}

// Of 500 forgeries of a signed member none is believed.
func TestNoForgeryIsBelieved(t *testing.T) {
	key := newKey(t)
	raws, _ := chain(t, key, 1)
	keys := by(key)
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test that repeats
	accepted, tried := 0, 0
	for tried < 500 {
		forged := append([]byte{}, raws[0]...)
		switch tried % 3 {
		case 0:
			i := random.IntN(len(forged))
			forged[i] ^= byte(1 << random.IntN(7))
		case 1:
			i := random.IntN(len(forged))
			forged = append(forged[:i], forged[i+1:]...)
		case 2:
			forged = []byte(strings.Replace(string(forged), `"version":"1"`, `"version":"`+string(rune('2'+random.IntN(8)))+`"`, 1))
		}
		if string(forged) == string(raws[0]) {
			continue
		}
		tried++
		if m, err := ReadMember(forged, feed, did, keys, Place{}); err == nil {
			// A change that leaves the meaning alone, such as another escape of a letter, is no forgery.
			accepted++
			t.Logf("accepted: %s %+v", forged, m)
		}
	}
	if accepted > 0 {
		t.Errorf("%d of %d forgeries were believed", accepted, tried)
	}
}

func TestAProofIsOverEverythingAndNothingIsNamedTwice(t *testing.T) {
	key := newKey(t)
	signed, err := Sign([]byte(`{"a":1,"b":[{"c":2}]}`), key, "did:x#y", moment)
	if err != nil {
		t.Fatal(err)
	}
	public := key.Public().(ed25519.PublicKey)
	if err := Verify(signed, public, "did:x#y"); err != nil {
		t.Fatal(err)
	}
	for _, forged := range []string{
		strings.Replace(string(signed), `"a":1`, `"a":1,"a":1`, 1),
		strings.Replace(string(signed), `"c":2`, `"c":2,"c":3`, 1),
		strings.Replace(string(signed), `"a":1`, `"d":4,"a":1`, 1),
		string(signed) + "{}",
		strings.Replace(string(signed), proofSuite, "eddsa-rdfc-2022", 1),
		strings.Replace(string(signed), assertion, "authentication", 1),
		`{"a":1}`, `[]`, `null`, ``, strings.Repeat("[", 10_000),
	} {
		if err := Verify([]byte(forged), public, "did:x#y"); err == nil {
			t.Errorf("believed: %.100s", forged)
		}
	}
	if err := Verify(signed, public, "did:x#z"); !errors.Is(err, ErrProof) {
		t.Error("another name of the key:", err)
	}
}

func TestAKeyIsWrittenAsAMultikey(t *testing.T) {
	key := newKey(t).Public().(ed25519.PublicKey)
	text := EncodeKey(key)
	if !strings.HasPrefix(text, "z6Mk") {
		t.Error(text)
	}
	back, err := DecodeKey(text)
	if err != nil || !back.Equal(key) {
		t.Error(back, err)
	}
	for _, wrong := range []string{"", "z", text[1:], text + "1", "z" + strings.Repeat("1", 1000), "m" + text[1:]} {
		if _, err := DecodeKey(wrong); err == nil {
			t.Errorf("%.50q is a key", wrong)
		}
	}
}
