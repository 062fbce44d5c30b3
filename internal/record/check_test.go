package record

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// vocabulary is the reference data of these tests.
func vocabulary() *Reference {
	concept := func(s Scheme, notation string, level int) *Concept {
		return &Concept{ID: ConceptID(s, notation), IRI: ConceptIRI(s, notation), Scheme: s, Notation: notation, Label: NL(notation), Level: level}
	}
	return NewReference(
		NewVocabularies([]*Concept{concept(License, "cc-by-4.0", 0), concept(PolicyDomain, "wonen", 0), concept(PolicyDomain, "zorg", 0), concept(PolicyDomain, "werk", 0), concept(PolicyDomain, "jeugd", 0),
			concept(Method, "datamatch", 1), concept(Method, "regressie", 3), concept(TeamRole, "cbs", 0), concept(AccessRoute, "udc", 0), concept(OutputKind, "rapport", 0),
			concept(PolicyUseKind, "raad", 0), concept(PolicyUseKind, "geen", 0), concept(EmbargoGround, "besluit", 0), concept(StopReason, "geen-data", 0)}),
		nil,
		[]*Municipality{{Code: "GM0546", Name: "Leiden", Province: "Zuid-Holland", Population: 127_089, ReferenceYear: 2022}, {Code: "GM0503", Name: "Delft", Province: "Zuid-Holland", Urbanity: 1}},
		[]*Organization{{ID: "org_udc", Slug: "udc", Name: "UDC", Kind: MunicipalUDC}, {ID: "org_cbs", Slug: "cbs", Name: "CBS", Kind: StatisticsOffice}},
		[]*DataSource{{ID: "src_1", IRI: "urn:uuid:1", Name: "Register", Holder: "Houder"}},
	)
}

func has(ps Problems, code Code, field string) bool {
	return slices.ContainsFunc(ps, func(p Problem) bool { return p.Code == code && strings.Join(p.Field, ".") == field })
}

func project() *Project {
	return &Project{
		Spine: Spine{ID: NewID("prj"), PublisherID: "org_udc", Provenance: Own, Audience: Public, Language: Dutch, Title: NL("Titel"), Summary: NL("Samenvatting"), LicenseIRI: CCBY},
		Phase: Running, Question: NL("Waar?"), PolicyDomainIRIs: []string{ConceptIRI(PolicyDomain, "wonen")}, MunicipalityCodes: []string{"GM0546"},
	}
}

func TestACompleteProjectHasNoProblems(t *testing.T) {
	p := project()
	if ps := append(p.Check(vocabulary()), p.Complete()...); len(ps) > 0 {
		t.Error(ps)
	}
}

func TestWhatIsWrongWithAProjectIsSaid(t *testing.T) {
	ref := vocabulary()
	for _, c := range []struct {
		name  string
		spoil func(*Project)
		code  Code
		field string
	}{
		{"no title", func(p *Project) { p.Title = NL("  ") }, Required, "title"},
		{"a long title", func(p *Project) { p.Title = NL(strings.Repeat("é", 301)) }, TooLong, "title"},
		{"a title with a control character", func(p *Project) { p.Title = NL("a\x00b") }, Invalid, "title"},
		{"half a character", func(p *Project) { p.Summary = NL("a\xff") }, Invalid, "summary"},
		{"a language that is none", func(p *Project) { p.Question = Text{"nederlands; --": "Waar?"} }, Invalid, "question"},
		{"an audience that is none", func(p *Project) { p.Audience = "FRIENDS" }, Invalid, "audience"},
		{"a language of the record that is none", func(p *Project) { p.Language = "de" }, Invalid, "contentLanguage"},
		{"a licence of another vocabulary", func(p *Project) { p.LicenseIRI = ConceptIRI(Method, "datamatch") }, UnknownConcept, "license"},
		{"a link that is none", func(p *Project) { p.SourceLinks = []string{"javascript:alert(1)"} }, Invalid, "sourceLinks"},
		{"many links", func(p *Project) { p.SourceLinks = make([]string, 21) }, TooMany, "sourceLinks"},
		{"a phase that is none", func(p *Project) { p.Phase = "BEZIG" }, Invalid, "phase"},
		{"no phase", func(p *Project) { p.Phase = "" }, Invalid, "phase"},
		{"a complexity that is none", func(p *Project) { p.Complexity = "HARD" }, Invalid, "complexity"},
		{"four policy domains", func(p *Project) {
			for _, n := range []string{"zorg", "werk", "jeugd"} {
				p.PolicyDomainIRIs = append(p.PolicyDomainIRIs, ConceptIRI(PolicyDomain, n))
			}
		}, TooMany, "policyDomains"},
		{"an unknown policy domain", func(p *Project) { p.PolicyDomainIRIs = []string{"urn:x"} }, UnknownConcept, "policyDomains"},
		{"an unknown municipality", func(p *Project) { p.MunicipalityCodes = []string{"Bergen"} }, NotFound, "municipalities"},
		{"a day that does not exist", func(p *Project) { p.StartedOn = "2026-02-30" }, Invalid, "startedOn"},
		{"negative days", func(p *Project) { d := -.5; p.EffortDays = &d }, Invalid, "effortDays"},
		{"negative cost", func(p *Project) { e := -1; p.CostEuro = &e }, Invalid, "costEuro"},
		{"an unknown sender", func(p *Project) { p.CommunicationSenderIDs = []string{"org_x"} }, NotFound, "communicationSenders"},
		{"an unknown source", func(p *Project) {
			p.Sources = []*SourceUse{{SourceIRI: "urn:x", AccessRouteIRI: ConceptIRI(AccessRoute, "udc")}}
		}, NotFound, "sources.source"},
		{"a source without a route", func(p *Project) { p.Sources = []*SourceUse{{SourceIRI: "urn:uuid:1"}} }, Required, "sources.accessRoute"},
		{"a team member without a role", func(p *Project) { p.Team = []*TeamMember{{Label: "iemand"}} }, Required, "team.role"},
		{"a contact without a label", func(p *Project) { p.Contacts = []*Contact{{Email: "udc@leiden.nl"}} }, Required, "contacts.label"},
		{"a contact at no address", func(p *Project) { p.Contacts = []*Contact{{Label: "loket", Email: "loket"}} }, Invalid, "contacts.email"},
		{"an output without a title", func(p *Project) {
			p.Outputs = []*Output{{KindIRI: ConceptIRI(OutputKind, "rapport"), ProducedBy: "org_udc"}}
		}, Required, "outputs.title"},
		{"an output without a producer", func(p *Project) { p.Outputs = []*Output{{KindIRI: ConceptIRI(OutputKind, "rapport"), Title: NL("x")}} }, Required, "outputs.producedBy"},
		{"an output at a script", func(p *Project) { p.Outputs = []*Output{{URL: "data:text/html,x"}} }, Invalid, "outputs.url"},
		{"a use without a kind", func(p *Project) { p.PolicyUses = []*PolicyUse{{Title: NL("x")}} }, Required, "policyUses.kind"},
		{"many outputs", func(p *Project) {
			for range 51 {
				p.Outputs = append(p.Outputs, &Output{})
			}
		}, TooMany, "outputs"},
		{"an embargo on nothing", func(p *Project) { p.Embargoes = []*Embargo{{GroundIRI: ConceptIRI(EmbargoGround, "besluit")}} }, Invalid, "scope"},
		{"an embargo without a ground", func(p *Project) { p.Embargoes = []*Embargo{{Scope: ResultsScope}} }, Required, "ground"},
		{"an embargo with a short reason", func(p *Project) {
			p.Embargoes = []*Embargo{{Scope: ResultsScope, State: EmbargoActive, Reason: strings.Repeat("é", 19)}}
		}, Required, "reason"},
	} {
		p := project()
		c.spoil(p)
		if ps := p.Check(ref); !has(ps, c.code, c.field) {
			t.Errorf("%s: got %v, want %s at %s", c.name, ps, c.code, c.field)
		}
	}
}

func TestTwentyCharactersAreEnoughReasonForAnEmbargo(t *testing.T) {
	p := project()
	p.Embargoes = []*Embargo{{Scope: ResultsScope, GroundIRI: ConceptIRI(EmbargoGround, "besluit"), State: EmbargoActive, Reason: strings.Repeat("é", 20)}}
	if ps := p.Check(vocabulary()); len(ps) > 0 {
		t.Error(ps)
	}
}

func TestWhatIsMissingFromAProjectIsSaid(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*Project)
		field string
	}{
		{"no Dutch title", func(p *Project) { p.Title = Text{English: "Title"} }, "title"},
		{"no Dutch summary", func(p *Project) { p.Summary = Text{English: "Summary"} }, "summary"},
		{"no question", func(p *Project) { p.Question = nil }, "question"},
		{"no policy domain", func(p *Project) { p.PolicyDomainIRIs = nil }, "policyDomains"},
		{"no municipality", func(p *Project) { p.MunicipalityCodes = nil }, "municipalities"},
		{"done without an answer", func(p *Project) { p.Phase = Done }, "answer"},
		{"stopped without a reason", func(p *Project) { p.Phase = Stopped }, "stopReason"},
	} {
		p := project()
		c.spoil(p)
		if ps := p.Complete(); len(ps) != 1 || !has(ps, Required, c.field) {
			t.Errorf("%s: got %v", c.name, ps)
		}
	}
}

func lesson() *Lesson {
	return &Lesson{Spine: Spine{ID: NewID("les"), Audience: Public, Language: Dutch, Title: NL("Les")}, Kind: Do, Context: NL("Bij de start."), Recommendation: NL("Doe dit."),
		Steps: []StepRef{{IRI: Namespace + "step/vraag", Key: "vraag"}}}
}

func TestWhatIsWrongWithALessonIsSaid(t *testing.T) {
	if ps := append(lesson().Check(vocabulary()), lesson().Complete()...); len(ps) > 0 {
		t.Fatal(ps)
	}
	for _, c := range []struct {
		name  string
		spoil func(*Lesson)
		code  Code
		field string
	}{
		{"a kind that is none", func(l *Lesson) { l.Kind = "MAYBE" }, Invalid, "kind"},
		{"a step at no address", func(l *Lesson) { l.Steps[0].IRI = "vraag" }, NotFound, "steps"},
		{"a step with a key that no step can have", func(l *Lesson) { l.Steps[0].Key = strings.Repeat("x", 5000) }, NotFound, "steps"},
		{"many steps", func(l *Lesson) { l.Steps = slices.Repeat(l.Steps, 21) }, TooMany, "steps"},
		{"many projects", func(l *Lesson) { l.ProjectIDs = make([]string, 51) }, TooMany, "projects"},
		{"an unknown role", func(l *Lesson) { l.RoleIRIs = []string{ConceptIRI(Method, "datamatch")} }, UnknownConcept, "roles"},
		{"a review on no day", func(l *Lesson) { l.ReviewBy = "morgen" }, Invalid, "reviewBy"},
		{"a long context", func(l *Lesson) { l.Context = NL(strings.Repeat("x", 64_001)) }, TooLong, "context"},
		{"no context", func(l *Lesson) { l.Context = nil }, Required, "context"},
		{"no recommendation", func(l *Lesson) { l.Recommendation = nil }, Required, "recommendation"},
		{"no step", func(l *Lesson) { l.Steps = nil }, Required, "steps"},
	} {
		l := lesson()
		c.spoil(l)
		if ps := append(l.Check(vocabulary()), l.Complete()...); !has(ps, c.code, c.field) {
			t.Errorf("%s: got %v", c.name, ps)
		}
	}
}

func TestWhatIsWrongWithATemplateIsSaid(t *testing.T) {
	good := func() *ProcessTemplate {
		tpl := template("1.0.0", "a", "b<a")
		tpl.Audience, tpl.Summary = Public, NL("Samenvatting")
		return tpl
	}
	if ps := append(good().Check(vocabulary()), good().Complete()...); len(ps) > 0 {
		t.Fatal(ps)
	}
	for _, c := range []struct {
		name  string
		spoil func(*ProcessTemplate)
		code  Code
		field string
	}{
		{"a number that is none", func(x *ProcessTemplate) { x.Number = "1.0" }, Invalid, "number"},
		{"no number", func(x *ProcessTemplate) { x.Number = "" }, Required, "number"},
		{"a key with capitals", func(x *ProcessTemplate) { x.Steps[0].Key = "Vraag" }, Invalid, "steps.key"},
		{"a key that ends on a line", func(x *ProcessTemplate) { x.Steps[0].Key = "vraag\n" }, Invalid, "steps.key"},
		{"the same key twice", func(x *ProcessTemplate) { x.Steps[1].Key = "a" }, Duplicate, "steps.key"},
		{"a step after itself", func(x *ProcessTemplate) { x.Steps[0].StartsAfter = []string{"a"} }, Invalid, "steps.startsAfter"},
		{"a step after nothing", func(x *ProcessTemplate) { x.Steps[0].StartsAfter = []string{"z"} }, Invalid, "steps.startsAfter"},
		{"a step beside nothing", func(x *ProcessTemplate) { x.Steps[0].ParallelWith = []string{"z"} }, Invalid, "steps.startsAfter"},
		{"a cycle", func(x *ProcessTemplate) { x.Steps[0].StartsAfter = []string{"b"} }, Invalid, "steps.startsAfter"},
		{"a step without a title", func(x *ProcessTemplate) { x.Steps[0].Title = nil }, Required, "steps.title"},
		{"a step without a purpose", func(x *ProcessTemplate) { x.Steps[0].Purpose = nil }, Required, "steps.purpose"},
		{"a letter that RACI does not have", func(x *ProcessTemplate) {
			x.Steps[0].Raci = []*RaciEntry{{RoleIRI: ConceptIRI(TeamRole, "cbs"), Raci: "S"}}
		}, Invalid, "steps.raci"},
		{"an unknown role", func(x *ProcessTemplate) { x.Roles = []*TemplateRole{{RoleIRI: "urn:x"}} }, UnknownConcept, "roles.role"},
		{"minus one", func(x *ProcessTemplate) {
			x.Roles = []*TemplateRole{{RoleIRI: ConceptIRI(TeamRole, "cbs"), Minimum: -1}}
		}, Invalid, "roles.minimum"},
		{"many steps", func(x *ProcessTemplate) { x.Steps = slices.Repeat(x.Steps, 26) }, TooMany, "steps"},
		{"no steps", func(x *ProcessTemplate) { x.Steps = nil }, Required, "steps"},
		{"an empty check", func(x *ProcessTemplate) { x.Steps[0].Checklist = []*TemplateCheck{{Key: "c1"}} }, Required, "steps.checklist"},
	} {
		x := good()
		c.spoil(x)
		if ps := append(x.Check(vocabulary()), x.Complete()...); !has(ps, c.code, c.field) {
			t.Errorf("%s: got %v", c.name, ps)
		}
	}
}

func TestTheDutyToPublishIsNeverTakenBack(t *testing.T) {
	ref := vocabulary()
	before := project()
	before.Outputs = []*Output{{Key: "o1", ProducedBy: "org_cbs"}, {Key: "o2", ProducedBy: "org_udc"}}
	before.Derive(ref, time.Now())
	if !before.Outputs[0].MustBecomePublic || before.Outputs[1].MustBecomePublic {
		t.Fatal("the duty does not follow from the producer")
	}
	after := project()
	after.Outputs = []*Output{{Key: "o1", ProducedBy: "org_udc"}, {Key: "o2", ProducedBy: "org_udc"}, {Key: "o3", ProducedBy: "org_udc"}}
	after.Keep(before, time.Now())
	after.Derive(ref, time.Now())
	if !after.Outputs[0].MustBecomePublic || after.Outputs[1].MustBecomePublic || after.Outputs[2].MustBecomePublic {
		t.Errorf("got %v %v %v", after.Outputs[0].MustBecomePublic, after.Outputs[1].MustBecomePublic, after.Outputs[2].MustBecomePublic)
	}
}

func TestTheDegreeOfComplexityFollowsFromTheMethods(t *testing.T) {
	p := project()
	p.MethodIRIs = []string{ConceptIRI(Method, "datamatch"), ConceptIRI(Method, "regressie")}
	p.Derive(vocabulary(), time.Now())
	if p.Complexity != Advanced {
		t.Errorf("got %q", p.Complexity)
	}
	p.Complexity = Simple
	if p.Derive(vocabulary(), time.Now()); p.Complexity != Simple {
		t.Error("the author's own choice was overruled")
	}
}

func TestTermsFollowFromTheMunicipalities(t *testing.T) {
	p := project()
	p.MunicipalityCodes = []string{"GM0546", "GM0503", "GM0546"}
	NewGroup(vocabulary(), p)
	var got []string
	for _, x := range TermsOf(p) {
		switch x.Field {
		case FieldMunicipality, FieldProvince, FieldSizeClass, FieldUrbanity, FieldKind, FieldLanguage:
			got = append(got, string(x.Field)+"="+x.Value)
		}
	}
	slices.Sort(got)
	want := []string{"kind=PROJECT", "language=nl", "municipality=GM0503", "municipality=GM0546", "province=Zuid-Holland", "sizeClass=K100_150", "urbanity=1"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
