package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/importing"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// ErrForbidden is the answer to a write by somebody who may not. It is the one of policy, which not everybody imports.
var ErrForbidden = policy.ErrForbidden

// ImportState says how far an import is.
type ImportState string

// States of an import: uploaded → running → done, and from the last two → undone.
const (
	ImportUploaded ImportState = "UPLOADED"
	ImportRunning  ImportState = "RUNNING"
	ImportDone     ImportState = "DONE"
	ImportUndone   ImportState = "UNDONE"
)

const (
	// sheetLife is how long the cells of a sheet are kept.
	sheetLife = 24 * time.Hour
	// sheetsWaiting is how many sheets of an organisation wait to be run; with one more the oldest goes.
	sheetsWaiting = 10
	// importsListed is how many imports a list has, newest first.
	importsListed = 100

	importPrefix = "imp"
)

// Import is a spreadsheet that was uploaded for an organisation, and what became of it.
type Import struct {
	ID             string
	OrganizationID string
	FileName       string
	State          ImportState
	CreatedAt      time.Time
	RanAt          time.Time
	UndoneAt       time.Time
	// Rows of the sheet. Done of them were seen to, and Removed drafts were taken away again.
	Rows, Done, Removed int
	// Sheet is what the cells say; empty once the import was run, or a day went by.
	Sheet []byte
	// Settings say how it was run, and Skipped which rows made nothing; in the words of whoever ran it.
	Settings, Skipped []byte
}

// ImportedDraft is a working copy that an import made and that was not thrown away.
type ImportedDraft struct {
	Row      int
	ID       string
	Title    string
	Revision int
	State    record.State
}

// Untouched tells whether nobody has changed the working copy since it was made.
func (d ImportedDraft) Untouched() bool { return d.Revision == 1 && d.State == record.Draft }

// MayImport tells whether the viewer may make working copies for an organisation: nil, or an error of policy.
func (c *Catalog) MayImport(ctx context.Context, organizationID string) error {
	return policy.MayWrite(identity.From(ctx), c.Reference().Organization(organizationID))
}

// Import is one import with its sheet, for as long as that is kept.
func (c *Catalog) Import(ctx context.Context, id string) (*Import, error) {
	row, err := c.Client.Importing.Get(ctx, id)
	im, err := known(row, err, identity.From(ctx), c.Reference())
	if err == nil && c.Now().Sub(im.CreatedAt) > sheetLife {
		im.Sheet = nil
	}
	return im, err
}

// known is an import for those who may run it; for others it does not exist.
func known(row *ent.Importing, err error, v identity.Viewer, ref *record.Reference) (*Import, error) {
	if v.Anonymous() {
		return nil, policy.ErrUnauthenticated
	}
	if err != nil && !ent.IsNotFound(err) {
		return nil, fmt.Errorf("load an import: %w", err)
	}
	if err != nil || policy.MayWrite(v, ref.Organization(row.OrganizationID)) != nil {
		return nil, record.Problems{record.NoSuch("id")}
	}
	return fromImporting(row), nil
}

// Imports of an organisation, newest first, without their sheets and rows.
func (c *Catalog) Imports(ctx context.Context, organizationID string) ([]*Import, error) {
	if err := c.MayImport(ctx, organizationID); err != nil {
		return nil, err
	}
	var bare []string
	for _, column := range importing.Columns {
		if !slices.Contains([]string{importing.FieldSheet, importing.FieldSettings, importing.FieldSkipped}, column) {
			bare = append(bare, column)
		}
	}
	rows, err := c.Client.Importing.Query().Where(importing.OrganizationID(organizationID)).
		Order(importing.ByCreatedAt(descending), importing.ByID(descending)).Limit(importsListed).Select(bare...).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	out := make([]*Import, len(rows))
	for i, row := range rows {
		out[i] = fromImporting(row)
	}
	return out, nil
}

func fromImporting(row *ent.Importing) *Import {
	moment := func(at int64) time.Time {
		if at == 0 {
			return time.Time{}
		}
		return time.UnixMilli(at).UTC()
	}
	return &Import{ID: row.ID, OrganizationID: row.OrganizationID, FileName: row.FileName, State: ImportState(row.State),
		CreatedAt: moment(row.CreatedAt), RanAt: moment(row.RanAt), UndoneAt: moment(row.UndoneAt),
		Rows: row.Rows, Done: row.Done, Removed: row.Removed, Sheet: row.Sheet, Settings: row.Settings, Skipped: row.Skipped}
}

// ImportedDrafts are the working copies that an import made and that are still there, in the order of its rows.
func (c *Catalog) ImportedDrafts(ctx context.Context, im *Import) ([]ImportedDraft, error) {
	if err := c.MayImport(ctx, im.OrganizationID); err != nil {
		return nil, err
	}
	// "0" is the character after "/".
	rows, err := c.Client.Draft.Query().Where(draft.PublisherID(im.OrganizationID), draft.IdempotencyKeyGT(im.ID+"/"), draft.IdempotencyKeyLT(im.ID+"0")).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list what an import made: %w", err)
	}
	out := make([]ImportedDraft, len(rows))
	for i, row := range rows {
		r, err := fromDraft(row)
		if err != nil {
			return nil, err
		}
		_, number, _ := strings.Cut(*row.IdempotencyKey, "/")
		n, err := strconv.Atoi(number)
		if err != nil {
			return nil, fmt.Errorf("list what an import made: %w", err)
		}
		out[i] = ImportedDraft{Row: n, ID: row.ID, Title: r.Base().Title.In(r.Base().Language), Revision: row.Revision, State: record.State(row.State)}
	}
	slices.SortFunc(out, func(a, b ImportedDraft) int { return a.Row - b.Row })
	return out, nil
}

// Titled is a working copy by its title.
type Titled struct {
	ID    string
	Title record.Text
}

// Titles of all working copies of an organisation, without those that were withdrawn or thrown away.
func (c *Catalog) Titles(ctx context.Context, organizationID string) ([]Titled, error) {
	if err := c.MayImport(ctx, organizationID); err != nil {
		return nil, err
	}
	rows, err := c.Client.Draft.Query().Where(draft.PublisherID(organizationID), draft.StateNEQ(string(record.Withdrawn)), draft.DiscardedAt(0)).
		Select(draft.FieldID, draft.FieldBody).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list titles: %w", err)
	}
	out := make([]Titled, len(rows))
	for i, row := range rows {
		if out[i], err = titled(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// OpenImport keeps a sheet that was uploaded, for a day. When too many wait, the oldest goes.
func (w *Writer) OpenImport(ctx context.Context, organizationID, fileName string, rows int, sheet []byte) (*Import, error) {
	if err := policy.MayWrite(w.viewer, w.ref.Organization(organizationID)); err != nil {
		return nil, err
	}
	waiting, err := w.tx.Importing.Query().Where(importing.OrganizationID(organizationID), importing.State(string(ImportUploaded))).
		Order(importing.ByCreatedAt(descending), importing.ByID(descending)).Offset(sheetsWaiting - 1).IDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("look which sheets wait: %w", err)
	}
	if _, err := w.tx.Importing.Delete().Where(importing.IDIn(waiting...)).Exec(ctx); err != nil {
		return nil, fmt.Errorf("make room for a sheet: %w", err)
	}
	row, err := w.tx.Importing.Create().SetID(record.NewID(importPrefix)).SetOrganizationID(organizationID).SetActor(w.viewer.Actor()).
		SetCreatedAt(w.now.UnixMilli()).SetFileName(fileName).SetState(string(ImportUploaded)).SetRows(rows).SetSheet(sheet).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("keep a sheet: %w", err)
	}
	return fromImporting(row), nil
}

// lockImport loads an import that is in one of the states.
func (w *Writer) lockImport(ctx context.Context, id string, states ...ImportState) (*Import, error) {
	row, err := w.tx.Importing.Get(ctx, id)
	im, err := known(row, err, w.viewer, w.ref)
	if err != nil {
		return nil, err
	}
	if slices.Contains(states, im.State) {
		return im, nil
	}
	if im.State == ImportUndone {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Deze import is ongedaan gemaakt. Stuur het bestand opnieuw in.", "This import was undone. Upload the file again.")}
	}
	return nil, record.Problems{record.Wrong(record.IllegalTransition, "Deze import is al uitgevoerd of nog niet begonnen.", "This import was run already, or has not begun.")}
}

// BeginImport starts an import that was uploaded.
func (w *Writer) BeginImport(ctx context.Context, id string, settings []byte) error {
	if _, err := w.lockImport(ctx, id, ImportUploaded); err != nil {
		return err
	}
	err := w.tx.Importing.Update().Where(importing.ID(id)).SetState(string(ImportRunning)).SetSettings(settings).SetRanAt(w.now.UnixMilli()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("begin an import: %w", err)
	}
	return nil
}

// ImportDraft makes the working copy of a row, once: a row that was imported before gives what it made then.
func (w *Writer) ImportDraft(ctx context.Context, im *Import, row int, r record.Record) (record.Record, error) {
	return w.Create(ctx, r, Origin{IdempotencyKey: im.ID + "/" + strconv.Itoa(row)})
}

// AdvanceImport notes how many rows were seen to. It refuses when somebody undid the import meanwhile.
func (w *Writer) AdvanceImport(ctx context.Context, id string, done int) error {
	if _, err := w.lockImport(ctx, id, ImportRunning); err != nil {
		return err
	}
	if err := w.tx.Importing.Update().Where(importing.ID(id)).SetDone(done).Exec(ctx); err != nil {
		return fmt.Errorf("note how far an import is: %w", err)
	}
	return nil
}

// EndImport notes that all rows were seen to, and lets go of the sheet.
func (w *Writer) EndImport(ctx context.Context, id string, skipped []byte) error {
	im, err := w.lockImport(ctx, id, ImportRunning)
	if err != nil {
		return err
	}
	err = w.tx.Importing.Update().Where(importing.ID(id)).SetState(string(ImportDone)).SetDone(im.Rows).SetSkipped(skipped).ClearSheet().Exec(ctx)
	if err != nil {
		return fmt.Errorf("end an import: %w", err)
	}
	return nil
}

// UndoImport marks an import as undone, so that nothing more comes of it, and adds to the number of drafts that were
// removed.
func (w *Writer) UndoImport(ctx context.Context, id string, removed int) error {
	im, err := w.lockImport(ctx, id, ImportRunning, ImportDone, ImportUndone)
	if err != nil {
		return err
	}
	q := w.tx.Importing.Update().Where(importing.ID(id)).SetState(string(ImportUndone)).AddRemoved(removed).ClearSheet()
	if im.UndoneAt.IsZero() {
		q.SetUndoneAt(w.now.UnixMilli())
	}
	if err := q.Exec(ctx); err != nil {
		return fmt.Errorf("undo an import: %w", err)
	}
	return nil
}

// ForgetSheets removes the sheets of a day ago. Those that were never run leave nothing behind.
func (c *Catalog) ForgetSheets(ctx context.Context) error {
	tx, err := c.Begin(ctx)
	if err != nil {
		return err
	}
	old := importing.CreatedAtLT(c.Now().Add(-sheetLife).UnixMilli())
	_, err = tx.Importing.Delete().Where(old, importing.State(string(ImportUploaded))).Exec(ctx)
	if err == nil {
		err = tx.Importing.Update().Where(old, importing.SheetNotNil()).ClearSheet().Exec(ctx)
	}
	if err != nil {
		return fmt.Errorf("forget uploaded sheets: %w", errors.Join(err, tx.Rollback()))
	}
	return tx.Commit()
}

// titled reads nothing but the title of a document.
func titled(row *ent.Draft) (Titled, error) {
	var head struct {
		Title record.Text `json:"title"`
	}
	if err := json.Unmarshal(row.Body, &head); err != nil {
		return Titled{}, fmt.Errorf("read the title of %s: %w", row.ID, err)
	}
	return Titled{ID: row.ID, Title: head.Title}, nil
}
