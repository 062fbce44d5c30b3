package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Type names a kind in the public contract.
type Type string

// Types of records.
const (
	ProjectType         Type = "PROJECT"
	ProcessTemplateType Type = "PROCESS_TEMPLATE"
	TemplateVersionType Type = "PROCESS_TEMPLATE_VERSION"
	LessonType          Type = "LESSON"
	OtherType           Type = "OTHER"
)

// Kind is the one entry that a kind of record needs: everything else follows from its struct.
type Kind struct {
	Type   Type
	Prefix string
	New    func() Record
	// Searched kinds are in the search index; the others are reached through a record that is.
	Searched bool
	// Pages is where the pages of records of this kind are, in the interface's own language; empty when they have none.
	Pages string
	// ReadOnly kinds are written by nobody here: there are only copies.
	ReadOnly bool
}

var kinds = []Kind{
	{Type: ProjectType, Prefix: "prj", New: func() Record { return new(Project) }, Searched: true, Pages: "projecten"},
	{Type: ProcessTemplateType, Prefix: "tpl", New: func() Record { return new(ProcessTemplate) }, Searched: true, Pages: "sjablonen"},
	{Type: TemplateVersionType, Prefix: "tpv", New: func() Record { return new(TemplateVersion) }},
	{Type: LessonType, Prefix: "les", New: func() Record { return new(Lesson) }, Searched: true, Pages: "lessen"},
	{Type: OtherType, Prefix: "oth", New: func() Record { return new(Other) }, Searched: true, Pages: "overig", ReadOnly: true},
}

// Kinds lists the registry.
func Kinds() []Kind { return kinds }

// Written lists the kinds of which a Plein of this version writes records.
func Written() []Kind {
	return slices.DeleteFunc(slices.Clone(kinds), func(k Kind) bool { return k.ReadOnly })
}

// KindOf tells the kind from the prefix of an id; the zero Kind when there is none.
func KindOf(id string) Kind {
	prefix, _, _ := strings.Cut(id, "_")
	for _, k := range kinds {
		if k.Prefix == prefix {
			return k
		}
	}
	return Kind{}
}

// KindOfType is the kind with this type; the zero Kind when there is none.
func KindOfType(t Type) Kind {
	for _, k := range kinds {
		if k.Type == t {
			return k
		}
	}
	return Kind{}
}

// KindOfPages is the kind that has its pages there; the zero Kind when there is none.
func KindOfPages(pages string) Kind {
	for _, k := range kinds {
		if k.Pages == pages && pages != "" {
			return k
		}
	}
	return Kind{}
}

// NewID makes an id: a prefix and a UUIDv7, which sorts by time.
func NewID(prefix string) string { return prefix + "_" + uuid.Must(uuid.NewV7()).String() }

// PartID is the id of a part of a document.
func PartID(recordID, key string) string { return recordID + "." + key }

// SplitPartID takes such an id apart; ok is false for other ids.
func SplitPartID(id string) (recordID, key string, ok bool) {
	recordID, key, ok = strings.Cut(id, ".")
	return recordID, key, ok && KindOf(recordID).New != nil
}

// Encode writes a document as it is stored.
func Encode(r Record) ([]byte, error) {
	b, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", r.Base().ID, err)
	}
	return b, nil
}

// Decode reads a stored document of the kind that its id says.
func Decode(id string, b []byte) (Record, error) {
	k := KindOf(id)
	if k.New == nil {
		return nil, fmt.Errorf("decode %s: unknown kind", id)
	}
	r := k.New()
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("decode %s: %w", id, err)
	}
	// Documents of our own hold no nulls; those of others might.
	if bytes.Contains(b, []byte("null")) && hasEmptyPart(reflect.ValueOf(r).Elem()) {
		return nil, fmt.Errorf("decode %s: a list has an empty part", id)
	}
	if s := r.Base().Schema; s > Schema {
		return nil, fmt.Errorf("decode %s: its schema %d is newer than %d: upgrade Plein", id, s, Schema)
	}
	return r, nil
}
