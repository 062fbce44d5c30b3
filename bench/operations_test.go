package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// operation is one thing that is measured. Its variables differ from call to call, as those of different visitors do.
type operation struct {
	name      string
	query     string
	variables func(i int) map[string]any
}

func (o operation) body(t testing.TB, i int) []byte {
	t.Helper()
	b, err := json.Marshal(map[string]any{"query": o.query, "variables": o.variables(i)})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const recordQuery = `query Record($id: ID!) { node(id: $id) { ... on Project {
  id uri title summary question answer phase startedOn
  publisher { id name slug } policyDomains { id label } municipalities { name }
  lessons(first: 3) { totalCount nodes { id title kind recommendation } } } } }`

const listQuery = `query List($filter: ProjectFilter, $first: Int!, $after: Cursor) { projects(filter: $filter, first: $first, after: $after) {
  nodes { id title summary phase publisher { name slug } policyDomains { label } lessons(first: 3) { totalCount nodes { id title } } }
  pageInfo { hasNextPage endCursor } } }`

const searchQuery = `query Search($query: String, $first: Int!) { search(query: $query, facets: [POLICY_DOMAIN, METHOD, ORGANIZATION, PROVINCE], first: $first) {
  totalCount pageInfo { hasNextPage endCursor }
  edges { score highlights { field fragments { text hit } } node { __typename
    ... on Project { id title summary publisher { name } } ... on Lesson { id title publisher { name } } ... on ProcessTemplate { id title publisher { name } } } }
  facets { facet label otherCount buckets { value label count } } } }`

const suggestQuery = `query Suggest($prefix: String!) { suggest(prefix: $prefix) }`

const comparableQuery = `query Comparable($id: ID!) { node(id: $id) { ... on Project { comparable { totalCount pageInfo { hasNextPage endCursor }
  edges { score reasons { factor contribution text } differences { factor text } node { id title summary publisher { name } } } } } } }`

const changesQuery = `query Changes($after: Cursor) { changes(first: 100, after: $after) {
  nodes { cursor at kind recordId recordType publicVersion record { __typename ... on Project { title } ... on Lesson { title } } }
  pageInfo { hasNextPage endCursor } } }`

const createMutation = `mutation Create($input: ProjectCreateInput!) { projectCreate(input: $input) { project { id revision } userErrors { code message field } } }`

const publishMutation = `mutation Publish($input: TransitionInput!) { recordPublish(input: $input) { record { id ... on Project { revision publicVersion } } userErrors { code message field } } }`

// twoWords are searches that find something but not everything.
var twoWords = []string{"schooldrukte studenten", "huurprijzen ouderen", "fietsroutes centrum", "zorgvraag gezinnen",
	"energieverbruik buitenwijken", "parkeeroverlast forenzen", "afvalmeldingen nieuwbouw", "schuldbeleid werkzoekenden"}

var prefixes = []string{"kaart", "sam", "versch", "onder", "woningp", "huur", "school", "zorgvr"}

// subjects are what the operations ask about, looked up in the catalogue that is measured.
type subjects struct {
	projects []string // ids of projects with three lessons or more
	domain   string   // id of the most used policy domain
	rare     string   // id of one that lists are not asked for: what is written must not change what is read
	deep     string   // the cursor of page 50 of that domain's projects, or the last page before
	deepPage int
	feed     []string // cursors spread over the feed
	author   identity.Viewer
	owner    *record.Organization
}

// lookUp finds what the operations ask about.
func lookUp(t testing.TB, cat *catalog.Catalog) *subjects {
	t.Helper()
	ctx := identity.AsStranger(t.Context())
	ref := cat.Reference()
	s := &subjects{owner: ref.AllOrganizations()[0]}
	for _, o := range ref.AllOrganizations() {
		if o.Custody == record.CustodyOwn {
			s.owner = o
		}
	}
	s.author = identity.Viewer{TokenID: "tok_bench", OrganizationID: s.owner.ID, Scopes: identity.Scopes}

	page, err := cat.Page(ctx, catalog.Filter{Types: []record.Type{record.LessonType}}, catalog.Order{}, 100, "")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range page.Records {
		ids = append(ids, r.(*record.Lesson).ProjectIDs...)
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	lessons, err := cat.Related(ctx, record.LessonType, record.FieldProject, ids, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if l := lessons[id]; l != nil && l.Total >= 3 {
			s.projects = append(s.projects, id)
		}
	}
	if len(s.projects) == 0 {
		t.Fatal("no project has three lessons")
	}

	domains := ref.Scheme(record.PolicyDomain)
	s.domain, s.rare = domains[0].ID, domains[len(domains)-1].ID
	after := ""
	for s.deepPage = 1; s.deepPage < 50; s.deepPage++ {
		p, err := cat.Page(ctx, s.filter(ref), catalog.Order{}, 20, after)
		if err != nil {
			t.Fatal(err)
		}
		if !p.More {
			break
		}
		after = p.Cursors[len(p.Cursors)-1]
		s.deep = after
	}

	after = ""
	for range 20 {
		entries, more, err := cat.Feed(ctx, catalog.FeedFilter{}, 100, after)
		if err != nil {
			t.Fatal(err)
		}
		s.feed = append(s.feed, after)
		if !more {
			break
		}
		after = entries[len(entries)-1].Cursor
	}
	return s
}

func (s *subjects) filter(ref *record.Reference) catalog.Filter {
	return catalog.Filter{Types: []record.Type{record.ProjectType},
		All: []catalog.Match{{Field: record.FieldPolicyDomain, Values: []string{ref.Concept(s.domain).IRI}}}}
}

// reads are the operations of anonymous visitors.
func (s *subjects) reads() []operation {
	filter := map[string]any{"policyDomains": []string{s.domain}}
	return []operation{
		{"record", recordQuery, func(i int) map[string]any { return map[string]any{"id": s.projects[i%len(s.projects)]} }},
		{"list", listQuery, func(int) map[string]any { return map[string]any{"filter": filter, "first": 20} }},
		{"list deep", listQuery, func(int) map[string]any { return map[string]any{"filter": filter, "first": 20, "after": s.deep} }},
		{"list two filters", listQuery, func(int) map[string]any {
			return map[string]any{"first": 20, "filter": map[string]any{"policyDomains": []string{s.domain}, "phases": []string{"STOPPED"}}}
		}},
		{"search", searchQuery, func(i int) map[string]any { return map[string]any{"first": 20, "query": twoWords[i%len(twoWords)]} }},
		{"browse", searchQuery, func(int) map[string]any { return map[string]any{"first": 20} }},
		{"suggest", suggestQuery, func(i int) map[string]any { return map[string]any{"prefix": prefixes[i%len(prefixes)]} }},
		{"comparable", comparableQuery, func(i int) map[string]any { return map[string]any{"id": s.projects[i%len(s.projects)]} }},
		{"changes", changesQuery, func(i int) map[string]any { return map[string]any{"after": s.feed[i%len(s.feed)]} }},
	}
}

func (s *subjects) create() operation {
	return operation{"create", createMutation, func(i int) map[string]any {
		return map[string]any{"input": map[string]any{"organization": s.owner.ID, "title": fmt.Sprintf("Meting van het aanmaken %d %s", i, Label),
			"summary": "Gemaakt om te meten hoe snel aanmaken gaat.", "question": "Hoe snel gaat aanmaken?", "policyDomains": []string{s.rare}}}
	}}
}

func publishing(id string, revision int) operation {
	return operation{"publish", publishMutation, func(int) map[string]any {
		return map[string]any{"input": map[string]any{"id": id, "revision": revision}}
	}}
}

// as is a context in which an author of the owner asks.
func (s *subjects) as(ctx context.Context) context.Context { return identity.With(ctx, s.author) }
