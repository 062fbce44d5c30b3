package graph

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

func createTemplate(ctx context.Context, w *catalog.Writer, in TemplateCreateInput) (record.Record, error) {
	if err := own(ctx, w, in.Organization); err != nil {
		return nil, err
	}
	e := edit{ref: w.Reference(), lang: or(in.ContentLanguage.Value(), record.Dutch)}
	t := &record.ProcessTemplate{
		Spine:  record.Spine{PublisherID: in.Organization, Language: e.lang, Title: record.Text{e.lang: in.Title}, Audience: or(in.Audience.Value(), record.Public)},
		Number: or(in.Number.Value(), "1.0.0"),
	}
	e.text(&t.Summary, in.Summary)
	e.text(&t.ChangeNote, in.ChangeNote)
	t.Steps, t.Roles = e.steps(nil, in.Steps.Value()), e.roles(in.Roles.Value())
	return w.Create(ctx, t, catalog.Origin{IdempotencyKey: given(in.IdempotencyKey.Value())})
}

func updateTemplate(e edit, t *record.ProcessTemplate, in TemplateUpdateInput) {
	e.spine(t.Base(), in.Title, in.Summary, in.Audience, in.License, in.SourceLinks)
	value(&t.Number, in.Number)
	e.text(&t.ChangeNote, in.ChangeNote)
	if in.Steps.IsSet() {
		t.Steps = e.steps(t.Steps, in.Steps.Value())
	}
	if in.Roles.IsSet() {
		t.Roles = e.roles(in.Roles.Value())
	}
}

// publishTemplateVersion makes or changes a template and publishes it, in one transaction.
func publishTemplateVersion(ctx context.Context, w *catalog.Writer, in TemplateVersionInput) (made record.Record, err error) {
	if id := given(in.Template.Value()); id != "" {
		made, err = changeIn(ctx, w, id, or(in.Revision.Value(), 0), func(_ *catalog.Writer, t *record.ProcessTemplate) error {
			e := edit{ref: w.Reference(), lang: t.Language}
			e.text(&t.Title, in.Title)
			e.text(&t.Summary, in.Summary)
			e.text(&t.ChangeNote, in.ChangeNote)
			t.Number, t.Steps = in.Number, e.steps(t.Steps, in.Steps)
			if in.Roles.IsSet() {
				t.Roles = e.roles(in.Roles.Value())
			}
			return nil
		})
	} else {
		create := TemplateCreateInput{Organization: given(in.Organization.Value()), Title: given(in.Title.Value()), Summary: in.Summary,
			ChangeNote: in.ChangeNote, Roles: in.Roles}
		create.Number = graphql.OmittableOf(&in.Number)
		create.Steps = graphql.OmittableOf(in.Steps)
		made, err = createTemplate(ctx, w, create)
	}
	if err != nil {
		return nil, err
	}
	return w.Publish(ctx, made.Base().ID, made.Base().Revision)
}

func (r *Resolver) forkTemplate(ctx context.Context, w *catalog.Writer, in TemplateForkInput) (record.Record, error) {
	if err := own(ctx, w, in.Organization); err != nil {
		return nil, err
	}
	v, err := r.templateVersion(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	return w.Create(ctx, &record.ProcessTemplate{
		Spine:        record.Spine{PublisherID: in.Organization, Language: v.Language, Title: record.Text{v.Language: in.Title}, Summary: v.Summary, SourceLinks: []string{v.URI}},
		Number:       "1.0.0",
		Roles:        v.Roles,
		Steps:        v.Steps,
		ForkedFromID: v.ID,
	}, catalog.Origin{IdempotencyKey: given(in.IdempotencyKey.Value())})
}

// steps reads the steps of an input. Texts in other languages of a step with the same key stay.
func (e edit) steps(before []*record.TemplateStep, in []*TemplateStepInput) []*record.TemplateStep {
	out := make([]*record.TemplateStep, len(in))
	for i, s := range in {
		step := &record.TemplateStep{Key: s.Key, StartsAfter: s.StartsAfter.Value(), ParallelWith: s.ParallelWith.Value(),
			Iterative: optional(s.Iterative), Optional: optional(s.Optional), DeliverableIRIs: e.conceptIRIs(s.Deliverables.Value()), GuideDays: s.GuideDays.Value()}
		if j := slices.IndexFunc(before, func(b *record.TemplateStep) bool { return b.Key == s.Key }); j >= 0 {
			step.Title, step.Purpose = before[j].Title, before[j].Purpose
		}
		step.Title, step.Purpose = step.Title.With(e.lang, s.Title), step.Purpose.With(e.lang, s.Purpose)
		for _, x := range s.Raci.Value() {
			step.Raci = append(step.Raci, &record.RaciEntry{RoleIRI: conceptIRI(e.ref, x.Role), Raci: x.Raci})
		}
		for _, x := range s.Checklist.Value() {
			step.Checklist = append(step.Checklist, &record.TemplateCheck{Key: x.Key, Text: record.Text{e.lang: x.Text}, Required: optional(x.Required), LessonID: given(x.Lesson.Value())})
		}
		out[i] = step
	}
	return out
}

func (e edit) roles(in []*TemplateRoleInput) []*record.TemplateRole {
	out := make([]*record.TemplateRole, len(in))
	for i, x := range in {
		out[i] = &record.TemplateRole{RoleIRI: conceptIRI(e.ref, x.Role), Minimum: x.Minimum}
	}
	return out
}

// templatePayload adds the version that a write published, where it published one.
func (r *Resolver) templatePayload(ctx context.Context, w written, published bool, err error) (*TemplatePayload, error) {
	out := &TemplatePayload{Template: as[*record.ProcessTemplate](w), Warnings: w.warnings, UserErrors: w.userErrors}
	if err != nil || !published || out.Template == nil || len(out.Template.Versions) == 0 {
		return out, err
	}
	// The write stands: a version that this token may write but not read is left out.
	rs, err := r.Catalog.ByID(ctx, out.Template.Versions[len(out.Template.Versions)-1].ID)
	if err == nil {
		out.Version, _ = rs[0].(*record.TemplateVersion)
	}
	return out, err
}

// versions lists a template's versions, last first. All are loaded for all templates of the group at once.
func (r *Resolver) versions(ctx context.Context, obj *record.ProcessTemplate, first int, after *string) (*ProcessTemplateVersionConnection, error) {
	all, err := r.linked(ctx, obj, "template.versions", func(x record.Record) []string {
		if t, ok := x.(*record.ProcessTemplate); ok {
			return t.VersionIDs("")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var vs []*record.TemplateVersion
	for _, id := range slices.Backward(obj.VersionIDs("")) {
		if v := version(all, id); v != nil {
			vs = append(vs, v)
		}
	}
	l, err := slice("versions", vs, func(v *record.TemplateVersion) string { return v.ID }, first, after,
		func(c string, n *record.TemplateVersion) *ProcessTemplateVersionEdge {
			return &ProcessTemplateVersionEdge{Cursor: c, Node: n}
		})
	return &ProcessTemplateVersionConnection{Edges: l.edges, Nodes: l.nodes, PageInfo: l.info, TotalCount: l.total}, err
}

// otherVersion is a version by its id, or by its number among those of v's template; nil when there is none.
func (r *Resolver) otherVersion(ctx context.Context, v *record.TemplateVersion, idOrNumber string) (*record.TemplateVersion, error) {
	if record.KindOf(idOrNumber).Type == record.TemplateVersionType {
		all, err := r.linked(ctx, v, "version.diff "+idOrNumber, func(record.Record) []string { return []string{idOrNumber} })
		return version(all, idOrNumber), err
	}
	t, err := r.ProcessTemplateVersion().Template(ctx, v)
	if err != nil || t == nil || idOrNumber == "" {
		return nil, err
	}
	return r.ProcessTemplate().Version(ctx, t, idOrNumber)
}

// stepKeys are the keys of all steps of documents.
func stepKeys(rs []record.Record) []string {
	var out []string
	for _, s := range steps(rs) {
		if !slices.Contains(out, s.Key) {
			out = append(out, s.Key)
		}
	}
	return out
}

// checkedLessons are the lessons that the checklists of a document come from.
func checkedLessons(r record.Record) []string {
	var out []string
	for _, s := range steps([]record.Record{r}) {
		for _, c := range s.Checklist {
			if c.LessonID != "" {
				out = append(out, c.LessonID)
			}
		}
	}
	return out
}

func steps(rs []record.Record) (out []*record.TemplateStep) {
	for _, r := range rs {
		switch t := r.(type) {
		case *record.ProcessTemplate:
			out = append(out, t.Steps...)
		case *record.TemplateVersion:
			out = append(out, t.Steps...)
		}
	}
	return out
}
