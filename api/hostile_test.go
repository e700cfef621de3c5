package api_test

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket/dir"
)

// Paths as no SDK would send them: in a URL's own escapes, which a client or a proxy may undo once more. None reads or writes
// anything outside of the bucket's folder.
func TestHostilePaths(t *testing.T) {
	root := t.TempDir()
	inside := filepath.Join(root, "data", "buckets")
	if err := os.WriteFile(filepath.Join(root, "secret"), []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	store := dir.New(inside, nil)
	if err := store.Make("sales"); err != nil {
		t.Fatal(err)
	}
	handler := api.New(api.Options{Buckets: store, Uploads: filepath.Join(root, "data", "uploads")})
	for _, path := range []string{
		"/sales/../../../secret", "/sales/%2e%2e/%2e%2e/%2e%2e/secret", "/sales/..%2f..%2f..%2fsecret", "/sales/a/..%2F..%2F..%2F..%2Fsecret",
		"/sales/%252e%252e%252fsecret", "/sales/..%5c..%5csecret", "/sales//etc/passwd", "/sales/%2fetc%2fpasswd", "/sales/a%00b", "/sales/%ff%fe",
		"/..%2f..%2fsecret", "/%2e%2e/secret", "/sales%2f..%2f..%2fsecret/x", "/sales%00/x", "/./sales/x", "/sales/.", "/sales/..",
		"/SALES/x", "/sales./x", "/" + strings.Repeat("b", 300) + "/x", "/sales/" + strings.Repeat("k", 1025), "/sales/" + strings.Repeat("d/", 600),
	} {
		for _, method := range []string{"GET", "PUT", "DELETE", "HEAD"} {
			w := hostile(handler, method, path, "")
			if w.Code == http.StatusInternalServerError || strings.Contains(w.Body.String(), "outside") || strings.Contains(w.Body.String(), root) {
				t.Errorf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
		}
		copied := hostile(handler, "PUT", "/sales/copied", strings.TrimPrefix(path, "/"))
		if strings.Contains(copied.Body.String(), root) || copied.Code == http.StatusInternalServerError {
			t.Errorf("copy of %s: %d %s", path, copied.Code, copied.Body)
		}
	}
	if got, want := outside(t, root, inside), "secret"; got != want {
		t.Errorf("outside of the buckets there is %s", got)
	}
	if text, err := os.ReadFile(filepath.Join(root, "secret")); string(text) != "outside" {
		t.Errorf("the file outside is now %q, %v", text, err)
	}
}

func hostile(handler http.Handler, method, path, source string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/", strings.NewReader("x"))
	r.Host, r.RequestURI = "localhost", path
	var err error
	if r.URL, err = url.ParseRequestURI(path); err != nil {
		panic(err) // a server does not get so far
	}
	if source != "" {
		r.Header.Set("X-Amz-Copy-Source", source)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// outside lists the files that are not under a folder.
func outside(t *testing.T, root, inside string) string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == inside:
			return fs.SkipDir
		case !d.IsDir():
			name, err := filepath.Rel(root, path)
			found = append(found, name)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(found, " ")
}

// Names that differ in case only are two objects or none: the second is never written into the first.
func TestCaseCollisions(t *testing.T) {
	o := openBuckets(t)
	handler := api.New(o)
	if w := hostile(handler, "PUT", "/sales", ""); w.Code != http.StatusOK {
		t.Fatalf("make the bucket: %d %s", w.Code, w.Body)
	}
	for _, key := range []string{"/sales/Day", "/sales/day"} {
		r := httptest.NewRequest("PUT", key, strings.NewReader(key))
		r.Host = "localhost"
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Logf("%s is refused: %s", key, w.Body)
		}
	}
	for _, key := range []string{"/sales/Day", "/sales/day"} {
		if w := hostile(handler, "GET", key, ""); w.Code == http.StatusOK && w.Body.String() != key {
			t.Errorf("%s holds %q", key, w.Body)
		}
	}
}

// A body that nests as deep as it is long costs an error, not the stack.
func TestDeepBodies(t *testing.T) {
	o := openBuckets(t)
	o.Services = tables(t)
	handler := api.New(o)
	for _, c := range []struct{ head, body string }{
		{"POST /\nX-Amz-Target: AWSStepFunctions.StartExecution", strings.Repeat("[", 2<<20)},
		{"POST /\nX-Amz-Target: AWSStepFunctions.StartExecution", strings.Repeat(`{"a":`, 400_000) + "1" + strings.Repeat("}", 400_000)},
		{"POST /\nX-Amz-Target: AWSStepFunctions.StartExecution", `{"stateMachineArn": "` + nightly + `", "input": "` + strings.Repeat("[", 1<<20) + `"}`},
		{"POST /sales?delete", strings.Repeat("<a>", 300_000)},
		{"POST /sales?delete", `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><Delete><Object><Key>&c;</Key></Object></Delete>`},
	} {
		if got := send(handler, c.head, c.body); !strings.HasPrefix(got, "4") {
			t.Errorf("%s with %.20s… answers %.200s", c.head, c.body, got)
		}
	}
}
