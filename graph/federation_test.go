package graph_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

const whereFrom = `query($uri: URL!) { record(uri: $uri) { id title origin { isLocal isStale fetchedAt url node { id name baseUrl isSelf isDirect state recordCount lastSuccessAt publishers { name uri fingerprint state organization { name } } } } } }`

func TestARecordTellsWhereItLives(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		uri := far.shows(t, "Elders", nil)
		own := fixture.BaseURL + "/id/" + n.published(t, n.Project("Eigen"))
		n.Clock.Move(25 * time.Minute)
		n.trusts(t, far)

		got := fixture.At(t, n.must(t, stranger(t), whereFrom, map[string]any{"uri": own}), "record.origin").(map[string]any)
		if got["isLocal"] != true || got["fetchedAt"] != nil || got["url"] != own || fixture.At(t, got, "node.isSelf") != true || fixture.At(t, got, "node.baseUrl") != fixture.BaseURL ||
			fixture.At(t, got, "node.recordCount") != 1.0 || fixture.At(t, got, "node.name") != "plein.test" {
			t.Errorf("%v", got)
		}
		got = fixture.At(t, n.must(t, stranger(t), whereFrom, map[string]any{"uri": uri}), "record").(map[string]any)
		id := got["id"].(string)
		if strings.HasSuffix(uri, id) {
			t.Error("a copy has the id of its home")
		}
		got = got["origin"].(map[string]any)
		if got["isLocal"] != false || got["isStale"] != false || got["url"] != uri || got["fetchedAt"] != "2026-03-02T09:00:00.000Z" || fixture.At(t, got, "node.lastSuccessAt") != "2026-03-02T09:00:00.000Z" ||
			fixture.At(t, got, "node.baseUrl") != far.Base() || fixture.At(t, got, "node.state") != "ACTIVE" || fixture.At(t, got, "node.isDirect") != true || fixture.At(t, got, "node.recordCount") != 1.0 ||
			fixture.At(t, got, "node.publishers.0.fingerprint") != far.fingerprint(t) || fixture.At(t, got, "node.publishers.0.organization.name") != "UDC Assen" {
			t.Errorf("%v", got)
		}
		// It is what its id says, on every node.
		node := fixture.At(t, got, "node.id").(string)
		if node != federation.NodeID(far.Base()) {
			t.Error(node)
		}
		if x := fixture.At(t, n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on FederationNode { baseUrl } } }`, map[string]any{"id": node}), "node.baseUrl"); x != far.Base() {
			t.Error(x)
		}
		// Nobody here can write a copy.
		a := n.ask(t, fixture.As(t, n.Leiden), `mutation($x: ProjectUpdateInput!) { projectUpdate(input: $x) { userErrors { code } } }`, map[string]any{"x": input{"id": id, "revision": 1, "title": "Gekaapt"}})
		if code := fixture.At(t, a.Data, "projectUpdate.userErrors.0.code"); code != "NOT_ALLOWED" {
			t.Error(code)
		}
	})
}

func TestAnOrganizationTellsWhereItPublishes(t *testing.T) {
	n, far := open(t, fixture.SQLite(t)), another(t, "Assen")
	uri := far.shows(t, "Elders", nil)
	n.trusts(t, far)
	const where = `query($slug: String!) { organization(slug: $slug) { id uri origin { isLocal url node { baseUrl isSelf } } } }`
	got := fixture.At(t, n.must(t, stranger(t), where, map[string]any{"slug": "udc-leiden"}), "organization").(map[string]any)
	if fixture.At(t, got, "origin.isLocal") != true || fixture.At(t, got, "origin.url") != got["uri"] || fixture.At(t, got, "origin.node.isSelf") != true {
		t.Errorf("one that speaks here: %v", got)
	}
	if got := n.must(t, stranger(t), where, map[string]any{"slug": "cbs"}); fixture.At(t, got, "organization").(map[string]any)["origin"] != nil {
		t.Errorf("one that is only spoken about publishes somewhere: %v", got)
	}
	slug := fixture.At(t, n.must(t, stranger(t), `query($uri: URL!) { record(uri: $uri) { publisher { slug } } }`, map[string]any{"uri": uri}), "record.publisher.slug").(string)
	got = fixture.At(t, n.must(t, stranger(t), where, map[string]any{"slug": slug}), "organization").(map[string]any)
	if fixture.At(t, got, "origin.isLocal") != false || fixture.At(t, got, "origin.node.baseUrl") != far.Base() || !strings.HasPrefix(fixture.At(t, got, "origin.url").(string), far.Base()+"/id/") {
		t.Errorf("one that publishes elsewhere: %v", got)
	}
}

func TestANodeThatIsSilentKeepsItsRecordsAndIsTold(t *testing.T) {
	n, far := open(t, fixture.SQLite(t)), another(t, "Assen")
	uri := far.shows(t, "Overlast in Assen", nil)
	n.trusts(t, far)
	const missing = `{ search(query: "overlast") { totalCount missingNodes { name state lastSuccessAt lagSeconds recordCount } } }`
	ask := func(ctx context.Context) map[string]any { return n.must(t, ctx, missing, nil) }
	if got := ask(stranger(t)); len(fixture.At(t, got, "search.missingNodes").([]any)) != 0 || fixture.At(t, got, "search.totalCount") != 1.0 {
		t.Fatal(got)
	}
	generation := n.federation.Network().Generation()
	n.Clock.Move(10 * time.Minute)
	n.pulls(t, far)
	if n.federation.Network().Generation() != generation {
		t.Error("a pull that brought nothing makes all answers old")
	}

	far.down.Store(true)
	n.Clock.Move(30 * time.Minute)
	n.pulls(t, far)
	if got := ask(stranger(t)); len(fixture.At(t, got, "search.missingNodes").([]any)) != 0 {
		t.Error("one failure is told", got)
	}
	n.Clock.Move(90 * time.Minute)
	n.pulls(t, far)
	got := ask(stranger(t))
	x := fixture.At(t, got, "search.missingNodes.0").(map[string]any)
	if x["state"] != "UNREACHABLE" || x["lastSuccessAt"] != "2026-03-02T09:00:00.000Z" || x["lagSeconds"] != 7200.0 || x["recordCount"] != 1.0 || fixture.At(t, got, "search.totalCount") != 1.0 {
		t.Error(got)
	}
	if n.federation.Network().Generation() == generation {
		t.Error("a node that went away leaves answers as they were")
	}
	c := people(t, n)
	const why = `query($id: ID!, $lang: Language) { node(id: $id) { ... on FederationNode { lastError(lang: $lang) technicalDetail lastSuccessAt attemptedAt nextAttemptAt addedAt behind } } }`
	id := federation.NodeID(far.Base())
	told := n.must(t, c.as["nodeAdmin"], why, map[string]any{"id": id, "lang": "EN"})["node"].(map[string]any)
	if s, _ := told["lastError"].(string); s != "This catalogue does not answer. Mostly that passes. If it stays, call the administrator there." || told["technicalDetail"] == nil || told["lastSuccessAt"] != "2026-03-02T09:10:00.000Z" || told["attemptedAt"] == nil || told["addedAt"] != "2026-03-02T09:00:00.000Z" {
		t.Error(told)
	}
	if told := n.must(t, c.as["administrator"], why, map[string]any{"id": id})["node"].(map[string]any); told["lastError"] != nil || told["technicalDetail"] != nil || told["attemptedAt"] != nil || told["lastSuccessAt"] != "2026-03-02T09:00:00.000Z" {
		t.Error(told)
	}

	n.Clock.Move(31 * 24 * time.Hour)
	if err := n.federation.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := n.must(t, stranger(t), whereFrom, map[string]any{"uri": uri}); fixture.At(t, got, "record.origin.isStale") != true {
		t.Error(got)
	}
	far.down.Store(false)
	n.pulls(t, far)
	if got := ask(stranger(t)); len(fixture.At(t, got, "search.missingNodes").([]any)) != 0 {
		t.Error(got)
	}
}

func TestNodesWithoutRecordsAreForAdministrators(t *testing.T) {
	n, far := open(t, fixture.SQLite(t)), another(t, "Assen")
	far.shows(t, "Elders", nil)
	id := n.trusts(t, far)
	silent, publisher := n.peer(t, "Zwijger"), n.publisher(t, "Wachter")
	c := people(t, n)
	const all = `query($n: Int = 20, $a: Cursor) { federation { isOn self { isSelf name } peers(first: $n, after: $a) { totalCount nodes { id name publishers { name waitingDeletes } } pageInfo { hasNextPage endCursor } } keys { fingerprint } } }`
	got := n.must(t, stranger(t), all, nil)
	if fixture.At(t, got, "federation.isOn") != true || fixture.At(t, got, "federation.peers.totalCount") != 1.0 || fixture.At(t, got, "federation.peers.nodes.0.id") != id || fixture.At(t, got, "federation.keys") != nil {
		t.Error(got)
	}
	n.Statements.Reset()
	got = n.must(t, c.as["nodeAdmin"], all, nil)
	if sent := n.sent(); len(sent) != 0 {
		t.Errorf("%d statements: %v", len(sent), sent)
	}
	if fixture.At(t, got, "federation.peers.totalCount") != 3.0 || fixture.At(t, got, "federation.peers.nodes.1.publishers.0.waitingDeletes") != 3.0 {
		t.Error(got)
	}
	first := n.must(t, c.as["nodeAdmin"], all, map[string]any{"n": 2})
	next := n.must(t, c.as["nodeAdmin"], all, map[string]any{"n": 2, "a": fixture.At(t, first, "federation.peers.pageInfo.endCursor")})
	if fixture.At(t, next, "federation.peers.nodes.0.id") != silent {
		t.Error(next)
	}
	for _, hidden := range []string{silent, publisher} {
		const one = `query($id: ID!) { node(id: $id) { id } }`
		if got := n.must(t, stranger(t), one, map[string]any{"id": hidden}); got["node"] != nil {
			t.Error("a stranger knows of", got)
		}
		if got := n.must(t, c.as["nodeAdmin"], one, map[string]any{"id": hidden}); got["node"] == nil {
			t.Error("the administrator does not know of", hidden)
		}
	}
}

func TestAnAdministratorExchangesWithAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		uri := far.shows(t, "Elders", nil)
		c := people(t, n)
		does := func(mutation, typ string, x any, selection string) map[string]any {
			t.Helper()
			arg := "input"
			if typ == "ID!" {
				arg = "id"
			}
			return n.must(t, c.as["nodeAdmin"], fmt.Sprintf(`mutation($x: %s) { %s(%s: $x) { %s userErrors { code message(lang: NL) field } } }`, typ, mutation, arg, selection), map[string]any{"x": x})[mutation].(map[string]any)
		}
		told := func(got map[string]any) string {
			var out []string
			for _, p := range got["userErrors"].([]any) {
				out = append(out, fmt.Sprint(fixture.At(t, p, "code"), " ", fixture.At(t, p, "field")))
			}
			return strings.Join(out, ", ")
		}
		if got := does("peerAdd", "PeerAddInput!", input{"baseUrl": "http://10.0.0.1"}, "peer { id }"); told(got) != "INVALID [baseUrl]" || got["peer"] != nil {
			t.Error(got)
		}
		if got := does("peerAdd", "PeerAddInput!", input{"baseUrl": far.Base(), "fingerprints": []string{"0000 0000"}}, "peer { id }"); told(got) != "NOT_FOUND [fingerprints]" {
			t.Error(got)
		}
		const about = "peer { id state name softwareVersion publishers { id name state organization { id } } }"
		got := does("peerAdd", "PeerAddInput!", input{"baseUrl": far.Base() + "/"}, about)
		if told(got) != "" || fixture.At(t, got, "peer.state") != "PROPOSED" || fixture.At(t, got, "peer.softwareVersion") != "plein far" || fixture.At(t, got, "peer.publishers.0.state") != "PROPOSED" || fixture.At(t, got, "peer.publishers.0.organization") != nil {
			t.Fatal(got)
		}
		peer, publisher := fixture.At(t, got, "peer.id"), fixture.At(t, got, "peer.publishers.0.id")
		if again := does("peerAdd", "PeerAddInput!", input{"baseUrl": far.Base()}, about); told(again) != "" || fixture.At(t, again, "peer.id") != peer {
			t.Error("again:", again)
		}
		if got := does("peerPull", "ID!", peer, "peer { id }"); told(got) != "ILLEGAL_TRANSITION [id]" {
			t.Error(got)
		}
		const one = "publisher { state organization { name } node { state } }"
		if got := does("publisherSetState", "PublisherSetStateInput!", input{"id": publisher, "state": "ACTIVE"}, one); told(got) != "REQUIRED [fingerprint]" {
			t.Error(got)
		}
		if got := does("publisherSetState", "PublisherSetStateInput!", input{"id": publisher, "state": "ACTIVE", "fingerprint": "abcd"}, one); told(got) != "INVALID [fingerprint]" {
			t.Error(got)
		}
		got = does("publisherSetState", "PublisherSetStateInput!", input{"id": publisher, "state": "ACTIVE", "fingerprint": strings.ToUpper(far.fingerprint(t))}, one)
		if told(got) != "" || fixture.At(t, got, "publisher.state") != "ACTIVE" || fixture.At(t, got, "publisher.node.state") != "ACTIVE" || fixture.At(t, got, "publisher.organization.name") != "UDC Assen" {
			t.Fatal(got)
		}
		if got := does("peerPull", "ID!", peer, "peer { id }"); told(got) != "" {
			t.Error(got)
		}
		n.pulls(t, far)
		if got := n.must(t, stranger(t), whereFrom, map[string]any{"uri": uri}); got["record"] == nil {
			t.Fatal("nothing was taken in")
		}
		if got := does("publisherAllowDeletes", "ID!", publisher, one); told(got) != "ILLEGAL_TRANSITION [id]" {
			t.Error(got)
		}
		if got := does("peerSetState", "PeerSetStateInput!", input{"id": peer, "state": "UNREACHABLE"}, about); told(got) != "ILLEGAL_TRANSITION [state]" {
			t.Error(got)
		}
		if got := does("peerSetState", "PeerSetStateInput!", input{"id": peer, "state": "PAUSED"}, about); fixture.At(t, got, "peer.state") != "PAUSED" {
			t.Error(got)
		}
		if got := n.must(t, stranger(t), `{ search { missingNodes { state } } }`, nil); fixture.At(t, got, "search.missingNodes.0.state") != "PAUSED" {
			t.Error(got)
		}
		for range 2 {
			if got := does("peerSetState", "PeerSetStateInput!", input{"id": peer, "state": "BLOCKED"}, about); fixture.At(t, got, "peer.state") != "BLOCKED" {
				t.Error(got)
			}
		}
		if got := n.must(t, stranger(t), whereFrom, map[string]any{"uri": uri}); got["record"] != nil {
			t.Error("a copy outlives the block:", got)
		}
		if got := does("peerRemove", "ID!", peer, "ok"); got["ok"] != true {
			t.Error(got)
		}
		if got := does("peerRemove", "ID!", peer, "ok"); told(got) != "NOT_FOUND [id]" || got["ok"] != false {
			t.Error(got)
		}
		same(t, "the log of the node", strings.Join(c.logged(t, "nodeAdmin", map[string]any{"k": []string{"PEER_CHANGED"}}), "\n"), strings.Join([]string{
			"PEER_CHANGED UDC Assen, Node vergeten: " + far.Base() + ", by nodeAdmin",
			"PEER_CHANGED UDC Assen, Geblokkeerd, by nodeAdmin",
			"PEER_CHANGED UDC Assen, Geblokkeerd, by nodeAdmin",
			"PEER_CHANGED UDC Assen, Gepauzeerd, by nodeAdmin",
			"PEER_CHANGED UDC Assen, Wordt overgenomen, by nodeAdmin",
			"PEER_CHANGED UDC Assen, Toegelaten met vingerafdruk " + far.fingerprint(t) + ", by nodeAdmin",
			"PEER_CHANGED UDC Assen, Node toegevoegd: " + far.Base() + ", by nodeAdmin",
		}, "\n"))
	})
}

func TestAKeyIsReplacedByTheOneThatWasPromised(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	n.published(t, n.Project("Openbaar"))
	if err := n.federation.SignAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.federation.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	c := people(t, n)
	const keys = `{ federation { self { publishers { fingerprint recordCount organization { name } } } keys { fingerprint previous isElsewhere createdAt organization { name } } } }`
	got := n.must(t, c.as["nodeAdmin"], keys, nil)
	before := fixture.At(t, got, "federation.keys.1.fingerprint")
	if fixture.At(t, got, "federation.keys.1.previous") != 0.0 || fixture.At(t, got, "federation.keys.1.isElsewhere") != false || fixture.At(t, got, "federation.keys.1.organization.name") != "UDC Leiden" {
		t.Error(got)
	}
	if x := fixture.At(t, n.must(t, stranger(t), `{ federation { self { publishers { fingerprint recordCount } } } }`, nil), "federation.self.publishers.1").(map[string]any); x["fingerprint"] != before || x["recordCount"] != 1.0 {
		t.Error(x)
	}
	after := n.must(t, c.as["nodeAdmin"], `mutation($o: ID!) { keyRotate(input: {organization: $o}) { key { fingerprint previous } userErrors { code } } }`, map[string]any{"o": n.Leiden.ID})
	if fp := fixture.At(t, after, "keyRotate.key.fingerprint"); fp == before || fixture.At(t, after, "keyRotate.key.previous") != 1.0 {
		t.Error(after)
	}
	if got := c.logged(t, "administrator", map[string]any{"o": n.Leiden.ID, "k": []string{"PEER_CHANGED"}}); !slices.Equal(got, []string{"PEER_CHANGED UDC Leiden, Sleutel vervangen, by Iemand met een account"}) {
		t.Error(got)
	}
	no := n.must(t, c.as["nodeAdmin"], `mutation { keysClaim(input: {isOnlyOne: false}) { keys { fingerprint } userErrors { code field } } }`, nil)
	if fixture.At(t, no, "keysClaim.userErrors.0.code") != "REQUIRED" || fixture.At(t, no, "keysClaim.keys") != nil {
		t.Error(no)
	}
	yes := n.must(t, c.as["nodeAdmin"], `mutation { keysClaim(input: {isOnlyOne: true}) { keys { isElsewhere } userErrors { code } } }`, nil)
	if fixture.At(t, yes, "keysClaim.keys.0.isElsewhere") != false {
		t.Error(yes)
	}
}

func TestWhatWasPutAsideIsReadInPages(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		far.shows(t, "Elders", nil)
		peer := n.trusts(t, far)
		org := n.federation.Network().Publisher(federation.PublisherID(far.Base() + "/id/" + far.org.ID)).OrganizationID
		n.rows(t, func(tx *ent.Client) error {
			for i := range 45 {
				err := tx.Quarantined.Create().SetPublisherID(org).SetPeerID(peer).SetEpoch(0).SetSeq(int64(i)).SetObject("javascript:alert(1)").
					SetReason("NOT_ITS_OWN").SetDetail("it is not at home").SetRaw([]byte("{}")).SetAt(n.Clock.Now().UnixMilli()).Exec(t.Context())
				if err != nil {
					return err
				}
			}
			return nil
		})
		c := people(t, n)
		const pages = `query($a: Cursor) { federation { quarantine(first: 20, after: $a) { totalCount nodes { seq epoch object reason detail at publisher { name quarantined } peer { baseUrl } } edges { cursor } pageInfo { hasNextPage endCursor } } } }`
		var seqs []float64
		after := any(nil)
		for range 3 {
			got, sent := n.counted(t, c.as["nodeAdmin"], pages, map[string]any{"a": after})
			if len(sent) != 2 || fixture.At(t, got, "federation.quarantine.totalCount") != 45.0 || fixture.At(t, got, "federation.quarantine.nodes.0.publisher.quarantined") != 45.0 || fixture.At(t, got, "federation.quarantine.nodes.0.peer.baseUrl") != far.Base() {
				t.Fatal(sent, got)
			}
			for _, x := range fixture.At(t, got, "federation.quarantine.nodes").([]any) {
				seqs = append(seqs, fixture.At(t, x, "seq").(float64))
			}
			after = fixture.At(t, got, "federation.quarantine.pageInfo.endCursor")
		}
		if len(seqs) != 45 || !slices.IsSortedFunc(seqs, func(a, b float64) int { return int(b - a) }) {
			t.Error(seqs)
		}
		if got := n.must(t, c.as["administrator"], pages, nil); fixture.At(t, got, "federation.quarantine") != nil {
			t.Error(got)
		}
	})
}

func TestOnANodeByItselfEverythingIsItsOwn(t *testing.T) {
	w := fixture.SQLite(t)
	n := openWith(t, w, nil, nil)
	uri := fixture.BaseURL + "/id/" + n.published(t, n.Project("Eigen"))
	got := n.must(t, stranger(t), whereFrom, map[string]any{"uri": uri})
	if fixture.At(t, got, "record.origin.isLocal") != true || fixture.At(t, got, "record.origin.node.isSelf") != true {
		t.Error(got)
	}
	c := people(t, n)
	got = n.must(t, c.as["nodeAdmin"], `{ federation { isOn self { recordCount lagSeconds lastSuccessAt } peers { totalCount } keys { fingerprint } quarantine { totalCount } } search { missingNodes { name } } }`, nil)
	if fixture.At(t, got, "federation.isOn") != false || fixture.At(t, got, "federation.self.recordCount") != 1.0 || fixture.At(t, got, "federation.peers.totalCount") != 0.0 {
		t.Error(got)
	}
	got = n.must(t, c.as["nodeAdmin"], `mutation { peerAdd(input: {baseUrl: "https://plein.example"}) { peer { id } userErrors { code message(lang: EN) } } }`, nil)
	if fixture.At(t, got, "peerAdd.userErrors.0.code") != "NOT_ALLOWED" {
		t.Error(got)
	}
}

func TestAProjectIsMadeAfterOneOfAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		uri := far.shows(t, "Verkamering in Assen", func(p *record.Project) {
			p.Answer, p.Phase = record.NL("Zoveel."), record.Running
			p.Contacts = []*record.Contact{{Label: "UDC Assen", Email: "udc@assen.test"}}
		})
		n.trusts(t, far)
		leiden := fixture.As(t, n.Leiden)
		begin := `mutation($x: ProjectReuseInput!) { projectReuse(input: $x) { project { id revision title question answer(lang: NL) contacts { label } municipalities { code } policyDomains { id } basedOn { id kind to { title origin { isLocal } } } } userErrors { code field } } }`
		in := input{"subject": uri, "organization": n.Leiden.ID, "kind": "REPEATED", "idempotencyKey": "een keer"}
		got := n.must(t, leiden, begin, map[string]any{"x": in})["projectReuse"].(map[string]any)
		id, _ := fixture.At(t, got, "project.id").(string)
		if fixture.At(t, got, "project.answer") != nil || len(fixture.At(t, got, "project.contacts").([]any)) != 0 || fixture.At(t, got, "project.municipalities.0.code") != "GM0546" ||
			fixture.At(t, got, "project.basedOn.0.to.title") != "Verkamering in Assen" || fixture.At(t, got, "project.basedOn.0.to.origin.isLocal") != false {
			t.Fatal(got)
		}
		if again := n.must(t, leiden, begin, map[string]any{"x": in}); fixture.At(t, again, "projectReuse.project.id") != id {
			t.Error("the same key makes another project")
		}
		if no := n.must(t, leiden, begin, map[string]any{"x": input{"subject": "https://elders.example/id/prj_x", "organization": n.Leiden.ID, "kind": "REPEATED"}}); fixture.At(t, no, "projectReuse.userErrors.0.code") != "NOT_FOUND" {
			t.Error(no)
		}
		update := `mutation($x: ProjectUpdateInput!) { projectUpdate(input: $x) { project { basedOn { id kind whatWeDidDifferently } } userErrors { code field } } }`
		got = n.must(t, leiden, update, map[string]any{"x": input{"id": id, "revision": 1, "title": "Verkamering in Leiden", "basedOn": []input{{"subject": uri, "kind": "ADAPTED", "whatWeDidDifferently": "Ook hospita’s."}}}})
		reuse, _ := fixture.At(t, got, "projectUpdate.project.basedOn.0.id").(string)
		if fixture.At(t, got, "projectUpdate.project.basedOn.0.kind") != "ADAPTED" || reuse != id+".b1" {
			t.Fatal(got)
		}
		for _, bad := range []input{{"subject": "https://elders.example/id/prj_x", "kind": "ADAPTED"}, {"subject": fixture.BaseURL + "/id/" + n.published(t, n.Lesson("Les")), "kind": "ADAPTED"}} {
			if no := n.must(t, leiden, update, map[string]any{"x": input{"id": id, "revision": 2, "basedOn": []input{bad}}}); fixture.At(t, no, "projectUpdate.userErrors.0.code") != "NOT_FOUND" {
				t.Error(no)
			}
		}
		const what = `query($uri: URL!) { record(uri: $uri) { ... on Project { impact { reuseCount reuseMunicipalityCount } reusedBy { totalCount nodes { id uri kind whatWeDidDifferently from { title publisher { name } } to { title } } } } } }`
		if got := n.must(t, stranger(t), what, map[string]any{"uri": uri}); fixture.At(t, got, "record.impact.reuseCount") != 0.0 {
			t.Error("a working copy counts:", got)
		}
		ctx := fixture.System(t)
		if err := n.Write(ctx, func(w *catalog.Writer) error { _, err := w.Publish(ctx, id, 2); return err }); err != nil {
			t.Fatal(err)
		}
		got = n.must(t, stranger(t), what, map[string]any{"uri": uri})
		if fixture.At(t, got, "record.impact.reuseCount") != 1.0 || fixture.At(t, got, "record.impact.reuseMunicipalityCount") != 1.0 || fixture.At(t, got, "record.reusedBy.nodes.0.from.title") != "Verkamering in Leiden" ||
			fixture.At(t, got, "record.reusedBy.nodes.0.uri") != fixture.BaseURL+"/id/"+id+"#b1" || fixture.At(t, got, "record.reusedBy.nodes.0.whatWeDidDifferently") != "Ook hospita’s." {
			t.Error(got)
		}
		got = n.must(t, stranger(t), `query($id: ID!) { node(id: $id) { ... on Reuse { kind from { id } to { title } } } }`, map[string]any{"id": reuse})
		if fixture.At(t, got, "node.to.title") != "Verkamering in Assen" || fixture.At(t, got, "node.from.id") != id {
			t.Error(got)
		}
		// What is made after something that is gone, is made after nothing.
		far.withdraws(t, uri)
		n.pulls(t, far)
		got = n.must(t, stranger(t), `query($id: ID!, $p: ID!) { reuse: node(id: $id) { id } project: node(id: $p) { ... on Project { title basedOn { id } } } }`, map[string]any{"id": reuse, "p": id})
		if got["reuse"] != nil || len(fixture.At(t, got, "project.basedOn").([]any)) != 0 {
			t.Error(got)
		}
		// Nor does an author who cannot see it take it away by saving the list as it was read.
		working, err := n.Draft(leiden, id)
		if err != nil {
			t.Fatal(err)
		}
		n.must(t, leiden, update, map[string]any{"x": input{"id": id, "revision": working.Base().Revision, "basedOn": []input{}}})
		if working, err = n.Draft(leiden, id); err != nil || len(working.(*record.Project).BasedOn) != 1 {
			t.Errorf("what cannot be seen now is lost: %+v, %v", working, err)
		}
	})
}

func TestAPublisherHidesWhatWasNotMadeAfterItsOwn(t *testing.T) {
	n := open(t, fixture.SQLite(t))
	subject := n.published(t, n.Project("Voorbeeld"))
	var reuses []string
	for i := range 25 {
		p := n.Project(fmt.Sprintf("Nagedaan %02d", i))
		p.PublisherID, p.MunicipalityCodes = n.Delft.ID, []string{"GM0503"}
		p.BasedOn = []*record.Reuse{{Key: "b1", SubjectID: subject, Kind: record.Repeated}}
		reuses = append(reuses, record.PartID(n.published(t, p), "b1"))
	}
	c := people(t, n)
	const what = `query($id: ID!, $a: Cursor) { node(id: $id) { ... on Project { impact { reuseCount reuseMunicipalityCount } hiddenReuses { id } reusedBy(first: 20, after: $a) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } } } }`
	read := func(who string, after any) map[string]any {
		return n.must(t, c.as[who], what, map[string]any{"id": subject, "a": after})["node"].(map[string]any)
	}
	first := read("stranger", nil)
	rest := read("stranger", fixture.At(t, first, "reusedBy.pageInfo.endCursor"))
	if fixture.At(t, first, "reusedBy.totalCount") != 25.0 || len(fixture.At(t, rest, "reusedBy.nodes").([]any)) != 5 || fixture.At(t, rest, "reusedBy.totalCount") != 25.0 {
		t.Fatal(first, rest)
	}
	const hide = `mutation($id: ID!, $h: Boolean!, $r: String) { reuseHide(input: {id: $id, isHidden: $h, reason: $r}) { project { hiddenReuses { id } } userErrors { code field } } }`
	if got := n.must(t, c.as["coordinator"], hide, map[string]any{"id": reuses[3], "h": true, "r": " "}); fixture.At(t, got, "reuseHide.userErrors.0.code") != "REQUIRED" {
		t.Fatal(got)
	}
	if got := n.must(t, c.as["coordinator"], hide, map[string]any{"id": reuses[3], "h": true, "r": "Dit is iets anders."}); fixture.At(t, got, "reuseHide.project.hiddenReuses.0.id") != reuses[3] {
		t.Fatal(got)
	}
	if got := read("stranger", nil); fixture.At(t, got, "reusedBy.totalCount") != 24.0 || fixture.At(t, got, "impact.reuseCount") != 24.0 || fixture.At(t, got, "impact.reuseMunicipalityCount") != 1.0 || got["hiddenReuses"] != nil {
		t.Error(got)
	}
	if got := read("coordinator", nil); fixture.At(t, got, "hiddenReuses.0.id") != reuses[3] {
		t.Error(got)
	}
	n.must(t, c.as["coordinator"], hide, map[string]any{"id": reuses[3], "h": false})
	if got := read("stranger", nil); fixture.At(t, got, "reusedBy.totalCount") != 25.0 {
		t.Error(got)
	}
	// What is gone is still left out, and can still be shown again by those who decide.
	n.must(t, c.as["coordinator"], hide, map[string]any{"id": reuses[3], "h": true, "r": "Dit is iets anders."})
	maker, _, _ := record.SplitPartID(reuses[3])
	system := fixture.System(t)
	if err := n.Write(system, func(w *catalog.Writer) error { _, err := w.Withdraw(system, maker, 0, "Het klopte niet."); return err }); err != nil {
		t.Fatal(err)
	}
	const left = `query($id: ID!) { node(id: $id) { ... on Project { hiddenReuses { id } hiddenGone { id uri } } } }`
	gone := func(who string) map[string]any {
		return n.must(t, c.as[who], left, map[string]any{"id": subject})["node"].(map[string]any)
	}
	got := gone("coordinator")
	id, _ := fixture.At(t, got, "hiddenGone.0.id").(string)
	if len(fixture.At(t, got, "hiddenReuses").([]any)) != 0 || fixture.At(t, got, "hiddenGone.0.uri") != fixture.BaseURL+"/id/"+maker || id == "" {
		t.Fatal(got)
	}
	for _, who := range []string{"stranger", "author"} {
		if got := gone(who); got["hiddenGone"] != nil {
			t.Errorf("%s reads %v", who, got)
		}
		n.ask(t, c.as[who], hide, map[string]any{"id": id, "h": false})
		if len(gone("coordinator")["hiddenGone"].([]any)) != 1 {
			t.Errorf("%s shows it again", who)
		}
	}
	n.must(t, c.as["coordinator"], hide, map[string]any{"id": id, "h": false})
	if got := gone("coordinator"); len(got["hiddenGone"].([]any)) != 0 {
		t.Error(got)
	}
}
