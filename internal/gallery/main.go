// Command gallery renders every page of the console from fixed data, for people who design pages and for the tests of how
// they look. Its data is made up; nothing runs behind it.
//
//	go run ./internal/gallery            serves the pages on 127.0.0.1:8090
//	go run ./internal/gallery shots DIR [PAGE…]   writes pictures of them: each at 1440 and 390 pixels, light and dark; needs Chromium
//	go run ./internal/gallery pictures   makes the pictures of the documents anew, in docs/pictures
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

const address = "127.0.0.1:8090"

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) >= 2 && args[0] == "shots" {
		return shots(args[1], args[2:])
	}
	if len(args) == 1 && args[0] == "pictures" {
		return pictures("docs/pictures")
	}
	if len(args) > 0 {
		return fmt.Errorf("usage: gallery [shots DIR [PAGE…] | pictures]")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Printf("the gallery is on http://%s/\n", address)
	server := &http.Server{Handler: handler(), ReadHeaderTimeout: 10 * time.Second}
	return server.Serve(listener)
}

// now is when all pages were made.
var now = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// find returns the page of a name as it is shown.
func find(name string) (view.Page, bool) {
	for _, e := range entries {
		if e.name == name {
			p := e.page
			p.Project, p.Now, p.Token = "sales-pipeline", now, "token"
			if p.User == (view.User{}) {
				p.User = view.User{Run: true, Admin: true}
			}
			return p, true
		}
	}
	return view.Page{}, false
}

// handler serves the pages by their names, and what they load.
func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		for _, e := range entries {
			fmt.Fprintf(w, "<p><a href=\"/%s\">%s</a>\n", e.name, e.name)
		}
	})
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		p, ok := find(r.PathValue("name"))
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'")
		if err := view.Render(w, p); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
	mux.HandleFunc("GET "+view.AssetPath, func(w http.ResponseWriter, r *http.Request) {
		name, body, _ := view.FindAsset(r.URL.Path)
		w.Header().Set("Content-Type", map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}[path.Ext(name)])
		_, _ = w.Write(body) // the reader may have gone
	})
	mux.HandleFunc("GET /console/live", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return mux
}
