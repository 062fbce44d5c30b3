package record

import (
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
	PlacedBy string       `json:"placedBy" plein:"part"`
	LiftedAt time.Time    `json:"liftedAt,omitzero" plein:"part"`

	ID    string `json:"-" plein:"part"`
	group *Group
}

// IsNode marks what has an id of its own.
func (*Embargo) IsNode() {}

// Ground is why the embargo exists.
func (e *Embargo) Ground() *Concept { return e.group.ref.Concept(e.GroundIRI) }

// PlacedByOrganization is who placed the embargo.
func (e *Embargo) PlacedByOrganization() *Organization { return e.group.organization(e.PlacedBy) }

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

func (e *Embargo) check(c *checks, ref *Reference) {
	if scopeWidth[e.Scope] == 0 {
		c.add(Wrong(Invalid, "Kies wat onder het embargo valt.", "Choose what the embargo covers.", "embargo", "scope"))
	}
	if e.GroundIRI == "" {
		c.add(missing("embargo", "ground"))
	}
	c.concept(ref, EmbargoGround, e.GroundIRI, "embargo", "ground")
	if e.State == EmbargoActive && utf8.RuneCountInString(strings.TrimSpace(e.Reason)) < 20 {
		c.add(Wrong(Required, "Leg in ten minste 20 tekens uit waarom dit embargo nodig is.",
			"Explain in at least 20 characters why this embargo is needed.", "embargo", "reason"))
	}
	c.text(e.WaitsFor, shortText, "waitsFor")
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
func ResultsUntil(r Record, now time.Time) (until time.Time) {
	e, ok := r.(embargoed)
	if !ok {
		return until
	}
	for _, x := range e.embargoes() {
		if x.stateAt(now) == EmbargoActive && scopeWidth[x.Scope] >= scopeWidth[ResultsScope] && x.Until.After(until) {
			until = x.Until
		}
	}
	return until
}
