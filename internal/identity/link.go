package identity

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/link"
	"github.com/udc-community/plein/ent/throttle"
	"github.com/udc-community/plein/ent/user"
)

// LinkKind says what a link is for.
type LinkKind string

// Kinds of links.
const (
	// InviteLink lets a new person choose a password.
	InviteLink LinkKind = "INVITE"
	// ResetLink lets a person choose another.
	ResetLink LinkKind = "RESET"
	// SetupLink makes the first account of a node, its administrator.
	SetupLink LinkKind = "SETUP"
)

// LinkPath is where the page of every link is; the secret follows it.
const LinkPath = "/toegang/"

// life of a link of this kind.
func (k LinkKind) life() time.Duration {
	if k == InviteLink {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// Refusals around links.
var (
	// ErrUnknownLink is the one answer to a link that does not exist, has ended or was used.
	ErrUnknownLink = errors.New("this link is unknown, has ended or was used")
	// ErrNoMail says that this node sends no mail.
	ErrNoMail = errors.New("this node sends no mail: ask its administrator for a link")
	// ErrHasAccounts refuses to set up a node that is set up.
	ErrHasAccounts = errors.New("this node has accounts already")
)

// Link is what its page shows to whoever holds it. Looking at it does not use it up: mail scanners look too.
type Link struct {
	Kind LinkKind
	// Email and Name of the person; empty for the first account.
	Email, Name string
}

func newLink(ctx context.Context, tx *ent.Tx, now time.Time, kind LinkKind, userID string) (secret string, err error) {
	secret = newSecret()
	err = tx.Link.Create().SetHash(hash(secret)).SetKind(string(kind)).SetUserID(userID).
		SetCreatedAt(now.UnixMilli()).SetExpiresAt(now.Add(kind.life()).UnixMilli()).Exec(ctx)
	return secret, err
}

// LinkURL is the address of a link's page.
func LinkURL(baseURL, secret string) string {
	return strings.TrimRight(baseURL, "/") + LinkPath + secret
}

// Link tells what a link is for.
func (a *Accounts) Link(ctx context.Context, secret string) (*Link, error) {
	row, err := a.findLink(ctx, secret, InviteLink, ResetLink, SetupLink)
	if err != nil {
		return nil, err
	}
	if row.UserID == "" {
		return &Link{Kind: LinkKind(row.Kind)}, nil
	}
	u, err := a.Client.User.Get(ctx, row.UserID)
	if ent.IsNotFound(err) {
		return nil, ErrUnknownLink
	} else if err != nil {
		return nil, fmt.Errorf("look up the user of a link: %w", err)
	}
	return &Link{Kind: LinkKind(row.Kind), Email: u.Email, Name: u.Name}, nil
}

// findLink costs one statement, or none where the text cannot be a secret.
func (a *Accounts) findLink(ctx context.Context, secret string, kinds ...LinkKind) (*ent.Link, error) {
	if !isSecret(secret) {
		return nil, ErrUnknownLink
	}
	row, err := a.Client.Link.Query().Where(link.Hash(hash(secret))).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, ErrUnknownLink
	} else if err != nil {
		return nil, fmt.Errorf("look up link: %w", err)
	}
	if row.UsedAt != 0 || a.Now().UnixMilli() >= row.ExpiresAt || !slices.Contains(kinds, LinkKind(row.Kind)) {
		return nil, ErrUnknownLink
	}
	return row, nil
}

// claim uses a link up. Of several that try at once one succeeds.
func claim(ctx context.Context, tx *ent.Tx, now time.Time, row *ent.Link) error {
	n, err := tx.Link.Update().Where(link.ID(row.ID), link.UsedAt(0)).SetUsedAt(now.UnixMilli()).Save(ctx)
	if err == nil && n != 1 {
		err = ErrUnknownLink
	}
	return err
}

// Redeem lets a person in with a link of an invitation or a reset: it sets the password, ends all sessions and other
// links, and gives the secret of a new session. A name that is not empty takes the place of the one that was given at
// the invitation. It is not throttled: who holds a link is not guessing, and this is the way back in for somebody whose
// account strangers are trying.
func (a *Accounts) Redeem(ctx context.Context, secret, password, name string, from netip.Prefix) (session string, err error) {
	row, err := a.findLink(ctx, secret, InviteLink, ResetLink)
	if err != nil {
		return "", err
	}
	u, err := a.Client.User.Query().Where(user.ID(row.UserID), user.StateNEQ(string(Disabled))).Only(ctx)
	if ent.IsNotFound(err) {
		return "", ErrUnknownLink
	} else if err != nil {
		return "", fmt.Errorf("look up the user of a link: %w", err)
	}
	if name == "" {
		name = u.Name
	}
	if name, err = cleanName(name); err != nil {
		return "", err
	}
	if err := CheckPassword(password, u.Email, name); err != nil {
		return "", err
	}
	hashed, err := a.Passwords.hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = a.change(ctx, u.ID, "link used", func(tx *ent.Tx, u *ent.User) error {
		if u.State == string(Disabled) {
			return ErrUnknownLink
		}
		if err := claim(ctx, tx, a.Now(), row); err != nil {
			return err
		}
		err := tx.User.UpdateOneID(u.ID).SetPassword(hashed).SetName(name).SetState(string(Active)).SetLastSignInAt(a.Now().UnixMilli()).Exec(ctx)
		if err != nil {
			return err
		}
		if err := a.credentialsChanged(ctx, tx, u); err != nil {
			return err
		}
		// Whom a provider knows is linked anew: this is the way on for somebody who got another identity there.
		if err := unlink(ctx, tx, u.ID); err != nil {
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

// credentialsChanged ends what the former password had opened.
func (a *Accounts) credentialsChanged(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	if err := endSessions(ctx, tx, u.ID); err != nil {
		return err
	}
	if _, err := tx.Link.Delete().Where(link.UserID(u.ID), link.UsedAt(0)).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.Throttle.Delete().Where(throttle.ID(accountKey(u.Email))).Exec(ctx)
	return err
}

// enter begins a session for somebody who proved who they are, and remembers where they did.
func (a *Accounts) enter(ctx context.Context, tx *ent.Tx, u *ent.User, from netip.Prefix) (session string, err error) {
	if err := a.know(ctx, tx, pairKey(u.Email, from), u.ID); err != nil {
		return "", err
	}
	return beginSession(ctx, tx, a.Now(), u.ID)
}

// RequestReset asks for a mail with a link to choose another password. What it answers, and what it does, is the same
// whether there is such an account or not; where there is none the mail is for nobody, and is dropped when it would be
// sent.
func (a *Accounts) RequestReset(ctx context.Context, email string, from netip.Prefix) error {
	if a.Outbox == nil {
		return ErrNoMail
	}
	return a.write(ctx, "ask for a reset", func(tx *ent.Tx) error {
		if err := a.admitAddress(ctx, tx, "reset", from); err != nil {
			return err
		}
		u, err := tx.User.Query().Where(user.Email(fold(email))).Only(ctx)
		if err != nil && !ent.IsNotFound(err) {
			return err
		}
		recipient := newUserID()
		if u != nil && u.State != string(Disabled) {
			recipient = u.ID
		}
		return a.Outbox.Put(ctx, tx, resetMail(recipient, hourOf(a.Now())))
	})
}

// GiveLink makes a new link for a user: one to accept the invitation, or one to choose another password. It goes by mail,
// and then nothing is returned; a node that sends no mail returns its address, once, to pass on.
func (a *Accounts) GiveLink(ctx context.Context, userID string) (url string, err error) {
	err = a.change(ctx, userID, "link given", func(tx *ent.Tx, u *ent.User) error {
		if u.State == string(Disabled) {
			return ErrDisabled
		}
		url, err = a.giveLink(ctx, tx, u.ID, UserState(u.State))
		return err
	})
	if err != nil {
		return "", err
	}
	return url, nil
}

func (a *Accounts) giveLink(ctx context.Context, tx *ent.Tx, userID string, s UserState) (url string, err error) {
	kind, letter := ResetLink, resetMail(userID, hourOf(a.Now()))
	if s == Invited {
		kind, letter = InviteLink, inviteMail(userID, hourOf(a.Now()))
	}
	if a.Outbox != nil {
		return "", a.Outbox.Put(ctx, tx, letter)
	}
	secret, err := newLink(ctx, tx, a.Now(), kind, userID)
	if err != nil {
		return "", err
	}
	return LinkURL(a.BaseURL, secret), nil
}

// NeedsSetup tells whether there is no account at all. Once there is one there always is: the last administrator stays, so
// it is asked of the database until then.
func (a *Accounts) NeedsSetup(ctx context.Context) (bool, error) {
	if a.settled.Load() {
		return false, nil
	}
	some, err := a.Client.User.Query().Exist(ctx)
	if err != nil {
		return false, fmt.Errorf("look for accounts: %w", err)
	}
	a.settled.Store(some)
	return !some, nil
}

// SetupLink makes the link to the first account; those made before no longer work.
func (a *Accounts) SetupLink(ctx context.Context) (url string, err error) {
	err = a.write(ctx, "make the set-up link", func(tx *ent.Tx) error {
		if some, err := tx.User.Query().Exist(ctx); err != nil || some {
			return errors.Join(err, ErrHasAccounts)
		}
		if _, err := tx.Link.Delete().Where(link.Kind(string(SetupLink))).Exec(ctx); err != nil {
			return err
		}
		secret, err := newLink(ctx, tx, a.Now(), SetupLink, "")
		url = LinkURL(a.BaseURL, secret)
		return err
	})
	if err != nil {
		return "", err
	}
	return url, nil
}

// SetUp makes the first account, a node administrator, with the link that the node showed when it started, and gives
// the secret of a session.
func (a *Accounts) SetUp(ctx context.Context, secret string, n NewUser, from netip.Prefix) (session string, err error) {
	row, err := a.findLink(ctx, secret, SetupLink)
	if err != nil {
		return "", err
	}
	n.NodeAdmin = true
	err = a.create(ctx, n, func(tx *ent.Tx, u *ent.User) error {
		if err := claim(ctx, tx, a.Now(), row); err != nil {
			return err
		}
		if others, err := tx.User.Query().Where(user.IDNEQ(u.ID)).Exist(ctx); err != nil || others {
			return errors.Join(err, ErrUnknownLink)
		}
		session, err = a.enter(ctx, tx, u, from)
		return err
	})
	if err != nil {
		return "", err
	}
	return session, nil
}

func newUserID() string { return "usr_" + uuid.Must(uuid.NewV7()).String() }

func hourOf(t time.Time) string { return t.UTC().Format("2006-01-02T15") }

// forgetLinks takes away links that can no longer be used.
func forgetLinks(ctx context.Context, tx *ent.Tx, now time.Time) error {
	_, err := tx.Link.Delete().Where(link.Or(link.ExpiresAtLTE(now.UnixMilli()), link.UsedAtNEQ(0))).Exec(ctx)
	return err
}
