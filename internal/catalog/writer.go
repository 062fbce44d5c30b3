package catalog

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/ent/snapshot"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Origin says where a new record comes from.
type Origin struct {
	// IdempotencyKey makes a create that is asked twice give one record.
	IdempotencyKey string
	// Provenance is that of the catalogue unless the system says otherwise.
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
	s.Provenance = cmp.Or(w.c.Provenance, record.Own)
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
		SetState(string(record.Draft)).SetRevision(1).SetUpdatedAt(w.now.UnixMilli()).SetBody(body).SetEditedBy(w.viewer.Actor()).
		SetNillableIdempotencyKey(optional(from.IdempotencyKey)).SetNillableExternalID(optional(from.ExternalID)).SetNillableExternalHash(optional(from.ExternalHash))
	if err := q.Exec(ctx); err != nil {
		return nil, fmt.Errorf("create %s: %w", s.ID, err)
	}
	record.NewGroup(w.ref, r)
	w.duties(r)
	w.log(changelog.Created, s.PublisherID, s.ID, 1, "")
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
	problems := w.derive(r, before)
	problems = append(problems, r.Check(w.ref)...)
	more, err := w.checkLinks(ctx, r, newLinks(r, before))
	if err != nil {
		return err
	}
	files, err := w.nameFiles(ctx, r, before)
	if err != nil {
		return err
	}
	return slices.Concat(problems, more, files).Err()
}

// derive brings up to date what follows from the document, the one before it and the clock.
func (w *Writer) derive(r, before record.Record) (problems record.Problems) {
	if k, ok := r.(interface {
		Keep(before record.Record, now time.Time) record.Problems
	}); ok {
		problems = k.Keep(before, w.now)
	}
	r.Derive(w.ref, w.now)
	return problems
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
			known, err = w.tx.Draft.Query().Where(draft.ID(l.ID), draft.PublisherID(r.Base().PublisherID), draft.StateNEQ(string(record.Withdrawn)), draft.DiscardedAt(0)).Exist(ctx)
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

// find loads a draft that the viewer may do something with. One that was thrown away is there for whoever may take it back.
func (w *Writer) find(ctx context.Context, id string, may policy.Action) (*ent.Draft, error) {
	row, err := w.tx.Draft.Get(ctx, id)
	if ent.IsNotFound(err) {
		return nil, w.notHere(ctx, id)
	} else if err != nil {
		return nil, fmt.Errorf("load %s: %w", id, err)
	}
	if err := policy.May(w.viewer, may, w.on(row)); err != nil {
		if row.DiscardedAt == 0 && policy.May(w.viewer, policy.ReadDraft, w.on(row)) == nil {
			return nil, err
		}
		return nil, w.notHere(ctx, id)
	}
	return row, nil
}

// notHere is the answer where there is no draft for the viewer, and tells where that of a copy is. It takes as many
// statements for what may not be seen as for what does not exist.
func (w *Writer) notHere(ctx context.Context, id string) error {
	if w.viewer.Anonymous() {
		return w.unknown()
	}
	copied, err := w.tx.Replica.Query().Where(replica.ID(id), replica.VersionGT(0), replica.Deleted(false)).Only(ctx)
	if ent.IsNotFound(err) {
		return w.unknown()
	} else if err != nil {
		return fmt.Errorf("look up a copy: %w", err)
	}
	return record.Problems{isACopy(w.ref.Organization(copied.PublisherID), copied.URI)}
}

func isACopy(publisher *record.Organization, uri string) record.Problem {
	name := ""
	if publisher != nil {
		name = publisher.Name
	}
	return record.Wrong(record.NotAllowed, "Dit is een kopie van een record van "+name+". Ga ervoor naar "+uri+".",
		"This is a copy of a record of "+name+". Go to "+uri+" for this.", "id")
}

// on is a draft as what something is done on.
func (w *Writer) on(row *ent.Draft) policy.Target {
	t := policy.In(w.ref.Organization(row.PublisherID))
	t.ProjectID = row.ID
	return t
}

// lock loads a draft that the viewer may do something with, at the revision that the viewer knows. Revision 0 is the
// system's: it takes the draft as it stands.
func (w *Writer) lock(ctx context.Context, id string, revision int, may policy.Action) (*ent.Draft, error) {
	row, err := w.find(ctx, id, may)
	if err != nil {
		return nil, err
	}
	return row, w.current(row, revision)
}

// current refuses what was thrown away or withdrawn, and a revision that is not that of the draft.
func (w *Writer) current(row *ent.Draft, revision int) error {
	switch {
	case row.DiscardedAt > 0:
		return w.unknown()
	case row.Revision != revision && !(revision == 0 && w.viewer.System):
		return record.Problems{record.Stale(row.Revision)}
	case row.State == string(record.Withdrawn):
		return record.Problems{record.Wrong(record.IllegalTransition, "Dit is ingetrokken en kan niet meer veranderen.", "This was withdrawn and cannot change any more.")}
	}
	return nil
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
	return w.edit(ctx, id, revision, changelog.Updated, "", do)
}

// edit is Edit under a name of its own in the log, with a reason.
func (w *Writer) edit(ctx context.Context, id string, revision int, kind changelog.Kind, reason string, do func(record.Record) error) (record.Record, error) {
	row, err := w.lock(ctx, id, revision, policy.WriteResults)
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
	if err := w.mayChange(row, before, r); err != nil {
		return nil, err
	}
	approved, err := w.lastSnapshot(ctx, id)
	if err != nil {
		return nil, err
	}
	s := r.Base()
	s.UpdatedAt = w.now
	shown := record.Draft
	if approved == nil {
		s.Slug = slug(r)
	} else if shown, err = w.showProgress(ctx, approved, r); err != nil {
		return nil, err
	}
	content, err := w.changesContent(before, r)
	if err != nil {
		return nil, err
	}
	s.State, s.Revision = stateAfterEdit(record.State(row.State), shown, content), row.Revision+1
	if err := w.saveDraft(ctx, r, w.lastAuthor(row, s.State, content)); err != nil {
		return nil, err
	}
	w.duties(before)
	w.log(kind, row.PublisherID, id, s.Revision, reason)
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
	return approved.Base().Shown(), nil
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

func (w *Writer) saveDraft(ctx context.Context, r record.Record, also ...func(*ent.DraftUpdate)) error {
	s := r.Base()
	body, err := record.Encode(r)
	if err != nil {
		return err
	}
	q := w.tx.Draft.Update().Where(draft.ID(s.ID)).SetSlug(s.Slug).SetState(string(s.State)).SetRevision(s.Revision).SetUpdatedAt(w.now.UnixMilli()).SetBody(body)
	for _, set := range also {
		set(q)
	}
	if err := q.Exec(ctx); err != nil {
		return fmt.Errorf("save %s: %w", s.ID, err)
	}
	w.duties(r)
	return nil
}

// equal tells whether two documents say the same, whenever they were written and whatever was taken away before.
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
	if p, ok := c.(*record.Project); ok {
		p.SpentKeys = nil
	}
	return record.Encode(c)
}

// lastSnapshot is the approved content of a record, or nil when it was never published.
func (w *Writer) lastSnapshot(ctx context.Context, id string) (record.Record, error) {
	return lastSnapshot(ctx, w.tx.Client(), id)
}

func lastSnapshot(ctx context.Context, client *ent.Client, id string) (record.Record, error) {
	row, err := client.Snapshot.Query().Where(snapshot.RecordID(id)).Order(snapshot.ByRevision(descending)).First(ctx)
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
