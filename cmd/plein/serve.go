package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/udc-community/plein/frontend"
	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/demand"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/jobs"
	"github.com/udc-community/plein/internal/render"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
	"github.com/udc-community/plein/internal/web"
)

// defaultBase is what addresses are made of while nobody said where the node is found.
const defaultBase = "http://localhost:8080"

type serveCmd struct {
	Listen          string        `help:"Address to listen on." default:"127.0.0.1:8080" env:"PLEIN_LISTEN" placeholder:"HOST:PORT"`
	TrustedProxy    []string      `help:"Addresses or networks of proxies whose X-Forwarded-For is believed." env:"PLEIN_TRUSTED_PROXY" placeholder:"CIDR"`
	RateLimit       string        `help:"Whether callers have an allowance an hour: on or off." enum:"on,off" default:"on" env:"PLEIN_RATE_LIMIT"`
	CacheBytes      int64         `help:"Size of the response cache in bytes; -1 is none." default:"67108864" env:"PLEIN_CACHE_BYTES"`
	DrainDelay      time.Duration `help:"How long /readyz says no before connections are refused, for a load balancer in front." default:"0s" env:"PLEIN_DRAIN_DELAY"`
	SecurityContact string        `help:"Where to report a weakness: mailto:… or https://…" env:"PLEIN_SECURITY_CONTACT" placeholder:"URL"`
	CountMisses     bool          `help:"Count what is searched for in vain, by month, for plein demand. It keeps no visitor." default:"true" negatable:"" env:"PLEIN_COUNT_MISSES"`
	Starter         bool          `help:"Bring in the starter content on first start." default:"true" negatable:"" env:"PLEIN_STARTER"`
}

func (serveCmd) Help() string {
	return "Examples:\n  plein serve\n  plein serve --demo\n  plein serve --data /var/lib/plein --listen 127.0.0.1:9000 --base-url https://plein.example.nl\n  PLEIN_LISTEN=127.0.0.1:9000 plein serve"
}

// Run puts the house together in the order in which its parts need each other, and takes it down the other way round.
func (c serveCmd) Run(s *session) (err error) {
	logger := slog.New(slog.NewJSONHandler(s.stderr, nil))
	proxies, err := prefixes(c.TrustedProxy)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", c.Listen, err)
	}
	defer listener.Close() //nolint:errcheck // serving closes it

	unlock, err := store.Lock(s.cli.Data)
	if errors.Is(err, store.ErrLocked) {
		return fmt.Errorf("another Plein works in %s: stop it, or give this one another folder with --data", s.cli.Data)
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	address := "http://" + browsable(listener.Addr())
	h, err := s.open(logger, address, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	if err := c.begin(s, h); err != nil {
		return err
	}

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	index, err := search.Open(s.ctx, search.Config{Dir: filepath.Join(s.cli.Data, "index"), Catalog: h.catalog, Log: h.log, Now: time.Now, Logger: logger})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, index.Close()) }()

	registry.MustRegister(
		gauge("plein_index_documents", "Records in the search index.", func() float64 { return float64(index.Metrics().Documents) }),
		gauge("plein_index_bytes", "Bytes of the search index on disk.", func() float64 { return float64(index.Metrics().Bytes) }),
		gauge("plein_index_column_bytes", "Bytes that filters, facets and sorting take in memory.", func() float64 { return float64(index.Metrics().ColumnBytes) }),
		gauge("plein_index_lag", "Changes that are not in the search index yet.", func() float64 { return float64(max(0, h.log.Seen()-index.State().Position)) }),
	)

	ctx, stop := context.WithCancel(context.WithoutCancel(s.ctx))
	var running sync.WaitGroup
	defer func() { stop(); running.Wait() }()
	report := func(err error) { logger.Error("following the log", "error", err) }
	running.Go(func() { h.log.Watch(ctx, report) })
	running.Go(func() { h.catalog.Follow(ctx) })
	running.Go(func() { h.log.Follow(ctx, index, report) })

	misses := &demand.Counter{Begin: h.store.BeginAside, Dialect: h.store.Dialect, Now: time.Now, Logger: logger}
	var countMiss func(netip.Prefix, string)
	if c.CountMisses {
		countMiss = misses.Count
		running.Go(func() { misses.Run(ctx) })
	}

	// What was counted before is forgotten in time, also when nothing is counted any more.
	if upkeep, err := dailyUpkeep(ctx, h, logger, map[string]func(context.Context) error{"upkeep": h.store.Tidy, "forget-misses": misses.Prune}); err == nil {
		running.Go(func() { upkeep.Run(ctx, 1) })
	} else {
		// A node that cannot write now can still be read.
		logger.Error("the daily upkeep is not planned", "error", err)
	}

	app, documents, closeApp, err := application()
	if err != nil {
		return err
	}
	defer closeApp()
	handler, err := graph.NewHandler(&graph.Resolver{Catalog: h.catalog, Index: index, Now: time.Now, Logger: logger, Version: softwareVersion(), Demo: s.cli.Demo,
		Full: store.IsFull, RequestID: web.RequestID, Budget: budget}, documents)
	if err != nil {
		return err
	}
	server, err := web.New(web.Config{
		GraphQL: handler, Schema: graph.SDL(), Reader: web.NewReader(h.catalog),
		App: app, Site: render.Site{Base: h.catalog.BaseURL, Demo: s.cli.Demo}, Assets: frontend.Assets(),
		Due: h.catalog.Due,
		Version: func() string {
			return h.catalog.Version() + "." + strconv.FormatUint(index.Generation(), 36)
		},
		Authenticate:    h.authenticate,
		Health:          func(ctx context.Context) web.Health { return health(ctx, h, index) },
		WithBudget:      func(ctx context.Context, b web.Budget) context.Context { return context.WithValue(ctx, budgetKey{}, b) },
		CountMiss:       countMiss,
		SecurityContact: c.SecurityContact, TrustedProxies: proxies, NoRateLimit: c.RateLimit == "off",
		Limits: web.Limits{CacheBytes: c.CacheBytes, DrainDelay: c.DrainDelay},
		Logger: logger, Registry: registry,
	})
	if err != nil {
		return err
	}
	s.say("Plein draait op %s (om te zoeken), %s/api (om GraphQL te proberen) en %s/graphql (voor programma's).", address, address, address)
	return server.Serve(s.ctx, listener)
}

// application is the web application as it was built, and the operations that its pages ask.
func application() (app web.App, documents map[string]string, close func(), err error) {
	built, ok := frontend.Application()
	if !ok {
		return web.App{Unbuilt: frontend.Unbuilt()}, nil, func() {}, nil
	}
	renderer, err := render.New(render.Config{Program: built.Server})
	if err != nil {
		return web.App{}, nil, nil, err
	}
	return web.App{Template: built.Template, Renderer: renderer}, built.Documents, renderer.Close, nil
}

// begin brings in the vocabularies and, on first start, the starter content; or the demo.
func (c serveCmd) begin(s *session, h *house) error {
	head, err := h.log.Head(s.ctx)
	if err != nil {
		return err
	}
	if err := exchange.LoadReference(s.system(), h.catalog); err != nil {
		return err
	}
	if s.cli.Demo {
		if _, err := exchange.SeedDemo(s.system(), h.catalog); err != nil {
			return err
		}
		s.say("Dit is de demo: alles in deze catalogus is verzonnen, ook de gemeenten.")
		return nil
	}
	if head > 0 || !c.Starter {
		return nil
	}
	if _, err := exchange.Seed(s.system(), h.catalog); err != nil {
		return err
	}
	s.say("De catalogus is nieuw: de startinhoud is klaargezet.")
	return nil
}

// authenticate puts the viewer of a token in the context. An organisation that was made a moment ago by another process
// is taken in at once: its first write should not have to wait.
func (h *house) authenticate(ctx context.Context, token string) (context.Context, error) {
	v, err := h.tokens.Authenticate(ctx, token)
	if err == nil && h.catalog.Reference().Organization(v.OrganizationID) == nil {
		err = h.catalog.Refresh(ctx)
	}
	if err != nil && !errors.Is(err, identity.ErrUnknownToken) {
		err = errors.Join(web.ErrUnavailable, err)
	}
	return identity.With(ctx, v), err
}

// dailyUpkeep is what a database needs once a day, on one of the replicas; each thing by its name.
func dailyUpkeep(ctx context.Context, h *house, logger *slog.Logger, daily map[string]func(context.Context) error) (*jobs.Queue, error) {
	q := &jobs.Queue{Client: h.store.Client, Begin: h.store.BeginAside, Dialect: h.store.Dialect, Now: time.Now,
		Report: func(key string, err error) { logger.Error("background work", "job", key, "error", err) }}
	q.Handlers = map[string]jobs.Handler{}
	tx, err := h.store.BeginAside(ctx)
	if err != nil {
		return nil, err
	}
	for kind, do := range daily {
		q.Handlers[kind] = q.Every(24*time.Hour, do)
		if err := jobs.Enqueue(ctx, tx, jobs.Job{Key: kind, Kind: kind, RunAt: time.Now().Add(time.Hour)}); err != nil {
			return nil, errors.Join(err, tx.Rollback())
		}
	}
	return q, tx.Commit()
}

type budgetKey struct{}

func budget(ctx context.Context) graph.Budget {
	b, _ := ctx.Value(budgetKey{}).(web.Budget)
	return graph.Budget(b)
}

func health(ctx context.Context, h *house, index *search.Index) web.Health {
	database := web.Component{Name: "database", State: web.OK, Vital: true}
	if err := h.store.Ping(ctx); err != nil {
		database.State, database.Message = web.Down, "the database does not answer"
	}
	searching := web.Component{Name: "search", State: web.OK}
	if index.State().Mode != search.Ready {
		searching.State, searching.Message = web.Degraded, "the index is being made; searching goes through the database"
	}
	disk := web.Component{Name: "disk", State: web.OK}
	if err := h.store.Room(ctx); err != nil {
		disk.State, disk.Message = web.Degraded, "there is little room left; writing may stop while reading goes on"
	}
	return web.Health{Components: []web.Component{database, searching, disk}}
}

func gauge(name, help string, value func() float64) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

// browsable is an address that a browser on the same machine can open.
func browsable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && (ip.IsLoopback() || ip.IsUnspecified()) {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

func prefixes(texts []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, t := range texts {
		if p, err := netip.ParsePrefix(t); err == nil {
			out = append(out, p)
		} else if a, err := netip.ParseAddr(t); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		} else {
			return nil, usagef("--trusted-proxy %q is not an address or a network such as 10.0.0.0/8", t)
		}
	}
	return out, nil
}
