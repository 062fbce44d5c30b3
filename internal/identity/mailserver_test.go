package identity_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/udc-community/plein/internal/identity"
)

// mailServer is a real SMTP server on this machine that keeps what it is sent.
type mailServer struct {
	address string
	mu      sync.Mutex
	got     []received
	refuse  error  // what it says to every recipient
	login   string // user:password that it wants, if any
}

type received struct {
	from, to  string
	encrypted bool
	raw       string
}

// serveMail starts a server; with a certificate it offers STARTTLS, or is encrypted from the first byte.
func serveMail(t *testing.T, certificate *tls.Certificate, implicit bool) *mailServer {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{address: l.Addr().String()}
	s := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &mailSession{server: m, conn: c}, nil }))
	s.Domain, s.ErrorLog = "mail.test", quiet{}
	if certificate != nil {
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{*certificate}}
		if implicit {
			l = tls.NewListener(l, s.TLSConfig)
		}
	}
	go s.Serve(l) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { s.Close() })
	return m
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

type mailSession struct {
	server   *mailServer
	conn     *smtp.Conn
	from, to string
	in       bool
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user+":"+password != s.server.login {
			return smtp.ErrAuthFailed
		}
		s.in = true
		return nil
	}), nil
}

func (s *mailSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.login != "" && !s.in {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.to = to
	return s.server.refuse
}

func (s *mailSession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, encrypted := s.conn.TLSConnectionState()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.got = append(s.server.got, received{s.from, s.to, encrypted, string(b)})
	return nil
}

func (s *mailSession) Reset()        {}
func (s *mailSession) Logout() error { return nil }

func (m *mailServer) all() []received {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]received(nil), m.got...)
}

func (m *mailServer) say(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = err
}

// certificate is one for this machine, and the authority that vouches for it.
func certificate(t *testing.T) (*tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

var sender = mail.Address{Name: "Plein", Address: "plein@plein.test"}

func letter() identity.Letter {
	return identity.Letter{To: "jan@leiden.test", MessageID: "<mai_1@plein.test>", Subject: "Één uitnodiging", Date: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
		Body: "Eén regel.\n.\nEen punt alleen.\n" + strings.Repeat("lang ", 300) + "\n"}
}

func TestMailIsSentOverAnEncryptedConnectionOrNotAtAll(t *testing.T) {
	cert, roots := certificate(t)
	for _, c := range []struct {
		what     string
		offers   *tls.Certificate
		implicit bool
		security identity.Security
		roots    *x509.CertPool
		ok       bool
	}{
		{"STARTTLS", cert, false, identity.StartTLS, roots, true},
		{"a server that offers none", nil, false, identity.StartTLS, roots, false},
		{"a certificate that nobody vouches for", cert, false, identity.StartTLS, x509.NewCertPool(), false},
		{"encrypted from the first byte", cert, true, identity.ImplicitTLS, roots, true},
		{"the same with a stranger's certificate", cert, true, identity.ImplicitTLS, x509.NewCertPool(), false},
		{"the machine itself", nil, false, identity.Open, nil, true},
	} {
		server := serveMail(t, c.offers, c.implicit)
		s := &identity.SMTP{Address: server.address, Security: c.security, From: sender, Roots: c.roots}
		err := s.Send(t.Context(), letter())
		got := server.all()
		switch {
		case c.ok && (err != nil || len(got) != 1 || got[0].encrypted != (c.security != identity.Open)):
			t.Errorf("%s: %+v, %v", c.what, got, err)
		case !c.ok && (!errors.Is(err, identity.ErrUnreachable) || len(got) != 0):
			t.Errorf("%s: %+v, %v", c.what, got, err)
		}
	}
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	server := serveMail(t, nil, false)
	s := &identity.SMTP{Address: server.address, Security: identity.Open, From: sender}
	l := letter()
	if err := s.Send(t.Context(), l); err != nil {
		t.Fatal(err)
	}
	got := server.all()[0]
	m := parse(t, got.raw)
	if got.from != sender.Address || got.to != l.To || m.header.Get("Message-ID") != l.MessageID || m.subject != l.Subject ||
		m.header.Get("Auto-Submitted") != "auto-generated" || m.body != l.Body {
		t.Errorf("%+v\n%q", m, m.body)
	}
	for line := range strings.SplitSeq(got.raw, "\r\n") {
		if len(line) > 78 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 }) {
			t.Errorf("a line of %d characters: %q", len(line), line)
		}
	}
}

func TestTheMailServerIsSignedInToOverAnEncryptedConnection(t *testing.T) {
	cert, roots := certificate(t)
	server := serveMail(t, cert, false)
	server.login = "plein:sesam"
	s := &identity.SMTP{Address: server.address, Security: identity.StartTLS, From: sender, Roots: roots, User: "plein", Password: "sesam"}
	if err := s.Send(t.Context(), letter()); err != nil {
		t.Error(err)
	}
	s.Password = "verkeerd-geheim"
	if err := s.Send(t.Context(), letter()); !errors.Is(err, identity.ErrUnreachable) || strings.Contains(err.Error(), s.Password) {
		t.Error(err)
	}
}

func TestWhatTheServerSaysAboutARecipientIsNotPassedOn(t *testing.T) {
	server := serveMail(t, nil, false)
	s := &identity.SMTP{Address: server.address, Security: identity.Open, From: sender}
	for code, refused := range map[int]bool{450: false, 550: true} {
		server.say(&smtp.SMTPError{Code: code, Message: "jan@leiden.test is niet thuis"})
		err := s.Send(t.Context(), letter())
		if err == nil || errors.Is(err, identity.ErrRefused) != refused || errors.Is(err, identity.ErrUnreachable) || strings.Contains(err.Error(), "leiden") {
			t.Errorf("%d: %v", code, err)
		}
	}
}

func TestTheAddressOfAMailServerIsReadStrictly(t *testing.T) {
	for _, c := range []struct {
		address, host, user string
		security            identity.Security
	}{
		{"smtp://plein:sesam@mail.example.nl", "mail.example.nl:587", "plein", identity.StartTLS},
		{"smtp://mail.example.nl:2525", "mail.example.nl:2525", "", identity.StartTLS},
		{"smtps://mail.example.nl", "mail.example.nl:465", "", identity.ImplicitTLS},
		{"smtp://localhost", "localhost:25", "", identity.Open},
		{"smtp://127.0.0.1:1025", "127.0.0.1:1025", "", identity.Open},
		{"smtp://[::1]", "[::1]:25", "", identity.Open},
		{"smtp://localhost.example.nl", "localhost.example.nl:587", "", identity.StartTLS},
	} {
		s, err := identity.ParseSMTP(c.address, "Plein <plein@example.nl>")
		if err != nil || s.Address != c.host || s.User != c.user || s.Security != c.security || s.From.Address != "plein@example.nl" {
			t.Errorf("%s: %+v, %v", c.address, s, err)
		}
	}
	for _, address := range []string{"", "mail.example.nl", "http://mail.example.nl", "smtp://", "smtp://a:sesam@b:x", "smtp://mail.example.nl/pad"} {
		if _, err := identity.ParseSMTP(address, "plein@example.nl"); err == nil || strings.Contains(err.Error(), "sesam") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := identity.ParseSMTP("smtp://mail.example.nl", "niemand"); err == nil {
		t.Error("a sender that is none")
	}
}
