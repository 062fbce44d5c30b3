package main

import (
	"context"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

// canary begins every word that only what is hidden has; the name of the state follows it.
const canary = "kwq"

// secret is something hidden in one state: samples of it by name.
type secret struct {
	state string
	// id is empty where the record itself is public.
	named map[string]string
}

// states are those in which something is hidden, in the order in which they are made.
var states = []string{"draft", "review", "requested", "discarded", "scheduled", "withdrawn", "results", "outputs", "lesson", "revised", "community"}

// secretProject is a project full of words that occur nowhere else, linked to what is public.
func (st *stage) secretProject(w *world, state string) *record.Project {
	word := canary + state
	p := w.Project("K" + word[1:] + " bijzonder onderzoek")
	p.PolicyDomainIRIs = []string{record.ConceptIRI(record.PolicyDomain, "inkomen")}
	p.Answer = record.NL("Antwoord " + word + " over overlast in woningen.")
	p.Phase, p.StartedOn, p.Aliases = record.Done, "2018-03", []string{"Bijnaam " + word}
	p.TemplateID, p.TemplateVersionID = st.named["template"], st.named["version"]
	p.Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport " + word), ProducedBy: w.Leiden.ID, DeliveredOn: "2026-01-05"}}
	p.PolicyUses = []*record.PolicyUse{{Key: "u1", KindIRI: record.ConceptIRI(record.PolicyUseKind, "beleidsstuk"), Title: record.NL("Nota " + word)}}
	p.SetReuses([]*record.Reuse{{SubjectID: st.changed, Kind: record.Repeated}})
	return p
}

// as is a context in which somebody of the stage acts.
func (st *stage) as(t testing.TB, w *world, name string) context.Context {
	t.Helper()
	v := identity.Viewer{UserID: st.users[name].ID, OrganizationID: w.Leiden.ID,
		Memberships: []identity.Membership{{OrganizationID: w.Leiden.ID, Role: map[string]identity.Role{"author": identity.Author, "reviewer": identity.Coordinator}[name]}}}
	return identity.With(t.Context(), v)
}

// namesakes is the title of two projects.
const namesakes = "Een gewone titel"

// community shows something to the members of this node alone.
func (st *stage) community(t testing.TB, w *world) *secret {
	p := st.secretProject(w, "community")
	p.Audience = record.Community
	id := w.show(t, p)
	x, l := w.Template("Kwqcommunity sjabloon", "1.0.0", "kwqcommunitystap"), w.Lesson("Kwqcommunity les", id)
	x.Audience, l.Audience = record.Community, record.Community
	namesake := w.Project(namesakes) // of what everybody will see afterwards
	namesake.Audience = record.Community
	w.show(t, namesake)
	s := &secret{"community", map[string]string{"id": id, "slug": p.Slug}}
	s.named["template"], s.named["lesson"] = w.show(t, x), w.show(t, l)
	return s
}

// hide puts something in a world in every other state.
func (st *stage) hide(t testing.TB, w *world) []*secret {
	var out []*secret
	keep := func(state, id, slug string) *secret {
		s := &secret{state, map[string]string{"id": id, "slug": slug}}
		out = append(out, s)
		return s
	}
	submit := func(id string) {
		w.writeAs(t, st.as(t, w, "author"), func(ctx context.Context, tx *catalog.Writer) error {
			_, err := tx.Submit(ctx, id, 1, "Kwq graag snel.")
			return err
		})
	}
	draft := func(state string) *secret {
		p := st.secretProject(w, state)
		return keep(state, w.create(t, p), p.Slug)
	}

	d := draft("draft")
	d.named["file"] = w.upload(t, d.named["id"], "bestand.csv", "kwqdraft,b\n1,2\n")
	w.edit(t, d.named["id"], func(r record.Record) { r.(*record.Project).Outputs[0].File = &record.File{ID: d.named["file"]} })
	d.named["template"] = w.create(t, w.Template("Kwqdraft sjabloon", "1.0.0", "kwqdraftstap"))
	d.named["lesson"] = w.create(t, w.Lesson("Kwqdraft les", d.named["id"]))
	d.named["share"], d.named["endedSecret"] = w.share(t, d.named["id"])
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error { return tx.EndShare(ctx, d.named["share"]) })
	d.named["share"], d.named["sharedSecret"] = w.share(t, d.named["id"])
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		im, err := tx.OpenImport(ctx, w.Leiden.ID, "kwqdraft.csv", 1, []byte("titel\nKwqdraft uit een blad\n"))
		if err == nil {
			d.named["import"] = im.ID
		}
		return err
	})

	submit(draft("review").named["id"])

	requested := draft("requested")
	submit(requested.named["id"])
	w.writeAs(t, st.as(t, w, "reviewer"), func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Review(ctx, requested.named["id"], 2, false, "Kwq maak het korter.")
		return err
	})

	p := st.secretProject(w, "discarded")
	p.Outputs = nil // what was delivered keeps it from being thrown away
	discarded := keep("discarded", w.create(t, p), p.Slug)
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Discard(ctx, discarded.named["id"], 1)
		return err
	})

	schedule := func(state string) *secret {
		p := st.secretProject(w, state)
		p.Outputs[0].ProducedBy = w.CBS.ID
		p.Embargoes = []*record.Embargo{w.embargo(record.WholeRecord)}
		return keep(state, w.show(t, p), p.Slug)
	}
	schedule("scheduled")
	withdrawn := schedule("withdrawn")
	w.write(t, func(ctx context.Context, tx *catalog.Writer) error {
		_, err := tx.Withdraw(ctx, withdrawn.named["id"], 0, "Kwqwithdrawn dubbel.")
		return err
	})

	full := st.secretProject(w, "results")
	w.edit(t, st.results, func(r record.Record) {
		openly(r)
		p := r.(*record.Project)
		p.Answer, p.Outputs, p.PolicyUses = full.Answer, full.Outputs, full.PolicyUses
		p.Outputs[0].ProducedBy = w.CBS.ID
	})
	w.publish(t, st.results)
	keep("results", st.results, "kansen-in-het-onderwijs")

	held := w.Lesson("Kwqlesson les", st.results)
	lesson := keep("lesson", w.show(t, held), held.Slug)
	lesson.named["lesson"] = lesson.named["id"]

	o := keep("outputs", st.outputs, "drukte-op-de-weg")
	o.named["file"] = w.upload(t, st.outputs, "bestand.csv", "kwqoutputs,b\n1,2\n")
	w.edit(t, st.outputs, func(r record.Record) {
		openly(r)
		r.(*record.Project).Outputs = []*record.Output{{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Rapport kwqoutputs"), ProducedBy: w.Leiden.ID,
			DeliveredOn: "2026-01-05", File: &record.File{ID: o.named["file"]}}}
	})
	w.publish(t, st.outputs)

	revised := st.secretProject(w, "revised")
	w.edit(t, st.revised, func(r record.Record) {
		p := r.(*record.Project)
		p.Title, p.Answer, p.Outputs, p.Aliases = revised.Title, revised.Answer, revised.Outputs, revised.Aliases
	})
	keep("revised", st.revised, "verkamering-in-de-stad")
	return out
}

// openly changes what everybody may see of a project under embargo.
func openly(r record.Record) { r.(*record.Project).Summary = record.NL("Er wordt aan gewerkt.") }

// instead does in a world without secrets what everybody may know was done: that a working copy was changed and approved,
// which members of the organisation read in the history of a public record.
func (st *stage) instead(t testing.TB, w *world) {
	for _, id := range []string{st.results, st.outputs} {
		w.edit(t, id, openly)
		w.publish(t, id)
	}
	w.edit(t, st.revised, func(r record.Record) { r.(*record.Project).EffortDays = new(float64) })
}

// afterwards happens in every world alike, after what was hidden: numbers that it would have taken show here.
func (st *stage) afterwards(t testing.TB, w *world) {
	w.offset.Store(time.Minute.Milliseconds())
	w.publish(t, st.twin)
	w.publish(t, st.namesake)
	w.edit(t, st.changed, func(r record.Record) { r.Base().Summary = record.NL("Anders, en voor iedereen.") })
	w.publish(t, st.changed)
	if err := w.house.accounts.Rename(identity.AsSystem(t.Context()), st.users["memberElsewhere"].ID, revisionOf(t, w, st.users["memberElsewhere"].ID), "Anders"); err != nil {
		t.Fatal(err)
	}
	w.catchUp(t)
}

func revisionOf(t testing.TB, w *world, userID string) int {
	t.Helper()
	u, err := w.house.accounts.ByID(identity.AsSystem(t.Context()), userID)
	if err != nil {
		t.Fatal(err)
	}
	return u.Revision
}

// worlds are the world with everything in it, and those to which it has to look equal: for whoever is of the community,
// and for everybody else.
type worlds struct {
	*stage
	with, community, without *world
	secrets                  []*secret
}

func newWorlds(t testing.TB, database string) *worlds {
	t.Helper()
	st := newStage(t, database)
	ws := &worlds{stage: st}
	ws.without = st.copy(t)
	middle := st.copy(t)
	shared := st.community(t, middle)
	middle.catchUp(t)
	middle.close(t)
	ws.with, ws.community = middle.copy(t), middle.copy(t)
	ws.secrets = append(st.hide(t, ws.with), shared)
	st.instead(t, ws.community)
	st.instead(t, ws.without)
	for _, w := range []*world{ws.with, ws.community, ws.without} {
		st.afterwards(t, w)
	}
	if len(ws.secrets) != len(states) {
		t.Fatalf("%d states were made, and there are %d", len(ws.secrets), len(states))
	}
	return ws
}

// like is the world that a caller should see.
func (ws *worlds) like(who caller) *world {
	if who.community {
		return ws.community
	}
	return ws.without
}
