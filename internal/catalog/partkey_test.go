package catalog_test

import (
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// Others may have noted the id of an output: it is never that of another one. What is remembered for it stays with the organisation.
func TestTheIdOfAnOutputIsNeverThatOfAnotherOne(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Verkamering")
		p.Outputs = []*record.Output{factsheet(w, "o1", "")}
		ctx := fixture.As(t, w.Leiden)
		now := w.Publish(t, p)
		edit := func(do func(p *record.Project)) *record.Project {
			t.Helper()
			err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
				now, err = tx.Edit(ctx, now.Base().ID, now.Base().Revision, func(r record.Record) error { do(r.(*record.Project)); return nil })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return now.(*record.Project)
		}
		publish := func() {
			t.Helper()
			err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
				now, err = tx.Publish(ctx, now.Base().ID, now.Base().Revision)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		add := func(p *record.Project) { p.Outputs = append(p.Outputs, factsheet(w, p.NewPartKey("o"), "")) }
		removeLast := func(p *record.Project) { p.Outputs = p.Outputs[:len(p.Outputs)-1] }
		edit(add)
		if back := edit(removeLast); back.State != record.Published {
			t.Errorf("a working copy that differs in nothing is %s", back.State)
		}
		if again := edit(add); again.Outputs[1].Key != "o3" {
			t.Errorf("the second is %s", again.Outputs[1].Key)
		}
		publish()
		edit(removeLast)
		publish()
		edit(add)
		publish()
		public := read(t, w, now.Base().ID).(*record.Project)
		if public.Outputs[1].Key != "o4" || public.SpentKeys != nil {
			t.Errorf("readers see %s, and %v", public.Outputs[1].Key, public.SpentKeys)
		}
		if in := entry(t, w, public.ID, w.Leiden.ID); strings.Contains(string(in.Graph), "spent") || strings.Contains(string(in.Graph), "o3") {
			t.Errorf("other nodes are told %s", in.Graph)
		}
	})
}
