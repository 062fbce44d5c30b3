package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/record"
)

func TestWhatOnlyANewerPleinKnowsIsOnEverySurface(t *testing.T) {
	w := openWorld(t, t.TempDir(), "")
	w.Seed(t)
	const home, uri = "https://nieuwer.test", "https://nieuwer.test/id/qst_1"
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		publisher, err := tx.AdmitPublisher(ctx, catalog.PublisherCard{IRI: home + "/id/org_1", Name: "UDC Nieuwer", Kind: record.MunicipalUDC, Home: home})
		if err != nil {
			return err
		}
		graph := fmt.Appendf(nil, `{"type":"QUESTION","schema":2,"id":%q,"publisher":%q,"audience":"PUBLIC","contentLanguage":"nl","title":{"nl":"Wie meet de <b>hitte</b>?"},"summary":{"nl":"Wie weet dit?"},"license":%q,"answers":[1]}`,
			uri, home+"/id/org_1", record.CCBY)
		return tx.Accept(ctx, catalog.Incoming{PublisherID: publisher, Home: home, Type: changelog.Create, Object: uri, Version: 1, At: w.now(), Graph: graph})
	})
	w.catchUp(t)
	rs, err := w.ByURI(t.Context(), uri)
	if err != nil || rs[0] == nil {
		t.Fatal("it is not here", err)
	}
	id, page := rs[0].Base().ID, record.PagePath(rs[0])
	asked := 0
	get := func(target, accept string) answer {
		asked++
		return w.ask(caller{}, asked, request{method: http.MethodGet, target: target, header: map[string]string{"Accept": accept}})
	}
	for target, want := range map[string][]string{
		page:                            {"Wie meet de &lt;b>hitte&lt;/b>?", "Bij nieuwer.test heet die soort “QUESTION”", "Wie weet dit?", `href="` + uri + `"`},
		"/en" + page:                    {"nieuwer.test calls it “QUESTION”"},
		"/zoeken?q=hitte":               {"Andere bijdrage · UDC Nieuwer", `href="` + page + `"`},
		"/zoeken.atom?soort=OTHER":      {"Wie meet de", `term="OTHER"`, uri},
		"/zoeken.csv?soort=OTHER":       {"Andere bijdrage;Wie meet de"},
		"/zoeken.ndjson?soort=OTHER":    {`"typeName":"QUESTION"`, uri},
		"/id/" + id + ".bib":            {"Wie meet de", uri},
		"/udc/udc-nieuwer":              {"UDC Nieuwer"},
		"/overig/udc-nieuwer/iets-niet": nil,
	} {
		got := get(target, "text/html")
		if status := map[bool]int{true: http.StatusNotFound, false: http.StatusOK}[want == nil]; got.status != status {
			t.Errorf("%s is %d: %.300s", target, got.status, got.body)
		}
		for _, text := range want {
			if !strings.Contains(got.body, text) {
				t.Errorf("%s has no %q: %.2000s", target, text, got.body)
			}
		}
	}
	if got := get("/id/"+id, "application/json"); !strings.Contains(got.body, `"typeName":"QUESTION"`) || strings.Contains(got.body, "answers") {
		t.Errorf("its document is %s", got.body)
	}
	if got := get("/id/"+id, "text/html"); got.status != http.StatusSeeOther || got.header.Get("Location") != page {
		t.Errorf("its address leads to %d %s", got.status, got.header.Get("Location"))
	}
	for _, target := range []string{"/sitemap/records.xml", "/catalog.ttl", "/ldes/dcat"} { // its pages are at home, and so is its data
		if got := get(target, "*/*"); strings.Contains(got.body, "hitte") || strings.Contains(got.body, page) || strings.Contains(got.body, uri) {
			t.Errorf("%s has it: %s", target, got.body)
		}
	}
}
