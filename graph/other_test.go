package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// other takes in a record of a kind that only a newer Plein has, and gives its id here and its address.
func (n *node) other(t testing.TB, title string) (id, uri string) {
	t.Helper()
	const home = "https://nieuwer.test"
	ctx := fixture.System(t)
	uri = home + "/id/qst_" + record.Slug(title)
	err := n.Write(ctx, func(w *catalog.Writer) error {
		publisher, err := w.AdmitPublisher(ctx, catalog.PublisherCard{IRI: home + "/id/org_1", Name: "UDC Nieuwer", Kind: record.MunicipalUDC, Home: home})
		if err != nil {
			return err
		}
		graph := fmt.Appendf(nil, `{"type":"QUESTION","schema":1,"id":%q,"publisher":%q,"audience":"PUBLIC","contentLanguage":"nl","title":{"nl":%q},"summary":{"nl":"Wie weet dit?"},"license":%q,"answers":[1]}`,
			uri, home+"/id/org_1", title, record.CCBY)
		return w.Accept(ctx, catalog.Incoming{PublisherID: publisher, Home: home, Type: changelog.Create, Object: uri, Version: 1, At: n.Clock.Now(), Graph: graph})
	})
	if err != nil {
		t.Fatal(err)
	}
	rs, err := n.ByURI(ctx, uri)
	if err != nil || rs[0] == nil {
		t.Fatal("it is not here", err)
	}
	return rs[0].Base().ID, uri
}

func TestWhatIsOfAnUnknownKindIsFoundAndReadLikeTheRest(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		n.published(t, n.Project("Hitte in de wijk"))
		if got := n.facetValues(t); len(got) != 1 {
			t.Errorf("before there is any, the kinds are %v", got)
		}
		id, uri := n.other(t, "Wie meet de hitte?")
		if got := n.facetValues(t); strings.Join(got, ", ") != "OTHER Andere bijdrage 1, PROJECT Project 1" {
			t.Errorf("the kinds are %v", got)
		}
		const all = `query($uri: URL!, $id: ID!) {
			record(uri: $uri) { __typename id state provenance audience license { notation } origin { isLocal url } viewerCan revision
				... on OtherRecord { typeName summary publisher { name } history(first: 5) { nodes { id } } } }
			node(id: $id) { ... on OtherRecord { title uri } }
			address(path: "/overig/udc-nieuwer/wie-meet-de-hitte") { record { id } }
			search(query: "hitte", filter: { types: [OTHER] }) { totalCount nodes { ... on OtherRecord { id typeName } } }
			changes(types: [OTHER]) { nodes { kind uri recordId recordType } } }`
		for _, ctx := range []struct {
			who string
			got map[string]any
		}{{"a stranger", n.must(t, stranger(t), all, map[string]any{"uri": uri, "id": id})}, {"Leiden", n.must(t, fixture.As(t, n.Leiden), all, map[string]any{"uri": uri, "id": id})}} {
			x := fixture.At(t, ctx.got, "record").(map[string]any)
			if x["__typename"] != "OtherRecord" || x["id"] != id || x["typeName"] != "QUESTION" || x["state"] != "PUBLISHED" || x["provenance"] != "PEER" || x["summary"] != "Wie weet dit?" ||
				fixture.At(t, x, "publisher.name") != "UDC Nieuwer" || fixture.At(t, x, "license.notation") != "cc-by-4.0" || fixture.At(t, x, "origin.isLocal") != false || fixture.At(t, x, "origin.url") != uri ||
				x["revision"] != nil || x["history"] != nil || len(x["viewerCan"].([]any)) != 0 {
				t.Errorf("%s reads %v", ctx.who, x)
			}
			if fixture.At(t, ctx.got, "node.uri") != uri || fixture.At(t, ctx.got, "address.record.id") != id || fixture.At(t, ctx.got, "search.totalCount") != 1.0 || fixture.At(t, ctx.got, "search.nodes.0.typeName") != "QUESTION" ||
				fixture.At(t, ctx.got, "changes.nodes.0.uri") != uri || fixture.At(t, ctx.got, "changes.nodes.0.recordType") != "OTHER" {
				t.Errorf("%s reads %v", ctx.who, ctx.got)
			}
		}
	})
}

// facetValues are the kinds among what is found about heat.
func (n *node) facetValues(t testing.TB) (out []string) {
	t.Helper()
	n.catchUp(t)
	got := n.must(t, stranger(t), `{ search(query: "hitte", facets: [TYPE]) { facets { buckets { value label count } } } }`, nil)
	for _, b := range fixture.At(t, got, "search.facets.0.buckets").([]any) {
		x := b.(map[string]any)
		out = append(out, fmt.Sprint(x["value"], " ", x["label"], " ", x["count"]))
	}
	return out
}
