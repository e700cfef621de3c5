package syntax

import "github.com/stepwell/stepwell/fault"

// Fragment is one statement of a script, without the semicolon that ends it.
type Fragment struct {
	// Text runs from the first token to the last; comments around the statement are not part of it.
	Text string
	// Offset counts bytes from the start of the script, Position lines and characters.
	Offset   int
	Position fault.Position
	// Tokens are never empty. Their offsets and positions count from the start of the script.
	Tokens []Token
}

// Source returns the fragment itself; statements that embed it so answer for where they came from.
func (f *Fragment) Source() *Fragment { return f }

// Slice returns the text between the start of one token and the end of another.
func (f *Fragment) Slice(first, last Token) string {
	return f.Text[first.Offset-f.Offset : last.End()-f.Offset]
}

// Split cuts a script at its semicolons. Quotes of all kinds and comments hide semicolons; empty statements are dropped.
func Split(script string) ([]*Fragment, error) {
	tokens, err := Scan(script)
	if err != nil {
		return nil, err
	}
	var fragments []*Fragment
	start := 0
	for i := 0; i <= len(tokens); i++ {
		if i < len(tokens) && !tokens[i].Is(";") {
			continue
		}
		if i > start {
			fragments = append(fragments, fragment(script, tokens[start:i]))
		}
		start = i + 1
	}
	return fragments, nil
}

func fragment(script string, tokens []Token) *Fragment {
	first, last := tokens[0], tokens[len(tokens)-1]
	return &Fragment{Text: script[first.Offset:last.End()], Offset: first.Offset, Position: first.Position(), Tokens: tokens}
}
