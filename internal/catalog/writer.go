package catalog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/ent/snapshot"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Origin says where a new record comes from.
type Origin struct {
	// IdempotencyKey makes a create that is asked twice give one record.
	IdempotencyKey string
	// Provenance is OWN unless the system says otherwise.
	Provenance record.Provenance
	// ExternalID is source and id in the register that the record is taken from; ExternalHash is the fingerprint of
	// what the register said.
	ExternalID, ExternalHash string
}

// Create makes the working copy of a new record for the publisher that its spine names.
func (w *Writer) Create(ctx context.Context, r record.Record, from Origin) (record.Record, error) {
	s := r.Base()
	if err := policy.MayWrite(w.viewer, w.ref.Organization(s.PublisherID)); err != nil {
		return nil, err
	}
	if from.IdempotencyKey != "" {
		if len(from.IdempotencyKey) > 200 {
			return nil, record.Problems{record.Wrong(record.TooLong, "Deze sleutel is te lang: hooguit 200 tekens.", "This key is too long: at most 200 characters.", "idempotencyKey")}
		}
		old, err := w.tx.Draft.Query().Where(draft.PublisherID(s.PublisherID), draft.IdempotencyKey(from.IdempotencyKey)).Only(ctx)
		if err == nil && old.Kind != string(kindOfValue(r).Type) {
			return nil, record.Problems{record.Wrong(record.Duplicate, "Deze sleutel hoort al bij een ander soort record.", "This key belongs to another kind of record already.", "idempotencyKey")}
		} else if err == nil {
			return w.working(old)
		} else if !ent.IsNotFound(err) {
			return nil, fmt.Errorf("look up the idempotency key: %w", err)
		}
	}
	kind := kindOfValue(r)
	// What the catalogue writes starts empty: a fork does not take the versions of its original along.
	blank := kind.New()
	blank.Base().PublisherID = s.PublisherID
	record.KeepSpine(r, blank)
	s.ID = record.NewID(kind.Prefix)
	s.Schema, s.Version, s.CreatedAt, s.UpdatedAt = record.Schema, 0, w.now, w.now
	s.Provenance = record.Own
	if from.Provenance != "" && w.viewer.System {
		s.Provenance = from.Provenance
	}
	if s.Audience == "" {
		s.Audience = record.Public
	}
	if s.Language == "" {
		s.Language = record.Dutch
	}
	if s.LicenseIRI == "" {
		s.LicenseIRI = record.CCBY
	}
	if err := w.settle(ctx, r, nil); err != nil {
		return nil, err
	}
	s.Slug, s.State, s.Revision = slug(r), record.Draft, 1
	body, err := record.Encode(r)
	if err != nil {
		return nil, err
	}
	q := w.tx.Draft.Create().SetID(s.ID).SetKind(string(kind.Type)).SetPublisherID(s.PublisherID).SetSlug(s.Slug).
		SetState(string(record.Draft)).SetRevision(1).SetUpdatedAt(w.now.UnixMilli()).SetBody(body).
		SetNillableIdempotencyKey(optional(from.IdempotencyKey)).SetNillableExternalID(optional(from.ExternalID)).SetNillableExternalHash(optional(from.ExternalHash))
	if err := q.Exec(ctx); err != nil {
		return nil, fmt.Errorf("create %s: %w", s.ID, err)
	}
	record.NewGroup(w.ref, r)
	w.log(changelog.Created, s.ID, 1, "")
	return r, nil
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// settle brings up to date what follows from the document and refuses what is wrong with it.
func (w *Writer) settle(ctx context.Context, r, before record.Record) error {
	if k, ok := r.(interface{ Keep(before record.Record) }); ok {
		k.Keep(before)
	}
	r.Derive(w.ref, w.now)
	problems := r.Check(w.ref)
	more, err := w.checkLinks(ctx, r, newLinks(r, before))
	if err != nil {
		return err
	}
	return append(problems, more...).Err()
}

// newLinks are the links that a document did not have before: an old one may point at what was withdrawn since.
func newLinks(r, before record.Record) []record.Link {
	links := func(r record.Record) []record.Link {
		if l, ok := r.(interface{ Links() []record.Link }); ok {
			return l.Links()
		}
		return nil
	}
	old := links(before)
	return slices.DeleteFunc(links(r), func(l record.Link) bool { return slices.Contains(old, l) })
}

// checkLinks refuses links to records that do not exist, with the same words as for those that the viewer may not see.
func (w *Writer) checkLinks(ctx context.Context, r record.Record, links []record.Link) (record.Problems, error) {
	var ps record.Problems
	for _, l := range links {
		known, err := w.tx.Publication.Query().Where(publication.ID(l.ID), policy.Readable(w.viewer)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up a link: %w", err)
		}
		if !known {
			// A record may point at others of its publisher before they are public.
			known, err = w.tx.Draft.Query().Where(draft.ID(l.ID), draft.PublisherID(r.Base().PublisherID), draft.StateNEQ(string(record.Withdrawn))).Exist(ctx)
			if err != nil {
				return nil, fmt.Errorf("look up a link: %w", err)
			}
		}
		if !known || record.KindOf(l.ID).Type != l.Type {
			ps = append(ps, record.NoSuch(l.Field))
		}
	}
	return ps, nil
}

// hiddenLinks refuses to publish a record that points at what its own readers cannot see: that would tell them that it
// exists. What waits for the same moment as the record itself may be pointed at.
func (w *Writer) hiddenLinks(ctx context.Context, r record.Record) (record.Problems, error) {
	audiences := []string{string(record.Public)}
	if r.Base().Audience == record.Community {
		audiences = append(audiences, string(record.Community))
	}
	before, err := w.lastSnapshot(ctx, r.Base().ID)
	if err != nil {
		return nil, err
	}
	var ps record.Problems
	for _, l := range newLinks(r, before) {
		seen, err := w.tx.Publication.Query().Where(publication.ID(l.ID), publication.AudienceIn(audiences...)).Exist(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up a link: %w", err)
		}
		if x, ok := r.(interface{ LearnedIn() []string }); !seen && ok && slices.Contains(x.LearnedIn(), l.ID) {
			if seen, err = w.tx.Release.Query().Where(release.ID(l.ID)).Exist(ctx); err != nil {
				return nil, fmt.Errorf("look up a link: %w", err)
			}
		}
		if !seen {
			ps = append(ps, record.Wrong(record.IllegalTransition, "Dit verwijst naar iets dat de lezers nog niet kunnen zien. Publiceer dat eerst.",
				"This points at something that its readers cannot see yet. Publish that first.", l.Field))
		}
	}
	return ps, nil
}

func kindOfValue(r record.Record) record.Kind {
	for _, k := range record.Kinds() {
		if fmt.Sprintf("%T", k.New()) == fmt.Sprintf("%T", r) {
			return k
		}
	}
	panic(fmt.Sprintf("catalog: %T is not in the registry of kinds", r))
}

// working reads a draft's document.
func (w *Writer) working(row *ent.Draft) (record.Record, error) {
	r, err := fromDraft(row)
	if err != nil {
		return nil, err
	}
	record.NewGroup(w.ref, r)
	return r, nil
}

func fromDraft(row *ent.Draft) (record.Record, error) {
	r, err := record.Decode(row.ID, row.Body)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.State, s.Revision = record.State(row.State), row.Revision
	return r, nil
}

// lock loads a draft that the viewer may write, at the revision that the viewer knows. Revision 0 is the system's: it
// takes the draft as it stands.
func (w *Writer) lock(ctx context.Context, id string, revision int) (*ent.Draft, error) {
	row, err := w.tx.Draft.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, w.unknown()
	} else if err != nil {
		return nil, fmt.Errorf("load %s: %w", id, err)
	}
	if err := policy.MayWrite(w.viewer, w.ref.Organization(row.PublisherID)); err != nil {
		if policy.MayReadDrafts(w.viewer, row.PublisherID) {
			return nil, err
		}
		return nil, w.unknown()
	}
	if row.Revision != revision && !(revision == 0 && w.viewer.System) {
		return nil, record.Problems{record.Stale(row.Revision)}
	}
	if row.State == string(record.Withdrawn) {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit is ingetrokken en kan niet meer veranderen.", "This was withdrawn and cannot change any more.")}
	}
	return row, nil
}

// unknown is the answer for a record that is not there or not the viewer's to know of.
func (w *Writer) unknown() error {
	if w.viewer.Anonymous() {
		return policy.ErrUnauthenticated
	}
	return record.Problems{record.NoSuch("id")}
}

// Edit changes a working copy. The publication stays as it is, except that progress (a phase, a team) shows at once.
func (w *Writer) Edit(ctx context.Context, id string, revision int, do func(record.Record) error) (record.Record, error) {
	row, err := w.lock(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	before, err := w.working(row)
	if err != nil {
		return nil, err
	}
	r, err := record.Clone(before)
	if err != nil {
		return nil, err
	}
	if err := do(r); err != nil {
		return nil, err
	}
	record.KeepSpine(r, before)
	if err := w.settle(ctx, r, before); err != nil {
		return nil, err
	}
	same, err := equal(before, r)
	if err != nil || same {
		return before, err
	}
	approved, err := w.lastSnapshot(ctx, id)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.UpdatedAt = w.now
	if approved == nil {
		s.Slug = slug(r)
	}
	s.State = record.Draft
	if approved != nil {
		if s.State, err = w.showProgress(ctx, approved, r); err != nil {
			return nil, err
		}
	}
	s.Revision = row.Revision + 1
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	w.log(changelog.Updated, id, s.Revision, "")
	return r, nil
}

// showProgress republishes the approved content with the progress of the working copy. What would be incomplete waits
// until the working copy is complete; its embargoes do not wait. It tells the state of the working copy: still published
// when it differs from what is shown in nothing.
func (w *Writer) showProgress(ctx context.Context, approved, working record.Record) (record.State, error) {
	record.TakeProgress(approved, working)
	if len(missing(approved)) > 0 {
		shown, err := w.lastPut(ctx, working.Base().ID)
		if err != nil {
			return "", err
		}
		record.TakeProgress(approved, shown)
		record.TakeEmbargoes(approved, working)
	}
	approved.Derive(w.ref, w.now)
	record.NewGroup(w.ref, approved)
	if err := w.put(ctx, approved); err != nil {
		return "", err
	}
	same, err := equal(approved, working)
	if err != nil || !same {
		return record.Draft, err
	}
	return record.Published, nil
}

// lastPut is a published record as it was shown last: as it is sealed, where something waits, else as readers see it.
func (w *Writer) lastPut(ctx context.Context, id string) (record.Record, error) {
	sealed, err := w.tx.Release.Get(ctx, id)
	if err == nil {
		return record.Decode(id, sealed.Body)
	} else if !ent.IsNotFound(err) {
		return nil, fmt.Errorf("load the release of %s: %w", id, err)
	}
	public, err := w.tx.Publication.Get(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("load the publication of %s: %w", id, err)
	}
	return record.Decode(id, public.Body)
}

// missing lists what keeps a record from being published. Records taken from elsewhere may lack what their source
// lacks: nothing is invented to fill it.
func missing(r record.Record) record.Problems {
	if r.Base().Provenance != record.Own {
		return nil
	}
	return r.Complete()
}

// Missing lists what a working copy still needs before it can be published.
func Missing(r record.Record) record.Problems { return missing(r) }

func (w *Writer) saveDraft(ctx context.Context, r record.Record) error {
	s := r.Base()
	body, err := record.Encode(r)
	if err != nil {
		return err
	}
	err = w.tx.Draft.Update().Where(draft.ID(s.ID)).SetSlug(s.Slug).SetState(string(s.State)).SetRevision(s.Revision).SetUpdatedAt(w.now.UnixMilli()).SetBody(body).Exec(ctx)
	if err != nil {
		return fmt.Errorf("save %s: %w", s.ID, err)
	}
	return nil
}

// equal tells whether two documents say the same, whenever they were written.
func equal(a, b record.Record) (bool, error) {
	x, err := comparable(a)
	if err != nil {
		return false, err
	}
	y, err := comparable(b)
	return bytes.Equal(x, y), err
}

func comparable(r record.Record) ([]byte, error) {
	c, err := record.Clone(r)
	if err != nil {
		return nil, err
	}
	s := c.Base()
	s.Version, s.CreatedAt, s.UpdatedAt, s.PublishedAt, s.Slug = 0, time.Time{}, time.Time{}, time.Time{}, ""
	return record.Encode(c)
}

// lastSnapshot is the approved content of a record, or nil when it was never published.
func (w *Writer) lastSnapshot(ctx context.Context, id string) (record.Record, error) {
	row, err := w.tx.Snapshot.Query().Where(snapshot.RecordID(id)).Order(snapshot.ByRevision(descending)).First(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("load the snapshot of %s: %w", id, err)
	}
	r, err := record.Decode(id, row.Body)
	if err != nil {
		return nil, err
	}
	r.Base().Revision = row.Revision
	return r, nil
}

// Publish approves the working copy and shows it. Until review by another person exists this goes from draft to
// published and is logged as "zonder vierogen", without a second pair of eyes.
func (w *Writer) Publish(ctx context.Context, id string, revision int) (record.Record, error) {
	row, err := w.lock(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	if row.State == string(record.Published) {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Er is niets nieuws om te publiceren.", "There is nothing new to publish.")}
	}
	r.Derive(w.ref, w.now)
	hidden, err := w.hiddenLinks(ctx, r)
	if err != nil {
		return nil, err
	}
	if ps := append(missing(r), hidden...); len(ps) > 0 {
		return nil, ps
	}
	if t, ok := r.(*record.ProcessTemplate); ok {
		if err := w.showVersionsTo(ctx, t.Audience, t.Versions); err != nil {
			return nil, err
		}
		if err := w.freeze(ctx, t); err != nil {
			return nil, err
		}
	}
	s := r.Base()
	s.State, s.Revision, s.UpdatedAt = record.Published, row.Revision+1, w.now
	if err := w.approve(ctx, r); err != nil {
		return nil, err
	}
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	w.log(changelog.Published, id, s.Revision, "zonder vierogen")
	return r, nil
}

// approve keeps a document as a snapshot and makes of it what readers see.
func (w *Writer) approve(ctx context.Context, r record.Record) error {
	s := r.Base()
	body, err := record.Encode(r)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	err = w.tx.Snapshot.Create().SetRecordID(s.ID).SetRevision(s.Revision).SetAt(w.now.UnixMilli()).SetBody(body).SetHash(hex.EncodeToString(sum[:])).Exec(ctx)
	if err != nil {
		return fmt.Errorf("keep a snapshot of %s: %w", s.ID, err)
	}
	return w.put(ctx, r)
}

// freeze makes the immutable version that the template is at.
func (w *Writer) freeze(ctx context.Context, t *record.ProcessTemplate) error {
	v, err := t.Freeze(record.NewID(record.KindOfType(record.TemplateVersionType).Prefix))
	if err != nil || v == nil {
		return err
	}
	v.Revision, v.CreatedAt, v.UpdatedAt = 1, w.now, w.now
	record.NewGroup(w.ref, v)
	if err := w.approve(ctx, v); err != nil {
		return err
	}
	w.log(changelog.Published, v.ID, 1, "")
	return nil
}

// showVersionsTo gives the versions of a template the audience that the template has now. What they say stays the same.
func (w *Writer) showVersionsTo(ctx context.Context, audience record.Audience, versions []*record.VersionRef) error {
	for _, ref := range versions {
		v, err := w.lastSnapshot(ctx, ref.ID)
		if err != nil {
			return err
		}
		s := v.Base()
		if s.Audience == audience {
			continue
		}
		s.Audience, s.Revision = audience, s.Revision+1
		record.NewGroup(w.ref, v)
		if err := w.approve(ctx, v); err != nil {
			return err
		}
		w.log(changelog.Published, ref.ID, s.Revision, "")
	}
	return nil
}

// Withdraw takes a record back for good. Where it was public, its address answers from then on with its title and the
// reason.
func (w *Writer) Withdraw(ctx context.Context, id string, revision int, reason string) (record.Record, error) {
	row, err := w.lock(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		return nil, record.Problems{record.Wrong(record.Required, "Schrijf waarom u dit intrekt. Iedereen kan dit lezen.", "Write why you withdraw this. Everybody can read it.", "note")}
	case len([]rune(reason)) > 1000:
		return nil, record.Problems{record.Wrong(record.TooLong, "De reden is te lang: hooguit 1000 tekens.", "The reason is too long: at most 1000 characters.", "note")}
	case !record.Readable(reason):
		return nil, record.Problems{record.Wrong(record.Invalid, "Hier staat een teken in dat niet te lezen is.", "This has a character in it that cannot be read.", "note")}
	}
	r, err := w.working(row)
	if err != nil {
		return nil, err
	}
	if approved, err := w.lastSnapshot(ctx, id); err != nil {
		return nil, err
	} else if approved == nil {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit is nog niet gepubliceerd.", "This has not been published yet.")}
	}
	ids := []string{id}
	if t, ok := r.(*record.ProcessTemplate); ok {
		for _, v := range t.Versions {
			ids = append(ids, v.ID)
		}
	}
	s := r.Base()
	s.State, s.Revision = record.Withdrawn, row.Revision+1
	if err := w.saveDraft(ctx, r); err != nil {
		return nil, err
	}
	for _, x := range ids {
		if err := w.remove(ctx, x, reason); err != nil {
			return nil, err
		}
		w.log(changelog.Withdrawn, x, s.Revision, reason)
	}
	return r, nil
}

// remove takes away what readers see of a record, and what they would have seen.
func (w *Writer) remove(ctx context.Context, id, reason string) error {
	n, err := w.tx.Release.Delete().Where(release.ID(id)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("withdraw %s: %w", id, err)
	}
	w.releasesChanged = w.releasesChanged || n > 0
	before, err := w.tx.Publication.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("withdraw %s: %w", id, err)
	}
	if before.Audience == string(record.Public) {
		old, err := record.Decode(id, before.Body)
		if err != nil {
			return err
		}
		err = w.tx.Tombstone.Create().SetID(id).SetNillableURI(before.URI).SetTitle(old.Base().Title.In(old.Base().Language)).
			SetReason(reason).SetAt(w.now.UnixMilli()).Exec(ctx)
		if err != nil {
			return fmt.Errorf("leave a tombstone for %s: %w", id, err)
		}
	}
	return w.replace(ctx, before, nil, reason)
}

// Existing finds the draft of a record that was taken from a register before: its id, revision and fingerprint.
func (w *Writer) Existing(ctx context.Context, externalID string) (id string, revision int, hash string, err error) {
	row, err := w.tx.Draft.Query().Where(draft.ExternalID(externalID)).Only(ctx)
	if ent.IsNotFound(err) {
		return "", 0, "", nil
	} else if err != nil {
		return "", 0, "", fmt.Errorf("look up %s: %w", externalID, err)
	}
	if row.ExternalHash != nil {
		hash = *row.ExternalHash
	}
	return row.ID, row.Revision, hash, nil
}

// SetExternalHash remembers what a register said last.
func (w *Writer) SetExternalHash(ctx context.Context, id, hash string) error {
	if err := w.tx.Draft.UpdateOneID(id).SetExternalHash(hash).Exec(ctx); err != nil {
		return fmt.Errorf("remember what was imported: %w", err)
	}
	return nil
}
