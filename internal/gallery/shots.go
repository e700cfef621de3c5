package main

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/stepwell/stepwell/internal/chromium"
)

// shots writes a picture of every page, or of those named, in both widths and colour schemes.
func shots(folder string, names []string) error {
	return photograph(folder, func(tab *chromium.Tab, gallery string) error {
		for _, e := range entries {
			if len(names) > 0 && !slices.Contains(names, e.name) {
				continue
			}
			for _, width := range []int64{1440, 390} {
				for _, scheme := range []string{"light", "dark"} {
					file := filepath.Join(folder, e.name+"-"+strconv.FormatInt(width, 10)+"-"+scheme+".png")
					if err := shot(tab, gallery+e.name, width, scheme, chromedp.FullScreenshot(100), file); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
}

// pictures writes the pictures that the documents show: what fits into a window.
func pictures(folder string) error {
	return photograph(folder, func(tab *chromium.Tab, gallery string) error {
		for _, name := range []string{"overview", "execution-failed", "execution-timeline", "lineage"} {
			if err := shot(tab, gallery+name, 1280, "light", chromedp.CaptureScreenshot(), filepath.Join(folder, name+".png")); err != nil {
				return err
			}
		}
		return nil
	})
}

// photograph serves the gallery to a browser.
func photograph(folder string, take func(tab *chromium.Tab, gallery string) error) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // it ends with Close
	defer server.Close()
	tab, err := chromium.Open(context.Background())
	if err != nil {
		return err
	}
	defer tab.Close()
	return take(tab, "http://"+listener.Addr().String()+"/")
}

func shot(tab *chromium.Tab, url string, width int64, scheme string, how chromedp.Action[[]byte], file string) error {
	if err := tab.Look(width, scheme); err != nil {
		return err
	}
	if err := tab.Go(url); err != nil {
		return err
	}
	picture, err := chromedp.Run(tab.Context, how)
	if err != nil {
		return err
	}
	return os.WriteFile(file, picture, 0o644)
}
