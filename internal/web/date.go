package web

import (
	"time"

	"github.com/udc-community/plein/internal/record"
)

// dates is the day it was in the Netherlands, in Dutch and in English: 12 januari 2027, 12 January 2027.
func dates(t time.Time) (nl, en string) {
	words := record.DayOf(t).Words()
	return words[record.Dutch], words[record.English]
}
