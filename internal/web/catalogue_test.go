package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/udc-community/plein/frontend"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/render"
)

// withPages lets the application of testdata make the pages of a site.
func withPages(t *testing.T) func(*Config) {
	return func(c *Config) { c.App.Renderer = renderer(t, render.Config{Limit: 10 * time.Second}) }
}

func TestAPageShowsTheCatalogueAsItIsNow(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		var misses counted
		s := newSite(t, w, func(c *Config) { withPages(t)(c); c.CountMiss = misses.count })
		none := s.get(t, "/zoeken?q=verkamering")
		none.has(t, 200, "<h1>Zoeken</h1>", `"totalCount":0`)
		misses.wants(t, "a search in vain", "127.0.0.1/32 verkamering")
		p := w.Publish(t, w.Project("Verkamering")).Base()
		s.catchUp(t)
		found := s.get(t, "/zoeken?q=verkamering", "If-None-Match", none.Header.Get("ETag"))
		found.has(t, 200, p.ID, `"totalCount":1`)
		misses.wants(t, "something was found")
		if again := s.get(t, "/zoeken?q=verkamering", "If-None-Match", found.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("got %d", again.StatusCode)
		}
		s.get(t, "/zoeken?q="+strings.Repeat("a", 3000)).has(t, 200, "<h1>Zoeken</h1>", "BAD_USER_INPUT")
		if got := s.get(t, "/zoeken?q="+strings.Repeat("a", 3000)); got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("a page about an error is kept: %v", got.Header)
		}
	})
}

func TestManyVisitorsOfARealCatalogueGetWholePages(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 30)
	s := newSite(t, w, withPages(t))
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for i := range 200 {
		all.Go(func() {
			r := s.get(t, fmt.Sprintf("/zoeken?q=proef+%03d", i%100))
			what := "page"
			switch {
			case strings.Contains(r.body, `"results":null`):
				what = "shell"
				r.has(t, 200, "Een ogenblik", "</html>")
			default:
				r.has(t, 200, "<h1>Zoeken</h1>", `"totalCount":`, "</html>")
			}
			mu.Lock()
			defer mu.Unlock()
			got[what]++
		})
	}
	all.Wait()
	t.Log(got)
	if got["page"] == 0 {
		t.Error(got)
	}
}

func TestACanonicalAddressLeadsToThePageOfItsRecord(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		s := newSite(t, w, withPages(t))
		project := w.Publish(t, w.Project("Verkamering in de wijk")).Base()
		template := w.Publish(t, w.Template("Werkwijze", "1.0.0", "vraag")).(*record.ProcessTemplate)
		lesson := w.Publish(t, w.Lesson("Begin klein")).Base()
		hidden := w.Project("Alleen voor de gemeenschap")
		hidden.Audience = record.Community
		community := w.Publish(t, hidden).Base()
		for id, path := range map[string]string{
			project.ID: "/projecten/udc-leiden/verkamering-in-de-wijk", template.ID: "/sjablonen/udc-leiden/werkwijze",
			template.Versions[0].ID: "/sjablonen/udc-leiden/werkwijze/1.0.0", lesson.ID: "/lessen/udc-leiden/begin-klein", w.Leiden.ID: "/udc/udc-leiden",
		} {
			if got := s.get(t, "/id/"+id); got.StatusCode != 303 || got.Header.Get("Location") != path {
				t.Errorf("%s: %d %v", id, got.StatusCode, got.Header)
			}
		}
		s.get(t, "/id/"+project.ID, "Accept", "application/json").has(t, 200, `"type":"PROJECT"`, `"uri":"`+fixture.BaseURL+"/id/"+project.ID+`"`)
		if got := s.get(t, "/id/"+community.ID); got.StatusCode != 404 {
			t.Errorf("a stranger is led to what is not public: %d", got.StatusCode)
		}

		pages := s.sitemapURLs(t)
		want := []string{"/projecten/udc-leiden/verkamering-in-de-wijk", "/sjablonen/udc-leiden/werkwijze", "/lessen/udc-leiden/begin-klein", "/udc/udc-leiden", "/gemeenten/GM0546"}
		for _, path := range want {
			if !pages[fixture.BaseURL+path] {
				t.Errorf("the sitemap lacks %s", path)
			}
		}
		if n, all := len(pages), len(standingPages())+3+4+3; n != all {
			t.Errorf("the sitemap has %d pages, want %d: %v", n, all, pages)
		}

		ctx := fixture.As(t, w.Leiden)
		if err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(ctx, project.ID, project.Revision, "De vraag is vervallen.")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		s.get(t, "/id/"+project.ID).has(t, 410, "Ingetrokken: Verkamering in de wijk", "De vraag is vervallen.")
		if s.sitemapURLs(t)[fixture.BaseURL+want[0]] {
			t.Error("the sitemap names what was withdrawn")
		}
	})
}

func (s *site) sitemapURLs(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, part := range regexp.MustCompile(`<loc>([^<]+)</loc>`).FindAllStringSubmatch(s.get(t, "/sitemap.xml").body, -1) {
		set := s.get(t, strings.TrimPrefix(part[1], fixture.BaseURL))
		if set.StatusCode != http.StatusOK {
			t.Fatal(part[1], set.StatusCode)
		}
		for _, page := range regexp.MustCompile(`<loc>([^<]+)</loc>`).FindAllStringSubmatch(set.body, -1) {
			out[page[1]] = true
		}
	}
	return out
}

func TestTheOutlineIsWalkedWithoutGapsOrDuplicates(t *testing.T) {
	w := fixture.SQLite(t)
	publishMany(t, w, 25)
	r := NewReader(w.Catalog)
	seen := map[string]bool{}
	for after := ""; ; {
		pages, err := r.RecordPages(t.Context(), after, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(pages) == 0 {
			break
		}
		for _, p := range pages {
			if seen[p.ID] || p.Updated.IsZero() || !strings.HasPrefix(p.Path, "/projecten/udc-leiden/") {
				t.Errorf("%+v", p)
			}
			seen[p.ID], after = true, p.ID
		}
	}
	if len(seen) != 25 {
		t.Errorf("%d pages", len(seen))
	}
}

func TestTheMapOfTheRealMunicipalitiesIsSmall(t *testing.T) {
	w := fixture.SQLite(t)
	if err := exchange.LoadReference(fixture.System(t), w.Catalog); err != nil {
		t.Fatal(err)
	}
	got := newSite(t, w, nil).get(t, "/kaart.svg")
	m := readMap(t, got.body)
	if len(m.Group.Circles) < 340 || len(got.body) > 30_000 {
		t.Errorf("%d dots in %d bytes", len(m.Group.Circles), len(got.body))
	}
	for _, c := range m.Group.Circles {
		if c.X-c.R < 5 || c.X+c.R > mapWidth-5 || c.Y-c.R < 5 || c.Y+c.R > mapHeight-5 {
			t.Errorf("a dot hangs over the edge: %+v", c)
		}
	}
	t.Logf("%d dots in %d bytes", len(m.Group.Circles), len(got.body))
}

func TestEveryStandingPageIsAnAddressOfTheApplication(t *testing.T) {
	app, built := frontend.Application()
	if !built {
		t.Skip("left out: the frontend was not built (make build)")
	}
	r, err := render.New(render.Config{Program: app.Server})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, path := range standingPages() {
		for _, path := range []string{path, strings.TrimSuffix("/en"+path, "/")} {
			if plan, err := r.Plan(t.Context(), path); err != nil || plan.Route == "notFound" || plan.Location != "" {
				t.Errorf("%s: %+v %v", path, plan, err)
			}
		}
	}
}
