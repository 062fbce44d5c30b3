package graph

import (
	"context"
	"fmt"
	"slices"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/record"
)

func (r *Resolver) createLesson(ctx context.Context, w *catalog.Writer, in LessonCreateInput) (record.Record, error) {
	if err := own(ctx, w, in.Organization); err != nil {
		return nil, err
	}
	steps, err := r.stepRefs(ctx, given(in.Template.Value()), in.Steps)
	if err != nil {
		return nil, err
	}
	e := edit{ref: w.Reference(), lang: or(in.ContentLanguage.Value(), record.Dutch)}
	l := &record.Lesson{
		Spine:          record.Spine{PublisherID: in.Organization, Language: e.lang, Title: record.Text{e.lang: in.Title}, Audience: or(in.Audience.Value(), record.Public)},
		Kind:           in.Kind,
		Context:        record.Text{e.lang: in.Context},
		Recommendation: record.Text{e.lang: in.Recommendation},
		Steps:          steps,
		RoleIRIs:       e.conceptIRIs(in.Roles.Value()),
		ProjectIDs:     in.Projects.Value(),
		ReviewBy:       record.ReviewDay(r.Now()),
	}
	e.text(&l.Consequence, in.Consequence)
	value(&l.ReviewBy, in.ReviewBy)
	return w.Create(ctx, l, catalog.Origin{IdempotencyKey: given(in.IdempotencyKey.Value())})
}

func (r *Resolver) updateLesson(ctx context.Context, w *catalog.Writer, l *record.Lesson, in LessonUpdateInput) error {
	e := edit{ref: w.Reference()}.in(in.Lang, l.Base())
	e.spine(l.Base(), in.Title, in.Summary, in.Audience, in.License, in.SourceLinks)
	value(&l.Kind, in.Kind)
	e.text(&l.Context, in.Context)
	e.text(&l.Recommendation, in.Recommendation)
	e.text(&l.Consequence, in.Consequence)
	e.concepts(&l.RoleIRIs, in.Roles)
	put(&l.ProjectIDs, in.Projects)
	value(&l.ReviewBy, in.ReviewBy)
	if !in.Steps.IsSet() {
		return nil
	}
	steps, err := r.stepRefs(ctx, given(in.Template.Value()), in.Steps.Value())
	l.Steps = steps
	return err
}

// stepRefs finds the fixed addresses of steps by their keys in a template: the one given, else the one that this
// catalogue began with.
func (r *Resolver) stepRefs(ctx context.Context, templateID string, keys []string) ([]record.StepRef, error) {
	t, err := r.template(ctx, templateID)
	if err != nil {
		return nil, err
	}
	var out []record.StepRef
	for _, k := range keys {
		i := slices.IndexFunc(t.Steps, func(s *record.TemplateStep) bool { return s.Key == k })
		if i < 0 {
			k, known := shorten(k, 60), stepKeys([]record.Record{t})
			return nil, record.Problems{record.Wrong(record.NotFound,
				fmt.Sprintf("Dit sjabloon heeft geen stap %q. De stappen zijn: %v.", k, known),
				fmt.Sprintf("This template has no step %q. Its steps are: %v.", k, known), "steps")}
		}
		out = append(out, record.StepRef{IRI: t.Steps[i].IRI, Key: k})
	}
	return out, nil
}

func (r *Resolver) template(ctx context.Context, id string) (*record.ProcessTemplate, error) {
	if id == "" {
		p, err := r.Catalog.Page(ctx, catalog.Filter{Types: []record.Type{record.ProcessTemplateType},
			All: []catalog.Match{{Field: record.FieldProvenance, Values: []string{string(record.Starter)}}}}, catalog.Order{}, 1, "")
		if err != nil {
			return nil, err
		}
		if len(p.Records) == 0 {
			return nil, record.Problems{record.Wrong(record.Required, "Noem het sjabloon waar deze stappen bij horen.", "Name the template that these steps belong to.", "template")}
		}
		return p.Records[0].(*record.ProcessTemplate), nil
	}
	rs, err := r.Catalog.ByID(ctx, id)
	if err != nil {
		return nil, err
	}
	t, ok := rs[0].(*record.ProcessTemplate)
	if !ok {
		return nil, record.Problems{record.NoSuch("template")}
	}
	return t, nil
}

// relatedLessons gives the lessons that have a value in a field: for all documents of obj's group at once, or a later
// page for obj alone.
func (r *Resolver) relatedLessons(ctx context.Context, obj record.Record, key string, field record.Field, value string, values func([]record.Record) []string, first int, after *string) (*LessonConnection, error) {
	if given(after) != "" {
		if err := alone(record.ForAll(obj, "count", count)); err != nil {
			return nil, err
		}
		p, err := r.Catalog.Page(ctx, catalog.Filter{Types: []record.Type{record.LessonType}, All: []catalog.Match{{Field: field, Values: []string{value}}}}, catalog.Order{}, first, *after)
		if err != nil {
			return nil, err
		}
		l, err := connect(ctx, p, after, lessonEdge)
		return lessons(l), err
	}
	all, err := record.ForAll(obj, fmt.Sprint(key, " ", first), func(rs []record.Record) (map[string]*catalog.Some, error) {
		return r.Catalog.Related(ctx, record.LessonType, field, values(rs), first)
	})
	return lessons(related(all[value], lessonEdge)), err
}

// lessonProjects gives the projects in which a lesson was learned, as far as they may be seen.
func (r *Resolver) lessonProjects(ctx context.Context, obj *record.Lesson, first int, after *string) (*ProjectConnection, error) {
	all, err := r.linked(ctx, obj, "lesson.projects", func(x record.Record) []string {
		if l, ok := x.(*record.Lesson); ok {
			return l.ProjectIDs
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var ps []*record.Project
	for _, id := range obj.ProjectIDs {
		if p, ok := all[id].(*record.Project); ok {
			ps = append(ps, p)
		}
	}
	l, err := slice("projects", ps, func(p *record.Project) string { return p.ID }, first, after, projectEdge)
	return projects(l), err
}
