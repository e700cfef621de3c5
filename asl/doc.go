// Package asl reads and checks definitions of state machines in the Amazon States Language.
//
// Parse turns a JSON or YAML text into a StateMachine, the checked form that the interpreter walks, or into Findings: every
// problem of the text at once, each with its file, line and column, its state and the sentence AWS has for it.
//
//	m, err := asl.Parse(text, asl.Options{File: "load.asl.json"})
//	var findings asl.Findings
//	if errors.As(err, &findings) {
//		fmt.Println(findings)       // load.asl.json:7:15: Missing 'Next' target: Lod (state "Check")
//		fmt.Println(findings.AWS()) // Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' …'
//	}
//
// Nothing runs here: paths, functions and JSONata expressions are parsed and checked, and only a Template or a Query is ever
// evaluated.
package asl
