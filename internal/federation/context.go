package federation

import (
	"encoding/json"
	"reflect"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// pageContext is the JSON-LD context of every page, written inline: nobody has to fetch one. Words of records that it does
// not name are terms of Plein's own namespace.
func pageContext() (json.RawMessage, error) {
	integer := map[string]string{"@type": "xsd:integer"}
	moment := func(name string) map[string]string {
		return map[string]string{"@id": name, "@type": "xsd:dateTime"}
	}
	link := func(name string) map[string]string { return map[string]string{"@id": name, "@type": "@id"} }
	terms := map[string]any{
		"@version": 1.1,
		"@vocab":   record.Namespace,
		"ldes":     "https://w3id.org/ldes#",
		"tree":     "https://w3id.org/tree#",
		"as":       "https://www.w3.org/ns/activitystreams#",
		"sec":      "https://w3id.org/security#",
		"dcterms":  "http://purl.org/dc/terms/",
		"xsd":      "http://www.w3.org/2001/XMLSchema#",

		"id": "@id", "type": "@type", "graph": "@graph",
		"Create": "as:Create", "Update": "as:Update", "Delete": "as:Delete",
		"object": link("as:object"), "published": moment("as:published"),
		"epoch": integer, "seq": integer, "version": integer,

		"proof":              map[string]string{"@id": "sec:proof", "@type": "@id", "@container": "@graph"},
		"DataIntegrityProof": "sec:DataIntegrityProof",
		"cryptosuite":        map[string]string{"@id": "sec:cryptosuite", "@type": "sec:cryptosuiteString"},
		"created":            moment("dcterms:created"),
		"verificationMethod": link("sec:verificationMethod"),
		"proofPurpose":       map[string]string{"@id": "sec:proofPurpose", "@type": "@vocab"},
		"assertionMethod":    "sec:assertionMethod",
		"proofValue":         map[string]string{"@id": "sec:proofValue", "@type": "sec:multibase"},

		"tree:view": link("tree:view"), "tree:member": link("tree:member"), "tree:node": link("tree:node"),
		"tree:path": link("tree:path"), "tree:value": moment("tree:value"),
	}
	for name := range textFields() {
		terms[name] = map[string]string{"@container": "@language"}
	}
	terms["title"] = map[string]string{"@id": "dcterms:title", "@container": "@language"}
	return json.Marshal(terms)
}

// textFields are the names of what documents say in several languages.
func textFields() map[string]bool {
	names, seen := map[string]bool{}, map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || seen[t] {
			return
		}
		seen[t] = true
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Type == reflect.TypeFor[record.Text]() && name != "" && name != "-" {
				names[name] = true
			}
			walk(f.Type)
		}
	}
	for _, k := range record.Kinds() {
		walk(reflect.TypeOf(k.New()))
	}
	return names
}
