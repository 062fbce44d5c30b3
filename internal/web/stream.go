package web

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/udc-community/plein/internal/identity"
)

// streams counts who listens: each stream costs a goroutine and a connection for as long as it lasts.
type streams struct {
	total, perClient int

	mu       sync.Mutex
	open     int
	byCaller map[caller]int
}

func newStreams(total, perClient int) *streams {
	return &streams{total: total, perClient: perClient, byCaller: map[caller]int{}}
}

// enter returns errRateLimited when the caller has enough streams, errOverloaded when all are taken.
func (s *streams) enter(c caller) (leave func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byCaller[c] >= s.perClient {
		return nil, errTooManyStreams
	}
	if s.open >= s.total {
		return nil, errOverloaded
	}
	s.open++
	s.byCaller[c]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.open--
		if s.byCaller[c]--; s.byCaller[c] == 0 {
			delete(s.byCaller, c)
		}
	}, nil
}

func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

// stream lets the GraphQL handler send events until the client leaves or the server drains. It holds no turn at the
// gate, which would otherwise be full of listeners. Whoever listens sees what everybody sees: a stream outlives the session,
// the token and the roles that it was opened with.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, op operation, payer caller) {
	if !op.subscribes() {
		s.limiter.charge(payer, defaultCost).show(w.Header(), s.config.Now())
		s.refuse(w, r, errNotASubscription)
		return
	}
	leave, err := s.streams.enter(payer)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	defer leave()

	ctx, cancel := context.WithCancel(identity.AsStranger(r.Context()))
	defer cancel()
	defer context.AfterFunc(s.closing, cancel)()
	request, err := op.request(ctx, http.MethodPost, mediaStream, language(r))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	out := &streamWriter{inner: w, connection: http.NewResponseController(w), patience: s.config.Limits.StreamWrite}
	out.begin = func(h http.Header) {
		s.limiter.charge(payer, cost(h)).show(h, s.config.Now())
		h.Del(HeaderCost)
		h.Del(HeaderCacheable)
		h.Del(HeaderMiss)
		h.Set("Cache-Control", "no-store")
		h.Set("X-Accel-Buffering", "no") // nginx would otherwise keep events back
	}
	defer out.close()
	s.config.GraphQL.ServeHTTP(out, request)
}

// streamWriter gives each write its own deadline, so that a reader who stops reading lets go of the writer. After close
// it refuses: a keep-alive of the handler may still be on its way when the handler has returned.
type streamWriter struct {
	inner      http.ResponseWriter
	connection *http.ResponseController
	patience   time.Duration
	begin      func(http.Header)

	mu           sync.Mutex
	begun, ended bool
}

func (w *streamWriter) Header() http.Header { return w.inner.Header() }

func (w *streamWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.start()
		w.inner.WriteHeader(status)
	}
}

func (w *streamWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended {
		return 0, http.ErrHandlerTimeout
	}
	w.start()
	return w.inner.Write(p)
}

// Flush makes it an http.Flusher, which the GraphQL transport asks for.
func (w *streamWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended {
		w.start()
		w.connection.Flush() // a connection that is gone ends the request's context
	}
}

// start moves the deadline, and settles the headers the first time.
func (w *streamWriter) start() {
	w.connection.SetWriteDeadline(time.Now().Add(w.patience)) // likewise
	if !w.begun {
		w.begun = true
		w.begin(w.inner.Header())
	}
}

func (w *streamWriter) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended = true
}
