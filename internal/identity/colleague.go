package identity

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/user"
)

// Holders gives, by organisation, the ids of the active accounts that have at least this role there. It is one statement,
// and the users may be those of a transaction.
func Holders(ctx context.Context, users *ent.UserClient, least Role, organizationIDs ...string) (map[string][]string, error) {
	var found []struct {
		OrganizationID string `sql:"organization_id"`
		UserID         string `sql:"user_id"`
	}
	err := users.Query().Where(user.State(string(Active))).Modify(func(s *sql.Selector) {
		m := sql.Table(membership.Table)
		s.Join(m).On(s.C(user.FieldID), m.C(membership.FieldUserID)).
			Where(sql.And(sql.In(m.C(membership.FieldOrganizationID), anyOf(organizationIDs)...), sql.In(m.C(membership.FieldRole), anyOf(from(least))...))).
			Select(m.C(membership.FieldOrganizationID), m.C(membership.FieldUserID)).OrderBy(m.C(membership.FieldUserID))
	}).Scan(ctx, &found)
	if err != nil {
		return nil, fmt.Errorf("look up who is %s: %w", least, err)
	}
	out := map[string][]string{}
	for _, f := range found {
		out[f.OrganizationID] = append(out[f.OrganizationID], f.UserID)
	}
	return out, nil
}

// from are the roles that are at least this one.
func from(least Role) (out []Role) {
	for _, r := range Roles {
		if r.AtLeast(least) {
			out = append(out, r)
		}
	}
	return out
}

func anyOf[T ~string](in []T) []any {
	out := make([]any, len(in))
	for i, x := range in {
		out[i] = string(x)
	}
	return out
}
