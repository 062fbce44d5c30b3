package exchange

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/privacy"
	"github.com/udc-community/plein/internal/record"
)

// SheetSettings say how the rows of a sheet become working copies.
type SheetSettings struct {
	// Fields by column, such as A: title. Columns that are not here are passed over.
	Fields map[string]string `json:"mapping"`
	// Kind is what rows are that do not say so themselves: PROJECT or LESSON.
	Kind record.Type `json:"kind"`
	// Language is that of the texts in rows that do not say so themselves.
	Language record.Language `json:"language"`
	// SkipProblems leaves out rows of which a cell could not be read; otherwise they come in without that cell.
	SkipProblems bool `json:"skipProblems"`
	// IncludeDuplicates brings in what the organisation, or the sheet, has under the same title already.
	IncludeDuplicates bool `json:"includeDuplicates"`
}

// GuessSettings are those that follow from the headings.
func (s *Sheet) GuessSettings() SheetSettings {
	out := SheetSettings{Fields: map[string]string{}, Kind: s.kind(), Language: record.Dutch}
	for _, c := range s.Columns() {
		if c.Field != "" {
			out.Fields[c.Key] = c.Field
		}
	}
	return out
}

// RowState says what a row would make.
type RowState string

// States of a row.
const (
	RowNew       RowState = "NEW"
	RowProblem   RowState = "PROBLEM"
	RowDuplicate RowState = "DUPLICATE"
)

// Finding is something that is wrong with a cell.
type Finding struct {
	Row int
	// Column and Heading are empty where the finding is of no one cell.
	Column, Heading string
	// Field is that of the document.
	Field   string
	Code    record.Code
	Message record.Text
	// Blocking tells that the row cannot come in; otherwise it can, without the cell.
	Blocking bool
}

// IsWarning tells whether the finding keeps nothing out: what seems to be personal data.
func (f Finding) IsWarning() bool { return f.Code == record.PersonalDataSuspected }

// PlannedRow is a row with what it would make.
type PlannedRow struct {
	Row   int
	Kind  record.Type
	State RowState
	// Skipped tells that with these settings nothing would come of it.
	Skipped bool
	// Record is what the row says, as far as it could be read.
	Record   record.Record
	Findings []Finding
	// SameAs is the working copy with the same title, and SameAsRow the earlier row.
	SameAs    string
	SameAsRow int

	from *planner
	row  SheetRow
}

// warn adds what seems to be personal data in what the row would make.
func (r *PlannedRow) warn() {
	for _, p := range privacy.Warnings(r.Record) {
		r.Findings = append(r.Findings, r.from.finding(r.row, p, false))
	}
}

// SheetCounts counts rows by their state.
type SheetCounts struct {
	New       int `json:"new"`
	Problem   int `json:"problem"`
	Duplicate int `json:"duplicate"`
}

// sheetMapping has every field of a project come from a column of that name: that is how a planner hands it cells.
func sheetMapping() Mapping {
	of := func(field string) Rule { return Rule{Column: field} }
	return Mapping{Title: of("title"), Summary: of("summary"), Question: of("question"), Occasion: of("occasion"), Answer: of("answer"),
		Language: of("contentLanguage"), Phase: of("phase"), Complexity: of("complexity"), GoodFirst: of("goodFirstProject"),
		StartedOn: of("startedOn"), FinishedOn: of("finishedOn"), Municipalities: of("municipalities"), PolicyDomains: of("policyDomains"),
		TargetGroups: of("targetGroups"), Methods: of("methods"), GeoLevel: of("geoLevel"), License: of("license"), Aliases: of("aliases"),
		SourceLinks: of("sourceLinks")}
}

const (
	// maxValues is how many values a cell may hold: more than there are municipalities.
	maxValues = 500
	// maxFindings is how many a row has. Somebody who mends those sees the others the next time.
	maxFindings = 50
)

// planner works out what rows would make, in their order.
type planner struct {
	*mapper
	SheetSettings
	publisherID string
	now         time.Time
	header      []string
	columns     []mapped
	// existing are working copies of the organisation by kind and title; seen are earlier rows.
	existing map[string]string
	seen     map[string]int
	// steps are those of the template that the catalogue began with, by what people call them.
	steps map[string]record.StepRef
}

// mapped is a column with the field that it goes to.
type mapped struct {
	index int
	field *sheetField
}

// newPlanner refuses settings that cannot work.
func newPlanner(ref *record.Reference, sheet *Sheet, settings SheetSettings, publisherID string, now time.Time) (*planner, error) {
	p := &planner{mapper: newMapper(sheetMapping(), ref, nil), SheetSettings: settings, publisherID: publisherID, now: now,
		header: sheet.Header, existing: map[string]string{}, seen: map[string]int{}, steps: stepsByName(ref)}
	var wrong record.Problems
	add := func(code record.Code, nl, en, field string) { wrong = append(wrong, record.Wrong(code, nl, en, field)) }
	p.Kind, p.SheetSettings.Language = cmp.Or(p.Kind, record.ProjectType), cmp.Or(settings.Language, record.Dutch)
	if p.Kind != record.ProjectType && p.Kind != record.LessonType {
		add(record.Invalid, "Kies of de rijen projecten of lessen zijn.", "Choose whether the rows are projects or lessons.", "kind")
	}
	if p.SheetSettings.Language != record.Dutch && p.SheetSettings.Language != record.English {
		add(record.Invalid, "Kies Nederlands of Engels.", "Choose Dutch or English.", "language")
	}
	taken := map[string]string{}
	for i := range sheet.Header {
		name, ok := settings.Fields[columnName(i)]
		if !ok || name == "" {
			continue
		}
		f := fieldNamed(name)
		if f == nil {
			add(record.NotFound, fmt.Sprintf("Er is geen veld %q.", shorten(name, 60)), fmt.Sprintf("There is no field %q.", shorten(name, 60)), "mapping")
			continue
		}
		if other := taken[name]; other != "" && !f.many {
			add(record.Duplicate, fmt.Sprintf("Kolom %s en kolom %s kunnen niet allebei “%s” zijn.", other, columnName(i), f.label.In(record.Dutch)),
				fmt.Sprintf("Column %s and column %s cannot both be “%s”.", other, columnName(i), f.label.In(record.English)), "mapping")
			continue
		}
		taken[name] = columnName(i)
		p.columns = append(p.columns, mapped{i, f})
	}
	for key := range settings.Fields {
		if i := columnIndex(key); i < 0 || i >= len(sheet.Header) {
			add(record.NotFound, fmt.Sprintf("Het bestand heeft geen kolom %q.", shorten(key, 10)), fmt.Sprintf("The file has no column %q.", shorten(key, 10)), "mapping")
		}
	}
	if taken["title"] == "" && len(wrong) == 0 {
		add(record.Required, "Kies de kolom waarin de titel staat.", "Choose the column that holds the title.", "mapping")
	}
	return p, wrong.Err()
}

// plan works out what a row would make. Rows have to come in order.
func (p *planner) plan(row SheetRow) PlannedRow {
	r := &rowReading{planner: p, row: row, out: PlannedRow{Row: row.Number, Kind: p.Kind, from: p, row: row},
		reading: &reading{mapper: p.mapper, line: line{number: row.Number, columns: map[string][]string{}}}}
	r.readKind()
	r.readCells()
	if r.out.Kind == record.LessonType {
		r.out.Record = r.lesson()
	} else {
		r.out.Record = r.project()
	}
	s := r.out.Record.Base()
	s.PublisherID = p.publisherID
	for _, x := range r.wrong {
		r.found(x, false)
	}
	for _, x := range r.out.Record.Check(p.ref) {
		r.found(x, true)
	}
	r.judge(string(r.out.Kind) + " " + plain(s.Title.In(s.Language)))
	return r.out
}

// rowReading is one row while it is read.
type rowReading struct {
	*reading
	planner *planner
	row     SheetRow
	out     PlannedRow
}

// judge settles what becomes of the row.
func (r *rowReading) judge(title string) {
	out := &r.out
	blocked := out.blocked()
	if !blocked {
		out.SameAs, out.SameAsRow = r.planner.existing[title], r.planner.seen[title]
		if r.planner.seen[title] == 0 {
			r.planner.seen[title] = out.Row
		}
	}
	switch {
	case blocked:
		out.State, out.Skipped = RowProblem, true
	case out.SameAs != "" || out.SameAsRow > 0:
		out.State, out.Skipped = RowDuplicate, !r.planner.IncludeDuplicates || len(out.Findings) > 0 && r.planner.SkipProblems
	case len(out.Findings) > 0:
		out.State, out.Skipped = RowProblem, r.planner.SkipProblems
	default:
		out.State = RowNew
	}
}

// blocked tells whether something keeps the row out.
func (r *PlannedRow) blocked() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Blocking })
}

// found notes a problem. Of those that are too many one that blocks still counts.
func (r *rowReading) found(x record.Problem, blocking bool) {
	if len(r.out.Findings) >= maxFindings && (!blocking || r.out.blocked()) {
		return
	}
	f := r.planner.finding(r.row, x, blocking)
	if !slices.ContainsFunc(r.out.Findings, func(old Finding) bool { return reflect.DeepEqual(old, f) }) { // of two bad links one says enough
		r.out.Findings = append(r.out.Findings, f)
	}
}

// finding is a problem under the column that it came from.
func (p *planner) finding(row SheetRow, x record.Problem, blocking bool) Finding {
	f := Finding{Row: row.Number, Code: x.Code, Message: x.Message, Blocking: blocking}
	if len(x.Field) > 0 {
		f.Field = x.Field[0]
	}
	for _, c := range p.columns {
		if c.field.name == f.Field && (f.Column == "" || row.cell(c.index) != "") {
			f.Column, f.Heading = columnName(c.index), p.header[c.index]
		}
	}
	return f
}

func (r *rowReading) readKind() {
	for _, c := range r.planner.columns {
		cell := r.row.cell(c.index)
		if c.field.name != "kind" || cell == "" {
			continue
		}
		switch kind := record.Type(choose(r.ref, kindChoices, cell)); kind {
		case record.ProjectType, record.LessonType:
			r.out.Kind = kind
		case "":
			r.found(notAChoice(r.ref, kindChoices[:2], cell, "kind"), true)
		default:
			label := kind.Label()
			r.found(record.Wrong(record.NotAllowed, label.In(record.Dutch)+": dat komt niet uit een rekenblad. Alleen projecten en lessen wel.",
				label.In(record.English)+": that does not come from a sheet. Only projects and lessons do.", "kind"), true)
		}
	}
}

// readCells gathers the values of the row by field, in the words that documents use.
func (r *rowReading) readCells() {
	for _, c := range r.planner.columns {
		cell, f := r.row.cell(c.index), c.field
		switch {
		case cell == "" || f.name == "kind":
		case slices.Contains(spreadsheetErrors, cell):
			r.add(record.Wrong(record.Invalid, fmt.Sprintf("Het rekenblad geeft hier een fout: %s.", cell), fmt.Sprintf("The spreadsheet gives an error here: %s.", cell), f.name))
		case f.many && strings.Count(separated.Replace(cell), "|") >= maxValues:
			r.add(record.Wrong(record.TooMany, fmt.Sprintf("In deze cel staat te veel: hooguit %d waarden.", maxValues), fmt.Sprintf("This cell holds too much: at most %d values.", maxValues), f.name))
		case !f.of(r.out.Kind):
			kind := r.out.Kind.Label()
			r.add(record.Wrong(record.NotAllowed, fmt.Sprintf("%s: dit veld is er niet.", kind.In(record.Dutch)), fmt.Sprintf("%s: there is no such field.", kind.In(record.English)), f.name))
		default:
			for _, value := range f.values(cell, func(s string) bool { return r.names(f.name, s) }) {
				if value = r.value(f.name, value); value != "" {
					r.line.columns[f.name] = append(r.line.columns[f.name], value)
				}
			}
		}
	}
	preset := func(field, value string) {
		if len(r.line.columns[field]) == 0 {
			r.line.columns[field] = []string{value}
		}
	}
	preset("contentLanguage", r.planner.SheetSettings.Language)
	preset("phase", string(record.Idea))
	preset("lessonKind", string(record.Observation))
}

// names tells whether a text is one value of a list as it stands.
func (r *rowReading) names(field, s string) bool {
	switch field {
	case "municipalities":
		_, wrong := r.places.municipality(s)
		return wrong == nil
	case "policyDomains":
		return len(r.named(record.PolicyDomain, s)) > 0
	case "targetGroups":
		return len(r.named(record.TargetGroup, s)) > 0
	case "methods":
		return len(r.named(record.Method, s)) > 0
	case "roles":
		return len(r.named(record.TeamRole, s)) > 0
	case "steps":
		_, known := r.planner.steps[plain(s)]
		return known
	}
	return false
}

// value is a value as documents have it. One that cannot be read is empty, and noted.
func (r *rowReading) value(field, s string) string {
	pick := func(list []choice) string {
		v := choose(r.ref, list, s)
		if v == "" {
			r.add(notAChoice(r.ref, list, s, field))
		}
		return v
	}
	switch field {
	case "phase":
		return pick(phaseChoices)
	case "complexity":
		return pick(complexityChoices)
	case "lessonKind":
		return pick(lessonKindChoices)
	case "contentLanguage":
		return pick(languageChoices)
	case "goodFirstProject":
		return pick(yesNoChoices)
	case "startedOn", "finishedOn":
		d, ok := readDate(s)
		if !ok {
			s = shorten(s, 60)
			r.add(record.Wrong(record.Invalid, fmt.Sprintf("“%s” is hier geen datum. Schrijf dag, maand en jaar, zoals 12-1-2027, of alleen januari 2027 of 2027.", s),
				fmt.Sprintf("“%s” is not a date here. Write day, month and year, such as 12-1-2027, or just January 2027 or 2027.", s), field))
			return ""
		}
		return string(d)
	case "sourceLinks":
		if strings.HasPrefix(strings.ToLower(s), "www.") {
			return "https://" + s
		}
	}
	return s
}

// lesson makes a lesson of the row.
func (r *rowReading) lesson() *record.Lesson {
	l := &record.Lesson{ReviewBy: record.ReviewDay(r.planner.now)}
	l.Audience = record.Public
	one := func(field string) string { return r.one(Rule{Column: field}, field) }
	l.Language = one("contentLanguage")
	text := func(field string) record.Text {
		if s := one(field); s != "" {
			return record.Text{l.Language: s}
		}
		return nil
	}
	l.Title, l.Summary = text("title"), text("summary")
	l.Context, l.Recommendation, l.Consequence = text("context"), text("recommendation"), text("consequence")
	l.Kind = record.LessonKind(one("lessonKind"))
	l.RoleIRIs = r.terms(Rule{Column: "roles"}, record.TeamRole, "roles")
	l.LicenseIRI = cmp.Or(first(r.terms(Rule{Column: "license"}, record.License, "license")), record.CCBY)
	l.SourceLinks = r.many(Rule{Column: "sourceLinks"}, "sourceLinks")
	for _, s := range r.many(Rule{Column: "steps"}, "steps") {
		ref, known := r.planner.steps[plain(s)]
		if !known {
			s = shorten(s, 60)
			r.add(record.Wrong(record.NotFound, fmt.Sprintf("Er is geen stap “%s”.", s), fmt.Sprintf("There is no step “%s”.", s), "steps"))
		} else if !slices.Contains(l.Steps, ref) {
			l.Steps = append(l.Steps, ref)
		}
	}
	return l
}

// stepsByName are the steps of the template that the catalogue began with, by their keys and by what people call them.
func stepsByName(ref *record.Reference) map[string]record.StepRef {
	out := map[string]record.StepRef{}
	for _, iri := range slices.Sorted(maps.Keys(ref.Steps)) {
		key, ours := strings.CutPrefix(iri, record.Namespace+"step/")
		if !ours {
			continue
		}
		step := record.StepRef{IRI: iri, Key: key}
		out[plain(key)] = step
		for _, title := range ref.Steps[iri] {
			out[plain(title)] = step
		}
	}
	return out
}
