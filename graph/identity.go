package graph

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// Session is a browser in which somebody is signed in.
type Session struct {
	ID                               string
	IsCurrent                        bool
	CreatedAt, LastSeenAt, ExpiresAt time.Time
}

// IsNode marks what has an id of its own.
func (*Session) IsNode() {}

// AccessLink is what a link lets its holder do.
type AccessLink struct {
	Kind        identity.LinkKind
	Email, Name *string
}

// maxPersonal is how many sessions and projects of one's own are listed.
const maxPersonal = 100

func isUser(id string) bool  { return strings.HasPrefix(id, "usr_") }
func isToken(id string) bool { return strings.HasPrefix(id, "tok_") }

// signedIn is the person who asks. Strangers and programs are told that this is not theirs to do.
func signedIn(ctx context.Context) (identity.Viewer, error) {
	v := identity.From(ctx)
	switch {
	case v.Anonymous():
		return v, policy.ErrUnauthenticated
	case v.UserID == "":
		return v, policy.ErrForbidden
	}
	return v, nil
}

// mayManageAccounts tells whether the viewer looks after the accounts of the node.
func mayManageAccounts(ctx context.Context) error {
	return policy.May(identity.From(ctx), policy.ManageAccounts, policy.Node)
}

// isOwn tells whether an account is that of the one who asks.
func isOwn(ctx context.Context, u *identity.User) bool {
	id := identity.From(ctx).UserID
	return id != "" && id == u.ID
}

// forAdministrators gives what somebody and their administrators may see of an account.
func forAdministrators[T any](ctx context.Context, r *Resolver, u *identity.User, value T) *T {
	if policy.MayLookAfter(identity.From(ctx), u, r.Catalog.Reference()) {
		return &value
	}
	return nil
}

// forNode gives what somebody and who looks after the node may see of an account.
func forNode[T any](ctx context.Context, u *identity.User, value T) *T {
	if isOwn(ctx, u) || mayManageAccounts(ctx) == nil {
		return &value
	}
	return nil
}

// sessions are the browsers in which the one who asks is signed in.
func (r *Resolver) sessions(ctx context.Context) ([]*Session, error) {
	v := identity.From(ctx)
	all, err := r.Sessions.List(ctx, v.UserID)
	if err != nil {
		return nil, err
	}
	out := make([]*Session, min(maxPersonal, len(all)))
	for i := range out {
		s := all[i]
		out[i] = &Session{ID: s.ID, IsCurrent: s.ID == v.SessionID, CreatedAt: s.CreatedAt, LastSeenAt: s.LastSeenAt, ExpiresAt: s.ExpiresAt}
	}
	return out, nil
}

// personalNodes answers ids of people and of what is theirs or their organisation's. Strangers and programs see none of
// it, and it costs them nothing.
func (r *Resolver) personalNodes(ctx context.Context, ids []string) (map[string]record.Node, error) {
	v, out := identity.From(ctx), map[string]record.Node{}
	if v.UserID == "" {
		return out, nil
	}
	var users, sessions, tokens []string
	for _, id := range ids {
		if user, _, ok := splitMembershipID(id); ok {
			users = append(users, user)
		} else if isUser(id) {
			users = append(users, id)
		} else if isToken(id) {
			tokens = append(tokens, id)
		} else if strings.HasPrefix(id, "ses_") {
			sessions = append(sessions, id)
		}
	}
	if len(users) > 0 {
		us, err := r.Accounts.Find(ctx, once(users), policy.Acquainted(v))
		if err != nil {
			return nil, err
		}
		r.bind(ctx, us...)
		for _, u := range us {
			out[u.ID] = u
			for _, m := range r.memberships(ctx, u) {
				out[m.ID] = m
			}
		}
	}
	if len(sessions) > 0 {
		ss, err := r.sessions(ctx)
		if err != nil {
			return nil, err
		}
		for _, s := range ss {
			out[s.ID] = s
		}
	}
	if len(tokens) > 0 {
		ts, err := r.Tokens.Find(ctx, tokens)
		if err != nil {
			return nil, err
		}
		for _, t := range ts {
			if policy.May(v, policy.ManageTokens, policy.In(r.Catalog.Reference().Organization(t.OrganizationID))) == nil {
				out[t.ID] = t
			}
		}
	}
	return out, nil
}

// refusals are what identity refuses and the caller can correct.
var refusals = []struct {
	err     error
	problem record.Problem
}{
	{identity.ErrUnknownUser, record.NoSuch("id")},
	{identity.ErrUnknownSession, record.NoSuch("id")},
	{identity.ErrUnknownToken, record.NoSuch("id")},
	{identity.ErrEmail, record.Wrong(record.Invalid, "Dit is geen e-mailadres zoals naam@gemeente.nl.", "This is not an e-mail address such as naam@gemeente.nl.", "email")},
	{identity.ErrEmailTaken, record.Wrong(record.Duplicate, "Er is al een account met dit e-mailadres.", "There is an account with this e-mail address already.", "email")},
	{identity.ErrName, record.Wrong(record.Invalid, "Een naam heeft 1 tot en met 100 tekens.", "A name has 1 to 100 characters.", "name")},
	{identity.ErrRole, record.Wrong(record.Invalid, "Deze rol bestaat niet.", "There is no such role.", "role")},
	{identity.ErrDisabled, record.Wrong(record.NotAllowed, "Dit account is uitgezet. Vraag de beheerder van deze node.", "This account is disabled. Ask who looks after this node.")},
	{identity.ErrLastAdministrator, record.Wrong(record.NotAllowed, "Dit is de enige beheerder van deze node. Wijs eerst een andere aan.", "This is the only administrator of this node. Appoint another one first.")},
	{identity.ErrLastOfOrganization, record.Wrong(record.NotAllowed, "Dit is de enige beheerder van de organisatie. Wijs eerst een andere aan.", "This is the only administrator of the organisation. Appoint another one first.")},
	{identity.ErrTooMany, record.Wrong(record.TooMany, "Dit zijn er te veel: hooguit 100.", "These are too many: at most 100.")},
	{identity.ErrStaleUser, record.Wrong(record.StaleRevision, "Dit account veranderde intussen. Probeer het opnieuw.", "This account changed meanwhile. Try again.")},
}

// refused takes what the caller can correct out of an error about accounts, tokens or anything else.
func refused(err error) ([]*record.Problem, error) {
	for _, x := range refusals {
		if errors.Is(err, x.err) {
			return pointers(record.Problems{x.problem}), nil
		}
	}
	return userErrors(err)
}
