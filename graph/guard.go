package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// Limits on what a document may look like before anything else walks it. Validation is quadratic in some documents and
// exponential in others: what passes here is small enough for both.
const (
	maxTokens   = 1_000
	maxDepth    = 12
	maxFields   = 1_500 // with fragments written out
	maxSiblings = 150   // in one selection, with fragments written out: each is compared with every other one
	maxAliases  = 30
	// maxIntrospectionDepth lets the tools' standard introspection query through; its answer is the same for everybody.
	maxIntrospectionDepth = 20
)

// guard refuses a document that would cost too much to look at.
type guard struct {
	// trusted are the documents of our own pages, by the SHA-256 of their text: they need no guarding.
	trusted map[string]string
	// passed remembers documents that were let through, so that they are not parsed twice each time.
	passed *lru.Cache[string, struct{}]
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = guard{}

func newGuard(trusted map[string]string) (guard, error) {
	passed, err := lru.New[string, struct{}](1_000)
	return guard{trusted: trusted, passed: passed}, err
}

func (guard) ExtensionName() string                   { return "Guard" }
func (guard) Validate(graphql.ExecutableSchema) error { return nil }

// maxRemembered is how long, in bytes, a document is that is remembered.
const maxRemembered = 4_096

// shortDocuments is a cache that long documents stay out of: whoever writes texts of a megabyte into the document instead
// of the variables would fill the memory with them.
type shortDocuments struct {
	graphql.Cache[*ast.QueryDocument]
}

func (c shortDocuments) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	if len(text) <= maxRemembered {
		c.Cache.Add(ctx, text, doc)
	}
}

func (g guard) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	for _, v := range p.Variables {
		if deeper(v, maxDepth) {
			return fault(ctx, codeTooDeep)
		}
	}
	if pq, ok := p.Extensions["persistedQuery"].(map[string]any); ok {
		hash, _ := pq["sha256Hash"].(string)
		doc, known := g.trusted[hash]
		if !known {
			return fault(ctx, codeUnknownDocument)
		}
		p.Query = doc
		outcomeOf(ctx).trusted = true
		return nil
	}
	if g.passed.Contains(p.Query) {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, maxTokens)
	if err != nil {
		// Never fall through: the executor would parse it again without this limit.
		var e *gqlerror.Error
		if errors.As(err, &e) && len(e.Locations) > 0 && len(e.Message) < 200 {
			return faultf(ctx, codeBadInput, "Dit is geen GraphQL (regel %[1]d, kolom %[2]d): %[3]s", "This is not GraphQL (line %[1]d, column %[2]d): %[3]s",
				e.Locations[0].Line, e.Locations[0].Column, e.Message)
		}
		return fault(ctx, codeTooLong)
	}
	if code := measure(doc); code != "" {
		return fault(ctx, code)
	}
	if len(p.Query) <= maxRemembered {
		g.passed.Add(p.Query, struct{}{})
	}
	return nil
}

// deeper tells whether a variable has more levels than this. Our inputs need half a dozen; the executor's work grows with
// the square of them.
func deeper(v any, levels int) bool {
	if levels < 0 {
		return true
	}
	switch v := v.(type) {
	case map[string]any:
		for _, x := range v {
			if deeper(x, levels-1) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return deeper(x, levels-1) })
	}
	return false
}

// measure walks a document as if its fragments were written out, each fragment once, and stops at the first limit.
func measure(doc *ast.QueryDocument) code {
	w := &walk{doc: doc, known: map[string]size{}}
	if len(doc.Fragments) > maxSiblings || len(doc.Operations) > maxAliases {
		return codeTooCostly
	}
	for _, op := range doc.Operations {
		if _, c := w.set(op.SelectionSet, 1, maxDepth); c != "" {
			return c
		}
	}
	for _, f := range doc.Fragments { // those that nobody uses are validated too
		if _, c := w.one(&ast.FragmentSpread{Name: f.Name}, 1, maxIntrospectionDepth); c != "" {
			return c
		}
	}
	return ""
}

// size of a selection: all fields in it, those on its own level, how deep it goes and how many fields have another name.
type size struct{ fields, siblings, depth, aliases int }

type walk struct {
	doc   *ast.QueryDocument
	known map[string]size
}

func (w *walk) set(s ast.SelectionSet, depth, limit int) (total size, c code) {
	if len(s) > 0 && depth > limit {
		return total, codeTooDeep
	}
	for _, x := range s {
		one, c := w.one(x, depth, limit)
		if c != "" {
			return total, c
		}
		total.fields += one.fields
		total.siblings += one.siblings
		total.aliases += one.aliases
		total.depth = max(total.depth, one.depth)
		if total.fields > maxFields || total.siblings > maxSiblings || total.aliases > maxAliases {
			return total, codeTooCostly
		}
		if depth+total.depth > limit+1 {
			return total, codeTooDeep
		}
	}
	return total, ""
}

func (w *walk) one(x ast.Selection, depth, limit int) (size, code) {
	switch x := x.(type) {
	case *ast.Field:
		introspection := depth == 1 && (x.Name == "__schema" || x.Name == "__type")
		if introspection {
			limit = maxIntrospectionDepth
		}
		in, c := w.set(x.SelectionSet, depth+1, limit)
		in.fields++
		in.siblings = 1
		in.depth++
		if introspection {
			in.depth = 1 // what is below has its own limit
		}
		if x.Alias != x.Name {
			in.aliases++
		}
		return in, c
	case *ast.InlineFragment:
		return w.set(x.SelectionSet, depth, limit)
	case *ast.FragmentSpread:
		if s, ok := w.known[x.Name]; ok {
			return s, ""
		}
		w.known[x.Name] = size{fields: maxFields + 1} // a fragment that holds itself is over the limit
		f := w.doc.Fragments.ForName(x.Name)
		if f == nil {
			return size{}, "" // validation names it
		}
		s, c := w.set(f.SelectionSet, depth, limit)
		w.known[x.Name] = s
		return s, c
	}
	return size{}, ""
}
