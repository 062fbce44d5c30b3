package web

import (
	"fmt"
	"strconv"
	"time"
	_ "time/tzdata" // a container often has no time zones, and a date depends on one
)

// dutchDate is the day it was in the Netherlands: 12 januari 2027.
func dutchDate(t time.Time) string {
	months := [...]string{"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december"}
	if netherlands, err := time.LoadLocation("Europe/Amsterdam"); err == nil {
		t = t.In(netherlands)
	}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}

// dutchNumber writes a count with a point between thousands: 1.530.
func dutchNumber(n int) string {
	if n < 0 {
		return "-" + dutchNumber(-n)
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "." + digits[i:]
	}
	return digits
}

// dutchCount is a number with the word for it: 1 resultaat, 1.530 resultaten.
func dutchCount(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return dutchNumber(n) + " " + many
}
