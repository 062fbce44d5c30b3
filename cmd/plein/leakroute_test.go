package main

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sample is a request to a route. Its texts hold samples, as those of arguments do.
type sample struct {
	method, target, body string
	header               []string // names and values
}

func get(target string, header ...string) sample { return sample{"GET", target, "", header} }

func form(target, body string) sample {
	return sample{"POST", target, body, []string{"Content-Type", "application/x-www-form-urlencoded"}}
}

const (
	boundary  = "--kwqgrens\r\n"
	multipart = "multipart/form-data; boundary=kwqgrens"
)

func part(name, value string) string {
	return boundary + fmt.Sprintf("Content-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, value)
}

func attached(name, value string) string {
	return boundary + fmt.Sprintf("Content-Disposition: form-data; name=\"file\"; filename=%q\r\n\r\n%s\r\n", name, value)
}

const lastBoundary = "--kwqgrens--\r\n"

// lists are the addresses of a list of records, without what they end in.
func lists(ending string) []sample {
	var out []sample
	for _, query := range []string{"", "?q=$word", "?q=bijzonder+onderzoek", "?q=overlast+-$word", "?soort=PROJECT&volgorde=titel", "?thema=inkomen", "?status=DONE", "?udc=udc-leiden", "?gemeente=GM0546", "?stap=kwqdraftstap"} {
		out = append(out, get("/zoeken"+ending+query))
	}
	return out
}

// routes are the samples of every route of the edge but pages, by pattern without the language. A nil list says that the
// route answers everybody alike whatever the catalogue holds; it is asked once all the same.
var routes = map[string][]sample{
	"/graphql":                     {get("/graphql?query=%7B%20projects%20%7B%20totalCount%20%7D%20%7D"), get("/graphql?query=%7B%20node(id%3A%22$id%22)%20%7B%20id%20%7D%20%7D"), {method: "OPTIONS", target: "/graphql"}},
	"/graphql/schema.graphql":      nil,
	"/assets/":                     {get("/assets/niets.js"), get("/assets/$slug")},
	"/healthz":                     nil,
	"/readyz":                      nil,
	"/metrics":                     nil,
	"/.well-known/security.txt":    nil,
	"/robots.txt":                  nil,
	"/sitemap.xml":                 nil,
	"/sitemap/{part}":              {get("/sitemap/1.xml"), get("/sitemap/2.xml")},
	"/kaart.svg":                   {get("/kaart.svg")},
	"/thesaurus.ttl":               nil,
	"/thesaurus.jsonld":            nil,
	"/catalog.ttl":                 {get("/catalog.ttl"), {method: "HEAD", target: "/catalog.ttl"}},
	"/catalog.jsonld":              {get("/catalog.jsonld"), {method: "HEAD", target: "/catalog.jsonld"}},
	"/ldes/dcat":                   {get("/ldes/dcat"), get("/ldes/dcat?page=0"), get("/ldes/dcat?page=1"), get("/ldes/dcat?epoch=1&page=0"), get("/ldes/dcat?page=$word")},
	"/.well-known/plein-node.json": {get("/.well-known/plein-node.json")},
	"/.well-known/did.json":        nil,
	"/p/{publisher}/did.json":      {get("/p/@leiden/did.json"), get("/p/@delft/did.json"), get("/p/$id/did.json"), get("/p/$slug/did.json")},
	"/ldes/relay":                  {get("/ldes/relay"), get("/ldes/relay?page=0"), get("/ldes/relay?epoch=1&page=0")},
	"/ldes/{publisher}":            {get("/ldes/@leiden"), get("/ldes/@leiden?page=0"), get("/ldes/@leiden?page=1"), get("/ldes/@delft"), get("/ldes/@delft?page=0"), get("/ldes/@leiden?epoch=1&page=0"), get("/ldes/@leiden?page=$word"), get("/ldes/$id")},
	"/fed/doorbell":                {{"POST", "/fed/doorbell", `{"base":"https://plein.example.nl"}`, nil}, {"POST", "/fed/doorbell", `{"base":"$word"}`, nil}},
	"/zoeken.atom":                 lists(".atom"),
	"/zoeken.csv":                  lists(".csv"),
	"/zoeken.ndjson":               lists(".ndjson"),
	"/id/{id}":                     records(),
	"/files/{id}/{name}":           {get("/files/$file/bestand.csv"), get("/files/@file/rapport.csv"), get("/files/$id/x.csv"), get("/files/$file/x.csv", "Range", "bytes=0-3")},
	"/files":                       {{"POST", "/files", part("record", "$id") + attached("a.csv", "a,b\n1,2\n") + lastBoundary, []string{"Content-Type", multipart}}},
	"/imports":                     {get("/imports?organization=@leiden"), get("/imports?organization=@delft"), {"POST", "/imports", part("organization", "@leiden") + attached("a.csv", "titel\nx\n") + lastBoundary, []string{"Content-Type", multipart}}},
	"/imports/{id}":                {get("/imports/$import"), get("/imports/$id")},
	"/imports/{id}/preview":        {{"POST", "/imports/$import/preview", `{"kind":"PROJECT"}`, []string{"Content-Type", "application/json"}}},
	"/imports/{id}/run":            {{"POST", "/imports/$import/run", `{"kind":"PROJECT"}`, []string{"Content-Type", "application/json"}}},
	"/imports/{id}/undo":           {{"POST", "/imports/$import/undo", `{}`, []string{"Content-Type", "application/json"}}},
	"/imports/sjabloon.xlsx":       nil,
	"/imports/sjabloon.csv":        nil,
	"/inloggen":                    {form("/inloggen", "email=@caller.nl&password=x&volgende=%2Fpubliceren%2F$id")},
	"/inloggen/oidc":               nil,
	"/inloggen/oidc/terug":         {get("/inloggen/oidc/terug?code=x&state=$id")},
	"/inloggen/oidc/sleutels.json": nil,
	"/uitloggen":                   {get("/uitloggen")},
	"/wachtwoord-vergeten":         {form("/wachtwoord-vergeten", "email=@caller.nl")},
	"/toegang/{secret}":            {form("/toegang/$endedSecret", "password=een+zin+die+niemand+raadt")},
	"/mijn/wachtwoord":             {get("/mijn/wachtwoord")},
	"/mijn/wissen":                 {get("/mijn/wissen")},
	"/mijn/gegevens.json":          {get("/mijn/gegevens.json")},
	"/fout-melden":                 {form("/fout-melden", "record=$id&message=Dit+klopt+niet."), form("/fout-melden", "record=$template&message=Dit+klopt+niet."), form("/fout-melden", "record=$lesson&message=Dit+klopt+niet.")},
}

func records() []sample {
	var out []sample
	for _, id := range []string{"$id", "$template", "$lesson", "$part", "$file", "@project", "@results", "@outputs", "@revised", "@lesson", "@template", "@version", "@twin"} {
		out = append(out, get("/id/"+id), get("/id/"+id, "Accept", "application/json"), get("/id/"+id, "Accept", "text/html", "Accept-Language", "en"),
			get("/id/"+id+".ris"), get("/id/"+id+".bib"), sample{method: "HEAD", target: "/id/" + id})
	}
	return out
}

// parameters are the samples of the parts of pages' addresses that vary.
var parameters = map[string][]string{
	"publisher": {"udc-leiden"}, "number": {"1.0.0"}, "code": {"GM0546"}, "organization": {"udc-leiden"},
	"slug":   {"overlast-in-woningen", "zo-doen-wij-het", "meet-de-overlast", "kwqscheduled-bijzonder-onderzoek", "udc-leiden", "$slug", "$word-bijzonder-onderzoek", "$word-sjabloon", "$word-les"},
	"secret": {"$endedSecret", "@bearer"},
	"id":     {"$id", "@project"},
}

// queries are what else is asked of a page, by the name of its route.
var questions = map[string][]string{
	"search":       {"?q=$word", "?q=bijzonder+onderzoek", "?thema=inkomen", "?soort=LESSON", "?status=DONE", "?q=overlast&volgorde=nieuwste"},
	"organization": {"?deel=projecten"},
	"project":      {"?gemeld=ja"},
}

var route = regexp.MustCompile(`name: '(\w+)', path: '(/[^']*)'`)

// pages are every page of the web application, in both languages. The list is read from the one that it is built of.
func (ws *worlds) pages(t testing.TB) (out []request, lacking []string) {
	t.Helper()
	source, err := os.ReadFile("../../frontend/src/routes.ts")
	if err != nil {
		t.Fatal(err)
	}
	found := route.FindAllStringSubmatch(string(source), -1)
	if len(found) < 30 {
		t.Fatalf("%d pages were read from routes.ts", len(found))
	}
	for _, f := range append(found, []string{"", "notFound", "/nergens/$slug"}) {
		name, paths := f[1], []string{f[2]}
		for _, p := range strings.Split(f[2], "/") {
			if !strings.HasPrefix(p, ":") {
				continue
			}
			values, ok := parameters[p[1:]]
			if !ok {
				lacking = append(lacking, fmt.Sprintf("page %s has a part %s: give it samples in `parameters`", name, p))
			}
			var more []string
			for _, path := range paths {
				for _, v := range values {
					more = append(more, strings.Replace(path, p, v, 1))
				}
			}
			paths = more
		}
		for _, path := range paths {
			for _, query := range append([]string{""}, questions[name]...) {
				for _, target := range ws.expand(path + query) {
					out = append(out, request{surface: "page " + name, method: "GET", target: target}, request{surface: "page en/" + name, method: "GET", target: strings.TrimSuffix("/en"+target, "/")})
				}
			}
		}
	}
	return out, lacking
}

// edge are the samples of every other route that the server has.
func (ws *worlds) edge() (out []request, lacking []string) {
	known := map[string]bool{}
	for _, r := range ws.with.server.Routes() {
		pattern := strings.TrimPrefix(r.Pattern, "/en")
		if pattern == "/" || pattern == "" {
			continue // pages
		}
		if strings.HasPrefix(pattern, "/assets/fault-") {
			pattern = "/assets/"
		}
		prefix := ""
		if pattern != r.Pattern && strings.HasPrefix(r.Pattern, "/en") {
			prefix = "/en"
		}
		samples, ok := routes[pattern]
		if !ok {
			lacking = append(lacking, fmt.Sprintf("route %s: give it samples in `routes`", pattern))
		}
		known[pattern] = true
		if len(samples) == 0 {
			samples = []sample{get(pattern)}
		}
		for _, s := range samples {
			expand := ws.expand
			if s.method == "POST" {
				expand = ws.expandHidden
			}
			for _, x := range expand(s.target + "\x00" + s.body) {
				target, body, _ := strings.Cut(x, "\x00")
				q := request{surface: s.method + " " + r.Pattern, method: s.method, target: prefix + target, body: body, header: map[string]string{}}
				for i := 0; i < len(s.header); i += 2 {
					q.header[s.header[i]] = s.header[i+1]
				}
				out = append(out, q)
			}
		}
	}
	for _, pattern := range slices.Sorted(maps.Keys(routes)) {
		if !known[pattern] {
			lacking = append(lacking, fmt.Sprintf("there is no route %s any more: take it out of `routes`", pattern))
		}
	}
	return out, lacking
}
