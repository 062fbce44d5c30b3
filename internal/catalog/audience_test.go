package catalog_test

import (
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func TestWhatIsForTheCommunityIsSeenByMembersOnly(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		p := w.Project("Onder ons")
		p.Audience = record.Community
		id := w.Publish(t, p).Base().ID
		member, stranger := fixture.As(t, w.Delft), identity.AsStranger(t.Context())
		writer := identity.With(t.Context(), identity.Viewer{TokenID: "tok_x", OrganizationID: w.Delft.ID, Scopes: []identity.Scope{identity.WriteRecords}})
		filter := catalog.Filter{Types: []record.Type{record.ProjectType}, All: []catalog.Match{{Field: record.FieldMunicipality, Values: []string{"GM0546"}}}}
		domain := record.ConceptIRI(record.PolicyDomain, "wonen")
		for _, c := range []struct {
			who  string
			ctx  func() (n int)
			want int
		}{
			{"a member by id", func() int { return count(seenBy(member, t, w, id)) }, 1},
			{"a stranger by id", func() int { return count(seenBy(stranger, t, w, id)) }, 0},
			{"a program that may only write, by id", func() int { return count(seenBy(writer, t, w, id)) }, 0},
			{"a member by address", func() int { rs, _ := w.ByURI(member, fixture.BaseURL+"/id/"+id); return count(rs[0]) }, 1},
			{"a stranger by address", func() int { rs, _ := w.ByURI(stranger, fixture.BaseURL+"/id/"+id); return count(rs[0]) }, 0},
			{"a member in a list", func() int { p, _ := w.Page(member, filter, catalog.Order{}, 10, ""); return len(p.Records) }, 1},
			{"a stranger in a list", func() int { p, _ := w.Page(stranger, filter, catalog.Order{}, 10, ""); return len(p.Records) }, 0},
			{"a stranger in a list by title", func() int {
				p, _ := w.Page(stranger, filter, catalog.Order{By: catalog.ByTitle}, 10, "")
				return len(p.Records)
			}, 0},
			{"a member's total", func() int { p, _ := w.Page(member, filter, catalog.Order{}, 10, ""); n, _ := p.Total(member); return n }, 1},
			{"a stranger's total", func() int {
				p, _ := w.Page(stranger, filter, catalog.Order{}, 10, "")
				n, _ := p.Total(stranger)
				return n
			}, 0},
			{"a member by relation", func() int {
				m, _ := w.Related(member, record.ProjectType, record.FieldPolicyDomain, []string{domain}, 3)
				return len(m)
			}, 1},
			{"a stranger by relation", func() int {
				m, _ := w.Related(stranger, record.ProjectType, record.FieldPolicyDomain, []string{domain}, 3)
				return len(m)
			}, 0},
			{"the index", func() int { d, _ := w.DocumentsAfter(member, "", 10); return len(d) }, 0},
			{"the index by id", func() int { d, _ := w.Documents(member, []string{id}); return len(d) }, 0},
			{"the fingerprint", func() int { n, _, _ := w.Fingerprint(member); return n }, 0},
			{"the feed", func() int { return len(feed(t, w)) }, 0},
		} {
			if got := c.ctx(); got != c.want {
				t.Errorf("%s: %d, want %d", c.who, got, c.want)
			}
		}
	})
}

func count(r record.Record) int {
	if r == nil {
		return 0
	}
	return 1
}

func TestTheFeedTellsOfAnAudienceThatChanges(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		id := w.Publish(t, w.Project("Open")).Base().ID
		to := func(a record.Audience) {
			t.Helper()
			edit(t, w, id, func(p *record.Project) { p.Audience = a })
			publish(t, w, id)
		}
		to(record.Community)
		if see(t, w, id) != nil || seenBy(fixture.As(t, w.Delft), t, w, id) == nil {
			t.Error("it did not go to the community")
		}
		for _, e := range feed(t, w) {
			if len(e.Payload) > 0 {
				t.Errorf("the feed still has %s", e.Payload)
			}
		}
		if got, err := w.Tombstone(t.Context(), id); got != nil || err != nil {
			t.Errorf("it left %+v, %v", got, err)
		}
		edit(t, w, id, func(p *record.Project) { p.Phase = record.OnHold })
		to(record.Public)
		if got := see(t, w, id); got == nil || got.Base().Version != 4 || !got.Base().PublishedAt.Equal(fixture.Start) {
			t.Errorf("a stranger sees %+v", got)
		}
		same(t, "the feed", history(t, w, id), []string{"CREATE 1", "DELETE 2", "CREATE 4"})
	})
}

func TestTheVersionsOfATemplateHaveItsAudience(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		tpl := w.Publish(t, w.Template("Zes stappen", "1.0.0", "vraag")).(*record.ProcessTemplate)
		version := tpl.Versions[0]
		hash := see(t, w, version.ID).(*record.TemplateVersion).ContentHash
		edit(t, w, tpl.ID, func(p *record.ProcessTemplate) { p.Audience = record.Community })
		made := since(t, w, func() { publish(t, w, tpl.ID) })
		same(t, "changes", made, []string{"PUBLISHED " + version.ID, "PUBLISHED " + tpl.ID})
		if see(t, w, tpl.ID) != nil || see(t, w, version.ID) != nil {
			t.Error("a stranger sees a template, or its version, that is for the community")
		}
		if got := seenBy(fixture.As(t, w.Delft), t, w, version.ID); got == nil || got.(*record.TemplateVersion).ContentHash != hash {
			t.Errorf("a member sees %+v", got)
		}
		edit(t, w, tpl.ID, func(p *record.ProcessTemplate) { p.Audience, p.Number = record.Public, "1.1.0" })
		publish(t, w, tpl.ID)
		got := see(t, w, tpl.ID).(*record.ProcessTemplate)
		for _, v := range got.Versions {
			if see(t, w, v.ID) == nil {
				t.Errorf("a stranger does not see version %s", v.Number)
			}
		}
		same(t, "the version's feed", history(t, w, version.ID), []string{"CREATE 1", "DELETE 2", "CREATE 3"})
	})
}
