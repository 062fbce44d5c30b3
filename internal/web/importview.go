package web

import (
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
)

// What is said of imports, in JSON. docs/import-sheets.md describes it.

type importSaid struct {
	ID           string              `json:"id"`
	Organization string              `json:"organization"`
	FileName     string              `json:"fileName"`
	State        catalog.ImportState `json:"state"`
	CreatedAt    time.Time           `json:"createdAt"`
	RanAt        time.Time           `json:"ranAt,omitzero"`
	UndoneAt     time.Time           `json:"undoneAt,omitzero"`
	Rows         int                 `json:"rows"`
	Progress     progressSaid        `json:"progress"`
	Removed      int                 `json:"removed"`
}

type progressSaid struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

func sayImport(im *catalog.Import) importSaid {
	return importSaid{ID: im.ID, Organization: im.OrganizationID, FileName: im.FileName, State: im.State, CreatedAt: im.CreatedAt,
		RanAt: im.RanAt, UndoneAt: im.UndoneAt, Rows: im.Rows, Progress: progressSaid{im.Done, im.Rows}, Removed: im.Removed}
}

func sayImports(list []*catalog.Import) any {
	out := make([]importSaid, len(list))
	for i, im := range list {
		out[i] = sayImport(im)
	}
	return map[string]any{"imports": out}
}

type previewSaid struct {
	importSaid
	Columns  []columnSaid           `json:"columns"`
	Fields   []fieldSaid            `json:"fields"`
	Settings exchange.SheetSettings `json:"settings"`
	Counts   exchange.SheetCounts   `json:"counts"`
	Preview  []rowSaid              `json:"preview"`
}

type columnSaid struct {
	Key        string   `json:"key"`
	Name       string   `json:"name"`
	Sample     []string `json:"sample"`
	Field      *string  `json:"field"`
	Confidence float64  `json:"confidence"`
}

type fieldSaid struct {
	Name  string `json:"name"`
	Label string `json:"label"`
	Many  bool   `json:"many"`
}

type rowSaid struct {
	Row            int               `json:"row"`
	Kind           record.Type       `json:"kind"`
	State          exchange.RowState `json:"state"`
	WillBeSkipped  bool              `json:"willBeSkipped"`
	Title          string            `json:"title"`
	Summary        string            `json:"summary"`
	Question       string            `json:"question,omitempty"`
	Phase          string            `json:"phase,omitempty"`
	StartedOn      record.Date       `json:"startedOn,omitempty"`
	FinishedOn     record.Date       `json:"finishedOn,omitempty"`
	Municipalities []string          `json:"municipalities,omitempty"`
	PolicyDomains  []string          `json:"policyDomains,omitempty"`
	Methods        []string          `json:"methods,omitempty"`
	Steps          []string          `json:"steps,omitempty"`
	Problems       []findingSaid     `json:"problems"`
	Duplicate      *duplicateSaid    `json:"duplicate"`
}

type findingSaid struct {
	Row      int         `json:"row"`
	Column   string      `json:"column,omitempty"`
	Heading  string      `json:"heading,omitempty"`
	Field    string      `json:"field,omitempty"`
	Code     record.Code `json:"code"`
	Message  string      `json:"message"`
	Blocking bool        `json:"blocking"`
	Warning  bool        `json:"warning"`
}

type duplicateSaid struct {
	ID      string `json:"id,omitempty"`
	Row     int    `json:"row,omitempty"`
	Message string `json:"message"`
}

// shownText is how much of a text a preview shows, in characters.
const shownText = 300

func sayPreview(p *exchange.SheetPreview, language record.Language) previewSaid {
	out := previewSaid{importSaid: sayImport(p.Import), Settings: p.Settings, Counts: p.Counts, Columns: []columnSaid{}, Fields: []fieldSaid{}, Preview: []rowSaid{}}
	for _, c := range p.Columns {
		said := columnSaid{Key: c.Key, Name: c.Name, Sample: c.Sample, Confidence: c.Confidence}
		if c.Field != "" {
			said.Field = &c.Field
		}
		out.Columns = append(out.Columns, said)
	}
	for _, f := range exchange.FieldChoices() {
		out.Fields = append(out.Fields, fieldSaid{f.Name, f.Label.In(language), f.Many})
	}
	for i := range p.Rows {
		out.Preview = append(out.Preview, sayRow(&p.Rows[i], language))
	}
	return out
}

func sayRow(row *exchange.PlannedRow, language record.Language) rowSaid {
	s := row.Record.Base()
	text := func(t record.Text) string { return cut(t.In(s.Language)) }
	out := rowSaid{Row: row.Row, Kind: row.Kind, State: row.State, WillBeSkipped: row.Skipped, Title: text(s.Title), Summary: text(s.Summary), Problems: []findingSaid{}}
	switch r := row.Record.(type) {
	case *record.Project:
		out.Question, out.Phase, out.StartedOn, out.FinishedOn = text(r.Question), r.Phase.Label().In(language), r.StartedOn, r.FinishedOn
		for _, m := range r.Municipalities() {
			out.Municipalities = append(out.Municipalities, m.Name)
		}
		out.PolicyDomains, out.Methods = labels(r.PolicyDomains(), language), labels(r.Methods(), language)
	case *record.Lesson:
		for _, step := range r.StepsInFull() {
			out.Steps = append(out.Steps, step.Title.In(language))
		}
	}
	for _, f := range row.Findings {
		out.Problems = append(out.Problems, findingSaid{f.Row, f.Column, f.Heading, f.Field, f.Code, f.Message.In(language), f.Blocking, f.IsWarning()})
	}
	if same := row.Duplicate(); same != nil {
		out.Duplicate = &duplicateSaid{row.SameAs, row.SameAsRow, same.In(language)}
	}
	return out
}

// cut shows the beginning of a long text.
func cut(s string) string {
	if r := []rune(s); len(r) > shownText {
		return string(r[:shownText]) + "…"
	}
	return s
}

func labels(cs []*record.Concept, language record.Language) []string {
	var out []string
	for _, c := range cs {
		out = append(out, c.Label.In(language))
	}
	return out
}

type resultSaid struct {
	importSaid
	Made    []madeSaid    `json:"made"`
	Skipped []skippedSaid `json:"skipped"`
}

type madeSaid struct {
	Row   int    `json:"row"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

type skippedSaid struct {
	Row int    `json:"row"`
	Why string `json:"why"`
}

func sayResult(r *exchange.SheetResult, language record.Language) resultSaid {
	out := resultSaid{importSaid: sayImport(r.Import), Made: []madeSaid{}, Skipped: []skippedSaid{}}
	for _, d := range r.Made {
		out.Made = append(out.Made, madeSaid{d.Row, d.ID, d.Title})
	}
	for _, x := range r.Skipped {
		out.Skipped = append(out.Skipped, skippedSaid{x.Row, x.Why.In(language)})
	}
	return out
}

type undoneSaid struct {
	Removed int        `json:"removed"`
	Kept    []keptSaid `json:"kept"`
}

type keptSaid struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Why   string `json:"why"`
}

func sayUndone(removed int, kept []exchange.KeptDraft, language record.Language) undoneSaid {
	out := undoneSaid{Removed: removed, Kept: []keptSaid{}}
	for _, d := range kept {
		out.Kept = append(out.Kept, keptSaid{d.ID, d.Title, d.Why.In(language)})
	}
	return out
}
