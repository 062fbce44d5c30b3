package exchange

import (
	"slices"

	"github.com/udc-community/plein/internal/record"
)

// Unspelled lists the fields of a public document that hold the bare id or address of something that is known.
func Unspelled(r record.Record) ([]string, error) {
	doc, err := PublicDocument(r)
	if err != nil {
		return nil, err
	}
	var out []string
	var walk func(field string, v any)
	walk = func(field string, v any) {
		switch x := v.(type) {
		case map[string]any:
			if x["iri"] != nil || x["slug"] != nil && field == "publisher" {
				return
			}
			for k, item := range x {
				if k != "id" || field != "" {
					walk(k, item)
				}
			}
		case []any:
			for _, item := range x {
				walk(field, item)
			}
		case string:
			ref := r.Base().Reference()
			if (ref.Concept(x) != nil || ref.Organization(x) != nil || ref.Municipality(x) != nil || ref.DataSource(x) != nil) && field != "id" && field != "code" {
				out = append(out, field)
			}
		}
	}
	walk("", doc)
	slices.Sort(out)
	return slices.Compact(out), nil
}
