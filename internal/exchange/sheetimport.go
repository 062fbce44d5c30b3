package exchange

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

// Sheets brings uploaded spreadsheets in, as working copies of the viewer's organisation, and takes them out again. Every
// row becomes a draft that somebody still has to look at and publish.
type Sheets struct{ Catalog *catalog.Catalog }

const (
	// sheetBatch is how many rows are written in one transaction. Other writers wait no longer than that takes.
	sheetBatch = 100
	// firstPlanned is how many rows an upload shows, and maxPlanned how many are shown at a time.
	firstPlanned = 50
	maxPlanned   = 200
	// maxFileName bounds what is kept of the name of a file, in characters.
	maxFileName = 120
)

// SheetPreview is what an import would do.
type SheetPreview struct {
	Import   *catalog.Import
	Columns  []SheetColumn
	Settings SheetSettings
	Counts   SheetCounts
	Rows     []PlannedRow
}

// SkippedRow is a row that made nothing.
type SkippedRow struct {
	Row int         `json:"row"`
	Why record.Text `json:"why"`
}

// SheetResult is what an import did.
type SheetResult struct {
	Import  *catalog.Import
	Made    []catalog.ImportedDraft
	Skipped []SkippedRow
}

// KeptDraft is a working copy that an undo left alone.
type KeptDraft struct {
	ID    string
	Title string
	Why   record.Text
}

// Upload reads a spreadsheet and keeps what it says for a day. What cannot be read is record.Problems.
func (s Sheets) Upload(ctx context.Context, organizationID, fileName string, b []byte) (*SheetPreview, error) {
	if err := s.Catalog.MayImport(ctx, organizationID); err != nil {
		return nil, err
	}
	sheet, err := ReadSheet(ctx, b)
	if err != nil {
		return nil, err
	}
	packed, err := sheet.encode()
	if err != nil {
		return nil, err
	}
	// Some browsers send a whole path.
	fileName = shorten(oneLine(path.Base(strings.ReplaceAll(fileName, `\`, "/"))), maxFileName)
	var im *catalog.Import
	err = s.Catalog.Write(ctx, func(w *catalog.Writer) error {
		im, err = w.OpenImport(ctx, organizationID, fileName, len(sheet.Rows), packed)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.preview(ctx, im, sheet, sheet.GuessSettings(), 0, firstPlanned)
}

// Preview works out what an import would do with other settings, or without a mapping with those that are guessed, and
// gives count of its rows from the from-th.
func (s Sheets) Preview(ctx context.Context, id string, settings SheetSettings, from, count int) (*SheetPreview, error) {
	im, err := s.Catalog.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	sheet, err := sheetOf(im)
	if err != nil {
		return nil, err
	}
	if settings.Fields == nil {
		guess := sheet.GuessSettings()
		settings.Fields, settings.Kind = guess.Fields, cmp.Or(settings.Kind, guess.Kind)
	}
	return s.preview(ctx, im, sheet, settings, from, min(count, maxPlanned))
}

func sheetOf(im *catalog.Import) (*Sheet, error) {
	if len(im.Sheet) == 0 {
		return nil, record.Problems{record.Wrong(record.IllegalTransition, "Dit bestand wordt niet meer bewaard. Stuur het opnieuw in.", "This file is no longer kept. Upload it again.")}
	}
	return decodeSheet(im.Sheet)
}

func (s Sheets) preview(ctx context.Context, im *catalog.Import, sheet *Sheet, settings SheetSettings, from, count int) (*SheetPreview, error) {
	out := &SheetPreview{Import: im, Columns: sheet.Columns(), Settings: settings, Rows: []PlannedRow{}}
	rows, err := s.plan(ctx, im, sheet, settings)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		switch row.State {
		case RowNew:
			out.Counts.New++
		case RowProblem:
			out.Counts.Problem++
		case RowDuplicate:
			out.Counts.Duplicate++
		}
	}
	if from = max(from, 0); from < len(rows) && count > 0 {
		out.Rows = rows[from:min(from+count, len(rows))]
	}
	for i := range out.Rows {
		record.NewGroup(s.Catalog.Reference(), out.Rows[i].Record)
		out.Rows[i].warn()
	}
	return out, nil
}

// plan works out all rows. What the import itself made before it was interrupted is no duplicate.
func (s Sheets) plan(ctx context.Context, im *catalog.Import, sheet *Sheet, settings SheetSettings) ([]PlannedRow, error) {
	p, err := newPlanner(s.Catalog.Reference(), sheet, settings, im.OrganizationID, s.Catalog.Now())
	if err != nil {
		return nil, err
	}
	made, err := s.Catalog.ImportedDrafts(ctx, im)
	if err != nil {
		return nil, err
	}
	own := make(map[string]bool, len(made))
	for _, d := range made {
		own[d.ID] = true
	}
	titles, err := s.Catalog.Titles(ctx, im.OrganizationID)
	if err != nil {
		return nil, err
	}
	for _, t := range titles {
		if own[t.ID] {
			continue
		}
		for _, title := range t.Title {
			p.existing[string(record.KindOf(t.ID).Type)+" "+plain(title)] = t.ID
		}
	}
	out := make([]PlannedRow, len(sheet.Rows))
	for i, row := range sheet.Rows {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("work out an import: %w", err)
		}
		out[i] = p.plan(row)
	}
	return out, nil
}

// Run makes the working copies, a hundred at a time, so that it can be followed (Result). Running an import again goes on
// where it was interrupted, with the settings that it began with; one that is done does nothing more.
func (s Sheets) Run(ctx context.Context, id string, settings SheetSettings) (*SheetResult, error) {
	im, err := s.Catalog.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	switch im.State {
	case catalog.ImportDone:
		return s.Result(ctx, id)
	case catalog.ImportRunning:
		settings = SheetSettings{}
		if err := json.Unmarshal(im.Settings, &settings); err != nil {
			return nil, fmt.Errorf("read the settings of an import: %w", err)
		}
	}
	sheet, err := sheetOf(im)
	if err != nil {
		return nil, err
	}
	rows, err := s.plan(ctx, im, sheet, settings)
	if err != nil {
		return nil, err
	}
	if im.State == catalog.ImportUploaded {
		if err := s.begin(ctx, id, settings); err != nil {
			return nil, err
		}
	}
	if err := s.write(ctx, im, rows); err != nil {
		return nil, err
	}
	return s.Result(ctx, id)
}

func (s Sheets) begin(ctx context.Context, id string, settings SheetSettings) error {
	asked, err := json.Marshal(settings)
	if err != nil {
		return fmt.Errorf("keep the settings of an import: %w", err)
	}
	return s.Catalog.Write(ctx, func(w *catalog.Writer) error { return w.BeginImport(ctx, id, asked) })
}

// write makes the working copies of the rows. A row that the catalogue refuses after all is skipped.
func (s Sheets) write(ctx context.Context, im *catalog.Import, rows []PlannedRow) error {
	skipped := []SkippedRow{}
	done := 0
	for batch := range slices.Chunk(rows, sheetBatch) {
		err := s.Catalog.Write(ctx, func(w *catalog.Writer) error {
			for _, row := range batch {
				if row.Skipped {
					skipped = append(skipped, SkippedRow{row.Row, row.why()})
					continue
				}
				_, err := w.ImportDraft(ctx, im, row.Row, row.Record)
				var wrong record.Problems
				if errors.As(err, &wrong) {
					skipped = append(skipped, SkippedRow{row.Row, messages(wrong)})
				} else if err != nil {
					return fmt.Errorf("import row %d: %w", row.Row, err)
				}
			}
			done += len(batch)
			return w.AdvanceImport(ctx, im.ID, done)
		})
		if err != nil {
			return err
		}
	}
	said, err := json.Marshal(skipped)
	if err != nil {
		return fmt.Errorf("keep what an import skipped: %w", err)
	}
	return s.Catalog.Write(ctx, func(w *catalog.Writer) error { return w.EndImport(ctx, im.ID, said) })
}

// why says why nothing comes of a row.
func (r *PlannedRow) why() record.Text {
	if r.State == RowDuplicate {
		return r.Duplicate()
	}
	var wrong record.Problems
	for _, f := range r.Findings {
		column := f.Heading
		if column == "" {
			column = f.Column
		}
		p := record.Problem{Message: f.Message}
		if column != "" {
			p.Message = record.Text{record.Dutch: column + ": " + f.Message.In(record.Dutch), record.English: column + ": " + f.Message.In(record.English)}
		}
		wrong = append(wrong, p)
	}
	return messages(wrong)
}

// Duplicate says what a row is the same as; nil when it is not.
func (r *PlannedRow) Duplicate() record.Text {
	switch {
	case r.SameAsRow > 0:
		return record.Text{record.Dutch: fmt.Sprintf("Rij %d heeft dezelfde titel.", r.SameAsRow), record.English: fmt.Sprintf("Row %d has the same title.", r.SameAsRow)}
	case r.SameAs != "":
		return record.Text{record.Dutch: "Uw organisatie heeft dit al, onder dezelfde titel.", record.English: "Your organisation has this already, under the same title."}
	}
	return nil
}

func messages(wrong record.Problems) record.Text {
	var nl, en []string
	for _, p := range wrong {
		nl, en = append(nl, p.Message.In(record.Dutch)), append(en, p.Message.In(record.English))
	}
	return record.Text{record.Dutch: strings.Join(nl, " "), record.English: strings.Join(en, " ")}
}

// Result says how far an import is and, once it is done, what it made and what of that is still there.
func (s Sheets) Result(ctx context.Context, id string) (*SheetResult, error) {
	im, err := s.Catalog.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &SheetResult{Import: im, Made: []catalog.ImportedDraft{}, Skipped: []SkippedRow{}}
	if im.State != catalog.ImportDone && im.State != catalog.ImportUndone {
		return out, nil
	}
	if len(im.Skipped) > 0 {
		if err := json.Unmarshal(im.Skipped, &out.Skipped); err != nil {
			return nil, fmt.Errorf("read what an import skipped: %w", err)
		}
	}
	out.Made, err = s.Catalog.ImportedDrafts(ctx, im)
	return out, err
}

// Undo throws away the working copies that an import made and that nobody has changed since. It gives how many, and those
// that it left alone.
func (s Sheets) Undo(ctx context.Context, id string) (removed int, kept []KeptDraft, err error) {
	im, err := s.Catalog.Import(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	// First, so that an import that is still running stops.
	if err := s.Catalog.Write(ctx, func(w *catalog.Writer) error { return w.UndoImport(ctx, id, 0) }); err != nil {
		return 0, nil, err
	}
	drafts, err := s.Catalog.ImportedDrafts(ctx, im)
	if err != nil {
		return 0, nil, err
	}
	for batch := range slices.Chunk(drafts, sheetBatch) {
		gone := 0
		err := s.Catalog.Write(ctx, func(w *catalog.Writer) error {
			for _, d := range batch {
				err := errTouched
				if d.Untouched() {
					_, err = w.Discard(ctx, d.ID, d.Revision)
				}
				var changed record.Problems
				switch {
				case err == nil:
					gone++
				case errors.Is(err, errTouched), errors.As(err, &changed):
					kept = append(kept, KeptDraft{ID: d.ID, Title: d.Title, Why: whyKept(d)})
				default:
					return fmt.Errorf("undo row %d: %w", d.Row, err)
				}
			}
			return w.UndoImport(ctx, id, gone)
		})
		if err != nil {
			return removed, nil, err
		}
		removed += gone
	}
	return removed, kept, nil
}

var errTouched = errors.New("somebody worked on it")

func whyKept(d catalog.ImportedDraft) record.Text {
	switch d.State {
	case record.Published, record.Archived:
		return record.Text{record.Dutch: "Dit is al gepubliceerd.", record.English: "This was published already."}
	case record.Withdrawn:
		return record.Text{record.Dutch: "Dit is ingetrokken.", record.English: "This was withdrawn."}
	}
	return record.Text{record.Dutch: "Hier is na de import aan gewerkt.", record.English: "Somebody worked on this after the import."}
}
