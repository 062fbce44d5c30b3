package main

import (
	"bytes"
	"context"
	stdsql "database/sql"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/web"
)

// world is a node as `plein serve` puts it together, with a clock that stands still and a count of statements. Copies of
// one world have the same ids, sessions and clock, so that what they answer can be compared byte by byte.
type world struct {
	*fixture.World
	dir, database string
	offset        atomic.Int64 // milliseconds after the start
	statements    atomic.Int64
	house         *house
	index         *search.Index
	server        *web.Server
	stop          []func() error
}

func (w *world) now() time.Time {
	return fixture.Start.Add(time.Duration(w.offset.Load()) * time.Millisecond)
}

// at shows a moment after the start on the clock, and lets the index follow what that frees.
func (w *world) at(t testing.TB, d time.Duration) {
	t.Helper()
	w.offset.Store(d.Milliseconds())
	if err := w.house.catalog.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t)
}

// openWorld opens a folder, or a PostgreSQL database beside it.
func openWorld(t testing.TB, dir, database string) *world {
	t.Helper()
	w := &world{dir: dir, database: database}
	ctx := context.WithoutCancel(t.Context())
	s := &session{cli: &cli{Data: dir, Database: database, BaseURL: fixture.BaseURL}, ctx: ctx, stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, now: w.now,
		wrap: func(d dialect.Driver) dialect.Driver {
			return dialect.DebugWithContext(d, func(context.Context, ...any) { w.statements.Add(1) })
		}}
	logger := slog.New(slog.DiscardHandler)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.house, err = s.open(logger, "", true)
	must(err)
	w.stop = append(w.stop, w.house.close)
	w.house.accounts.Passwords = identity.NewPasswords(identity.Params{Time: 1, Memory: 8, Threads: 1})
	w.index, err = search.Open(ctx, search.Config{Dir: filepath.Join(dir, "index"), Catalog: w.house.catalog, Log: w.house.log, Now: w.now, Logger: logger,
		LookEvery: time.Hour, VerifyEvery: time.Hour}) // its upkeep asks the database too
	must(err)
	w.stop = append(w.stop, w.index.Close)
	server, end, err := serveCmd{RateLimit: "off", CacheBytes: 64 << 20, SecurityContact: "mailto:veilig@plein.test"}.edge(s, w.house,
		around{index: w.index, registry: prometheus.NewRegistry(), logger: logger})
	must(err)
	w.server = server
	w.stop = append(w.stop, func() error { end(); return nil })
	must(w.index.Wait(ctx))
	w.World = &fixture.World{Catalog: w.house.catalog, Log: w.house.log}
	w.Find()
	t.Cleanup(func() { w.close(t) })
	return w
}

func (w *world) close(t testing.TB) {
	t.Helper()
	for len(w.stop) > 0 {
		last := len(w.stop) - 1
		if err := w.stop[last](); err != nil {
			t.Error(err)
		}
		w.stop = w.stop[:last]
	}
}

// copy makes a world of its own of one that was closed.
func (w *world) copy(t testing.TB) *world {
	t.Helper()
	dir, database := t.TempDir(), ""
	if err := os.CopyFS(dir, os.DirFS(w.dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w.database != "" {
		database = twinDatabase(t, w.database)
	}
	out := openWorld(t, dir, database)
	out.settle(t)
	return out
}

// settle lets the keys of a copy sign in it, in the epoch in which they signed before: otherwise worlds that are to be
// compared would have no logs to compare.
func (w *world) settle(t testing.TB) {
	t.Helper()
	tx, err := w.house.store.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := federation.SetPlace(t.Context(), tx.Client(), w.house.federation.Place); err != nil {
		t.Fatal(err)
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}

// twinDatabase is a PostgreSQL database made after another one, which nobody has open.
func twinDatabase(t testing.TB, original string) string {
	t.Helper()
	made := fixture.Database(t)
	names := make([]string, 2)
	for i, address := range []string{original, made} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		names[i] = strings.TrimPrefix(u.Path, "/")
	}
	db, err := stdsql.Open("pgx", os.Getenv("PLEIN_TEST_POSTGRES"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, q := range []string{"DROP DATABASE " + names[1], "CREATE DATABASE " + names[1] + " TEMPLATE " + names[0]} {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	return made
}

func (w *world) catchUp(t testing.TB) {
	t.Helper()
	if err := w.Log.CatchUp(t.Context(), w.index); err != nil {
		t.Fatal(err)
	}
	if err := w.house.federation.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// write carries out a write as the node itself.
func (w *world) write(t testing.TB, do func(context.Context, *catalog.Writer) error) {
	t.Helper()
	w.writeAs(t, identity.AsSystem(t.Context()), do)
}

func (w *world) writeAs(t testing.TB, ctx context.Context, do func(context.Context, *catalog.Writer) error) {
	t.Helper()
	if err := w.Write(ctx, func(tx *catalog.Writer) error { return do(ctx, tx) }); err != nil {
		t.Fatal(err)
	}
}

// create makes a working copy.
func (w *world) create(t testing.TB, r record.Record) string {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Create(ctx, r, catalog.Origin{})
		return err
	})
	return r.Base().ID
}

func (w *world) publish(t testing.TB, id string) string {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Publish(ctx, id, 0)
		return err
	})
	return id
}

func (w *world) show(t testing.TB, r record.Record) string { return w.publish(t, w.create(t, r)) }

func (w *world) edit(t testing.TB, id string, do func(record.Record)) {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Edit(ctx, id, 0, func(r record.Record) error { do(r); return nil })
		return err
	})
}

// upload keeps a file for a project and gives its id.
func (w *world) upload(t testing.TB, project, name, content string) string {
	t.Helper()
	in, err := w.house.files.Receive(name, strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	kept, err := w.house.files.Keep(identity.AsSystem(t.Context()), project, in)
	if err != nil {
		t.Fatal(err)
	}
	return kept.ID
}

// share gives a link to a working copy: its id and the secret of its address.
func (w *world) share(t testing.TB, id string) (share, secret string) {
	t.Helper()
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		s, address, err := tx.Share(ctx, id, "Voor een deskundige", 1)
		if err == nil {
			share, secret = s.ID, address[strings.LastIndex(address, "/")+1:]
		}
		return err
	})
	return share, secret
}

// request is one thing that somebody asks.
type request struct {
	// surface is what is asked: Query.search, GET /id/{id}.
	surface              string
	method, target, body string
	header               map[string]string
	// until ends an event stream at the event that holds it.
	until string
}

func (r request) String() string {
	return strings.TrimSpace(r.method + " " + r.target + " " + fmt.Sprint(r.header) + "\n" + r.body)
}

// answer is everything that a caller gets.
type answer struct {
	status     int
	header     http.Header
	body       string
	statements int64
}

// ask sends a request on behalf of somebody: from an address of its own on this machine, where cookies count without
// HTTPS and no allowance is shared.
func (w *world) ask(who caller, n int, r request) answer {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	in := httptest.NewRequestWithContext(ctx, r.method, r.target, strings.NewReader(strings.ReplaceAll(r.body, "@caller", who.name)))
	in.Host, in.RemoteAddr = "localhost", netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, byte(1 + who.number), byte(n >> 8), byte(n)}), 4000).String()
	in.Header.Set("Sec-Fetch-Site", "same-origin")
	if who.cookie != "" {
		in.AddCookie(&http.Cookie{Name: "plein", Value: who.cookie})
		in.AddCookie(&http.Cookie{Name: "plein-in", Value: "1"})
	}
	if who.token != "" {
		in.Header.Set("Authorization", "Bearer "+who.token)
	}
	for k, v := range r.header {
		in.Header.Set(k, v)
	}
	before := w.statements.Load()
	out := &recorder{ResponseRecorder: httptest.NewRecorder(), until: r.until, end: cancel}
	w.server.ServeHTTP(out, in)
	return answer{status: out.Code, header: out.Header(), body: out.Body.String(), statements: w.statements.Load() - before}
}

// recorder ends an event stream at the event that it waits for.
type recorder struct {
	*httptest.ResponseRecorder
	until string
	end   func()
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseRecorder.Write(b)
	if r.until != "" && bytes.Contains(r.Body.Bytes(), []byte(r.until)) {
		r.end()
	}
	return n, err
}

func (r *recorder) SetWriteDeadline(time.Time) error { return nil }
func (r *recorder) SetReadDeadline(time.Time) error  { return nil }

// caller is who asks.
type caller struct {
	name, cookie, token string
	// number is the network that the caller is on.
	number int
	// community tells that what is for the members of this node is for them.
	community bool
	// organization tells that the caller belongs to one, or is a program of one.
	organization bool
}

// stage is the world before anything is hidden, closed, and what everybody needs to know of it.
type stage struct {
	*world
	callers []caller
	// author belongs to the organisation whose it all is.
	author caller
	// named are samples by name: ids, addresses and secrets of what is there.
	named map[string]string
	// results and outputs are under embargo, without any yet; revised is public; twin and namesake are working copies with
	// the titles of secrets, published afterwards; changed is published again then.
	results, outputs, revised, twin, namesake, changed string
	users                                              map[string]*identity.User
}

const secretPhrase = "een zin die niemand raadt"

func newStage(t testing.TB, database string) *stage {
	t.Helper()
	w := openWorld(t, t.TempDir(), database)
	st := &stage{world: w, named: map[string]string{}, users: map[string]*identity.User{}}
	w.Seed(t)
	st.records(t)
	st.people(t)
	for i := range st.callers {
		st.callers[i].number = i + 1
	}
	maps.Copy(st.named, map[string]string{"leiden": w.Leiden.ID, "delft": w.Delft.ID, "results": st.results, "outputs": st.outputs, "revised": st.revised, "twin": st.twin,
		"changed": st.changed, "node": federation.NodeID(w.BaseURL), "guest": st.users["guest"].ID})
	var err error
	if st.named["before"], err = w.FeedEnd(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t)
	w.close(t)
	return st
}

// records are what everybody sees, and what is hidden in every world alike.
func (st *stage) records(t testing.TB) {
	w, name := st.world, st.named
	template := w.Template("Zo doen wij het", "1.0.0", "vraag", "analyse")
	name["template"] = w.show(t, template)
	w.edit(t, name["template"], func(r record.Record) { r.(*record.ProcessTemplate).Number = "1.1.0" })
	w.publish(t, name["template"])
	rs, err := w.ByID(identity.AsSystem(t.Context()), name["template"])
	if err != nil {
		t.Fatal(err)
	}
	versions := rs[0].(*record.ProcessTemplate).Versions
	name["version"], name["former"] = versions[1].ID, versions[0].ID

	p := w.Project("Overlast in woningen")
	p.Answer, p.Phase, p.StartedOn = record.NL("Vooral in oude wijken."), record.Done, "2019-04"
	p.TemplateID, p.TemplateVersionID = name["template"], name["version"]
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: w.CBS.ID, DeliveredOn: "2026-01-05"}}
	p.PolicyUses = []*record.PolicyUse{{Key: "u1", KindIRI: record.ConceptIRI(record.PolicyUseKind, "beleidsstuk"), Title: record.NL("Nota")}}
	name["project"] = w.create(t, p)
	name["file"] = w.upload(t, name["project"], "rapport.csv", "a,b\n1,2\n")
	w.edit(t, name["project"], func(r record.Record) { r.(*record.Project).Outputs[0].File = &record.File{ID: name["file"]} })
	w.publish(t, name["project"])
	other := w.Project("Overlast op straat")
	other.PublisherID, other.MunicipalityCodes = w.Delft.ID, []string{"GM0503"}
	st.changed = w.show(t, other)
	name["lesson"] = w.show(t, w.Lesson("Meet de overlast", name["project"]))

	embargoed := func(title string, scope record.Scope) string {
		p := w.Project(title)
		p.Embargoes = []*record.Embargo{w.embargo(scope)}
		return w.show(t, p)
	}
	st.results, st.outputs = embargoed("Kansen in het onderwijs", record.ResultsScope), embargoed("Drukte op de weg", record.OutputsScope)
	st.revised = w.show(t, w.Project("Verkamering in de stad"))
	st.twin = w.create(t, w.Project("Kwqscheduled bijzonder onderzoek"))
	st.namesake = w.create(t, w.Project(namesakes))
	name["elsewhere"] = func() string {
		p := w.Project("Concept van Delft")
		p.PublisherID = w.Delft.ID
		return w.create(t, p)
	}()
	_, name["bearer"] = w.share(t, name["elsewhere"])
	name["guestIn"] = w.create(t, w.Project("Waar een gast aan werkt"))
}

// embargo ends an hour after the start.
func (w *world) embargo(scope record.Scope) *record.Embargo {
	return &record.Embargo{Key: "e1", Scope: scope, GroundIRI: record.ConceptIRI(record.EmbargoGround, "bekendmaking"),
		Reason: "Wacht op de bekendmaking door het ministerie.", Until: fixture.Start.Add(embargoLasts), PlacedAt: fixture.Start, PlacedBy: w.Leiden.ID}
}

const embargoLasts = time.Hour

// people are one of each who may not see what is hidden, and an author who may.
func (st *stage) people(t testing.TB) {
	ctx, a := identity.AsSystem(t.Context()), st.house.accounts
	enter := func(name string, n identity.NewUser, in ...identity.Membership) caller {
		t.Helper()
		n.Email, n.Name, n.Password = name+"@plein.test", strings.ToUpper(name[:1])+name[1:], secretPhrase
		u, err := a.Create(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range in {
			if err := a.SetRole(ctx, u.ID, m.OrganizationID, m.Role); err != nil {
				t.Fatal(err)
			}
		}
		if name == "guest" {
			if err := a.AddGuest(ctx, u.ID, st.named["guestIn"]); err != nil {
				t.Fatal(err)
			}
		}
		st.users[name] = u
		secret, err := a.SignIn(t.Context(), identity.Credentials{Email: n.Email, Password: secretPhrase, From: netip.MustParsePrefix("127.0.0.1/32")})
		if err != nil {
			t.Fatal(err)
		}
		return caller{name: name, cookie: secret, community: len(in) > 0 || n.NodeAdmin || n.Moderator, organization: len(in) > 0}
	}
	in := func(o *record.Organization, r identity.Role) identity.Membership {
		return identity.Membership{OrganizationID: o.ID, Role: r}
	}
	st.author = enter("author", identity.NewUser{}, in(st.Leiden, identity.Author))
	enter("reviewer", identity.NewUser{}, in(st.Leiden, identity.Coordinator))
	expired := enter("expired", identity.NewUser{}, in(st.Leiden, identity.Administrator))
	v, _, err := st.house.sessions.Authenticate(t.Context(), expired.cookie)
	if err == nil {
		err = st.house.sessions.End(t.Context(), v.UserID, v.SessionID)
	}
	if err != nil {
		t.Fatal(err)
	}
	expired.community, expired.organization = false, false
	token, _, err := st.house.tokens.Create(ctx, st.Delft.ID, "Koppeling", identity.Scopes, 24*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	st.callers = []caller{
		{name: "stranger"}, expired,
		enter("account", identity.NewUser{}), enter("guest", identity.NewUser{}),
		enter("memberElsewhere", identity.NewUser{}, in(st.Delft, identity.Member)), enter("authorElsewhere", identity.NewUser{}, in(st.Delft, identity.Author)),
		enter("coordinatorElsewhere", identity.NewUser{}, in(st.Delft, identity.Coordinator)), enter("administratorElsewhere", identity.NewUser{}, in(st.Delft, identity.Administrator)),
		enter("moderator", identity.NewUser{Moderator: true}), enter("nodeAdministrator", identity.NewUser{NodeAdmin: true}),
		{name: "tokenElsewhere", token: token, community: true, organization: true}, enter("member", identity.NewUser{}, in(st.Leiden, identity.Member)),
	}
}

// caller is one of the callers by name.
func (st *stage) caller(name string) caller {
	for _, c := range st.callers {
		if c.name == name {
			return c
		}
	}
	panic("there is no caller " + name)
}
