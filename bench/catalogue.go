// Package bench measures Plein: a generated catalogue, benchmarks on it, and the figures that may not grow.
package bench

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Seed is that of the published figures.
const Seed = 20260302

// Label stands in every generated text and name, so that nobody takes one for a real project.
const Label = "(gegenereerd)"

// batch is how many records one transaction writes.
const batch = 1_000

// Of every hundred records 80 are projects, 15 lessons and 5 templates.
const (
	percentProjects = 80
	percentLessons  = 15
)

// Fill writes a generated catalogue of so many records through the catalogue's own writes: an organisation for every
// municipality of the reference table, data sources, and published templates, projects and lessons. Frozen versions of
// templates come on top of the number. The reference tables have to be there. The same seed gives the same texts and
// links; ids and moments are those of the run. progress, which may be nil, hears how many records are written.
func Fill(ctx context.Context, cat *catalog.Catalog, size int, seed uint64, progress func(done int)) error {
	return fillFor(ctx, cat, size, seed, everybody, progress)
}

// FillOne is Fill with one publisher for all records.
func FillOne(ctx context.Context, cat *catalog.Catalog, size int, seed uint64, progress func(done int)) error {
	return fillFor(ctx, cat, size, seed, 1, progress)
}

// everybody publishes.
const everybody = 1 << 20

func fillFor(ctx context.Context, cat *catalog.Catalog, size int, seed uint64, publishers int, progress func(done int)) error {
	if progress == nil {
		progress = func(int) {}
	}
	ctx = identity.AsSystem(ctx)
	g := newGenerator(cat.Reference(), seed)
	if err := g.organizations(ctx, cat, publishers); err != nil {
		return fmt.Errorf("generate organisations: %w", err)
	}
	projects, lessons := size*percentProjects/100, size*percentLessons/100
	done := 0
	for _, part := range []struct {
		n     int
		write func(context.Context, *catalog.Writer) error
	}{{size - projects - lessons, g.template}, {projects, g.project}, {lessons, g.lesson}} {
		for n := part.n; n > 0; {
			now := min(n, batch)
			err := cat.Write(ctx, func(w *catalog.Writer) error {
				for range now {
					if err := part.write(ctx, w); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("generate records: %w", err)
			}
			n -= now
			done += now
			progress(done)
		}
	}
	return nil
}

// generator draws from word lists and vocabularies. What it draws never depends on ids or on the clock.
type generator struct {
	rand       *rand.Rand
	ref        *record.Reference
	publishers []string
	sources    []string
	templates  []*record.ProcessTemplate
	projects   []string
	made       int
}

func newGenerator(ref *record.Reference, seed uint64) *generator {
	return &generator{rand: rand.New(rand.NewPCG(seed, seed)), ref: ref}
}

// place draws a place in a list of n, the first ones most often: the k-th about 1/k as often as the first (Zipf).
func (g *generator) place(n int) int {
	return int(rand.NewZipf(g.rand, 1.05, 2, uint64(n-1)).Uint64())
}

// chance is true in so many of a hundred draws.
func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func pick[T any](g *generator, list []T) T { return list[g.place(len(list))] }

// several draws 1 to most different values.
func several(g *generator, list []string, most int) []string {
	var out []string
	seen := map[string]bool{}
	for range 1 + g.rand.IntN(most) {
		if v := pick(g, list); !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func (g *generator) concepts(s record.Scheme) []string {
	var out []string
	for _, c := range g.ref.Scheme(s) {
		out = append(out, c.IRI)
	}
	return out
}

func (g *generator) compound() string { return pick(g, firstParts) + pick(g, lastParts) }

// prose is a text of so many sentences.
func (g *generator) prose(n int) record.Text {
	out := make([]string, n)
	for i := range out {
		s := sentences[g.rand.IntN(len(sentences))]
		values := []any{g.compound(), g.compound(), pick(g, groups), pick(g, places)}
		if !strings.Contains(s, "%[") {
			values = values[:strings.Count(s, "%s")]
		}
		out[i] = fmt.Sprintf(s, values...)
	}
	return record.NL(strings.Join(out, " "))
}

func (g *generator) spine(title string) record.Spine {
	g.made++
	return record.Spine{PublisherID: pick(g, g.publishers), Title: record.NL(fmt.Sprintf("%s %d %s", title, g.made, Label)),
		Summary: record.NL("Deze beschrijving is gemaakt om mee te meten " + Label + ". " + g.prose(2)[record.Dutch])}
}

// organizations writes a publisher for every municipality, but no more than most, in an order of the generator's own, and data
// sources.
func (g *generator) organizations(ctx context.Context, cat *catalog.Catalog, most int) error {
	return cat.Write(ctx, func(w *catalog.Writer) error {
		var os []*record.Organization
		ms := g.ref.AllMunicipalities()
		for i, m := range ms[:min(most, len(ms))] {
			os = append(os, &record.Organization{Name: fmt.Sprintf("Proef-UDC %03d %s", i+1, Label), Kind: record.MunicipalUDC,
				Custody: record.CustodyOwn, MunicipalityCodes: []string{m.Code}})
		}
		if err := w.CreateOrganizations(ctx, os); err != nil {
			return err
		}
		for _, i := range g.rand.Perm(len(os)) {
			g.publishers = append(g.publishers, os[i].ID)
		}
		for i, first := range firstParts {
			d, err := w.SaveDataSource(ctx, os[0].ID, record.DataSource{Name: fmt.Sprintf("%sregister %d %s", strings.ToUpper(first[:1])+first[1:], i+1, Label),
				Holder: "Proefhouder " + Label, IsMicrodata: i%3 == 0})
			if err != nil {
				return err
			}
			g.sources = append(g.sources, d.IRI)
		}
		g.ref = w.Reference()
		return nil
	})
}

func publish(ctx context.Context, w *catalog.Writer, r record.Record) (record.Record, error) {
	made, err := w.Create(ctx, r, catalog.Origin{})
	if err != nil {
		return nil, err
	}
	return w.Publish(ctx, made.Base().ID, made.Base().Revision)
}

// template writes a template; one in three gets a second version.
func (g *generator) template(ctx context.Context, w *catalog.Writer) error {
	r, err := publish(ctx, w, g.newTemplate())
	if err != nil {
		return err
	}
	if g.chance(33) {
		note := g.prose(1)
		id := r.Base().ID
		if r, err = w.Edit(ctx, id, r.Base().Revision, func(r record.Record) error {
			t := r.(*record.ProcessTemplate)
			t.Number, t.ChangeNote, t.Steps[0].Purpose = "1.1.0", note, note
			return nil
		}); err != nil {
			return err
		}
		if r, err = w.Publish(ctx, id, r.Base().Revision); err != nil {
			return err
		}
	}
	g.templates = append(g.templates, r.(*record.ProcessTemplate))
	return nil
}

func (g *generator) newTemplate() *record.ProcessTemplate {
	t := &record.ProcessTemplate{Spine: g.spine("Werkwijze voor " + g.compound()), Number: "1.0.0"}
	roles, kinds := g.concepts(record.TeamRole), g.concepts(record.OutputKind)
	for _, role := range several(g, roles, 4) {
		t.Roles = append(t.Roles, &record.TemplateRole{RoleIRI: role, Minimum: 1})
	}
	for i, key := range stepKeys[:4+g.rand.IntN(len(stepKeys)-3)] {
		s := &record.TemplateStep{Key: key, Title: record.NL(strings.ToUpper(key[:1]) + key[1:]), Purpose: g.prose(1),
			DeliverableIRIs: several(g, kinds, 2), Raci: []*record.RaciEntry{{RoleIRI: pick(g, roles), Raci: record.Responsible}},
			Checklist: []*record.TemplateCheck{{Key: "a", Text: g.prose(1), Required: true}, {Key: "b", Text: g.prose(1)}}}
		if i > 0 {
			s.StartsAfter = []string{stepKeys[i-1]}
		}
		t.Steps = append(t.Steps, s)
	}
	return t
}

func (g *generator) project(ctx context.Context, w *catalog.Writer) error {
	r, err := publish(ctx, w, g.newProject())
	if err != nil {
		return err
	}
	g.projects = append(g.projects, r.Base().ID)
	return nil
}

var phases = []record.Phase{record.Done, record.Running, record.Stopped, record.OnHold, record.Intake, record.Idea}

func (g *generator) newProject() *record.Project {
	a, b := g.compound(), g.compound()
	p := &record.Project{
		Spine:            g.spine(pick(g, openings) + " " + a + " en " + b),
		Phase:            pick(g, phases),
		Question:         record.NL(fmt.Sprintf("Waar is %s bij %s het grootst, en hoe hangt dat samen met %s?", a, pick(g, groups), b)),
		Occasion:         g.prose(2),
		PolicyDomainIRIs: several(g, g.concepts(record.PolicyDomain), 3),
		TargetGroupIRIs:  several(g, g.concepts(record.TargetGroup), 2),
		GeoLevelIRI:      pick(g, g.concepts(record.GeoLevel)),
		MethodIRIs:       several(g, g.concepts(record.Method), 3),
		GoodFirstProject: g.chance(10),
	}
	p.MunicipalityCodes = append(p.MunicipalityCodes, g.ref.Organization(p.PublisherID).MunicipalityCodes...)
	if neighbour := pick(g, g.ref.AllMunicipalities()).Code; g.chance(20) && neighbour != p.MunicipalityCodes[0] {
		p.MunicipalityCodes = append(p.MunicipalityCodes, neighbour)
	}
	start := 2015 + g.rand.IntN(11)
	p.StartedOn = record.Date(fmt.Sprintf("%d-%02d", start, 1+g.rand.IntN(12)))
	days := float64(5 + g.rand.IntN(60))
	p.EffortDays = &days
	for _, source := range several(g, g.sources, 3) {
		p.Sources = append(p.Sources, &record.SourceUse{SourceIRI: source, AccessRouteIRI: pick(g, g.concepts(record.AccessRoute))})
	}
	for _, role := range several(g, g.concepts(record.TeamRole), 3) {
		p.Team = append(p.Team, &record.TeamMember{RoleIRI: role, OrganizationID: p.PublisherID, Unit: pick(g, units)})
	}
	if g.chance(30) && len(g.templates) > 0 {
		t := pick(g, g.templates)
		p.TemplateID, p.TemplateVersionID = t.ID, t.Versions[len(t.Versions)-1].ID
	}
	switch p.Phase {
	case record.Done:
		g.finish(p, start)
	case record.Stopped:
		p.StopReasonIRI = pick(g, g.concepts(record.StopReason))
	}
	return p
}

// finish gives a project an answer, what it delivered and what was done with it.
func (g *generator) finish(p *record.Project, start int) {
	p.Answer = g.prose(4 + g.rand.IntN(6))
	p.FinishedOn = record.Date(fmt.Sprintf("%d-%02d", start+1, 1+g.rand.IntN(12)))
	for i, kind := range several(g, g.concepts(record.OutputKind), 2) {
		p.Outputs = append(p.Outputs, &record.Output{Key: fmt.Sprintf("o%d", i+1), KindIRI: kind, Title: record.NL("Resultaat over " + g.compound()),
			Description: g.prose(1), LicenseIRI: record.CCBY, ProducedBy: p.PublisherID})
	}
	if g.chance(40) {
		p.PolicyUses = []*record.PolicyUse{{Key: "u1", KindIRI: pick(g, g.concepts(record.PolicyUseKind)), Title: record.NL("Gebruikt bij " + g.compound()), Description: g.prose(1)}}
	}
}

func (g *generator) lesson(ctx context.Context, w *catalog.Writer) error {
	_, err := publish(ctx, w, g.newLesson())
	return err
}

func (g *generator) newLesson() *record.Lesson {
	l := &record.Lesson{Spine: g.spine(pick(g, lessonOpenings) + " " + g.compound()), Kind: record.LessonKinds[g.rand.IntN(len(record.LessonKinds))],
		Context: g.prose(2), Recommendation: g.prose(2), Consequence: g.prose(1), RoleIRIs: several(g, g.concepts(record.TeamRole), 2)}
	t := pick(g, g.templates)
	s := t.Steps[g.rand.IntN(len(t.Steps))]
	l.Steps = []record.StepRef{{IRI: s.IRI, Key: s.Key}}
	// Lessons are about the newest quarter of the projects: those stand on the first pages.
	newest := func() string { return g.projects[len(g.projects)-1-g.rand.IntN(len(g.projects)/4)] }
	l.ProjectIDs = []string{newest()}
	if other := newest(); other != l.ProjectIDs[0] {
		l.ProjectIDs = append(l.ProjectIDs, other)
	}
	return l
}
