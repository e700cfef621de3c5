package function

import "strings"

// dateParts lists every spelling of every date part, the canonical one first.
var dateParts = [][]string{
	{"millennium", "millennia", "mil", "mils", "millenniums"},
	{"century", "centuries", "c", "cent", "cents"},
	{"decade", "decades", "dec", "decs"},
	{"epoch"},
	{"year", "years", "y", "yr", "yrs"},
	{"quarter", "quarters", "qtr", "qtrs"},
	{"month", "months", "mon", "mons"},
	{"week", "weeks", "w"},
	{"dayofweek", "dow", "dw", "weekday", "dayofweeks"},
	{"dayofyear", "doy", "dy", "yearday"},
	{"day", "days", "d"},
	{"hour", "hours", "h", "hr", "hrs"},
	{"minute", "minutes", "m", "min", "mins"},
	{"second", "seconds", "s", "sec", "secs"},
	{"millisecond", "milliseconds", "ms", "msec", "msecs", "msecond", "mseconds", "millisec", "millisecs", "millisecon"},
	{"microsecond", "microseconds", "us", "usec", "usecs", "usecond", "useconds", "microsec", "microsecs", "microsecon"},
	{"timezone", "tz"}, {"timezone_hour"}, {"timezone_minute"},
	{"isodow"}, {"isoyear"},
}

// datePartOf maps every spelling to the canonical one.
var datePartOf = func() map[string]string {
	index := map[string]string{}
	for _, spellings := range dateParts {
		for _, s := range spellings {
			index[s] = spellings[0]
		}
	}
	return index
}()

// DatePart returns the canonical spelling of a date part or of one of its abbreviations, in any case.
func DatePart(name string) (string, bool) {
	part, ok := datePartOf[strings.ToLower(strings.TrimSpace(name))]
	return part, ok
}
