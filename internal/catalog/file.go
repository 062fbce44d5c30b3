package catalog

import (
	"context"
	"fmt"

	"github.com/udc-community/plein/ent/file"
	"github.com/udc-community/plein/internal/record"
)

// nameFiles fills in what is known of the files that a document refers to. A new reference has to be to an upload of
// this record; of any other it is not told whether it exists.
func (w *Writer) nameFiles(ctx context.Context, r, before record.Record) (record.Problems, error) {
	known := map[string]*record.File{}
	if before != nil {
		for _, f := range record.Files(before) {
			known[f.ID] = f
		}
	}
	var fresh []string
	for _, f := range record.Files(r) {
		if known[f.ID] == nil {
			fresh = append(fresh, f.ID)
		}
	}
	if len(fresh) > 0 {
		rows, err := w.tx.File.Query().Where(file.IDIn(fresh...), file.RecordID(r.Base().ID), file.RemovedAt(0)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("look up files: %w", err)
		}
		for _, row := range rows {
			known[row.ID] = &record.File{ID: row.ID, Name: row.Name, MediaType: row.MediaType, ByteSize: int(row.ByteSize), UploadedAt: moment(row.UploadedAt)}
		}
	}
	var ps record.Problems
	for _, f := range record.Files(r) {
		if known[f.ID] == nil {
			ps = append(ps, record.NoSuch("outputs", "file"))
		} else {
			*f = *known[f.ID]
		}
	}
	return ps, nil
}

// approveFiles notes that what was approved refers to files, which stay from then on until somebody removes them.
func (w *Writer) approveFiles(ctx context.Context, r record.Record) error {
	var ids []string
	for _, f := range record.Files(r) {
		ids = append(ids, f.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := w.tx.File.Update().Where(file.IDIn(ids...), file.Approved(false)).SetApproved(true).Exec(ctx); err != nil {
		return fmt.Errorf("keep the files of %s: %w", r.Base().ID, err)
	}
	return nil
}
