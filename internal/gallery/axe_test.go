package main

import (
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/stepwell/stepwell/internal/chromium"
)

// looks are how pages are looked at.
var looks = []struct {
	width  int64
	scheme string
}{{1440, "light"}, {390, "dark"}, {1440, "dark"}, {390, "light"}}

// Every page can be used by everybody, as far as axe-core can tell, fits into the window, and complains of nothing. One page is
// looked at wide and light, the next narrow and dark; with STEPWELL_LOOKS=all each in both widths and both colour schemes.
func TestAccessibility(t *testing.T) {
	tab, base := gallery(t)
	script, missing := chromium.AxeScript()
	if missing != "" {
		t.Log("without axe-core: ", missing)
	}
	all := os.Getenv("STEPWELL_LOOKS") == "all"
	for number, look := range looks {
		if !all && number > 1 {
			break
		}
		if err := tab.Look(look.width, look.scheme); err != nil {
			t.Fatal(err)
		}
		for i, e := range entries {
			if !all && i%2 != number {
				continue
			}
			if err := tab.Go(base + e.name); err != nil {
				t.Fatal(err)
			}
			for _, finding := range findings(t, tab, script) {
				t.Errorf("%s, %d pixels, %s: %s", e.name, look.width, look.scheme, finding)
			}
		}
	}
	for _, problem := range tab.Problems() {
		t.Error(problem)
	}
}

// findings are what is wrong with the page that is open.
func findings(t *testing.T, tab *chromium.Tab, script string) (all []string) {
	t.Helper()
	if script != "" {
		var err error
		if all, err = tab.Axe(script); err != nil {
			t.Fatal(err)
		}
	}
	over, err := chromedp.Run(tab.Context, chromedp.Evaluate[string](wide))
	if err != nil {
		t.Fatal(err)
	}
	if over != "" {
		all = append(all, over)
	}
	return all
}
