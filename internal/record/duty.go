package record

import (
	"slices"
	"time"
)

// DutyState says how far an output is that must become public.
type DutyState string

// States of the duty to publish.
const (
	NotDelivered  DutyState = "NOT_DELIVERED"
	DutyDue       DutyState = "DUE"
	DutyEmbargoed DutyState = "UNDER_EMBARGO"
	DutyDone      DutyState = "PUBLIC"
)

const (
	// PublicationDays is within how many days of its delivery an output is public where nobody decided otherwise. It is a
	// proposal of Plein: what CBS and its partners agreed on gives no figure.
	PublicationDays = 30
	// embargoWorkingDays is how long publishing may take once an embargo has ended.
	embargoWorkingDays = 5
	// NoDay stands for a day that is not known yet, after all others.
	NoDay Date = "9999-12-31"
)

// Duty is an output that must become public, as it is listed across records.
type Duty struct {
	OutputID string
	// DueOn is NoDay while the output was not delivered, PublicOn while nobody can have it.
	DueOn, PublicOn Date
}

// Duties of the project, with this many days between delivery and publication.
func (p *Project) Duties(days int) []Duty {
	var out []Duty
	for _, o := range p.Outputs {
		if o.MustBecomePublic {
			out = append(out, Duty{OutputID: PartID(p.ID, o.Key), DueOn: or(p.dueOn(o, days), NoDay), PublicOn: or(p.publicOn(o), NoDay)})
		}
	}
	return out
}

func or(d, otherwise Date) Date {
	if d == "" {
		return otherwise
	}
	return d
}

// Project that delivered the output.
func (o *Output) Project() *Project { return o.project }

// Duty is how far the output is in becoming public; empty when it need not.
func (o *Output) Duty(now time.Time) DutyState { return o.project.duty(o, now) }

func (p *Project) duty(o *Output, now time.Time) DutyState {
	today, on := DayOf(now), p.publicOn(o)
	scope, _ := UnderEmbargo(p, now)
	switch {
	case !o.MustBecomePublic:
		return ""
	case on != "" && on <= today:
		return DutyDone
	case !o.delivered(today):
		return NotDelivered
	case scope != "":
		return DutyEmbargoed
	}
	return DutyDue
}

// DueOn is the day by which the output has to be public: so many days after its delivery, or five working days after
// the last embargo if that is later. It is empty when it was not delivered or need not become public, and in a copy: how
// many days there are is for the node to say where the project lives.
func (o *Output) DueOn(days int) Date { return o.project.dueOn(o, days) }

func (p *Project) dueOn(o *Output, days int) Date {
	day, ok := o.DeliveredOn.last()
	if !ok || !o.MustBecomePublic || p.Provenance == Peer {
		return ""
	}
	if noted, ok := o.DeliveryNotedOn.last(); ok && noted.Before(day) {
		day = noted // "2027" was not delivered after the day on which that was written down
	}
	day = day.AddDate(0, 0, days)
	for _, e := range p.Embargoes {
		if end := e.end(); !end.IsZero() {
			last, _ := DayOf(end).last()
			if after := addWorkingDays(last, embargoWorkingDays); after.After(day) {
				day = after
			}
		}
	}
	return Date(day.Format(time.DateOnly))
}

// IsOverdue tells whether the day by which the output had to be public has passed.
func (o *Output) IsOverdue(now time.Time, days int) bool { return o.project.isOverdue(o, now, days) }

func (p *Project) isOverdue(o *Output, now time.Time, days int) bool {
	due := p.dueOn(o, days)
	return p.duty(o, now) == DutyDue && due != "" && due < DayOf(now)
}

func (o *Output) delivered(today Date) bool { return o.DeliveredOn != "" && o.DeliveredOn <= today }

// isThere tells whether the output has an address, or is a file.
func (o *Output) isThere() bool { return o.URL != "" || o.File != nil }

// publicOn is the day from which everybody can have an output; empty while nobody can. Where the day of publication is
// not known it is that of the record, if the output can be had there.
func (p *Project) publicOn(o *Output) Date {
	shown := p // only a working copy has a lock: this is what readers see
	if p.Revision > 0 {
		shown = p.public
	}
	if shown == nil {
		return ""
	}
	i := slices.IndexFunc(shown.Outputs, func(x *Output) bool { return x.Key == o.Key })
	switch {
	case i < 0:
		return ""
	case shown.Outputs[i].PublishedOn != "":
		return shown.Outputs[i].PublishedOn
	case shown.Outputs[i].isThere() && shown.Audience == Public:
		return DayOf(shown.PublishedAt)
	}
	return ""
}

// ShownAs tells a working copy what readers see of it now: nothing when nil.
func (p *Project) ShownAs(public *Project) { p.public = public }

// keepDuties carries the duty to publish over from the document before, and lists what would undo it.
func (p *Project) keepDuties(before *Project, now time.Time) (ps Problems) {
	today := DayOf(now)
	for _, old := range before.Outputs {
		i := slices.IndexFunc(p.Outputs, func(o *Output) bool { return o.Key == old.Key })
		if i >= 0 {
			o := p.Outputs[i]
			o.MustBecomePublic = o.MustBecomePublic || old.MustBecomePublic
			o.DeliveryNotedOn = old.DeliveryNotedOn
		}
		if !old.MustBecomePublic || !old.delivered(today) {
			continue
		}
		title := old.Title.In(p.Language)
		if i < 0 {
			ps = append(ps, Wrong(IllegalTransition, "“"+title+"” is opgeleverd en moet openbaar worden. Het kan daarom niet uit het project.",
				"“"+title+"” was delivered and must become public, so it cannot be taken out of the project.", "outputs"))
		} else if p.Outputs[i].deliveredLater(old, today) {
			ps = append(ps, Wrong(IllegalTransition, "“"+title+"” is opgeleverd en moet openbaar worden. De dag van oplevering kan niet weg, en niet later zijn dan de dag waarop die is ingevuld.",
				"“"+title+"” was delivered and must become public. The day of delivery cannot be taken away, nor be later than the day on which it was filled in.", "outputs", "deliveredOn"))
		}
	}
	return ps
}

// deliveredLater tells whether a delivery that happened was moved to where it could not have been, or away.
func (o *Output) deliveredLater(before *Output, today Date) bool {
	if o.DeliveredOn == before.DeliveredOn {
		return false
	}
	latest, _ := or(before.DeliveryNotedOn, today).last()
	if was, _ := before.DeliveredOn.last(); was.After(latest) {
		latest = was
	}
	day, ok := o.DeliveredOn.last()
	return !ok || day.After(latest)
}

// noteDeliveries remembers on which day a delivery was first written down.
func (p *Project) noteDeliveries(now time.Time) {
	today := DayOf(now)
	for _, o := range p.Outputs {
		if !o.delivered(today) {
			o.DeliveryNotedOn = ""
		} else if o.DeliveryNotedOn == "" {
			o.DeliveryNotedOn = today
		}
	}
}

// openDuty is an output that was delivered and is not public, of those that must be; nil when there is none.
func (p *Project) openDuty(now time.Time) *Output {
	for _, o := range p.Outputs {
		if d := p.duty(o, now); d == DutyDue || d == DutyEmbargoed {
			return o
		}
	}
	return nil
}

// Withdrawable lists what keeps the project from being withdrawn: what must become public stays until it is.
func (p *Project) Withdrawable(now time.Time) Problems {
	return p.owed(now, "Maak dat eerst openbaar, of vraag de beheerder om dit in te trekken.", "Make it public first, or ask the administrator to withdraw this.")
}

// Discardable lists what keeps the project's working copy from being thrown away: the same.
func (p *Project) Discardable(now time.Time) Problems {
	return p.owed(now, "Dit kan daarom niet weg.", "So this cannot be thrown away.")
}

func (p *Project) owed(now time.Time, nl, en string) Problems {
	o := p.openDuty(now)
	if o == nil {
		return nil
	}
	title := o.Title.In(p.Language)
	return Problems{Wrong(IllegalTransition, "“"+title+"” moet openbaar worden en is dat nog niet. "+nl, "“"+title+"” must become public and is not yet. "+en)}
}
