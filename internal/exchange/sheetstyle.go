package exchange

import (
	"encoding/xml"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A spreadsheet keeps a day as a number, and only the style of the cell tells that it is one. What the style leaves out
// is not taken to be known: a cell that shows "March 2024" says no day.

// precision says what a style shows of a moment.
type precision int

const (
	noDate precision = iota
	toTheYear
	toTheMonth
	toTheDay
	toTheMinute
	// timeOfDay has no date.
	timeOfDay
)

// maxStyles is as many as Excel itself has.
const maxStyles = 65_490

// readStyles finds out which cell styles are those of dates.
func (w *workbook) readStyles(part string) error {
	formats := map[string]string{}
	inCells := false
	return w.each(part, func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			if len(formats) < maxStyles {
				formats[attribute(e, "numFmtId")] = attribute(e, "formatCode")
			}
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(w.dates) < maxStyles {
				id := attribute(e, "numFmtId")
				w.dates = append(w.dates, precisionOf(id, formats[id]))
			}
		}
		return nil
	})
}

// quoted is what a format shows as it stands, and colours and conditions; durations such as [h] stay.
var quoted = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)

// precisionOf a number format: one of one's own, or one of those that come with every spreadsheet.
func precisionOf(id, code string) precision {
	if code == "" {
		switch n, err := strconv.Atoi(id); {
		case err != nil:
			return noDate
		case n == 17:
			return toTheMonth
		case n >= 14 && n <= 16, n >= 27 && n <= 31, n >= 50 && n <= 58, n == 36:
			return toTheDay
		case n == 22:
			return toTheMinute
		case n >= 18 && n <= 21, n >= 32 && n <= 35, n >= 45 && n <= 47:
			return timeOfDay
		}
		return noDate
	}
	positive, _, _ := strings.Cut(code, ";")
	shows := strings.ToLower(quoted.ReplaceAllString(positive, ""))
	if strings.Contains(shows, "general") {
		return noDate
	}
	year, day, hour := strings.Contains(shows, "y"), strings.Contains(shows, "d"), strings.ContainsAny(shows, "hs")
	switch {
	case day && hour:
		return toTheMinute
	case day:
		return toTheDay
	case hour:
		return timeOfDay
	case strings.Contains(shows, "m") && year:
		return toTheMonth
	case year:
		return toTheYear
	}
	return noDate
}

// write gives a number of days as a date of ISO 8601. A number that no calendar has stays one.
func (p precision) write(days float64, since1904 bool) string {
	if !(days >= 0 && days < 2_958_466) { // up to the year 9999; NaN is neither
		return number(days)
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days < 60: // the calendar has a 29 February 1900, which never was
		first = time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)
	}
	whole, part := math.Modf(days)
	at := first.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*24*60)) * time.Minute)
	switch p {
	case toTheYear:
		return at.Format("2006")
	case toTheMonth:
		return at.Format("2006-01")
	case toTheMinute:
		return at.Format("2006-01-02 15:04")
	case timeOfDay:
		return at.Format("15:04")
	}
	return at.Format(time.DateOnly)
}
