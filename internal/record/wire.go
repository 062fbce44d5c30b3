package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The wire form is a public document as other nodes read it. It has the names of the document itself, and two more: type,
// and mentions, which is what somebody who does not know what the document points at needs to show it. Ids mean nothing
// elsewhere, so where the document has one the wire form has an address. What a newer Plein adds is left out when it is
// read, a kind that it adds is read as Other, and both stay in the bytes as they came.

// Mention is something that a document points at and that another node may not know.
type Mention struct {
	// ID is its address, the same everywhere.
	ID   string      `json:"id"`
	Type MentionType `json:"type"`
	// Name of an organisation or a data source.
	Name string `json:"name,omitempty"`
	// Kind and MunicipalityCodes of an organisation.
	Kind              OrganizationKind `json:"kind,omitempty"`
	MunicipalityCodes []string         `json:"municipalities,omitempty"`
	// Holder, CatalogueURI and IsMicrodata of a data source.
	Holder       string `json:"holder,omitempty"`
	CatalogueURI string `json:"catalogueUri,omitempty"`
	IsMicrodata  bool   `json:"isMicrodata,omitempty"`
	// Scheme, Notation, Label, BroaderIRI and Level of a concept.
	Scheme     Scheme `json:"scheme,omitempty"`
	Notation   string `json:"notation,omitempty"`
	Label      Text   `json:"label,omitempty"`
	BroaderIRI string `json:"broader,omitempty"`
	Level      int    `json:"level,omitempty"`
}

// MentionType says what is mentioned.
type MentionType string

// What can be mentioned.
const (
	OrganizationMention MentionType = "ORGANIZATION"
	DataSourceMention   MentionType = "DATA_SOURCE"
	ConceptMention      MentionType = "CONCEPT"
)

// Names are the addresses of what has an id here.
type Names struct {
	Record, Organization func(id string) string
	// Home is the base URL of this node.
	Home string
}

// ToWire writes a public document as other nodes read it.
func ToWire(r Record, ref *Reference, names Names) (json.RawMessage, error) {
	out, err := Visible(r, "")
	if err != nil {
		return nil, err
	}
	for _, f := range Files(out) {
		f.URL = names.Home + f.Path()
	}
	var organizations []string
	eachID(reflect.ValueOf(out).Elem(), func(what string, id reflect.Value) {
		switch what {
		case aFile:
			id.SetString("")
		case anOrganization:
			if id.String() != r.Base().PublisherID {
				organizations = append(organizations, id.String())
			}
			id.SetString(names.Organization(id.String()))
		default:
			id.SetString(names.Record(id.String()))
		}
	})
	document, err := Encode(out)
	if err != nil {
		return nil, err
	}
	mentions, err := json.Marshal(mentionsOf(out, ref, organizations, names))
	if err != nil {
		return nil, fmt.Errorf("write what %s mentions: %w", r.Base().ID, err)
	}
	return fmt.Appendf(nil, `{"type":%q,%s,"mentions":%s}`, KindOf(r.Base().ID).Type, document[1:len(document)-1], mentions), nil
}

func mentionsOf(r Record, ref *Reference, organizations []string, names Names) []Mention {
	out := []Mention{}
	slices.Sort(organizations)
	for _, id := range slices.Compact(organizations) {
		if o := ref.Organization(id); o != nil {
			out = append(out, Mention{ID: names.Organization(id), Type: OrganizationMention, Name: o.Name, Kind: o.Kind, MunicipalityCodes: o.MunicipalityCodes})
		}
	}
	var iris []string
	eachIRI(reflect.ValueOf(r).Elem(), func(iri string) { iris = append(iris, iri) })
	slices.Sort(iris)
	for _, iri := range slices.Compact(iris) {
		if c := ref.Concept(iri); c != nil {
			out = append(out, Mention{ID: iri, Type: ConceptMention, Scheme: c.Scheme, Notation: c.Notation, Label: c.Label, BroaderIRI: c.BroaderIRI, Level: c.Level})
		} else if d := ref.DataSource(iri); d != nil {
			out = append(out, Mention{ID: iri, Type: DataSourceMention, Name: d.Name, Holder: d.Holder, CatalogueURI: d.CatalogueURI, IsMicrodata: d.IsMicrodata})
		}
	}
	return out
}

// spoken are the vocabularies that documents are written with. Those that searches are widened with are not for others to
// add to.
var spoken = []Scheme{PolicyDomain, TargetGroup, Method, GeoLevel, AccessRoute, TeamRole, OutputKind, PolicyUseKind, EmbargoGround, License, StopReason}

// MentionedID is the id of a concept that is only known because another node mentioned it.
func MentionedID(s Scheme, iri string) string { return ConceptID(s, ImportedNotation(iri)) }

// Concept makes of a mention a concept that is not offered here, and tells what is wrong with it.
func (m Mention) Concept(ref *Reference) (c *Concept, wrong string) {
	c = &Concept{ID: MentionedID(m.Scheme, m.ID), IRI: m.ID, Scheme: m.Scheme, Notation: m.Notation, Label: Text{},
		Level: m.Level, Deprecated: true, Revision: 1}
	for _, l := range ConceptLanguages {
		c.Label[l] = m.Label[l]
	}
	c.Tidy()
	if b := ref.Concept(m.BroaderIRI); b != nil && b.Scheme == c.Scheme {
		c.BroaderIRI = m.BroaderIRI
	}
	switch {
	case !slices.Contains(spoken, c.Scheme):
		return nil, "there is no such vocabulary"
	case !IsIRI(c.IRI):
		return nil, "it has no address"
	case c.Level < 0 || c.Level > len(Complexities) || !sound(c.Notation, shortText):
		return nil, "it is out of bounds"
	}
	if ps := c.Check(ref.Vocabularies); len(ps) > 0 {
		return nil, ps.Error()
	}
	return c, ""
}

// eachID gives every id in a document, with what it refers to: an organization, a file, or else a record.
func eachID(v reflect.Value, do func(what string, id reflect.Value)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if what := refersTo(f); what != "" {
			eachText(v.Field(i), func(x reflect.Value) { do(what, x) })
		} else if f.Anonymous {
			eachID(v.Field(i), do)
		} else if f.IsExported() && f.Tag.Get("json") != "-" {
			eachStruct(v.Field(i), func(x reflect.Value) { eachID(x, do) })
		}
	}
}

// eachIRI gives the addresses of what documents name by an address of its own: concepts, data sources, steps.
func eachIRI(v reflect.Value, do func(string)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported() || f.Tag.Get("json") == "-":
		case f.Anonymous:
			eachIRI(v.Field(i), do)
		case strings.HasSuffix(strings.TrimSuffix(f.Name, "s"), "IRI"):
			eachText(v.Field(i), func(x reflect.Value) { do(x.String()) })
		default:
			eachStruct(v.Field(i), func(x reflect.Value) { eachIRI(x, do) })
		}
	}
}

// eachText gives the strings in a field that hold something.
func eachText(v reflect.Value, do func(reflect.Value)) {
	switch {
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), do)
		}
	case v.String() != "":
		do(v)
	}
}

// Wire is a document of another node that was read: where documents have ids it has addresses, until it is settled.
type Wire struct {
	Record   Record
	Mentions []Mention
}

// ErrUnknownType tells that a document is of a kind, or of a shape, that this Plein is too old for.
var ErrUnknownType = errors.New("this kind of record is not known here")

// ErrWire tells that a document is not one that a Plein would write.
var ErrWire = errors.New("the record is not well-formed")

// FromWire reads what ToWire wrote on another node, or what a hostile one made of it, in the kinds that are known: what no
// Plein would write is refused, and what is private is not taken in. A record of another kind, at an address of another
// kind, is read as Other.
func FromWire(b []byte, known []Kind) (*Wire, error) {
	var head struct {
		ID       string    `json:"id"`
		Type     Type      `json:"type"`
		Schema   int       `json:"schema"`
		Mentions []Mention `json:"mentions"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrWire, err)
	}
	var kind Kind
	if i := slices.IndexFunc(known, func(k Kind) bool { return k.Type == head.Type }); i >= 0 {
		kind = known[i]
	} else if at := KindOfURI(head.ID, known); at.Type == OtherType {
		kind = at
	}
	if len(head.Mentions) > mostMentions {
		return nil, fmt.Errorf("%w: it mentions too much", ErrWire)
	}
	if kind.New == nil || kind.Type != OtherType && head.Schema > Schema {
		return nil, fmt.Errorf("%w: %q in shape %d", ErrUnknownType, head.Type, head.Schema)
	}
	malformed := ErrWire
	if head.Schema > Schema {
		malformed = ErrUnknownType // a newer Plein may mean something by it
	}
	r := kind.New()
	into := any(r)
	if o, ok := r.(*Other); ok {
		into, o.TypeName = &o.Spine, string(head.Type)
	}
	if err := json.Unmarshal(b, into); err != nil {
		return nil, fmt.Errorf("%w: %w", malformed, err)
	}
	v := reflect.ValueOf(r).Elem()
	if hasEmptyPart(v) {
		return nil, fmt.Errorf("%w: a list has an empty part", ErrWire)
	}
	s := r.Base()
	s.Schema, s.Provenance = Schema, Peer
	hide(v, "")
	if wrong := unsound(v, ""); wrong != "" {
		return nil, fmt.Errorf("%w: %s", malformed, wrong)
	}
	x := &Wire{Record: r, Mentions: head.Mentions}
	if KindOfURI(s.ID, known).Type != kind.Type {
		return nil, fmt.Errorf("%w: a %s at %q", ErrWire, kind.Type, s.ID)
	}
	if len(x.Records()) > mostPointers {
		return nil, fmt.Errorf("%w: it points at too much", ErrWire)
	}
	for uri, t := range x.Records() {
		if k := KindOfURI(uri, known).Type; k == "" || t != aRecord && k != Type(t) {
			return nil, fmt.Errorf("%w: it points at a %s as if it were a %s", ErrWire, k, t)
		}
	}
	return x, nil
}

// KindOfURI tells from the canonical address of a record which of the known kinds it is of, and that of Other when it is of
// none of them; the zero Kind when it is not the address of a record.
func KindOfURI(uri string, known []Kind) Kind {
	base, id, ok := strings.Cut(uri, "/id/")
	if !ok || base == "" || !isID(id) || !IsWebAddress(uri) || !IsIRI(uri) {
		return Kind{}
	}
	prefix, _, _ := strings.Cut(id, "_")
	if i := slices.IndexFunc(known, func(k Kind) bool { return k.Prefix == prefix }); i >= 0 {
		return known[i]
	}
	if !idPrefix.MatchString(prefix) || slices.Contains(reserved, prefix) {
		return Kind{}
	}
	return KindOfType(OtherType)
}

// isID tells whether a text has the form of the id of a record.
func isID(s string) bool {
	_, rest, ok := strings.Cut(s, "_")
	return ok && rest != "" && len(s) <= 100 && !strings.ContainsFunc(rest, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	})
}

// Records are the canonical addresses of the records that the document points at, itself among them, each with the type
// that it has to be.
func (x *Wire) Records() map[string]string {
	out := map[string]string{}
	x.each(func(what string, id reflect.Value) {
		if what != anOrganization && what != aFile {
			out[id.String()] = what
		}
	})
	return out
}

// Organizations are the addresses of the organisations that it names.
func (x *Wire) Organizations() []string {
	var out []string
	x.each(func(what string, id reflect.Value) {
		if what == anOrganization {
			out = append(out, id.String())
		}
	})
	slices.Sort(out)
	return slices.Compact(out)
}

// IRIs are the addresses of what the document names by an address that is the same everywhere: concepts, data sources,
// steps.
func (x *Wire) IRIs() []string {
	var out []string
	eachIRI(reflect.ValueOf(x.Record).Elem(), func(iri string) { out = append(out, iri) })
	return out
}

func (x *Wire) each(do func(what string, id reflect.Value)) {
	eachID(reflect.ValueOf(x.Record).Elem(), do)
}

// Settle replaces the addresses by the ids that these things have here.
func (x *Wire) Settle(records, organizations map[string]string) {
	x.each(func(what string, id reflect.Value) {
		switch what {
		case anOrganization:
			id.SetString(organizations[id.String()])
		case aFile:
			id.SetString("")
		default:
			id.SetString(records[id.String()])
		}
	})
	for _, f := range Files(x.Record) {
		f.ID = fileIDElsewhere(f.URL)
	}
}

const (
	mostLanguages = 20
	mostParts     = 500
	mostMentions  = 2_000
	mostPointers  = 600
	mostNumber    = math.MaxInt32
)

// unsound tells what is wrong with a document in ways that Check does not look at, because documents that were made here
// cannot have them; empty when nothing is.
func unsound(v reflect.Value, path string) string {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() || f.Tag.Get("json") == "-" {
			continue
		}
		if wrong := unsoundValue(v.Field(i), path+f.Name); wrong != "" {
			return wrong
		}
	}
	return ""
}

func unsoundValue(v reflect.Value, path string) string {
	switch x := v.Interface().(type) {
	case Text:
		if len(x) > mostLanguages {
			return path + " has too many languages"
		}
		for _, s := range x {
			if !sound(s, longText) {
				return path + " is too long or cannot be read"
			}
		}
		return ""
	case Date:
		if x != "" && !x.Valid() {
			return path + " is no date"
		}
		return ""
	case time.Time:
		if y := x.UTC().Year(); y < 1 || y > 9999 { // what cannot be written again
			return path + " is no moment"
		}
		v.Set(reflect.ValueOf(Instant(x)))
		return ""
	}
	switch v.Kind() {
	case reflect.String:
		if !sound(v.String(), middleText) {
			return path + " is too long or cannot be read"
		}
	case reflect.Int:
		if v.Int() < 0 || v.Int() > mostNumber {
			return path + " is out of bounds"
		}
	case reflect.Float64:
		if v.Float() < 0 || v.Float() > mostNumber {
			return path + " is out of bounds"
		}
	case reflect.Pointer:
		if !v.IsNil() {
			return unsoundValue(v.Elem(), path)
		}
	case reflect.Slice:
		if v.Len() > mostParts {
			return path + " has too many parts"
		}
		keys := map[string]bool{}
		for i := range v.Len() {
			if wrong := unsoundValue(v.Index(i), path); wrong != "" {
				return wrong
			}
			key, isNode := nodeKey(v.Index(i))
			if isNode && (keys[key] || !isStepKey(key)) {
				return path + " has a part with a key that is empty, strange, or there twice"
			}
			keys[key] = true
		}
	case reflect.Struct:
		return unsound(v, path+".")
	}
	return ""
}

func sound(s string, limit int) bool { return utf8.RuneCountInString(s) <= limit && Readable(s) }

// nodeKey is the key of a part of which the id is made.
func nodeKey(v reflect.Value) (key string, ok bool) {
	part := reflect.Indirect(v)
	if part.Kind() != reflect.Struct {
		return "", false
	}
	id, has := part.Type().FieldByName("ID")
	if !has || id.Tag.Get("json") != "-" {
		return "", false
	}
	return part.FieldByName("Key").String(), true
}
