package graph

import (
	"context"
	"slices"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

func (r *Resolver) createProject(ctx context.Context, w *catalog.Writer, in ProjectCreateInput) (record.Record, error) {
	if err := own(ctx, w, in.Organization); err != nil {
		return nil, err
	}
	e := edit{ref: w.Reference(), lang: or(in.ContentLanguage.Value(), record.Dutch)}
	p := &record.Project{
		Spine:            record.Spine{PublisherID: in.Organization, Language: e.lang, Title: record.Text{e.lang: in.Title}, Audience: or(in.Audience.Value(), record.Public)},
		Phase:            or(in.Phase.Value(), record.Idea),
		Question:         record.Text{e.lang: in.Question},
		PolicyDomainIRIs: e.conceptIRIs(in.PolicyDomains),
	}
	e.text(&p.Summary, in.Summary)
	p.MunicipalityCodes = w.Reference().Organization(in.Organization).MunicipalityCodes
	e.municipalities(&p.MunicipalityCodes, in.Municipalities)
	if id := given(in.TemplateVersion.Value()); id != "" {
		if err := r.followTemplate(ctx, p, id); err != nil {
			return nil, err
		}
	}
	if err := r.reuses(ctx, e, p, in.BasedOn.Value()); err != nil {
		return nil, err
	}
	return w.Create(ctx, p, catalog.Origin{IdempotencyKey: given(in.IdempotencyKey.Value())})
}

// followTemplate lets a project follow a template version.
func (r *Resolver) followTemplate(ctx context.Context, p *record.Project, versionID string) error {
	v, err := r.templateVersion(ctx, versionID)
	if err != nil {
		return err
	}
	p.TemplateID, p.TemplateVersionID = v.TemplateID, v.ID
	return nil
}

func (r *Resolver) updateProject(ctx context.Context, w *catalog.Writer, p *record.Project, in ProjectUpdateInput) error {
	e := edit{ref: w.Reference()}.in(in.Lang, p.Base())
	e.spine(p.Base(), in.Title, in.Summary, in.Audience, in.License, in.SourceLinks)
	e.text(&p.Question, in.Question)
	e.text(&p.Occasion, in.Occasion)
	e.text(&p.Answer, in.Answer)
	value(&p.Phase, in.Phase)
	e.concepts(&p.PolicyDomainIRIs, in.PolicyDomains)
	e.concepts(&p.TargetGroupIRIs, in.TargetGroups)
	e.concept(&p.GeoLevelIRI, in.GeoLevel)
	e.municipalities(&p.MunicipalityCodes, in.Municipalities)
	e.concepts(&p.MethodIRIs, in.Methods)
	value(&p.Complexity, in.Complexity)
	value(&p.GoodFirstProject, in.GoodFirstProject)
	value(&p.StartedOn, in.StartedOn)
	value(&p.FinishedOn, in.FinishedOn)
	put(&p.EffortDays, in.EffortDays)
	put(&p.CostEuro, in.CostEuro)
	e.concept(&p.StopReasonIRI, in.StopReason)
	put(&p.PressRelease, in.PressRelease)
	put(&p.CommunicationSenderIDs, in.CommunicationSenders)
	put(&p.Aliases, in.Aliases)
	if in.Sources.IsSet() {
		p.Sources = nil
		for _, s := range in.Sources.Value() {
			p.Sources = append(p.Sources, &record.SourceUse{SourceIRI: sourceIRI(e.ref, s.Source), AccessRouteIRI: conceptIRI(e.ref, s.AccessRoute),
				LinkedWithIRIs: e.sourceIRIs(s.LinkedWith.Value()), Note: given(s.Note.Value())})
		}
	}
	if in.Team.IsSet() {
		p.Team = nil
		for _, m := range in.Team.Value() {
			p.Team = append(p.Team, &record.TeamMember{RoleIRI: conceptIRI(e.ref, m.Role), OrganizationID: given(m.Organization.Value()),
				Unit: given(m.Unit.Value()), Label: given(m.Label.Value())})
		}
	}
	if in.Contacts.IsSet() {
		p.Contacts = nil
		for _, c := range in.Contacts.Value() {
			p.Contacts = append(p.Contacts, &record.Contact{Label: c.Label, Email: given(c.Email.Value()),
				IsAmbassador: optional(c.IsAmbassador), WillingToPresent: optional(c.WillingToPresent)})
		}
	}
	if in.BasedOn.IsSet() {
		if err := r.reuses(ctx, e, p, in.BasedOn.Value()); err != nil {
			return err
		}
	}
	if !in.TemplateVersion.IsSet() {
		return nil
	}
	p.TemplateID, p.TemplateVersionID = "", ""
	if id := given(in.TemplateVersion.Value()); id != "" {
		return r.followTemplate(ctx, p, id)
	}
	return nil
}

func addOutput(e edit, p *record.Project, in OutputAddInput) (key string) {
	key = p.NewPartKey("o")
	o := &record.Output{Key: key, KindIRI: conceptIRI(e.ref, in.Kind), Title: record.Text{e.lang: in.Title}, ProducedBy: in.ProducedBy}
	e.text(&o.Description, in.Description)
	e.concept(&o.LicenseIRI, in.License)
	value(&o.URL, in.URL)
	value(&o.MediaType, in.MediaType)
	o.SetFile(given(in.File.Value()))
	value(&o.DeliveredOn, in.DeliveredOn)
	value(&o.PublishedOn, in.PublishedOn)
	p.Outputs = append(p.Outputs, o)
	return key
}

func updateOutput(e edit, p *record.Project, key string, in OutputUpdateInput) error {
	i := slices.IndexFunc(p.Outputs, func(o *record.Output) bool { return o.Key == key })
	if i < 0 {
		return record.Problems{record.NoSuch("id")}
	}
	o := p.Outputs[i]
	e.concept(&o.KindIRI, in.Kind)
	e.text(&o.Title, in.Title)
	e.text(&o.Description, in.Description)
	e.concept(&o.LicenseIRI, in.License)
	value(&o.URL, in.URL)
	value(&o.MediaType, in.MediaType)
	if in.File.IsSet() {
		o.SetFile(given(in.File.Value()))
	}
	value(&o.ProducedBy, in.ProducedBy)
	value(&o.DeliveredOn, in.DeliveredOn)
	value(&o.PublishedOn, in.PublishedOn)
	return nil
}

func addPolicyUse(e edit, p *record.Project, in PolicyUseAddInput) (key string) {
	key = p.NewPartKey("u")
	u := &record.PolicyUse{Key: key, KindIRI: conceptIRI(e.ref, in.Kind), Title: record.Text{e.lang: in.Title}}
	e.text(&u.Description, in.Description)
	value(&u.DocumentURL, in.DocumentURL)
	value(&u.DecidedOn, in.DecidedOn)
	value(&u.Body, in.Body)
	p.PolicyUses = append(p.PolicyUses, u)
	return key
}

func updatePolicyUse(e edit, p *record.Project, key string, in PolicyUseUpdateInput) error {
	i := slices.IndexFunc(p.PolicyUses, func(u *record.PolicyUse) bool { return u.Key == key })
	if i < 0 {
		return record.Problems{record.NoSuch("id")}
	}
	u := p.PolicyUses[i]
	e.concept(&u.KindIRI, in.Kind)
	e.text(&u.Title, in.Title)
	e.text(&u.Description, in.Description)
	value(&u.DocumentURL, in.DocumentURL)
	value(&u.DecidedOn, in.DecidedOn)
	value(&u.Body, in.Body)
	return nil
}

func removePart[T any](list *[]T, is func(T) bool) error {
	n := len(*list)
	*list = slices.DeleteFunc(*list, is)
	if len(*list) == n {
		return record.Problems{record.NoSuch("id")}
	}
	return nil
}

func outputPayload(w written, key string) *OutputPayload {
	out := &OutputPayload{Project: as[*record.Project](w), UserErrors: w.userErrors}
	if out.Project != nil {
		out.Output, _ = out.Project.Part(key).(*record.Output)
	}
	return out
}

func policyUsePayload(w written, key string) *PolicyUsePayload {
	out := &PolicyUsePayload{Project: as[*record.Project](w), UserErrors: w.userErrors}
	if out.Project != nil {
		out.PolicyUse, _ = out.Project.Part(key).(*record.PolicyUse)
	}
	return out
}

// saveDataSource adds a data source for an organisation, or changes one where none is named.
func (r *Resolver) saveDataSource(ctx context.Context, organizationID string, read func(*record.Reference) (record.DataSource, error)) (*DataSourcePayload, error) {
	var out *record.DataSource
	err := r.transact(ctx, policy.WriteDraft, func(w *catalog.Writer) error {
		if organizationID != "" {
			if err := own(ctx, w, organizationID); err != nil {
				return err
			}
		}
		d, err := read(w.Reference())
		if err != nil {
			return err
		}
		out, err = w.SaveDataSource(ctx, organizationID, d)
		return err
	})
	ps, err := userErrors(err)
	return &DataSourcePayload{DataSource: out, UserErrors: ps}, err
}
