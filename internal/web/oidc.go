package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const (
	// oidcCookie holds, while somebody is at the provider, the secret of the browser that went there.
	oidcCookie      = "__Host-plein-oidc"
	oidcLocalCookie = "plein-oidc" // on one's own machine
	wayOIDC         = "oidc"
	mediaKeySet     = "application/jwk-set+json"
)

var errNoOIDC = errors.Join(identity.ErrOIDCUnavailable, errors.New("this node has no provider"))

// oidcRoutes are those of signing in with OpenID Connect. The provider knows one address to send people back to, so that
// one is not in two languages.
func (s *Server) oidcRoutes() {
	for _, language := range []string{record.Dutch, record.English} {
		s.route(languagePath(language, identity.OIDCPath), "GET", s.beginOIDC)
	}
	s.route(identity.OIDCReturnPath, "GET", s.finishOIDC)
	s.route(identity.OIDCKeysPath, "GET, HEAD", s.oidcKeys)
}

// beginOIDC sends a browser to the provider.
func (s *Server) beginOIDC(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	payer := caller{network: network(visitOf(r.Context()).client)}
	if _, err := s.limiter.admit(payer); err != nil {
		s.metrics.limited.Inc()
		s.refuse(w, r, err)
		return
	}
	s.limiter.charge(payer, formCost)
	next := cmp.Or(localPath(r.URL.Query().Get("volgende")), languagePath(addressLanguage(r.URL.Path), myPage))
	var request *identity.OIDCRequest
	err := errInsecure
	switch {
	case s.config.OIDC == nil:
		err = errNoOIDC
	case cookieName(r) != "":
		request, err = s.config.OIDC.Begin(r.Context(), next, payer.network)
	}
	if err != nil {
		s.metrics.signedIn(wayOIDC, err)
		s.failOIDC(w, r, next, err)
		return
	}
	keepOIDC(w, r, request.Browser, int(identity.OIDCLife.Seconds()))
	s.sendAnswer(w, r, redirect(http.StatusSeeOther, request.URL))
}

// finishOIDC signs somebody in who comes back from the provider.
func (s *Server) finishOIDC(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	keepToOneself(w.Header())
	payer := caller{network: network(visitOf(r.Context()).client)}
	if _, err := s.limiter.admit(payer); err != nil {
		s.metrics.limited.Inc()
		s.refuse(w, r, err)
		return
	}
	s.limiter.charge(payer, formCost)
	secret, next, err := "", "", errNoOIDC
	if s.config.OIDC != nil {
		secret, next, err = s.config.OIDC.Finish(r.Context(), broughtBack(r))
	}
	if next != "" { // it was this browser's, and is used up
		keepOIDC(w, r, "", -1)
	}
	s.metrics.signedIn(wayOIDC, err)
	if err != nil {
		s.failOIDC(w, r, next, err)
		return
	}
	s.enter(w, r, secret, next)
}

// broughtBack is what a browser brings back. Of a parameter that comes twice none counts (RFC 6749, 3.1).
func broughtBack(r *http.Request) identity.OIDCResponse {
	query := r.URL.Query()
	one := func(name string) string {
		if len(query[name]) != 1 {
			return ""
		}
		return query[name][0]
	}
	out := identity.OIDCResponse{Code: one("code"), State: one("state"), Issuer: one("iss"), Error: one("error"), From: network(visitOf(r.Context()).client)}
	if c, err := r.Cookie(oidcCookieName(r)); err == nil {
		out.Browser = c.Value
	}
	return out
}

// failOIDC sends somebody to the page to sign in, in the language that they were in, and says in the log what an
// administrator can mend.
func (s *Server) failOIDC(w http.ResponseWriter, r *http.Request, next string, err error) {
	about := complaint(err)
	if about == nil {
		s.refuse(w, r, errors.Join(ErrUnavailable, err))
		return
	}
	s.config.Logger.LogAttrs(r.Context(), slog.LevelWarn, "a sign-in with OpenID Connect failed",
		slog.String("requestId", RequestID(r.Context())), slog.String("error", err.Error()))
	if next != "" {
		about.Set("volgende", next)
	}
	s.sendAnswer(w, r, redirect(http.StatusSeeOther, languagePath(addressLanguage(next), signInPage)+"?"+about.Encode()))
}

// oidcKeys shows the public key by which the provider knows this node.
func (s *Server) oidcKeys(w http.ResponseWriter, r *http.Request) {
	if s.config.OIDC == nil || s.config.OIDC.KeySet() == nil {
		s.refuse(w, r, errNotFound)
		return
	}
	s.send(w, r, http.StatusOK, mediaKeySet, s.config.OIDC.KeySet())
}

func oidcCookieName(r *http.Request) string {
	if cookieName(r) == sessionCookie {
		return oidcCookie
	}
	return oidcLocalCookie
}

// keepOIDC is Lax and not Strict: it has to come along when the provider sends the browser back.
func keepOIDC(w http.ResponseWriter, r *http.Request, secret string, maxAge int) {
	name := oidcCookieName(r)
	http.SetCookie(w, &http.Cookie{Name: name, Value: secret, Path: "/", MaxAge: maxAge, HttpOnly: true, Secure: name == oidcCookie, SameSite: http.SameSiteLaxMode})
}
