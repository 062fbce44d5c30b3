package graph_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/web"
)

// far is another node, with its own database, behind the real HTTP edge.
type far struct {
	*fixture.World
	*federation.Federation
	org *record.Organization
	// down makes it answer nobody.
	down atomic.Bool
}

// another opens a node with one publisher, "UDC " and the name.
func another(t testing.TB, name string) *far {
	t.Helper()
	f := &far{World: fixture.SQLite(t)}
	server := httptest.NewUnstartedServer(nil)
	f.ServeAt(t, "http://"+server.Listener.Addr().String())
	slug := "udc-" + record.Slug(name)
	err := f.Write(fixture.System(t), func(w *catalog.Writer) error {
		return w.CreateOrganizations(t.Context(), []*record.Organization{{Slug: slug, Name: "UDC " + name, Kind: record.MunicipalUDC, Custody: record.CustodyOwn, MunicipalityCodes: []string{"GM0014"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	f.org = f.Reference().OrganizationBySlug(slug)
	f.Federation, err = federation.Open(t.Context(), federation.Config{Catalog: f.Catalog, KeyFile: filepath.Join(t.TempDir(), "key"), Place: "far", Software: "plein far",
		AllowLoopback: true, Logger: slog.New(slog.DiscardHandler), Aside: f.Store.BeginAside, Dialect: f.Store.Dialect})
	if err != nil {
		t.Fatal(err)
	}
	edge, err := web.New(web.Config{GraphQL: http.NotFoundHandler(), Schema: []byte("type Query"), Reader: web.NewReader(f.Catalog), Due: f.Due, Version: f.Catalog.Version,
		Authenticate: func(ctx context.Context, _ string) (context.Context, error) { return ctx, errors.New("nobody") },
		Health:       func(context.Context) web.Health { return web.Health{} }, Federation: f.Federation, NoRateLimit: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f.down.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		edge.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	return f
}

// shows publishes a project there and gives its canonical address.
func (f *far) shows(t testing.TB, title string, change func(*record.Project)) string {
	t.Helper()
	p := f.Project(title)
	p.PublisherID, p.MunicipalityCodes = f.org.ID, []string{"GM0014"}
	if change != nil {
		change(p)
	}
	id := f.Publish(t, p).Base().ID
	if err := f.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	return f.Base() + "/id/" + id
}

// withdraws takes a project there back.
func (f *far) withdraws(t testing.TB, uri string) {
	t.Helper()
	ctx, id := fixture.As(t, f.org), strings.TrimPrefix(uri, f.Base()+"/id/")
	revision := f.Store.Client.Draft.GetX(t.Context(), id).Revision
	err := f.Write(ctx, func(w *catalog.Writer) error {
		_, err := w.Withdraw(ctx, id, revision, "Klopte niet.")
		return err
	})
	if err == nil {
		err = f.SignAll(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fingerprint is that of the publisher, as its administrator sees it.
func (f *far) fingerprint(t testing.TB) string {
	t.Helper()
	keys, err := f.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys[slices.IndexFunc(keys, func(k federation.PublisherKey) bool { return k.OrganizationID == f.org.ID })].Fingerprint
}

// pulls takes in what another node has.
func (n *node) pulls(t testing.TB, f *far) {
	t.Helper()
	for again := true; again; {
		p, err := n.federation.Pull(t.Context(), federation.NodeID(f.Base()), nil)
		if err != nil && !f.down.Load() {
			t.Fatal(err)
		}
		again = p.Again
	}
	if err := n.federation.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	n.catchUp(t)
}

// trusts makes another node a peer with its publisher admitted, as its administrators would, and takes in what it has.
func (n *node) trusts(t testing.TB, f *far) (id string) {
	t.Helper()
	id, err := n.federation.Propose(fixture.System(t), f.Base(), []string{f.fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	n.pulls(t, f)
	return id
}

// peer makes a row of a node that nobody ever reached.
func (n *node) peer(t testing.TB, name string) string {
	t.Helper()
	base := "https://" + record.Slug(name) + ".example"
	id := federation.NodeID(base)
	n.rows(t, func(c *ent.Client) error {
		return c.Peer.Create().SetID(id).SetBaseURL(base).SetName(name).SetState(string(federation.Active)).SetAddedAt(n.Clock.Now().UnixMilli()).Exec(t.Context())
	})
	return id
}

// publisher makes a row of an organisation on such a node, of which withdrawals wait.
func (n *node) publisher(t testing.TB, name string) string {
	t.Helper()
	peer, home := n.peer(t, name), "https://"+record.Slug(name)+".example"
	iri := home + "/id/org_01890000-0000-7000-8000-000000000000"
	n.rows(t, func(c *ent.Client) error {
		return c.Publisher.Create().SetID(federation.PublisherID(iri)).SetIri(iri).SetName(name).SetHome(home).SetDid("did:web:x").
			SetFeed(iri).SetPeerID(peer).SetState(string(federation.Active)).SetCard([]byte("{}")).SetKey("").SetNext("").
			SetProblem(federation.TooManyDeletes).SetDeletesWaiting(3).Exec(t.Context())
	})
	return federation.PublisherID(iri)
}

// rows writes what is known of other nodes beside the federation, which notices.
func (n *node) rows(t testing.TB, do func(*ent.Client) error) {
	t.Helper()
	tx, err := n.Store.Begin(t.Context())
	if err == nil {
		err = do(tx.Client())
	}
	if err == nil {
		_, err = changelog.Take(t.Context(), tx.Client(), "federation", 1)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err == nil {
		err = n.federation.Refresh(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}
