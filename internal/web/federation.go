package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/udc-community/plein/internal/federation"
)

const mediaDID = "application/did+json"

func (s *Server) federationRoutes() {
	const read = "GET, HEAD, OPTIONS"
	f := s.config.Federation
	s.route(federation.WellKnown, read, s.open("node", s.nodeVersion, func(ctx context.Context) (answer, error) {
		return described(mediaJSON)(f.Describe(ctx))
	}))
	s.route("/.well-known/did.json", read, s.open("did", s.nodeVersion, func(context.Context) (answer, error) {
		return described(mediaDID)(f.NodeDID())
	}))
	s.route("/p/{publisher}/did.json", read, s.publisherDID)
	s.route(federation.DoorbellPath, "POST", s.doorbell)
	s.route("/ldes/relay", read, func(w http.ResponseWriter, r *http.Request) {
		s.log(w, r, "relay", f.RelayRoot, f.RelayPage)
	})
	s.route("/ldes/{publisher}", read, func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("publisher")
		s.log(w, r, "log "+id,
			func(ctx context.Context) (*federation.Page, error) { return f.LogRoot(ctx, id) },
			func(ctx context.Context, epoch, n, after int64) (*federation.Page, error) {
				return f.LogPage(ctx, id, epoch, n, after)
			})
	})
}

// nodeVersion is that of what a node says of itself: names are in the catalogue, keys are not, and cards are signed for the
// day.
func (s *Server) nodeVersion(ctx context.Context) (string, error) {
	edition, err := s.config.Federation.Edition(ctx)
	return edition + "." + s.config.Version(), err
}

// open serves what peers and pages of other sites may read.
func (s *Server) open(key string, version func(context.Context) (string, error), work produce) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", s.openness.Get("Access-Control-Expose-Headers"))
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		if r.Method == http.MethodOptions {
			answerPreflight(w, http.MethodGet)
			return
		}
		s.shareOf(w, r, key, version, s.gate.gated(func(ctx context.Context) (answer, error) {
			a, err := work(ctx)
			if errors.Is(err, federation.ErrNoLog) {
				return answer{}, errNotFound
			}
			return a, err
		}))
	}
}

func described(media string) func([]byte, error) (answer, error) {
	return func(body []byte, err error) (answer, error) {
		if err != nil {
			return answer{}, fmt.Errorf("describing this node: %w", err)
		}
		a := listing(media, recordCost, body)
		a.header = http.Header{"Cache-Control": {openPage}}
		return a, nil
	}
}

func (s *Server) publisherDID(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("publisher")
	if !isID(id) {
		s.refuse(w, r, errNotFound)
		return
	}
	s.open("did "+id, s.config.Federation.Edition, func(ctx context.Context) (answer, error) {
		return described(mediaDID)(s.config.Federation.PublisherDID(ctx, id))
	})(w, r)
}

// log serves a log: its entrance without a question, and its pages.
func (s *Server) log(w http.ResponseWriter, r *http.Request, key string, root func(context.Context) (*federation.Page, error),
	page func(ctx context.Context, epoch, n, after int64) (*federation.Page, error)) {
	epoch, n, after, isPage, ok := readPageQuery(r.URL.RawQuery)
	if !ok || len(key) > maxIDLength+4 {
		s.refuse(w, r, errNotFound)
		return
	}
	if isPage {
		key += " " + strconv.FormatInt(epoch, 10) + " " + strconv.FormatInt(n, 10) + " " + strconv.FormatInt(after, 10)
	}
	s.open(strconv.Quote(key), s.config.Federation.Edition, func(ctx context.Context) (answer, error) {
		var p *federation.Page
		var err error
		if isPage {
			p, err = page(ctx, epoch, n, after)
		} else {
			p, err = root(ctx)
		}
		if err != nil {
			return answer{}, fmt.Errorf("writing a page of a log: %w", err)
		}
		return feedPage(p.Body, p.IsFull), nil
	})(w, r)
}

// readPageQuery reads which page of a log is asked for. A number is written in one way only, so that a page has as few
// addresses as can be.
func readPageQuery(query string) (epoch, n, after int64, isPage, ok bool) {
	if query == "" {
		return 0, 0, 0, false, true
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return 0, 0, 0, false, false
	}
	read := func(name string) (int64, bool) {
		texts := values[name]
		delete(values, name)
		if len(texts) != 1 {
			return 0, false
		}
		return place(texts[0])
	}
	if n, ok = read("page"); !ok {
		return 0, 0, 0, false, false
	}
	if values.Has("epoch") {
		if epoch, ok = read("epoch"); !ok {
			return 0, 0, 0, false, false
		}
	}
	if values.Has("after") {
		if after, ok = read("after"); !ok || after == 0 {
			return 0, 0, 0, false, false
		}
	}
	return epoch, n, after, true, len(values) == 0
}
