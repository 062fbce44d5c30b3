package record

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

const asked = `{"type":"QUESTION","schema":1,"id":"https://x.test/id/qst_1","publisher":"https://x.test/id/org_1","provenance":"OWN","audience":"PUBLIC","contentLanguage":"nl",
	"title":{"nl":"Wie meet de hitte?"},"summary":{"nl":"Wie weet dit?"},"license":"https://x.test/l","sourceLinks":["https://x.test/bron"],"version":3,"publishedAt":"2026-03-02T09:00:00Z",
	"typeName":{"not":"a name"},"askedOf":["https://x.test/id/prj_1",null],"steps":[null],"mentions":[{"id":"https://x.test/l","type":"CONCEPT","scheme":"LICENSE","label":{"nl":"Vrij"}}]}`

func TestOfAnUnknownKindWhatEveryRecordHasIsReadAndNoMore(t *testing.T) {
	x, err := FromWire([]byte(asked), Written())
	if err != nil {
		t.Fatal(err)
	}
	o := x.Record.(*Other)
	if o.TypeName != "QUESTION" || o.Title.In() != "Wie meet de hitte?" || o.Summary.In() != "Wie weet dit?" || o.Version != 3 || o.Provenance != Peer || o.LicenseIRI != "https://x.test/l" || o.SourceLinks[0] != "https://x.test/bron" {
		t.Errorf("it is %+v", o)
	}
	if got := x.Records(); !reflect.DeepEqual(got, map[string]string{"https://x.test/id/qst_1": aRecord}) {
		t.Errorf("it points at %v", got)
	}
	if iris := x.IRIs(); len(iris) != 1 || iris[0] != "https://x.test/l" {
		t.Errorf("it names %v", iris)
	}
	o.ID = NewID("oth")
	b, err := Encode(o)
	if err != nil || strings.Contains(string(b), "askedOf") || strings.Contains(string(b), "mentions") {
		t.Errorf("what is kept is %s, %v", b, err)
	}
	again, err := Decode(o.ID, b)
	if err != nil || !reflect.DeepEqual(again, x.Record) {
		t.Errorf("it is read back as %+v, %v", again, err)
	}
}

func TestAKindIsKnownOrNotByTypeAndAddressAlike(t *testing.T) {
	for name, test := range map[string]struct {
		typ, prefix string
		schema      int
		want        error
	}{
		"unknown":                            {"QUESTION", "qst", 1, nil},
		"unknown, in a newer shape":          {"QUESTION", "qst", 9, nil},
		"known by its address alone":         {"QUESTION", "les", 1, ErrUnknownType},
		"known by its type alone":            {"LESSON", "qst", 1, ErrWire},
		"known, in a newer shape":            {"LESSON", "les", 9, ErrUnknownType},
		"what copies of it are called":       {"OTHER", "oth", 1, ErrUnknownType},
		"an organisation":                    {"ORGANIZATION", "org", 1, ErrUnknownType},
		"a prefix that is too long":          {"QUESTION", "questions", 1, ErrUnknownType},
		"a prefix that is too short":         {"QUESTION", "q", 1, ErrUnknownType},
		"a prefix in capitals":               {"QUESTION", "QST", 1, ErrUnknownType},
		"a prefix of another script":         {"QUESTION", "вопрос", 1, ErrUnknownType},
		"an address that is none of records": {"QUESTION", "x/id/qst", 1, ErrUnknownType},
	} {
		b := strings.NewReplacer(`"QUESTION"`, fmt.Sprintf("%q", test.typ), "/id/qst_", "/id/"+test.prefix+"_", `"schema":1`, fmt.Sprintf(`"schema":%d`, test.schema)).Replace(asked)
		b = strings.Replace(b, `"steps":[null]`, `"x":1`, 1)
		if _, err := FromWire([]byte(b), Written()); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAHostileRecordOfAnUnknownKindIsRefused(t *testing.T) {
	license := &Concept{ID: ConceptID(License, "vrij"), IRI: "https://x.test/l", Scheme: License, Notation: "vrij", Label: NL("Vrij")}
	ref := NewReference(NewVocabularies([]*Concept{license}), nil, nil, nil, nil)
	wrong := func(b string) bool {
		x, err := FromWire([]byte(b), Written())
		return errors.Is(err, ErrWire) || err == nil && len(x.Record.Check(ref)) > 0
	}
	if wrong(asked) {
		t.Fatal("the good one is refused")
	}
	if x, _ := FromWire([]byte(asked), Written()); len(x.Record.Check(NewReference(NewVocabularies(nil), nil, nil, nil, nil))) == 0 {
		t.Error("its licence is unknown and that is nothing")
	}
	title := `"title":{"nl":"Wie meet de hitte?"}`
	for name, b := range map[string]string{
		"no title":                  strings.Replace(asked, title, `"title":{}`, 1),
		"a title that is a number":  strings.Replace(asked, title, `"title":5`, 1),
		"a huge title":              strings.Replace(asked, title, `"title":{"nl":"`+strings.Repeat("x", 1<<20)+`"}`, 1),
		"a long title":              strings.Replace(asked, title, `"title":{"nl":"`+strings.Repeat("x", shortText+1)+`"}`, 1),
		"a title of control signs":  strings.Replace(asked, title, `"title":{"nl":"a\u0000\u001b[31mb"}`, 1),
		"no kind":                   strings.Replace(asked, `"QUESTION"`, `""`, 1),
		"a kind of control signs":   strings.Replace(asked, `"QUESTION"`, `"QUES\u0000TION"`, 1),
		"a kind in small letters":   strings.Replace(asked, `"QUESTION"`, `"question"`, 1),
		"a kind that is markup":     strings.Replace(asked, `"QUESTION"`, `"<B>"`, 1),
		"a kind that goes on":       strings.Replace(asked, `"QUESTION"`, `"`+strings.Repeat("Q", 41)+`"`, 1),
		"a kind with another line":  strings.Replace(asked, `"QUESTION"`, `"QUESTION\n"`, 1),
		"no licence":                strings.Replace(asked, `"license":"https://x.test/l",`, "", 1),
		"a link that is no address": strings.Replace(asked, "https://x.test/bron", "javascript:alert(1)", 1),
		"a moment that is none":     strings.Replace(asked, "2026-03-02T", "99999-03-02T", 1),
		"a version below nothing":   strings.Replace(asked, `"version":3`, `"version":-3`, 1),
	} {
		if !wrong(b) {
			t.Errorf("%s is taken for a record", name)
		}
	}
}

func TestWhoKnowsFewerKindsReadsTheRestAsOther(t *testing.T) {
	lesson := strings.NewReplacer(`"QUESTION"`, `"LESSON"`, "/id/qst_", "/id/les_", `"steps":[null]`, `"kind":"DO"`).Replace(asked)
	if x, err := FromWire([]byte(lesson), Written()); err != nil || x.Record.(*Lesson).Kind != Do {
		t.Errorf("it is %+v, %v", x, err)
	}
	x, err := FromWire([]byte(lesson), Written()[:1])
	if err != nil || x.Record.(*Other).TypeName != "LESSON" {
		t.Errorf("who knows projects alone reads %+v, %v", x, err)
	}
	if KindOfURI("https://x.test/id/les_1", Written()[:1]).Type != OtherType || KindOfURI("https://x.test/id/qst_1", Written()).Type != OtherType {
		t.Error("an address of an unknown kind is that of none")
	}
}
