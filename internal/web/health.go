package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// State is how a component is.
type State string

const (
	// OK works.
	OK State = "ok"
	// Degraded works, but not as it should: an index that is being rebuilt.
	Degraded State = "degraded"
	// Down does not work.
	Down State = "down"
)

// Health is how the components are.
type Health struct {
	Components []Component
}

// Component is one part of the service. Without a Vital one nothing can be read.
type Component struct {
	Name    string `json:"name"`
	State   State  `json:"state"`
	Message string `json:"message,omitempty"` // for the operator, and shown to strangers
	Vital   bool   `json:"-"`
}

// healthPatience is how long a probe waits: an answer that comes later is no sign of health.
const healthPatience = 2 * time.Second

// healthz says whether the process and what it cannot do without are alive.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	var vital []Component
	for _, c := range s.health(r) {
		if c.Vital {
			vital = append(vital, c)
		}
	}
	s.showHealth(w, r, vital)
}

// readyz also says how the rest is. Degraded is ready: reads work.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	components := s.health(r)
	if s.draining.Load() {
		components = append(components, Component{Name: "http", State: Down, Message: "draining", Vital: true})
	}
	s.showHealth(w, r, components)
}

func (s *Server) health(r *http.Request) []Component {
	ctx, cancel := context.WithTimeout(r.Context(), healthPatience)
	defer cancel()
	return s.config.Health(ctx).Components
}

func (s *Server) showHealth(w http.ResponseWriter, r *http.Request, components []Component) {
	status, state := http.StatusOK, OK
	for _, c := range components {
		switch {
		case c.State == Down && c.Vital:
			status, state = http.StatusServiceUnavailable, Down
		case c.State != OK && state == OK:
			state = Degraded
		}
	}
	body, err := json.Marshal(struct {
		Status     State       `json:"status"`
		Components []Component `json:"components"`
	}{state, components})
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	s.send(w, r, status, mediaJSON, append(body, '\n'))
}
