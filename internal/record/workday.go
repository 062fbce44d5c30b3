package record

import (
	"slices"
	"time"
)

// addWorkingDays is the day that is so many working days after a day; days are at midnight UTC.
func addWorkingDays(day time.Time, n int) time.Time {
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		if isWorkingDay(day) {
			n--
		}
	}
	return day
}

// isWorkingDay tells whether the day is not a Saturday, a Sunday or a public holiday.
func isWorkingDay(day time.Time) bool {
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && !slices.ContainsFunc(holidays(day.Year()), day.Equal)
}

// holidays are the public holidays of a year by article 3, paragraphs 1 and 2, of the Algemene termijnenwet
// (BWBR0002448): New Year, Good Friday, Easter Monday, the King's birthday, 5 May, Ascension Day, Whit Monday and both
// days of Christmas. The King's birthday is 27 April, and is kept a day earlier when that is a Sunday. The single days
// that a royal decree adds from time to time (paragraph 3) are not in it: no rule gives them.
func holidays(year int) []time.Time {
	on := func(m time.Month, d int) time.Time { return time.Date(year, m, d, 0, 0, 0, 0, time.UTC) }
	easter, king := easterSunday(year), on(time.April, 27)
	if king.Weekday() == time.Sunday {
		king = king.AddDate(0, 0, -1)
	}
	return []time.Time{
		on(time.January, 1), easter.AddDate(0, 0, -2), easter.AddDate(0, 0, 1), king, on(time.May, 5),
		easter.AddDate(0, 0, 39), easter.AddDate(0, 0, 50), on(time.December, 25), on(time.December, 26),
	}
}

// easterSunday is the Sunday after the first full moon of spring in the church's tables, by the anonymous Gregorian
// computus (Meeus, Astronomical Algorithms, chapter 8).
func easterSunday(year int) time.Time {
	golden, century, inCentury := year%19, year/100, year%100
	skipped, moon := century/4, (century-(century+8)/25+1)/3
	epact := (19*golden + century - skipped - moon + 15) % 30
	toSunday := (32 + 2*(century%4) + 2*(inCentury/4) - epact - inCentury%4) % 7
	late := (golden + 11*epact + 22*toSunday) / 451
	days := epact + toSunday - 7*late + 114
	return time.Date(year, time.Month(days/31), days%31+1, 0, 0, 0, 0, time.UTC)
}
