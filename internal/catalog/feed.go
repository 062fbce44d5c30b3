package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/udc-community/plein/ent/feedentry"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// FeedFilter asks for feed entries of these types, kinds and publisher; empty is all.
type FeedFilter struct {
	Types       []changelog.Type
	Kinds       []record.Type
	PublisherID string
}

// FeedEntry is one line of the public log: what an anonymous visitor may see of a record changed.
type FeedEntry struct {
	Cursor   string
	At       time.Time
	Type     changelog.Type
	Kind     record.Type
	RecordID string
	URI      string
	Version  int
	Reason   string
	// Payload is the public document as it was then; empty for a delete and for what was withdrawn since.
	Payload []byte
	// Record is the document as the viewer may see it now; nil when it is gone.
	Record record.Record
}

// Feed gives the entries after a cursor, in order and without gaps, and whether there are more. Cursors do not expire,
// but they do not outlive the log: after a restore a client begins again.
func (c *Catalog) Feed(ctx context.Context, f FeedFilter, first int, after string) ([]*FeedEntry, bool, error) {
	epoch, err := c.Log.Epoch(ctx)
	if err != nil {
		return nil, false, err
	}
	from, err := feedPosition(after, epoch)
	if err != nil {
		return nil, false, err
	}
	q := c.Client.FeedEntry.Query().Where(feedentry.IDGT(from))
	if len(f.Types) > 0 {
		types := make([]string, len(f.Types))
		for i, t := range f.Types {
			types[i] = string(t)
		}
		q.Where(feedentry.TypeIn(types...))
	}
	if len(f.Kinds) > 0 {
		kinds := make([]string, len(f.Kinds))
		for i, k := range f.Kinds {
			kinds[i] = string(k)
		}
		q.Where(feedentry.KindIn(kinds...))
	}
	if f.PublisherID != "" {
		q.Where(feedentry.PublisherID(f.PublisherID))
	}
	rows, err := q.Order(feedentry.ByID()).Limit(first + 1).All(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("read the feed: %w", err)
	}
	more := len(rows) > first
	rows = rows[:min(first, len(rows))]
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.RecordID
	}
	rs, err := c.ByID(ctx, ids...)
	if err != nil {
		return nil, false, err
	}
	var gone []string
	for i, r := range rs {
		if r == nil {
			gone = append(gone, ids[i])
		}
	}
	uris := map[string]string{}
	if len(gone) > 0 { // what was a copy is known elsewhere by the address that it has there
		if uris, err = c.uris(ctx, c.Client, gone); err != nil {
			return nil, false, err
		}
	}
	out := make([]*FeedEntry, len(rows))
	for i, row := range rows {
		out[i] = &FeedEntry{Cursor: cursor("feed", row.ID, fmt.Sprint(epoch)), At: moment(row.At), Type: changelog.Type(row.Type), Kind: record.Type(row.Kind),
			RecordID: row.RecordID, URI: uris[row.RecordID], Version: row.Version, Reason: row.Reason, Payload: row.Payload, Record: rs[i]}
		if rs[i] != nil {
			out[i].URI = rs[i].Base().URI
		}
	}
	return out, more, nil
}

var errOldEpoch = record.Problems{record.Wrong(record.Invalid,
	"De catalogus is teruggezet uit een reservekopie. Begin opnieuw zonder cursor.",
	"The catalogue was restored from a backup. Begin again without a cursor.", "after")}

func feedPosition(after string, epoch int64) (int64, error) {
	if after == "" {
		return 0, nil
	}
	at, id, err := parseCursor(after, "feed")
	if err != nil {
		return 0, err
	}
	if id != fmt.Sprint(epoch) {
		return 0, errOldEpoch
	}
	return at, nil
}

// FeedEnd is the cursor after the last entry there is now.
func (c *Catalog) FeedEnd(ctx context.Context) (string, error) {
	epoch, err := c.Log.Epoch(ctx)
	if err != nil {
		return "", err
	}
	head, err := c.Log.FeedHead(ctx)
	if err != nil {
		return "", err
	}
	return cursor("feed", head, fmt.Sprint(epoch)), nil
}

// Document is a public record as a search index takes it in.
type Document struct {
	ID        string
	Version   int
	UpdatedAt time.Time
	// PublishedAt is the first publication.
	PublishedAt time.Time
	Words       record.Words
	Terms       []record.Term
	// HiddenReuseIDs are projects whose word for it that they build on this one does not count.
	HiddenReuseIDs []string
}

// Documents gives, of these records, those that an anonymous visitor can find now.
func (c *Catalog) Documents(ctx context.Context, ids []string) ([]*Document, error) {
	return c.documents(ctx, len(ids), publication.IDIn(ids...))
}

// DocumentsAfter walks all records that an anonymous visitor can find, in the order of their ids.
func (c *Catalog) DocumentsAfter(ctx context.Context, id string, limit int) ([]*Document, error) {
	return c.documents(ctx, limit, publication.IDGT(id))
}

func (c *Catalog) documents(ctx context.Context, limit int, where predicate.Publication) ([]*Document, error) {
	// What another process added with its organisations and sources is taken in with their names, not without.
	if err := c.Refresh(ctx); err != nil {
		return nil, err
	}
	rows, err := c.Client.Publication.Query().Where(publication.Audience(string(record.Public)), publication.KindIn(searched()...), where).
		Order(publication.ByID()).Limit(limit).Select(shown...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	rs, err := c.records(rows)
	if err != nil {
		return nil, err
	}
	out := make([]*Document, len(rs))
	for i, r := range rs {
		s := r.Base()
		out[i] = &Document{ID: s.ID, Version: s.Version, UpdatedAt: s.UpdatedAt, PublishedAt: s.PublishedAt, Words: r.Words(), Terms: record.TermsOf(r)}
		if p, ok := r.(*record.Project); ok {
			out[i].HiddenReuseIDs = p.HiddenReuseIDs
		}
	}
	return out, nil
}

func searched() []string {
	var out []string
	for _, k := range record.Kinds() {
		if k.Searched {
			out = append(out, string(k.Type))
		}
	}
	return out
}

// Fingerprint counts what an anonymous visitor can find and hashes the ids with their versions: an index that says
// otherwise is wrong.
func (c *Catalog) Fingerprint(ctx context.Context) (n int, hash string, err error) {
	h := sha256.New()
	var rows []struct {
		ID      string `sql:"id"`
		Version int    `sql:"version"`
	}
	err = c.Client.Publication.Query().Where(publication.Audience(string(record.Public)), publication.KindIn(searched()...)).
		Order(publication.ByID()).Select(publication.FieldID, publication.FieldVersion).Scan(ctx, &rows)
	if err != nil {
		return 0, "", fmt.Errorf("fingerprint the catalogue: %w", err)
	}
	for _, r := range rows {
		WriteFingerprint(h, r.ID, r.Version)
	}
	return len(rows), hex.EncodeToString(h.Sum(nil)), nil
}

// WriteFingerprint adds one record to a fingerprint; records come in the order of their ids.
func WriteFingerprint(h io.Writer, id string, version int) {
	fmt.Fprintf(h, "%s %d\n", id, version) //nolint:errcheck // a hash never fails
}
