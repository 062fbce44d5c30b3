package web

import (
	"fmt"
	"time"
	_ "time/tzdata" // a container often has no time zones, and a date depends on one
)

func inTheNetherlands(t time.Time) time.Time {
	if netherlands, err := time.LoadLocation("Europe/Amsterdam"); err == nil {
		return t.In(netherlands)
	}
	return t
}

// dates is the day it was in the Netherlands, in Dutch and in English: 12 januari 2027, 12 January 2027.
func dates(t time.Time) (nl, en string) {
	months := [...]string{"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december"}
	t = inTheNetherlands(t)
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year()), t.Format("2 January 2006")
}
