package main

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/stepwell/stepwell/internal/chromium"
)

// Every page can be used by everybody, wide and light, narrow and dark, as far as axe-core can tell, and complains of nothing.
// Colours do not depend on the width.
func TestAccessibility(t *testing.T) {
	tab, base := gallery(t)
	script, missing := chromium.AxeScript()
	if missing != "" {
		t.Log("without axe-core: ", missing)
	}
	for _, look := range []struct {
		width  int64
		scheme string
	}{{1440, "light"}, {390, "dark"}} {
		if err := tab.Look(look.width, look.scheme); err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
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
