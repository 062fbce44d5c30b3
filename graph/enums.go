package graph

import (
	"context"
	"fmt"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// enums refuses variables that hold no name of their enum. The executor lets names in another case through: to some
// resolvers those are internal errors, to others they silently match nothing.
type enums struct{ schema *ast.Schema }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationContextMutator
} = enums{}

func (enums) ExtensionName() string                   { return "Enums" }
func (enums) Validate(graphql.ExecutableSchema) error { return nil }

func (x enums) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for _, d := range op.Operation.VariableDefinitions {
		if name, enum := x.stray(d.Type, reflect.ValueOf(op.Variables[d.Variable])); enum != "" {
			name = shorten(name, 60)
			return faultf(ctx, codeBadInput, "%s kent geen waarde %q.", "%s has no value %q.", enum, name)
		}
	}
	return nil
}

// stray is the first value in v that is no name of its enum, and that enum.
func (x enums) stray(t *ast.Type, v reflect.Value) (name, enum string) {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return "", ""
	}
	if t.Elem != nil {
		if v.Kind() != reflect.Slice {
			return x.stray(t.Elem, v)
		}
		for i := range v.Len() {
			if name, enum = x.stray(t.Elem, v.Index(i)); enum != "" {
				return name, enum
			}
		}
		return "", ""
	}
	def := x.schema.Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		if name = fmt.Sprint(v); def.EnumValues.ForName(name) == nil {
			return name, def.Name
		}
	case ast.InputObject:
		for _, f := range def.Fields {
			if name, enum = x.stray(f.Type, v.MapIndex(reflect.ValueOf(f.Name))); enum != "" {
				return name, enum
			}
		}
	}
	return "", ""
}
