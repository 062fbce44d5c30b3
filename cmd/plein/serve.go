package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/udc-community/plein/frontend"
	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/catalog"
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
	mailFlags
	oidcFlags
	Starter bool `help:"Bring in the starter content on first start." default:"true" negatable:"" env:"PLEIN_STARTER"`
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
	if s.cli.Demo && c.SMTP != "" {
		return usagef("anybody can sign in to the demo, so it sends no mail: leave out --smtp")
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
	if h.accounts.Outbox, err = c.outbox(h); err != nil {
		return err
	}
	h.catalog.Outbox = h.accounts.Outbox
	provider, err := c.provider(h)
	if err != nil {
		return err
	}
	if err := c.begin(s, h); err != nil {
		return err
	}

	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	index, err := search.Open(s.ctx, search.Config{Dir: filepath.Join(s.cli.Data, "index"), Catalog: h.catalog, Log: h.log, Now: s.now, Logger: logger})
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
	if h.federation != nil {
		registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "plein_federation_members_signed_total", Help: "Members of the logs of this node that were made and signed."},
			func() float64 { return float64(h.federation.Signed()) }))
		running.Go(func() { h.federation.Run(ctx) })
	}

	misses := &demand.Counter{Begin: h.store.BeginAside, Dialect: h.store.Dialect, Now: s.now, Logger: logger}
	var countMiss func(netip.Prefix, string)
	if c.CountMisses {
		countMiss = misses.Count
		running.Go(func() { misses.Run(ctx) })
	}

	// What was counted before is forgotten in time, also when nothing is counted any more.
	background, err := dailyUpkeep(ctx, h, logger, map[string]func(context.Context) error{"upkeep": h.store.Tidy, "forget-misses": misses.Prune, "forget-accounts": h.accounts.Prune,
		"forget-discarded": h.catalog.ForgetDiscarded, "forget-sheets": h.catalog.ForgetSheets, "forget-shares": h.catalog.ForgetShares, "forget-files": h.files.Prune})
	if err == nil {
		if h.accounts.Outbox != nil {
			background.Handlers[identity.MailJob] = h.accounts.Outbox.Send
		}
		running.Go(func() { background.Run(ctx, 2) }) // mail does not wait for upkeep
	} else {
		// A node that cannot write now can still be read.
		logger.Error("the daily upkeep is not planned", "error", err)
	}

	server, closeApp, err := c.edge(s, h, around{index: index, provider: provider, proxies: proxies, countMiss: countMiss, registry: registry, logger: logger})
	if err != nil {
		return err
	}
	defer closeApp()
	s.say("Plein draait op %s (om te zoeken), %s/api (om GraphQL te proberen) en %s/graphql (voor programma's).", address, address, address)
	if err := s.offerSetup(h); err != nil {
		return err
	}
	return server.Serve(s.ctx, listener)
}

// around is what the edge needs beside the house.
type around struct {
	index *search.Index
	// provider is nil where nobody signs in with one.
	provider  *identity.OIDC
	proxies   []netip.Prefix
	countMiss func(netip.Prefix, string)
	registry  *prometheus.Registry
	logger    *slog.Logger
}

// edge is everything that answers HTTP, and what ends the web application in it.
func (c serveCmd) edge(s *session, h *house, a around) (_ *web.Server, end func(), err error) {
	app, documents, end, err := application()
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		if err != nil {
			end()
		}
	}()
	handler, err := graph.NewHandler(&graph.Resolver{Catalog: h.catalog, Files: h.files, Federation: h.federation, Index: a.index, Accounts: h.accounts, Sessions: h.sessions, Tokens: h.tokens, Now: s.now, Logger: a.logger, Version: softwareVersion(), Demo: s.cli.Demo, OpenIDName: a.provider.Name(),
		Full: store.IsFull, RequestID: web.RequestID, Budget: budget}, documents)
	if err != nil {
		return nil, nil, err
	}
	server, err := web.New(web.Config{
		GraphQL: handler, Schema: graph.SDL(), Reader: web.NewReader(h.catalog),
		App: app, Site: render.Site{Base: h.catalog.BaseURL, Demo: s.cli.Demo}, Assets: frontend.Assets(),
		Due: h.catalog.Due,
		Version: func() string {
			return h.catalog.Version() + "." + strconv.FormatUint(a.index.Generation(), 36) + "." + h.federation.Network().Generation()
		},
		Authenticate: h.authenticate,
		Accounts:     h.accounts, Sessions: h.sessions, OIDC: a.provider, Acquaint: h.acquaint, Files: h.files, Sheets: &exchange.Sheets{Catalog: h.catalog}, Federation: h.federation,
		Report:          h.report,
		Health:          func(ctx context.Context) web.Health { return health(ctx, h, a.index) },
		WithBudget:      func(ctx context.Context, b web.Budget) context.Context { return context.WithValue(ctx, budgetKey{}, b) },
		CountMiss:       a.countMiss,
		SecurityContact: c.SecurityContact, TrustedProxies: a.proxies, NoRateLimit: c.RateLimit == "off",
		Limits: web.Limits{CacheBytes: c.CacheBytes, DrainDelay: c.DrainDelay},
		Logger: a.logger, Registry: a.registry, Now: s.now,
	})
	return server, end, err
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

// offerSetup shows the link to the first account of a node that has none. It goes to whoever started the node and not to
// the log; each start makes another, and the former no longer works.
func (s *session) offerSetup(h *house) error {
	needs, err := h.accounts.NeedsSetup(s.ctx)
	if err != nil || !needs {
		return err
	}
	link, err := h.accounts.SetupLink(s.ctx)
	if store.IsFull(err) {
		return nil // a node that cannot write now can still be read
	} else if err != nil {
		return err
	}
	s.say("Er is nog geen account. Maak de eerste beheerder aan met deze link; hij werkt één keer en is 24 uur geldig:\n%s", link)
	return nil
}

// begin brings in the vocabularies and, on first start, the starter content; or the demo.
func (c serveCmd) begin(s *session, h *house) error {
	began, err := h.log.Began(s.ctx)
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
		if err := exchange.SeedDemoPeople(s.system(), h.catalog, h.accounts); err != nil {
			return err
		}
		s.say("Dit is de demo: alles in deze catalogus is verzonnen, ook de gemeenten.")
		s.say("Log in als %s, met het wachtwoord: %s", strings.Join(exchange.DemoAddresses(), ", "), exchange.DemoPassword)
		return nil
	}
	if began || !c.Starter {
		return nil
	}
	if _, err := exchange.Seed(s.system(), h.catalog); err != nil {
		return err
	}
	s.say("De catalogus is nieuw: de startinhoud is klaargezet.")
	return nil
}

// authenticate puts the viewer of a token in the context.
func (h *house) authenticate(ctx context.Context, token string) (context.Context, error) {
	v, err := h.tokens.Authenticate(ctx, token)
	if err == nil {
		err = h.acquaint(ctx, v)
	}
	if err != nil && !errors.Is(err, identity.ErrUnknownToken) {
		err = errors.Join(web.ErrUnavailable, err)
	}
	return identity.With(ctx, v), err
}

// acquaint takes in an organisation of the viewer's that was made a moment ago by another process: its first write should
// not have to wait.
func (h *house) acquaint(ctx context.Context, v identity.Viewer) error {
	unknown := func(id string) bool { return id != "" && h.catalog.Reference().Organization(id) == nil }
	if unknown(v.OrganizationID) || slices.ContainsFunc(v.Memberships, func(m identity.Membership) bool { return unknown(m.OrganizationID) }) {
		return h.catalog.Refresh(ctx)
	}
	return nil
}

// report tells the owner of a record what a reader says is wrong in it.
func (h *house) report(ctx context.Context, recordID, message string) error {
	return h.catalog.Write(ctx, func(w *catalog.Writer) error { return w.Report(ctx, recordID, message) })
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
	components := []web.Component{database, searching, disk}
	if h.federation != nil {
		signing := web.Component{Name: "federation", State: web.OK}
		if h.federation.Problem() != nil {
			signing.State, signing.Message = web.Degraded, "nothing is signed; what is published reaches no other node until plein doctor is content"
		}
		components = append(components, signing)
	}
	return web.Health{Components: components}
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
