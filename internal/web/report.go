package web

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const (
	reportsAnHour     = 5 // from one network
	reportingNetworks = 1 << 12
)

// reports counts when each network reported something. Only the most recent networks are remembered, like callers.
type reports struct {
	now func() time.Time

	mu   sync.Mutex
	last *simplelru.LRU[netip.Prefix, []time.Time]
}

func newReports(now func() time.Time) (*reports, error) {
	last, err := simplelru.NewLRU[netip.Prefix, []time.Time](reportingNetworks, nil)
	if err != nil {
		return nil, err
	}
	return &reports{now: now, last: last}, nil
}

// admit counts a report, and tells whether there may be one.
func (c *reports) admit(from netip.Prefix) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	var lately []time.Time
	before, _ := c.last.Get(from)
	for _, at := range before {
		if now.Sub(at) < time.Hour {
			lately = append(lately, at)
		}
	}
	if len(lately) >= reportsAnHour {
		return false
	}
	c.last.Add(from, append(lately, now))
	return true
}

// report passes on what a reader says is wrong in a record.
func (s *Server) report(w http.ResponseWriter, r *http.Request) {
	v, err := s.viewer(w, r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	ctx := identity.With(r.Context(), v)
	id := r.PostForm.Get("record")
	if !isID(id) {
		s.refuse(w, r, errNotFound)
		return
	}
	found, err := s.config.Reader.Record(ctx, id)
	if errors.Is(err, ErrNotFound) && !v.Anonymous() {
		found, err = Record{Page: myPage}, nil // what is for the community has no page that everybody can be sent to
	}
	if err == nil && found.Page == "" {
		err = errNotFound
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if !s.reports.admit(network(visitOf(r.Context()).client)) {
		s.onward(w, r, found.Page, says("fout", "te-vaak"))
		return
	}
	err = s.config.Report(ctx, id, strings.ReplaceAll(r.PostForm.Get("message"), "\r\n", "\n"))
	var wrong record.Problems
	switch {
	case errors.As(err, &wrong):
		s.onward(w, r, found.Page, says("fout", "melding"))
	case err != nil:
		s.refuse(w, r, errors.Join(ErrUnavailable, err))
	default:
		s.onward(w, r, found.Page, says("gemeld", "ja"))
	}
}
