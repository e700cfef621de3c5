package machine_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// forbidden are the packages that bring in a clock, chance, the outside world or other goroutines.
var forbidden = []string{
	"context", "crypto/rand", "embed", "io/fs", "io/ioutil", "log", "log/slog", "math/rand", "math/rand/v2", "net", "os", "plugin",
	"runtime", "sync", "syscall", "testing", "unsafe",
}

// forbiddenTime are the functions of package time that look at the clock or wait.
var forbiddenTime = map[string]bool{
	"Now": true, "Since": true, "Until": true, "Sleep": true, "After": true, "AfterFunc": true, "Tick": true, "NewTicker": true, "NewTimer": true,
}

// TestPure proves that the interpreter and everything of this module below it are pure. (DESIGN.md, section 3)
func TestPure(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := map[string]bool{}
	queue := []string{"asl/machine"}
	for len(queue) > 0 {
		dir := queue[0]
		queue = queue[1:]
		if seen[dir] {
			continue
		}
		seen[dir] = true
		queue = append(queue, checkPackage(t, filepath.Join(root, dir))...)
	}
	for _, dir := range []string{"asl", "asl/intrinsic", "jsonpath", "value", "fault", "arn"} {
		if !seen[dir] {
			t.Errorf("%s was not checked: the walk over imports is broken", dir)
		}
	}
}

// checkPackage checks the files of a folder and returns the folders of this module that they import.
func checkPackage(t *testing.T, dir string) []string {
	t.Helper()
	files := token.NewFileSet()
	packages, err := parser.ParseDir(files, dir, func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	var imported []string
	for _, p := range packages {
		for _, f := range p.Files {
			imported = append(imported, checkImports(t, files, f)...)
			checkStatements(t, files, f)
		}
	}
	return imported
}

func checkImports(t *testing.T, files *token.FileSet, f *ast.File) []string {
	t.Helper()
	var imported []string
	for _, spec := range f.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		if own, ok := strings.CutPrefix(path, "github.com/stepwell/stepwell/"); ok {
			imported = append(imported, own)
		}
		for _, bad := range forbidden {
			if path == bad || bad == "net" && strings.HasPrefix(path, "net/") || bad == "os" && strings.HasPrefix(path, "os/") {
				t.Errorf("%s: imports %s", files.Position(spec.Pos()), path)
			}
		}
	}
	return imported
}

func checkStatements(t *testing.T, files *token.FileSet, f *ast.File) {
	t.Helper()
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt, *ast.SelectStmt, *ast.SendStmt, *ast.ChanType:
			t.Errorf("%s: goroutines and channels are not for this floor", files.Position(n.Pos()))
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "time" && forbiddenTime[n.Sel.Name] {
				t.Errorf("%s: time.%s", files.Position(n.Pos()), n.Sel.Name)
			}
		}
		return true
	})
}
