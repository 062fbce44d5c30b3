package web

import (
	"fmt"
	"time"

	"github.com/udc-community/plein/internal/record"
)

// dates is the day it was in the Netherlands, in Dutch and in English: 12 januari 2027, 12 January 2027.
func dates(t time.Time) (nl, en string) {
	months := [...]string{"januari", "februari", "maart", "april", "mei", "juni",
		"juli", "augustus", "september", "oktober", "november", "december"}
	t = record.InTheNetherlands(t)
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year()), t.Format("2 January 2006")
}
