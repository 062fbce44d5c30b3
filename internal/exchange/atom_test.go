package exchange_test

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// parsed is a feed as a reader of RFC 4287 sees it.
type parsed struct {
	XMLName  xml.Name `xml:"http://www.w3.org/2005/Atom feed"`
	Language string   `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       string   `xml:"http://www.w3.org/2005/Atom id"`
	Title    string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated  string   `xml:"http://www.w3.org/2005/Atom updated"`
	Links    []struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	} `xml:"http://www.w3.org/2005/Atom link"`
	Author  string `xml:"http://www.w3.org/2005/Atom author>name"`
	Entries []struct {
		ID    string `xml:"http://www.w3.org/2005/Atom id"`
		Title struct {
			Language string `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
			Text     string `xml:",chardata"`
		} `xml:"http://www.w3.org/2005/Atom title"`
		Summary   string    `xml:"http://www.w3.org/2005/Atom summary"`
		Published time.Time `xml:"http://www.w3.org/2005/Atom published"`
		Updated   time.Time `xml:"http://www.w3.org/2005/Atom updated"`
		Author    string    `xml:"http://www.w3.org/2005/Atom author>name"`
		Rights    string    `xml:"http://www.w3.org/2005/Atom rights"`
		Link      struct {
			Rel  string `xml:"rel,attr"`
			Href string `xml:"href,attr"`
		} `xml:"http://www.w3.org/2005/Atom link"`
		Categories []struct {
			Scheme string `xml:"scheme,attr"`
			Term   string `xml:"term,attr"`
			Label  string `xml:"label,attr"`
		} `xml:"http://www.w3.org/2005/Atom category"`
	} `xml:"http://www.w3.org/2005/Atom entry"`
}

func feedOf(language string) exchange.Feed {
	return exchange.Feed{ID: fixture.BaseURL + "/zoeken.atom?q=kamers", Title: "Zoeken: kamers", Language: language,
		Self: fixture.BaseURL + "/zoeken.atom?q=kamers", Alternate: fixture.BaseURL + "/zoeken?q=kamers", Page: page}
}

func page(r record.Record) string { return fixture.BaseURL + "/pagina/" + r.Base().Slug }

func atom(t *testing.T, f exchange.Feed, rs ...record.Record) (string, parsed) {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.Atom(&b, f, rs); err != nil {
		t.Fatal(err)
	}
	var p parsed
	if err := xml.Unmarshal(b.Bytes(), &p); err != nil {
		t.Fatalf("%v in %s", err, b.String())
	}
	return b.String(), p
}

// seen are records as a stranger reads them.
func seen(t *testing.T, w *fixture.World, rs ...record.Record) []record.Record {
	t.Helper()
	out, err := w.ByID(identity.AsStranger(t.Context()), record.IDs(rs)...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unsaved is a record that no catalogue would take, but that a peer or an older Plein might have stored.
func unsaved(w *fixture.World, title string) *record.Project {
	p := w.Project(title)
	p.ID, p.URI, p.Slug, p.Version, p.Language, p.LicenseIRI, p.Provenance = record.NewID("prj"), fixture.BaseURL+"/id/prj_x", "x", 1, record.Dutch, record.CCBY, record.Own
	p.PublishedAt, p.UpdatedAt = fixture.Start, fixture.Start
	record.NewGroup(w.Reference(), p)
	return p
}

func TestAFeedSaysWhatARecordSays(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		project := w.Project("Kamers & overlast <b>in Leiden</b>")
		project.Title[record.English] = "Rooms"
		made := w.Publish(t, project)
		w.Clock.Move(time.Hour)
		lesson := w.Publish(t, w.Lesson("Vraag het vooraf"))
		rs := seen(t, w, made, lesson)
		f := feedOf(record.Dutch)
		f.Next = fixture.BaseURL + "/zoeken.atom?after=x&q=kamers"
		text, p := atom(t, f, rs...)
		if !strings.HasPrefix(text, `<?xml version="1.0" encoding="UTF-8"?>`) {
			t.Errorf("it begins with %.40q", text)
		}
		if p.ID != f.ID || p.Title != f.Title || p.Language != "nl" || p.Updated != "2026-03-02T10:00:00Z" || p.Author != "Plein" {
			t.Errorf("the feed is %+v", p)
		}
		links := map[string]string{}
		for _, l := range p.Links {
			links[l.Rel] = l.Href
		}
		if !reflect.DeepEqual(links, map[string]string{"self": f.Self, "alternate": f.Alternate, "next": f.Next}) {
			t.Errorf("its links are %v", links)
		}
		if len(p.Entries) != 2 {
			t.Fatalf("%d entries", len(p.Entries))
		}
		e := p.Entries[0]
		s := rs[0].Base()
		if e.ID != s.URI || e.Title.Text != "Kamers & overlast <b>in Leiden</b>" || e.Title.Language != "" || e.Summary != s.Summary.In("nl") ||
			!e.Published.Equal(s.PublishedAt) || !e.Updated.Equal(s.UpdatedAt) || e.Author != "UDC Leiden" ||
			e.Link.Rel != "alternate" || e.Link.Href != page(rs[0]) || e.Rights == "" || e.Rights != s.License().Label.In("nl") {
			t.Errorf("the entry is %+v", e)
		}
		domain := rs[0].(*record.Project).PolicyDomains()[0]
		if len(e.Categories) != 2 || e.Categories[0].Term != "PROJECT" || e.Categories[1].Term != domain.IRI ||
			e.Categories[1].Scheme != record.PolicyDomain.IRI() || e.Categories[1].Label != domain.Label.In("nl") {
			t.Errorf("its categories are %+v", e.Categories)
		}
		_, english := atom(t, feedOf(record.English), rs...)
		if a, b := english.Entries[0].Title, english.Entries[1].Title; a.Text != "Rooms" || a.Language != "" || b.Text != "Vraag het vooraf" || b.Language != "nl" {
			t.Errorf("in English the titles are %+v and %+v", a, b)
		}
	})
}

func TestAFeedIsAsNewAsItsNewestRecordAndNeverAsTheClock(t *testing.T) {
	w := small(t)
	rs := seen(t, w, w.Publish(t, w.Project("Een")))
	before, _ := atom(t, feedOf(record.Dutch), rs...)
	w.Clock.Move(48 * time.Hour)
	after, _ := atom(t, feedOf(record.Dutch), rs...)
	if before != after {
		t.Error("the same records are other bytes later")
	}
	if _, p := atom(t, feedOf(record.Dutch)); p.Updated != "1970-01-01T00:00:00Z" || len(p.Entries) != 0 || p.ID == "" || p.Title == "" || p.Author == "" {
		t.Errorf("a feed of nothing is %+v", p)
	}
}

func TestHostileTextIsTextInAFeed(t *testing.T) {
	w := small(t)
	for title, want := range map[string]string{
		"a ]]> b":                        "a ]]> b",
		"<script>alert(1)</script> &lt;": "<script>alert(1)</script> &lt;",
		"nul\x00 bel\x07 esc\x1b del\x7f c1\u0085\u009f end": "nul bel esc del c1 end",
		"niet \xff\xfe UTF-8":                                "niet UTF-8",
		"geen\ufffe teken\uffff":                             "geen teken",
		"regel\r\neen\ntwee\tdrie\rvier":                     "regel een twee drie vier",
		"\u202eomgekeerd\u202c \u200f":                       "\u202eomgekeerd\u202c \u200f",
		"💶 ĳ é":                                              "💶 ĳ é",
	} {
		p := unsaved(w, title)
		p.Summary = record.NL(title)
		f := feedOf(record.Dutch)
		f.Title = title
		text, got := atom(t, f, p)
		if got.Title != want || got.Entries[0].Title.Text != want {
			t.Errorf("%q became %q and %q", title, got.Title, got.Entries[0].Title.Text)
		}
		if strings.ContainsRune(text, '\ufffd') || strings.ContainsAny(text, "\x00\x07\x1b\x7f") {
			t.Errorf("%q is still in %q", title, text)
		}
	}
}

func TestAFeedSaysWhatIsNotAnOrganisationsOwnWork(t *testing.T) {
	w := small(t)
	seed(t, w)
	rs, err := w.Page(identity.AsStranger(t.Context()), catalog.Filter{}, catalog.Order{}, 50, "")
	if err != nil {
		t.Fatal(err)
	}
	_, p := atom(t, feedOf(record.Dutch), rs.Records...)
	if len(p.Entries) != 15 {
		t.Fatalf("%d entries", len(p.Entries))
	}
	for _, e := range p.Entries {
		if !strings.HasPrefix(e.Summary, "Startinhoud") || e.Categories[1].Term != "STARTER" {
			t.Errorf("an entry says %.60q and %+v", e.Summary, e.Categories)
		}
	}
	invented := unsaved(w, "Proef")
	invented.Provenance, invented.Summary = record.Demo, nil
	if _, p = atom(t, feedOf(record.English), invented); p.Entries[0].Summary != "Invented example." || p.Entries[0].Categories[1].Label != "Invented example" {
		t.Errorf("what is invented says %+v", p.Entries[0])
	}
}

// TestNoFormatHoldsWhatAStrangerMayNotSee looks for the words themselves in every byte that is handed out.
func TestNoFormatHoldsWhatAStrangerMayNotSee(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		sealed := w.Project("Onder embargo")
		sealed.Answer = record.NL("Het geheime antwoord.")
		sealed.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		public := w.Publish(t, sealed)
		hidden := w.Project("Alleen voor de community")
		hidden.Audience = record.Community
		ids := []record.Record{public, w.Publish(t, hidden)}
		err := w.Write(fixture.As(t, w.Leiden), func(tx *catalog.Writer) error {
			_, err := tx.Edit(t.Context(), public.Base().ID, public.Base().Revision, func(r record.Record) error {
				r.Base().Title = record.NL("Nog in bewerking")
				return nil
			})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		rs := seen(t, w, ids...)
		if rs[0] == nil || rs[1] != nil {
			t.Fatal("a stranger sees other records than this test is about")
		}
		text, _ := atom(t, feedOf(record.Dutch), rs[0])
		var b bytes.Buffer
		if err := (exchange.Table{Language: record.Dutch, Page: page}).Rows(&b, rs[0]); err != nil {
			t.Fatal(err)
		}
		if err := exchange.Lines(&b, rs[0]); err != nil {
			t.Fatal(err)
		}
		all := text + b.String() + exchange.BibTeX(rs[0]) + exchange.RIS(rs[0])
		for _, forbidden := range []string{"geheime antwoord", "Alleen voor", "in bewerking", "bekendmaking door"} {
			if strings.Contains(all, forbidden) {
				t.Errorf("a stranger reads %q", forbidden)
			}
		}
		if strings.Count(all, "Onder embargo") < 5 {
			t.Error("what is public is not in every format")
		}
	})
}
