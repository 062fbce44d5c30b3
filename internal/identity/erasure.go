package identity

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/change"
	"github.com/udc-community/plein/ent/draftshare"
	"github.com/udc-community/plein/ent/guest"
	"github.com/udc-community/plein/ent/importing"
	"github.com/udc-community/plein/ent/link"
	"github.com/udc-community/plein/ent/mail"
	"github.com/udc-community/plein/ent/membership"
	"github.com/udc-community/plein/ent/mistakereport"
	"github.com/udc-community/plein/ent/oidcidentity"
	"github.com/udc-community/plein/ent/session"
	"github.com/udc-community/plein/ent/throttle"
	"github.com/udc-community/plein/ent/user"
)

// Export is everything that is kept about a person, for the person.
type Export struct {
	User     *User     `json:"user"`
	Sessions []Session `json:"sessions"`
	// Identities is whom the providers that they sign in with know them as.
	Identities []LinkedIdentity `json:"identities"`
	// Mail is what was or will be sent to them.
	Mail []ExportedMail `json:"mail"`
	// Networks is how many networks are remembered as ones that they signed in from; which ones cannot be read back.
	Networks int `json:"networks"`
	// Actions is what they did, by the private log, and Account what was done with their account.
	Actions []Action `json:"actions"`
	Account []Action `json:"account"`
	// Reports are the mistakes that they reported, and Shares the links to working copies that they gave.
	Reports []Written `json:"reports"`
	Shares  []Written `json:"shares"`
	// Imports are the spreadsheets that they uploaded.
	Imports []Written `json:"imports"`
}

// ExportedMail is a message to a person.
type ExportedMail struct {
	Kind      string    `json:"kind"`
	Subject   string    `json:"subject"`
	CreatedAt time.Time `json:"createdAt"`
	SentAt    time.Time `json:"sentAt,omitzero"`
}

// Action is one line of the private log.
type Action struct {
	At       time.Time `json:"at"`
	Kind     string    `json:"kind"`
	RecordID string    `json:"recordId"`
	Reason   string    `json:"reason,omitempty"`
}

// Written is what a person wrote to go with something: the text of a report, for whom a link is, the name of a spreadsheet.
type Written struct {
	At       time.Time `json:"at"`
	RecordID string    `json:"recordId,omitempty"`
	Text     string    `json:"text"`
}

// Export gives everything that is kept about a person, except the hashes of their secrets.
func (a *Accounts) Export(ctx context.Context, userID string) (*Export, error) {
	u, err := a.ByID(ctx, userID)
	if err != nil {
		return nil, err
	}
	out := &Export{User: u, Sessions: []Session{}, Mail: []ExportedMail{}, Actions: []Action{}, Account: []Action{},
		Reports: []Written{}, Shares: []Written{}, Imports: []Written{}}
	sessions, err := a.Client.Session.Query().Where(session.UserID(userID)).Order(session.ByCreatedAt()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("export sessions: %w", err)
	}
	for _, s := range sessions {
		out.Sessions = append(out.Sessions, fromSession(s))
	}
	if out.Identities, err = a.identities(ctx, userID); err != nil {
		return nil, err
	}
	mails, err := a.Client.Mail.Query().Where(mail.RecipientID(userID)).Order(mail.ByCreatedAt()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("export mail: %w", err)
	}
	for _, m := range mails {
		out.Mail = append(out.Mail, ExportedMail{m.Kind, m.Subject, at(m.CreatedAt), at(m.SentAt)})
	}
	if out.Networks, err = a.Client.Throttle.Query().Where(throttle.UserID(userID)).Count(ctx); err != nil {
		return nil, fmt.Errorf("export networks: %w", err)
	}
	actions, err := a.Client.Change.Query().Where(change.Or(change.Actor(userID), change.RecordID(userID))).Order(change.ByID()).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("export actions: %w", err)
	}
	for _, c := range actions {
		line := Action{at(c.At), c.Kind, c.RecordID, c.Reason}
		if c.Actor == userID {
			out.Actions = append(out.Actions, line)
		}
		if c.RecordID == userID {
			out.Account = append(out.Account, line)
		}
	}
	return out, a.exportWritten(ctx, userID, out)
}

// exportWritten adds what a person wrote outside of records, which belong to their organisation.
func (a *Accounts) exportWritten(ctx context.Context, userID string, out *Export) error {
	reports, err := a.Client.MistakeReport.Query().Where(mistakereport.Reporter(userID)).Order(mistakereport.ByAt()).All(ctx)
	if err != nil {
		return fmt.Errorf("export reports: %w", err)
	}
	for _, r := range reports {
		out.Reports = append(out.Reports, Written{at(r.At), r.RecordID, r.Message})
	}
	shares, err := a.Client.DraftShare.Query().Where(draftshare.CreatedBy(userID)).Order(draftshare.ByCreatedAt()).All(ctx)
	if err != nil {
		return fmt.Errorf("export shares: %w", err)
	}
	for _, s := range shares {
		out.Shares = append(out.Shares, Written{at(s.CreatedAt), s.RecordID, s.Note})
	}
	imports, err := a.Client.Importing.Query().Where(importing.Actor(userID)).Order(importing.ByCreatedAt()).All(ctx)
	if err != nil {
		return fmt.Errorf("export imports: %w", err)
	}
	for _, i := range imports {
		out.Imports = append(out.Imports, Written{At: at(i.CreatedAt), Text: i.FileName})
	}
	return nil
}

// PersonalTables are the tables that erasure takes rows out of: what a Scrub has to clean.
var PersonalTables = []string{user.Table, membership.Table, guest.Table, session.Table, link.Table, mail.Table, throttle.Table, oidcidentity.Table}

// Erase takes a person out: the account and all that hangs on it. What they did stays, under an id that leads to nobody.
// When it returns the database's files no longer hold them; backups that were made before do.
func (a *Accounts) Erase(ctx context.Context, userID string) error {
	err := a.change(ctx, userID, "erased", func(tx *ent.Tx, u *ent.User) error { return a.erase(ctx, tx, u) })
	if err != nil {
		return err
	}
	return a.scrub(ctx)
}

// EraseSelf is Erase for somebody who knows the password of their own account.
//
// Errors: those of SignIn, ErrLastAdministrator.
func (a *Accounts) EraseSelf(ctx context.Context, userID, password string, from netip.Prefix) error {
	u, err := a.ByID(ctx, userID)
	if err != nil {
		return err
	}
	err = a.prove(ctx, Credentials{Email: u.Email, Password: password, From: from}, func(tx *ent.Tx, u *ent.User) error {
		if err := a.erase(ctx, tx, u); err != nil {
			return err
		}
		return a.log(ctx, tx, u.ID, u.Revision+1, "erased")
	})
	if err != nil {
		return err
	}
	return a.scrub(ctx)
}

func (a *Accounts) scrub(ctx context.Context) error {
	if err := a.Scrub(ctx); err != nil {
		return fmt.Errorf("the account is gone, but its bytes may still be in the files of the database: %w", err)
	}
	return nil
}

func (a *Accounts) erase(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	if err := notTheLast(ctx, tx, u); err != nil {
		return err
	}
	for _, drop := range []interface {
		Exec(context.Context) (int, error)
	}{
		tx.Membership.Delete().Where(membership.UserID(u.ID)),
		tx.Guest.Delete().Where(guest.UserID(u.ID)),
		tx.Session.Delete().Where(session.UserID(u.ID)),
		tx.Link.Delete().Where(link.UserID(u.ID)),
		tx.Mail.Delete().Where(mail.RecipientID(u.ID)),
		tx.Throttle.Delete().Where(throttle.Or(throttle.UserID(u.ID), throttle.ID(accountKey(u.Email)))),
	} {
		if _, err := drop.Exec(ctx); err != nil {
			return err
		}
	}
	if err := unlink(ctx, tx, u.ID); err != nil {
		return err
	}
	return tx.User.DeleteOneID(u.ID).Exec(ctx)
}
