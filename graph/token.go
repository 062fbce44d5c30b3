package graph

import (
	"context"
	"slices"
	"time"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// maxTokenDays is how long a token works at most that is made here.
const maxTokenDays = 365

// createToken makes a token of an organisation and gives its secret, once.
func (r *Resolver) createToken(ctx context.Context, in TokenCreateInput) (secret string, made *identity.Token, err error) {
	o, err := r.organizationOf(ctx, policy.ManageTokens, in.Organization)
	if err == nil {
		err = checkToken(in).Err()
	}
	if err != nil {
		return "", nil, err
	}
	return r.Tokens.Create(ctx, o.ID, in.Name, once(in.Scopes), time.Duration(in.Days)*24*time.Hour)
}

func checkToken(in TokenCreateInput) (ps record.Problems) {
	if len(in.Scopes) == 0 {
		ps = append(ps, record.Wrong(record.Required, "Kies wat dit token mag.", "Choose what this token may do.", "scopes"))
	}
	if slices.Contains(in.Scopes, identity.WriteThesaurus) {
		ps = append(ps, record.Wrong(record.NotAllowed, "De thesaurus is van iedereen: wie de node beheert, geeft dit met `plein token create`.",
			"The thesaurus is everybody's: who looks after the node gives this with `plein token create`.", "scopes"))
	}
	if in.Days < 1 || in.Days > maxTokenDays {
		ps = append(ps, record.Wrong(record.Invalid, "Een token werkt 1 tot en met 365 dagen.", "A token works for 1 to 365 days.", "days"))
	}
	return ps
}

// revokeToken takes a token back. One that does not exist and one of others are answered alike.
func (r *Resolver) revokeToken(ctx context.Context, id string) error {
	v := identity.From(ctx)
	if err := policy.MayAnywhere(v, policy.ManageTokens); err != nil {
		return err
	}
	ts, err := r.Tokens.Find(ctx, []string{id})
	if err != nil {
		return err
	}
	if len(ts) == 0 || policy.May(v, policy.ManageTokens, policy.In(r.Catalog.Reference().Organization(ts[0].OrganizationID))) != nil {
		return identity.ErrUnknownToken
	}
	return r.Tokens.Revoke(ctx, id)
}

// tokens are those of an organisation that work; nil for who may not look after them.
func (r *Resolver) tokens(ctx context.Context, o *record.Organization) ([]*identity.Token, error) {
	v := identity.From(ctx)
	mine := func(o *record.Organization) bool { return policy.May(v, policy.ManageTokens, policy.In(o)) == nil }
	if !mine(o) {
		return nil, nil
	}
	all, err := record.ForAllOrganizations(o, "tokens", func(os []*record.Organization) (map[string][]*identity.Token, error) {
		var ids []string
		for _, o := range os {
			if mine(o) {
				ids = append(ids, o.ID)
			}
		}
		return r.Tokens.Working(ctx, ids)
	})
	if err != nil || all[o.ID] != nil {
		return all[o.ID], err
	}
	return []*identity.Token{}, nil
}
