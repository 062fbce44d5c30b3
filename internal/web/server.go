package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/singleflight"
)

// Server is the HTTP edge. It is an http.Handler, and Serve runs it on a listener.
type Server struct {
	config      Config
	clients     clients
	crossOrigin *http.CrossOriginProtection
	metrics     *metrics
	gate        *gate
	limiter     *limiter
	streams     *streams
	cache       *cache
	flights     singleflight.Group
	packer      packer
	templates   *templates
	security    http.Header // of every answer; made once, never changed
	openness    http.Header // of every answer of the API
	mux         *http.ServeMux
	handler     http.Handler

	dueFails atomic.Bool
	draining atomic.Bool
	closing  context.Context // ends when event streams have to
	close    context.CancelFunc
}

// New returns an error when something required is missing or a metric is registered already.
func New(config Config) (*Server, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	s := &Server{
		config:      config,
		clients:     clients{config.TrustedProxies},
		crossOrigin: http.NewCrossOriginProtection(),
		streams:     newStreams(config.Limits.Streams, config.Limits.StreamsPerClient),
		security:    securityHeaders(),
		openness:    graphqlHeaders(),
		mux:         http.NewServeMux(),
	}
	if s.cache, err = newCache(config.Limits.CacheBytes); err != nil {
		return nil, fmt.Errorf("making the response cache: %w", err)
	}
	if !config.NoRateLimit {
		if s.limiter, err = newLimiter(config.Limits, config.Now); err != nil {
			return nil, fmt.Errorf("making the rate limit: %w", err)
		}
	}
	if s.templates, err = parseTemplates(); err != nil {
		return nil, fmt.Errorf("reading the page templates: %w", err)
	}
	if s.metrics, err = newMetrics(config.Registry, s); err != nil {
		return nil, err
	}
	s.gate = newGate(config.Limits.Executing, config.Limits.Queue, config.Limits.QueueWait, s.metrics.rejected.Inc)
	s.closing, s.close = context.WithCancel(context.Background())
	s.routes()
	s.handler = s.observe(s.mux)
	return s, nil
}

func (s *Server) routes() {
	const read = "GET, HEAD"
	s.route("/graphql", "GET, HEAD, POST, OPTIONS", s.graphql)
	s.route("/graphql/schema.graphql", read, s.schema)
	s.route("/api", read, s.api)
	s.route("/assets/", read, s.asset)
	s.route(s.templates.stylePath, read, s.style)
	s.route("/healthz", read, s.healthz)
	s.route("/readyz", read, s.readyz)
	s.route("/metrics", read, promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{}).ServeHTTP)
	s.route("/.well-known/security.txt", read, s.securityText)
	s.route("/{$}", read, s.home)
	s.route("/id/{id}", read, s.record)
	s.route("/thesaurus.ttl", read, s.thesaurus(mediaTurtle))
	s.route("/thesaurus.jsonld", read, s.thesaurus(mediaJSONLD))
	s.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, errNotFound) })
}

// route serves a pattern for the methods of an Allow header.
func (s *Server) route(pattern, allow string, serve http.HandlerFunc) {
	methods := strings.Split(allow, ", ")
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).route = pattern
		if !slices.Contains(methods, r.Method) {
			f := errMethod
			f.allow = allow
			s.refuse(w, r, f)
			return
		}
		serve(w, r)
	})
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serve answers on the listener until the context ends, then drains: /readyz says so, event streams close, and what
// runs may finish. It returns nil after a clean end. A server serves once.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	limits := s.config.Limits
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: limits.Header,
		ReadTimeout:       limits.Read,
		WriteTimeout:      limits.Write,
		IdleTimeout:       limits.Idle,
		MaxHeaderBytes:    16 << 10,
		// What runs when the context ends has to finish, so requests do not end with it.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
		ErrorLog:    slog.NewLogLogger(anonymous{s.config.Logger.Handler()}, slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-ctx.Done():
	}

	s.draining.Store(true)
	s.config.Logger.Info("draining")
	select {
	case err := <-failed:
		return fmt.Errorf("serving HTTP: %w", err)
	case <-time.After(limits.DrainDelay):
	}
	s.close()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), limits.Drain)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		server.Close()
		return fmt.Errorf("draining HTTP: %w", err)
	}
	return nil
}

// anonymous keeps addresses of clients, which net/http writes into its messages, out of the log.
type anonymous struct{ slog.Handler }

var clientAddress = regexp.MustCompile(`(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-fA-F:.%]+\])(:\d+)?`)

func (a anonymous) Handle(ctx context.Context, record slog.Record) error {
	record.Message = clientAddress.ReplaceAllString(record.Message, "client")
	return a.Handler.Handle(ctx, record)
}
