package web

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Pages that forms lead to.
const (
	signInPage  = "/inloggen"
	forgotPage  = "/wachtwoord-vergeten"
	myPage      = "/mijn"
	accountPage = "/mijn/account"
	myDataPath  = "/mijn/gegevens.json"
)

// How somebody signed in, and what came of it, for the metrics.
const (
	wayPassword = "password"
	wayLink     = "link"

	signedIn       = "signed_in"
	signInRefused  = "refused"
	signInLater    = "throttled"
	signInInsecure = "insecure"
	signInFailed   = "failed"
)

var (
	errInsecure    = errors.New("a password does not cross a network in the clear")
	errUnconfirmed = errors.New("this was not confirmed")
)

// accountRoutes are those of people who sign in.
func (s *Server) accountRoutes() {
	s.form(signInPage, s.signIn)
	s.form("/uitloggen", s.signOut)
	s.form(forgotPage, s.forgot)
	s.form(identity.LinkPath+"{secret}", s.takeLink)
	s.form("/mijn/wachtwoord", s.changePassword)
	s.form("/mijn/wissen", s.eraseAccount)
	for _, language := range []string{record.Dutch, record.English} {
		s.route(languagePath(language, myDataPath), "GET, HEAD", s.myData)
	}
	s.oidcRoutes()
}

// signIn takes an address and a password. What it answers to one that is not right, and the work that it does, are the
// same whatever is not right about it.
func (s *Server) signIn(w http.ResponseWriter, r *http.Request) {
	next := localPath(r.PostForm.Get("volgende"))
	secret, err := "", errInsecure
	if cookieName(r) != "" {
		secret, err = s.config.Accounts.SignIn(r.Context(), identity.Credentials{
			Email: r.PostForm.Get("email"), Password: r.PostForm.Get("password"), From: network(visitOf(r.Context()).client)})
	}
	s.metrics.signedIn(wayPassword, err)
	if err != nil {
		s.complain(w, r, signInPage, err, "volgende", next)
		return
	}
	s.enter(w, r, secret, cmp.Or(next, languagePath(addressLanguage(r.URL.Path), myPage)))
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) {
	s.endSession(r)
	forgetSession(w, r)
	s.onward(w, r, "/", nil)
}

// forgot sends a link to whoever has the address, and says the same whether anybody has.
func (s *Server) forgot(w http.ResponseWriter, r *http.Request) {
	if err := s.config.Accounts.RequestReset(r.Context(), r.PostForm.Get("email"), network(visitOf(r.Context()).client)); err != nil {
		s.complain(w, r, forgotPage, err)
		return
	}
	s.onward(w, r, forgotPage, says("verzonden", "ja"))
}

// takeLink lets somebody in with the link of an invitation, of a reset or of the first start.
func (s *Server) takeLink(w http.ResponseWriter, r *http.Request) {
	secret, session, err := r.PathValue("secret"), "", errInsecure
	keepToOneself(w.Header())
	if cookieName(r) != "" {
		session, err = s.redeem(r, secret)
	}
	s.metrics.signedIn(wayLink, err)
	if err != nil {
		s.complain(w, r, identity.LinkPath+url.PathEscape(secret), err)
		return
	}
	s.enter(w, r, session, languagePath(addressLanguage(r.URL.Path), myPage))
}

func (s *Server) redeem(r *http.Request, secret string) (session string, err error) {
	ctx, from := r.Context(), network(visitOf(r.Context()).client)
	name, password := r.PostForm.Get("name"), r.PostForm.Get("password")
	link, err := s.config.Accounts.Link(ctx, secret)
	if err != nil {
		return "", err
	}
	if link.Kind == identity.SetupLink {
		return s.config.Accounts.SetUp(ctx, secret, identity.NewUser{Email: r.PostForm.Get("email"), Name: name, Password: password}, from)
	}
	return s.config.Accounts.Redeem(ctx, secret, password, name, from)
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) {
	v, ok := s.known(w, r)
	if !ok {
		return
	}
	secret, err := s.config.Accounts.ChangePassword(identity.With(r.Context(), v), v.UserID,
		r.PostForm.Get("present"), r.PostForm.Get("next"), network(visitOf(r.Context()).client))
	if err != nil {
		s.complain(w, r, accountPage, err)
		return
	}
	keepSession(w, r, secret)
	s.onward(w, r, accountPage, says("gewijzigd", "wachtwoord"))
}

func (s *Server) eraseAccount(w http.ResponseWriter, r *http.Request) {
	v, ok := s.known(w, r)
	if !ok {
		return
	}
	err := errUnconfirmed
	if r.PostForm.Get("confirmation") == "ja" {
		err = s.config.Accounts.EraseSelf(identity.With(r.Context(), v), v.UserID, r.PostForm.Get("password"), network(visitOf(r.Context()).client))
	}
	if err != nil {
		s.complain(w, r, accountPage, err, "deel", "wissen")
		return
	}
	forgetSession(w, r)
	s.onward(w, r, "/", says("gewist", "ja"))
}

// myData is everything that is kept about somebody, for that person.
func (s *Server) myData(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	v, ok := s.known(w, r)
	if !ok {
		return
	}
	payer := caller{user: v.UserID}
	if budget, err := s.limiter.admit(payer); err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	s.limiter.charge(payer, listCost)
	all, err := s.config.Accounts.Export(identity.With(r.Context(), v), v.UserID)
	if err != nil {
		s.refuse(w, r, errors.Join(ErrUnavailable, err))
		return
	}
	body, err := json.MarshalIndent(all, "", "  ")
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Disposition", `attachment; filename="plein-gegevens.json"`)
	s.send(w, r, http.StatusOK, mediaJSON, body)
}

// known is who is signed in. Anybody else is sent to do so, and then to the page of the account.
func (s *Server) known(w http.ResponseWriter, r *http.Request) (identity.Viewer, bool) {
	v, err := s.viewer(w, r)
	switch {
	case err != nil:
		s.refuse(w, r, err)
	case v.Anonymous():
		s.onward(w, r, signInPage, says("volgende", languagePath(addressLanguage(r.URL.Path), accountPage)))
	default:
		return v, true
	}
	return identity.Viewer{}, false
}
