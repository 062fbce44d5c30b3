package record

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Raci says how a role takes part in a step.
type Raci string

// Responsible, accountable, consulted, informed.
const (
	Responsible Raci = "RESPONSIBLE"
	Accountable Raci = "ACCOUNTABLE"
	Consulted   Raci = "CONSULTED"
	Informed    Raci = "INFORMED"
)

// Racis in the order of the public contract.
var Racis = []Raci{Responsible, Accountable, Consulted, Informed}

// ProcessTemplate is a way of working that projects can follow. Its number, roles and steps are those of the version
// that it is at; publishing it with a new number freezes them as a TemplateVersion.
type ProcessTemplate struct {
	Spine
	Number     string          `json:"number" plein:"content"`
	ChangeNote Text            `json:"changeNote,omitempty" plein:"content"`
	Roles      []*TemplateRole `json:"roles,omitempty" plein:"content"`
	Steps      []*TemplateStep `json:"steps,omitempty" plein:"content"`
	// Versions are the frozen ones, oldest first.
	Versions []*VersionRef `json:"versions,omitempty" plein:"spine"`
	// ForkedFromID is the version that this template began as.
	ForkedFromID string `json:"forkedFrom,omitempty" plein:"content,id=PROCESS_TEMPLATE_VERSION"`
}

// VersionRef points from a template to one of its frozen versions.
type VersionRef struct {
	ID     string `json:"id" plein:"part,id=PROCESS_TEMPLATE_VERSION"`
	Number string `json:"number" plein:"part"`
	Hash   string `json:"hash" plein:"part"`
}

// TemplateVersion is a template as it stood at one number. It never changes.
type TemplateVersion struct {
	Spine
	TemplateID  string          `json:"template" plein:"content,id=PROCESS_TEMPLATE"`
	Number      string          `json:"number" plein:"content"`
	ChangeNote  Text            `json:"changeNote,omitempty" plein:"content"`
	Roles       []*TemplateRole `json:"roles,omitempty" plein:"content"`
	Steps       []*TemplateStep `json:"steps,omitempty" plein:"content"`
	ContentHash string          `json:"contentHash" plein:"content"`
}

// TemplateRole is a role and how many a project needs at the least.
type TemplateRole struct {
	RoleIRI string `json:"role" plein:"part"`
	Minimum int    `json:"minimum" plein:"part"`

	ref *Reference
}

// TemplateStep is one step. Steps are a partial order, not a wizard: a step may start when all of StartsAfter are done
// or skipped, and may run beside ParallelWith.
type TemplateStep struct {
	Key string `json:"key" plein:"part"`
	// IRI never changes meaning: a fork and every later version keep it.
	IRI             string           `json:"iri" plein:"part"`
	Title           Text             `json:"title" plein:"part"`
	Purpose         Text             `json:"purpose" plein:"part"`
	StartsAfter     []string         `json:"startsAfter,omitempty" plein:"part"`
	ParallelWith    []string         `json:"parallelWith,omitempty" plein:"part"`
	Iterative       bool             `json:"iterative,omitempty" plein:"part"`
	Optional        bool             `json:"optional,omitempty" plein:"part"`
	Raci            []*RaciEntry     `json:"raci,omitempty" plein:"part"`
	Checklist       []*TemplateCheck `json:"checklist,omitempty" plein:"part"`
	DeliverableIRIs []string         `json:"deliverables,omitempty" plein:"part"`
	GuideDays       *int             `json:"guideDays,omitempty" plein:"part"`

	Position int `json:"-" plein:"part"`
	// Owner is the document that the step is part of.
	Owner Record `json:"-" plein:"part"`
	ref   *Reference
}

// RaciEntry is what a role does in a step.
type RaciEntry struct {
	RoleIRI string `json:"role" plein:"part"`
	Raci    Raci   `json:"raci" plein:"part"`

	ref *Reference
}

// TemplateCheck is something to tick off in a step.
type TemplateCheck struct {
	Key      string `json:"key" plein:"part"`
	Text     Text   `json:"text" plein:"part"`
	Required bool   `json:"required,omitempty" plein:"part"`
	LessonID string `json:"lesson,omitempty" plein:"part,id=LESSON"`

	// Owner is the document that the check is part of.
	Owner Record `json:"-" plein:"part"`
}

var stepKey = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

func isStepKey(s string) bool { return len(s) <= 60 && stepKey.MatchString(s) }

// StepIRI is the fixed address of a step that is new in a template: the template's UUID is the same everywhere.
func StepIRI(templateID, key string) string {
	_, uuid, _ := strings.Cut(templateID, "_")
	return "urn:uuid:" + uuid + "#" + key
}

// Keep gives every step its address: the one that it had under the same key, else a new one. A fork comes with the
// addresses of the steps that it took over.
func (t *ProcessTemplate) Keep(before Record, _ time.Time) Problems {
	known := map[string]string{}
	if old, ok := before.(*ProcessTemplate); ok {
		for _, s := range old.Steps {
			known[s.Key] = s.IRI
		}
	}
	for _, s := range t.Steps {
		if iri := known[s.Key]; iri != "" {
			s.IRI = iri
		} else if s.IRI == "" {
			s.IRI = StepIRI(t.ID, s.Key)
		}
	}
	return nil
}

// Links of a template.
func (t *ProcessTemplate) Links() []Link {
	var out []Link
	if t.ForkedFromID != "" {
		out = append(out, Link{TemplateVersionType, t.ForkedFromID, "forkedFrom"})
	}
	for _, s := range t.Steps {
		for _, c := range s.Checklist {
			if c.LessonID != "" {
				out = append(out, Link{LessonType, c.LessonID, "steps"})
			}
		}
	}
	return out
}

// Check lists what is wrong with the template.
func (t *ProcessTemplate) Check(ref *Reference) Problems {
	var c checks
	t.check(&c, ref)
	c.text(t.ChangeNote, middleText, "changeNote")
	if t.Number != "" {
		if _, ok := parseNumber(t.Number); !ok {
			c.add(Wrong(Invalid, "Schrijf een versienummer als 1.0.0.", "Write a version number as 1.0.0.", "number"))
		}
	}
	if len(t.Roles) > 30 {
		c.add(tooMany(30, "roles"))
	}
	for _, r := range t.Roles {
		c.concept(ref, TeamRole, r.RoleIRI, "roles", "role")
		if r.Minimum < 0 || r.Minimum > 100 {
			c.add(Wrong(Invalid, "Kies een aantal van 0 tot en met 100.", "Choose a number from 0 to 100.", "roles", "minimum"))
		}
	}
	t.checkSteps(&c, ref)
	return c.found
}

func (t *ProcessTemplate) checkSteps(c *checks, ref *Reference) {
	if len(t.Steps) > 50 {
		c.add(tooMany(50, "steps"))
		return
	}
	keys, iris := map[string]bool{}, map[string]bool{}
	for _, s := range t.Steps {
		if !isStepKey(s.Key) {
			c.add(Wrong(Invalid, "Gebruik in de sleutel van een stap alleen kleine letters, cijfers en streepjes.",
				"Use only lower-case letters, digits and dashes in the key of a step.", "steps", "key"))
		}
		if keys[s.Key] {
			c.add(Wrong(Duplicate, "De stap "+quote(s.Key)+" staat er twee keer.", "The step "+quote(s.Key)+" is there twice.", "steps", "key"))
		} else if s.IRI != "" && iris[s.IRI] {
			c.add(Wrong(Duplicate, "De stap "+quote(s.Key)+" heeft het adres van een andere stap.", "The step "+quote(s.Key)+" has the address of another step.", "steps", "key"))
		}
		keys[s.Key], iris[s.IRI] = true, true
	}
	for _, s := range t.Steps {
		for _, k := range slices.Concat(s.StartsAfter, s.ParallelWith) {
			if !keys[k] || k == s.Key {
				c.add(Wrong(Invalid, "Er is geen andere stap "+quote(k)+".", "There is no other step "+quote(k)+".", "steps", "startsAfter"))
			}
		}
		if strings.TrimSpace(s.Title.In(t.Language)) == "" {
			c.add(missing("steps", "title"))
		}
		c.text(s.Title, shortText, "steps")
		c.text(s.Purpose, middleText, "steps")
		if len(s.Raci) > 30 {
			c.add(tooMany(30, "steps", "raci"))
		}
		for _, r := range s.Raci {
			c.concept(ref, TeamRole, r.RoleIRI, "steps", "raci")
			if !slices.Contains(Racis, r.Raci) {
				c.add(Wrong(Invalid, "Kies uit de vier letters van RACI.", "Choose one of the four RACI letters.", "steps", "raci"))
			}
		}
		if len(s.Checklist) > 50 {
			c.add(tooMany(50, "steps", "checklist"))
		}
		for _, x := range s.Checklist {
			if x.Key == "" || strings.TrimSpace(x.Text.In(t.Language)) == "" {
				c.add(missing("steps", "checklist"))
			}
			c.text(x.Text, middleText, "steps")
		}
		c.concepts(ref, OutputKind, s.DeliverableIRIs, 10, "steps")
	}
	if cycle := findCycle(t.Steps); cycle != "" {
		c.add(Wrong(Invalid, "De stap "+quote(cycle)+" wacht op zichzelf.", "The step "+quote(cycle)+" waits for itself.", "steps", "startsAfter"))
	}
}

// findCycle gives a step that waits for itself through others, or nothing. It does not look at steps that are not there.
func findCycle(steps []*TemplateStep) string {
	waiting := map[string]*TemplateStep{}
	for _, s := range steps {
		waiting[s.Key] = s
	}
	for range steps {
		for _, s := range steps {
			if waitsFor(s, waiting) == nil {
				delete(waiting, s.Key)
			}
		}
	}
	for _, s := range steps {
		if waiting[s.Key] == nil {
			continue
		}
		// A step that is left may only stand behind the cycle: as many steps back as there are, it is on it.
		for range steps {
			s = waitsFor(s, waiting)
		}
		return s.Key
	}
	return ""
}

func waitsFor(s *TemplateStep, waiting map[string]*TemplateStep) *TemplateStep {
	for _, k := range s.StartsAfter {
		if waiting[k] != nil {
			return waiting[k]
		}
	}
	return nil
}

// Complete lists what a template of one's own still needs before it can be published.
func (t *ProcessTemplate) Complete() Problems {
	var c checks
	t.complete(&c)
	if t.Number == "" {
		c.add(missing("number"))
	}
	if len(t.Steps) == 0 {
		c.add(missing("steps"))
	}
	for _, s := range t.Steps {
		if strings.TrimSpace(s.Purpose.In(t.Language)) == "" {
			c.add(missing("steps", "purpose"))
		}
	}
	return c.found
}

// Freeze makes the version that the template is at, or nil when that version exists already or the template has no
// number, as one from a register may. It refuses a number that does not grow and a changed template under an old number.
func (t *ProcessTemplate) Freeze(id string) (*TemplateVersion, error) {
	if t.Number == "" {
		return nil, nil
	}
	v := &TemplateVersion{TemplateID: t.ID, Number: t.Number, ChangeNote: t.ChangeNote, Roles: t.Roles, Steps: t.Steps}
	v.Spine = t.Spine
	v.ID, v.Slug = id, t.Slug+"-"+strings.ReplaceAll(t.Number, ".", "-")
	v.Version, v.Revision, v.PublishedAt = 0, 0, time.Time{}
	b, err := json.Marshal([]any{v.Roles, v.Steps})
	if err != nil {
		return nil, fmt.Errorf("hash the steps of %s: %w", t.ID, err)
	}
	sum := sha256.Sum256(b)
	v.ContentHash = hex.EncodeToString(sum[:])
	if last := t.latest(); last != nil {
		if last.Number == t.Number && last.Hash == v.ContentHash {
			return nil, nil
		}
		if compareNumbers(t.Number, last.Number) <= 0 {
			return nil, Problems{Wrong(Invalid,
				fmt.Sprintf("Kies een hoger versienummer dan %s: de stappen of rollen zijn veranderd.", last.Number),
				fmt.Sprintf("Choose a higher version number than %s: the steps or roles have changed.", last.Number), "number")}
		}
	}
	t.Versions = append(slices.Clone(t.Versions), &VersionRef{ID: id, Number: t.Number, Hash: v.ContentHash})
	return v, nil
}

// Freezable gives the problems that Freeze would give.
func (t *ProcessTemplate) Freezable() error {
	c, err := Clone(t)
	if err != nil {
		return err
	}
	_, err = c.(*ProcessTemplate).Freeze("")
	return err
}

func (t *ProcessTemplate) latest() *VersionRef {
	if len(t.Versions) == 0 {
		return nil
	}
	return t.Versions[len(t.Versions)-1]
}

// VersionIDs are the ids of the frozen versions with this number, or of all, oldest first.
func (t *ProcessTemplate) VersionIDs(number string) []string {
	var out []string
	for _, v := range t.Versions {
		if number == "" || v.Number == number {
			out = append(out, v.ID)
		}
	}
	return out
}

// Terms of a template.
func (t *ProcessTemplate) Terms() []Term {
	var out terms
	out.add(FieldForkedFrom, t.ForkedFromID)
	for _, s := range t.Steps {
		out.add(FieldStep, s.Key)
		out.add(FieldOutputKind, s.DeliverableIRIs...)
	}
	return out
}

// Words of a template.
func (t *ProcessTemplate) Words() Words {
	w := t.words()
	for _, s := range t.Steps {
		w.Body = append(w.Body, s.Title, s.Purpose)
		for _, x := range s.Checklist {
			w.Body = append(w.Body, x.Text)
		}
	}
	return w
}

func (t *ProcessTemplate) bind(ref *Reference) { bindSteps(ref, t, t.Roles, t.Steps) }

func bindSteps(ref *Reference, owner Record, roles []*TemplateRole, steps []*TemplateStep) {
	for _, r := range roles {
		r.ref = ref
	}
	for i, s := range steps {
		s.ref, s.Owner, s.Position = ref, owner, i+1
		for _, c := range s.Checklist {
			c.Owner = owner
		}
		for _, r := range s.Raci {
			r.ref = ref
		}
	}
}

// Check of a frozen version finds what is wrong with the template that it was. It finds nothing in one of this node, of
// which the template was checked.
func (v *TemplateVersion) Check(ref *Reference) Problems {
	t := &ProcessTemplate{Spine: v.Spine, Number: v.Number, ChangeNote: v.ChangeNote, Roles: v.Roles, Steps: v.Steps}
	return t.Check(ref)
}

// Complete of a frozen version finds nothing: its template was complete.
func (v *TemplateVersion) Complete() Problems { return nil }

// Terms of a version link it to its template.
func (v *TemplateVersion) Terms() []Term {
	var out terms
	out.add(FieldTemplate, v.TemplateID)
	return out
}

// Words of a version are its template's title: it is not searched by itself.
func (v *TemplateVersion) Words() Words { return v.words() }

func (v *TemplateVersion) bind(ref *Reference) { bindSteps(ref, v, v.Roles, v.Steps) }

// Role that is needed.
func (r *TemplateRole) Role() *Concept { return r.ref.Concept(r.RoleIRI) }

// Role that takes part.
func (r *RaciEntry) Role() *Concept { return r.ref.Concept(r.RoleIRI) }

// Deliverables of the step, as kinds of output.
func (s *TemplateStep) Deliverables() []*Concept { return s.ref.Concepts(s.DeliverableIRIs) }

// DiffKind says what happened to a step between two versions.
type DiffKind string

// Kinds of difference.
const (
	StepAdded     DiffKind = "ADDED"
	StepRemoved   DiffKind = "REMOVED"
	StepChanged   DiffKind = "CHANGED"
	StepMoved     DiffKind = "MOVED"
	StepUnchanged DiffKind = "UNCHANGED"
)

// StepDiff is one step in two versions; Before or After is nil where the step is not there.
type StepDiff struct {
	Key           string
	Kind          DiffKind
	Before, After *TemplateStep
}

// Diff tells what this version changed against an older one, in the order of this version with removed steps last.
func (v *TemplateVersion) Diff(older *TemplateVersion) []*StepDiff {
	was := map[string]*TemplateStep{}
	for _, s := range older.Steps {
		was[s.Key] = s
	}
	var out []*StepDiff
	for _, s := range v.Steps {
		b := was[s.Key]
		delete(was, s.Key)
		d := &StepDiff{Key: s.Key, Before: b, After: s}
		switch {
		case b == nil:
			d.Kind = StepAdded
		case !sameStep(b, s):
			d.Kind = StepChanged
		case b.Position != s.Position:
			d.Kind = StepMoved
		default:
			d.Kind = StepUnchanged
		}
		out = append(out, d)
	}
	for _, s := range older.Steps {
		if was[s.Key] != nil {
			out = append(out, &StepDiff{Key: s.Key, Kind: StepRemoved, Before: s})
		}
	}
	return out
}

func sameStep(a, b *TemplateStep) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && string(x) == string(y)
}

// parseNumber reads a version number of three parts (semver without suffixes).
func parseNumber(s string) (n [3]int, ok bool) {
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		return n, false
	}
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || v < 0 || strconv.Itoa(v) != p {
			return n, false
		}
		n[i] = v
	}
	return n, true
}

func compareNumbers(a, b string) int {
	x, _ := parseNumber(a)
	y, _ := parseNumber(b)
	return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1]), cmp.Compare(x[2], y[2]))
}
