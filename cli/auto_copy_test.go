package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// While the project is served, files put into the bucket's folder are loaded, once even if the same are delivered meanwhile.
func TestAutoCopyServed(t *testing.T) {
	t.Parallel()
	folder := example(t, "auto-copy")
	startUp(t, folder, "--postgres-address", "127.0.0.1:0")
	deliver := func(what string, args ...string) {
		if code, said := attempt(t, folder, args...); code != 0 || !strings.Contains(said, allLoaded) {
			t.Fatalf("%s: exit code %d\n%s", what, code, said)
		}
	}
	deliver("first day")
	day := filepath.Join("store_sales", "2003-01-01")
	if err := os.CopyFS(filepath.Join(folder, "landing", day), os.DirFS(filepath.Join(folder, "data", day))); err != nil {
		t.Fatal(err)
	}
	deliver("second day", secondDelivery...)
}
