package identity

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/link"
	"github.com/udc-community/plein/ent/oidcidentity"
	"github.com/udc-community/plein/ent/user"
)

// oidcPerson is somebody whom a provider vouches for.
type oidcPerson struct {
	issuer, subject string
	Email           string `json:"email"`
	// EmailVerified counts when it is true, and not when it is a text that says so.
	EmailVerified any    `json:"email_verified"`
	Name          string `json:"name"`
}

// LinkedIdentity is a person as a provider knows them.
type LinkedIdentity struct {
	Issuer   string    `json:"issuer"`
	Subject  string    `json:"subject"`
	LinkedAt time.Time `json:"linkedAt"`
}

// knows tells whether somebody signed in here before.
func (a *Accounts) knows(ctx context.Context, who *oidcPerson) (bool, error) {
	known, err := a.Client.OidcIdentity.Query().Where(oidcidentity.Issuer(who.issuer), oidcidentity.Subject(who.subject)).Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look up identity: %w", err)
	}
	return known, nil
}

// enterAs gives the secret of a new session to somebody whom a provider vouches for and who has an account here. The
// first time the account is found by a verified e-mail address; from then on by who they are, whatever their address.
func (a *Accounts) enterAs(ctx context.Context, who *oidcPerson, from netip.Prefix) (session string, err error) {
	err = a.write(ctx, "sign in with OpenID Connect", func(tx *ent.Tx) error {
		u, err := ownerOf(ctx, tx, who)
		if errors.Is(err, errUnlinked) {
			u, err = a.link(ctx, tx, who)
		}
		if err != nil {
			return err
		}
		if err := tx.User.UpdateOneID(u.ID).SetState(string(Active)).SetLastSignInAt(a.Now().UnixMilli()).Exec(ctx); err != nil {
			return err
		}
		if err := a.forgiveAddress(ctx, tx, oidcPurpose, from); err != nil {
			return err
		}
		session, err = a.enter(ctx, tx, u, from)
		return err
	})
	if err != nil {
		return "", err
	}
	return session, nil
}

var errUnlinked = errors.New("nobody here is linked to this identity")

// ownerOf finds the account that an identity was linked to.
func ownerOf(ctx context.Context, tx *ent.Tx, who *oidcPerson) (*ent.User, error) {
	row, err := tx.OidcIdentity.Query().Where(oidcidentity.Issuer(who.issuer), oidcidentity.Subject(who.subject)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, errUnlinked
	} else if err != nil {
		return nil, err
	}
	return admitted(tx.User.Query().Where(user.ID(row.UserID)).Only(ctx))
}

// admitted refuses an account that does not exist or is disabled, without saying which.
func admitted(u *ent.User, err error) (*ent.User, error) {
	if ent.IsNotFound(err) || err == nil && u.State == string(Disabled) {
		return nil, ErrOIDCNoAccount
	}
	return u, err
}

// link finds the account of somebody who is new, by their address, and remembers whose it is. It never makes an account,
// and never gives one to a second person: an address may pass to somebody else.
func (a *Accounts) link(ctx context.Context, tx *ent.Tx, who *oidcPerson) (*ent.User, error) {
	email := fold(who.Email)
	if email == "" || who.EmailVerified != true {
		return nil, ErrOIDCNoAccount
	}
	u, err := admitted(tx.User.Query().Where(user.Email(email)).Only(ctx))
	if err != nil {
		return nil, err
	}
	if taken, err := tx.OidcIdentity.Query().Where(oidcidentity.UserID(u.ID), oidcidentity.Issuer(who.issuer)).Exist(ctx); err != nil || taken {
		return nil, errors.Join(err, ErrOIDCNoAccount)
	}
	// A link that somebody else was given to pass on would open what is now this person's.
	if _, err := tx.Link.Delete().Where(link.UserID(u.ID), link.UsedAt(0)).Exec(ctx); err != nil {
		return nil, err
	}
	if err := a.dropUnproven(ctx, tx, u); err != nil {
		return nil, err
	}
	if err := tx.OidcIdentity.Create().SetIssuer(who.issuer).SetSubject(who.subject).SetUserID(u.ID).SetCreatedAt(a.Now().UnixMilli()).Exec(ctx); err != nil {
		return nil, err
	}
	if err := tx.User.UpdateOneID(u.ID).SetName(nameOf(u, who)).AddRevision(1).Exec(ctx); err != nil {
		return nil, err
	}
	return u, a.log(With(ctx, Viewer{UserID: u.ID}), tx, u.ID, u.Revision+1, "linked to "+who.issuer)
}

// dropUnproven ends what was opened with a link that went by hand: on a node without mail whoever invited somebody could
// have used it before its owner came. The administrator of the node, who set the node up, keeps a way in without the
// provider.
func (a *Accounts) dropUnproven(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	if a.Outbox != nil || u.IsNodeAdmin || u.Password == "" {
		return nil
	}
	if err := tx.User.UpdateOneID(u.ID).SetPassword("").Exec(ctx); err != nil {
		return err
	}
	return endSessions(ctx, tx, u.ID)
}

// nameOf is the name that the invitation gave, or else the provider, or else what comes before the @.
func nameOf(u *ent.User, who *oidcPerson) string {
	if u.Name != "" {
		return u.Name
	}
	if name, err := cleanName(who.Name); err == nil {
		return name
	}
	name, _, _ := strings.Cut(u.Email, "@")
	return name
}

// unlink forgets whom the providers know an account's owner as.
func unlink(ctx context.Context, tx *ent.Tx, userID string) error {
	_, err := tx.OidcIdentity.Delete().Where(oidcidentity.UserID(userID)).Exec(ctx)
	return err
}

// identities lists whom the providers know a person as.
func (a *Accounts) identities(ctx context.Context, userID string) ([]LinkedIdentity, error) {
	rows, err := a.Client.OidcIdentity.Query().Where(oidcidentity.UserID(userID)).Order(oidcidentity.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("list identities: %w", err)
	}
	out := make([]LinkedIdentity, len(rows))
	for i, r := range rows {
		out[i] = LinkedIdentity{r.Issuer, r.Subject, at(r.CreatedAt)}
	}
	return out, nil
}
