package graph

import "github.com/udc-community/plein/internal/record"

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
