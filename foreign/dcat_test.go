package foreign

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	dcat  = "http://www.w3.org/ns/dcat#"
	dct   = "http://purl.org/dc/terms/"
	foaf  = "http://xmlns.com/foaf/0.1/"
	skos  = "http://www.w3.org/2004/02/skos/core#"
	prov  = "http://www.w3.org/ns/prov#"
	vcard = "http://www.w3.org/2006/vcard/ns#"
	as    = "https://www.w3.org/ns/activitystreams#"
	isA   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
)

// data is a file of the large real sets; the test is left out where there are none.
func data(t testing.TB, path ...string) string {
	t.Helper()
	dir := os.Getenv("PLEIN_TESTDATA")
	if dir == "" {
		t.Skip("left out: PLEIN_TESTDATA names no folder with real data")
	}
	return filepath.Join(append([]string{dir}, path...)...)
}

// dcatShapes are the shapes of DCAT-AP-NL 3.0 that must hold, alone and together with those of DCAT-AP 3.0 that they
// stand on.
func dcatShapes(t testing.TB) [][]string {
	file := func(name string) string { return data(t, "dcat-ap-nl", name) }
	return [][]string{
		{file("dcat-ap-nl-SHACL.ttl")},
		{file("dcat-ap-nl-SHACL.ttl"), file("dcat-ap-SHACL.ttl")},
		{file("dcat-ap-nl-SHACL-klassebereik.ttl")},
		{file("dcat-ap-nl-SHACL-klassebereik-codelijsten.ttl")},
	}
}

type violation struct{ Focus, Path, Severity, Constraint string }

func (v violation) String() string { return v.Constraint + " " + v.Path + " of " + v.Focus }

// validate gives what the shapes find in each of some graphs, each finding once.
func validate(t testing.TB, shapes [][]string, graphs map[string]string) map[string][]string {
	t.Helper()
	var reports map[string][]struct {
		Conforms bool
		Results  []violation
	}
	script(t, "shacl.mjs", map[string]any{"shapes": shapes, "graphs": graphs}, &reports)
	out := map[string][]string{}
	for name := range graphs {
		if len(reports[name]) != len(shapes) {
			t.Fatalf("%s: %d reports of %d", name, len(reports[name]), len(shapes))
		}
		for _, r := range reports[name] {
			if r.Conforms != (len(r.Results) == 0) {
				t.Errorf("%s conforms: %v, with %d findings", name, r.Conforms, len(r.Results))
			}
			for _, v := range r.Results {
				out[name] = append(out[name], v.String())
			}
		}
		slices.Sort(out[name])
		out[name] = slices.Compact(out[name])
	}
	return out
}

// graph is a set of statements, as canonical N-Quads.
type graph []string

func (g graph) text() string { return strings.Join(g, "\n") + "\n" }

// of are the objects of a property of a thing, as N-Quads have them.
func (g graph) of(subject, predicate string) (out []string) {
	for _, q := range g {
		if rest, ok := strings.CutPrefix(q, "<"+subject+"> <"+predicate+"> "); ok {
			out = append(out, strings.TrimSuffix(rest, " ."))
		}
	}
	return out
}

// with are the subjects that have a type.
func (g graph) with(class string) (out []string) {
	for _, q := range g {
		if subject, ok := strings.CutSuffix(q, "> <"+isA+"> <"+class+"> ."); ok {
			out = append(out, subject[1:])
		}
	}
	return out
}

// without leaves out what a property says of a thing; of one object where it is named.
func (g graph) without(subject, predicate string, object ...string) graph {
	start := "<" + subject + "> <" + predicate + "> " + strings.Join(object, "")
	return slices.DeleteFunc(slices.Clone(g), func(q string) bool { return strings.HasPrefix(q, start) })
}

func (g graph) and(subject, predicate, object string) graph {
	return append(slices.Clone(g), fmt.Sprintf("<%s> <%s> %s .", subject, predicate, object))
}

// named are the statements of each graph that has a name; the empty one is that of the others.
func (g graph) named() map[string]graph {
	out := map[string]graph{}
	for _, q := range g {
		body, name := strings.TrimSuffix(q, " ."), ""
		if terms(body) == 4 {
			i := strings.LastIndex(body, " <")
			body, name = body[:i], body[i+2:len(body)-1]
		}
		out[name] = append(out[name], body+" .")
	}
	return out
}

// terms counts those of a statement.
func terms(q string) (n int) {
	for q = strings.TrimSpace(q); q != ""; q = strings.TrimSpace(q) {
		n++
		if q[0] == '"' {
			end := 1
			for q[end] != '"' {
				if q[end] == '\\' {
					end++
				}
				end++
			}
			q = q[end:]
		}
		_, q, _ = strings.Cut(q, " ")
	}
	return n
}

func lines(text string) graph { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }

// fill publishes real descriptions of algorithms as projects, with outputs at the addresses where they are described.
func (n *node) fill(t testing.TB, many int) (projects []project) {
	t.Helper()
	f, err := os.Open(data(t, "texts", "algoritmeregister.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var vocabulary struct {
		Domains, Methods, Kinds, Licenses []struct{ ID string }
		Organizations                     struct{ Nodes []struct{ ID string } }
	}
	n.ask(t, `{ domains: concepts(scheme: POLICY_DOMAIN) { id } methods: concepts(scheme: METHOD) { id } kinds: concepts(scheme: OUTPUT_KIND) { id } licenses: concepts(scheme: LICENSE) { id }
		organizations(first: 10) { nodes { id } } }`, nil, &vocabulary)
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for i := 0; i < many && in.Scan(); {
		var a struct{ Title, Description, Gemeente, Registered, URL string }
		if err := json.Unmarshal(in.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		if a.Gemeente == "" || a.Description == "" || len(a.Registered) != len("2026-03-02") {
			continue
		}
		pick := func(list []struct{ ID string }) string { return list[i%len(list)].ID }
		p := n.change(t, "projectCreate", "ProjectCreateInput", "project", map[string]any{"organization": n.organization, "title": a.Title, "summary": a.Description,
			"question": "Wat doet " + a.Title + "?", "policyDomains": []string{pick(vocabulary.Domains)}, "municipalities": []string{a.Gemeente}})
		change := map[string]any{"id": p.ID, "revision": p.Revision, "methods": []string{pick(vocabulary.Methods)}, "aliases": []string{a.Title}, "startedOn": a.Registered[:[]int{4, 7, 10}[i%3]]}
		if i%2 == 0 {
			change["contacts"] = []map[string]any{{"label": "Team onderzoek", "email": "onderzoek@plein.test"}, {"label": "Informatiepunt"}}
		}
		p = n.change(t, "projectUpdate", "ProjectUpdateInput", "project", change)
		for j := range i % 3 {
			p = n.change(t, "outputAdd", "OutputAddInput", "project", map[string]any{"project": p.ID, "revision": p.Revision, "kind": pick(vocabulary.Kinds), "title": fmt.Sprintf("%s (%d)", a.Title, j+1),
				"url": a.URL, "mediaType": []string{"", "text/html"}[j], "producedBy": vocabulary.Organizations.Nodes[i%len(vocabulary.Organizations.Nodes)].ID,
				"license": pick(vocabulary.Licenses), "publishedOn": a.Registered})
		}
		projects = append(projects, n.step(t, "recordPublish", p, ""))
		i++
	}
	return projects
}

func TestTheCatalogueIsDCATForWhoeverMadeTheRules(t *testing.T) {
	shapes := dcatShapes(t)
	n := start(t, "Delft")
	projects := n.fill(t, 60)
	const hostile = `""" . <urn:x> <urn:y> \u0041 \\ 'é' 𝄞 </script> @nl`
	projects[3] = n.retitle(t, projects[3], hostile)
	var read struct{ Turtle, JSONLD string }
	script(t, "canon.mjs", map[string]string{"turtle": string(n.get(t, "/catalog.ttl")), "jsonld": string(n.get(t, "/catalog.jsonld"))}, &read)
	if read.Turtle != read.JSONLD || read.Turtle == "" {
		t.Fatalf("Turtle and JSON-LD say other things: %d and %d bytes", len(read.Turtle), len(read.JSONLD))
	}
	whole := lines(read.Turtle)
	if got := whole.of(projects[3].URI, dct+"title"); !slices.Equal(got, []string{`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(hostile) + `"@nl`}) {
		t.Errorf("a hostile title is read as %q", got)
	}
	if d, a, own := len(whole.with(dcat+"Dataset")), len(whole.with(prov+"Activity")), len(whole.with(dcat+"DataService")); d != 61 || a != 60 || own != 1 {
		t.Errorf("%d datasets, %d activities, %d services", d, a, own)
	}

	// What is broken is broken in a part of the same catalogue, which is quicker to judge.
	part := slices.DeleteFunc(slices.Clone(whole), func(q string) bool {
		return slices.ContainsFunc(projects[4:], func(p project) bool { return strings.Contains(q, p.URI) })
	})
	broken, want := breaks(t, n, part, projects)
	graphs := map[string]string{"whole": whole.text(), "part": part.text()}
	for name, g := range broken {
		graphs[name] = g.text()
	}
	for name, got := range validate(t, shapes, graphs) {
		if !slices.Equal(got, want[name]) {
			t.Errorf("%s:\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want[name], "\n"))
		}
	}

	// What is recommended and left out is known: Plein does not know of standards that outputs conform to, nor whether an
	// address is that of a file or of a page.
	left := map[string]bool{}
	for _, v := range validate(t, [][]string{{data(t, "dcat-ap-nl", "dcat-ap-nl-SHACL-aanbevolen.ttl")}}, map[string]string{"part": part.text()})["part"] {
		path, focus, _ := strings.Cut(strings.TrimPrefix(v, "MinCountConstraintComponent "), " of ")
		class := strings.Trim(part.of(focus, isA)[0], "<>")
		left[strings.TrimPrefix(class, dcat)+" "+path[strings.LastIndexAny(path, "/#")+1:]] = true
	}
	for _, known := range []string{"Dataset conformsTo", "Distribution conformsTo", "Distribution accessService", "Distribution downloadURL"} {
		delete(left, known)
	}
	if len(left) > 0 {
		t.Errorf("recommended and left out: %v", left)
	}
}

// breaks are graphs with one thing wrong in each, and what has to be found in them.
func breaks(t testing.TB, n *node, g graph, projects []project) (map[string]graph, map[string][]string) {
	t.Helper()
	dataset := projects[1].URI + "#o1"
	distribution, catalog, service := dataset+"-adres", n.base+"/#catalogus", n.base+"/#graphql"
	two := projects[2].URI // two outputs and two contacts
	contact := two + "#contact-1"
	name := func(s []string) string { return strings.Trim(s[0], "<>") }
	theme, publisher := name(g.of(dataset, dcat+"theme")), name(g.of(dataset, dct+"publisher"))
	out, want := map[string]graph{}, map[string][]string{}
	add := func(what string, broken graph, findings ...string) {
		if slices.Equal(broken, g) || len(findings) == 0 {
			t.Fatalf("%s: nothing is broken", what)
		}
		slices.Sort(findings)
		out[what], want[what] = broken, findings
	}
	lacks := func(path, focus string) string {
		return violation{Focus: focus, Path: path, Constraint: "MinCountConstraintComponent"}.String()
	}
	other := func(constraint, path, focus string) string {
		return violation{Focus: focus, Path: path, Constraint: constraint + "ConstraintComponent"}.String()
	}
	for _, x := range []struct{ what, subject, predicate string }{
		{"a dataset without a title", dataset, dct + "title"},
		{"a dataset without a description", dataset, dct + "description"},
		{"a dataset without a publisher", dataset, dct + "publisher"},
		{"a dataset without a maker", dataset, dct + "creator"},
		{"a dataset without an identifier", dataset, dct + "identifier"},
		{"a dataset without rights of access", dataset, dct + "accessRights"},
		{"a dataset without a theme", dataset, dcat + "theme"},
		{"a dataset without a contact", dataset, dcat + "contactPoint"},
		{"a distribution without a licence", distribution, dct + "license"},
		{"a distribution without an address", distribution, dcat + "accessURL"},
		{"a service without an address", service, dcat + "endpointURL"},
		{"a service without a description of itself", service, dcat + "endpointDescription"},
		{"a service without a licence", service, dct + "license"},
		{"a catalogue without a contact", catalog, dcat + "contactPoint"},
		{"a catalogue without a publisher", catalog, dct + "publisher"},
		{"a catalogue without datasets", catalog, dcat + "dataset"},
		{"an agent without a name", publisher, foaf + "name"},
		{"a theme without a name", theme, skos + "prefLabel"},
	} {
		add(x.what, g.without(x.subject, x.predicate), lacks(x.predicate, x.subject))
	}
	add("a publisher that is a theme", g.without(dataset, dct+"publisher").and(dataset, dct+"publisher", "<"+theme+">"), other("Class", dct+"publisher", dataset))
	add("an activity that is none", g.without(projects[1].URI, isA), other("Class", prov+"wasGeneratedBy", dataset))
	add("a contact that is no Kind", g.without(contact, isA, "<"+vcard+"Kind>"), other("Class", dcat+"contactPoint", two+"#o1"), other("Class", dcat+"contactPoint", two+"#o2"))
	add("an address that is a text", g.without(distribution, dcat+"accessURL").and(distribution, dcat+"accessURL", `"elders"`), other("NodeKind", dcat+"accessURL", distribution))
	add("a keyword that is a thing", g.and(dataset, dcat+"keyword", "<"+theme+">"), other("NodeKind", dcat+"keyword", dataset))
	add("a size that is a word", g.and(distribution, dcat+"byteSize", `"groot"`), other("Datatype", dcat+"byteSize", distribution))
	add("two identifiers", g.and(dataset, dct+"identifier", `"nog een"`), other("MaxCount", dct+"identifier", dataset))
	add("two licences", g.and(distribution, dct+"license", "<http://creativecommons.org/licenses/by/4.0/deed.nl>").and(distribution, dct+"license", "<http://creativecommons.org/publicdomain/zero/1.0/deed.nl>").
		and("http://creativecommons.org/publicdomain/zero/1.0/deed.nl", isA, "<"+dct+"LicenseDocument>"), other("MaxCount", dct+"license", distribution))
	return out, want
}

func TestTheFeedOfDatasetsIsStrict(t *testing.T) {
	shapes := dcatShapes(t)
	n := start(t, "Delft")
	projects := n.fill(t, 12)
	projects[1] = n.retitle(t, projects[1], "Een andere titel")
	n.withdraw(t, projects[2], "Op verzoek van de gemeente.")
	var root, read struct{ JSONLD string }
	script(t, "canon.mjs", map[string]string{"jsonld": string(n.get(t, "/ldes/dcat"))}, &root)
	var pages []string
	for _, q := range lines(root.JSONLD) {
		if _, address, ok := strings.Cut(q, "<https://w3id.org/tree#node> <"); ok {
			pages = append(pages, strings.TrimSuffix(address, "> ."))
		}
	}
	if len(pages) != 1 {
		t.Fatalf("the root names %q", pages)
	}
	u, err := url.Parse(pages[0])
	if err != nil {
		t.Fatal(err)
	}
	script(t, "canon.mjs", map[string]string{"jsonld": string(n.get(t, u.RequestURI()))}, &read)
	parts := lines(read.JSONLD).named()
	feed := parts[""]
	creates, updates, deletes := feed.with(as+"Create"), feed.with(as+"Update"), feed.with(as+"Delete")
	if len(creates) != 10 || len(updates) != 1 || len(deletes) != 2 || len(parts) != 12 {
		t.Errorf("%d datasets came, %d changed, %d went, in %d graphs", len(creates), len(updates), len(deletes), len(parts)-1)
	}

	// A client of others finds the same activities, each with its graph.
	client := replicate(t, replication{URL: n.base + "/ldes/dcat"})
	found := slices.Concat(creates, updates, deletes)
	slices.Sort(found)
	if !slices.Equal(client.ids(), found) {
		t.Errorf("a client finds %q, want %q", client.ids(), found)
	}
	for _, m := range client.Members {
		if m.About != len(parts[m.ID]) || m.Quads != m.About+3 || "<"+m.Object+">" != feed.of(m.ID, as+"object")[0] {
			t.Errorf("a client reads %+v, with %d statements in its graph", m, len(parts[m.ID]))
		}
	}

	graphs := map[string]string{}
	for _, activity := range slices.Concat(creates, updates) {
		object := strings.Trim(feed.of(activity, as+"object")[0], "<>")
		if got := parts[activity].with(dcat + "Dataset"); !slices.Equal(got, []string{object}) {
			t.Errorf("the graph of %s is about %q, want %s", activity, got, object)
		}
		graphs[activity] = parts[activity].text()
	}
	for name, findings := range validate(t, shapes, graphs) {
		if len(findings) > 0 {
			t.Errorf("%s:\n%s", name, strings.Join(findings, "\n"))
		}
	}

	one, object := creates[0], feed.of(creates[0], as+"object")[0]
	wrong := map[string]graph{
		"feed":                        feed,
		"an activity that says more":  feed.and(one, "https://plein.test/ns#seq", `"1"`),
		"an object that is a text":    feed.without(one, as+"object").and(one, as+"object", `"tabel"`),
		"an activity without object":  feed.without(one, as+"object"),
		"two objects":                 feed.and(one, as+"object", "<urn:ander>"),
		"a moment that is a day":      feed.without(one, as+"published").and(one, as+"published", `"2026-01-01"^^<http://www.w3.org/2001/XMLSchema#date>`),
		"a title that is not inside":  feed.and(one, dct+"title", `"Tabel"`),
		"a withdrawal that says more": feed.and(deletes[0], dct+"title", `"Tabel"`),
	}
	if !strings.HasPrefix(object, "<"+n.base+"/id/") {
		t.Errorf("the object is %s", object)
	}
	want := map[string]string{
		"an activity that says more": "Closed https://plein.test/ns#seq", "an object that is a text": "NodeKind " + as + "object", "an activity without object": "MinCount " + as + "object",
		"two objects": "MaxCount " + as + "object", "a moment that is a day": "Datatype " + as + "published", "a title that is not inside": "Closed " + dct + "title",
		"a withdrawal that says more": "Closed " + dct + "title",
	}
	texts := map[string]string{}
	for name, g := range wrong {
		texts[name] = g.text()
	}
	for name, got := range validate(t, [][]string{{"dcat-ap-feeds.ttl"}}, texts) {
		var expected []string
		if constraint, path, ok := strings.Cut(want[name], " "); ok {
			focus := one
			if strings.HasPrefix(name, "a withdrawal") {
				focus = deletes[0]
			}
			expected = []string{violation{Focus: focus, Path: path, Constraint: constraint + "ConstraintComponent"}.String()}
		}
		if !slices.Equal(got, expected) {
			t.Errorf("%s: %q, want %q", name, got, expected)
		}
	}
}
