package record

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const testHome = "https://plein.test"

// wireNames give ids the addresses that they have on a node, and addresses the ids.
func wireNames() Names {
	at := func(id string) string { return testHome + "/id/" + id }
	return Names{Record: at, Organization: at, Home: testHome}
}

func wireIDs(x *Wire) (records, organizations map[string]string) {
	records, organizations = map[string]string{}, map[string]string{}
	for uri := range x.Records() {
		records[uri] = strings.TrimPrefix(uri, testHome+"/id/")
	}
	for _, iri := range x.Organizations() {
		organizations[iri] = strings.TrimPrefix(iri, testHome+"/id/")
	}
	return records, organizations
}

// drawRecord makes any document that a Plein can write: every field is filled or left out, at any depth.
func drawRecord(rt *rapid.T) Record {
	k := rapid.SampledFrom(Written()).Draw(rt, "kind")
	r := k.New()
	drawStruct(rt, reflect.ValueOf(r).Elem())
	s := r.Base()
	s.Schema, s.ID, s.Provenance, s.Audience, s.URI, s.State, s.Revision = Schema, NewID(k.Prefix), Own, Public, "", "", 0
	return r
}

func drawStruct(rt *rapid.T, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case f.Anonymous:
			drawStruct(rt, v.Field(i))
		case f.IsExported() && f.Tag.Get("json") != "-":
			drawValue(rt, v.Field(i), f)
		}
	}
}

func drawValue(rt *rapid.T, v reflect.Value, f reflect.StructField) {
	switch v.Interface().(type) {
	case Text:
		v.Set(reflect.ValueOf(rapid.SampledFrom([]Text{nil, NL("een"), {Dutch: "twee ĳ “x”", English: "two\n<b>"}}).Draw(rt, f.Name)))
		return
	case Date:
		v.SetString(rapid.SampledFrom([]string{"", "2017", "2017-12", "2017-12-31"}).Draw(rt, f.Name))
		return
	case time.Time:
		if rapid.Bool().Draw(rt, f.Name) {
			v.Set(reflect.ValueOf(time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(rt, f.Name)).UTC()))
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(drawString(rt, f))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(0, mostNumber).Draw(rt, f.Name)))
	case reflect.Float64:
		v.SetFloat(float64(rapid.IntRange(0, 400).Draw(rt, f.Name)) / 4)
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(rt, f.Name))
	case reflect.Pointer:
		if f.Type.Kind() == reflect.Slice || rapid.Bool().Draw(rt, f.Name) {
			v.Set(reflect.New(v.Type().Elem()))
			drawValue(rt, v.Elem(), f)
		}
	case reflect.Slice:
		n := rapid.IntRange(0, 2).Draw(rt, f.Name)
		if n == 0 {
			return // the field is left out
		}
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			drawValue(rt, v.Index(i), f)
			if key := reflect.Indirect(v.Index(i)); key.Kind() == reflect.Struct && key.FieldByName("Key").IsValid() {
				key.FieldByName("Key").SetString(fmt.Sprint("k", i))
			}
		}
	case reflect.Struct:
		drawStruct(rt, v)
	}
}

func drawString(rt *rapid.T, f reflect.StructField) string {
	switch what := refersTo(f); {
	case what == anOrganization:
		return rapid.SampledFrom([]string{"org_a", "org_b", "org_c"}).Draw(rt, f.Name)
	case what == aFile:
		return NewID(FilePrefix)
	case what == aRecord:
		return NewID("prj")
	case what != "":
		return rapid.SampledFrom([]string{"", NewID(KindOfType(Type(what)).Prefix)}).Draw(rt, f.Name)
	case f.Name == "URL" || f.Name == "Name":
		return "rapport.pdf"
	}
	return rapid.SampledFrom([]string{"", "een woord", "https://x.test/a#b"}).Draw(rt, f.Name)
}

// localID is an id that only this node knows: one in an address of this node is none.
var localID = regexp.MustCompile(`(^|[^/])\b(prj|tpl|tpv|les|org|src|fil|con)_[0-9a-z]`)

func TestAWireFormSaysTheSameAndHoldsNoIDs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := drawRecord(rt)
		for _, f := range Files(r) {
			f.URL = ""
		}
		b, err := ToWire(r, NewReference(NewVocabularies(nil), nil, nil, nil, nil), wireNames())
		if err != nil {
			rt.Fatal(err)
		}
		if found := localID.Find(b); found != nil {
			rt.Fatalf("an id went out: %q in %s", found, b)
		}
		x, err := FromWire(b, Written())
		if err != nil {
			rt.Fatalf("%v: %s", err, b)
		}
		x.Settle(wireIDs(x))
		if p := x.Record.Base().Provenance; p != Peer {
			rt.Errorf("a copy is %s", p)
		}
		want, _ := Visible(r, "")
		for _, f := range Files(want) {
			f.ID, f.URL = fileIDElsewhere(testHome+f.Path()), testHome+f.Path()
		}
		want.Base().Provenance = Peer
		a, _ := json.Marshal(want)
		c, _ := json.Marshal(x.Record)
		if string(a) != string(c) {
			rt.Fatalf("it said\n%s\nand says\n%s", a, c)
		}
	})
}

func TestEveryFieldOfEveryKindIsOnTheWireButWhatIsPrivate(t *testing.T) {
	for _, k := range Written() {
		r, markers := filled(k)
		b, err := ToWire(r, NewReference(NewVocabularies(nil), nil, nil, nil, nil), wireNames())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range markers {
			_, local, _ := strings.Cut(m.path, ".File.")
			if shown := strings.Contains(string(b), m.text); shown == m.private && local == "" {
				t.Errorf("%s (%s): on the wire is %v", m.path, m.text, shown)
			}
		}
	}
}

func TestWhatADocumentPointsAtIsMentioned(t *testing.T) {
	cbs := &Organization{ID: "org_cbs", Slug: "cbs", Name: "CBS", Kind: StatisticsOffice}
	us := &Organization{ID: "org_us", Slug: "wij", Name: "Wij", Kind: MunicipalUDC}
	source := &DataSource{ID: "src_x", IRI: "urn:uuid:x", Name: "Register", Holder: "CBS", IsMicrodata: true}
	method := &Concept{ID: ConceptID(Method, "kaart"), IRI: ConceptIRI(Method, "kaart"), Scheme: Method, Notation: "kaart", Label: NL("Kaart"), Level: 1}
	ref := NewReference(NewVocabularies([]*Concept{method}), nil, nil, []*Organization{cbs, us}, []*DataSource{source})
	p := &Project{Spine: Spine{ID: NewID("prj"), PublisherID: us.ID}, MethodIRIs: []string{method.IRI},
		Sources: []*SourceUse{{SourceIRI: source.IRI}, {SourceIRI: source.IRI}}, CommunicationSenderIDs: []string{cbs.ID, us.ID, cbs.ID}}
	b, err := ToWire(p, ref, wireNames())
	if err != nil {
		t.Fatal(err)
	}
	x, err := FromWire(b, Written())
	if err != nil {
		t.Fatal(err)
	}
	want := []Mention{
		{ID: testHome + "/id/org_cbs", Type: OrganizationMention, Name: "CBS", Kind: StatisticsOffice},
		{ID: method.IRI, Type: ConceptMention, Scheme: Method, Notation: "kaart", Label: NL("Kaart"), Level: 1},
		{ID: source.IRI, Type: DataSourceMention, Name: "Register", Holder: "CBS", IsMicrodata: true},
	}
	if !reflect.DeepEqual(x.Mentions, want) {
		t.Errorf("got  %+v\nwant %+v", x.Mentions, want)
	}
	elsewhere := NewReference(NewVocabularies(nil), nil, nil, nil, nil)
	c, wrong := x.Mentions[1].Concept(elsewhere)
	if wrong != "" || c.IRI != method.IRI || !c.Deprecated || c.Level != 1 || c.Label.In() != "Kaart" {
		t.Errorf("the concept is %+v: %s", c, wrong)
	}
	for _, scheme := range []Scheme{Thesaurus, Taxonomy, Skill, "X"} {
		if _, wrong := (Mention{ID: "https://x.test/1", Scheme: scheme, Label: NL("x")}).Concept(elsewhere); wrong == "" {
			t.Errorf("anybody adds to %s", scheme)
		}
	}
}

func TestWhatANewerPleinWroteIsReadWithoutWhatIsNew(t *testing.T) {
	old := `{"type":"LESSON","schema":1,"id":"https://x.test/id/les_1","publisher":"https://x.test/id/org_1","title":{"nl":"Les"},"kind":"DO","mentions":[{"id":"x","type":"PERSON","age":3}],"mood":{"score":9}}`
	x, err := FromWire([]byte(old), Written())
	if err != nil || x.Record.Base().Title.In() != "Les" || x.Record.(*Lesson).Kind != Do {
		t.Errorf("got %+v, %v", x, err)
	}
	for _, newer := range []string{
		strings.Replace(old, "LESSON", "MEETING", 1),
		strings.Replace(old, `"schema":1`, fmt.Sprintf(`"schema":%d`, Schema+1), 1),
	} {
		if _, err := FromWire([]byte(newer), Written()); !errors.Is(err, ErrUnknownType) {
			t.Errorf("%s: %v", newer, err)
		}
	}
}

func TestTheAddressOfARecordTellsItsKind(t *testing.T) {
	for uri, want := range map[string]Type{
		"https://x.test/id/prj_1": ProjectType, "http://127.0.0.1:80/id/les_0a-b": LessonType, "https://x.test/plein/id/tpv_9": TemplateVersionType,
		"": "", "prj_1": "", "https://x.test/prj_1": "", "https://x.test/id/org_1": "", "https://x.test/id/prj_": "", "https://x.test/id/prj_1/2": "",
		"https://x.test/id/prj_1?x": "", "https://x.test/id/prj_1.o1": "", "/id/prj_1": "", "javascript:/id/prj_1": "", "https://x.test/id/prj_1/id/les_1": "",
	} {
		if got := KindOfURI(uri, Written()).Type; got != want {
			t.Errorf("%q is of a %q, want %q", uri, got, want)
		}
	}
}

func TestMentionedFollowsTheTags(t *testing.T) {
	l := &Lesson{Spine: Spine{ID: NewID("les"), PublisherID: "org_x"}, ProjectIDs: []string{"prj_b", "prj_a", "prj_b"}}
	tpl := &ProcessTemplate{Spine: Spine{ID: NewID("tpl")}, Versions: []*VersionRef{{ID: "tpv_1"}}, ForkedFromID: "tpv_0",
		Steps: []*TemplateStep{{Checklist: []*TemplateCheck{{LessonID: "les_1"}}}}}
	if got := Mentioned(l, nil, tpl); !slices.Equal(got, []string{"les_1", "prj_a", "prj_b", "tpv_0", "tpv_1"}) {
		t.Errorf("got %v", got)
	}
}
