package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

const maxIDLength = 128

// isID tells whether a text can be the id of something.
func isID(id string) bool {
	return id != "" && len(id) <= maxIDLength && strings.Trim(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

// record is a record's canonical address: the way to its page for people, its document for programs.
func (s *Server) record(w http.ResponseWriter, r *http.Request) {
	id, ending, dotted := strings.Cut(r.PathValue("id"), ".")
	cited, isCitation := citationFormats()[ending]
	if dotted && !isCitation {
		s.refuse(w, r, errNotFound)
		return
	}
	if !isID(id) {
		s.refuse(w, r, errNotFound)
		return
	}
	if isCitation {
		s.citation(w, r, id, cited)
		return
	}
	vary(w.Header(), "Accept")
	media := preferred(r.Header.Get("Accept"), mediaMatch, mediaHTML, mediaJSON)
	s.page(w, r, "record "+media+" "+id, func(ctx context.Context) (answer, error) {
		found, err := s.config.Reader.Record(ctx, id)
		if err != nil {
			return answer{}, fmt.Errorf("reading a record: %w", err)
		}
		if media == mediaJSON && found.Document != nil {
			return listing(mediaJSON, recordCost, found.Document), nil
		}
		if found.Page == "" {
			return answer{}, errNotFound
		}
		return redirect(http.StatusSeeOther, found.Page), nil
	})
}

// listing is an answer of our own making that everybody may have.
func listing(media string, cost int, body []byte) answer {
	return answer{about: about{status: http.StatusOK, contentType: media, cost: cost}, body: body, shareable: true}
}

// page answers a visitor, who has no name here, through rate limit, cache and gate. The key names what is asked; it may
// not hold a line break.
func (s *Server) page(w http.ResponseWriter, r *http.Request, key string, work produce) {
	s.share(w, r, key, s.gate.gated(work))
}

// share is page for work that finds its own way through a gate.
func (s *Server) share(w http.ResponseWriter, r *http.Request, key string, work produce) {
	s.shareOf(w, r, key, func(context.Context) (string, error) { return s.config.Version(), nil }, work)
}

// shareOf is share for what has a version of its own.
func (s *Server) shareOf(w http.ResponseWriter, r *http.Request, key string, version func(context.Context) (string, error), work produce) {
	payer := caller{network: network(visitOf(r.Context()).client)}
	if budget, err := s.limiter.admit(payer); err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	s.release(r)
	w.Header().Set("Cache-Control", revalidate)
	vary(w.Header(), "Accept-Encoding")
	of, err := version(r.Context())
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	coding := encoding(r)
	out, err := s.read(r.Context(), cacheKey("page", coding, key, of), coding, work)
	s.reply(w, r, payer, out, err)
}

// alone is share for what is made anew for each asker, and kept by nobody.
func (s *Server) alone(w http.ResponseWriter, r *http.Request, work produce) {
	payer := caller{network: network(visitOf(r.Context()).client)}
	if budget, err := s.limiter.admit(payer); err != nil {
		s.refuseLimited(w, r, budget, err)
		return
	}
	s.release(r)
	w.Header().Set("Cache-Control", "no-store")
	made, err := s.run(r.Context(), work)
	s.reply(w, r, payer, outcome{answer: made}, err)
}
