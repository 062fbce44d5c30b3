package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// invite carries out memberInvite and gives the person and the link, where there is one.
func (c *cast) invite(t *testing.T, who string, in input) (user map[string]any, url string) {
	t.Helper()
	got := c.wrote(t, c.as[who], "memberInvite", in, "user { id displayName email state memberships { id role } } url")
	url, _ = got["url"].(string)
	return got["user"].(map[string]any), url
}

func TestSomebodyNewComesWithALink(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		u, url := c.invite(t, "administrator", input{"organization": n.Leiden.ID, "email": "Nieuw@Plein.test", "role": "AUTHOR"})
		if u["email"] != "nieuw@plein.test" || u["state"] != "INVITED" || u["displayName"] != "Nog geen naam" || fixture.At(t, u, "memberships.0.role") != "AUTHOR" {
			t.Error(u)
		}
		secret, ok := strings.CutPrefix(url, fixture.BaseURL+"/toegang/")
		if !ok {
			t.Fatal(url)
		}
		if _, err := n.Accounts.Redeem(t.Context(), secret, passphrase, "Nieuw Persoon", office); err != nil {
			t.Fatal(err)
		}
		ctx := c.signedIn(t, n.account(t, u["id"].(string)))
		n.project(t, identity.With(ctx, identity.From(ctx).For(n.Leiden.ID)), "Mijn eerste")
		for _, x := range []struct {
			in   input
			want string
		}{
			{input{"organization": n.Leiden.ID, "email": "geen adres", "role": "AUTHOR"}, "INVALID email"},
			{input{"organization": n.Leiden.ID, "email": "x@plein.test", "name": strings.Repeat("a", 101), "role": "AUTHOR"}, "INVALID name"},
			{input{"organization": unknown, "email": "x@plein.test", "role": "AUTHOR"}, "NOT_FOUND organization"},
		} {
			n.refused(t, c.as["administrator"], "memberInvite", x.in, x.want)
		}
	})
}

func TestAnInvitationGoesByMailWhereThereIsMail(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		n.Accounts.Outbox = &identity.Outbox{Client: n.Store.Client, Begin: n.Store.BeginAside, Now: n.Clock.Now, BaseURL: fixture.BaseURL}
		u, url := c.invite(t, "administrator", input{"organization": n.Leiden.ID, "email": "nieuw@plein.test", "role": "AUTHOR"})
		if url != "" || n.Store.Client.Mail.Query().CountX(t.Context()) != 1 {
			t.Errorf("%q", url)
		}
		got := n.must(t, c.as["nodeAdmin"], `mutation($id: ID!) { userLink(id: $id) { url userErrors { code } } }`, map[string]any{"id": u["id"]})
		if fixture.At(t, got, "userLink.url") != nil {
			t.Error(got)
		}
	})
}

func TestWhoHasAnAccountGetsTheRoleAndNoLink(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		session := identity.From(c.as["elsewhere"]).SessionID
		u, url := c.invite(t, "administrator", input{"organization": n.Leiden.ID, "email": "elsewhere@plein.test", "name": "Een andere naam", "role": "AUTHOR"})
		if url != "" || u["displayName"] != "elsewhere" || len(u["memberships"].([]any)) != 1 {
			t.Errorf("an administrator of Leiden learns %v, %q", u, url)
		}
		if row := n.Store.Client.Session.GetX(t.Context(), session); !row.Renew {
			t.Error("what they may do changed, and the secret of their session did not")
		}
		if err := n.Accounts.Disable(fixture.System(t), c.users["moderator"].ID); err != nil {
			t.Fatal(err)
		}
		n.refused(t, c.as["administrator"], "memberInvite", input{"organization": n.Leiden.ID, "email": "moderator@plein.test", "role": "AUTHOR"}, "NOT_ALLOWED")
	})
}

func TestALinkIsNotAWayIntoWhatOthersGave(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		// Delft invited her as its administrator; she has no password yet. Whoever gets a link to her account is in Delft.
		if _, _, err := n.Accounts.Invite(fixture.System(t), identity.Invitation{Email: "zij@plein.test", OrganizationID: n.Delft.ID, Role: identity.Administrator}); err != nil {
			t.Fatal(err)
		}
		leiden := input{"organization": n.Leiden.ID, "email": "zij@plein.test", "role": "AUTHOR"}
		if _, url := c.invite(t, "administrator", leiden); url != "" {
			t.Error("an administrator of Leiden gets a link to an account that is in Delft")
		}
		got := c.wrote(t, c.as["coordinator"], "guestInvite", input{"project": c.project, "email": "zij@plein.test"}, "url")
		if got["url"] != nil {
			t.Error("a coordinator gets a link to the account of a member")
		}
		if _, url := c.invite(t, "nodeAdmin", leiden); url == "" {
			t.Error("who looks after the node gets none")
		}
		// A guest of Leiden's own projects may be given another link by Leiden.
		for range 2 {
			if got := c.wrote(t, c.as["coordinator"], "guestInvite", input{"project": c.project, "email": "gast@plein.test"}, "url"); got["url"] == nil {
				t.Error("a coordinator gets no link to somebody who is a guest of Leiden alone")
			}
		}
		if _, url := c.invite(t, "administrator", input{"organization": n.Leiden.ID, "email": "gast@plein.test", "role": "MEMBER"}); url == "" {
			t.Error("nor an administrator")
		}
		if got := c.wrote(t, c.as["coordinator"], "guestInvite", input{"project": c.project, "email": "gast@plein.test"}, "url"); got["url"] != nil {
			t.Error("a coordinator gets a link to the account of a member of Leiden")
		}
	})
}

func TestOneThatIsOnlySpokenAboutHasMembersAlone(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		n.refused(t, c.as["nodeAdmin"], "memberInvite", input{"organization": n.CBS.ID, "email": "zij@plein.test", "role": "AUTHOR"}, "NOT_ALLOWED role")
		u, _ := c.invite(t, "nodeAdmin", input{"organization": n.CBS.ID, "email": "zij@plein.test", "role": "MEMBER"})
		n.refused(t, c.as["nodeAdmin"], "memberSetRole", input{"id": fixture.At(t, u, "memberships.0.id"), "role": "ORG_ADMIN"}, "NOT_ALLOWED role")
	})
}

func TestAnOrganisationKeepsAnAdministrator(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		hers := membershipID(c.users["administrator"], n.Leiden)
		n.refused(t, c.as["administrator"], "memberSetRole", input{"id": hers, "role": "AUTHOR"}, "NOT_ALLOWED")
		n.refused(t, c.as["administrator"], "memberRemove", input{"id": hers}, "NOT_ALLOWED")
		n.refused(t, c.as["administrator"], "memberInvite", input{"organization": n.Leiden.ID, "email": "administrator@plein.test", "role": "MEMBER"}, "NOT_ALLOWED")
		// Somebody who has not been here yet is no other administrator.
		c.invite(t, "administrator", input{"organization": n.Leiden.ID, "email": "nieuw@plein.test", "role": "ORG_ADMIN"})
		n.refused(t, c.as["administrator"], "memberRemove", input{"id": hers}, "NOT_ALLOWED")
		n.wrote(t, c.as["administrator"], "memberSetRole", input{"id": membershipID(c.users["coordinator"], n.Leiden), "role": "ORG_ADMIN"}, "membership { role }")
		n.wrote(t, c.as["administrator"], "memberRemove", input{"id": hers}, "ok")
		// Who looks after the node may leave it without one, and can give it another.
		n.wrote(t, c.as["nodeAdmin"], "memberSetRole", input{"id": membershipID(c.users["coordinator"], n.Leiden), "role": "MEMBER"}, "membership { role user { displayName } organization { slug } }")
		n.refused(t, c.as["nodeAdmin"], "memberRemove", input{"id": hers}, "NOT_FOUND id")
	})
}

func TestMembershipsOfOthersLookAsIfTheyWereNot(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := people(t, n)
	for _, id := range []string{membershipID(c.users["elsewhere"], n.Delft), membershipID(c.users["elsewhere"], n.Leiden), "mbr_x", "mbr_x_y", "x", "", c.users["author"].ID} {
		n.refused(t, c.as["administrator"], "memberSetRole", input{"id": id, "role": "AUTHOR"}, "NOT_FOUND id")
		n.refused(t, c.as["administrator"], "memberRemove", input{"id": id}, "NOT_FOUND id")
	}
}

func TestACoordinatorChoosesTheGuestsOfAProject(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		got := n.wrote(t, c.as["coordinator"], "guestInvite", input{"project": c.project, "email": "cbs@plein.test", "name": "Collega"}, "user { id displayName email memberships { id } } url")
		if fixture.At(t, got, "user.displayName") != "Collega" || got["url"] == nil {
			t.Error(got)
		}
		guests := func(who string) string {
			return fmt.Sprint(fixture.At(t, n.must(t, c.as[who], `query($id: ID!) { draft(id: $id) { ... on Project { guests { displayName } } } }`, map[string]any{"id": c.project}), "draft.guests"))
		}
		if got := guests("coordinator"); got != "[map[displayName:Collega] map[displayName:guest]]" {
			t.Error(got)
		}
		for _, who := range []string{"author", "guest", "token"} {
			if got := guests(who); got != "<nil>" {
				t.Errorf("%s sees %s", who, got)
			}
		}
		for _, id := range []string{unknown, n.draft(t, n.Lesson("Een les")), "x"} {
			n.refused(t, c.as["coordinator"], "guestInvite", input{"project": id, "email": "x@plein.test"}, "NOT_FOUND project")
		}
		n.refused(t, c.as["coordinator"], "guestRemove", input{"project": c.project, "user": c.users["author"].ID}, "NOT_FOUND user")
		n.wrote(t, c.as["coordinator"], "guestRemove", input{"project": c.project, "user": c.users["guest"].ID}, "ok")
		if got := guests("coordinator"); got != "[map[displayName:Collega]]" {
			t.Error(got)
		}
		// There are a hundred at most.
		for i := range 99 {
			u := c.person(t, fmt.Sprintf("gast%02d", i))
			if err := n.Accounts.AddGuest(fixture.System(t), u.ID, c.project); err != nil {
				t.Fatal(err)
			}
		}
		n.refused(t, c.as["coordinator"], "guestInvite", input{"project": c.project, "email": "honderdeneen@plein.test"}, "TOO_MANY")
	})
}

func TestAnAdministratorMakesAndTakesBackTokens(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		make := func(in input) map[string]any {
			return n.wrote(t, c.as["administrator"], "tokenCreate", in, "token { id name scopes createdAt expiresAt lastUsedAt } secret")
		}
		got := make(input{"organization": n.Leiden.ID, "name": "koppeling", "scopes": []string{"READ_ORGANISATION", "WRITE_RECORDS", "WRITE_RECORDS"}})
		same(t, "the token", map[string]any{"n": fixture.At(t, got, "token.name"), "s": fixture.At(t, got, "token.scopes"), "until": fixture.At(t, got, "token.expiresAt"), "used": fixture.At(t, got, "token.lastUsedAt")},
			map[string]any{"n": "koppeling", "s": []any{"READ_ORGANISATION", "WRITE_RECORDS"}, "until": fixture.Start.Add(90 * 24 * time.Hour).Format("2006-01-02T15:04:05.000Z"), "used": nil})
		v, err := n.Tokens.Authenticate(t.Context(), got["secret"].(string))
		if err != nil || v.OrganizationID != n.Leiden.ID {
			t.Fatal(v, err)
		}
		make(input{"organization": n.Leiden.ID, "name": "een dag", "scopes": []string{"WRITE_RECORDS"}, "days": 1})
		if _, _, err := n.Tokens.Create(fixture.System(t), n.Leiden.ID, "thesaurus", identity.Scopes, time.Hour); err != nil {
			t.Fatal(err)
		}
		list := func(who string) string {
			return fmt.Sprint(fixture.At(t, n.must(t, c.as[who], `{ organization(slug: "udc-leiden") { apiTokens { name scopes } } }`, nil), "organization.apiTokens"))
		}
		if got := list("administrator"); !strings.HasSuffix(got, "map[name:koppeling scopes:[READ_ORGANISATION WRITE_RECORDS]]]") || !strings.Contains(got, "WRITE_THESAURUS") || strings.Count(got, "name:") != 3 {
			t.Error(got)
		}
		for _, who := range roles {
			if got := list(who); who != "administrator" && got != "<nil>" {
				t.Errorf("%s sees %s", who, got)
			}
		}
		n.must(t, c.as["administrator"], `mutation($id: ID!) { tokenRevoke(id: $id) { ok } }`, map[string]any{"id": fixture.At(t, got, "token.id")})
		if _, err := n.Tokens.Authenticate(t.Context(), got["secret"].(string)); err == nil {
			t.Error("a token that was taken back works")
		}
		n.Clock.Move(2 * time.Hour)
		if got := list("administrator"); strings.Count(got, "name:") != 1 {
			t.Errorf("what has ended is listed: %s", got)
		}
		for _, x := range []struct {
			field string
			value any
			want  string
		}{
			{"scopes", []string{}, "REQUIRED scopes"}, {"scopes", []string{"WRITE_THESAURUS"}, "NOT_ALLOWED scopes"},
			{"days", 0, "INVALID days"}, {"days", 366, "INVALID days"}, {"days", -1, "INVALID days"},
			{"name", "", "INVALID name"}, {"name", strings.Repeat("a", 101), "INVALID name"},
			{"organization", "org_x", "NOT_FOUND organization"},
		} {
			in := input{"organization": n.Leiden.ID, "name": "x", "scopes": []string{"WRITE_RECORDS"}}
			in[x.field] = x.value
			n.refused(t, c.as["administrator"], "tokenCreate", in, x.want)
		}
	})
}

func TestWhoLooksAfterTheNodeLooksAfterAccounts(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		u := c.users["author"]
		got := n.wrote(t, c.as["nodeAdmin"], "userSetDisabled", input{"id": u.ID, "disabled": true}, "user { state }")
		if fixture.At(t, got, "user.state") != "DISABLED" {
			t.Error(got)
		}
		if left, err := n.Sessions.List(t.Context(), u.ID); err != nil || len(left) > 0 {
			t.Error("who was kept out is in", err)
		}
		n.wrote(t, c.as["nodeAdmin"], "userSetDisabled", input{"id": u.ID, "disabled": false}, "user { state }")
		got = n.wrote(t, c.as["nodeAdmin"], "userSetNodeRoles", input{"id": u.ID, "nodeAdministrator": false, "moderator": true}, "user { isNodeAdministrator isModerator }")
		if fmt.Sprint(got["user"]) != "map[isModerator:true isNodeAdministrator:false]" {
			t.Error(got)
		}
		link := n.must(t, c.as["nodeAdmin"], `mutation($id: ID!) { userLink(id: $id) { url user { id } userErrors { code } } }`, map[string]any{"id": u.ID})
		if url, _ := fixture.At(t, link, "userLink.url").(string); !strings.HasPrefix(url, fixture.BaseURL+"/toegang/") {
			t.Error(link)
		}
		names := func(prefix string) (out []string) {
			for _, x := range fixture.At(t, n.must(t, c.as["nodeAdmin"], `query($p: String) { users(prefix: $p) { nodes { displayName } } }`, map[string]any{"p": prefix}), "users.nodes").([]any) {
				out = append(out, fixture.At(t, x, "displayName").(string))
			}
			return out
		}
		for prefix, want := range map[string][]string{"A": {"administrator", "author"}, "ELSE": {"elsewhere"}, "author@": {"author"}, "%": nil, "_": nil, "z": nil, strings.Repeat("a", 300): nil} {
			if got := names(prefix); !slices.Equal(got, want) {
				t.Errorf("%.20s: %v, want %v", prefix, got, want)
			}
		}
		if got := names(" "); len(got) != 8 {
			t.Error(got)
		}
		n.refused(t, c.as["nodeAdmin"], "userErase", input{"id": u.ID, "email": "iemand@plein.test"}, "INVALID email")
		n.wrote(t, c.as["nodeAdmin"], "userErase", input{"id": u.ID, "email": " Author@plein.test "}, "ok")
		n.refused(t, c.as["nodeAdmin"], "userErase", input{"id": u.ID, "email": u.Email}, "NOT_FOUND id")
		n.refused(t, c.as["nodeAdmin"], "userSetDisabled", input{"id": u.ID, "disabled": true}, "NOT_FOUND id")
		// The node keeps an administrator.
		self := c.users["nodeAdmin"]
		n.refused(t, c.as["nodeAdmin"], "userSetDisabled", input{"id": self.ID, "disabled": true}, "NOT_ALLOWED")
		n.refused(t, c.as["nodeAdmin"], "userSetNodeRoles", input{"id": self.ID, "nodeAdministrator": false, "moderator": true}, "NOT_ALLOWED")
		n.refused(t, c.as["nodeAdmin"], "userErase", input{"id": self.ID, "email": self.Email}, "NOT_ALLOWED")
	})
}

func TestAnOrganisationIsMadeThatSpeaksForItself(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		in := func(field string, value any) input {
			out := input{"name": "UDC Groningen", "slug": "udc-groningen", "kind": "MUNICIPAL_UDC", "municipalities": []string{"GM0014"}}
			if field != "" {
				out[field] = value
			}
			return out
		}
		for _, x := range []struct {
			field string
			value any
			want  string
		}{
			{"slug", "", "REQUIRED slug"}, {"slug", "UDC Groningen", "INVALID slug"}, {"slug", "udc-leiden", "DUPLICATE slug"}, {"slug", "a/b", "INVALID slug"},
			{"name", " ", "REQUIRED name"}, {"municipalities", []string{"GM9999"}, "NOT_FOUND municipalities"},
			{"tooiIri", "https://example.org/gm0014", "INVALID tooiIri"},
		} {
			n.refused(t, c.as["nodeAdmin"], "organizationCreate", in(x.field, x.value), x.want)
		}
		got := n.wrote(t, c.as["nodeAdmin"], "organizationCreate", in("", nil), "organization { id slug custody municipalities { code } }")
		id := fixture.At(t, got, "organization.id").(string)
		if fixture.At(t, got, "organization.custody") != "OWN" || fixture.At(t, got, "organization.municipalities.0.code") != "GM0014" {
			t.Error(got)
		}
		// Its first administrator makes it work.
		_, url := c.invite(t, "nodeAdmin", input{"organization": id, "email": "groningen@plein.test", "role": "ORG_ADMIN"})
		if _, err := n.Accounts.Redeem(t.Context(), url[strings.LastIndex(url, "/")+1:], passphrase, "Groningen", office); err != nil {
			t.Fatal(err)
		}
		u, err := n.Accounts.ByEmail(t.Context(), "groningen@plein.test")
		if err != nil {
			t.Fatal(err)
		}
		n.project(t, c.signedIn(t, u), "Eerste van Groningen")

		// Who was spoken of already becomes the one that makes itself known under the same address.
		spokenOf := &record.Organization{Name: "Gemeente Almere", Slug: "gemeente-almere", Kind: record.OtherPublicBody, Custody: record.CustodyReference, TooiIRI: record.TooiNamespace + "gemeente/gm0034"}
		if err := n.Write(fixture.System(t), func(w *catalog.Writer) error {
			return w.CreateOrganizations(fixture.System(t), []*record.Organization{spokenOf})
		}); err != nil {
			t.Fatal(err)
		}
		joins := input{"name": "UDC Almere", "slug": "udc-almere", "kind": "MUNICIPAL_UDC", "tooiIri": " " + spokenOf.TooiIRI}
		if got := n.wrote(t, c.as["nodeAdmin"], "organizationCreate", joins, "organization { id slug custody tooiIri }"); fixture.At(t, got, "organization.id") != spokenOf.ID ||
			fixture.At(t, got, "organization.custody") != "OWN" || fixture.At(t, got, "organization.slug") != "udc-almere" || fixture.At(t, got, "organization.tooiIri") != spokenOf.TooiIRI {
			t.Error(got)
		}
		n.refused(t, c.as["nodeAdmin"], "organizationCreate", joins, "DUPLICATE tooiIri")
	})
}
