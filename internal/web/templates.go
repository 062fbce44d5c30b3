package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"time"
)

//go:embed templates
var files embed.FS

// templates are the plain pages and their style sheet.
type templates struct {
	pages     map[string]*template.Template
	style     []byte
	stylePath string // named after the content, so that it may be kept for ever
}

func parseTemplates() (*templates, error) {
	style, err := files.ReadFile("templates/plein.css")
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(style)
	t := &templates{
		pages:     map[string]*template.Template{},
		style:     style,
		stylePath: "/assets/plein-" + hex.EncodeToString(sum[:6]) + ".css",
	}
	functions := template.FuncMap{
		"style":  func() string { return t.stylePath },
		"date":   dutchDate,
		"iso":    func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"number": dutchNumber,
		"count":  dutchCount,
	}
	for _, name := range []string{"home", "search", "record", "fault"} {
		t.pages[name], err = template.New("layout.html").Funcs(functions).ParseFS(files,
			"templates/layout.html", "templates/searchbox.html", "templates/"+name+".html")
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// view is what every page has; Content is the page's own.
type view struct {
	Title   string
	Query   string // what stands in the search box
	Address string // canonical, empty when the page has none
	Content any
}

func (t *templates) render(name string, v view) ([]byte, error) {
	var out bytes.Buffer
	if err := t.pages[name].Execute(&out, v); err != nil {
		return nil, fmt.Errorf("rendering page %s: %w", name, err)
	}
	return out.Bytes(), nil
}

func (t *templates) page(name string, v view, cost int) (answer, error) {
	body, err := t.render(name, v)
	return answer{status: http.StatusOK, contentType: mediaHTML, body: body, cost: cost, shareable: true}, err
}

func (t *templates) home(cost int) (answer, error) {
	return t.page("home", view{Title: "Plein: leer van andere gemeenten"}, cost)
}

type searchView struct {
	SearchPage
	Query        string
	Filters      []filterView
	Filtered     bool
	First        string // address of the first page, empty when this is it
	Following    string // address of the next page, empty on the last
	Unfiltered   string
	SuggestedURL string
}

type filterView struct {
	Label  string
	Values []choiceView
}

type choiceView struct {
	FacetValue
	Address string
}

func (t *templates) search(request SearchRequest, found SearchPage, cost int) (answer, error) {
	content := searchView{
		SearchPage: found,
		Query:      request.Query,
		Filtered:   len(request.Selected) > 0,
		Unfiltered: SearchRequest{Query: request.Query}.address(),
	}
	for _, facet := range found.Facets {
		filter := filterView{Label: facet.Label}
		for _, value := range facet.Values {
			filter.Values = append(filter.Values, choiceView{value, request.toggled(facet.Name, value).address()})
		}
		content.Filters = append(content.Filters, filter)
	}
	if request.After != "" {
		first := request
		first.After = ""
		content.First = first.address()
	}
	if found.Next != "" {
		next := request
		next.After = found.Next
		content.Following = next.address()
	}
	if found.Suggestion != "" {
		content.SuggestedURL = SearchRequest{Query: found.Suggestion, Selected: request.Selected}.address()
	}
	title := "Alle beschrijvingen – Plein"
	if request.Query != "" {
		title = request.Query + " – zoeken – Plein"
	}
	return t.page("search", view{Title: title, Query: request.Query, Content: content}, cost)
}

func (t *templates) record(found RecordPage, cost int) (answer, error) {
	return t.page("record", view{Title: found.Title + " – Plein", Address: found.URI, Content: found}, cost)
}

func (t *templates) fault(f fault, requestID string) ([]byte, error) {
	return t.render("fault", view{Title: f.title + " – Plein", Content: struct{ Title, Message, RequestID string }{f.title, f.nl, requestID}})
}
