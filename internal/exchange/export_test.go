package exchange_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/changelog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

func TestNDJSONSaysInFullWhatARecordRefersTo(t *testing.T) {
	w := small(t)
	seed(t, w)
	var out bytes.Buffer
	n, err := exchange.ExportNDJSON(identity.AsStranger(t.Context()), w.Catalog, &out, catalog.Filter{})
	if err != nil || n != 15 {
		t.Fatalf("%d records, %v", n, err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	if len(lines) != n {
		t.Fatalf("%d lines", len(lines))
	}
	var project map[string]any
	for _, l := range lines {
		var doc map[string]any
		if err := json.Unmarshal([]byte(l), &doc); err != nil {
			t.Fatal(err)
		}
		if doc["publisher"].(map[string]any)["slug"] != "udc-leiden" || doc["license"].(map[string]any)["iri"] != record.CCBY ||
			doc["uri"] != fixture.BaseURL+"/id/"+doc["id"].(string) {
			t.Errorf("a line is %s", l)
		}
		if doc["title"].(map[string]any)["nl"] == "Onderwijskansen" {
			project = doc
		}
	}
	if project["type"] != "PROJECT" || project["municipalities"].([]any)[0].(map[string]any)["name"] != "Leiden" ||
		project["policyDomains"].([]any)[0].(map[string]any)["label"].(map[string]any)["nl"] != "onderwijs en wetenschap" {
		t.Errorf("the project is %v", project)
	}
	e := project["embargoes"].([]any)[0].(map[string]any)
	if e["ground"].(map[string]any)["label"] == nil || e["placedBy"].(map[string]any)["name"] != "UDC Leiden" {
		t.Errorf("its embargo is %v", e)
	}
}

// TestEveryReferenceIsSpelledOut fails when a new field refers to a term, an organisation or a source and exports would
// show its bare address: it fills every such field with something known and looks for what is left.
func TestEveryReferenceIsSpelledOut(t *testing.T) {
	w := fixture.SQLite(t)
	var source *record.DataSource
	err := w.Write(fixture.System(t), func(tx *catalog.Writer) (err error) {
		source, err = tx.SaveDataSource(t.Context(), w.Leiden.ID, record.DataSource{Name: "Basisregistratie", Holder: "Leiden"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	known := known{term: record.CCBY, organization: w.Leiden.ID, municipality: "GM0546", source: source.IRI}
	for _, k := range record.Kinds() {
		r := k.New()
		known.fill(reflect.ValueOf(r).Elem())
		r.Base().ID = record.NewID(k.Prefix)
		record.NewGroup(w.Reference(), r)
		left, err := exchange.Unspelled(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range left {
			t.Errorf("%s: %s is exported as a bare reference", k.Type, field)
		}
	}
}

// known are things that a document can refer to.
type known struct{ term, organization, municipality, source string }

// fill puts a known reference in every field whose name says that it refers to something.
func (k known) fill(v reflect.Value) {
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		value := ""
		switch {
		case !f.CanSet():
			continue
		case name == "SourceIRI", name == "LinkedWithIRIs":
			value = k.source
		case strings.HasSuffix(name, "IRI") && name != "IRI", strings.HasSuffix(name, "IRIs"):
			value = k.term
		case name == "PublisherID", name == "OrganizationID", name == "CommunicationSenderIDs", name == "ProducedBy", name == "PlacedBy":
			value = k.organization
		case name == "MunicipalityCodes":
			value = k.municipality
		}
		switch {
		case value != "" && f.Kind() == reflect.String:
			f.SetString(value)
		case value != "" && f.Kind() == reflect.Slice:
			f.Set(reflect.ValueOf([]string{value}))
		case f.Kind() == reflect.Struct && f.Type() != reflect.TypeFor[time.Time]():
			k.fill(f)
		case f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Pointer:
			item := reflect.New(f.Type().Elem().Elem())
			k.fill(item.Elem())
			f.Set(reflect.Append(f, item))
		}
	}
}

func TestAnExportHoldsWhatItsReaderMaySeeAndNoMore(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		seed(t, w)
		hidden := w.Project("Alleen voor de community")
		hidden.Audience = record.Community
		w.Publish(t, hidden)
		sealed := w.Project("Onder embargo")
		sealed.Answer = record.NL("Het geheime antwoord.")
		sealed.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		w.Publish(t, sealed)
		var out, table bytes.Buffer
		stranger := identity.AsStranger(t.Context())
		if _, err := exchange.ExportNDJSON(stranger, w.Catalog, &out, catalog.Filter{}); err != nil {
			t.Fatal(err)
		}
		if _, err := exchange.ExportCSV(stranger, w.Catalog, &table, catalog.Filter{}, exchange.CSVOptions{}); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{out.String(), table.String()} {
			for _, forbidden := range []string{"Alleen voor de community", "geheime antwoord", "Wacht op de bekendmaking door het ministerie"} {
				if strings.Contains(text, forbidden) {
					t.Errorf("a stranger reads %q", forbidden)
				}
			}
			if !strings.Contains(text, "Onder embargo") {
				t.Error("what is public of a record under embargo is not there")
			}
		}
		out.Reset()
		if _, err := exchange.ExportNDJSON(fixture.As(t, w.Delft), w.Catalog, &out, catalog.Filter{}); err != nil || !strings.Contains(out.String(), "Alleen voor de community") {
			t.Errorf("a member does not read what is for the community: %v", err)
		}
	})
}

func TestATableHoldsNoFormulas(t *testing.T) {
	w := small(t)
	for _, title := range []string{`=HYPERLINK("http://voorbeeld.invalid")`, "+1", "-1", "@SUM(A1)", "\tTab", "Gewoon = goed"} {
		w.Publish(t, w.Project(title))
		w.Clock.Move(time.Second)
	}
	var out bytes.Buffer
	n, err := exchange.ExportCSV(t.Context(), w.Catalog, &out, catalog.Filter{Types: []record.Type{record.ProjectType}}, exchange.CSVOptions{ByteOrderMark: true})
	if err != nil || n != 6 {
		t.Fatalf("%d rows, %v", n, err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	if !marked {
		t.Error("the byte order mark is missing")
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][3] != "title" || rows[0][1] != "uri" {
		t.Errorf("the header is %q", rows[0])
	}
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[3])
	}
	want := []string{`'=HYPERLINK("http://voorbeeld.invalid")`, "'+1", "'-1", "'@SUM(A1)", "'\tTab", "Gewoon = goed"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the titles are %q", got)
	}
	if !strings.HasPrefix(rows[1][1], "https://") || rows[1][6] != "Leiden" || rows[1][8] != "RUNNING" || rows[1][11] != "2026-03-02T09:00:00Z" {
		t.Errorf("the first row is %q", rows[1])
	}
}

func TestNoCellOfAnExportIsAFormulaOfAnotherNode(t *testing.T) {
	w := fixture.SQLite(t)
	from, ctx := "https://elders.test", fixture.System(t)
	iri, license := from+"/id/org_1", from+"/licentie"
	err := w.Write(ctx, func(tx *catalog.Writer) error {
		publisher, err := tx.AdmitPublisher(ctx, catalog.PublisherCard{IRI: iri, Name: "UDC Assen", Kind: record.MunicipalUDC, Home: from})
		if err != nil {
			return err
		}
		graph := fmt.Appendf(nil, `{"type":"PROJECT","schema":1,"id":"%s/id/prj_1","publisher":%q,"audience":"PUBLIC","contentLanguage":"nl","title":{"nl":"Verkamering"},"license":%q,"phase":"DONE",
			"mentions":[{"id":%[3]q,"type":"CONCEPT","scheme":"LICENSE","notation":"=HYPERLINK(1)","label":{"nl":"Vrij"}}]}`, from, iri, license)
		return tx.Accept(ctx, catalog.Incoming{PublisherID: publisher, Home: from, Type: changelog.Create, Object: from + "/id/prj_1", Version: 1, At: time.Now(), Graph: graph})
	})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if n, err := exchange.ExportCSV(t.Context(), w.Catalog, &out, catalog.Filter{}, exchange.CSVOptions{}); err != nil || n != 1 || !strings.Contains(out.String(), ",'=HYPERLINK(1),") {
		t.Errorf("%d, %v: %s", n, err, out.String())
	}
}

func TestALongExportReadsPageByPage(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		importText(t, w, exchange.NDJSON, lines(450, nil), exchange.Options{})
		w.Statements.Reset()
		var out bytes.Buffer
		n, err := exchange.ExportNDJSON(t.Context(), w.Catalog, &out, catalog.Filter{Types: []record.Type{record.ProjectType}})
		if err != nil || n != 450 || strings.Count(out.String(), "\n") != 450 {
			t.Fatalf("%d records, %v", n, err)
		}
		pages := 0
		for _, s := range w.Statements.All() {
			if strings.Contains(s, "publications") {
				pages++
			}
		}
		if pages != 3 {
			t.Errorf("%d statements for three pages", pages)
		}
	})
}

func TestWhatAPublisherLeavesOutIsNotExported(t *testing.T) {
	w := fixture.SQLite(t)
	p := w.Project("Verkamering")
	p.ID, p.HiddenReuseIDs = "prj_1", []string{"prj_2"}
	record.NewGroup(w.Reference(), p)
	doc, err := exchange.PublicDocument(p)
	if err != nil || doc["id"] != "prj_1" || doc["hiddenReuses"] != nil {
		t.Errorf("%v, %v", doc, err)
	}
}
