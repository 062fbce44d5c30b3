package identity

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/user"
)

// ErrCredentials is the one answer to a sign-in that is not right, whatever is not right about it.
var ErrCredentials = errors.New("this e-mail address and password do not belong together")

// Credentials are what somebody signs in with.
type Credentials struct {
	Email, Password string
	// From is the network that the attempt comes from: one address, or a /64 of IPv6.
	From netip.Prefix
}

// SignIn gives the secret of a new session to whoever knows the password. Every refused attempt does the same work: one
// count, one look for the account, one hash.
//
// Errors: ErrCredentials, ThrottledError, ErrBusy.
func (a *Accounts) SignIn(ctx context.Context, c Credentials) (session string, err error) {
	err = a.prove(ctx, c, func(tx *ent.Tx, u *ent.User) error {
		session, err = beginSession(ctx, tx, a.Now(), u.ID)
		return err
	})
	if err != nil {
		return "", err
	}
	return session, nil
}

// ChangePassword sets another password for somebody who knows the present one. All their sessions and links end; it gives
// the secret of a new session.
func (a *Accounts) ChangePassword(ctx context.Context, userID, present, next string, from netip.Prefix) (session string, err error) {
	u, err := a.ByID(ctx, userID)
	if err != nil {
		return "", err
	}
	if err := CheckPassword(next, u.Email, u.Name); err != nil {
		return "", err
	}
	hashed, err := a.Passwords.hash(ctx, next)
	if err != nil {
		return "", err
	}
	err = a.prove(ctx, Credentials{Email: u.Email, Password: present, From: from}, func(tx *ent.Tx, u *ent.User) error {
		if err := tx.User.UpdateOneID(u.ID).SetPassword(hashed).AddRevision(1).Exec(ctx); err != nil {
			return err
		}
		if err := a.credentialsChanged(ctx, tx, u); err != nil {
			return err
		}
		if a.Outbox != nil {
			if err := a.Outbox.Put(ctx, tx, changedMail(u.ID, hourOf(a.Now()))); err != nil {
				return err
			}
		}
		if session, err = beginSession(ctx, tx, a.Now(), u.ID); err != nil {
			return err
		}
		return a.log(ctx, tx, u.ID, u.Revision+1, "password changed")
	})
	if err != nil {
		return "", err
	}
	return session, nil
}

// prove compares a password with an account's and, when it is right, carries something out for its owner.
func (a *Accounts) prove(ctx context.Context, c Credentials, do func(*ent.Tx, *ent.User) error) error {
	email := fold(c.Email)
	attempt, err := a.admit(ctx, email, c.From)
	if err != nil {
		return err
	}
	u, err := a.Client.User.Query().Where(user.Email(email)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return fmt.Errorf("look up account: %w", err)
	}
	stored := ""
	if u != nil && u.State == string(Active) {
		stored = u.Password
	}
	right, err := a.Passwords.verify(ctx, stored, c.Password)
	if err != nil {
		return err
	}
	if !right {
		return ErrCredentials
	}
	fresh := stored
	if a.Passwords.outgrown(stored) {
		if fresh, err = a.Passwords.hash(ctx, c.Password); err != nil {
			return err
		}
	}
	return a.write(ctx, "sign in", func(tx *ent.Tx) error {
		// Nobody signs in with a password that was changed, or to an account that was disabled, in between.
		n, err := tx.User.Update().Where(user.ID(u.ID), user.State(string(Active)), user.Password(stored)).
			SetLastSignInAt(a.Now().UnixMilli()).SetPassword(fresh).Save(ctx)
		if err != nil {
			return err
		}
		if n != 1 {
			return ErrCredentials
		}
		if err := a.passed(ctx, tx, attempt, u.ID); err != nil {
			return err
		}
		return do(tx, u)
	})
}
