package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

func TestEveryFormatHasARecordOfAnUnknownKind(t *testing.T) {
	w := fixture.SQLite(t)
	o := &record.Other{Spine: unsaved(w, "Wie meet de hitte?").Spine, TypeName: "QUESTION"}
	o.ID, o.URI, o.Provenance = record.NewID("oth"), "https://nieuwer.test/id/qst_1", record.Peer
	record.NewGroup(w.Reference(), o)

	_, feed := atom(t, feedOf(record.Dutch), o)
	if e := feed.Entries[0]; e.ID != o.URI || e.Categories[0].Term != "OTHER" || e.Categories[0].Label != "Andere bijdrage" {
		t.Errorf("the feed says %+v", e)
	}
	var b bytes.Buffer
	if err := (exchange.Table{Language: record.English, Page: page}).Rows(&b, o); err != nil || !strings.HasPrefix(b.String(), "Other contribution;Wie meet de hitte?;") {
		t.Errorf("the row is %s, %v", b.String(), err)
	}
	doc, err := exchange.PublicDocument(o)
	if err != nil || doc["type"] != record.OtherType || doc["typeName"] != "QUESTION" || doc["uri"] != o.URI || doc["id"] != o.ID {
		t.Errorf("the document is %v, %v", doc, err)
	}
	for _, citation := range []string{exchange.BibTeX(o), exchange.RIS(o)} {
		if !strings.Contains(citation, "Wie meet de hitte?") || !strings.Contains(citation, o.URI) {
			t.Errorf("it is cited as\n%s", citation)
		}
	}
}
