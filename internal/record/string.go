package record

import (
	"reflect"
	"strings"
)

// EachString gives every text that people wrote in a document, and every other string of theirs such as an address, with
// the path of its field, outermost first.
func EachString(r Record, do func(field []string, text string)) {
	eachString(reflect.ValueOf(r).Elem(), nil, do)
}

func eachString(v reflect.Value, at []string, do func([]string, string)) {
	t := v.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		c, _, _ := parseTag(f.Tag.Get("plein"), true)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			eachString(v.Field(i), at, do)
			continue
		case !f.IsExported(), strings.HasPrefix(f.Tag.Get("plein"), string(spine)), c == "", name == "-":
			continue
		}
		field := append(at[:len(at):len(at)], name)
		switch x := v.Field(i).Interface().(type) {
		case string:
			do(field, x)
		case []string:
			for _, s := range x {
				do(field, s)
			}
		case Text:
			for _, l := range x.Languages() {
				do(field, x[l])
			}
		default:
			eachStruct(v.Field(i), func(part reflect.Value) { eachString(part, field, do) })
		}
	}
}
