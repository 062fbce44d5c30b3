package record

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Difference is a field that differs between two states of a document.
type Difference struct {
	// Path is made of names as in JSON and, for parts of a list, their place in it: outputs.0.title.
	Path  string
	Label Text
	// Before and After are nil where there was, or is, nothing.
	Before, After Text
}

// Differences lists what changed between two states of a document in the order of its fields: what was drafted and
// progress, never what is private or the catalogue's own. Parts with a key are told apart by it, wherever they stand.
// Before may be nil: then it is everything. Titles are those of other records, by id; both documents are bound to
// reference data.
func Differences(before, after Record, titles map[string]Text) []Difference {
	if before == nil {
		before = KindOf(after.Base().ID).New()
	}
	d := differ{ref: after.Base().Reference(), titles: titles, language: after.Base().Language}
	d.fields("", nil, reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem(), false)
	return d.found
}

type differ struct {
	ref      *Reference
	titles   map[string]Text
	language Language
	found    []Difference
}

func (d *differ) add(path string, label, before, after Text) {
	d.found = append(d.found, Difference{path, label, before, after})
}

// fields compares two structs of one type.
func (d *differ) fields(path string, in Text, before, after reflect.Value, nested bool) {
	t := after.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous {
			d.fields(path, in, before.Field(i), after.Field(i), nested)
			continue
		}
		name, told := told(f, nested)
		if !told {
			continue
		}
		at, label := name, nameLabels[name]
		if path != "" {
			at, label = path+"."+name, within(in, label)
		}
		d.field(at, label, f, before.Field(i), after.Field(i))
	}
}

// told gives a field's name in JSON, and whether differences tell of it. Keys and fixed addresses of parts tell nothing:
// parts are found by them.
func told(f reflect.StructField, nested bool) (name string, ok bool) {
	name, _, _ = strings.Cut(f.Tag.Get("json"), ",")
	c, _, tagged := parseTag(f.Tag.Get("plein"), nested)
	return name, f.IsExported() && tagged && name != "-" && name != "key" && name != "iri" && c != spine && c != private
}

// within is the label of a field of a part.
func within(part, field Text) Text {
	return Text{Dutch: part[Dutch] + " · " + field[Dutch], English: part[English] + " · " + field[English]}
}

func (d *differ) field(path string, label Text, f reflect.StructField, before, after reflect.Value) {
	if reflect.DeepEqual(before.Interface(), after.Interface()) {
		return
	}
	switch b := before.Interface().(type) {
	case Text:
		d.text(path, label, b, after.Interface().(Text))
	default:
		if e := structIn(f.Type); e != nil && f.Type.Kind() == reflect.Slice && e != reflect.TypeFor[StepRef]() {
			d.parts(path, label, before, after)
		} else if x, y := d.value(f, before), d.value(f, after); !reflect.DeepEqual(x, y) {
			d.add(path, label, x, y)
		}
	}
}

// text compares language by language: a change of the English alone shows the English.
func (d *differ) text(path string, label Text, before, after Text) {
	languages := append(before.Languages(), after.Languages()...)
	slices.SortFunc(languages, func(a, b string) int { // the document's own first
		return strings.Compare(strings.TrimPrefix(a, d.language), strings.TrimPrefix(b, d.language))
	})
	for _, l := range slices.Compact(languages) {
		if before[l] == after[l] {
			continue
		}
		at, says := path, label
		if l != d.language {
			name := labelOfValue(l)
			at, says = path+"."+l, Text{Dutch: label[Dutch] + " (" + name.In(Dutch) + ")", English: label[English] + " (" + name.In(English) + ")"}
		}
		d.add(at, says, said(l, before[l]), said(l, after[l]))
	}
}

func said(l Language, s string) Text {
	if s == "" {
		return nil
	}
	return Text{l: s}
}

// parts compares two lists of structs. A part stands at its place in the list as it is, or as it was.
func (d *differ) parts(path string, label Text, before, after reflect.Value) {
	was, is := keyed(before), keyed(after)
	empty := reflect.Zero(structIn(after.Type()))
	one := func(i int, x, y reflect.Value) {
		n := " " + strconv.Itoa(i+1)
		d.fields(path+"."+strconv.Itoa(i), Text{Dutch: label[Dutch] + n, English: label[English] + n}, x, y, true)
	}
	for i, k := range is.keys {
		if old, ok := was.by[k]; ok {
			one(i, old, is.by[k])
		} else {
			one(i, empty, is.by[k])
		}
	}
	for i, k := range was.keys {
		if _, ok := is.by[k]; !ok {
			one(i, was.by[k], empty)
		}
	}
	both := func(ks []string, other parts) []string {
		return slices.DeleteFunc(slices.Clone(ks), func(k string) bool { _, ok := other.by[k]; return !ok })
	}
	if x, y := both(was.keys, is), both(is.keys, was); !slices.Equal(x, y) {
		order := Text{Dutch: label[Dutch] + " · volgorde", English: label[English] + " · order"}
		d.add(path, order, d.names(x, was), d.names(y, is))
	}
}

// parts of a list by their keys, in their order.
type parts struct {
	keys []string
	by   map[string]reflect.Value
}

// keyed tells parts apart by their key or, where they have none, by their first field; what is there twice gets a number.
func keyed(list reflect.Value) parts {
	out := parts{by: map[string]reflect.Value{}}
	for i := range list.Len() {
		v := reflect.Indirect(list.Index(i))
		f := v.FieldByName("Key")
		if !f.IsValid() {
			f = v.Field(0)
		}
		k := fmt.Sprint(f.Interface())
		for n, first := 2, k; ; n++ {
			if _, taken := out.by[k]; !taken {
				break
			}
			k = first + "#" + strconv.Itoa(n)
		}
		out.keys, out.by[k] = append(out.keys, k), v
	}
	return out
}

// names of parts, in this order.
func (d *differ) names(keys []string, ps parts) Text {
	names := make([]Text, len(keys))
	for i, k := range keys {
		if c := d.ref.Concept(k); c != nil {
			names[i] = c.Label
		} else if s := d.ref.DataSource(k); s != nil {
			names[i] = NL(s.Name)
		} else if names[i] = titleOf(ps.by[k]); names[i] == nil {
			names[i] = NL(k)
		}
	}
	return joined(names)
}

// titleOf is what a part calls itself; nil when it does not.
func titleOf(part reflect.Value) Text {
	for _, name := range []string{"Title", "Text", "Label"} {
		if f := part.FieldByName(name); f.IsValid() {
			if t, ok := f.Interface().(Text); ok {
				return t
			}
			return NL(f.String())
		}
	}
	return nil
}

func joined(ts []Text) Text {
	if len(ts) == 0 {
		return nil
	}
	var nl, en []string
	for _, t := range ts {
		nl, en = append(nl, t.In(Dutch)), append(en, t.In(English))
	}
	return Text{Dutch: strings.Join(nl, ", "), English: strings.Join(en, ", ")}
}

// value is what people call the value of a field; nil when there is none.
func (d *differ) value(f reflect.StructField, v reflect.Value) Text {
	switch x := v.Interface().(type) {
	case time.Time:
		if x.IsZero() {
			return nil
		}
		return MomentWords(x)
	case *File:
		if x == nil {
			return nil
		}
		at := MomentWords(x.UploadedAt)
		return Text{Dutch: x.Name + ", " + at[Dutch], English: x.Name + ", " + at[English]}
	case []StepRef:
		titles := make([]Text, len(x))
		for i, s := range x {
			titles[i] = d.ref.StepTitle(s)
		}
		return joined(titles)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return d.value(f, v.Elem())
	case reflect.Slice:
		all := make([]Text, v.Len())
		for i := range v.Len() {
			all[i] = d.word(f, v.Index(i))
		}
		return joined(all)
	case reflect.String:
		if v.String() == "" {
			return nil
		}
		return d.word(f, v)
	case reflect.Bool:
		return labelOfValue(strconv.FormatBool(v.Bool()))
	}
	return NL(fmt.Sprint(v.Interface()))
}

// word is what people call one value that is written as text. What a field refers to follows from its name in Go.
func (d *differ) word(f reflect.StructField, v reflect.Value) Text {
	s := v.String()
	name := strings.TrimSuffix(f.Name, "s")
	switch {
	case v.Type() == reflect.TypeFor[Date]():
		return Date(s).Words()
	case v.Type() != reflect.TypeFor[string]() || f.Name == "Language":
		return labelOfValue(s)
	case strings.HasSuffix(name, "IRI"):
		if c := d.ref.Concept(s); c != nil {
			return c.Label
		} else if x := d.ref.DataSource(s); x != nil {
			return NL(x.Name)
		}
	case strings.HasSuffix(name, "Code"):
		if m := d.ref.Municipality(s); m != nil {
			return NL(m.Name)
		}
	case strings.HasSuffix(name, "ID") || strings.HasSuffix(name, "By"):
		if o := d.ref.Organization(s); o != nil {
			return NL(o.Name)
		} else if t := d.titles[s]; t != nil {
			return t
		}
	}
	return NL(s)
}

// Mentioned lists the ids of other records that documents point at, once each.
func Mentioned(rs ...Record) []string {
	var out []string
	for _, r := range rs {
		if r == nil {
			continue
		}
		eachID(reflect.ValueOf(r).Elem(), func(what string, id reflect.Value) {
			if what != anOrganization && what != aFile && id.String() != r.Base().ID {
				out = append(out, id.String())
			}
		})
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// HiddenPart is a part of a document that embargoes keep hidden.
type HiddenPart struct {
	Path  string
	Label Text
	Until time.Time
}

// HiddenParts lists what is hidden of a document at this moment by its embargoes, and until when: fields, and of a list
// each of its parts.
func HiddenParts(r Record, now time.Time) []HiddenPart {
	var out []HiddenPart
	v := reflect.ValueOf(r).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		_, scope, _ := parseTag(f.Tag.Get("plein"), false)
		until := hiddenUntil(r, scope, now)
		if scope == "" || until.IsZero() || v.Field(i).IsZero() {
			continue
		}
		name, _ := told(f, false)
		if f.Type.Kind() != reflect.Slice {
			out = append(out, HiddenPart{name, nameLabels[name], until})
			continue
		}
		for j := range v.Field(i).Len() {
			title := titleOf(reflect.Indirect(v.Field(i).Index(j)))
			out = append(out, HiddenPart{name + "." + strconv.Itoa(j), within(nameLabels[name], Text{Dutch: title.In(Dutch), English: title.In(English)}), until})
		}
	}
	return out
}
