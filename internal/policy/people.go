package policy

import (
	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent/draft"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/token"
	"github.com/udc-community/plein/ent/user"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Acquainted is the one rule of who knows whose name: oneself, those of the organisations that one belongs to or works
// for as a guest, and the guests of those organisations. Who looks after the accounts knows everybody; strangers and
// programs know nobody.
func Acquainted(v identity.Viewer) predicate.User {
	return func(s *sql.Selector) {
		switch {
		case May(v, ManageAccounts, Node) == nil:
			return
		case v.UserID == "":
			s.Where(sql.False())
			return
		}
		organizations := values(v.Organizations())
		projects := sql.Table(draft.Table)
		hosts := sql.Select(projects.C(draft.FieldPublisherID)).From(projects).Where(sql.In(projects.C(draft.FieldID), values(v.Guest)...))
		theirs := sql.Select(projects.C(draft.FieldID)).From(projects).Where(sql.In(projects.C(draft.FieldPublisherID), organizations...))
		members, guests := sql.Table(membership.Table), sql.Table(guest.Table)
		s.Where(sql.Or(
			sql.EQ(s.C(user.FieldID), v.UserID),
			sql.In(s.C(user.FieldID), sql.Select(members.C(membership.FieldUserID)).From(members).Where(sql.Or(
				sql.In(members.C(membership.FieldOrganizationID), organizations...),
				sql.In(members.C(membership.FieldOrganizationID), hosts)))),
			sql.In(s.C(user.FieldID), sql.Select(guests.C(guest.FieldUserID)).From(guests).Where(
				sql.In(guests.C(guest.FieldProjectID), theirs))),
		))
	}
}

// Programs is the one rule of who knows the names of tokens: people of their organisation, and who looks after the accounts.
func Programs(v identity.Viewer) predicate.Token {
	return func(s *sql.Selector) {
		switch {
		case May(v, ManageAccounts, Node) == nil:
		case v.UserID == "":
			s.Where(sql.False())
		default:
			s.Where(sql.In(s.C(token.FieldOrganizationID), values(v.Organizations())...))
		}
	}
}

func values(ss []string) []any {
	out := make([]any, len(ss))
	for i, s := range ss {
		out[i] = s
	}
	return out
}

// MayLookAfter tells whether the viewer may see how the account of somebody is: whose address it is, where it is in its
// life, when they signed in last. That is for oneself, for administrators of an organisation that the person belongs to,
// and for who looks after the accounts.
func MayLookAfter(v identity.Viewer, u *identity.User, ref *record.Reference) bool {
	if v.UserID != "" && v.UserID == u.ID || May(v, ManageAccounts, Node) == nil {
		return true
	}
	for _, m := range u.Memberships {
		if May(v, ManageMembers, In(ref.Organization(m.OrganizationID))) == nil {
			return true
		}
	}
	return false
}
