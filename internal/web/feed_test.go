package web

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/render"
	"github.com/udc-community/plein/internal/search"
	"github.com/udc-community/plein/internal/store"
)

// listHash stands for the hash of the application's own document; the graph does not look further than the name.
const listHash = "5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d5ea2c41d"

// lists is a small program in the place of the server bundle: it knows what the addresses of feeds and downloads mean.
const lists = `Object.assign(globalThis, { plein: {
	plan: function (url) {
		var cut = (url + '?').split('?'), query = new URLSearchParams(cut[1]), format = /^(\/en)?\/zoeken\.(atom|csv|ndjson)$/.exec(cut[0])
		if (!format) return JSON.stringify({ route: 'notFound', operations: [] })
		var filter = query.get('soort') ? { types: query.getAll('soort') } : {}
		return JSON.stringify({ route: 'feed', operations: [{ hash: '` + listHash + `', variables: {
			query: query.get('q') || null, filter: filter, sort: format[2] === 'atom' ? 'NEWEST' : 'TITLE', first: 50, after: null } }] })
	},
	render: function () { throw new Error('there are no pages here') } } })`

func (library) Records(_ context.Context, ids ...string) ([]record.Record, error) {
	return make([]record.Record, len(ids)), nil
}

func (library) Label(value, _ string) string { return value }

// site is the edge on a real catalogue, a real index and the real contract.
type site struct {
	*fixture.World
	*edge
	index *search.Index
	// before is called before each operation is executed, with how many there were.
	before func(n int64) error
}

func newSite(t *testing.T, w *fixture.World, adjust func(*Config)) *site {
	t.Helper()
	logger := slog.New(slog.DiscardHandler)
	x, err := search.Open(t.Context(), search.Config{Dir: filepath.Join(t.TempDir(), "index"), Catalog: w.Catalog, Log: w.Log, Now: w.Clock.Now, Logger: logger})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	document, err := os.ReadFile(filepath.FromSlash("../../frontend/src/features/SearchIds.graphql"))
	if err != nil {
		t.Fatal(err)
	}
	handler, err := graph.NewHandler(&graph.Resolver{Catalog: w.Catalog, Files: w.Files, Index: x, Accounts: w.Accounts, Sessions: w.Sessions, Tokens: w.Tokens, Now: w.Clock.Now, Logger: logger, Version: "test", Full: store.IsFull,
		RequestID: RequestID, Budget: func(context.Context) graph.Budget { return graph.Budget{} }}, map[string]string{listHash: string(document)})
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := render.New(render.Config{Program: []byte(lists), Machines: 1, Limit: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(renderer.Close)
	s := &site{World: w, index: x, before: func(int64) error { return nil }}
	var asked atomic.Int64
	s.edge = newEdge(t, func(c *Config) {
		c.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.before(asked.Add(1)); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			handler.ServeHTTP(w, r)
		})
		c.Reader = NewReader(w.Catalog)
		c.App.Renderer = renderer
		c.Site.Base = fixture.BaseURL
		c.Due = w.Due
		c.Version = func() string { return fmt.Sprint(w.Catalog.Version(), x.Generation()) }
		c.Now = w.Clock.Now
		if adjust != nil {
			adjust(c)
		}
	})
	s.catchUp(t)
	return s
}

func (s *site) catchUp(t *testing.T) {
	t.Helper()
	if err := s.index.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Log.CatchUp(t.Context(), s.index); err != nil {
		t.Fatal(err)
	}
}

// publishMany publishes projects in one transaction; the clock moves a second for each.
func publishMany(t *testing.T, w *fixture.World, n int) {
	t.Helper()
	ctx := fixture.As(t, w.Leiden)
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		for i := range n {
			made, err := tx.Create(ctx, w.Project(fmt.Sprintf("Proef %03d", i)), catalog.Origin{})
			if err != nil {
				return err
			}
			if _, err := tx.Publish(ctx, made.Base().ID, made.Base().Revision); err != nil {
				return err
			}
			w.Clock.Move(time.Second)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// titles are those of all records that a stranger sees, by address.
func titles(t *testing.T, w *fixture.World) map[string]string {
	t.Helper()
	out := map[string]string{}
	for after := ""; ; {
		p, err := w.Page(identity.AsStranger(t.Context()), catalog.Filter{}, catalog.Order{}, 200, after)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Records {
			if record.KindOf(r.Base().ID).Searched {
				out[r.Base().URI] = r.Base().Title.In(record.Dutch)
			}
		}
		if !p.More {
			return out
		}
		after = p.Cursors[len(p.Cursors)-1]
	}
}

// feedDocument is a document of a feed as its reader sees it.
type feedDocument struct {
	Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       string `xml:"id"`
	Title    string `xml:"title"`
	Links    []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"link"`
	Entries []struct {
		ID        string    `xml:"id"`
		Title     string    `xml:"title"`
		Published time.Time `xml:"published"`
		Link      struct {
			Href string `xml:"href,attr"`
		} `xml:"link"`
	} `xml:"entry"`
}

func (d feedDocument) link(rel string) string {
	for _, l := range d.Links {
		if l.Rel == rel {
			return strings.TrimPrefix(l.Href, fixture.BaseURL)
		}
	}
	return ""
}

func (s *site) feedAt(t *testing.T, path string) (feedDocument, reply) {
	t.Helper()
	got := s.do(t, http.MethodGet, path, "")
	var d feedDocument
	if err := xml.Unmarshal([]byte(got.body), &d); err != nil || got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
		t.Fatalf("%s: %d %v %v\n%.500s", path, got.StatusCode, got.Header, err, got.body)
	}
	return d, got
}

func TestAFeedLeadsFromTheNewestToTheOldest(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		publishMany(t, w, 120)
		s := newSite(t, w, nil)
		want := titles(t, w)
		last := w.Clock.Now()
		seen := map[string]bool{}
		documents := 0
		for path := "/zoeken.atom?soort=PROJECT"; path != ""; documents++ {
			d, _ := s.feedAt(t, path)
			if d.ID != fixture.BaseURL+"/zoeken.atom?soort=PROJECT" || d.Language != "nl" || d.link("self") != path || d.link("alternate") != "/zoeken?soort=PROJECT" {
				t.Fatalf("a document says %+v", d)
			}
			if d.Title != "Plein: Project" || len(d.Entries) > 50 {
				t.Errorf("%q with %d entries", d.Title, len(d.Entries))
			}
			for _, e := range d.Entries {
				if e.Published.After(last) || seen[e.ID] || want[e.ID] != e.Title || !strings.HasPrefix(e.Link.Href, fixture.BaseURL+"/projecten/udc-leiden/proef-") {
					t.Errorf("after %s comes %+v", last, e)
				}
				last, seen[e.ID] = e.Published, true
			}
			path = d.link("next")
		}
		if len(seen) != len(want) || documents != 3 {
			t.Errorf("%d of %d records in %d documents", len(seen), len(want), documents)
		}
	})
}

func TestAFeedIsKeptUntilSomethingChanges(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 2)
	s := newSite(t, w, nil)
	asked := 0
	s.before = func(int64) error { asked++; return nil }
	_, first := s.feedAt(t, "/zoeken.atom?q=proef&soort=PROJECT")
	tag := first.Header.Get("ETag")
	if first.Header.Get("Cache-Control") != "no-cache" || first.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("its headers are %v", first.Header)
	}
	if again := s.do(t, http.MethodGet, "/zoeken.atom?soort=PROJECT&q=proef", "", "If-None-Match", tag); again.StatusCode != 304 || again.body != "" || asked != 1 {
		t.Errorf("again: %d, %d operations", again.StatusCode, asked)
	}
	if head := s.do(t, http.MethodHead, "/zoeken.atom?q=proef&soort=PROJECT", ""); head.StatusCode != 200 || head.body != "" || head.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
	}
	publishMany(t, w, 1)
	s.catchUp(t)
	if d, now := s.feedAt(t, "/zoeken.atom?q=proef&soort=PROJECT"); len(d.Entries) != 3 || now.Header.Get("ETag") == tag {
		t.Errorf("after a change it has %d entries", len(d.Entries))
	}
}

func TestAFeedOfNothingIsAFeed(t *testing.T) {
	w := fixture.SQLite(t)
	missed := &counted{}
	s := newSite(t, w, func(c *Config) { c.CountMiss = missed.count })
	d, _ := s.feedAt(t, "/en/zoeken.atom?q=%5D%5D%3E%3Cscript%3E%E2%80%AE&sorteer=titel")
	if len(d.Entries) != 0 || d.Title != "Plein: ]]><script>\u202e" || d.Language != "en" || d.link("alternate") != "/en/zoeken?q=%5D%5D%3E%3Cscript%3E%E2%80%AE&sorteer=titel" {
		t.Errorf("it is %+v", d)
	}
	if d, _ := s.feedAt(t, "/zoeken.atom"); d.Title != "Plein" {
		t.Errorf("it is called %q", d.Title)
	}
	missed.wants(t, "a feed reader's search in vain")
}

func TestADownloadHoldsEveryRecordOnce(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		publishMany(t, w, 230)
		w.Publish(t, w.Lesson(`=SOM(A1); "les"`))
		s := newSite(t, w, nil)
		want := titles(t, w)

		table := s.do(t, http.MethodGet, "/zoeken.csv", "")
		if table.StatusCode != 200 || table.Header.Get("Content-Disposition") != `attachment; filename="plein-2026-03-02.csv"` ||
			table.Header.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || table.Header.Get("Cache-Control") != "no-store" || table.Header.Get("ETag") != "" {
			t.Errorf("%d %v", table.StatusCode, table.Header)
		}
		in := csv.NewReader(strings.NewReader(strings.TrimPrefix(table.body, "\ufeff")))
		in.Comma = ';'
		rows, err := in.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		title, address, page := slices.Index(rows[0], "titel"), slices.Index(rows[0], "adres"), slices.Index(rows[0], "pagina")
		got := map[string]string{}
		for _, row := range rows[1:] {
			got[row[address]] = strings.TrimPrefix(row[title], "'")
			if !strings.HasPrefix(row[page], fixture.BaseURL+"/projecten/") && !strings.HasPrefix(row[page], fixture.BaseURL+"/lessen/") {
				t.Errorf("a page is at %q", row[page])
			}
		}
		if len(rows) != 232 || !same(got, want) || !strings.Contains(table.body, `"'=SOM(A1); ""les"""`) {
			t.Errorf("%d rows, %d records of %d", len(rows), len(got), len(want))
		}

		lines := s.do(t, http.MethodGet, "/en/zoeken.ndjson", "")
		got = map[string]string{}
		n := 0
		for line := range strings.Lines(lines.body) {
			var d struct {
				URI   string
				Title map[string]string
			}
			if err := json.Unmarshal([]byte(line), &d); err != nil {
				t.Fatal(err)
			}
			got[d.URI] = d.Title["nl"]
			n++
		}
		if n != 231 || !same(got, want) || lines.Header.Get("Content-Disposition") != `attachment; filename="plein-2026-03-02.ndjson"` {
			t.Errorf("%d lines, %d records of %d, %v", n, len(got), len(want), lines.Header)
		}

		if some := s.do(t, http.MethodGet, "/zoeken.ndjson?soort=LESSON&na=x", ""); strings.Count(some.body, "\n") != 1 {
			t.Errorf("with a filter it holds %.300s", some.body)
		}
		if head := s.do(t, http.MethodHead, "/zoeken.csv", ""); head.StatusCode != 200 || head.body != "" || head.Header.Get("Content-Disposition") == "" {
			t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
		}
	})
}

func same(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func TestARecordThatMovesWhileItIsDownloadedIsWrittenOnce(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 150)
	s := newSite(t, w, nil)
	first, err := w.Page(identity.AsStranger(t.Context()), catalog.Filter{}, catalog.Order{By: catalog.ByUpdated, Ascending: true}, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	r := first.Records[0].Base()
	revisions, err := w.Revisions(fixture.As(t, w.Leiden), []string{r.ID})
	if err != nil {
		t.Fatal(err)
	}
	s.before = func(n int64) error {
		if n != 2 {
			return nil
		}
		// By title it now comes last.
		err := w.Write(fixture.As(t, w.Leiden), func(tx *catalog.Writer) error {
			draft, err := tx.Edit(t.Context(), r.ID, revisions[r.ID], func(x record.Record) error {
				x.Base().Title = record.NL("Zzz")
				return nil
			})
			if err != nil {
				return err
			}
			_, err = tx.Publish(t.Context(), r.ID, draft.Base().Revision)
			return err
		})
		if err == nil {
			err = s.Log.CatchUp(t.Context(), s.index)
		}
		if err != nil {
			t.Error(err)
		}
		return err
	}
	got := s.do(t, http.MethodGet, "/zoeken.ndjson", "")
	if n := strings.Count(got.body, "\n"); n != 150 || strings.Count(got.body, r.URI+`"`) != 1 {
		t.Errorf("%d lines, it comes %d times", n, strings.Count(got.body, r.URI+`"`))
	}
}

func TestADownloadThatFailsHalfwayDoesNotEndWell(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 150)
	s := newSite(t, w, nil)
	s.before = func(n int64) error {
		if n == 2 {
			return errors.New("the disk at /var/lib/plein is on fire")
		}
		return nil
	}
	response, err := http.DefaultClient.Do(s.request(t, http.MethodGet, "/zoeken.csv", ""))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if response.StatusCode != 200 || !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(string(body), "/var/lib") {
		t.Errorf("%d, %v, %.200q", response.StatusCode, err, body)
	}
	if !strings.Contains(s.log.String(), "a download was cut off") {
		t.Error("the operator is not told")
	}
	if again := s.do(t, http.MethodGet, "/zoeken.csv", ""); strings.Count(again.body, "\r\n") != 151 {
		t.Errorf("the next one: %d, %d lines", again.StatusCode, strings.Count(again.body, "\r\n"))
	}
}

func TestADownloadThatHasBegunWaitsForATurn(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 150)
	var s *site
	reads, done := 0, make(chan struct{})
	s = newSite(t, w, func(c *Config) {
		c.Limits.Executing = 1
		c.Due = func(context.Context) error {
			if reads++; reads != 2 {
				return nil
			}
			// Before the second part somebody else takes the only turn, until the download was refused it.
			s.gate.executing <- struct{}{}
			go func() {
				defer close(done)
				defer func() { <-s.gate.executing }()
				eventually(t, "the download was refused a turn", func() bool { return s.metric(t, "plein_gate_rejections_total") != "0" })
			}()
			return nil
		}
	})
	got := s.do(t, http.MethodGet, "/zoeken.ndjson", "")
	<-done
	if n := strings.Count(got.body, "\n"); n != 150 {
		t.Errorf("%d lines", n)
	}
}

func TestADownloadMayTakeLongerThanAnAnswer(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 150)
	s := newSite(t, w, func(c *Config) {
		c.Limits.Header, c.Limits.Read, c.Limits.Write, c.Limits.StreamWrite = 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond, time.Minute
	})
	s.before = func(n int64) error {
		if n == 2 {
			time.Sleep(300 * time.Millisecond)
		}
		return nil
	}
	address, stop := serve(t, s.Server)
	defer stop()
	response, err := http.Get("http://" + address + "/zoeken.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, err := io.ReadAll(response.Body); err != nil || strings.Count(string(body), "\n") != 150 {
		t.Errorf("%d lines, %v", strings.Count(string(body), "\n"), err)
	}
}

func TestASlowReaderHoldsNothingButBytes(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.As(t, w.Leiden)
	long := record.NL(strings.Repeat("Een lang antwoord. ", 3300))
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		for i := range downloadPart + 1 {
			p := w.Project(fmt.Sprintf("Proef %03d", i))
			p.Answer = long
			made, err := tx.Create(ctx, p, catalog.Origin{})
			if err != nil {
				return err
			}
			if _, err := tx.Publish(ctx, made.Base().ID, made.Base().Revision); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	begin := func(patience time.Duration) (*site, string) {
		s := newSite(t, w, func(c *Config) { c.Limits.Executing, c.Limits.StreamWrite = 1, patience })
		address, stop := serve(t, s.Server)
		t.Cleanup(stop)
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { connection.Close() })
		if err := connection.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(connection, "GET /zoeken.ndjson HTTP/1.1\r\nHost: plein.test\r\n\r\n")
		return s, address
	}

	patient, address := begin(time.Minute)
	eventually(t, "the download has begun", func() bool { return patient.downloads.count() == 1 && len(patient.gate.executing) == 0 })
	if got, err := http.Get("http://" + address + "/zoeken.atom?q=proef"); err != nil || got.StatusCode != 200 {
		t.Errorf("somebody else is kept waiting: %v", err)
	} else {
		got.Body.Close()
	}
	if patient.downloads.count() != 1 {
		t.Error("the whole download fits into the buffers of the system: this shows nothing")
	}

	impatient, _ := begin(50 * time.Millisecond)
	eventually(t, "a reader that takes nothing is let go", func() bool {
		return strings.Contains(impatient.log.String(), "/zoeken.ndjson") && impatient.downloads.count() == 0
	})
	if strings.Contains(impatient.log.String(), "127.0.0.1") {
		t.Error("the log has the address of a visitor")
	}
}

func TestWhatCannotBeDownloadedWholeIsRefusedBeforehand(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 150)
	s := newSite(t, w, func(c *Config) { c.Limits.DownloadRecords = 149 })
	got := s.do(t, http.MethodGet, "/zoeken.csv", "")
	got.has(t, 400, "hooguit 149", "<h1>")
	if got.Header.Get("Content-Disposition") != "" || strings.Contains(got.body, "Proef") {
		t.Errorf("%v %s", got.Header, got.body)
	}
	s.do(t, http.MethodGet, "/zoeken.csv", "", "Accept", "application/json").wants(t, 400, "BAD_USER_INPUT")
	s.do(t, http.MethodGet, "/zoeken.csv?soort=LESSON", "").has(t, 200, "soort;titel")

	// 110 points for the first part, and 60 for the second.
	poor := newSite(t, w, func(c *Config) { c.Limits.AddressPoints = 160 })
	poor.do(t, http.MethodGet, "/zoeken.csv", "", "Accept", "application/json").wants(t, 429, "RATE_LIMITED")
	enough := newSite(t, w, func(c *Config) { c.Limits.AddressPoints = 300 })
	paid := enough.do(t, http.MethodGet, "/zoeken.csv", "")
	if paid.StatusCode != 200 || strings.Count(paid.body, "\r\n") != 151 || paid.Header.Get("RateLimit-Remaining") != "190" {
		t.Errorf("%d, %v", paid.StatusCode, paid.Header)
	}
	if b := enough.limiter.charge(caller{network: network(netip.MustParseAddr("127.0.0.1"))}, 0); b.Remaining != 130 {
		t.Errorf("it cost %d points", b.Used)
	}
}

func TestAVisitorDownloadsAFewListsAtOnce(t *testing.T) {
	s := newSite(t, fixture.SQLite(t), nil)
	for range s.config.Limits.DownloadsPerClient {
		leave, err := s.downloads.enter(caller{network: network(netip.MustParseAddr("127.0.0.1"))})
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	s.do(t, http.MethodGet, "/zoeken.csv", "", "Accept", "application/json").wants(t, 429, "RATE_LIMITED")
}

func TestNoFeedOrDownloadHoldsWhatAStrangerMayNotSee(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		sealed := w.Project("Onder embargo")
		sealed.Answer = record.NL("Het geheime antwoord.")
		sealed.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		public := w.Publish(t, sealed).Base()
		hidden := w.Project("Alleen voor de community")
		hidden.Audience = record.Community
		secret := w.Publish(t, hidden).Base()
		err := w.Write(fixture.As(t, w.Leiden), func(tx *catalog.Writer) error {
			if _, err := tx.Create(t.Context(), w.Project("Nog niet af"), catalog.Origin{}); err != nil {
				return err
			}
			_, err := tx.Edit(t.Context(), public.ID, public.Revision, func(r record.Record) error {
				r.Base().Title = record.NL("Nog in bewerking")
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, w, nil)
		for _, path := range []string{"/zoeken.atom", "/zoeken.csv", "/zoeken.ndjson", "/en/zoeken.csv", "/id/" + public.ID + ".bib", "/id/" + public.ID + ".ris",
			"/zoeken.ndjson?q=geheime+antwoord", "/zoeken.csv?q=community"} {
			got := s.do(t, http.MethodGet, path, "")
			for _, forbidden := range []string{"geheime antwoord", "Alleen voor", "in bewerking", "niet af", "bekendmaking door"} {
				if strings.Contains(got.body, forbidden) {
					t.Errorf("%s: a stranger reads %q", path, forbidden)
				}
			}
			if !strings.Contains(path, "?") && !strings.Contains(got.body, "Onder embargo") {
				t.Errorf("%s: what is public is not there: %d %.300s", path, got.StatusCode, got.body)
			}
		}
		s.do(t, http.MethodGet, "/id/"+secret.ID+".bib", "").has(t, 404)
		w.Clock.Move(2 * time.Hour)
		s.do(t, http.MethodGet, "/id/"+public.ID+".bib", "") // releases what is due
		s.catchUp(t)
		s.do(t, http.MethodGet, "/zoeken.ndjson", "").has(t, 200, "Het geheime antwoord.")
	})
}

func TestARecordCanBeCited(t *testing.T) {
	w := fixture.SQLite(t)
	made := w.Publish(t, w.Project("Kamers & overlast")).Base()
	gone := w.Publish(t, w.Project("Vergissing")).Base()
	err := w.Write(fixture.As(t, w.Leiden), func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(t.Context(), gone.ID, gone.Revision, "Een vergissing.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, w, nil)
	bib := s.do(t, http.MethodGet, "/id/"+made.ID+".bib", "", "Accept", "text/html")
	bib.has(t, 200, "@misc{"+made.ID+",", `title = {{Kamers \& overlast}}`)
	if bib.Header.Get("Content-Type") != "application/x-bibtex; charset=utf-8" || bib.Header.Get("ETag") == "" {
		t.Errorf("%v", bib.Header)
	}
	s.do(t, http.MethodGet, "/id/"+made.ID+".ris", "").has(t, 200, "TI  - Kamers & overlast\r\n")
	s.do(t, http.MethodGet, "/id/"+gone.ID+".bib", "").has(t, 410, "Een vergissing.")
	for _, id := range []string{"prj_0.bib", made.ID + ".txt", made.ID + ".bib.ris", ".bib", w.Leiden.ID + ".bib", made.ID + "%00.bib"} {
		s.do(t, http.MethodGet, "/id/"+id, "").has(t, 404)
	}
}

func TestABadLinkToAListIsExplained(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 1)
	s := newSite(t, w, nil)
	for _, path := range []string{"/zoeken.atom?na=onzin", "/zoeken.atom?q=%zz", "/zoeken.csv?q=%zz", "/zoeken.ndjson?soort=ONZIN", "/zoeken.csv?a=" + strings.Repeat("a", 5000)} {
		if got := s.do(t, http.MethodGet, path, ""); got.StatusCode < 400 || got.StatusCode >= 500 || !strings.Contains(got.body, "<h1") {
			t.Errorf("%.60s: %d %.300s", path, got.StatusCode, got.body)
		}
	}
	s.do(t, http.MethodPost, "/zoeken.csv", "").has(t, 405)
}
