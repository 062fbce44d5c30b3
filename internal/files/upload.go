package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	stdsql "database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/file"
	"github.com/udc-community/plein/ent/filechunk"
	"github.com/udc-community/plein/internal/archive"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/privacy"
	"github.com/udc-community/plein/internal/record"
)

const (
	// MaxBytes is how large a file is at the most: 20 MB, as people count them, and a little.
	MaxBytes = 20 << 20
	// chunk is how many bytes are kept, and read, together.
	chunk = 256 << 10
	// maxOfRecord is how many files a project has.
	maxOfRecord = 100
)

// ErrTooLarge says that a file has more than MaxBytes.
var ErrTooLarge = errors.New("the file is too large")

// Received is a file that has come in and is kept nowhere yet.
type Received struct {
	name string
	size int64
	hash string
	body *os.File
}

// Receive takes a file in, with the name that the sender gave it. It waits for the sender without holding anything but a
// file on disk that nobody else can find, which Close takes away. The error is ErrTooLarge, ErrNoRoom, or of reading.
func (f *Files) Receive(name string, from io.Reader) (*Received, error) {
	body, err := os.CreateTemp(f.Dir, "upload-")
	if err != nil {
		return nil, fmt.Errorf("take a file in: %w", err)
	}
	r := &Received{name: name, body: body}
	hash := sha256.New()
	// Without a name it goes with the process, whatever happens to that.
	if err = os.Remove(body.Name()); err == nil {
		r.size, err = io.Copy(io.MultiWriter(body, hash), io.LimitReader(from, MaxBytes+1))
	}
	if err == nil && r.size > MaxBytes {
		err = ErrTooLarge
	}
	if err != nil && f.Full(err) {
		err = errors.Join(ErrNoRoom, err)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("take a file in: %w", err), r.Close())
	}
	r.hash = hex.EncodeToString(hash.Sum(nil))
	return r, nil
}

// Close forgets what came in.
func (r *Received) Close() error { return r.body.Close() }

// Kept is a file after it was kept.
type Kept struct {
	*record.File
	// Warnings are about what seems to be personal data in it.
	Warnings record.Problems
}

// MayKeep tells whether the viewer may upload files for a project. The error is record.Problems for one that is not there
// or not the viewer's to know of, or what policy answers.
func (f *Files) MayKeep(ctx context.Context, recordID string) error {
	return f.mayWrite(ctx, f.Client.Draft, recordID)
}

// mayWrite looks the working copy up and asks whether the viewer may write its results.
func (f *Files) mayWrite(ctx context.Context, drafts *ent.DraftClient, recordID string) error {
	v := identity.From(ctx)
	if err := policy.MayAnywhere(v, policy.WriteResults); err != nil {
		return err
	}
	row, err := drafts.Query().Where(draft.ID(recordID), draft.DiscardedAt(0)).Select(draft.FieldID, draft.FieldKind, draft.FieldPublisherID, draft.FieldState).Only(ctx)
	if ent.IsNotFound(err) {
		return record.Problems{record.NoSuch("record")}
	} else if err != nil {
		return fmt.Errorf("look up a working copy: %w", err)
	}
	target := f.target(row)
	if err := policy.May(v, policy.WriteResults, target); err != nil {
		if policy.May(v, policy.ReadDraft, target) == nil {
			return err
		}
		return record.Problems{record.NoSuch("record")}
	}
	if row.Kind != string(record.ProjectType) {
		return record.Problems{record.Wrong(record.Invalid, "Bestanden horen bij een project.", "Files belong to a project.", "record")}
	}
	return nil
}

// target is a working copy as policy knows it.
func (f *Files) target(row *ent.Draft) policy.Target {
	t := policy.In(f.Catalog.Reference().Organization(row.PublisherID))
	t.ProjectID = row.ID
	return t
}

// Keep decides what came in is and keeps it for a project, durably when it returns. The same bytes again are the same
// file of the project, under the name that it had. The error is record.Problems for what the sender can mend, a
// *TypeError, or what policy answers.
func (f *Files) Keep(ctx context.Context, recordID string, r *Received) (*Kept, error) {
	if err := f.MayKeep(ctx, recordID); err != nil {
		return nil, err
	}
	if r.size == 0 {
		return nil, record.Problems{record.Wrong(record.Required, "Dit bestand is leeg.", "This file is empty.", "file")}
	}
	media, err := detect(r.name, r.body, r.size)
	if err != nil {
		return nil, err
	}
	warnings, err := warn(media.name, r)
	if err != nil {
		return nil, err
	}
	kept, err := f.store(ctx, recordID, clean(r.name, media), media.name, r)
	if err != nil {
		return nil, err
	}
	return &Kept{File: kept, Warnings: warnings}, nil
}

// warn tells what seems to be personal data in a file.
func warn(media string, r *Received) (record.Problems, error) {
	totals, err := privacy.SuspectFile(media, r.body, r.size)
	switch {
	case errors.Is(err, archive.ErrTooLarge), errors.Is(err, archive.ErrInvalid):
		// What cannot be read to its end was looked at as far as it goes.
	case err != nil:
		return nil, fmt.Errorf("look for personal data: %w", err)
	}
	return privacy.FileWarnings(totals), nil
}

// store writes a file and its bytes in one transaction.
func (f *Files) store(ctx context.Context, recordID, name, media string, r *Received) (out *record.File, err error) {
	err = f.write(ctx, func(tx *ent.Tx) error {
		// While the sender was sending, the project may have become somebody else's.
		if err := f.mayWrite(ctx, tx.Draft, recordID); err != nil {
			return err
		}
		rows, err := tx.File.Query().Where(file.RecordID(recordID)).All(ctx)
		if err != nil {
			return fmt.Errorf("look up the files of a project: %w", err)
		}
		for _, row := range rows {
			if row.Hash == r.hash {
				row, err = row.Update().SetRemovedAt(0).SetUploadedAt(f.Now().UnixMilli()).Save(ctx)
				out = fromRow(row)
				return err
			}
		}
		if len(rows) >= maxOfRecord {
			return record.Problems{record.Wrong(record.TooMany, fmt.Sprintf("Dit project heeft al %d bestanden. Wat u verwijdert, telt nog 30 dagen mee: zo lang kunt u het terughalen.", maxOfRecord),
				fmt.Sprintf("This project has %d files already. What you remove counts for another 30 days: as long as you can take it back.", maxOfRecord), "record")}
		}
		if err := storeBytes(ctx, tx, r); err != nil {
			return err
		}
		row, err := tx.File.Create().SetID(record.NewID(record.FilePrefix)).SetRecordID(recordID).SetName(name).SetMediaType(media).
			SetByteSize(r.size).SetHash(r.hash).SetUploadedAt(f.Now().UnixMilli()).Save(ctx)
		out = fromRow(row)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep a file: %w", err)
	}
	return out, nil
}

// storeBytes writes what is not there yet. All of it is sent, also when it is: how long it takes tells nobody what
// others have uploaded.
func storeBytes(ctx context.Context, tx *ent.Tx, r *Received) error {
	if _, err := r.body.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read what came in: %w", err)
	}
	for n, buffer := 0, make([]byte, chunk); ; n++ {
		read, err := io.ReadFull(r.body, buffer)
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("read what came in: %w", err)
		}
		err = tx.FileChunk.Create().SetID(chunkID(r.hash, n)).SetBody(bytes.Clone(buffer[:read])).OnConflictColumns(filechunk.FieldID).DoNothing().Exec(ctx)
		if err != nil && !errors.Is(err, stdsql.ErrNoRows) { // so ent calls an insert that had nothing to do
			return fmt.Errorf("write the bytes of a file: %w", err)
		}
	}
}

func chunkID(hash string, n int) string { return fmt.Sprintf("%s/%04d", hash, n) }
