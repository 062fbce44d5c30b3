package record

import (
	"strings"
	"testing"
	"time"
)

// noon is a day as a moment.
func noon(t *testing.T, s string) time.Time { return day(t, s).Add(11 * time.Hour) }

// delivered is a working copy with one output of the statistics office.
func delivered(on Date) *Project {
	p := project()
	p.Revision = 1
	p.Outputs = []*Output{{Key: "o1", Title: NL("Factsheet"), ProducedBy: "org_cbs", MustBecomePublic: true, DeliveredOn: on}}
	NewGroup(vocabulary(), p)
	return p
}

func TestTheDayThatAnOutputIsDueFollowsFromDeliveryAndEmbargoes(t *testing.T) {
	for _, c := range []struct {
		name      string
		output    Output
		embargoes []*Embargo
		days      int
		want      Date
	}{
		{"delivered", Output{DeliveredOn: "2026-03-02"}, nil, 30, "2026-04-01"},
		{"with another term", Output{DeliveredOn: "2026-03-02"}, nil, 10, "2026-03-12"},
		{"not delivered", Output{}, nil, 30, ""},
		{"in some month", Output{DeliveredOn: "2026-02"}, nil, 30, "2026-03-30"},
		{"in some year", Output{DeliveredOn: "2025"}, nil, 30, "2026-01-30"},
		{"in some year that is not over", Output{DeliveredOn: "2026", DeliveryNotedOn: "2026-03-02"}, nil, 30, "2026-04-01"},
		{"under a long embargo", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{Until: noon(t, "2026-05-01")}}, 30, "2026-05-11"},
		{"under a short one", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{Until: noon(t, "2026-03-10")}}, 30, "2026-04-01"},
		{"under a long one that was lifted", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{Until: noon(t, "2026-09-01"), LiftedAt: noon(t, "2026-04-10")}}, 30, "2026-04-17"},
		{"under one of which the end was never known", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{}}, 30, "2026-04-01"},
		{"under two", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{Until: noon(t, "2026-05-01")}, {Until: noon(t, "2026-04-20")}}, 30, "2026-05-11"},
		{"under one that ends in the Dutch night", Output{DeliveredOn: "2026-03-02"}, []*Embargo{{Until: day(t, "2026-05-01").Add(22 * time.Hour)}}, 30, "2026-05-11"},
	} {
		p := delivered("")
		c.output.Key, c.output.MustBecomePublic = "o1", true
		p.Outputs, p.Embargoes = []*Output{&c.output}, c.embargoes
		NewGroup(vocabulary(), p)
		if got := p.Outputs[0].DueOn(c.days); got != c.want {
			t.Errorf("%s: due on %s, want %s", c.name, got, c.want)
		}
		p.Outputs[0].MustBecomePublic = false
		if got := p.Outputs[0].DueOn(c.days); got != "" || p.Outputs[0].Duty(noon(t, "2027-01-01")) != "" {
			t.Errorf("%s: what need not become public is due on %s", c.name, got)
		}
	}
}

func TestADutyIsOpenUntilEverybodyCanHaveIt(t *testing.T) {
	now := noon(t, "2026-04-02")
	public := func(audience Audience, o Output) *Project {
		o.Key = "o1"
		return &Project{Spine: Spine{Audience: audience, PublishedAt: noon(t, "2026-03-20")}, Outputs: []*Output{&o}}
	}
	for _, c := range []struct {
		name    string
		on      Date
		public  *Project
		embargo bool
		want    DutyState
		overdue bool
	}{
		{"not delivered", "", nil, false, NotDelivered, false},
		{"planned", "2026-04-03", nil, false, NotDelivered, false},
		{"delivered thirty days ago", "2026-03-03", nil, false, DutyDue, false},
		{"delivered thirty-one days ago", "2026-03-02", nil, false, DutyDue, true},
		{"on the record, but nowhere to be had", "2026-03-02", public(Public, Output{}), false, DutyDue, true},
		{"not on the record", "2026-03-02", &Project{Spine: Spine{Audience: Public}}, false, DutyDue, true},
		{"for the community alone", "2026-03-02", public(Community, Output{URL: "https://example.nl"}), false, DutyDue, true},
		{"with its address", "2026-03-02", public(Public, Output{URL: "https://example.nl"}), false, DutyDone, false},
		{"published elsewhere", "2026-03-02", public(Community, Output{PublishedOn: "2026-03-30"}), false, DutyDone, false},
		{"to be published", "2026-03-02", public(Public, Output{URL: "https://example.nl", PublishedOn: "2026-04-03"}), false, DutyDue, true},
		{"under embargo", "2026-03-02", nil, true, DutyEmbargoed, false},
	} {
		p := delivered(c.on)
		if c.embargo {
			p.Embargoes = []*Embargo{{Scope: OutputsScope, Until: now.Add(time.Millisecond)}}
		}
		p.ShownAs(c.public)
		o := p.Outputs[0]
		if got, overdue := o.Duty(now), o.IsOverdue(now, 30); got != c.want || overdue != c.overdue {
			t.Errorf("%s: %s, overdue %v", c.name, got, overdue)
		}
		if got := p.Withdrawable(now); (len(got) > 0) != (c.want == DutyDue || c.want == DutyEmbargoed) {
			t.Errorf("%s: to withdraw it: %v", c.name, got)
		}
	}
	// What readers see has no lock, and is its own publication.
	p := delivered("2026-03-02")
	p.Revision, p.Audience, p.PublishedAt = 0, Public, now
	if p.Outputs[0].URL = "https://example.nl"; p.Outputs[0].Duty(now) != DutyDone {
		t.Errorf("it is %s", p.Outputs[0].Duty(now))
	}
}

func TestWhatMustBecomePublicStaysInTheDraft(t *testing.T) {
	now := noon(t, "2026-03-10")
	for _, c := range []struct {
		name string
		on   Date
		edit func(*Project)
		want string
	}{
		{"taken out", "2026-03-02", func(p *Project) { p.Outputs = nil }, "outputs"},
		{"taken out before it was delivered", "", func(p *Project) { p.Outputs = nil }, ""},
		{"taken out before its planned day", "2026-03-11", func(p *Project) { p.Outputs = nil }, ""},
		{"under another producer and taken out", "2026-03-02", func(p *Project) { p.Outputs[0].Key, p.Outputs[0].ProducedBy = "o2", "org_udc" }, "outputs"},
		{"without its day", "2026-03-02", func(p *Project) { p.Outputs[0].DeliveredOn = "" }, "outputs.deliveredOn"},
		{"delivered in the future", "2026-03-02", func(p *Project) { p.Outputs[0].DeliveredOn = "2026-03-11" }, "outputs.deliveredOn"},
		{"delivered after the day that this was written down", "2026-03-02", func(p *Project) { p.Outputs[0].DeliveredOn = "2026-03-06" }, "outputs.deliveredOn"},
		{"delivered in a year", "2026-03-02", func(p *Project) { p.Outputs[0].DeliveredOn = "2026" }, "outputs.deliveredOn"},
		{"delivered earlier", "2026-03-02", func(p *Project) { p.Outputs[0].DeliveredOn = "2026-02-27" }, ""},
		{"a day in March after all", "2026-03", func(p *Project) { p.Outputs[0].DeliveredOn = "2026-03-04" }, ""},
		{"another title", "2026-03-02", func(p *Project) { p.Outputs[0].Title = NL("Tegenvaller") }, ""},
	} {
		before := delivered(c.on)
		before.Keep(nil, noon(t, "2026-03-05"))
		after, err := Clone(before)
		if err != nil {
			t.Fatal(err)
		}
		c.edit(after.(*Project))
		ps := after.(*Project).Keep(before, now)
		got := ""
		if len(ps) > 0 {
			got = strings.Join(ps[0].Field, ".")
		}
		if got != c.want || len(ps) > 0 && (ps[0].Code != IllegalTransition || !strings.Contains(ps[0].Message[Dutch], "Factsheet")) {
			t.Errorf("%s: %v", c.name, ps)
		}
	}
}
