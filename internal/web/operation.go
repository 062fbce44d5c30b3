package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// operation is one GraphQL request, read strictly: what does not belong to it is dropped here.
type operation struct {
	Query         string         `json:"query,omitempty"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
	Extensions    map[string]any `json:"extensions,omitempty"`
}

// readOperation returns a fault when the request is not one operation in at most limit bytes.
func readOperation(w http.ResponseWriter, r *http.Request, limit int64) (operation, error) {
	if r.Method == http.MethodPost {
		return readBody(w, r, limit)
	}
	return readQuery(r.URL.RawQuery)
}

func readBody(w http.ResponseWriter, r *http.Request, limit int64) (operation, error) {
	body, err := readJSON(w, r, limit)
	if err != nil {
		return operation{}, err
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		return operation{}, errBatch
	}
	var op operation
	if err := decode(body, &op); err != nil {
		return operation{}, errMalformed
	}
	return op.check()
}

// readJSON returns a fault when the request's body is not called JSON, is more than limit bytes, or does not arrive.
func readJSON(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	media, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(parameters["charset"])
	if err != nil || media != mediaJSON || (charset != "" && charset != "utf-8") || r.Header.Get("Content-Encoding") != "" {
		return nil, errMediaType
	}
	if r.ContentLength > limit {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, errMalformed
	}
	return body, nil
}

func readQuery(raw string) (operation, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return operation{}, errMalformed
	}
	op := operation{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, into := range map[string]*map[string]any{"variables": &op.Variables, "extensions": &op.Extensions} {
		if text := values.Get(name); text != "" {
			if err := decode([]byte(text), into); err != nil {
				return operation{}, errMalformed
			}
		}
	}
	return op.check()
}

// check wants a text, or extensions that may name a trusted document.
func (op operation) check() (operation, error) {
	if op.Query == "" && len(op.Extensions) == 0 {
		return operation{}, errMalformed
	}
	return op, nil
}

// decode keeps numbers as they were written.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}

// canonical is the same for operations that mean the same, byte by byte: keys sorted, no white space between them.
func (op operation) canonical() []byte { return canonical(op) }

func canonical(v any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // what JSON decoded, JSON encodes
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

// request is what the GraphQL handler gets: nothing but what the cache key holds.
func (op operation) request(ctx context.Context, method, media, language string) (*http.Request, error) {
	target, body := "/graphql", []byte(nil)
	if method == http.MethodPost {
		body = op.canonical()
	} else {
		method, target = http.MethodGet, target+"?"+op.values().Encode()
	}
	r, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", mediaJSON)
	r.Header.Set("Accept", media)
	r.Header.Set("Accept-Language", language)
	return r, nil
}

func (op operation) values() url.Values {
	values := url.Values{}
	if op.Query != "" {
		values.Set("query", op.Query)
	}
	if op.OperationName != "" {
		values.Set("operationName", op.OperationName)
	}
	if len(op.Variables) > 0 {
		values.Set("variables", string(canonical(op.Variables)))
	}
	if len(op.Extensions) > 0 {
		values.Set("extensions", string(canonical(op.Extensions)))
	}
	return values
}

// streamTokens is the guard's limit for ad-hoc operations.
const streamTokens = 1000

// subscribes says whether the operation is a subscription. Streams pass the gate by, so anything else sent as a stream
// would pass it by too.
func (op operation) subscribes() bool {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: op.Query}, streamTokens)
	if err != nil {
		return false
	}
	chosen := document.Operations.ForName(op.OperationName)
	return chosen != nil && chosen.Operation == ast.Subscription
}
