package graph

import (
	"context"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// updated changes an account and gives it as it is then. What is wrong with a name is told of the field that it came in.
func (r *Resolver) updated(ctx context.Context, id, nameField string, change func(*identity.User) error) (*UserPayload, error) {
	u, err := r.Accounts.ByID(ctx, id)
	if err == nil {
		err = change(u)
	}
	if err == nil {
		u, err = r.Accounts.ByID(ctx, id)
	}
	ps, err := refused(err)
	for _, p := range ps {
		if slices.Equal(p.Field, []string{"name"}) {
			p.Field = []string{nameField}
		}
	}
	if err != nil || ps != nil {
		return &UserPayload{UserErrors: ps}, err
	}
	return &UserPayload{User: u}, nil
}

// administered is updated for who looks after the accounts.
func (r *Resolver) administered(ctx context.Context, id string, change func(*identity.User) error) (*UserPayload, error) {
	if err := mayManageAccounts(ctx); err != nil {
		return nil, err
	}
	return r.updated(ctx, id, "name", change)
}

// eraseUser takes a person out, where the one who asks knows whom.
func (r *Resolver) eraseUser(ctx context.Context, in UserEraseInput) error {
	if err := mayManageAccounts(ctx); err != nil {
		return err
	}
	u, err := r.Accounts.ByID(ctx, in.ID)
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimSpace(in.Email), u.Email) {
		return record.Problems{record.Wrong(record.Invalid, "Dit is niet het adres van dit account.", "This is not the address of this account.", "email")}
	}
	return r.Accounts.Erase(ctx, u.ID)
}

// done answers a change of which nothing else is to be told.
func done(err error) (*OkPayload, error) {
	ps, err := refused(err)
	return &OkPayload{Ok: err == nil && ps == nil, UserErrors: ps}, err
}

// guestIn is the projects that the one who asks works in as a guest.
func (r *Resolver) guestIn(ctx context.Context, u *identity.User) ([]*record.Project, error) {
	ids := u.Guest[:min(maxPersonal, len(u.Guest))]
	out := []*record.Project{}
	if len(ids) == 0 {
		return out, nil
	}
	all, err := r.Catalog.Behind(ctx, policy.ReadDraft, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if p, ok := all[id].(*record.Project); ok {
			out = append(out, p)
		}
	}
	return out, nil
}

// createOrganization makes an organisation that speaks for itself here.
func (r *Resolver) createOrganization(ctx context.Context, in OrganizationCreateInput) (*record.Organization, error) {
	if err := mayManageAccounts(ctx); err != nil {
		return nil, err
	}
	if r.Demo {
		return nil, record.Problems{record.Wrong(record.NotAllowed, "Dit is de demo, waarin alles verzonnen is: hier komen geen organisaties bij.",
			"This is the demo, in which everything is invented: no organisations are added here.")}
	}
	e := edit{ref: r.Catalog.Reference()}
	o := &record.Organization{Name: in.Name, Slug: in.Slug, Kind: in.Kind, Custody: record.CustodyOwn, TooiIRI: strings.TrimSpace(or(in.TooiIri.Value(), ""))}
	e.municipalities(&o.MunicipalityCodes, in.Municipalities)
	if in.Slug == "" {
		return nil, record.Problems{record.Wrong(record.Required, "Vul dit in.", "This is required.", "slug")}
	}
	err := r.Catalog.Write(ctx, func(w *catalog.Writer) error { return w.CreateOrganizations(ctx, []*record.Organization{o}) })
	if err != nil {
		return nil, err
	}
	return r.Catalog.Reference().Organization(o.ID), nil
}

// organizationActions are what the one who asks may do in an organisation.
func organizationActions(v identity.Viewer, o *record.Organization) []OrganizationAction {
	out := []OrganizationAction{}
	for _, x := range []struct {
		may  policy.Action
		told OrganizationAction
	}{
		{policy.WriteDraft, OrganizationActionWrite},
		{policy.Review, OrganizationActionReview},
		{policy.Embargo, OrganizationActionEmbargo},
		{policy.ManageMembers, OrganizationActionManageMembers},
		{policy.ManageTokens, OrganizationActionManageTokens},
		{policy.EditOrganization, OrganizationActionUpdate},
		{policy.ReadLog, OrganizationActionReadLog},
	} {
		if policy.May(v, x.may, policy.In(o)) == nil {
			out = append(out, x.told)
		}
	}
	return out
}

// mayReadLog tells whether the viewer may read the private log of an organisation, or that of the node where none is
// named. Who looks after the node reads both, without what its organisations keep to themselves.
func (r *Resolver) mayReadLog(ctx context.Context, organizationID string) bool {
	if mayManageAccounts(ctx) == nil {
		return organizationID == "" || r.Catalog.Reference().Organization(organizationID) != nil
	}
	o := r.Catalog.Reference().Organization(organizationID)
	return o != nil && policy.May(identity.From(ctx), policy.ReadLog, policy.In(o)) == nil
}

// signIn is the ways to sign in on this node.
func (r *Resolver) signIn(ctx context.Context) (*SignInOptions, error) {
	needs, err := r.Accounts.NeedsSetup(ctx)
	if err != nil {
		return nil, err
	}
	out := &SignInOptions{NeedsSetup: needs, Mail: r.Accounts.Outbox != nil}
	if r.OpenIDName != "" {
		out.OpenIDName = &r.OpenIDName
	}
	return out, nil
}
