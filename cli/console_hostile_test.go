package cli_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/stepwell/stepwell/internal/chromium"
)

// hostile is what somebody may have written wherever a text can be written: markup that leaves an attribute and runs a script,
// and a mark that turns the direction of writing.
const hostile = "\"><img src=x onerror=alert(1)><script>alert(2)</script>\u202e"

// hostileFolder is a copy of testdata/hostile with the text in it, as each kind of file spells it.
func hostileFolder(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "hostile")
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "hostile"))); err != nil {
		t.Fatal(err)
	}
	spelled, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	inJSON := strings.NewReplacer("HOSTILE", string(spelled[1:len(spelled)-1]))
	inText := strings.NewReplacer("HOSTILE", hostile, "NAME", strings.ReplaceAll(hostile, `"`, `""`))
	err = filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		by := inText
		if strings.HasSuffix(path, ".json") {
			by = inJSON
		}
		return os.WriteFile(path, []byte(by.Replace(string(text))), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// request sends something to a service and returns the answer's text.
func (b *browsing) request(method, path, target, body string) string {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	}
	status, _, _, text := b.answered(r)
	if status >= http.StatusBadRequest {
		b.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	return text
}

// strange is a server in which everything that has a name or a text is hostile.
func strange(t *testing.T) *browsing {
	t.Helper()
	requirePrograms(t, "python3", "sh")
	folder := hostileFolder(t)
	_, endpoint, _ := startUp(t, folder, "--postgres-address", "127.0.0.1:0")
	b := browse(t, endpoint)
	for _, key := range []string{"load/" + hostile + ".csv", hostile + "/" + hostile + ".html", "javascript:alert(1)", "a\nb", "..%2f", "icon.svg"} {
		b.request(http.MethodPut, "/hostile/"+url.PathEscape(key), "", hostile+",x\n"+hostile+",2\n")
	}
	sql, err := os.ReadFile(filepath.Join(folder, "setup.sql"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]string{"text": string(sql), "file": "setup.sql"})
	if err != nil {
		t.Fatal(err)
	}
	if answer := b.request(http.MethodPost, "/sql", "", string(text)); strings.Contains(answer, `"error"`) {
		t.Fatal(answer)
	}
	const machine = "arn:aws:states:us-east-1:123456789012:"
	input, err := json.Marshal(map[string]any{"events": []any{map[string]any{"Timestamp": time.Now().UnixMilli(), "Message": "\x1b[31m" + hostile}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "two"} {
		start, err := json.Marshal(map[string]string{"stateMachineArn": machine + "stateMachine:hostile", "name": name, "input": string(input)})
		if err != nil {
			t.Fatal(err)
		}
		b.request(http.MethodPost, "/", "AWSStepFunctions.StartExecution", string(start))
	}
	for _, name := range []string{"one", "two"} {
		for status := "RUNNING"; status != "FAILED"; {
			var answer struct{ Status string }
			if err := json.Unmarshal([]byte(b.request(http.MethodPost, "/", "AWSStepFunctions.DescribeExecution", `{"executionArn": "`+machine+`execution:hostile:`+name+`"}`)), &answer); err != nil {
				t.Fatal(err)
			}
			if status = answer.Status; status == "SUCCEEDED" {
				t.Fatal("the pipeline succeeded")
			}
		}
	}
	return b
}

// gone is a table that is not there any more, or never was.
const gone = "/console/warehouse/public/nowhere"

// maxAddresses bounds how far the walk goes: lists lead to lists.
const maxAddresses = 600

// maxPage is how large a page may be, in bytes.
const maxPage = 1 << 20

// reached walks along all links of the console and returns one address of each kind.
func (b *browsing) reached() []string {
	b.t.Helper()
	kinds, seen := map[string]string{}, map[string]bool{"/console/": true}
	for queue := []string{"/console/"}; len(queue) > 0 && len(seen) < maxAddresses; queue = queue[1:] {
		for _, link := range b.page(queue[0], http.StatusOK) {
			kind := kindOf(link)
			if !seen[link] && link != gone && strings.HasPrefix(link, "/console/") && (kinds[kind] == "" || len(kind) < 60) {
				seen[link], kinds[kind] = true, link
				queue = append(queue, link)
			}
		}
	}
	return slices.Sorted(maps.Values(kinds))
}

// kindOf is an address without what names one thing.
func kindOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	parts := strings.Split(u.EscapedPath(), "/")
	for i := 3; i < len(parts); i++ {
		if strings.ContainsAny(parts[i], "%:-0123456789") || i == 3 {
			parts[i] = "*"
		}
	}
	return strings.Join(parts, "/") + " " + strings.Join(slices.Sorted(maps.Keys(u.Query())), " ")
}

// page looks at an address, which answers with a status of at most so much, finds everything harmless, and returns where its links
// lead.
func (b *browsing) page(address string, most int) (links []string) {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+address, nil)
	if err != nil {
		b.t.Fatalf("%s: %v", address, err)
	}
	status, header, _, body := b.answered(r)
	if status > most {
		b.t.Errorf("%s answers %d: %s", address, status, clip(body))
	}
	if header.Get("X-Content-Type-Options") != "nosniff" {
		b.t.Errorf("%s may be taken for something else", address)
	}
	if kind := header.Get("Content-Type"); kind != "text/html; charset=utf-8" {
		if !slices.Contains([]string{"text/plain; charset=utf-8", "text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml", "application/octet-stream"}, kind) {
			b.t.Errorf("%s is of the type %q", address, kind)
		}
		if named := header.Get("Content-Disposition"); kind == "application/octet-stream" && !strings.HasPrefix(named, "attachment; filename") {
			b.t.Errorf("%s is shown and not stored: %q", address, named)
		}
		return nil
	}
	if len(body) > maxPage {
		b.t.Errorf("%s has %d bytes", address, len(body))
	}
	document, err := html.Parse(strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for node := range document.Descendants() {
		if found := strangeness(node); found != "" {
			b.t.Errorf("%s has %s", address, found)
		}
		for _, a := range node.Attr {
			if node.Data == "a" && (a.Key == "href" || a.Key == "xlink:href") {
				if u, err := r.URL.Parse(a.Val); err != nil || u.Host != r.URL.Host || u.Scheme != r.URL.Scheme {
					b.t.Errorf("%s leads to %q", address, a.Val)
				} else {
					links = append(links, u.RequestURI())
				}
			}
		}
	}
	return links
}

func clip(text string) string { return text[:min(len(text), 300)] }

// strangeness says what is not ours about a part of a page.
func strangeness(node *html.Node) string {
	switch {
	case node.Type == html.TextNode && node.Parent.Data != "textarea" && strings.ContainsRune(node.Data, '\u202e'):
		return fmt.Sprintf("a text that turns its direction in <%s class=%q>: %s", node.Parent.Data, class(node.Parent), clip(node.Data))
	case node.Type == html.TextNode && node.Parent.Data != "textarea" && strings.ContainsRune(node.Data, '\x1b'):
		return fmt.Sprintf("a control character in <%s class=%q>", node.Parent.Data, class(node.Parent))
	case node.Type != html.ElementNode:
		return ""
	case node.Data == "script" && (node.FirstChild != nil || len(node.Attr) != 2), node.Data == "style", node.Data == "base", node.Data == "iframe", node.Data == "object":
		return "a <" + node.Data + ">"
	}
	for _, a := range node.Attr {
		switch {
		case a.Key == "style", strings.HasPrefix(a.Key, "on"):
			return "the attribute " + a.Key
		case a.Key == "src" && !strings.HasPrefix(a.Val, "/console/asset/"):
			return "something from " + a.Val
		case a.Key == "title" || a.Key == "aria-label":
			if strings.ContainsRune(a.Val, '\u202e') {
				return "a " + a.Key + " that turns its direction: " + clip(a.Val)
			}
		}
	}
	return ""
}

func class(node *html.Node) string {
	for _, a := range node.Attr {
		if a.Key == "class" {
			return a.Val
		}
	}
	return ""
}

// Every page that links lead to, over data that somebody hostile wrote: all links lead to pages, nothing of the data becomes
// markup, nothing turns the direction of writing, no page is large; a browser runs nothing and complains of nothing. Then what
// stands in the addresses is made hostile, too long, or something else than it should be.
func TestConsoleHostileData(t *testing.T) {
	t.Parallel()
	b := strange(t)
	addresses := b.reached()
	if len(addresses) < 40 {
		t.Errorf("only %d kinds of pages were reached: %q", len(addresses), addresses)
	}
	t.Run("browser", func(t *testing.T) {
		t.Parallel()
		b.browser(t, addresses)
	})
	t.Run("addresses", func(t *testing.T) {
		t.Parallel()
		other := *b
		other.t = t
		tried := map[string]bool{}
		for _, address := range addresses {
			for _, changed := range twisted(address, tried) {
				other.page(changed, http.StatusNotImplemented)
			}
		}
	})
}

// browser opens the pages as a person does.
func (b *browsing) browser(t *testing.T, addresses []string) {
	if why := chromium.Missing(); why != "" {
		t.Skip(why)
	}
	tab, err := chromium.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tab.Close()
	opened := map[string]bool{}
	for _, address := range addresses {
		kind, _, _ := strings.Cut(kindOf(address), " ")
		if opened[kind] || strings.Contains(address, "/download") {
			continue
		}
		opened[kind] = true
		if err := tab.Go(b.base + address); err != nil {
			t.Fatalf("%s: %v", address, err)
		}
	}
	for _, problem := range tab.Problems() {
		t.Error(problem)
	}
}

// wrong is what may stand in an address in place of what should.
var wrong = []string{hostile, "../../etc/passwd", "a\x00\r\nSet-Cookie: a=b", "-1", "\xff\xfe", "//example.com/", strings.Repeat("a", 10_000)}

// twisted are addresses like one, with each of its parts wrong in each way. What was tried on pages of the same kind is not
// tried again.
func twisted(address string, tried map[string]bool) (all []string) {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	kind, _, _ := strings.Cut(kindOf(address), " ")
	parts := strings.Split(u.EscapedPath(), "/")
	for i := 3; i < len(parts) && !tried[kind]; i++ {
		for _, w := range wrong {
			other := slices.Clone(parts)
			other[i] = url.PathEscape(w)
			all = append(all, strings.Join(other, "/")+"?"+u.RawQuery)
		}
	}
	tried[kind] = true
	for name := range u.Query() {
		if tried[kind+" "+name] {
			continue
		}
		tried[kind+" "+name] = true
		for _, w := range wrong {
			query := u.Query()
			query.Set(name, w)
			all = append(all, u.EscapedPath()+"?"+query.Encode())
		}
	}
	return all
}
