// Package markdown turns the texts of documents into HTML that is safe to put in a page, whoever wrote them.
package markdown

import (
	"bytes"
	"html"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Format is how a text with markup is given.
type Format string

// The formats of the public contract.
const (
	Source Format = "MARKDOWN"
	HTML   Format = "HTML"
)

// highest is the highest heading that a text gives: a page has headings of its own above it.
const highest = 3

// converter reads CommonMark with tables, strikethrough and bare addresses as GitHub does. It leaves out raw HTML.
var converter = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lower{}, 0))))
})

// allowed is all that a page may get, in case the converter lets something through.
var allowed = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "ul", "ol", "li", "strong", "em", "del", "code", "pre", "blockquote", "h3", "h4", "h5", "h6",
		"table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(false)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnLinks(true)
	return p
})

// Render turns CommonMark into HTML; what is empty stays empty. A text that nests deeper than anybody writes becomes one
// paragraph as it stands.
func Render(source string) (string, error) {
	if nests(source) {
		return "<p>" + html.EscapeString(source) + "</p>", nil
	}
	var out bytes.Buffer
	if err := converter().Convert([]byte(source), &out); err != nil {
		return "", err
	}
	// Quotes are only written as such around attributes, so this finds nothing that somebody typed.
	return strings.ReplaceAll(allowed().SanitizeReader(&out).String(), ` rel="nofollow">`, ` rel="nofollow noopener">`), nil
}

// The converter's work grows with the square of these: how many quotes and lists are begun on one line, and how many
// brackets are opened in all.
const (
	maxBegun    = 50
	maxBrackets = 2_000
)

// nests tells whether a text goes beyond that.
func nests(source string) bool {
	if strings.Count(source, "[") > maxBrackets {
		return true
	}
	for line := range strings.Lines(source) {
		if begun(line) > maxBegun {
			return true
		}
	}
	return false
}

// begun counts the quotes and lists that begin at the start of a line.
func begun(line string) (n int) {
	for i := range len(line) {
		switch line[i] {
		case ' ', '\t', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
		case '>':
			n++
		case '-', '*', '+', '.', ')':
			if i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t') { // without it this is a rule or a word
				n++
			}
		default:
			return n
		}
	}
	return n
}

// lower shifts the headings of a text so that the first level becomes the highest that is allowed.
type lower struct{}

// Transform implements parser.ASTTransformer.
func (lower) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { //nolint:errcheck // the walker gives none
		if h, ok := n.(*ast.Heading); ok && entering {
			h.Level = min(6, h.Level+highest-1)
		}
		return ast.WalkContinue, nil
	})
}
