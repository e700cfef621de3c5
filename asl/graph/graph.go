// Package graph draws a state machine as an SVG picture: states from top to bottom, choices and errors as labelled edges,
// loops in lanes at the side, and each Parallel and Map state as a box around its own workflows.
//
// No edge crosses the border of such a box, so each workflow is laid out on its own and becomes the content of one node
// of the workflow around it. The layout is the classical one in layers: break cycles, assign layers, order each layer by
// barycentres, place. It does no IO, and the same machine always gives the same bytes.
//
//	picture := graph.SVG(machine, graph.Options{Title: "sales-pipeline"})
package graph

import "github.com/stepwell/stepwell/asl"

// Status is how far a state came in a run. It stands in the attribute data-status of the state's group.
type Status string

// The statuses; the zero Status leaves the state in the colour of its type.
const (
	Running   Status = "running"
	Succeeded Status = "succeeded"
	Failed    Status = "failed"
	Caught    Status = "caught"
	Aborted   Status = "aborted"
)

// Options says what to draw beside the states.
type Options struct {
	// Title names the picture for screen readers; empty: the machine's Comment.
	Title string
	// Status colours states by name; nil draws the definition alone.
	Status map[string]Status
	// Chosen is the name of a state that stands out; empty: none does.
	Chosen string
	// Bare leaves the style sheet out, for a page that has one for the picture's classes and allows no other.
	Bare bool
	// Link is where a click on a state leads; nil: nowhere.
	Link func(state string) string
}

// SVG returns the drawing.
func SVG(m *asl.StateMachine, options Options) []byte {
	if options.Title == "" {
		options.Title = m.Comment
	}
	p := &pen{Options: options}
	p.document(options.Title, arrange(&m.Workflow))
	return p.out
}

// arrange lays out a workflow and everything in it.
func arrange(w *asl.Workflow) *sheet {
	s := build(w)
	s.assignLayers()
	s.connect()
	s.order()
	s.place()
	return s
}
