package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// manner refuses an operation that did not come in the manner of its kind. A subscription that is no stream would hold
// its place until something happens, and a change by GET could be made by following a link.
type manner struct{}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = manner{}

func (manner) ExtensionName() string                   { return "Manner" }
func (manner) Validate(graphql.ExecutableSchema) error { return nil }

func (manner) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	o := outcomeOf(ctx)
	switch op.Operation.Operation {
	case ast.Mutation:
		if o.reading {
			return faultf(ctx, codeBadInput, "Stuur een wijziging met POST.", "Send a change with POST.")
		}
	case ast.Subscription:
		if !o.stream {
			return faultf(ctx, codeBadInput, "Vraag een abonnement met POST en Accept: text/event-stream.", "Ask for a subscription with POST and Accept: text/event-stream.")
		}
		if len(graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Subscription"})) != 1 {
			return faultf(ctx, codeBadInput, "Vraag één veld per abonnement.", "Ask for one field in each subscription.")
		}
	}
	return nil
}
