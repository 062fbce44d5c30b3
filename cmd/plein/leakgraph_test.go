package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/record"
)

// argument is what an argument of a root field is given, as GraphQL. $name is a sample of each secret that has it, @name
// one of what is in every world. With whole everything is selected, with brief what shows that there is something.
type argument struct{ whole, brief []string }

// arguments are by name, or by field and name where it differs. "-" says that it is left out, with the reason beside it.
var arguments = map[string]argument{
	"id":  {[]string{`"@project"`, `"@lesson"`, `"@template"`, `"@version"`, `"@results"`}, []string{`"$id"`, `"$part"`, `"$use"`, `"$embargo"`, `"$file"`, `"$share"`, `"$import"`, `"$template"`, `"$lesson"`, `"@file"`, `"@changed"`}},
	"ids": {[]string{`["@outputs", "@twin", "@changed", "@revised"]`}, []string{`["$id", "@project", "$part", "$file"]`}},
	"uri": {[]string{`"https://plein.test/id/@project"`}, []string{`"https://plein.test/id/$id"`, `"https://plein.test/id/$lesson"`}},
	"representations": {[]string{`[{__typename: "Project", id: "@project"}, {__typename: "Lesson", uri: "https://plein.test/id/@lesson"}, {__typename: "ProcessTemplate", id: "@template"}, {__typename: "Organization", id: "@leiden"}]`},
		[]string{`[{__typename: "Project", id: "$id"}, {__typename: "Project", uri: "https://plein.test/id/$id"}, {__typename: "Lesson", id: "$lesson"}, {__typename: "ProcessTemplate", uri: "https://plein.test/id/$template"}, {__typename: "OtherRecord", id: "$id"}]`}},
	"path":   {[]string{`"/projecten/udc-leiden/overlast-in-woningen"`}, []string{`"/projecten/udc-leiden/$slug"`, `"/sjablonen/udc-leiden/$word-sjabloon"`, `"/lessen/udc-leiden/$word-les"`, `"/overig/udc-leiden/$word-les"`, `"/projecten/udc-leiden/$word-bijzonder-onderzoek"`}},
	"record": {[]string{`"@project"`}, []string{`"$id"`}},

	"Query.draft.id":              {[]string{`"@elsewhere"`, `"@guestIn"`}, []string{`"$id"`, `"$template"`, `"$lesson"`}},
	"Query.publicationPreview.id": {[]string{`"@elsewhere"`}, []string{`"$id"`, `"$template"`, `"$lesson"`}},
	"Query.files.record":          {[]string{`"@elsewhere"`}, []string{`"$id"`, `"@project"`}},
	"Query.draftShares.record":    {[]string{`"@elsewhere"`}, []string{`"$id"`}},
	"Query.sharedDraft.secret":    {[]string{`"@bearer"`}, []string{`"$endedSecret"`, `"nooit-geweest"`}},
	"Query.accessLink.secret":     {brief: []string{`"$endedSecret"`, `"nooit-geweest"`}},

	"query":                        {[]string{`"overlast"`}, []string{`"$word"`, `"$word overlast woningen"`, `"bijzonder onderzoek"`, `"-$word overlast"`, `"\"bijzonder onderzoek\""`}},
	"Query.communityRecords.query": {brief: []string{`"$word"`, `"onderzoek"`}},
	"prefix":                       {[]string{`"ove"`}, []string{`"kwq"`, `"$word"`, `"bijz"`}},
	"Query.users.prefix":           {brief: []string{`"kwq"`, `"a"`}},
	"Query.terms.prefix":           {brief: []string{`"kwq"`, `"w"`}},
	"Query.municipalities.prefix":  {brief: []string{`"L"`}},
	"Query.dataSources.prefix":     {brief: []string{`"kwq"`}},
	"text":                         {[]string{`"Waar is overlast in woningen?"`}, []string{`"Bijzonder onderzoek over $word"`, `"$word"`}},
	"lang":                         {brief: []string{`EN`}},
	"types":                        {brief: []string{`[PROJECT]`, `[LESSON, PROCESS_TEMPLATE]`}},
	"schemes":                      {brief: []string{`[POLICY_DOMAIN]`}},
	"Query.terms.schemes":          {brief: []string{`[THESAURUS]`}},
	"scheme":                       {[]string{`POLICY_DOMAIN`}, nil},
	"kinds":                        {brief: []string{`[CREATE]`, `[UPDATE, DELETE]`}},
	"Query.organizations.kinds":    {brief: []string{`[MUNICIPAL_UDC]`}},
	"Query.auditLog.kinds":         {brief: []string{`[CREATED, ACCOUNT]`}},
	"organization":                 {brief: []string{`"@leiden"`, `"@delft"`}},
	"slug":                         {[]string{`"udc-leiden"`, `"udc-delft"`}, nil},
	"code":                         {[]string{`"GM0546"`}, nil},
	"municipality":                 {brief: []string{`"GM0546"`}},
	"policyDomains":                {brief: []string{`["con_policy-domain.inkomen"]`, `["con_policy-domain.wonen"]`}},
	"weights":                      {brief: []string{`{text: 0.9}`}},
	"custody":                      {brief: []string{`OWN`}},
	"stepKey":                      {brief: []string{`"vraag"`, `"kwqdraftstap"`, `"kwqcommunitystap"`}},
	"role":                         {brief: []string{`"con_team-role.cbs"`}},
	"states":                       {brief: []string{`[DRAFT, IN_REVIEW, CHANGES_REQUESTED]`, `[PUBLISHED, WITHDRAWN]`}},
	"discarded":                    {brief: []string{`true`}},
	"closed":                       {brief: []string{`true`}},
	"overdue":                      {brief: []string{`true`, `false`}},
	"facets":                       {[]string{`[TYPE, POLICY_DOMAIN, TARGET_GROUP, METHOD, ORGANIZATION, MUNICIPALITY, PROVINCE, PHASE, YEAR, USED_IN_POLICY, OUTPUT_KIND, STEP, LANGUAGE, NODE]`}, nil},
	"facetSize":                    {brief: []string{`2`}},
	"sort":                         {brief: []string{`NEWEST`, `TITLE`, `RECENTLY_UPDATED`, `MOST_REUSED`}},
	"grouped":                      {brief: []string{`true`}},
	"expand":                       {brief: []string{`false`}},
	"orderBy":                      {brief: []string{`{field: TITLE, direction: ASC}`, `{field: STARTED_ON, direction: DESC}`, `{field: PUBLISHED_AT, direction: DESC}`}},
	"Query.projects.filter": {brief: []string{`{phases: [DONE]}`, `{policyDomains: ["con_policy-domain.inkomen"]}`, `{usedInPolicy: true}`, `{organizations: ["@leiden"], excludeOwn: false}`,
		`{municipalities: ["GM0546"]}`, `{excludeOwn: true}`}},
	"Query.search.filter": {brief: []string{`{policyDomains: ["con_policy-domain.inkomen"]}`, `{organizations: ["@leiden"]}`, `{municipalities: ["GM0546"]}`, `{outputKinds: ["con_output-kind.rapport"]}`, `{nodes: ["@node"]}`}},
	"first":               {brief: []string{`2`}},
	"after":               {}, // the end of the first page
}

// inner are the arguments of fields below the root. An empty one is left out.
var inner = map[string]string{
	"lang": "NL", "format": "HTML", "atMost": "300", "first": "3",
	"after":       "",        // a list in a list goes on for one at a time; the roots try cursors
	"against":     `"1.0.0"`, // a number of the same template
	"number":      `"1.0.0"`,
	"perspective": `"GM0546"`, "weights": "{text: 0.9}",
	"filter":  "", // a list in a list goes on for one at a time; Query.projects tries filters
	"orderBy": "",
	"id":      `"@project"`, "ids": `["@project"]`, "uri": `"https://plein.test/id/@project"`,
}

// unit is a piece of a selection, and what it costs about.
type unit struct {
	text         string
	tokens, cost int
	// of is the one type among several that it is about: fields of two types may not stand side by side.
	of string
}

// generator writes operations that select every field of the schema.
type generator struct {
	schema *ast.Schema
	ws     *worlds
	// seen are the fields that some operation selects; lacking says what the tables do not have.
	seen    map[string]bool
	lacking []string
}

func newGenerator(t testing.TB, ws *worlds) *generator {
	t.Helper()
	schema, err := gqlparser.LoadSchema(&ast.Source{Name: "plein", Input: string(graph.SDL())})
	if err != nil {
		t.Fatal(err)
	}
	return &generator{schema: schema, ws: ws, seen: map[string]bool{}}
}

const (
	// What one operation may have, well below what the guard refuses.
	mostTokens, mostCost, mostBeside = 850, 4_500, 140
	// How many records, organisations and the like a selection goes down.
	depth = 1
)

// isNode tells whether a selection that goes into this type goes further down: what has no id of its own belongs to what
// it is in.
func (g *generator) isNode(t *ast.Definition) bool {
	return t.IsAbstractType() || slices.Contains(t.Interfaces, "Node")
}

// units are everything in a type, down to a depth. What is inside costs at most so much.
func (g *generator) units(t *ast.Definition, depth, cost int) []unit {
	if t.IsAbstractType() {
		out := []unit{{text: "__typename", tokens: 1}}
		if t.Kind == ast.Interface {
			out = append(out, g.fields(t, 0, cost)...)
		}
		for _, possible := range g.schema.GetPossibleTypes(t) {
			if possible.IsAbstractType() {
				continue // its types are among them
			}
			for _, u := range pack(g.units(possible, depth, cost), mostTokens/2, cost) {
				out = append(out, unit{fmt.Sprintf("... on %s { %s }", possible.Name, u.text), u.tokens + 5, u.cost, possible.Name + "/" + u.of})
			}
		}
		return out
	}
	return g.fields(t, depth, cost)
}

func (g *generator) fields(t *ast.Definition, depth, cost int) []unit {
	var out []unit
	for _, f := range t.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		given, ok := g.inner(t, f)
		if !ok {
			continue
		}
		of := g.schema.Types[f.Type.Name()]
		if of.IsLeafType() {
			g.seen[t.Name+"."+f.Name] = true
			u := unit{f.Name + given, 2 + strings.Count(given, ":")*3, 0, ""}
			if strings.Contains(given, "HTML") {
				u.cost = 1
			}
			out = append(out, u)
			continue
		}
		below := depth
		if g.isNode(of) {
			below--
		}
		if below < 0 {
			continue
		}
		times := 1
		if strings.Contains(given, "first") {
			times = 3
		}
		g.seen[t.Name+"."+f.Name] = true
		for _, u := range pack(g.units(of, below, cost/times), mostTokens*2/3, cost/times) {
			out = append(out, unit{fmt.Sprintf("%s%s { %s }", f.Name, given, u.text), u.tokens + 4, times*u.cost + weightOf(f), u.of})
		}
	}
	return out
}

func weightOf(f *ast.FieldDefinition) int {
	if d := f.Directives.ForName("cost"); d != nil {
		if w := d.Arguments.ForName("weight"); w != nil {
			n := 0
			fmt.Sscan(w.Value.Raw, &n) //nolint:errcheck // the schema was parsed
			return n
		}
	}
	return 1
}

// inner writes the arguments of a field below the root.
func (g *generator) inner(t *ast.Definition, f *ast.FieldDefinition) (string, bool) {
	var out []string
	for _, a := range f.Arguments {
		value, ok := inner[a.Name]
		if !ok {
			g.lack(fmt.Sprintf("argument %s of %s.%s: say in `inner` what it is given", a.Name, t.Name, f.Name))
			return "", false
		}
		if value != "" {
			out = append(out, a.Name+": "+g.ws.expand(value)[0])
		}
	}
	if len(out) == 0 {
		return "", true
	}
	return "(" + strings.Join(out, ", ") + ")", true
}

// pack puts pieces together as long as they fit.
func pack(us []unit, tokens, cost int) []unit {
	var out []unit
	var now unit
	n := 0
	for _, u := range us {
		if n > 0 && (now.tokens+u.tokens > tokens || now.cost+u.cost > cost || n >= mostBeside || now.of != u.of && now.of != "" && u.of != "") {
			out, now, n = append(out, now), unit{}, 0
		}
		now = unit{strings.TrimSpace(now.text + " " + u.text), now.tokens + u.tokens, now.cost + u.cost, cmp.Or(now.of, u.of)}
		n++
	}
	if n > 0 {
		out = append(out, now)
	}
	return out
}

// below is everything that a root field gives, in as many selections as it takes.
func (g *generator) below(f *ast.FieldDefinition) []string {
	of := g.schema.Types[f.Type.Name()]
	if of.IsLeafType() {
		return []string{""}
	}
	times := 1
	if first := f.Arguments.ForName("first"); first != nil {
		fmt.Sscan(first.DefaultValue.Raw, &times) //nolint:errcheck // the schema was parsed
		times += times / 4
	}
	if f.Type.Elem != nil {
		times = 5
	}
	var out []string
	for _, u := range pack(g.units(of, depth, mostCost/times), mostTokens, mostCost/times) {
		out = append(out, "{ "+u.text+" }")
	}
	return out
}

// lack notes once that a table does not have something.
func (g *generator) lack(what string) {
	if !slices.Contains(g.lacking, what) {
		g.lacking = append(g.lacking, what)
	}
}

// sample finds what an argument is given.
func (g *generator) sample(root string, f *ast.FieldDefinition, a *ast.ArgumentDefinition) (argument, bool) {
	for _, key := range []string{root + "." + f.Name + "." + a.Name, a.Name} {
		if s, ok := arguments[key]; ok {
			return s, true
		}
	}
	g.lack(fmt.Sprintf("argument %s of %s.%s: give it samples in `arguments`", a.Name, root, f.Name))
	return argument{}, false
}

// queries are every field of Query, with every argument.
func (g *generator) queries() []request {
	var out []request
	for _, f := range g.schema.Query.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		selections := g.below(f)
		// given are the values of each argument that is needed, or that is always given.
		given := map[string]argument{}
		var needed string
		for _, a := range f.Arguments {
			s, ok := g.sample("Query", f, a)
			if !ok {
				continue
			}
			given[a.Name] = s
			if a.Type.NonNull && a.DefaultValue == nil {
				if needed != "" {
					g.lack("Query." + f.Name + " needs two arguments: the matrix knows of one")
				}
				needed = a.Name
			}
		}
		add := func(selection string, args ...string) {
			text := f.Name
			if args = slices.DeleteFunc(args, func(a string) bool { return a == "" }); len(args) > 0 {
				text += "(" + strings.Join(args, ", ") + ")"
			}
			out = append(out, g.operation("Query."+f.Name, "query { "+text+" "+selection+" }"))
		}
		base := []string{""}
		if needed != "" {
			base = nil
			for _, v := range given[needed].whole {
				base = append(base, needed+": "+g.ws.expand(v)[0])
			}
			for _, v := range given[needed].brief {
				for _, x := range g.ws.expand(v) {
					add(selections[0], needed+": "+x)
				}
			}
			if len(base) == 0 {
				continue
			}
		}
		for i, b := range base {
			for _, s := range selections {
				add(s, b, g.standing(f, given))
			}
			if i > 0 {
				continue
			}
			for _, a := range f.Arguments {
				if a.Name == needed || a.Name == "facets" {
					continue
				}
				if a.Name == "after" {
					add(selections[0], b, "first: 2, after: "+g.cursor(f, b))
					continue
				}
				for _, v := range slices.Concat(given[a.Name].whole, given[a.Name].brief) {
					for _, x := range g.ws.expand(v) {
						add(selections[0], b, a.Name+": "+x)
					}
				}
			}
		}
	}
	return out
}

// cursor is the end of the first page of a list, as an author of another organisation gets it.
func (g *generator) cursor(f *ast.FieldDefinition, given string) string {
	if given != "" {
		given += ", "
	}
	a := g.ws.community.ask(g.ws.caller("authorElsewhere"), 1, g.operation("", "query { "+f.Name+"("+given+"first: 2) { pageInfo { endCursor } } }"))
	found := endCursor.FindStringSubmatch(a.body)
	if found == nil {
		return `"bm9vaXQ"`
	}
	return `"` + found[1] + `"`
}

var endCursor = regexp.MustCompile(`"endCursor":"([^"]+)"`)

// standing are arguments that are given with everything: facets cost nothing beside them.
func (g *generator) standing(f *ast.FieldDefinition, given map[string]argument) string {
	if s, ok := given["facets"]; ok && f.Arguments.ForName("facets") != nil {
		return "facets: " + s.whole[0] + ", facetSize: 20"
	}
	return ""
}

func (g *generator) operation(surface, text string) request {
	body, _ := json.Marshal(map[string]string{"query": text})
	return request{surface: surface, method: "POST", target: "/graphql", body: string(body), header: map[string]string{"Content-Type": "application/json"}}
}

// unseen are the fields of everything that can be read which no operation selects.
func (g *generator) unseen() []string {
	var out []string
	reached := map[string]bool{}
	var walk func(*ast.Definition)
	walk = func(t *ast.Definition) {
		if t.IsLeafType() || reached[t.Name] {
			return
		}
		reached[t.Name] = true
		for _, p := range g.schema.GetPossibleTypes(t) {
			walk(p)
		}
		for _, f := range t.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			if t != g.schema.Query && !g.seen[t.Name+"."+f.Name] && t.Kind == ast.Object {
				out = append(out, t.Name+"."+f.Name)
			}
			walk(g.schema.Types[f.Type.Name()])
		}
	}
	walk(g.schema.Query)
	slices.Sort(out)
	return out
}

// slots are the ids in what is written, by input type and field, or by the name of the field. A sample that begins with $
// is of what is hidden: it is tried, in each mutation that takes it. Any other is right, and only filled in.
var slots = map[string]string{
	"id": "$id", "project": "$id", "record": "$id", "projects": "$id", "template": "$template", "lesson": "$lesson", "version": "@version", "templateVersion": "$id", "file": "$file",
	"OutputUpdateInput.id": "$part", "PartRemoveInput.id": "$part", "PolicyUseUpdateInput.id": "$use", "MistakeReportCloseInput.id": "$share", "draftShareEnd.id": "$share",
	"fileRemove.id": "$file", "fileRestore.id": "$file", "TemplateForkInput.version": "$template", "LessonUpdateInput.id": "$lesson", "TemplateUpdateInput.id": "$template",
	"LessonCreateInput.template": "$template", "LessonUpdateInput.template": "@template", "LessonUpdateInput.projects": "@project",
	"ReuseHideInput.id": "$part", "PeerSetStateInput.id": "", "PublisherSetStateInput.id": "", "peerRemove.id": "", "peerPull.id": "", "publisherAllowDeletes.id": "",
	// Not of records.
	"organization": "@delft", "policyDomains": "con_policy-domain.wonen", "license": "con_license.cc-by-4.0", "roles": "con_team-role.cbs", "role": "con_team-role.cbs",
	"municipalities": "GM0503", "targetGroups": "", "geoLevel": "", "methods": "", "stopReason": "", "communicationSenders": "", "source": "", "accessRoute": "", "linkedWith": "",
	"kind": "con_output-kind.rapport", "producedBy": "@delft", "ground": "con_embargo-ground.bekendmaking", "deliverables": "", "broader": "", "related": "", "user": "@guest",
	"MemberSetRoleInput.id": "", "MemberRemoveInput.id": "", "UserSetDisabledInput.id": "", "UserSetNodeRolesInput.id": "", "UserEraseInput.id": "", "ConceptUpdateInput.id": "",
	"DataSourceUpdateInput.id": "", "OrganizationUpdateInput.id": "", "userLink.id": "", "sessionEnd.id": "", "tokenRevoke.id": "",
	"PolicyUseAddInput.kind": "con_policy-use-kind.beleidsstuk", "PolicyUseUpdateInput.kind": "con_policy-use-kind.beleidsstuk",
}

// fillers are what else has to be filled in, by the name of the field or its type. An address with a $ is tried like an id.
var fillers = map[string]any{
	"revision": 1, "title": "Titel", "question": "Waar?", "note": "Omdat het moet.", "reason": "Wacht op de bekendmaking door het ministerie.", "until": "2026-05-01T09:00:00Z",
	"scope": "RESULTS", "days": 1, "message": "Dit klopt niet.", "approve": true, "outcome": "Gedaan.", "name": "Naam", "holder": "Houder", "email": "nieuw@plein.test", "kind": "DO",
	"displayName": "Naam", "slug": "naam", "context": "Bij de start.", "recommendation": "Doe het.", "steps": "vraag", "key": "vraag", "text": "Tekst", "confirmation": "nieuw@plein.test", "purpose": "Omdat.", "summary": "Kort.",
	"number": "1.0.0", "bump": "MINOR", "label": "Label", "changelog": "Nieuw.", "minimum": 1, "subject": "https://plein.test/id/$id", "baseUrl": "https://plein.test",
}

// mutations are every mutation that names a record, a part of one, a file or a link, with each of what is hidden.
func (g *generator) mutations() []request {
	var out []request
	for _, f := range g.schema.Mutation.Fields {
		if len(f.Arguments) != 1 {
			g.lack("Mutation." + f.Name + " has not one argument: the matrix knows of one")
			continue
		}
		a := f.Arguments[0]
		of := g.schema.Types[f.Type.Name()]
		var selected []string
		for _, x := range of.Fields {
			switch at := g.schema.Types[x.Type.Name()]; {
			case x.Name == "userErrors":
				selected = append(selected, "userErrors { code message field }")
			case at.IsLeafType():
				selected = append(selected, x.Name)
			default:
				selected = append(selected, x.Name+" { __typename }")
			}
		}
		text := fmt.Sprintf("mutation($x: %s) { %s(%s: $x) { %s } }", a.Type, f.Name, a.Name, strings.Join(selected, " "))
		add := func(value any) {
			in, _ := json.Marshal(value)
			for _, x := range g.ws.expandHidden(string(in)) {
				out = append(out, request{surface: "Mutation." + f.Name, method: "POST", target: "/graphql", header: map[string]string{"Content-Type": "application/json"},
					body: fmt.Sprintf(`{"query": %q, "variables": {"x": %s}}`, text, x)})
			}
		}
		if a.Type.Name() == "ID" {
			if s := g.slot(f.Name, a.Name); strings.HasPrefix(s, "$") {
				add(s)
			}
			continue
		}
		for _, v := range g.inputs(g.schema.Types[a.Type.Name()], map[string]bool{}) {
			add(v)
		}
		if v, ok := others[f.Name]; ok {
			add(v)
		}
	}
	return out
}

// others are inputs that fit a mutation as well, beside the one that is filled in.
var others = map[string]map[string]any{
	"reuseHide": {"id": "$id.$id", "isHidden": false},
}

func (g *generator) slot(in, name string) string {
	for _, key := range []string{in + "." + name, name} {
		if s, ok := slots[key]; ok {
			return s
		}
	}
	g.lack(fmt.Sprintf("id %s.%s: say in `slots` whose it is", in, name))
	return ""
}

// inputs are one input for each place in it, also of inputs inside, to which an id of something hidden fits.
func (g *generator) inputs(t *ast.Definition, inside map[string]bool) []map[string]any {
	if inside[t.Name] {
		return nil
	}
	inside = maps.Clone(inside)
	inside[t.Name] = true
	right, ok := g.filled(t)
	if !ok {
		return nil
	}
	var out []map[string]any
	try := func(f *ast.FieldDefinition, value any) {
		v := maps.Clone(right)
		if v[f.Name] = value; f.Type.Elem != nil {
			v[f.Name] = []any{value}
		}
		out = append(out, v)
	}
	for _, f := range t.Fields {
		switch of := g.schema.Types[f.Type.Name()]; {
		case of.Name == "ID":
			if s := g.slot(t.Name, f.Name); strings.HasPrefix(s, "$") {
				try(f, s)
			}
		case of.Name == "URL" && strings.Contains(fmt.Sprint(fillers[f.Name]), "$"):
			try(f, fillers[f.Name])
		case of.Kind == ast.InputObject:
			for _, v := range g.inputs(of, inside) {
				try(f, v)
			}
		}
	}
	return out
}

// filled is an input with what it needs, all of it right, or about what is hidden where it is about a record.
func (g *generator) filled(t *ast.Definition) (map[string]any, bool) {
	out, ok := map[string]any{}, true
	for _, f := range t.Fields {
		if !f.Type.NonNull || f.DefaultValue != nil {
			continue
		}
		of := g.schema.Types[f.Type.Name()]
		var value any
		switch {
		case of.Name == "ID":
			s := g.slot(t.Name, f.Name)
			if s == "" {
				return nil, false // about no record
			}
			value = s
		case of.Kind == ast.InputObject:
			var fine bool
			if value, fine = g.filled(of); !fine {
				return nil, false
			}
		case of.Kind == ast.Enum && !slices.ContainsFunc(of.EnumValues, func(v *ast.EnumValueDefinition) bool { return v.Name == fillers[f.Name] }):
			value = of.EnumValues[0].Name
		case of.Name == "Boolean":
			value = true
		case of.Name == "Int":
			value = 1
		default:
			if value = fillers[f.Name]; value == nil {
				g.lack(fmt.Sprintf("%s.%s: say in `fillers` what it is given", t.Name, f.Name))
				ok = false
			}
		}
		if out[f.Name] = value; f.Type.Elem != nil {
			out[f.Name] = []any{value}
		}
	}
	return out, ok
}

// streams are every subscription, from the start until the last thing that happened in every world.
func (g *generator) streams() []request {
	var out []request
	for _, f := range g.schema.Subscription.Fields {
		for _, args := range []string{"after: \"@before\"", "after: \"@before\", types: [PROJECT]", "after: \"@before\", organization: \"@delft\""} {
			for _, s := range g.below(f) {
				r := g.operation("Subscription."+f.Name, g.ws.expand("subscription { " + f.Name + "(" + args + ") { until: recordId " + strings.TrimPrefix(s, "{") + " }")[0])
				r.header["Accept"], r.until = "text/event-stream", `"until":"`+g.ws.changed+`"`
				out = append(out, r)
			}
		}
	}
	return out
}

// byAddress asks queries again as a GET.
func byAddress(r request) request {
	var op struct{ Query string }
	json.Unmarshal([]byte(r.body), &op) //nolint:errcheck // it was made a moment ago
	return request{surface: r.surface, method: "GET", target: "/graphql?query=" + url.QueryEscape(op.Query)}
}

var placeholder = regexp.MustCompile(`[$@][a-zA-Z]+`)

// expand fills samples in: one text for each secret that has all of them. Where there is none it gives the text once.
func (ws *worlds) expand(text string) []string { return ws.expandFrom(text, ws.secrets) }

// expandHidden is expand without what is hidden in a record that can be seen itself: such a record can be written about.
func (ws *worlds) expandHidden(text string) []string {
	return ws.expandFrom(text, slices.DeleteFunc(slices.Clone(ws.secrets), func(s *secret) bool {
		return slices.Contains([]string{ws.results, ws.outputs, ws.revised}, s.named["id"])
	}))
}

func (ws *worlds) expandFrom(text string, secrets []*secret) []string {
	var wanted []string
	for _, p := range placeholder.FindAllString(text, -1) {
		if p[0] == '$' {
			wanted = append(wanted, p[1:])
		}
	}
	fill := func(s *secret) (string, bool) {
		ok := true
		out := placeholder.ReplaceAllStringFunc(text, func(p string) string {
			if p[0] == '@' {
				if v, known := ws.named[p[1:]]; known {
					return v
				}
				return p // an address of mail
			}
			v, known := s.sample(p[1:])
			ok = ok && known
			return v
		})
		return out, ok
	}
	if len(wanted) == 0 {
		out, _ := fill(nil)
		return []string{out}
	}
	var out []string
	for _, s := range secrets {
		if x, ok := fill(s); ok {
			out = append(out, x)
		}
	}
	return out
}

// sample of something hidden.
func (s *secret) sample(name string) (string, bool) {
	id := s.named["id"]
	switch name {
	case "word":
		return canary + s.state, true
	case "part":
		return record.PartID(id, "o1"), strings.HasPrefix(id, "prj_")
	case "use":
		return record.PartID(id, "u1"), strings.HasPrefix(id, "prj_")
	case "embargo":
		return record.PartID(id, "e1"), strings.HasPrefix(id, "prj_")
	}
	v, ok := s.named[name]
	return v, ok
}
