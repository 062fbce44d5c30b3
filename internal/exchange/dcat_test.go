package exchange_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/piprate/json-gold/ld"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/exchange"
	"github.com/udc-community/plein/internal/fixture"
	"github.com/udc-community/plein/internal/rdf"
	"github.com/udc-community/plein/internal/record"
)

const (
	dcatNS = "http://www.w3.org/ns/dcat#"
	dctNS  = "http://purl.org/dc/terms/"
	asNS   = "https://www.w3.org/ns/activitystreams#"
	rdfNS  = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
)

// quads are the statements of a document in JSON-LD, as canonical N-Quads.
func quads(t testing.TB, document []byte) []string {
	t.Helper()
	read, err := ld.DocumentFromReader(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	o := ld.NewJsonLdOptions("")
	o.Format, o.Algorithm = "application/n-quads", "URDNA2015"
	out, err := ld.NewJsonLdProcessor().Normalize(read, o)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(fmt.Sprint(out)), "\n")
}

// about are the predicates and objects of a subject, without the brackets of addresses.
func about(all []string, subject string) (out []string) {
	for _, q := range all {
		if rest, ok := strings.CutPrefix(q, "<"+subject+"> "); ok {
			out = append(out, strings.NewReplacer("<", "", ">", "", dcatNS, "dcat:", dctNS, "dct:", rdfNS, "rdf:", "http://www.w3.org/2001/XMLSchema#", "xsd:").
				Replace(strings.TrimSuffix(rest, " .")))
		}
	}
	return out
}

func uriOf(r record.Record) string { return fixture.BaseURL + "/id/" + r.Base().ID }

func dcatOf(t testing.TB, w *fixture.World, f rdf.Format) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := exchange.ExportDCAT(t.Context(), w.Catalog, &b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withOutputs is a project of Leiden's with a table at an address, a report that is announced and nothing more.
func withOutputs(w *fixture.World, title string) *record.Project {
	p := w.Project(title)
	p.PolicyDomainIRIs = []string{"https://identifier.overheid.nl/tooi/def/thes/top/c_17a86a17"} // woningmarkt
	p.MethodIRIs = []string{record.ConceptIRI(record.Method, "datamatch")}
	p.Aliases = []string{"kamerverhuur"}
	p.StartedOn, p.FinishedOn = "2017-12", "2018"
	p.Outputs = []*record.Output{
		{Key: "o1", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Tabel van " + title), URL: "https://leiden.test/tabel van kamers.csv", MediaType: "text/csv; charset=utf-8",
			LicenseIRI: record.CCBY, ProducedBy: w.CBS.ID, PublishedOn: "2018-05-02"},
		{Key: "o2", KindIRI: record.ConceptIRI(record.OutputKind, "rapport"), Title: record.NL("Aangekondigd rapport"), ProducedBy: w.Leiden.ID},
	}
	p.Contacts = []*record.Contact{{Label: "Onderzoek Leiden", Email: "onderzoek@leiden.test"}}
	return p
}

func TestAProjectIsAnActivityAndItsOutputsAreDatasets(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		uri := uriOf(w.Publish(t, withOutputs(w, "Kamers")))
		all := quads(t, dcatOf(t, w, exchange.JSONLD))
		dataset := uri + "#o1"
		for subject, want := range map[string][]string{
			dataset: {
				`dct:accessRights http://publications.europa.eu/resource/authority/access-right/PUBLIC`,
				`dct:creator https://plein.test/id/` + w.CBS.ID,
				`dct:description "Samenvatting van Kamers"@nl`,
				`dct:identifier "` + dataset + `"`,
				`dct:issued "2018-05-02"^^xsd:date`,
				`dct:language http://publications.europa.eu/resource/authority/language/NLD`,
				`dct:modified "2026-03-02T09:00:00Z"^^xsd:dateTime`,
				`dct:publisher https://plein.test/id/` + w.Leiden.ID,
				`dct:spatial https://identifier.overheid.nl/tooi/id/gemeente/gm0546`,
				`dct:title "Tabel van Kamers"@nl`,
				`dct:type https://udc-community.github.io/plein/def/output-kind/rapport`,
				`rdf:type dcat:Dataset`,
				`dcat:contactPoint ` + uri + `#contact-1`,
				`dcat:distribution ` + dataset + `-adres`,
				`dcat:keyword "bestanden vergelijken (datamatch)"@nl`,
				`dcat:keyword "kamerverhuur"@nl`,
				`dcat:keyword "matching files (data match)"@en`,
				`dcat:landingPage https://plein.test/projecten/udc-leiden/kamers`,
				`dcat:theme http://publications.europa.eu/resource/authority/data-theme/SOCI`,
				`dcat:theme https://identifier.overheid.nl/tooi/def/thes/top/c_17a86a17`,
				`http://www.w3.org/ns/prov#wasGeneratedBy ` + uri,
				`http://xmlns.com/foaf/0.1/page https://plein.test/projecten/udc-leiden/kamers`,
			},
			dataset + "-adres": {
				`dct:issued "2018-05-02"^^xsd:date`,
				`dct:language http://publications.europa.eu/resource/authority/language/NLD`,
				`dct:license http://creativecommons.org/licenses/by/4.0/deed.nl`,
				`dct:title "Tabel van Kamers"@nl`,
				`rdf:type dcat:Distribution`,
				`dcat:accessURL https://leiden.test/tabel%20van%20kamers.csv`,
				`dcat:mediaType https://www.iana.org/assignments/media-types/text/csv`,
			},
			uri + "#contact-1": {
				`rdf:type http://www.w3.org/2006/vcard/ns#Kind`,
				`rdf:type http://www.w3.org/2006/vcard/ns#Organization`,
				`http://www.w3.org/2006/vcard/ns#fn "Onderzoek Leiden"@nl`,
				`http://www.w3.org/2006/vcard/ns#hasEmail mailto:onderzoek@leiden.test`,
				`http://www.w3.org/2006/vcard/ns#hasURL https://plein.test/projecten/udc-leiden/kamers`,
				`http://www.w3.org/2006/vcard/ns#organization-name "UDC Leiden"@nl`,
			},
			uri + "#periode": {
				`rdf:type dct:PeriodOfTime`,
				`dcat:endDate "2018"^^xsd:gYear`,
				`dcat:startDate "2017-12"^^xsd:gYearMonth`,
			},
		} {
			if got := about(all, subject); !slices.Equal(got, want) {
				t.Errorf("%s:\n%s\nwant\n%s", subject, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		if got := about(all, uri); !slices.Contains(got, "rdf:type http://www.w3.org/ns/prov#Activity") || !slices.Contains(got, "http://www.w3.org/ns/prov#wasAssociatedWith https://plein.test/id/"+w.Leiden.ID) {
			t.Errorf("the project is %s", strings.Join(got, "\n"))
		}
		if got := about(all, "https://plein.test/#catalogus"); !slices.Contains(got, "dcat:dataset "+dataset) || !slices.Contains(got, "dcat:service https://plein.test/#graphql") {
			t.Errorf("the catalogue is %s", strings.Join(got, "\n"))
		}
		if got := about(all, "https://plein.test/#graphql"); !slices.Contains(got, "dcat:endpointURL https://plein.test/graphql") || !slices.Contains(got, "dcat:endpointDescription https://plein.test/graphql/schema.graphql") {
			t.Errorf("the service is %s", strings.Join(got, "\n"))
		}
		if text := strings.Join(all, "\n"); strings.Contains(text, "#o2") || strings.Contains(text, "Aangekondigd") || strings.Contains(text, "_:") {
			t.Error("what cannot be had is a dataset, or something has no address")
		}
	})
}

// What is not known of a licence is said to be so, and what is closed is not called open.
func TestALicenceIsTheOneThatIsKnown(t *testing.T) {
	w := small(t)
	p := withOutputs(w, "Kamers")
	closed := record.ConceptIRI(record.License, "geen-open-licentie")
	for i, l := range []string{"", closed, record.ConceptIRI(record.License, "cc0-1.0")} {
		o := *p.Outputs[0]
		o.Key, o.LicenseIRI = fmt.Sprintf("o%d", 11+i), l
		p.Outputs = append(p.Outputs, &o)
	}
	made := w.Publish(t, p)
	all := quads(t, dcatOf(t, w, exchange.JSONLD))
	for key, want := range map[string]string{"o1": "http://creativecommons.org/licenses/by/4.0/deed.nl", "o11": "http://standaarden.overheid.nl/owms/terms/licentieonbekend",
		"o12": "http://standaarden.overheid.nl/owms/terms/geslotenlicentie", "o13": "http://creativecommons.org/publicdomain/zero/1.0/deed.nl"} {
		if got := about(all, uriOf(made)+"#"+key+"-adres"); !slices.Contains(got, "dct:license "+want) {
			t.Errorf("%s: %q, want %s", key, got, want)
		}
	}
}

func TestEveryPolicyThemeHasADataThemeOfTheEU(t *testing.T) {
	w := small(t)
	for _, c := range w.Reference().Scheme(record.PolicyDomain) {
		if !strings.HasPrefix(c.IRI, "https://identifier.overheid.nl/") {
			continue // the fixture's own
		}
		p := withOutputs(w, c.Label.In())
		p.PolicyDomainIRIs = []string{c.IRI}
		w.Publish(t, p)
	}
	all := quads(t, dcatOf(t, w, exchange.JSONLD))
	of, found := map[string]bool{}, 0
	for _, q := range all {
		if part := strings.Split(q, " "); part[1] == "<"+dcatNS+"theme>" && strings.HasPrefix(part[2], "<http://publications.europa.eu/resource/authority/data-theme/") && strings.Contains(part[0], "/id/") {
			of[part[2]] = true
			found++
		}
	}
	if found != 92 || len(of) != 13 {
		t.Errorf("%d of 92 themes have a data theme, %d of 13 data themes are used", found, len(of))
	}
}

func TestACatalogueHoldsNothingOfOthers(t *testing.T) {
	w := small(t)
	empty := dcatOf(t, w, exchange.JSONLD)
	if _, err := exchange.Seed(fixture.System(t), w.Catalog); err != nil {
		t.Fatal(err)
	}
	importText(t, w, exchange.NDJSON, lines(20, nil), exchange.Options{})
	if got := dcatOf(t, w, exchange.JSONLD); !bytes.Equal(got, empty) {
		t.Errorf("starter content or a register is in it:\n%s", got)
	}
	if all := quads(t, empty); len(about(all, "https://plein.test/#beschrijvingen")) < 10 || slices.ContainsFunc(all, func(q string) bool { return strings.Contains(q, "prov#Activity") }) {
		t.Errorf("an empty catalogue is\n%s", strings.Join(all, "\n"))
	}
}

// secret is a word that nobody may see.
const secret = "kwqgeheim"

func TestWhatIsNotPublicIsInNoByteOfTheCatalogueOrItsFeed(t *testing.T) {
	each(t, func(t *testing.T, w *fixture.World) {
		held := withOutputs(w, "Onder embargo")
		held.Outputs[0].Title, held.Answer = record.NL("Uitkomst "+secret), record.NL(secret)
		held.Embargoes = []*record.Embargo{w.Embargo(record.ResultsScope, time.Hour)}
		whole := withOutputs(w, "Gepland "+secret)
		whole.Embargoes = []*record.Embargo{w.Embargo(record.WholeRecord, time.Hour)}
		among := withOutputs(w, "Onder ons "+secret)
		among.Audience = record.Community
		w.Publish(t, held)
		w.Publish(t, whole)
		w.Publish(t, among)
		ctx := fixture.As(t, w.Leiden)
		if err := w.Write(ctx, func(tx *catalog.Writer) error {
			_, err := tx.Create(ctx, withOutputs(w, "Concept "+secret), catalog.Origin{})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		everything := func() []byte {
			return slices.Concat(dcatOf(t, w, exchange.Turtle), dcatOf(t, w, exchange.JSONLD), feedRoot(t, w), feedPage(t, w, 0))
		}
		tag := fingerprint(t, w)
		if b := everything(); bytes.Contains(b, []byte(secret)) || !bytes.Contains(b, []byte("Onder embargo")) {
			t.Errorf("before: %v in\n%s", bytes.Contains(b, []byte(secret)), b)
		}
		w.Clock.Move(2 * time.Hour)
		if err := w.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
		// In each of three documents, as dataset and as distribution; the feed has only what was shown then.
		if b := everything(); bytes.Count(b, []byte("Uitkomst "+secret)) != 6 || bytes.Count(b, []byte("Gepland "+secret)) == 0 || bytes.Contains(b, []byte("Onder ons")) || bytes.Contains(b, []byte("Concept "+secret)) {
			t.Errorf("after:\n%s", b)
		}
		if fingerprint(t, w) == tag {
			t.Error("the fingerprint stays")
		}
	})
}

func fingerprint(t testing.TB, w *fixture.World) string {
	t.Helper()
	f, err := exchange.DCATFingerprint(t.Context(), w.Catalog)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestTheFingerprintFollowsWhatIsPublicAndNothingElse(t *testing.T) {
	w := small(t)
	p := w.Publish(t, withOutputs(w, "Kamers")).(*record.Project)
	first, body := fingerprint(t, w), dcatOf(t, w, exchange.Turtle)
	among := withOutputs(w, "Onder ons")
	among.Audience = record.Community
	w.Publish(t, among)
	if fingerprint(t, w) != first || !bytes.Equal(dcatOf(t, w, exchange.Turtle), body) {
		t.Error("what is not public shows")
	}
	edit(t, w, p.ID, func(p *record.Project) { p.Title = record.NL("Kamers en huizen") })
	second := fingerprint(t, w)
	if second == first {
		t.Error("another title does not show")
	}
	ctx := fixture.System(t)
	if err := w.Write(ctx, func(tx *catalog.Writer) error {
		_, err := tx.EditOrganization(ctx, w.Leiden.ID, 0, func(o *record.Organization) error { o.Name = "UDC Leiden en omstreken"; return nil })
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if fingerprint(t, w) == second {
		t.Error("another name does not show")
	}
}

// edit changes a project and publishes it again.
func edit(t testing.TB, w *fixture.World, id string, change func(*record.Project)) {
	t.Helper()
	ctx := fixture.System(t)
	if err := w.Write(ctx, func(tx *catalog.Writer) error {
		r, err := tx.Edit(ctx, id, 0, func(r record.Record) error { change(r.(*record.Project)); return nil })
		if err != nil {
			return err
		}
		_, err = tx.Publish(ctx, id, r.Base().Revision)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// A long catalogue is read page by page: statements follow the number of pages, and memory does not follow anything.
func TestALongCatalogueIsWrittenPartByPart(t *testing.T) {
	w := small(t)
	ctx := fixture.As(t, w.Leiden)
	const projects = 1000
	for from := 0; from < projects; from += 250 {
		if err := w.Write(ctx, func(tx *catalog.Writer) error {
			for i := range 250 {
				r, err := tx.Create(ctx, withOutputs(w, fmt.Sprintf("Project %d", from+i)), catalog.Origin{})
				if err != nil {
					return err
				}
				if _, err := tx.Publish(ctx, r.Base().ID, r.Base().Revision); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []rdf.Format{exchange.Turtle, exchange.JSONLD} {
		w.Statements.Reset()
		d, err := exchange.NewDCAT(w.Catalog, f)
		if err != nil {
			t.Fatal(err)
		}
		var whole, longest, parts int
		for more := true; more; parts++ {
			var part []byte
			if part, more, err = d.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
			whole, longest = whole+len(part), max(longest, len(part))
		}
		statements := len(w.Statements.About("publications"))
		t.Logf("%s: %d projects, %d bytes in %d parts of at most %d, %d statements", f, projects, whole, parts, longest, statements)
		if parts != 6 || statements != 6 || longest > whole/4 {
			t.Errorf("%d parts, %d statements, a part of %d of %d bytes", parts, statements, longest, whole)
		}
	}
	w.Statements.Reset()
	fingerprint(t, w)
	if n := len(w.Statements.About("publications")); n != 1 {
		t.Errorf("%d statements for the fingerprint", n)
	}
	// What a project costs, with reading it from the database.
	per := testing.AllocsPerRun(3, func() { dcatOf(t, w, exchange.Turtle) }) / projects
	t.Logf("%.0f allocations a project", per)
	if per > 350 {
		t.Errorf("%.0f allocations a project", per)
	}
}
