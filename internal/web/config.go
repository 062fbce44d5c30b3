package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/files"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/render"
)

// Config is what the edge needs from the rest of the house. Fields are required unless they say otherwise.
type Config struct {
	// GraphQL executes one operation; the package comment says what it sees and says.
	GraphQL http.Handler
	// Schema is the SDL, served at /graphql/schema.graphql.
	Schema []byte
	// Reader answers what is served besides GraphQL and pages, always as the anonymous visitor.
	Reader Reader
	// App is the web application. The zero App says nothing at all.
	App App
	// Site is what is the same on every page.
	Site render.Site
	// Assets are the files below /assets/, named after their content. Optional.
	Assets fs.FS

	// Due releases what is due. It is called before each read and must be cheap when nothing is. When it fails, what
	// is to come stays hidden and reads go on.
	Due func(context.Context) error
	// Version names what an anonymous visitor can see: it changes after each visible change and each generation of the
	// index. It is a key of the cache and is never shown.
	Version func() string
	// Authenticate puts the viewer of a bearer token in the context. [ErrUnavailable] means that it could not find
	// out; any other error means that the token is not valid.
	Authenticate func(ctx context.Context, token string) (context.Context, error)
	// Accounts and Sessions let people sign in. Without them nobody can, and there are no addresses for it. Optional.
	Accounts *identity.Accounts
	Sessions *identity.Sessions
	// OIDC lets people sign in with a provider of OpenID Connect. Optional.
	OIDC *identity.OIDC
	// Acquaint makes sure that what somebody who signed in belongs to is known here, also when it was made a moment ago.
	// Optional.
	Acquaint func(context.Context, identity.Viewer) error
	// Report passes on what a reader says is wrong in a record. It returns [record.Problems] for a text that is none. For a
	// record that the viewer in the context may not see it does nothing. Without it nothing can be reported. Optional.
	Report func(ctx context.Context, recordID, message string) error
	// Files keeps uploads. Without it there are no addresses for them. Optional.
	Files *files.Files
	// Sheets brings spreadsheets in. Without it there are no addresses for that. Optional.
	Sheets *exchange.Sheets
	// Federation is this node among others. Without it there are no addresses for peers. Optional.
	Federation *federation.Federation
	// Health says how the components are. Its messages are shown to strangers.
	Health func(context.Context) Health

	// WithRequestID puts the request id where others look for it. Optional.
	WithRequestID func(ctx context.Context, id string) context.Context
	// WithBudget puts the caller's budget where GraphQL's rateLimit looks for it. Optional; not called when the rate
	// limit is off.
	WithBudget func(ctx context.Context, b Budget) context.Context
	// CountMiss is told of each search that found nothing, also when the answer came from the cache, with the network
	// that counts as one visitor. It must not wait for anything. Optional.
	CountMiss func(visitor netip.Prefix, query string)

	// SecurityContact is the Contact of /.well-known/security.txt, a mailto: or https: address. Without it there is
	// no such file.
	SecurityContact string
	// TrustedProxies may say on whose behalf they ask. Empty: nobody is believed.
	TrustedProxies []netip.Prefix
	// NoRateLimit switches the rate limit off, for load tests.
	NoRateLimit bool
	// Limits that are zero have their defaults.
	Limits Limits

	// Logger is slog.Default when nil.
	Logger *slog.Logger
	// Registry receives the metrics and is what /metrics shows; a new one when nil.
	Registry *prometheus.Registry
	// Now is time.Now when nil.
	Now func() time.Time
}

// Limits bound what one client, and all clients together, can take.
type Limits struct {
	AnonymousBody int64 // bytes of a body without a token; 64 KiB
	TokenBody     int64 // bytes of a body with a valid token, or of somebody who signed in; 1 MiB

	Executing int           // operations at once; 2 × GOMAXPROCS
	Queue     int           // operations that wait for a turn; as many as Executing
	QueueWait time.Duration // how long they wait; 25 ms

	// Pages have turns of their own, as many as Executing, and a longer queue: people have more patience than programs.
	PageQueue     int           // pages that wait for a turn; 32 × GOMAXPROCS
	PageQueueWait time.Duration // how long they wait; 500 ms

	CacheBytes int64 // of the response cache, keys included; 64 MiB, negative: no cache

	AddressPoints int // points an hour per client address; 60,000
	TokenPoints   int // points an hour per token, and per person who signed in; 300,000
	Clients       int // clients whose points are remembered; 65,536

	Streams          int // event streams at once; 10,000
	StreamsPerClient int // of which one client holds at most; 20

	Downloads          int // downloads of lists at once; 200
	DownloadsPerClient int // of which one client holds at most; 4
	DownloadRecords    int // records in one download; 50,000

	Uploads          int // uploads at once; 8
	UploadsPerClient int // of which one client holds at most; 2

	Operation   time.Duration // one operation; 10 s
	Header      time.Duration // reading a request's header; 5 s
	Read        time.Duration // reading a whole request; 15 s
	Upload      time.Duration // reading an upload; 5 min
	Write       time.Duration // reading and answering; 30 s
	StreamWrite time.Duration // one write to an event stream or of a download; 10 s
	Idle        time.Duration // a connection between requests; 2 min
	// DrainDelay is how long /readyz says draining before the listener closes, so that a load balancer can turn
	// elsewhere; 0 s.
	DrainDelay time.Duration
	Drain      time.Duration // finishing what runs at shutdown; 20 s
}

// ErrUnavailable is returned (wrapped) by Authenticate and by a [Reader] that cannot answer now.
var ErrUnavailable = errors.New("not available now")

func (c Config) complete() (Config, error) {
	for _, field := range []struct {
		name    string
		missing bool
	}{
		{"GraphQL", c.GraphQL == nil},
		{"Schema", len(c.Schema) == 0},
		{"Reader", c.Reader == nil},
		{"App.Renderer", len(c.App.Template) > 0 && c.App.Renderer == nil},
		{"Due", c.Due == nil},
		{"Version", c.Version == nil},
		{"Authenticate", c.Authenticate == nil},
		{"Health", c.Health == nil},
		{"Accounts", c.Accounts == nil && c.Sessions != nil},
		{"Sessions", c.Sessions == nil && c.Accounts != nil},
	} {
		if field.missing {
			return c, fmt.Errorf("configuring the HTTP edge: %s is missing", field.name)
		}
	}
	if c.WithRequestID == nil {
		c.WithRequestID = func(ctx context.Context, _ string) context.Context { return ctx }
	}
	if c.WithBudget == nil {
		c.WithBudget = func(ctx context.Context, _ Budget) context.Context { return ctx }
	}
	if c.Acquaint == nil {
		c.Acquaint = func(context.Context, identity.Viewer) error { return nil }
	}
	if c.CountMiss == nil {
		c.CountMiss = func(netip.Prefix, string) {}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Registry == nil {
		c.Registry = prometheus.NewRegistry()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Limits = c.Limits.complete()
	return c, nil
}

func (l Limits) complete() Limits {
	l.AnonymousBody = cmp.Or(l.AnonymousBody, 64<<10)
	l.TokenBody = cmp.Or(l.TokenBody, 1<<20)
	l.Executing = cmp.Or(l.Executing, 2*runtime.GOMAXPROCS(0))
	l.Queue = cmp.Or(l.Queue, l.Executing)
	l.QueueWait = cmp.Or(l.QueueWait, 25*time.Millisecond)
	l.PageQueue = cmp.Or(l.PageQueue, 32*runtime.GOMAXPROCS(0))
	l.PageQueueWait = cmp.Or(l.PageQueueWait, 500*time.Millisecond)
	l.CacheBytes = cmp.Or(l.CacheBytes, 64<<20)
	l.AddressPoints = cmp.Or(l.AddressPoints, 60_000)
	l.TokenPoints = cmp.Or(l.TokenPoints, 300_000)
	l.Clients = cmp.Or(l.Clients, 1<<16)
	l.Streams = cmp.Or(l.Streams, 10_000)
	l.StreamsPerClient = cmp.Or(l.StreamsPerClient, 20)
	l.Downloads = cmp.Or(l.Downloads, 200)
	l.DownloadsPerClient = cmp.Or(l.DownloadsPerClient, 4)
	l.DownloadRecords = cmp.Or(l.DownloadRecords, 50_000)
	l.Uploads = cmp.Or(l.Uploads, 8)
	l.UploadsPerClient = cmp.Or(l.UploadsPerClient, 2)
	l.Operation = cmp.Or(l.Operation, 10*time.Second)
	l.Header = cmp.Or(l.Header, 5*time.Second)
	l.Read = cmp.Or(l.Read, 15*time.Second)
	l.Upload = cmp.Or(l.Upload, 5*time.Minute)
	l.Write = cmp.Or(l.Write, 30*time.Second)
	l.StreamWrite = cmp.Or(l.StreamWrite, 10*time.Second)
	l.Idle = cmp.Or(l.Idle, 2*time.Minute)
	l.Drain = cmp.Or(l.Drain, 20*time.Second)
	return l
}
