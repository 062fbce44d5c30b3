package federation

import (
	"context"
	"crypto/cipher"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/key"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// States of keys.
const (
	currentKey = "CURRENT" // signs
	nextKey    = "NEXT"    // was promised
	retiredKey = "RETIRED" // signed before
)

// Refusals of keys.
var (
	// ErrNoKey tells that an organisation has no key: it is only spoken about.
	ErrNoKey = errors.New("this organisation does not publish here, so it has no key")
	// ErrElsewhere tells that the keys were made for a database in another place, of which this one is a copy.
	ErrElsewhere = errors.New("this database is a copy, or was moved: nothing is signed here until `plein key claim` says that this is the one that is alive")
)

// keyring are the keys of a publisher, with what they say.
type keyring struct {
	current, next *ent.Key
	// rows are all of them but the next, the oldest first.
	rows []*ent.Key
}

// keysOf gives the keys of some publishers, or of all when none is named.
func keysOf(ctx context.Context, client *ent.Client, publishers ...string) (map[string]*keyring, error) {
	q := client.Key.Query()
	if len(publishers) > 0 {
		q.Where(key.PublisherIDIn(publishers...))
	}
	rows, err := q.Order(key.ByCreatedAt(), key.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	out := map[string]*keyring{}
	for _, row := range rows {
		k := out[row.PublisherID]
		if k == nil {
			k = &keyring{}
			out[row.PublisherID] = k
		}
		switch row.State {
		case nextKey:
			k.next = row
			continue
		case currentKey:
			k.current = row
		}
		k.rows = append(k.rows, row)
	}
	for id, k := range out {
		if k.current == nil || k.next == nil {
			return nil, fmt.Errorf("the keys of %s are not whole", id)
		}
	}
	return out, nil
}

func (k *keyring) statements() []json.RawMessage {
	var out []json.RawMessage
	for _, row := range k.rows {
		if len(row.Statement) > 0 {
			out = append(out, row.Statement)
		}
	}
	return out
}

// promise is the commitment to the next key.
func (k *keyring) promise() (string, error) {
	public, err := DecodeKey(k.next.ID)
	if err != nil {
		return "", fmt.Errorf("read the next key: %w", err)
	}
	return Commitment(public), nil
}

// signing are the keys with which members from an epoch on were signed: the ones that still vouch for something.
func (k *keyring) signing(epoch int64) []*ent.Key {
	first := 0
	for i, row := range k.rows {
		if row.FromEpoch < epoch || row.FromEpoch == epoch && row.FromSeq <= 1 {
			first = i
		}
	}
	return k.rows[first:]
}

// MakeKeys gives every organisation that speaks for itself here its first keys, so that its fingerprint can be compared
// before it publishes anything.
func (f *Federation) MakeKeys(ctx context.Context) error {
	keys, err := keysOf(ctx, f.Catalog.Client)
	if err != nil {
		return err
	}
	without := slices.DeleteFunc(f.speakers(), func(id string) bool { return keys[id] != nil })
	if len(without) == 0 {
		return nil
	}
	return f.write(ctx, func(tx *ent.Client) error {
		made, err := keysOf(ctx, tx, without...)
		if err != nil {
			return err
		}
		for _, id := range without {
			if made[id] != nil { // another process did
				continue
			}
			if _, err := f.makeKeys(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// speakers are the organisations that speak for themselves here.
func (f *Federation) speakers() []string {
	var out []string
	for _, o := range f.Catalog.Reference().AllOrganizations() {
		if o.Custody == record.CustodyOwn {
			out = append(out, o.ID)
		}
	}
	return out
}

// makeKeys gives a publisher its first key and the one that it promises.
func (f *Federation) makeKeys(ctx context.Context, tx *ent.Client, publisherID string) (*keyring, error) {
	sealed, err := tx.Key.Query().Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for keys: %w", err)
	}
	aead, err := f.secret.open(!sealed)
	if err != nil {
		return nil, err
	}
	now := f.Catalog.Now().UnixMilli()
	k := &keyring{}
	if k.current, err = f.makeKey(ctx, tx, aead, publisherID, currentKey, now); err != nil {
		return nil, err
	}
	k.rows = []*ent.Key{k.current}
	k.next, err = f.makeKey(ctx, tx, aead, publisherID, nextKey, now+1)
	return k, err
}

// makeKey stores a new key. Keys of a publisher are in the order of their moments.
func (f *Federation) makeKey(ctx context.Context, tx *ent.Client, aead cipher.AEAD, publisherID, state string, at int64) (*ent.Key, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	id := EncodeKey(public)
	row, err := tx.Key.Create().SetID(id).SetPublisherID(publisherID).SetState(state).SetSealed(seal(aead, private.Seed(), id)).
		SetCreatedAt(at).SetPlace(f.Place).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("store a key of %s: %w", publisherID, err)
	}
	return row, nil
}

// open gives the private half of a key, in the place where it may sign.
func (f *Federation) open(row *ent.Key) (ed25519.PrivateKey, error) {
	if row.Place != f.Place {
		return nil, ErrElsewhere
	}
	aead, err := f.secret.open(false)
	if err != nil {
		return nil, err
	}
	seed, err := unseal(aead, row.Sealed, row.ID)
	if err != nil {
		return nil, err
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("the key %s is damaged", row.ID)
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

// Rotate gives the key that a publisher promised the place of its present one, which says so in a statement and is wiped.
// From the next member on the new one signs, and another is promised.
func (f *Federation) Rotate(ctx context.Context, organizationID string) error {
	err := f.write(ctx, func(tx *ent.Client) error {
		keys, err := keysOf(ctx, tx, organizationID)
		if err != nil {
			return err
		}
		k := keys[organizationID]
		if k == nil {
			return ErrNoKey
		}
		return f.rotate(ctx, tx, k, organizationID)
	}, changelog.Change{Kind: changelog.PeerChanged, RecordID: organizationID, PublisherID: organizationID, Actor: identity.From(ctx).Actor(), Reason: "key rotated"})
	if err != nil {
		return fmt.Errorf("rotate the key of %s: %w", organizationID, err)
	}
	if f.Scrub == nil {
		return nil
	}
	return f.Scrub(ctx)
}

func (f *Federation) rotate(ctx context.Context, tx *ent.Client, k *keyring, organizationID string) error {
	old, err := f.open(k.current)
	if err != nil {
		return err
	}
	if _, err := f.open(k.next); err != nil {
		return err
	}
	aead, err := f.secret.open(false)
	if err != nil {
		return err
	}
	now := f.Catalog.Now()
	after, err := f.makeKey(ctx, tx, aead, organizationID, nextKey, max(now.UnixMilli(), k.next.CreatedAt+1))
	if err != nil {
		return err
	}
	public, err := DecodeKey(after.ID)
	if err != nil {
		return err
	}
	at, err := logEnd(ctx, tx, organizationID)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(rotation{Type: rotationType, Publisher: f.organizationIRI(organizationID), Key: k.next.ID, Next: Commitment(public),
		Epoch: strconv.FormatInt(at.Epoch, 10), Seq: strconv.FormatInt(at.Seq+1, 10), Created: now.UTC().Format(time.RFC3339)})
	if err != nil {
		return fmt.Errorf("write the rotation: %w", err)
	}
	statement, err := Sign(raw, old, didOf(f.Base(), organizationID)+"#"+k.current.ID, now)
	if err != nil {
		return err
	}
	if err := tx.Key.UpdateOneID(k.current.ID).SetState(retiredKey).ClearSealed().Exec(ctx); err != nil {
		return fmt.Errorf("retire the key: %w", err)
	}
	err = tx.Key.UpdateOneID(k.next.ID).SetState(currentKey).SetStatement(statement).SetFromEpoch(at.Epoch).SetFromSeq(at.Seq + 1).Exec(ctx)
	if err != nil {
		return fmt.Errorf("let the next key sign: %w", err)
	}
	return nil
}

// organizationIRI is the canonical address of an organisation of this node.
func (f *Federation) organizationIRI(organizationID string) string {
	return f.Base() + "/id/" + organizationID
}

// Claim says that this database is the one that is alive: its keys sign here, in a new epoch, as others may have read
// members that are not in it. It tells whether that was needed.
func (f *Federation) Claim(ctx context.Context) (claimed bool, err error) {
	if claimed, err = elsewhere(ctx, f.Catalog.Client, f.Place); err != nil || !claimed {
		return false, err
	}
	err = f.write(ctx, func(tx *ent.Client) error {
		if err := changelog.NewEpoch(ctx, tx, f.Catalog.Now()); err != nil {
			return err
		}
		return SetPlace(ctx, tx, f.Place)
	}, decided(ctx, NodeID(f.Base()), "keys claimed"))
	if err != nil {
		return false, fmt.Errorf("claim the keys: %w", err)
	}
	return claimed, nil
}

// SetPlace lets all keys sign in a place. It belongs with a new epoch: of two databases that sign in one epoch under one
// key the logs fork.
func SetPlace(ctx context.Context, tx *ent.Client, place string) error {
	if err := tx.Key.Update().Where(key.StateIn(currentKey, nextKey)).SetPlace(place).Exec(ctx); err != nil {
		return fmt.Errorf("note where the keys sign: %w", err)
	}
	return touch(ctx, tx)
}

func elsewhere(ctx context.Context, client *ent.Client, place string) (bool, error) {
	found, err := client.Key.Query().Where(key.State(currentKey), key.PlaceNEQ(place)).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("find out where the keys sign: %w", err)
	}
	return found, nil
}

// Check tells whether the keys can sign here: ErrElsewhere, ErrNoSecret, ErrOtherSecret or what else is wrong.
func (f *Federation) Check(ctx context.Context) error {
	keys, err := keysOf(ctx, f.Catalog.Client)
	if err != nil {
		return err
	}
	for _, k := range keys {
		for _, row := range []*ent.Key{k.current, k.next} {
			if _, err := f.open(row); err != nil {
				return err
			}
		}
	}
	return nil
}

// PublisherKey is what there is to know of the present key of an organisation in own custody.
type PublisherKey struct {
	OrganizationID, Key, Fingerprint string
	CreatedAt                        time.Time
	// Previous is how many keys were there before this one.
	Previous int
	// IsElsewhere tells that it does not sign, because this database is a copy.
	IsElsewhere bool
}

// Keys gives the present keys, in the order of their organisations' names.
func (f *Federation) Keys(ctx context.Context) ([]PublisherKey, error) {
	keys, err := keysOf(ctx, f.Catalog.Client)
	if err != nil {
		return nil, err
	}
	var out []PublisherKey
	for _, o := range f.Catalog.Reference().AllOrganizations() {
		k := keys[o.ID]
		if k == nil {
			continue
		}
		public, err := DecodeKey(k.current.ID)
		if err != nil {
			return nil, fmt.Errorf("read the key of %s: %w", o.ID, err)
		}
		out = append(out, PublisherKey{OrganizationID: o.ID, Key: k.current.ID, Fingerprint: Fingerprint(public),
			CreatedAt: time.UnixMilli(k.current.CreatedAt).UTC(), Previous: slices.Index(k.rows, k.current), IsElsewhere: k.current.Place != f.Place})
	}
	return out, nil
}
