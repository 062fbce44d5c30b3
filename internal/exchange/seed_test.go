package exchange_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

func seed(t *testing.T, w *fixture.World) exchange.SeedReport {
	t.Helper()
	report, err := exchange.Seed(t.Context(), w.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestSeedingTwiceChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		if r := seed(t, w); r.Created != 14 || r.Updated+r.Unchanged+r.Left != 0 {
			t.Errorf("the first time: %+v", r)
		}
		before := head(t, w)
		if r := seed(t, w); r.Unchanged != 14 || r.Created+r.Updated+r.Left+r.Organizations != 0 {
			t.Errorf("the second time: %+v", r)
		}
		if after := head(t, w); after != before {
			t.Errorf("the second time wrote %d changes", after-before)
		}
	})
}

func TestTheStarterTemplateIsAPartialOrder(t *testing.T) {
	w := small(t)
	seed(t, w)
	tpl, _ := all(t, w, record.ProcessTemplateType)["UDC-project in zes stappen"].(*record.ProcessTemplate)
	if tpl == nil || tpl.Number != "1.0.0" || len(tpl.Versions) != 1 {
		t.Fatalf("the template is %+v", tpl)
	}
	var keys []string
	steps := map[string]*record.TemplateStep{}
	for _, s := range tpl.Steps {
		keys, steps[s.Key] = append(keys, s.Key), s
		if s.IRI != record.Namespace+"step/"+s.Key {
			t.Errorf("step %s has address %s", s.Key, s.IRI)
		}
		for _, c := range s.Checklist {
			if c.LessonID != "" && see(t, w, c.LessonID) == nil {
				t.Errorf("%s refers to a lesson that is not there", c.Key)
			}
		}
	}
	if want := []string{"vraag", "dummymodel", "iteratie", "analyse", "gebruik-bepalen", "communicatie"}; !slices.Equal(keys, want) {
		t.Errorf("the steps are %q", keys)
	}
	for key, after := range map[string][]string{"vraag": nil, "dummymodel": {"vraag"}, "iteratie": {"dummymodel"}, "analyse": {"iteratie"},
		"gebruik-bepalen": {"iteratie"}, "communicatie": {"analyse", "gebruik-bepalen"}} {
		if !slices.Equal(steps[key].StartsAfter, after) {
			t.Errorf("%s starts after %q", key, steps[key].StartsAfter)
		}
	}
	if !slices.Equal(steps["analyse"].ParallelWith, []string{"gebruik-bepalen"}) || !slices.Equal(steps["gebruik-bepalen"].ParallelWith, []string{"analyse"}) {
		t.Error("analyse and gebruik-bepalen do not run side by side")
	}
	if !steps["iteratie"].Iterative {
		t.Error("iteratie is not iterative")
	}
	for _, r := range tpl.Roles {
		if r.Minimum != 1 {
			t.Errorf("role %s has minimum %d", r.RoleIRI, r.Minimum)
		}
	}
	if len(tpl.Roles) != 3 || !strings.Contains(tpl.ChangeNote.In(), "voorstel") {
		t.Error("the roles are not three, or the RACI is not marked as a proposal")
	}
}

func see(t *testing.T, w *fixture.World, id string) record.Record {
	t.Helper()
	rs, err := w.ByID(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return rs[0]
}

func TestTheTenLessonsStandWithTheirSteps(t *testing.T) {
	w := small(t)
	seed(t, w)
	var got []string
	for _, r := range all(t, w, record.LessonType) {
		got = append(got, strings.Join(r.(*record.Lesson).StepKeys(), "+"))
	}
	slices.Sort(got)
	want := []string{"analyse", "communicatie", "iteratie+analyse+gebruik-bepalen", "vraag", "vraag", "vraag", "vraag",
		"vraag+communicatie", "vraag+communicatie", "vraag+dummymodel"}
	if !slices.Equal(got, want) {
		t.Errorf("the lessons have steps %q", got)
	}
}

func TestTheStarterProjectsSayWhatTheInterviewSays(t *testing.T) {
	w := small(t)
	seed(t, w)
	ps := all(t, w, record.ProjectType)
	if len(ps) != 3 {
		t.Fatalf("%d projects", len(ps))
	}
	for title, r := range ps {
		p := r.(*record.Project)
		if p.Provenance != record.Starter || p.LicenseIRI != record.CCBY || p.Phase != record.Done || !p.UsedInPolicy() {
			t.Errorf("%s: %s, %s, %s", title, p.Provenance, p.LicenseIRI, p.Phase)
		}
		if len(p.SourceLinks) != 1 || !strings.HasPrefix(p.SourceLinks[0], "https://www.platform31.nl/") {
			t.Errorf("%s has sources %q", title, p.SourceLinks)
		}
		if p.Title[record.English] == "" || p.Summary[record.English] == "" {
			t.Errorf("%s is not in English", title)
		}
		if p.StartedOn != "" || p.FinishedOn != "" || p.CostEuro != nil || p.EffortDays != nil || p.Outputs != nil || p.Sources != nil {
			t.Errorf("%s says what the interview does not", title)
		}
	}
	v := ps["Verkamering"].(*record.Project)
	if !v.GoodFirstProject || v.Complexity != record.Simple || len(v.Methods()) != 1 || v.Methods()[0].Notation != "datamatch" {
		t.Errorf("Verkamering: %+v", v)
	}
	e := ps["Onderwijskansen"].(*record.Project).Embargo()
	if e == nil || e.State != record.EmbargoExpired || e.Scope != record.ResultsScope || !e.Until.IsZero() || e.WaitsFor.In() == "" || e.Ground().Notation != "bekendmaking" {
		t.Errorf("the embargo on Onderwijskansen is %+v", e)
	}
	page, err := w.Page(t.Context(), catalog.Filter{Words: []string{"kamers", "studenten", "overlast"}}, catalog.Order{}, 10, "")
	if err != nil || len(page.Records) != 1 || page.Records[0].Base().ID != v.ID {
		t.Errorf("everyday words do not find Verkamering: %v, %v", page, err)
	}
}

func TestStarterRecordsEnterNoPublishersFeed(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		seed(t, w)
		n, err := w.Store.Client.FeedEntry.Query().Count(t.Context())
		if err != nil || n != 15 { // fourteen records and the template's first version
			t.Fatalf("the feed has %d entries, %v", n, err)
		}
		rows, err := w.Store.Client.FeedEntry.Query().All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if row.PublisherSeq != nil {
				t.Errorf("%s would be pulled as its publisher's own words", row.RecordID)
			}
		}
	})
}

func TestARecordThatWasWithdrawnHereIsNotSeededAgain(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		seed(t, w)
		v := all(t, w, record.ProjectType)["Verkamering"]
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			if _, err := tx.Withdraw(t.Context(), v.Base().ID, 0, "Niet meer van toepassing."); err != nil {
				return err
			}
			// As if a later release had other words.
			return tx.SetExternalHash(t.Context(), v.Base().ID, "other words")
		})
		if err != nil {
			t.Fatal(err)
		}
		if r := seed(t, w); r.Left != 1 || r.Unchanged != 13 {
			t.Errorf("seeding again: %+v", r)
		}
		if see(t, w, v.Base().ID) != nil {
			t.Error("it came back")
		}
	})
}

func TestNewWordsReachSeededRecordsUntilTheirPublisherJoins(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		owner := func(c record.Custody) {
			t.Helper()
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
				_, err := tx.EditOrganization(fixture.System(t), w.Leiden.ID, 0, func(o *record.Organization) error { o.Custody = c; return nil })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		other := func() (id string) {
			t.Helper()
			v := all(t, w, record.ProjectType)["Verkamering"].Base()
			err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
				ctx := fixture.System(t)
				r, err := tx.Edit(ctx, v.ID, 0, func(r record.Record) error { r.Base().Summary = record.NL("Andere woorden."); return nil })
				if err != nil {
					return err
				}
				if _, err := tx.Publish(ctx, v.ID, r.Base().Revision); err != nil {
					return err
				}
				return tx.SetExternalHash(ctx, v.ID, "other words")
			})
			if err != nil {
				t.Fatal(err)
			}
			return v.ID
		}
		owner(record.CustodyReference)
		seed(t, w)
		id := other()
		if r := seed(t, w); r.Updated != 1 || strings.Contains(see(t, w, id).Base().Summary.In(), "Andere") {
			t.Errorf("new words did not arrive: %+v", r)
		}
		owner(record.CustodyOwn)
		other()
		if r := seed(t, w); r.Left != 1 || !strings.Contains(see(t, w, id).Base().Summary.In(), "Andere") {
			t.Errorf("seeding wrote over a publisher that speaks for itself: %+v", r)
		}
	})
}

// bare is a world in which nobody was before: the reference tables and nothing else.
func bare(t *testing.T, c store.Config) *catalog.Catalog {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	cat, err := catalog.Open(t.Context(), catalog.Config{Client: s.Client, Begin: s.Begin, Log: changelog.New(s.Client),
		Now: func() time.Time { return fixture.Start }, BaseURL: fixture.BaseURL})
	if err != nil {
		t.Fatal(err)
	}
	if err := exchange.LoadReference(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestTheStarterOrganisationsAreOnlySpokenAbout(t *testing.T) {
	do := func(t *testing.T, c store.Config) {
		cat := bare(t, c)
		ctx := fixture.System(t)
		seed := func() exchange.SeedReport {
			t.Helper()
			r, err := exchange.Seed(t.Context(), cat)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		edit := func(do func(*record.Organization)) {
			t.Helper()
			err := cat.Write(ctx, func(w *catalog.Writer) error {
				_, err := w.EditOrganization(ctx, cat.Reference().OrganizationBySlug("udc-leiden").ID, 0, func(o *record.Organization) error { do(o); return nil })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if r := seed(); r.Organizations != 2 || r.Created != 14 {
			t.Errorf("the first time: %+v", r)
		}
		leiden, cbs := cat.Reference().OrganizationBySlug("udc-leiden"), cat.Reference().OrganizationBySlug("cbs")
		if leiden == nil || leiden.Custody != record.CustodyReference || leiden.Kind != record.MunicipalUDC || leiden.ActiveSince != "2017-12" ||
			*leiden.ResearcherCount != 4 || *leiden.CBSColleagueCount != 2 || *leiden.CBSDaysPerWeek != 1 || leiden.HasResearchDepartment != nil ||
			!strings.Contains(leiden.Approach.In(), "maatwerk") || len(leiden.SourceLinks) != 1 || !slices.Equal(leiden.MunicipalityCodes, []string{"GM0546"}) {
			t.Errorf("UDC Leiden is %+v", leiden)
		}
		if cbs == nil || cbs.Custody != record.CustodyReference || cbs.Kind != record.StatisticsOffice || cbs.TooiIRI == "" {
			t.Errorf("CBS is %+v", cbs)
		}
		edit(func(o *record.Organization) { o.Name = "Anders" })
		if r := seed(); r.Organizations != 1 || r.Unchanged != 14 || cat.Reference().Organization(leiden.ID).Name != "UDC Leiden" {
			t.Errorf("what this release says did not arrive: %+v", r)
		}
		edit(func(o *record.Organization) { o.Name, o.Custody = "UDC Sleutelstad", record.CustodyOwn })
		if r := seed(); r.Organizations != 0 || cat.Reference().Organization(leiden.ID).Name != "UDC Sleutelstad" {
			t.Errorf("seeding wrote over an organisation that speaks for itself: %+v", r)
		}
	}
	t.Run("sqlite", func(t *testing.T) { do(t, store.Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { do(t, store.Config{Database: fixture.Database(t)}) })
}
