package graph

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Membership is what somebody is in an organisation.
type Membership struct {
	ID           string
	User         *identity.User
	Organization *record.Organization
	Role         identity.Role
}

// IsNode marks what has an id of its own.
func (*Membership) IsNode() {}

// membershipID is made of what it is of.
func membershipID(userID, organizationID string) string {
	return "mbr_" + strings.TrimPrefix(userID, "usr_") + "_" + strings.TrimPrefix(organizationID, "org_")
}

func splitMembershipID(id string) (userID, organizationID string, ok bool) {
	rest, ok := strings.CutPrefix(id, "mbr_")
	user, organization, parted := strings.Cut(rest, "_")
	return "usr_" + user, "org_" + organization, ok && parted
}

func membership(u *identity.User, o *record.Organization) *Membership {
	for _, m := range u.Memberships {
		if o != nil && m.OrganizationID == o.ID {
			return &Membership{ID: membershipID(u.ID, o.ID), User: u, Organization: o, Role: m.Role}
		}
	}
	return nil
}

// mayReadMembers tells whether the viewer may see who belongs to an organisation: its own people may, and who looks after
// it or after the accounts.
func mayReadMembers(v identity.Viewer, o *record.Organization) bool {
	return v.RoleIn(o.ID) != "" || policy.May(v, policy.ManageMembers, policy.In(o)) == nil
}

// memberships are what somebody is, as far as the viewer may see it: of oneself all of it.
func (r *Resolver) memberships(ctx context.Context, u *identity.User) []*Membership {
	out := []*Membership{}
	bound := r.bind(ctx, u)
	for _, m := range u.Memberships {
		if o := bound[m.OrganizationID]; o != nil && (isOwn(ctx, u) || mayReadMembers(identity.From(ctx), o)) {
			out = append(out, membership(u, o))
		}
	}
	return out
}

// bind lets the organisations that people belong to know each other, so that what one needs is read for all, and gives
// them. It is called with all people that one statement read.
func (r *Resolver) bind(ctx context.Context, us ...*identity.User) map[string]*record.Organization {
	o, ref := outcomeOf(ctx), r.Catalog.Reference()
	o.mu.Lock()
	defer o.mu.Unlock()
	fresh := map[string]*record.Organization{}
	for _, u := range us {
		for _, m := range u.Memberships {
			if x := ref.Organization(m.OrganizationID); x != nil && o.organizations[x.ID] == nil {
				fresh[x.ID] = x
			}
		}
	}
	bound := map[string]*record.Organization{}
	maps.Copy(bound, o.organizations)
	for _, x := range record.GroupOrganizations(slices.Collect(maps.Values(fresh))) {
		bound[x.ID] = x
	}
	o.organizations = bound // a copy: others are reading the former
	return bound
}

// members is a page of the people of an organisation; nil for who may not see them. A list of organisations gives them for
// the one of its organisations of which the viewer may see them.
func (r *Resolver) members(ctx context.Context, o *record.Organization, first int, after *string) (*MembershipConnection, error) {
	v := identity.From(ctx)
	if !mayReadMembers(v, o) {
		return nil, nil
	}
	err := alone(record.ForAllOrganizations(o, "members", func(os []*record.Organization) (int, error) {
		return count(slices.DeleteFunc(slices.Clone(os), func(o *record.Organization) bool { return !mayReadMembers(v, o) }))
	}))
	if err != nil {
		return nil, err
	}
	l, err := r.people(ctx, "members", identity.People{OrganizationID: o.ID}, first, after)
	if err != nil {
		return nil, err
	}
	out := &MembershipConnection{PageInfo: l.info, TotalCount: l.total}
	bound := r.bind(ctx, l.nodes...)[o.ID]
	for i, u := range l.nodes {
		m := membership(u, bound)
		if m == nil {
			continue // taken out between two statements
		}
		out.Nodes = append(out.Nodes, m)
		out.Edges = append(out.Edges, &MembershipEdge{Cursor: l.edges[i].Cursor, Node: m})
	}
	return out, nil
}

// people is a page of a list of accounts.
func (r *Resolver) people(ctx context.Context, list string, which identity.People, first int, after *string) (l listOfUsers, err error) {
	from, err := placed(list, after)
	if err != nil {
		return l, err
	}
	p, err := r.Accounts.Page(ctx, which, first, from)
	if errors.Is(err, identity.ErrUnknownUser) {
		return l, catalog.ErrCursor
	} else if err != nil {
		return l, err
	}
	r.bind(ctx, p.Users...)
	cursors := make([]string, len(p.Users))
	for i, u := range p.Users {
		cursors[i] = place(list, u.ID)
		l.nodes = append(l.nodes, u)
		l.edges = append(l.edges, &UserEdge{Cursor: cursors[i], Node: u})
	}
	l.info = pageInfo(cursors, p.More, after)
	if wants(ctx, "totalCount") {
		l.total, err = p.Total(ctx)
	}
	return l, err
}

type listOfUsers = list[*identity.User, UserEdge]

// organizationOf is the organisation that a mutation names, where the viewer may do something in it.
func (r *Resolver) organizationOf(ctx context.Context, may policy.Action, id string) (*record.Organization, error) {
	v := identity.From(ctx)
	if err := policy.MayAnywhere(v, may); err != nil {
		return nil, err
	}
	o := r.Catalog.Reference().Organization(id)
	if o == nil {
		return nil, record.Problems{record.NoSuch("organization")}
	}
	return o, policy.May(v, may, policy.In(o))
}

// mayHold refuses what nobody can be in an organisation that is only spoken about.
func mayHold(o *record.Organization, role identity.Role) error {
	if o.Custody != record.CustodyOwn && role != identity.Member {
		return record.Problems{record.Wrong(record.NotAllowed, "Over deze organisatie wordt hier alleen gesproken: haar mensen zijn leden, en gasten in projecten van anderen.",
			"This organisation is only spoken about here: its people are members, and guests of projects of others.", "role")}
	}
	return nil
}

// inviteMember gives somebody a role, and an account where they have none.
func (r *Resolver) inviteMember(ctx context.Context, in MemberInviteInput) (*InvitationPayload, error) {
	o, err := r.organizationOf(ctx, policy.ManageMembers, in.Organization)
	if err == nil {
		err = mayHold(o, in.Role)
	}
	if err != nil {
		return invited(nil, "", err)
	}
	return invited(r.Accounts.Invite(ctx, identity.Invitation{Email: in.Email, Name: given(in.Name.Value()), OrganizationID: o.ID, Role: in.Role}))
}

func invited(u *identity.User, url string, err error) (*InvitationPayload, error) {
	ps, err := refused(err)
	out := &InvitationPayload{User: u, UserErrors: ps}
	if url != "" {
		out.URL = &url
	}
	return out, err
}

// membershipOf is a membership that the viewer may change. One that does not exist and one of an organisation of others
// are answered alike.
func (r *Resolver) membershipOf(ctx context.Context, id string) (*Membership, error) {
	v := identity.From(ctx)
	if err := policy.MayAnywhere(v, policy.ManageMembers); err != nil {
		return nil, err
	}
	userID, organizationID, _ := splitMembershipID(id)
	o := r.Catalog.Reference().Organization(organizationID)
	if o == nil || policy.May(v, policy.ManageMembers, policy.In(o)) != nil {
		return nil, record.Problems{record.NoSuch("id")}
	}
	u, err := r.Accounts.ByID(ctx, userID)
	if err != nil {
		return nil, err
	}
	m := membership(u, o)
	if m == nil {
		return nil, record.Problems{record.NoSuch("id")}
	}
	return m, nil
}

// setRole gives somebody another role, or ends a membership where there is none.
func (r *Resolver) setRole(ctx context.Context, id string, role identity.Role) (*Membership, error) {
	m, err := r.membershipOf(ctx, id)
	if err == nil && role != "" {
		err = mayHold(m.Organization, role)
	}
	if err != nil {
		return nil, err
	}
	if err := r.Accounts.SetRole(ctx, m.User.ID, m.Organization.ID, role); err != nil {
		return nil, err
	}
	u, err := r.Accounts.ByID(ctx, m.User.ID)
	if err != nil {
		return nil, err
	}
	return membership(u, m.Organization), nil
}

// hosted is a project whose guests the viewer may choose. What does not exist and what the viewer may not read are
// answered alike.
func (r *Resolver) hosted(ctx context.Context, id string) (*record.Project, error) {
	v := identity.From(ctx)
	if err := policy.MayAnywhere(v, policy.InviteGuest); err != nil {
		return nil, err
	}
	x, err := r.Catalog.Draft(ctx, id)
	if err != nil {
		return nil, err
	}
	p, ok := x.(*record.Project)
	if !ok {
		return nil, record.Problems{record.NoSuch("project")}
	}
	return p, policy.May(v, policy.InviteGuest, policy.In(p.Publisher()))
}

func (r *Resolver) inviteGuest(ctx context.Context, in GuestInviteInput) (*InvitationPayload, error) {
	p, err := r.hosted(ctx, in.Project)
	if err != nil {
		return invited(nil, "", err)
	}
	return invited(r.Accounts.Invite(ctx, identity.Invitation{Email: in.Email, Name: given(in.Name.Value()), ProjectID: p.ID}))
}

func (r *Resolver) removeGuest(ctx context.Context, in GuestRemoveInput) error {
	p, err := r.hosted(ctx, in.Project)
	if err != nil {
		return err
	}
	guests, err := r.Accounts.Guests(ctx, []string{p.ID})
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(guests[p.ID], func(u *identity.User) bool { return u.ID == in.User }) {
		return record.Problems{record.NoSuch("user")}
	}
	return r.Accounts.RemoveGuest(ctx, in.User, p.ID)
}

// guests are those who work in a project from elsewhere; nil for who may not choose them.
func (r *Resolver) guests(ctx context.Context, p *record.Project) ([]*identity.User, error) {
	v, ref := identity.From(ctx), r.Catalog.Reference()
	mine := func(p *record.Project) bool {
		return policy.May(v, policy.InviteGuest, policy.In(ref.Organization(p.PublisherID))) == nil
	}
	if !mine(p) {
		return nil, nil
	}
	all, err := record.ForAll(p, "project.guests", func(rs []record.Record) (map[string][]*identity.User, error) {
		var ids []string
		for _, x := range rs {
			if p, ok := x.(*record.Project); ok && mine(p) {
				ids = append(ids, p.ID)
			}
		}
		all, err := r.Accounts.Guests(ctx, ids)
		for _, us := range all {
			r.bind(ctx, us...)
		}
		return all, err
	})
	if err != nil || all[p.ID] != nil {
		return all[p.ID], err
	}
	return []*identity.User{}, nil
}
