package markdown_test

import (
	"html"
	"strings"
	"testing"

	"github.com/udc-community/plein/internal/markdown"
)

func render(t testing.TB, source string) string {
	t.Helper()
	out, err := markdown.Render(source)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func TestMarkdownBecomesHTML(t *testing.T) {
	for source, want := range map[string]string{
		"":                                    "",
		"Eén *woord* en **nog een**.\nVerder": "<p>Eén <em>woord</em> en <strong>nog een</strong>.\nVerder</p>",
		"# Kop\n\n## Lager\n\n###### Laagst":  "<h3>Kop</h3>\n<h4>Lager</h4>\n<h6>Laagst</h6>",
		"Kop\n===":                            "<h3>Kop</h3>",
		"- a\n- b\n\n3. c":                    "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n</ol>",
		"[tekst](https://example.nl/?a=1&b=2 \"titel\")": `<p><a href="https://example.nl/?a=1&amp;b=2" rel="nofollow noopener">tekst</a></p>`,
		"<https://example.nl> en https://example.nl/x":   `<p><a href="https://example.nl" rel="nofollow noopener">https://example.nl</a> en <a href="https://example.nl/x" rel="nofollow noopener">https://example.nl/x</a></p>`,
		"[post](mailto:udc@example.nl)":                  `<p><a href="mailto:udc@example.nl" rel="nofollow noopener">post</a></p>`,
		"`x < y`\n\n```go\na := 1\n```\n\n> citaat":      "<p><code>x &lt; y</code></p>\n<pre><code>a := 1\n</code></pre>\n<blockquote>\n<p>citaat</p>\n</blockquote>",
		"| a | b |\n|---|:-:|\n| 1 | ~~2~~ |":            "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td><del>2</del></td>\n</tr>\n</tbody>\n</table>",
		"1 < 2 & \"zo\"":                                 "<p>1 &lt; 2 &amp; &#34;zo&#34;</p>",
	} {
		if got := render(t, source); got != want {
			t.Errorf("%q becomes\n%s\nand should be\n%s", source, got, want)
		}
	}
}

func TestNothingThatRunsComesThrough(t *testing.T) {
	for _, source := range []string{
		"[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](\x01javascript:alert(1))",
		"[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](file:///etc/passwd)", "[x](//evil.example/x)", "[x](/graphql)", "<javascript:alert(1)>",
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "![x](https://evil.example/pixel.gif)", "<svg/onload=alert(1)>", "<p style=\"position:fixed\" class=\"x\" id=\"y\">x</p>",
		"<a href=\"https://example.nl\" onclick=\"alert(1)\">x</a>", "<iframe src=\"https://example.nl\"></iframe>", "<!-- <script> -->", "`<script>`", "```html\" onmouseover=\"x\n<script>\n```",
		"# <b onclick=x>Kop</b> {#id .class}", "[x]: javascript:alert(1)\n\n[x]", "[x](https://example.nl/\"onmouseover=\"alert(1))", "<style>*{display:none}</style>", "<?php x ?>", "<![CDATA[<script>]]>",
		"| <script> |\n|---|\n| <img onerror=x> |", "[a](<javascript:alert(1)>)", "https://example.nl/\"><script>", "<form action=/graphql><input></form>", "\x00<script\x00>",
	} {
		got := render(t, source)
		for rest := got; ; {
			_, after, found := strings.Cut(rest, "<")
			if !found {
				break
			}
			tag, tail, closed := strings.Cut(after, ">")
			name, attributes, _ := strings.Cut(strings.TrimPrefix(tag, "/"), " ")
			if !closed || !strings.Contains(" p br hr ul ol li strong em del code pre blockquote h3 h4 h5 h6 table thead tbody tr th td a ", " "+name+" ") {
				t.Errorf("%q becomes %s with <%s>", source, got, tag)
			}
			if attributes != "" && !(name == "a" && strings.HasPrefix(attributes, `href="https://example.nl`) && strings.HasSuffix(attributes, `" rel="nofollow noopener"`) && strings.Count(attributes, `"`) == 4) {
				t.Errorf("%q becomes %s with %s", source, got, attributes)
			}
			rest = tail
		}
	}
}

// A text that nests as deep as it can is read in a time that grows with its length, and no deeper than a stack goes. A
// quadratic reader would take hours over these, which is what the test's own time limit is for.
func TestHostileTextsAreRead(t *testing.T) {
	const length = 64 << 10
	for _, piece := range []string{"[", "]", "[[", "![", "[](", "<", "`", "``` ", "*", "_", "**a", "*a ", "_a_", "> ", ">", "- ", "* - ", "1. ", "&", "&#", "\\", "|", "|\n|-", "~", "~~a ", "(", ")", "#", "\t", "<!--", "<a ", "<?", "a@", "http://", "www.", "[a]: b\n",
		"[a](b", "[a][", "\n", "\n\n", " \n", "\x00", "é", "\xff", "!"} {
		if out := render(t, strings.Repeat(piece, length/len(piece))); len(out) > 10*length {
			t.Errorf("%q many times becomes %d bytes", piece, len(out))
		}
	}
}

func TestATextThatNestsTooDeepIsGivenAsItStands(t *testing.T) {
	for _, x := range []struct {
		source string
		plain  bool
	}{
		{strings.Repeat(">", 50) + "<b>", false},
		{strings.Repeat("> ", 51) + "<b>", true},
		{strings.Repeat("1. ", 51) + "a", true},
		{strings.Repeat("[a](https://example.nl) ", 2_000), false},
		{strings.Repeat("[a](https://example.nl) ", 2_001), true},
		{"Kop\n" + strings.Repeat("-", 100), false},
		{strings.Repeat("*", 100), false},
		{"1234567890.1234567890 " + strings.Repeat("a. ", 100), false},
	} {
		got := render(t, x.source)
		if plain := got == "<p>"+html.EscapeString(x.source)+"</p>"; plain != x.plain {
			t.Errorf("%.40q… becomes %.80q…", x.source, got)
		}
	}
}

func BenchmarkRender(b *testing.B) {
	source := strings.Repeat("## Kop\n\nEen **alinea** met [een link](https://example.nl) en een lijst:\n\n- een\n- twee\n\n", 20)
	b.SetBytes(int64(len(source)))
	b.ReportAllocs()
	for b.Loop() {
		render(b, source)
	}
}

func FuzzRender(f *testing.F) {
	f.Add("# a\n\n- [b](https://example.nl)\n\n| a |\n|---|\n| <b> |")
	f.Fuzz(func(t *testing.T, source string) {
		out := render(t, source)
		lower := strings.ToLower(out)
		for _, never := range []string{"<script", "<img", "<iframe", "<style", "<svg", `href="javascript`, `href="data`, " onclick=\"", " style=\""} {
			if strings.Contains(lower, never) {
				t.Errorf("%q becomes %s", source, out)
			}
		}
	})
}
