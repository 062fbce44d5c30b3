package record

import (
	"testing"
	"time"
)

func day(t *testing.T, s string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Dates of Easter as printed in almanacs, with the earliest and the latest of these centuries among them.
func TestEasterIsWhereAlmanacsHaveIt(t *testing.T) {
	for _, s := range []string{"1818-03-22", "1943-04-25", "1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2049-04-18"} {
		if want := day(t, s); !easterSunday(want.Year()).Equal(want) {
			t.Errorf("Easter of %d is on %s, want %s", want.Year(), easterSunday(want.Year()).Format(time.DateOnly), s)
		}
	}
}

func TestWorkingDaysLeaveOutWeekendsAndHolidays(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
		why  string
	}{
		{"2026-03-02", 5, "2026-03-09", "a weekend"},
		{"2026-03-06", 1, "2026-03-09", "from a Friday"},
		{"2026-03-07", 1, "2026-03-09", "from a Saturday"},
		{"2026-04-02", 1, "2026-04-07", "Good Friday and Easter Monday"},
		{"2026-04-24", 1, "2026-04-28", "the King's birthday on a Monday"},
		{"2025-04-25", 1, "2025-04-28", "the King's birthday on a Saturday, as the 27th is a Sunday"},
		{"2026-05-04", 1, "2026-05-06", "5 May"},
		{"2026-05-13", 1, "2026-05-15", "Ascension Day; the Friday after it is no holiday by any rule"},
		{"2026-05-22", 1, "2026-05-26", "Whit Monday"},
		{"2026-12-24", 5, "2027-01-04", "Christmas, a weekend and New Year"},
		{"2026-12-31", 0, "2026-12-31", "no days"},
	} {
		if got := addWorkingDays(day(t, c.from), c.n).Format(time.DateOnly); got != c.want {
			t.Errorf("%d working days after %s is %s, want %s: %s", c.n, c.from, got, c.want, c.why)
		}
	}
}

func TestADayIsADutchOne(t *testing.T) {
	for at, want := range map[string]Date{
		"2026-03-02T22:59:59Z": "2026-03-02", "2026-03-02T23:00:00Z": "2026-03-03", // winter
		"2026-07-02T21:59:59Z": "2026-07-02", "2026-07-02T22:00:00Z": "2026-07-03", // summer
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := DayOf(moment); got != want {
			t.Errorf("%s is on %s, want %s", at, got, want)
		}
	}
}

func TestTheLastDayThatADateCanMean(t *testing.T) {
	for d, want := range map[Date]string{"2027": "2027-12-31", "2028-02": "2028-02-29", "2027-02": "2027-02-28", "2027-01-12": "2027-01-12"} {
		if got, ok := d.last(); !ok || got.Format(time.DateOnly) != want {
			t.Errorf("%s is at the latest %v, want %s", d, got, want)
		}
	}
	for _, d := range []Date{"", "2027-13", "morgen", "20"} {
		if got, ok := d.last(); ok {
			t.Errorf("%q is at the latest %v", d, got)
		}
	}
}
