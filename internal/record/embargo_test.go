package record

import (
	"testing"
	"time"
)

func TestUnderEmbargoGivesTheWidestScopeAndTheFirstEnd(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	lifted := &Embargo{Scope: WholeRecord, Until: at(9), LiftedAt: at(-1)}
	for _, c := range []struct {
		name      string
		embargoes []*Embargo
		scope     Scope
		next      time.Time
	}{
		{"none", nil, "", time.Time{}},
		{"one", []*Embargo{{Scope: OutputsScope, Until: at(1)}}, OutputsScope, at(1)},
		{"ended at this very moment", []*Embargo{{Scope: ResultsScope, Until: at(0)}}, "", time.Time{}},
		{"a millisecond to go", []*Embargo{{Scope: ResultsScope, Until: now.Add(time.Millisecond)}}, ResultsScope, now.Add(time.Millisecond)},
		{"lifted", []*Embargo{lifted}, "", time.Time{}},
		{"without an end", []*Embargo{{Scope: ResultsScope}}, "", time.Time{}},
		{"wide and short, narrow and long", []*Embargo{{Scope: WholeRecord, Until: at(1)}, {Scope: OutputsScope, Until: at(5)}}, WholeRecord, at(1)},
		{"wide and long, narrow and short", []*Embargo{{Scope: ResultsScope, Until: at(5)}, {Scope: OutputsScope, Until: at(1)}}, ResultsScope, at(1)},
		{"ended, lifted and active", []*Embargo{{Scope: WholeRecord, Until: at(-2)}, lifted, {Scope: OutputsScope, Until: at(3)}}, OutputsScope, at(3)},
	} {
		scope, next := UnderEmbargo(&Project{Embargoes: c.embargoes}, now)
		if scope != c.scope || !next.Equal(c.next) {
			t.Errorf("%s: got %q until %v", c.name, scope, next)
		}
	}
	if scope, next := UnderEmbargo(&Lesson{}, now); scope != "" || !next.IsZero() {
		t.Error("a kind without embargoes is under one")
	}
}

func TestResultsAreUnderEmbargoUntilTheLastEnd(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(h int) time.Time { return now.Add(time.Duration(h) * time.Hour) }
	for _, c := range []struct {
		embargoes []*Embargo
		want      time.Time
	}{
		{nil, time.Time{}},
		{[]*Embargo{{Scope: OutputsScope, Until: at(9)}}, time.Time{}},
		{[]*Embargo{{Scope: ResultsScope, Until: at(0)}}, time.Time{}},
		{[]*Embargo{{Scope: ResultsScope, Until: at(5)}, {Scope: OutputsScope, Until: at(9)}, {Scope: WholeRecord, Until: at(2)}}, at(5)},
		{[]*Embargo{{Scope: ResultsScope, Until: at(1)}, {Scope: WholeRecord, Until: at(2)}, {Scope: WholeRecord, Until: at(8), LiftedAt: at(-1)}}, at(2)},
	} {
		if got := ResultsUntil(&Project{Embargoes: c.embargoes}, now); !got.Equal(c.want) {
			t.Errorf("%+v: %v", c.embargoes, got)
		}
	}
	if !ResultsUntil(&Lesson{}, now).IsZero() {
		t.Error("a kind without embargoes has results under one")
	}
}

func TestTheStateOfAnEmbargoFollowsTheClock(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := &Project{Embargoes: []*Embargo{{Until: now.Add(1500 * time.Microsecond)}, {Until: now}, {Until: now.Add(time.Hour), LiftedAt: now}}}
	p.Derive(vocabulary(), now)
	for i, want := range []EmbargoState{EmbargoActive, EmbargoExpired, EmbargoLifted} {
		if p.Embargoes[i].State != want {
			t.Errorf("embargo %d is %s", i, p.Embargoes[i].State)
		}
	}
	if got := p.Embargoes[0].Until; !got.Equal(now.Add(time.Millisecond)) {
		t.Errorf("an end is not in whole milliseconds: %v", got)
	}
}

func TestEmbargoesAreTakenAlone(t *testing.T) {
	working := &Project{Phase: Done, Embargoes: []*Embargo{{Key: "e1"}}}
	approved := &Project{Phase: Running}
	TakeEmbargoes(approved, working)
	if len(approved.Embargoes) != 1 || approved.Phase != Running {
		t.Errorf("got %+v", approved)
	}
	TakeEmbargoes(&Lesson{}, &Lesson{}) // a kind without them
}
