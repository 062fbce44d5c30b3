package web

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const (
	maxForm  = 64 << 10 // bytes
	formCost = 50       // points of a form: a password takes 25 ms to compare
	maxNext  = 2 << 10  // bytes of a path to go on to
)

// form serves a page in both languages and takes the form that is on it.
func (s *Server) form(path string, take http.HandlerFunc) {
	for _, language := range []string{record.Dutch, record.English} {
		s.route(languagePath(language, path), "GET, HEAD, POST", func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost {
				s.visit(w, r)
				return
			}
			if err := s.readForm(w, r); err != nil {
				s.refuse(w, r, err)
				return
			}
			w.Header().Set("Cache-Control", "no-store")
			take(w, r)
		})
	}
}

// readForm lets a form in that a page of ours sent. It returns a fault.
func (s *Server) readForm(w http.ResponseWriter, r *http.Request) error {
	if !s.ours(r) {
		return errForeignForm
	}
	payer := caller{network: network(visitOf(r.Context()).client)}
	if _, err := s.limiter.admit(payer); err != nil {
		s.metrics.limited.Inc()
		return err
	}
	s.limiter.charge(payer, formCost)
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" || r.Header.Get("Content-Encoding") != "" {
		return errForm
	}
	if r.ContentLength > maxForm {
		return errTooLarge
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	err = r.ParseForm()
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errTooLarge
	}
	if err != nil {
		return errForm
	}
	return nil
}

// onward answers a form: with the address of a page, in the form's language, that says what came of it.
func (s *Server) onward(w http.ResponseWriter, r *http.Request, path string, says url.Values) {
	to := languagePath(addressLanguage(r.URL.Path), path)
	if to != "/" {
		to = strings.TrimSuffix(to, "/")
	}
	s.sendAnswer(w, r, redirect(http.StatusSeeOther, strings.TrimSuffix(to+"?"+says.Encode(), "?")))
}

// says is what a page is asked to say.
func says(pairs ...string) url.Values {
	out := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// complaint is what a page says about an error that whoever filled in its form can mend; nil for any other.
func complaint(err error) url.Values {
	var password identity.PasswordError
	if errors.As(err, &password) {
		return says("fout", "wachtwoord", "regel", string(password.Fault))
	}
	if errors.As(err, &identity.ThrottledError{}) {
		return says("fout", "te-vaak")
	}
	for _, known := range []struct {
		err  error
		fout string
	}{
		{errInsecure, "onveilig"},
		{errUnconfirmed, "bevestiging"},
		{identity.ErrCredentials, "onjuist"},
		{identity.ErrBusy, "druk"},
		{identity.ErrName, "naam"},
		{identity.ErrEmail, "adres"},
		{identity.ErrUnknownLink, "verlopen"},
		{identity.ErrNoMail, "geen-post"},
		{identity.ErrLastAdministrator, "laatste-beheerder"},
		{identity.ErrOIDCNoAccount, "oidc-geen-account"},
		{identity.ErrOIDCRefused, "oidc-mislukt"},
		{identity.ErrOIDCUnavailable, "oidc-uit"},
	} {
		if errors.Is(err, known.err) {
			return says("fout", known.fout)
		}
	}
	return nil
}

// complain sends a form back to its page, with more for that page to keep.
func (s *Server) complain(w http.ResponseWriter, r *http.Request, path string, err error, keep ...string) {
	about := complaint(err)
	if about == nil {
		// The database does not answer, or cannot be written to.
		s.refuse(w, r, errors.Join(ErrUnavailable, err))
		return
	}
	for i := 0; i < len(keep); i += 2 {
		if keep[i+1] != "" {
			about.Set(keep[i], keep[i+1])
		}
	}
	s.onward(w, r, path, about)
}

// localPath is a path of ours to go on to, as an address in ASCII; empty for anything that may lead elsewhere.
func localPath(next string) string {
	if len(next) > maxNext || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || !utf8.ValidString(next) ||
		strings.ContainsFunc(next, func(c rune) bool { return c == '\\' || c < ' ' || c >= 0x7F && c < 0xA0 }) {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	address, err := pageAddress(u)
	if err != nil {
		return ""
	}
	return address
}
