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

	"github.com/udc-community/plein/internal/record"
)

// Server is the HTTP edge. It is an http.Handler, and Serve runs it on a listener.
type Server struct {
	config      Config
	clients     clients
	crossOrigin *http.CrossOriginProtection
	metrics     *metrics
	gate        *gate // of operations, and of lists of our own
	pageGate    *gate
	limiter     *limiter
	streams     *streams
	downloads   *streams
	uploads     *streams
	reports     *reports
	cache       *cache
	strays      *cache // answers that are not 200: whoever tries addresses must not push out what is read
	flights     singleflight.Group
	packer      packer
	document    *document // nil where no web application was built
	faultPage   *faultPage
	standing    http.Header // of every answer; made once, never changed
	openness    http.Header // of every answer of the API
	mux         *http.ServeMux
	table       []Route // what mux was given
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
		downloads:   newStreams(config.Limits.Downloads, config.Limits.DownloadsPerClient),
		uploads:     newStreams(config.Limits.Uploads, config.Limits.UploadsPerClient),
		standing:    standingHeaders(config.Site.Demo),
		openness:    graphqlHeaders(),
		mux:         http.NewServeMux(),
	}
	forStrays := config.Limits.CacheBytes / 16
	if s.cache, err = newCache(config.Limits.CacheBytes - forStrays); err != nil {
		return nil, fmt.Errorf("making the response cache: %w", err)
	}
	if s.strays, err = newCache(forStrays); err != nil {
		return nil, fmt.Errorf("making the response cache: %w", err)
	}
	if !config.NoRateLimit {
		if s.limiter, err = newLimiter(config.Limits, config.Now); err != nil {
			return nil, fmt.Errorf("making the rate limit: %w", err)
		}
	}
	if s.reports, err = newReports(config.Now); err != nil {
		return nil, fmt.Errorf("making the limit of reports: %w", err)
	}
	if s.faultPage, err = parseFaultPage(); err != nil {
		return nil, fmt.Errorf("reading the page for faults: %w", err)
	}
	if len(config.App.Template) > 0 {
		if s.document, err = cutTemplate(config.App.Template); err != nil {
			return nil, err
		}
	}
	if s.metrics, err = newMetrics(config.Registry, s); err != nil {
		return nil, err
	}
	s.gate = newGate(config.Limits.Executing, config.Limits.Queue, config.Limits.QueueWait, s.metrics.rejected.Inc)
	s.pageGate = newGate(config.Limits.Executing, config.Limits.PageQueue, config.Limits.PageQueueWait, s.metrics.rejected.Inc)
	s.closing, s.close = context.WithCancel(context.Background())
	s.routes()
	s.handler = s.observe(s.mux)
	return s, nil
}

func (s *Server) routes() {
	const read = "GET, HEAD"
	s.route("/graphql", "GET, HEAD, POST, OPTIONS", s.graphql)
	s.route("/graphql/schema.graphql", read, s.schema)
	s.route("/assets/", read, s.asset)
	s.route(s.faultPage.stylePath, read, s.style)
	s.route("/healthz", read, s.healthz)
	s.route("/readyz", read, s.readyz)
	s.route("/metrics", read, promhttp.HandlerFor(s.config.Registry, promhttp.HandlerOpts{}).ServeHTTP)
	s.route("/.well-known/security.txt", read, s.securityText)
	s.route("/id/{id}", read, s.record)
	for _, language := range []string{record.Dutch, record.English} {
		s.route(languagePath(language, "/zoeken.atom"), read, s.feed)
		for _, f := range downloadFormats() {
			s.route(languagePath(language, "/zoeken"+f.ending), read, s.download(f))
		}
	}
	s.route("/robots.txt", read, s.robots)
	s.route("/sitemap.xml", read, s.sitemap)
	s.route("/sitemap/{part}", read, s.sitemapPart)
	s.route("/kaart.svg", read, s.kaart)
	s.route("/thesaurus.ttl", read, s.thesaurus(mediaTurtle))
	s.route("/thesaurus.jsonld", read, s.thesaurus(mediaJSONLD))
	s.route("/catalog.ttl", read, s.dcat(mediaTurtle))
	s.route("/catalog.jsonld", read, s.dcat(mediaJSONLD))
	s.route("/ldes/dcat", read, s.dcatFeed)
	if s.config.Accounts != nil {
		s.accountRoutes()
	}
	if s.config.Report != nil {
		s.form("/fout-melden", s.report)
	}
	if s.config.Files != nil {
		s.route("/files", "POST", s.forMember(s.upload))
		s.route("/files/{id}/{name}", read, s.file)
	}
	if s.config.Sheets != nil {
		s.importRoutes()
	}
	if s.config.Federation != nil {
		s.federationRoutes()
	}
	s.route("/", read, s.visit)
}

// Route is a pattern that the edge answers, and the methods that it takes. The pattern / is of every page.
type Route struct {
	Pattern string
	Methods []string
}

// Routes are all of them.
func (s *Server) Routes() []Route { return slices.Clone(s.table) }

// route serves a pattern for the methods of an Allow header.
func (s *Server) route(pattern, allow string, serve http.HandlerFunc) {
	methods := strings.Split(allow, ", ")
	s.table = append(s.table, Route{Pattern: pattern, Methods: methods})
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		visitOf(r.Context()).route = pattern // the last one is of all pages, which say more themselves
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
