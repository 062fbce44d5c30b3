package demand

import (
	"strings"
	"testing"
)

func TestAQueryIsCountedAsItsFoldedWordsInTheirOrder(t *testing.T) {
	for query, want := range map[string]string{
		"Warmtepomp":                        "warmtepomp",
		"  warmtepomp,\n Hofjes!  ":         "warmtepomp hofjes",
		"hofjes warmtepomp":                 "hofjes warmtepomp",
		"CAFÉ's op Curaçao":                 "cafe s op curacao",
		`"sociale samenhang" wijk`:          "sociale samenhang wijk",
		"„sociale samenhang”":               "sociale samenhang",
		"woon­wagen":                        "woonwagen",
		"e-mail - en post":                  "e mail en post",
		"top 100 van 24 wijken":             "top 100 van 24 wijken",
		"een twee drie vier vijf 6 7 8":     "een twee drie vier vijf 6 7 8",
		strings.Repeat("é", 100):            strings.Repeat("e", 100),
		"Ελλάδα":                            "ελλαδα",
		"een twee drie vier vijf zes 7 8 9": "",
		strings.Repeat("e", 101):            "",
		"":                                  "",
		"  ?! — ":                           "",
		"kamers -studenten":                 "",
		`kamers "x" -"studenten wonen"`:     "",
		"-kamers":                           "",
	} {
		if got := normal(query); got != want {
			t.Errorf("%q is counted as %q, want %q", query, got, want)
		}
	}
}

func TestWhatMayLeadToAPersonIsNeverCounted(t *testing.T) {
	for _, query := range []string{
		"jan@voorbeeld.nl", "mail van Jan ＠ voorbeeld", "jan﹫voorbeeld.nl",
		"123456782", "12345678", "bsn 123456782 uitkering", "123 456 782", "123.456.782", "12-34-56-78-2", "1 2 3 4 5 6 7 8", "１２３４５６７８２",
		"١٢٣٤٥٦٧٨٢", "12³45⁶78", "bsn123456782x", "123\u00ad456\u00ad782", "123\u200b456\u200b782",
		"06 12 34 56 78", "+31612345678", "NL91 ABNA 0417 1643 00", "parkstraat 12 2315 xk", "2315XK 12", "12-03-85", "12 maart 1985", "dossier 2024",
	} {
		if got := normal(query); got != "" {
			t.Errorf("%q is counted as %q", query, got)
		}
	}
}

func FuzzNormal(f *testing.F) {
	f.Add("Kamers in Café ②")
	f.Fuzz(func(t *testing.T, query string) {
		text := normal(query)
		if text != "" && normal(text) != text {
			t.Errorf("%q becomes %q, which becomes %q", query, text, normal(text))
		}
		if len([]rune(text)) > maxCharacters || len(strings.Fields(text)) > maxWords || personal(text) {
			t.Errorf("%q is counted as %q", query, text)
		}
	})
}
