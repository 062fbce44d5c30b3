package web

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"net/netip"
	"runtime/debug"
	"time"
)

// visit is what the edge knows about one request.
type visit struct {
	id     string
	client netip.Addr
	secure bool
	route  string
	began  time.Time
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// observe gives each request its id, and tells log and metrics how it went.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{
			id:     s.clients.requestID(r),
			client: s.clients.address(r),
			secure: s.clients.secure(r),
			route:  "unknown",
			began:  s.config.Now(),
		}
		ctx := s.config.WithRequestID(context.WithValue(r.Context(), visitKey{}, v), v.id)
		out := &recorder{ResponseWriter: w}
		out.Header().Set(headerRequestID, v.id)
		maps.Copy(out.Header(), s.standing)
		if v.secure {
			out.Header().Set("Strict-Transport-Security", "max-age=31536000")
		}

		s.metrics.inFlight.Inc()
		defer func() {
			s.metrics.inFlight.Dec()
			s.tell(ctx, r.Method, v, out)
		}()
		s.guard(next, out, r.WithContext(ctx))
	})
}

// guard answers for a handler that panics.
func (s *Server) guard(next http.Handler, w *recorder, r *http.Request) {
	defer func() {
		cause := recover()
		if cause == nil {
			return
		}
		if cause != http.ErrAbortHandler {
			s.logPanic(r.Context(), cause)
		}
		if cause == http.ErrAbortHandler || w.status != 0 {
			panic(http.ErrAbortHandler) // cut the connection: half an answer must not pass for a whole one
		}
		s.refuse(w, r, errInternal)
	}()
	next.ServeHTTP(w, r)
}

func (s *Server) logPanic(ctx context.Context, cause any) {
	s.config.Logger.LogAttrs(ctx, slog.LevelError, "handler panicked",
		slog.String("requestId", RequestID(ctx)), slog.Any("cause", cause), slog.String("stack", string(debug.Stack())))
}

// tell leaves out address, query and agent on purpose: the log holds no personal data.
func (s *Server) tell(ctx context.Context, method string, v *visit, out *recorder) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	took := s.config.Now().Sub(v.began)
	method = knownMethod(method)
	s.metrics.observe(v.route, method, status, took)

	level := slog.LevelInfo
	if v.route == "/healthz" || v.route == "/readyz" || v.route == "/metrics" {
		level = slog.LevelDebug // probes come every few seconds and say nothing
	}
	s.config.Logger.LogAttrs(ctx, level, "request",
		slog.String("requestId", v.id),
		slog.String("method", method),
		slog.String("route", v.route),
		slog.Int("status", status),
		slog.Int64("bytes", out.bytes),
		slog.Duration("duration", took))
}

// knownMethod keeps what a stranger invents out of log and labels.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
