package exchange

import (
	"slices"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// sheetField is something that a column of a sheet can hold.
type sheetField struct {
	// name is that of the field in documents and in GraphQL.
	name string
	// label is the heading in the template, and what people are offered to choose from.
	label record.Text
	// headings are other ways to write it, in Dutch and English, and those of our own tables.
	headings []string
	// many fields may have more than one value, and more than one column.
	many bool
	// kinds that have the field; nil is all of them.
	kinds []record.Type
	// example is what the template shows; nil keeps the field out of it.
	example record.Text
}

func label(nl, en string) record.Text { return record.Text{record.Dutch: nl, record.English: en} }

var (
	forProjects = []record.Type{record.ProjectType}
	forLessons  = []record.Type{record.LessonType}
)

// sheetFields are in the order of the template.
var sheetFields = []sheetField{
	{name: "title", label: label("titel", "title"),
		headings: []string{"naam", "name", "project", "projectnaam", "naam project", "projecttitel", "titel project", "project name", "project title", "onderwerp", "subject"},
		example:  label("Waar staan woningen leeg?", "Where do homes stand empty?")},
	{name: "kind", label: label("soort", "kind"), headings: []string{"type", "soort record"},
		example: label("Project", "Project")},
	{name: "question", label: label("vraag", "question"), kinds: forProjects,
		headings: []string{"onderzoeksvraag", "hoofdvraag", "vraagstelling", "beleidsvraag", "centrale vraag", "research question", "main question"},
		example:  label("In welke wijken staan woningen langer dan een jaar leeg?", "In which districts do homes stand empty for more than a year?")},
	{name: "summary", label: label("samenvatting", "summary"),
		headings: []string{"omschrijving", "beschrijving", "korte omschrijving", "korte beschrijving", "toelichting", "description", "abstract"},
		example:  label("Wij vergeleken twee registraties.", "We compared two registers.")},
	{name: "policyDomains", label: label("thema’s", "themes"), many: true, kinds: forProjects,
		headings: []string{"thema's", "thema", "themas", "theme", "beleidsthema", "beleidsthema’s", "beleidsterrein", "beleidsdomein", "beleidsdomeinen", "domein", "domain", "policy domain", "policy domains", "policyDomains"},
		example:  label("wonen", "wonen")},
	{name: "municipalities", label: label("gemeenten", "municipalities"), many: true, kinds: forProjects,
		headings: []string{"gemeente", "gemeentenaam", "gemeentecode", "gemeente code", "municipality", "stad"},
		example:  label("Leiden; Delft", "Leiden; Delft")},
	{name: "methods", label: label("methoden", "methods"), many: true, kinds: forProjects,
		headings: []string{"methode", "methodes", "method", "onderzoeksmethode", "aanpak", "werkwijze"},
		example:  label("kaart", "map")},
	{name: "phase", label: label("fase", "phase"), kinds: forProjects,
		headings: []string{"status", "stand", "stand van zaken", "projectfase"},
		example:  label("Loopt", "Running")},
	{name: "startedOn", label: label("gestart", "started"), kinds: forProjects,
		headings: []string{"start", "startdatum", "begin", "begindatum", "begonnen", "gestart op", "datum start", "start date", "started on", "startedOn"},
		example:  label("maart 2027", "March 2027")},
	{name: "finishedOn", label: label("afgerond", "finished"), kinds: forProjects,
		headings: []string{"einde", "eind", "einddatum", "gereed", "opgeleverd", "afgerond op", "datum einde", "end", "end date", "finished on", "finishedOn"},
		example:  label("", "")},
	{name: "occasion", label: label("aanleiding", "occasion"), kinds: forProjects,
		headings: []string{"achtergrond", "reden", "background"},
		example:  label("Er zijn vragen van de raad.", "The council has asked about it.")},
	{name: "answer", label: label("antwoord", "answer"), kinds: forProjects,
		headings: []string{"resultaat", "resultaten", "uitkomst", "uitkomsten", "conclusie", "bevindingen", "result", "results", "findings", "conclusion"},
		example:  label("", "")},
	{name: "targetGroups", label: label("doelgroepen", "target groups"), many: true, kinds: forProjects,
		headings: []string{"doelgroep", "target group", "targetGroups"}},
	{name: "geoLevel", label: label("gebied", "area"), kinds: forProjects,
		headings: []string{"gebiedsniveau", "schaal", "schaalniveau", "geographic level", "geoLevel"}},
	{name: "complexity", label: label("hoe ingewikkeld", "complexity"), kinds: forProjects,
		headings: []string{"complexiteit", "moeilijkheid"}},
	{name: "goodFirstProject", label: label("goed om mee te beginnen", "good first project"), kinds: forProjects,
		headings: []string{"goodFirstProject"}},
	{name: "aliases", label: label("andere namen", "other names"), many: true, kinds: forProjects,
		headings: []string{"alias", "aliassen", "aliases", "afkorting"}},
	{name: "lessonKind", label: label("soort les", "kind of lesson"), kinds: forLessons},
	{name: "context", label: label("context", "context"), kinds: forLessons, headings: []string{"situatie", "situation"}},
	{name: "recommendation", label: label("aanbeveling", "recommendation"), kinds: forLessons, headings: []string{"advies", "les", "lesson", "advice"}},
	{name: "consequence", label: label("gevolg", "consequence"), kinds: forLessons, headings: []string{"gevolgen", "consequences"}},
	{name: "steps", label: label("stappen", "steps"), many: true, kinds: forLessons, headings: []string{"stap", "processtap", "step"}},
	{name: "roles", label: label("rollen", "roles"), many: true, kinds: forLessons, headings: []string{"rol", "role"}},
	{name: "contentLanguage", label: label("taal", "language"), headings: []string{"lang", "contentLanguage"}},
	{name: "license", label: label("licentie", "licence"), headings: []string{"license"}},
	{name: "sourceLinks", label: label("bronnen", "sources"), many: true,
		headings: []string{"bron", "link", "links", "url", "webadres", "website", "source", "source links", "sourceLinks"},
		example:  label("https://voorbeeld.example/leegstand", "https://voorbeeld.example/leegstand")},
}

// otherHeadings are of columns that hold nothing for a draft: what our own tables say beside it, and what is about people.
var otherHeadings = []string{
	"organisatie", "organisation", "organization", "publisher", "uitgever", "gepubliceerd", "published", "bijgewerkt", "updated",
	"herkomst", "provenance", "adres", "uri", "pagina", "page", "id", "nummer", "nr",
	"contact", "contactpersoon", "e-mail", "email", "mail", "telefoon", "phone", "opmerking", "opmerkingen", "remarks",
}

// fieldNamed is the field with a name; nil when there is none.
func fieldNamed(name string) *sheetField {
	i := slices.IndexFunc(sheetFields, func(f sheetField) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &sheetFields[i]
}

// of tells whether records of a kind have the field.
func (f *sheetField) of(kind record.Type) bool {
	return f.kinds == nil || slices.Contains(f.kinds, kind)
}

// FieldChoice is a field that people may choose for a column.
type FieldChoice struct {
	Name  string
	Label record.Text
	// Many tells that more than one column may go there.
	Many bool
}

// FieldChoices lists the fields in the order in which they are offered.
func FieldChoices() []FieldChoice {
	out := make([]FieldChoice, len(sheetFields))
	for i, f := range sheetFields {
		out[i] = FieldChoice{f.name, f.label, f.many}
	}
	return out
}

// How sure a guess is.
const (
	certain  = 1.0 // the heading is that of the field
	likely   = 0.9 // it is another way to write that
	probable = 0.5 // a part of it is
)

// SheetColumn is a column with what is guessed of it.
type SheetColumn struct {
	// Key is the column as spreadsheets name it, such as C.
	Key, Name string
	// Sample are the first values, at most three.
	Sample []string
	// Field is empty where nothing is guessed; Confidence is from 0 to 1.
	Field      string
	Confidence float64
}

// samples and sampleLength bound what is shown of a column.
const (
	samples      = 3
	sampleLength = 200
)

// Columns of a sheet. A field that has room for one column is guessed for one: the likeliest, and of those the first.
func (s *Sheet) Columns() []SheetColumn {
	out := make([]SheetColumn, len(s.Header))
	best := map[string]int{}
	for i, name := range s.Header {
		out[i] = SheetColumn{Key: columnName(i), Name: name, Sample: s.sample(i)}
		f, confidence := guessField(name)
		if f == nil {
			continue
		}
		if j, taken := best[f.name]; taken && !f.many {
			if out[j].Confidence >= confidence {
				continue
			}
			out[j].Field, out[j].Confidence = "", 0
		}
		best[f.name] = i
		out[i].Field, out[i].Confidence = f.name, confidence
	}
	return out
}

func (s *Sheet) sample(column int) []string {
	out := []string{}
	for _, row := range s.Rows {
		cell := row.cell(column)
		if cell == "" || slices.Contains(out, cell) {
			continue
		}
		if out = append(out, shorten(cell, sampleLength)); len(out) == samples {
			break
		}
	}
	return out
}

// shorten cuts a text off after so many characters.
func shorten(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// guessField finds the field that a heading means; nil when it means none, or nobody knows. Where no field is called so,
// the longest name of one that the heading has in it counts.
func guessField(heading string) (*sheetField, float64) {
	words := plain(heading)
	if words == "" {
		return nil, 0
	}
	var found *sheetField
	longest, confidence := 0, 0.0
	for i := range sheetFields {
		own, others := sheetFields[i].names()
		if slices.Contains(own, words) {
			return &sheetFields[i], certain
		}
		for _, name := range append(own, others...) {
			if len(name) > longest && hasWords(words, name) {
				found, longest, confidence = &sheetFields[i], len(name), probable
			}
		}
		if slices.Contains(others, words) {
			confidence = likely
		}
	}
	if confidence == likely {
		return found, likely
	}
	for _, other := range otherHeadings {
		if hasWords(words, plain(other)) {
			return nil, 0
		}
	}
	return found, confidence
}

// hasWords tells whether a text has words in it, whole and in a row.
func hasWords(text, words string) bool { return strings.Contains(" "+text+" ", " "+words+" ") }

// names are the headings of a field, its own and others, as headings are compared.
func (f *sheetField) names() (own, others []string) {
	for _, h := range f.headings {
		others = append(others, plain(h))
	}
	return []string{plain(f.name), plain(f.label[record.Dutch]), plain(f.label[record.English])}, others
}

// kind guesses whether the rows are projects or lessons, for those that do not say so themselves.
func (s *Sheet) kind() record.Type {
	lessons, projects := 0, 0
	for _, c := range s.Columns() {
		f := fieldNamed(c.Field)
		switch {
		case f == nil || f.kinds == nil:
		case f.of(record.LessonType):
			lessons++
		default:
			projects++
		}
	}
	if lessons > projects {
		return record.LessonType
	}
	return record.ProjectType
}
