package exchange

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/udc-community/plein/internal/record"
)

// siteName is where a record was published: what a citation and the author of a feed are called.
const siteName = "Plein"

// Media types of citations.
const (
	MediaBibTeX = "application/x-bibtex; charset=utf-8"
	MediaRIS    = "application/x-research-info-systems; charset=utf-8"
)

// citation is what both formats say of a record, in the language that it was written in.
type citation struct {
	id, author, title, version, uri, license, note, language string
	published                                                time.Time
}

func cite(r record.Record) citation {
	s := r.Base()
	c := citation{id: s.ID, title: oneLine(s.Title.In(s.Language)), version: strconv.Itoa(s.Version), uri: s.URI,
		language: cmp.Or(s.Language, record.Dutch), published: record.InTheNetherlands(s.PublishedAt)}
	if v, ok := r.(*record.TemplateVersion); ok {
		c.version = v.Number
	}
	if o := s.Publisher(); o != nil {
		c.author = oneLine(o.Name)
	}
	if l := s.License(); l != nil {
		c.license = oneLine(l.Label.In(c.language))
	}
	if s.Provenance != record.Own {
		c.note = s.Provenance.Label().In(c.language)
	}
	return c
}

// BibTeX is the citation of a record as an entry of type misc, which every style knows, with its id as the key. The
// publisher stands in braces of its own, so that the name of an organisation is not taken for one of a person.
func BibTeX(r record.Record) string {
	c := cite(r)
	var b strings.Builder
	fmt.Fprintf(&b, "@misc{%s,\n", c.id)
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "  %s = {%s},\n", name, value)
		}
	}
	if c.author != "" {
		field("author", "{"+texText(c.author)+"}")
	}
	field("title", "{"+texText(c.title)+"}")
	field("year", strconv.Itoa(c.published.Year()))
	field("howpublished", siteName)
	field("version", texText(c.version))
	field("url", texAddress(c.uri))
	field("note", texText(c.note))
	field("copyright", texText(c.license))
	b.WriteString("}\n")
	return b.String()
}

// texText writes what means something to TeX as what it looks like. Braces get names, because BibTeX counts braces
// with a backslash in front as well.
func texText(s string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\textbraceleft{}`, "}", `\textbraceright{}`, "~", `\textasciitilde{}`,
		"^", `\textasciicircum{}`, "<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`, `"`, `\textquotedbl{}`,
		"#", `\#`, "$", `\$`, "%", `\%`, "&", `\&`, "_", `\_`).Replace(s)
}

// texAddress is a web address as the field url has it: nothing is escaped there, so what could end the field or begin a
// command is percent-encoded.
func texAddress(uri string) string {
	return strings.NewReplacer(`\`, "%5C", "{", "%7B", "}", "%7D", " ", "%20").Replace(oneLine(uri))
}

// RIS is the citation of a record as reference managers import it: one field a line, lines ended by CRLF.
func RIS(r record.Record) string {
	c := cite(r)
	var b strings.Builder
	field := func(tag, value string) {
		if value != "" {
			b.WriteString(tag + "  - " + value + "\r\n")
		}
	}
	field("TY", "ELEC")
	field("ID", c.id)
	field("AU", c.author)
	field("TI", c.title)
	field("PY", strconv.Itoa(c.published.Year()))
	field("DA", c.published.Format("2006/01/02/"))
	field("PB", siteName)
	field("ET", oneLine(c.version))
	field("LA", c.language)
	field("UR", oneLine(c.uri))
	field("N1", c.note)
	field("C1", c.license)
	b.WriteString("ER  - \r\n")
	return b.String()
}
