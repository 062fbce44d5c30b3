package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/udc-community/plein/internal/render"
)

// App is the web application that pages are made with. Without a Template nothing was built into this binary, and every
// page is Unbuilt.
type App struct {
	// Template is the HTML document that a page is put into. It has <html lang="nl"> and, each once and in this order, the
	// comments head, app, shell, /shell and data. What stands between shell and /shell is for a page that could not be
	// rendered: it takes the place of app there, and is left out of other pages.
	Template []byte
	// Renderer makes pages. Required with a Template.
	Renderer Renderer
	// Unbuilt says how to build the application.
	Unbuilt []byte
}

// Renderer is [render.Renderer].
type Renderer interface {
	Plan(ctx context.Context, url string) (render.Plan, error)
	Render(ctx context.Context, url string, results []json.RawMessage, site render.Site) (render.Page, error)
}

// document is the template, cut where a page differs from another.
type document struct {
	// Before the language, and from there to the head, the application, the data and the end.
	opening, top, middle, bottom, closing []byte
	shell                                 []byte
}

func cutTemplate(template []byte) (*document, error) {
	var d document
	rest := template
	var between []byte // app and shell
	for _, part := range []struct {
		into *[]byte
		mark string
	}{
		{&d.opening, `<html lang="nl"`}, {&d.top, "<!--head-->"}, {&d.middle, "<!--app-->"}, {&between, "<!--shell-->"},
		{&d.shell, "<!--/shell-->"}, {&d.bottom, "<!--data-->"},
	} {
		before, after, found := bytes.Cut(rest, []byte(part.mark))
		if !found || bytes.Count(template, []byte(part.mark)) != 1 {
			return nil, fmt.Errorf("the template of the web application must have %s once, in its place", part.mark)
		}
		*part.into, rest = before, after
	}
	d.bottom, d.closing = append(bytes.Clone(between), d.bottom...), rest
	return &d, nil
}

// page puts a rendered page together, with what it was made of where the browser goes on with that.
func (d *document) page(p render.Page, site render.Site, results []json.RawMessage) ([]byte, error) {
	if p.Still {
		results = []json.RawMessage{}
	}
	// Marshal writes < as \u003c, and what JavaScript takes for the end of a line likewise, so nothing in the data ends
	// the element that it is in.
	data, err := json.Marshal(struct {
		Site    render.Site       `json:"site"`
		Results []json.RawMessage `json:"results"`
	}{site, results})
	if err != nil {
		return nil, fmt.Errorf("writing the data of a page: %w", err)
	}
	return bytes.Join([][]byte{
		d.opening, []byte(`<html lang="` + p.Language + `"`), d.top, []byte(p.Head), d.middle, []byte(p.Body), d.bottom,
		[]byte(`<script type="application/json" id="data">`), data, []byte(`</script>`), d.closing,
	}, nil), nil
}

// shellPage is what is left when a page cannot be rendered here: the browser asks and renders by itself.
func (d *document) shellPage(language string, site render.Site) ([]byte, error) {
	return d.page(render.Page{
		Language: language,
		Head:     `<title>Plein</title><meta name="robots" content="noindex">`,
		Body:     string(d.shell),
	}, site, nil)
}
