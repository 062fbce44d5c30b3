package record

import (
	"slices"
	"strings"
	"time"
)

// LessonKind says what a lesson asks of its reader.
type LessonKind string

// Do this, avoid this, or know this.
const (
	Do          LessonKind = "DO"
	Avoid       LessonKind = "AVOID"
	Observation LessonKind = "OBSERVATION"
)

// LessonKinds in the order of the public contract.
var LessonKinds = []LessonKind{Do, Avoid, Observation}

// Lesson is something learned, tied to the steps in which it bites.
type Lesson struct {
	Spine
	Kind           LessonKind `json:"kind" plein:"content"`
	Context        Text       `json:"context,omitempty" plein:"content"`
	Recommendation Text       `json:"recommendation,omitempty" plein:"content"`
	Consequence    Text       `json:"consequence,omitempty" plein:"content"`
	Steps          []StepRef  `json:"steps,omitempty" plein:"content"`
	RoleIRIs       []string   `json:"roles,omitempty" plein:"content"`
	// ProjectIDs are the projects in which the lesson was learned.
	ProjectIDs []string `json:"projects,omitempty" plein:"content,id=PROJECT"`
	ReviewBy   Date     `json:"reviewBy,omitempty" plein:"content"`
}

// reviewYears is how long a lesson stands before it should be looked at again.
const reviewYears = 2

// ReviewDay is the day on which a lesson of now should be looked at again, unless its author chooses another.
func ReviewDay(now time.Time) Date { return DayOf(now.AddDate(reviewYears, 0, 0)) }

// StepRef points at a step of a process template by its fixed address.
type StepRef struct {
	IRI string `json:"iri" plein:"part"`
	Key string `json:"key" plein:"part"`
}

// Check lists what is wrong with the lesson.
func (l *Lesson) Check(ref *Reference) Problems {
	var c checks
	l.check(&c, ref)
	if !slices.Contains(LessonKinds, l.Kind) {
		c.add(Wrong(Invalid, "Kies een soort les.", "Choose a kind of lesson.", "kind"))
	}
	c.text(l.Context, longText, "context")
	c.text(l.Recommendation, longText, "recommendation")
	c.text(l.Consequence, longText, "consequence")
	if len(l.Steps) > 20 {
		c.add(tooMany(20, "steps"))
	}
	for _, s := range l.Steps {
		if !isStepKey(s.Key) || !IsIRI(s.IRI) {
			c.add(NoSuch("steps"))
		}
	}
	c.concepts(ref, TeamRole, l.RoleIRIs, 10, "roles")
	if len(l.ProjectIDs) > 50 {
		c.add(tooMany(50, "projects"))
	}
	c.date(l.ReviewBy, "reviewBy")
	return c.found
}

// Complete lists what a lesson of one's own still needs before it can be published.
func (l *Lesson) Complete() Problems {
	var c checks
	if strings.TrimSpace(l.Title[Dutch]) == "" {
		c.add(missing("title"))
	}
	if strings.TrimSpace(l.Context.In(l.Language)) == "" {
		c.add(missing("context"))
	}
	if strings.TrimSpace(l.Recommendation.In(l.Language)) == "" {
		c.add(missing("recommendation"))
	}
	if len(l.Steps) == 0 {
		c.add(missing("steps"))
	}
	return c.found
}

// LearnedIn are the projects whose embargo on results covers the lesson too.
func (l *Lesson) LearnedIn() []string { return l.ProjectIDs }

// Links of a lesson.
func (l *Lesson) Links() []Link {
	var out []Link
	for _, id := range l.ProjectIDs {
		out = append(out, Link{ProjectType, id, "projects"})
	}
	return out
}

// StepKeys are the keys of the steps in which the lesson bites.
func (l *Lesson) StepKeys() []string {
	out := make([]string, len(l.Steps))
	for i, s := range l.Steps {
		out[i] = s.Key
	}
	return out
}

// LessonStep is a step in which a lesson bites, with what people call it.
type LessonStep struct {
	StepRef
	Title Text
}

// StepsInFull are the steps in which the lesson bites.
func (l *Lesson) StepsInFull() []*LessonStep {
	out := make([]*LessonStep, len(l.Steps))
	for i, s := range l.Steps {
		out[i] = &LessonStep{StepRef: s, Title: l.Reference().StepTitle(s)}
	}
	return out
}

// Roles that the lesson is for.
func (l *Lesson) Roles() []*Concept { return l.Reference().Concepts(l.RoleIRIs) }

// Terms of a lesson.
func (l *Lesson) Terms() []Term {
	var t terms
	t.add(FieldLessonKind, string(l.Kind))
	t.add(FieldStep, l.StepKeys()...)
	t.add(FieldTeamRole, l.RoleIRIs...)
	t.add(FieldProject, l.ProjectIDs...)
	return t
}

// Words of a lesson.
func (l *Lesson) Words() Words {
	w := l.words()
	w.Body = append(w.Body, l.Context, l.Recommendation, l.Consequence)
	for _, c := range l.Roles() {
		w.Concepts = append(w.Concepts, c.Label)
	}
	return w
}
