package federation_test

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent/address"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// canaries are words by where they may be: nowhere before the release, nowhere at all, and nowhere after the withdrawal.
var (
	laterCanaries = []string{"qheelq", "qantwoordq", "qlesq"}
	neverCanaries = []string{"qconceptq", "qgemeenschapq", "qredenq", "qwijzigingq", "qweggegooidq", "qexternq"}
	// The first is what a record says, the second the title of one that is withdrawn for somebody's privacy: the title of any
	// other stays with its tombstone.
	goneCanaries = []string{"qterugq", "qpersoonq"}
)

// said is every byte that a node gives to strangers about its own records and those of others.
func (n *Node) said(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	paths := []string{"/.well-known/plein-node.json", "/.well-known/did.json", "/p/" + n.Org.ID + "/did.json", "/ldes/" + n.Org.ID, "/ldes/" + n.Org.ID + "?page=0",
		"/ldes/relay", "/ldes/relay?page=0", "/ldes/dcat", "/ldes/dcat?page=0", "/catalog.ttl", "/catalog.jsonld", "/sitemap.xml", "/zoeken.csv", "/zoeken.ndjson", "/zoeken.atom"}
	for uri := range n.public(t) {
		if path, own := strings.CutPrefix(uri, n.Base()); own {
			paths = append(paths, path)
		}
	}
	for _, path := range paths {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
		r.Header.Set("Accept", "application/ld+json, application/json, */*")
		w := httptest.NewRecorder()
		n.edge.Load().ServeHTTP(w, r)
		out[path] = slices.Concat(w.Body.Bytes(), []byte(strings.Join(w.Header()["Etag"], "")))
	}
	return out
}

// files are the bytes of all files below a folder.
func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		out[path], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func holds(b []byte, word string) bool { return bytes.Contains(bytes.ToLower(b), []byte(word)) }

func TestWhatIsNotPublicIsInNoByteOfAnotherNode(t *testing.T) {
	f := newFive(t, 6)
	a := f.A
	ctx := fixture.As(t, a.Org)
	own := func(title string) *record.Project {
		p := a.Project(title)
		p.PublisherID, p.MunicipalityCodes = a.Org.ID, []string{"GM0014"}
		return p
	}
	embargo := func(scope record.Scope) []*record.Embargo {
		e := a.Embargo(scope, time.Hour)
		e.Reason, e.PlacedBy = "Qredenq die niemand buiten de organisatie leest.", a.Org.ID
		return []*record.Embargo{e}
	}
	whole := own("Qheelq")
	whole.Embargoes = embargo(record.WholeRecord)
	a.Publish(t, whole)
	results := own("Deels onder embargo")
	results.Answer, results.Embargoes = record.NL("Qantwoordq."), embargo(record.ResultsScope)
	partly := a.Publish(t, results)
	lesson := a.Lesson("Qlesq", partly.Base().ID)
	lesson.PublisherID = a.Org.ID
	a.Publish(t, lesson)
	community := own("Qgemeenschapq")
	community.Audience = record.Community
	a.Publish(t, community)
	revised := a.Show(t, "Gepubliceerd en in bewerking")
	says := own("Wat wordt ingetrokken")
	says.Question = record.NL("Wat zegt de qterugq?")
	gone := a.Publish(t, says)
	personal := a.Show(t, "Qpersoonq")
	err := a.Write(ctx, func(tx *catalog.Writer) error {
		if _, err := tx.Create(ctx, own("Qconceptq"), catalog.Origin{}); err != nil {
			return err
		}
		thrown, err := tx.Create(ctx, own("Qweggegooidq"), catalog.Origin{})
		if err != nil {
			return err
		}
		if _, err := tx.Discard(ctx, thrown.Base().ID, thrown.Base().Revision); err != nil {
			return err
		}
		_, err = tx.Edit(ctx, revised.ID, a.revision(t, revised.ID), func(r record.Record) error {
			r.Base().Title = record.NL("Qwijzigingq")
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	external := map[string]bool{}
	err = a.Write(fixture.System(t), func(tx *catalog.Writer) error {
		made, err := tx.Create(fixture.System(t), own("Qexternq"), catalog.Origin{Provenance: record.Starter})
		if err == nil {
			external[a.Base()+"/id/"+made.Base().ID] = true
			_, err = tx.Publish(fixture.System(t), made.Base().ID, made.Base().Revision)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Sign(t)
	f.quiet(t)

	others := []*Node{f.B, f.C, f.D, f.E}
	look := func(when string, hidden, shown []string) {
		t.Helper()
		for _, n := range f.all() {
			for path, body := range n.said(t) {
				for _, word := range hidden {
					// What was imported can be read at home, and goes no further.
					if holds(body, word) && (n != a || word != "qexternq" || strings.HasPrefix(path, "/ldes") || strings.HasPrefix(path, "/.well-known")) {
						t.Errorf("%s: %s is in %s of %s", when, word, path, n.Org.Name)
					}
				}
			}
			for _, word := range hidden {
				if got := f.found(t, n, word); len(got) > 0 && (n != a || word != "qexternq") {
					t.Errorf("%s: %s finds %q for %s", when, n.Org.Name, got, word)
				}
			}
			for _, word := range shown {
				if got := f.found(t, n, word); len(got) == 0 {
					t.Errorf("%s: %s does not find %s", when, n.Org.Name, word)
				}
			}
		}
	}
	onDisk := func(when string, hidden []string) {
		t.Helper()
		for _, n := range others {
			for _, dir := range []string{n.World.Config.Dir, f.indexes[n].Dir} {
				for path, body := range files(t, dir) {
					for _, word := range hidden {
						if holds(body, word) {
							t.Errorf("%s: %s is in %s of %s", when, word, filepath.Base(path), n.Org.Name)
						}
					}
				}
			}
		}
	}
	where := func(dir string) (found []string) {
		for path, body := range files(t, dir) {
			for _, word := range goneCanaries {
				if holds(body, word) {
					found = append(found, filepath.Base(path)+" "+word)
				}
			}
		}
		return found
	}
	hidden := slices.Concat(laterCanaries, neverCanaries)
	look("before the release", hidden, goneCanaries)
	onDisk("before the release", hidden)

	f.move(t, 2*time.Hour)
	f.quiet(t)
	f.agree(t, external)
	look("after the release", neverCanaries, slices.Concat(laterCanaries, goneCanaries))
	onDisk("after the release", neverCanaries)

	a.Withdraw(t, gone.Base().ID)
	err = a.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.Withdraw(ctx, personal.ID, a.revision(t, personal.ID), "Er stonden persoonsgegevens in.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	a.Sign(t)
	f.quiet(t)
	f.agree(t, external)
	look("after the withdrawal", slices.Concat(neverCanaries, goneCanaries), laterCanaries)
	for _, n := range others {
		before := where(n.World.Config.Dir)
		// An address is never taken away, and it was made of the title.
		tx, err := n.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Address.Delete().Where(address.Slug("qpersoonq")).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		if err := n.Store.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := where(n.World.Config.Dir); len(left) > 0 {
			t.Errorf("after the withdrawal and the daily upkeep %s has %q", n.Org.Name, left)
		}
		t.Logf("%s: until the daily upkeep there is %q", n.Org.Name, before)
	}
}
