package graph_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/udc-community/plein/graph"
)

// contract is the types of our own, by name.
func contract(t testing.TB) []*ast.Definition {
	t.Helper()
	types := schema(t, string(graph.SDL())).Types
	var out []*ast.Definition
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if !types[name].BuiltIn {
			out = append(out, types[name])
		}
	}
	return out
}

func TestEverythingInTheContractIsDescribed(t *testing.T) {
	check := func(path, description string) {
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", path)
		}
	}
	for _, d := range contract(t) {
		check(d.Name, d.Description)
		for _, v := range d.EnumValues {
			check(d.Name+"."+v.Name, v.Description)
		}
		for _, f := range d.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
	}
	for _, d := range schema(t, string(graph.SDL())).Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		check("@"+d.Name, d.Description)
		for _, a := range d.Arguments {
			check("@"+d.Name+"("+a.Name+")", a.Description)
		}
	}
}

// bounded are the lists of objects that need no pages, and what bounds them.
var bounded = map[string]string{
	"Concept.narrower":               "in one answer, with those below: 10,000",
	"Concept.related":                "in one answer, with those below: 10,000",
	"Query.concepts":                 "a vocabulary: 1,000",
	"Query.nodes":                    "100 ids",
	"Query._entities":                "100 pointers",
	"Query.draftShares":              "20",
	"Organization.apiTokens":         "a check of a new one: 100",
	"Project.guests":                 "a check of a new one: 100",
	"User.memberships":               "a check of a new one: 100",
	"User.guestIn":                   "100",
	"User.sessions":                  "100",
	"AuditEntry.differences":         "the fields of two documents",
	"PublicationPreview.hidden":      "the fields of a document",
	"PublicationPreview.differences": "the fields of two documents",
	"PublicationPreview.missing":     "the fields of a document",
	"PublicationPreview.warnings":    "the fields of a document",
	"Embargo.history":                "a check of the document: 50, and its end",
	"Lesson.stepsInFull":             "a check of the document: 20",
	"Municipality.organizations":     "in one answer, with the municipalities of each: 10,000",
	"Organization.municipalities":    "the municipalities that there are",
	"Project.communicationSenders":   "a check of the document: 20",
	"Project.contacts":               "a check of the document: 50",
	"Project.methods":                "a check of the document: 10",
	"Project.municipalities":         "a check of the document: 400",
	"Project.outputs":                "a check of the document: 50",
	"Project.policyDomains":          "a check of the document: 3",
	"Project.policyUses":             "a check of the document: 50",
	"Project.sources":                "a check of the document: 50",
	"Project.targetGroups":           "a check of the document: 10",
	"Project.team":                   "a check of the document: 50",
	"Lesson.roles":                   "a check of the document: 10",
	"SourceUse.linkedWith":           "a check of the document: 20",
	"ProcessTemplate.roles":          "a check of the document: 30",
	"ProcessTemplate.steps":          "a check of the document: 50",
	"ProcessTemplateVersion.roles":   "a check of the document: 30",
	"ProcessTemplateVersion.steps":   "a check of the document: 50",
	"ProcessTemplateVersion.diff":    "the steps of two versions: 100",
	"TemplateStep.checklist":         "a check of the document: 50",
	"TemplateStep.deliverables":      "a check of the document: 10",
	"TemplateStep.raci":              "a check of the document: 30",
	"SearchConnection.facets":        "the facets that there are",
	"FacetResult.buckets":            "facetSize: 400, and those that are selected",
	"SearchConnection.expansions":    "50",
	"SearchConnection.nextSteps":     "6",
	"SearchEdge.highlights":          "the fields of a record",
	"SearchEdge.alike":               "first: 100",
	"Highlight.fragments":            "a piece of text",
	"Municipality.similar":           "first: 100",
	"SimilarMunicipality.reasons":    "one for each factor",
	"ComparableEdge.reasons":         "one for each factor",
	"ComparableEdge.differences":     "one for each factor",
	"Federation.keys":                "the organisations that publish here",
	"FederationNode.publishers":      "in one answer: 10,000",
	"Project.basedOn":                "a check of the document: 20; in one answer, with those of each: 10,000",
	"Project.hiddenReuses":           "a check of the document: 100; in one answer: 10,000",
	"Project.hiddenGone":             "a check of the document: 100; in one answer: 10,000",
	"SearchConnection.missingNodes":  "100",
}

func TestAListThatCanGrowIsAConnection(t *testing.T) {
	used := map[string]bool{}
	types := schema(t, string(graph.SDL())).Types
	for _, d := range contract(t) {
		if d.Kind != ast.Object || strings.HasSuffix(d.Name, "Payload") {
			continue
		}
		for _, f := range d.Fields {
			path := d.Name + "." + f.Name
			if f.Type.Elem == nil || strings.HasPrefix(f.Name, "__") || types[f.Type.Name()].IsLeafType() {
				continue
			}
			if strings.HasSuffix(d.Name, "Connection") && (f.Name == "edges" || f.Name == "nodes") {
				continue
			}
			if used[path] = true; bounded[path] == "" {
				t.Errorf("%s: %s is a list without pages", path, f.Type)
			}
		}
	}
	for path := range bounded {
		if !used[path] {
			t.Errorf("there is no list %s", path)
		}
	}
}

func TestEveryConnectionIsWalkedTheSameWay(t *testing.T) {
	types := schema(t, string(graph.SDL())).Types
	for _, d := range contract(t) {
		if d.Kind != ast.Object {
			continue
		}
		for _, f := range d.Fields {
			if !strings.HasSuffix(f.Type.Name(), "Connection") {
				continue
			}
			first, after := f.Arguments.ForName("first"), f.Arguments.ForName("after")
			if d.Name == "TemplateStep" && f.Name == "lessons" {
				continue // a step cannot be asked for alone: lessons(stepKey:) goes on
			}
			if first == nil || first.Type.String() != "Int" || first.DefaultValue == nil || after == nil || after.Type.String() != "Cursor" {
				t.Errorf("%s.%s has no first with a default, or no after", d.Name, f.Name)
			}
			if f.Type.Elem != nil {
				t.Errorf("%s.%s is a list of connections", d.Name, f.Name)
			}
		}
		name, isConnection := strings.CutSuffix(d.Name, "Connection")
		if !isConnection {
			if d.Fields.ForName("pageInfo") != nil || d.Fields.ForName("edges") != nil {
				t.Errorf("%s is a connection that is not called one", d.Name)
			}
			continue
		}
		nodes, edges := d.Fields.ForName("nodes"), d.Fields.ForName("edges")
		if nodes == nil || edges == nil || edges.Type.String() != "["+name+"Edge!]!" || nodes.Type.Elem == nil || !nodes.Type.Elem.NonNull {
			t.Errorf("%s has no nodes or edges", d.Name)
			continue
		}
		if f := d.Fields.ForName("pageInfo"); f == nil || f.Type.String() != "PageInfo!" {
			t.Errorf("%s has no pageInfo", d.Name)
		}
		// The logs grow while they are read: any total would be wrong.
		if f := d.Fields.ForName("totalCount"); (f == nil) != (name == "Change" || name == "Audit") {
			t.Errorf("%s: totalCount", d.Name)
		}
		edge := types[name+"Edge"]
		if c, n := edge.Fields.ForName("cursor"), edge.Fields.ForName("node"); c == nil || c.Type.String() != "Cursor!" || n == nil || n.Type.String() != nodes.Type.Elem.String() {
			t.Errorf("%s has no cursor or node", edge.Name)
		}
	}
}

// unlocked are the inputs of changes that nobody can make on an older state than the one they know, and why.
var unlocked = map[string]string{
	"AccountUpdateInput":      "one's own, and one field",
	"MemberInviteInput":       "gives, whatever there was",
	"MemberSetRoleInput":      "one field",
	"MemberRemoveInput":       "takes away",
	"GuestInviteInput":        "gives, whatever there was",
	"GuestRemoveInput":        "takes away",
	"UserSetDisabledInput":    "one field",
	"UserSetNodeRolesInput":   "the whole of it",
	"UserEraseInput":          "takes away",
	"DraftShareInput":         "makes something new",
	"MistakeReportInput":      "makes something new",
	"MistakeReportCloseInput": "once",
	"ProjectReuseInput":       "makes something new",
	"ReuseHideInput":          "one field",
	"PeerAddInput":            "makes something new",
	"PeerSetStateInput":       "one field",
	"PublisherSetStateInput":  "one field",
	"KeyRotateInput":          "makes something new",
	"KeysClaimInput":          "once",
}

func TestEveryMutationTakesOneInputAndTellsWhatIsWrong(t *testing.T) {
	s := schema(t, string(graph.SDL()))
	for _, f := range s.Mutation.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		onlyID := len(f.Arguments) == 1 && f.Arguments[0].Name == "id" && f.Arguments[0].Type.String() == "ID!"
		if !onlyID && (len(f.Arguments) != 1 || f.Arguments[0].Name != "input" || !f.Arguments[0].Type.NonNull || s.Types[f.Arguments[0].Type.Name()].Kind != ast.InputObject) {
			t.Errorf("%s takes neither one input nor one id", f.Name)
			continue
		}
		payload := s.Types[f.Type.Name()]
		if !f.Type.NonNull || !strings.HasSuffix(payload.Name, "Payload") || !slices.Contains(payload.Interfaces, "Payload") || payload.Fields.ForName("userErrors").Type.String() != "[UserError!]!" {
			t.Errorf("%s gives no payload", f.Name)
		}
		for _, x := range payload.Fields {
			if x.Type.NonNull && x.Type.Elem == nil && x.Type.Name() != "Boolean" && !strings.HasPrefix(x.Name, "__") {
				t.Errorf("%s.%s cannot be null, so nothing can be refused", payload.Name, x.Name)
			}
		}
		if onlyID {
			continue
		}
		input := s.Types[f.Arguments[0].Type.Name()]
		creates := strings.HasSuffix(f.Name, "Create") || strings.HasSuffix(f.Name, "Fork")
		if r := input.Fields.ForName("revision"); !creates && (r == nil || r.Type.Name() != "Int") && unlocked[input.Name] == "" {
			t.Errorf("%s takes no revision", input.Name)
		}
	}
}

func TestNamesFollowTheHouse(t *testing.T) {
	for _, d := range contract(t) {
		for _, v := range d.EnumValues {
			if v.Name != strings.ToUpper(v.Name) {
				t.Errorf("%s.%s is not in capitals", d.Name, v.Name)
			}
		}
		for _, f := range d.Fields {
			if f.Name == "id" && f.Type.String() != "ID!" {
				t.Errorf("%s.id is %s", d.Name, f.Type)
			}
			if f.Name == "userErrors" && !slices.Contains(d.Interfaces, "Payload") && d.Name != "Payload" {
				t.Errorf("%s is no Payload", d.Name)
			}
			// What needs a role is null to others, so it can be null.
			if f.Directives.ForName("needs") != nil && f.Type.NonNull {
				t.Errorf("%s.%s needs a role and cannot be null", d.Name, f.Name)
			}
			if strings.HasPrefix(f.Name, "has") || strings.HasPrefix(f.Name, "is") || strings.HasPrefix(f.Name, "_") { // of GraphQL itself, or what a router needs
				continue
			}
			if strings.ContainsAny(f.Name, "_- ") || f.Name[0] < 'a' || f.Name[0] > 'z' {
				t.Errorf("%s.%s is not in camel case", d.Name, f.Name)
			}
		}
	}
}
