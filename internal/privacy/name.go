package privacy

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// address on the web: the letters, digits and marks of an e-mail address on both sides of the at sign.
func (s *scanner) email(at int) {
	start, end := at, at+1
	for start > s.line && (isWord(s.text[start-1]) || strings.IndexByte(".-+", s.text[start-1]) >= 0) {
		start--
	}
	for isWord(s.byteAt(end)) || s.byteAt(end) == '-' || s.byteAt(end) == '.' && isWord(s.byteAt(end+1)) {
		end++
	}
	local, domain := strings.ToLower(strings.Trim(s.text[start:at], ".-")), strings.ToLower(s.text[at+1:end])
	dot := strings.LastIndexByte(domain, '.')
	if local == "" || dot < 1 || len(domain)-dot < 3 || !isPersonal(local, domain) {
		return
	}
	first, size := utf8.DecodeRuneInString(local)
	if first == utf8.RuneError && size < 2 {
		first = '•'
	}
	s.add(Email, start, end, string(first)+"•••@"+domain)
}

// isPersonal tells whether an address seems to be of a person: at a provider for consumers, or made of initials and a
// name (j.jansen, jan.de-vries). An address of one word can be anything, so it is let pass.
func isPersonal(local, domain string) bool {
	parts := strings.FieldsFunc(local, func(r rune) bool { return strings.ContainsRune("._+-", r) })
	if slices.ContainsFunc(parts, isFunction) {
		return false
	}
	provider, _, _ := strings.Cut(domain, ".")
	switch provider {
	case "gmail", "googlemail", "hotmail", "outlook", "live", "msn", "yahoo", "icloud", "protonmail", "proton", "ziggo", "kpnmail",
		"kpnplanet", "planet", "xs4all", "home", "upcmail", "casema", "chello", "telfort", "hetnet", "quicknet", "onsbrabantnet":
		return true
	}
	words := strings.Split(local, ".")
	return len(words) >= 2 && !strings.ContainsFunc(local, unicode.IsDigit) && len(words[len(words)-1]) >= 3 &&
		(len(words[0]) == 1 || len(words) == 2 && len(words[0]) >= 3)
}

// isFunction tells whether a part of an address names a function, a subject or a team.
func isFunction(part string) bool {
	for _, root := range []string{"info", "contact", "udc", "secretari", "gemeente", "provincie", "post", "algoritm", "privacy", "data", "onderzoek",
		"statisti", "communicati", "pers", "redactie", "beheer", "team", "afdeling", "support", "help", "desk", "dienst", "service", "klant",
		"burger", "balie", "loket", "griffie", "bestuur", "college", "raad", "vergunning", "handhaving", "toezicht", "veiligheid", "zorg",
		"jeugd", "wmo", "werk", "inkom", "belasting", "ict", "noreply", "reply", "web", "officer", "office", "adviseur", "advies", "beleid",
		"project", "programma", "proces", "register", "archief", "vragen", "meld", "klacht", "bezwaar", "open", "woo", "avg", "fg", "ciso",
		"functionaris", "stad", "regio", "wonen", "ruimte", "milieu", "verkeer", "parkeren", "sociaal", "domein", "digita", "innovati", "portaal",
		"admin", "system", "test", "mail", "hr", "personeel", "financ", "inkoop", "facturen", "admini"} {
		if part == root || len(root) > 3 && strings.Contains(part, root) {
			return true
		}
	}
	return false
}

// name reads a title with a name behind it (dhr. Jansen), "Naam:" with a name behind it, or the head of a column of
// names. Names without any of these are not found.
func (s *scanner) name(i, end int) int {
	if end-i > 13 {
		return i
	}
	word := s.text[i:end]
	lower := strings.ToLower(word)
	switch lower {
	case "dhr", "mevr", "mw", "drs", "mevrouw", "meneer", "heer":
		if lower == "heer" && !strings.HasSuffix(s.before(i, 3), "de ") {
			return i
		}
		return s.titled(i, end, word, false)
	case "mr", "ir", "ing", "dr", "prof":
		return s.titled(i, end, word, true)
	case "naam":
		return s.labelled(i, end)
	case "voornaam", "achternaam", "familienaam", "roepnaam", "voorletters", "geboortenaam", "bsn":
		return s.column(i, end, lower)
	}
	return i
}

// titled reads the name behind a title. An academic title has a full stop, or it is a word of its own.
func (s *scanner) titled(i, end int, title string, needsStop bool) int {
	at := end
	if s.byteAt(at) == '.' {
		at++
	} else if needsStop {
		return i
	}
	if title == strings.ToUpper(title) || isDigit(s.byteAt(i-2)) || s.byteAt(at) != ' ' {
		return i // MW are megawatts, and ING is a bank
	}
	past := s.surname(at + 1)
	if past < 0 {
		return i
	}
	r, _ := utf8.DecodeRuneInString(s.text[at+1:])
	s.add(Name, i, past, title+". "+string(r)+"•••")
	return past
}

// surname gives the place behind initials, a prefix such as "van der", and a word with a capital; a negative place where
// there is no such word, or where it is a street, a school or something else that was named after somebody.
func (s *scanner) surname(at int) int {
	for range 6 {
		end := at
		for isWord(s.byteAt(end)) || s.byteAt(end) == '-' && isWord(s.byteAt(end+1)) {
			end++
		}
		word := s.text[at:end]
		first, size := utf8.DecodeRuneInString(word)
		switch {
		case word == "":
			return -1
		case size == len(word) && unicode.IsUpper(first) && s.byteAt(end) == '.': // an initial
			if at = end + 1; s.byteAt(at) == ' ' {
				at++
			}
			continue
		case slices.Contains([]string{"van", "de", "der", "den", "het", "ten", "ter", "te", "el", "al", "von", "drs", "ir", "mr", "dr"}, strings.ToLower(word)):
			if at = end; s.byteAt(at) == '.' {
				at++
			}
			if s.byteAt(at) != ' ' {
				return -1
			}
			at++
			continue
		case !unicode.IsUpper(first) || len(word) < 3 || word == strings.ToUpper(word) || isNamedAfter(word) || isNamedAfter(s.wordAfter(end)):
			return -1
		}
		return end
	}
	return -1
}

// wordAfter is the word behind a space.
func (s *scanner) wordAfter(i int) string {
	if s.byteAt(i) != ' ' {
		return ""
	}
	end := i + 1
	for isWord(s.byteAt(end)) {
		end++
	}
	return s.text[i+1 : end]
}

// isNamedAfter tells whether a word is of something that bears a name: Dr. Schaepmanlaan, Mr. Schram Stichting.
func isNamedAfter(word string) bool {
	word = strings.ToLower(word)
	for _, end := range []string{"straat", "laan", "weg", "plein", "kade", "singel", "park", "hof", "dreef", "plantsoen", "gracht", "brug", "sluis", "polder",
		"school", "college", "lyceum", "instituut", "stichting", "huis", "prijs", "wijk", "buurt", "gemaal", "fonds", "museum", "model", "algoritme", "methode"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// labelled reads "Naam: Jan Jansen".
func (s *scanner) labelled(i, end int) int {
	if s.byteAt(end) != ':' || i != s.line {
		return i
	}
	first := end + 1
	for s.byteAt(first) == ' ' {
		first++
	}
	past := s.surname(first)
	if past < 0 || s.byteAt(past) != ' ' {
		return i
	}
	last := s.surname(past + 1)
	if last < 0 {
		return i
	}
	r, _ := utf8.DecodeRuneInString(s.text[first:])
	s.add(Name, i, last, s.text[i:end]+": "+string(r)+"•••")
	return last
}

// column reads a line that is nothing but the head of a column.
func (s *scanner) column(i, end int, head string) int {
	if after := s.byteAt(end); i != s.line || after != 0 && after != '\n' && after != '\r' {
		return i
	}
	kind := Name
	if head == "bsn" {
		kind = CitizenNumber
	}
	s.add(kind, i, end, head)
	return end
}

// street gives the place where a street with a house number begins that stands before a postcode; the postcode's own
// place where there is none. A box at the post office is no home.
func (s *scanner) street(code int) int {
	at := code
	for at > s.line && (s.text[at-1] == ' ' || s.text[at-1] == ',') {
		at--
	}
	number := at
	for number > s.line && (isWord(s.text[number-1]) || s.text[number-1] == '-') {
		number--
	}
	if number == at || at == code || !isDigit(s.text[number]) || s.byteAt(number-1) != ' ' {
		return code
	}
	street := number - 1
	for street > s.line && (isWord(s.text[street-1]) || s.text[street-1] == '.') {
		street--
	}
	word := s.text[street : number-1]
	if first, _ := utf8.DecodeRuneInString(word); len(word) < 4 || !unicode.IsUpper(first) || strings.EqualFold(word, "postbus") {
		return code
	}
	return street
}
