package web

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/skos"
)

const (
	mediaTurtle = "text/turtle; charset=utf-8"
	mediaJSONLD = "application/ld+json"
)

// thesaurus serves Plein's own vocabularies in one notation of SKOS, to pages of other sites too. The lists that were
// imported are not in it: they are their publishers' to give.
func (s *Server) thesaurus(media string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		s.page(w, r, "thesaurus "+media, func(ctx context.Context) (answer, error) {
			body, err := s.config.Reader.Thesaurus(ctx, media)
			if err != nil {
				return answer{}, fmt.Errorf("writing the thesaurus: %w", err)
			}
			return listing(media, listCost, body), nil
		})
	}
}

func (r reader) Thesaurus(_ context.Context, media string) ([]byte, error) {
	format := skos.Turtle
	if media == mediaJSONLD {
		format = skos.JSONLD
	}
	var b bytes.Buffer
	err := exchange.ExportConcepts(&b, r.catalog.Reference(), format)
	return b.Bytes(), err
}
