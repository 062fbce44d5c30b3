package policy_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// viewers are one of each role, in the order of the columns below. What is done is done for org_own, on its project prj_own.
func viewers() []identity.Viewer {
	person := func(organization string, r identity.Role) identity.Viewer {
		return identity.Viewer{UserID: "usr_x", OrganizationID: organization, Memberships: []identity.Membership{{OrganizationID: organization, Role: r}}}
	}
	token := func(s ...identity.Scope) identity.Viewer {
		return identity.Viewer{TokenID: "tok_x", OrganizationID: "org_own", Scopes: s}
	}
	return []identity.Viewer{
		{},
		{UserID: "usr_x"},
		{UserID: "usr_x", Guest: []string{"prj_own"}},
		{UserID: "usr_x", Guest: []string{"prj_other"}},
		person("org_own", identity.Member), person("org_own", identity.Author), person("org_own", identity.Coordinator), person("org_own", identity.Administrator),
		person("org_other", identity.Administrator),
		{UserID: "usr_x", Moderator: true},
		{UserID: "usr_x", NodeAdmin: true},
		token(identity.ReadOrganization), token(identity.WriteRecords), token(identity.WriteThesaurus),
		{TokenID: "tok_x", OrganizationID: "org_other", Scopes: identity.Scopes},
		{System: true},
	}
}

const columns = "stranger account guest guestElsewhere member author coordinator administrator administratorElsewhere moderator nodeAdmin reader writer thesaurus tokenElsewhere system"

// table says for each action which columns may do it.
const table = `
READ_COMMUNITY    member author coordinator administrator administratorElsewhere moderator nodeAdmin reader tokenElsewhere system
SAVE_SEARCH       member author coordinator administrator administratorElsewhere moderator nodeAdmin system
HIDE_COMMENT      moderator system
RETRACT           moderator system
EDIT_THESAURUS    nodeAdmin thesaurus tokenElsewhere system
MANAGE_PEERS      nodeAdmin system
MANAGE_ACCOUNTS   nodeAdmin system
ASK               member author coordinator administrator system
COMMENT           member author coordinator administrator system
ENDORSE           member author coordinator administrator system
READ_REASON       guest member author coordinator administrator reader writer system
READ_HISTORY      member author coordinator administrator reader writer system
READ_DRAFT        guest author coordinator administrator reader writer system
WRITE_DRAFT       author coordinator administrator writer system
WRITE_RESULTS     guest author coordinator administrator writer system
SUBMIT            author coordinator administrator writer system
SHARE_DRAFT       author coordinator administrator system
REVIEW            coordinator administrator system
PUBLISH           coordinator administrator writer system
WITHDRAW          coordinator administrator writer system
EMBARGO           coordinator administrator writer system
COMMIT            coordinator administrator system
DECIDE            coordinator administrator system
INVITE_GUEST      coordinator administrator system
MANAGE_MEMBERS    administrator nodeAdmin system
MANAGE_TOKENS     administrator system
MANAGE_WEBHOOKS   administrator system
EDIT_ORGANIZATION administrator writer system
READ_LOG          administrator system
`

func want(t *testing.T) map[policy.Action][]string {
	t.Helper()
	out := map[policy.Action][]string{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		fields := strings.Fields(line)
		out[policy.Action(fields[0])] = fields[1:]
		for _, f := range fields[1:] {
			if !slices.Contains(strings.Fields(columns), f) {
				t.Fatalf("there is no column %s", f)
			}
		}
	}
	return out
}

func TestEveryRoleMayDoWhatTheTableSaysAndNothingElse(t *testing.T) {
	names, want := strings.Fields(columns), want(t)
	if have := policy.Actions(); !slices.Equal(have, slices.Sorted(maps.Keys(want))) {
		t.Fatalf("the table does not have the actions that there are: %v", have)
	}
	cells := 0
	for action, who := range want {
		for i, v := range viewers() {
			on := policy.Target{OrganizationID: "org_own", Own: true, ProjectID: "prj_own"}
			err, may := policy.May(v, action, on), slices.Contains(who, names[i])
			if (err == nil) != may {
				t.Errorf("%s %s: %v", names[i], action, err)
			}
			if err != nil && errors.Is(err, policy.ErrUnauthenticated) != v.Anonymous() {
				t.Errorf("%s %s is refused as %v", names[i], action, err)
			}
			cells++
		}
	}
	t.Logf("%d actions × %d viewers: %d cells", len(want), len(names), cells)
}

func TestNobodySpeaksForAnOrganisationThatIsOnlySpokenAbout(t *testing.T) {
	reference := &record.Organization{ID: "org_own", Custody: record.CustodyReference}
	names := strings.Fields(columns)
	forMembers := []policy.Action{policy.Ask, policy.Comment, policy.Endorse, policy.ReadReason, policy.ReadHistory}
	onNode := []policy.Action{policy.ReadCommunity, policy.SaveSearch, policy.HideComment, policy.Retract, policy.EditThesaurus, policy.ManagePeers, policy.ManageAccounts}
	for _, a := range policy.Actions() {
		if slices.Contains(onNode, a) {
			continue
		}
		for i, v := range viewers() {
			// Who belongs to such an organisation is for who looks after the node.
			always := v.System || v.NodeAdmin && a == policy.ManageMembers
			may := always || v.RoleIn("org_own") != "" && slices.Contains(forMembers, a)
			if err := policy.May(v, a, policy.In(reference)); (err == nil) != may {
				t.Errorf("%s %s: %v", names[i], a, err)
			}
			if err := policy.May(v, a, policy.In(nil)); (err == nil) != always {
				t.Errorf("%s %s for nobody: %v", names[i], a, err)
			}
		}
	}
}

func TestWhatHasNoRuleIsNobodys(t *testing.T) {
	for i, v := range viewers() {
		if err := policy.May(v, "FLY", policy.Target{OrganizationID: "org_own", Own: true, ProjectID: "prj_own"}); (err == nil) != v.System {
			t.Errorf("%s flies: %v", strings.Fields(columns)[i], err)
		}
	}
}

func TestWhoMayNowhereIsTurnedAwayFirst(t *testing.T) {
	names := strings.Fields(columns)
	for action, who := range want(t) {
		for i, v := range viewers() {
			may := slices.Contains(who, names[i])
			switch names[i] {
			case "administratorElsewhere":
				may = slices.Contains(who, "administrator")
			case "guestElsewhere":
				may = slices.Contains(who, "guest")
			case "tokenElsewhere":
				may = may || slices.Contains(who, "reader") || slices.Contains(who, "writer")
			}
			if err := policy.MayAnywhere(v, action); (err == nil) != may {
				t.Errorf("%s %s anywhere: %v", names[i], action, err)
			}
		}
	}
}

var update = flag.Bool("update", false, "write the table in docs/roles.md again")

// documented are the columns of the table in docs/roles.md, with their headings.
var documented = [][2]string{{"member", "member"}, {"author", "author"}, {"coordinator", "coordinator"}, {"administrator", "administrator"}, {"guest", "guest"},
	{"moderator", "moderator"}, {"nodeAdmin", "administrator of the node"}, {"reader", "token, `READ_ORGANISATION`"}, {"writer", "token, `WRITE_RECORDS`"}, {"thesaurus", "token, `WRITE_THESAURUS`"}}

func TestTheDocumentSaysWhatTheTableSays(t *testing.T) {
	const path = "../../docs/roles.md"
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := bytes.Cut(doc, []byte("-update -->\n"))
	_, after, ended := bytes.Cut(rest, []byte("<!-- end -->"))
	if !begun || !ended {
		t.Fatal("the document has no place for the table")
	}
	want := slices.Concat(before, []byte("-update -->\n"), roles(t), []byte("<!-- end -->"), after)
	if bytes.Equal(doc, want) {
		return
	}
	if !*update {
		t.Fatal("docs/roles.md is not what the table of actions says: run this test with -update")
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// roles is the table of who may do what, as Markdown, in the order in which the actions are declared.
func roles(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("| action |")
	for _, c := range documented {
		b.WriteString(" " + c[1] + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat(":-:|", len(documented)) + "\n")
	names, on := strings.Fields(columns), policy.Target{OrganizationID: "org_own", Own: true, ProjectID: "prj_own"}
	for _, a := range declared(t) {
		fmt.Fprintf(&b, "| `%s` %s |", a.action, a.says)
		for _, c := range documented {
			mark := " "
			if policy.May(viewers()[slices.Index(names, c[0])], a.action, on) == nil {
				mark = " ✓ "
			}
			b.WriteString(mark + "|")
		}
		b.WriteString("\n")
	}
	return b.Bytes()
}

type declaration struct {
	action policy.Action
	says   string
}

// declared are the actions as they are declared, with what is said of them there.
func declared(t *testing.T) (out []declaration) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "action.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		c, ok := n.(*ast.ValueSpec)
		if !ok || len(c.Values) != 1 {
			return true
		}
		if name, ok := c.Type.(*ast.Ident); !ok || name.Name != "Action" {
			return true
		}
		value, err := strconv.Unquote(c.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		says, begins := strings.CutPrefix(strings.Join(strings.Fields(c.Doc.Text()), " "), c.Names[0].Name+" ")
		if !begins {
			t.Errorf("nothing is said of %s", value)
		}
		out = append(out, declaration{policy.Action(value), says})
		return true
	})
	if len(out) != len(policy.Actions()) {
		t.Fatalf("%d actions are declared, %d have a rule", len(out), len(policy.Actions()))
	}
	return out
}
