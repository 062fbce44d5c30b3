package render

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/dop251/goja"
)

// bare is an engine with nothing but the prelude.
func bare(t testing.TB) *goja.Runtime {
	t.Helper()
	r := goja.New()
	if _, err := r.RunScript("prelude.js", prelude); err != nil {
		t.Fatal(err)
	}
	return r
}

// What is wanted here is what browsers do; the cases were compared with those of Node.
func TestSearchParametersAreReadAndWrittenAsBrowsersDo(t *testing.T) {
	r := bare(t)
	for query, want := range map[string]string{
		"":                    "",
		"?q=a":                "q=a",
		"??q=a":               "%3Fq=a",
		"q=a+b%20c":           "q=a+b+c",
		"q=a%2Bb":             "q=a%2Bb",
		"a&b=&=c&&=&d=e=f":    "a=&b=&=c&=&d=e%3Df",
		"q=100%":              "q=100%25",
		"q=%zz%4":             "q=%25zz%254",
		"q=%C3%A9é%c3%a9":     "q=%C3%A9%C3%A9%C3%A9",
		"q=%E2%82":            "q=%EF%BF%BD",
		"q=%E2%82x%AC":        "q=%EF%BF%BDx%EF%BF%BD",
		"q=%E2é":              "q=%EF%BF%BD%C3%A9",
		"q=%F0%9F%98%80%":     "q=%F0%9F%98%80%25",
		"q=%ED%A0%80":         "q=%EF%BF%BD%EF%BF%BD%EF%BF%BD",
		"q=%F4%90%80%80":      "q=%EF%BF%BD%EF%BF%BD%EF%BF%BD%EF%BF%BD",
		"q=%C0%80%FF":         "q=%EF%BF%BD%EF%BF%BD%EF%BF%BD",
		"q=%00&r=%0d%0a":      "q=%00&r=%0D%0A",
		"q=%EF%BB%BFa":        "q=%EF%BB%BFa",
		"a=1&b=2&a=3":         "a=1&b=2&a=3",
		"q=*-._~!'()@$,;:/?[": "q=*-._%7E%21%27%28%29%40%24%2C%3B%3A%2F%3F%5B",
		"%71=1":               "q=1",
		"__proto__=1":         "__proto__=1",
	} {
		v, err := r.RunString("new URLSearchParams(" + strconv.Quote(query) + ").toString()")
		if err != nil || v.String() != want {
			t.Errorf("%s became %v, want %s (%v)", query, v, want, err)
		}
	}
}

func TestSearchParametersCanBeAskedAndChanged(t *testing.T) {
	r := bare(t)
	for script, want := range map[string]string{
		`p.get('a')`:                                     "1",
		`p.get('c')`:                                     "null",
		`p.getAll('a').join()`:                           "1,3",
		`p.getAll('c').length`:                           "0",
		`p.has('a')`:                                     "true",
		`p.has('c')`:                                     "false",
		`p.has('a', '3')`:                                "true",
		`p.has('a', '2')`:                                "false",
		`p.size`:                                         "3",
		`p.set('a', 9), '' + p`:                          "a=9&b=2",
		`p.set('c', 'é&'), '' + p`:                       "a=1&b=2&a=3&c=%C3%A9%26",
		`p.append('a', null), '' + p`:                    "a=1&b=2&a=3&a=null",
		`p.delete('a'), '' + p`:                          "b=2",
		`p.delete('a', '1'), '' + p`:                     "b=2&a=3",
		`p.sort(), '' + p`:                               "a=1&a=3&b=2",
		`p.append('x', '\uD800'), '' + p`:                "a=1&b=2&a=3&x=%EF%BF%BD",
		`p.append('x', '\uD83D\uDE00'), '' + p`:          "a=1&b=2&a=3&x=%F0%9F%98%80",
		`Array.from(p).join(';')`:                        "a,1;b,2;a,3",
		`[...p.keys()] + '/' + [...p.values()]`:          "a,b,a/1,2,3",
		`var s = ''; p.forEach((v, k) => s += k + v), s`: "a1b2a3",
		`'' + new URLSearchParams(p)`:                    "a=1&b=2&a=3",
		`'' + new URLSearchParams([['a', 1], ['b', 2]])`: "a=1&b=2",
		`'' + new URLSearchParams({ a: 1, b: 'x y' })`:   "a=1&b=x+y",
		`'' + new URLSearchParams(null)`:                 "null=",
		`try { new URLSearchParams([['a']]) } catch (e) { e.name }`: "TypeError",
		`Object.keys(p).length`: "0",
		`self === globalThis`:   "true",
		`setTimeout(() => { throw 1 }, 0) === 0 && clearTimeout(0) === undefined && console.log('a') === undefined`: "true",
	} {
		v, err := r.RunString("var p = new URLSearchParams('a=1&b=2&a=3'); " + script)
		if err != nil || fmt.Sprint(v) != want {
			t.Errorf("%s gave %v, want %s (%v)", script, v, want, err)
		}
	}
}

// A text of any bytes is read without an error, and what was written is read back as it was.
func FuzzSearchParameters(f *testing.F) {
	f.Add("q=a+b&c=%E2%82%AC")
	f.Add("%=%%&&==+")
	r := bare(f)
	f.Fuzz(func(t *testing.T, query string) {
		if err := r.Set("query", query); err != nil {
			t.Fatal(err)
		}
		v, err := r.RunString("var once = '' + new URLSearchParams(query), twice = '' + new URLSearchParams(once); once === twice && /^[\\x21-\\x7E]*$/.test(once)")
		if err != nil || !v.ToBoolean() {
			t.Errorf("%q: %v, %v and %v", query, err, r.Get("once"), r.Get("twice"))
		}
	})
}
