package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// publishing is an edge of a node on which Leiden published a project, and changed it until its log has so many members.
func publishing(t *testing.T, members int) (*edge, *fixture.World, *federation.Federation, string) {
	t.Helper()
	w := fixture.SQLite(t)
	f, err := federation.Open(t.Context(), federation.Config{Catalog: w.Catalog, KeyFile: filepath.Join(t.TempDir(), "key"), Place: "here", Software: "plein test"})
	if err != nil {
		t.Fatal(err)
	}
	id := w.Publish(t, w.Project("Verkamering")).Base().ID
	err = w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		for i := range members - 1 {
			_, err := tx.Edit(fixture.System(t), id, 0, func(r record.Record) error {
				r.(*record.Project).StartedOn = record.Date(fmt.Sprint(1000 + i))
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := newEdge(t, func(c *Config) {
		c.Federation, c.NoRateLimit = f, true
		c.Version, c.Due = w.Version, w.Due
	})
	return e, w, f, id
}

func TestPagesOfALogAreCachedForAsLongAsTheyStay(t *testing.T) {
	e, w, f, id := publishing(t, federation.PageSize+1)
	log := "/ldes/" + w.Leiden.ID
	const full, open = "public, max-age=3600, immutable", "max-age=30, must-revalidate"
	tags := map[string]string{}
	for path, caching := range map[string]string{log: open, log + "?page=0": full, log + "?epoch=0&page=0": full, log + "?page=1": open,
		"/ldes/relay": open, "/.well-known/plein-node.json": open, "/.well-known/did.json": open, "/p/" + w.Leiden.ID + "/did.json": open} {
		r := e.do(t, "GET", path, "")
		tag := r.Header.Get("ETag")
		if r.StatusCode != http.StatusOK || r.Header.Get("Cache-Control") != caching || tag == "" || r.Header.Get("Access-Control-Allow-Origin") != "*" ||
			strings.Contains(r.Header.Get("Vary"), "Cookie") || r.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
		if !json.Valid([]byte(r.body)) {
			t.Errorf("%s is no JSON: %.200s", path, r.body)
		}
		if r := e.do(t, "GET", path, "", "If-None-Match", tag); r.StatusCode != http.StatusNotModified || r.body != "" || r.Header.Get("Cache-Control") != caching {
			t.Errorf("%s again: %d %v", path, r.StatusCode, r.Header)
		}
		if r := e.do(t, "HEAD", path, ""); r.StatusCode != http.StatusOK || r.body != "" || r.Header.Get("ETag") != tag {
			t.Errorf("HEAD %s: %d %v", path, r.StatusCode, r.Header)
		}
		small := e.do(t, "GET", path, "", "Accept-Encoding", "gzip")
		if len(r.body) > worthCompressing && (small.Header.Get("Content-Encoding") != "gzip" || small.Header.Get("ETag") == tag || small.Header.Get("Cache-Control") != caching) {
			t.Errorf("%s in gzip: %v", path, small.Header)
		}
		if r := e.do(t, "OPTIONS", path, "", "Origin", "https://elders.example", "Access-Control-Request-Method", "GET"); r.StatusCode != http.StatusNoContent || r.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("OPTIONS %s: %d", path, r.StatusCode)
		}
		if r := e.do(t, "POST", path, "{}"); r.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, r.StatusCode)
		}
		tags[path] = tag
	}

	// A write elsewhere leaves the tag of what it does not touch.
	w.Publish(t, w.Lesson("Vraag het eerst"))
	if err := f.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, changes := range map[string]bool{log + "?page=0": false, log + "?page=1": true, "/p/" + w.Leiden.ID + "/did.json": false, "/.well-known/plein-node.json": false} {
		if r := e.do(t, "GET", path, ""); (r.Header.Get("ETag") != tags[path]) != changes {
			t.Errorf("after a write the tag of %s changed: %t", path, !changes)
		}
	}

	// A withdrawal takes the words from a page that is full, at once.
	before := e.do(t, "GET", log+"?page=0", "")
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(fixture.System(t), id, 0, "Niet juist.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	after := e.do(t, "GET", log+"?page=0", "")
	if !strings.Contains(before.body, "Verkamering") || strings.Contains(after.body, "Verkamering") || after.StatusCode != http.StatusOK || after.Header.Get("Cache-Control") != full {
		t.Errorf("after the withdrawal: %d %v %.300s", after.StatusCode, after.Header, after.body)
	}
}

func TestWhatIsNoPageOfALogIsNotFound(t *testing.T) {
	e, w, f, _ := publishing(t, 3)
	log := "/ldes/" + w.Leiden.ID
	nobody := e.do(t, "GET", "/ldes/org_niemand", "")
	for _, path := range []string{"/ldes/" + w.CBS.ID, "/ldes/" + w.CBS.ID + "?page=0", "/ldes/" + w.Delft.ID + "?page=0", "/p/" + w.CBS.ID + "/did.json", "/p/x/did.json", "/ldes/%00", "/ldes/a%0Ab",
		log + "?page=1", log + "?page=-1", log + "?page=00", log + "?page=%2B0", log + "?page=", log + "?page=0&page=0", log + "?page=0&x=1", log + "?x=1", log + "?epoch=0",
		log + "?epoch=1&page=0", log + "?page=99999999999999999999", log + "?page=0&epoch=", "/ldes/relay?page=0", "/ldes/" + strings.Repeat("a", 500), log + "?%"} {
		r := e.do(t, "GET", path, "")
		if r.StatusCode != http.StatusNotFound || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") || r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", path, r.StatusCode, r.Header)
		}
	}
	requestID := func(r reply) string { return strings.ReplaceAll(r.body, r.Header.Get("X-Request-Id"), "") }
	if cbs := e.do(t, "GET", "/ldes/"+w.CBS.ID, ""); requestID(cbs) != requestID(nobody) {
		t.Errorf("an organisation without a log is told apart from none:\n%s\n%s", cbs.body, nobody.body)
	}

	// A page of before a restore is empty and shows the way.
	if err := restored(t, w); err != nil {
		t.Fatal(err)
	}
	if err := f.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := e.do(t, "GET", log+"?page=0", "")
	if r.StatusCode != http.StatusOK || strings.Contains(r.body, `"proofValue":"z`) || !strings.Contains(r.body, `"tree:node":"`+fixture.BaseURL+log+`"`) || r.Header.Get("Cache-Control") != "max-age=30, must-revalidate" {
		t.Errorf("a page of the epoch before: %d %v %s", r.StatusCode, r.Header, r.body)
	}
	root := e.do(t, "GET", log, "")
	_, query, _ := strings.Cut(root.body, fixture.BaseURL+log+"?")
	query, _, _ = strings.Cut(query, `"`)
	if r := e.do(t, "GET", log+"?"+strings.ReplaceAll(query, `\u0026`, "&"), ""); strings.Count(r.body, `"proofValue":"z`) != 3 {
		t.Errorf("the page that the entrance names: %s\n%d %s", root.body, r.StatusCode, r.body)
	}
}

// restored says that the log went back, as plein restore does.
func restored(t *testing.T, w *fixture.World) error {
	tx, err := w.Store.Begin(t.Context())
	if err != nil {
		return err
	}
	if err := changelog.NewEpoch(t.Context(), tx.Client(), w.Clock.Now()); err != nil {
		return err
	}
	return tx.Commit()
}

func TestANodeWithoutAFederationHasNoAddressesForPeers(t *testing.T) {
	e := newEdge(t, nil)
	for _, route := range e.Routes() {
		if strings.HasPrefix(route.Pattern, "/p/") || route.Pattern == federation.WellKnown || route.Pattern == "/ldes/{publisher}" {
			t.Errorf("it answers %s", route.Pattern)
		}
	}
}
