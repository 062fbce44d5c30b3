package federation

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/record"
)

// Card is what a publisher says of itself, signed with its present key. Nodes serve their own and pass on those of others
// as they came.
type Card struct {
	// ID is the canonical address of the organisation.
	ID   string `json:"id"`
	Type string `json:"type"`
	Name string `json:"name"`
	// Kind, TooiIRI and Municipalities are as in the catalogue at home.
	Kind           record.OrganizationKind `json:"kind"`
	TooiIRI        string                  `json:"tooiIri,omitempty"`
	Municipalities []string                `json:"municipalities,omitempty"`
	// Home is the base URL of the node where it publishes; DID and Feed are addresses there.
	Home string `json:"home"`
	DID  string `json:"did"`
	Feed string `json:"feed"`
	// Key is the present key as a Multikey, Next the commitment to the one after it.
	Key  string `json:"key"`
	Next string `json:"next"`
	// Statements are the rotations, the oldest first, each as it was signed.
	Statements []json.RawMessage `json:"statements,omitempty"`

	raw       []byte
	created   time.Time
	keys      []ed25519.PublicKey // from the first to the present one
	rotations []rotation          // rotations[i] gave keys[i+1] the place of keys[i]
}

// rotation is what a key says of the one that takes its place.
type rotation struct {
	Type      string `json:"type"`
	Publisher string `json:"publisher"`
	// Key is the new key, Next the commitment to the one after it.
	Key  string `json:"key"`
	Next string `json:"next"`
	// Epoch and Seq are of the first member that the new key signs.
	Epoch   string `json:"epoch"`
	Seq     string `json:"seq"`
	Created string `json:"created"`

	epoch, seq int64
}

const (
	cardType     = "Publisher"
	rotationType = "KeyRotation"
	// maxCard is how many bytes a card has at most: enough for a rotation every month for thirty years.
	maxCard = 256 << 10
)

// Refusals of cards.
var (
	// ErrCard tells that a card is not well-formed, or contradicts itself.
	ErrCard = errors.New("the description of the publisher is not well-formed")
	// ErrKeyChanged tells that the key of a publisher is another than it promised. An administrator has to compare
	// fingerprints.
	ErrKeyChanged = errors.New("the publisher has another key than it promised")
	// ErrOlderCard tells that a card is of before what is known of its publisher. It says nothing new and nothing wrong.
	ErrOlderCard = errors.New("the description of the publisher is an older one")
)

// ReadCard reads a card and checks that it agrees with itself: it is signed with the key that it names, all its addresses
// are at its home, and each key before the present one named the next. That says nothing about whose key it is: for that,
// an administrator compares [Card.Fingerprint], and [Card.Follows] is asked from then on.
func ReadCard(raw []byte) (*Card, error) {
	if len(raw) > maxCard {
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrCard, maxCard)
	}
	d, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	c := &Card{raw: raw}
	if err := json.Unmarshal(raw, c); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := c.readKeys(); err != nil {
		return nil, err
	}
	if err := d.verify(c.PublicKey(), verificationMethod(c.DID, c.PublicKey())); err != nil {
		return nil, err
	}
	p, err := readProof(d["proof"])
	if err != nil {
		return nil, err
	}
	if c.created, err = time.Parse(time.RFC3339, p.Created); err != nil {
		return nil, fmt.Errorf("%w: made %q", ErrCard, p.Created)
	}
	return c, nil
}

// check holds the addresses against each other: a card of one node cannot speak for another.
func (c *Card) check() error {
	id, atHome := strings.CutPrefix(c.ID, c.Home+"/id/")
	switch {
	case c.Type != cardType:
		return fmt.Errorf("%w: type %q", ErrCard, c.Type)
	case !record.IsWebAddress(c.Home) || strings.HasSuffix(c.Home, "/") || strings.ContainsAny(c.Home, "?#"):
		return fmt.Errorf("%w: its home is %q", ErrCard, c.Home)
	case !atHome || !isLocalID(id) || c.DID != didOf(c.Home, id) || c.Feed != feedOf(c.Home, id):
		return fmt.Errorf("%w: %q is not at its home", ErrCard, c.ID)
	case strings.TrimSpace(c.Name) == "" || len(c.Name) > 500:
		return fmt.Errorf("%w: it has no name that can be shown", ErrCard)
	case !slices.Contains(record.OrganizationKinds, c.Kind):
		return fmt.Errorf("%w: kind %q", ErrCard, c.Kind)
	case !isCommitment(c.Next):
		return fmt.Errorf("%w: it promises no next key", ErrCard)
	}
	return nil
}

// isLocalID tells whether a text can be the id of an organisation of some node.
func isLocalID(id string) bool {
	return id != "" && len(id) <= 128 && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func isCommitment(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(b) == 32 && hex.EncodeToString(b) == text
}

// readKeys follows the rotations from the first key to the present one.
func (c *Card) readKeys() error {
	present, err := DecodeKey(c.Key)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrCard, err)
	}
	promised := ""
	for i, raw := range c.Statements {
		r, by, err := readRotation(raw, c.ID, c.DID)
		if err != nil {
			return fmt.Errorf("rotation %d of %s: %w", i+1, c.ID, err)
		}
		if i == 0 {
			c.keys = append(c.keys, by)
		}
		last := c.keys[len(c.keys)-1]
		if err := Verify(raw, last, verificationMethod(c.DID, last)); err != nil {
			return fmt.Errorf("rotation %d of %s: %w", i+1, c.ID, err)
		}
		key, err := DecodeKey(r.Key)
		switch {
		case err != nil:
			return fmt.Errorf("%w: %w", ErrCard, err)
		case promised != "" && Commitment(key) != promised:
			return fmt.Errorf("%w: rotation %d", ErrKeyChanged, i+1)
		case slices.ContainsFunc(c.keys, func(k ed25519.PublicKey) bool { return k.Equal(key) }):
			return fmt.Errorf("%w: rotation %d goes back to an earlier key", ErrCard, i+1)
		case i > 0 && r.before(c.rotations[i-1]):
			return fmt.Errorf("%w: rotation %d is of before the one before it", ErrCard, i+1)
		}
		c.keys, c.rotations, promised = append(c.keys, key), append(c.rotations, *r), r.Next
	}
	if len(c.keys) == 0 {
		c.keys = []ed25519.PublicKey{present}
		return nil
	}
	if !c.PublicKey().Equal(present) || c.Next != promised {
		return fmt.Errorf("%w: its key is not that of its last rotation", ErrCard)
	}
	return nil
}

// readRotation reads a rotation and which key signed it, which is still to be verified.
func readRotation(raw []byte, publisher, did string) (*rotation, ed25519.PublicKey, error) {
	d, err := readDocument(raw)
	if err != nil {
		return nil, nil, err
	}
	p, err := readProof(d["proof"])
	if err != nil {
		return nil, nil, err
	}
	name, _ := strings.CutPrefix(p.VerificationMethod, did+"#")
	by, err := DecodeKey(name)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	var r rotation
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrCard, err)
	}
	var epochOK, seqOK bool
	r.epoch, epochOK = number(r.Epoch)
	r.seq, seqOK = number(r.Seq)
	if r.Type != rotationType || r.Publisher != publisher || !isCommitment(r.Next) || !epochOK || !seqOK {
		return nil, nil, fmt.Errorf("%w: a rotation of %q", ErrCard, r.Publisher)
	}
	return &r, by, nil
}

// number reads a whole number from 0 that is written in one way only.
func number(text string) (int64, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == text
}

func (r rotation) before(o rotation) bool {
	return r.epoch < o.epoch || r.epoch == o.epoch && r.seq < o.seq
}

// Follows tells whether a card is a later word, or the same one, of the publisher that is known by a former card: its key
// is the same with the same promise, or comes of it by rotations that keep what was promised. ErrOlderCard says that it
// is the other way round. With any other error an administrator has to compare fingerprints before the card is believed.
func (c *Card) Follows(known *Card) error {
	if c.ID != known.ID {
		return fmt.Errorf("%w: it is of %s", ErrCard, c.ID)
	}
	shared := min(len(c.rotations), len(known.rotations))
	for i := range shared {
		if !sameJSON(c.Statements[i], known.Statements[i]) {
			return fmt.Errorf("%w: its history is another", ErrKeyChanged)
		}
	}
	if !c.keys[shared].Equal(known.keys[shared]) {
		return ErrKeyChanged
	}
	switch {
	case len(c.rotations) > shared: // the key that was promised came
		if Commitment(c.keys[shared+1]) != known.Next {
			return fmt.Errorf("%w: it was not the next one", ErrKeyChanged)
		}
	case len(known.rotations) > shared:
		return ErrOlderCard
	case c.Next != known.Next:
		return fmt.Errorf("%w: it promises another next key than before", ErrKeyChanged)
	}
	return nil
}

func sameJSON(a, b json.RawMessage) bool {
	x, err := canonicalHash(a)
	if err != nil {
		return false
	}
	y, err := canonicalHash(b)
	return err == nil && bytes.Equal(x, y)
}

// PublicKey is the present key.
func (c *Card) PublicKey() ed25519.PublicKey { return c.keys[len(c.keys)-1] }

// Fingerprint is that of the present key, as administrators compare it.
func (c *Card) Fingerprint() string { return Fingerprint(c.PublicKey()) }

// KeyAt is the key that must have signed a member.
func (c *Card) KeyAt(epoch, seq int64) ed25519.PublicKey {
	at := rotation{epoch: epoch, seq: seq}
	i := len(c.rotations)
	for i > 0 && at.before(c.rotations[i-1]) {
		i--
	}
	return c.keys[i]
}

// Created is when the card was signed, to the day: of two cards with the same keys the later one is believed.
func (c *Card) Created() time.Time { return c.created }

// Raw is the card as it came.
func (c *Card) Raw() []byte { return c.raw }
