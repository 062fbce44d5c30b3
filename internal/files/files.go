package files

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/file"
	"github.com/udc-community/plein/ent/filechunk"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/release"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// keptFor is how long a file that was removed can be put back, and how long an upload waits for a document to refer to it.
const keptFor = 30 * 24 * time.Hour

// ErrNoRoom says that the disk is full; ErrForbidden that the viewer may read a project and not write its results.
var (
	ErrNoRoom    = errors.New("there is no room to write")
	ErrForbidden = policy.ErrForbidden
)

// Files keeps files.
type Files struct {
	// Client reads; Begin starts a write that takes turns with those of the catalogue, so that nobody refers to what
	// somebody else removes.
	Client  *ent.Client
	Begin   func(context.Context) (*ent.Tx, error)
	Catalog *catalog.Catalog
	Now     func() time.Time
	// Dir is where a file is while it comes in; where temporary files are kept when empty.
	Dir string
	// Full tells whether an error means that there is no room to write.
	Full func(error) bool
}

// write carries out a write in one transaction. The error is ErrNoRoom where there is no room.
func (f *Files) write(ctx context.Context, do func(*ent.Tx) error) error {
	err := f.transact(ctx, do)
	if err != nil && f.Full(err) {
		return errors.Join(ErrNoRoom, err)
	}
	return err
}

func (f *Files) transact(ctx context.Context, do func(*ent.Tx) error) error {
	tx, err := f.Begin(ctx)
	if err != nil {
		return err
	}
	ended := false
	defer func() {
		if !ended { // do panicked: an open transaction would keep every other writer out
			tx.Rollback() //nolint:errcheck // the panic goes on
		}
	}()
	err = do(tx)
	ended = true
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func fromRow(row *ent.File) *record.File {
	if row == nil {
		return nil
	}
	out := &record.File{ID: row.ID, Name: row.Name, MediaType: row.MediaType, ByteSize: int(row.ByteSize), UploadedAt: time.UnixMilli(row.UploadedAt).UTC()}
	if row.RemovedAt != 0 {
		out.RemovedAt = time.UnixMilli(row.RemovedAt).UTC()
	}
	return out
}

// Found is a file that the viewer may read.
type Found struct {
	*record.File
	// Hash is the SHA-256 of its bytes, in hexadecimal.
	Hash string
	// Public tells that everybody may read it.
	Public bool
}

// Find gives the files that the viewer may read, in the order asked, and nil for the others: those to which a publication
// that the viewer may read refers, and those of working copies that the viewer may read. It takes as many statements for
// what may not be seen as for what does not exist: two for a stranger, three for others.
func (f *Files) Find(ctx context.Context, ids ...string) ([]*Found, error) {
	rows, err := f.Client.File.Query().Where(file.IDIn(ids...), file.RemovedAt(0)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up files: %w", err)
	}
	records := make([]string, len(rows))
	for i, row := range rows {
		records[i] = row.RecordID
	}
	readable, err := f.publishedTo(ctx, records)
	if err != nil {
		return nil, err
	}
	if err := f.addDrafts(ctx, records, readable); err != nil {
		return nil, err
	}
	out := make([]*Found, len(ids))
	for i, id := range ids {
		for _, row := range rows {
			if r, ok := readable[row.RecordID]; row.ID == id && ok && (r.working || r.refersTo(id)) {
				out[i] = &Found{File: fromRow(row), Hash: row.Hash, Public: r.audience == record.Public && r.refersTo(id)}
			}
		}
	}
	return out, nil
}

// readable is what the viewer may read of a project.
type readable struct {
	published record.Record
	audience  record.Audience
	working   bool
}

func (r readable) refersTo(fileID string) bool {
	return r.published != nil && record.RefersTo(r.published, fileID)
}

// publishedTo reads the publications of records that the viewer may read.
func (f *Files) publishedTo(ctx context.Context, ids []string) (map[string]readable, error) {
	rows, err := f.Client.Publication.Query().Where(publication.IDIn(ids...), policy.Readable(identity.From(ctx))).
		Select(publication.FieldID, publication.FieldAudience, publication.FieldBody).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up what refers to files: %w", err)
	}
	out := map[string]readable{}
	for _, row := range rows {
		r, err := record.Decode(row.ID, row.Body)
		if err != nil {
			return nil, err
		}
		out[row.ID] = readable{published: r, audience: record.Audience(row.Audience)}
	}
	return out, nil
}

// addDrafts notes which working copies the viewer may read.
func (f *Files) addDrafts(ctx context.Context, ids []string, to map[string]readable) error {
	v := identity.From(ctx)
	if v.Anonymous() {
		return nil
	}
	rows, err := f.Client.Draft.Query().Where(draft.IDIn(ids...), draft.DiscardedAt(0)).Select(draft.FieldID, draft.FieldPublisherID).All(ctx)
	if err != nil {
		return fmt.Errorf("look up working copies: %w", err)
	}
	for _, row := range rows {
		r := to[row.ID]
		r.working = policy.May(v, policy.ReadDraft, f.target(row)) == nil
		to[row.ID] = r
	}
	return nil
}

// Of lists the files of a project, also those that were removed and can be put back, the last uploaded first; nil for
// whoever may not read its working copy.
func (f *Files) Of(ctx context.Context, recordID string) ([]*record.File, error) {
	may := map[string]readable{}
	if err := f.addDrafts(ctx, []string{recordID}, may); err != nil || !may[recordID].working {
		return nil, err
	}
	rows, err := f.Client.File.Query().Where(file.RecordID(recordID)).Order(file.ByUploadedAt(sql.OrderDesc()), file.ByID(sql.OrderDesc())).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list files: %w", err)
	}
	out := make([]*record.File, len(rows))
	for i, row := range rows {
		out[i] = fromRow(row)
	}
	return out, nil
}

// Remove takes a file away; for 30 days Restore puts it back. It refuses while a document refers to it.
func (f *Files) Remove(ctx context.Context, id string) (*record.File, error) {
	return f.change(ctx, id, func(tx *ent.Tx, row *ent.File) error {
		used, err := inUse(ctx, tx, row)
		if err != nil {
			return err
		}
		if used {
			return record.Problems{record.Wrong(record.IllegalTransition,
				"Dit bestand hoort bij een resultaat. Haal het daar eerst weg, en publiceer dat als het project al gepubliceerd is.",
				"An output refers to this file. Take it away there first, and publish that when the project was published already.", "id")}
		}
		if row.RemovedAt == 0 {
			row.RemovedAt = f.Now().UnixMilli()
		}
		return nil
	})
}

// Restore puts a file back that was removed.
func (f *Files) Restore(ctx context.Context, id string) (*record.File, error) {
	return f.change(ctx, id, func(_ *ent.Tx, row *ent.File) error {
		// It may wait again as long as a new one until an output refers to it.
		row.RemovedAt, row.UploadedAt = 0, f.Now().UnixMilli()
		return nil
	})
}

// change writes when a file was removed. The error is record.Problems for a file that is not there or not the viewer's.
func (f *Files) change(ctx context.Context, id string, do func(*ent.Tx, *ent.File) error) (out *record.File, err error) {
	if err := policy.MayAnywhere(identity.From(ctx), policy.WriteResults); err != nil {
		return nil, err
	}
	err = f.write(ctx, func(tx *ent.Tx) error {
		row, err := tx.File.Get(ctx, id)
		if err != nil && !ent.IsNotFound(err) {
			return fmt.Errorf("look up a file: %w", err)
		}
		of := ""
		if row != nil {
			of = row.RecordID
		}
		var ps record.Problems
		if err := f.mayWrite(ctx, tx.Draft, of); errors.As(err, &ps) {
			return record.Problems{record.NoSuch("id")}
		} else if err != nil {
			return err
		}
		if err := do(tx, row); err != nil {
			return err
		}
		row, err = tx.File.UpdateOneID(id).SetRemovedAt(row.RemovedAt).SetUploadedAt(row.UploadedAt).Save(ctx)
		out = fromRow(row)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("change a file: %w", err)
	}
	return out, nil
}

// inUse tells whether a document refers to a file: the working copy, what readers see, or what they will see. That of a
// record which was withdrawn does not count, because it cannot change any more.
func inUse(ctx context.Context, tx *ent.Tx, row *ent.File) (bool, error) {
	var bodies [][]byte
	d, err := tx.Draft.Get(ctx, row.RecordID)
	if err == nil && d.State != string(record.Withdrawn) {
		bodies = append(bodies, d.Body)
	} else if err != nil && !ent.IsNotFound(err) {
		return false, fmt.Errorf("look up a working copy: %w", err)
	}
	p, err := tx.Publication.Query().Where(publication.ID(row.RecordID)).All(ctx)
	if err != nil {
		return false, fmt.Errorf("look up a publication: %w", err)
	}
	s, err := tx.Release.Query().Where(release.ID(row.RecordID)).All(ctx)
	if err != nil {
		return false, fmt.Errorf("look up a release: %w", err)
	}
	for _, x := range p {
		bodies = append(bodies, x.Body)
	}
	for _, x := range s {
		bodies = append(bodies, x.Body)
	}
	for _, body := range bodies {
		r, err := record.Decode(row.RecordID, body)
		if err != nil {
			return false, err
		}
		if record.RefersTo(r, row.ID) {
			return true, nil
		}
	}
	return false, nil
}

// Prune takes away for good what was removed 30 days ago, and what was uploaded 30 days ago and was never approved and is
// in no working copy either. Each file goes in a transaction of its own, so that nobody waits long.
func (f *Files) Prune(ctx context.Context) error {
	before := f.Now().Add(-keptFor).UnixMilli()
	old := file.Or(file.And(file.RemovedAtGT(0), file.RemovedAtLT(before)), file.And(file.RemovedAt(0), file.Approved(false), file.UploadedAtLT(before)))
	for after := ""; ; {
		ids, err := f.Client.File.Query().Where(old, file.IDGT(after)).Order(file.ByID()).Limit(100).IDs(ctx)
		if err != nil {
			return fmt.Errorf("list files to forget: %w", err)
		}
		for _, id := range ids {
			if err := f.write(ctx, func(tx *ent.Tx) error { return forget(ctx, tx, tx.File.Query().Where(old, file.ID(id))) }); err != nil {
				return fmt.Errorf("forget a file: %w", err)
			}
			after = id
		}
		if len(ids) < 100 {
			return nil
		}
	}
}

// forget takes a file away for good, unless a document refers to it, and its bytes with it when no other file has them.
func forget(ctx context.Context, tx *ent.Tx, which *ent.FileQuery) error {
	row, err := which.Only(ctx)
	if ent.IsNotFound(err) {
		return nil // it was put back meanwhile
	} else if err != nil {
		return err
	}
	if used, err := inUse(ctx, tx, row); used || err != nil {
		return err
	}
	if err := tx.File.DeleteOne(row).Exec(ctx); err != nil {
		return err
	}
	shared, err := tx.File.Query().Where(file.Hash(row.Hash)).Exist(ctx)
	if shared || err != nil {
		return err
	}
	_, err = tx.FileChunk.Delete().Where(filechunk.IDGT(row.Hash+"/"), filechunk.IDLT(row.Hash+"0")).Exec(ctx)
	return err
}
