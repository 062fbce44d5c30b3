package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"github.com/udc-community/plein/internal/record"
)

// Mapping says how the columns of a register become projects. It is read from YAML; examples/import shows one of each
// kind. Each rule is the name of a column, or a Rule.
type Mapping struct {
	// Source names the register. With the id it is what a record stays known by, so it never changes.
	Source string `yaml:"source"`
	// ID, Publisher and Title are needed.
	ID        Rule `yaml:"id"`
	Publisher Rule `yaml:"publisher"`
	// PublisherCode is the CBS code of the publisher, where that is a municipality.
	PublisherCode  Rule `yaml:"publisherCode"`
	Title          Rule `yaml:"title"`
	Summary        Rule `yaml:"summary"`
	Question       Rule `yaml:"question"`
	Occasion       Rule `yaml:"occasion"`
	Answer         Rule `yaml:"answer"`
	Language       Rule `yaml:"language"`
	Phase          Rule `yaml:"phase"`
	Complexity     Rule `yaml:"complexity"`
	GoodFirst      Rule `yaml:"goodFirstProject"`
	StartedOn      Rule `yaml:"startedOn"`
	FinishedOn     Rule `yaml:"finishedOn"`
	Municipalities Rule `yaml:"municipalities"`
	PolicyDomains  Rule `yaml:"policyDomains"`
	TargetGroups   Rule `yaml:"targetGroups"`
	Methods        Rule `yaml:"methods"`
	GeoLevel       Rule `yaml:"geoLevel"`
	License        Rule `yaml:"license"`
	Aliases        Rule `yaml:"aliases"`
	SourceLinks    Rule `yaml:"sourceLinks"`
}

// Rule says where a value comes from: a column, or the same Value for every line.
type Rule struct {
	Column string `yaml:"column"`
	Value  string `yaml:"value"`
	// Values replaces what the column says; "*" stands for everything else, also for nothing. What is not in the table is
	// a bad value.
	Values map[string]string `yaml:"values"`
	// Split parts one text into several values.
	Split string `yaml:"split"`
}

// UnmarshalYAML reads a rule in its short form, the name of a column, or in full.
func (r *Rule) UnmarshalYAML(unmarshal func(any) error) error {
	if unmarshal(&r.Column) == nil {
		return nil
	}
	type full Rule
	return unmarshal((*full)(r))
}

func (r Rule) set() bool { return r.Column != "" || r.Value != "" }

var sourceName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ReadMapping reads a mapping and refuses one that cannot work, with what to do about it.
func ReadMapping(r io.Reader) (Mapping, error) {
	var m Mapping
	d := yaml.NewDecoder(io.LimitReader(r, maxLine), yaml.Strict())
	if err := d.Decode(&m); err != nil {
		return Mapping{}, fmt.Errorf("read the mapping: %w", err)
	}
	if !sourceName.MatchString(m.Source) || len(m.Source) > 60 {
		return Mapping{}, errors.New(`read the mapping: give the register a name of lower-case letters, digits and dashes, such as "source: algoritmeregister"`)
	}
	for name, rule := range map[string]Rule{"id": m.ID, "publisher": m.Publisher, "title": m.Title} {
		if !rule.set() {
			return Mapping{}, fmt.Errorf("read the mapping: say which column holds the %s, such as \"%s: COLUMN\"", name, name)
		}
	}
	for _, rule := range m.rules() {
		if rule.Column != "" && rule.Value != "" {
			return Mapping{}, fmt.Errorf("read the mapping: a rule has a column (%q) or a value (%q), not both", rule.Column, rule.Value)
		}
	}
	return m, nil
}

func (m *Mapping) rules() []Rule {
	return []Rule{m.ID, m.Publisher, m.PublisherCode, m.Title, m.Summary, m.Question, m.Occasion, m.Answer, m.Language, m.Phase,
		m.Complexity, m.GoodFirst, m.StartedOn, m.FinishedOn, m.Municipalities, m.PolicyDomains, m.TargetGroups, m.Methods,
		m.GeoLevel, m.License, m.Aliases, m.SourceLinks}
}

// columns that the mapping reads.
func (m *Mapping) columns() []string {
	var out []string
	for _, r := range m.rules() {
		if r.Column != "" && !slices.Contains(out, r.Column) {
			out = append(out, r.Column)
		}
	}
	return out
}

// entry is a line that can be imported.
type entry struct {
	line       int
	externalID string
	publisher  publisher
	project    *record.Project
}

// mapper turns lines into projects.
type mapper struct {
	Mapping
	ref        *record.Reference
	places     *gazetteer
	publishers *publishers
	concepts   map[record.Scheme]map[string][]*record.Concept
}

func newMapper(m Mapping, ref *record.Reference, names map[string]string) *mapper {
	places := newGazetteer(ref)
	return &mapper{Mapping: m, ref: ref, places: places, publishers: newPublishers(m.Source, ref, places, names),
		concepts: map[record.Scheme]map[string][]*record.Concept{}}
}

// named finds the terms of a vocabulary that a text may mean.
func (m *mapper) named(scheme record.Scheme, s string) []*record.Concept {
	if m.concepts[scheme] == nil {
		m.concepts[scheme] = termsByName(m.ref.Scheme(scheme))
	}
	if found := m.concepts[scheme][s]; found != nil {
		return found
	}
	return m.concepts[scheme][record.Fold(s)]
}

// termsByName finds terms by notation, by address, by label where no notation is called so, and by what else people call
// them where no label is.
func termsByName(cs []*record.Concept) map[string][]*record.Concept {
	exact, labels, others := map[string][]*record.Concept{}, map[string][]*record.Concept{}, map[string][]*record.Concept{}
	add := func(to map[string][]*record.Concept, name string, c *record.Concept) {
		if k := record.Fold(name); k != "" && !slices.Contains(to[k], c) {
			to[k] = append(to[k], c)
		}
	}
	for _, c := range cs {
		exact[c.Notation], exact[c.IRI] = []*record.Concept{c}, []*record.Concept{c}
		for _, label := range c.Label {
			add(labels, label, c)
		}
		for _, names := range c.Alternatives {
			for _, name := range names {
				add(others, name, c)
			}
		}
	}
	maps.Copy(others, labels)
	maps.Copy(others, exact)
	return others
}

// reading is one line while it is turned into a project, with everything that is wrong with it.
type reading struct {
	*mapper
	line
	wrong record.Problems
}

// entry maps one line. The external id is given wherever it is known, for the report.
func (m *mapper) entry(l line) (entry, record.Problems) {
	r := &reading{mapper: m, line: l}
	out := entry{line: l.number}
	if id := r.one(m.ID, "id"); id == "" {
		r.add(record.Wrong(record.Required, "Deze regel heeft geen nummer om hem aan te herkennen.", "This line has no id to know it by.", "id"))
	} else if len(id) > 200 {
		r.add(record.Wrong(record.TooLong, "Dit nummer is te lang: hooguit 200 tekens.", "This id is too long: at most 200 characters.", "id"))
	} else {
		out.externalID = m.Source + ":" + id
	}
	by, wrong := m.publishers.resolve(r.one(m.Publisher, "publisher"), r.one(m.PublisherCode, "publisher"))
	if wrong != nil {
		r.add(*wrong)
	}
	out.publisher, out.project = by, r.project()
	return out, append(r.wrong, out.project.Check(m.ref)...)
}

func (r *reading) project() *record.Project {
	p := &record.Project{Phase: record.Done}
	p.Audience, p.LicenseIRI = record.Public, record.CCBY
	p.Language = cmp.Or(r.one(r.Language, "contentLanguage"), record.Dutch)
	text := func(rule Rule, field string) record.Text {
		if s := r.one(rule, field); s != "" {
			return record.Text{p.Language: s}
		}
		return nil
	}
	p.Title = text(r.Title, "title")
	for l, s := range p.Title {
		p.Title[l] = strings.Join(strings.Fields(s), " ")
	}
	p.Summary = text(r.Summary, "summary")
	p.Question, p.Occasion, p.Answer = text(r.Question, "question"), text(r.Occasion, "occasion"), text(r.Answer, "answer")
	p.Phase = record.Phase(cmp.Or(r.one(r.Phase, "phase"), string(record.Done)))
	p.Complexity = record.Complexity(r.one(r.Complexity, "complexity"))
	p.GoodFirstProject = r.flag(r.GoodFirst, "goodFirstProject")
	p.StartedOn, p.FinishedOn = record.Date(r.one(r.StartedOn, "startedOn")), record.Date(r.one(r.FinishedOn, "finishedOn"))
	p.MunicipalityCodes = r.municipalities()
	p.PolicyDomainIRIs = r.terms(r.PolicyDomains, record.PolicyDomain, "policyDomains")
	p.TargetGroupIRIs = r.terms(r.TargetGroups, record.TargetGroup, "targetGroups")
	p.MethodIRIs = r.terms(r.Methods, record.Method, "methods")
	p.GeoLevelIRI = first(r.terms(r.GeoLevel, record.GeoLevel, "geoLevel"))
	p.LicenseIRI = cmp.Or(first(r.terms(r.License, record.License, "license")), record.CCBY)
	p.Aliases = r.many(r.Aliases, "aliases")
	p.SourceLinks = r.many(r.SourceLinks, "sourceLinks")
	return p
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func (r *reading) add(p record.Problem) { r.wrong = append(r.wrong, p) }

// many are the values that a rule gives for the line, without empty and repeated ones.
func (r *reading) many(rule Rule, field string) []string {
	if rule.Column == "" {
		if rule.Value == "" {
			return nil
		}
		return []string{rule.Value}
	}
	values := r.columns[rule.Column]
	if rule.Split != "" {
		values = strings.Split(strings.Join(values, rule.Split), rule.Split)
	}
	if rule.Values != nil && len(values) == 0 {
		values = []string{""}
	}
	var out []string
	for _, v := range values {
		v = strings.TrimSpace(v)
		if rule.Values != nil {
			v = r.translate(rule, v, field)
		}
		if v != "" && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

func (r *reading) translate(rule Rule, v, field string) string {
	if to, ok := rule.Values[v]; ok {
		return to
	}
	to, ok := rule.Values["*"]
	if !ok {
		r.add(record.Wrong(record.Invalid, fmt.Sprintf("De kaart weet niet wat %q in kolom %q betekent.", v, rule.Column),
			fmt.Sprintf("The mapping does not know what %q in column %q means.", v, rule.Column), field))
	}
	return to
}

// one is the single value that a rule gives for the line.
func (r *reading) one(rule Rule, field string) string {
	values := r.many(rule, field)
	if len(values) > 1 {
		r.add(record.Wrong(record.TooMany, "Hier past één waarde.", "There is room for one value here.", field))
	}
	return first(values)
}

func (r *reading) flag(rule Rule, field string) bool {
	s := r.one(rule, field)
	if s == "" {
		return false
	}
	set, err := strconv.ParseBool(s)
	if err != nil {
		r.add(record.Wrong(record.Invalid, "Schrijf true of false.", "Write true or false.", field))
	}
	return set
}

func (r *reading) municipalities() []string {
	var out []string
	for _, s := range r.many(r.Municipalities, "municipalities") {
		m, wrong := r.places.municipality(s)
		if wrong != nil {
			r.add(wrong.At("municipalities"))
		} else if !slices.Contains(out, m.Code) {
			out = append(out, m.Code)
		}
	}
	return out
}

// terms finds terms of a vocabulary by notation, address or label.
func (r *reading) terms(rule Rule, scheme record.Scheme, field string) []string {
	var out []string
	for _, s := range r.many(rule, field) {
		found := r.named(scheme, s)
		if len(found) != 1 {
			r.add(record.Wrong(record.UnknownConcept, fmt.Sprintf("De lijst heeft geen begrip %q.", s),
				fmt.Sprintf("The vocabulary has no concept %q.", s), field))
			continue
		}
		if !slices.Contains(out, found[0].IRI) {
			out = append(out, found[0].IRI)
		}
	}
	return out
}
