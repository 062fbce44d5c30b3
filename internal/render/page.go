package render

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Plan is what has to be asked before a page can be rendered.
type Plan struct {
	// Route is a short fixed name of the page, for log and metrics: home, search, notFound.
	Route string `json:"route"`
	// Operations are asked one after the other.
	Operations []Operation `json:"operations"`
	// Location is where the page moved for good; empty when it is here. It is a path on this site.
	Location string `json:"location"`
}

// Operation is a trusted document by the SHA-256 of its text in hexadecimal, with its variables as a JSON object.
type Operation struct {
	Hash      string          `json:"hash"`
	Variables json.RawMessage `json:"variables"`
}

// Site is what is the same on every page of a node.
type Site struct {
	// Base is where the node is found, such as https://plein.example.nl, without a slash at the end.
	Base string `json:"base"`
	// Demo says that everything in it is invented.
	Demo bool `json:"demo"`
}

// Page is a rendered page. Head and Body are HTML.
type Page struct {
	// Status is that of HTTP: 200, 301 (with a Location), 400, 404, 410 or 503.
	Status   int    `json:"status"`
	Location string `json:"location"`
	// Language is that of the page, nl or en.
	Language string `json:"lang"`
	Head     string `json:"head"`
	Body     string `json:"body"`
	// Still says that the page is only read: the browser has no use for the answers that it was made of.
	Still bool `json:"still"`
}

const (
	maxOperations = 8
	maxLocation   = 8 << 10 // bytes
)

// Plan tells what the page at a URL asks. The URL is path and query. It returns [ErrBusy] and [ErrLate], and other
// errors when the script failed or gave what is no plan.
func (r *Renderer) Plan(ctx context.Context, url string) (Plan, error) {
	text, err := r.call(ctx, "plan", url)
	if err != nil {
		return Plan{}, err
	}
	var p Plan
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return Plan{}, fmt.Errorf("reading a plan: %w", err)
	}
	return p, p.check()
}

func (p Plan) check() error {
	switch {
	case p.Route == "" || len(p.Route) > 32 || strings.Trim(p.Route, letters) != "":
		return errors.New("a plan has no route, or a strange one")
	case len(p.Operations) > maxOperations:
		return fmt.Errorf("a plan asks %d operations; %d is the most", len(p.Operations), maxOperations)
	case p.Location != "" && !local(p.Location):
		return errors.New("a plan leads away from the site")
	}
	for _, o := range p.Operations {
		if len(o.Hash) != 64 || strings.Trim(o.Hash, "0123456789abcdef") != "" {
			return errors.New("a plan names a document by what is no hash")
		}
		var variables map[string]json.RawMessage
		if len(o.Variables) > 0 && json.Unmarshal(o.Variables, &variables) != nil {
			return errors.New("a plan has variables that are no object")
		}
	}
	return nil
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Render makes the page of the answers to its operations, each a whole GraphQL response. Errors are those of
// [Renderer.Plan].
func (r *Renderer) Render(ctx context.Context, url string, results []json.RawMessage, site Site) (Page, error) {
	answers, err := json.Marshal(results)
	if err != nil {
		return Page{}, fmt.Errorf("writing the answers for a page: %w", err)
	}
	about, err := json.Marshal(site)
	if err != nil {
		return Page{}, fmt.Errorf("writing what a page knows of its site: %w", err)
	}
	text, err := r.call(ctx, "render", url, string(answers), string(about))
	if err != nil {
		return Page{}, err
	}
	var p Page
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return Page{}, fmt.Errorf("reading a page: %w", err)
	}
	return p, p.check()
}

func (p Page) check() error {
	if p.Language != "nl" && p.Language != "en" {
		return errors.New("a page is in no language that there is")
	}
	switch p.Status {
	case 200, 400, 404, 410, 503:
		if p.Body == "" {
			return errors.New("a page is empty")
		}
	case 301:
		if !local(p.Location) {
			return errors.New("a page leads away from the site")
		}
	default:
		return fmt.Errorf("a page has status %d", p.Status)
	}
	return nil
}

// local says whether a location is a path on this site, and one that fits in a header. Browsers read a backslash as a
// slash, and two of them as the beginning of another site.
func local(location string) bool {
	if len(location) > maxLocation || !strings.HasPrefix(location, "/") || len(location) > 1 && strings.ContainsRune(`/\`, rune(location[1])) {
		return false
	}
	return bytes.IndexFunc([]byte(location), func(c rune) bool { return c <= ' ' || c >= 0x7F }) < 0
}
