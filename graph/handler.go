// Package graph is the public GraphQL contract: the schema by subject in *.graphqls, thin resolvers, the guard and the
// limits, and the one place where errors are put in words.
package graph

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/udc-community/plein/graph/scalar"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// Headers that the handler answers for the HTTP edge, which takes them off.
const (
	// CostHeader is what the operation costs, in points.
	CostHeader = "Plein-Cost"
	// CacheableHeader says that the answer is the same for every stranger until something visible changes.
	CacheableHeader = "Plein-Cacheable"
	// MissHeader is what was searched for in vain, once for each such search.
	MissHeader = "Plein-Miss"
)

const maxErrors = 10

// NewHandler serves the contract: POST and GET with JSON, and subscriptions as server-sent events. There is no
// multipart transport, no batching and no query that is registered by whoever comes first.
func NewHandler(r *Resolver, trusted map[string]string) (http.Handler, error) {
	g, err := newGuard(trusted)
	if err != nil {
		return nil, fmt.Errorf("make the guard: %w", err)
	}
	schema := NewExecutableSchema(Config{Resolvers: r})
	s := handler.New(schema)
	s.AddTransport(transport.SSE{KeepAlivePingInterval: 15 * time.Second})
	s.AddTransport(transport.GET{})
	s.AddTransport(transport.POST{})
	s.SetQueryCache(shortDocuments{lru.New[*ast.QueryDocument](1_000)})
	s.SetParserTokenLimit(20 * maxTokens) // trusted documents may be longer than the guard lets others be
	s.SetDisableSuggestion(true)
	s.SetValidationRulesFn(validation)
	s.Use(g)
	s.Use(manner{})
	s.Use(enums{schema.Schema()})
	s.Use(extension.Introspection{})
	s.Use(cost{})
	s.SetErrorPresenter(r.present)
	s.SetRecoverFunc(func(ctx context.Context, p any) error {
		return fmt.Errorf("panic: %v\n%s", p, debug.Stack())
	})
	s.AroundResponses(answer)
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		o := &outcome{reading: req.Method == http.MethodGet,
			stream: req.Method == http.MethodPost && strings.Contains(req.Header.Get("Accept"), "text/event-stream")}
		ctx := context.WithValue(req.Context(), outcomeKey{}, o)
		ctx = scalar.WithLanguage(ctx, language(req.Header.Get("Accept-Language")))
		s.ServeHTTP(&marking{ResponseWriter: w, outcome: o}, req.WithContext(ctx))
	}), nil
}

// language of an Accept-Language header: English where it comes before Dutch.
func language(header string) record.Language {
	for _, part := range strings.Split(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch lang, _, _ := strings.Cut(strings.ToLower(tag), "-"); lang {
		case "nl":
			return record.Dutch
		case "en":
			return record.English
		}
	}
	return record.Dutch
}

// outcome is how an operation came in and what it turned out to be.
type outcome struct {
	// reading is whether it came by GET, which changes nothing; stream whether the client takes events.
	reading, stream bool
	// trusted is whether it is one that our own pages ask.
	trusted bool
	cost    int
	// shared is whether every stranger gets the same answer.
	shared bool

	mu sync.Mutex // fields of a query are resolved side by side
	// personal is whether the answer is for the one who asks alone, or true for this moment alone.
	personal bool
	misses   []string
	// organizations are those that people in the answer belong to, bound to each other.
	organizations map[string]*record.Organization
	// listed counts objects in lists that have no pages.
	listed int
	// self is this node, and counted its records by publisher; both are made when they are first asked for.
	self    *federation.Node
	counted func() (map[string]int, error)
}

// keepToOneself notes that the answer is not to be given to others who ask the same.
func (o *outcome) keepToOneself() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.personal = true
}

// miss notes a search that found nothing.
func (o *outcome) miss(query string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.misses = append(o.misses, query)
}

type outcomeKey struct{}

func outcomeOf(ctx context.Context) *outcome {
	if o, ok := ctx.Value(outcomeKey{}).(*outcome); ok {
		return o
	}
	return &outcome{}
}

// answer shows the cost, keeps the list of errors short, and tells whether the answer can be shared.
func answer(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	outcomeOf(ctx).forgetUnpaged() // a subscription gives many answers
	resp := next(ctx)
	if resp == nil {
		return nil
	}
	if len(resp.Errors) > maxErrors {
		resp.Errors = resp.Errors[:maxErrors]
	}
	o := outcomeOf(ctx)
	if o.cost > 0 {
		if resp.Extensions == nil {
			resp.Extensions = map[string]any{}
		}
		resp.Extensions["cost"] = map[string]int{"requested": o.cost, "limit": maxCost}
	}
	op := graphql.GetOperationContext(ctx)
	o.shared = len(resp.Errors) == 0 && !o.personal && identity.From(ctx).Anonymous() &&
		op != nil && op.Operation != nil && op.Operation.Operation == ast.Query
	return resp
}

// marking writes the outcome into the headers before the first byte of the answer.
type marking struct {
	http.ResponseWriter
	outcome *outcome
	done    bool
}

func (m *marking) mark() {
	if m.done {
		return
	}
	m.done = true
	m.Header().Set(CostHeader, strconv.Itoa(max(1, m.outcome.cost)))
	if m.outcome.shared {
		m.Header().Set(CacheableHeader, "1")
	}
	slices.Sort(m.outcome.misses) // they came in any order
	for _, query := range m.outcome.misses {
		m.Header().Add(MissHeader, query)
	}
}

func (m *marking) WriteHeader(status int) {
	m.mark()
	m.ResponseWriter.WriteHeader(status)
}

func (m *marking) Write(b []byte) (int, error) {
	m.mark()
	return m.ResponseWriter.Write(b)
}

// Flush passes events on as they come.
func (m *marking) Flush() {
	m.mark()
	http.NewResponseController(m.ResponseWriter).Flush() //nolint:errcheck // a client that went away is noticed at the next write
}

// Unwrap lets the edge reach its own writer.
func (m *marking) Unwrap() http.ResponseWriter { return m.ResponseWriter }

// SDL is the schema as text.
func SDL() []byte {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(NewExecutableSchema(Config{}).Schema())
	return []byte(b.String())
}
