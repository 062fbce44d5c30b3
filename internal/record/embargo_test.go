package record

import (
	"reflect"
	"slices"
	"strings"
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

// because explains an embargo well enough.
const because = "Wacht op de bekendmaking door het ministerie."

func TestAnEmbargoIsPlacedExtendedAndLiftedWithinLimits(t *testing.T) {
	ref, now := vocabulary(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	in := func(months, days int) time.Time { return now.AddDate(0, months, days) }
	place := func(p *Project, until time.Time, reason string) Problems {
		e := &Embargo{Scope: ResultsScope, GroundIRI: ConceptIRI(EmbargoGround, "besluit"), Reason: reason, Until: until}
		return p.PlaceEmbargo(ref, e, now, PublicationDays)
	}
	extend := func(p *Project, until time.Time, reason string) Problems { return p.ExtendEmbargo(until, reason, now) }
	lift := func(p *Project, _ time.Time, reason string) Problems { return p.LiftEmbargo(reason, now) }
	until := func(end time.Time) func(*Project) {
		return func(p *Project) {
			p.Embargoes = []*Embargo{{Key: "e1", Scope: ResultsScope, Until: end, PlacedAt: in(0, -1)}}
		}
	}
	overdue := func(p *Project) { p.Outputs = delivered("2026-01-01").Outputs }
	for _, c := range []struct {
		name   string
		before func(*Project)
		do     func(*Project, time.Time, string) Problems
		until  time.Time
		reason string
		want   Code
		field  string
	}{
		{"placed", nil, place, in(1, 0), because, "", ""},
		{"placed for a year", nil, place, in(12, 0), because, "", ""},
		{"placed for longer", nil, place, in(12, 0).Add(time.Millisecond), because, Invalid, "until"},
		{"placed until now", nil, place, now, because, Invalid, "until"},
		{"placed in few words", nil, place, in(1, 0), strings.Repeat("é", 19) + "  ", Required, "reason"},
		{"placed in as many as it takes", nil, place, in(1, 0), strings.Repeat("é", 20), "", ""},
		{"placed on one that holds", until(in(1, 0)), place, in(2, 0), because, IllegalTransition, ""},
		{"placed after one that ended", until(in(0, -1)), place, in(2, 0), because, "", ""},
		{"placed on what is overdue", overdue, place, in(1, 0), because, IllegalTransition, "scope"},
		{"placed after another that kept it back", func(p *Project) {
			p.Outputs = delivered("2026-02-01").Outputs
			p.Embargoes = []*Embargo{{Key: "e1", Scope: ResultsScope, PlacedAt: in(-3, 0), Until: in(0, -1)}}
		}, place, in(9, 1), because, Invalid, "until"},
		{"placed after another, within the year", func(p *Project) {
			p.Outputs = delivered("2026-02-01").Outputs
			p.Embargoes = []*Embargo{{Key: "e1", Scope: ResultsScope, PlacedAt: in(-3, 0), Until: in(0, -1)}}
		}, place, in(9, 0), because, "", ""},
		{"placed after one that had ended before it was delivered", func(p *Project) {
			p.Outputs = delivered("2026-02-01").Outputs
			p.Embargoes = []*Embargo{{Key: "e1", Scope: ResultsScope, PlacedAt: in(-30, 0), Until: in(-20, 0)}}
		}, place, in(12, 0), because, "", ""},
		{"extended", until(in(1, 0)), extend, in(2, 0), "Later.", "", ""},
		{"extended by six months", until(in(1, 0)), extend, in(7, 0), "Later.", "", ""},
		{"extended by more", until(in(1, 0)), extend, in(7, 0).Add(time.Millisecond), "Later.", Invalid, "until"},
		{"extended beyond a year", until(in(11, 0)), extend, in(12, 0), "Later.", Invalid, "until"},
		{"shortened", until(in(1, 0)), extend, in(0, 1), "Eerder.", Invalid, "until"},
		{"extended without a reason", until(in(1, 0)), extend, in(2, 0), " ", Required, "reason"},
		{"extended after its end", until(now), extend, in(2, 0), "Later.", IllegalTransition, ""},
		{"extended where there is none", nil, extend, in(2, 0), "Later.", IllegalTransition, ""},
		{"lifted", until(in(1, 0)), lift, now, "Bekend.", "", ""},
		{"lifted without a reason", until(in(1, 0)), lift, now, "", Required, "reason"},
		{"lifted after its end", until(now), lift, now, "Bekend.", IllegalTransition, ""},
	} {
		p := project()
		p.Revision = 1
		if c.before != nil {
			c.before(p)
		}
		ps := c.do(p, c.until, c.reason)
		if c.want == "" && len(ps) > 0 || c.want != "" && (len(ps) != 1 || ps[0].Code != c.want || strings.Join(ps[0].Field, ".") != c.field) {
			t.Errorf("%s: %v", c.name, ps)
		}
	}
}

func TestWhatHappenedToAnEmbargoIsKept(t *testing.T) {
	ref, now := vocabulary(), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	p := project()
	steps := []Problems{
		p.PlaceEmbargo(ref, &Embargo{Scope: ResultsScope, GroundIRI: ConceptIRI(EmbargoGround, "besluit"), Reason: because, Until: now.AddDate(0, 1, 0)}, now, 30),
		p.ExtendEmbargo(now.AddDate(0, 2, 0), "Uitgesteld.", now.Add(time.Hour)),
	}
	for _, ps := range steps {
		if len(ps) > 0 {
			t.Fatal(ps)
		}
	}
	p.Derive(ref, now.AddDate(0, 2, 0))
	var got []string
	for _, x := range p.Embargo().History() {
		got = append(got, string(x.Kind)+" "+x.At.Format("01-02 15")+" "+x.Until.Format("01-02")+" "+x.Reason)
	}
	want := "PLACED 03-02 09 04-02 " + because + "; EXTENDED 03-02 10 05-02 Uitgesteld.; EXPIRED 05-02 09 05-02 "
	if strings.Join(got, "; ") != want || p.Embargo().Extensions != 1 {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
	for name, forget := range map[string]func(*Project){
		"an embargo":        func(p *Project) { p.Embargoes = nil },
		"its key":           func(p *Project) { p.Embargoes[0].Key = "e2" },
		"what was decided":  func(p *Project) { p.Embargoes[0].Log = nil },
		"one decision":      func(p *Project) { p.Embargoes[0].Log = p.Embargoes[0].Log[:1] },
		"the words of one":  func(p *Project) { p.Embargoes[0].Log[1].Reason = "Anders." },
		"the moment of one": func(p *Project) { p.Embargoes[0].Log[0].At = now.Add(1) },
	} {
		after, err := Clone(p)
		if err != nil {
			t.Fatal(err)
		}
		if ps := after.(*Project).Keep(p, now); len(ps) > 0 {
			t.Fatalf("an edit that leaves it alone is refused: %v", ps)
		}
		if forget(after.(*Project)); len(after.(*Project).Keep(p, now)) == 0 {
			t.Errorf("%s can be forgotten", name)
		}
	}
	shown, err := Visible(p, "")
	if err != nil {
		t.Fatal(err)
	}
	if e := shown.(*Project).Embargo(); e.Log != nil || e.Reason != "" || e.Extensions != 1 || e.Until.IsZero() {
		t.Errorf("a reader gets %+v", e)
	}
}

func TestEveryFieldThatAnEmbargoHidesHasAName(t *testing.T) {
	p := project()
	p.Answer, p.Outputs, p.PolicyUses = NL("x"), []*Output{{}}, []*PolicyUse{{}}
	got := covered(p, ResultsScope)
	var all []string
	for _, k := range Kinds() {
		v := reflect.TypeOf(k.New()).Elem()
		for i := range v.NumField() {
			if strings.Contains(v.Field(i).Tag.Get("plein"), "hide=") {
				all = append(all, v.Field(i).Name)
			}
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("it covers %v, the tags say %v", got, all)
	}
	for _, f := range all {
		if coveredLabels[f][Dutch] == "" || coveredLabels[f][English] == "" {
			t.Errorf("%s has no name", f)
		}
	}
	if got := covered(p, OutputsScope); !slices.Equal(got, []string{"Outputs"}) {
		t.Errorf("an embargo on outputs covers %v", got)
	}
	if ps := PublicAlready(&Project{}, ResultsScope); len(ps) > 0 {
		t.Error(ps)
	}
}
