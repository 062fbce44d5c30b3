package catalog_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func preview(ctx context.Context, t *testing.T, w *fixture.World, id string) *catalog.Preview {
	t.Helper()
	p, err := w.Preview(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func paths(ds []record.Difference) []string {
	out := []string{}
	for _, d := range ds {
		out = append(out, d.Path)
	}
	return out
}

func hiddenPaths(p *catalog.Preview) []string {
	out := []string{}
	for _, h := range p.Hidden {
		out = append(out, h.Path+" "+h.Until.Format("15:04"))
	}
	return out
}

// without is a public document without what tells when it was written and how often it changed.
func without(t *testing.T, r record.Record) string {
	t.Helper()
	c, err := record.Clone(r)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Base()
	s.Version, s.PublishedAt, s.UpdatedAt, s.Slug = 0, time.Time{}, time.Time{}, ""
	b, err := record.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestThePreviewIsWhatPublishingShows(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		full := w.Project("Verkamering")
		full.Answer, full.Outputs = record.NL("In deze wijken."), []*record.Output{factsheet(w, "o1", ""), factsheet(w, "o2", "")}
		full.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		tpl := w.Template("Zes stappen", "1.0.0", "vraag")
		for _, r := range []record.Record{w.Project("Zonder embargo"), full, w.Lesson("Vraag het vooraf"), tpl} {
			id := create(t, w, r).Base().ID
			p := preview(ctx, t, w, id)
			if len(p.Missing) > 0 || !p.VisibleAt.IsZero() {
				t.Fatalf("%s: missing %v, visible %v", id, p.Missing, p.VisibleAt)
			}
			publish(t, w, id)
			shown := see(t, w, id)
			if x, ok := shown.(*record.ProcessTemplate); ok {
				x.Versions = nil // made by publishing
			}
			if got, want := without(t, p.Record), without(t, shown); got != want {
				t.Errorf("the preview shows\n%s\nreaders see\n%s", got, want)
			}
			if s := p.Record.Base(); s.State != record.Published || s.Revision != 0 || s.URI != shown.Base().URI {
				t.Errorf("the preview is %s at %d, %s", s.State, s.Revision, s.URI)
			}
		}
		p := preview(ctx, t, w, full.ID)
		same(t, "hidden", hiddenPaths(p), []string{"answer 10:00", "outputs.0 10:00", "outputs.1 10:00"})
		same(t, "nothing changed", paths(p.Differences), []string{})
	})
}

func TestThePreviewTellsWhatChangesAgainstWhatIsPublic(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		project := w.Project("Verkamering")
		project.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		id := w.Publish(t, project).Base().ID
		edit(t, w, id, func(p *record.Project) {
			p.Title, p.Answer = record.NL("Kamerverhuur"), record.NL("GEHEIM")
			p.PolicyDomainIRIs = nil
		})
		p := preview(ctx, t, w, id)
		same(t, "what changes", paths(p.Differences), []string{"title", "policyDomains"})
		same(t, "hidden", hiddenPaths(p), []string{"answer 10:00"})
		if len(p.Missing) != 1 || p.Missing[0].Field[0] != "policyDomains" {
			t.Errorf("missing is %v", p.Missing)
		}
		if strings.Contains(without(t, p.Record), "GEHEIM") {
			t.Error("it shows what is under embargo")
		}
		first := preview(ctx, t, w, create(t, w, w.Project("Nieuw")).Base().ID)
		if got := paths(first.Differences); !slices.Contains(got, "title") || !slices.Contains(got, "policyDomains") {
			t.Errorf("the first time %v changes", got)
		}
		lesson := create(t, w, w.Lesson("Vraag het vooraf", create(t, w, w.Project("Geheim")).Base().ID)).Base().ID
		if got := preview(ctx, t, w, lesson).Missing; len(got) != 1 || got[0].Code != record.IllegalTransition {
			t.Errorf("a lesson that points at what nobody sees misses %v", got)
		}
		tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).Base().ID
		edit(t, w, tpl, func(p *record.ProcessTemplate) { p.Steps[0].Purpose = record.NL("Anders") })
		if got := preview(ctx, t, w, tpl).Missing; len(got) != 1 || got[0].Field[0] != "number" {
			t.Errorf("a template with another step under the same number misses %v", got)
		}
	})
}

func TestThePreviewTellsFromWhenThereIsSomethingToSee(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		project := w.Project("Verkamering")
		project.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, 2*time.Hour)}
		id := create(t, w, project).Base().ID
		p := preview(ctx, t, w, id)
		if p.Record != nil || !p.VisibleAt.Equal(w.Clock.Now().Add(2*time.Hour)) || !slices.Contains(paths(p.Differences), "title") {
			t.Errorf("a scheduled record: %v, visible %s, %v", p.Record, p.VisibleAt, paths(p.Differences))
		}
		results := w.Project("Onderwijskansen")
		results.Answer, results.Embargoes = record.NL("x"), []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		lesson := create(t, w, w.Lesson("Vraag het vooraf", w.Publish(t, results).Base().ID)).Base().ID
		p = preview(ctx, t, w, lesson)
		if p.Record != nil || !p.VisibleAt.Equal(w.Clock.Now().Add(time.Hour)) || !slices.Contains(paths(p.Differences), "projects") {
			t.Errorf("a lesson that waits: %v, visible %s, %v", p.Record, p.VisibleAt, paths(p.Differences))
		}
		public := w.Publish(t, w.Project("Al openbaar")).Base().ID
		takesBack := editing(func(p *record.Project) { p.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)} })
		if _, err := try(ctx, t, w, public, takesBack); problem(err) != record.IllegalTransition {
			t.Errorf("what is public is hidden: %v", err)
		}
	})
}

func TestThePreviewIsForThoseWhoReadTheWorkingCopy(t *testing.T) {
	w := fixture.SQLite(t)
	id := create(t, w, w.Project("Verkamering")).Base().ID
	for who, ctx := range map[string]context.Context{"a stranger": identity.AsStranger(t.Context()), "another organisation": fixture.As(t, w.Delft), "a member": person(t, w, w.Leiden, identity.Member)} {
		if p := preview(ctx, t, w, id); p != nil {
			t.Errorf("%s is shown %v", who, p)
		}
	}
	if p := preview(guestOf(t, w, id), t, w, id); p == nil {
		t.Error("a guest is shown nothing")
	}
}

func TestAPublicationTellsWhatItChanged(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).(*record.ProcessTemplate)
		id := w.Publish(t, w.Project("Verkamering")).Base().ID
		edit(t, w, id, func(p *record.Project) {
			p.TemplateID, p.TemplateVersionID, p.MethodIRIs = tpl.ID, tpl.Versions[0].ID, []string{record.ConceptIRI(record.Method, "datamatch")}
		})
		second := publish(t, w, id).Base().Revision
		edit(t, w, id, func(p *record.Project) { p.Phase = record.Done; p.Answer = record.NL("Ja") })
		third := publish(t, w, id).Base().Revision
		as := []catalog.Approval{{RecordID: id, Revision: 2}, {RecordID: id, Revision: second}, {RecordID: id, Revision: third}, {RecordID: tpl.ID, Revision: 2}, {RecordID: "prj_x", Revision: 1}}
		var got map[catalog.Approval][]record.Difference
		n := statements(t, w, func() (err error) {
			got, err = w.Changed(ctx, as)
			return err
		})
		if n != 2 {
			t.Errorf("%d statements", n)
		}
		same(t, "the second", paths(got[as[1]]), []string{"methods", "complexity", "template", "templateVersion"})
		same(t, "the third", paths(got[as[2]]), []string{"phase", "answer"})
		if ds := got[as[1]]; len(ds) == 4 && (ds[2].After.In() != "Zes stappen" || ds[3].After.In() != "Zes stappen 1.0.0") {
			t.Errorf("the template is called %v and %v", ds[2].After, ds[3].After)
		}
		if len(got[as[0]]) < 5 || len(got[as[3]]) < 3 || len(got[as[4]]) > 0 {
			t.Errorf("the first are %v, %v, %v", paths(got[as[0]]), paths(got[as[3]]), got[as[4]])
		}
		only, err := w.Changed(ctx, as[2:3])
		if err != nil || !slices.Equal(paths(only[as[2]]), paths(got[as[2]])) {
			t.Errorf("by itself the third is %v, %v", only, err)
		}
	})
}
