package syntax

// operator reads what follows an operator behind an operand.
func (p *parser) operator(t token, left *Node) (*Node, error) {
	n := &Node{Kind: Binary, Text: t.id, Position: t.position, Left: left}
	switch t.id {
	case "(":
		return p.call(n)
	case "[":
		return p.filter(n)
	case "{":
		return p.pairs(n)
	case "^":
		return p.orderBy(n)
	case ":=":
		if left.Kind != Variable {
			return nil, failToken("S0212", left.Position, left.Text)
		}
		return p.with(&n.Right, binding[":="]-1, n)
	case "@", "#":
		if _, err := p.with(&n.Right, binding[t.id], n); err != nil {
			return nil, err
		}
		if n.Right.Kind != Variable {
			return nil, failToken("S0214", n.Right.Position, t.id)
		}
		return n, nil
	case "?":
		return p.condition(n)
	case "?:":
		n.Kind = Default
		return p.with(&n.Right, 0, n)
	case "??":
		n.Kind = Coalesce
		return p.with(&n.Right, 0, n)
	}
	return p.with(&n.Right, binding[t.id], n)
}

func (p *parser) condition(n *Node) (*Node, error) {
	n.Kind = Condition
	if _, err := p.with(&n.Right, 0, n); err != nil || p.token.id != ":" {
		return n, err
	}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	return p.with(&n.Else, 0, n)
}

// filter reads a predicate, or the empty one that keeps arrays.
func (p *parser) filter(n *Node) (*Node, error) {
	if p.token.id != "]" {
		if _, err := p.with(&n.Right, 0, n); err != nil {
			return nil, err
		}
		return n, p.expect("]", true)
	}
	step := n.Left
	for step.Kind == Binary && step.Text == "[" {
		step = step.Left
	}
	step.KeepArray = true
	return n.Left, p.advance(true)
}

func (p *parser) orderBy(n *Node) (*Node, error) {
	if err := p.expect("(", false); err != nil {
		return nil, err
	}
	for {
		term := Term{Descending: p.token.id == ">"}
		if p.token.id == "<" || p.token.id == ">" {
			if err := p.advance(false); err != nil {
				return nil, err
			}
		}
		var err error
		if term.Expression, err = p.expression(0); err != nil {
			return nil, err
		}
		n.Terms = append(n.Terms, term)
		if p.token.id != "," {
			return n, p.expect(")", true)
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
	}
}

// call reads arguments, and behind the word function a definition.
func (p *parser) call(n *Node) (*Node, error) {
	n.Kind, n.Text = Call, ""
	_, err := p.list(n, ",", ")", func() (*Node, error) {
		if p.token.id != "?" {
			return p.expression(0)
		}
		n.Kind = Partial
		hole := &Node{Kind: Placeholder, Text: "?", Position: p.token.position}
		return hole, p.advance(true)
	})
	if err != nil {
		return nil, err
	}
	if n.Left.Kind == Name && (n.Left.Text == "function" || n.Left.Text == "λ") {
		return p.lambda(n)
	}
	return n, nil
}

func (p *parser) lambda(n *Node) (*Node, error) {
	for i, parameter := range n.List {
		if parameter.Kind != Variable {
			return nil, &Error{Code: "S0208", Position: parameter.Position, Token: parameter.Text, Value: string(rune('1' + i%9))}
		}
	}
	n.Kind = Lambda
	if p.token.id == "<" {
		if err := p.signature(n); err != nil {
			return nil, err
		}
	}
	if err := p.expect("{", false); err != nil {
		return nil, err
	}
	if _, err := p.with(&n.Right, 0, n); err != nil {
		return nil, err
	}
	return n, p.expect("}", true)
}

func (p *parser) signature(n *Node) error {
	start := p.token.position
	text := "<"
	for depth := 1; depth > 0 && p.token.id != "{" && p.token.id != idEnd; {
		if err := p.advance(false); err != nil {
			return err
		}
		switch p.token.id {
		case ">":
			depth--
		case "<":
			depth++
		}
		text += p.token.text
	}
	if err := p.expect(">", false); err != nil {
		return err
	}
	signature, err := ParseSignature(text)
	if err != nil {
		err.Position = start
		return err
	}
	n.Signature = signature
	return nil
}
