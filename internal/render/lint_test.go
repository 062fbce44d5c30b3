package render

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/parser"

	"github.com/udc-community/plein/frontend"
)

// unstoppable lists the regular expressions of a script that no time limit ends: those that Go's engine, which takes
// time in proportion to the text, cannot run. goja gives them to an engine that goes back and forth.
func unstoppable(t *testing.T, name, script string) (out []string) {
	t.Helper()
	program, err := parser.ParseFile(nil, name, script, 0)
	if err != nil {
		t.Fatal(err)
	}
	check := func(pattern, flags string) {
		if _, err := parser.TransformRegExp(pattern, strings.Contains(flags, "s"), strings.Contains(flags, "u")); err != nil {
			out = append(out, fmt.Sprintf("/%s/%s", pattern, flags))
		}
	}
	made := func(callee ast.Expression, args []ast.Expression) {
		if id, ok := callee.(*ast.Identifier); !ok || id.Name != "RegExp" || len(args) == 0 {
			return
		}
		if pattern, ok := args[0].(*ast.StringLiteral); ok {
			check(pattern.Value.String(), "")
		} else {
			out = append(out, "a RegExp of a pattern that is made as it runs")
		}
	}
	walk(reflect.ValueOf(program.Body), func(node any) {
		switch n := node.(type) {
		case *ast.RegExpLiteral:
			check(n.Pattern, n.Flags)
		case *ast.NewExpression:
			made(n.Callee, n.ArgumentList)
		case *ast.CallExpression:
			made(n.Callee, n.ArgumentList)
		}
	})
	return out
}

// walk visits every node of a tree; the package of the parser has no walker of its own.
func walk(v reflect.Value, visit func(any)) {
	switch v.Kind() {
	case reflect.Interface:
		walk(v.Elem(), visit)
	case reflect.Pointer:
		if !v.IsNil() && strings.HasSuffix(v.Type().Elem().PkgPath(), "/goja/ast") {
			visit(v.Interface())
			walk(v.Elem(), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				walk(v.Field(i), visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	}
}

func TestNoRegularExpressionOfTheBundleCanRunForEver(t *testing.T) {
	for _, found := range append(unstoppable(t, "prelude.js", prelude), unstoppable(t, "freeze.js", freeze)...) {
		t.Error(found)
	}
	app, built := frontend.Application()
	if !built {
		t.Skip("left out: the frontend was not built (make build)")
	}
	for _, found := range unstoppable(t, "server.js", string(app.Server)) {
		t.Error(found)
	}
}

func TestARegularExpressionThatCanRunForEverIsFound(t *testing.T) {
	for script, count := range map[string]int{
		`/(a)\1/.test(x)`:   1,
		`/a(?=b)/`:          1,
		`/(?<=a)b/`:         1,
		`/(?!a)/gi`:         1,
		`RegExp('(?<!a)b')`: 1,
		`new RegExp(x)`:     1,
		"const f = async () => { for (const a of b) if (a) return { c: [`${/(a+)\\1/}`] } }": 1,
		`class A { #b = /(?=a)/; static c() { switch (1) { case 2: d?.(/\1(a)/) } } }`:       2,
		`/(a+)+$/.test(x) && /[^\s<>&"']/g; new RegExp('^a'); 'a(?=b)'`:                      0,
	} {
		if found := unstoppable(t, "script.js", script); len(found) != count {
			t.Errorf("%s: found %q", script, found)
		}
	}
}
