package federation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// longText is as long as a text can be, and other than the one before it.
func longText(seed int) record.Text {
	var b strings.Builder
	for i := 0; b.Len() < 63_000; i++ {
		fmt.Fprintf(&b, "%x ", (i+seed)*2654435761)
	}
	return record.NL(b.String()).With(record.English, b.String())
}

func TestAPageWithLongDocumentsIsReadInPieces(t *testing.T) {
	a, b, c := NewNode(t, "Alkmaar"), NewNode(t, "Breda"), NewNode(t, "Coevorden")
	p := a.Show(t, "Verkamering")
	ctx := fixture.As(t, a.Org)
	const versions = 40
	for v := range versions {
		err := a.Write(ctx, func(tx *catalog.Writer) error {
			r, err := tx.Edit(ctx, p.ID, a.revision(t, p.ID), func(r record.Record) error {
				r.(*record.Project).Occasion = longText(v)
				return nil
			})
			if err != nil {
				return err
			}
			_, err = tx.Publish(ctx, p.ID, r.Base().Revision)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	a.Sign(t)
	id := b.Trust(t, a)
	if got := b.Take(t, id); got.Members != versions+1 || got.Refused != 0 {
		t.Fatalf("%+v", got)
	}
	// The place in the log is in the middle of a page, behind what its first piece holds.
	a.Revise(t, p.ID, "Verkamering in kaart")
	if got := b.Take(t, id); got.Members != 1 {
		t.Fatalf("afterwards: %+v", got)
	}
	if row := b.About(t, a); row.Seq != versions+2 || row.Problem != "" {
		t.Errorf("%+v", row)
	}
	// What is passed on is as long.
	hub, err := c.Propose(t.Context(), b.Base(), []string{a.Fingerprint(t)})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Take(t, hub); got.Members != versions+2 {
		t.Fatalf("through a hub: %+v", got)
	}
	a.Revise(t, p.ID, "Verkamering op de kaart")
	b.Take(t, id)
	if got := c.Take(t, hub); got.Members != 1 {
		t.Fatalf("through a hub, afterwards: %+v", got)
	}
	for _, n := range []*Node{b, c} {
		if got := n.Copies(t)[a.Base()+"/id/"+p.ID]; got != "Verkamering op de kaart" {
			t.Error(got)
		}
	}
}
