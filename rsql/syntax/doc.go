// Package syntax reads the text of RSQL and psql scripts: it cuts lines into SQL statements and backslash commands, puts
// variables in, splits a command's arguments and evaluates the expressions of \if. Check reads a whole script without
// running it and reports what cannot work.
//
// It executes nothing and knows no SQL beyond quotes, comments and parentheses. A Scanner is fed one line at a time:
//
//	s := syntax.Scanner{Lookup: variables}
//	var query strings.Builder
//	s.Feed(line)
//	for {
//		switch s.Next(&query) {
//		case syntax.Semicolon:   // query holds a whole statement
//		case syntax.Command:     // name := s.Name(); argument, ok := s.Argument(syntax.Normal)
//		case syntax.LineEnd:     // query holds a statement that goes on in the next line
//		}
//	}
package syntax
