// Package chromium drives a real browser for the tests and the pictures of the console's pages. A Tab notes what went wrong
// in it; Axe checks a page for what keeps people from using it.
package chromium

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Missing says why there is no browser here; empty: there is one.
func Missing() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell", "chrome"} {
		if _, err := exec.LookPath(name); err == nil {
			return ""
		}
	}
	return "there is no Chromium here"
}

// Tab is a page of a browser without a window.
type Tab struct {
	// Context is what chromedp's actions run in.
	Context context.Context
	close   func()

	mu       sync.Mutex
	problems []string
	// expected are parts of addresses that may answer with an error.
	expected []string
}

// Open starts a browser with one tab.
func Open(ctx context.Context) (*Tab, error) {
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.Flag("disable-dev-shm-usage", true))
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root has none, as in a container
	}
	allocator, stop := chromedp.NewExecAllocator(ctx, options...)
	tab, closeTab := chromedp.NewContext(allocator)
	t := &Tab{Context: tab, close: func() { closeTab(); stop() }}
	if err := chromedp.Listen(tab, t.note); err != nil {
		t.close()
		return nil, fmt.Errorf("start a browser: %w", err)
	}
	for _, enable := range []func() error{
		func() error { _, err := chromedp.Call(tab, network.Enable, network.EnableParams{}); return err },
		func() error { _, err := chromedp.Call(tab, log.Enable, struct{}{}); return err },
	} {
		if err := enable(); err != nil {
			t.close()
			return nil, err
		}
	}
	return t, nil
}

// Close ends the browser.
func (t *Tab) Close() { t.close() }

// Expect lets addresses with this part answer with an error.
func (t *Tab) Expect(part string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.expected = append(t.expected, part)
}

// note keeps errors of scripts, complaints of the browser and requests that failed.
func (t *Tab) note(happened any) {
	problem := ""
	switch e := happened.(type) {
	case *runtime.EventExceptionThrown:
		problem = "exception: " + e.ExceptionDetails.Text
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			problem = "console error"
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			problem = e.Entry.Text + " " + e.Entry.URL
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			problem = fmt.Sprintf("%d of %s", e.Response.Status, e.Response.URL)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if problem != "" && !slices.ContainsFunc(t.expected, func(part string) bool { return strings.Contains(problem, part) }) {
		t.problems = append(t.problems, problem)
	}
}

// Problems are what went wrong so far.
func (t *Tab) Problems() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.problems)
}

// Go opens an address.
func (t *Tab) Go(url string) error { return chromedp.Do(t.Context, chromedp.Navigate(url)) }

// Look sets how wide the window is, in pixels, and the colour scheme, light or dark.
func (t *Tab) Look(width int64, scheme string) error {
	if err := chromedp.Do(t.Context, chromedp.EmulateViewport(width, 900)); err != nil {
		return err
	}
	_, err := chromedp.Call(t.Context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	return err
}

// AxeScript returns axe-core from the folder of JavaScript packages that STEPWELL_NODE_MODULES names, or why there is none.
func AxeScript() (script, missing string) {
	folder := os.Getenv("STEPWELL_NODE_MODULES")
	if folder == "" {
		return "", "STEPWELL_NODE_MODULES names no folder with axe-core"
	}
	text, err := os.ReadFile(filepath.Join(folder, "axe-core", "axe.min.js"))
	if err != nil {
		return "", "axe-core is not installed: " + err.Error()
	}
	return string(text), ""
}

// Axe returns what axe-core finds wrong on the page that is open, a line for each element.
func (t *Tab) Axe(script string) ([]string, error) {
	if _, err := chromedp.Run(t.Context, chromedp.Evaluate[json.RawMessage](script+"; null")); err != nil {
		return nil, err
	}
	const run = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ": " + n.target.join(" ") + ": " + (n.any[0] ?? n.all[0] ?? n.none[0])?.message)))`
	return chromedp.Run(t.Context, chromedp.Evaluate[[]string](run, chromedp.EvalAwaitPromise))
}
