package catalog_test

import (
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

// waitFor looks again at each change that a replica notices, and at most for a while.
func waitFor(t *testing.T, w *fixture.World, what string, there func() bool) {
	t.Helper()
	end := time.After(10 * time.Second)
	for {
		wake := w.Log.Changed()
		if there() {
			return
		}
		select {
		case <-wake:
		case <-time.After(50 * time.Millisecond): // the log is noticed first, what follows it a moment later
		case <-end:
			t.Fatalf("%s: not noticed", what)
		}
	}
}

func TestReplicasSeeEachOthersWrites(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		r := w.Replica(t)
		id := w.Publish(t, w.Project("Hier geschreven")).Base().ID
		if see(t, r, id) == nil {
			t.Error("what was acknowledged here is not there")
		}
		waitFor(t, r, "the log", func() bool { return r.Log.Seen() == w.Log.Seen() })

		ctx := fixture.System(t)
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			return tx.CreateOrganizations(ctx, []*record.Organization{{Slug: "udc-zwolle", Name: "UDC Zwolle", Kind: record.MunicipalUDC, Custody: record.CustodyOwn}})
		})
		if err != nil {
			t.Fatal(err)
		}
		if w.Reference().OrganizationBySlug("udc-zwolle") == nil {
			t.Error("its own write is not there at once")
		}
		waitFor(t, r, "an organisation", func() bool { return r.Reference().OrganizationBySlug("udc-zwolle") != nil })

		p := r.Project("Daar geschreven")
		p.PublisherID = r.Reference().OrganizationBySlug("udc-zwolle").ID
		p.Answer = record.NL("Uitkomst.")
		p.Embargoes = []*record.Embargo{r.Embargo(record.ResultsScope, time.Hour)}
		other := r.Publish(t, p).Base().ID
		if see(t, w, other) == nil {
			t.Error("what was acknowledged there is not here")
		}
		w.Clock.Move(time.Hour)
		waitFor(t, w, "a release", func() bool { return see(t, w, other).(*record.Project).Answer != nil })
	})
}
