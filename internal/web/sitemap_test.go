package web

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

type sitemapXML struct {
	Sitemaps []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
	} `xml:"sitemap"`
	URLs []struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod"`
		Links   []struct {
			Lang string `xml:"hreflang,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/1999/xhtml link"`
	} `xml:"url"`
}

func (e *edge) sitemap(t *testing.T, path string) (out sitemapXML) {
	t.Helper()
	got := e.get(t, strings.TrimPrefix(path, "https://plein.test"))
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != "application/xml; charset=utf-8" || got.Header.Get("ETag") == "" {
		t.Fatalf("%s: %d %v", path, got.StatusCode, got.Header)
	}
	if err := xml.Unmarshal([]byte(got.body), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheSitemapNamesEveryPageOnce(t *testing.T) {
	e := newEdge(t, nil)
	index := e.sitemap(t, "/sitemap.xml")
	if len(index.Sitemaps) != 4 || index.Sitemaps[1].LastMod != "2027-01-01" {
		t.Fatalf("%+v", index)
	}
	seen := map[string]bool{}
	for _, part := range index.Sitemaps {
		set := e.sitemap(t, part.Loc)
		if len(set.URLs) == 0 || len(set.URLs) > 5000 {
			t.Errorf("%s has %d pages", part.Loc, len(set.URLs))
		}
		for _, u := range set.URLs {
			if seen[u.Loc] || len(u.Links) != 2 || u.Links[0].Href != u.Loc || u.Links[1].Lang != "en" || !strings.HasPrefix(u.Links[1].Href, "https://plein.test/en") || strings.HasSuffix(u.Links[1].Href, "/") {
				t.Fatalf("%+v", u)
			}
			seen[u.Loc] = true
		}
	}
	for _, path := range []string{"/", "/zoeken", "/udc/udc-leiden", "/gemeenten/GM0546", "/projecten/udc/prj_000000", fmt.Sprintf("/projecten/udc/prj_%06d", 2*sitemapPart)} {
		if !seen["https://plein.test"+path] {
			t.Errorf("%s is missing", path)
		}
	}
	if want := len(standingPages()) + 2 + 2*sitemapPart + 1; len(seen) != want {
		t.Errorf("%d pages, want %d", len(seen), want)
	}
	for _, path := range []string{"/sitemap/", "/sitemap/none.xml", "/sitemap/pages", "/sitemap/records-.xml", "/sitemap/recordsx.xml", "/sitemap/records-zzz.xml", "/sitemap/a/b.xml"} {
		if got := e.get(t, path); got.StatusCode != 404 {
			t.Errorf("%s: %d", path, got.StatusCode)
		}
	}
	if got := newEdge(t, func(c *Config) { c.Reader = closed{} }).get(t, "/sitemap.xml"); got.StatusCode != 503 {
		t.Errorf("got %d", got.StatusCode)
	}
}

func TestRobotsStayOutOfWhatHasNoEnd(t *testing.T) {
	newEdge(t, nil).get(t, "/robots.txt").has(t, 200, "User-agent: *\n", "Disallow: /graphql\n", "Disallow: /zoeken?\n", "Disallow: /en/zoeken?\n",
		"Allow: /\n", "Sitemap: https://plein.test/sitemap.xml\n")
}
