package catalog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/member"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/quarantined"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/tombstone"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// Incoming is one entry of another node's publisher, verified: it is the publisher's own words and in its place.
type Incoming struct {
	// PublisherID is the organisation that the publisher is here, Home the base URL of the node where it publishes.
	PublisherID, Home string
	Epoch             int64
	Type              changelog.Type
	// Object is the record's canonical address, Version that of its publisher.
	Object  string
	Version int
	At      time.Time
	// Graph is the record as WireForm wrote it; empty for a Delete.
	Graph  json.RawMessage
	Reason string
}

// Refusal tells why an entry of another node is not taken in. The ones after it may be. Nothing of it was written.
type Refusal struct {
	// Code is one of the constants below.
	Code string
	// Detail is for the administrator.
	Detail string
}

// Codes of refusals.
const (
	// NotItsOwn is an entry about a record of somebody else.
	NotItsOwn = "NOT_ITS_OWN"
	// VersionConflict is another content under a version that was seen.
	VersionConflict = "VERSION_CONFLICT"
	// UnknownType is a record in a shape that a newer Plein gives it.
	UnknownType = "UNKNOWN_TYPE"
	// InvalidRecord is a document that breaks the rules for documents.
	InvalidRecord = "INVALID"
	// TooManyNew is one organisation, data source, concept or address of a record too many that nobody here knew.
	TooManyNew = "TOO_MANY_NEW"
)

func (r *Refusal) Error() string { return r.Code + ": " + r.Detail }

// Accept takes in one entry of another node. What was taken in before is passed over, and so is what is older than what
// is known. It gives a *Refusal for what cannot be taken in; any other error is of this node.
func (w *Writer) Accept(ctx context.Context, in Incoming) error {
	if !w.viewer.System {
		return errSystemOnly
	}
	home := strings.TrimSuffix(in.Home, "/")
	kind := record.KindOfURI(in.Object, w.c.Known)
	switch {
	case home == "" || home == w.c.BaseURL || !strings.HasPrefix(in.Object, home+"/id/"):
		return &Refusal{NotItsOwn, in.Object + " is not at " + home}
	case kind.New == nil:
		return &Refusal{UnknownType, "there is no such kind of record: " + in.Object}
	case in.Version < 1 || in.Version > math.MaxInt32:
		return &Refusal{InvalidRecord, fmt.Sprintf("version %d", in.Version)}
	}
	if in.Type == changelog.Delete {
		return w.acceptDelete(ctx, kind, in)
	}
	x, err := record.FromWire(in.Graph, w.c.Known)
	if errors.Is(err, record.ErrUnknownType) {
		return &Refusal{UnknownType, err.Error()}
	} else if err != nil {
		return &Refusal{InvalidRecord, err.Error()}
	}
	return w.acceptRecord(ctx, home, in, x)
}

// acceptDelete takes a copy away, and what is left of what it said.
func (w *Writer) acceptDelete(ctx context.Context, kind record.Kind, in Incoming) error {
	if err := w.Foresee(ctx, in.Object); err != nil {
		return err
	}
	known := w.elsewhere.records[in.Object]
	if known.ours != "" {
		return &Refusal{NotItsOwn, in.Object + " is a record of this node"}
	}
	old := known.replica
	hash := fingerprint(nil)
	if news, err := isNews(old, in, hash); err != nil || !news {
		return err
	}
	id := record.NewID(kind.Prefix)
	if old != nil {
		id = old.ID
		if err := w.remove(ctx, id, remark(in.Reason)); err != nil {
			return err
		}
	}
	if err := w.eraseEntries(ctx, in); err != nil {
		return err
	}
	if err := w.remember(ctx, copyOf(id, in, hash)); err != nil {
		return err
	}
	if old != nil && old.Version > 0 && !old.Deleted {
		w.log(changelog.Withdrawn, in.PublisherID, id, in.Version, remark(in.Reason))
	}
	return nil
}

// eraseEntries takes away what earlier entries about a record said, whether they were taken in or not.
func (w *Writer) eraseEntries(ctx context.Context, in Incoming) error {
	earlier := member.Or(member.EpochLT(in.Epoch), member.And(member.Epoch(in.Epoch), member.VersionLT(in.Version)))
	err := w.tx.Member.Update().Where(member.Object(in.Object), member.PublisherID(in.PublisherID), member.TypeNEQ("Delete"), earlier).ClearRaw().Exec(ctx)
	if err != nil {
		return fmt.Errorf("erase the entries of %s: %w", in.Object, err)
	}
	if _, err := w.tx.Quarantined.Delete().Where(quarantined.Object(in.Object), quarantined.PublisherID(in.PublisherID)).Exec(ctx); err != nil {
		return fmt.Errorf("erase the entries of %s in quarantine: %w", in.Object, err)
	}
	return nil
}

// remark is a reason as it may be shown; none where it is no text or too long.
func remark(reason string) string {
	out, ps := record.Remark(reason, 1000)
	if len(ps) > 0 {
		return ""
	}
	return out
}

// isNews tells whether an entry is later than what is known of its record.
func isNews(old *ent.Replica, in Incoming, hash string) (bool, error) {
	switch {
	case old == nil:
		return true, nil
	case old.PublisherID != "" && old.PublisherID != in.PublisherID:
		return false, &Refusal{NotItsOwn, in.Object + " is another publisher's"}
	case in.Epoch != old.Epoch:
		return in.Epoch > old.Epoch, nil
	case in.Version == old.Version && hash != old.Hash:
		return false, &Refusal{VersionConflict, fmt.Sprintf("version %d of %s says two things", in.Version, in.Object)}
	}
	return in.Version > old.Version, nil
}

// fingerprint is of what an entry says, however it is spaced; that of nothing is of a Delete.
func fingerprint(graph json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, graph) != nil {
		b.Reset()
	}
	sum := sha256.Sum256(b.Bytes())
	return hex.EncodeToString(sum[:])
}

// copyOf is what is known of a record once an entry about it was taken in.
func copyOf(id string, in Incoming, hash string) *ent.Replica {
	return &ent.Replica{ID: id, URI: in.Object, PublisherID: in.PublisherID, Epoch: in.Epoch, Version: in.Version, Hash: hash, Deleted: in.Type == changelog.Delete}
}

// acceptRecord takes a document in: everything is looked at before anything is written.
func (w *Writer) acceptRecord(ctx context.Context, home string, in Incoming, x *record.Wire) error {
	s := x.Record.Base()
	if s.ID != in.Object {
		return &Refusal{NotItsOwn, "it is about " + s.ID}
	}
	iri, err := w.publisherIRI(ctx, in.PublisherID)
	if err != nil {
		return err
	}
	if s.PublisherID != iri {
		return &Refusal{NotItsOwn, "it is published by " + s.PublisherID}
	}
	for _, f := range record.Files(x.Record) {
		if !strings.HasPrefix(f.URL, home+"/") || !record.IsWebAddress(f.URL) {
			return &Refusal{InvalidRecord, "a file is not at " + home}
		}
	}
	records, pointedAt, err := w.places(ctx, x)
	if err != nil {
		return err
	}
	known := w.elsewhere.records[in.Object]
	if known.ours != "" {
		return &Refusal{NotItsOwn, in.Object + " is a record of this node"}
	}
	hash, old := fingerprint(in.Graph), known.replica
	outgrown := old != nil && old.ID != records[in.Object]
	if news, err := isNews(old, in, hash); err != nil || !news && !(outgrown && isCopyOf(old, in)) {
		return err
	}
	if err := w.mayPlace(ctx, in.PublisherID, len(pointedAt)); err != nil {
		return err
	}
	strangers, err := w.meet(ctx, in.PublisherID, x)
	if err != nil {
		return err
	}
	organizations := strangers.ids
	organizations[iri] = in.PublisherID
	x.Settle(records, organizations)
	w.date(s, in)
	s.URI, s.Version = in.Object, in.Version
	if wrong := checkCopy(x.Record, strangers.ref); wrong != "" {
		return &Refusal{InvalidRecord, wrong}
	}
	if err := w.welcome(ctx, in.PublisherID, strangers); err != nil {
		return err
	}
	if outgrown {
		if err := w.outgrow(ctx, old, s.ID); err != nil {
			return err
		}
		old = nil
	}
	for _, place := range pointedAt {
		place.NamedBy = in.PublisherID
	}
	if err := w.remember(ctx, append(pointedAt, copyOf(s.ID, in, hash))...); err != nil {
		return err
	}
	if len(pointedAt) > 0 {
		w.elsewhere.brought[in.PublisherID+" "+placesBrought] += len(pointedAt)
	}
	if old != nil && old.Deleted {
		if _, err := w.tx.Tombstone.Delete().Where(tombstone.ID(s.ID)).Exec(ctx); err != nil {
			return fmt.Errorf("take away the tombstone of %s: %w", in.Object, err)
		}
	}
	record.NewGroup(w.ref, x.Record)
	put := w.put
	if old == nil || old.Version == 0 { // there is nothing to look for
		put = func(ctx context.Context, full record.Record) error { return w.putAfter(ctx, nil, full) }
	}
	if err := put(ctx, x.Record); err != nil {
		return err
	}
	w.log(changelog.Published, in.PublisherID, s.ID, in.Version, "")
	return nil
}

// date keeps the moments of the publisher, as far as they can be true.
func (w *Writer) date(s *record.Spine, in Incoming) {
	past := func(t time.Time) time.Time {
		if t.After(w.now) {
			return w.now
		}
		return t
	}
	if s.PublishedAt.IsZero() {
		s.PublishedAt = record.Instant(in.At)
	}
	if s.UpdatedAt.Before(s.PublishedAt) {
		s.UpdatedAt = s.PublishedAt
	}
	s.CreatedAt, s.PublishedAt, s.UpdatedAt, s.ArchivedAt = past(s.CreatedAt), past(s.PublishedAt), past(s.UpdatedAt), past(s.ArchivedAt)
}

// checkCopy tells what is wrong with a settled document; empty when nothing is. It may lack what its publisher's rules let
// it lack.
func checkCopy(r record.Record, ref *record.Reference) string {
	if r.Base().Audience != record.Public {
		return "it is not public"
	}
	if ps := r.Check(ref); len(ps) > 0 {
		return ps.Error()
	}
	return ""
}

// heard is what this node knows of a record by its canonical address: a copy or a place for one, or a record of its own.
// It is neither for what was never heard of.
type heard struct {
	replica *ent.Replica
	ours    string
}

// Foresee looks up what is known of records, all at once, so that Accept does not have to for each.
func (w *Writer) Foresee(ctx context.Context, objects ...string) error {
	var fresh []string
	for _, uri := range objects {
		if _, known := w.elsewhere.records[uri]; !known {
			fresh = append(fresh, uri)
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	slices.Sort(fresh)
	fresh = slices.Compact(fresh)
	found := map[string]heard{}
	for some := range slices.Chunk(fresh, copiesAtOnce) {
		rows, err := w.tx.Replica.Query().Where(replica.URIIn(some...)).All(ctx)
		if err != nil {
			return fmt.Errorf("look up copies: %w", err)
		}
		for _, row := range rows {
			found[row.URI] = heard{replica: row}
		}
	}
	unknown := slices.DeleteFunc(slices.Clone(fresh), func(uri string) bool { _, known := found[uri]; return known })
	for some := range slices.Chunk(unknown, copiesAtOnce) {
		rows, err := w.tx.Publication.Query().Where(publication.URIIn(some...)).Select(publication.FieldID, publication.FieldURI).All(ctx)
		if err != nil {
			return fmt.Errorf("look up records of this node: %w", err)
		}
		for _, row := range rows {
			found[*row.URI] = heard{ours: row.ID}
		}
	}
	for _, uri := range fresh {
		h := found[uri]
		if id, ours := strings.CutPrefix(uri, w.c.BaseURL+"/id/"); ours && h == (heard{}) {
			h.ours = id // it is not public, or not any more
		}
		w.elsewhere.records[uri] = h
	}
	return nil
}

// places gives the records that a document points at, itself among them, the ids that they have here, by canonical
// address. Those that were never heard of get one that they keep until they come.
func (w *Writer) places(ctx context.Context, x *record.Wire) (ids map[string]string, fresh []*ent.Replica, err error) {
	uris := slices.Sorted(maps.Keys(x.Records()))
	if err := w.Foresee(ctx, uris...); err != nil {
		return nil, nil, err
	}
	ids = map[string]string{}
	for _, uri := range uris {
		switch h := w.elsewhere.records[uri]; {
		case h.replica != nil:
			ids[uri] = w.idFor(h.replica)
		case h.ours != "":
			ids[uri] = h.ours
		default:
			ids[uri] = record.NewID(record.KindOfURI(uri, w.c.Known).Prefix)
			if uri != x.Record.Base().ID {
				fresh = append(fresh, &ent.Replica{ID: ids[uri], URI: uri})
			}
		}
	}
	return ids, fresh, nil
}

// mostPlaces is how many addresses of records that never came a publisher may be the first to point at. A place that its own
// publisher fills no longer counts, and neither does one that was there before the first was counted.
const mostPlaces = 10_000

// placesBrought is under what the places that a publisher made are counted in a write.
const placesBrought = "places"

// mayPlace refuses more places than a publisher may make. The count is one statement in a write.
func (w *Writer) mayPlace(ctx context.Context, publisherID string, n int) error {
	if n == 0 {
		return nil
	}
	key := publisherID + " " + placesBrought
	if _, counted := w.elsewhere.brought[key]; !counted {
		before, err := w.tx.Replica.Query().Where(replica.NamedBy(publisherID)).Count(ctx)
		if err != nil {
			return fmt.Errorf("count the places that %s made: %w", publisherID, err)
		}
		w.elsewhere.brought[key] = before
	}
	if w.elsewhere.brought[key]+n > mostPlaces {
		return &Refusal{TooManyNew, fmt.Sprintf("it points at more than %d records that never came", mostPlaces)}
	}
	return nil
}

// remember writes down what is known of copies.
func (w *Writer) remember(ctx context.Context, rs ...*ent.Replica) error {
	rows := make([]*ent.ReplicaCreate, len(rs))
	for i, r := range rs {
		rows[i] = w.tx.Replica.Create().SetID(r.ID).SetURI(r.URI).SetPublisherID(r.PublisherID).SetNamedBy(r.NamedBy).SetEpoch(r.Epoch).SetVersion(r.Version).SetHash(r.Hash).SetDeleted(r.Deleted)
		w.elsewhere.records[r.URI] = heard{replica: r}
	}
	if err := w.tx.Replica.CreateBulk(rows...).OnConflictColumns(replica.FieldID).UpdateNewValues().Exec(ctx); err != nil {
		return fmt.Errorf("remember copies: %w", err)
	}
	return nil
}

// copiesAtOnce is how many copies one statement is about.
const copiesAtOnce = 500

// ForgetPublisher erases all copies of a publisher's records, and tells how many there were. They leave no tombstones:
// they were not withdrawn. What points at them keeps their ids, so all is as it was when they are taken in again; and their
// addresses stay the publisher's, so that nobody else at its home can say something there.
func (w *Writer) ForgetPublisher(ctx context.Context, organizationID string) (records int, err error) {
	if err := w.mayManagePeers(); err != nil {
		return 0, err
	}
	for {
		rows, err := w.tx.Replica.Query().Where(replica.PublisherID(organizationID), replica.VersionGT(0)).Limit(copiesAtOnce).All(ctx)
		if err != nil {
			return 0, fmt.Errorf("look up the copies of %s: %w", organizationID, err)
		}
		if len(rows) == 0 {
			return records, nil
		}
		n, err := w.forgetCopies(ctx, rows)
		if err != nil {
			return 0, err
		}
		records += n
	}
}

func (w *Writer) forgetCopies(ctx context.Context, rows []*ent.Replica) (records int, err error) {
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	published, err := w.tx.Publication.Query().Where(publication.IDIn(ids...)).All(ctx)
	if err != nil {
		return 0, fmt.Errorf("look up copies: %w", err)
	}
	for _, row := range published {
		if err := w.replace(ctx, row, nil, ""); err != nil {
			return 0, err
		}
		w.log(changelog.Withdrawn, row.PublisherID, row.ID, row.Version, "")
	}
	if _, err := w.tx.Tombstone.Delete().Where(tombstone.IDIn(ids...)).Exec(ctx); err != nil {
		return 0, fmt.Errorf("forget tombstones: %w", err)
	}
	clear(w.elsewhere.records)
	err = w.tx.Replica.Update().Where(replica.IDIn(ids...)).SetEpoch(0).SetVersion(0).SetHash("").SetDeleted(false).SetWithdrawalWaits(false).Exec(ctx)
	if err != nil {
		return 0, fmt.Errorf("forget copies: %w", err)
	}
	return len(published), nil
}

// Ent is the transaction, for what belongs to the same step.
func (w *Writer) Ent() *ent.Client { return w.tx.Client() }

// Tell notes something in the private log that belongs to the same step and is about no record.
func (w *Writer) Tell(c changelog.Change) { w.changes = append(w.changes, c) }
