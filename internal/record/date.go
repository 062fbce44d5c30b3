package record

import (
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a container often has no time zones, and a day depends on one
)

// Date is an ISO 8601 calendar date, as precise as it is known: 2017, 2017-12 or 2017-12-31. Dates of different
// precision compare as text.
type Date string

var dateLayouts = map[int]string{4: "2006", 7: "2006-01", 10: "2006-01-02"}

// Valid tells whether the date exists.
func (d Date) Valid() bool {
	layout, ok := dateLayouts[len(d)]
	if !ok {
		return false
	}
	_, err := time.Parse(layout, string(d))
	return err == nil
}

// Year is the four digits in front, or nothing.
func (d Date) Year() string {
	if len(d) < 4 {
		return ""
	}
	return string(d[:4])
}

// last is the last day that the date can mean, at midnight UTC; ok is false when there is none.
func (d Date) last() (day time.Time, ok bool) {
	first, err := time.Parse(dateLayouts[len(d)], string(d))
	if err != nil || d == "" {
		return time.Time{}, false
	}
	switch len(d) {
	case len("2006"):
		return first.AddDate(1, 0, -1), true
	case len("2006-01"):
		return first.AddDate(0, 1, -1), true
	}
	return first, true
}

// DayOf is the Dutch calendar day of a moment.
func DayOf(t time.Time) Date { return Date(InTheNetherlands(t).Format(time.DateOnly)) }

// Instant is a moment as documents hold it: UTC, whole milliseconds.
func Instant(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// netherlands is read once: the zone comes from a file.
var netherlands = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		return time.UTC
	}
	return zone
})

// InTheNetherlands is a moment on the clock by which days are counted.
func InTheNetherlands(t time.Time) time.Time { return t.In(netherlands()) }

var months = [...]string{"januari", "februari", "maart", "april", "mei", "juni",
	"juli", "augustus", "september", "oktober", "november", "december"}

// Words is the date as people write it, as precise as it is known: 12 januari 2027, januari 2027 or 2027.
func (d Date) Words() Text {
	day, err := time.Parse(dateLayouts[len(d)], string(d))
	if err != nil || d == "" {
		return NL(string(d))
	}
	nl, en := []string{strconv.Itoa(day.Year())}, day.Format("2006")
	if len(d) > len("2006") {
		nl, en = append([]string{months[day.Month()-1]}, nl...), day.Format("January 2006")
	}
	if len(d) > len("2006-01") {
		nl, en = append([]string{strconv.Itoa(day.Day())}, nl...), day.Format("2 January 2006")
	}
	return Text{Dutch: strings.Join(nl, " "), English: en}
}

// MomentWords is a moment as people write it, by the clock of the Netherlands: 12 januari 2027, 14:05.
func MomentWords(t time.Time) Text {
	day, clock := DayOf(t).Words(), InTheNetherlands(t).Format(", 15:04")
	return Text{Dutch: day[Dutch] + clock, English: day[English] + clock}
}
