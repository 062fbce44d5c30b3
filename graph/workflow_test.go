package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/graph"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func TestARecordGoesItsWayThroughTheContract(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		author, coordinator := c.as["author"], c.as["coordinator"]
		step := func(ctx context.Context, name string, in input, selection string) map[string]any {
			t.Helper()
			in["id"] = c.project
			return n.wrote(t, ctx, name, in, "record { "+selection+" }")["record"].(map[string]any)
		}
		const where = "state revision viewerCan"
		same(t, "submitted", step(author, "recordSubmit", input{"revision": 1, "note": "Graag voor vrijdag."}, where),
			map[string]any{"state": "IN_REVIEW", "revision": 2.0, "viewerCan": []any{"UPDATE", "DISCARD", "SHARE"}})
		n.refused(t, coordinator, "recordReview", input{"id": c.project, "revision": 2, "approve": false}, "REQUIRED note")
		n.refused(t, coordinator, "recordPublish", input{"id": c.project, "revision": 2}, "ILLEGAL_TRANSITION")
		same(t, "with changes asked for", step(coordinator, "recordReview", input{"revision": 2, "approve": false, "note": "Noem de bron."}, where),
			map[string]any{"state": "CHANGES_REQUESTED", "revision": 3.0, "viewerCan": []any{"UPDATE", "SUBMIT", "DISCARD", "EMBARGO", "SHARE", "INVITE"}})
		n.wrote(t, author, "projectUpdate", input{"id": c.project, "revision": 3, "occasion": "Zie de begroting."}, "project { state }")
		step(author, "recordSubmit", input{"revision": 4}, where)
		n.refused(t, author, "recordSubmit", input{"id": c.project, "revision": 5}, "ILLEGAL_TRANSITION")
		same(t, "approved", step(coordinator, "recordReview", input{"revision": 5, "approve": true}, where),
			map[string]any{"state": "PUBLISHED", "revision": 6.0, "viewerCan": []any{"UPDATE", "ARCHIVE", "WITHDRAW", "EMBARGO", "SHARE", "INVITE", "REPORT"}})
		same(t, "archived", step(coordinator, "recordArchive", input{"revision": 6, "note": "Opgevolgd."}, where),
			map[string]any{"state": "ARCHIVED", "revision": 7.0, "viewerCan": []any{"UPDATE", "SUBMIT", "WITHDRAW", "EMBARGO", "SHARE", "INVITE", "REPORT"}})
		same(t, "readers see", n.ofProject(t, stranger(t), c.project, "{ state publicVersion viewerCan revision history { nodes { id } } }"),
			map[string]any{"state": "ARCHIVED", "publicVersion": 2.0, "viewerCan": []any{}, "revision": nil, "history": nil})
		same(t, "a moderator sees", n.ofProject(t, c.as["moderator"], c.project, "{ viewerCan revision history { nodes { id } } }"),
			map[string]any{"viewerCan": []any{"WITHDRAW"}, "revision": 7.0, "history": nil})
		for _, who := range []string{"author", "member", "guest"} {
			if a := n.ask(t, c.as[who], `mutation($i: TransitionInput!) { recordWithdraw(input: $i) { record { id } } }`, input{"i": input{"id": c.project, "revision": 7, "note": "Weg."}}); len(a.Errors) != 1 {
				t.Errorf("%s withdraws: %s", who, a.bytes)
			}
		}
		same(t, "a moderator gets", n.wrote(t, c.as["moderator"], "recordWithdraw", input{"id": c.project, "revision": 7, "note": "Er stond een naam in."}, "record { id }")["record"], nil)
		if n.ofProject(t, stranger(t), c.project, "{ id }") != nil {
			t.Error("it is still there")
		}
	})
}

func TestAWorkingCopyIsThrownAwayAndTakenBackThroughTheContract(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := people(t, n)
	author := c.as["author"]
	gone := n.wrote(t, author, "recordDiscard", input{"id": c.project, "revision": 1}, "record { revision viewerCan }")
	same(t, "thrown away", gone["record"], map[string]any{"revision": 2.0, "viewerCan": []any{"RESTORE"}})
	const drafts = `query($d: Boolean, $s: [PublicationState!]) { drafts(discarded: $d, states: $s) { totalCount nodes { id } } draft(id: "%s") { id } }`
	asks := func(ctx context.Context, discarded bool) string {
		return fmt.Sprint(n.must(t, ctx, fmt.Sprintf(drafts, c.project), input{"d": discarded}))
	}
	listed := fmt.Sprintf("map[draft:<nil> drafts:map[nodes:[map[id:%s]] totalCount:1]]", c.project)
	same(t, "the list", asks(author, false), "map[draft:<nil> drafts:map[nodes:[] totalCount:0]]")
	same(t, "what was thrown away", asks(author, true), listed)
	same(t, "what was thrown away, to a guest", asks(c.as["guest"], true), "map[draft:<nil> drafts:map[nodes:[] totalCount:0]]")
	same(t, "what was thrown away, to a member", asks(c.as["member"], true), "map[draft:<nil> drafts:<nil>]")
	back := n.wrote(t, author, "recordRestore", input{"id": c.project, "revision": 2}, "record { state revision }")
	same(t, "taken back", back["record"], map[string]any{"state": "DRAFT", "revision": 3.0})
}

func TestAGuestChangesOutputsThroughTheContract(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	c := people(t, n)
	guest := c.as["guest"]
	same(t, "a guest reads", n.must(t, guest, `query($id: ID!) { draft(id: $id) { title revision viewerCan history { nodes { id } } } }`, input{"id": c.project})["draft"],
		map[string]any{"title": "Kamers", "revision": 1.0, "viewerCan": []any{"UPDATE"}, "history": nil})
	added := n.wrote(t, guest, "outputAdd", input{"project": c.project, "revision": 1, "kind": rapport, "title": "Rapport", "producedBy": n.CBS.ID}, "output { id mustBecomePublic } project { revision }")
	same(t, "added", added["output"], map[string]any{"id": c.project + ".o1", "mustBecomePublic": true})
	n.wrote(t, guest, "outputUpdate", input{"id": c.project + ".o1", "revision": 2, "title": "Het rapport"}, "project { revision }")
	n.wrote(t, guest, "outputRemove", input{"id": c.project + ".o1", "revision": 3}, "project { revision }")
	if a := n.ask(t, guest, `mutation($i: ProjectUpdateInput!) { projectUpdate(input: $i) { userErrors { code } } }`, input{"i": input{"id": c.project, "revision": 4, "title": "Anders"}}); len(a.Errors) != 1 {
		t.Errorf("a guest changes content: %s", a.bytes)
	}
}

func TestTheHistoryOfARecordIsForItsOrganisation(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		author, coordinator := c.as["author"], c.as["coordinator"]
		for _, x := range []struct {
			ctx  context.Context
			name string
			in   input
		}{
			{author, "recordSubmit", input{"id": c.project, "revision": 1}},
			{coordinator, "recordReview", input{"id": c.project, "revision": 2, "approve": true, "note": "Mooi."}},
			{author, "projectUpdate", input{"id": c.project, "revision": 3, "summary": "Anders", "answer": "GEHEIM"}},
			{coordinator, "embargoPlace", input{"project": c.project, "revision": 4, "scope": "RESULTS", "ground": bekendmaking, "reason": because, "until": "2026-04-02T09:00:00Z"}},
			{author, "recordSubmit", input{"id": c.project, "revision": 5}},
			{coordinator, "recordReview", input{"id": c.project, "revision": 6, "approve": true}},
		} {
			selection := "userErrors { code }"
			n.wrote(t, x.ctx, x.name, x.in, selection)
		}
		const history = `{ history(first: 3) { nodes { kind revision reason actor { kind label } differences { path label before after } } pageInfo { hasNextPage endCursor } } }`
		difference := func(path, label string, before, after any) any {
			return map[string]any{"path": path, "label": label, "before": before, "after": after}
		}
		entry := func(kind string, revision float64, reason any, who string, differences any) any {
			return map[string]any{"kind": kind, "revision": revision, "reason": reason, "actor": map[string]any{"kind": "PERSON", "label": who}, "differences": differences}
		}
		page := func(ctx context.Context) map[string]any {
			return n.ofProject(t, ctx, c.project, history).(map[string]any)["history"].(map[string]any)
		}
		mine := page(author)["nodes"].([]any)
		same(t, "the last", mine[0], entry("PUBLISHED", 7, nil, "coordinator", []any{
			difference("summary", "Samenvatting", "Samenvatting van Kamers", "Anders"), difference("answer", "Antwoord", nil, "GEHEIM"),
			difference("embargoes.0.scope", "Embargo’s 1 · Wat eronder valt", nil, "Alles wat eruit kwam"),
			difference("embargoes.0.ground", "Embargo’s 1 · Grond", nil, "wacht op bekendmaking"),
			difference("embargoes.0.until", "Embargo’s 1 · Tot", nil, "2 april 2026, 11:00"),
			difference("embargoes.0.state", "Embargo’s 1 · Stand", nil, "Geldt"),
			difference("embargoes.0.placedAt", "Embargo’s 1 · Geplaatst op", nil, "2 maart 2026, 10:00"),
			difference("embargoes.0.placedBy", "Embargo’s 1 · Geplaatst door", nil, "UDC Leiden"),
		}))
		same(t, "the one before", mine[1], entry("SUBMITTED", 6, nil, "author", nil))
		same(t, "the one before that", mine[2], entry("EMBARGO_PLACED", 5, because, "coordinator", nil))
		after := page(author)["pageInfo"].(map[string]any)["endCursor"]
		rest := n.must(t, author, `query($id: ID!, $a: Cursor) { node(id: $id) { ... on Project { history(after: $a) { nodes { kind reason } pageInfo { hasNextPage } } } } }`, input{"id": c.project, "a": after})
		same(t, "the rest", fixture.At(t, rest, "node.history"), map[string]any{"nodes": []any{
			map[string]any{"kind": "UPDATED", "reason": nil}, map[string]any{"kind": "PUBLISHED", "reason": "Mooi."}, map[string]any{"kind": "SUBMITTED", "reason": nil}, map[string]any{"kind": "CREATED", "reason": nil}},
			"pageInfo": map[string]any{"hasNextPage": false}})
		seen := page(c.as["member"])["nodes"].([]any)
		same(t, "a member reads", seen[0], entry("PUBLISHED", 7, nil, "coordinator", nil))
		for _, who := range []string{"stranger", "elsewhere", "moderator", "nodeAdmin", "guest"} {
			if got := n.ofProject(t, c.as[who], c.project, history).(map[string]any)["history"]; got != nil {
				t.Errorf("%s reads %v", who, got)
			}
		}
		if got := n.ofProject(t, c.as["token"], c.project, history).(map[string]any)["history"]; got == nil || strings.Contains(fmt.Sprint(got), "coordinator") {
			t.Errorf("a program reads %v", got)
		}
	})
}

func TestWhatAViewerCanAndHistoryTakeTheSameStatementsForAnyNumberOfRecords(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		for i := range 20 {
			n.published(t, n.Project(fmt.Sprint("Project ", i)))
		}
		n.catchUp(t)
		const plain = `query($n: Int!) { projects(first: $n) { nodes { id } } }`
		const asked = `query($n: Int!) { projects(first: $n) { nodes { id viewerCan revision history(first: 2) { nodes { kind actor { label } differences { path after } } } } } }`
		counts := map[string][]int{}
		for _, who := range []string{"stranger", "member", "author", "coordinator", "administrator"} {
			for _, query := range []string{plain, asked} {
				for _, first := range []int{1, 20} {
					n.Statements.Reset()
					n.must(t, c.as[who], query, input{"n": first})
					counts[who] = append(counts[who], len(n.Statements.All())-len(slices.DeleteFunc(n.Statements.All(), func(q string) bool { return !strings.Contains(q, "releases") })))
				}
			}
			got := counts[who]
			if got[0] != got[1] || got[2] != got[3] || who == "stranger" && got[0] != got[2] {
				t.Errorf("%s: %v statements", who, got)
			}
		}
		t.Logf("statements for 1 and 20 records, without and with what one can and the history: %v", counts)
		var plainly, withMore string
		plainly = fmt.Sprint(n.must(t, stranger(t), plain, input{"n": 20}))
		withMore = fmt.Sprint(n.must(t, stranger(t), asked, input{"n": 20}))
		if strings.ReplaceAll(strings.ReplaceAll(withMore, " revision:<nil> viewerCan:[]", ""), "history:<nil> ", "") != plainly {
			t.Errorf("strangers are told\n%s\nbeside\n%s", withMore, plainly)
		}
	})
}

func TestThePreviewTellsWhatBecomesPublicAndWhen(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		author := c.as["author"]
		n.wrote(t, author, "projectUpdate", input{"id": c.project, "revision": 1, "answer": "GEHEIM", "policyDomains": []string{}, "occasion": "Meneer Jansen belt 06-12345678."}, "project { id }")
		n.wrote(t, c.as["coordinator"], "embargoPlace", input{"project": c.project, "revision": 2, "scope": "RESULTS", "ground": bekendmaking, "reason": because, "until": "2026-04-02T09:00:00Z"}, "embargo { id }")
		const preview = `query($id: ID!) { publicationPreview(id: $id) { record { title ... on Project { answer embargo { state } outputs { id } } }
			visibleAt audience hidden { path label until } differences { path } missing { code field } warnings { code field } } }`
		got := n.must(t, c.as["member"], preview, input{"id": c.project})
		same(t, "a member's", got["publicationPreview"], nil)
		p := n.must(t, author, preview, input{"id": c.project})["publicationPreview"].(map[string]any)
		if len(p["warnings"].([]any)) == 0 {
			t.Error("nobody warns of a telephone number")
		}
		delete(p, "warnings")
		var paths []string
		for _, d := range p["differences"].([]any) {
			paths = append(paths, fixture.At(t, d, "path").(string))
		}
		if !slices.Contains(paths, "title") || slices.Contains(paths, "answer") {
			t.Errorf("it shows %v", paths)
		}
		delete(p, "differences")
		same(t, "an author's", p, map[string]any{
			"record":    map[string]any{"title": "Kamers", "answer": nil, "embargo": map[string]any{"state": "ACTIVE"}, "outputs": []any{}},
			"visibleAt": nil, "audience": "PUBLIC", "hidden": []any{map[string]any{"path": "answer", "label": "Antwoord", "until": "2026-04-02T09:00:00.000Z"}},
			"missing": []any{map[string]any{"code": "REQUIRED", "field": []any{"policyDomains"}}}})
	})
}

func TestALinkToAWorkingCopyShowsItAndNothingBesideIt(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		author := c.as["author"]
		lesson := n.draft(t, n.Lesson("Nog niet openbaar", c.project))
		gave := n.wrote(t, author, "draftShare", input{"record": c.project, "note": "Voor de GGD", "days": 2}, "share { id note createdAt expiresAt } url")
		address := gave["url"].(string)
		secret, ours := strings.CutPrefix(address, fixture.BaseURL+"/meelezen/")
		if !ours || len(secret) != 43 {
			t.Fatalf("the address is %s", address)
		}
		const shared = `query($s: String!) { sharedDraft(secret: $s) { expiresAt record { id title state revision viewerCan history { nodes { id } } publisher { name }
			... on Project { phase team { label } lessons { totalCount nodes { id } } embargo { reason history { at } } guests { id } } } } }`
		asks := func(ctx context.Context, secret string) any {
			return n.must(t, ctx, shared, input{"s": secret})["sharedDraft"]
		}
		want := map[string]any{"expiresAt": "2026-03-04T09:00:00.000Z", "record": map[string]any{"id": c.project, "title": "Kamers", "state": "DRAFT", "revision": nil, "viewerCan": []any{}, "history": nil,
			"publisher": map[string]any{"name": "UDC Leiden"}, "phase": "RUNNING", "team": []any{}, "lessons": map[string]any{"totalCount": 0.0, "nodes": []any{}}, "embargo": nil, "guests": nil}}
		for _, who := range []string{"stranger", "elsewhere", "moderator"} {
			same(t, who, asks(c.as[who], secret), want)
		}
		if strings.Contains(fmt.Sprint(asks(stranger(t), secret)), lesson) {
			t.Error("it leads to another working copy")
		}
		unknown := "x" + secret[1:]
		if unknown == secret {
			unknown = "y" + secret[1:]
		}
		same(t, "an unknown one", asks(stranger(t), unknown), nil)
		for _, x := range []string{secret, unknown} {
			if n.ask(t, stranger(t), shared, input{"s": x}).header.Get(graph.CacheableHeader) != "" {
				t.Error("a copy of the answer may be kept, though the link ends")
			}
		}
		const shares = `query($id: ID!) { draftShares(record: $id) { id note expiresAt } }`
		same(t, "listed", n.must(t, author, shares, input{"id": c.project})["draftShares"], []any{map[string]any{"id": fixture.At(t, gave, "share.id"), "note": "Voor de GGD", "expiresAt": "2026-03-04T09:00:00.000Z"}})
		for _, who := range []string{"stranger", "member", "guest", "elsewhere"} {
			same(t, "listed to "+who, n.must(t, c.as[who], shares, input{"id": c.project})["draftShares"], nil)
		}
		n.refused(t, author, "draftShare", input{"record": c.project, "note": "", "days": 31}, "REQUIRED note", "INVALID days")
		const end = `mutation($id: ID!) { draftShareEnd(id: $id) { ok userErrors { code } } }`
		same(t, "ended", n.must(t, author, end, input{"id": fixture.At(t, gave, "share.id")})["draftShareEnd"], map[string]any{"ok": true, "userErrors": []any{}})
		same(t, "after its end", asks(stranger(t), secret), nil)
		same(t, "ended again", n.must(t, author, end, input{"id": fixture.At(t, gave, "share.id")})["draftShareEnd"], map[string]any{"ok": false, "userErrors": []any{map[string]any{"code": "NOT_FOUND"}}})
	})
}

func TestAMistakeIsReportedAndClosedThroughTheContract(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		id := n.published(t, n.Project("Verkamering"))
		if a := n.ask(t, stranger(t), `mutation($i: MistakeReportInput!) { mistakeReport(input: $i) { ok } }`, input{"i": input{"record": id, "message": "x"}}); len(a.Errors) != 1 || a.Errors[0].Extensions["code"] != "UNAUTHENTICATED" {
			t.Errorf("a stranger reports through the contract: %s", a.bytes)
		}
		n.wrote(t, c.as["elsewhere"], "mistakeReport", input{"record": id, "message": "Het jaartal klopt niet."}, "ok")
		n.wrote(t, c.as["elsewhere"], "mistakeReport", input{"record": c.project, "message": "Bestaat dit?"}, "ok")
		const reports = `query($closed: Boolean) { mistakeReports(closed: $closed) { totalCount nodes { id message at closedAt outcome reporter { kind label } record { title } } } }`
		got := n.must(t, c.as["author"], reports, nil)["mistakeReports"].(map[string]any)
		one := got["nodes"].([]any)[0].(map[string]any)
		report := one["id"]
		delete(one, "id")
		same(t, "an author reads", got, map[string]any{"totalCount": 1.0, "nodes": []any{map[string]any{"message": "Het jaartal klopt niet.", "at": "2026-03-02T09:00:00.000Z", "closedAt": nil, "outcome": nil,
			"reporter": map[string]any{"kind": "PERSON", "label": "elsewhere"}, "record": map[string]any{"title": "Verkamering"}}}})
		for _, who := range []string{"stranger", "member", "guest", "moderator", "nodeAdmin"} {
			got := n.must(t, c.as[who], reports, nil)["mistakeReports"]
			if got != nil {
				t.Errorf("%s reads %v", who, got)
			}
		}
		n.wrote(t, c.as["author"], "mistakeReportClose", input{"id": report, "outcome": "Aangepast."}, "ok")
		same(t, "open", n.must(t, c.as["author"], reports, nil)["mistakeReports"], map[string]any{"totalCount": 0.0, "nodes": []any{}})
		closed := n.must(t, c.as["author"], reports, input{"closed": true})
		same(t, "closed", fixture.At(t, closed, "mistakeReports.nodes.0.outcome"), "Aangepast.")
	})
}

func TestWhatIsForTheCommunityIsListedAndFoundByItsMembers(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		c := people(t, n)
		for i, title := range []string{"Dak- en thuislozen", "Kamerverhuur", "Één fiets"} {
			p := n.Project(title)
			p.Audience = record.Community
			n.published(t, p)
			n.Clock.Move(time.Duration(i+1) * time.Minute)
		}
		n.published(t, n.Project("Kamers voor iedereen"))
		lists := func(ctx context.Context, query any) []string {
			got := n.must(t, ctx, `query($q: String) { communityRecords(query: $q) { totalCount nodes { title } } }`, input{"q": query})["communityRecords"]
			if got == nil {
				return nil
			}
			out := []string{fmt.Sprint(fixture.At(t, got, "totalCount"))}
			for _, x := range fixture.At(t, got, "nodes").([]any) {
				out = append(out, fixture.At(t, x, "title").(string))
			}
			return out
		}
		member := c.as["elsewhere"]
		for _, x := range []struct {
			query any
			want  []string
		}{
			{nil, []string{"3", "Één fiets", "Kamerverhuur", "Dak- en thuislozen"}},
			{"", []string{"3", "Één fiets", "Kamerverhuur", "Dak- en thuislozen"}},
			{"KAMER", []string{"1", "Kamerverhuur"}},
			{"fiets een", []string{"1", "Één fiets"}},
			{"kamerverhuur fiets", []string{"0"}},
			{"???", []string{"0"}},
		} {
			same(t, fmt.Sprint(x.query), lists(member, x.query), x.want)
		}
		if got := lists(stranger(t), nil); got != nil {
			t.Errorf("a stranger is given %v", got)
		}
		account := identity.With(t.Context(), identity.Viewer{UserID: "usr_x"})
		if got := lists(account, nil); got != nil {
			t.Errorf("who belongs nowhere is given %v", got)
		}
	})
}
