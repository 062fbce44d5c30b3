package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/publication"
	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Reuse is that one project builds on another one, both as the viewer may see them: of one that may not be seen there is
// no reuse either.
type Reuse struct {
	*record.Reuse
	// Maker says that it builds on Subject.
	Maker, Subject *record.Project
}

// BasedOn gives what projects build on, by the id of the project that does: one statement for all of them.
func (c *Catalog) BasedOn(ctx context.Context, makers []record.Record) (map[string][]*Reuse, error) {
	var ids []string
	for _, r := range makers {
		if p, ok := r.(*record.Project); ok {
			for _, x := range p.BasedOn {
				ids = append(ids, x.SubjectID)
			}
		}
	}
	subjects, err := c.projects(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string][]*Reuse{}
	for _, r := range makers {
		p, ok := r.(*record.Project)
		if !ok {
			continue
		}
		for _, x := range p.BasedOn {
			if s := subjects[x.SubjectID]; s != nil {
				out[p.ID] = append(out[p.ID], &Reuse{x, p, s})
			}
		}
	}
	return out, nil
}

// projects are those that the viewer may see, by id, in one group.
func (c *Catalog) projects(ctx context.Context, ids []string) (map[string]*record.Project, error) {
	slices.Sort(ids)
	rs, err := c.ByID(ctx, slices.Compact(ids)...)
	if err != nil {
		return nil, err
	}
	out := map[string]*record.Project{}
	for _, r := range rs {
		if p, ok := r.(*record.Project); ok {
			out[p.ID] = p
		}
	}
	return out, nil
}

// ReusedBy is what builds on a project.
type ReusedBy struct {
	Reuses []*Reuse
	// Cursors are one for each: the place after it in ReusedByPage.
	Cursors []string
	Total   int
}

// ReusedBy gives, for many projects at once, the last changed n of those that build on each and how many there are, by
// the id of the project that is built on. It is two statements. What its publisher hides is not among them.
func (c *Catalog) ReusedBy(ctx context.Context, subjects []record.Record, n int) (map[string]*ReusedBy, error) {
	out := map[string]*ReusedBy{}
	for some := range slices.Chunk(subjects, subjectsAtOnce) {
		if err := c.reusedBy(ctx, some, n, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// subjectsAtOnce is of how many projects one statement reads what builds on them: each may hide a hundred others, and a
// statement on SQLite takes 32,766 values.
const subjectsAtOnce = 200

func (c *Catalog) reusedBy(ctx context.Context, subjects []record.Record, n int, out map[string]*ReusedBy) error {
	found, err := c.related(ctx, record.ProjectType, record.FieldBasedOn, record.IDs(subjects), n, hiddenReuses(subjects))
	if err != nil {
		return err
	}
	for _, r := range subjects {
		if subject, ok := r.(*record.Project); ok && found[subject.ID] != nil {
			some := found[subject.ID]
			out[subject.ID] = &ReusedBy{Reuses: reusesOf(subject, some.Records), Cursors: some.Cursors, Total: some.Total}
		}
	}
	return nil
}

// ReusedByPage is a page of what builds on a project, last changed first; the reuses are those of the page's records.
func (c *Catalog) ReusedByPage(ctx context.Context, subject *record.Project, first int, after string) (*Page, []*Reuse, error) {
	f := Filter{Types: []record.Type{record.ProjectType}, All: []Match{{record.FieldBasedOn, []string{subject.ID}}}, Without: subject.HiddenReuseIDs}
	p, err := c.Page(ctx, f, Order{}, first, after)
	if err != nil {
		return nil, nil, err
	}
	return p, reusesOf(subject, p.Records), nil
}

// HiddenReuses gives the projects that say that they build on these, and that the publishers of these hide, by the id of
// the project that is built on: one statement. Callers ask policy who may know.
func (c *Catalog) HiddenReuses(ctx context.Context, subjects []record.Record) (map[string][]*Reuse, error) {
	var ids []string
	for _, hidden := range hiddenReuses(subjects) {
		ids = append(ids, hidden...)
	}
	makers, err := c.projects(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := map[string][]*Reuse{}
	for _, r := range subjects {
		subject, ok := r.(*record.Project)
		if !ok {
			continue
		}
		for _, id := range subject.HiddenReuseIDs {
			if maker := makers[id]; maker != nil {
				out[subject.ID] = append(out[subject.ID], reusesOf(subject, []record.Record{maker})...)
			}
		}
	}
	return out, nil
}

// HiddenReuse is a project that the publisher of another one leaves out and that does not say, or cannot be seen to say, that it
// builds on that: it was withdrawn, is no longer taken in, or says something else by now.
type HiddenReuse struct {
	// ID is what [Writer.HideReuse] takes.
	ID string
	// URI is the canonical address of the project that is left out.
	URI string
}

// HiddenGone gives what the publishers of projects leave out beside HiddenReuses, by the id of the project that is built on. It is
// at most five statements. Callers ask policy who may know.
func (c *Catalog) HiddenGone(ctx context.Context, subjects []record.Record) (map[string][]*HiddenReuse, error) {
	there, err := c.HiddenReuses(ctx, subjects)
	if err != nil {
		return nil, err
	}
	gone, all := map[string][]string{}, []string(nil)
	for subject, hidden := range hiddenReuses(subjects) {
		gone[subject] = slices.DeleteFunc(slices.Clone(hidden), func(id string) bool {
			return slices.ContainsFunc(there[subject], func(x *Reuse) bool { return x.Maker.ID == id })
		})
		all = append(all, gone[subject]...)
	}
	uris := map[string]string{}
	for some := range slices.Chunk(all, copiesAtOnce) {
		found, err := c.uris(ctx, c.Client, slices.Clone(some))
		if err != nil {
			return nil, err
		}
		maps.Copy(uris, found)
	}
	out := map[string][]*HiddenReuse{}
	for subject, ids := range gone {
		for _, id := range ids {
			out[subject] = append(out[subject], &HiddenReuse{ID: record.PartID(subject, id), URI: uris[id]})
		}
	}
	return out, nil
}

// reusesOf are what makers say of a project that they build on.
func reusesOf(subject *record.Project, makers []record.Record) []*Reuse {
	var out []*Reuse
	for _, m := range makers {
		maker := m.(*record.Project)
		for _, x := range maker.BasedOn {
			if x.SubjectID == subject.ID {
				out = append(out, &Reuse{x, maker, subject})
			}
		}
	}
	return out
}

// hiddenReuses are the projects that the publishers of these hide, by the id of the project that is built on.
func hiddenReuses(subjects []record.Record) map[string][]string {
	out := map[string][]string{}
	for _, r := range subjects {
		if p, ok := r.(*record.Project); ok && len(p.HiddenReuseIDs) > 0 {
			out[p.ID] = p.HiddenReuseIDs
		}
	}
	return out
}

// Impact is how many projects build on one, and about how many municipalities those are.
type Impact struct{ Reuses, Municipalities int }

// Impacts counts what builds on projects, by the id of the project that is built on, in one statement.
func (c *Catalog) Impacts(ctx context.Context, subjects []record.Record) (map[string]Impact, error) {
	out := map[string]Impact{}
	for some := range slices.Chunk(subjects, subjectsAtOnce) {
		if err := c.impacts(ctx, some, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *Catalog) impacts(ctx context.Context, subjects []record.Record, out map[string]Impact) error {
	var found []struct {
		Value  string `sql:"value"`
		Reuses int    `sql:"reuses"`
		Places int    `sql:"places"`
	}
	audiences := policy.Audiences(identity.From(ctx))
	err := c.Client.Term.Query().Modify(func(s *sql.Selector) {
		reuse, about := sql.Table(term.Table).As("reuse"), sql.Table(term.Table).As("about")
		*s = *sql.Dialect(s.Dialect()).Select(reuse.C(term.FieldValue)).From(reuse).LeftJoin(about).
			OnP(sql.And(sql.ColumnsEQ(reuse.C(term.FieldPublicationID), about.C(term.FieldPublicationID)), sql.EQ(about.C(term.FieldField), string(record.FieldMunicipality)))).
			Where(pointing(reuse, record.ProjectType, record.FieldBasedOn, record.IDs(subjects), audiences, hiddenReuses(subjects))).
			AppendSelectExprAs(sql.Expr("COUNT(DISTINCT "+reuse.C(term.FieldPublicationID)+")"), "reuses").
			AppendSelectExprAs(sql.Expr("COUNT(DISTINCT "+about.C(term.FieldValue)+")"), "places").
			GroupBy(reuse.C(term.FieldValue))
	}).Scan(ctx, &found)
	if err != nil {
		return fmt.Errorf("count what builds on projects: %w", err)
	}
	for _, f := range found {
		out[f.Value] = Impact{f.Reuses, f.Places}
	}
	return nil
}

// Reuse makes the working copy of a project that builds on the one at a canonical address, on whichever node that lives.
func (w *Writer) Reuse(ctx context.Context, subject, organizationID string, kind record.ReuseKind, from Origin) (record.Record, error) {
	maker := w.ref.Organization(organizationID)
	if err := policy.MayWrite(w.viewer, maker); err != nil {
		return nil, err
	}
	row, err := w.tx.Publication.Query().Where(w.c.at(subject), publication.Kind(string(record.ProjectType)), policy.Readable(w.viewer)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, record.Problems{record.NoSuch("subject")}
	} else if err != nil {
		return nil, fmt.Errorf("look up what is built on: %w", err)
	}
	r, err := record.Decode(row.ID, row.Body)
	if err != nil {
		return nil, err
	}
	p := r.(*record.Project).Repeat(kind)
	p.PublisherID, p.MunicipalityCodes = organizationID, maker.MunicipalityCodes
	if unseen, err := w.checkLinks(ctx, p, p.Links()); err != nil {
		return nil, err
	} else if slices.ContainsFunc(unseen, func(x record.Problem) bool { return slices.Contains(x.Field, "templateVersion") }) {
		p.TemplateID, p.TemplateVersionID = "", "" // it is not here, or not for the viewer
	}
	return w.Create(ctx, p, from)
}

// HideReuse lets a project say that another one, which says that it builds on it, does not; or takes that back. It shows
// at once, on every node. What is taken back may be a [HiddenReuse] as well: of that only the project that is built on tells. It
// gives the working copy of the project that is built on.
func (w *Writer) HideReuse(ctx context.Context, reuseID string, hidden bool, reason string) (record.Record, error) {
	reason, ps := record.Remark(reason, longestNote, "reason")
	if hidden && reason == "" {
		ps = record.Problems{record.Wrong(record.Required, "Schrijf waarom dit project er niet op voortbouwt. Alleen uw organisatie leest dit.",
			"Write why this project was not made after it. Only your organisation reads this.", "reason")}
	}
	if len(ps) > 0 {
		return nil, ps
	}
	subjectID, makerID := "", ""
	id, key, ok := record.SplitPartID(reuseID)
	isGone := ok && !hidden && record.KindOf(key).Type == record.ProjectType
	switch {
	case isGone:
		subjectID, makerID = id, key
	case ok:
		row, err := w.tx.Publication.Query().Where(publication.ID(id), policy.Readable(w.viewer)).Only(ctx)
		if err != nil && !ent.IsNotFound(err) {
			return nil, fmt.Errorf("look up a reuse: %w", err)
		} else if err == nil {
			if subjectID, err = subjectOf(row, key); err != nil {
				return nil, err
			}
			makerID = id
		}
	}
	row, err := w.find(ctx, subjectID, policy.Publish)
	if err != nil {
		return nil, err
	}
	return w.edit(ctx, row.ID, row.Revision, changelog.Updated, reason, func(r record.Record) error {
		p, isProject := r.(*record.Project)
		if !isProject || isGone && !slices.Contains(p.HiddenReuseIDs, makerID) {
			return record.Problems{record.NoSuch("id")}
		}
		p.HideReuse(makerID, hidden)
		return nil
	})
}

// subjectOf is what a publication says that it builds on under a key; empty when it says nothing.
func subjectOf(row *ent.Publication, key string) (string, error) {
	r, err := record.Decode(row.ID, row.Body)
	if err != nil {
		return "", err
	}
	if p, ok := r.(*record.Project); ok {
		if x, ok := p.Part(key).(*record.Reuse); ok {
			return x.SubjectID, nil
		}
	}
	return "", nil
}
