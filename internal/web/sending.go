package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"time"
)

const (
	sentAtOnce = 64 << 10 // bytes for which a reader has Limits.StreamWrite
	turns      = 20       // times that an answer which has begun asks the gate for a turn
)

// sending is a long answer that is made and sent part by part, each with a turn of its own at the gate, so that a slow
// reader holds nothing but bytes.
type sending struct {
	server *Server
	payer  caller
	parts  int // made so far
}

// sending begins one for a visitor.
func (s *Server) sending(r *http.Request) sending {
	return sending{server: s, payer: caller{network: network(visitOf(r.Context()).client)}}
}

// turn makes a part, and has it paid.
func (d *sending) turn(r *http.Request, part produce) (answer, error) {
	s := d.server
	s.release(r)
	a, err := s.run(r.Context(), s.gate.gated(part))
	if err != nil {
		return answer{}, err
	}
	d.parts++
	s.limiter.charge(d.payer, a.cost)
	return a, nil
}

// patiently makes a part that follows. It has patience with the gate: a reader cannot ask for the rest alone.
func (d *sending) patiently(r *http.Request, part produce) (answer, error) {
	for turn := 1; ; turn++ {
		a, err := d.turn(r, part)
		if !errors.Is(err, errOverloaded) || turn == turns {
			return a, err
		}
		select {
		case <-r.Context().Done():
			return answer{}, r.Context().Err()
		case <-time.After(errOverloaded.retryAfter):
		}
	}
}

// send gives a slow reader time for each piece, and lets go of one who stands still or is gone.
func (d *sending) send(w http.ResponseWriter, body []byte) {
	connection := http.NewResponseController(w)
	for piece := range slices.Chunk(body, sentAtOnce) {
		connection.SetWriteDeadline(time.Now().Add(d.server.config.Limits.StreamWrite)) // a connection that is gone refuses the write
		if _, err := w.Write(piece); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if err := connection.Flush(); err != nil {
		panic(http.ErrAbortHandler)
	}
}

// cut ends the connection without the end of the answer: half of it must not pass for the whole.
func (d *sending) cut(r *http.Request, err error) {
	if r.Context().Err() == nil {
		d.server.config.Logger.LogAttrs(r.Context(), slog.LevelWarn, "a download was cut off",
			slog.String("requestId", RequestID(r.Context())), slog.Int("parts", d.parts), slog.String("error", err.Error()))
	}
	panic(http.ErrAbortHandler)
}
