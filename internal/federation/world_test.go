package federation_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/web"
)

// Node is a whole node on this machine: its own database and clock, and the real HTTP edge in front of it.
type Node struct {
	*fixture.World
	*federation.Federation
	// Org publishes here.
	Org    *record.Organization
	server *httptest.Server
	edge   atomic.Pointer[web.Server]
	key    string
	// Front, when it is set, goes before the edge: it answers by itself and gives true, or leaves it to the edge.
	Front atomic.Pointer[func(http.ResponseWriter, *http.Request) bool]
	// Asked counts requests.
	Asked atomic.Int64
}

// NewNode opens a node on SQLite with one publisher, "UDC " and the name. It does nothing by itself until Run.
func NewNode(t testing.TB, name string) *Node {
	t.Helper()
	return OpenNode(t, name, fixture.SQLite(t))
}

// OpenNode is a node on a world of its own.
func OpenNode(t testing.TB, name string, w *fixture.World) *Node {
	t.Helper()
	n := &Node{World: w, key: filepath.Join(t.TempDir(), "key")}
	n.server = httptest.NewUnstartedServer(nil)
	w.ServeAt(t, n.address())
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		return tx.CreateOrganizations(t.Context(), []*record.Organization{
			{Slug: "udc-" + record.Slug(name), Name: "UDC " + name, Kind: record.MunicipalUDC, Custody: record.CustodyOwn, MunicipalityCodes: []string{"GM0014"}}})
	})
	if err != nil {
		t.Fatal(err)
	}
	n.Org = w.Reference().OrganizationBySlug("udc-" + record.Slug(name))
	n.Reopen(t, w)
	n.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.Asked.Add(1)
		if front := n.Front.Load(); front != nil && (*front)(w, r) {
			return
		}
		n.edge.Load().ServeHTTP(w, r)
	})
	n.server.Start()
	t.Cleanup(n.server.Close)
	return n
}

// address is the base URL of the node, before and after it is opened again.
func (n *Node) address() string { return "http://" + n.server.Listener.Addr().String() }

// Reopen puts another process at the address of the node, on the database of a world.
func (n *Node) Reopen(t testing.TB, w *fixture.World) {
	t.Helper()
	n.World = w
	if w.BaseURL != n.address() {
		w.ServeAt(t, n.address())
	}
	place, err := w.Store.Place(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.Federation, err = federation.Open(t.Context(), federation.Config{Catalog: w.Catalog, KeyFile: n.key, Place: place, Software: "plein test",
		AllowLoopback: true, Logger: slog.New(slog.DiscardHandler), Aside: w.Store.BeginAside, Dialect: w.Store.Dialect})
	if err != nil {
		t.Fatal(err)
	}
	edge, err := web.New(web.Config{GraphQL: http.NotFoundHandler(), Schema: []byte("type Query"), Reader: web.NewReader(w.Catalog), Due: w.Due, Version: w.Version,
		Authenticate: func(ctx context.Context, _ string) (context.Context, error) { return ctx, errors.New("nobody") },
		Health:       func(context.Context) web.Health { return web.Health{} }, Federation: n.Federation, NoRateLimit: true, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	n.edge.Store(edge)
}

// Start lets the node work by itself: it signs, rings and pulls, and its clock goes on.
func (n *Node) Start(t testing.TB) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { n.Run(ctx) })
	running.Go(func() {
		for last := time.Now(); ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
			now := time.Now()
			n.Clock.Move(now.Sub(last))
			last = now
		}
	})
	t.Cleanup(func() { stop(); running.Wait() })
}

// Before puts something before the edge, until it is nil again.
func (n *Node) Before(front func(http.ResponseWriter, *http.Request) bool) {
	if front == nil {
		n.Front.Store(nil)
		return
	}
	n.Front.Store(&front)
}

// Tamper changes answers of 200 on their way: it is given the address without the base, and the body. It is nil to stop.
func (n *Node) Tamper(change func(address string, body []byte) []byte) {
	if change == nil {
		n.Before(nil)
		return
	}
	n.Before(func(w http.ResponseWriter, r *http.Request) bool {
		plain := r.Clone(r.Context())
		plain.Header.Del("Accept-Encoding")
		plain.Header.Del("If-None-Match")
		rec := httptest.NewRecorder()
		n.edge.Load().ServeHTTP(rec, plain)
		body := rec.Body.Bytes()
		if rec.Code == http.StatusOK {
			body = change(r.URL.String(), body)
		}
		w.Header().Set("Content-Type", rec.Header().Get("Content-Type"))
		w.WriteHeader(rec.Code)
		w.Write(body) //nolint:errcheck // whoever asks has gone
		return true
	})
}

// Show publishes a project of the node's publisher and signs it.
func (n *Node) Show(t testing.TB, title string) *record.Project {
	t.Helper()
	p := n.Project(title)
	p.PublisherID, p.MunicipalityCodes = n.Org.ID, []string{"GM0014"}
	out := n.Publish(t, p).(*record.Project)
	n.Sign(t)
	return out
}

// ShowMany publishes so many projects, and signs them.
func (n *Node) ShowMany(t testing.TB, count int) (ids []string) {
	t.Helper()
	ctx := fixture.As(t, n.Org)
	for len(ids) < count {
		err := n.Write(ctx, func(tx *catalog.Writer) error {
			for range min(100, count-len(ids)) {
				p := n.Project(fmt.Sprintf("Project %d", len(ids)+1))
				p.PublisherID, p.MunicipalityCodes = n.Org.ID, []string{"GM0014"}
				made, err := tx.Create(ctx, p, catalog.Origin{})
				if err != nil {
					return err
				}
				if _, err := tx.Publish(ctx, made.Base().ID, made.Base().Revision); err != nil {
					return err
				}
				ids = append(ids, made.Base().ID)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	n.Sign(t)
	return ids
}

// Revise publishes another version of a project.
func (n *Node) Revise(t testing.TB, id, title string) {
	t.Helper()
	ctx := fixture.As(t, n.Org)
	err := n.Write(ctx, func(tx *catalog.Writer) error {
		r, err := tx.Edit(ctx, id, n.revision(t, id), func(r record.Record) error { r.Base().Title = record.NL(title); return nil })
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, id, r.Base().Revision)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n.Sign(t)
}

// Withdraw takes records of the node back.
func (n *Node) Withdraw(t testing.TB, ids ...string) {
	t.Helper()
	ctx := fixture.As(t, n.Org)
	for _, id := range ids {
		revision := n.revision(t, id)
		err := n.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(ctx, id, revision, "Ingetrokken in de proef.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	n.Sign(t)
}

func (n *Node) revision(t testing.TB, id string) int {
	t.Helper()
	row, err := n.Store.Client.Draft.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return row.Revision
}

// Sign makes the members that are missing.
func (n *Node) Sign(t testing.TB) {
	t.Helper()
	if err := n.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Fingerprint is that of the node's publisher.
func (n *Node) Fingerprint(t testing.TB) string {
	t.Helper()
	n.Sign(t)
	keys, err := n.Keys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		if k.OrganizationID == n.Org.ID {
			return k.Fingerprint
		}
	}
	t.Fatal("the publisher has no key yet: publish something first")
	return ""
}

// Trust makes another node a peer, with its publisher admitted, and gives the peer's id.
func (n *Node) Trust(t testing.TB, other *Node) string {
	t.Helper()
	id, err := n.Propose(t.Context(), other.Base(), []string{other.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// Take pulls until nothing is left.
func (n *Node) Take(t testing.TB, peerID string) (all federation.Pulled) {
	t.Helper()
	for range 1000 {
		p, err := n.Pull(t.Context(), peerID, nil)
		if err != nil {
			t.Fatal(err)
		}
		all.Members, all.Refused = all.Members+p.Members, all.Refused+p.Refused
		if !p.Again {
			return all
		}
	}
	t.Fatal("a pull does not end")
	return all
}

// Copies are the titles of the copies that can be read here, by canonical address.
func (n *Node) Copies(t testing.TB) map[string]string {
	t.Helper()
	rows, err := n.Store.Client.Publication.Query().All(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range rows {
		r, err := record.Decode(row.ID, row.Body)
		if err != nil {
			t.Fatal(err)
		}
		if r.Base().Provenance == record.Peer {
			out[*row.URI] = r.Base().Title[record.Dutch]
		}
	}
	return out
}

// About is the row of another node's publisher here.
func (n *Node) About(t testing.TB, other *Node) *ent.Publisher {
	t.Helper()
	row, err := n.Store.Client.Publisher.Get(t.Context(), federation.PublisherID(other.Base()+"/id/"+other.Org.ID))
	if err != nil {
		t.Fatal(err)
	}
	return row
}
