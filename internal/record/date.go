package record

import (
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
