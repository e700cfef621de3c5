package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"github.com/cockroachdb/datadriven"
	"golang.org/x/net/html"

	"github.com/stepwell/stepwell/console/view"
)

// The traces name a page and what selectors find on it.
func TestPages(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var document *html.Node
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "page": // page NAME: its title
				document = load(t, d.CmdArgs[0].Key)
				return found(t, document, "head > title", "")
			case "select": // select [attribute=NAME], then a selector: the texts, or the attributes, of what it finds
				attribute := ""
				d.MaybeScanArgs(t, "attribute", &attribute)
				return found(t, document, strings.TrimSpace(d.Input), attribute)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

// Every page of the gallery is looked at by a trace.
func TestEveryPageIsTraced(t *testing.T) {
	traced := map[string]bool{}
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(_ *testing.T, d *datadriven.TestData) string {
			if d.Cmd == "page" {
				traced[d.CmdArgs[0].Key] = true
			}
			return d.Expected
		})
	})
	for _, e := range entries {
		if !traced[e.name] {
			t.Errorf("no trace in testdata looks at the page %s", e.name)
		}
	}
}

func load(t *testing.T, name string) *html.Node {
	t.Helper()
	p, ok := find(name)
	if !ok {
		t.Fatalf("there is no page %s", name)
	}
	var out bytes.Buffer
	if err := view.Render(&out, p); err != nil {
		t.Fatal(err)
	}
	document, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func found(t *testing.T, document *html.Node, selector, attribute string) string {
	t.Helper()
	compiled, err := cascadia.ParseGroup(selector)
	if err != nil {
		t.Fatalf("%s: %v", selector, err)
	}
	var out strings.Builder
	for _, node := range cascadia.QueryAll(document, compiled) {
		text := textOf(node)
		if attribute != "" {
			text = attributeOf(node, attribute)
		}
		out.WriteString(strings.Join(strings.Fields(text), " ") + "\n")
	}
	if out.Len() == 0 {
		return "nothing\n"
	}
	return out.String()
}

func textOf(node *html.Node) string {
	var out strings.Builder
	for part := range node.Descendants() {
		if part.Type == html.TextNode {
			out.WriteString(part.Data + " ")
		}
	}
	return out.String()
}

func attributeOf(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return "no " + name
}
