package exchange

import (
	"testing"

	"github.com/udc-community/plein/internal/record"
)

func TestTheThesaurusThatComesWithPleinIsSound(t *testing.T) {
	cs, err := readConcepts()
	if err != nil {
		t.Fatal(err)
	}
	all := record.NewVocabularies(cs)
	seen := map[string]bool{}
	words := 0
	for _, c := range all.Scheme(record.Thesaurus) {
		if seen[c.ID] {
			t.Errorf("%s: this notation is there twice", c.Notation)
		}
		seen[c.ID] = true
		if record.Slug(c.Notation) != c.Notation || c.Notation == "" {
			t.Errorf("%q is not a notation: use lower-case letters, digits and dashes", c.Notation)
		}
		for _, p := range c.Check(all) {
			t.Errorf("%s: %v", c.Notation, p)
		}
		words += 1 + len(c.Alternatives[record.Dutch])
	}
	t.Logf("%d concepts with %d Dutch words", len(seen), words)
}
