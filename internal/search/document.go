package search

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/udc-community/plein/internal/catalog"
	"github.com/udc-community/plein/internal/compound"
	"github.com/udc-community/plein/internal/record"
)

// Fields that words are found in. Those of another language than Dutch have its code behind their name.
const (
	// wordField holds every word of a record. Where a word stands decides how often it counts: see weightOf.
	wordField = "words"
	// pairField holds neighbouring words, for phrases.
	pairField = "pairs"
)

// Parts of a record that words are found in.
const (
	titleField   = "title"
	summaryField = "summary"
	bodyField    = "body"
	tagsField    = "tags"
)

// weightOf is how often a word counts in each part of a record: one list of postings for each word, weighed when it is
// written, takes a third of the room of a field for each part, and is read once instead of four times.
var weightOf = map[string]int{titleField: 4, summaryField: 2, tagsField: 2, bodyField: 1}

// Fields of the index alone. The terms of a record (record.Term) are in fields of their own name.
const (
	prefixField    = "prefixes"
	updatedField   = "sort:updated"
	publishedField = "sort:published"
	sortedField    = "sort:title"
	versionField   = "version"
	// refusedField has the projects that say that they build on this one, and do not for its publisher.
	refusedField = "refused"
	idField      = "_id"
)

// What a field is for. There are no positions and no stored texts: phrases have a field of their own, and texts are in
// the database.
const (
	searched = index.IndexField
	// stored fields can also be read by document.
	stored = index.IndexField | index.DocValues
)

// usualLength is how many terms, each counted by its weight, a record is taken to have when scores are weighed by
// length. An average over what is in the index would tell how the index was written, hidden records included, and would
// change whenever segments are merged.
const usualLength = 150

// language is a language with an analysis of its own.
type language struct {
	code     string
	suffix   string
	analyzer *analyzer
}

// field is the name of a field in this language.
func (l *language) field(name string) string { return name + l.suffix }

// languages that there are; the first analyses what has no analysis of its own.
type languages []*language

func newLanguages() languages {
	return languages{
		{code: record.Dutch, analyzer: dutchAnalyzer()},
		{code: record.English, suffix: ".en", analyzer: englishAnalyzer()},
	}
}

func (ls languages) of(code string) *language {
	for _, l := range ls {
		if l.code == code {
			return l
		}
	}
	return ls[0]
}

// entry is a record as the index holds it.
func (x *Index) entry(d *catalog.Document) *document.Document {
	out := document.NewDocument(d.ID)
	text := func(part, code, value string) {
		if strings.TrimSpace(value) == "" {
			return
		}
		l := x.languages.of(code)
		out.AddField(document.NewTextFieldCustom(l.field(wordField), nil, []byte(value), searched, weighted{l.analyzer, weightOf[part]}))
		out.AddField(document.NewTextFieldCustom(l.field(pairField), nil, []byte(value), searched, pairs{l.analyzer}))
	}
	texts := func(part string, ts ...record.Text) {
		for _, t := range ts {
			for _, code := range t.Languages() {
				text(part, code, t[code])
			}
		}
	}
	texts(titleField, d.Words.Title)
	texts(summaryField, d.Words.Summary)
	texts(bodyField, d.Words.Body...)
	texts(tagsField, d.Words.Concepts...)
	for _, tag := range d.Words.Tags {
		text(tagsField, record.Dutch, tag)
	}
	for _, code := range d.Words.Title.Languages() {
		out.AddField(document.NewTextFieldCustom(prefixField, nil, []byte(d.Words.Title[code]), searched, prefixes{}))
	}
	keyword := func(name, value string, options index.FieldIndexingOptions) {
		if value != "" {
			out.AddField(document.NewTextFieldCustom(name, nil, []byte(value), options, nil))
		}
	}
	for _, t := range d.Terms {
		keyword(string(t.Field), t.Value, searched)
	}
	for _, id := range d.HiddenReuseIDs {
		keyword(refusedField, id, searched)
	}
	keyword(updatedField, sortable(d.UpdatedAt), searched)
	keyword(publishedField, sortable(d.PublishedAt), searched)
	keyword(sortedField, cut(record.Fold(d.Words.Title.In(record.Dutch)), 200), searched)
	if s, ok := x.signature(d); ok {
		keyword(alikeField, s.term(), searched)
	}
	keyword(versionField, strconv.Itoa(d.Version), stored)
	return out
}

// sortable is a moment as text that sorts by time.
func sortable(t time.Time) string { return fmt.Sprintf("%015d", t.UnixMilli()) }

// layout names everything that decides what an index holds: the fields, the analysis, how compounds are
// taken apart, and the version of bleve. It is
// taken from what a sample record becomes, so that nobody has to remember to count a number up.
func (x *Index) layout() string {
	h := sha256.New()
	for _, l := range x.languages {
		fmt.Fprintln(h, l.code, slices.Sorted(maps.Keys(l.analyzer.stop)))
	}
	both := record.Text{record.Dutch: "Verkamering: één foto’s-overzicht van studentenhuizen", record.English: "Students’ rooms and the running of houses"}
	sample := x.entry(&catalog.Document{ID: "sample", Version: 1, UpdatedAt: time.UnixMilli(0), PublishedAt: time.UnixMilli(0),
		Words: record.Words{Title: both, Summary: both, Body: []record.Text{both}, Tags: []string{"Leiden"}, Concepts: []record.Text{both}},
		Terms: []record.Term{{Field: record.FieldKind, Value: "sample"}}, HiddenReuseIDs: []string{"sample"}})
	sample.VisitFields(func(f index.Field) {
		f.Analyze()
		fmt.Fprintln(h, f.Name(), f.Options(), f.AnalyzedLength(), slices.Sorted(maps.Keys(f.AnalyzedTokenFrequencies())))
	})
	fmt.Fprintln(h, compound.Digest(), scorch.Name, scorch.Version)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			if strings.HasPrefix(m.Path, "github.com/blevesearch/") {
				fmt.Fprintln(h, m.Path, m.Version)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
