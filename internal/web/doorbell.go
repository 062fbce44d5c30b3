package web

import (
	"encoding/json"
	"io"
	"net/http"
)

// maxRing is how long the body of a ring is at most, in bytes.
const maxRing = 1 << 10

// doorbell hears that there is something new at another node. It answers the same whatever was said, and whether or not it was
// heard: nobody learns from it with whom this node exchanges.
func (s *Server) doorbell(w http.ResponseWriter, r *http.Request) {
	payer := caller{network: network(visitOf(r.Context()).client)}
	if _, err := s.limiter.admit(payer); err == nil {
		s.limiter.charge(payer, defaultCost)
		var ring struct {
			Base string `json:"base"`
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRing))
		if err == nil && json.Unmarshal(body, &ring) == nil {
			s.config.Federation.Rung(r.Context(), ring.Base)
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusAccepted)
}
