package identity

import (
	"context"
	"slices"
	"strings"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/user"
)

// Invitation asks a person to come.
type Invitation struct {
	Email string
	// Name may be left to the person.
	Name string
	// OrganizationID and Role are left out for somebody who is no member.
	OrganizationID string
	Role           Role
	// ProjectID is the project that the person is to be a guest in, if any.
	ProjectID string
}

// Invite makes an account for a person, with a link to choose a password: by mail, or else returned to pass on. Who has
// an account already only gets the role, and no link. A link that is not mailed lets in whoever holds it, so there is
// none either for somebody whom others invited before: what they gave is not the inviter's to have.
func (a *Accounts) Invite(ctx context.Context, i Invitation) (u *User, url string, err error) {
	email, err := address(i.Email)
	if err != nil {
		return nil, "", err
	}
	if i.Name != "" {
		if i.Name, err = cleanName(i.Name); err != nil {
			return nil, "", err
		}
	}
	if i.OrganizationID != "" && !slices.Contains(Roles, i.Role) {
		return nil, "", ErrRole
	}
	var id string
	err = a.write(ctx, "invite", func(tx *ent.Tx) (err error) {
		id, url, err = a.invite(ctx, tx, email, i)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	u, err = a.ByID(ctx, id)
	return u, url, err
}

func (a *Accounts) invite(ctx context.Context, tx *ent.Tx, email string, i Invitation) (id, url string, err error) {
	row, err := tx.User.Query().Where(user.Email(email)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		row, err = tx.User.Create().SetID(newUserID()).SetEmail(email).SetName(i.Name).SetState(string(Invited)).SetCreatedAt(a.Now().UnixMilli()).Save(ctx)
	case err == nil && row.State == string(Disabled):
		err = ErrDisabled
	case err == nil:
		row, err = tx.User.UpdateOne(row).AddRevision(1).Save(ctx)
	}
	if err != nil {
		return "", "", err
	}
	host, err := a.admitTo(ctx, tx, row, i)
	if err != nil {
		return "", "", err
	}
	if row.State == string(Invited) {
		mayHave, err := a.mayHaveLink(ctx, tx, row, i.OrganizationID, host)
		if err != nil {
			return "", "", err
		}
		if mayHave {
			if url, err = a.giveLink(ctx, tx, row.ID, Invited); err != nil {
				return "", "", err
			}
		}
	}
	return row.ID, url, a.logFor(ctx, tx, host, row.ID, row.Revision, i.what(UserState(row.State)))
}

// what is done by an invitation, for the log.
func (i Invitation) what(s UserState) string {
	switch {
	case s == Invited:
		return strings.Join(strings.Fields("invited "+i.OrganizationID+" "+string(i.Role)+" "+i.ProjectID), " ")
	case i.ProjectID != "":
		return "guest of " + i.ProjectID
	}
	return "role " + i.OrganizationID + " " + string(i.Role)
}

// admitTo gives somebody what an invitation is for, and tells for which organisation that is.
func (a *Accounts) admitTo(ctx context.Context, tx *ent.Tx, u *ent.User, i Invitation) (host string, err error) {
	if err := renewSessions(ctx, tx, u.ID); err != nil {
		return "", err
	}
	if i.OrganizationID != "" {
		if err := setRole(ctx, tx, u, i.OrganizationID, i.Role); err != nil {
			return "", err
		}
	}
	if i.ProjectID == "" {
		return i.OrganizationID, nil
	}
	if err := addGuest(ctx, tx, u.ID, i.ProjectID); err != nil {
		return "", err
	}
	return publisherOf(ctx, tx, i.ProjectID)
}

// mayHaveLink tells whether there is a link for who asked somebody to come: by mail always, else not where the person is
// more than this inviter can give: a member of another organisation than this one, a guest of another than the host, or
// something on the node.
func (a *Accounts) mayHaveLink(ctx context.Context, tx *ent.Tx, u *ent.User, organizationID, host string) (bool, error) {
	if v := From(ctx); a.Outbox != nil || v.NodeAdmin || v.System {
		return true, nil
	}
	if u.IsNodeAdmin || u.IsModerator {
		return false, nil
	}
	member, err := tx.Membership.Query().Where(membership.UserID(u.ID), membership.OrganizationIDNEQ(organizationID)).Exist(ctx)
	if err != nil || member {
		return false, err
	}
	projects, err := tx.Guest.Query().Where(guest.UserID(u.ID)).Select(guest.FieldProjectID).Strings(ctx)
	if err != nil {
		return false, err
	}
	hosted, err := tx.Draft.Query().Where(draft.IDIn(projects...), draft.PublisherID(host)).Count(ctx)
	return hosted == len(projects), err
}

// SetRole makes a user a member of an organisation, or gives another role there; an empty role ends the membership.
func (a *Accounts) SetRole(ctx context.Context, userID, organizationID string, r Role) error {
	if r != "" && !slices.Contains(Roles, r) {
		return ErrRole
	}
	return a.changeFor(ctx, userID, strings.TrimSpace("role "+organizationID+" "+string(r)), func(tx *ent.Tx, u *ent.User) (string, error) {
		if err := renewSessions(ctx, tx, u.ID); err != nil {
			return "", err
		}
		return organizationID, setRole(ctx, tx, u, organizationID, r)
	})
}

func setRole(ctx context.Context, tx *ent.Tx, u *ent.User, organizationID string, r Role) error {
	if r != Administrator {
		if err := notTheLastOf(ctx, tx, u, organizationID); err != nil {
			return err
		}
	}
	if r == "" {
		_, err := tx.Membership.Delete().Where(membership.UserID(u.ID), membership.OrganizationID(organizationID)).Exec(ctx)
		return err
	}
	if err := room(tx.Membership.Query().Where(membership.UserID(u.ID), membership.OrganizationIDNEQ(organizationID)).Count(ctx)); err != nil {
		return err
	}
	return tx.Membership.Create().SetUserID(u.ID).SetOrganizationID(organizationID).SetRole(string(r)).
		OnConflictColumns(membership.FieldUserID, membership.FieldOrganizationID).Update(func(u *ent.MembershipUpsert) { u.UpdateRole() }).Exec(ctx)
}

// notTheLastOf refuses to take away the only administrator of an organisation who can sign in, except to who looks after
// the node: they can give it another.
func notTheLastOf(ctx context.Context, tx *ent.Tx, u *ent.User, organizationID string) error {
	if v := From(ctx); v.NodeAdmin || v.System || u.State != string(Active) {
		return nil
	}
	ids, err := tx.Membership.Query().Where(membership.OrganizationID(organizationID), membership.Role(string(Administrator))).
		Select(membership.FieldUserID).Strings(ctx)
	if err != nil || !slices.Contains(ids, u.ID) {
		return err
	}
	another, err := tx.User.Query().Where(user.IDIn(ids...), user.IDNEQ(u.ID), user.State(string(Active))).Exist(ctx)
	if err == nil && !another {
		err = ErrLastOfOrganization
	}
	return err
}

// AddGuest lets a user work in one project.
func (a *Accounts) AddGuest(ctx context.Context, userID, projectID string) error {
	return a.changeFor(ctx, userID, "guest of "+projectID, func(tx *ent.Tx, u *ent.User) (string, error) {
		if err := renewSessions(ctx, tx, u.ID); err != nil {
			return "", err
		}
		if err := addGuest(ctx, tx, u.ID, projectID); err != nil {
			return "", err
		}
		return publisherOf(ctx, tx, projectID)
	})
}

func addGuest(ctx context.Context, tx *ent.Tx, userID, projectID string) error {
	if err := room(tx.Guest.Query().Where(guest.ProjectID(projectID), guest.UserIDNEQ(userID)).Count(ctx)); err != nil {
		return err
	}
	if err := room(tx.Guest.Query().Where(guest.UserID(userID), guest.ProjectIDNEQ(projectID)).Count(ctx)); err != nil {
		return err
	}
	return tx.Guest.Create().SetUserID(userID).SetProjectID(projectID).
		OnConflictColumns(guest.FieldUserID, guest.FieldProjectID).Ignore().Exec(ctx)
}

// RemoveGuest ends that.
func (a *Accounts) RemoveGuest(ctx context.Context, userID, projectID string) error {
	return a.changeFor(ctx, userID, "no longer guest of "+projectID, func(tx *ent.Tx, u *ent.User) (string, error) {
		if err := renewSessions(ctx, tx, u.ID); err != nil {
			return "", err
		}
		if _, err := tx.Guest.Delete().Where(guest.UserID(u.ID), guest.ProjectID(projectID)).Exec(ctx); err != nil {
			return "", err
		}
		return publisherOf(ctx, tx, projectID)
	})
}

// publisherOf is the organisation whose project it is; empty when there is no such project.
func publisherOf(ctx context.Context, tx *ent.Tx, projectID string) (string, error) {
	ids, err := tx.Draft.Query().Where(draft.ID(projectID)).Select(draft.FieldPublisherID).Strings(ctx)
	return strings.Join(ids, ""), err
}

// room tells whether there can be one more than those that there are.
func room(n int, err error) error {
	if err == nil && n >= maxOf {
		err = ErrTooMany
	}
	return err
}
