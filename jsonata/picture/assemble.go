package picture

import (
	"math"
	"strings"
	"time"
)

// scheme is a set of components that say a date or a time of day.
type scheme struct{ required, order string }

var (
	byDay      = scheme{"YMD", "YMD"}
	byYearDay  = scheme{"Yd", "YD"}
	byMonthly  = scheme{"Xxw", "XxwF"}
	byWeek     = scheme{"XW", "XWF"}
	by24Hours  = scheme{"Hmsf", "Hmsf"}
	by12Hours  = scheme{"Phmsf", "Phmsf"}
	dateLetter = "YXMxWwdD"
	timeLetter = "PHhmsf"
)

// fits reports whether at least one component of the scheme was found, and none of the others. A zero counts as not found.
func (s scheme) fits(found map[byte]float64, letters string) bool {
	any := false
	for i := range len(letters) {
		if found[letters[i]] == 0 {
			continue
		}
		if strings.IndexByte(s.required, letters[i]) < 0 {
			return false
		}
		any = true
	}
	return any
}

// assemble makes a time of components.
func assemble(found map[byte]float64, now time.Time) (millis float64, ok bool, err error) {
	date := byDay
	switch {
	case byDay.fits(found, dateLetter):
	case byYearDay.fits(found, dateLetter):
		date = byYearDay
	case byMonthly.fits(found, dateLetter), byWeek.fits(found, dateLetter):
		return 0, false, &Error{Code: "D3136"}
	}
	clock := by24Hours
	if !by24Hours.fits(found, timeLetter) && by12Hours.fits(found, timeLetter) {
		clock = by12Hours
	}
	if err := fill(found, date.order+clock.order, now); err != nil {
		return 0, false, err
	}
	year, month, day := found['Y'], max(1, found['M']), found['D']
	if date.order == byYearDay.order {
		month, day = 1, found['d']
	}
	hour := found['H']
	if clock.order == by12Hours.order {
		hour = math.Mod(found['h'], 12) + 12*found['P']
	}
	if year >= 0 && year <= 99 {
		year += 1900 // as JavaScript's Date has it
	}
	zone := found['Z']
	if zone == 0 {
		zone = found['z']
	}
	return epoch(year, month, day) + hour*3_600_000 + found['m']*60_000 + found['s']*1000 + math.Trunc(found['f']) - zone*60_000, true, nil
}

func epoch(year, month, day float64) float64 {
	within := func(f float64) int { return int(max(-300_000, min(300_000, f))) }
	return float64(time.Date(within(year), time.Month(within(month)), within(day), 0, 0, 0, 0, time.UTC).UnixMilli())
}

// fill gives the components that were not found their values: those of now before the first that was, the least behind the last.
// A gap between two that were found is an error.
func fill(found map[byte]float64, order string, now time.Time) error {
	begun, ended := false, false
	for i := range len(order) {
		c := order[i]
		_, given := found[c]
		switch {
		case given && ended:
			return &Error{Code: "D3136"}
		case given:
			begun = true
		case !begun:
			found[c] = float64(component(now, c))
		default:
			ended = true
			found[c] = 0
			if strings.IndexByte("MDd", c) >= 0 {
				found[c] = 1
			}
		}
	}
	return nil
}
