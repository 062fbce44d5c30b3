package record

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryFieldSaysHowItComesBeforeThePublic(t *testing.T) {
	for _, k := range Kinds() {
		if missing := Untagged(k.New()); len(missing) > 0 {
			t.Errorf("%s has fields without a valid tag: %s", k.Type, strings.Join(missing, ", "))
		}
	}
}

// forgetful is a kind whose fields are tagged badly in every way that there is.
type forgetful struct {
	Lesson
	Good       string         `plein:"content"`
	Hidden     string         `plein:"progress,hide=RESULTS"`
	None       string         `json:"none"`
	Unknown    string         `plein:"public"`
	Nested     string         `plein:"part"` // only a field of a part goes with what holds it
	NoScope    string         `plein:"content,hide=ALL"`
	NoHide     string         `plein:"content,RESULTS"`
	HidesSpine string         `plein:"spine,hide=RESULTS"`
	HidesTwice string         `plein:"content,hide=RESULTS,hide=OUTPUTS"`
	GoodID     string         `plein:"content,id=organization"`
	GoodIDs    []string       `plein:"content,hide=RESULTS,id=PROJECT"`
	NotStored  string         `json:"-" plein:"content"`
	ReviewBy   Date           `plein:"content"` // a day is no id
	BareID     string         `plein:"content"`
	BareIDs    []string       `plein:"content"`
	PlacedBy   string         `plein:"content"`
	StrangeID  string         `plein:"content,id=somebody"`
	Parts      []*careless    `plein:"content"`
	Once       careless       `plein:"progress"`
	Foreign    map[string]int `plein:"content"`
	unexported string
}

type careless struct {
	Good    string `plein:"part"`
	Secret  string `plein:"private"`
	None    string
	Content string       `plein:"content"` // a part has no class of its own
	Deeper  []*forgotten `plein:"part"`
}

type forgotten struct{ None string }

func TestAFieldWithoutAValidTagIsFound(t *testing.T) {
	want := []string{"forgetful.None", "forgetful.Unknown", "forgetful.Nested", "forgetful.NoScope", "forgetful.NoHide", "forgetful.HidesSpine",
		"forgetful.HidesTwice", "forgetful.BareID", "forgetful.BareIDs", "forgetful.PlacedBy", "forgetful.StrangeID",
		"careless.None", "careless.Content", "forgotten.None"}
	got := Untagged(&forgetful{unexported: "never stored"})
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestFieldsAreOfTypesThatHidingReaches keeps out what Visible does not look into, such as a map of structs.
func TestFieldsAreOfTypesThatHidingReaches(t *testing.T) {
	var look func(t reflect.Type, path string)
	seen := map[reflect.Type]bool{}
	look = func(x reflect.Type, path string) {
		for x.Kind() == reflect.Slice || x.Kind() == reflect.Pointer {
			x = x.Elem()
		}
		switch {
		case x == reflect.TypeFor[Text]() || x == reflect.TypeFor[time.Time]():
		case x.Kind() == reflect.String, x.Kind() == reflect.Bool, x.Kind() == reflect.Int, x.Kind() == reflect.Float64:
		case x.Kind() == reflect.Struct && x.PkgPath() == reflect.TypeFor[Spine]().PkgPath():
			if seen[x] {
				return
			}
			seen[x] = true
			for i := range x.NumField() {
				if f := x.Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
					look(f.Type, path+"."+f.Name)
				}
			}
		default:
			t.Errorf("%s is a %s: hiding does not look into it", path, x)
		}
	}
	for _, k := range Kinds() {
		look(reflect.TypeOf(k.New()).Elem(), string(k.Type))
	}
}

// marker is a value that filled put into one field, and how that field is tagged.
type marker struct {
	path, text string
	private    bool
	hide       Scope
}

// filler fills every field of a document, at any depth, with a value that occurs nowhere else.
type filler struct {
	markers []marker
	n       int
}

func (f *filler) fill(v reflect.Value, path string, private bool, under Scope) {
	t := v.Type()
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			f.fill(v.Field(i), path, private, under)
			continue
		}
		if !field.IsExported() || field.Tag.Get("json") == "-" {
			continue
		}
		// Read by hand and not with parseTag: this test says what the tags mean.
		tag := strings.Split(field.Tag.Get("plein"), ",")
		inner, isPrivate := under, private || tag[0] == "private"
		for _, word := range tag[1:] {
			if scope, hides := strings.CutPrefix(word, "hide="); hides && under == "" {
				inner = Scope(scope)
			}
		}
		f.value(v.Field(i), path+"."+field.Name, isPrivate, inner)
	}
}

func (f *filler) value(v reflect.Value, path string, private bool, hide Scope) {
	mark := func(text string) { f.markers = append(f.markers, marker{path, text, private, hide}) }
	f.n++
	switch {
	case path == "PROJECT.ID" || strings.HasSuffix(path, ".ID") && strings.Count(path, ".") == 1:
		return // an id tells its kind and stays as it is
	case path == strings.Split(path, ".")[0]+".Schema":
		v.SetInt(Schema)
	case v.Type() == reflect.TypeFor[time.Time]():
		at := time.Date(2001, 1, 1, 0, 0, f.n, 0, time.UTC)
		v.Set(reflect.ValueOf(at))
		mark(at.Format(time.RFC3339))
	case v.Type() == reflect.TypeFor[Text]():
		v.Set(reflect.ValueOf(Text{Dutch: fmt.Sprintf("nl%dx", f.n), English: fmt.Sprintf("en%dx", f.n)}))
		mark(fmt.Sprintf("nl%dx", f.n))
		mark(fmt.Sprintf("en%dx", f.n))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("s%dx", f.n))
		mark(v.String())
	case v.Kind() == reflect.Int:
		v.SetInt(int64(7_000_000 + f.n))
		mark(fmt.Sprint(v.Int()))
	case v.Kind() == reflect.Float64:
		v.SetFloat(float64(f.n) + .625)
		mark(fmt.Sprint(v.Float()))
	case v.Kind() == reflect.Bool:
		v.SetBool(true) // its name is its marker: see the test
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.value(v.Elem(), path, private, hide)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			f.value(v.Index(i), path, private, hide)
		}
	case v.Kind() == reflect.Struct:
		f.fill(v, path, private, hide)
	}
}

func filled(k Kind) (Record, []marker) {
	r := k.New()
	r.Base().ID = NewID(k.Prefix)
	f := &filler{}
	f.fill(reflect.ValueOf(r).Elem(), string(k.Type), false, "")
	return r, f.markers
}

func TestVisibleShowsEverythingButWhatIsPrivateOrUnderEmbargo(t *testing.T) {
	width := map[Scope]int{"": 0, OutputsScope: 1, ResultsScope: 2, WholeRecord: 3}
	for _, k := range Kinds() {
		for _, under := range []Scope{"", OutputsScope, ResultsScope, WholeRecord} {
			t.Run(string(k.Type)+" "+string(under), func(t *testing.T) {
				r, markers := filled(k)
				before, err := Encode(r)
				if err != nil {
					t.Fatal(err)
				}
				v, err := Visible(r, under)
				if err != nil {
					t.Fatal(err)
				}
				body, err := Encode(v)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range markers {
					hidden := m.private || m.hide != "" && width[m.hide] <= width[under]
					if shown := strings.Contains(string(body), m.text); shown == hidden {
						t.Errorf("%s (%s): shown is %v", m.path, m.text, shown)
					}
				}
				if after, err := Encode(r); err != nil || string(after) != string(before) {
					t.Error("the document itself was changed", err)
				}
			})
		}
	}
}

func TestTheFillerReachesEveryKindOfField(t *testing.T) {
	_, markers := filled(KindOfType(ProjectType))
	var private, outputs, results int
	for _, m := range markers {
		switch {
		case m.private:
			private++
		case m.hide == OutputsScope:
			outputs++
		case m.hide == ResultsScope:
			results++
		}
	}
	if private < 2 || outputs < 10 || results < 10 {
		t.Errorf("only %d private, %d output and %d result fields were filled", private, outputs, results)
	}
}

func TestVisibleKeepsWhatTheCatalogueKnows(t *testing.T) {
	p := &Project{Spine: Spine{ID: NewID("prj"), URI: "https://plein.test/id/x", State: Published, Revision: 7}}
	v, err := Visible(p, ResultsScope)
	if err != nil {
		t.Fatal(err)
	}
	if s := v.Base(); s.URI != p.URI || s.State != Published || s.Revision != 7 {
		t.Errorf("got %q, %s, revision %d", s.URI, s.State, s.Revision)
	}
}

// byClass gives the top fields of a kind with their class.
func byClass(r Record) map[string]string {
	out := map[string]string{}
	var read func(t reflect.Type)
	read = func(t reflect.Type) {
		for i := range t.NumField() {
			f := t.Field(i)
			if f.Anonymous {
				read(f.Type)
			} else if f.IsExported() {
				out[f.Name], _, _ = strings.Cut(f.Tag.Get("plein"), ",")
			}
		}
	}
	read(reflect.TypeOf(r).Elem())
	return out
}

func TestTakeProgressAndKeepSpineCopyTheirOwnFieldsOnly(t *testing.T) {
	for _, c := range []struct {
		class string
		take  func(to, from Record)
	}{{"progress", TakeProgress}, {"spine", KeepSpine}} {
		for _, k := range Kinds() {
			from, _ := filled(k)
			to := k.New()
			c.take(to, from)
			for name, class := range byClass(to) {
				field := reflect.ValueOf(to).Elem().FieldByName(name)
				source := reflect.ValueOf(from).Elem().FieldByName(name)
				if class == c.class && !reflect.DeepEqual(field.Interface(), source.Interface()) {
					t.Errorf("%s of %s was not taken as %s", name, k.Type, c.class)
				}
				if class != c.class && !field.IsZero() {
					t.Errorf("%s of %s was taken as %s", name, k.Type, c.class)
				}
			}
		}
	}
}

func TestACloneSaysTheSameAndSharesNothing(t *testing.T) {
	for _, k := range Kinds() {
		r, _ := filled(k)
		before, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		c, err := Clone(r)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := json.Marshal(c); string(b) != string(before) {
			t.Errorf("the clone of a %s says %s", k.Type, b)
		}
		hide(reflect.ValueOf(c).Elem(), WholeRecord)
		c.Base().Title[Dutch] = "anders"
		if b, _ := json.Marshal(r); string(b) != string(before) {
			t.Errorf("changing the clone of a %s changed the original", k.Type)
		}
	}
}
