package function_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/redshift/function"
)

func TestTimestampsAreReadInManySpellings(t *testing.T) {
	for text, want := range map[string]string{
		"2020-01-02":                     "2020-01-02 00:00:00",
		"2020-1-2 3:04":                  "2020-01-02 03:04:00",
		"20080305 12:25:29":              "2008-03-05 12:25:29",
		"01/05/2020":                     "2020-01-05 00:00:00",
		"Jan 5, 2020":                    "2020-01-05 00:00:00",
		"Jun 1,2008 09:59:59":            "2008-06-01 09:59:59",
		"5-jan-2020 4:05 pm":             "2020-01-05 16:05:00",
		"2020-01-02T03:04:05Z":           "2020-01-02 03:04:05",
		"2020-01-02 03:04:05.1234567":    "2020-01-02 03:04:05.123457",
		"2020-01-02 03:04:05-08":         "2020-01-02 03:04:05",
		"2020-01-02 03:04:05 EST":        "2020-01-02 03:04:05",
		"17 Dec 07:37:16 1997":           "1997-12-17 07:37:16",
		"Sunday, January 5 2020":         "2020-01-05 00:00:00",
		"1996.008":                       "1996-01-08 00:00:00",
		"960108 040809":                  "1996-01-08 04:08:09",
		"2020-01-02 03:04:05 US/Pacific": "2020-01-02 03:04:05",
	} {
		got, err := function.ParseTimestamp(text)
		if err != nil || got.Format("2006-01-02 15:04:05.999999") != want {
			t.Errorf("%q: got %s, want %s; %v", text, got, want, err)
		}
	}
	for _, bad := range []string{"", "x", "2020-13-01", "2020-02-30", "01/32/2020", "2020-01-02 25:00", "12"} {
		if got, err := function.ParseTimestamp(bad); err == nil {
			t.Errorf("%q is no timestamp, got %s", bad, got)
		}
	}
}

func TestZonedTimesBecomeUTC(t *testing.T) {
	for text, want := range map[string]string{
		"2020-01-02 03:04:05-08":         "2020-01-02 11:04:05",
		"2020-07-01 00:00:00 US/Pacific": "2020-07-01 07:00:00",
		"2020-01-02 00:00:00 EST":        "2020-01-02 05:00:00",
		"2020-01-02 00:00:00+05:30":      "2020-01-01 18:30:00",
		"2020-01-02":                     "2020-01-02 00:00:00",
	} {
		got, err := function.ParseTimestampTZ(text)
		if err != nil || got.Format(time.DateTime) != want {
			t.Errorf("%q: got %s, want %s; %v", text, got, want, err)
		}
	}
	if got, err := function.ParseTimeTZ("20:00:00 PST"); err != nil || got != "20:00:00-08:00" {
		t.Errorf("got %s; %v", got, err)
	}
}

func TestIntervals(t *testing.T) {
	const hour = 3600 * 1_000_000
	for _, c := range []struct {
		text, unit string
		want       function.Interval
	}{
		{"1 day 2 hours", "", function.Interval{Days: 1, Microseconds: 2 * hour}},
		{"0.5 days", "", function.Interval{Microseconds: 12 * hour}},
		{"1", "day", function.Interval{Days: 1}},
		{"2-3", "year to month", function.Interval{Months: 27}},
		{"1 day 10:30:00", "day to second", function.Interval{Days: 1, Microseconds: 10*hour + hour/2}},
		{"1 10:30:00", "day to second", function.Interval{Days: 1, Microseconds: 10*hour + hour/2}},
		{"1w, 2h", "", function.Interval{Days: 7, Microseconds: 2 * hour}},
		{"1 mon 3 days ago", "", function.Interval{Months: -1, Days: -3}},
		{"-01:00", "", function.Interval{Microseconds: -hour}},
		{"52", "", function.Interval{Microseconds: 52_000_000}},
	} {
		got, err := function.ParseInterval(c.text, c.unit)
		if err != nil || got != c.want {
			t.Errorf("%q %s: got %+v, want %+v; %v", c.text, c.unit, got, c.want, err)
		}
	}
	for _, bad := range []string{"", "x", "1 fortnight", "1:x"} {
		if got, err := function.ParseInterval(bad, ""); err == nil {
			t.Errorf("%q is no interval, got %+v", bad, got)
		}
	}
}

func TestFormatTime(t *testing.T) {
	at := time.Date(2020, 1, 5, 13, 4, 5, 123456000, time.UTC)
	for format, want := range map[string]string{
		"YYYY-MM-DD HH24:MI:SS": "2020-01-05 13:04:05", "HH12:MI AM": "01:04 PM", "Day, DD Month": "Sunday   , 05 January  ",
		"FMDay, FMDD FMMonth": "Sunday, 5 January", "DY dy Dy MON mon": "SUN sun Sun JAN jan", "DDDth": "005th", "FMDDth": "5th",
		"Q WW IW J": "1 01 01 2458854", "US MS": "123456 123", "YY Y,YYY": "20 2,020", `"at" HH24"h"`: "at 13h", "RM": "I   ", "CC D ID": "21 1 7",
		"a.m. P.M. BC": "p.m. P.M. AD", "": "", "SSSS": "47045",
	} {
		if got := function.FormatTime(at, format); got != want {
			t.Errorf("%q: got %q, want %q", format, got, want)
		}
	}
}

func TestReadTime(t *testing.T) {
	for _, c := range []struct{ text, format, want string }{
		{"05 Jan 2020", "DD Mon YYYY", "2020-01-05 00:00:00"},
		{"20200105130405", "YYYYMMDDHH24MISS", "2020-01-05 13:04:05"},
		{"1:04 pm 5/1/20", "HH12:MI AM DD/MM/YY", "2020-01-05 13:04:00"},
		{"12 a.m. 2020", "HH12 A.M. YYYY", "2020-01-01 00:00:00"},
		{"2020 032", "YYYY DDD", "2020-02-01 00:00:00"},
		{"2020-01-05 10:00:00+02", "YYYY-MM-DD HH24:MI:SSOF", "2020-01-05 08:00:00"},
		{"january-5th", "Month-DDth", "0001-01-05 00:00:00"},
		{"2011-12-18 24:38:15", "YYYY-MM-DD HH24:MI:SS", "2011-12-19 00:38:15"},
	} {
		got, err := function.ReadTime(c.text, c.format, false)
		if err != nil || got.Format(time.DateTime) != c.want {
			t.Errorf("%q by %q: got %s, want %s; %v", c.text, c.format, got, c.want, err)
		}
	}
	for _, bad := range []struct{ text, format string }{{"2020-13-01", "YYYY-MM-DD"}, {"x", "YYYY"}, {"5 Foo", "DD Mon"}, {"24:38:15", "HH24:MI:SS"}} {
		if got, err := function.ReadTime(bad.text, bad.format, true); err == nil {
			t.Errorf("%q by %q: no error but %s", bad.text, bad.format, got)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	for _, c := range []struct{ value, format, want string }{
		{"1234.5", "999,999.99", "   1,234.50"}, {"-125.8", "999D99S", "125.80-"}, {"12", "0000", " 0012"}, {"-12", "FM0000", "-0012"},
		{"1.5", "FM99.99", "1.5"}, {"1234", "99", "###"}, {"-5", "9PR", "<5>"}, {"5", "S9", "+5"}, {"12", "$99.99", " $12.00"}, {"0", "99", "  0"},
		{"-0.001", "9.99", "  .00"}, {"1234567.891", "9G999G999", " 1,234,568"},
		{"485", "999th", " 485th"}, {"3", "9TH", " 3RD"}, {"1999", "FMRN", "MCMXCIX"}, {"5", "RN", "              V"}, {"0", "RN", "###############"}, {"4000", "rn", "###############"},
	} {
		if got, err := function.FormatNumber(c.value, c.format); err != nil || got != c.want {
			t.Errorf("%s by %s: got %q, want %q; %v", c.value, c.format, got, c.want, err)
		}
	}
	if _, err := function.FormatNumber("x", "9"); err == nil {
		t.Error("x is no number")
	}
	for _, c := range []struct{ text, format, want string }{{"12,454.8-", "99G999D9S", "-12454.8"}, {"$ 12,454.88", "L 99G999D99", "12454.88"}} {
		if got, err := function.ReadNumber(c.text, c.format); err != nil || got != c.want {
			t.Errorf("%s by %s: got %s, want %s; %v", c.text, c.format, got, c.want, err)
		}
	}
	if _, err := function.ReadNumber("abc", "99"); err == nil {
		t.Error("abc is no number")
	}
	for value, want := range map[float64]string{1e10: "10000000000", 0.5: "0.5", 1e20: "1e+20", 2.0 / 3: "0.666666666666667"} {
		if got := function.FormatFloat(value); got != want {
			t.Errorf("%v: got %s, want %s", value, got, want)
		}
	}
}

func TestAltNumbers(t *testing.T) {
	for text, want := range map[string]string{"123-": "-123", "12{": "120", "12}": "-120", "1J": "-11", "USD12": "12", "-123E-2": "-123/100", "1,234": "1234"} {
		got, err := function.ReadAltNumber(text)
		if err != nil || got.RatString() != want {
			t.Errorf("%q: got %v, want %s; %v", text, got, want, err)
		}
	}
	for _, bad := range []string{"", "-", "x", "12x4"} {
		if got, err := function.ReadAltNumber(bad); err == nil {
			t.Errorf("%q is no number, got %v", bad, got)
		}
	}
}

func TestSimilarPatterns(t *testing.T) {
	for pattern, want := range map[string]string{"a%": `a(?:.|` + "\n" + `)*`, "a_|b": "a(?:.|\n)|b", "1.5$": `1\.5\$`, `100\%`: `100%`, "(x|y)+": "(x|y)+"} {
		if got := function.SimilarPattern(pattern, `\`); got != want {
			t.Errorf("%q: got %q, want %q", pattern, got, want)
		}
	}
}

func TestRegexpPositionsCountCharacters(t *testing.T) {
	if got, err := function.RegexpInstr("éxéx", "x", 3, 1, 0, ""); err != nil || got != 4 {
		t.Errorf("got %d; %v", got, err)
	}
	if got, err := function.RegexpInstr("éx", "x", 1, 1, 1, ""); err != nil || got != 3 {
		t.Errorf("got %d; %v", got, err)
	}
	if got, err := function.RegexpSubstr("key=value", "(k..)=(.*)", 1, 1, "e"); err != nil || got != "key" {
		t.Errorf("got %q; %v", got, err)
	}
	if got, err := function.RegexpReplace("the fox", "(the) (fox)", `$2 \1`, 1, ""); err != nil || got != "fox the" {
		t.Errorf("got %q; %v", got, err)
	}
	if _, err := function.RegexpCount("a", "(", 1, ""); err == nil || !strings.Contains(err.Error(), "invalid regular expression") {
		t.Errorf("got %v", err)
	}
}

func TestTexts(t *testing.T) {
	if got := function.Clip("aéb", 2); got != "a" {
		t.Errorf("clip cut a character: %q", got)
	}
	if got := function.InitCap("o'neil-smith 2nd"); got != "O'Neil-Smith 2nd" {
		t.Errorf("got %q", got)
	}
	for word, want := range map[string]string{"Amazon": "A525", "Robert": "R163", "Ashcraft": "A261", "": "", "123": ""} {
		if got, err := function.Soundex(word); err != nil || got != want {
			t.Errorf("%q: got %q, want %q; %v", word, got, want, err)
		}
	}
	for _, base := range []int64{1, 37} {
		if _, err := function.StrToL("1", base); err == nil {
			t.Errorf("base %d was accepted", base)
		}
	}
}

func TestZones(t *testing.T) {
	noon := time.Date(2014, 5, 17, 12, 0, 0, 0, time.UTC)
	for zone, want := range map[string]string{"America/New_York": "08:00", "PST": "04:00", "NEWZONE +2": "10:00", "NEWZONE-2:15": "14:15", "+05:30": "17:30"} {
		got, err := function.ConvertTimezone("UTC", zone, noon)
		if err != nil || got.Format("15:04") != want {
			t.Errorf("%s: got %s, want %s; %v", zone, got, want, err)
		}
	}
	for _, bad := range []string{"", "Mars", "local", "UTC+99"} {
		if _, err := function.ConvertTimezone("UTC", bad, noon); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestDateParts(t *testing.T) {
	for name, want := range map[string]string{"QTR": "quarter", " mons ": "month", "dw": "dayofweek", "usec": "microsecond"} {
		if got, ok := function.DatePart(name); !ok || got != want {
			t.Errorf("%q: got %s", name, got)
		}
	}
	if got, ok := function.DatePart("fortnight"); ok {
		t.Errorf("got %s", got)
	}
}

func TestRowsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range function.Table {
		if seen[row.Name] || row.Signature == "" || row.Summary == "" || row.Example == "" || row.Result == "" {
			t.Errorf("row %q is twice there or not whole", row.Name)
		}
		seen[row.Name] = true
	}
}

// The parameter p allows look-around and back-references; without it they are no expressions at all.
func TestRegexpPerl(t *testing.T) {
	const word = `(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+`
	const text = "é passwd7 plain A1234 a1234"
	if got, err := function.RegexpInstr(text, word, 1, 2, 0, "p"); err != nil || got != 23 {
		t.Errorf("second word with letter and digit at %d, %v", got, err)
	}
	if got, err := function.RegexpReplace(text, word, "[$0]", 1, "ip"); err != nil || got != "é [passwd7] plain [A1234] [a1234]" {
		t.Errorf("replaced %q, %v", got, err)
	}
	if got, err := function.RegexpSubstr("abab xyzxyz", `(\w{3})\1`, 1, 1, "ep"); err != nil || got != "xyz" {
		t.Errorf("doubled %q, %v", got, err)
	}
	if got, err := function.RegexpCount("aXbX", `(?<=[ab])X`, 1, "p"); err != nil || got != 2 {
		t.Errorf("counted %d, %v", got, err)
	}
	if _, err := function.RegexpCount(text, word, 1, ""); err == nil || !strings.Contains(err.Error(), "invalid regular expression") {
		t.Errorf("look-around without p: %v", err)
	}
	if _, err := function.RegexpCount(strings.Repeat("a", 40)+"!", `^(a|a|aa)+(?=\d)$`, 1, "p"); err == nil || !strings.Contains(err.Error(), "too many steps") {
		t.Errorf("an expression that backtracks for ever: %v", err)
	}
}
