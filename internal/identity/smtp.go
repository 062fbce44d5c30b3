package identity

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"net/netip"
	"net/smtp"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// What went wrong with sending, without what the server said: that tends to hold the recipient's address.
var (
	// ErrUnreachable says that no mail can be sent at the moment.
	ErrUnreachable = errors.New("the mail server cannot be used")
	// ErrRefused says that the server will never take this message.
	ErrRefused = errors.New("the mail server refuses the message")
)

// Security is how a connection to a mail server is kept from eavesdroppers.
type Security int

// Securities of connections.
const (
	// StartTLS begins in the open and refuses to go on so (RFC 3207).
	StartTLS Security = iota
	// ImplicitTLS is encrypted from the first byte (RFC 8314).
	ImplicitTLS
	// Open is not encrypted: for a server on the same machine.
	Open
)

// SMTP is a mail server that takes our mail.
type SMTP struct {
	// Address is host:port.
	Address  string
	Security Security
	// User and Password sign in; without them nobody does.
	User, Password string
	// From is the sender of every message.
	From mail.Address
	// Roots are the authorities that are trusted; nil are those of the system.
	Roots *x509.CertPool
}

// sendTimeout is how long one message may take.
const sendTimeout = 30 * time.Second

// ParseSMTP reads an address such as smtp://user:password@mail.example.nl:587 or smtps://mail.example.nl. Over smtp://
// the connection must become encrypted, except to the machine itself.
func ParseSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		// The address may hold a password, and what went wrong may repeat it.
		return nil, errors.New("this is not the address of a mail server; it looks like smtp://user:password@mail.example.nl:587 or smtps://mail.example.nl")
	}
	sender, err := mail.ParseAddress(from)
	if err != nil {
		return nil, fmt.Errorf("the sender %q is not an e-mail address such as \"Plein <plein@example.nl>\"", from)
	}
	out := &SMTP{From: *sender, User: u.User.Username()}
	out.Password, _ = u.User.Password()
	port := ""
	switch u.Scheme {
	case "smtp":
		port = "587"
		if isLoopback(u.Hostname()) {
			port, out.Security = "25", Open
		}
	case "smtps":
		port, out.Security = "465", ImplicitTLS
	default:
		return nil, errors.New("the address of a mail server begins with smtp:// or smtps://")
	}
	if u.Port() != "" {
		port = u.Port()
	}
	out.Address = net.JoinHostPort(u.Hostname(), port)
	return out, nil
}

func isLoopback(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Letter is one message to one person.
type Letter struct {
	To, MessageID, Subject, Body string
	Date                         time.Time
}

// Send hands one message to the server. The error is ErrRefused when another attempt would end the same, ErrUnreachable
// when no other message would fare better, and neither when the server asks to come back for this one.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	ctx, stop := context.WithTimeout(ctx, sendTimeout)
	defer stop()
	c, err := s.connect(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, discreet(err))
	}
	defer c.Close() //nolint:errcheck // the message was taken or it was not
	for _, step := range []func() error{
		func() error { return c.Mail(s.From.Address) },
		func() error { return c.Rcpt(l.To) },
		func() error { return s.data(c, l) },
	} {
		if err := step(); err != nil {
			var said *textproto.Error
			if errors.As(err, &said) && said.Code >= 500 {
				return fmt.Errorf("%w: %w", ErrRefused, discreet(err))
			}
			return discreet(err)
		}
	}
	c.Quit() //nolint:errcheck // the server has taken the message
	return nil
}

func (s *SMTP) connect(ctx context.Context) (*smtp.Client, error) {
	host, _, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Address)
	if err != nil {
		return nil, err
	}
	if until, ok := ctx.Deadline(); ok {
		conn.SetDeadline(until) //nolint:errcheck // a connection that is broken says so below
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	c, err := s.greet(conn, host)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return c, nil
}

// greet makes the connection safe before anything is said over it.
func (s *SMTP) greet(conn net.Conn, host string) (*smtp.Client, error) {
	config := &tls.Config{ServerName: host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12}
	if s.Security == ImplicitTLS {
		conn = tls.Client(conn, config)
	}
	c, err := smtp.NewClient(conn, host)
	if err != nil {
		return nil, err
	}
	if err := c.Hello("localhost"); err != nil {
		return nil, err
	}
	if s.Security == StartTLS {
		if ok, _ := c.Extension("STARTTLS"); !ok {
			return nil, errNoTLS
		}
		if err := c.StartTLS(config); err != nil {
			return nil, err
		}
	}
	if s.User != "" {
		if err := c.Auth(smtp.PlainAuth("", s.User, s.Password, host)); err != nil {
			return nil, err
		}
	}
	return c, nil
}

var errNoTLS = errors.New("it offers no encryption (STARTTLS)")

func (s *SMTP) data(c *smtp.Client, l Letter) error {
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(s.compose(l)); err != nil {
		return err
	}
	return w.Close()
}

// compose writes a message as RFC 5322 wants it.
func (s *SMTP) compose(l Letter) []byte {
	var b bytes.Buffer
	for _, h := range [][2]string{
		{"From", s.From.String()}, {"To", (&mail.Address{Address: l.To}).String()},
		{"Subject", mime.QEncoding.Encode("utf-8", l.Subject)},
		{"Date", l.Date.Format(time.RFC1123Z)}, {"Message-ID", l.MessageID},
		{"MIME-Version", "1.0"}, {"Content-Type", "text/plain; charset=utf-8"}, {"Content-Transfer-Encoding", "quoted-printable"},
		{"Auto-Submitted", "auto-generated"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	q.Write([]byte(strings.ReplaceAll(l.Body, "\n", "\r\n"))) //nolint:errcheck // a buffer takes everything
	q.Close()                                                 //nolint:errcheck // a buffer takes everything
	return b.Bytes()
}

// discreet keeps of an error what may be logged: the server's code, or what went wrong with the connection.
func discreet(err error) error {
	var said *textproto.Error
	var network *net.OpError
	switch {
	case errors.As(err, &said):
		return fmt.Errorf("it answered %d", said.Code)
	case errors.Is(err, errNoTLS):
		return errNoTLS
	case errors.As(err, &network):
		return fmt.Errorf("%s: %w", network.Op, network.Err)
	}
	return fmt.Errorf("%T", err)
}
