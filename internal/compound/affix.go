package compound

import (
	"iter"
	"strings"
)

// links are what binds the parts of a Dutch compound, and what each costs.
var links = []struct {
	letters string
	worth   float64
}{{"", 0}, {"s", linkS}, {"en", linkE}, {"e", linkE}, {"er", linkE}, {"n", linkE}}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// endings look like words and are none: prefixes, and the endings of derivation and inflection.
var endings = set(`
	ver ont her herin herop aan
	ing ingen ling lingen heid heids heden lijk lijke baar bare schap schappen schappelijk loosheid waardigheid
	loos loze achtig achtige erig erige isch ische tische iek ieel ica ics aal ale
	tie ties atie aties iteit teit teiten ment menten tuur nis nissen dom sel sels erij gerij
	aar aars naar naars ster sters ers ier iers eer eur ant ist isten isme aard aards aarden lie rie one
	eren teren ren den gen sen ten ken len men nen ring ding ting king ning ping sing zing nering
	end ende eerd eerde eerden eert ens ere ste sten oenen enden enen innen elingen tering ieten arier ariers otje antje lieden
	terug samen mis wan int der het een`)

// neverLast are endings of inflection that are words as well.
var neverLast = set(`leren neren seren per pers ter ters der ders ger gers vers ven pen
	zaam zame vol volle rijke kundig kundige waarts matig matige waardig waardige ledig ledige
	grafie grafisch grafische logie logisch logische logen metrisch metrische nomie nomisch nomische`)

// Why a part comes first only. Before a noun of a verb most of these belong to the verb: uitbouw is no uit with bouw.
const (
	combining = iota + 1 // bio, euro: never a word
	where                // achter, boven: achterzijde is one, achterstand is none
	verbal               // over, uit: hardly ever
)

var firstOnly = func() map[string]int {
	m := map[string]int{}
	for w := range strings.FieldsSeq(`aero agro amfi anti auto bio contra crypto cyber eco elektro euro foto geo giga hydro hyper
		infra macro maxi mede mega micro mini mono multi nano neuro neven opper oud poly pseudo psycho radio semi socio super
		tele thermo turbo ultra vice video zonne`) {
		m[w] = combining
	}
	for w := range strings.FieldsSeq("achter binnen boven buiten midden tegen tussen") {
		m[w] = where
	}
	for w := range strings.FieldsSeq("bij door mee onder over toe uit voor") {
		m[w] = verbal
	}
	return m
}()

// afterDoubling are endings before which a consonant is written twice.
var afterDoubling = set(`en e el els er ers es est eren erd end ende ens ing ingen ig ige ij ijen
	ster sters elijk elijke elijks erij erijen etje etjes ier iers aar aars isch ische ist isten`)

// endsOnly tells that what looks like a last part is an ending here: its first letter only repeats the one before, as in
// kat|ten, or it is a half of -erij, as in bakke|rij.
func endsOnly(before, part string) bool {
	last := before[len(before)-1]
	return part[0] == last && afterDoubling[part[1:]] || last == 'e' && (part == "rij" || part == "rijen")
}

// ofVerb tells that a last part may be a form of a verb, or a noun made of one.
func ofVerb(part string) bool {
	for _, ending := range []string{"en", "t", "d", "de", "te", "ing", "er", "ers", "end", "ende", "sel"} {
		if strings.HasSuffix(part, ending) {
			return true
		}
	}
	return false
}

// shortPlurals have a short vowel that becomes long in the plural, so that they take a link without doubling: wegenwet.
var shortPlurals = set("bad dag dak dal gat god glas graf hof pad slag slot spel staf vat weg")

// takesLink tells whether a part can have this linking element. After a short vowel the consonant would have been doubled
// before -e: rekenmodel is not of rek.
func takesLink(part, link string) bool {
	n := len(part)
	short := !isVowel(part[n-1]) && isVowel(part[n-2]) && !strings.ContainsAny(part[:n-2], vowels)
	return link[0] != 'e' || !short || shortPlurals[part]
}

// withoutLink gives what a part would be if it held a linking element: beleids would be beleid.
func withoutLink(part string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if firstOnly[part] != 0 {
			return
		}
		for _, link := range []string{"s", "en"} {
			bare, ok := strings.CutSuffix(part, link)
			if ok && len(bare) >= shortestPart && takesLink(bare, link) && !yield(bare) {
				return
			}
		}
	}
}

// endsInLink tells that the s at the end of a part without a family is a link: after these endings there always is one.
func endsInLink(part string) bool {
	for _, ending := range []string{"heids", "ings", "schaps", "teits"} {
		if strings.HasSuffix(part, ending) {
			return true
		}
	}
	return false
}

// onsets are the clusters of consonants that a Dutch syllable can begin with.
var onsets = set(`bl br ch chr cl cr dr dw fl fr gl gn gr kl kn kr kw pl pr ps sc sch schr sj sk sl sm sn sp spl spr st str
	th tj tr ts tw vl vr wr zw`)

// derived tells ver|strekken from vers|trekken: a first part that is a prefix and consonants, where what follows the
// prefix can begin a syllable.
func derived(word, first string) bool {
	for _, prefix := range []string{"be", "ge", "her", "ont", "ver"} {
		rest, ok := strings.CutPrefix(first, prefix)
		if !ok || strings.ContainsAny(rest, vowels) || first == "bed" || first == "verf" {
			continue
		}
		onset := word[len(prefix):]
		onset = onset[:max(0, strings.IndexAny(onset, vowels))]
		return len(onset) < 2 || onsets[onset]
	}
	return false
}
