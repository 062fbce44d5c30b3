package graph

import (
	"context"

	"github.com/udc-community/plein/internal/record"
)

// organizationsIn are the organisations that a municipality takes part in. What they published is read for all of them
// at once; for each municipality of a list it would be read apart.
func (r *Resolver) organizationsIn(ctx context.Context, m *record.Municipality) ([]*record.Organization, error) {
	if listed(ctx) && wants(ctx, "projects") {
		return nil, alone(2, nil)
	}
	os := r.Catalog.Reference().OrganizationsIn(m.Code)
	n := len(os)
	for _, o := range os {
		n += len(o.MunicipalityCodes) // they may be asked for too, and those in turn
	}
	if err := outcomeOf(ctx).unpaged(ctx, n); err != nil {
		return nil, err
	}
	return record.GroupOrganizations(os), nil
}

func updateOrganization(e edit, o *record.Organization, in OrganizationUpdateInput) {
	value(&o.Name, in.Name)
	e.municipalities(&o.MunicipalityCodes, in.Municipalities)
	value(&o.ActiveSince, in.ActiveSince)
	value(&o.ActiveUntil, in.ActiveUntil)
	e.text(&o.Approach, in.Approach)
	put(&o.ResearcherCount, in.ResearcherCount)
	put(&o.CBSColleagueCount, in.CbsColleagueCount)
	put(&o.CBSDaysPerWeek, in.CbsDaysPerWeek)
	put(&o.HasResearchDepartment, in.HasResearchDepartment)
	put(&o.WIPLimit, in.WipLimit)
	value(&o.ContactEmail, in.ContactEmail)
	put(&o.SourceLinks, in.SourceLinks)
}
