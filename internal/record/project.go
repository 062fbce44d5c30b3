package record

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Phase of a project.
type Phase string

// Phases: idea → intake → running → done; running ⇄ on hold; any → stopped.
const (
	Idea    Phase = "IDEA"
	Intake  Phase = "INTAKE"
	Running Phase = "RUNNING"
	OnHold  Phase = "ON_HOLD"
	Done    Phase = "DONE"
	Stopped Phase = "STOPPED"
)

// Phases in the order of the public contract.
var Phases = []Phase{Idea, Intake, Running, OnHold, Done, Stopped}

// Complexity of the data work. It never ranks: the interview calls simple work "al heel effectief en goed om mee te
// beginnen".
type Complexity string

// Degrees of complexity.
const (
	Simple   Complexity = "SIMPLE"
	Moderate Complexity = "MODERATE"
	Advanced Complexity = "ADVANCED"
)

// Complexities in the order of the public contract.
var Complexities = []Complexity{Simple, Moderate, Advanced}

// Project is the description of a data project: the question, how it was answered and what was done with the answer.
type Project struct {
	Spine
	Phase Phase `json:"phase" plein:"progress"`
	// Question is one sentence, as the policy maker would ask it.
	Question         Text     `json:"question,omitempty" plein:"content"`
	Occasion         Text     `json:"occasion,omitempty" plein:"content"`
	Answer           Text     `json:"answer,omitempty" plein:"content,hide=RESULTS"`
	PolicyDomainIRIs []string `json:"policyDomains,omitempty" plein:"content"`
	TargetGroupIRIs  []string `json:"targetGroups,omitempty" plein:"content"`
	GeoLevelIRI      string   `json:"geoLevel,omitempty" plein:"content"`
	// MunicipalityCodes are CBS codes of the municipalities that the project is about.
	MunicipalityCodes []string     `json:"municipalities,omitempty" plein:"content"`
	MethodIRIs        []string     `json:"methods,omitempty" plein:"content"`
	Complexity        Complexity   `json:"complexity,omitempty" plein:"content"`
	GoodFirstProject  bool         `json:"goodFirstProject,omitempty" plein:"content"`
	Sources           []*SourceUse `json:"sources,omitempty" plein:"content"`
	TemplateID        string       `json:"template,omitempty" plein:"content,id=PROCESS_TEMPLATE"`
	TemplateVersionID string       `json:"templateVersion,omitempty" plein:"content,id=PROCESS_TEMPLATE_VERSION"`
	StartedOn         Date         `json:"startedOn,omitempty" plein:"progress"`
	FinishedOn        Date         `json:"finishedOn,omitempty" plein:"progress"`
	EffortDays        *float64     `json:"effortDays,omitempty" plein:"content"`
	CostEuro          *int         `json:"costEuro,omitempty" plein:"content"`
	PressRelease      *bool        `json:"pressRelease,omitempty" plein:"content"`
	// CommunicationSenderIDs are the organisations that brought the results out.
	CommunicationSenderIDs []string      `json:"communicationSenders,omitempty" plein:"content,id=organization"`
	StopReasonIRI          string        `json:"stopReason,omitempty" plein:"progress"`
	Aliases                []string      `json:"aliases,omitempty" plein:"content"`
	Team                   []*TeamMember `json:"team,omitempty" plein:"progress"`
	Contacts               []*Contact    `json:"contacts,omitempty" plein:"content"`
	Outputs                []*Output     `json:"outputs,omitempty" plein:"content,hide=OUTPUTS"`
	PolicyUses             []*PolicyUse  `json:"policyUses,omitempty" plein:"content,hide=RESULTS"`
	Embargoes              []*Embargo    `json:"embargoes,omitempty" plein:"progress"`
	// BasedOn is what this project builds on.
	BasedOn []*Reuse `json:"basedOn,omitempty" plein:"content"`
	// HiddenReuseIDs are the projects that say that they build on this one, and do not in the eyes of its publisher.
	HiddenReuseIDs []string `json:"hiddenReuses,omitempty" plein:"progress,id=PROJECT"`
	// SpentKeys are keys of parts that were taken away, the highest of each list: they are of nothing else afterwards.
	SpentKeys []string `json:"spentKeys,omitempty" plein:"private"`

	// public is what readers see now, beside a working copy.
	public *Project
}

// SourceUse is a data source, how the project got at it and what it was linked with.
type SourceUse struct {
	SourceIRI      string   `json:"source" plein:"part"`
	AccessRouteIRI string   `json:"accessRoute" plein:"part"`
	LinkedWithIRIs []string `json:"linkedWith,omitempty" plein:"part"`
	Note           string   `json:"note,omitempty" plein:"part"`

	ref *Reference
}

// TeamMember is a seat in the team, by function and never by name.
type TeamMember struct {
	RoleIRI        string `json:"role" plein:"part"`
	OrganizationID string `json:"organization,omitempty" plein:"part,id=organization"`
	Unit           string `json:"unit,omitempty" plein:"part"`
	Label          string `json:"label,omitempty" plein:"part"`

	group *Group
}

// Contact is a function that answers questions about the project.
type Contact struct {
	Label            string `json:"label" plein:"part"`
	Email            string `json:"email,omitempty" plein:"part"`
	IsAmbassador     bool   `json:"isAmbassador,omitempty" plein:"part"`
	WillingToPresent bool   `json:"willingToPresent,omitempty" plein:"part"`
}

// Output is what a project delivered.
type Output struct {
	Key         string `json:"key" plein:"part"`
	KindIRI     string `json:"kind" plein:"part"`
	Title       Text   `json:"title" plein:"part"`
	Description Text   `json:"description,omitempty" plein:"part"`
	URL         string `json:"url,omitempty" plein:"part"`
	MediaType   string `json:"mediaType,omitempty" plein:"part"`
	File        *File  `json:"file,omitempty" plein:"part"`
	LicenseIRI  string `json:"license,omitempty" plein:"part"`
	ProducedBy  string `json:"producedBy" plein:"part,id=organization"`
	// MustBecomePublic is computed from the producer and never goes back to false (the interview: what CBS delivers
	// always becomes public, also when the results disappoint).
	MustBecomePublic bool `json:"mustBecomePublic" plein:"part"`
	DeliveredOn      Date `json:"deliveredOn,omitempty" plein:"part"`
	// DeliveryNotedOn is the day on which the delivery was first written down: it was not later than that.
	DeliveryNotedOn Date `json:"deliveryNotedOn,omitempty" plein:"part"`
	PublishedOn     Date `json:"publishedOn,omitempty" plein:"part"`

	ID      string `json:"-" plein:"part"`
	project *Project
}

// PolicyUse is what a municipality did with an answer.
type PolicyUse struct {
	Key         string `json:"key" plein:"part"`
	KindIRI     string `json:"kind" plein:"part"`
	Title       Text   `json:"title" plein:"part"`
	Description Text   `json:"description,omitempty" plein:"part"`
	DocumentURL string `json:"documentUrl,omitempty" plein:"part"`
	DecidedOn   Date   `json:"decidedOn,omitempty" plein:"part"`
	// Body is what decided, such as the municipal council.
	Body string `json:"body,omitempty" plein:"part"`

	ID  string `json:"-" plein:"part"`
	ref *Reference
}

func (p *Project) embargoes() []*Embargo      { return p.Embargoes }
func (p *Project) setEmbargoes(es []*Embargo) { p.Embargoes = es }

// Embargo is the last one that was placed, or nil.
func (p *Project) Embargo() *Embargo {
	if len(p.Embargoes) == 0 {
		return nil
	}
	return p.Embargoes[len(p.Embargoes)-1]
}

// Check lists what is wrong with the project.
func (p *Project) Check(ref *Reference) Problems {
	var c checks
	p.check(&c, ref)
	if !slices.Contains(Phases, p.Phase) {
		c.add(Wrong(Invalid, "Kies een fase.", "Choose a phase.", "phase"))
	}
	if p.Complexity != "" && !slices.Contains(Complexities, p.Complexity) {
		c.add(Wrong(Invalid, "Kies hoe ingewikkeld het project is.", "Choose how complex the project is.", "complexity"))
	}
	c.text(p.Question, middleText, "question")
	c.text(p.Occasion, longText, "occasion")
	c.text(p.Answer, longText, "answer")
	c.concepts(ref, PolicyDomain, p.PolicyDomainIRIs, 3, "policyDomains")
	c.concepts(ref, TargetGroup, p.TargetGroupIRIs, 10, "targetGroups")
	c.concepts(ref, Method, p.MethodIRIs, 10, "methods")
	c.concept(ref, GeoLevel, p.GeoLevelIRI, "geoLevel")
	c.concept(ref, StopReason, p.StopReasonIRI, "stopReason")
	if len(p.MunicipalityCodes) > 400 {
		c.add(tooMany(400, "municipalities"))
	}
	for _, m := range p.MunicipalityCodes {
		if ref.Municipality(m) == nil {
			c.add(noMunicipality(m, "municipalities"))
		}
	}
	c.date(p.StartedOn, "startedOn")
	c.date(p.FinishedOn, "finishedOn")
	if d := p.EffortDays; d != nil && !(*d >= 0 && *d <= 100_000) { // NaN is neither
		c.add(Wrong(Invalid, "Geef het aantal dagen als een getal vanaf 0.", "Give the days as a number from 0.", "effortDays"))
	}
	if p.CostEuro != nil && (*p.CostEuro < 0 || *p.CostEuro > math.MaxInt32) {
		c.add(Wrong(Invalid, "Geef de kosten als een bedrag vanaf 0.", "Give the cost as an amount from 0.", "costEuro"))
	}
	if len(p.CommunicationSenderIDs) > 20 {
		c.add(tooMany(20, "communicationSenders"))
	}
	for _, o := range p.CommunicationSenderIDs {
		c.organization(ref, o, "communicationSenders")
	}
	if len(p.Aliases) > 20 {
		c.add(tooMany(20, "aliases"))
	}
	for _, a := range p.Aliases {
		c.string(a, shortText, "aliases")
	}
	p.checkParts(&c, ref)
	return c.found
}

func (p *Project) checkParts(c *checks, ref *Reference) {
	for _, list := range []struct {
		n     int
		field string
	}{{len(p.Sources), "sources"}, {len(p.Team), "team"}, {len(p.Contacts), "contacts"}, {len(p.Outputs), "outputs"}, {len(p.PolicyUses), "policyUses"}} {
		if list.n > 50 {
			c.add(tooMany(50, list.field))
		}
	}
	for _, s := range p.Sources {
		if len(s.LinkedWithIRIs) > 20 {
			c.add(tooMany(20, "sources", "linkedWith"))
		}
		for _, iri := range append([]string{s.SourceIRI}, s.LinkedWithIRIs...) {
			if ref.DataSource(iri) == nil {
				c.add(NoSuch("sources", "source"))
			}
		}
		if s.AccessRouteIRI == "" {
			c.add(missing("sources", "accessRoute"))
		}
		c.concept(ref, AccessRoute, s.AccessRouteIRI, "sources", "accessRoute")
		c.string(s.Note, middleText, "sources", "note")
	}
	for _, m := range p.Team {
		if m.RoleIRI == "" {
			c.add(missing("team", "role"))
		}
		c.concept(ref, TeamRole, m.RoleIRI, "team", "role")
		c.organization(ref, m.OrganizationID, "team", "organization")
		c.string(m.Unit, shortText, "team", "unit")
		c.string(m.Label, shortText, "team", "label")
	}
	for _, x := range p.Contacts {
		if strings.TrimSpace(x.Label) == "" {
			c.add(missing("contacts", "label"))
		}
		c.string(x.Label, shortText, "contacts", "label")
		if x.Email != "" && !isEmail(x.Email) {
			c.add(Wrong(Invalid, "Dit is geen e-mailadres.", "This is not an e-mail address.", "contacts", "email"))
		}
	}
	for _, o := range p.Outputs {
		if strings.TrimSpace(o.Title.In(p.Language)) == "" {
			c.add(missing("outputs", "title"))
		}
		if o.KindIRI == "" {
			c.add(missing("outputs", "kind"))
		}
		if o.ProducedBy == "" {
			c.add(missing("outputs", "producedBy"))
		}
		c.text(o.Title, shortText, "outputs")
		c.text(o.Description, middleText, "outputs")
		c.concept(ref, OutputKind, o.KindIRI, "outputs", "kind")
		c.concept(ref, License, o.LicenseIRI, "outputs", "license")
		c.organization(ref, o.ProducedBy, "outputs", "producedBy")
		c.web(o.URL, "outputs", "url")
		c.date(o.DeliveredOn, "outputs", "deliveredOn")
		c.date(o.PublishedOn, "outputs", "publishedOn")
	}
	for _, u := range p.PolicyUses {
		if strings.TrimSpace(u.Title.In(p.Language)) == "" {
			c.add(missing("policyUses", "title"))
		}
		if u.KindIRI == "" {
			c.add(missing("policyUses", "kind"))
		}
		c.text(u.Title, shortText, "policyUses")
		c.text(u.Description, middleText, "policyUses")
		c.concept(ref, PolicyUseKind, u.KindIRI, "policyUses", "kind")
		c.web(u.DocumentURL, "policyUses", "documentUrl")
		c.date(u.DecidedOn, "policyUses", "decidedOn")
		c.string(u.Body, shortText, "policyUses", "body")
	}
	for _, e := range p.Embargoes {
		e.check(c, ref)
		if p.Provenance != Peer {
			e.checkReason(c)
		}
	}
	p.checkReuses(c)
}

func (c *checks) organization(ref *Reference, id string, field ...string) {
	if id != "" && ref.Organization(id) == nil {
		c.add(NoSuch(field...))
	}
}

// Complete lists what a project of one's own still needs before it can be published.
func (p *Project) Complete() Problems {
	var c checks
	p.complete(&c)
	if strings.TrimSpace(p.Question.In(p.Language)) == "" {
		c.add(missing("question"))
	}
	if len(p.PolicyDomainIRIs) == 0 {
		c.add(missing("policyDomains"))
	}
	if len(p.MunicipalityCodes) == 0 {
		c.add(missing("municipalities"))
	}
	if p.Phase == Done && strings.TrimSpace(p.Answer.In(p.Language)) == "" {
		c.add(missing("answer"))
	}
	if p.Phase == Stopped && p.StopReasonIRI == "" {
		c.add(missing("stopReason"))
	}
	return c.found
}

// Keep holds on to what cannot be undone, and lists what tried to: the duty to publish, which does not end when another
// producer is named, what happened to embargoes, and the keys that were given.
func (p *Project) Keep(before Record, now time.Time) (ps Problems) {
	if old, ok := before.(*Project); ok {
		ps = append(p.keepDuties(old, now), p.keepEmbargoes(old)...)
		p.spendKeys(old)
	}
	p.noteDeliveries(now)
	return ps
}

// Derive fills in the duty to publish, the states of embargoes, and the complexity where the methods tell it.
func (p *Project) Derive(ref *Reference, now time.Time) {
	for _, o := range p.Outputs {
		if by := ref.Organization(o.ProducedBy); by != nil && by.Kind == StatisticsOffice {
			o.MustBecomePublic = true
		}
	}
	for _, e := range p.Embargoes {
		e.Until = Instant(e.Until)
		e.State = e.stateAt(now)
	}
	if p.Complexity == "" {
		level := 0
		for _, m := range ref.Concepts(p.MethodIRIs) {
			level = max(level, m.Level)
		}
		if level > 0 {
			p.Complexity = Complexities[level-1]
		}
	}
}

// Links of a project.
func (p *Project) Links() []Link {
	var out []Link
	if p.TemplateVersionID != "" {
		out = append(out, Link{TemplateVersionType, p.TemplateVersionID, "templateVersion"})
	}
	for _, r := range p.BasedOn {
		out = append(out, Link{ProjectType, r.SubjectID, "basedOn"})
	}
	return out
}

// KnownComplexity is nil when nobody said.
func (p *Project) KnownComplexity() *Complexity { return known(p.Complexity) }

// DurationWeeks is the time between start and finish in whole weeks, where both days are known.
func (p *Project) DurationWeeks() *int {
	from, err := time.Parse(time.DateOnly, string(p.StartedOn))
	if err != nil {
		return nil
	}
	to, err := time.Parse(time.DateOnly, string(p.FinishedOn))
	if err != nil || to.Before(from) {
		return nil
	}
	weeks := int(to.Sub(from).Hours() / (24 * 7))
	return &weeks
}

// UsedInPolicy tells whether the answer was used.
func (p *Project) UsedInPolicy() bool {
	none := ConceptIRI(PolicyUseKind, "geen")
	return slices.ContainsFunc(p.PolicyUses, func(u *PolicyUse) bool { return u.KindIRI != none })
}

// Terms of a project.
func (p *Project) Terms() []Term {
	var t terms
	t.add(FieldPolicyDomain, p.PolicyDomainIRIs...)
	t.add(FieldTargetGroup, p.TargetGroupIRIs...)
	t.add(FieldGeoLevel, p.GeoLevelIRI)
	t.add(FieldMunicipality, p.MunicipalityCodes...)
	t.add(FieldMethod, p.MethodIRIs...)
	t.add(FieldPhase, string(p.Phase))
	t.add(FieldComplexity, string(p.Complexity))
	t.add(FieldYear, p.StartedOn.Year())
	t.add(FieldTemplate, p.TemplateID)
	t.add(FieldTemplateVersion, p.TemplateVersionID)
	t.flag(FieldGoodFirstProject, p.GoodFirstProject)
	t.flag(FieldUsedInPolicy, p.UsedInPolicy())
	t.flag(FieldHasTemplate, p.TemplateVersionID != "")
	for _, s := range p.Sources {
		t.add(FieldSource, s.SourceIRI)
		t.add(FieldSource, s.LinkedWithIRIs...)
		t.add(FieldAccessRoute, s.AccessRouteIRI)
	}
	for _, o := range p.Outputs {
		t.add(FieldOutputKind, o.KindIRI)
	}
	for _, r := range p.BasedOn {
		t.add(FieldBasedOn, r.SubjectID)
	}
	return t
}

// Words of a project.
func (p *Project) Words() Words {
	w := p.words()
	w.Body = append(w.Body, p.Question, p.Occasion, p.Answer)
	w.Tags = append(w.Tags, p.Aliases...)
	ref := p.Reference()
	for _, c := range ref.Concepts(slices.Concat(p.PolicyDomainIRIs, p.TargetGroupIRIs, p.MethodIRIs)) {
		w.Concepts = append(w.Concepts, c.Label)
	}
	for _, s := range p.Sources {
		if d := ref.DataSource(s.SourceIRI); d != nil {
			w.Tags = append(w.Tags, d.Name)
		}
		w.Body = append(w.Body, NL(s.Note))
	}
	for _, o := range p.Outputs {
		w.Body = append(w.Body, o.Title, o.Description)
	}
	for _, u := range p.PolicyUses {
		w.Body = append(w.Body, u.Title, u.Description)
	}
	for _, m := range ref.Municipalities(p.MunicipalityCodes) {
		w.Tags = append(w.Tags, m.Name)
	}
	return w
}

// PolicyDomains of the project.
func (p *Project) PolicyDomains() []*Concept { return p.Reference().Concepts(p.PolicyDomainIRIs) }

// TargetGroups of the project.
func (p *Project) TargetGroups() []*Concept { return p.Reference().Concepts(p.TargetGroupIRIs) }

// Methods of the project.
func (p *Project) Methods() []*Concept { return p.Reference().Concepts(p.MethodIRIs) }

// GeoLevel is the finest area that the project tells about.
func (p *Project) GeoLevel() *Concept { return p.Reference().Concept(p.GeoLevelIRI) }

// StopReason is why a stopped project stopped.
func (p *Project) StopReason() *Concept { return p.Reference().Concept(p.StopReasonIRI) }

// Municipalities that the project is about.
func (p *Project) Municipalities() []*Municipality {
	return p.Reference().Municipalities(p.MunicipalityCodes)
}

// CommunicationSenders brought the results out.
func (p *Project) CommunicationSenders() []*Organization {
	var out []*Organization
	for _, id := range p.CommunicationSenderIDs {
		if o := p.group.organization(id); o != nil {
			out = append(out, o)
		}
	}
	return out
}

// Source that was used.
func (s *SourceUse) Source() *DataSource { return s.ref.DataSource(s.SourceIRI) }

// AccessRoute by which the project got at the source.
func (s *SourceUse) AccessRoute() *Concept { return s.ref.Concept(s.AccessRouteIRI) }

// LinkedWith are the sources that this one was linked with.
func (s *SourceUse) LinkedWith() []*DataSource { return s.ref.DataSources(s.LinkedWithIRIs) }

// Role of the seat.
func (m *TeamMember) Role() *Concept { return m.group.ref.Concept(m.RoleIRI) }

// Organization that fills the seat, where it is known.
func (m *TeamMember) Organization() *Organization { return m.group.organization(m.OrganizationID) }

// IsNode marks what has an id of its own.
func (*Output) IsNode() {}

// Kind of output.
func (o *Output) Kind() *Concept { return o.project.group.ref.Concept(o.KindIRI) }

// License of the output, where it is known.
func (o *Output) License() *Concept { return o.project.group.ref.Concept(o.LicenseIRI) }

// Producer of the output.
func (o *Output) Producer() *Organization { return o.project.group.organization(o.ProducedBy) }

// IsNode marks what has an id of its own.
func (*PolicyUse) IsNode() {}

// Kind of use.
func (u *PolicyUse) Kind() *Concept { return u.ref.Concept(u.KindIRI) }

// bind gives the parts their ids and the reference data.
func (p *Project) bind(ref *Reference) {
	for _, s := range p.Sources {
		s.ref = ref
	}
	for _, m := range p.Team {
		m.group = p.group
	}
	for _, o := range p.Outputs {
		o.project, o.ID = p, PartID(p.ID, o.Key)
	}
	for _, u := range p.PolicyUses {
		u.ref, u.ID = ref, PartID(p.ID, u.Key)
	}
	for _, e := range p.Embargoes {
		e.project, e.ID = p, PartID(p.ID, e.Key)
	}
	for _, r := range p.BasedOn {
		r.project, r.ID = p, PartID(p.ID, r.Key)
	}
}

// namedOrganizations are those that parts of the project name.
func (p *Project) namedOrganizations() []string {
	out := slices.Clone(p.CommunicationSenderIDs)
	for _, m := range p.Team {
		out = append(out, m.OrganizationID)
	}
	for _, o := range p.Outputs {
		out = append(out, o.ProducedBy)
	}
	for _, e := range p.Embargoes {
		out = append(out, e.PlacedBy)
	}
	return out
}

// Part with this key that has an id of its own, or nil.
func (p *Project) Part(key string) Node {
	for _, o := range p.Outputs {
		if o.Key == key {
			return o
		}
	}
	for _, u := range p.PolicyUses {
		if u.Key == key {
			return u
		}
	}
	for _, e := range p.Embargoes {
		if e.Key == key {
			return e
		}
	}
	for _, r := range p.BasedOn {
		if r.Key == key {
			return r
		}
	}
	return nil
}
