package web

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	mediaXML = "application/xml; charset=utf-8"

	// sitemapPart is how many records are in one part. The protocol allows 50,000; parts of this size are quickly made.
	sitemapPart = 5_000

	sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
	xhtmlNamespace   = "http://www.w3.org/1999/xhtml"
)

// standingPages are the Dutch pages that are always there.
func standingPages() []string {
	return []string{"/", "/zoeken", "/sjablonen", "/lessen", "/udc", "/gemeenten", "/over", "/toegankelijkheid", "/privacy", "/help", "/api"}
}

// robots keeps crawlers from what has no end: every combination of filters is an address.
func (s *Server) robots(w http.ResponseWriter, r *http.Request) {
	s.static(w, r, revalidate, func() (string, []byte, error) {
		return mediaText, []byte("User-agent: *\n" +
			"Disallow: /graphql\n" +
			"Disallow: /zoeken?\nDisallow: /zoeken.\n" +
			"Disallow: /en/zoeken?\nDisallow: /en/zoeken.\n" +
			"Allow: /\n\n" +
			"Sitemap: " + s.config.Site.Base + "/sitemap.xml\n"), nil
	})
}

type sitemapIndex struct {
	XMLName   xml.Name      `xml:"sitemapindex"`
	Namespace string        `xml:"xmlns,attr"`
	Parts     []sitemapLink `xml:"sitemap"`
}

type sitemapLink struct {
	Location string `xml:"loc"`
	Modified string `xml:"lastmod,omitempty"`
}

type urlSet struct {
	XMLName   xml.Name     `xml:"urlset"`
	Namespace string       `xml:"xmlns,attr"`
	XHTML     string       `xml:"xmlns:xhtml,attr"`
	URLs      []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	sitemapLink
	Languages []alternate `xml:"xhtml:link"`
}

type alternate struct {
	Relation string `xml:"rel,attr"`
	Language string `xml:"hreflang,attr"`
	Address  string `xml:"href,attr"`
}

// sitemap lists the parts: one with the pages that are no records, and one for every so many records. A part is named
// after the record that it follows, so that none has to be counted to.
func (s *Server) sitemap(w http.ResponseWriter, r *http.Request) {
	s.page(w, r, "sitemap", func(ctx context.Context) (answer, error) {
		index := sitemapIndex{Namespace: sitemapNamespace, Parts: []sitemapLink{{Location: s.config.Site.Base + "/sitemap/pages.xml"}}}
		for after := ""; ; {
			pages, err := s.config.Reader.RecordPages(ctx, after, sitemapPart)
			if err != nil {
				return answer{}, fmt.Errorf("listing the parts of the sitemap: %w", err)
			}
			if len(pages) == 0 {
				return listingXML(index)
			}
			var newest time.Time
			for _, p := range pages {
				if p.Updated.After(newest) {
					newest = p.Updated
				}
			}
			part := "records.xml"
			if after != "" {
				part = "records-" + after + ".xml"
			}
			index.Parts = append(index.Parts, sitemapLink{Location: s.config.Site.Base + "/sitemap/" + part, Modified: day(newest)})
			after = pages[len(pages)-1].ID
		}
	})
}

func (s *Server) sitemapPart(w http.ResponseWriter, r *http.Request) {
	part, isXML := strings.CutSuffix(r.PathValue("part"), ".xml")
	after, isRecords := strings.CutPrefix(part, "records")
	switch {
	case !isXML || len(part) > maxIDLength:
		s.refuse(w, r, errNotFound)
	case part == "pages":
		s.page(w, r, "sitemap pages", func(context.Context) (answer, error) {
			set := newURLSet()
			for _, path := range append(standingPages(), s.config.Reader.OtherPages()...) {
				set.URLs = append(set.URLs, s.sitemapURL(path, time.Time{}))
			}
			return listingXML(set)
		})
	case isRecords && (after == "" || len(after) > 1 && after[0] == '-'):
		s.page(w, r, "sitemap "+strings.ToValidUTF8(part, ""), func(ctx context.Context) (answer, error) {
			pages, err := s.config.Reader.RecordPages(ctx, strings.TrimPrefix(after, "-"), sitemapPart)
			if err != nil {
				return answer{}, fmt.Errorf("listing a part of the sitemap: %w", err)
			}
			if len(pages) == 0 {
				return answer{}, errNotFound
			}
			set := newURLSet()
			for _, p := range pages {
				set.URLs = append(set.URLs, s.sitemapURL(p.Path, p.Updated))
			}
			return listingXML(set)
		})
	default:
		s.refuse(w, r, errNotFound)
	}
}

func newURLSet() urlSet { return urlSet{Namespace: sitemapNamespace, XHTML: xhtmlNamespace} }

// sitemapURL is a Dutch page, with the English one beside it.
func (s *Server) sitemapURL(path string, updated time.Time) sitemapURL {
	nl, en := s.config.Site.Base+path, s.config.Site.Base+strings.TrimSuffix("/en"+path, "/")
	return sitemapURL{sitemapLink{nl, day(updated)}, []alternate{{"alternate", "nl", nl}, {"alternate", "en", en}}}
}

// day is empty for the zero time.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func listingXML(v any) (answer, error) {
	body, err := xml.Marshal(v)
	if err != nil {
		return answer{}, fmt.Errorf("writing XML: %w", err)
	}
	return listing(mediaXML, listCost, append([]byte(xml.Header), body...)), nil
}
