package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/identity"
)

// Headers by which the GraphQL handler talks to the edge. They never reach a client.
const (
	// HeaderCacheable is 1 on an answer that is the same for every anonymous asker.
	HeaderCacheable = "Plein-Cacheable"
	// HeaderCost is the operation's points, a whole number.
	HeaderCost = "Plein-Cost"
	// HeaderMiss is what was searched for in vain; there is one for each such search.
	HeaderMiss = "Plein-Miss"
)

func (s *Server) graphql(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), s.openness)
	if r.Method == http.MethodOptions {
		answerPreflight(w, "GET, POST")
		return
	}
	if s.forged(r) {
		s.refuse(w, r, errCrossSite)
		return
	}
	ctx, payer, err := s.identify(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	r = r.WithContext(ctx)
	anonymous, limit := payer.stranger(), s.config.Limits.AnonymousBody
	if !anonymous {
		limit = s.config.Limits.TokenBody
	}
	budget, err := s.limiter.admit(payer)
	if err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	op, err := readOperation(w, r, limit)
	if err != nil {
		s.limiter.charge(payer, defaultCost).show(w.Header(), s.config.Now())
		s.refuse(w, r, err)
		return
	}
	if budget.Limit > 0 {
		r = r.WithContext(s.config.WithBudget(r.Context(), budget))
	}
	s.release(r)
	media := preferred(r.Header.Get("Accept"), mediaMatch, mediaJSON, mediaResponse, mediaStream)
	switch {
	case media == mediaStream && r.Method == http.MethodPost:
		s.stream(w, r, op, payer)
	case media == mediaStream:
		s.refuse(w, r, errNotASubscription)
	case anonymous:
		s.graphqlRead(w, r, op, payer, media)
	default:
		w.Header().Set("Cache-Control", "no-store")
		a, err := s.run(r.Context(), s.gate.gated(s.execution(op, r.Method, media, language(r))))
		s.reply(w, r, payer, outcome{answer: a}, err)
	}
}

// identify finds out who asks, and who pays for it: a token, or else somebody who signed in, or else a network. A cookie
// counts for what is sent by POST from a page of ours: whatever comes by GET is answered as to a stranger, so that no
// address holds what is somebody's own.
func (s *Server) identify(w http.ResponseWriter, r *http.Request) (context.Context, caller, error) {
	if r.Header.Get("Authorization") != "" {
		ctx, token, err := s.authenticate(r)
		return ctx, caller{token: token}, err
	}
	stranger := caller{network: network(visitOf(r.Context()).client)}
	if r.Method != http.MethodPost {
		return r.Context(), stranger, nil
	}
	if s.sessionSecret(r) != "" && !s.ours(r) {
		return nil, caller{}, errCrossSite
	}
	v, err := s.viewer(w, r)
	if err != nil || v.Anonymous() {
		return r.Context(), stranger, err
	}
	return identity.With(r.Context(), v), caller{user: v.UserID}, nil
}

// authenticate returns the viewer's context and the token's digest, under which it pays.
func (s *Server) authenticate(r *http.Request) (context.Context, [sha256.Size]byte, error) {
	guesser := caller{network: network(visitOf(r.Context()).client), guesses: true}
	if _, err := s.limiter.admit(guesser); err != nil {
		s.metrics.limited.Inc()
		return nil, [sha256.Size]byte{}, err
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || !strings.HasPrefix(token, "plein_") || len(token) > 200 {
		s.limiter.charge(guesser, 1)
		return nil, [sha256.Size]byte{}, errUnauthenticated
	}
	ctx, err := s.config.Authenticate(r.Context(), token)
	if errors.Is(err, ErrUnavailable) || r.Context().Err() != nil {
		return nil, [sha256.Size]byte{}, err
	}
	if err != nil {
		s.limiter.charge(guesser, 1)
		return nil, [sha256.Size]byte{}, errUnauthenticated
	}
	return ctx, sha256.Sum256([]byte(token)), nil
}

// graphqlRead answers a stranger. Only answers that the handler calls cacheable are shared or kept.
func (s *Server) graphqlRead(w http.ResponseWriter, r *http.Request, op operation, payer caller, media string) {
	lang, coding := language(r), encoding(r)
	key := cacheKey("graphql", lang, media, coding, string(op.canonical()), s.config.Version())
	out, err := s.read(r.Context(), key, coding, s.gate.gated(s.execution(op, r.Method, media, lang)))
	w.Header().Set("Cache-Control", "no-cache")
	if out.packed == nil {
		w.Header().Set("Cache-Control", "no-store")
	}
	s.reply(w, r, payer, out, err)
}

// reply charges the caller and writes what came of it.
func (s *Server) reply(w http.ResponseWriter, r *http.Request, payer caller, out outcome, err error) {
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	what := out.answer.about
	if out.packed != nil {
		what = out.packed.about
	}
	if what.route != "" {
		visitOf(r.Context()).route = "page " + what.route
	}
	for _, query := range what.misses {
		s.config.CountMiss(network(visitOf(r.Context()).client), query)
	}
	s.limiter.charge(payer, what.cost).show(w.Header(), s.config.Now())
	if out.packed == nil {
		s.sendAnswer(w, r, out.answer)
		return
	}
	s.metrics.cached(out.hit, out.packed.write(w, r))
}

func (s *Server) refuseLimited(w http.ResponseWriter, r *http.Request, b Budget, err error) {
	s.metrics.limited.Inc()
	b.show(w.Header(), s.config.Now())
	s.refuse(w, r, err)
}

// execution runs the GraphQL handler and keeps its answer in memory, so that a slow reader holds nothing but bytes.
func (s *Server) execution(op operation, method, media, lang string) produce {
	return func(ctx context.Context) (answer, error) {
		r, err := op.request(ctx, method, media, lang)
		if err != nil {
			return answer{}, err
		}
		out := &capture{header: http.Header{}, status: http.StatusOK}
		s.config.GraphQL.ServeHTTP(out, r)
		if err := ctx.Err(); err != nil && out.body.Len() == 0 {
			return answer{}, err
		}
		return out.answer(), nil
	}
}

// capture is a ResponseWriter in memory.
type capture struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (c *capture) Header() http.Header         { return c.header }
func (c *capture) WriteHeader(status int)      { c.status = status }
func (c *capture) Write(p []byte) (int, error) { return c.body.Write(p) }

func (c *capture) answer() answer {
	return answer{
		about: about{
			status:      c.status,
			contentType: cmp.Or(c.header.Get("Content-Type"), mediaJSON),
			cost:        cost(c.header),
			misses:      c.header[HeaderMiss],
		},
		body:      c.body.Bytes(),
		shareable: c.status == http.StatusOK && c.header.Get(HeaderCacheable) == "1",
	}
}

func cost(h http.Header) int {
	points, err := strconv.Atoi(h.Get(HeaderCost))
	if err != nil || points < 0 {
		return defaultCost
	}
	return points
}
