package web

import (
	"context"
	"fmt"
	"net/http"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/record"
)

// citationFormat is how a record is cited for a program that keeps references.
type citationFormat struct {
	media string
	write func(record.Record) string
}

// citationFormats are by what stands behind a record's address and a dot.
func citationFormats() map[string]citationFormat {
	return map[string]citationFormat{
		"bib": {exchange.MediaBibTeX, exchange.BibTeX},
		"ris": {exchange.MediaRIS, exchange.RIS},
	}
}

// citation serves how a record is cited.
func (s *Server) citation(w http.ResponseWriter, r *http.Request, id string, f citationFormat) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	s.page(w, r, "citation "+f.media+" "+id, func(ctx context.Context) (answer, error) {
		rs, err := s.config.Reader.Records(ctx, id)
		if err == nil && rs[0] == nil {
			_, err = s.config.Reader.Record(ctx, id) // which knows why there is none
		}
		if err != nil {
			return answer{}, fmt.Errorf("reading a record to cite: %w", err)
		}
		if rs[0] == nil {
			return answer{}, ErrNotFound // such as an organisation
		}
		return listing(f.media, recordCost, []byte(f.write(rs[0]))), nil
	})
}
