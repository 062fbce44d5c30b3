package skos

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/record"
)

// lines gives each line that holds something to read. A bad line costs only itself.
func (g *gatherer) lines(b []byte, read func(line []byte, number int)) {
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	number := 0
	for line := range bytes.Lines(b) {
		number++
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
		case !utf8.Valid(line):
			g.bad(number, "", notUTF8())
		default:
			read(line, number)
		}
		if g.Broken {
			return
		}
	}
}

// texts are one text or several.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		*t = make(texts, 1)
		return json.Unmarshal(b, &(*t)[0])
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// cbsConcept is a line of the JSON in which the taxonomy of CBS goes round.
type cbsConcept struct {
	URI          string `json:"uri"`
	PrefNL       texts  `json:"pref_nl"`
	PrefEN       texts  `json:"pref_en"`
	AltNL        texts  `json:"alt_nl"`
	AltEN        texts  `json:"alt_en"`
	DefinitionNL texts  `json:"definition_nl"`
	DefinitionEN texts  `json:"definition_en"`
	Broader      texts  `json:"broader"`
	Narrower     texts  `json:"narrower"`
	Related      texts  `json:"related"`
}

// cbs reads one such line. One with nothing but an address is only pointed at from others.
func (g *gatherer) cbs(b []byte, line int) {
	var c cbsConcept
	if err := json.Unmarshal(b, &c); err != nil {
		g.bad(line, "", record.Wrong(record.Invalid, "Deze regel is geen JSON-object met uri, pref_nl, pref_en, alt_nl, broader, related.",
			"This line is no JSON object with uri, pref_nl, pref_en, alt_nl, broader, related."))
		return
	}
	if c.URI == "" {
		g.bad(line, "", record.Wrong(record.Required, "Dit begrip heeft geen adres.", "This concept has no address.", "uri"))
		return
	}
	s := node{kind: isIRI, value: c.URI}
	for _, x := range []struct {
		predicate, language string
		values              texts
	}{
		{"prefLabel", record.Dutch, c.PrefNL}, {"prefLabel", record.English, c.PrefEN},
		{"altLabel", record.Dutch, c.AltNL}, {"altLabel", record.English, c.AltEN},
		{"definition", record.Dutch, c.DefinitionNL}, {"definition", record.English, c.DefinitionEN},
	} {
		for _, v := range x.values {
			g.add(s, nsSKOS+x.predicate, node{kind: isLiteral, value: v, language: x.language}, line)
		}
	}
	for _, x := range []struct {
		predicate string
		values    texts
	}{{"broader", c.Broader}, {"narrower", c.Narrower}, {"related", c.Related}} {
		for _, v := range x.values {
			g.add(s, nsSKOS+x.predicate, node{kind: isIRI, value: v}, line)
		}
	}
}
