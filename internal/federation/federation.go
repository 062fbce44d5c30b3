package federation

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/identity"
)

// Config is what the federation stands on.
type Config struct {
	// Catalog must have a base URL that was chosen on purpose: what is signed names it.
	Catalog *catalog.Catalog
	// KeyFile holds the secret that seals private keys; it is made when the first key is.
	KeyFile string
	// Place is where the database is: keys that were made in another place do not sign here.
	Place string
	// Scrub takes wiped keys out of the files of the database. Optional.
	Scrub func(context.Context) error
	// Software is the name and version that peers are told.
	Software string
	// AllowLoopback lets peers be on this machine, for tests and trials.
	AllowLoopback bool
	// Logger is slog.Default when nil.
	Logger *slog.Logger
	// Aside starts a write that takes no number of a log, for the jobs that pull; Dialect is that of the database.
	Aside   func(context.Context) (*ent.Tx, error)
	Dialect string
}

// Federation is this node among others. A nil one is a node by itself.
type Federation struct {
	Config
	secret secret
	signer signer
	// context is that of every page.
	context json.RawMessage

	mu    sync.Mutex
	woken chan struct{}

	// network is what is known of other nodes, made of known; whoever makes it again holds the lock.
	network atomic.Pointer[Network]
	known   rows
	loading sync.Mutex

	client *client
	// heard is a fingerprint of what each peer said of itself last, pages where its logs ended.
	heard *lru.Cache[string, [sha256.Size]byte]
	pages *lru.Cache[string, pageKnown]
	// due wakes the queue of pulls, news rings the doorbells of others, rung is who rang ours.
	due, news chan struct{}
	rung      doorbell
}

// remembered is how many peers and pages are remembered. What is forgotten is asked again.
const remembered = 4096

// Open gives this node its place among others.
func Open(ctx context.Context, c Config) (*Federation, error) {
	if !c.Catalog.Frozen {
		return nil, errors.New("open the federation: the node has no address of its own")
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	words, err := pageContext()
	if err != nil {
		return nil, fmt.Errorf("open the federation: %w", err)
	}
	if c.Aside == nil {
		c.Aside = c.Catalog.Begin
	}
	f := &Federation{Config: c, secret: secret{file: c.KeyFile}, context: words, woken: make(chan struct{}),
		client: newClient(c.Software, c.AllowLoopback, nil), due: make(chan struct{}, 1), news: make(chan struct{}, 1)}
	if f.heard, err = lru.New[string, [sha256.Size]byte](remembered); err != nil {
		return nil, fmt.Errorf("open the federation: %w", err)
	}
	if f.pages, err = lru.New[string, pageKnown](remembered); err != nil {
		return nil, fmt.Errorf("open the federation: %w", err)
	}
	return f, f.Refresh(ctx)
}

// Base is the address of this node, without a slash at the end.
func (f *Federation) Base() string { return f.Catalog.BaseURL }

// feedOf is the address of the log of an organisation of a node.
func feedOf(base, organizationID string) string { return base + "/ldes/" + organizationID }

// didOf is the decentralised identifier (did:web) of an organisation of a node.
func didOf(base, organizationID string) string { return nodeDID(base) + ":p:" + organizationID }

// nodeDID is the decentralised identifier of a node: its address, with the colon of a port escaped.
func nodeDID(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return "did:web:invalid"
	}
	return "did:web:" + strings.ReplaceAll(strings.ReplaceAll(u.Host, ":", "%3A")+u.EscapedPath(), "/", ":")
}

// federationHead counts what is written about the federation: keys, members, peers. What was made of it before is old.
const federationHead = "federation"

// touch notes in a write that something about the federation changed. advance belongs after the commit.
func touch(ctx context.Context, client *ent.Client) error {
	_, err := changelog.Take(ctx, client, federationHead, 1)
	return err
}

// advance wakes who waits for a write about the federation in this process.
func (f *Federation) advance() {
	f.mu.Lock()
	defer f.mu.Unlock()
	close(f.woken)
	f.woken = make(chan struct{})
}

// Changed is closed at the next write about the federation in this process after the call.
func (f *Federation) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.woken
}

// Version changes with each write about the federation, of every process. It costs one read of one row.
func (f *Federation) Version(ctx context.Context) (int64, error) {
	return f.Catalog.Log.Number(ctx, federationHead)
}

// write carries out something about the federation in one transaction. What somebody decided is told, for the private log.
func (f *Federation) write(ctx context.Context, do func(*ent.Client) error, told ...changelog.Change) error {
	err := f.Catalog.Write(ctx, func(w *catalog.Writer) error {
		if err := do(w.Ent()); err != nil {
			return err
		}
		for _, c := range told {
			w.Tell(c)
		}
		return touch(ctx, w.Ent())
	})
	if err == nil {
		f.advance()
	}
	return err
}

// decided is a line of the private log: what the one who asks decided about a node, about who publishes there, or about the
// key of an organisation.
func decided(ctx context.Context, id, what string) changelog.Change {
	return changelog.Change{Kind: changelog.PeerChanged, RecordID: id, Actor: identity.From(ctx).Actor(), Reason: what}
}

// Run does what a node does by itself, until the context ends: it signs what is new, tells others, and takes in
// what is new with them.
func (f *Federation) Run(ctx context.Context) {
	var running sync.WaitGroup
	running.Go(func() { f.sign(ctx) })
	running.Go(func() { f.followNetwork(ctx) })
	running.Go(func() { f.pullPeers(ctx) })
	running.Go(func() { f.ringPeers(ctx) })
	running.Wait()
}
