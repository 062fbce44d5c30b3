package graph

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/udc-community/plein/internal/record"
)

// Subgraph is this schema as the composition of a supergraph reads it.
type Subgraph struct{ SDL string }

// subgraph is the contract with its keys and without the definitions of the federation's own words, which the
// composition brings along.
var subgraph = sync.OnceValue(func() string {
	s := *NewExecutableSchema(Config{}).Schema()
	s.Types, s.Directives = maps.Clone(s.Types), maps.Clone(s.Directives)
	maps.DeleteFunc(s.Types, func(name string, _ *ast.Definition) bool {
		return strings.HasPrefix(name, "_") || strings.Contains(name, "__")
	})
	maps.DeleteFunc(s.Directives, func(name string, _ *ast.DirectiveDefinition) bool {
		return name == "link" || name == "key" || name == "shareable"
	})
	query := *s.Query
	query.Fields = slices.DeleteFunc(slices.Clone(query.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "_") })
	s.Query, s.Types[query.Name] = &query, &query
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(&s)
	return b.String()
})

// gqlgen calls these two for _service and _entities, whose names resolvers cannot have. Its federation plugin would make
// them; it asks for each kind and key apart, and knows neither groups nor what may not be seen.

func (ec *executionContext) __resolve__service(context.Context) (Subgraph, error) {
	return Subgraph{SDL: subgraph()}, nil
}

func (ec *executionContext) __resolve_entities(ctx context.Context, representations []map[string]any) []record.Node {
	r, ok := ec.Resolvers.(*Resolver)
	if !ok {
		ec.Error(ctx, fmt.Errorf("the resolvers are %T", ec.Resolvers))
		return nil
	}
	out, err := r.entities(ctx, ec.Schema(), representations)
	if err != nil {
		ec.Error(ctx, err)
		return nil
	}
	return out
}

// entities answers what other subgraphs point at, in the order asked: records in one statement by id and one by address,
// whatever the kinds, and reference data from memory. What is not there and what may not be seen are both nil.
func (r *Resolver) entities(ctx context.Context, schema *ast.Schema, representations []map[string]any) ([]record.Node, error) {
	if len(representations) > maxFirst {
		return nil, record.Problems{record.Wrong(record.TooMany, "Vraag hooguit 100 tegelijk.", "Ask for at most 100 at once.", "representations")}
	}
	pointers := make([]pointer, len(representations))
	for i, x := range representations {
		p, ok := readPointer(schema, x)
		if !ok {
			return nil, record.Problems{record.Wrong(record.Invalid, "Wijs iets aan met `__typename` en één van de sleutels van dat type.",
				"Point at something with `__typename` and one of the keys of that type.", "representations", fmt.Sprint(i))}
		}
		pointers[i] = p
	}
	found, err := r.pointedAt(ctx, pointers)
	if err != nil {
		return nil, err
	}
	out := make([]record.Node, len(pointers))
	for i, p := range pointers {
		if !p.toRecord() {
			out[i] = p.reference(r.Catalog.Reference())
		} else if x := found[p.keyValue]; p.isTo(x) {
			out[i] = x
		}
	}
	bindOrganizations(out)
	return out, nil
}

// pointedAt are the records that are pointed at, by where.
func (r *Resolver) pointedAt(ctx context.Context, pointers []pointer) (map[keyValue]record.Record, error) {
	values := map[string][]string{}
	for _, p := range pointers {
		if p.toRecord() {
			values[p.key] = append(values[p.key], p.value)
		}
	}
	byID, err := r.Catalog.ByID(ctx, values["id"]...)
	if err != nil {
		return nil, err
	}
	byURI, err := r.Catalog.ByURI(ctx, values["uri"]...)
	if err != nil {
		return nil, err
	}
	found := make(map[keyValue]record.Record, len(pointers))
	for i, id := range values["id"] {
		found[keyValue{"id", id}] = byID[i]
	}
	for i, uri := range values["uri"] {
		found[keyValue{"uri", uri}] = byURI[i]
	}
	return found, nil
}

// keyValue is a key of a type with its value.
type keyValue struct{ key, value string }

// pointer is how another subgraph points at something here: by one key of a type.
type pointer struct {
	typename string
	keyValue
}

// readPointer reads what a router sends: the first key of the type, as the schema has them, that has a value.
func readPointer(schema *ast.Schema, representation map[string]any) (p pointer, ok bool) {
	p.typename, _ = representation["__typename"].(string)
	if !slices.Contains(schema.Types["_Entity"].Types, p.typename) {
		return p, false
	}
	for _, key := range schema.Types[p.typename].Directives.ForNames("key") {
		p.key = key.Arguments.ForName("fields").Value.Raw
		if p.value, _ = representation[p.key].(string); p.value != "" {
			return p, true
		}
	}
	return p, false
}

// toRecord tells whether it points at a record, which has to be read.
func (p pointer) toRecord() bool {
	return p.typename == "Project" || p.typename == "ProcessTemplate" || p.typename == "Lesson" || p.typename == "OtherRecord"
}

// isTo tells whether a record is of the type that is pointed at.
func (p pointer) isTo(x record.Record) bool {
	switch x.(type) {
	case *record.Project:
		return p.typename == "Project"
	case *record.ProcessTemplate:
		return p.typename == "ProcessTemplate"
	case *record.Lesson:
		return p.typename == "Lesson"
	case *record.Other:
		return p.typename == "OtherRecord"
	}
	return false
}

// reference is what it points at among what is in memory, or nil.
func (p pointer) reference(ref *record.Reference) record.Node {
	switch p.typename {
	case "Organization":
		return among(ref.AllOrganizations(), p.value, map[string]func(*record.Organization) string{
			"id":      func(o *record.Organization) string { return o.ID },
			"uri":     func(o *record.Organization) string { return o.URI },
			"tooiIri": func(o *record.Organization) string { return o.TooiIRI },
		}[p.key])
	case "Municipality":
		return among(ref.AllMunicipalities(), p.value, map[string]func(*record.Municipality) string{
			"id":      (*record.Municipality).ID,
			"code":    func(m *record.Municipality) string { return m.Code },
			"tooiIri": func(m *record.Municipality) string { return m.TooiIRI },
		}[p.key])
	case "Concept": // found by id as well as by IRI
		if c := ref.Concept(p.value); c != nil && p.value == map[string]string{"id": c.ID, "uri": c.IRI}[p.key] {
			return c
		}
	case "DataSource":
		if d := ref.DataSource(p.value); d != nil && p.value == map[string]string{"id": d.ID, "uri": d.IRI}[p.key] {
			return d
		}
	}
	return nil
}

// among is the first of all of which the key has a value, or nil.
func among[T record.Node](all []T, value string, key func(T) string) record.Node {
	if i := slices.IndexFunc(all, func(x T) bool { return key(x) == value }); i >= 0 {
		return all[i]
	}
	return nil
}
