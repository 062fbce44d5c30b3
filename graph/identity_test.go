package graph_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

const account = `id displayName email state lastSignInAt isNodeAdministrator isModerator memberships { id role user { displayName } organization { slug } } guestIn { title } sessions { id isCurrent }`

func TestWhoSignedInSeesTheirOwnAccount(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		if err := n.Accounts.SetRole(fixture.System(t), c.users["author"].ID, n.Delft.ID, identity.Member); err != nil {
			t.Fatal(err)
		}
		c.enter(t)
		got := n.must(t, c.as["author"], `{ viewer { `+account+` } }`, nil)["viewer"].(map[string]any)
		if got["email"] != "author@plein.test" || got["state"] != "ACTIVE" || got["lastSignInAt"] == nil || got["isNodeAdministrator"] != false || len(got["sessions"].([]any)) != 2 {
			t.Errorf("%v", got)
		}
		var roles []string
		for _, m := range got["memberships"].([]any) {
			roles = append(roles, fixture.At(t, m, "organization.slug").(string)+" "+fixture.At(t, m, "role").(string))
		}
		if !slices.Equal(roles, []string{"udc-leiden AUTHOR", "udc-delft MEMBER"}) {
			t.Error(roles)
		}
		got = n.must(t, c.as["guest"], `{ viewer { `+account+` } }`, nil)["viewer"].(map[string]any)
		if fixture.At(t, got, "guestIn.0.title") != "Kamers" || len(got["memberships"].([]any)) != 0 {
			t.Errorf("%v", got)
		}
		for _, who := range []string{"stranger", "token"} {
			got, sent := n.counted(t, c.as[who], `{ viewer { `+account+` } }`, nil)
			if got["viewer"] != nil || len(sent) > 0 {
				t.Errorf("%s is %v, in %d statements", who, got, len(sent))
			}
		}
	})
}

func TestWhatOthersSeeOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		// Hers are Leiden and the statistics office, of which nobody else here is.
		her := c.person(t, "zij", in(n.Leiden, identity.Author), in(n.CBS, identity.Member))
		everything := "displayName email state lastSignInAt isNodeAdministrator isModerator guestIn sessions udc-leiden cbs"
		for who, want := range map[string]string{
			"stranger": "", "token": "", "moderator": "", "elsewhere": "",
			"guest":  "displayName",
			"member": "displayName udc-leiden", "author": "displayName udc-leiden", "coordinator": "displayName udc-leiden",
			"administrator": "displayName email state lastSignInAt udc-leiden",
			"nodeAdmin":     "displayName email state lastSignInAt isNodeAdministrator isModerator udc-leiden cbs",
			"herself":       everything,
		} {
			ctx := c.as[who]
			if who == "herself" {
				ctx = c.signedIn(t, her)
			} else {
				c.signedIn(t, her) // so that she has signed in
			}
			got := n.must(t, ctx, `query($u: ID!, $l: ID!, $c: ID!) { user: node(id: $u) { ... on User { `+account+` } } l: node(id: $l) { id } c: node(id: $c) { id } }`,
				map[string]any{"u": her.ID, "l": membershipID(her, n.Leiden), "c": membershipID(her, n.CBS)})
			var seen []string
			if u, ok := got["user"].(map[string]any); ok {
				for _, field := range strings.Fields(everything) {
					if u[field] != nil {
						seen = append(seen, field)
					}
				}
				for _, m := range u["memberships"].([]any) {
					seen = append(seen, fixture.At(t, m, "organization.slug").(string))
				}
			}
			if strings.Join(seen, " ") != want {
				t.Errorf("%s sees %q, want %q", who, seen, want)
			}
			if (got["l"] != nil) != strings.Contains(want, "udc-leiden") || (got["c"] != nil) != strings.Contains(want, "cbs") {
				t.Errorf("%s sees memberships %v %v", who, got["l"], got["c"])
			}
		}
	})
}

func TestOfWhatIsPersonalStrangersFindNothingAndItCostsNothing(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		_, made, err := n.Tokens.Create(fixture.System(t), n.Leiden.ID, "koppeling", []identity.Scope{identity.WriteRecords}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		ids := []string{c.users["author"].ID, membershipID(c.users["author"], n.Leiden), identity.From(c.as["author"]).SessionID, made.ID}
		const query = `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`
		want := map[string]string{"author": "1 1 1 0", "administrator": "1 1 0 1", "member": "1 1 0 0", "nodeAdmin": "1 1 0 0", "elsewhere": "0 0 0 0", "stranger": "0 0 0 0", "token": "0 0 0 0"}
		for who, want := range want {
			var seen []string
			for _, x := range n.must(t, c.as[who], query, map[string]any{"ids": ids})["nodes"].([]any) {
				seen = append(seen, map[bool]string{true: "1", false: "0"}[x != nil])
			}
			if got := strings.Join(seen, " "); got != want {
				t.Errorf("%s sees %s, want %s", who, got, want)
			}
		}
		_, theirs := n.counted(t, c.as["stranger"], query, map[string]any{"ids": ids})
		_, none := n.counted(t, c.as["stranger"], query, map[string]any{"ids": []string{unknown, unknown, unknown, unknown}})
		if len(theirs) != len(none) {
			t.Errorf("ids of people take a stranger %d statements, others %d", len(theirs), len(none))
		}
		odd := []string{"usr_", "usr_\x00", "usr_\u00e9' OR 1=1", "mbr_", "mbr__", "mbr_\x00_\x00", "ses_", "ses_\x00", "tok_", "tok_\x00", "usr_" + strings.Repeat("a", 10_000)}
		for i, x := range n.must(t, c.as["nodeAdmin"], query, map[string]any{"ids": odd})["nodes"].([]any) {
			if x != nil {
				t.Errorf("%q leads to %v", odd[i], x)
			}
		}
		// Who may not see them either takes the same work for accounts that are there and for those that are not.
		_, there := n.counted(t, c.as["elsewhere"], query, map[string]any{"ids": ids})
		_, gone := n.counted(t, c.as["elsewhere"], query, map[string]any{"ids": []string{"usr_" + unknown[4:], "mbr_" + unknown[4:] + "_" + unknown[4:], "ses_" + unknown[4:], "tok_" + unknown[4:]}})
		if len(there) != len(gone) {
			t.Errorf("%d statements for what is there, %d for what is not", len(there), len(gone))
		}
	})
}

func TestWhatIsPersonalIsNotGivenToOthersWhoAskTheSame(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	for query, want := range map[string]string{
		`{ viewer { id } }`: "", `{ accessLink(secret: "x") { kind } }`: "", `{ service { signIn { mail } } }`: "", `{ service { name } a: __typename }`: "1",
	} {
		if got := n.ask(t, stranger(t), query, nil).header.Get(graph.CacheableHeader); got != want {
			t.Errorf("%s can be shared: %q", query, got)
		}
	}
}

func TestThePeopleOfAnOrganisationAreListedByName(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		for i := range 30 {
			c.person(t, fmt.Sprintf("lid%02d", i), in(n.Leiden, identity.Member))
		}
		const query = `query($n: Int!, $after: Cursor) { organization(slug: "udc-leiden") { members(first: $n, after: $after) { totalCount pageInfo { hasNextPage endCursor }
			nodes { role user { displayName email memberships { role organization { name } } } organization { name members(first: 1) { nodes { id } } } } } } }`
		var names []string
		var after any
		for pages := 0; ; pages++ {
			got := n.must(t, c.as["member"], query, map[string]any{"n": 7, "after": after})
			page := fixture.At(t, got, "organization.members").(map[string]any)
			for _, x := range page["nodes"].([]any) {
				names = append(names, fixture.At(t, x, "user.displayName").(string))
				if fixture.At(t, x, "user.email") != nil && fixture.At(t, x, "user.displayName") != "member" {
					t.Errorf("a member sees the address of %v", x)
				}
			}
			if page["totalCount"] != 34.0 || pages > 5 {
				t.Fatalf("%v", page)
			}
			if after = fixture.At(t, page, "pageInfo.endCursor"); fixture.At(t, page, "pageInfo.hasNextPage") == false {
				break
			}
		}
		want := slices.Clone(names)
		slices.Sort(want)
		if len(names) != 34 || !slices.Equal(names, want) || len(slices.Compact(want)) != 34 {
			t.Errorf("%d: %v", len(names), names)
		}
		for _, who := range []string{"stranger", "token", "elsewhere", "moderator", "guest"} {
			got, sent := n.counted(t, c.as[who], query, map[string]any{"n": 7})
			if fixture.At(t, got, "organization.members") != nil || len(sent) != 0 {
				t.Errorf("%s sees %v, in %d statements", who, got, len(sent))
			}
		}
		if a := n.ask(t, c.as["member"], query, map[string]any{"n": 7, "after": "x"}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput {
			t.Errorf("%s", a.bytes)
		}
		got := n.must(t, c.as["member"], `{ organizations { nodes { slug members { totalCount } } } }`, nil)
		for _, o := range fixture.At(t, got, "organizations.nodes").([]any) {
			if (fixture.At(t, o, "members") != nil) != (fixture.At(t, o, "slug") == "udc-leiden") {
				t.Errorf("a member of Leiden sees %v", o)
			}
		}
	})
}

func TestPeopleCostTheSameNumberOfStatementsHoweverMany(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		for i := range 30 {
			u := c.person(t, fmt.Sprintf("lid%02d", i), in(n.Leiden, identity.Member), in(n.Delft, identity.Author))
			if err := n.Accounts.AddGuest(fixture.System(t), u.ID, c.project); err != nil {
				t.Fatal(err)
			}
		}
		// The last lines of the log are of records, by a program and by a person.
		n.project(t, fixture.As(t, n.Leiden), "Van een programma")
		n.wrote(t, c.as["author"], "projectCreate", input{"organization": n.Leiden.ID, "title": "Van een mens", "question": "Waar?", "policyDomains": []string{wonen}}, "project { id }")
		for _, q := range []struct {
			name, who, rows, query string
			statements             int
			sizes                  []int
		}{
			{"members", "administrator", "organization.members.nodes", `query($n: Int!) { organization(slug: "udc-leiden") { members(first: $n) { totalCount nodes { role user { ` + account + ` } organization { name projects { totalCount } } } } } }`, 6, []int{1, 20, 34}},
			{"users", "nodeAdmin", "users.nodes", `query($n: Int!) { users(first: $n, prefix: "lid") { totalCount nodes { ` + account + ` } } }`, 4, []int{1, 20, 30}},
			{"the log of an organisation", "administrator", "auditLog.nodes", `query($n: Int!) { auditLog(organization: "` + n.Leiden.ID + `", first: $n) { nodes { id at kind recordId title revision reason actor { kind label } } } }`, 5, []int{2, 20, 60}},
			{"the log of the node", "nodeAdmin", "auditLog.nodes", `query($n: Int!) { auditLog(first: $n) { nodes { id at kind recordId title revision reason actor { kind label } } } }`, 3, []int{2, 20, 60}},
			{"guests", "coordinator", "draft.guests", `{ draft(id: "` + c.project + `") { ... on Project { guests { displayName memberships { role } } } } }`, 6, []int{31}},
		} {
			for _, k := range q.sizes {
				got, sent := n.counted(t, c.as[q.who], q.query, map[string]any{"n": k})
				if rows := fixture.At(t, got, q.rows).([]any); len(rows) != k {
					t.Fatalf("%s: %d rows, want %d", q.name, len(rows), k)
				}
				if len(sent) != q.statements {
					t.Errorf("%s: %d rows take %d statements, want %d:\n%s", q.name, k, len(sent), q.statements, strings.Join(sent, "\n"))
				}
			}
		}
	})
}

func TestAnAccountIsRenamedByItsOwner(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		got := n.wrote(t, c.as["author"], "accountUpdate", input{"displayName": " Ans de Groot "}, "user { displayName }")
		if fixture.At(t, got, "user.displayName") != "Ans de Groot" {
			t.Error(got)
		}
		n.refused(t, c.as["author"], "accountUpdate", input{"displayName": " "}, "INVALID displayName")
		n.refused(t, c.as["author"], "accountUpdate", input{"displayName": strings.Repeat("a", 101)}, "INVALID displayName")
	})
}

func TestOneEndsOnesOwnSessionsAndNoOthers(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		other := identity.From(c.signedIn(t, c.users["author"])).SessionID
		const end = `mutation($id: ID!) { sessionEnd(id: $id) { ok userErrors { code field } } }`
		for i, want := range []bool{true, false} {
			if got := n.must(t, c.as["author"], end, map[string]any{"id": other}); fixture.At(t, got, "sessionEnd.ok") != want {
				t.Errorf("%d: %v", i, got)
			}
		}
		if got := n.must(t, c.as["author"], end, map[string]any{"id": identity.From(c.as["member"]).SessionID}); fixture.At(t, got, "sessionEnd.userErrors.0.code") != "NOT_FOUND" {
			t.Error(got)
		}
		if left, err := n.Sessions.List(t.Context(), c.users["member"].ID); err != nil || len(left) != 1 {
			t.Error(left, err)
		}
	})
}

func TestALinkTellsWhatItIsForToWhoeverHoldsIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		const query = `query($s: String!) { accessLink(secret: $s) { kind email name } }`
		secret := func(url string, err error) string {
			if err != nil {
				t.Fatal(err)
			}
			return url[strings.LastIndex(url, "/")+1:]
		}
		setup := secret(n.Accounts.SetupLink(fixture.System(t)))
		if got := n.must(t, stranger(t), query, map[string]any{"s": setup}); fmt.Sprint(got["accessLink"]) != "map[email:<nil> kind:SETUP name:<nil>]" {
			t.Error(got)
		}
		u, url, err := n.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "nieuw@plein.test", Name: "Nieuw"})
		invite := secret(url, err)
		for range 2 { // looking does not use it up
			if got := n.must(t, stranger(t), query, map[string]any{"s": invite}); fmt.Sprint(got["accessLink"]) != "map[email:nieuw@plein.test kind:INVITE name:Nieuw]" {
				t.Error(got)
			}
		}
		used := secret(n.Accounts.GiveLink(fixture.System(t), u.ID))
		if _, err := n.Accounts.Redeem(t.Context(), used, passphrase, "", office); err != nil {
			t.Fatal(err)
		}
		ended := secret(n.Accounts.GiveLink(fixture.System(t), u.ID))
		n.Clock.Move(25 * time.Hour)
		for what, s := range map[string]string{"unknown": strings.Repeat("A", 43), "used": used, "ended": ended, "replaced": invite} {
			got, sent := n.counted(t, stranger(t), query, map[string]any{"s": s})
			if got["accessLink"] != nil || len(sent) != 1 {
				t.Errorf("%s: %v, in %d statements", what, got, len(sent))
			}
		}
		// What cannot be a secret is told apart by its form alone, before the database is asked.
		for _, s := range []string{"", "x", strings.Repeat("A", 44), strings.Repeat("é", 43)} {
			if got, sent := n.counted(t, stranger(t), query, map[string]any{"s": s}); got["accessLink"] != nil || len(sent) != 0 {
				t.Errorf("%q: %v, in %d statements", s, got, len(sent))
			}
		}
	})
}

func TestTheWaysToSignInAreTold(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	ask := func() string {
		return fmt.Sprint(fixture.At(t, n.must(t, stranger(t), `{ service { signIn { needsSetup mail openIdName } } }`, nil), "service.signIn"))
	}
	if got := ask(); got != "map[mail:false needsSetup:true openIdName:<nil>]" {
		t.Error(got)
	}
	n.Accounts.Outbox = &identity.Outbox{}
	n.person(t, "eerste")
	if got := ask(); got != "map[mail:true needsSetup:false openIdName:<nil>]" {
		t.Error(got)
	}
	// Once there is an account that is not asked of the database again.
	if _, sent := n.counted(t, stranger(t), `{ service { signIn { needsSetup } } }`, nil); slices.ContainsFunc(sent, func(q string) bool { return strings.Contains(q, "users") }) {
		t.Error(sent)
	}
}

func TestWhatOneMayDoInAnOrganisation(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := people(t, n)
	for who, want := range map[string]string{
		"stranger": "[]", "member": "[]", "guest": "[]", "moderator": "[]", "elsewhere": "[]",
		"author":        "[WRITE]",
		"coordinator":   "[WRITE REVIEW EMBARGO]",
		"administrator": "[WRITE REVIEW EMBARGO MANAGE_MEMBERS MANAGE_TOKENS UPDATE READ_LOG]",
		"nodeAdmin":     "[MANAGE_MEMBERS]",
		"token":         "[WRITE EMBARGO UPDATE]",
	} {
		if got := fixture.At(t, n.must(t, c.as[who], `{ organization(slug: "udc-leiden") { viewerCan } }`, nil), "organization.viewerCan"); fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", who, got, want)
		}
	}
	if got := fixture.At(t, n.must(t, c.as["administrator"], `{ organization(slug: "cbs") { viewerCan } }`, nil), "organization.viewerCan"); fmt.Sprint(got) != "[]" {
		t.Error(got)
	}
}

func TestSomebodyInTwoOrganisationsIsInBoth(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		both := c.signedIn(t, c.person(t, "beide", in(n.Leiden, identity.Author), in(n.Delft, identity.Author)))
		got := n.must(t, both, `{ a: organization(slug: "udc-leiden") { revision } b: organization(slug: "udc-delft") { revision } c: organization(slug: "cbs") { revision } }`, nil)
		if fixture.At(t, got, "a.revision") == nil || fixture.At(t, got, "b.revision") == nil || fixture.At(t, got, "c.revision") != nil {
			t.Error(got)
		}
		for i, o := range []*record.Organization{n.Leiden, n.Delft, n.Elders} {
			p := n.Project(fmt.Sprintf("Van %d", i))
			p.PublisherID = o.ID
			n.published(t, p)
		}
		got = n.must(t, both, `{ projects(filter: {excludeOwn: true}) { nodes { publisher { slug } } } }`, nil)
		if fmt.Sprint(fixture.At(t, got, "projects.nodes")) != "[map[publisher:map[slug:elders]]]" {
			t.Error(got)
		}
		made := n.wrote(t, both, "dataSourceCreate", input{"organization": n.Delft.ID, "name": "Van Delft", "holder": "Delft"}, "dataSource { id }")
		n.wrote(t, both, "dataSourceUpdate", input{"id": fixture.At(t, made, "dataSource.id"), "revision": 1, "name": "Van ons"}, "dataSource { name }")
	})
}

// office is where somebody redeems a link from.
var office = netip.MustParsePrefix("192.0.2.1/32")
