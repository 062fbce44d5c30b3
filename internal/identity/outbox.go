package identity

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"github.com/google/uuid"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/mail"
	"github.com/udc-community/plein/ent/user"
	"github.com/udc-community/plein/internal/jobs"
)

// MailJob is the kind, and the key, of the job that sends mail.
const MailJob = "mail"

const (
	// Pauses after a failure: the first, doubled each time, and the longest.
	firstMailPause, longestMailPause = 10 * time.Second, time.Hour
	// giveUpAfter is how long sending is tried; a link would have ended by then.
	giveUpAfter = 3 * 24 * time.Hour
	// keepMail is how long is known that something was sent.
	keepMail = 30 * 24 * time.Hour
	// batch is how many are sent before the queue is asked again.
	batch = 50
)

// Mail is a message to a user. Each recipient gets one of a kind and period, however often it is put in.
type Mail struct {
	RecipientID, Kind, Period string
	Subject, Body             string
}

// linkMark stands in a body for the address of a link. The link is made when the message is sent, so that no secret
// lies in the database.
const linkMark = "{link}"

// Outbox keeps mail until it was sent: at least once, and with the same Message-ID each time.
type Outbox struct {
	Client *ent.Client
	// Begin starts a write that takes no number of a log.
	Begin   func(context.Context) (*ent.Tx, error)
	Now     func() time.Time
	Server  *SMTP
	BaseURL string
}

// Put adds a message in the caller's transaction: it is sent if and when the rest of the transaction is there.
func (o *Outbox) Put(ctx context.Context, tx *ent.Tx, m Mail) error {
	id := "mai_" + uuid.Must(uuid.NewV7()).String()
	err := tx.Mail.Create().SetID(id).SetRecipientID(m.RecipientID).SetKind(m.Kind).SetPeriod(m.Period).SetMessageID("<"+id+"@"+o.host()+">").
		SetSubject(m.Subject).SetBody(m.Body).SetCreatedAt(o.Now().UnixMilli()).SetNextTryAt(o.Now().UnixMilli()).
		OnConflict(sql.ConflictColumns(mail.FieldRecipientID, mail.FieldKind, mail.FieldPeriod), sql.ResolveWithIgnore()).Exec(ctx)
	if err != nil {
		return fmt.Errorf("put mail in the outbox: %w", err)
	}
	return jobs.Enqueue(ctx, tx, jobs.Job{Key: MailJob, Kind: MailJob, RunAt: o.Now()})
}

// host is the right-hand side of message ids.
func (o *Outbox) host() string {
	if u, err := url.Parse(o.BaseURL); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return "localhost"
}

// Send is the handler of the job: it sends what is due and gives the moment at which there may be more. What it reports
// names users by their id, because it goes to the log.
func (o *Outbox) Send(ctx context.Context, _ jobs.Job) (again time.Time, err error) {
	rows, err := o.Client.Mail.Query().Where(mail.SentAt(0), mail.NextTryAtLTE(o.Now().UnixMilli())).Order(mail.ByNextTryAt(), mail.ByID()).Limit(batch).All(ctx)
	if err != nil {
		return again, fmt.Errorf("look for mail: %w", err)
	}
	var failures []error
	for _, m := range rows {
		err := o.send(ctx, m)
		if err != nil {
			failures = append(failures, fmt.Errorf("mail %s to %s: %w", m.Kind, m.RecipientID, err))
		}
		if errors.Is(err, ErrUnreachable) {
			break // the others would wait for the same server
		}
	}
	if len(failures) > 0 {
		return again, errors.Join(failures...)
	}
	next, err := o.Client.Mail.Query().Where(mail.SentAt(0)).Order(mail.ByNextTryAt()).First(ctx)
	if ent.IsNotFound(err) {
		return again, nil
	} else if err != nil {
		return again, fmt.Errorf("look for mail: %w", err)
	}
	return time.UnixMilli(next.NextTryAt), nil
}

func (o *Outbox) send(ctx context.Context, m *ent.Mail) error {
	to, err := o.Client.User.Query().Where(user.ID(m.RecipientID), user.StateNEQ(string(Disabled))).Only(ctx)
	if ent.IsNotFound(err) {
		return o.drop(ctx, m) // a reset of an address without an account, or somebody who left meanwhile
	} else if err != nil {
		return err
	}
	body, err := o.body(ctx, m, to)
	if err != nil {
		return err
	}
	sending := o.Server.Send(ctx, Letter{To: to.Email, MessageID: m.MessageID, Subject: m.Subject, Body: body, Date: o.Now()})
	if sending == nil {
		return o.write(ctx, func(tx *ent.Tx) error {
			return tx.Mail.Update().Where(mail.ID(m.ID)).SetSentAt(o.Now().UnixMilli()).SetBody("").Exec(ctx)
		})
	}
	if errors.Is(sending, ErrRefused) || o.Now().Sub(time.UnixMilli(m.CreatedAt)) > giveUpAfter {
		return errors.Join(fmt.Errorf("given up: %w", sending), o.drop(ctx, m))
	}
	return errors.Join(sending, o.write(ctx, func(tx *ent.Tx) error {
		return tx.Mail.Update().Where(mail.ID(m.ID)).AddAttempts(1).SetNextTryAt(o.Now().Add(mailPause(m.Attempts)).UnixMilli()).Exec(ctx)
	}))
}

// mailPause after so many failures before this one. Chance keeps those that failed together from coming back together.
func mailPause(attempts int) time.Duration {
	d := min(firstMailPause<<min(attempts, 10), longestMailPause)
	return d/2 + rand.N(d/2)
}

// body puts a link in where one belongs. A message that is sent again gets another; both work.
func (o *Outbox) body(ctx context.Context, m *ent.Mail, to *ent.User) (string, error) {
	if !strings.Contains(m.Body, linkMark) {
		return m.Body, nil
	}
	kind := ResetLink
	if to.State == string(Invited) {
		kind = InviteLink
	}
	var secret string
	err := o.write(ctx, func(tx *ent.Tx) (err error) {
		secret, err = newLink(ctx, tx, o.Now(), kind, to.ID)
		return err
	})
	return strings.ReplaceAll(m.Body, linkMark, LinkURL(o.BaseURL, secret)), err
}

func (o *Outbox) drop(ctx context.Context, m *ent.Mail) error {
	return o.write(ctx, func(tx *ent.Tx) error {
		_, err := tx.Mail.Delete().Where(mail.ID(m.ID)).Exec(ctx)
		return err
	})
}

func (o *Outbox) write(ctx context.Context, do func(*ent.Tx) error) error {
	tx, err := o.Begin(ctx)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(fmt.Errorf("write down what came of the mail: %w", err), tx.Rollback())
	}
	return tx.Commit()
}

func forgetMail(ctx context.Context, tx *ent.Tx, now time.Time) error {
	_, err := tx.Mail.Delete().Where(mail.CreatedAtLT(now.Add(-keepMail).UnixMilli())).Exec(ctx)
	return err
}

// The letters. They hold no name: the outbox is not where people are kept.

func inviteMail(userID, period string) Mail {
	return Mail{RecipientID: userID, Kind: "INVITE", Period: period, Subject: "Uitnodiging voor Plein",
		Body: "Goedendag,\n\nU bent uitgenodigd voor Plein, de catalogus waarin Urban Data Centers projecten, processen en lessen delen.\n\n" +
			"Kies een wachtwoord om te beginnen:\n" + linkMark + "\n\nDe link werkt één keer en is zeven dagen geldig. Verwachtte u dit bericht niet, dan hoeft u niets te doen.\n"}
}

func resetMail(userID, period string) Mail {
	return Mail{RecipientID: userID, Kind: "RESET", Period: period, Subject: "Nieuw wachtwoord voor Plein",
		Body: "Goedendag,\n\nVoor uw account bij Plein is een nieuw wachtwoord aangevraagd. Kies het hier:\n" + linkMark +
			"\n\nDe link werkt één keer en is 24 uur geldig. Vroeg u dit niet aan, dan hoeft u niets te doen: uw wachtwoord blijft zoals het is.\n"}
}

func changedMail(userID, period string) Mail {
	return Mail{RecipientID: userID, Kind: "PASSWORD_CHANGED", Period: period, Subject: "Uw wachtwoord voor Plein is gewijzigd",
		Body: "Goedendag,\n\nHet wachtwoord van uw account bij Plein is zojuist gewijzigd. Deed u dit niet zelf, vraag dan bij het inloggen een nieuw wachtwoord aan en meld het bij de beheerder.\n"}
}
