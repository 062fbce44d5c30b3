package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/exchange"
)

const (
	mediaAtom   = "application/atom+xml; charset=utf-8"
	feedEntries = 50
)

// feed is a search as an Atom feed, newest first, in documents that follow each other.
func (s *Server) feed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	address, err := readListAddress(r)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	self := address.path(".atom", address.after)
	s.page(w, r, self, func(ctx context.Context) (answer, error) {
		asked, err := s.listOperation(ctx, address.path(".atom", ""))
		if err != nil {
			return answer{}, err
		}
		p, err := s.readPart(ctx, asked, address.language, feedEntries, address.after)
		if err != nil {
			return answer{}, err
		}
		base := s.config.Site.Base
		feed := exchange.Feed{ID: base + address.path(".atom", ""), Title: s.feedTitle(address), Language: address.language,
			Self: base + self, Alternate: base + address.path("", ""), Page: s.pageOf(address.language)}
		if p.next != "" {
			feed.Next = base + address.path(".atom", p.next)
		}
		var out bytes.Buffer
		if err := exchange.Atom(&out, feed, p.records); err != nil {
			return answer{}, err
		}
		return answer{body: out.Bytes(), shareable: p.shareable, about: about{
			status: http.StatusOK, contentType: mediaAtom, cost: p.cost, route: "feed", fleeting: !p.shareable,
		}}, nil
	})
}

// feedTitle tells the feeds in somebody's reader apart: the words that are searched for, and what was chosen.
func (s *Server) feedTitle(a listAddress) string {
	chosen := slices.Clone(a.query["q"])
	for _, name := range slices.Sorted(maps.Keys(a.query)) {
		if name == "q" || name == "sorteer" {
			continue
		}
		for _, value := range a.query[name] {
			chosen = append(chosen, s.config.Reader.Label(value, a.language))
		}
	}
	chosen = slices.DeleteFunc(chosen, func(c string) bool { return strings.TrimSpace(c) == "" })
	return strings.TrimSuffix("Plein: "+strings.Join(chosen, ", "), ": ")
}
