package exchange_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func sheets(w *fixture.World) exchange.Sheets { return exchange.Sheets{Catalog: w.Catalog} }

// upload uploads a file for an organisation, as one of its programs.
func upload(t testing.TB, w *fixture.World, o *record.Organization, text string) *exchange.SheetPreview {
	t.Helper()
	p, err := sheets(w).Upload(fixture.As(t, o), o.ID, "projecten.csv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func run(t testing.TB, w *fixture.World, o *record.Organization, p *exchange.SheetPreview) *exchange.SheetResult {
	t.Helper()
	r, err := sheets(w).Run(fixture.As(t, o), p.Import.ID, p.Settings)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// row is the preview of one row below these headings.
func row(t *testing.T, w *fixture.World, headings, cells string) exchange.PlannedRow {
	t.Helper()
	return upload(t, w, w.Leiden, headings+"\n"+cells+"\n").Rows[0]
}

// said is what is wrong with a row, in Dutch, with the cell that it is about.
func said(r exchange.PlannedRow) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s%d %s: %s", f.Column, f.Row, f.Field, f.Message.In(record.Dutch)))
	}
	return strings.Join(out, "\n")
}

func TestARowSaysWhatItWouldMake(t *testing.T) {
	w := small(t)
	r := row(t, w, "Titel;Vraag;Samenvatting;Thema's;Methode;Gemeente;Start;Einde;Fase;Goed om mee te beginnen;Bron;Andere namen;Licentie;Taal",
		`Leegstand  in de stad;Waar?;Kort.;"wonen, werk | landbouw, visserij, voedselkwaliteit";kaart;Den Haag, GM0503;maart 2024;15-1-2025;Afgerond;ja;"www.voorbeeld.example/a, https://voorbeeld.example/b";LS; CC0-1.0 ;Nederlands`)
	p := r.Record.(*record.Project)
	if r.State != exchange.RowNew || r.Skipped || len(r.Findings) != 0 || r.Row != 2 || r.Kind != record.ProjectType {
		t.Fatalf("it is %+v", r)
	}
	labels := func(cs []*record.Concept) (out []string) {
		for _, c := range cs {
			out = append(out, c.Label.In(record.Dutch))
		}
		return out
	}
	var places []string
	for _, m := range p.Municipalities() {
		places = append(places, m.Name)
	}
	for what, x := range map[string][2]any{
		"title":    {p.Title, record.NL("Leegstand in de stad")},
		"question": {p.Question, record.NL("Waar?")},
		"themes":   {labels(p.PolicyDomains()), []string{"wonen", "werk", "landbouw, visserij, voedselkwaliteit"}},
		"methods":  {labels(p.Methods()), []string{"kaart"}},
		"places":   {places, []string{"'s-Gravenhage", "Delft"}},
		"days":     {[]record.Date{p.StartedOn, p.FinishedOn}, []record.Date{"2024-03", "2025-01-15"}},
		"phase":    {p.Phase, record.Done},
		"first":    {p.GoodFirstProject, true},
		"sources":  {p.SourceLinks, []string{"https://www.voorbeeld.example/a", "https://voorbeeld.example/b"}},
		"aliases":  {p.Aliases, []string{"LS"}},
		"licence":  {p.LicenseIRI, record.ConceptIRI(record.License, "cc0-1.0")},
		"language": {p.Language, record.Dutch},
	} {
		if !reflect.DeepEqual(x[0], x[1]) {
			t.Errorf("%s: %q, want %q", what, x[0], x[1])
		}
	}
}

func TestAProblemNamesItsCellAndSaysWhatToDo(t *testing.T) {
	w := small(t)
	const headings = "Titel;Gemeente;Thema;Start;Fase;Bron"
	for cells, want := range map[string]string{
		";Leiden":                   "A2 title: Vul dit in.",
		"a;Bergen":                  `B2 municipalities: "Bergen" kan Bergen (L.) (GM0893) of Bergen (NH.) (GM0373) zijn. Schrijf de volledige naam of de gemeentecode.`,
		"a;Lugdunum":                `B2 municipalities: Er is geen gemeente "Lugdunum".`,
		"a;;wonen, toverij":         `C2 policyDomains: De lijst heeft geen begrip "toverij".`,
		"a;;wonen|werk|water|afval": "C2 policyDomains: Dit zijn er te veel: hooguit 3.",
		"a;;;03-04-05":              "D2 startedOn: “03-04-05” is hier geen datum. Schrijf dag, maand en jaar, zoals 12-1-2027, of alleen januari 2027 of 2027.",
		"a;;;31-2-2024":             "D2 startedOn: “31-2-2024” is hier geen datum. Schrijf dag, maand en jaar, zoals 12-1-2027, of alleen januari 2027 of 2027.",
		"a;;;;misschien":            "E2 phase: “misschien” is hier geen keuze. Kies uit: Idee, Vraag wordt scherp gemaakt, Loopt, Ligt stil, Klaar, Gestopt.",
		"a;;;;;op aanvraag":         "F2 sourceLinks: Schrijf een volledig webadres dat begint met https:// of http://.",
		"a;#N/A":                    "B2 municipalities: Het rekenblad geeft hier een fout: #N/A.",
		strings.Repeat("a", 5000):   "A2 title: Dit is te lang: hooguit 300 tekens.",
	} {
		r := row(t, w, headings, cells+strings.Repeat(";", 5-strings.Count(cells, ";")))
		if got := said(r); got != want || r.State != exchange.RowProblem {
			t.Errorf("%.30s: %s %s", cells, r.State, got)
		}
		for _, f := range r.Findings {
			if f.Message[record.English] == "" || f.Code == "" || f.Heading == "" {
				t.Errorf("%.30s: %+v", cells, f)
			}
		}
	}
	if got := said(row(t, w, "Titel;Soort", "a;Processjabloon")); got != "B2 kind: Processjabloon: dat komt niet uit een rekenblad. Alleen projecten en lessen wel." {
		t.Error(got)
	}
	if got := said(row(t, w, "Titel;Soort;Gemeente", "a;Les;Leiden")); got != "C2 municipalities: Les: dit veld is er niet." {
		t.Error(got)
	}
}

func TestARowThatIsAllWrongIsToldOfInAFewFindings(t *testing.T) {
	w := small(t)
	invented := func(n int) string {
		var out strings.Builder
		for i := range n {
			fmt.Fprintf(&out, "onzin %d|", i)
		}
		return out.String()
	}
	if got := said(row(t, w, "Titel;Gemeenten", "Een titel;"+invented(3000))); got != "B2 municipalities: In deze cel staat te veel: hooguit 500 waarden." {
		t.Errorf("%.300s", got)
	}
	r := row(t, w, "Titel;Gemeenten;Soort;Link", strings.Repeat("lang", 200)+";"+invented(400)+";project;www.plein.test")
	blocking := 0
	for _, f := range r.Findings {
		if f.Blocking {
			blocking++
		}
	}
	if len(r.Findings) != 51 || blocking != 1 || r.State != exchange.RowProblem || !r.Skipped {
		t.Errorf("%d findings, of which %d block; %s", len(r.Findings), blocking, r.State)
	}
}

func TestWhatSeemsToBePersonalDataIsAWarningThatKeepsNothingOut(t *testing.T) {
	w := small(t)
	r := row(t, w, "Titel;Samenvatting", "Schulden;Het nummer is 111222333.")
	if len(r.Findings) != 1 || !r.Findings[0].IsWarning() || r.Findings[0].Column != "B" || r.State != exchange.RowNew || r.Skipped || strings.Contains(said(r), "111222333") {
		t.Errorf("%s: %s", r.State, said(r))
	}
}

func TestADateIsReadAsItIsWrittenInTheNetherlands(t *testing.T) {
	w := small(t)
	for written, want := range map[string]record.Date{
		"12-1-2027": "2027-01-12", "12/01/2027": "2027-01-12", "12.1.2027": "2027-01-12", "12 januari 2027": "2027-01-12", "12 jan. 2027": "2027-01-12",
		"1 mrt 2027": "2027-03-01", "Maart 2027": "2027-03", "march 2027": "2027-03", "mei-2027": "2027-05", "1-2027": "2027-01", "01/2027": "2027-01",
		"2027": "2027", "2027-01": "2027-01", "2027-1-2": "2027-01-02", "2027-01-12": "2027-01-12", "2027-01-12T10:00:00Z": "2027-01-12", "2027-01-12 14:30": "2027-01-12",
		"12-1-2027 0:00": "2027-01-12", "03/25/2024": "", "1-1-27": "", "voorjaar 2027": "", "Q1 2027": "", "45366": "", "0001": "", "2027-13": "", "niet bekend": "", "12 foo 2027": "",
	} {
		r := row(t, w, "titel;gestart", "a;"+written)
		if got := r.Record.(*record.Project).StartedOn; got != want || (want == "") != (len(r.Findings) == 1) {
			t.Errorf("%s is %q: %s", written, got, said(r))
		}
	}
}

func TestASheetOfLessonsMakesLessons(t *testing.T) {
	w := small(t)
	if _, err := exchange.Seed(t.Context(), w.Catalog); err != nil {
		t.Fatal(err)
	}
	p := upload(t, w, w.Leiden, "Titel;Context;Aanbeveling;Stappen;Rol;Soort les\nVraag door;Bij de start.;Vraag wat er met het antwoord gebeurt.;vraag, dummymodel;domeinexpert;Doen\nLet op;;;toveren;;\n")
	l := p.Rows[0].Record.(*record.Lesson)
	if p.Settings.Kind != record.LessonType || p.Rows[0].State != exchange.RowNew || l.Kind != record.Do || !slices.Equal(l.StepKeys(), []string{"vraag", "dummymodel"}) ||
		l.Steps[0].IRI != record.Namespace+"step/vraag" || len(l.RoleIRIs) != 1 || l.ReviewBy != "2028-03-02" || l.Recommendation["nl"] == "" {
		t.Errorf("it is %+v: %s", l, said(p.Rows[0]))
	}
	if got := said(p.Rows[1]); got != "D3 steps: Er is geen stap “toveren”." || p.Rows[1].Record.(*record.Lesson).Kind != record.Observation {
		t.Error(got)
	}
	if r := run(t, w, w.Leiden, p); len(r.Made) != 2 {
		t.Errorf("it made %+v, skipped %+v", r.Made, r.Skipped)
	}
}

func TestOurOwnDownloadComesBackAsDrafts(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		project := w.Project("=Kamers; \"overlast\" | en meer")
		project.MunicipalityCodes = append(project.MunicipalityCodes, "GM0373", "GM0503")
		project.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch"), record.ConceptIRI(record.Method, "cohort")}
		project.PolicyDomainIRIs = append(project.PolicyDomainIRIs, w.Reference().Scheme(record.PolicyDomain)[0].IRI)
		project.StartedOn, project.FinishedOn, project.Phase = "2025-11", "2026-02-01", record.Stopped
		project.StopReasonIRI = record.ConceptIRI(record.StopReason, "geen-data")
		project.Question = record.NL("-Waar?\nEn \"wanneer\"?")
		rs := seen(t, w, w.Publish(t, project), w.Publish(t, w.Lesson("Vraag het vooraf")), w.Publish(t, w.Template("Zo doen wij het", "1.0.0", "vraag")))
		for _, language := range []string{record.Dutch, record.English} {
			var b bytes.Buffer
			out := exchange.Table{Language: language, Page: page}
			if err := errors.Join(out.Header(&b), out.Rows(&b, rs...)); err != nil {
				t.Fatal(err)
			}
			p := upload(t, w, w.Delft, b.String())
			if p.Counts != (exchange.SheetCounts{New: 2, Problem: 1}) {
				t.Fatalf("%+v: %s", p.Counts, said(p.Rows[0])+said(p.Rows[1]))
			}
			r := run(t, w, w.Delft, p)
			if len(r.Made) != 2 || len(r.Skipped) != 1 || r.Skipped[0].Row != 4 {
				t.Fatalf("it made %+v, skipped %+v", r.Made, r.Skipped)
			}
			got := draft(t, w, w.Delft, r.Made[0].ID).(*record.Project)
			want := rs[0].(*record.Project)
			for what, x := range map[string][2]any{
				"title": {got.Title, want.Title}, "question": {got.Question, want.Question}, "summary": {got.Summary, want.Summary},
				"places": {got.MunicipalityCodes, want.MunicipalityCodes}, "themes": {got.PolicyDomainIRIs, want.PolicyDomainIRIs},
				"methods": {got.MethodIRIs, want.MethodIRIs}, "phase": {got.Phase, want.Phase}, "licence": {got.LicenseIRI, want.LicenseIRI},
				"days": {[2]record.Date{got.StartedOn, got.FinishedOn}, [2]record.Date{want.StartedOn, want.FinishedOn}},
			} {
				if !reflect.DeepEqual(x[0], x[1]) {
					t.Errorf("%s, %s: %q came back as %q", language, what, x[1], x[0])
				}
			}
			if got.Provenance != record.Own || got.PublisherID != w.Delft.ID || got.State != record.Draft {
				t.Errorf("it came back as %+v", got.Spine)
			}
			if l := draft(t, w, w.Delft, r.Made[1].ID).(*record.Lesson); l.Title.In() != "Vraag het vooraf" {
				t.Errorf("the lesson came back as %q", l.Title)
			}
			undo(t, w, w.Delft, r)
		}
	})
}

func draft(t testing.TB, w *fixture.World, o *record.Organization, id string) record.Record {
	t.Helper()
	r, err := w.Draft(fixture.As(t, o), id)
	if err != nil || r == nil {
		t.Fatalf("%v, %v", r, err)
	}
	return r
}

func undo(t testing.TB, w *fixture.World, o *record.Organization, r *exchange.SheetResult) (int, []exchange.KeptDraft) {
	t.Helper()
	removed, kept, err := sheets(w).Undo(fixture.As(t, o), r.Import.ID)
	if err != nil {
		t.Fatal(err)
	}
	return removed, kept
}

func TestAFormulaIsATextThatIsDefusedWhereItGoesOut(t *testing.T) {
	w := small(t)
	p := upload(t, w, w.Leiden, "titel;samenvatting;vraag;thema;gemeente\n\"=HYPERLINK(\"\"http://voorbeeld.invalid\"\")\";=1+1;@SUM(A1);wonen;Leiden\n'-5;'s ochtends;+1;wonen;Leiden\n")
	r := run(t, w, w.Leiden, p)
	if len(r.Made) != 2 || r.Made[0].Title != `=HYPERLINK("http://voorbeeld.invalid")` || r.Made[1].Title != "-5" {
		t.Fatalf("it made %+v, skipped %+v", r.Made, r.Skipped)
	}
	if got := draft(t, w, w.Leiden, r.Made[1].ID).Base().Summary.In(); got != "'s ochtends" {
		t.Errorf("an apostrophe of one's own became %q", got)
	}
	ctx := fixture.As(t, w.Leiden)
	var public record.Record
	if err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
		public, err = tx.Publish(ctx, r.Made[0].ID, 1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if _, rows := table(t, record.Dutch, seen(t, w, public)...); rows[0]["titel"] != `'=HYPERLINK("http://voorbeeld.invalid")` || rows[0]["samenvatting"] != "'=1+1" || rows[0]["vraag"] != "'@SUM(A1)" {
		t.Errorf("it goes out as %q", rows[0])
	}
}

func TestARunMakesEveryRowOnceHoweverOftenItIsAsked(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		var b strings.Builder
		b.WriteString("titel;gemeente\n")
		for i := range 250 {
			fmt.Fprintf(&b, "Project %d;Leiden\n", i)
		}
		p := upload(t, w, w.Leiden, b.String()+"Project 7;Leiden\n;Leiden\nElders;Bergen\n")
		if p.Counts != (exchange.SheetCounts{New: 250, Problem: 2, Duplicate: 1}) || len(p.Rows) != 50 || p.Import.Rows != 253 {
			t.Fatalf("%+v", p.Counts)
		}
		before := head(t, w)
		p.Settings.SkipProblems = true
		r := run(t, w, w.Leiden, p)
		if len(r.Made) != 250 || r.Import.State != catalog.ImportDone || r.Import.Done != 253 || r.Made[249].Row != 251 || r.Made[249].Title != "Project 249" {
			t.Fatalf("%d made, %+v", len(r.Made), r.Import.State)
		}
		want := []exchange.SkippedRow{
			{Row: 252, Why: record.Text{"nl": "Rij 9 heeft dezelfde titel.", "en": "Row 9 has the same title."}},
			{Row: 253, Why: record.Text{"nl": "titel: Vul dit in.", "en": "titel: This is required."}},
		}
		if !reflect.DeepEqual(r.Skipped[:2], want) || len(r.Skipped) != 3 || !strings.HasPrefix(r.Skipped[2].Why.In(), `gemeente: "Bergen" kan`) {
			t.Errorf("it skipped %+v", r.Skipped)
		}
		if got := head(t, w) - before; got != 250 {
			t.Errorf("the log has %d lines more", got)
		}
		again := run(t, w, w.Leiden, p)
		if len(again.Made) != 250 || head(t, w)-before != 250 || !reflect.DeepEqual(again.Skipped, r.Skipped) {
			t.Errorf("the second time it made %d", len(again.Made))
		}
		if len(again.Import.Sheet) != 0 {
			t.Error("the cells are still kept")
		}
	})
}

func TestARunThatWasInterruptedGoesOnAsItBegan(t *testing.T) {
	w := small(t)
	var b strings.Builder
	b.WriteString("titel;naam\n")
	for i := range 150 {
		fmt.Fprintf(&b, "Project %d;Andere titel %d\n", i, i)
	}
	p := upload(t, w, w.Leiden, b.String())
	ctx, stop := context.WithCancel(fixture.As(t, w.Leiden))
	defer stop()
	go func() {
		for ctx.Err() == nil {
			if n, err := w.Store.Client.Draft.Query().Count(context.WithoutCancel(ctx)); err == nil && n > 0 {
				stop()
			}
		}
	}()
	_, err := sheets(w).Run(ctx, p.Import.ID, p.Settings)
	if err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	stop()
	// Other settings change nothing about a run that began.
	p.Settings.Fields = map[string]string{"B": "title"}
	r := run(t, w, w.Leiden, p)
	if len(r.Made) != 150 || r.Made[0].Title != "Project 0" || r.Made[149].Title != "Project 149" || len(r.Skipped) != 0 {
		t.Errorf("%d made, first %q, skipped %+v", len(r.Made), r.Made[0].Title, r.Skipped)
	}
}

func TestAnUndoTakesAwayWhatNobodyTouched(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		p := upload(t, w, w.Leiden, "titel;vraag;samenvatting;thema;gemeente\nEen;Waar?;Kort.;wonen;Leiden\nTwee;Waar?;Kort.;wonen;Leiden\nDrie;Waar?;Kort.;wonen;Leiden\nVier;;;;\n")
		r := run(t, w, w.Leiden, p)
		if err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Edit(ctx, r.Made[0].ID, 1, func(x record.Record) error {
				x.Base().Summary = record.NL("Langer.")
				return nil
			})
			if err != nil {
				return err
			}
			_, err = tx.Publish(ctx, r.Made[1].ID, 1)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		removed, kept := undo(t, w, w.Leiden, r)
		want := []exchange.KeptDraft{
			{ID: r.Made[0].ID, Title: "Een", Why: record.Text{"nl": "Hier is na de import aan gewerkt.", "en": "Somebody worked on this after the import."}},
			{ID: r.Made[1].ID, Title: "Twee", Why: record.Text{"nl": "Dit is al gepubliceerd.", "en": "This was published already."}},
		}
		if removed != 2 || !reflect.DeepEqual(kept, want) {
			t.Errorf("%d removed, kept %+v", removed, kept)
		}
		for i, there := range []bool{true, true, false, false} {
			if got, err := w.Draft(ctx, r.Made[i].ID); err != nil || (got != nil) != there {
				t.Errorf("%s: %v, %v", r.Made[i].Title, got, err)
			}
		}
		if removed, kept := undo(t, w, w.Leiden, r); removed != 0 || len(kept) != 2 {
			t.Errorf("the second time: %d removed, %d kept", removed, len(kept))
		}
		list, err := w.Imports(ctx, w.Leiden.ID)
		if err != nil || len(list) != 1 || list[0].State != catalog.ImportUndone || list[0].Removed != 2 || list[0].UndoneAt.IsZero() || list[0].FileName != "projecten.csv" {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := sheets(w).Run(ctx, r.Import.ID, p.Settings); problemCode(err) != record.IllegalTransition {
			t.Errorf("run again after the undo: %v", err)
		}
		// What was thrown away is no duplicate of what comes after it, and what stayed is one.
		if again := upload(t, w, w.Leiden, "titel\nDrie\nEen\n"); again.Counts != (exchange.SheetCounts{New: 1, Duplicate: 1}) || again.Rows[1].SameAs != r.Made[0].ID {
			t.Errorf("%+v", again.Counts)
		}
	})
}

func problemCode(err error) record.Code {
	var ps record.Problems
	if !errors.As(err, &ps) {
		return ""
	}
	return ps[0].Code
}

func TestSettingsThatCannotWorkAreRefusedBeforeAnythingBegins(t *testing.T) {
	w := small(t)
	p := upload(t, w, w.Leiden, "titel;gemeente;plaats\nEen;Leiden;Delft\n")
	ctx := fixture.As(t, w.Leiden)
	for what, x := range map[string]struct {
		settings exchange.SheetSettings
		code     record.Code
	}{
		"no title":          {exchange.SheetSettings{Fields: map[string]string{"B": "municipalities"}}, record.Required},
		"two titles":        {exchange.SheetSettings{Fields: map[string]string{"A": "title", "B": "title"}}, record.Duplicate},
		"no such field":     {exchange.SheetSettings{Fields: map[string]string{"A": "revision"}}, record.NotFound},
		"no such column":    {exchange.SheetSettings{Fields: map[string]string{"A": "title", "D": "summary"}}, record.NotFound},
		"no column at all":  {exchange.SheetSettings{Fields: map[string]string{"A": "title", "'; DROP": "summary"}}, record.NotFound},
		"no such kind":      {exchange.SheetSettings{Fields: map[string]string{"A": "title"}, Kind: record.ProcessTemplateType}, record.Invalid},
		"no such language":  {exchange.SheetSettings{Fields: map[string]string{"A": "title"}, Language: "fy"}, record.Invalid},
		"nothing is chosen": {exchange.SheetSettings{Fields: map[string]string{}}, record.Required},
	} {
		if _, err := sheets(w).Preview(ctx, p.Import.ID, x.settings, 0, 50); problemCode(err) != x.code {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := sheets(w).Run(ctx, p.Import.ID, x.settings); problemCode(err) != x.code {
			t.Errorf("%s: %v", what, err)
		}
	}
	// Two columns may say where a project was, and another mapping is tried without uploading again.
	again, err := sheets(w).Preview(ctx, p.Import.ID, exchange.SheetSettings{Fields: map[string]string{"A": "title", "B": "municipalities", "C": "municipalities"}}, 0, 50)
	if err != nil || !slices.Equal(again.Rows[0].Record.(*record.Project).MunicipalityCodes, []string{"GM0546", "GM0503"}) {
		t.Errorf("%+v, %v", again, err)
	}
	if n, err := w.Store.Client.Draft.Query().Count(t.Context()); n != 0 || err != nil {
		t.Errorf("%d drafts, %v", n, err)
	}
}

func TestAnImportIsThereForWhoeverMayRunIt(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		p := upload(t, w, w.Leiden, "titel\nGeheim plan\n")
		s := sheets(w)
		for who, ctx := range map[string]context.Context{"another organisation": fixture.As(t, w.Delft), "a stranger": t.Context()} {
			_, upErr := s.Upload(ctx, w.Leiden.ID, "x.csv", []byte("titel\nx\n"))
			_, previewErr := s.Preview(ctx, p.Import.ID, p.Settings, 0, 50)
			_, runErr := s.Run(ctx, p.Import.ID, p.Settings)
			_, resultErr := s.Result(ctx, p.Import.ID)
			_, _, undoErr := s.Undo(ctx, p.Import.ID)
			_, listErr := w.Imports(ctx, w.Leiden.ID)
			for what, err := range map[string]error{"upload": upErr, "preview": previewErr, "run": runErr, "result": resultErr, "undo": undoErr, "list": listErr} {
				if err == nil {
					t.Errorf("%s: %s succeeded", who, what)
				}
			}
			_, none := s.Result(ctx, "imp_none")
			if none == nil || resultErr == nil || none.Error() != resultErr.Error() {
				t.Errorf("%s is told that the import exists: %v, %v", who, resultErr, none)
			}
		}
		// An organisation that is only spoken about has nobody who imports for it.
		if _, err := s.Upload(fixture.As(t, w.Elders), w.Elders.ID, "x.csv", []byte("titel\nx\n")); err == nil {
			t.Error("somebody spoke for an organisation that is only spoken about")
		}
	})
}

func TestCellsAreKeptForADayAndNoLonger(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		first := upload(t, w, w.Leiden, "titel\nEen\n")
		for range 10 {
			w.Clock.Move(time.Minute)
			upload(t, w, w.Leiden, "titel\nTwee\n")
		}
		other := upload(t, w, w.Delft, "titel\nDrie\n")
		if _, err := sheets(w).Preview(ctx, first.Import.ID, first.Settings, 0, 1); problemCode(err) != record.NotFound {
			t.Errorf("the eleventh sheet left the first: %v", err)
		}
		if err := w.ForgetSheets(t.Context()); err != nil {
			t.Fatal(err)
		}
		if list, err := w.Imports(ctx, w.Leiden.ID); err != nil || len(list) != 10 {
			t.Errorf("%d imports, %v", len(list), err)
		}
		done := upload(t, w, w.Leiden, "titel\nVier\n")
		run(t, w, w.Leiden, done)
		w.Clock.Move(24*time.Hour + time.Second)
		if err := w.ForgetSheets(t.Context()); err != nil {
			t.Fatal(err)
		}
		list, err := w.Imports(ctx, w.Leiden.ID)
		if err != nil || len(list) != 1 || list[0].ID != done.Import.ID {
			t.Errorf("%+v, %v", list, err)
		}
		if _, err := sheets(w).Preview(fixture.As(t, w.Delft), other.Import.ID, other.Settings, 0, 1); problemCode(err) != record.NotFound {
			t.Errorf("a sheet of yesterday: %v", err)
		}
	})
}

// register writes the descriptions of the algorithm register as a table, under headings that its own site has.
func register(t testing.TB, most int) string {
	t.Helper()
	b, err := os.ReadFile(fixture.Data(t, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	out.WriteString("Naam;Korte omschrijving;Organisatie;Gemeente;Status;Link\n")
	n := 0
	for line := range bytes.Lines(b) {
		var x struct{ Title, Description, Org, Gemeente, Status, URL string }
		if err := json.Unmarshal(line, &x); err != nil {
			t.Fatal(err)
		}
		for i, cell := range []string{x.Title, x.Description, x.Org, x.Gemeente, map[string]string{"in_gebruik": "afgerond"}[x.Status], x.URL} {
			if i > 0 {
				out.WriteByte(';')
			}
			out.WriteString(`"` + strings.ReplaceAll(cell, `"`, `""`) + `"`)
		}
		out.WriteByte('\n')
		if n++; n == most {
			break
		}
	}
	return out.String()
}

func TestRealDescriptionsComeIn(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		text := register(t, 400)
		p := upload(t, w, w.Leiden, text)
		var fields []string
		for _, c := range p.Columns {
			fields = append(fields, c.Field)
		}
		if !slices.Equal(fields, []string{"title", "summary", "", "municipalities", "phase", "sourceLinks"}) {
			t.Errorf("the columns are %q", fields)
		}
		w.Statements.Reset()
		r := run(t, w, w.Leiden, p)
		t.Logf("%+v; %d made, %.1f statements each", p.Counts, len(r.Made), float64(len(w.Statements.All()))/float64(len(r.Made)))
		// Several organisations describe the same algorithm under the same title.
		if len(r.Made) != 276 || len(r.Skipped) != 124 || p.Counts != (exchange.SheetCounts{New: 276, Duplicate: 124}) {
			t.Errorf("%d made, %d skipped: %+v", len(r.Made), len(r.Skipped), r.Skipped[:min(5, len(r.Skipped))])
		}
	})
}
