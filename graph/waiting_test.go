package graph_test

import (
	"fmt"
	"testing"

	"github.com/udc-community/plein/ent"
	"github.com/udc-community/plein/ent/replica"
	"github.com/udc-community/plein/internal/federation"
	"github.com/udc-community/plein/internal/fixture"
)

// Whoever decides whether withdrawals are right has to see of what.
func TestWithdrawalsThatWaitAreReadInPages(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		far := another(t, "Assen")
		for i := range 7 {
			far.shows(t, fmt.Sprintf("Weg %d", i), nil)
		}
		n.trusts(t, far)
		n.rows(t, func(tx *ent.Client) error {
			if _, err := tx.Replica.Update().Where(replica.VersionGT(0)).SetWithdrawalWaits(true).Save(t.Context()); err != nil {
				return err
			}
			return tx.Publisher.Update().SetProblem(federation.TooManyDeletes).SetDeletesWaiting(7).Exec(t.Context())
		})
		c := people(t, n)
		publisher := federation.PublisherID(far.Base() + "/id/" + far.org.ID)
		const what = `query($id: ID!, $a: Cursor) { node(id: $id) { ... on FederatedPublisher { waitingDeletes waitingWithdrawals(first: 5, after: $a) { totalCount nodes { uri record { title slug publisher { name } } } edges { cursor } pageInfo { hasNextPage endCursor } } } } }`
		titles, after := map[string]bool{}, any(nil)
		for range 2 {
			got, sent := n.counted(t, c.as["nodeAdmin"], what, map[string]any{"id": publisher, "a": after})
			if len(sent) > 2 || fixture.At(t, got, "node.waitingWithdrawals.totalCount") != 7.0 || fixture.At(t, got, "node.waitingDeletes") != 7.0 {
				t.Fatal(sent, got)
			}
			for _, x := range fixture.At(t, got, "node.waitingWithdrawals.nodes").([]any) {
				titles[fixture.At(t, x, "record.title").(string)] = true
			}
			after = fixture.At(t, got, "node.waitingWithdrawals.pageInfo.endCursor")
		}
		if len(titles) != 7 || !titles["Weg 3"] {
			t.Error(titles)
		}
		for _, who := range []string{"stranger", "administrator"} {
			if got := n.must(t, c.as[who], what, map[string]any{"id": publisher}); fixture.At(t, got, "node.waitingWithdrawals") != nil || fixture.At(t, got, "node.waitingDeletes") != nil {
				t.Error(who, got)
			}
		}
		// In a list of publishers the addresses are told from memory, and the records are not read for each of them.
		const all = `{ federation { peers { nodes { publishers { waitingWithdrawals(first: 2) { totalCount nodes { uri %s } } } } } } }`
		if got := n.must(t, c.as["nodeAdmin"], fmt.Sprintf(all, ""), nil); len(fixture.At(t, got, "federation.peers.nodes.0.publishers.0.waitingWithdrawals.nodes").([]any)) != 2 {
			t.Error(got)
		}
		if _, sent := n.counted(t, c.as["nodeAdmin"], fmt.Sprintf(all, ""), nil); len(sent) > 1 {
			t.Error(sent)
		}
		// Let through, nothing waits any more.
		n.must(t, c.as["nodeAdmin"], `mutation($id: ID!) { publisherAllowDeletes(id: $id) { userErrors { code } } }`, map[string]any{"id": publisher})
		if got := n.must(t, c.as["nodeAdmin"], what, map[string]any{"id": publisher}); fixture.At(t, got, "node.waitingWithdrawals.totalCount") != 0.0 {
			t.Error(got)
		}
	})
}
