package compound

import "strings"

// irregular are forms with the noun that they are of, where the stem changes. Compounds that end in one change alike.
var irregular = map[string]string{
	"bladeren": "blad", "centra": "centrum", "eieren": "ei", "hoenderen": "hoen", "kalveren": "kalf", "kinderen": "kind",
	"kleren": "kleed", "koeien": "koe", "lammeren": "lam", "leden": "lid", "liederen": "lied", "raderen": "rad",
	"runderen": "rund", "scheep": "schip", "schepen": "schip", "smeden": "smid", "steden": "stad", "volkeren": "volk",
	"zonne": "zon",
}

const (
	shortestIrregular = len("leden")
	longestIrregular  = len("hoenderen")
)

// Base is the form of a word in the dictionary, where inflection changes its spelling so that a stemmer alone would not
// bring both together: bedrijven is bedrijf, rollen is rol, leden is lid, huisje is huis. It is the word itself for all
// others, and for words without a family. The word is folded by record.Fold.
func (s *Splitter) Base(word string) string {
	if base, respelled := s.uninflected(word); respelled {
		return base
	}
	return word
}

// uninflected is the noun that a word is the plural or diminutive of, and whether they differ by more than an ending; the
// word itself when it is none. A noun counts as one when it is the last part of as many words as its inflection.
func (s *Splitter) uninflected(word string) (base string, respelled bool) {
	if noun, ok := irregular[word]; ok {
		return noun, true
	}
	if !strings.HasSuffix(word, "en") && !strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "je") && !strings.HasSuffix(word, "centra") {
		return word, false
	}
	if exception, ok := s.exceptions[word]; firstOnly[word] != 0 || len(word) > longestWord || ok && exception == nil {
		return word, false
	}
	least := s.families[word].last
	try := func(stem string, endings ...byte) bool {
		var spelled [longestWord + 2]byte
		f, ok := s.families[string(append(append(spelled[:0], stem...), endings...))]
		if !ok || f.last < least {
			return false
		}
		base = f.part
		return true
	}
	for i := max(1, len(word)-longestIrregular); i <= len(word)-shortestIrregular; i++ {
		if noun, ok := irregular[word[i:]]; ok && try(word[:i], []byte(noun)...) {
			return base, true
		}
	}
	if stem, ok := strings.CutSuffix(word, "en"); ok && len(stem) >= shortestPart {
		n := len(stem)
		c, before := stem[n-1], stem[n-2]
		open := isVowel(before) && !isVowel(c) && !isVowel(stem[n-3])
		hard := harden(c)
		switch {
		case c == before && !isVowel(c) && try(stem[:n-1]):
			return base, true
		case hard != c && open && try(stem[:n-1], before, hard):
			return base, true
		case hard != c && try(stem[:n-1], hard):
			return base, true
		case try(stem):
			return base, c == 's'
		case open && try(stem[:n-1], before, c):
			return base, false
		}
	}
	singular := strings.TrimSuffix(word, "s")
	if stem, ok := strings.CutSuffix(singular, "je"); ok {
		if try(stem) || diminutive(stem, try) {
			return base, true
		}
	}
	if len(singular) > 3 && singular != word && try(singular) {
		return base, isVowel(singular[len(singular)-1]) || strings.HasSuffix(singular, "en")
	}
	return word, false
}

const vowels = "aeiouy"

func isVowel(c byte) bool { return strings.IndexByte(vowels, c) >= 0 }

// harden is the consonant at the end of a word that is written softly before a vowel: bedrijven, bedrijf.
func harden(c byte) byte {
	switch c {
	case 'v':
		return 'f'
	case 'z':
		return 's'
	}
	return c
}

// diminutive tries the nouns that a diminutive without -je can be of.
func diminutive(stem string, try func(string, ...byte) bool) bool {
	if s, ok := strings.CutSuffix(stem, "p"); ok { // bloempje
		return try(s)
	}
	s, ok := strings.CutSuffix(stem, "t") // tuintje
	if !ok {
		return false
	}
	if try(s) {
		return true
	}
	s, ok = strings.CutSuffix(s, "e") // mannetje
	return ok && len(s) > 3 && s[len(s)-1] == s[len(s)-2] && try(s[:len(s)-1])
}
