package catalog_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
	"github.com/udc-community/plein/internal/store"
)

// TestTheFeedReplayedIsWhatAStrangerSees drives random sequences of writes, releases and restarts, and compares after
// each step what is in the tables with a small model of what should be.
func TestTheFeedReplayedIsWhatAStrangerSees(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		checkRandomly(t, 25, 40, func(in testing.TB) *fixture.World { return fixture.Open(in, store.Config{Dir: in.TempDir()}) })
	})
	t.Run("postgres", func(t *testing.T) {
		if os.Getenv("PLEIN_TEST_POSTGRES") == "" {
			t.Skip("left out: PLEIN_TEST_POSTGRES names no PostgreSQL server")
		}
		checkRandomly(t, 4, 25, func(in testing.TB) *fixture.World { return fixture.Postgres(in) })
	})
}

// checkRandomly runs so many sequences of about so many steps, unless -rapid.checks and -rapid.steps say otherwise.
func checkRandomly(t *testing.T, checks, steps int, open func(testing.TB) *fixture.World) {
	for name, n := range map[string]int{"rapid.checks": checks, "rapid.steps": steps} {
		f := flag.Lookup(name)
		if was := f.Value.String(); was == f.DefValue {
			if err := flag.Set(name, fmt.Sprint(n)); err != nil {
				t.Fatal(err)
			}
			defer flag.Set(name, was) //nolint:errcheck // it was valid before
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		in := &sequence{TB: t, dir: t.TempDir()}
		rt.Cleanup(in.end)
		m := &model{worlds: []*fixture.World{open(in)}, in: in, records: map[string]*known{}, seen: map[string]bool{}, visible: map[string]bool{}, given: map[string]string{}, view: map[string]string{}}
		m.changed = len(m.changes(rt))
		rt.Repeat(map[string]func(*rapid.T){
			"create a project":                          m.createProject,
			"create a lesson":                           m.createLesson,
			"publish what was learned under an embargo": m.publishLesson,
			"create a template":                         m.createTemplate,
			"edit content":                              m.editContent,
			"edit progress":                             m.editProgress,
			"publish":                                   m.publish,
			"publish again":                             m.publish, // twice as likely
			"change the audience":                       m.editAudience,
			"place an embargo":                          m.placeEmbargo,
			"move an embargo's end":                     m.moveEmbargo,
			"lift an embargo":                           m.liftEmbargo,
			"submit":                                    m.submit,
			"approve what was submitted":                m.approve,
			"ask for changes":                           m.askForChanges,
			"archive":                                   m.archive,
			"throw away":                                m.discard,
			"take back what was thrown away":            m.restore,
			"withdraw":                                  m.withdraw,
			"let time pass":                             m.passTime,
			"restart":                                   m.restart,
		})
	})
}

// sequence is a test's scope for one sequence: what it opens is closed with it.
type sequence struct {
	testing.TB
	dir  string
	ends []func()
}

func (s *sequence) Cleanup(f func()) { s.ends = append(s.ends, f) }
func (s *sequence) TempDir() string  { return s.dir }
func (s *sequence) end() {
	for _, f := range slices.Backward(s.ends) {
		f()
	}
}

func (m *model) createRecord(rt *rapid.T, r record.Record) {
	if len(m.records) > 12 {
		rt.Skip("enough records")
	}
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) { return w.Create(ctx, r, catalog.Origin{}) })
	if refused {
		rt.Fatal("a good record was refused")
	}
	m.records[made.Base().ID] = &known{working: made}
	m.settled(rt, made.Base().ID)
}

func (m *model) createProject(rt *rapid.T) {
	p := m.worlds[0].Project("x")
	p.Title, p.Summary, p.Question, p.Answer = m.mark(), m.mark(), m.mark(), m.mark()
	if rapid.Bool().Draw(rt, "unanswered") {
		p.Answer = nil
	}
	if rapid.Bool().Draw(rt, "embargo") {
		p.Embargoes = []*record.Embargo{m.embargo(rt, p)}
	}
	m.createRecord(rt, p)
}

func (m *model) createLesson(rt *rapid.T) {
	project := m.some(rt, isProject)
	l := m.worlds[0].Lesson("x", project)
	l.Title, l.Context, l.Recommendation = m.mark(), m.mark(), m.mark()
	m.createRecord(rt, l)
}

// publishLesson makes and publishes a lesson of a project of which the results are under embargo.
func (m *model) publishLesson(rt *rapid.T) {
	project := m.some(rt, func(k *known) bool {
		return isProject(k) && k.approved != nil && !record.ResultsUntil(k.shown, m.now()).IsZero()
	})
	l := m.worlds[0].Lesson("x", project)
	l.Title, l.Context, l.Recommendation = m.mark(), m.mark(), m.mark()
	m.createRecord(rt, l)
	m.publishRecord(rt, l.ID)
}

func (m *model) createTemplate(rt *rapid.T) {
	p := m.worlds[0].Template("x", "1.0.0", "a", "b")
	p.Title, p.Steps[0].Title, p.Steps[1].Purpose = m.mark(), m.mark(), m.mark()
	m.createRecord(rt, p)
}

// edit changes a working copy and follows in the model what should come of it.
func (m *model) edit(rt *rapid.T, id string, do func(record.Record)) {
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	k := m.records[id]
	before, err := record.Encode(k.working)
	if err != nil {
		rt.Fatal(err)
	}
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) {
		return w.Edit(ctx, id, k.working.Base().Revision, func(r record.Record) error {
			do(r)
			return nil
		})
	})
	want := m.copy(rt, k.working)
	do(want)
	want.Derive(m.worlds[0].Reference(), m.now())
	shown := m.next(rt, k, want)
	if refused {
		if k.approved == nil || !m.takesBack(rt, k, shown) {
			rt.Fatal("a good edit was refused")
		}
		return
	}
	if k.approved != nil && m.takesBack(rt, k, shown) {
		rt.Fatal("what was public was put under embargo")
	}
	if k.waiting == nil {
		if state := m.stateAfter(rt, k, want, shown); made.Base().State != state {
			rt.Fatalf("after an edit it is %s and should be %s", made.Base().State, state)
		}
	}
	k.working, k.shown = made, shown
	if after, _ := record.Encode(made); string(after) == string(before) {
		m.unchanged(rt)
		return
	}
	m.settled(rt, id)
}

func (m *model) editContent(rt *rapid.T) {
	id := m.some(rt, isAny)
	mark := m.mark()
	part := rapid.IntRange(0, 2).Draw(rt, "part")
	m.edit(rt, id, func(r record.Record) {
		switch r := r.(type) {
		case *record.Project:
			switch part {
			case 0:
				r.Title = mark
			case 1:
				r.Answer = mark
			default:
				r.Outputs = append(r.Outputs, &record.Output{Key: fmt.Sprintf("o%d", len(r.Outputs)+1), KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: mark, ProducedBy: m.worlds[0].CBS.ID})
			}
		case *record.Lesson:
			r.Consequence = mark
		case *record.ProcessTemplate:
			r.Steps[0].Title = mark
			if part > 0 {
				r.Number = fmt.Sprintf("1.%d.0", m.n)
			}
		}
	})
}

func (m *model) editProgress(rt *rapid.T) {
	id := m.some(rt, isProject)
	mark := m.mark().In()
	phase := rapid.SampledFrom([]record.Phase{record.Idea, record.Running, record.OnHold, record.Done}).Draw(rt, "phase")
	m.edit(rt, id, func(r record.Record) {
		p := r.(*record.Project)
		p.Phase = phase
		p.Team = []*record.TeamMember{{RoleIRI: record.ConceptIRI(record.TeamRole, "cbs"), Label: mark}}
	})
}

func (m *model) editAudience(rt *rapid.T) {
	m.edit(rt, m.some(rt, isAny), func(r record.Record) {
		if s := r.Base(); s.Audience == record.Public {
			s.Audience = record.Community
		} else {
			s.Audience = record.Public
		}
	})
}

func (m *model) embargo(rt *rapid.T, p *record.Project) *record.Embargo {
	e := m.worlds[0].Embargo(rapid.SampledFrom([]record.Scope{record.OutputsScope, record.ResultsScope, record.WholeRecord}).Draw(rt, "scope"),
		time.Duration(rapid.IntRange(1, 8).Draw(rt, "hours"))*time.Hour)
	e.Key, e.Reason = fmt.Sprintf("e%d", len(p.Embargoes)+1), secret
	return e
}

func (m *model) placeEmbargo(rt *rapid.T) {
	id := m.some(rt, isProject)
	e := m.embargo(rt, m.records[id].working.(*record.Project))
	m.edit(rt, id, func(r record.Record) {
		p, c := r.(*record.Project), *e
		p.Embargoes = append(p.Embargoes, &c)
	})
}

func isUnderEmbargo(k *known) bool {
	p, ok := k.working.(*record.Project)
	return ok && p.Embargo() != nil
}

// underEmbargo is a project with an embargo, one that a lesson waits for where there is any.
func (m *model) underEmbargo(rt *rapid.T) string {
	waitedFor := map[string]bool{}
	for _, k := range m.records {
		if l, ok := k.waiting.(*record.Lesson); ok {
			waitedFor[l.ProjectIDs[0]] = true
		}
	}
	return m.some(rt, func(k *known) bool {
		return isUnderEmbargo(k) && (len(waitedFor) == 0 || waitedFor[k.working.Base().ID])
	})
}

func (m *model) moveEmbargo(rt *rapid.T) {
	id := m.underEmbargo(rt)
	until := m.now().Add(time.Duration(rapid.IntRange(1, 8).Draw(rt, "hours")) * time.Hour)
	m.edit(rt, id, func(r record.Record) { r.(*record.Project).Embargo().Until = until })
}

func (m *model) liftEmbargo(rt *rapid.T) {
	id := m.underEmbargo(rt)
	at := m.now()
	m.edit(rt, id, func(r record.Record) { r.(*record.Project).Embargo().LiftedAt = at })
}

func (m *model) publish(rt *rapid.T) { m.publishRecord(rt, m.some(rt, isAny)) }

func (m *model) publishRecord(rt *rapid.T, id string) {
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) { return w.Publish(ctx, id, k.working.Base().Revision) })
	if refused {
		if k.approved == nil && m.publishable(k) {
			rt.Fatal("a good record was not published")
		}
		return
	}
	m.approved(rt, k, made, record.Published)
}

func (m *model) publishable(k *known) bool {
	return len(k.working.Complete()) == 0 && !m.pointsAtHidden(k.working)
}

// approved follows what comes of a document that was approved as it is.
func (m *model) approved(rt *rapid.T, k *known, made record.Record, want record.State) {
	if s := made.Base(); s.State != want || s.Shown() != want {
		rt.Fatalf("%s is %s and should be %s", s.ID, s.State, want)
	}
	k.working, k.approved = made, made
	if m.heldUntil(made).IsZero() {
		k.shown, k.waiting = made, nil
	} else {
		k.waiting = made
	}
	if t, ok := made.(*record.ProcessTemplate); ok {
		m.freeze(rt, t)
	}
	m.settled(rt, made.Base().ID)
}

func inState(states ...record.State) func(*known) bool {
	return func(k *known) bool { return slices.Contains(states, k.working.Base().State) }
}

// moved follows a step that readers do not notice.
func (m *model) moved(rt *rapid.T, k *known, made record.Record, want record.State) {
	if got := made.Base().State; got != want {
		rt.Fatalf("it is %s and should be %s", got, want)
	}
	k.working = made
	m.settled(rt, made.Base().ID)
}

func (m *model) submit(rt *rapid.T) {
	id := m.some(rt, isAny)
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	may := inState(record.Draft, record.ChangesRequested, record.Archived)(k)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) {
		return w.Submit(ctx, id, k.working.Base().Revision, "")
	})
	if refused {
		if k.approved == nil && may && m.publishable(k) {
			rt.Fatal("a good record was not submitted")
		}
		return
	}
	if !may {
		rt.Fatalf("a record was submitted that is %s", k.working.Base().State)
	}
	m.moved(rt, k, made, record.InReview)
}

func (m *model) review(rt *rapid.T, approve bool) (k *known, made record.Record, refused bool) {
	id := m.some(rt, inState(record.InReview))
	k, ctx := m.records[id], m.reviewer()
	made, refused = m.writeAs(rt, ctx, func(w *catalog.Writer) (record.Record, error) {
		return w.Review(ctx, id, k.working.Base().Revision, approve, "Noem de bron.")
	})
	return k, made, refused
}

func (m *model) approve(rt *rapid.T) {
	k, made, refused := m.review(rt, true)
	if refused {
		if k.approved == nil && m.publishable(k) {
			rt.Fatal("a good record was not approved")
		}
		return
	}
	m.approved(rt, k, made, record.Published)
}

func (m *model) askForChanges(rt *rapid.T) {
	k, made, refused := m.review(rt, false)
	if refused {
		rt.Fatal("a reviewer could not ask for changes")
	}
	m.moved(rt, k, made, record.ChangesRequested)
}

func (m *model) archive(rt *rapid.T) {
	id := m.some(rt, inState(record.Published))
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) {
		return w.Archive(ctx, id, k.working.Base().Revision, "")
	})
	if refused {
		rt.Fatal("a published record could not be archived")
	}
	m.approved(rt, k, made, record.Archived)
}

func (m *model) discard(rt *rapid.T) {
	id := m.some(rt, isAny)
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) { return w.Discard(ctx, id, k.working.Base().Revision) })
	if refused != (k.approved != nil) {
		rt.Fatalf("it was published: %v, it could not be thrown away: %v", k.approved != nil, refused)
	}
	if refused {
		return
	}
	k.discarded = true
	m.moved(rt, k, made, record.Draft)
}

func (m *model) restore(rt *rapid.T) {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(m.records)) {
		if m.records[id].discarded {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		rt.Skip("nothing was thrown away")
	}
	id := rapid.SampledFrom(ids).Draw(rt, "record")
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) { return w.Restore(ctx, id, k.working.Base().Revision) })
	if refused {
		rt.Fatal("what was thrown away could not be taken back")
	}
	k.discarded = false
	m.moved(rt, k, made, record.Draft)
}

// pointsAtHidden tells whether a record points at what strangers cannot see.
func (m *model) pointsAtHidden(r record.Record) bool {
	l, ok := r.(*record.Lesson)
	return ok && slices.ContainsFunc(l.ProjectIDs, func(id string) bool { return m.view[id] == "" })
}

func (m *model) withdraw(rt *rapid.T) {
	id := m.some(rt, func(k *known) bool {
		// What waits for a project goes on waiting; the model does not follow that.
		return k.approved != nil && !slices.ContainsFunc(slices.Collect(maps.Values(m.records)), func(x *known) bool {
			l, ok := x.working.(*record.Lesson)
			return ok && slices.Contains(l.ProjectIDs, k.working.Base().ID)
		})
	})
	k := m.records[id]
	ctx := fixture.As(m.in, m.worlds[0].Leiden)
	made, refused := m.write(rt, func(w *catalog.Writer) (record.Record, error) {
		return w.Withdraw(ctx, id, k.working.Base().Revision, "Reden.")
	})
	if refused {
		rt.Fatal("a published record could not be withdrawn")
	}
	k.shown, k.waiting, k.withdrawn = nil, nil, true
	if t, ok := made.(*record.ProcessTemplate); ok {
		for _, v := range t.Versions {
			m.records[v.ID].shown = nil
		}
	}
	m.settled(rt, id)
}

func (m *model) passTime(rt *rapid.T) {
	m.worlds[0].Clock.Move(time.Duration(rapid.IntRange(1, 5*3600_000).Draw(rt, "milliseconds")) * time.Millisecond)
	m.unchanged(rt) // nothing happens before somebody looks
	m.settled(rt)
}

func (m *model) restart(rt *rapid.T) {
	if len(m.worlds) > 3 {
		rt.Skip("enough replicas")
	}
	m.worlds = append(m.worlds, m.worlds[0].Replica(m.in))
	m.unchanged(rt)
}
