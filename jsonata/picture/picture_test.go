package picture_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stepwell/stepwell/jsonata/picture"
)

// The week of the year and the year it belongs to are those of package time.
func TestWeeksAreISO(t *testing.T) {
	for day := time.Date(1995, 12, 20, 15, 0, 0, 0, time.UTC); day.Year() < 2013; day = day.AddDate(0, 0, 1) {
		year, week := day.ISOWeek()
		want := strconv.Itoa(year) + "/" + strconv.Itoa(week)
		got, err := picture.FormatDateTime(day.UnixMilli(), "[X]/[W]", "")
		if err != nil || got != want {
			t.Fatalf("%s is in week %s, %v; expected %s", day.Format(time.DateOnly), got, err, want)
		}
	}
}

// What is printed is read back.
func TestIntegersReadBack(t *testing.T) {
	for _, form := range []string{"w", "Ww", "W", "w;o", "I", "i", "a", "A", "0", "0000", "#,##0", "0;o", "#.###,0"} {
		for n := 1.0; n < 4000; n = n*1.3 + 1 {
			n = float64(int(n))
			text, err := picture.FormatInteger(n, form)
			if err != nil {
				t.Fatal(err)
			}
			back, ok, err := picture.ParseInteger(text, form)
			if err != nil || !ok || back != n {
				t.Errorf("%v in %s is %s, which is read as %v, %v, %v", n, form, text, back, ok, err)
			}
		}
	}
}

func TestTimesReadBack(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, form := range []string{
		"[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01]", "[D1o] [MNn] [Y] [h]:[m][P]:[s].[f001]", "[Y0001][M01][D01][H01][m01][s01].[f001]",
		"[MNn,3-3] [D], [Y] [H]:[m]:[s].[f001] [z]",
	} {
		for _, want := range []time.Time{time.Date(2024, 2, 29, 23, 59, 58, 123e6, time.UTC), time.Date(1999, 1, 1, 12, 0, 1, 5e6, time.UTC)} {
			text, err := picture.FormatDateTime(want.UnixMilli(), form, "")
			if err != nil {
				t.Fatal(err)
			}
			got, ok, err := picture.ParseDateTime(text, form, now)
			if err != nil || !ok || int64(got) != want.UnixMilli() {
				t.Errorf("%s by %s is read as %v, %v, %v; expected %d", text, form, got, ok, err, want.UnixMilli())
			}
		}
	}
}

func TestRound(t *testing.T) {
	for _, c := range []struct {
		f      float64
		digits int
		want   float64
	}{{2.5, 0, 2}, {3.5, 0, 4}, {-0.4, 0, 0}, {1.005, 2, 1}, {4.515, 2, 4.52}, {12345, -2, 12300}, {1e300, 5, 1e300}, {1e-10, 3, 0}} {
		if got := picture.Round(c.f, c.digits); got != c.want {
			t.Errorf("Round(%v, %d) = %v, expected %v", c.f, c.digits, got, c.want)
		}
	}
}

func FuzzPictures(f *testing.F) {
	for _, form := range []string{"[Y0001]-[M01]", "#,##0.00;(#)", "0.0e0", "Ww;o", "[FNn,3-3][h#1]", "[", "]]", "%‰"} {
		f.Add(form, "1,234.5", 1234.5)
	}
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, form, text string, n float64) {
		form = form[:min(len(form), 1000)]
		picture.FormatInteger(n, form)
		picture.ParseInteger(text, form)
		picture.FormatNumber(n, form, nil)
		picture.FormatDateTime(int64(n), form, text)
		picture.ParseDateTime(text, form, now)
	})
}
