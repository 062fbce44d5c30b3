package exchange_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// shown is a catalogue with the demo, seeded at fixture.Start, with the store below it and what moves its clock.
func shown(t *testing.T, c store.Config) (*catalog.Catalog, *store.Store, func(days int)) {
	t.Helper()
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := fixture.Start
	cat, err := catalog.Open(t.Context(), catalog.Config{Client: s.Client, Begin: s.Begin, Log: changelog.New(s.Client),
		Now: func() time.Time { return now }, BaseURL: fixture.BaseURL})
	if err != nil {
		t.Fatal(err)
	}
	if err := exchange.LoadReference(t.Context(), cat); err != nil {
		t.Fatal(err)
	}
	seedDemo(t, cat)
	return cat, s, func(days int) { now = now.AddDate(0, 0, days) }
}

func seedDemo(t *testing.T, cat *catalog.Catalog) exchange.SeedReport {
	t.Helper()
	r, err := exchange.SeedDemo(t.Context(), cat)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// everything is what a viewer sees of the demo, by kind.
func everything(t *testing.T, ctx context.Context, cat *catalog.Catalog) map[record.Type][]record.Record {
	t.Helper()
	out := map[record.Type][]record.Record{}
	for _, kind := range []record.Type{record.ProjectType, record.ProcessTemplateType, record.LessonType} {
		p, err := cat.Page(ctx, catalog.Filter{Types: []record.Type{kind}}, catalog.Order{}, 200, "")
		if err != nil {
			t.Fatal(err)
		}
		out[kind] = p.Records
	}
	return out
}

func TestTheDemoShowsEveryPhaseAndKind(t *testing.T) {
	cat, _, _ := shown(t, store.Config{Dir: t.TempDir()})
	all := everything(t, identity.AsStranger(t.Context()), cat)
	for kind, want := range map[record.Type]int{record.ProjectType: 60, record.ProcessTemplateType: 7, record.LessonType: 24} {
		if got := len(all[kind]); got != want {
			t.Errorf("%d of %s, not %d", got, kind, want)
		}
	}
	phases, embargoed, english := map[record.Phase]int{}, 0, 0
	for _, r := range all[record.ProjectType] {
		p := r.(*record.Project)
		phases[p.Phase]++
		if e := p.Embargo(); e != nil && e.State == record.EmbargoActive && e.Scope == record.ResultsScope {
			embargoed++
			if len(p.Answer)+len(p.Outputs)+len(p.PolicyUses) > 0 || !e.Until.After(fixture.Start) {
				t.Errorf("%s shows its results, or its embargo does not last", p.Slug)
			}
		} else if (p.Phase == record.Done) != (len(p.Answer) > 0) && p.Phase != record.Stopped {
			t.Errorf("%s is %s and its answer is %q", p.Slug, p.Phase, p.Answer.In())
		}
		if p.Title[record.English] != "" && p.Summary[record.English] != "" {
			english++
		}
	}
	if want := map[record.Phase]int{record.Idea: 6, record.Intake: 7, record.Running: 14, record.OnHold: 4, record.Done: 25, record.Stopped: 4}; !maps.Equal(phases, want) {
		t.Errorf("the phases are %v", phases)
	}
	if embargoed != 2 || english < 20 {
		t.Errorf("%d are under embargo, %d are in English", embargoed, english)
	}
	versions, forks := 0, 0
	for _, r := range all[record.ProcessTemplateType] {
		x := r.(*record.ProcessTemplate)
		versions += len(x.Versions)
		if x.ForkedFromID != "" {
			forks++
		}
	}
	if versions != 9 || forks != 3 {
		t.Errorf("%d versions of templates, %d forks", versions, forks)
	}
	udcs := 0
	for _, o := range cat.Reference().AllOrganizations() {
		switch o.Kind {
		case record.MunicipalUDC, record.RegionalUDC, record.ProvincialUDC:
			udcs++
		}
		if o.Custody == record.CustodyOwn || !strings.HasSuffix(o.Name, "(fictief)") {
			t.Errorf("%s is in custody %s", o.Name, o.Custody)
		}
	}
	if udcs != 12 {
		t.Errorf("%d UDCs", udcs)
	}
}

func TestEverythingInTheDemoIsMarkedAsInvented(t *testing.T) {
	cat, s, _ := shown(t, store.Config{Dir: t.TempDir()})
	n := 0
	for _, rs := range everything(t, identity.AsStranger(t.Context()), cat) {
		for _, r := range rs {
			n++
			full, err := exchange.PublicDocument(r)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := json.Marshal(full)
			if err != nil {
				t.Fatal(err)
			}
			if r.Base().Provenance != record.Demo || !strings.Contains(string(doc), `"provenance":"DEMO"`) {
				t.Errorf("%s is %s", r.Base().Slug, r.Base().Provenance)
			}
			if strings.Contains(string(doc), "http://") || strings.Contains(string(doc), "@") && !strings.Contains(string(doc), ".voorbeeld.example") {
				t.Errorf("%s leads out of the example", r.Base().Slug)
			}
		}
	}
	if n != 91 {
		t.Errorf("%d records", n)
	}
	rows, err := s.Client.FeedEntry.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if row.PublisherSeq != nil {
			t.Errorf("%s would be pulled as its publisher's own words", row.RecordID)
		}
		if !strings.Contains(string(row.Payload), `"provenance":"DEMO"`) {
			t.Errorf("the change of %s does not say that it is invented", row.RecordID)
		}
	}
}

func TestNoRealMunicipalityIsSpokenOfInTheDemo(t *testing.T) {
	cat, _, _ := shown(t, store.Config{Dir: t.TempDir()})
	ref := cat.Reference()
	real, invented := map[string]bool{}, 0
	for _, m := range ref.AllMunicipalities() {
		if m.Code < "GM9" {
			real[record.Fold(m.Name)] = true
		}
	}
	for _, m := range ref.AllMunicipalities() {
		if m.Code < "GM9" {
			continue
		}
		invented++
		name, said := strings.CutSuffix(m.Name, " (fictief)")
		if !said || real[record.Fold(name)] || m.TooiIRI != "" || m.Lon < 3.3 || m.Lon > 7.3 || m.Lat < 50.7 || m.Lat > 53.6 {
			t.Errorf("%+v", m)
		}
	}
	if invented != 13 {
		t.Errorf("%d invented municipalities", invented)
	}
	for _, o := range ref.AllOrganizations() {
		for _, code := range o.MunicipalityCodes {
			if code < "GM9" {
				t.Errorf("%s is of %s", o.Name, code)
			}
		}
	}
	for _, r := range everything(t, t.Context(), cat)[record.ProjectType] {
		for _, code := range r.(*record.Project).MunicipalityCodes {
			if code < "GM9" {
				t.Errorf("%s is about %s", r.Base().Slug, code)
			}
		}
	}
}

// TestTheDemoIsAsCompleteAsAPublishersOwnWords holds invented records to what is asked of real ones, and catches texts
// that YAML cut in two.
func TestTheDemoIsAsCompleteAsAPublishersOwnWords(t *testing.T) {
	cat, s, _ := shown(t, store.Config{Dir: t.TempDir()})
	drafts, err := s.Client.Draft.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range drafts {
		r, err := record.Decode(d.ID, d.Body)
		if err != nil {
			t.Fatal(err)
		}
		if ps := append(r.Check(cat.Reference()), r.Complete()...); len(ps) > 0 {
			t.Errorf("%s: %v", d.Slug, ps)
		}
		var doc any
		if err := json.Unmarshal(d.Body, &doc); err != nil {
			t.Fatal(err)
		}
		checkTexts(t, d.Slug, doc)
	}
}

// checkTexts finds texts in other languages than the two.
func checkTexts(t *testing.T, slug string, v any) {
	t.Helper()
	switch x := v.(type) {
	case map[string]any:
		_, text := x[record.Dutch]
		for k, y := range x {
			if text && (k != record.Dutch && k != record.English || strings.TrimSpace(y.(string)) == "") {
				t.Errorf("%s: a text has %q", slug, k)
			}
			checkTexts(t, slug, y)
		}
	case []any:
		for _, y := range x {
			checkTexts(t, slug, y)
		}
	}
}

func TestSeedingTheDemoTwiceChangesNothing(t *testing.T) {
	do := func(t *testing.T, c store.Config) {
		cat, _, move := shown(t, c)
		before, err := cat.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// A month later: its dates count from the first time.
		move(30)
		if r := seedDemo(t, cat); r.Unchanged != 91 || r.Created+r.Updated+r.Left+r.Organizations != 0 {
			t.Errorf("the second time: %+v", r)
		}
		if after, err := cat.Log.Head(t.Context()); err != nil || after != before {
			t.Errorf("the second time wrote %d changes, %v", after-before, err)
		}
	}
	t.Run("sqlite", func(t *testing.T) { do(t, store.Config{Dir: t.TempDir()}) })
	t.Run("postgres", func(t *testing.T) { do(t, store.Config{Database: fixture.Database(t)}) })
}

func TestTheDemosEmbargoesAreLiftedByTheClock(t *testing.T) {
	cat, _, move := shown(t, store.Config{Dir: t.TempDir()})
	move(80)
	if err := cat.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, r := range everything(t, identity.AsStranger(t.Context()), cat)[record.ProjectType] {
		if p := r.(*record.Project); p.Phase == record.Done && len(p.Answer) == 0 {
			t.Errorf("%s still hides its answer", p.Slug)
		}
	}
}

func TestTheDemoGrewOverTheYears(t *testing.T) {
	cat, _, _ := shown(t, store.Config{Dir: t.TempDir()})
	days := map[string]bool{}
	for _, rs := range everything(t, t.Context(), cat) {
		for _, r := range rs {
			days[r.Base().PublishedAt.Format(time.DateOnly)] = true
			if !r.Base().PublishedAt.Before(fixture.Start) {
				t.Errorf("%s was published %s", r.Base().Slug, r.Base().PublishedAt)
			}
		}
	}
	if len(days) < 70 {
		t.Errorf("everything was published on %d days", len(days))
	}
}

func TestTheDiffsOfTheDemosTemplatesShowEverything(t *testing.T) {
	cat, _, _ := shown(t, store.Config{Dir: t.TempDir()})
	kinds := map[record.DiffKind]bool{}
	for _, r := range everything(t, t.Context(), cat)[record.ProcessTemplateType] {
		x := r.(*record.ProcessTemplate)
		older := x.ForkedFromID
		if len(x.Versions) == 2 {
			older = x.Versions[0].ID
		}
		if older == "" {
			continue
		}
		rs, err := cat.ByID(t.Context(), older, x.Versions[len(x.Versions)-1].ID)
		if err != nil {
			t.Fatal(err)
		}
		was, is := rs[0].(*record.TemplateVersion), rs[1].(*record.TemplateVersion)
		for _, d := range is.Diff(was) {
			kinds[d.Kind] = true
			// What has the same key in a fork has the same meaning.
			if d.Before != nil && d.After != nil && d.Before.IRI != d.After.IRI {
				t.Errorf("step %s of %s has another address", d.Key, x.Slug)
			}
		}
	}
	got := slices.Sorted(maps.Keys(kinds))
	if want := []record.DiffKind{record.StepAdded, record.StepChanged, record.StepMoved, record.StepRemoved, record.StepUnchanged}; !slices.Equal(got, want) {
		t.Errorf("the differences are %q", got)
	}
}

func TestACatalogueHoldsTheDemoOrSomethingRealOrNothing(t *testing.T) {
	holds := func(cat *catalog.Catalog) [2]bool {
		t.Helper()
		invented, real, err := exchange.Holds(t.Context(), cat)
		if err != nil {
			t.Fatal(err)
		}
		return [2]bool{invented, real}
	}
	demo, _, _ := shown(t, store.Config{Dir: t.TempDir()})
	if got := holds(demo); got != [2]bool{true, false} {
		t.Errorf("the demo: %v", got)
	}
	if got := holds(small(t).Catalog); got != [2]bool{false, true} {
		t.Errorf("a real one: %v", got)
	}
	if got := holds(bare(t, store.Config{Dir: t.TempDir()})); got != [2]bool{} {
		t.Errorf("one with only the reference tables: %v", got)
	}
}
