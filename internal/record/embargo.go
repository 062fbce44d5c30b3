package record

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Scope says which part of a record an embargo covers. A wider scope covers what a narrower one does.
type Scope string

// Outputs only; results (outputs, answer, uses in policy, lessons made under it); the whole record.
const (
	OutputsScope Scope = "OUTPUTS"
	ResultsScope Scope = "RESULTS"
	WholeRecord  Scope = "WHOLE_RECORD"
)

var scopeWidth = map[Scope]int{OutputsScope: 1, ResultsScope: 2, WholeRecord: 3}

// EmbargoState is decided by the clock and by a decision to lift.
type EmbargoState string

// States of an embargo.
const (
	EmbargoActive  EmbargoState = "ACTIVE"
	EmbargoLifted  EmbargoState = "LIFTED"
	EmbargoExpired EmbargoState = "EXPIRED"
)

var embargoStates = []EmbargoState{EmbargoActive, EmbargoLifted, EmbargoExpired}

// Embargo is an open embargo: that it exists, its ground and its end are public, what it covers is not. It is a
// scheduled publication, never a private share of results (the interview: CBS publishes for everybody at once).
type Embargo struct {
	Key       string `json:"key" plein:"part"`
	Scope     Scope  `json:"scope" plein:"part"`
	GroundIRI string `json:"ground" plein:"part"`
	// Reason is for the members of the organisation.
	Reason string `json:"reason,omitempty" plein:"private"`
	// Until is unknown only for embargoes that ended before they were registered.
	Until    time.Time    `json:"until,omitzero" plein:"part"`
	WaitsFor Text         `json:"waitsFor,omitempty" plein:"part"`
	State    EmbargoState `json:"state" plein:"part"`
	PlacedAt time.Time    `json:"placedAt,omitzero" plein:"part"`
	PlacedBy string       `json:"placedBy" plein:"part,id=organization"`
	LiftedAt time.Time    `json:"liftedAt,omitzero" plein:"part"`
	// Extensions is how often the end was moved.
	Extensions int `json:"extensions,omitempty" plein:"part"`
	// Log is what was decided about it, oldest first. It only grows.
	Log []*EmbargoChange `json:"log,omitempty" plein:"private"`

	ID      string `json:"-" plein:"part"`
	project *Project
}

// EmbargoChangeKind says what happened to an embargo.
type EmbargoChangeKind string

// Kinds of changes of an embargo. That it expired follows from the clock and is in no log.
const (
	EmbargoPlaced   EmbargoChangeKind = "PLACED"
	EmbargoExtended EmbargoChangeKind = "EXTENDED"
	EmbargoEnded    EmbargoChangeKind = "LIFTED"
	EmbargoRanOut   EmbargoChangeKind = "EXPIRED"
)

// EmbargoChange is something that happened to an embargo: until is its end from then on.
type EmbargoChange struct {
	Kind   EmbargoChangeKind `json:"kind" plein:"part"`
	At     time.Time         `json:"at" plein:"part"`
	Until  time.Time         `json:"until,omitzero" plein:"part"`
	Reason string            `json:"reason,omitempty" plein:"part"`
}

const (
	// embargoMonths is how long an embargo holds in all, extensionMonths how far its end is moved at a time.
	embargoMonths   = 12
	extensionMonths = 6
	// embargoReason is how many characters it takes to explain an embargo.
	embargoReason = 20
	// embargoChanges is how many changes an embargo has at the most.
	embargoChanges = 50
)

// IsNode marks what has an id of its own.
func (*Embargo) IsNode() {}

// Ground is why the embargo exists.
func (e *Embargo) Ground() *Concept { return e.project.group.ref.Concept(e.GroundIRI) }

// PlacedByOrganization is who placed the embargo.
func (e *Embargo) PlacedByOrganization() *Organization {
	return e.project.group.organization(e.PlacedBy)
}

// stateAt is the embargo's state by the clock.
func (e *Embargo) stateAt(now time.Time) EmbargoState {
	switch {
	case !e.LiftedAt.IsZero():
		return EmbargoLifted
	case now.Before(e.Until):
		return EmbargoActive
	}
	return EmbargoExpired
}

// Project that the embargo is on.
func (e *Embargo) Project() *Project { return e.project }

// History is what happened to the embargo, oldest first.
func (e *Embargo) History() []*EmbargoChange {
	out := slices.Clone(e.Log)
	if e.State == EmbargoExpired && !e.Until.IsZero() {
		out = append(out, &EmbargoChange{Kind: EmbargoRanOut, At: e.Until, Until: e.Until})
	}
	return out
}

// end is the moment from which the embargo hides nothing; zero when that was never known.
func (e *Embargo) end() time.Time {
	if !e.LiftedAt.IsZero() {
		return e.LiftedAt
	}
	return e.Until
}

func (e *Embargo) check(c *checks, ref *Reference) {
	if scopeWidth[e.Scope] == 0 {
		c.add(Wrong(Invalid, "Kies wat onder het embargo valt.", "Choose what the embargo covers.", "scope"))
	}
	if e.GroundIRI == "" {
		c.add(missing("ground"))
	}
	c.concept(ref, EmbargoGround, e.GroundIRI, "ground")
	if !slices.Contains(embargoStates, e.State) {
		c.add(Wrong(Invalid, "Dit embargo heeft geen stand.", "This embargo has no state.", "state"))
	}
	c.text(e.WaitsFor, shortText, "waitsFor")
}

// checkReason looks at what only members read, and copies of other nodes do not have.
func (e *Embargo) checkReason(c *checks) {
	if e.State == EmbargoActive && utf8.RuneCountInString(strings.TrimSpace(e.Reason)) < embargoReason {
		c.add(Wrong(Required, fmt.Sprintf("Leg in ten minste %d tekens uit waarom dit embargo nodig is.", embargoReason),
			fmt.Sprintf("Explain in at least %d characters why this embargo is needed.", embargoReason), "reason"))
	}
	c.string(e.Reason, middleText, "reason")
	if len(e.Log) > embargoChanges {
		c.add(tooMany(embargoChanges, "embargo"))
	}
}

// ActiveEmbargo is the last placed of those that hold now, or nil.
func (p *Project) ActiveEmbargo(now time.Time) *Embargo {
	for _, e := range slices.Backward(p.Embargoes) {
		if e.stateAt(now) == EmbargoActive {
			return e
		}
	}
	return nil
}

// PlaceEmbargo puts the project under an embargo of which scope, ground, reason, end, waitsFor and placedBy are given.
func (p *Project) PlaceEmbargo(ref *Reference, e *Embargo, now time.Time, publicationDays int) Problems {
	if old := p.ActiveEmbargo(now); old != nil {
		return Problems{Wrong(IllegalTransition, "Er geldt al een embargo, tot "+when(old.Until)+". Verleng dat, of hef het op.",
			"There is an embargo already, until "+when(old.Until)+". Extend it, or lift it.")}
	}
	for _, o := range p.Outputs {
		if p.isOverdue(o, now, publicationDays) {
			title := o.Title.In(p.Language)
			return Problems{Wrong(IllegalTransition, "“"+title+"” had al openbaar moeten zijn. Dat kan niet meer onder embargo.",
				"“"+title+"” should have been public already. It cannot be put under embargo any more.", "scope")}
		}
	}
	e.Key = p.NewPartKey("e")
	e.PlacedAt, e.Until, e.State = now, Instant(e.Until), EmbargoActive
	var c checks
	e.check(&c, ref)
	e.checkReason(&c)
	if !e.Until.After(now) {
		c.add(Wrong(Invalid, "Kies een moment in de toekomst.", "Choose a moment in the future.", "until"))
	}
	p.checkLength(&c, e.Until, now, now)
	if len(c.found) > 0 {
		return c.found
	}
	e.Log = []*EmbargoChange{{Kind: EmbargoPlaced, At: now, Until: e.Until, Reason: e.Reason}}
	p.Embargoes = append(p.Embargoes, e)
	return nil
}

func (p *Project) embargoKeys() []string {
	var out []string
	for _, e := range p.Embargoes {
		out = append(out, e.Key)
	}
	return out
}

// ExtendEmbargo moves the end of the embargo that holds to a later moment.
func (p *Project) ExtendEmbargo(until time.Time, reason string, now time.Time) Problems {
	e := p.ActiveEmbargo(now)
	if e == nil {
		return noEmbargo()
	}
	var c checks
	until = Instant(until)
	c.reason(reason)
	if !until.After(e.Until) {
		c.add(Wrong(Invalid, "Kies een moment na het einde van nu: "+when(e.Until)+".", "Choose a moment after the end that it has: "+when(e.Until)+".", "until"))
	} else if until.After(e.Until.AddDate(0, extensionMonths, 0)) {
		c.add(Wrong(Invalid, fmt.Sprintf("Verleng met hooguit %d maanden per keer.", extensionMonths),
			fmt.Sprintf("Extend by at most %d months at a time.", extensionMonths), "until"))
	}
	p.checkLength(&c, until, e.PlacedAt, now)
	if len(c.found) > 0 {
		return c.found
	}
	e.Until = until
	e.Extensions++
	e.Log = append(e.Log, &EmbargoChange{Kind: EmbargoExtended, At: now, Until: until, Reason: reason})
	return nil
}

// LiftEmbargo ends the embargo that holds.
func (p *Project) LiftEmbargo(reason string, now time.Time) Problems {
	e := p.ActiveEmbargo(now)
	if e == nil {
		return noEmbargo()
	}
	var c checks
	if c.reason(reason); len(c.found) > 0 {
		return c.found
	}
	e.LiftedAt = now
	e.Log = append(e.Log, &EmbargoChange{Kind: EmbargoEnded, At: now, Until: now, Reason: reason})
	return nil
}

func noEmbargo() Problems {
	return Problems{Wrong(IllegalTransition, "Er geldt geen embargo.", "There is no embargo.")}
}

func (c *checks) reason(s string) {
	if strings.TrimSpace(s) == "" {
		c.add(Wrong(Required, "Schrijf waarom.", "Write why.", "reason"))
	}
	c.string(s, middleText, "reason")
}

// when is a moment in the words of a message.
func when(t time.Time) string { return InTheNetherlands(t).Format("2006-01-02 15:04") }

// checkLength refuses an end beyond what embargoes may last: counted from the first one that kept back an output which
// must become public and is not, else from when this one is placed. Placing one after the other does not help.
func (p *Project) checkLength(c *checks, until, placed, now time.Time) {
	if latest := p.keptBackSince(placed, now).AddDate(0, embargoMonths, 0); until.After(latest) {
		c.add(Wrong(Invalid, fmt.Sprintf("Een embargo duurt hooguit %d maanden, hier dus tot %s. Langer kan alleen als het CBS meetekent, en dat kan in Plein nog niet.", embargoMonths, when(latest)),
			fmt.Sprintf("An embargo lasts %d months at the most, so here until %s. Longer takes the signature of CBS, which Plein cannot ask for yet.", embargoMonths, when(latest)), "until"))
	}
}

func (p *Project) keptBackSince(placed, now time.Time) time.Time {
	since := placed
	for _, o := range p.Outputs {
		if d := p.duty(o, now); d != DutyDue && d != DutyEmbargoed {
			continue
		}
		for _, e := range p.Embargoes {
			if !e.PlacedAt.IsZero() && e.PlacedAt.Before(since) && DayOf(e.end()) >= o.DeliveredOn {
				since = e.PlacedAt
			}
		}
	}
	return since
}

// keepEmbargoes lists what would undo something that happened to an embargo.
func (p *Project) keepEmbargoes(before *Project) Problems {
	for _, old := range before.Embargoes {
		kept := slices.ContainsFunc(p.Embargoes, func(e *Embargo) bool {
			return e.Key == old.Key && len(e.Log) >= len(old.Log) && reflect.DeepEqual(e.Log[:len(old.Log)], old.Log)
		})
		if !kept {
			return Problems{Wrong(IllegalTransition, "Wat er met een embargo is gebeurd, blijft bewaard.", "What happened to an embargo is kept.", "embargo")}
		}
	}
	return nil
}

// PublicAlready refuses an embargo on what readers see: an embargo is a scheduled publication.
func PublicAlready(public Record, scope Scope) Problems {
	var nl, en []string
	if scope == WholeRecord {
		nl, en = []string{"het hele record"}, []string{"the whole record"}
	} else {
		for _, field := range covered(public, scope) {
			nl, en = append(nl, coveredLabels[field][Dutch]), append(en, coveredLabels[field][English])
		}
	}
	if len(nl) == 0 {
		return nil
	}
	return Problems{Wrong(IllegalTransition, "Wat al openbaar is, kan niet meer onder embargo: "+strings.Join(nl, ", ")+".",
		"What is public already cannot be put under embargo any more: "+strings.Join(en, ", ")+".", "scope")}
}

// covered lists the fields of a document that an embargo of this scope hides, where they hold something.
func covered(r Record, under Scope) (out []string) {
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if _, scope, _ := parseTag(f.Tag.Get("plein"), false); scope != "" && scopeWidth[scope] <= scopeWidth[under] && !v.Field(i).IsZero() {
			out = append(out, f.Name)
		}
	}
	return out
}

// embargoed is a kind whose records can be under embargo.
type embargoed interface {
	embargoes() []*Embargo
	setEmbargoes([]*Embargo)
}

// TakeEmbargoes copies the embargoes of a working copy into an approved document of the same kind: they hold from the
// moment that they are placed, whatever else of the working copy waits.
func TakeEmbargoes(approved, working Record) {
	if to, ok := approved.(embargoed); ok {
		to.setEmbargoes(working.(embargoed).embargoes())
	}
}

// UnderEmbargo gives the widest scope that is under embargo at this moment and the first moment at which an active
// embargo ends. Without an active embargo the scope is empty.
func UnderEmbargo(r Record, now time.Time) (scope Scope, next time.Time) {
	e, ok := r.(embargoed)
	if !ok {
		return "", time.Time{}
	}
	for _, x := range e.embargoes() {
		if x.stateAt(now) != EmbargoActive {
			continue
		}
		if scopeWidth[x.Scope] > scopeWidth[scope] {
			scope = x.Scope
		}
		if next.IsZero() || x.Until.Before(next) {
			next = x.Until
		}
	}
	return scope, next
}

// ResultsUntil is the moment at which the results are no longer under embargo; the zero moment when they are not now.
func ResultsUntil(r Record, now time.Time) time.Time { return hiddenUntil(r, ResultsScope, now) }

// WholeUntil is the moment at which something of the record may be seen; the zero moment when that is now.
func WholeUntil(r Record, now time.Time) time.Time { return hiddenUntil(r, WholeRecord, now) }

// hiddenUntil is when the last embargo ends that covers what this scope covers; zero when none holds.
func hiddenUntil(r Record, scope Scope, now time.Time) (until time.Time) {
	e, ok := r.(embargoed)
	if !ok {
		return until
	}
	for _, x := range e.embargoes() {
		if x.stateAt(now) == EmbargoActive && scopeWidth[x.Scope] >= scopeWidth[scope] && x.Until.After(until) {
			until = x.Until
		}
	}
	return until
}
