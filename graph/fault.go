package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/udc-community/plein/graph/scalar"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/search"
)

// code is what a protocol error says to programs.
type code string

// The codes of errors[]. What a caller can correct in a mutation is in userErrors instead.
const (
	codeUnauthenticated code = "UNAUTHENTICATED"
	codeForbidden       code = "FORBIDDEN"
	codeBadInput        code = "BAD_USER_INPUT"
	codeTooLong         code = "QUERY_TOO_LONG"
	codeTooCostly       code = "QUERY_TOO_COSTLY"
	codeTooDeep         code = "QUERY_TOO_DEEP"
	codeUnknownDocument code = "PERSISTED_QUERY_NOT_FOUND"
	codeReadOnly        code = "READ_ONLY"
	codeUnavailable     code = "UNAVAILABLE"
	codeNoIndex         code = "INDEX_UNAVAILABLE"
	codeInternal        code = "INTERNAL"
)

var messages = map[code]record.Text{
	codeUnauthenticated: {record.Dutch: "Log eerst in. Een programma stuurt zijn token mee: Authorization: Bearer plein_…", record.English: "Sign in first. A program sends its token: Authorization: Bearer plein_…"},
	codeForbidden:       {record.Dutch: "Met dit account of token mag dit niet.", record.English: "This account or token may not do this."},
	codeBadInput:        {record.Dutch: "Deze vraag klopt niet.", record.English: "This operation is not right."},
	codeTooLong:         {record.Dutch: "Deze vraag is te lang of geen GraphQL: hooguit 1000 woorden en tekens.", record.English: "This operation is too long or not GraphQL: at most 1,000 tokens."},
	codeTooCostly:       {record.Dutch: "Deze vraag is te groot. Vraag minder velden tegelijk.", record.English: "This operation is too large. Ask for fewer fields at once."},
	codeTooDeep:         {record.Dutch: "Deze vraag is te diep: hooguit 12 niveaus.", record.English: "This operation is too deep: at most 12 levels."},
	codeUnknownDocument: {record.Dutch: "Deze vooraf bekende vraag bestaat niet.", record.English: "This persisted query does not exist."},
	codeReadOnly:        {record.Dutch: "De schijf is vol: er kan nu niets worden bewaard. Lezen kan wel.", record.English: "The disk is full: nothing can be stored now. Reading goes on."},
	codeUnavailable:     {record.Dutch: "Dit duurde te lang. Probeer het zo opnieuw.", record.English: "This took too long. Try again in a moment."},
	codeNoIndex:         {record.Dutch: "De zoekindex wordt gemaakt. Probeer het zo opnieuw.", record.English: "The search index is being made. Try again in a moment."},
	codeInternal:        {record.Dutch: "Er ging iets mis bij ons. Noem bij een melding het requestId.", record.English: "Something went wrong on our side. Mention the requestId when you report it."},
}

func init() {
	// What is wrong with the operation itself answers 422; everything else is 200 with errors, as the protocol has it.
	for _, c := range []code{codeBadInput, codeTooLong, codeTooCostly, codeTooDeep, codeUnknownDocument} {
		errcode.RegisterErrorType(string(c), errcode.KindProtocol)
	}
}

// fault is a protocol error in the words of its code.
func fault(ctx context.Context, c code) *gqlerror.Error {
	return &gqlerror.Error{Message: messages[c].In(scalar.LanguageOf(ctx)), Extensions: map[string]any{"code": string(c)}}
}

// faultf is a protocol error in words of its own, Dutch and English with the same values.
func faultf(ctx context.Context, c code, nl, en string, values ...any) *gqlerror.Error {
	e := fault(ctx, c)
	e.Message = fmt.Sprintf(record.Text{record.Dutch: nl, record.English: en}.In(scalar.LanguageOf(ctx)), values...)
	return e
}

// present makes of any error what a stranger may know. Everything that was not meant for the caller is logged and
// shown as INTERNAL with the request id.
func (r *Resolver) present(ctx context.Context, err error) *gqlerror.Error {
	e := r.explain(ctx, err)
	if fc := graphql.GetFieldContext(ctx); fc != nil && e.Path == nil {
		e.Path = graphql.GetPath(ctx)
	}
	if id := r.RequestID(ctx); id != "" {
		e.Extensions["requestId"] = id
	}
	return e
}

func (r *Resolver) explain(ctx context.Context, err error) *gqlerror.Error {
	var ps record.Problems
	var ge *gqlerror.Error
	switch {
	case errors.As(err, &ps):
		e := fault(ctx, codeBadInput)
		e.Message = shorten(ps[0].Message.In(scalar.LanguageOf(ctx)), maxMessage)
		e.Extensions["argument"] = ps[0].Field
		return e
	case errors.Is(err, policy.ErrUnauthenticated):
		return fault(ctx, codeUnauthenticated)
	case errors.Is(err, policy.ErrForbidden):
		return fault(ctx, codeForbidden)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fault(ctx, codeUnavailable)
	case errors.Is(err, search.ErrUnavailable):
		return fault(ctx, codeNoIndex)
	case r.Full(err):
		r.Logger.ErrorContext(ctx, "cannot write", "error", err)
		return fault(ctx, codeReadOnly)
	case errors.As(err, &ge):
		if e := r.known(ctx, ge); e != nil {
			return e
		}
	}
	r.Logger.ErrorContext(ctx, "operation failed", "error", err)
	return fault(ctx, codeInternal)
}

// known passes on errors of the parser, the validator and the scalars, which say what the caller did wrong, and our own
// codes.
func (r *Resolver) known(ctx context.Context, ge *gqlerror.Error) *gqlerror.Error {
	c, _ := ge.Extensions["code"].(string)
	if _, ours := messages[code(c)]; ours {
		return ge
	}
	var in scalar.InputError
	switch {
	case c == errcode.ValidationFailed, c == errcode.ParseFailed, errors.As(ge, &in):
		e := fault(ctx, codeBadInput)
		e.Message = shorten(ge.Message, maxMessage)
		e.Locations, e.Path = ge.Locations, shortPath(ge.Path)
		return e
	}
	return nil
}

// shortPath is the beginning of a path: that of a variable holds names which the caller made up.
func shortPath(p ast.Path) ast.Path {
	out := slices.Clone(p[:min(len(p), 20)])
	for i, x := range out {
		if name, ok := x.(ast.PathName); ok && len(name) > 60 {
			out[i] = ast.PathName("…")
		}
	}
	return out
}

// maxMessage is how long, in characters, the message of an error is.
const maxMessage = 300

// shorten keeps an error from being as long as what it is about.
func shorten(s string, limit int) string {
	if rs := []rune(s); len(rs) > limit {
		return string(rs[:limit]) + "…"
	}
	return s
}
