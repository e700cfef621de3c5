package view

import "time"

// LoadDay is what COPY loaded on one day.
type LoadDay struct {
	Day                        time.Time
	Loads, Rows, Bytes, Errors int64
}

// LoadBar is a day's rectangle: the more rows, the higher.
type LoadBar struct {
	LoadDay
	X, Y, Height int
}

const (
	loadWidth  = 60
	loadHeight = 90
)

// LoadBars are the days side by side.
func (o Overview) LoadBars() []LoadBar {
	most := int64(1)
	for _, d := range o.Loads {
		most = max(most, d.Rows)
	}
	bars := make([]LoadBar, len(o.Loads))
	for i, d := range o.Loads {
		height := int(loadHeight * d.Rows / most)
		if d.Rows > 0 {
			height = max(height, 2)
		}
		bars[i] = LoadBar{LoadDay: d, X: i * loadWidth, Y: loadHeight - height, Height: height}
	}
	return bars
}

// Loaded sums up the days.
func (o Overview) Loaded() LoadDay {
	var all LoadDay
	for _, d := range o.Loads {
		all.Loads, all.Rows, all.Bytes, all.Errors = all.Loads+d.Loads, all.Rows+d.Rows, all.Bytes+d.Bytes, all.Errors+d.Errors
	}
	return all
}

// Weekday is the name that stands under the bar.
func (d LoadDay) Weekday() string { return d.Day.Format("Mon 2") }
