package record

import (
	"fmt"
	"reflect"
	"strings"
)

// Every field of a document carries the tag `plein:"…"`, which says how it comes before the public:
//
//	spine     written by the catalogue itself
//	content   drafted, reviewed, published as a snapshot
//	progress  written directly by authors; the publication follows without review
//	private   never leaves the working copy and the snapshots
//	part      of a nested struct: goes with the field that holds it
//
// A word hide=SCOPE behind it names the embargo that covers a content or progress field. A word id=… says what a field
// with an id, or with a list of them, refers to: organization, file, record, or the type of record that it has to be, such
// as PROJECT. A field without a tag fails a test, so that nothing becomes public by being forgotten, and so does a field
// that is named as one with an id and does not say of what: other nodes are told addresses instead, as ids mean nothing
// to them.

type class string

const (
	spine    class = "spine"
	content  class = "content"
	progress class = "progress"
	private  class = "private"
	part     class = "part"
)

// What an id refers to: one of these, or else a type of record.
const (
	anOrganization = "organization"
	aFile          = "file"
	aRecord        = "record"
)

// parseTag reads one tag; ok is false when it is not of the form above.
func parseTag(tag string, nested bool) (c class, hide Scope, ok bool) {
	words := strings.Split(tag, ",")
	c = class(words[0])
	for _, word := range words[1:] {
		key, value, _ := strings.Cut(word, "=")
		switch {
		case key == "hide" && hide == "" && scopeWidth[Scope(value)] > 0 && (c == content || c == progress):
			hide = Scope(value)
		case key == "id" && (value == anOrganization || value == aFile || value == aRecord || KindOfType(Type(value)).New != nil):
		default:
			return c, hide, false
		}
	}
	switch c {
	case private:
		return c, hide, true
	case part:
		return c, hide, nested
	case spine, content, progress:
		return c, hide, !nested
	}
	return c, hide, false
}

// refersTo is what the id in a field refers to; empty for a field without one.
func refersTo(f reflect.StructField) string {
	_, rest, _ := strings.Cut(f.Tag.Get("plein"), ",id=")
	what, _, _ := strings.Cut(rest, ",")
	return what
}

// seemsID tells whether a field that is stored is named as one with an id.
func seemsID(f reflect.StructField) bool {
	t := f.Type
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t != reflect.TypeFor[string]() || f.Tag.Get("json") == "-" {
		return false
	}
	return strings.HasSuffix(f.Name, "ID") || strings.HasSuffix(f.Name, "IDs") || strings.HasSuffix(f.Name, "By")
}

// Untagged lists the fields of a type of document, and of the structs inside it, that have no valid tag.
func Untagged(r Record) []string {
	return untagged(reflect.TypeOf(r).Elem(), false, map[reflect.Type]bool{})
}

func untagged(t reflect.Type, nested bool, seen map[reflect.Type]bool) (out []string) {
	if seen[t] {
		return nil
	}
	seen[t] = true
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			out = append(out, untagged(f.Type, nested, seen)...)
			continue
		}
		if !f.IsExported() {
			continue // never stored, so never shown
		}
		if _, _, ok := parseTag(f.Tag.Get("plein"), nested); !ok || seemsID(f) && refersTo(f) == "" {
			out = append(out, t.Name()+"."+f.Name)
		}
		if e := structIn(f.Type); e != nil {
			out = append(out, untagged(e, true, seen)...)
		}
	}
	return out
}

// structIn is the struct of ours that a field holds, through slices and pointers.
func structIn(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Struct && t.PkgPath() == reflect.TypeFor[Spine]().PkgPath() {
		return t
	}
	return nil
}

// Visible is a copy of the document as it may be shown to its audience: without what is private, and without what an
// embargo of this scope covers.
func Visible(r Record, under Scope) (Record, error) {
	out, err := Clone(r)
	if err != nil {
		return nil, err
	}
	hide(reflect.ValueOf(out).Elem(), under)
	return out, nil
}

func hide(v reflect.Value, under Scope) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			hide(v.Field(i), under)
			continue
		}
		if !f.IsExported() {
			continue
		}
		c, scope, _ := parseTag(f.Tag.Get("plein"), true)
		if c == private || scope != "" && scopeWidth[scope] <= scopeWidth[under] {
			v.Field(i).SetZero()
			continue
		}
		eachStruct(v.Field(i), func(x reflect.Value) { hide(x, under) })
	}
}

func eachStruct(v reflect.Value, do func(reflect.Value)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			eachStruct(v.Elem(), do)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachStruct(v.Index(i), do)
		}
	case reflect.Struct:
		if structIn(v.Type()) != nil {
			do(v)
		}
	}
}

// hasEmptyPart tells whether a list of parts holds nothing somewhere.
func hasEmptyPart(v reflect.Value) bool {
	found := false
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Slice && f.Type().Elem().Kind() == reflect.Pointer {
			for j := range f.Len() {
				found = found || f.Index(j).IsNil()
			}
		}
		if v.Type().Field(i).IsExported() {
			eachStruct(f, func(x reflect.Value) { found = found || hasEmptyPart(x) })
		}
	}
	return found
}

// TakeProgress copies the progress of a working copy into an approved document of the same kind.
func TakeProgress(approved, working Record) { take(progress, approved, working) }

// KeepSpine puts back what the catalogue writes: an edit changes content, progress and private fields only.
func KeepSpine(edited, before Record) {
	take(spine, edited, before)
	edited.Base().group = before.Base().group
}

func take(which class, to, from Record) {
	takeFields(which, reflect.ValueOf(to).Elem(), reflect.ValueOf(from).Elem())
}

func takeFields(which class, to, from reflect.Value) {
	t := to.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			takeFields(which, to.Field(i), from.Field(i))
		} else if c, _, _ := parseTag(f.Tag.Get("plein"), false); c == which {
			to.Field(i).Set(from.Field(i))
		}
	}
}

// Clone is a deep copy of a document, outside any group.
func Clone(r Record) (Record, error) {
	b, err := Encode(r)
	if err != nil {
		return nil, err
	}
	out, err := Decode(r.Base().ID, b)
	if err != nil {
		return nil, fmt.Errorf("clone: %w", err)
	}
	s, o := r.Base(), out.Base()
	o.URI, o.State, o.Revision, o.group = s.URI, s.State, s.Revision, s.group
	return out, nil
}
