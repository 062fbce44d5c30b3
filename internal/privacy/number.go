package privacy

import "strings"

// digits reads exactly n digits from a place on, with at most one of the separators between two of them, and gives them
// with the place behind them; a negative place when there are fewer, or more.
func (s *scanner) digits(i, n int, separators string) (string, int) {
	out := make([]byte, 0, n)
	for ; len(out) < n; i++ {
		if c := s.byteAt(i); len(out) > 0 && c != 0 && strings.IndexByte(separators, c) >= 0 && isDigit(s.byteAt(i-1)) {
			i++
		}
		if !isDigit(s.byteAt(i)) {
			return "", -1
		}
		out = append(out, s.text[i])
	}
	if isWord(s.byteAt(i)) {
		return "", -1
	}
	return string(out), i
}

// phone reads a Dutch mobile number: 06 or +316 and eight digits.
func (s *scanner) phone(i int) int {
	if c := s.text[i]; c != '0' && c != '+' {
		return i
	}
	at := i
	for _, prefix := range []string{"+31(0)6", "+31 (0)6", "+31 6", "+316", "0031 6", "00316", "06"} {
		if rest, ok := strings.CutPrefix(s.text[i:], prefix); ok {
			at = len(s.text) - len(rest)
			break
		}
	}
	if at == i || !s.standsAlone(i, i) {
		return i
	}
	if c := s.byteAt(at); c == ' ' || c == '-' || c == '.' {
		at++
	}
	number, end := s.digits(at, 8, " -.")
	if end < 0 || !s.standsAlone(i, end) || number == "12345678" || number == "00000000" {
		return i
	}
	s.add(Phone, i, end, "06-••••••"+number[6:])
	return end
}

// standsAlone tells whether a number is not a piece of something longer: a decimal number, an address on the web, a
// reference.
func (s *scanner) standsAlone(start, end int) bool {
	switch before := s.byteAt(start - 1); before {
	case '-', '/', '=', '#', '_', '\\', '+', '~', '%', '&', '@':
		return false
	case '.', ',', ':':
		if isWord(s.byteAt(start - 2)) {
			return false
		}
	}
	switch after := s.byteAt(end); after {
	case '-', '/', '.', ',', ':', '=', '#', '@', '\\':
		return !isWord(s.byteAt(end + 1))
	case '%':
		return false
	}
	return true
}

// citizenNumber reads a burgerservicenummer: nine digits, written together, as 1234.56.789 or as 12.34.56.789. Where it is
// called one it may have eight, because spreadsheets take a zero off. The test of eleven: nine times the first digit, eight times the
// second, … two times the eighth, less the ninth, is a multiple of eleven.
func (s *scanner) citizenNumber(i int) int {
	end := i
	for isDigit(s.byteAt(end)) {
		end++
	}
	number, grouped := s.text[i:end], false
	if n := end - i; n == 4 || n == 3 || n == 2 {
		if number, end = s.digits(i, 9, " .-"); end < 0 {
			return i
		}
		grouped = true
	}
	if len(number) != 8 && len(number) != 9 {
		return i
	}
	said := s.saidBefore(i, 40, "bsn", "burgerservice", "sofi")
	switch shape := s.text[i:end]; {
	case !s.standsAlone(i, end) && !(said && s.byteAt(i-1) == ':'):
		return i
	case len(number) == 8 && said:
		number = "0" + number
	case len(number) != 9:
		return i
	case grouped && !said && !isGroupedAs(shape, 4, 2, 3) && !isGroupedAs(shape, 2, 2, 2, 3):
		return i // amounts are written 123.456.789 and 123 456 789
	}
	f := Finding{CitizenNumber, i, end, "•••••••" + number[7:]}
	passes := passesElevens(number)
	switch {
	case said && passes:
		s.found = append(s.found, f)
	case said, s.saidBefore(i, 24, "kvk", "koophandel", "rsin", "fiscaal", "isbn", "issn", "btw", "zaak", "kenmerk", "dossier", "€", "eur"):
	case passes:
		s.numbers.tried, s.numbers.passed = s.numbers.tried+1, s.numbers.passed+1
		s.bare = append(s.bare, f)
	default:
		s.numbers.tried++
	}
	return end
}

// isGroupedAs tells whether a number is written in groups of these lengths, with one separator throughout.
func isGroupedAs(number string, lengths ...int) bool {
	var separator byte
	for n, length := range lengths {
		if n > 0 {
			if separator == 0 {
				separator = number[0]
			}
			if number[0] != separator || isDigit(separator) {
				return false
			}
			number = number[1:]
		}
		if len(number) < length || n < len(lengths)-1 && len(number) == length {
			return false
		}
		number = number[length:]
	}
	return number == ""
}

func passesElevens(number string) bool {
	if number[0] == '0' && number[1] == '0' || strings.Count(number, number[:1]) == len(number) {
		return false // such numbers are not given out
	}
	sum := -int(number[8] - '0')
	for n := range 8 {
		sum += (9 - n) * int(number[n]-'0')
	}
	return sum%11 == 0
}

// ibanLength is the length of an IBAN of a country, by the registry of SWIFT, for the countries that are met here; else 0.
func ibanLength(country string) int {
	switch country {
	case "BE":
		return 16
	case "NL":
		return 18
	case "LU":
		return 20
	case "DE", "GB", "BG", "IE":
		return 22
	case "ES", "RO", "SE":
		return 24
	case "PT":
		return 25
	case "TR":
		return 26
	case "FR", "IT", "GR":
		return 27
	case "PL":
		return 28
	}
	return 0
}

// account reads an IBAN that begins with the word at a place: ISO 13616, with the test of ISO 7064 (mod 97 is 1).
func (s *scanner) account(i, end int) int {
	if end-i < 4 || !isUpper(s.text[i]) || !isUpper(s.text[i+1]) || !isDigit(s.text[i+2]) || !isDigit(s.text[i+3]) {
		return i
	}
	length := ibanLength(s.text[i : i+2])
	var iban strings.Builder
	at := i
	for ; iban.Len() < length; at++ {
		c := s.byteAt(at)
		if c == ' ' && iban.Len()%4 == 0 {
			continue
		}
		if !isUpper(c) && !isDigit(c) {
			return i
		}
		iban.WriteByte(c)
	}
	if length == 0 || isWord(s.byteAt(at)) || !passes97(iban.String()) {
		return i
	}
	s.add(BankAccount, i, at, s.text[i:i+2]+"•• … ••"+iban.String()[length-2:])
	return at
}

func passes97(iban string) bool {
	rest := 0
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// address reads a Dutch postcode with a house number behind it (2312 AB 12), or with a street and a number before it
// (Breestraat 12, 2311 CS).
func (s *scanner) address(i int) int {
	code := i
	for code < i+4 && isDigit(s.byteAt(code)) {
		code++
	}
	if code < i+4 || s.text[i] == '0' || !s.standsAlone(i, i) {
		return i
	}
	if s.byteAt(code) == ' ' {
		code++
	}
	end := code + 2
	if !isUpper(s.byteAt(code)) || !isUpper(s.byteAt(code+1)) || isWord(s.byteAt(end)) {
		return i
	}
	switch s.text[code:end] {
	case "SA", "SD", "SS": // never given out
		return i
	}
	sample := s.text[i:i+4] + " •• ••"
	if past := s.houseNumber(end); past > end {
		s.add(Address, i, past, sample)
		return past
	}
	if start := s.street(i); start < i {
		s.add(Address, start, end, sample)
		return end
	}
	return i
}

// houseNumber gives the place behind a house number that follows a postcode, with a separator of columns between them.
func (s *scanner) houseNumber(i int) int {
	at := i
	for at < i+3 && s.byteAt(at) != 0 && strings.IndexByte(" ,;|\t\n", s.byteAt(at)) >= 0 {
		at++
	}
	first := at
	for at < first+5 && isDigit(s.byteAt(at)) {
		at++
	}
	if at == first || first == i || s.byteAt(first) == '0' || isDigit(s.byteAt(at)) || at-first == 4 && s.byteAt(first) <= '2' {
		return i // the last is a year
	}
	return at
}
