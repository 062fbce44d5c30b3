package exchange_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/record"
)

const (
	mapFile  = "../../examples/import/algoritmeregister.yml"
	ownTable = "../../examples/import/voorbeeld.csv"
	ownMap   = "../../examples/import/voorbeeld.yml"
)

func open(t testing.TB, path string) io.Reader {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func readMapping(t testing.TB, path string) exchange.Mapping {
	t.Helper()
	m, err := exchange.ReadMapping(open(t, path))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheAlgorithmRegisterIsImportedWhole(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		file := fixture.Data(t, "texts", "algoritmeregister.jsonl")
		seed(t, w)
		names, err := exchange.ReadNames(open(t, fixture.Data(t, "tooi_organisaties.tsv")))
		if err != nil {
			t.Fatal(err)
		}
		var heard []int
		run := func(o exchange.Options) *exchange.Report {
			t.Helper()
			r, err := exchange.Import(t.Context(), w.Catalog, open(t, file), exchange.NDJSON, readMapping(t, mapFile), o)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		w.Statements.Reset()
		r := run(exchange.Options{Names: names, Progress: func(n int) { heard = append(heard, n) }})
		t.Logf("%.1f statements per record", float64(len(w.Statements.All()))/1530)
		if r.Lines != 1530 || r.Created != 1530 || len(r.Bad) != 0 || r.Organizations != 336 || len(r.Unidentified) != 47 {
			t.Fatalf("%s\n%v", r.In(record.English), r.Bad)
		}
		if len(heard) != 16 || heard[0] != 100 || heard[15] != 1530 {
			t.Errorf("progress was %v", heard)
		}
		ps := all(t, w, record.ProjectType)
		running, bare, places := 0, 0, 0
		p, err := w.Page(t.Context(), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, 2000, "")
		if err != nil || len(p.Records) != 1533 {
			t.Fatalf("%d projects, %v; %d titles", len(p.Records), err, len(ps))
		}
		for _, r := range p.Records {
			x := r.(*record.Project)
			if x.Provenance != record.Register {
				continue
			}
			if len(x.SourceLinks) != 1 || !strings.HasPrefix(x.SourceLinks[0], "https://algoritmes.overheid.nl/") {
				t.Errorf("%s has sources %q", x.Title.In(), x.SourceLinks)
			}
			if x.Phase == record.Running {
				running++
			}
			if x.Summary.In() == "" {
				bare++
			}
			if len(x.MunicipalityCodes) == 1 {
				places++
				if !slices.Equal(x.Publisher().MunicipalityCodes, x.MunicipalityCodes) {
					t.Errorf("%s is about %q but %s published it", x.Title.In(), x.MunicipalityCodes, x.Publisher().Name)
				}
			}
			if o := x.Publisher(); o.ID != w.CBS.ID && (o.Custody != record.CustodyReference || o.Kind != record.OtherPublicBody) {
				t.Errorf("%s is %s in custody %s", o.Name, o.Kind, o.Custody)
			}
		}
		if running != 73 || bare != 8 || places != 949 {
			t.Errorf("%d running, %d without a description, %d of a municipality", running, bare, places)
		}
		before := head(t, w)
		if r := run(exchange.Options{Names: names}); r.Unchanged != 1530 || r.NewOrganizations != 0 || head(t, w) != before {
			t.Errorf("the second time: %s", r.In(record.English))
		}
		if r := run(exchange.Options{}); r.Unchanged != 1530 || r.NewOrganizations != 0 || head(t, w) != before {
			t.Errorf("without the list of names: %s", r.In(record.English))
		}
	})
}

// lines is a file of n good lines in which some are replaced.
func lines(n int, replace map[int]string) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		if s, ok := replace[i]; ok {
			b.WriteString(s + "\n")
			continue
		}
		fmt.Fprintf(&b, `{"nr": "p%d", "org": "Gemeente Leiden", "titel": "Project %d", "tekst": "Tekst %d", "gemeenten": "Leiden", "stand": "klaar", "url": "https://voorbeeld.invalid/%d"}`+"\n", i, i, i, i)
	}
	return b.String()
}

func TestThreeBadLinesAmongAHundredAreReportedAndNoOthers(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		bad := map[int]string{
			17: `{"nr": "p17", "org": "Gemeente Leiden"`,
			42: `{"nr": "p42", "org": "Gemeente Leiden", "titel": "", "stand": "klaar"}`,
			99: `{"nr": "p99", "org": "Gemeente Bergen", "titel": "Duinen", "stand": "klaar"}`,
		}
		r := importText(t, w, exchange.NDJSON, lines(100, bad), exchange.Options{})
		if r.Lines != 100 || r.Created != 97 || r.Refused {
			t.Error(r.In(record.English))
		}
		var got []string
		for _, b := range r.Bad {
			got = append(got, b.In(record.Dutch))
		}
		want := []string{
			"regel 17: Dit is geen JSON-object op één regel.",
			"regel 42 (proef:p42): title: Vul dit in.",
			`regel 99 (proef:p99): publisher: "Gemeente Bergen" kan Bergen (L.) (GM0893) of Bergen (NH.) (GM0373) zijn. Schrijf de volledige naam of de gemeentecode.`,
		}
		if !slices.Equal(got, want) {
			t.Errorf("reported:\n%s", strings.Join(got, "\n"))
		}
		if n := len(all(t, w, record.ProjectType)); n != 97 {
			t.Errorf("%d records stand", n)
		}
	})
}

func TestAStrictImportTakesAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		before := head(t, w)
		r := importText(t, w, exchange.NDJSON, lines(10, map[int]string{10: "{}"}), exchange.Options{Strict: true})
		if !r.Refused || len(r.Bad) != 1 || head(t, w) != before {
			t.Error(r.In(record.English))
		}
		if r := importText(t, w, exchange.NDJSON, lines(10, nil), exchange.Options{Strict: true}); r.Refused || r.Created != 10 {
			t.Error(r.In(record.English))
		}
	})
}

func TestADryRunTellsWhatWouldHappenAndWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		importText(t, w, exchange.NDJSON, lines(5, nil), exchange.Options{})
		before := head(t, w)
		changed := lines(8, map[int]string{2: `{"nr": "p2", "org": "Gemeente Leiden", "titel": "Ander", "stand": "klaar"}`})
		r := importText(t, w, exchange.NDJSON, changed, exchange.Options{DryRun: true})
		if r.Created != 3 || r.Updated != 1 || r.Unchanged != 4 || head(t, w) != before {
			t.Error(r.In(record.English))
		}
	})
}

func TestAChangedLineBecomesANewRevision(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		importText(t, w, exchange.NDJSON, lines(3, nil), exchange.Options{})
		changed := lines(2, map[int]string{
			1: `{"nr": "p1", "org": "Gemeente Leiden", "titel": "Project 1", "tekst": "Andere tekst", "gemeenten": "Leiden", "stand": "loopt", "url": "https://voorbeeld.invalid/1"}`,
			2: `{"nr": "p2", "org": "Gemeente Delft", "titel": "Project 2", "stand": "klaar"}`,
		})
		r := importText(t, w, exchange.NDJSON, changed, exchange.Options{})
		if r.Updated != 1 || len(r.Bad) != 1 || r.Bad[0].Line != 2 || r.Bad[0].Problems[0].Field[0] != "publisher" {
			t.Errorf("%s %v", r.In(record.English), r.Bad)
		}
		ps := all(t, w, record.ProjectType)
		if p := ps["Project 1"].(*record.Project); p.Summary.In() != "Andere tekst" || p.Phase != record.Running || p.Version < 2 {
			t.Errorf("the changed line is %+v", p)
		}
		if len(ps) != 3 || ps["Project 3"] == nil {
			t.Error("what is not in the file any more was touched")
		}
		// Progress alone: the phase goes straight to the public.
		r = importText(t, w, exchange.NDJSON, strings.Replace(lines(1, nil), "klaar", "loopt", 1), exchange.Options{})
		if r.Updated != 1 {
			t.Error(r.In(record.English))
		}
	})
}

func TestAnInterruptedImportLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		before := head(t, w)
		organizations := len(w.Reference().AllOrganizations())
		ctx, stop := context.WithCancel(t.Context())
		_, err := exchange.Import(ctx, w.Catalog, strings.NewReader(lines(300, nil)), exchange.NDJSON, mapping(t, mapYAML),
			exchange.Options{Progress: func(done int) {
				if done == 200 {
					stop()
				}
			}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		if head(t, w) != before || len(all(t, w, record.ProjectType)) != 0 || len(w.Reference().AllOrganizations()) != organizations {
			t.Error("something of it is left")
		}
		if r := importText(t, w, exchange.NDJSON, lines(300, nil), exchange.Options{}); r.Created != 300 {
			t.Errorf("the next import: %s", r.In(record.English))
		}
	})
}

func TestMunicipalitiesAreFoundByTheNamesThatPeopleUse(t *testing.T) {
	w := small(t)
	for name, want := range map[string]string{
		"Gemeente Den Haag": "GM0518", "gemeente 's-Gravenhage": "GM0518", "Gemeente ’s Gravenhage": "GM0518", "Den Bosch": "GM0796",
		"Gemeente Súdwest Fryslân": "GM1900", "Gemeente Sudwest-Fryslan": "GM1900", "Gemeente Bergen (NH)": "GM0373",
		"Gemeente Groningen": "GM0014", "Leiden": "GM0546", "Gemeente Hengelo": "GM0164",
		// A province, or nothing that is known: no municipality.
		"Groningen": "", "Provincie Groningen": "", "Utrecht": "", "Gemeente Nergenshuizen": "", "Waterschap Leiden": "",
	} {
		text := fmt.Sprintf(`{"nr": %q, "org": %q, "titel": "T", "stand": "klaar"}`, name, name)
		r := importText(t, w, exchange.NDJSON, text, exchange.Options{})
		if r.Created != 1 {
			t.Errorf("%s: %v", name, r.Bad)
			continue
		}
		p, err := w.Page(t.Context(), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{}, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		o := p.Records[0].Base().Publisher()
		if got := strings.Join(o.MunicipalityCodes, ","); got != want || (want != "" && !strings.HasSuffix(o.TooiIRI, strings.ToLower(want))) {
			t.Errorf("%s became %q with address %q", name, got, o.TooiIRI)
		}
		w.Clock.Move(1_000_000_000)
	}
}

func TestNamesakesWithACodeAreTwoOrganisations(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		text := `{"nr": "1", "org": "Gemeente Bergen", "code": "GM0373", "titel": "Duinen", "stand": "klaar"}
{"nr": "2", "org": "Gemeente Bergen", "code": "GM0893", "titel": "Maas", "stand": "klaar"}
{"nr": "3", "org": "Gemeente Leiden", "code": "GM0503", "titel": "Verkeerde code", "stand": "klaar"}
{"nr": "4", "org": "Gemeente Leiden", "code": "GM9999", "titel": "Geen code", "stand": "klaar"}`
		r := importText(t, w, exchange.NDJSON, text, exchange.Options{})
		if r.Created != 2 || r.NewOrganizations != 2 || len(r.Bad) != 2 || r.Bad[0].Line != 3 || r.Bad[1].Line != 4 {
			t.Errorf("%s %v", r.In(record.English), r.Bad)
		}
		if r := importText(t, w, exchange.NDJSON, text, exchange.Options{}); r.Unchanged != 2 || r.NewOrganizations != 0 {
			t.Error(r.In(record.English))
		}
	})
}

func TestWhatIsWrongWithALineIsSaid(t *testing.T) {
	good := `{"nr": "1", "org": "Leiden", "titel": "T", "stand": "klaar"}`
	tests := map[string]struct {
		format exchange.Format
		text   string
		want   []string
	}{
		"no id":              {exchange.NDJSON, `{"org": "Leiden", "titel": "T", "stand": "klaar"}`, []string{"line 1: id: This line has no id to know it by."}},
		"no publisher":       {exchange.NDJSON, `{"nr": "1", "titel": "T", "stand": "klaar"}`, []string{"line 1 (proef:1): publisher: Say which organisation this is of."}},
		"an unknown phase":   {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "titel": "T", "stand": "weg"}`, []string{`line 1 (proef:1): phase: The mapping does not know what "weg" in column "stand" means.`}},
		"a bad link":         {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "titel": "T", "stand": "klaar", "url": "javascript:alert(1)"}`, []string{"line 1 (proef:1): sourceLinks: Write a full web address that begins with https:// or http://."}},
		"Bergen as a place":  {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "titel": "T", "stand": "klaar", "gemeenten": "Leiden|Bergen"}`, []string{`line 1 (proef:1): municipalities: "Bergen" may be Bergen (L.) (GM0893) or Bergen (NH.) (GM0373). Write the full name or the municipality's code.`}},
		"no such place":      {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "titel": "T", "stand": "klaar", "gemeenten": "Nergenshuizen"}`, []string{`line 1 (proef:1): municipalities: There is no municipality "Nergenshuizen".`}},
		"twice the same id":  {exchange.NDJSON, good + "\n\n" + good, []string{"line 3 (proef:1): id: This id is on line 1 as well."}},
		"not an object":      {exchange.NDJSON, "[1]\n" + good + "\nnull", []string{"line 1: This is not one JSON object on one line.", "line 3: This is not one JSON object on one line."}},
		"a nested value":     {exchange.NDJSON, `{"nr": "1", "org": {"naam": "Leiden"}, "titel": "T"}`, []string{`line 1: Column "org" must be a text, a number or a list of those.`}},
		"not UTF-8":          {exchange.NDJSON, good + "\n{\"nr\": \"2\", \"titel\": \"caf\xe9\"}", []string{"line 2: This line is not UTF-8. Save the file as UTF-8."}},
		"a zero byte":        {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "titel": "T\u0000", "stand": "klaar"}`, []string{"line 1: This line holds unreadable characters."}},
		"a very long line":   {exchange.NDJSON, `{"nr": "1", "titel": "` + strings.Repeat("x", 2<<20) + `"}` + "\n" + good, []string{"line 1: This line is longer than 1 MiB."}},
		"a very long title":  {exchange.NDJSON, `{"nr": "1", "org": "Leiden", "stand": "klaar", "titel": "` + strings.Repeat("x", 301) + `"}`, []string{"line 1 (proef:1): title: This is too long: at most 300 characters."}},
		"a byte order mark":  {exchange.NDJSON, "\ufeff" + good + "\r\n", nil},
		"an empty file":      {exchange.NDJSON, "", nil},
		"columns too few":    {exchange.CSV, header + "1,Leiden,,T,,,klaar,\n2,Leiden\n", []string{"line 3: This line does not have as many columns as the header."}},
		"a loose quote":      {exchange.CSV, header + `1,Leiden,,T "x,,,klaar,` + "\n2,Leiden,,T,,,klaar,\n", []string{"line 2: A quotation mark is out of place here."}},
		"an open quote":      {exchange.CSV, header + "1,Leiden,,T,,,klaar,\n2,Leiden,,\"T,,,klaar,\n3,Leiden,,T,,,klaar,\n", []string{"line 3: A quotation mark is not closed properly. From here on the file cannot be read."}},
		"a very long record": {exchange.CSV, header + "1,Leiden,,T,,,klaar,\n2,Leiden,,\"" + strings.Repeat("x\n", 1<<20) + "\",,,klaar,\n", []string{"line 3: This line is longer than 1 MiB."}},
		"Latin 1 in a table": {exchange.CSV, header + "1,Leiden,,caf\xe9,,,klaar,\n", []string{"line 2: This line is not UTF-8. Save the file as UTF-8."}},
		"CRLF and a mark":    {exchange.CSV, "\ufeff" + strings.ReplaceAll(header+"1,Leiden,,\"T\nU\",,,klaar,\n", "\n", "\r\n"), nil},
		"semicolons":         {exchange.CSV, strings.ReplaceAll(header+"1,Leiden,,\"een, twee\",,,klaar,\n", ",", ";"), nil},
	}
	w := small(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := importText(t, w, tt.format, tt.text, exchange.Options{DryRun: true})
			var got []string
			for _, b := range r.Bad {
				got = append(got, b.In(record.English))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("reported:\n%s", strings.Join(got, "\n"))
			}
			if broken := strings.Contains(name, "open quote") || strings.Contains(name, "long record"); r.Refused != broken {
				t.Errorf("refused: %v", r.Refused)
			}
			if want := r.Lines - len(r.Bad); !r.Refused && r.Created != want {
				t.Errorf("%d of %d good lines", r.Created, want)
			}
		})
	}
}

const header = "nr,org,code,titel,tekst,gemeenten,stand,url\n"

func TestATableWithoutAColumnOfTheMappingIsRefused(t *testing.T) {
	w := fixture.SQLite(t)
	_, err := exchange.Import(t.Context(), w.Catalog, strings.NewReader("nr,org\n1,Leiden\n"), exchange.CSV, mapping(t, mapYAML), exchange.Options{})
	var ps record.Problems
	if !errors.As(err, &ps) || !strings.Contains(ps[0].Message.In(record.Dutch), `kolom "code"`) {
		t.Errorf("it ended with %v", err)
	}
}

func TestAMappingThatCannotWorkIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no source":         "id: a\ntitle: b\npublisher: c",
		"a source in prose": "source: Mijn register\nid: a\ntitle: b\npublisher: c",
		"no title":          "source: x\nid: a\npublisher: c",
		"an unknown field":  "source: x\nid: a\ntitle: b\npublisher: c\ntitel: d",
		"an unknown rule":   "source: x\nid: a\ntitle: {column: b, waarden: {}}\npublisher: c",
		"both":              "source: x\nid: a\ntitle: {column: b, value: c}\npublisher: c",
		"no YAML":           "{",
		"nothing":           "",
	} {
		if _, err := exchange.ReadMapping(strings.NewReader(text)); err == nil {
			t.Errorf("%s: it was accepted", name)
		}
	}
}

func TestTheExampleInTheRepositoryWorks(t *testing.T) {
	w := small(t)
	r, err := exchange.Import(t.Context(), w.Catalog, open(t, ownTable), exchange.CSV, readMapping(t, ownMap), exchange.Options{})
	if err != nil || r.Created != 3 || len(r.Bad) != 0 {
		t.Fatalf("%v %+v", err, r)
	}
	ps := all(t, w, record.ProjectType)
	p := ps["Voorbeeld: eenzame ouderen in beeld"].(*record.Project)
	if !slices.Equal(p.MunicipalityCodes, []string{"GM0518"}) || len(p.MethodIRIs) != 2 || p.PolicyDomains()[0].Notation != "c_d0463fb7" || p.StartedOn != "2024-03" {
		t.Errorf("the first line became %+v", p)
	}
	if p := ps["Voorbeeld: fietsen naar school"].(*record.Project); len(p.MunicipalityCodes) != 2 || p.Phase != record.Running {
		t.Errorf("the second line became %+v", p)
	}
}

func TestAListOfOrganisationsGuessesNoName(t *testing.T) {
	list := "\ufeffnaam\turi\tsoort\nDienst \"Zuid\"\thttps://identifier.overheid.nl/tooi/id/so/so1\tso\r\n" +
		"Namen\thttps://identifier.overheid.nl/tooi/id/so/so2\tso\nnamen\thttps://identifier.overheid.nl/tooi/id/so/so3\tso\n"
	got, err := exchange.ReadNames(strings.NewReader(list))
	if err != nil || len(got) != 1 || got["dienst zuid"] == "" {
		t.Errorf("it became %q, %v", got, err)
	}
	for _, wrong := range []string{"", "naam;uri\n", "naam\turi\nalleen een naam\n", "naam\turi\n\xe9\tx\n"} {
		if _, err := exchange.ReadNames(strings.NewReader(wrong)); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}

func TestAReportIsForPeopleAndForPrograms(t *testing.T) {
	w := small(t)
	r := importText(t, w, exchange.NDJSON, lines(3, map[int]string{2: `{"nr": "p2", "org": "Werkplaats", "titel": "", "stand": "klaar"}`, 3: `{"nr": "p3", "org": "Werkplaats", "titel": "T", "stand": "klaar"}`}), exchange.Options{})
	b, err := json.Marshal(r)
	want := `{"lines":3,"created":2,"updated":0,"unchanged":0,"left":0,"organizations":2,"newOrganizations":2,"unidentified":["Werkplaats"],` +
		`"bad":[{"line":2,"externalId":"proef:p2","problems":[{"code":"REQUIRED","field":"title","message":{"en":"This is required.","nl":"Vul dit in."}}]}]}`
	if err != nil || string(b) != want {
		t.Errorf("for programs: %s, %v", b, err)
	}
	if s := r.In(record.Dutch); !strings.HasPrefix(s, "3 regels: 2 nieuw,") || !strings.Contains(s, "1 fout") || !strings.Contains(s, "ongemoeid gelaten") {
		t.Errorf("for people: %s", s)
	}
	if s := (&exchange.Report{Refused: true}).In(record.English); !strings.HasPrefix(s, "Nothing was imported") || strings.Contains(s, "left alone.") {
		t.Errorf("refused: %s", s)
	}
	if s := (&exchange.Report{DryRun: true}).In(record.Dutch); !strings.HasPrefix(s, "Proef: er is niets opgeslagen.") {
		t.Errorf("a trial: %s", s)
	}
}

func TestARecordThatWasWithdrawnHereIsNotImportedAgain(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		importText(t, w, exchange.NDJSON, lines(2, nil), exchange.Options{})
		id := all(t, w, record.ProjectType)["Project 1"].Base().ID
		err := w.Write(fixture.System(t), func(tx *catalog.Writer) error {
			_, err := tx.Withdraw(t.Context(), id, 0, "Dit klopt niet.")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r := importText(t, w, exchange.NDJSON, strings.ReplaceAll(lines(2, nil), "Tekst", "Woorden"), exchange.Options{})
		if r.Left != 1 || r.Updated != 1 || len(all(t, w, record.ProjectType)) != 1 {
			t.Error(r.In(record.English))
		}
	})
}

func TestTermsAndFlagsAreReadOrRefused(t *testing.T) {
	w := small(t)
	m := mapping(t, "source: proef\nid: nr\ntitle: titel\npublisher: org\npolicyDomains: thema\ngeoLevel: niveau\ngoodFirstProject: begin\ncomplexity: zwaarte\nlanguage: taal")
	run := func(line string) (*record.Project, string) {
		t.Helper()
		r, err := exchange.Import(t.Context(), w.Catalog, strings.NewReader(line), exchange.NDJSON, m, exchange.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Bad) > 0 {
			return nil, r.Bad[0].In(record.English)
		}
		w.Clock.Move(time.Second)
		p, err := w.Page(t.Context(), catalog.Filter{Types: []record.Type{record.ProjectType}}, catalog.Order{By: catalog.ByUpdated, Ascending: false}, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		return p.Records[0].(*record.Project), ""
	}
	p, wrong := run(`{"nr": 1, "titel": "T", "org": "Leiden", "thema": ["Onderwijs en wetenschap", "c_d0463fb7", "https://identifier.overheid.nl/tooi/def/thes/top/c_d0463fb7"], "niveau": "district", "begin": true, "zwaarte": "SIMPLE", "taal": "en"}`)
	if wrong != "" || len(p.PolicyDomainIRIs) != 2 || p.GeoLevel().Notation != "wijk" || !p.GoodFirstProject || p.Title[record.English] != "T" {
		t.Errorf("%s %+v", wrong, p)
	}
	for line, want := range map[string]string{
		`{"nr": 2, "titel": "T", "org": "Leiden", "thema": "toverkunst"}`:           `line 1 (proef:2): policyDomains: The vocabulary has no concept "toverkunst".`,
		`{"nr": 2, "titel": "T", "org": "Leiden", "begin": "misschien"}`:            "line 1 (proef:2): goodFirstProject: Write true or false.",
		`{"nr": 2, "titel": ["T", "U"], "org": "Leiden"}`:                           "line 1 (proef:2): title: There is room for one value here.",
		`{"nr": 2, "titel": "T", "org": "Leiden", "taal": "fr"}`:                    "line 1 (proef:2): contentLanguage: Choose Dutch or English.",
		`{"nr": 2, "titel": "T", "org": "` + strings.Repeat("x", 201) + `"}`:        "line 1 (proef:2): publisher.name: This is too long: at most 200 characters.",
		`{"nr": "` + strings.Repeat("9", 201) + `", "titel": "T", "org": "Leiden"}`: "line 1: id: This id is too long: at most 200 characters.",
	} {
		if _, wrong := run(line); wrong != want {
			t.Errorf("%s: %s", line, wrong)
		}
	}
}
