package federation

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/udc-community/plein/internal/record"
)

const (
	home         = "https://plein.example"
	organization = "org_leiden"
)

// publisherOf is somebody with keys who writes cards by hand.
type publisherOf struct {
	keys       []ed25519.PrivateKey
	statements []json.RawMessage
}

func newPublisher(t *testing.T) *publisherOf {
	t.Helper()
	return &publisherOf{keys: []ed25519.PrivateKey{newKey(t), newKey(t)}}
}

func public(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

// rotation is a statement by a key over another, which promises a third.
func (p *publisherOf) rotation(t *testing.T, by, to, promised ed25519.PrivateKey, epoch, seq int64) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(rotation{Type: rotationType, Publisher: home + "/id/" + organization, Key: EncodeKey(public(to)), Next: Commitment(public(promised)),
		Epoch: strconv.FormatInt(epoch, 10), Seq: strconv.FormatInt(seq, 10), Created: "2026-11-23T12:00:00Z"})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := Sign(raw, by, verificationMethod(didOf(home, organization), public(by)), moment)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// rotate gives the promised key the place of the present one.
func (p *publisherOf) rotate(t *testing.T, epoch, seq int64) {
	t.Helper()
	n := len(p.keys)
	p.keys = append(p.keys, newKey(t))
	p.statements = append(p.statements, p.rotation(t, p.keys[n-2], p.keys[n-1], p.keys[n], epoch, seq))
}

// present and next are the last two keys.
func (p *publisherOf) present() ed25519.PrivateKey { return p.keys[len(p.keys)-2] }
func (p *publisherOf) next() ed25519.PrivateKey    { return p.keys[len(p.keys)-1] }

// card writes a card, changed as a test wants before it is signed.
func (p *publisherOf) card(t *testing.T, change func(*Card)) []byte {
	t.Helper()
	c := &Card{ID: home + "/id/" + organization, Type: cardType, Name: "UDC Leiden", Kind: record.MunicipalUDC, Home: home, DID: didOf(home, organization),
		Feed: feedOf(home, organization), Key: EncodeKey(public(p.present())), Next: Commitment(public(p.next())), Statements: slices.Clone(p.statements)}
	if change != nil {
		change(c)
	}
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := Sign(raw, p.present(), verificationMethod(didOf(home, organization), public(p.present())), moment)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

func (p *publisherOf) read(t *testing.T) *Card {
	t.Helper()
	c, err := ReadCard(p.card(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestARotationToThePromisedKeyIsFollowed(t *testing.T) {
	p := newPublisher(t)
	cards := []*Card{p.read(t)}
	for i := range 4 {
		p.rotate(t, 0, int64(10*(i+1)))
		cards = append(cards, p.read(t))
	}
	for i, known := range cards {
		for j, now := range cards {
			err := now.Follows(known)
			switch {
			case j >= i && err != nil:
				t.Errorf("card %d after %d: %v", j, i, err)
			case j < i && !errors.Is(err, ErrOlderCard):
				t.Errorf("card %d after %d is believed or called wrong: %v", j, i, err)
			}
		}
	}
}

func TestAMemberHasToBeSignedByTheKeyOfItsPlace(t *testing.T) {
	p := newPublisher(t)
	p.rotate(t, 0, 10)
	p.rotate(t, 0, 10) // twice in a row, without a member in between
	p.rotate(t, 7, 3)
	c := p.read(t)
	for _, x := range []struct {
		epoch, seq int64
		key        int
	}{{0, 1, 0}, {0, 9, 0}, {0, 10, 2}, {0, 1000, 2}, {7, 1, 2}, {7, 2, 2}, {7, 3, 3}, {8, 1, 3}} {
		if !c.KeyAt(x.epoch, x.seq).Equal(public(p.keys[x.key])) {
			t.Errorf("member %d of epoch %d is of another key than %d", x.seq, x.epoch, x.key)
		}
	}
}

func TestAForgedRotationIsRefused(t *testing.T) {
	p := newPublisher(t)
	before := p.read(t)
	p.rotate(t, 0, 5)
	middle := p.read(t)
	p.rotate(t, 0, 9)
	thief := newPublisher(t)
	iri := func(c *Card) { c.ID = home + "/id/org_delft" }
	for name, raw := range map[string][]byte{
		"no statement":         p.card(t, func(c *Card) { c.Statements = nil }), // agrees with itself: Follows has to see it
		"the oldest left out":  p.card(t, func(c *Card) { c.Statements = c.Statements[1:] }),
		"the newest left out":  p.card(t, func(c *Card) { c.Statements = c.Statements[:1] }),
		"reordered":            p.card(t, func(c *Card) { slices.Reverse(c.Statements) }),
		"said twice":           p.card(t, func(c *Card) { c.Statements = append(c.Statements, c.Statements[1]) }),
		"of another publisher": p.card(t, iri),
		"by the wrong key":     p.card(t, func(c *Card) { c.Statements[1] = p.rotation(t, p.keys[0], p.keys[2], p.keys[3], 0, 9) }),
		"by a stranger":        p.card(t, func(c *Card) { c.Statements[1] = p.rotation(t, thief.keys[0], p.keys[2], p.keys[3], 0, 9) }),
		"to an earlier key": p.card(t, func(c *Card) {
			c.Statements = append(c.Statements, p.rotation(t, p.keys[2], p.keys[0], p.keys[3], 0, 12))
		}),
		"of before the one before": p.card(t, func(c *Card) { c.Statements[1] = p.rotation(t, p.keys[1], p.keys[2], p.keys[3], 0, 4) }),
		"to a key not promised": p.card(t, func(c *Card) {
			c.Statements = []json.RawMessage{p.rotation(t, p.keys[0], thief.keys[0], p.keys[3], 0, 5), p.rotation(t, thief.keys[0], p.keys[2], p.keys[3], 0, 9)}
		}),
		"another promise":  p.card(t, func(c *Card) { c.Next = Commitment(public(thief.keys[0])) }),
		"not a commitment": p.card(t, func(c *Card) { c.Next = "" }),
		"at another home":  p.card(t, func(c *Card) { c.Feed = "https://elders.example/ldes/" + organization }),
		"another home":     p.card(t, func(c *Card) { c.Home = "https://elders.example" }),
		"no name":          p.card(t, func(c *Card) { c.Name = " " }),
	} {
		c, err := ReadCard(raw)
		if err != nil {
			continue
		}
		for _, known := range []*Card{before, middle} {
			if err := c.Follows(known); err == nil {
				t.Errorf("%s: it is believed", name)
			}
		}
	}
	if err := p.read(t).Follows(before); err != nil {
		t.Error("the true card:", err)
	}
}

func TestAKeyThatWasNotPromisedNeedsAnAdministrator(t *testing.T) {
	p := newPublisher(t)
	known := p.read(t)
	// Who has the present key, and not the next one, takes another.
	robbed := &publisherOf{keys: []ed25519.PrivateKey{p.keys[0], newKey(t)}}
	robbed.rotate(t, 0, 5)
	if err := robbed.read(t).Follows(known); !errors.Is(err, ErrKeyChanged) {
		t.Errorf("a rotation to another key: %v", err)
	}
	robbed = &publisherOf{keys: []ed25519.PrivateKey{p.keys[0], newKey(t)}}
	if err := robbed.read(t).Follows(known); !errors.Is(err, ErrKeyChanged) {
		t.Errorf("another promise under the same key: %v", err)
	}
	if err := newPublisher(t).read(t).Follows(known); !errors.Is(err, ErrKeyChanged) {
		t.Errorf("another key: %v", err)
	}
	p.rotate(t, 0, 5)
	known = p.read(t)
	moved := &publisherOf{keys: p.keys, statements: []json.RawMessage{p.rotation(t, p.keys[0], p.keys[1], p.keys[2], 0, 1)}}
	if err := moved.read(t).Follows(known); !errors.Is(err, ErrKeyChanged) {
		t.Errorf("another history: %v", err)
	}
}

func TestACardThatIsTamperedWithIsRefused(t *testing.T) {
	raw := newPublisher(t).card(t, nil)
	accepted := 0
	for i := range raw {
		forged := slices.Clone(raw)
		forged[i] ^= 1
		c, err := ReadCard(forged)
		if err == nil && sameJSON(forged, raw) {
			continue
		}
		if err == nil {
			accepted++
			t.Logf("%d: %s", i, c.Raw())
		}
	}
	if accepted > 0 {
		t.Errorf("%d of %d changes of one bit were believed", accepted, len(raw))
	}
}
