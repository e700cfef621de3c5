package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/stepwell/stepwell/"

type source struct {
	path    string // relative to the module
	pkg     string
	file    *ast.File
	lines   int
	imports []string
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// sources reads every Go file that is not a test.
func sources(t *testing.T) []source {
	t.Helper()
	var out []source
	base := root(t)
	err := filepath.WalkDir(base, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && name != base) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(base, name)
		if err != nil {
			return err
		}
		s := source{path: filepath.ToSlash(relative), file: file, lines: strings.Count(string(text), "\n")}
		s.pkg = path.Dir(s.path)
		for _, spec := range file.Imports {
			s.imports = append(s.imports, strings.Trim(spec.Path.Value, `"`))
		}
		out = append(out, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func floorOf(pkg string) int {
	for floor, packages := range floors {
		if slices.Contains(packages, pkg) {
			return floor
		}
	}
	return 0
}

func isTooling(pkg string) bool {
	return slices.ContainsFunc(tooling, func(folder string) bool { return within(pkg, folder) }) ||
		strings.HasSuffix(pkg, "test")
}

func within(pkg, folder string) bool { return pkg == folder || strings.HasPrefix(pkg, folder+"/") }

func wingOf(pkg string) string {
	for wing, folders := range wings {
		if slices.ContainsFunc(folders, func(folder string) bool { return within(pkg, folder) }) {
			return wing
		}
	}
	return ""
}

// mayImport returns why pkg may not import other, "" when it may.
func mayImport(pkg, other string) string {
	from, to := floorOf(pkg), floorOf(other)
	switch {
	case isTooling(other):
		return "is for tests only"
	case to == 0:
		return "stands on no floor"
	case to > from:
		return fmt.Sprintf("stands on floor %d, above floor %d", to, from)
	case to == from && !slices.Contains(beside[pkg], other) && !(other == "service" && within(pkg, "service")):
		return fmt.Sprintf("stands on the same floor %d", from)
	}
	if a, b := wingOf(pkg), wingOf(other); a != "" && b != "" && a != b {
		return fmt.Sprintf("is in the %s wing, this in the %s wing", b, a)
	}
	return ""
}

func TestImportsPointDownward(t *testing.T) {
	for _, s := range sources(t) {
		if isTooling(s.pkg) {
			continue
		}
		if floorOf(s.pkg) == 0 {
			t.Errorf("%s: package %s stands on no floor: add it to floors", s.path, s.pkg)
			continue
		}
		for _, name := range s.imports {
			other, ours := strings.CutPrefix(name, module)
			if !ours {
				continue
			}
			if why := mayImport(s.pkg, other); why != "" {
				t.Errorf("%s imports %s, which %s", s.path, other, why)
			}
			if slices.Contains(drivers, other) && s.path != "cli/serve.go" {
				t.Errorf("%s imports the driver %s, which only cli/serve.go may meet", s.path, other)
			}
		}
	}
}

func TestPureFloors(t *testing.T) {
	for _, s := range sources(t) {
		if floor := floorOf(s.pkg); floor == 0 || floor > 3 {
			continue
		}
		for _, name := range s.imports {
			if slices.Contains(impure, name) || strings.HasPrefix(name, "net/") && name != "net/url" && name != "net/netip" {
				t.Errorf("%s imports %s on a pure floor", s.path, name)
			}
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GoStmt, *ast.SelectStmt, *ast.ChanType:
				t.Errorf("%s uses goroutines or channels on a pure floor", s.path)
			case *ast.SelectorExpr:
				if of, ok := n.X.(*ast.Ident); ok && of.Name == "time" && slices.Contains(clock, n.Sel.Name) {
					t.Errorf("%s reads a clock on a pure floor: time.%s", s.path, n.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestSizesAndNames(t *testing.T) {
	for _, s := range sources(t) {
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, more than %d", s.path, s.lines, maxLines)
		}
		for _, name := range []string{path.Base(s.pkg), strings.TrimSuffix(path.Base(s.path), ".go")} {
			if slices.Contains(banned, name) {
				t.Errorf("%s: the name %q says nothing", s.path, name)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range sources(t) {
		documented[s.pkg] = documented[s.pkg] || s.file.Doc != nil
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no comment", pkg)
		}
	}
}

var documentPath = regexp.MustCompile("`([a-z][a-zA-Z0-9_./-]*/[a-zA-Z0-9_./-]*|[A-Z]+\\.md)`")

// Every path that the documents name in backquotes exists.
func TestDocumentsNameRealPaths(t *testing.T) {
	base := root(t)
	var documents []string
	for _, pattern := range []string{"*.md", "docs/*.md", "bench/*.md"} {
		found, err := filepath.Glob(filepath.Join(base, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("no documents %s: %v", pattern, err)
		}
		documents = append(documents, found...)
	}
	for _, document := range documents {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range documentPath.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(base, found[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", filepath.Base(document), found[1])
			}
		}
	}
}

// The rules themselves are tested on imports that must be refused.
func TestRulesRefuse(t *testing.T) {
	for _, x := range []struct{ pkg, other, why string }{
		{"value", "asl", "stands on floor 2, above floor 1"},
		{"asl", "redshift/syntax", "stands on the same floor 2"},
		{"redshift/translate", "asl", "is in the workflow wing, this in the data wing"},
		{"engine", "redshift/syntax", "is in the data wing, this in the workflow wing"},
		{"cli", "internal/conformance", "is for tests only"},
		{"cli", "nowhere", "stands on no floor"},
		{"asl", "jsonpath", ""},
		{"service/states", "engine", ""},
	} {
		if why := mayImport(x.pkg, x.other); why != x.why {
			t.Errorf("%s imports %s: %q, want %q", x.pkg, x.other, why, x.why)
		}
	}
}
