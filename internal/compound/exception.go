package compound

import (
	_ "embed"
	"strings"
)

//go:embed exceptions.txt
var exceptions string

// readExceptions gives words with their parts, and nil for what is no compound.
func readExceptions(list string) map[string][]string {
	m := map[string][]string{}
	for line := range strings.Lines(list) {
		line, _, _ = strings.Cut(line, "#")
		word, parts, ok := strings.Cut(line, "=")
		if ok {
			m[strings.TrimSpace(word)] = strings.Fields(parts)
			continue
		}
		for whole := range strings.FieldsSeq(word) {
			m[whole] = nil
		}
	}
	return m
}
