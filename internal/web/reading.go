package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
)

// produce makes an answer. The context ends when the operation has had its time.
type produce func(context.Context) (answer, error)

// outcome is packed when it may be shared, and an answer to one asker otherwise.
type outcome struct {
	packed *packed
	answer answer
	hit    bool
}

// read answers from the cache, or lets one of those who ask the same thing now produce the answer for all of them.
func (s *Server) read(ctx context.Context, key, coding string, work produce) (outcome, error) {
	if p, ok := s.kept(key); ok {
		return outcome{packed: p, hit: true}, nil
	}
	leads := false
	flight := s.flights.DoChan(key, func() (any, error) {
		leads = true
		// The answer is for everybody who waits, so whoever asked first may leave.
		return s.fill(context.WithoutCancel(ctx), key, coding, work)
	})
	select {
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	case result := <-flight:
		if result.Err != nil {
			return outcome{}, result.Err
		}
		out := result.Val.(outcome)
		if out.packed == nil && !leads {
			// An error, a mutation, or something about the asker: that of another is not ours.
			a, err := s.run(ctx, work)
			return outcome{answer: a}, err
		}
		return out, nil
	}
}

func (s *Server) fill(ctx context.Context, key, coding string, work produce) (outcome, error) {
	if p, ok := s.kept(key); ok { // an earlier flight has just landed
		return outcome{packed: p, hit: true}, nil
	}
	a, err := s.run(ctx, work)
	if err != nil || !a.shareable {
		return outcome{answer: a}, err
	}
	p, err := s.packer.pack(a, coding)
	if err != nil {
		return outcome{}, err
	}
	switch {
	case p.fleeting:
	case p.status == http.StatusOK:
		s.cache.put(key, p)
	default:
		s.strays.put(key, p)
	}
	return outcome{packed: p}, nil
}

func (s *Server) cacheSize() (bytes int64, entries int) {
	bytes, entries = s.cache.size()
	strayBytes, strays := s.strays.size()
	return bytes + strayBytes, entries + strays
}

func (s *Server) kept(key string) (*packed, bool) {
	if p, ok := s.cache.get(key); ok {
		return p, true
	}
	return s.strays.get(key)
}

// run gives a handler its time and survives its panics: some run on a goroutine of their own.
func (s *Server) run(ctx context.Context, work produce) (a answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Limits.Operation)
	defer cancel()
	defer func() {
		if cause := recover(); cause != nil {
			s.logPanic(ctx, cause)
			err = errInternal
		}
	}()
	return work(ctx)
}

// gated produces only when the gate has room.
func (g *gate) gated(work produce) produce {
	return func(ctx context.Context) (answer, error) {
		leave, err := g.enter(ctx)
		if err != nil {
			return answer{}, err
		}
		defer leave()
		return work(ctx)
	}
}

// release lets what is due become visible before anything is read.
func (s *Server) release(r *http.Request) {
	err := s.config.Due(r.Context())
	if err != nil && !errors.Is(err, context.Canceled) {
		// Once until it works again: on a full disk every read comes here.
		if !s.dueFails.Swap(true) {
			s.config.Logger.LogAttrs(r.Context(), slog.LevelError, "what is due could not be released and stays hidden",
				slog.String("requestId", RequestID(r.Context())), slog.String("error", err.Error()))
		}
		return
	}
	s.dueFails.Store(false)
}
