package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// many is how many records of a kind a crowded world has.
const many = 120

// crowd is what a crowded world holds.
type crowd struct{ projects, templates, lessons []string }

// crowded fills a world with projects that follow templates, have outputs, and in which lessons were learned; written in
// few transactions.
func crowded(t testing.TB, n *node) crowd {
	t.Helper()
	var c crowd
	ctx := fixture.As(t, n.Leiden)
	publish := func(w *catalog.Writer, r record.Record) (record.Record, error) {
		made, err := w.Create(ctx, r, catalog.Origin{})
		if err != nil {
			return nil, err
		}
		return w.Publish(ctx, made.Base().ID, made.Base().Revision)
	}
	write := func(do func(*catalog.Writer) error) {
		t.Helper()
		if err := n.Write(ctx, do); err != nil {
			t.Fatal(err)
		}
	}
	write(func(w *catalog.Writer) error {
		for i := range many {
			r, err := publish(w, n.Lesson(fmt.Sprintf("Les %03d", i)))
			if err != nil {
				return err
			}
			c.lessons = append(c.lessons, r.Base().ID)
		}
		return nil
	})
	var versions []string
	for i := range 20 {
		x := n.Template(fmt.Sprintf("Sjabloon %03d", i), "1.0.0", "vraag", fmt.Sprintf("stap-%d", i))
		x.Steps[0].Checklist = []*record.TemplateCheck{{Key: "a", Text: record.NL("Lees de les."), LessonID: c.lessons[i]}}
		var id string
		write(func(w *catalog.Writer) error {
			r, err := publish(w, x)
			if err == nil {
				id = r.Base().ID
			}
			return err
		})
		c.templates = append(c.templates, id)
		write(func(w *catalog.Writer) error {
			r, err := w.Edit(ctx, id, 2, func(r record.Record) error {
				r.(*record.ProcessTemplate).Number = "1.1.0"
				return nil
			})
			if err != nil {
				return err
			}
			r, err = w.Publish(ctx, id, r.Base().Revision)
			if err == nil {
				versions = append(versions, r.(*record.ProcessTemplate).Versions[1].ID)
			}
			return err
		})
	}
	domains := []string{"wonen", "onderwijs", "inkomen"}
	write(func(w *catalog.Writer) error {
		for i := range many {
			p := n.Project(fmt.Sprintf("Overlast %03d", i))
			p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, domains[i%3])}
			p.MunicipalityCodes = []string{"GM0546", "GM0503"}[:1+i%2]
			p.TemplateID, p.TemplateVersionID = c.templates[i%20], versions[i%20]
			p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport"), ProducedBy: n.CBS.ID, DeliveredOn: "2026-01-05"}}
			p.Embargoes = []*record.Embargo{{Key: "e1", Scope: record.ResultsScope, GroundIRI: record.ConceptIRI(record.EmbargoGround, "bekendmaking"), Reason: because, PlacedBy: n.Delft.ID, Until: fixture.Start.Add(-1)}}
			p.Team = []*record.TeamMember{{RoleIRI: record.ConceptIRI(record.TeamRole, "cbs"), OrganizationID: n.CBS.ID}}
			p.CommunicationSenderIDs = []string{n.CBS.ID, n.Delft.ID}
			if i > 0 {
				p.BasedOn = []*record.Reuse{{Key: "b1", SubjectID: c.projects[i-1], Kind: record.Repeated}}
			}
			r, err := publish(w, p)
			if err != nil {
				return err
			}
			c.projects = append(c.projects, r.Base().ID)
		}
		r, err := w.Edit(ctx, c.projects[0], 2, func(r record.Record) error { // so that each is made after another
			r.(*record.Project).BasedOn = []*record.Reuse{{Key: "b1", SubjectID: c.projects[many-1], Kind: record.Adapted}}
			return nil
		})
		if err == nil {
			_, err = w.Publish(ctx, c.projects[0], r.Base().Revision)
		}
		return err
	})
	write(func(w *catalog.Writer) error {
		for i := range many {
			if _, err := publish(w, n.Lesson(fmt.Sprintf("Geleerd %03d", i), c.projects[i], c.projects[(i+1)%many])); err != nil {
				return err
			}
		}
		return nil
	})
	err := n.Write(fixture.System(t), func(w *catalog.Writer) error {
		var os []*record.Organization
		for i := range many {
			os = append(os, &record.Organization{Slug: fmt.Sprintf("waterschap-%d", i), Name: fmt.Sprintf("Waterschap %03d", i), Kind: record.OtherPublicBody, Custody: record.CustodyReference, MunicipalityCodes: []string{"GM0546"}})
		}
		return w.CreateOrganizations(t.Context(), os)
	})
	if err != nil {
		t.Fatal(err)
	}
	n.catchUp(t)
	return c
}

func TestTheNumberOfStatementsNeverFollowsTheNumberOfRows(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := crowded(t, n)
		organizations := []string{n.Leiden.ID}
		for _, o := range n.Reference().AllOrganizations() {
			organizations = append(organizations, o.ID)
		}
		ids := func(all []string) func(int) map[string]any {
			return func(k int) map[string]any { return map[string]any{"ids": all[:k]} }
		}
		pages := func(k int) map[string]any { return map[string]any{"n": k} }
		type shape struct {
			name, rows string
			statements int
			sizes      []int
			member     bool
			variables  func(int) map[string]any
			query      string
		}
		for _, q := range []shape{
			{"projects with organisation, domains and first lessons", "projects.nodes", 6, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes {
				title publisher { name } policyDomains { label } municipalities { name } lessons(first: 3) { nodes { title } } template { number template { title } } } totalCount } }`},
			{"the same for a member, with revisions", "projects.nodes", 7, []int{1, 20, 100}, true, pages, `query($n: Int!) { projects(first: $n) { nodes {
				revision title publisher { name revision } policyDomains { label } municipalities { name } lessons(first: 3) { nodes { title } } template { number template { title } } } totalCount } }`},
			{"projects and where they live", "projects.nodes", 1, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes { origin { isLocal isStale fetchedAt url node { name state lastSuccessAt publishers { name } } } } } }`},
			{"how many records nodes have", "projects.nodes", 2, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes { origin { node { recordCount publishers { recordCount } } } } } federation { self { recordCount } } }`},
			{"projects, what they were made after and what came of them", "projects.nodes", 5, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes {
				basedOn { uri kind to { title } } impact { reuseCount reuseMunicipalityCount } reusedBy(first: 2) { totalCount nodes { from { title } to { title } } } } } }`},
			{"reuses as nodes", "nodes", 2, []int{1, 20, 100}, false, func(k int) map[string]any {
				var parts []string
				for _, id := range c.projects[:k] {
					parts = append(parts, id+".b1")
				}
				return map[string]any{"ids": parts}
			}, `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Reuse { kind from { title } to { title publisher { name } } } } }`},
			{"projects of one theme", "projects.nodes", 2, []int{1, 20, 40}, false, func(k int) map[string]any {
				return map[string]any{"n": k, "d": []string{record.ConceptID(record.PolicyDomain, "wonen")}}
			}, `query($n: Int!, $d: [ID!]) { projects(first: $n, filter: {policyDomains: $d}) { nodes { title } totalCount } }`},
			{"projects by title", "projects.edges", 1, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n, orderBy: {field: TITLE, direction: ASC}) { edges { cursor node { title } } pageInfo { endCursor } } }`},
			{"organisations behind projects and what they published", "projects.nodes", 4, []int{1, 20, 60}, false, pages, `query($n: Int!) { projects(first: $n) { nodes {
				publisher { projects(first: 2) { totalCount nodes { title } } }
				team { organization { name projects(first: 2) { totalCount } } }
				outputs { producedBy { name projects(first: 2) { totalCount } } }
				communicationSenders { name projects(first: 2) { totalCount } } } } }`},
			{"search", "search.edges", 5, []int{1, 20, 100}, false, pages, `query($n: Int!) { search(query: "overlast", first: $n, facets: [POLICY_DOMAIN, ORGANIZATION]) { totalCount
				edges { score highlights { field } node { ... on Project { title publisher { name } policyDomains { label } lessons(first: 3) { nodes { title } } template { number template { title } } } } } facets { buckets { label count } } } }`},
			{"search for lessons", "search.nodes", 2, []int{1, 20, 100}, false, pages, `query($n: Int!) { search(query: "geleerd", first: $n) { nodes { ... on Lesson { title projects(first: 2) { totalCount nodes { publisher { name } } } } } } }`},
			{"comparable projects", "comparable.edges", 3, []int{1, 20, 100}, false, pages, `query($n: Int!) { comparable(text: "Overlast", policyDomains: ["con_policy-domain.wonen", "con_policy-domain.onderwijs", "con_policy-domain.inkomen"], municipality: "GM0546", first: $n) { totalCount edges {
				score reasons { text } differences { text } node { title publisher { name } lessons(first: 3) { nodes { title } } } } } }`},
			{"projects and what is comparable to each", "projects.nodes", 3, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes { title comparable(first: 2) { totalCount edges { reasons { text } node { title publisher { name } template { number } } } } } } }`},
			{"changes", "changes.nodes", 3, []int{1, 20, 100}, false, pages, `query($n: Int!) { changes(first: $n, types: [PROJECT]) { nodes { kind uri record { ... on Project { title publisher { name } template { number } } } } pageInfo { endCursor hasNextPage } } }`},
			{"organisations and their projects", "organizations.nodes", 2, []int{4, 20, 100}, false, pages, `query($n: Int!) { organizations(first: $n) { nodes { name municipalities { name } projects(first: 3) { totalCount nodes { title publisher { name } } } } totalCount } }`},
			{"templates with their steps, versions and projects", "processTemplates.nodes", 9, []int{1, 5, 20}, false, pages, `query($n: Int!) { processTemplates(first: $n) { nodes {
				current { steps { lessons(first: 2) { nodes { title } } checklist { lesson { title } } } } versions(first: 2) { nodes { number } } usedBy(first: 2) { nodes { title } } } totalCount } }`},
			{"templates and how their versions differ", "processTemplates.nodes", 3, []int{1, 5, 20}, false, pages, `query($n: Int!) { processTemplates(first: $n) { nodes { versions(first: 2) { nodes { number diff(against: "` + n.version(t, c.templates[0], 0) + `") { key kind } } } } } }`},
			{"lessons and what their steps are called", "lessons.nodes", 1, []int{1, 20, 100}, false, pages, `query($n: Int!) { lessons(first: $n) { nodes { stepsInFull { key uri title } } } }`},
			{"municipalities and who is in them", "municipalities.nodes", 0, []int{1, 2, 3}, false, pages, `query($n: Int!) { municipalities(first: $n) { nodes { location { latitude longitude } organizations { name slug } } } }`},
			{"organisations of a municipality and what they published", "municipality.organizations", 2, []int{121}, false, pages, `query { municipality(code: "GM0546") { organizations { name projects(first: 2) { totalCount nodes { title } } } } }`},
			{"a record at its address", "address.record.lessons.nodes", 3, []int{1, 2}, false, pages, `query($n: Int!) { address(path: "/projecten/udc-leiden/overlast-001") { path record { ... on Project { publisher { name } lessons(first: $n) { nodes { title } } } } tombstone { reason } } }`},
			{"search by node", "search.nodes", 1, []int{1, 20, 100}, false, pages, `query($n: Int!) { search(first: $n, facets: [NODE, ORGANIZATION], filter: {nodes: ["` + federation.NodeID(fixture.BaseURL) + `"], not: {nodes: ["nod_x"]}}, sort: MOST_REUSED) { nodes { ... on Project { title } } facets { buckets { value label count } } } }`},
			{"search by municipality", "search.facets.0.buckets", 1, []int{2}, false, pages, `query { search(first: 1, facets: [MUNICIPALITY, STEP], facetSize: 400) { facets { buckets { label municipality { name location { latitude } } } } } }`},
			{"lessons and their projects", "lessons.nodes", 2, []int{1, 20, 100}, false, pages, `query($n: Int!) { lessons(first: $n) { nodes { title roles { label } projects(first: 2) { totalCount nodes { title } } } } }`},
			{"nodes", "nodes", 2, []int{1, 20, 100}, false, ids(c.projects), `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Project { title publisher { name } template { number } } } }`},
			{"what other subgraphs point at", "_entities", 2, []int{2, 20, 100}, false, func(k int) map[string]any {
				var r []any
				for i, id := range c.projects[:k] {
					r = append(r, []any{map[string]any{"__typename": "Project", "id": id}, map[string]any{"__typename": "Project", "uri": fixture.BaseURL + "/id/" + id}}[i%2])
				}
				return map[string]any{"r": r}
			}, `query($r: [_Any!]!) { _entities(representations: $r) { ... on Project { title publisher { name } policyDomains { label } } } }`},
			{"organisations as nodes", "nodes", 3, []int{1, 20, 100}, false, ids(organizations), `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Organization { name projects(first: 2) { totalCount } } } }`},
			{"projects, what they must make public and their embargoes", "projects.nodes", 1, []int{1, 20, 100}, false, pages, `query($n: Int!) { projects(first: $n) { nodes {
				outputs { dutyState dueOn isOverdue } embargo { ground { label } placedBy { name } extensions reason history { kind } } } } }`},
			{"the same for a member", "projects.nodes", 5, []int{1, 20, 100}, true, pages, `query($n: Int!) { projects(first: $n) { nodes {
				outputs { dutyState dueOn isOverdue } embargo { ground { label } placedBy { name } extensions reason history { kind } } } } }`},
			{"duties to publish", "publicationDuties.nodes", 4, []int{1, 20, 100}, true, pages, `query($n: Int!) { publicationDuties(organization: "udc-leiden", first: $n) { totalCount nodes {
				output { title dutyState dueOn isOverdue producedBy { name } } project { title publisher { name } embargo { reason history { kind } } } } } }`},
			{"outputs as nodes", "nodes", 1, []int{1, 20, 100}, false, func(k int) map[string]any {
				var parts []string
				for _, id := range c.projects[:k] {
					parts = append(parts, id+".o1")
				}
				return map[string]any{"ids": parts}
			}, `query($ids: [ID!]!) { nodes(ids: $ids) { ... on Output { title kind { label } producedBy { name } } } }`},
		} {
			var first []string
			for _, k := range q.sizes {
				ctx := stranger(t)
				if q.member {
					ctx = fixture.As(t, n.Leiden)
				}
				got, sent := n.counted(t, ctx, q.query, q.variables(k))
				if rows := fixture.At(t, got, q.rows).([]any); len(rows) != k {
					t.Fatalf("%s: %d rows, want %d", q.name, len(rows), k)
				}
				if k == q.sizes[0] {
					first = sent
				}
				if len(sent) != len(first) || len(sent) != q.statements {
					t.Errorf("%s: %d rows take %d statements, want %d, as for %d", q.name, k, len(sent), q.statements, q.sizes[0])
				}
			}
		}
	})
}

func TestAListInAListGoesOnForOneAtATime(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := crowded(t, n)
	for _, q := range []string{
		`{ organizations(first: 2, custody: OWN) { nodes { projects(first: 2, filter: {phases: [RUNNING]}) { totalCount } } } }`,
		`{ organizations(first: 2, custody: OWN) { nodes { projects(first: 2, orderBy: {field: TITLE, direction: ASC}) { totalCount } } } }`,
		`{ processTemplates(first: 2) { nodes { usedBy(first: 2, after: "x") { totalCount } } } }`,
		`{ projects(first: 2) { nodes { lessons(first: 2, after: "x") { totalCount } } } }`,
	} {
		a := n.ask(t, stranger(t), q, nil)
		if len(a.Errors) == 0 || a.Errors[0].Extensions["code"] != badInput || !strings.Contains(a.Errors[0].Message, "één tegelijk") {
			t.Errorf("%s: %.200s", q, a.bytes)
		}
	}
	got := n.must(t, stranger(t), `query($o: ID!, $t: ID!) { o: node(id: $o) { ... on Organization { projects(first: 2, filter: {phases: [RUNNING]}) { totalCount } } }
		t: node(id: $t) { ... on ProcessTemplate { usedBy(first: 2) { pageInfo { endCursor } totalCount } } } }`, map[string]any{"o": n.Leiden.ID, "t": c.templates[0]})
	if fixture.At(t, got, "o.projects.totalCount") != 120.0 || fixture.At(t, got, "t.usedBy.totalCount") != 6.0 {
		t.Error(got)
	}
	got = n.must(t, stranger(t), `query($t: ID!, $c: Cursor) { node(id: $t) { ... on ProcessTemplate { usedBy(first: 10, after: $c) { nodes { id } } } } }`,
		map[string]any{"t": c.templates[0], "c": fixture.At(t, got, "t.usedBy.pageInfo.endCursor")})
	if rest := fixture.At(t, got, "node.usedBy.nodes").([]any); len(rest) != 4 {
		t.Errorf("%d follow the first two of six", len(rest))
	}
}

// counted asks and tells which statements it took.
func (n *node) counted(t testing.TB, ctx context.Context, query string, variables map[string]any) (map[string]any, []string) {
	t.Helper()
	n.Statements.Reset()
	got := n.must(t, ctx, query, variables)
	return got, n.sent()
}

// version is the id of a template's version, oldest first.
func (n *node) version(t testing.TB, template string, i int) string {
	t.Helper()
	rs, err := n.ByID(identity.AsStranger(t.Context()), template)
	if err != nil || rs[0] == nil {
		t.Fatal(err)
	}
	return rs[0].(*record.ProcessTemplate).Versions[i].ID
}
