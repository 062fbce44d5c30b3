package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/predicate"
	"github.com/udc-community/plein/ent/user"
)

// People says which accounts a list has.
type People struct {
	// OrganizationID is for those who belong to one; all accounts when it is empty.
	OrganizationID string
	// Prefix is how a name or an address begins.
	Prefix string
}

// Page is a stretch of a list of accounts, by name.
type Page struct {
	Users []*User
	// More tells that others follow.
	More bool
	// Total counts all of the list.
	Total func(context.Context) (int, error)
}

// Page reads a stretch of a list, after one of those in it. It costs three statements, and one more after another page.
// An account that the list goes on after and that is no more is ErrUnknownUser.
func (a *Accounts) Page(ctx context.Context, which People, first int, after string) (*Page, error) {
	q := a.Client.User.Query().Where(which.in)
	total := q.Clone()
	if after != "" {
		from, err := a.Client.User.Get(ctx, after)
		if ent.IsNotFound(err) {
			return nil, ErrUnknownUser
		} else if err != nil {
			return nil, fmt.Errorf("look up where the list goes on: %w", err)
		}
		q.Where(follows(from))
	}
	us, err := a.list(ctx, q.Order(byName).Limit(first+1))
	if err != nil {
		return nil, err
	}
	return &Page{Users: us[:min(first, len(us))], More: len(us) > first, Total: total.Count}, nil
}

func (p People) in(s *sql.Selector) {
	if p.OrganizationID != "" {
		members := sql.Table(membership.Table)
		s.Where(sql.In(s.C(user.FieldID), sql.Select(members.C(membership.FieldUserID)).From(members).
			Where(sql.EQ(members.C(membership.FieldOrganizationID), p.OrganizationID))))
	}
	if begins := strings.TrimSpace(p.Prefix); begins != "" {
		s.Where(sql.Or(sql.HasPrefixFold(s.C(user.FieldName), begins), sql.HasPrefix(s.C(user.FieldEmail), strings.ToLower(begins))))
	}
}

// byName is the order of lists: whether a name begins with a capital does not matter, and who has none yet comes first.
func byName(s *sql.Selector) {
	s.OrderExprFunc(func(b *sql.Builder) { lowerName(b, s) })
	s.OrderBy(s.C(user.FieldID))
}

func lowerName(b *sql.Builder, s *sql.Selector) {
	b.WriteString("LOWER(").Ident(s.C(user.FieldName)).WriteString(")")
}

// follows are those who come after somebody in that order.
func follows(u *ent.User) predicate.User {
	return func(s *sql.Selector) {
		name := func(op sql.Op) *sql.Predicate {
			return sql.P(func(b *sql.Builder) {
				lowerName(b, s)
				b.WriteOp(op).WriteString("LOWER(").Arg(u.Name).WriteString(")")
			})
		}
		s.Where(sql.Or(name(sql.OpGT), sql.And(name(sql.OpEQ), sql.GT(s.C(user.FieldID), u.ID))))
	}
}

// Find gives accounts by their ids, of those among which, in three statements and in any order.
func (a *Accounts) Find(ctx context.Context, ids []string, which predicate.User) ([]*User, error) {
	return a.list(ctx, a.Client.User.Query().Where(user.IDIn(ids...), which))
}

// Guests gives who works in projects as a guest, by project and there by name, in four statements.
func (a *Accounts) Guests(ctx context.Context, projectIDs []string) (map[string][]*User, error) {
	rows, err := a.Client.Guest.Query().Where(guest.ProjectIDIn(projectIDs...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read guests: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.UserID
	}
	us, err := a.list(ctx, a.Client.User.Query().Where(user.IDIn(ids...)).Order(byName))
	if err != nil {
		return nil, err
	}
	out := map[string][]*User{}
	for _, u := range us {
		for _, p := range u.Guest {
			if slices.Contains(projectIDs, p) {
				out[p] = append(out[p], u)
			}
		}
	}
	return out, nil
}

// Names gives the names of people by their ids, of those among which, in one statement. Who was erased has none.
func (a *Accounts) Names(ctx context.Context, ids []string, which predicate.User) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := a.Client.User.Query().Where(user.IDIn(ids...), which).Select(user.FieldID, user.FieldName).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("look up the names of people: %w", err)
	}
	for _, r := range rows {
		out[r.ID] = r.Name
	}
	return out, nil
}
