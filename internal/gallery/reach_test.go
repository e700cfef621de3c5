package main

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/stepwell/stepwell/internal/chromium"
)

// gallery opens a browser in front of all pages.
func gallery(t *testing.T) (*chromium.Tab, string) {
	t.Helper()
	if why := chromium.Missing(); why != "" {
		t.Skip(why)
	}
	tab, err := chromium.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tab.Close)
	server := httptest.NewServer(handler())
	t.Cleanup(server.Close)
	return tab, server.URL + "/"
}

// wide finds what reaches over the right edge of the window without a region of its own to scroll in: no page has to be moved from
// side to side, also on a phone.
const wide = `(() => {
  if (document.scrollingElement.scrollWidth <= innerWidth) return "";
  const out = [...document.querySelectorAll("main *, header *, nav *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, pre, .graph, .log, svg"));
  return document.scrollingElement.scrollWidth + " of " + innerWidth + " pixels: " + out.slice(0, 4).map((e) => e.tagName + "." + e.className).join(", ");
})()`

// focused tells where the focus is, and what is wrong with how it shows; nothing when it has left the page.
const focused = `(() => {
  const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
  if (e === document.body) return "";
  e.dataset.walked = "";
  const shown = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0
    || e.querySelector(".target, rect") // pictures have their own marks
    || e.type === "datetime-local"; // whose parts have the focus one by one
  return e.tagName + (e.id && "#" + e.id) + (shown ? "" : " does not show its focus") + (box.width > 0 && box.height > 0 ? "" : " cannot be seen");
})()`

// passed are the elements that can be used and to which no key has led.
const passed = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
  .filter((e) => !("walked" in e.dataset) && e.checkVisibility() && !e.disabled).map((e) => e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 30)).slice(0, 4)`

// maxSteps is how often the key is pressed on one page.
const maxSteps = 400

// The tabulator leads to everything that can be used, from the link over the navigation on, and one sees where one is.
func TestKeyboard(t *testing.T) {
	tab, base := gallery(t)
	if err := tab.Look(1440, "light"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"overview", "machine", "execution", "sql", "statement", "settings", "login"} {
		if _, ok := find(name); !ok {
			t.Errorf("there is no page %s", name)
			continue
		}
		if err := tab.Go(base + name); err != nil {
			t.Fatal(err)
		}
		walkWithKeys(t, tab, name)
	}
}

func walkWithKeys(t *testing.T, tab *chromium.Tab, name string) {
	t.Helper()
	if name != "login" { // whose field has the focus at once
		first := press(t, tab)
		if link, err := chromedp.Run(tab.Context, chromedp.Evaluate[string](`document.activeElement.getAttribute("href")`)); err != nil || link != "#main" {
			t.Errorf("%s: the first key leads to %s", name, first)
		}
	}
	for range maxSteps {
		at := press(t, tab)
		if at == "" {
			break
		}
		if strings.Contains(at, " ") {
			t.Errorf("%s: %s", name, at)
		}
	}
	left, err := chromedp.Run(tab.Context, chromedp.Evaluate[[]string](passed))
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 && name != "login" {
		t.Errorf("%s: no key leads to %q", name, left)
	}
}

// press presses the tabulator and returns where that leads.
func press(t *testing.T, tab *chromium.Tab) string {
	t.Helper()
	if err := chromedp.Do(tab.Context, chromedp.KeyEvent(kb.Tab)); err != nil {
		t.Fatal(err)
	}
	at, err := chromedp.Run(tab.Context, chromedp.Evaluate[string](focused))
	if err != nil {
		t.Fatal(err)
	}
	return at
}
