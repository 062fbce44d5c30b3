package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// logged is the private log as somebody reads it, newest first: kind, title, reason and who did it.
func (c *cast) logged(t *testing.T, who string, variables map[string]any) []string {
	t.Helper()
	got := c.must(t, c.as[who], `query($o: ID, $k: [ChangeKind!], $n: Int = 100, $a: Cursor) { auditLog(organization: $o, kinds: $k, first: $n, after: $a) {
		nodes { kind title reason actor { kind label } } pageInfo { hasNextPage endCursor } } }`, variables)
	if got["auditLog"] == nil {
		return nil
	}
	out := []string{}
	for _, x := range fixture.At(t, got, "auditLog.nodes").([]any) {
		out = append(out, fmt.Sprintf("%v %v, %v, by %v", fixture.At(t, x, "kind"), fixture.At(t, x, "title"), fixture.At(t, x, "reason"), fixture.At(t, x, "actor.label")))
	}
	return out
}

// doings are a day in Leiden and in Delft.
func doings(t *testing.T, n *node) *cast {
	t.Helper()
	c := people(t, n)
	n.published(t, n.Project("Openbaar"))
	n.project(t, identity.With(c.as["author"], identity.From(c.as["author"])), "Geheim")
	id := n.draft(t, n.Project("Onder embargo"))
	e := *n.Embargo(record.ResultsScope, 24*time.Hour)
	c.write(t, func(w *catalog.Writer) error {
		_, err := w.PlaceEmbargo(fixture.System(t), id, 1, e, func(*record.Project) record.Text { return nil })
		return err
	})
	n.project(t, c.as["elsewhere"], "Van Delft")
	n.wrote(t, c.as["administrator"], "memberSetRole", input{"id": membershipID(c.users["member"], n.Leiden), "role": "AUTHOR"}, "membership { role }")
	n.wrote(t, c.as["author"], "accountUpdate", input{"displayName": "Ans"}, "user { id }")
	n.wrote(t, c.as["elsewhere"], "accountUpdate", input{"displayName": "Els"}, "user { id }")
	n.wrote(t, c.as["administrator"], "tokenCreate", input{"organization": n.Leiden.ID, "name": "koppeling", "scopes": []string{"WRITE_RECORDS"}}, "secret")
	n.wrote(t, c.as["elsewhere"], "memberInvite", input{"organization": n.Delft.ID, "email": "author@plein.test", "role": "MEMBER"}, "url")
	return c
}

func TestAnOrganisationReadsItsOwnLog(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := doings(t, n)
		got := c.logged(t, "administrator", map[string]any{"o": n.Leiden.ID})[:6]
		same(t, "the log of Leiden", strings.Join(got, "\n"), strings.Join([]string{
			"ACCOUNT koppeling, Token gemaakt: WRITE_RECORDS, by administrator",
			"ACCOUNT Ans, Naam gewijzigd, by Ans",
			"ACCOUNT member, Nu auteur bij UDC Leiden, by administrator",
			"EMBARGO_PLACED Onder embargo, Wacht op de bekendmaking door het ministerie., by Plein",
			"CREATED Onder embargo, <nil>, by Een programma",
			"CREATED Geheim, <nil>, by Ans",
		}, "\n"))
		all := strings.Join(c.logged(t, "administrator", map[string]any{"o": n.Leiden.ID}), "\n")
		for _, other := range []string{"Delft", "Els", "elsewhere", "nodeAdmin", "moderator"} {
			if strings.Contains(all, other) {
				t.Errorf("Leiden reads of %s:\n%s", other, all)
			}
		}
		if got := c.logged(t, "administrator", map[string]any{"o": n.Leiden.ID, "k": []string{"PUBLISHED", "CREATED"}}); len(got) != 5 || got[2] != "PUBLISHED Openbaar, zonder vierogen, by Plein" {
			t.Error(got)
		}
		// Its short name will do as well, for whoever may read it and nobody else.
		if got := strings.Join(c.logged(t, "administrator", map[string]any{"o": n.Leiden.Slug}), "\n"); got != all {
			t.Error(got)
		}
		for _, who := range []string{"stranger", "coordinator", "elsewhere", "token"} {
			if got := n.must(t, c.as[who], `query($o: ID) { auditLog(organization: $o) { nodes { id } } }`, map[string]any{"o": n.Leiden.Slug}); got["auditLog"] != nil {
				t.Errorf("%s reads %v", who, got)
			}
		}
		// It is read in pages, and each line once.
		var walked []string
		var after any
		for range 20 {
			x := n.must(t, c.as["administrator"], `query($o: ID, $a: Cursor) { auditLog(organization: $o, first: 3, after: $a) { nodes { id } pageInfo { hasNextPage endCursor } } }`, map[string]any{"o": n.Leiden.ID, "a": after})
			for _, l := range fixture.At(t, x, "auditLog.nodes").([]any) {
				walked = append(walked, fixture.At(t, l, "id").(string))
			}
			if after = fixture.At(t, x, "auditLog.pageInfo.endCursor"); fixture.At(t, x, "auditLog.pageInfo.hasNextPage") == false {
				break
			}
		}
		if lines := strings.Count(all, "\n") + 1; len(walked) != lines || len(slices.Compact(slices.Sorted(slices.Values(walked)))) != lines {
			t.Errorf("%d lines in pages, %d at once", len(walked), lines)
		}
		for _, bad := range []string{"x", "YXVkaXQgMA", "YXVkaXQgLTE"} {
			if a := n.ask(t, c.as["administrator"], `query($a: Cursor) { auditLog(organization: "`+n.Leiden.ID+`", after: $a) { nodes { id } } }`, map[string]any{"a": bad}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != badInput {
				t.Errorf("%s: %s", bad, a.bytes)
			}
		}
	})
}

func TestWhoLooksAfterTheNodeReadsOfEverythingAndNotWhatItSays(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := doings(t, n)
		all := strings.Join(c.logged(t, "nodeAdmin", nil), "\n")
		for _, line := range []string{
			"ACCOUNT Ans, Nu lid bij UDC Delft, by Els",
			"CREATED <nil>, <nil>, by Els",
			"EMBARGO_PLACED <nil>, <nil>, by Plein",
			"PUBLISHED Openbaar, <nil>, by Plein",
			"CREATED UDC Leiden, <nil>, by Plein",
		} {
			if !strings.Contains(all, line) {
				t.Errorf("no %q in\n%s", line, all)
			}
		}
		for _, secret := range []string{"Geheim", "embargo,", "ministerie", "Van Delft"} {
			if strings.Contains(all, secret) {
				t.Errorf("who looks after the node reads %s", secret)
			}
		}
		if got := strings.Join(c.logged(t, "nodeAdmin", map[string]any{"o": n.Leiden.ID}), "\n"); strings.Contains(got, "Geheim") || !strings.Contains(got, "CREATED <nil>") {
			t.Error(got)
		}
	})
}

func TestOthersReadNoLog(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := doings(t, n)
	for _, who := range roles {
		for what, v := range map[string]map[string]any{"Leiden": {"o": n.Leiden.ID}, "the node": nil, "nobody": {"o": "org_x"}, "the statistics office": {"o": n.CBS.ID}} {
			may := what == "Leiden" && who == "administrator" || who == "nodeAdmin" && what != "nobody"
			if got := c.logged(t, who, v); (got != nil) != may {
				t.Errorf("%s reads the log of %s: %v", who, what, got)
			}
		}
	}
}

func TestWhatALineSaysOfAnAccountIsInWords(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := people(t, n)
	for reason, want := range map[string]string{
		"created": "Account gemaakt", "invited": "Uitgenodigd", "invited " + n.Leiden.ID + " AUTHOR": "Uitgenodigd als auteur bij UDC Leiden",
		"invited prj_x": "Uitgenodigd als gast in een project", "role " + n.Leiden.ID + " ADMINISTRATOR": "Nu beheerder bij UDC Leiden",
		"role " + n.Leiden.ID: "Nu niet meer bij UDC Leiden", "guest of prj_x": "Gast in een project",
		"node administrator true, moderator true": "Nu beheerder van de node, en moderator", "node administrator false, moderator false": "Geen beheerder van de node en geen moderator",
		"linked to https://inlog.test": "Gekoppeld aan https://inlog.test", "what is not known": "what is not known",
	} {
		tx, err := n.Store.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := changelog.Append(t.Context(), tx, n.Clock.Now(), changelog.Change{Kind: changelog.Account, RecordID: c.users["author"].ID, Actor: "system", Reason: reason}); err != nil {
			t.Fatal(err)
		}
		if err := tx.Commit(); err != nil {
			t.Fatal(err)
		}
		got := n.must(t, c.as["nodeAdmin"], `{ auditLog(first: 1) { nodes { reason } } }`, nil)
		if fixture.At(t, got, "auditLog.nodes.0.reason") != want {
			t.Errorf("%s: %v, want %s", reason, got, want)
		}
	}
}
