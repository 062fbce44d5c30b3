package catalog_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/policy"
	"github.com/udc-community/plein/internal/record"
)

// createConcept adds a term to the thesaurus.
func createConcept(t *testing.T, w *fixture.World, ctx context.Context, c record.Concept) *record.Concept {
	t.Helper()
	var out *record.Concept
	err := w.Write(ctx, func(tx *catalog.Writer) (err error) {
		out, err = tx.CreateConcept(ctx, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func editConcept(w *fixture.World, ctx context.Context, id string, revision int, do func(*record.Concept)) error {
	return w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.EditConcept(ctx, id, revision, func(c *record.Concept) error {
			do(c)
			return nil
		})
		return err
	})
}

// codes are the codes and fields of the problems in an error.
func codes(err error) string {
	var ps record.Problems
	if !errors.As(err, &ps) {
		return "" + errorText(err)
	}
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimSpace(string(p.Code)+" "+strings.Join(p.Field, ".")))
	}
	return strings.Join(out, ", ")
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestAConceptKeepsEverythingThatIsSaidOfIt(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		wide := createConcept(t, w, ctx, record.Concept{Label: record.NL("Wonen in een kamer")})
		if wide.Notation != "wonen-in-een-kamer" || wide.ID != record.ConceptID(record.Thesaurus, wide.Notation) || wide.IRI != record.ConceptIRI(record.Thesaurus, wide.Notation) || wide.Scheme != record.Thesaurus {
			t.Errorf("%+v", wide)
		}
		made := createConcept(t, w, ctx, record.Concept{Notation: "kamers", Label: record.Text{"nl": "kamers", "en": "rooms"}, Definition: record.NL("Delen van een huis."),
			Alternatives: map[string][]string{"nl": {"kamerbewoning"}, "en": {"room letting", "rooms"}}, BroaderIRI: wide.IRI, RelatedIRIs: []string{record.ConceptIRI(record.PolicyDomain, "wonen")}})
		got := w.Reference().Concept(made.ID)
		if got.Label["en"] != "rooms" || got.Definition["nl"] != "Delen van een huis." || !slices.Equal(got.Alternatives["nl"], []string{"kamerbewoning"}) || !slices.Equal(got.Alternatives["en"], []string{"room letting"}) ||
			got.Broader().ID != wide.ID || len(got.Related()) != 1 || got.Revision != 2 || got.Broader().Narrower()[0] != got {
			t.Errorf("%+v", got)
		}
		if err := editConcept(w, ctx, made.ID, 2, func(c *record.Concept) { c.Label = record.Text{"nl": " kamers", "en": "rooms"} }); err != nil || w.Reference().Concept(made.ID).Revision != 2 {
			t.Errorf("a change that changes nothing: %v", err)
		}
		err := editConcept(w, ctx, made.ID, 2, func(c *record.Concept) {
			c.Label, c.Alternatives, c.Definition, c.BroaderIRI, c.RelatedIRIs, c.Deprecated = record.NL("kamer"), nil, nil, "", nil, true
		})
		got = w.Reference().Concept(made.ID)
		if err != nil || got.Label.In() != "kamer" || len(got.Label)+len(got.Alternatives)+len(got.Definition)+len(got.Related()) != 1 || got.Broader() != nil || !got.Deprecated || got.Revision != 3 || got.Notation != "kamers" {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestRelatedConceptsAreLetGoFromBothSides(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		a := createConcept(t, w, ctx, record.Concept{Label: record.NL("a")})
		b := createConcept(t, w, ctx, record.Concept{Label: record.NL("b"), RelatedIRIs: []string{a.IRI}})
		c := createConcept(t, w, ctx, record.Concept{Label: record.NL("c"), RelatedIRIs: []string{a.IRI}})
		// What others say of it stays when something else is changed.
		if err := editConcept(w, ctx, a.ID, 2, func(c *record.Concept) { c.Label = record.NL("aa") }); err != nil {
			t.Fatal(err)
		}
		ref := w.Reference()
		if len(ref.Concept(a.ID).Related()) != 2 || len(ref.Concept(a.ID).RelatedIRIs) != 0 {
			t.Errorf("%+v", ref.Concept(a.ID))
		}
		before, err := w.Log.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if err := editConcept(w, ctx, a.ID, 3, func(x *record.Concept) { x.RelatedIRIs = []string{c.IRI} }); err != nil {
			t.Fatal(err)
		}
		ref = w.Reference()
		if got := ref.Concept(a.ID).Related(); len(got) != 1 || got[0].ID != c.ID || len(ref.Concept(b.ID).Related()) != 0 {
			t.Errorf("related to a are %v, to b %v", got, ref.Concept(b.ID).Related())
		}
		after, err := w.Log.Head(ctx)
		if err != nil || after != before+2 || ref.Concept(b.ID).Revision != 3 || ref.Concept(c.ID).Revision != 2 {
			t.Errorf("%d changes, b at %d, c at %d, %v", after-before, ref.Concept(b.ID).Revision, ref.Concept(c.ID).Revision, err)
		}
	})
}

func TestAConceptThatIsWrongIsRefusedAndNothingIsWritten(t *testing.T) {
	fixture.Each(t, func(t *testing.T, w *fixture.World) {
		ctx := fixture.As(t, w.Leiden)
		a := createConcept(t, w, ctx, record.Concept{Label: record.NL("a")})
		b := createConcept(t, w, ctx, record.Concept{Label: record.NL("b"), BroaderIRI: a.IRI})
		wonen, method := record.ConceptID(record.PolicyDomain, "wonen"), record.ConceptID(record.Method, "datamatch")
		head, err := w.Log.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		create := func(c record.Concept) error {
			return w.Write(ctx, func(tx *catalog.Writer) error {
				_, err := tx.CreateConcept(ctx, c)
				return err
			})
		}
		for what, x := range map[string]struct {
			err  error
			want string
		}{
			"the same notation":             {create(record.Concept{Notation: "a", Label: record.NL("x")}), "DUPLICATE notation"},
			"a bad notation":                {create(record.Concept{Notation: "A b", Label: record.NL("x")}), "INVALID notation"},
			"nothing to make a notation of": {create(record.Concept{Label: record.NL("?!")}), "REQUIRED notation"},
			"no label":                      {create(record.Concept{Notation: "x"}), "REQUIRED label"},
			"unknown links":                 {create(record.Concept{Label: record.NL("x"), BroaderIRI: "urn:x", RelatedIRIs: []string{"urn:y"}}), "UNKNOWN_CONCEPT broader, UNKNOWN_CONCEPT related"},
			"an old revision":               {editConcept(w, ctx, a.ID, 1, func(c *record.Concept) { c.Deprecated = true }), "STALE_REVISION revision"},
			"an unknown id":                 {editConcept(w, ctx, "con_x", 1, func(*record.Concept) {}), "NOT_FOUND id"},
			"a circle":                      {editConcept(w, ctx, a.ID, 2, func(c *record.Concept) { c.BroaderIRI = b.IRI }), "INVALID broader"},
			"a theme's label":               {editConcept(w, ctx, wonen, 1, func(c *record.Concept) { c.Label = record.NL("x") }), "NOT_ALLOWED label"},
			"a method":                      {editConcept(w, ctx, method, 1, func(c *record.Concept) { c.Alternatives = map[string][]string{"nl": {"x"}} }), "NOT_ALLOWED id"},
		} {
			if got := codes(x.err); got != x.want {
				t.Errorf("%s: %q, want %q", what, got, x.want)
			}
		}
		if now, err := w.Log.Head(ctx); now != head || err != nil {
			t.Errorf("%d changes were written, %v", now-head, err)
		}
		if err := editConcept(w, ctx, wonen, 1, func(c *record.Concept) {
			c.Alternatives, c.RelatedIRIs = map[string][]string{"nl": {"huisvesting"}}, []string{a.IRI}
		}); err != nil {
			t.Errorf("other names of a theme: %v", err)
		}
		if c := w.Reference().Concept(a.ID); len(c.Related()) != 1 || c.Related()[0].ID != wonen {
			t.Errorf("%+v", c)
		}
	})
}

func TestTheThesaurusTakesAScopeOfItsOwn(t *testing.T) {
	w := fixture.SQLite(t)
	a := createConcept(t, w, fixture.As(t, w.Leiden), record.Concept{Label: record.NL("a")})
	for who, x := range map[string]struct {
		viewer identity.Viewer
		want   error
	}{
		"a stranger":                {identity.Viewer{}, policy.ErrUnauthenticated},
		"a token without the scope": {identity.Viewer{TokenID: "tok_x", OrganizationID: w.Leiden.ID, Scopes: []identity.Scope{identity.ReadOrganization, identity.WriteRecords}}, policy.ErrForbidden},
	} {
		ctx := identity.With(t.Context(), x.viewer)
		if err := editConcept(w, ctx, a.ID, 2, func(*record.Concept) {}); !errors.Is(err, x.want) {
			t.Errorf("%s edits: %v", who, err)
		}
		err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.CreateConcept(ctx, record.Concept{Label: record.NL("b")})
			return err
		})
		if !errors.Is(err, x.want) {
			t.Errorf("%s creates: %v", who, err)
		}
	}
	only := identity.With(t.Context(), identity.Viewer{TokenID: "tok_x", OrganizationID: w.Leiden.ID, Scopes: []identity.Scope{identity.WriteThesaurus}})
	createConcept(t, w, only, record.Concept{Label: record.NL("c")})
	if err := w.Write(only, func(tx *catalog.Writer) error {
		_, err := tx.Create(only, w.Project("Titel"), catalog.Origin{})
		return err
	}); !errors.Is(err, policy.ErrForbidden) {
		t.Errorf("a token for the thesaurus makes a record: %v", err)
	}
}

func TestConceptsStayWhenOtherReferenceDataChanges(t *testing.T) {
	w := fixture.SQLite(t)
	ctx := fixture.As(t, w.Leiden)
	createConcept(t, w, ctx, record.Concept{Label: record.NL("a")})
	before := w.Reference()
	if err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.SaveDataSource(ctx, w.Leiden.ID, record.DataSource{Name: "Register", Holder: "Gemeente"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if w.Reference() == before || w.Reference().Concept(record.ConceptID(record.Thesaurus, "a")) == nil {
		t.Error("the reference data is behind")
	}
}
