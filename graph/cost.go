package graph

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/udc-community/plein/internal/markdown"
	"github.com/udc-community/plein/internal/search"
)

const (
	// maxCost is how many points one operation may cost.
	maxCost = 5_000
	// maxFirst is how long a page can be.
	maxFirst = 100
	// introspectionCost is flat: the answer is the same for everybody. It is long, so one operation holds few of them.
	introspectionCost = 2_000
	// trustedCost is flat: what our own pages ask. The people of a whole municipality come from one address, and each page
	// they read asks one or two of these.
	trustedCost = 10
)

// cost counts what an operation may cost with its variables, as the description of RateLimit says, and refuses page
// sizes that cannot be. It runs after validation and before execution.
type cost struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = cost{}

func (cost) ExtensionName() string                   { return "Cost" }
func (cost) Validate(graphql.ExecutableSchema) error { return nil }

func (cost) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	c := &counter{variables: op.Variables, fragments: map[string]int{}}
	n := max(1, c.set(op.Operation.SelectionSet))
	if c.badFacetSize {
		return faultf(ctx, codeBadInput, "Vraag met `facetSize` om 1 tot en met %d waarden.", "Ask with `facetSize` for 1 to %d values.", search.MaxFacetSize)
	}
	if c.badFirst {
		return faultf(ctx, codeBadInput, "Vraag met `first` om 1 tot en met %d per keer.", "Ask with `first` for 1 to %d at a time.", maxFirst)
	}
	o := outcomeOf(ctx)
	if o.cost = n; o.trusted {
		o.cost = trustedCost
	}
	if n > maxCost {
		o.cost = 1 // it is not carried out: charging all of it would shut its caller out for hours
		e := faultf(ctx, codeTooCostly, "Deze vraag kost %d punten; hooguit %d mag. Vraag minder per keer.", "This operation costs %d points; at most %d is allowed. Ask for less at a time.", n, maxCost)
		e.Extensions["cost"], e.Extensions["limit"] = n, maxCost
		return e
	}
	return nil
}

type counter struct {
	variables map[string]any
	// fragments holds what each costs once: what is written twice is counted twice and walked once.
	fragments map[string]int
	// What was asked for too many of, or for none.
	badFirst, badFacetSize bool
}

// tooMuch keeps the count from overflowing.
const tooMuch = 1 << 30

func (c *counter) set(s ast.SelectionSet) (total int) {
	for _, x := range s {
		switch x := x.(type) {
		case *ast.Field:
			total += c.field(x)
		case *ast.InlineFragment:
			total += c.set(x.SelectionSet)
		case *ast.FragmentSpread:
			n, ok := c.fragments[x.Name]
			if !ok {
				n = c.set(x.Definition.SelectionSet)
				c.fragments[x.Name] = n
			}
			total += n
		}
		total = min(total, tooMuch)
	}
	return total
}

func (c *counter) field(f *ast.Field) int {
	if strings.HasPrefix(f.Name, "__") {
		if f.SelectionSet == nil {
			return 0
		}
		return introspectionCost
	}
	first, facets := c.first(f), c.facets(f)
	if f.SelectionSet == nil && f.Definition.Directives.ForName("cost") == nil {
		return c.markup(f)
	}
	return min(tooMuch, weight(f)+c.inside(f, first, facets))
}

// inside is what the selection costs: `first` times for the items of a connection, once for the rest of it; facets, which
// can be long, as often as it says.
func (c *counter) inside(f *ast.Field, first, facets int) int {
	if !strings.HasSuffix(f.Definition.Type.Name(), "Connection") {
		return min(tooMuch, first*c.set(f.SelectionSet))
	}
	total := 0
	for _, x := range f.SelectionSet {
		times := max(first, facets) // a fragment may hold all of these
		if field, ok := x.(*ast.Field); ok {
			switch field.Name {
			case "edges", "nodes":
				times = first
			case "facets":
				times = facets
			default:
				times = 1
			}
		}
		total = min(tooMuch, total+times*min(tooMuch/maxFirst, c.set(ast.SelectionSet{x})))
	}
	return total
}

// markup is what a text costs: it is free as it stands, and work as HTML.
func (c *counter) markup(f *ast.Field) int {
	if f.Definition.Arguments.ForName("format") != nil && fmt.Sprint(f.ArgumentMap(c.variables)["format"]) == string(markdown.HTML) {
		return 1
	}
	return 0
}

func weight(f *ast.Field) int {
	if d := f.Definition.Directives.ForName("cost"); d != nil {
		if n, err := strconv.Atoi(d.Arguments.ForName("weight").Value.Raw); err == nil {
			return n
		}
	}
	return 1
}

// first is how many items the field gives at the most.
func (c *counter) first(f *ast.Field) int {
	args := f.ArgumentMap(c.variables)
	for _, name := range []string{"ids", "representations"} {
		if asked, ok := args[name].([]any); ok {
			return max(1, min(len(asked), maxFirst))
		}
	}
	v, ok := args["first"]
	if !ok {
		return 1
	}
	n, err := strconv.Atoi(fmt.Sprint(v))
	if err != nil || n < 1 || n > maxFirst {
		c.badFirst = true
		return 1
	}
	return n
}

// facets is how often the facets of a search cost: once for every UsualFacetSize values that were begun.
func (c *counter) facets(f *ast.Field) int {
	v, ok := f.ArgumentMap(c.variables)["facetSize"]
	if !ok || v == nil {
		return 1
	}
	n, err := strconv.Atoi(fmt.Sprint(v))
	if err != nil || n < 1 || n > search.MaxFacetSize {
		c.badFacetSize = true
		return 1
	}
	return (n + search.UsualFacetSize - 1) / search.UsualFacetSize
}
