package exchange

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/udc-community/plein/internal/record"
)

// What people write in cells, as documents hold it. What could mean two things means neither.

// spreadsheetErrors are what a cell says when its formula could not be worked out.
var spreadsheetErrors = []string{"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA", "#N/B", "#VERW!", "#NAAM?", "#WAARDE!", "#DEEL/0!", "#GETAL!", "#LEEG!"}

// separated has one sign for all that parts values.
var separated = strings.NewReplacer(";", "|", ",", "|", "\n", "|")

// values are the values in a cell of a field, before it is known what they mean.
func (f *sheetField) values(cell string, isOne func(string) bool) []string {
	if !f.many {
		return []string{cell}
	}
	if f.name == "sourceLinks" {
		var out []string
		for _, word := range strings.Fields(cell) {
			if word = strings.Trim(word, "|;,"); word != "" {
				out = append(out, word)
			}
		}
		return out
	}
	if isOne(cell) {
		return []string{cell}
	}
	var out []string
	for part := range strings.FieldsFuncSeq(cell, func(r rune) bool { return strings.ContainsRune("|;\n", r) }) {
		// A comma parts values, unless it is in the name of one: "landbouw, visserij, voedselkwaliteit".
		if part = strings.TrimSpace(part); f.name == "aliases" || isOne(part) {
			out = append(out, part)
			continue
		}
		for piece := range strings.SplitSeq(part, ",") {
			out = append(out, strings.TrimSpace(piece))
		}
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

// choice is a value of a closed list with what people write for it.
type choice struct {
	value string
	names []string
}

var phaseChoices = []choice{
	{string(record.Idea), []string{"idee", "voorstel", "aangemeld"}},
	{string(record.Intake), []string{"intake", "verkenning", "voorbereiding", "vraag scherp maken"}},
	{string(record.Running), []string{"loopt", "lopend", "actief", "bezig", "in uitvoering", "uitvoering", "gestart", "active", "in progress", "ongoing"}},
	{string(record.OnHold), []string{"ligt stil", "gepauzeerd", "uitgesteld", "paused"}},
	{string(record.Done), []string{"klaar", "afgerond", "gereed", "voltooid", "opgeleverd", "afgesloten", "finished", "completed", "complete"}},
	{string(record.Stopped), []string{"gestopt", "stopgezet", "beëindigd", "geannuleerd", "vervallen", "cancelled", "canceled"}},
}

var lessonKindChoices = []choice{
	{string(record.Do), []string{"doen", "doe dit", "wel doen"}},
	{string(record.Avoid), []string{"vermijden", "vermijd", "niet doen", "laten"}},
	{string(record.Observation), []string{"observatie", "waarneming", "goed om te weten", "weten"}},
}

var languageChoices = []choice{{record.Dutch, []string{"nl-nl", "dut", "nld"}}, {record.English, []string{"en-gb", "en-us", "eng"}}}

var complexityChoices = []choice{{value: string(record.Simple)}, {value: string(record.Moderate)}, {value: string(record.Advanced)}}

// kindChoices has the kinds that are not imported too, so that it can be said why.
var kindChoices = []choice{
	{string(record.ProjectType), []string{"projecten", "projects"}},
	{string(record.LessonType), []string{"lessen", "lessons"}},
	{string(record.ProcessTemplateType), []string{"sjabloon", "template"}},
	{string(record.TemplateVersionType), nil},
}

var yesNoChoices = []choice{
	{"true", []string{"ja", "j", "yes", "y", "x", "1", "waar"}},
	{"false", []string{"nee", "n", "no", "0", "onwaar", "-"}},
}

// choose finds the value that a text means: the value itself, what people call it, or another name. Empty when it is none.
func choose(ref *record.Reference, list []choice, s string) string {
	said := plain(s)
	for _, c := range list {
		names := append([]string{c.value}, c.names...)
		for _, l := range ref.ValueLabel(record.FieldKind, c.value) {
			names = append(names, l)
		}
		if slices.ContainsFunc(names, func(n string) bool { return plain(n) == said }) {
			return c.value
		}
	}
	return ""
}

// offered lists what may be written for a field, for whoever wrote something else.
func offered(ref *record.Reference, list []choice, language record.Language) string {
	var out []string
	for _, c := range list {
		name := ref.ValueLabel(record.FieldKind, c.value).In(language)
		if name == c.value && len(c.names) > 0 {
			name = c.names[0]
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

func notAChoice(ref *record.Reference, list []choice, s, field string) record.Problem {
	s = shorten(s, 60)
	return record.Wrong(record.Invalid, fmt.Sprintf("“%s” is hier geen keuze. Kies uit: %s.", s, offered(ref, list, record.Dutch)),
		fmt.Sprintf("“%s” is not a choice here. Choose from: %s.", s, offered(ref, list, record.English)), field)
}

var (
	isoDay    = regexp.MustCompile(`^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[t ].*)?$`)
	dutchDay  = regexp.MustCompile(`^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?: \d{1,2}:\d{2}.*)?$`)
	monthYear = regexp.MustCompile(`^(\d{1,2})[-/.](\d{4})$`)
	justYear  = regexp.MustCompile(`^(\d{4})$`)
	spelled   = regexp.MustCompile(`^(?:(\d{1,2})\.?[- ]+)?([a-z]+)\.?[- ]+(\d{4})$`)
)

// months by their names and abbreviations, in Dutch and English.
var months = [][]string{
	{"januari", "january", "jan"}, {"februari", "february", "feb", "febr"}, {"maart", "march", "mrt", "mar"}, {"april", "apr"}, {"mei", "may"},
	{"juni", "june", "jun"}, {"juli", "july", "jul"}, {"augustus", "august", "aug"}, {"september", "sep", "sept"},
	{"oktober", "october", "okt", "oct"}, {"november", "nov"}, {"december", "dec"},
}

// readDate reads a date as people write it, as precise as they do. The day comes before the month, as in the Netherlands; a
// year has four digits, because 03-04-05 has three readings.
func readDate(s string) (record.Date, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	year, month, day := "", "", ""
	switch {
	case isoDay.MatchString(s):
		m := isoDay.FindStringSubmatch(s)
		year, month, day = m[1], m[2], m[3]
	case dutchDay.MatchString(s):
		m := dutchDay.FindStringSubmatch(s)
		year, month, day = m[3], m[2], m[1]
	case monthYear.MatchString(s):
		m := monthYear.FindStringSubmatch(s)
		year, month = m[2], m[1]
	case justYear.MatchString(s):
		year = s
	case spelled.MatchString(s):
		m := spelled.FindStringSubmatch(s)
		if year, month, day = m[3], monthNumber(m[2]), m[1]; month == "" {
			return "", false
		}
	default:
		return "", false
	}
	date := year
	for _, part := range []string{month, day} {
		if part != "" {
			date += "-" + strings.Repeat("0", 2-len(part)) + part
		}
	}
	d := record.Date(date)
	return d, d.Valid() && year > "1000"
}

// monthNumber of a name or an abbreviation; empty when it is none.
func monthNumber(name string) string {
	i := slices.IndexFunc(months, func(names []string) bool { return slices.Contains(names, name) })
	if i < 0 {
		return ""
	}
	return strconv.Itoa(i + 1)
}
