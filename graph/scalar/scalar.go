// Package scalar writes and reads the values of the contract. What is empty in Go is null on the wire: an empty text
// says nothing.
package scalar

import (
	"context"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/udc-community/plein/internal/markdown"
	"github.com/udc-community/plein/internal/record"
)

// InputError says what is wrong with a value that came in.
type InputError string

func (e InputError) Error() string { return string(e) }

type languageKey struct{}

// WithLanguage puts the language that the client asked for in a context.
func WithLanguage(ctx context.Context, l record.Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// LanguageOf is the language for a field: its argument, else what the client asked for, else Dutch.
func LanguageOf(ctx context.Context) record.Language {
	if fc := graphql.GetFieldContext(ctx); fc != nil {
		if l, ok := fc.Args["lang"].(*string); ok && l != nil {
			return *l
		}
	}
	if l, ok := ctx.Value(languageKey{}).(record.Language); ok {
		return l
	}
	return record.Dutch
}

// MarshalText writes a text in the language of the field, no longer than it was asked for.
func MarshalText(t record.Text) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		s := t.In(LanguageOf(ctx))
		if fc := graphql.GetFieldContext(ctx); fc != nil {
			if n, ok := fc.Args["atMost"].(*int); ok && n != nil {
				s = beginning(s, *n)
			}
		}
		MarshalString(s).MarshalGQL(w)
		return nil
	})
}

// beginning is a text of at most n characters: one that is longer is cut after a word and ends with an ellipsis.
func beginning(s string, n int) string {
	if len(s) <= n || utf8.RuneCountInString(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	end := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	// The space may stand right behind.
	if space := strings.LastIndexAny(s[:end+1], " \n\t"); space > 0 {
		end = space
	}
	return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…"
}

// MarshalMarkdown writes a text in the language and the format of the field.
func MarshalMarkdown(t record.Text) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		s := t.In(LanguageOf(ctx))
		if formatOf(ctx) == markdown.HTML {
			var err error
			if s, err = markdown.Render(s); err != nil {
				return err
			}
		}
		MarshalString(s).MarshalGQL(w)
		return nil
	})
}

// formatOf is the format that a field is asked in.
func formatOf(ctx context.Context) markdown.Format {
	if fc := graphql.GetFieldContext(ctx); fc != nil {
		if f, ok := fc.Args["format"].(*markdown.Format); ok && f != nil {
			return *f
		}
	}
	return markdown.Source
}

// UnmarshalMarkdown is there because a scalar needs one; texts come in as strings.
func UnmarshalMarkdown(ctx context.Context, v any) (record.Text, error) { return UnmarshalText(ctx, v) }

// UnmarshalText is there because a scalar needs one; texts come in as strings.
func UnmarshalText(context.Context, any) (record.Text, error) {
	return nil, InputError("a text comes in as a string")
}

// MarshalString writes a text, or null for an empty one.
func MarshalString(s string) graphql.Marshaler {
	if s == "" {
		return graphql.Null
	}
	return graphql.MarshalString(s)
}

// UnmarshalString reads a text. Control characters other than line breaks and tabs are refused: no database, feed or
// page has a use for them.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", InputError("must be a text")
	}
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r == 0x7f }) {
		return "", InputError("must not contain control characters")
	}
	return s, nil
}

// MarshalInt writes a whole number.
func MarshalInt(n int) graphql.Marshaler { return graphql.MarshalInt(n) }

// UnmarshalInt reads a whole number of 32 bits with its sign, as GraphQL has them.
func UnmarshalInt(v any) (int, error) {
	var n int64
	var err error
	switch v := v.(type) {
	case int: // a default of the contract
		n = int64(v)
	case int64:
		n = v
	case json.Number:
		n, err = v.Int64()
	default:
		err = InputError("")
	}
	if err != nil || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, InputError("must be a whole number of 32 bits")
	}
	return int(n), nil
}

// MarshalFloat writes a number.
func MarshalFloat(f float64) graphql.Marshaler { return graphql.MarshalFloat(f) }

// UnmarshalFloat reads a finite number. A text such as "NaN" is none.
func UnmarshalFloat(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case int64:
		return float64(v), nil
	case json.Number:
		if f, err := v.Float64(); err == nil {
			return f, nil
		}
	}
	return 0, InputError("must be a number")
}

// MarshalURL writes a web address, or null for an empty one.
func MarshalURL(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalURL reads a web address as text; which addresses are allowed is for the field to say.
func UnmarshalURL(v any) (string, error) { return UnmarshalString(v) }

// MarshalCursor writes a cursor, or null for none.
func MarshalCursor(s string) graphql.Marshaler { return MarshalString(s) }

// UnmarshalCursor reads a cursor; the list that gave it checks it.
func UnmarshalCursor(v any) (string, error) { return UnmarshalString(v) }

// MarshalDate writes a date, or null for none.
func MarshalDate(d record.Date) graphql.Marshaler { return MarshalString(string(d)) }

// UnmarshalDate reads a date; whether it exists is for the field to say, with the other problems.
func UnmarshalDate(v any) (record.Date, error) {
	s, err := UnmarshalString(v)
	return record.Date(s), err
}

// MarshalTime writes a moment in UTC to the millisecond, or null for none.
func MarshalTime(t time.Time) graphql.Marshaler {
	if t.IsZero() {
		return graphql.Null
	}
	return graphql.WriterFunc(func(w io.Writer) {
		io.WriteString(w, strconv.Quote(t.UTC().Format("2006-01-02T15:04:05.000Z"))) //nolint:errcheck // the executor's buffer
	})
}

// UnmarshalTime reads a moment.
func UnmarshalTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, InputError("must be a moment such as 2027-01-12T09:00:00Z")
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, InputError("must be a moment such as 2027-01-12T09:00:00Z")
	}
	return t, nil
}

// MarshalLanguage writes a language code as the contract names it.
func MarshalLanguage(l string) graphql.Marshaler { return graphql.MarshalString(strings.ToUpper(l)) }

// UnmarshalLanguage reads a language.
func UnmarshalLanguage(v any) (string, error) {
	switch v {
	case "NL":
		return record.Dutch, nil
	case "EN":
		return record.English, nil
	}
	return "", InputError("must be NL or EN")
}

// MarshalAny is there because a scalar needs one; what other subgraphs know of something only comes in.
func MarshalAny(v map[string]any) graphql.Marshaler { return graphql.MarshalMap(v) }

// UnmarshalAny reads what another subgraph knows of something: an object of whatever it is.
func UnmarshalAny(v any) (map[string]any, error) {
	if x, ok := v.(map[string]any); ok {
		return x, nil
	}
	return nil, InputError("must be an object")
}
