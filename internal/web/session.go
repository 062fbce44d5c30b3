package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/udc-community/plein/internal/identity"
)

// Cookies of a browser in which somebody signed in.
const (
	// sessionCookie holds the secret of the session. Browsers keep a name that begins with __Host- only over HTTPS and for
	// this host alone.
	sessionCookie = "__Host-plein"
	// localCookie is the same on one's own machine, where there is no HTTPS.
	localCookie = "plein"
	// markerCookie tells scripts that somebody is signed in, and holds no secret.
	markerCookie = "plein-in"
)

// cookieName is where the secret of a session is kept over this connection. It is empty where a secret would cross a
// network in the clear.
func cookieName(r *http.Request) string {
	switch {
	case visitOf(r.Context()).secure:
		return sessionCookie
	case onThisMachine(r):
		return localCookie
	}
	return ""
}

// onThisMachine tells whether the browser is on the machine that Plein is on. A proxy on that machine, behind which
// anybody can be, gives itself away by the name that was asked for or by what it adds.
func onThisMachine(r *http.Request) bool {
	for _, added := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-Ip", "Via"} {
		if r.Header.Get(added) != "" {
			return false
		}
	}
	asked := url.URL{Host: r.Host}
	name, err := netip.ParseAddr(asked.Hostname())
	return peer(r).IsLoopback() && (strings.EqualFold(asked.Hostname(), "localhost") || err == nil && name.IsLoopback())
}

// ours tells whether a page of our own made the browser send this. Who does not say where it comes from is not believed:
// every browser that is kept up says so.
func (s *Server) ours(r *http.Request) bool {
	return s.crossOrigin.Check(r) == nil && (r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "")
}

// sessionSecret is what the request's cookie holds; empty where it has none that counts.
func (s *Server) sessionSecret(r *http.Request) string {
	name := cookieName(r)
	if name == "" || s.config.Sessions == nil {
		return ""
	}
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// viewer is who signed in with the request's cookie; a stranger where nobody did. A cookie that leads nowhere is taken
// away, and one with a secret that was renewed is replaced. The error wraps ErrUnavailable.
func (s *Server) viewer(w http.ResponseWriter, r *http.Request) (identity.Viewer, error) {
	secret := s.sessionSecret(r)
	if secret == "" {
		if _, err := r.Cookie(markerCookie); err == nil {
			forgetSession(w, r)
		}
		return identity.Viewer{}, nil
	}
	v, renewed, err := s.config.Sessions.Authenticate(r.Context(), secret)
	if errors.Is(err, identity.ErrUnknownSession) {
		forgetSession(w, r)
		return identity.Viewer{}, nil
	}
	if renewed != "" {
		keepSession(w, r, renewed)
	}
	if err == nil {
		err = s.config.Acquaint(r.Context(), v)
	}
	if err != nil {
		return identity.Viewer{}, errors.Join(ErrUnavailable, err)
	}
	return v, nil
}

// identifyReader is identify for what is somebody's own and is asked by GET as well. Other sites cannot read the answer, and
// nobody keeps it.
func (s *Server) identifyReader(w http.ResponseWriter, r *http.Request) (context.Context, caller, error) {
	ctx, payer, err := s.identify(w, r)
	if err != nil || !payer.stranger() || r.Method == http.MethodPost {
		return ctx, payer, err
	}
	v, err := s.viewer(w, r)
	if err != nil || v.Anonymous() {
		return ctx, payer, err
	}
	return identity.With(ctx, v), caller{user: v.UserID}, nil
}

// forMember serves those who signed in and programs with a token, and nobody else. What is theirs is kept by nobody.
func (s *Server) forMember(serve func(http.ResponseWriter, *http.Request, caller)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		if s.forged(r) {
			s.refuse(w, r, errCrossSite)
			return
		}
		ctx, payer, err := s.identifyReader(w, r)
		if err == nil && payer.stranger() {
			err = errNotSignedIn
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if budget, err := s.limiter.admit(payer); err != nil {
			s.refuseLimited(w, r, budget, err)
			return
		}
		s.release(r)
		serve(w, r.WithContext(ctx), payer)
	}
}

// enter signs somebody in with a new session, ends the one that the browser had, and sends it on to a path of ours.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, secret, next string) {
	s.endSession(r)
	keepSession(w, r, secret)
	s.sendAnswer(w, r, redirect(http.StatusSeeOther, next))
}

// endSession ends the session of the request's cookie. One that cannot be ended now ends by itself within a day; the
// browser forgets it anyhow.
func (s *Server) endSession(r *http.Request) {
	secret := s.sessionSecret(r)
	if secret == "" {
		return
	}
	ctx := context.WithoutCancel(r.Context())
	v, _, err := s.config.Sessions.Authenticate(ctx, secret)
	if err == nil {
		err = s.config.Sessions.End(ctx, v.UserID, v.SessionID)
	}
	if err != nil && !errors.Is(err, identity.ErrUnknownSession) {
		s.config.Logger.LogAttrs(ctx, slog.LevelError, "a session could not be ended",
			slog.String("requestId", RequestID(ctx)), slog.String("error", err.Error()))
	}
}

// keepSession has the browser keep the secret of a session, over a connection that has a cookie for it.
func keepSession(w http.ResponseWriter, r *http.Request, secret string) {
	setSession(w, r, secret, "1", int(identity.SessionLife.Seconds()))
}

func forgetSession(w http.ResponseWriter, r *http.Request) { setSession(w, r, "", "", -1) }

// setSession writes both cookies. Of what one answer sets twice the last counts.
func setSession(w http.ResponseWriter, r *http.Request, secret, marker string, maxAge int) {
	name := cookieName(r)
	for _, c := range []*http.Cookie{
		{Name: name, Value: secret, HttpOnly: true},
		{Name: markerCookie, Value: marker},
	} {
		c.Path, c.MaxAge, c.Secure, c.SameSite = "/", maxAge, name == sessionCookie, http.SameSiteLaxMode
		http.SetCookie(w, c) // one without a name is not written
	}
}
