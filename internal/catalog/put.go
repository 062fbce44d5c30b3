package catalog

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

var descending = sql.OrderDesc()

// outlook is what becomes of an approved document at a moment.
type outlook struct {
	// heldBy is the record whose embargo holds this one back too: what is public of it already stays as it is.
	heldBy string
	// next is the moment at which more may be seen; zero when there is none.
	next time.Time
	// scope is what an embargo covers of it.
	scope record.Scope
	// visible is what readers see; nil while none of it may be seen.
	visible record.Record
}

// outlook tells what becomes of an approved document at a moment. It is the one place in which something is hidden.
func (c *Catalog) outlook(ctx context.Context, client *ent.Client, ref *record.Reference, full record.Record, at time.Time) (o outlook, err error) {
	if isCopy(full) {
		return outlook{visible: full}, nil // its publisher cut it, and its publisher's clock will show more
	}
	if o.heldBy, o.next, err = held(ctx, client, full, at); err != nil || o.heldBy != "" {
		return o, err
	}
	if o.scope, o.next = record.UnderEmbargo(full, at); o.scope == record.WholeRecord {
		return o, nil
	}
	if o.visible, err = record.Visible(full, o.scope); err == nil {
		o.visible.Derive(ref, at)
	}
	return o, err
}

// put makes of an approved document what readers see at this moment, and seals what they will see later. Publishing,
// progress, the clock and peers all end here.
func (w *Writer) put(ctx context.Context, full record.Record) error {
	id := full.Base().ID
	before, err := w.tx.Publication.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return fmt.Errorf("load the publication of %s: %w", id, err)
	}
	return w.putAfter(ctx, before, full)
}

// putAfter is put for whoever knows what readers see now: nil when that is nothing.
func (w *Writer) putAfter(ctx context.Context, before *ent.Publication, full record.Record) error {
	id := full.Base().ID
	o, err := w.c.outlook(ctx, w.tx.Client(), w.ref, full, w.now)
	if err != nil {
		return err
	}
	if isCopy(full) {
		return w.show(ctx, before, o.visible)
	}
	if err := w.seal(ctx, full, o.next, o.heldBy); err != nil || o.heldBy != "" {
		return err
	}
	if err := takesBack(before, o.scope); err != nil {
		return err
	}
	if o.visible == nil {
		return w.moveFollowers(ctx, id, record.ResultsUntil(full, w.now))
	}
	if err := w.show(ctx, before, o.visible); err != nil {
		return err
	}
	full.Base().Slug = o.visible.Base().Slug
	return w.moveFollowers(ctx, id, record.ResultsUntil(full, w.now))
}

// show gives what readers see its address and lets them see it.
func (w *Writer) show(ctx context.Context, before *ent.Publication, visible record.Record) error {
	if err := w.giveAddress(ctx, visible); err != nil {
		return err
	}
	return w.replace(ctx, before, visible, "")
}

// isCopy tells whether a record is another node's.
func isCopy(r record.Record) bool { return r.Base().Provenance == record.Peer }

// takesBack refuses an embargo on what readers see already: an embargo is a scheduled publication.
func takesBack(before *ent.Publication, scope record.Scope) error {
	if before == nil || scope == "" {
		return nil
	}
	public, err := record.Decode(before.ID, before.Body)
	if err != nil {
		return err
	}
	return record.PublicAlready(public, scope).Err()
}

// seal keeps the whole document for the moment at which more of it may be seen; a zero moment clears what was kept.
func (w *Writer) seal(ctx context.Context, full record.Record, at time.Time, follows string) error {
	id := full.Base().ID
	if at.IsZero() {
		n, err := w.tx.Release.Delete().Where(release.ID(id)).Exec(ctx)
		if err != nil {
			return fmt.Errorf("clear the release of %s: %w", id, err)
		}
		w.releasesChanged = w.releasesChanged || n > 0
		return nil
	}
	body, err := record.Encode(full)
	if err != nil {
		return err
	}
	w.releasesChanged = true
	err = w.tx.Release.Create().SetID(id).SetReleaseAt(at.UnixMilli()).SetFollows(follows).SetBody(body).
		OnConflictColumns(release.FieldID).UpdateNewValues().Exec(ctx)
	if err != nil {
		return fmt.Errorf("seal %s: %w", id, err)
	}
	return nil
}

// held tells which record's embargo on results covers this one too, and until when: a lesson learned in a project under
// embargo would give the results away.
func held(ctx context.Context, client *ent.Client, r record.Record, at time.Time) (by string, until time.Time, err error) {
	l, ok := r.(interface{ LearnedIn() []string })
	if !ok || len(l.LearnedIn()) == 0 {
		return "", time.Time{}, nil
	}
	rows, err := client.Release.Query().Where(release.IDIn(l.LearnedIn()...)).All(ctx)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("look up embargoes: %w", err)
	}
	bodies := map[string][]byte{}
	for _, row := range rows {
		bodies[row.ID] = row.Body
	}
	// A project that was withdrawn has no release any more, and what was learned in it is no less under embargo.
	gone, err := client.Draft.Query().Where(draft.IDIn(l.LearnedIn()...), draft.State(string(record.Withdrawn))).All(ctx)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("look up embargoes of what was withdrawn: %w", err)
	}
	for _, row := range gone {
		bodies[row.ID] = row.Body
	}
	for _, id := range slices.Sorted(maps.Keys(bodies)) {
		origin, err := record.Decode(id, bodies[id])
		if err != nil {
			return "", time.Time{}, err
		}
		if end := record.ResultsUntil(origin, at); end.After(until) {
			by, until = id, end
		}
	}
	return by, until, nil
}

// moveFollowers lets what waits for a record wait as long as that record does, and shows it when the wait is over.
func (w *Writer) moveFollowers(ctx context.Context, id string, until time.Time) error {
	rows, err := w.tx.Release.Query().Where(release.Follows(id)).Order(release.ByID()).All(ctx)
	if err != nil {
		return fmt.Errorf("look up what waits for %s: %w", id, err)
	}
	for _, row := range rows {
		w.releasesChanged = true
		if !until.IsZero() {
			if err := w.tx.Release.UpdateOneID(row.ID).SetReleaseAt(until.UnixMilli()).Exec(ctx); err != nil {
				return fmt.Errorf("move the release of %s: %w", row.ID, err)
			}
			continue
		}
		if err := w.release(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

// releaseDue shows what the clock has freed.
func (w *Writer) releaseDue(ctx context.Context) error {
	w.releasesChanged = true
	for shown := map[string]int64{}; ; {
		// One at a time: showing one record may move or show others.
		row, err := w.tx.Release.Query().Where(release.ReleaseAtLTE(w.now.UnixMilli())).
			Order(release.ByReleaseAt(), release.ByFollows(), release.ByID()).First(ctx)
		if ent.IsNotFound(err) {
			return nil
		} else if err != nil {
			return fmt.Errorf("look up what is due: %w", err)
		}
		if shown[row.ID] == row.ReleaseAt {
			return fmt.Errorf("release %s: it stays sealed", row.ID)
		}
		shown[row.ID] = row.ReleaseAt
		if err := w.release(ctx, row); err != nil {
			return err
		}
	}
}

// release publishes what was sealed, never the working copy.
func (w *Writer) release(ctx context.Context, row *ent.Release) error {
	full, err := record.Decode(row.ID, row.Body)
	if err != nil {
		return err
	}
	full.Derive(w.ref, w.now)
	record.NewGroup(w.ref, full)
	if err := w.put(ctx, full); err != nil {
		return err
	}
	w.duties(full)
	w.log(changelog.Released, full.Base().PublisherID, row.ID, full.Base().Revision, "")
	return nil
}

// replace writes the publication that readers see, with its terms, and the feed entry when the anonymous view changed.
// A nil record takes the publication away.
func (w *Writer) replace(ctx context.Context, before *ent.Publication, visible record.Record, reason string) error {
	if visible == nil {
		return w.unpublish(ctx, before, reason)
	}
	s := visible.Base()
	w.partsChanged.steps = w.partsChanged.steps || record.KindOf(s.ID).Type == record.ProcessTemplateType
	copied := isCopy(visible) // its version and its moments are its publisher's
	if !copied {
		s.Version, s.PublishedAt, s.UpdatedAt = 1, w.now, w.now
	}
	if before != nil && !copied {
		s.Version, s.PublishedAt, s.UpdatedAt = before.Version, moment(before.PublishedAt), moment(before.UpdatedAt)
	}
	body, err := record.Encode(visible)
	if err != nil {
		return err
	}
	if before != nil && bytes.Equal(body, before.Body) {
		return nil
	}
	if before != nil && !copied {
		s.Version, s.UpdatedAt = before.Version+1, w.now
		if body, err = record.Encode(visible); err != nil {
			return err
		}
	}
	record.NewGroup(w.ref, visible)
	if err := w.store(ctx, before, visible, body); err != nil {
		return err
	}
	was := before != nil && before.Audience == string(record.Public)
	is := s.Audience == record.Public
	entry := changelog.Entry{Kind: string(record.KindOf(s.ID).Type), RecordID: s.ID, PublisherID: s.PublisherID,
		Object: w.object(visible, before), Numbered: w.numbered(s), Version: s.Version, Payload: body, Type: changelog.Update}
	now := visible
	switch {
	case !was && !is:
		return nil
	case !was:
		entry.Type = changelog.Create
	case !is:
		entry.Type, entry.Payload, now = changelog.Delete, nil, nil
	}
	if entry.Numbered {
		var seen record.Record
		if was {
			if seen, err = record.Decode(s.ID, before.Body); err != nil {
				return err
			}
		}
		entry.Datasets = becameOf(seen, now)
	}
	w.feed = append(w.feed, entry)
	return nil
}

// numbered tells whether peers will pull this record: own words of an organisation in own custody.
func (w *Writer) numbered(s *record.Spine) bool {
	o := w.ref.Organization(s.PublisherID)
	return o != nil && o.Custody == record.CustodyOwn && s.Provenance == record.Own
}

func (w *Writer) unpublish(ctx context.Context, before *ent.Publication, reason string) error {
	w.partsChanged.steps = w.partsChanged.steps || before.Kind == string(record.ProcessTemplateType)
	if err := w.tx.Publication.DeleteOneID(before.ID).Exec(ctx); err != nil {
		return fmt.Errorf("take away %s: %w", before.ID, err)
	}
	if _, err := w.tx.Term.Delete().Where(term.PublicationID(before.ID)).Exec(ctx); err != nil {
		return fmt.Errorf("take away the terms of %s: %w", before.ID, err)
	}
	if before.Audience != string(record.Public) {
		return nil
	}
	old, err := record.Decode(before.ID, before.Body)
	if err != nil {
		return err
	}
	w.feed = append(w.feed, changelog.Entry{Type: changelog.Delete, Kind: before.Kind, RecordID: before.ID,
		PublisherID: before.PublisherID, Object: w.object(old, before), Numbered: w.numbered(old.Base()), Version: before.Version + 1, Datasets: becameOf(old, nil), Reason: reason})
	return nil
}

func (w *Writer) store(ctx context.Context, before *ent.Publication, visible record.Record, body []byte) error {
	s := visible.Base()
	startedOn := ""
	if p, ok := visible.(*record.Project); ok {
		startedOn = string(p.StartedOn)
	}
	var uri *string
	if before != nil {
		uri = before.URI
	}
	if isCopy(visible) {
		uri = &s.URI
	} else if uri == nil && w.c.Frozen {
		address := w.c.address(s.ID)
		uri = &address
	}
	err := w.tx.Publication.Create().SetID(s.ID).SetKind(string(record.KindOf(s.ID).Type)).SetNillableURI(uri).SetPublisherID(s.PublisherID).
		SetSlug(s.Slug).SetAudience(string(s.Audience)).SetVersion(s.Version).SetPublishedAt(s.PublishedAt.UnixMilli()).
		SetUpdatedAt(s.UpdatedAt.UnixMilli()).SetStartedOn(startedOn).SetTitle(record.Fold(s.Title.In(record.Dutch))).
		SetBody(body).SetWords(visible.Words().Plain()).
		OnConflictColumns(publication.FieldID).UpdateNewValues().Exec(ctx)
	if err != nil {
		return fmt.Errorf("publish %s: %w", s.ID, err)
	}
	if before != nil {
		if _, err := w.tx.Term.Delete().Where(term.PublicationID(s.ID)).Exec(ctx); err != nil {
			return fmt.Errorf("replace the terms of %s: %w", s.ID, err)
		}
	}
	return w.storeTerms(ctx, visible)
}

func (w *Writer) storeTerms(ctx context.Context, visible record.Record) error {
	s := visible.Base()
	kind := string(record.KindOf(s.ID).Type)
	ts := record.TermsOf(visible)
	rows := make([]*ent.TermCreate, len(ts))
	for i, t := range ts {
		rows[i] = w.tx.Term.Create().SetPublicationID(s.ID).SetKind(kind).SetField(string(t.Field)).SetValue(t.Value).
			SetAudience(string(s.Audience)).SetSortKey(s.UpdatedAt.UnixMilli())
	}
	if err := w.tx.Term.CreateBulk(rows...).Exec(ctx); err != nil {
		return fmt.Errorf("store the terms of %s: %w", s.ID, err)
	}
	return nil
}

func moment(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// object is the canonical address of a record of this node; empty for a copy.
func (w *Writer) object(r record.Record, published *ent.Publication) string {
	switch {
	case isCopy(r):
		return ""
	case published == nil:
		return w.c.address(r.Base().ID)
	}
	return w.c.canonical(r.Base().ID, published.URI)
}

// canonical is the address of a record: the one that it was given for good, else the one that it has now.
func (c *Catalog) canonical(id string, uri *string) string {
	if uri != nil {
		return *uri
	}
	return c.address(id)
}

// Address is the canonical address of a record that is or was public. The client may be a transaction's.
func (c *Catalog) Address(ctx context.Context, client *ent.Client, id string) (string, error) {
	uris, err := c.uris(ctx, client, []string{id})
	return uris[id], err
}

// address is the canonical web address of something with an id on this node.
func (c *Catalog) address(id string) string { return c.BaseURL + "/id/" + id }
