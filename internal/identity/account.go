package identity

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/oidcidentity"
	"github.com/udc-community/plein/ent/user"
	"github.com/udc-community/plein/internal/changelog"
)

// Accounts keeps the people of a node.
type Accounts struct {
	Client *ent.Client
	// Begin starts a write that may take numbers of the log.
	Begin     func(context.Context) (*ent.Tx, error)
	Now       func() time.Time
	Passwords *Passwords
	// Outbox takes the mail; without one, links are returned to whoever asks for them.
	Outbox *Outbox
	// BaseURL is what the addresses of links begin with.
	BaseURL string
	// Scrub takes what was deleted out of the files of the database.
	Scrub func(context.Context) error

	// settled is set once there was an account.
	settled atomic.Bool
}

// Refusals of changes to accounts.
var (
	ErrUnknownUser        = errors.New("there is no such account")
	ErrEmailTaken         = errors.New("there is an account with this e-mail address already")
	ErrDisabled           = errors.New("this account is disabled")
	ErrLastAdministrator  = errors.New("this is the only administrator of the node: make another one first")
	ErrRole               = errors.New("there is no such role")
	ErrLastOfOrganization = errors.New("this is the only administrator of the organisation: make another one first")
	ErrTooMany            = fmt.Errorf("there are %d already", maxOf)
	ErrStaleUser          = errors.New("somebody else changed this account meanwhile")
)

// maxOf is how many memberships a person has at most, how many projects somebody works in as a guest, and how many guests a
// project has: what is asked for all at once has a bound.
const maxOf = 100

// NewUser is an account to be made.
type NewUser struct {
	Email, Name, Password string
	NodeAdmin, Moderator  bool
}

// Create makes an account that can sign in at once.
func (a *Accounts) Create(ctx context.Context, n NewUser) (*User, error) {
	var id string
	err := a.create(ctx, n, func(_ *ent.Tx, u *ent.User) error { id = u.ID; return nil })
	if err != nil {
		return nil, err
	}
	return a.ByID(ctx, id)
}

func (a *Accounts) create(ctx context.Context, n NewUser, also func(*ent.Tx, *ent.User) error) error {
	email, err := address(n.Email)
	if err != nil {
		return err
	}
	name, err := cleanName(n.Name)
	if err != nil {
		return err
	}
	if err := CheckPassword(n.Password, email, name); err != nil {
		return err
	}
	hashed, err := a.Passwords.hash(ctx, n.Password)
	if err != nil {
		return err
	}
	return a.write(ctx, "create account", func(tx *ent.Tx) error {
		if taken, err := tx.User.Query().Where(user.Email(email)).Exist(ctx); err != nil || taken {
			return errors.Join(err, ErrEmailTaken)
		}
		u, err := tx.User.Create().SetID(newUserID()).SetEmail(email).SetName(name).SetPassword(hashed).SetState(string(Active)).
			SetIsNodeAdmin(n.NodeAdmin).SetIsModerator(n.Moderator).SetCreatedAt(a.Now().UnixMilli()).Save(ctx)
		if err != nil {
			return err
		}
		if err := also(tx, u); err != nil {
			return err
		}
		return a.log(ctx, tx, u.ID, u.Revision, "created")
	})
}

// Disable keeps somebody out: every session ends now, links no longer work, and nobody can sign in.
func (a *Accounts) Disable(ctx context.Context, userID string) error {
	return a.change(ctx, userID, "disabled", func(tx *ent.Tx, u *ent.User) error {
		if err := notTheLast(ctx, tx, u); err != nil {
			return err
		}
		if err := a.credentialsChanged(ctx, tx, u); err != nil {
			return err
		}
		return tx.User.UpdateOneID(u.ID).SetState(string(Disabled)).Exec(ctx)
	})
}

// Enable lets somebody in again, with the password that they had, or by the provider that knows them.
func (a *Accounts) Enable(ctx context.Context, userID string) error {
	return a.change(ctx, userID, "enabled", func(tx *ent.Tx, u *ent.User) error {
		linked, err := tx.OidcIdentity.Query().Where(oidcidentity.UserID(u.ID)).Exist(ctx)
		if err != nil {
			return err
		}
		state := Active
		if u.Password == "" && !linked {
			state = Invited
		}
		return tx.User.UpdateOneID(u.ID).SetState(string(state)).Exec(ctx)
	})
}

// Rename changes somebody's name; revision is the account's as the asker last saw it.
func (a *Accounts) Rename(ctx context.Context, userID string, revision int, name string) error {
	name, err := cleanName(name)
	if err != nil {
		return err
	}
	return a.change(ctx, userID, "renamed", func(tx *ent.Tx, u *ent.User) error {
		if u.Revision != revision {
			return ErrStaleUser
		}
		return tx.User.UpdateOneID(u.ID).SetName(name).Exec(ctx)
	})
}

// SetNodeRoles says whether a user administers the node, and whether they moderate it.
func (a *Accounts) SetNodeRoles(ctx context.Context, userID string, nodeAdmin, moderator bool) error {
	return a.change(ctx, userID, fmt.Sprintf("node administrator %t, moderator %t", nodeAdmin, moderator), func(tx *ent.Tx, u *ent.User) error {
		if !nodeAdmin {
			if err := notTheLast(ctx, tx, u); err != nil {
				return err
			}
		}
		if err := renewSessions(ctx, tx, u.ID); err != nil {
			return err
		}
		return tx.User.UpdateOneID(u.ID).SetIsNodeAdmin(nodeAdmin).SetIsModerator(moderator).Exec(ctx)
	})
}

// ByID gives one account.
func (a *Accounts) ByID(ctx context.Context, id string) (*User, error) {
	return one(a.list(ctx, a.Client.User.Query().Where(user.ID(id))))
}

// ByEmail gives one account by its address. It is for administrators: it tells who has an account.
func (a *Accounts) ByEmail(ctx context.Context, email string) (*User, error) {
	return one(a.list(ctx, a.Client.User.Query().Where(user.Email(fold(email)))))
}

func one(us []*User, err error) (*User, error) {
	switch {
	case err != nil:
		return nil, err
	case len(us) == 0:
		return nil, ErrUnknownUser
	}
	return us[0], nil
}

// List gives all accounts, or those of the members of one organisation, by address.
func (a *Accounts) List(ctx context.Context, organizationID string) ([]*User, error) {
	q := a.Client.User.Query().Order(user.ByEmail())
	if organizationID != "" {
		ids, err := a.Client.Membership.Query().Where(membership.OrganizationID(organizationID)).Select(membership.FieldUserID).Strings(ctx)
		if err != nil {
			return nil, fmt.Errorf("list members: %w", err)
		}
		q.Where(user.IDIn(ids...))
	}
	return a.list(ctx, q)
}

// list reads accounts with their roles, in three statements.
func (a *Accounts) list(ctx context.Context, q *ent.UserQuery) ([]*User, error) {
	rows, err := q.All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	members, err := a.Client.Membership.Query().Where(membership.UserIDIn(ids...)).Order(membership.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read memberships: %w", err)
	}
	projects, err := a.Client.Guest.Query().Where(guest.UserIDIn(ids...)).Order(guest.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read guests: %w", err)
	}
	out := make([]*User, len(rows))
	for i, r := range rows {
		out[i] = fromUser(r,
			slices.DeleteFunc(slices.Clone(members), func(m *ent.Membership) bool { return m.UserID != r.ID }),
			slices.DeleteFunc(slices.Clone(projects), func(g *ent.Guest) bool { return g.UserID != r.ID }))
	}
	return out, nil
}

// Prune takes away what has ended: sessions, links, sign-ins that were not finished, counts of attempts, mail that was
// sent long ago.
func (a *Accounts) Prune(ctx context.Context) error {
	return a.write(ctx, "forget what has ended", func(tx *ent.Tx) error {
		for _, forget := range []func(context.Context, *ent.Tx, time.Time) error{forgetSessions, forgetLinks, forgetThrottles, forgetMail, forgetOIDC} {
			if err := forget(ctx, tx, a.Now()); err != nil {
				return err
			}
		}
		return nil
	})
}

// notTheLast refuses to take away the only administrator who can sign in.
func notTheLast(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	if !u.IsNodeAdmin || u.State != string(Active) {
		return nil
	}
	another, err := tx.User.Query().Where(user.IDNEQ(u.ID), user.IsNodeAdmin(true), user.State(string(Active))).Exist(ctx)
	if err == nil && !another {
		err = ErrLastAdministrator
	}
	return err
}

// change carries out a change of one account, gives it its next revision and logs what was done.
func (a *Accounts) change(ctx context.Context, userID, what string, do func(*ent.Tx, *ent.User) error) error {
	return a.changeFor(ctx, userID, what, func(tx *ent.Tx, u *ent.User) (string, error) { return "", do(tx, u) })
}

// changeFor is change for what somebody is to an organisation, which do gives: its people can read of it.
func (a *Accounts) changeFor(ctx context.Context, userID, what string, do func(*ent.Tx, *ent.User) (organizationID string, err error)) error {
	return a.write(ctx, "change account", func(tx *ent.Tx) error {
		u, err := tx.User.Get(ctx, userID)
		if ent.IsNotFound(err) {
			return ErrUnknownUser
		} else if err != nil {
			return err
		}
		organizationID, err := do(tx, u)
		if err != nil {
			return err
		}
		// None is written when the change was to erase it.
		if err := tx.User.Update().Where(user.ID(u.ID)).AddRevision(1).Exec(ctx); err != nil {
			return err
		}
		return a.logFor(ctx, tx, organizationID, u.ID, u.Revision+1, what)
	})
}

func (a *Accounts) log(ctx context.Context, tx *ent.Tx, userID string, revision int, what string) error {
	return a.logFor(ctx, tx, "", userID, revision, what)
}

func (a *Accounts) logFor(ctx context.Context, tx *ent.Tx, organizationID, userID string, revision int, what string) error {
	_, err := changelog.Append(ctx, tx, a.Now(), changelog.Change{Kind: changelog.Account, RecordID: userID, PublisherID: organizationID,
		Revision: revision, Actor: From(ctx).Actor(), Reason: what})
	return err
}

func (a *Accounts) write(ctx context.Context, what string, do func(*ent.Tx) error) error {
	return write(ctx, a.Begin, what, do)
}

// write carries something out in one transaction: all of it, or nothing where it gives an error.
func write(ctx context.Context, begin func(context.Context) (*ent.Tx, error), what string, do func(*ent.Tx) error) error {
	tx, err := begin(ctx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", what, err), tx.Rollback())
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}
