package identity_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/jobs"
)

// message is a message as a mailbox shows it.
type message struct {
	header        mail.Header
	subject, body string
}

func parse(t *testing.T, raw string) message {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return message{m.Header, subject, strings.ReplaceAll(string(body), "\r\n", "\n")}
}

// post gives a world an outbox, and the queue that empties it.
type post struct {
	*mailServer
	queue   *jobs.Queue
	reports []string
}

func withMail(t *testing.T, w *fixture.World) *post {
	t.Helper()
	p := &post{mailServer: serveMail(t, nil, false)}
	w.Accounts.Outbox = &identity.Outbox{Client: w.Store.Client, Begin: w.Store.BeginAside, Now: w.Clock.Now, BaseURL: fixture.BaseURL,
		Server: &identity.SMTP{Address: p.address, Security: identity.Open, From: sender}}
	p.queue = &jobs.Queue{Client: w.Store.Client, Begin: w.Store.BeginAside, Dialect: w.Store.Dialect, Now: w.Clock.Now,
		Handlers: map[string]jobs.Handler{identity.MailJob: w.Accounts.Outbox.Send},
		Report:   func(key string, err error) { p.reports = append(p.reports, fmt.Sprint(key, ": ", err)) }}
	return p
}

var linkIn = regexp.MustCompile(`https://plein\.test/toegang/\S+`)

func TestAnInvitationGoesByMail(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := withMail(t, w)
		u, address, err := w.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "jan@leiden.test", Name: "Jan"})
		if err != nil || address != "" {
			t.Fatal(address, err)
		}
		if rows := w.Store.Client.Mail.Query().AllX(t.Context()); len(rows) != 1 || linkIn.MatchString(rows[0].Body) || strings.Contains(fmt.Sprint(rows[0]), "jan@") || strings.Contains(rows[0].Body, "Jan") {
			t.Errorf("the outbox holds a secret or a person: %v", rows)
		}
		if n := p.queue.Work(t.Context()); n != 1 {
			t.Errorf("%d jobs", n)
		}
		got := p.all()
		if len(got) != 1 || got[0].to != u.Email {
			t.Fatal(got)
		}
		m := parse(t, got[0].raw)
		if m.subject != "Uitnodiging voor Plein" {
			t.Error(m.subject)
		}
		if _, err := w.Accounts.Redeem(t.Context(), secretOf(t, linkIn.FindString(m.body)), good, "", office); err != nil {
			t.Error(err)
		}
		if row := w.Store.Client.Mail.Query().OnlyX(t.Context()); row.Body != "" || row.SentAt == 0 || row.MessageID != m.header.Get("Message-ID") {
			t.Error(row)
		}
		if left := w.Store.Client.Job.Query().CountX(t.Context()); left != 0 {
			t.Errorf("%d jobs are left", left)
		}
	})
}

func TestNobodyLearnsFromAResetWhetherThereIsAnAccount(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		accounts := fourAccounts(t, w)
		p := withMail(t, w)
		n := 0
		for range 3 { // a second time in the same hour is no other
			seen := map[string]string{}
			for state, email := range accounts {
				seen[state] = cost(w, func() error { n++; return w.Accounts.RequestReset(t.Context(), email, stranger(n)) })
			}
			for state, got := range seen {
				if got != seen["unknown"] || !strings.HasPrefix(got, "<nil>; 0 hashes") {
					t.Errorf("%s: %s\n%s", state, got, seen["unknown"])
				}
			}
		}
		for p.queue.Work(t.Context()) > 0 {
		}
		to := map[string]int{}
		for _, m := range p.all() {
			to[m.to]++
		}
		if len(to) != 2 || to[accounts["active"]] != 1 || to[accounts["invited"]] != 1 {
			t.Errorf("mail went to %v", to)
		}
		// What was for nobody is gone.
		if left := w.Store.Client.Mail.Query().CountX(t.Context()); left != 2 {
			t.Errorf("%d rows in the outbox", left)
		}
		// Who was sent one gets no second in the same hour.
		for i, want := range []int{2, 3} {
			if err := w.Accounts.RequestReset(t.Context(), accounts["active"], stranger(100+i)); err != nil {
				t.Fatal(err)
			}
			for p.queue.Work(t.Context()) > 0 {
			}
			if len(p.all()) != want {
				t.Errorf("%d messages, want %d", len(p.all()), want)
			}
			w.Clock.Move(time.Hour)
		}
	})
}

func TestAThousandHostileResetsSendNothingAndAreThrottled(t *testing.T) {
	w := fixture.SQLite(t)
	p := withMail(t, w)
	person(t, w, "jan@leiden.test")
	asked := 0
	for i := range 1000 {
		email := strings.Repeat("x", i%300) + "'\x00\r\nBcc: y@z.test"
		err := w.Accounts.RequestReset(t.Context(), email, office)
		if err == nil {
			asked++
		} else if !errors.As(err, new(identity.ThrottledError)) {
			t.Fatal(err)
		}
	}
	for p.queue.Work(t.Context()) > 0 {
	}
	if asked != 21 || len(p.all()) != 0 || w.Store.Client.Mail.Query().CountX(t.Context()) != 0 {
		t.Errorf("%d were let in, %d messages", asked, len(p.all()))
	}
	// Another network is not held back by it.
	if err := w.Accounts.RequestReset(t.Context(), "jan@leiden.test", netip.MustParsePrefix("203.0.113.9/32")); err != nil {
		t.Error(err)
	}
}

func TestMailIsSentAgainUntilTheServerTakesIt(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := withMail(t, w)
		u := person(t, w, "jan@leiden.test")
		p.say(&smtp.SMTPError{Code: 451, Message: "later, jan@leiden.test"})
		if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
			t.Fatal(err)
		}
		for range 20 {
			p.queue.Work(t.Context())
			w.Clock.Move(time.Minute)
		}
		row := w.Store.Client.Mail.Query().OnlyX(t.Context())
		if row.SentAt != 0 || row.Attempts < 3 || row.Attempts > 12 {
			t.Errorf("%d attempts in 20 minutes", row.Attempts)
		}
		p.say(nil)
		for range 40 {
			p.queue.Work(t.Context())
			w.Clock.Move(10 * time.Minute)
		}
		if got := p.all(); len(got) != 1 || parse(t, got[0].raw).header.Get("Message-ID") != row.MessageID {
			t.Errorf("%d messages", len(got))
		}
		if all := strings.Join(p.reports, "\n"); !strings.Contains(all, u.ID) || strings.Contains(all, "leiden") {
			t.Errorf("the report names a person, or nobody: %s", all)
		}
	})
}

func TestMailThatTheServerNeverTakesIsGivenUp(t *testing.T) {
	w := fixture.SQLite(t)
	p := withMail(t, w)
	u := person(t, w, "jan@leiden.test")
	p.say(&smtp.SMTPError{Code: 550, Message: "jan@leiden.test bestaat niet"})
	if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
		t.Fatal(err)
	}
	p.queue.Work(t.Context())
	if w.Store.Client.Mail.Query().CountX(t.Context()) != 0 || len(p.reports) != 1 || !strings.Contains(p.reports[0], "given up") || strings.Contains(p.reports[0], "leiden") {
		t.Error(p.reports)
	}
	p.say(&smtp.SMTPError{Code: 451, Message: "later"})
	w.Clock.Move(time.Hour)
	if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
		t.Fatal(err)
	}
	for range 90 {
		p.queue.Work(t.Context())
		w.Clock.Move(time.Hour)
	}
	if left := w.Store.Client.Mail.Query().CountX(t.Context()); left != 0 {
		t.Errorf("%d messages are tried for ever", left)
	}
}

func TestAMessageOfWhichTheEndWasNotWrittenDownComesAgainUnderTheSameName(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := withMail(t, w)
		u := person(t, w, "jan@leiden.test")
		if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
			t.Fatal(err)
		}
		// The process dies, as it were, after the server took the message: nothing is written any more.
		begin := w.Accounts.Outbox.Begin
		w.Accounts.Outbox.Begin = func(ctx context.Context) (*ent.Tx, error) {
			if len(p.all()) == 1 {
				return nil, errors.New("the disk is full")
			}
			return begin(ctx)
		}
		p.queue.Work(t.Context())
		w.Accounts.Outbox.Begin = begin
		for range 3 {
			w.Clock.Move(time.Minute)
			p.queue.Work(t.Context())
		}
		got := p.all()
		if len(got) != 2 {
			t.Fatalf("%d messages", len(got))
		}
		first, second := parse(t, got[0].raw), parse(t, got[1].raw)
		if first.header.Get("Message-ID") != second.header.Get("Message-ID") {
			t.Error("the second is another message")
		}
		// Whichever of the two a mailbox keeps: its link works.
		for _, m := range []message{first, second} {
			if _, err := w.Accounts.Link(t.Context(), secretOf(t, linkIn.FindString(m.body))); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestAServerThatIsAwayIsTriedOnceForAllMail(t *testing.T) {
	w := fixture.SQLite(t)
	p := withMail(t, w)
	w.Accounts.Outbox.Server.Address = "127.0.0.1:1" // nobody listens
	for i := range 5 {
		u := person(t, w, fmt.Sprintf("collega%d@leiden.test", i))
		if err := w.Accounts.RequestReset(t.Context(), u.Email, office); err != nil {
			t.Fatal(err)
		}
	}
	p.queue.Work(t.Context())
	if len(p.reports) != 1 || strings.Count(p.reports[0], "cannot be used") != 1 {
		t.Error(p.reports)
	}
}

func TestWhosePasswordChangesIsTold(t *testing.T) {
	w := fixture.SQLite(t)
	p := withMail(t, w)
	u := person(t, w, "jan@leiden.test")
	if _, err := w.Accounts.ChangePassword(t.Context(), u.ID, good, "een heel ander wachtwoord", office); err != nil {
		t.Fatal(err)
	}
	p.queue.Work(t.Context())
	if got := p.all(); len(got) != 1 || !strings.Contains(parse(t, got[0].raw).subject, "gewijzigd") {
		t.Error(got)
	}
}

func TestWithoutMailTheLinkIsForTheAdministrator(t *testing.T) {
	w := fixture.SQLite(t)
	person(t, w, "jan@leiden.test")
	for _, email := range []string{"jan@leiden.test", "niemand@leiden.test"} {
		if err := w.Accounts.RequestReset(t.Context(), email, office); !errors.Is(err, identity.ErrNoMail) {
			t.Error(err)
		}
	}
}
