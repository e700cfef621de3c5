package view

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func edges(ways ...string) []Edge {
	list := make([]Edge, len(ways))
	for i, way := range ways {
		source, target, _ := strings.Cut(way, ">")
		list[i] = Edge{Source: Link{Text: source}, Target: Link{Text: target}}
	}
	return list
}

// Data goes from left to right, boxes never overlap, and everything is inside of the picture; also with cycles.
func TestDrawing(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	cases := [][]Edge{edges("a>b"), edges("a>b", "b>c", "a>c"), edges("a>b", "b>a"), edges("a>b", "b>c", "c>a", "d>b")}
	for range 200 {
		var ways []string
		for range 1 + random.IntN(40) {
			a, b := random.IntN(15), random.IntN(15)
			if a != b {
				ways = append(ways, fmt.Sprintf("n%d>n%d", a, b))
			}
		}
		if len(ways) > 0 {
			cases = append(cases, edges(ways...))
		}
	}
	for _, list := range cases {
		d := Lineage{Edges: list}.Drawing()
		at := map[string]Box{}
		for _, b := range d.Boxes {
			for name, other := range at {
				if b.X == other.X && b.Y < other.Y+boxHeight && other.Y < b.Y+boxHeight {
					t.Fatalf("%s stands on %s", b.Link.Text, name)
				}
			}
			if b.X < 0 || b.Y < 0 || b.X+boxWidth > d.Width || b.Y+boxHeight > d.Height {
				t.Fatalf("%s is outside of the picture", b.Link.Text)
			}
			at[b.Link.Text] = b
		}
		back := 0
		for _, e := range list {
			if at[e.Source.Text].X >= at[e.Target.Text].X {
				back++
			}
		}
		if len(d.Ways) != len(list) || back == len(list) {
			t.Fatalf("of %d ways %d are drawn, and %d lead back", len(list), len(d.Ways), back)
		}
	}
	d := Lineage{Edges: edges("a>b", "b>c", "a>c"), Of: "b"}.Drawing()
	if got := fmt.Sprint(d.Boxes[0].X < d.Boxes[1].X, d.Boxes[1].Chosen, strings.Count(d.Ways[2].Path, "L")); got != "true true 1" {
		t.Error(got, d)
	}
}
