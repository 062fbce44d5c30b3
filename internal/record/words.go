package record

import (
	"slices"
	"strconv"
	"strings"
)

// Words are what a record can be found by: what the index holds and what highlights are cut from.
type Words struct {
	Title   Text
	Summary Text
	Body    []Text
	// Tags are names that are the same in every language: aliases, sources, municipalities.
	Tags []string
	// Concepts are the labels of the record's concepts.
	Concepts []Text
}

func (s *Spine) words() Words { return Words{Title: s.Title, Summary: s.Summary} }

// Plain is all words as one folded text: what a search without an index looks through.
func (w Words) Plain() string {
	var b strings.Builder
	add := func(s string) {
		if s != "" {
			b.WriteString(Fold(s))
			b.WriteByte('\n')
		}
	}
	for _, t := range slices.Concat([]Text{w.Title, w.Summary}, w.Body, w.Concepts) {
		for _, l := range t.Languages() {
			add(t[l])
		}
	}
	for _, s := range w.Tags {
		add(s)
	}
	return b.String()
}

// Field names a property that records are filtered by, counted by or linked through.
type Field string

// The fields of Terms. Filters, facets and links between records all use these names.
const (
	FieldKind             Field = "kind"
	FieldPublisher        Field = "publisher"
	FieldProvenance       Field = "provenance"
	FieldLanguage         Field = "language"
	FieldPolicyDomain     Field = "policyDomain"
	FieldTargetGroup      Field = "targetGroup"
	FieldGeoLevel         Field = "geoLevel"
	FieldMunicipality     Field = "municipality"
	FieldProvince         Field = "province"
	FieldSizeClass        Field = "sizeClass"
	FieldUrbanity         Field = "urbanity"
	FieldMethod           Field = "method"
	FieldSource           Field = "source"
	FieldAccessRoute      Field = "accessRoute"
	FieldOutputKind       Field = "outputKind"
	FieldPhase            Field = "phase"
	FieldComplexity       Field = "complexity"
	FieldYear             Field = "year"
	FieldGoodFirstProject Field = "goodFirstProject"
	FieldUsedInPolicy     Field = "usedInPolicy"
	FieldHasTemplate      Field = "hasTemplate"
	FieldStep             Field = "step"
	FieldTeamRole         Field = "teamRole"
	FieldLessonKind       Field = "lessonKind"
	FieldTemplate         Field = "template"
	FieldTemplateVersion  Field = "templateVersion"
	FieldForkedFrom       Field = "forkedFrom"
	FieldProject          Field = "project"
	FieldBasedOn          Field = "basedOn"
	// FieldNode is where a record lives. No record has a term of it: a publisher may move to another node, so whoever
	// searches by it says who publishes where.
	FieldNode Field = "node"
)

// Fields lists them all.
func Fields() []Field {
	return []Field{
		FieldKind, FieldPublisher, FieldProvenance, FieldLanguage, FieldPolicyDomain, FieldTargetGroup, FieldGeoLevel,
		FieldMunicipality, FieldProvince, FieldSizeClass, FieldUrbanity, FieldMethod, FieldSource, FieldAccessRoute,
		FieldOutputKind, FieldPhase, FieldComplexity, FieldYear, FieldGoodFirstProject, FieldUsedInPolicy,
		FieldHasTemplate, FieldStep, FieldTeamRole, FieldLessonKind, FieldTemplate, FieldTemplateVersion,
		FieldForkedFrom, FieldProject, FieldBasedOn, FieldNode,
	}
}

// Link is a record that a document points at, and the field that does.
type Link struct {
	Type  Type
	ID    string
	Field string
}

// Term is one value of a field.
type Term struct {
	Field Field
	Value string
}

// True is the value of a flag that is set; a flag that is not set has the value False.
const (
	True  = "true"
	False = "false"
)

type terms []Term

func (t *terms) add(f Field, values ...string) {
	for _, v := range values {
		if v != "" && !slices.Contains(*t, Term{f, v}) {
			*t = append(*t, Term{f, v})
		}
	}
}

func (t *terms) flag(f Field, set bool) { t.add(f, strconv.FormatBool(set)) }

// TermsOf are all terms of a record: its own, those of the spine, and what follows from its municipalities.
func TermsOf(r Record) []Term {
	s := r.Base()
	t := terms(r.Terms())
	t.add(FieldKind, string(KindOf(s.ID).Type))
	t.add(FieldPublisher, s.PublisherID)
	t.add(FieldProvenance, string(s.Provenance))
	t.add(FieldLanguage, s.Languages()...)
	var codes []string
	for _, x := range t {
		if x.Field == FieldMunicipality {
			codes = append(codes, x.Value)
		}
	}
	return append(t, MunicipalityTerms(s.Reference(), codes)...)
}

// MunicipalityFields are those of the terms that follow from a record's municipalities.
func MunicipalityFields() []Field { return []Field{FieldProvince, FieldSizeClass, FieldUrbanity} }

// MunicipalityTerms are the terms that follow from these municipalities, by code.
func MunicipalityTerms(ref *Reference, codes []string) []Term {
	var t terms
	for _, m := range ref.Municipalities(codes) {
		t.add(FieldProvince, m.Province)
		t.add(FieldSizeClass, string(m.SizeClass()))
		if m.Urbanity > 0 {
			t.add(FieldUrbanity, strconv.Itoa(m.Urbanity))
		}
	}
	return t
}
