package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// needing are the fields of the contract that need a role, by Type.field, with that role.
func needing() map[string]string {
	out := map[string]string{}
	for _, d := range contractSchema().Types {
		if d.Kind != ast.Object {
			continue
		}
		for _, f := range d.Fields {
			if n := f.Directives.ForName("needs"); n != nil {
				out[d.Name+"."+f.Name] = n.Arguments.ForName("role").Value.Raw
			}
		}
	}
	return out
}

// below are the roles in an organisation that may do less than one that a field needs.
func below(role string) []string {
	chain := []string{"member", "author", "coordinator", "administrator"}
	at := map[string]int{"MEMBER": 0, "AUTHOR": 1, "COORDINATOR": 2, "ORG_ADMIN": 3}
	if n, ok := at[role]; ok {
		return chain[:n]
	}
	return chain
}

// ownToo are fields that show everybody with the role what is theirs, whoever else is asked for.
var ownToo = map[string]bool{"Query.communityRecords": true, "Query.drafts": true, "Query.mistakeReports": true, "User.guestIn": true, "User.sessions": true}

// atHome are fields of what has no people here: they are null to everybody.
var atHome = map[string]bool{"OtherRecord.history": true, "OtherRecord.revision": true}

func TestWhatNeedsARoleIsNullToWhoLacksIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		p := n.Project("Openbaar")
		p.Embargoes = []*record.Embargo{n.Embargo(record.ResultsScope, 24*time.Hour)}
		project, lesson, template := n.published(t, p), n.published(t, n.Lesson("Les")), n.published(t, n.Template("Sjabloon", "1.0.0", "vraag"))
		c.write(t, func(w *catalog.Writer) error {
			_, _, err := w.Share(fixture.System(t), c.project, "Voor een expert", 7)
			return err
		})
		elsewhere := another(t, "Assen")
		elsewhere.shows(t, "Elders", nil)
		n.trusts(t, elsewhere)
		n.rows(t, func(tx *ent.Client) error {
			return tx.Publisher.Update().SetProblem(federation.TooManyDeletes).SetDetail("too many").SetDeletesWaiting(30).SetKeyShown("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK").Exec(t.Context())
		})
		n.rows(t, func(tx *ent.Client) error {
			return tx.Peer.Update().SetProblem(federation.NoAnswer).SetDetail("EOF").SetNextAt(n.Clock.Now().Add(time.Hour).UnixMilli()).Exec(t.Context())
		})
		other, _ := n.other(t, "Wie weet het?")
		term, who := c.term(t, "woord"), c.newcomer(t, in(n.Leiden, identity.Member))
		c.signedIn(t, who)
		node := func(id, on, field string) string {
			return fmt.Sprintf(`{ node(id: %q) { ... on %s { %s } } }`, id, on, field)
		}
		// reach asks for a field of a type.
		reach := map[string]func(field string) string{
			"Query":   func(field string) string { return "{ " + field + " }" },
			"Concept": func(field string) string { return node(term, "Concept", field) },
			"Embargo": func(field string) string { return node(project, "Project", "embargo { "+field+" }") },
			"FederatedPublisher": func(field string) string {
				return node(federation.PublisherID(elsewhere.Base()+"/id/"+elsewhere.org.ID), "FederatedPublisher", field)
			},
			"Federation":      func(field string) string { return "{ federation { " + field + " } }" },
			"FederationNode":  func(field string) string { return node(federation.NodeID(elsewhere.Base()), "FederationNode", field) },
			"Lesson":          func(field string) string { return node(lesson, "Lesson", field) },
			"OtherRecord":     func(field string) string { return node(other, "OtherRecord", field) },
			"Organization":    func(field string) string { return node(n.Leiden.ID, "Organization", field) },
			"ProcessTemplate": func(field string) string { return node(template, "ProcessTemplate", field) },
			"Project":         func(field string) string { return node(project, "Project", field) },
			"User": func(field string) string {
				if strings.HasPrefix(field, "guestIn") || strings.HasPrefix(field, "sessions") { // of oneself alone
					return "{ viewer { " + field + " } }"
				}
				return node(who.ID, "User", field)
			},
		}
		arguments := map[string]string{"draft": fmt.Sprintf("(id: %q)", c.project), "publicationPreview": fmt.Sprintf("(id: %q)", c.project), "draftShares": fmt.Sprintf("(record: %q)", c.project),
			"files": fmt.Sprintf("(record: %q)", c.project), "publicationDuties": fmt.Sprintf("(organization: %q)", n.Leiden.ID), "auditLog": fmt.Sprintf("(organization: %q)", n.Leiden.ID)}
		players := map[string]string{"MEMBER": "member", "AUTHOR": "author", "COORDINATOR": "coordinator", "ORG_ADMIN": "administrator", "NODE_ADMIN": "nodeAdmin", "THESAURUS_EDITOR": "nodeAdmin"}
		fields := needing()
		for path, role := range fields {
			typ, name, _ := strings.Cut(path, ".")
			if reach[typ] == nil {
				t.Errorf("%s needs a role and the test does not reach it", path)
				continue
			}
			field := contractSchema().Types[typ].Fields.ForName(name)
			ask := name + arguments[name]
			if !contractSchema().Types[field.Type.Name()].IsLeafType() {
				ask += " { __typename }"
			}
			sees := func(who string) bool { return seen(n.must(t, c.as[who], reach[typ](ask), nil), name) }
			if who := players[role]; who == "" || sees(who) == atHome[path] {
				t.Errorf("%s is null to %s is %v", path, who, !atHome[path])
			}
			for _, who := range append([]string{"stranger", "elsewhere"}, below(role)...) {
				if !(who == "elsewhere" && ownToo[path]) && sees(who) {
					t.Errorf("%s needs %s and is there for %s", path, role, who)
				}
			}
		}
		t.Logf("%d fields need a role", len(fields))
	})
}

func TestNothingLeadsAStrangerToPeople(t *testing.T) {
	s := contractSchema()
	reached := map[string]string{"Query": "Query"}
	for queue := []string{"Query"}; len(queue) > 0; queue = queue[1:] {
		for _, f := range s.Types[queue[0]].Fields {
			// The viewer is nobody, ids of people lead strangers nowhere and the feed is of records: other tests hold that.
			closed := f.Directives.ForName("needs") != nil || f.Name == "viewer" || f.Type.Name() == "Node"
			if closed || strings.HasPrefix(f.Name, "__") {
				continue
			}
			for _, d := range append(s.GetPossibleTypes(s.Types[f.Type.Name()]), s.Types[f.Type.Name()]) {
				if reached[d.Name] == "" {
					reached[d.Name] = reached[queue[0]] + "." + f.Name
					queue = append(queue, d.Name)
				}
			}
		}
	}
	for _, personal := range []string{"User", "Membership", "Session", "ApiToken", "AuditEntry", "ChangeActor", "MistakeReport", "DraftShare"} {
		if s.Types[personal] == nil || reached[personal] != "" {
			t.Errorf("%s leads to a %s", reached[personal], personal)
		}
	}
	if len(reached) < 60 {
		t.Errorf("the test walked %d types", len(reached))
	}
}

// seen tells whether a field, wherever it is in an answer, has a value.
func seen(v any, field string) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			if name == field && x != nil || seen(x, field) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(x any) bool { return seen(x, field) })
	}
	return false
}
