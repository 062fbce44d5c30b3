package record

import (
	"slices"
	"testing"
	"time"
)

func TestEveryFieldThatDifferencesTellOfHasAName(t *testing.T) {
	for _, k := range Kinds() {
		if missing := Unlabelled(k.New()); len(missing) > 0 {
			t.Errorf("%s: %v have no name in nameLabels", k.Type, missing)
		}
	}
	type odd struct {
		Lesson
		Strange string `json:"strange" plein:"content"`
	}
	if got := Unlabelled(&odd{}); !slices.Equal(got, []string{"odd.strange"}) {
		t.Errorf("a field without a name gives %v", got)
	}
}

func differences(before, after Record, titles map[string]Text) []string {
	ref := NewReference(NewVocabularies([]*Concept{
		{IRI: ConceptIRI(Method, "datamatch"), Scheme: Method, Label: Text{Dutch: "datamatch", English: "data matching"}},
		{IRI: ConceptIRI(OutputKind, "rapport"), Scheme: OutputKind, Label: NL("rapport")},
	}), nil, []*Municipality{{Code: "GM0546", Name: "Leiden"}}, []*Organization{{ID: "org_cbs", Slug: "cbs", Name: "CBS"}}, nil)
	NewGroup(ref, before, after)
	var out []string
	for _, d := range Differences(before, after, titles) {
		out = append(out, d.Path+" ["+d.Label.In(Dutch)+"] "+d.Before.In(Dutch)+" → "+d.After.In(Dutch))
	}
	return out
}

func sameLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

func TestDifferencesAreInTheWordsOfPeople(t *testing.T) {
	yes, days := true, 12.5
	before := &Project{Spine: Spine{ID: "prj_1", Language: Dutch, Title: Text{Dutch: "Oud", English: "Old"}, Version: 1}, Phase: Running}
	after := &Project{Spine: Spine{ID: "prj_1", Language: Dutch, Title: Text{Dutch: "Nieuw", English: "New"}, Version: 2, Audience: Community}, Phase: Done,
		MethodIRIs: []string{ConceptIRI(Method, "datamatch"), "urn:unknown"}, MunicipalityCodes: []string{"GM0546"}, GoodFirstProject: true,
		TemplateVersionID: "tpv_1", StartedOn: "2027-01", EffortDays: &days, PressRelease: &yes, CommunicationSenderIDs: []string{"org_cbs"}}
	sameLines(t, "a project", differences(before, after, map[string]Text{"tpv_1": NL("Zes stappen 1.0.0")}),
		"audience [Wie dit mag lezen]  → Leden van dit Plein",
		"title [Titel] Oud → Nieuw",
		"title.en [Titel (Engels)] Old → New",
		"phase [Fase] Loopt → Klaar",
		"municipalities [Gemeenten]  → Leiden",
		"methods [Methoden]  → datamatch, urn:unknown",
		"goodFirstProject [Goed om mee te beginnen] Nee → Ja",
		"templateVersion [Versie van het sjabloon]  → Zes stappen 1.0.0",
		"startedOn [Begonnen op]  → januari 2027",
		"effortDays [Dagen werk]  → 12.5",
		"pressRelease [Persbericht]  → Ja",
		"communicationSenders [Afzenders van het nieuws]  → CBS")
	NewGroup(before.Reference(), before)
	for _, d := range Differences(before, after, nil) {
		if d.Path == "startedOn" && d.After.In(English) != "January 2027" || d.Path == "methods" && d.After.In(English) != "data matching, urn:unknown" || d.Path == "audience" && d.Before != nil {
			t.Errorf("in English %+v", d)
		}
	}
}

func TestPartsAreToldApartByTheirKeysWhereverTheyStand(t *testing.T) {
	rapport := ConceptIRI(OutputKind, "rapport")
	before := &Project{Spine: Spine{ID: "prj_1", Language: Dutch}, Outputs: []*Output{{Key: "o1", Title: NL("Een")}, {Key: "o2", Title: NL("Twee")}, {Key: "o3", Title: NL("Drie")}},
		Team: []*TeamMember{{RoleIRI: "r", Label: "a"}, {RoleIRI: "r", Label: "b"}}}
	after := &Project{Spine: Spine{ID: "prj_1", Language: Dutch}, Outputs: []*Output{{Key: "o3", Title: NL("Drie")}, {Key: "o2", Title: NL("Twee!")}, {Key: "o4", Title: NL("Vier"), KindIRI: rapport, DeliveredOn: "2027-02-01"}},
		Team: []*TeamMember{{RoleIRI: "r", Label: "a"}, {RoleIRI: "r", Label: "c"}}}
	sameLines(t, "outputs", differences(before, after, nil),
		"team.1.label [Team 2 · Functie] b → c",
		"outputs.1.title [Resultaten 2 · Titel] Twee → Twee!",
		"outputs.2.kind [Resultaten 3 · Soort]  → rapport",
		"outputs.2.title [Resultaten 3 · Titel]  → Vier",
		"outputs.2.deliveredOn [Resultaten 3 · Opgeleverd op]  → 1 februari 2027",
		"outputs.0.title [Resultaten 1 · Titel] Een → ",
		"outputs [Resultaten · volgorde] Twee, Drie → Drie, Twee!")
}

func TestDifferencesOfTemplatesReachTheirChecklists(t *testing.T) {
	step := func(key, check string) *TemplateStep {
		return &TemplateStep{Key: key, IRI: "urn:" + key, Title: NL("Stap " + key), Checklist: []*TemplateCheck{{Key: "c", Text: NL(check), LessonID: "les_1"}}}
	}
	before := &ProcessTemplate{Spine: Spine{ID: "tpl_1", Language: Dutch}, Steps: []*TemplateStep{step("a", "x"), step("b", "y")}, Versions: []*VersionRef{{ID: "tpv_1"}}}
	after := &ProcessTemplate{Spine: Spine{ID: "tpl_1", Language: Dutch}, Steps: []*TemplateStep{step("b", "y"), step("a", "z")}}
	sameLines(t, "a template", differences(before, after, nil),
		"steps.1.checklist.0.text [Stappen 2 · Checklist 1 · Tekst] x → z",
		"steps [Stappen · volgorde] Stap a, Stap b → Stap b, Stap a")
	if got := Mentioned(before, after, nil); !slices.Equal(got, []string{"les_1", "tpv_1"}) {
		t.Errorf("they mention %v", got)
	}
}

func TestTheFirstPublicationIsAllDifferent(t *testing.T) {
	l := &Lesson{Spine: Spine{ID: "les_1", Language: English, Title: Text{English: "Ask first"}}, Kind: Avoid, Steps: []StepRef{{IRI: "urn:x", Key: "vraag"}}, ProjectIDs: []string{"prj_1"}, ReviewBy: "2027"}
	NewGroup(NewReference(NewVocabularies(nil), nil, nil, nil, nil), l)
	var got []string
	for _, d := range Differences(nil, l, nil) {
		if d.Before != nil {
			t.Errorf("%s was %v", d.Path, d.Before)
		}
		got = append(got, d.Path+" "+d.After.In(English))
	}
	sameLines(t, "a lesson", got, "contentLanguage English", "title Ask first", "kind Avoid", "steps vraag", "projects prj_1", "reviewBy 2027")
}

func TestWhatIsPrivateIsInNoDifference(t *testing.T) {
	until := time.Date(2027, 1, 12, 11, 0, 0, 0, time.UTC)
	before := &Project{Spine: Spine{ID: "prj_1", Language: Dutch}}
	after := &Project{Spine: Spine{ID: "prj_1", Language: Dutch}, Embargoes: []*Embargo{{Key: "e1", Scope: ResultsScope, Reason: "GEHEIM", Until: until, State: EmbargoActive, Log: []*EmbargoChange{{Reason: "GEHEIM"}}}}}
	sameLines(t, "an embargo", differences(before, after, nil),
		"embargoes.0.scope [Embargo’s 1 · Wat eronder valt]  → Alles wat eruit kwam",
		"embargoes.0.until [Embargo’s 1 · Tot]  → 12 januari 2027, 12:00",
		"embargoes.0.state [Embargo’s 1 · Stand]  → Geldt")
}

func TestHiddenPartsAreNamedWithTheirEnd(t *testing.T) {
	now := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	p := &Project{Spine: Spine{ID: "prj_1", Language: Dutch}, Answer: NL("Ja"), Outputs: []*Output{{Key: "o1", Title: NL("Een")}, {Key: "o2", Title: NL("Twee")}},
		Embargoes: []*Embargo{{Key: "e1", Scope: OutputsScope, Until: now.Add(2 * time.Hour)}, {Key: "e2", Scope: ResultsScope, Until: now.Add(time.Hour)}}}
	show := func(at time.Time) (out []string) {
		for _, h := range HiddenParts(p, at) {
			out = append(out, h.Path+" "+h.Label.In(Dutch)+" "+h.Until.Format("15:04"))
		}
		return out
	}
	sameLines(t, "both hold", show(now), "answer Antwoord 01:00", "outputs.0 Resultaten · Een 02:00", "outputs.1 Resultaten · Twee 02:00")
	sameLines(t, "one holds", show(now.Add(time.Hour)), "outputs.0 Resultaten · Een 02:00", "outputs.1 Resultaten · Twee 02:00")
	sameLines(t, "none holds", show(now.Add(2*time.Hour)))
}

func TestDatesAreWrittenAsPreciselyAsTheyAreKnown(t *testing.T) {
	for d, want := range map[Date][2]string{"2027-01-12": {"12 januari 2027", "12 January 2027"}, "2027-12": {"december 2027", "December 2027"}, "2027": {"2027", "2027"}, "": {"", ""}, "ooit": {"ooit", "ooit"}} {
		if got := d.Words(); got.In(Dutch) != want[0] || got.In(English) != want[1] {
			t.Errorf("%s: %v", d, got)
		}
	}
}
