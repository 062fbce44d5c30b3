package exchange

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/udc-community/plein/internal/record"
)

// Feed is what a document of Atom 1.0 (RFC 4287) says besides its entries.
type Feed struct {
	// ID names the list for ever: the same for every document of it, whoever asks and whenever.
	ID    string
	Title string
	// Language in which texts are preferred.
	Language record.Language
	// Self, Alternate and Next are the addresses of this document, of the page for people and of the document that
	// follows (RFC 5005); Next is empty on the last.
	Self, Alternate, Next string
	// Page is the address of a record's page for people.
	Page func(record.Record) string
}

const mediaAtom = "application/atom+xml"

// Atom writes the records as a feed, in the order given. It is as new as the newest of them and never as the clock, so
// that the same records are the same bytes; without records it is as old as can be. What is not its publisher's own
// work says so in its summary, because a feed reader shows little else.
func Atom(w io.Writer, f Feed, rs []record.Record) error {
	out := atomFeed{Language: f.Language, ID: f.ID, Title: oneLine(f.Title), Author: atomPerson{Name: siteName},
		Links: []atomLink{{Rel: "self", Type: mediaAtom, Href: f.Self}, {Rel: "alternate", Type: "text/html", Href: f.Alternate}}}
	if f.Next != "" {
		out.Links = append(out.Links, atomLink{Rel: "next", Type: mediaAtom, Href: f.Next})
	}
	newest := time.Unix(0, 0)
	for _, r := range rs {
		if at := r.Base().UpdatedAt; at.After(newest) {
			newest = at
		}
		out.Entries = append(out.Entries, f.entry(r))
	}
	out.Updated = atomMoment(newest)
	body, err := xml.Marshal(out)
	if err == nil {
		_, err = io.WriteString(w, xml.Header+string(body)+"\n")
	}
	if err != nil {
		return fmt.Errorf("write an Atom feed: %w", err)
	}
	return nil
}

func (f Feed) entry(r record.Record) atomEntry {
	s := r.Base()
	kind := record.KindOf(s.ID).Type
	title, titleIn := spoken(s.Title, f.Language)
	e := atomEntry{ID: s.URI, Title: atomText{Language: titleIn, Text: oneLine(title)}, Published: atomMoment(s.PublishedAt), Updated: atomMoment(s.UpdatedAt),
		Links:      []atomLink{{Rel: "alternate", Type: "text/html", Href: f.Page(r)}},
		Categories: []atomCategory{{Scheme: record.Namespace + "kind", Term: string(kind), Label: kind.Label().In(f.Language)}}}
	summary, summaryIn := spoken(s.Summary, f.Language)
	if s.Provenance != record.Own {
		label := s.Provenance.Label().In(f.Language)
		e.Categories = append(e.Categories, atomCategory{Scheme: record.Namespace + "provenance", Term: string(s.Provenance), Label: label})
		summary = strings.TrimSpace(label + ". " + summary)
	}
	if summary != "" {
		e.Summary = &atomText{Language: summaryIn, Text: clean(summary)}
	}
	if o := s.Publisher(); o != nil {
		e.Author = &atomPerson{Name: oneLine(o.Name)}
	}
	if c := s.License(); c != nil {
		e.Rights = oneLine(c.Label.In(f.Language))
	}
	if p, ok := r.(*record.Project); ok {
		for _, c := range p.PolicyDomains() {
			e.Categories = append(e.Categories, atomCategory{Scheme: c.Scheme.IRI(), Term: c.IRI, Label: oneLine(c.Label.In(f.Language))})
		}
	}
	return e
}

// spoken is a text with its language, which is empty when it is the one asked for.
func spoken(t record.Text, asked record.Language) (text, language string) {
	text = t.In(asked)
	if text == "" || t[asked] == text {
		return text, ""
	}
	for _, l := range t.Languages() {
		if t[l] == text {
			return text, l
		}
	}
	return text, ""
}

func atomMoment(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// clean leaves out what XML 1.0 cannot hold and no reader shows; the ends of lines are those of Unix.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), ""))
}

// oneLine is a clean text without breaks, for what shows a title or stores a field on one line.
func oneLine(s string) string {
	return strings.Join(strings.Fields(clean(strings.ReplaceAll(s, "\r", "\n"))), " ")
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Language string      `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Updated  string      `xml:"updated"`
	Author   atomPerson  `xml:"author"`
	Links    []atomLink  `xml:"link"`
	Entries  []atomEntry `xml:"entry"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      atomText       `xml:"title"`
	Summary    *atomText      `xml:"summary"`
	Published  string         `xml:"published"`
	Updated    string         `xml:"updated"`
	Author     *atomPerson    `xml:"author"`
	Rights     string         `xml:"rights,omitempty"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
}

type atomText struct {
	Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr,omitempty"`
	Text     string `xml:",chardata"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type atomCategory struct {
	Scheme string `xml:"scheme,attr"`
	Term   string `xml:"term,attr"`
	Label  string `xml:"label,attr"`
}
