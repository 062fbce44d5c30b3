package web

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/render"
)

const maxAddress = 4 << 10 // bytes of path and query

// Why a page is sent as a shell.
const (
	shellBusy   = "busy"
	shellLate   = "late"
	shellFailed = "failed"
)

// visit answers every address that nothing else answers: with a page of the web application.
func (s *Server) visit(w http.ResponseWriter, r *http.Request) {
	if s.document == nil {
		w.Header().Set("Cache-Control", "no-store")
		s.send(w, r, http.StatusServiceUnavailable, mediaHTML, s.config.App.Unbuilt)
		return
	}
	address, err := pageAddress(r.URL)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if r.URL.Path == "/" {
		if to, moved := formerSearch(r.URL.Query()); moved {
			s.sendAnswer(w, r, redirect(http.StatusMovedPermanently, to))
			return
		}
	}
	work := func(ctx context.Context) (answer, error) {
		leave, err := s.pageGate.enter(ctx)
		if errors.Is(err, errOverloaded) {
			return s.shell(ctx, "unknown", addressLanguage(address), render.ErrBusy)
		} else if err != nil {
			return answer{}, err
		}
		defer leave()
		return s.compose(ctx, address)
	}
	switch {
	case hasSecret(r.URL.Path):
		keepToOneself(w.Header())
		s.alone(w, r, work)
	case r.URL.Query().Has("fout"): // what came of somebody's form
		w.Header().Set("X-Robots-Tag", "noindex")
		s.alone(w, r, work)
	default:
		s.share(w, r, address, work)
	}
}

// hasSecret tells whether a path is of a page that opens to whoever knows its address.
func hasSecret(path string) bool {
	path = strings.TrimPrefix(path, "/en")
	return strings.HasPrefix(path, identity.LinkPath) || strings.HasPrefix(path, catalog.SharePath)
}

// keepToOneself has a browser tell nobody of the address that it is at.
func keepToOneself(h http.Header) {
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
}

// pageAddress is path and query as the application gets them, and as the cache knows them: in ASCII, without control
// characters. It returns a fault for what is no address of ours.
func pageAddress(u *url.URL) (string, error) {
	address := u.EscapedPath()
	if u.RawQuery != "" {
		address += "?" + u.RawQuery
	}
	if len(address) > maxAddress {
		return "", errLongAddress
	}
	if !utf8.ValidString(u.Path) || strings.ContainsFunc(u.Path, func(c rune) bool { return c < ' ' || c == 0x7F }) {
		return "", errNotFound
	}
	if strings.Contains(u.RawQuery, "%00") { // no text that is stored or searched has it
		return "", errBadLink
	}
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c > ' ' && c < 0x7F {
			b.WriteByte(c)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(0x100|uint64(c), 16)[1:]))
		}
	}
	return b.String(), nil
}

// addressLanguage is the language that an address asks for.
func addressLanguage(path string) string {
	if path == "/en" || strings.HasPrefix(path, "/en/") || strings.HasPrefix(path, "/en?") {
		return "en"
	}
	return "nl"
}

// formerSearch is where a search of the first version of Plein is now. It had its words on the home page.
func formerSearch(query url.Values) (string, bool) {
	if !query.Has("q") {
		return "", false
	}
	now := url.Values{}
	if q := query.Get("q"); q != "" {
		now.Set("q", q)
	}
	names := map[string]string{"soort": "soort", "thema": "thema", "provincie": "provincie", "methode": "methode", "fase": "status"}
	for _, chosen := range query["f"] {
		facet, value, _ := strings.Cut(chosen, ":")
		if name := names[facet]; name != "" {
			now.Add(name, value)
		}
	}
	return strings.TrimSuffix("/zoeken?"+now.Encode(), "?"), true
}

// compose makes a page: it asks the application what the page needs, asks GraphQL for that as an anonymous visitor, and
// has the application make the page of the answers. Where the application cannot, the answer is the shell.
func (s *Server) compose(ctx context.Context, address string) (answer, error) {
	language := addressLanguage(address)
	plan, err := s.plan(ctx, address)
	if err != nil {
		return s.shell(ctx, "unknown", language, err)
	}
	if plan.Location != "" {
		return onRoute(plan.Route, redirect(http.StatusMovedPermanently, plan.Location)), nil
	}
	results, misses, lasting := []json.RawMessage{}, []string(nil), true
	for _, operation := range plan.Operations {
		found, err := s.execute(ctx, operation, language)
		if err != nil {
			return answer{}, err
		}
		results, misses = append(results, found.body), append(misses, found.misses...)
		lasting = lasting && found.shareable
	}
	began := time.Now()
	page, err := s.config.App.Renderer.Render(ctx, address, results, s.config.Site)
	s.metrics.step("render", began)
	if err != nil {
		return s.shell(ctx, plan.Route, language, err)
	}
	if page.Status == http.StatusMovedPermanently {
		return onRoute(plan.Route, redirect(page.Status, page.Location)), nil
	}
	body, err := s.document.page(page, s.config.Site, results)
	if err != nil {
		return s.shell(ctx, plan.Route, language, err)
	}
	made := answer{body: body, shareable: true, about: about{
		status: page.Status, contentType: mediaHTML, cost: pageCost, misses: misses, route: plan.Route,
		header: http.Header{"Content-Language": {page.Language}},
	}}
	switch page.Status {
	case http.StatusOK, http.StatusNotFound, http.StatusGone:
		made.fleeting = !lasting
	case http.StatusServiceUnavailable:
		made.header.Set("Retry-After", strconv.Itoa(seconds(errUnavailable.retryAfter)))
		made.fleeting = true
	default:
		made.fleeting = true
	}
	return made, nil
}

// plan asks the application what is at an address.
func (s *Server) plan(ctx context.Context, address string) (render.Plan, error) {
	defer s.metrics.step("plan", time.Now())
	return s.config.App.Renderer.Plan(ctx, address)
}

// execute carries out an operation of the application as an anonymous visitor. The answer's body is the whole GraphQL
// response, which may have errors in it; it is shareable when it is the same for everybody who asks this of the same
// version. The error is a fault, or that of the context.
func (s *Server) execute(ctx context.Context, asked render.Operation, language string) (answer, error) {
	defer s.metrics.step("operation", time.Now())
	op := operation{Extensions: map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": asked.Hash}}}
	if len(asked.Variables) > 0 {
		if err := decode(asked.Variables, &op.Variables); err != nil {
			return answer{}, err
		}
	}
	found, err := s.execution(op, http.MethodPost, mediaJSON, language)(ctx)
	switch {
	case err != nil:
		return answer{}, err
	case ctx.Err() != nil:
		return answer{}, ctx.Err()
	case found.status >= http.StatusInternalServerError:
		return answer{}, errUnavailable
	}
	return found, nil
}

// shell is the page without its content, which the browser gets and renders by itself.
func (s *Server) shell(ctx context.Context, route, language string, cause error) (answer, error) {
	if ctx.Err() != nil {
		return answer{}, ctx.Err()
	}
	reason := shellFailed
	switch {
	case errors.Is(cause, render.ErrBusy):
		reason = shellBusy
	case errors.Is(cause, render.ErrLate):
		reason = shellLate
	}
	s.metrics.shells.WithLabelValues(reason).Inc()
	if reason != shellBusy {
		s.config.Logger.LogAttrs(ctx, slog.LevelError, "a page could not be rendered",
			slog.String("requestId", RequestID(ctx)), slog.String("page", route), slog.String("error", cause.Error()))
	}
	body, err := s.document.shellPage(language, s.config.Site)
	return answer{body: body, shareable: true, about: about{
		status: http.StatusOK, contentType: mediaHTML, cost: pageCost, route: route, fleeting: true,
		header: http.Header{"Content-Language": {language}, "X-Robots-Tag": {"noindex"}},
	}}, err
}

// redirect is an answer without a body. The location is a path on this site.
func redirect(status int, location string) answer {
	return answer{shareable: true, about: about{status: status, cost: pageCost, contentType: mediaText, header: http.Header{"Location": {location}}}}
}

func onRoute(route string, a answer) answer {
	a.route = route
	return a
}
