package federation

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Type says what happened to the anonymous view of a record, in the words of ActivityStreams.
type Type string

// Nothing became something, something became something else, something became nothing.
const (
	Create Type = "Create"
	Update Type = "Update"
	Delete Type = "Delete"
)

// Member is one entry of a publisher's log.
type Member struct {
	// ID is the address of the member itself: the publisher's feed, the epoch and the number.
	ID string `json:"id"`
	// Type is Create, Update or Delete.
	Type Type `json:"type"`
	// Object is the canonical address of the record.
	Object string `json:"object"`
	// Published is when it happened, in UTC to the millisecond.
	Published string `json:"published"`
	// Epoch is 0 until the publisher's node goes back to an earlier state, as after a restore: its log then begins again.
	Epoch string `json:"epoch"`
	// Seq counts from 1 without gaps; Version is that of the record. All are texts, as JSON numbers lose digits.
	Seq     string `json:"seq"`
	Version string `json:"version"`
	// Prev is the hash of the member before it; empty for the first of an epoch.
	Prev string `json:"prev,omitempty"`
	// Digest is the hash of salt and payload: what is left of them once they are redacted.
	Digest string `json:"digest"`
	// Salt keeps strangers from finding out by trial what a redacted payload said.
	Salt string `json:"salt,omitempty"`
	// Reason is why a record was withdrawn.
	Reason string `json:"reason,omitempty"`
	// Graph is the record as anybody may see it; none for a Delete and after redaction.
	Graph []json.RawMessage `json:"graph,omitempty"`
	// Redacted tells that the payload was here and is no longer. Such a member has no proof of its own: the chain does.
	Redacted bool `json:"redacted,omitempty"`
}

// Refusals of members.
var (
	// ErrMember tells that a member is not well-formed.
	ErrMember = errors.New("the member is not well-formed")
	// ErrChain tells that a member does not follow the one before it.
	ErrChain = errors.New("the member does not follow the one before it")
)

const saltBytes = 16

// milliseconds is how moments are written in members.
const milliseconds = "2006-01-02T15:04:05.000Z"

// NewMember makes the entry with a number of a publisher's log, after the one with hash prev. graph is empty for a Delete.
// Without a graph anything else is redacted from the start, as when it was withdrawn before it was signed.
func NewMember(feed string, epoch, seq int64, t Type, object string, version int, at time.Time, prev string, graph json.RawMessage, reason string) (*Member, error) {
	m := &Member{ID: memberID(feed, epoch, seq), Type: t, Object: object, Published: at.UTC().Format(milliseconds),
		Epoch: strconv.FormatInt(epoch, 10), Seq: strconv.FormatInt(seq, 10), Version: strconv.Itoa(version), Prev: prev, Reason: reason}
	if len(graph) > 0 {
		salt := make([]byte, saltBytes)
		rand.Read(salt) //nolint:errcheck // crypto/rand never fails: it ends the program instead
		m.Salt, m.Graph = hex.EncodeToString(salt), []json.RawMessage{graph}
	}
	if len(graph) == 0 && t != Delete {
		nothing := make([]byte, sha256.Size)
		rand.Read(nothing) //nolint:errcheck // as above
		m.Digest, m.Redacted = hex.EncodeToString(nothing), true
		return m, nil
	}
	var err error
	m.Digest, err = m.digest()
	return m, err
}

func memberID(feed string, epoch, seq int64) string {
	return feed + "#" + strconv.FormatInt(epoch, 10) + "-" + strconv.FormatInt(seq, 10)
}

// digest is the hash of salt and payload.
func (m *Member) digest() (string, error) {
	content, err := canonicalHash(m.Graph)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(append([]byte(m.Salt+"\n"), content...))
	return hex.EncodeToString(sum[:]), nil
}

// Hash is what the next member names as the one before it. It is the same before and after redaction.
func (m *Member) Hash() (string, error) {
	bare := *m
	bare.Salt, bare.Graph, bare.Redacted, bare.Reason = "", nil, false, ""
	sum, err := canonicalHash(bare)
	return hex.EncodeToString(sum), err
}

// Redact takes the payload away. The place in the chain stays.
func (m *Member) Redact() {
	if len(m.Graph) > 0 {
		m.Salt, m.Graph, m.Redacted = "", nil, true
	}
}

// Sign gives the member's bytes with a proof of its publisher.
func (m *Member) Sign(key ed25519.PrivateKey, did string, at time.Time) ([]byte, error) {
	raw, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("write a member: %w", err)
	}
	return Sign(raw, key, verificationMethod(did, key.Public().(ed25519.PublicKey)), at)
}

// Place is where a log was read to: the member with this number and hash, of this epoch. Before the first member of an
// epoch the number is 0 and the hash is empty.
type Place struct {
	Epoch, Seq int64
	Hash       string
}

// ReadMember verifies a member as it came from a peer: that it is well-formed, that it is the one that follows a place, and
// that the key of that place signed it, such as [Card.KeyAt] tells. A redacted member has no proof; it is taken for what
// the chain says, so who reads on has to see the next signed one before believing that the log goes on there.
func ReadMember(raw []byte, feed, did string, keyAt func(epoch, seq int64) ed25519.PublicKey, after Place) (*Member, error) {
	d, err := readDocument(raw)
	if err != nil {
		return nil, err
	}
	var m Member
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMember, err)
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	if m.ID != memberID(feed, after.Epoch, after.Seq+1) || m.Epoch != strconv.FormatInt(after.Epoch, 10) ||
		m.Seq != strconv.FormatInt(after.Seq+1, 10) || m.Prev != after.Hash {
		return nil, fmt.Errorf("%w: it is %s", ErrChain, m.ID)
	}
	if _, signed := d["proof"]; !signed && m.Redacted {
		return &m, nil
	}
	key := keyAt(after.Epoch, after.Seq+1)
	if err := d.verify(key, verificationMethod(did, key)); err != nil {
		return nil, err
	}
	return &m, nil
}

func (m *Member) check() error {
	version, err := strconv.Atoi(m.Version)
	_, timeErr := time.Parse(milliseconds, m.Published)
	switch {
	case m.Type != Create && m.Type != Update && m.Type != Delete:
		return fmt.Errorf("%w: type %q", ErrMember, m.Type)
	case m.Object == "":
		return fmt.Errorf("%w: it is of nothing", ErrMember)
	case err != nil || version < 1 || strconv.Itoa(version) != m.Version:
		return fmt.Errorf("%w: version %q", ErrMember, m.Version)
	case timeErr != nil:
		return fmt.Errorf("%w: published %q", ErrMember, m.Published)
	case m.Redacted:
		if len(m.Graph) > 0 || m.Salt != "" || m.Type == Delete {
			return fmt.Errorf("%w: it is redacted and not", ErrMember)
		}
		return nil
	case (m.Type == Delete) != (len(m.Graph) == 0) || len(m.Graph) > 1:
		return fmt.Errorf("%w: a %s with %d records", ErrMember, m.Type, len(m.Graph))
	}
	digest, err := m.digest()
	if err != nil || digest != m.Digest {
		return fmt.Errorf("%w: its digest is of something else", ErrMember)
	}
	return nil
}
