package record

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

func TestFieldsListsEveryField(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "words.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(file, func(x ast.Node) bool {
		spec, ok := x.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Field" {
			n++
			value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil || !slices.Contains(Fields(), Field(value)) {
				t.Errorf("%s is not listed: %v", spec.Names[0].Name, err)
			}
		}
		return true
	})
	if n == 0 || n != len(Fields()) {
		t.Errorf("there are %d fields and %d are listed", n, len(Fields()))
	}
}
