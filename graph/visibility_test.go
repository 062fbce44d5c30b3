package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// surfaces are the operations through which a record could be noticed. $id is the record that may not be seen. Left out
// is what differs by itself: cursors hold random ids, and tookMs is a time.
var surfaces = []string{
	`query($id: ID!) { node(id: $id) { id ... on CatalogRecord { title } } }`,
	`query($id: ID!) { nodes(ids: [$id]) { id } }`,
	`query($part: ID!) { node(id: $part) { id ... on Output { title } ... on PolicyUse { title } } }`,
	`query($uri: URL!) { record(uri: $uri) { id title } }`,
	`query($pointers: [_Any!]!) { _entities(representations: $pointers) { ... on Project { title } ... on ProcessTemplate { title } ... on Lesson { title } } }`,
	`query($id: ID!) { draft(id: $id) { id title } drafts { totalCount } }`,
	`{ projects(first: 50) { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { id uri slug title(lang: EN) summary languages state audience provenance publicVersion revision createdAt updatedAt publishedAt
		phase question occasion answer goodFirstProject complexity startedOn finishedOn durationWeeks effortDays costEuro pressRelease aliases sourceLinks
		policyDomains { label } targetGroups { label } geoLevel { label } municipalities { name } methods { label } stopReason { label } license { label }
		sources { source { name } } team { role { label } } contacts { label } communicationSenders { name }
		outputs { id title description url mustBecomePublic dutyState dueOn isOverdue } policyUses { id title }
		embargo { id scope state until waitsFor placedAt liftedAt extensions reason history { kind at until reason } ground { label } placedBy { name } }
		template { number template { title } } lessons { totalCount nodes { title } } publisher { name projects { totalCount } } } } }`,
	`{ projects(filter: {usedInPolicy: true}) { totalCount } a: projects(filter: {phases: [DONE]}) { totalCount } b: projects(filter: {policyDomains: ["con_policy-domain.inkomen"]}) { totalCount nodes { title } } }`,
	`{ projects(orderBy: {field: TITLE, direction: ASC}) { totalCount nodes { title } } a: projects(orderBy: {field: STARTED_ON, direction: DESC}) { nodes { title } } }`,
	`{ lessons { totalCount nodes { id title context recommendation projects { totalCount nodes { title } } } } a: lessons(stepKey: "vraag") { totalCount } }`,
	`{ processTemplates { totalCount nodes { id title number versions { totalCount nodes { number } } current { number steps { key lessons { totalCount nodes { title } } } } usedBy { totalCount nodes { title } } forkedFrom { number } } } }`,
	`{ organizations { totalCount nodes { name revision projects(first: 10) { totalCount nodes { title } } } } }`,
	`{ search(first: 50, facets: [TYPE, POLICY_DOMAIN, METHOD, ORGANIZATION, MUNICIPALITY, PROVINCE, PHASE, YEAR, USED_IN_POLICY, OUTPUT_KIND, STEP, LANGUAGE, COMPLEXITY, SIZE_CLASS, NODE]) { totalCount indexedUpTo pageInfo { hasNextPage }
		nodes { ... on Project { id title } ... on Lesson { id title } ... on ProcessTemplate { id title } } facets { facet otherCount buckets { value label count } } isDegraded relaxed } }`,
	`{ search(query: "overlast woningen", facets: [TYPE]) { totalCount indexedUpTo relaxed edges { score matchedFields highlights { field fragments { text hit } } node { ... on Project { title } ... on Lesson { title } } } facets { buckets { value count } } } }`,
	`{ search(query: "geheim bijzonder") { totalCount indexedUpTo relaxed nodes { ... on Project { title } } } a: search(query: "geheim") { totalCount } b: search(query: "-geheim overlast") { totalCount } }`,
	`{ suggest(prefix: "geh") a: suggest(prefix: "ove") b: suggest(prefix: "bijz") }`,
	`{ changes(first: 100) { nodes { at kind uri recordId recordType publicVersion reason record { id ... on Project { title answer } } } pageInfo { hasNextPage } } }`,
	`query($o: ID!) { changes(organization: $o, types: [PROJECT, LESSON, PROCESS_TEMPLATE], kinds: [CREATE, UPDATE, DELETE]) { nodes { kind publicVersion } } }`,
	`{ address(path: "/projecten/udc-leiden/geheim-bijzonder-onderzoek") { path record { id title } tombstone { title reason } } a: address(path: "/projecten/udc-leiden/overlast-in-woningen") { path record { id } } }`,
	`{ organization(slug: "udc-leiden") { municipalities { organizations { name } } projects(orderBy: {field: PUBLISHED_AT, direction: DESC}) { totalCount nodes { title slug } } } reused: search(sort: MOST_REUSED) { nodes { ... on Project { title slug } } } search(sort: NEWEST) { totalCount nodes { ... on Project { title slug } } } }`,
	`{ municipality(code: "GM0546") { organizations { name projects(first: 5) { totalCount nodes { title } } } } lessons { nodes { stepsInFull { title } } } }`,
	`query($o: ID!) { publicationDuties(organization: $o) { totalCount pageInfo { hasNextPage } nodes { output { title dutyState } project { title } } } a: publicationDuties(organization: $o, overdue: true) { totalCount } }`,
	`{ service { indexLag } municipalities { totalCount } dataSources { totalCount } }`,
}

// seen is everything that the surfaces show, with ids by name, and how many statements each took.
func (n *node) seen(t testing.TB, ctx context.Context, hidden string, names map[string]string) []string {
	t.Helper()
	pairs := []string{n.Leiden.ID, "LEIDEN", n.Delft.ID, "DELFT", n.CBS.ID, "CBS", n.Elders.ID, "ELDERS"}
	for id, name := range names {
		pairs = append(pairs, id, name)
	}
	byName := strings.NewReplacer(pairs...)
	var out []string
	for _, q := range surfaces {
		vars := map[string]any{}
		for name, v := range map[string]any{"id": hidden, "part": hidden + ".o1", "uri": fixture.BaseURL + "/id/" + hidden, "o": n.Leiden.ID, "pointers": pointersTo(hidden)} {
			if strings.Contains(q, "$"+name+":") {
				vars[name] = v
			}
		}
		n.Statements.Reset()
		a := n.ask(t, ctx, q, vars)
		if len(a.Errors) > 0 {
			t.Fatalf("%s: %+v", q, a.Errors)
		}
		out = append(out, fmt.Sprintf("%s\n%s\n%s %d statements", q, byName.Replace(string(a.bytes)), byName.Replace(fmt.Sprint(a.header)), len(n.sent())))
	}
	return out
}

// public is what both of two worlds have.
func public(t testing.TB, n *node) map[string]string {
	t.Helper()
	names := map[string]string{}
	add := func(name string, r record.Record) string {
		id := n.Publish(t, r).Base().ID
		names[id] = name
		return id
	}
	tpl := add("T1", n.Template("Zo doen wij het", "1.0.0", "vraag", "analyse"))
	names[n.version(t, tpl, 0)] = "V1"
	a := n.Project("Overlast in woningen")
	add("P1", a)
	b := n.Project("Overlast op straat")
	b.PublisherID, b.MunicipalityCodes = n.Delft.ID, []string{"GM0503"}
	p := add("P2", b)
	add("L1", n.Lesson("Meet de overlast", p))
	return names
}

// secret is a project full of words that occur nowhere else.
func secret(n *node) *record.Project {
	p := n.Project("Geheim bijzonder onderzoek")
	p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, "inkomen")}
	p.Answer = record.NL("Geheim antwoord over overlast in woningen.")
	p.Phase, p.StartedOn = record.Done, "2019-04"
	p.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch")}
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Geheim rapport"), ProducedBy: n.CBS.ID, DeliveredOn: "2026-01-05"}}
	p.PolicyUses = []*record.PolicyUse{{Key: "u1", KindIRI: record.ConceptIRI(record.PolicyUseKind, "beleidsstuk"), Title: record.NL("Geheime nota")}}
	return p
}

// draft makes a working copy that is not published.
func (n *node) draft(t testing.TB, r record.Record) string {
	t.Helper()
	ctx := fixture.As(t, n.Reference().Organization(r.Base().PublisherID))
	err := n.Write(ctx, func(w *catalog.Writer) (err error) {
		r, err = w.Create(ctx, r, catalog.Origin{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Base().ID
}

// edit changes a working copy.
func (n *node) edit(t testing.TB, id string, do func(record.Record)) {
	t.Helper()
	ctx := fixture.System(t)
	err := n.Write(ctx, func(w *catalog.Writer) error {
		_, err := w.Edit(ctx, id, 0, func(r record.Record) error {
			do(r)
			return nil
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

const unknown = "prj_01890000-0000-7000-8000-000000000000"

func TestWhatMayNotBeSeenLooksAsIfItNeverWas(t *testing.T) {
	each(t, func(t *testing.T, here *node) {
		there := open(t, twin(t, here))
		names, others := public(t, here), public(t, there)
		// Each hides something more here, and makes there what is left of it; what is hidden stays hidden beside the rest.
		for _, c := range []struct {
			name string
			hide func() (id string)
			// instead is nil where nothing is left.
			instead func()
			// strangersOnly is what another organisation may see.
			strangersOnly bool
		}{
			{name: "a working copy", hide: func() string { return here.draft(t, secret(here)) }},
			{name: "a scheduled publication and its lesson", hide: func() string {
				p := secret(here)
				p.Embargoes = []*record.Embargo{here.Embargo(record.WholeRecord, time.Hour)}
				id := here.Publish(t, p).Base().ID
				here.Publish(t, here.Lesson("Geheim bijzonder", id))
				return id
			}},
			{name: "a lesson learned under embargo", hide: func() string {
				return here.Publish(t, here.Lesson("Geheim bijzonder", underEmbargo(t, here, names, "P3", false))).Base().ID
			}, instead: func() { underEmbargo(t, there, others, "P3", false) }},
			{name: "results under embargo", hide: func() string {
				underEmbargo(t, here, names, "P4", true)
				return unknown
			}, instead: func() { underEmbargo(t, there, others, "P4", false) }},
			{name: "changes that are not published yet", hide: func() string {
				here.edit(t, named(names, "P1"), func(r record.Record) {
					p := r.(*record.Project)
					p.Title, p.Answer, p.Outputs = record.NL("Geheim bijzonder"), record.NL("Geheim"), secret(here).Outputs
				})
				here.edit(t, named(names, "T1"), func(r record.Record) { r.Base().Summary = record.NL("Geheim bijzonder") })
				return unknown
			}},
			{name: "a schedule that was withdrawn", hide: func() string {
				p := secret(here)
				p.Embargoes = []*record.Embargo{here.Embargo(record.WholeRecord, time.Hour)}
				id := here.Publish(t, p).Base().ID
				here.withdraw(t, id)
				return id
			}},
			{name: "another organisation's working copy", strangersOnly: true, hide: func() string {
				p := secret(here)
				p.PublisherID = here.Delft.ID
				return here.draft(t, p)
			}},
			{name: "a project for the community", strangersOnly: true, hide: func() string {
				p := secret(here)
				p.Audience = record.Community
				return here.Publish(t, p).Base().ID
			}},
			{name: "a template and a lesson for the community", strangersOnly: true, hide: func() string {
				x, l := here.Template("Geheim bijzonder sjabloon", "1.0.0", "vraag"), here.Lesson("Geheim bijzonder")
				x.Audience, l.Audience = record.Community, record.Community
				here.Publish(t, x)
				return here.Publish(t, l).Base().ID
			}},
		} {
			hidden := c.hide()
			if c.instead != nil {
				c.instead()
			}
			here.catchUp(t)
			there.catchUp(t)
			compare(t, c.name+", to a stranger", here.seen(t, stranger(t), hidden, names), there.seen(t, stranger(t), unknown, others))
			if !c.strangersOnly {
				compare(t, c.name+", to another organisation", here.seen(t, fixture.As(t, here.Delft), hidden, names), there.seen(t, fixture.As(t, there.Delft), unknown, others))
			}
		}
		// The same surfaces do show what may be seen, or they would prove nothing.
		if all := strings.Join(here.seen(t, fixture.As(t, here.Delft), unknown, names), ""); !strings.Contains(all, "Geheim bijzonder") {
			t.Error("a member does not see what is for the community")
		}
		here.Clock.Move(time.Hour)
		if err := here.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		here.catchUp(t)
		all := strings.Join(here.seen(t, stranger(t), unknown, names), "")
		for _, words := range []string{"Geheim antwoord over overlast", "Geheim rapport", "Geheime nota", "Geheim bijzonder"} {
			if !strings.Contains(all, words) {
				t.Errorf("after the embargo a stranger does not see %q", words)
			}
		}
	})
}

// twin is an empty world on the same sort of database.
func twin(t *testing.T, n *node) *fixture.World {
	t.Helper()
	if n.Config.Database != "" {
		return fixture.Postgres(t)
	}
	return fixture.SQLite(t)
}

func named(names map[string]string, name string) string {
	for id, x := range names {
		if x == name {
			return id
		}
	}
	return ""
}

// underEmbargo publishes a project whose results wait, with or without any.
func underEmbargo(t *testing.T, n *node, names map[string]string, name string, results bool) string {
	t.Helper()
	p := secret(n)
	p.Title, p.Phase = record.NL("Onderwijskansen"), record.Running
	p.Summary, p.Question = record.NL("Wie krijgt kansen?"), record.NL("Wie krijgt kansen?")
	if !results {
		p.Answer, p.Outputs, p.PolicyUses = nil, nil, nil
	}
	p.Embargoes = []*record.Embargo{n.Embargo(record.ResultsScope, time.Hour)}
	id := n.Publish(t, p).Base().ID
	names[id] = name
	return id
}

func (n *node) withdraw(t testing.TB, id string) {
	t.Helper()
	ctx := fixture.System(t)
	err := n.Write(ctx, func(w *catalog.Writer) error {
		_, err := w.Withdraw(ctx, id, 0, "Dubbel.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compare(t *testing.T, what string, with, without []string) {
	t.Helper()
	for i := range with {
		if with[i] != without[i] {
			t.Errorf("%s, can be noticed:\nwith    %s\nwithout %s", what, with[i], without[i])
		}
	}
}

func TestWhatWasWithdrawnIsOnlyATombstoneInTheFeedAndAtItsAddress(t *testing.T) {
	each(t, func(t *testing.T, here *node) {
		there := open(t, twin(t, here))
		names, others := public(t, here), public(t, there)
		id := here.Publish(t, secret(here)).Base().ID
		here.withdraw(t, id)
		here.catchUp(t)
		there.catchUp(t)
		with, without := here.seen(t, stranger(t), id, names), there.seen(t, stranger(t), unknown, others)
		for i, q := range surfaces {
			if strings.Contains(q, "address(") {
				if !strings.Contains(with[i], `{"title":"Geheim bijzonder onderzoek","reason":"Dubbel."}`) {
					t.Errorf("its address does not say so: %s", with[i])
				}
				continue
			}
			if !strings.Contains(q, "changes(") && with[i] != without[i] {
				t.Errorf("it can be noticed:\nwith    %s\nwithout %s", with[i], without[i])
			}
			if strings.Contains(with[i], "eheim antwoord") || strings.Contains(with[i], "Geheim bijzonder") {
				t.Errorf("its words are still there: %s", with[i])
			}
		}
		got := here.must(t, stranger(t), `{ changes(types: [PROJECT]) { nodes { kind recordId reason record { id } } } }`, nil)
		nodes := fixture.At(t, got, "changes.nodes").([]any)
		if last := nodes[len(nodes)-1]; fmt.Sprint(last) != fmt.Sprintf("map[kind:DELETE reason:Dubbel. record:<nil> recordId:%s]", id) {
			t.Error(last)
		}
	})
}

// writes are the mutations that name a record that somebody else may have. $id is the record.
var writes = []string{
	`mutation($id: ID!) { projectUpdate(input: {id: $id, revision: 1, title: "X"}) { project { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { projectUpdate(input: {id: $id, revision: 99}) { project { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { templateUpdate(input: {id: $id, revision: 1, title: "X"}) { template { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { lessonUpdate(input: {id: $id, revision: 1, title: "X"}) { lesson { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { recordPublish(input: {id: $id, revision: 1}) { record { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { recordWithdraw(input: {id: $id, revision: 1, note: "X"}) { record { id } userErrors { code message field } } }`,
	`mutation($id: ID!, $x: ID!) { outputAdd(input: {project: $id, revision: 1, kind: $x, title: "X", producedBy: $x}) { output { id } userErrors { code message field } } }`,
	`mutation($part: ID!) { outputUpdate(input: {id: $part, revision: 1, title: "X"}) { output { id } userErrors { code message field } } }`,
	`mutation($part: ID!) { outputRemove(input: {id: $part, revision: 1}) { project { id } userErrors { code message field } } }`,
	`mutation($id: ID!, $x: ID!) { policyUseAdd(input: {project: $id, revision: 1, kind: $x, title: "X"}) { policyUse { id } userErrors { code message field } } }`,
	`mutation($id: ID!, $x: ID!) { embargoPlace(input: {project: $id, revision: 1, scope: RESULTS, ground: $x, reason: "Wacht op de bekendmaking.", until: "2026-04-01T09:00:00Z"}) { embargo { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { embargoExtend(input: {project: $id, revision: 1, until: "2026-04-01T09:00:00Z", reason: "X"}) { embargo { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { embargoLift(input: {project: $id, revision: 1, reason: "X"}) { embargo { id } userErrors { code message field } } }`,
	`mutation($part: ID!) { policyUseUpdate(input: {id: $part, revision: 1, title: "X"}) { policyUse { id } userErrors { code message field } } }`,
	`mutation($part: ID!) { policyUseRemove(input: {id: $part, revision: 1}) { project { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { conceptUpdate(input: {id: $id, revision: 1, label: "X"}) { concept { id } userErrors { code message field } } }`,
	`mutation($id: ID!) { templateVersionPublish(input: {template: $id, revision: 1, number: "2.0.0", steps: []}) { template { id } userErrors { code message field } } }`,
}

func TestWritingToWhatIsSomebodyElsesAnswersAsIfItWereNotThere(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		names := public(t, n)
		scheduled := secret(n)
		scheduled.Embargoes = []*record.Embargo{n.Embargo(record.WholeRecord, time.Hour)}
		own := n.Project("Van Leiden")
		own.Outputs = secret(n).Outputs
		ids := map[string]string{"a working copy": n.draft(t, secret(n)), "a scheduled record": n.Publish(t, scheduled).Base().ID,
			"a public record": n.Publish(t, own).Base().ID, "a template": named(names, "T1")}
		head, err := n.Log.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		vars := func(q, id string) map[string]any {
			out := map[string]any{}
			for name, v := range map[string]string{"id": id, "part": id + ".o1", "x": record.ConceptID(record.OutputKind, "rapport")} {
				if strings.Contains(q, "$"+name+":") {
					out[name] = v
				}
			}
			return out
		}
		reader := identity.With(t.Context(), identity.Viewer{TokenID: "tok_r", OrganizationID: n.Leiden.ID, Scopes: []identity.Scope{identity.ReadOrganization}})
		for who, c := range map[string]struct {
			ctx  context.Context
			want string
		}{
			"a stranger":                         {stranger(t), `"code":"UNAUTHENTICATED"`},
			"another organisation":               {fixture.As(t, n.Delft), `"code":"NOT_FOUND"`},
			"a token that may not write":         {reader, `"code":"FORBIDDEN"`},
			"an organisation only spoken about":  {fixture.As(t, n.Elders), `"code":"NOT_FOUND"`},
			"a token of an unknown organisation": {identity.With(t.Context(), identity.Viewer{TokenID: "tok_x", OrganizationID: "org_x", Scopes: identity.Scopes}), `"code":"NOT_FOUND"`},
		} {
			for _, q := range writes {
				n.Statements.Reset()
				nothing := n.ask(t, c.ctx, q, vars(q, unknown))
				took := len(n.sent())
				if !strings.Contains(string(nothing.bytes), c.want) || nothing.status != 200 {
					t.Errorf("%s: %s: %s, want %s", who, q, nothing.bytes, c.want)
				}
				for what, id := range ids {
					n.Statements.Reset()
					if got := n.ask(t, c.ctx, q, vars(q, id)); string(got.bytes) != string(nothing.bytes) {
						t.Errorf("%s: %s of %s:\n%s\nwant, as for nothing,\n%s", who, q, what, got.bytes, nothing.bytes)
					}
					if sent := len(n.sent()); sent != took {
						t.Errorf("%s: %s of %s: %d statements, for nothing %d", who, q, what, sent, took)
					}
				}
			}
		}
		if now, err := n.Log.Head(t.Context()); now != head || err != nil {
			t.Errorf("something was written: %d changes, want %d (%v)", now, head, err)
		}
	})
}

func TestALinkToWhatMayNotBeSeenIsALinkToNothing(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		public(t, n)
		hidden := secret(n)
		hidden.Embargoes = []*record.Embargo{n.Embargo(record.WholeRecord, time.Hour)}
		tpl := n.Template("Geheim", "1.0.0", "vraag")
		tpl.Audience = record.Community
		community := n.Publish(t, tpl).Base().ID
		version := n.Publish(t, func() record.Record {
			x := n.Template("Ook geheim", "1.0.0", "vraag")
			x.Audience = record.Community
			return x
		}()).(*record.ProcessTemplate).Versions[0].ID
		writer := identity.With(t.Context(), identity.Viewer{TokenID: "tok_w", OrganizationID: n.Delft.ID, Scopes: []identity.Scope{identity.WriteRecords}})
		domain := record.ConceptID(record.PolicyDomain, "wonen")
		for _, c := range []struct{ name, query, id, nothing string }{
			{"a lesson of a scheduled project", `mutation($o: ID!, $id: ID!) { lessonCreate(input: {organization: $o, kind: DO, title: "X", context: "X", recommendation: "X", steps: [], template: "` + tplOf(t, n) + `", projects: [$id]}) { lesson { id } userErrors { code field message } } }`,
				n.Publish(t, hidden).Base().ID, unknown},
			{"a lesson of a draft", `mutation($o: ID!, $id: ID!) { lessonCreate(input: {organization: $o, kind: DO, title: "X", context: "X", recommendation: "X", steps: [], template: "` + tplOf(t, n) + `", projects: [$id]}) { lesson { id } userErrors { code field message } } }`,
				n.draft(t, secret(n)), unknown},
			{"a lesson for a template of the community", `mutation($o: ID!, $id: ID!) { lessonCreate(input: {organization: $o, kind: DO, title: "X", context: "X", recommendation: "X", steps: ["vraag"], template: $id}) { lesson { id } userErrors { code field message } } }`,
				community, "tpl_01890000-0000-7000-8000-000000000000"},
			{"a fork of a version for the community", `mutation($o: ID!, $id: ID!) { templateFork(input: {organization: $o, version: $id, title: "X"}) { template { id } userErrors { code field message } } }`,
				version, "tpv_01890000-0000-7000-8000-000000000000"},
			{"a project that follows it", `mutation($o: ID!, $id: ID!) { projectCreate(input: {organization: $o, templateVersion: $id, title: "X", question: "X", policyDomains: ["` + domain + `"]}) { project { id } userErrors { code field message } } }`,
				version, "tpv_01890000-0000-7000-8000-000000000000"},
		} {
			n.Statements.Reset()
			got := n.ask(t, writer, c.query, map[string]any{"o": n.Delft.ID, "id": c.id})
			took := n.sent()
			n.Statements.Reset()
			nothing := n.ask(t, writer, c.query, map[string]any{"o": n.Delft.ID, "id": c.nothing})
			if string(got.bytes) != string(nothing.bytes) || !strings.Contains(string(got.bytes), "NOT_FOUND") {
				t.Errorf("%s:\n%s\nfor nothing\n%s", c.name, got.bytes, nothing.bytes)
			}
			if sent := n.sent(); len(sent) != len(took) {
				t.Errorf("%s: %d statements, for nothing %d:\n%s\nfor nothing\n%s", c.name, len(took), len(sent), strings.Join(took, "\n"), strings.Join(sent, "\n"))
			}
		}
	})
}

// tplOf is the template that everybody sees.
func tplOf(t testing.TB, n *node) string {
	t.Helper()
	return fixture.At(t, n.must(t, stranger(t), `{ processTemplates(first: 1) { nodes { id } } }`, nil), "processTemplates.nodes.0.id").(string)
}
