package catalog

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/municipality"
	"github.com/udc-community/plein/ent/term"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

// SetMunicipalities adds municipalities or replaces them by code. Records get the terms that follow from what changed,
// such as another urbanity, in the same transaction: each of them is logged, so that whoever follows the log takes it in
// again. Its document and its version stay as they are.
func (w *Writer) SetMunicipalities(ctx context.Context, ms []*record.Municipality) error {
	if !w.viewer.System {
		return errSystemOnly
	}
	for _, m := range ms {
		err := w.tx.Municipality.Create().SetID(m.Code).SetName(m.Name).SetAliases(m.Aliases).SetProvince(m.Province).SetPopulation(m.Population).
			SetDensity(m.Density).SetReferenceYear(m.ReferenceYear).SetUrbanity(m.Urbanity).SetTooiIri(m.TooiIRI).SetLon(m.Lon).SetLat(m.Lat).SetSuccessor(m.Successor).
			OnConflictColumns(municipality.FieldID).UpdateNewValues().Exec(ctx)
		if err != nil {
			return fmt.Errorf("store municipality %s: %w", m.Code, err)
		}
		w.log(changelog.Updated, "", m.ID(), 0, "")
	}
	before := w.ref
	if err := w.changed(ctx); err != nil {
		return err
	}
	var moved []string
	for _, m := range ms {
		code := []string{m.Code}
		if !slices.Equal(record.MunicipalityTerms(before, code), record.MunicipalityTerms(w.ref, code)) {
			moved = append(moved, m.Code)
		}
	}
	return w.refile(ctx, moved)
}

// refileBatch is how many publications are refiled with one statement. Each has a few dozen terms at the most, and a
// statement takes so many values.
const refileBatch = 100

// refile replaces the terms that publications have from the municipalities with these codes, where they are no longer
// right.
func (w *Writer) refile(ctx context.Context, codes []string) error {
	if len(codes) == 0 {
		return nil
	}
	var ids []string
	err := w.tx.Term.Query().Where(term.FieldEQ(string(record.FieldMunicipality)), term.ValueIn(codes...)).Modify(func(s *sql.Selector) {
		s.Select(s.C(term.FieldPublicationID)).Distinct().OrderBy(s.C(term.FieldPublicationID))
	}).Scan(ctx, &ids)
	if err != nil {
		return fmt.Errorf("find the records of municipalities that changed: %w", err)
	}
	for batch := range slices.Chunk(ids, refileBatch) {
		if err := w.refileSome(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) refileSome(ctx context.Context, ids []string) error {
	derived := texts(record.MunicipalityFields())
	rows, err := w.tx.Term.Query().Where(term.PublicationIDIn(ids...), term.FieldIn(append(derived, string(record.FieldMunicipality))...)).All(ctx)
	if err != nil {
		return fmt.Errorf("read the terms of records: %w", err)
	}
	by := map[string][]*ent.Term{}
	for _, row := range rows {
		by[row.PublicationID] = append(by[row.PublicationID], row)
	}
	var stale []string
	var fresh []*ent.TermCreate
	for _, id := range ids {
		has, wants := municipalTerms(w.ref, by[id])
		if sameTerms(has, wants) {
			continue
		}
		stale = append(stale, id)
		like := by[id][0]
		for _, t := range wants {
			fresh = append(fresh, w.tx.Term.Create().SetPublicationID(id).SetKind(like.Kind).SetField(string(t.Field)).SetValue(t.Value).
				SetAudience(like.Audience).SetSortKey(like.SortKey))
		}
		w.log(changelog.Updated, "", id, 0, "what is known of its municipalities changed")
	}
	if len(stale) == 0 {
		return nil
	}
	if _, err := w.tx.Term.Delete().Where(term.PublicationIDIn(stale...), term.FieldIn(derived...)).Exec(ctx); err != nil {
		return fmt.Errorf("take away what followed from municipalities: %w", err)
	}
	if err := w.tx.Term.CreateBulk(fresh...).Exec(ctx); err != nil {
		return fmt.Errorf("store what follows from municipalities: %w", err)
	}
	return nil
}

// municipalTerms are the terms that one publication has from its municipalities, and those that it should have.
func municipalTerms(ref *record.Reference, rows []*ent.Term) (has, wants []record.Term) {
	var codes []string
	for _, row := range rows {
		if row.Field == string(record.FieldMunicipality) {
			codes = append(codes, row.Value)
		} else {
			has = append(has, record.Term{Field: record.Field(row.Field), Value: row.Value})
		}
	}
	return has, record.MunicipalityTerms(ref, codes)
}

// sameTerms compares two sets.
func sameTerms(a, b []record.Term) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(t record.Term) bool { return !slices.Contains(b, t) })
}
