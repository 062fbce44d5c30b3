package identity

import (
	"slices"
	"strings"
	"unicode"
)

// commonWords are what people choose when they are made to choose: they come with a year, a number or an exclamation
// mark, or twice. What is long enough and still here has no more than these.
var commonWords = strings.Fields(`
	wachtwoord password passwoord paswoord passwort geheim secret welkom welcome hallo hello
	wachtwoordwachtwoord wachtwoordje mijnwachtwoord mypassword ditismijnwachtwoord hetwachtwoord geenwachtwoord nieuwwachtwoord
	welkomwelkom welkombij welkomthuis welkombijplein welkomterug
	lente zomer herfst winter voorjaar najaar spring summer autumn
	januari februari maart april mei juni juli augustus september oktober november december
	january february march june july august october
	maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday friday sunday
	amsterdam rotterdam utrecht leiden denhaag eindhoven groningen nederland holland netherlands
	gemeente gemeenteleiden gemeentehuis stadhuis stadskantoor urbandatacenter datacenter statistiek cbs
	plein pleinplein admin administrator beheerder beheer toegang login inloggen aanmelden changeme letmein
	feyenoord ajax psv voetbal football hollandsnieuwe oranje
	qwerty qwertyuiop qwertyuiopasdfghjkl qwertyasdfgh azerty azertyuiop asdfghjkl asdfghjklqwerty zxcvbnm qazwsxedc qazwsxedcrfv
	ikhouvanjou ikhouvanje iloveyou iloveyouforever liefje schatje lieverd sunshine princess prinses dragon monkey superman batman
	computer internet vakantie kantoor werkplek thuiswerken trustnoone whatever abcdefghijkl abcdefghijklm abcabcabcabc
	correcthorsebatterystaple
`)

// isCommon tells whether a password is a common word with figures and marks around it, one or two characters again and
// again, or a row of figures or letters.
func isCommon(password string) bool {
	folded := strings.ToLower(password)
	if few(folded) || inARow(folded) {
		return true
	}
	letters := unlooked(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' || r == '_' || r == '.' {
			return -1
		}
		return r
	}, folded))
	stem := strings.TrimFunc(letters, func(r rune) bool { return !unicode.IsLetter(r) })
	for n := 1; n <= len(stem); n++ {
		if len(stem)%n == 0 && stem == strings.Repeat(stem[:n], len(stem)/n) && slices.Contains(commonWords, stem[:n]) {
			return true
		}
	}
	return false
}

// unlooked reads figures and marks between letters for the letters that they look like: w@chtw00rd.
func unlooked(s string) string {
	like := map[rune]rune{'@': 'a', '0': 'o', '1': 'i', '3': 'e', '$': 's', '5': 's'}
	rs := []rune(s)
	last := len(rs) - 1
	for last >= 0 && !unicode.IsLetter(rs[last]) {
		last--
	}
	for i := 1; i < last; i++ {
		if r, ok := like[rs[i]]; ok {
			rs[i] = r
		}
	}
	return string(rs)
}

// few tells whether a text has no more than two different characters.
func few(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) <= 2
}

// inARow tells whether each character is the one after, or before, the one in front of it: 123456789012.
func inARow(s string) bool {
	rs := []rune(s)
	for _, step := range []rune{1, -1} {
		row := true
		for i := 1; i < len(rs) && row; i++ {
			row = rs[i] == rs[i-1]+step || unicode.IsDigit(rs[i]) && unicode.IsDigit(rs[i-1]) && (rs[i]-rs[i-1]-step)%10 == 0
		}
		if row {
			return true
		}
	}
	return false
}

// isPersonal tells whether a password is one's own address or name, with figures and marks around it.
func isPersonal(password, email, name string) bool {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	local, _, _ := strings.Cut(email, "@")
	p := bare(password)
	return p != "" && slices.Contains([]string{bare(email), bare(local), bare(name)}, p)
}
