package graph_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

var bekendmaking = record.ConceptID(record.EmbargoGround, "bekendmaking")

const because = "Wacht op de bekendmaking door het ministerie."

// embargoed is what there is to know about a project's embargo.
const embargoed = `{ embargo { scope state until ground { notation } waitsFor placedBy { name } extensions reason history { kind at until reason } liftedAt } }`

func (n *node) ofProject(t testing.TB, ctx context.Context, id, selection string) any {
	t.Helper()
	if err := n.Due(ctx); err != nil {
		t.Fatal(err)
	}
	return n.must(t, ctx, `query($id: ID!) { node(id: $id) { ... on Project `+selection+` } }`, map[string]any{"id": id})["node"]
}

func TestAnEmbargoIsPlacedExtendedAndLiftedThroughTheContract(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		id := n.Publish(t, n.Project("Onderwijskansen")).Base().ID
		const fields = "embargo { id state extensions reason waitsFor(lang: EN) } project { revision }"
		placed := n.wrote(t, leiden, "embargoPlace", input{"project": id, "revision": 2, "scope": "RESULTS", "ground": bekendmaking, "reason": because,
			"until": "2026-04-02T09:00:00Z", "waitsFor": "The new distribution model.", "lang": "EN"}, fields)
		same(t, "placed", placed, map[string]any{"embargo": map[string]any{"id": id + ".e1", "state": "ACTIVE", "extensions": 0.0, "reason": because, "waitsFor": "The new distribution model."},
			"project": map[string]any{"revision": 3.0}, "userErrors": []any{}})
		n.Clock.Move(time.Hour)
		extended := n.wrote(t, leiden, "embargoExtend", input{"project": id, "revision": 3, "until": "2026-06-01T07:00:00Z", "reason": "Uitgesteld."}, fields)
		same(t, "extended", extended["embargo"], map[string]any{"id": id + ".e1", "state": "ACTIVE", "extensions": 1.0, "reason": because, "waitsFor": "The new distribution model."})

		open := map[string]any{"scope": "RESULTS", "state": "ACTIVE", "until": "2026-06-01T07:00:00.000Z", "ground": map[string]any{"notation": "bekendmaking"},
			"waitsFor": "The new distribution model.", "placedBy": map[string]any{"name": "UDC Leiden"}, "extensions": 1.0, "reason": nil, "history": nil, "liftedAt": nil}
		outsiders := map[string]context.Context{"a stranger": stranger(t), "another organisation": fixture.As(t, n.Delft)}
		for who, ctx := range outsiders {
			same(t, who, n.ofProject(t, ctx, id, embargoed), map[string]any{"embargo": open})
		}
		change := func(kind, at, until string, reason any) any {
			return map[string]any{"kind": kind, "at": at, "until": until, "reason": reason}
		}
		history := []any{change("PLACED", "2026-03-02T09:00:00.000Z", "2026-04-02T09:00:00.000Z", because),
			change("EXTENDED", "2026-03-02T10:00:00.000Z", "2026-06-01T07:00:00.000Z", "Uitgesteld.")}
		open["reason"], open["history"] = because, history
		same(t, "its organisation", n.ofProject(t, leiden, id, embargoed), map[string]any{"embargo": open})
		member := identity.With(t.Context(), identity.Viewer{UserID: "usr_m", OrganizationID: n.Leiden.ID, Memberships: []identity.Membership{{OrganizationID: n.Leiden.ID, Role: identity.Member}}})
		open["history"] = nil
		same(t, "a member", n.ofProject(t, member, id, embargoed), map[string]any{"embargo": open})

		n.wrote(t, leiden, "projectUpdate", input{"id": id, "revision": 4, "answer": "In deze wijken."}, "project { revision }")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 5}, "record { id }")
		same(t, "a stranger", n.ofProject(t, stranger(t), id, "{ answer }"), map[string]any{"answer": nil})
		n.wrote(t, leiden, "embargoLift", input{"project": id, "revision": 6, "reason": "Bekend."}, fields)
		same(t, "a stranger, after it was lifted", n.ofProject(t, stranger(t), id, "{ answer embargo { state liftedAt } }"),
			map[string]any{"answer": "In deze wijken.", "embargo": map[string]any{"state": "LIFTED", "liftedAt": "2026-03-02T10:00:00.000Z"}})
		same(t, "its history", n.ofProject(t, leiden, id, "{ embargo { history { kind reason } } }"), map[string]any{"embargo": map[string]any{"history": []any{
			map[string]any{"kind": "PLACED", "reason": because}, map[string]any{"kind": "EXTENDED", "reason": "Uitgesteld."}, map[string]any{"kind": "LIFTED", "reason": "Bekend."}}}})
	})
}

func TestWhatCannotBeUnderEmbargoIsRefusedInWords(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		leiden := fixture.As(t, n.Leiden)
		p := n.Project("Verkamering")
		p.Answer = record.NL("Hier.")
		id := n.Publish(t, p).Base().ID
		place := func(in input) input {
			for k, v := range map[string]any{"project": id, "revision": 2, "scope": "OUTPUTS", "ground": bekendmaking, "reason": because, "until": "2026-04-02T09:00:00Z"} {
				if _, given := in[k]; !given {
					in[k] = v
				}
			}
			return in
		}
		n.refused(t, leiden, "embargoPlace", place(input{"scope": "RESULTS"}), "ILLEGAL_TRANSITION scope")
		n.refused(t, leiden, "embargoPlace", place(input{"scope": "WHOLE_RECORD"}), "ILLEGAL_TRANSITION scope")
		n.refused(t, leiden, "embargoPlace", place(input{"reason": "Te kort."}), "REQUIRED reason")
		n.refused(t, leiden, "embargoPlace", place(input{"ground": wonen}), "UNKNOWN_CONCEPT ground")
		n.refused(t, leiden, "embargoPlace", place(input{"reason": "", "until": "2020-01-01T00:00:00Z"}), "REQUIRED reason", "INVALID until")
		n.refused(t, leiden, "embargoPlace", place(input{"until": "2027-03-02T09:00:01Z"}), "INVALID until")
		n.refused(t, leiden, "embargoPlace", place(input{"revision": 1}), "STALE_REVISION revision")
		n.refused(t, leiden, "embargoPlace", place(input{"revision": 0}), "INVALID revision")
		n.refused(t, leiden, "embargoPlace", place(input{"project": n.Publish(t, n.Lesson("Les")).Base().ID}), "NOT_FOUND id")
		n.refused(t, leiden, "embargoExtend", input{"project": id, "revision": 2, "until": "2026-05-01T00:00:00Z", "reason": "X"}, "ILLEGAL_TRANSITION")
		n.refused(t, leiden, "embargoLift", input{"project": id, "revision": 2, "reason": "X"}, "ILLEGAL_TRANSITION")
		got := n.must(t, leiden, `mutation($i: EmbargoPlaceInput!) { embargoPlace(input: $i) { userErrors { nl: message(lang: NL) en: message(lang: EN) } } }`, input{"i": place(input{"scope": "RESULTS"})})
		if says := fmt.Sprint(fixture.At(t, got, "embargoPlace.userErrors.0")); !strings.Contains(says, "het antwoord") || !strings.Contains(says, "the answer") {
			t.Errorf("it does not name what is public: %s", says)
		}
		// Outputs are still to come.
		n.wrote(t, leiden, "embargoPlace", place(input{}), "embargo { state }")
		n.refused(t, leiden, "embargoPlace", place(input{"revision": 3}), "ILLEGAL_TRANSITION")
		n.refused(t, leiden, "embargoExtend", input{"project": id, "revision": 3, "until": "2026-10-02T09:00:01Z", "reason": "X"}, "INVALID until")
		n.refused(t, leiden, "embargoExtend", input{"project": id, "revision": 3, "until": "2026-03-20T00:00:00Z", "reason": ""}, "REQUIRED reason", "INVALID until")
		n.refused(t, leiden, "embargoLift", input{"project": id, "revision": 3, "reason": " "}, "REQUIRED reason")
	})
}

// Invariant 2: what is hidden changes no byte of any answer to a stranger.
func TestAnOutputUnderEmbargoMovesNoAnswer(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		names := public(t, n)
		leiden := fixture.As(t, n.Leiden)
		id := named(names, "P1")
		n.wrote(t, leiden, "embargoPlace", input{"project": id, "revision": 2, "scope": "OUTPUTS", "ground": bekendmaking, "reason": because, "until": "2026-04-02T09:00:00Z"}, "embargo { id }")
		n.catchUp(t)
		without := n.seen(t, stranger(t), unknown, names)
		n.wrote(t, leiden, "outputAdd", input{"project": id, "revision": 3, "kind": factsheet, "title": "Geheim bijzonder", "url": "https://example.nl/geheim", "producedBy": n.CBS.ID, "deliveredOn": "2026-01-05"}, "output { id }")
		n.wrote(t, leiden, "recordPublish", input{"id": id, "revision": 4}, "record { id }")
		n.Clock.Move(time.Hour)
		n.catchUp(t)
		if err := n.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		compare(t, "an output under embargo", n.seen(t, stranger(t), unknown, names), without)
		same(t, "its organisation", n.ofProject(t, leiden, id, "{ outputs { id } publicVersion }"), map[string]any{"outputs": []any{}, "publicVersion": 2.0})
		draft := n.must(t, leiden, `query($id: ID!) { draft(id: $id) { ... on Project { outputs { dutyState dueOn isOverdue } } } }`, map[string]any{"id": id})
		same(t, "the working copy", fixture.At(t, draft, "draft.outputs.0"), map[string]any{"dutyState": "UNDER_EMBARGO", "dueOn": "2026-04-13", "isOverdue": false})
	})
}

// Invariant 15.
func TestNoPublicViewNamesWhoWrote(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		u, err := n.Accounts.Create(fixture.System(t), identity.NewUser{Email: "wilhelmina.kwartel@example.nl", Name: "Wilhelmina Kwartel", Password: "een lang wachtwoord zonder zin"})
		if err != nil {
			t.Fatal(err)
		}
		ctx := identity.With(t.Context(), identity.Viewer{UserID: u.ID, OrganizationID: n.Leiden.ID, Memberships: []identity.Membership{{OrganizationID: n.Leiden.ID, Role: identity.Coordinator}}})
		p := n.Project("Onderwijskansen")
		p.Team = []*record.TeamMember{{RoleIRI: record.ConceptIRI(record.TeamRole, "beleidsonderzoeker"), Unit: "Onderzoek"}}
		var id string
		for _, do := range []func(*catalog.Writer) (record.Record, error){
			func(w *catalog.Writer) (record.Record, error) { return w.Create(ctx, p, catalog.Origin{}) },
			func(w *catalog.Writer) (record.Record, error) { return w.Publish(ctx, id, 1) },
			func(w *catalog.Writer) (record.Record, error) {
				return w.PlaceEmbargo(ctx, id, 2, record.Embargo{Scope: record.ResultsScope, GroundIRI: record.ConceptIRI(record.EmbargoGround, "bekendmaking"), Reason: because, Until: n.Clock.Now().Add(time.Hour)},
					func(*record.Project) record.Text { return nil })
			},
			func(w *catalog.Writer) (record.Record, error) { return w.LiftEmbargo(ctx, id, 3, "Bekend.") },
		} {
			if err := n.Write(ctx, func(w *catalog.Writer) error {
				r, err := do(w)
				if err == nil {
					id = r.Base().ID
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		n.catchUp(t)
		everywhere := append(n.seen(t, stranger(t), id, nil), n.seen(t, fixture.As(t, n.Delft), id, nil)...)
		rows, err := n.Store.Client.Publication.Query().All(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			everywhere = append(everywhere, string(row.Body)+row.Words)
		}
		entries, err := n.Store.Client.FeedEntry.Query().All(t.Context())
		if err != nil || len(entries) != 3 {
			t.Fatal(len(entries), err)
		}
		for _, e := range entries {
			everywhere = append(everywhere, string(e.Payload)+e.Reason)
		}
		for _, x := range everywhere {
			for _, name := range []string{u.ID, "wilhelmina", "Wilhelmina", "Kwartel"} {
				if strings.Contains(x, name) {
					t.Errorf("%s is in %.400s", name, x)
				}
			}
		}
	})
}

// Invariant 16.
func TestTheCodeOfAMergedMunicipalityKeepsResolving(t *testing.T) {
	each(t, func(t *testing.T, n *node) {
		p := n.Project("Verkamering")
		p.MunicipalityCodes = []string{"GM0503"}
		id := n.Publish(t, p).Base().ID
		merged := *n.Reference().Municipality("GM0503")
		merged.Successor = "GM0546"
		if err := n.Write(fixture.System(t), func(w *catalog.Writer) error {
			return w.SetMunicipalities(fixture.System(t), []*record.Municipality{&merged})
		}); err != nil {
			t.Fatal(err)
		}
		n.catchUp(t)
		got := n.must(t, stranger(t), `query($id: ID!) { municipality(code: "GM0503") { code name } node(id: $id) { ... on Project { municipalities { code name } } }
			projects(filter: {municipalities: ["GM0503"]}) { totalCount } search(filter: {municipalities: ["GM0503"]}) { totalCount } }`, map[string]any{"id": id})
		delft := map[string]any{"code": "GM0503", "name": "Delft"}
		same(t, "an old code", got, map[string]any{"municipality": delft, "node": map[string]any{"municipalities": []any{delft}},
			"projects": map[string]any{"totalCount": 1.0}, "search": map[string]any{"totalCount": 1.0}})
		n.wrote(t, fixture.As(t, n.Leiden), "projectUpdate", input{"id": id, "revision": 2, "municipalities": []string{"GM0503", "GM0546"}}, "project { id }")
	})
}
