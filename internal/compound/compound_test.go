package compound

import (
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/udc-community/plein/internal/record"
)

func TestWordsOfMunicipalPracticeAreTakenApart(t *testing.T) {
	s := New()
	for _, line := range strings.Split(strings.TrimSpace(`
		minimaregeling = minima regeling
		minimaregelingen = minima regelingen
		kamerverhuur = kamer verhuur
		woningsplitsing = woning splitsing
		parkeervergunning = parkeer vergunning
		gladheidsbestrijding = gladheid bestrijding
		schuldhulp = schuld hulp
		schuldhulpverlening = schuld hulp verlening
		raadsvergadering = raad vergadering
		raadsleden = raad lid
		gemeenteraadsverkiezingen = gemeente raad verkiezingen
		luchtkwaliteit = lucht kwaliteit
		verkeersongevallen = verkeer ongeval
		energiearmoede = energie armoede
		laadpalen = laad palen
		fietsenstallingen = fiets stallingen
		mantelzorg = mantel zorg
		jeugdzorg = jeugd zorg
		jeugdzorggebruik = jeugd zorg gebruik
		bijstandsuitkering = bijstand uitkering
		bijstandsuitstroom = bijstand uitstroom
		onderwijskansen = onderwijs kans
		onderwijsachterstanden = onderwijs achterstanden
		beleidsonderzoeker = beleid onderzoeker
		aandachtspunten = aandacht punten
		bedrijventerrein = bedrijf terrein
		buitenruimte = buiten ruimte
		rekenmodel = reken model
		wegenverkeerswet = weg verkeer wet
		verkameringsbeleid = verkamering beleid
		zonnepanelen = zon panelen
		schoolkinderen = school kind
		energie-armoede = energie armoede
		vvd-raadslid = vvd raad lid
		scheepsfirma's = schip firma`), "\n") {
		word, parts, _ := strings.Cut(line, "=")
		word = strings.TrimSpace(word)
		if got, want := s.Split(word), strings.Fields(parts); !slices.Equal(got, want) {
			t.Errorf("%s is %q, want %q", word, got, want)
		}
	}
}

func TestWordsThatAreNoCompoundsStayWhole(t *testing.T) {
	s := New()
	for word := range strings.FieldsSeq(`verkamering samenwerking bijstand leegstand achterstand achterstanden overheid
		gemeente gemeenten uitkering voorziening verstrekken vergelijken begrijpen bekijken katten koninginnen wethouder
		wethouders onderwijs ondersteuning handhaving handhavers leefbaarheid duurzaamheid vergunningen waardoor bijvoorbeeld
		eindhoven nederland herinrichting deelnemers`) {
		if got := s.Split(word); got != nil {
			t.Errorf("%s is %q, want it whole", word, got)
		}
	}
}

func TestTheBaseOfAWordUndoesInflectionThatChangesItsSpelling(t *testing.T) {
	s := New()
	for inflected, base := range map[string]string{
		"bedrijven": "bedrijf", "prijzen": "prijs", "rollen": "rol", "leden": "lid", "raadsleden": "raadslid", "steden": "stad",
		"huisje": "huis", "huisjes": "huis", "mannetje": "man", "bloempjes": "bloem", "tuintje": "tuin", "subsidies": "subsidie",
		"kinderen": "kind", "fietsen": "fiets", "wapens": "wapen",
		// A stemmer finds these by itself, or there is nothing to find.
		"vergunningen": "vergunningen", "straten": "straten", "huis": "huis", "tijdens": "tijdens", "leven": "leven",
		"buiten": "buiten", "xqxqxen": "xqxqxen", "en": "en", "": "",
	} {
		if got := s.Base(inflected); got != base {
			t.Errorf("the base of %q is %q, want %q", inflected, got, base)
		}
	}
}

func TestWhatAPartIsInsideItIsAlone(t *testing.T) {
	s := New()
	for word := range strings.FieldsSeq("schuldhulpverlening jeugdzorggebruik mantelzorgondersteuning woningbouwprognose burgerzakenmodule") {
		for _, part := range s.Split(word) {
			if inner := s.Split(part); inner != nil {
				t.Errorf("%s has the part %s, which is %q alone", word, part, inner)
			}
		}
	}
}

func TestHostileWordsStayWhole(t *testing.T) {
	s := New()
	for name, word := range map[string]string{
		"empty": "", "digits": "0612345678", "letters and digits": "covid19besmettingen", "an apostrophe": "'s", "hyphens": "-----------",
		"a hyphen at the end": "energie-", "a control character": "raad\x00vergadering", "letters of others": "газопровод",
		"bytes that are no text": "raad\xff\xfevergadering", "capitals": "RAADSVERGADERING", "one letter many times": strings.Repeat("e", 40),
		"long":         strings.Repeat("raad", 1000),
		"hyphens long": strings.Repeat("raad-", 1000),
	} {
		if got := s.Split(word); got != nil {
			t.Errorf("%s: %q, want it whole", name, got)
		}
		s.Base(word)
	}
	// Forty letters are the most that are looked at.
	if got := s.Split(strings.Repeat("raad", 10)); got == nil {
		t.Error("forty letters of raad are whole")
	}
	if got := s.Split(strings.Repeat("raad", 11)); got != nil {
		t.Errorf("forty-four letters of raad are %q, want them whole", got)
	}
}

func FuzzPartsAreNeverEmpty(f *testing.F) {
	s := New()
	for _, word := range []string{"minimaregelingen", "jeugdzorggebruik", "beddenje", "e-mail-adres", "ontjeje", "berg's", "\xff", "aandacht\x00punten", "zonnetjes"} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		word = record.Fold(word)
		parts := s.Split(word)
		if len(parts) == 1 || slices.Contains(parts, "") {
			t.Errorf("%q is %q", word, parts)
		}
		if word != "" && s.Base(word) == "" {
			t.Errorf("%q has no base", word)
		}
	})
}

func TestTwoSplittersAgreeAndManyMayAskOneAtOnce(t *testing.T) {
	words := strings.Fields("minimaregelingen schuldhulpverlening verkamering raadsleden energie-armoede nieuwbouwwoningen bedrijventerreinen")
	one, other := New(), New()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for _, w := range words {
				if a, b := one.Split(w), other.Split(w); !slices.Equal(a, b) {
					t.Errorf("%s is %q and %q", w, a, b)
				}
			}
		})
	}
	wg.Wait()
}

func TestPartsAreTheCallersOwn(t *testing.T) {
	s := New()
	s.Split("raadslid")[0] = "vlees"
	if got := s.Split("raadslid"); got[0] != "raad" {
		t.Errorf("what a caller wrote into the parts came back: %q", got)
	}
}

func TestAWordThatIsNoCompoundAllocatesNothing(t *testing.T) {
	s := New()
	for word := range strings.FieldsSeq("gemeente verkamering samenwerking overheid vergunningen ondersteuning bijstand handhaving maatschappelijk verantwoordelijkheden") {
		if n := testing.AllocsPerRun(100, func() { s.Split(word); s.Base(word) }); n > 0 {
			t.Errorf("%s allocates %.0f times", word, n)
		}
	}
	if n := testing.AllocsPerRun(100, func() { s.Split("minimaregelingen") }); n > 2 {
		t.Errorf("a compound of two parts allocates %.0f times, want its parts alone", n)
	}
}

func TestEveryExceptionIsNeeded(t *testing.T) {
	with := New()
	for word := range with.exceptions {
		without := &Splitter{families: readFamilies(figures), exceptions: readExceptions(exceptions)}
		delete(without.exceptions, word)
		for other := range without.exceptions {
			without.families[other] = without.families[other].known(other)
		}
		if slices.Equal(with.Split(word), without.Split(word)) && with.Base(word) == without.Base(word) {
			t.Errorf("%s would come out the same without being an exception", word)
		}
	}
}

func TestTheDigestNamesTheRules(t *testing.T) {
	if d := Digest(); len(d) != 12 || d != Digest() {
		t.Errorf("the digest is %q", d)
	}
}

func BenchmarkSplit(b *testing.B) {
	s := New()
	for name, word := range map[string]string{"simple": "gemeente", "compound": "minimaregelingen", "long": "gemeenteraadsverkiezingen", "longest": strings.Repeat("raad", 10)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				s.Split(word)
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		New()
	}
}

// wordList is where Debian's wdutch puts the forms of OpenTaal.
const wordList = "/usr/share/dict/dutch"

func TestTheTableIsWhatTheWordListGives(t *testing.T) {
	list, err := os.Open(wordList)
	if err != nil {
		t.Skipf("left out: no %s; Debian's package wdutch has it", wordList)
	}
	defer list.Close()
	table, err := Derive(list)
	if err != nil {
		t.Fatal(err)
	}
	if string(table) != figures {
		t.Error("families.txt is not what Derive makes; run internal/compound/families")
	}
}

func TestDerivingCountsPartsInLongerWords(t *testing.T) {
	list := "raad\nraads\nzaal\nzalen\nvergadering\nraadzaal\nraadszaal\nraadsvergadering\nvergaderzaal\nvergader\nRaadhuis\nraad-zaal\ngemeente\ngemeenteraad\n"
	table, err := Derive(strings.NewReader(list))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(table)) {
		if line[0] != '#' {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	if want := []string{"raad 4 1", "zaal 0 4"}; !slices.Equal(lines, want) {
		t.Errorf("the table is %q, want %q", lines, want)
	}
	if _, err := Derive(strings.NewReader(strings.Repeat("a", 1<<20))); err == nil {
		t.Error("a line without end gave no error")
	}
}
