package syntax

// maxDepth is how deep the parts of an expression may nest.
const maxDepth = 1000

// Parse reads an expression. The error is an *Error.
func Parse(text string) (*Node, error) {
	p := &parser{lexer: lexer{text: text}}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	tree, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.token.id != idEnd {
		return nil, failToken("S0201", p.token.position, p.token.text)
	}
	return resolve(tree)
}

// parser reads by operator precedence: an operand, then operators as long as they bind tighter than what stands before.
type parser struct {
	lexer lexer
	token token
	depth int
}

var binding = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20, "+": 50, "-": 50, "*": 60, "/": 60, "%": 60,
	"=": 40, "<": 40, ">": 40, "^": 40, ":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "?:": 40, "??": 40,
	"and": 30, "or": 25, "in": 40, "&": 50,
}

func (p *parser) advance(afterOperand bool) (err error) {
	p.token, err = p.lexer.next(afterOperand)
	if err == nil && (p.token.id == "!" || p.token.id == "~") {
		return failToken("S0204", p.token.position, p.token.text)
	}
	return err
}

// expect passes the token id, which must stand here.
func (p *parser) expect(id string, afterOperand bool) error {
	if p.token.id == id {
		return p.advance(afterOperand)
	}
	code := "S0202"
	if p.token.id == idEnd {
		code = "S0203"
	}
	return &Error{Code: code, Position: p.token.position, Token: p.token.text, Value: quote(id)}
}

func (p *parser) expression(power int) (*Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, tooDeep(p.token.position)
	}
	defer func() { p.depth-- }()
	t := p.token
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.operand(t)
	for err == nil && power < binding[p.token.id] {
		t = p.token
		if err = p.advance(false); err == nil {
			left, err = p.operator(t, left)
		}
	}
	return left, err
}

func tooDeep(position int) *Error {
	return &Error{Code: "U1001", Position: position, Message: "Stack overflow error"}
}

// operand reads what begins with t.
func (p *parser) operand(t token) (*Node, error) {
	n := &Node{Kind: t.node, Text: t.text, Flags: t.flags, Number: t.number, Truth: t.text == "true", Position: t.position}
	switch t.id {
	case idEnd, idName, idLiteral, idRegex, "and", "or", "in":
		return n, nil
	case "*":
		n.Kind = Wildcard
	case "**":
		n.Kind = Descendant
	case "%":
		n.Kind = Parent
	case "-":
		n.Kind = Negate
		return p.with(&n.Left, 70, n)
	case "(":
		return p.block(n)
	case "[":
		return p.array(n)
	case "{":
		n.Kind = Object
		return p.pairs(n)
	case "|":
		return p.transform(n)
	default:
		return nil, failToken("S0211", t.position, t.text)
	}
	return n, nil
}

// with reads an expression into a field of n.
func (p *parser) with(field **Node, power int, n *Node) (*Node, error) {
	part, err := p.expression(power)
	*field = part
	return n, err
}

// list reads expressions up to a closing token, with separators between them.
func (p *parser) list(n *Node, separator, closing string, item func() (*Node, error)) (*Node, error) {
	for p.token.id != closing {
		part, err := item()
		if err != nil {
			return nil, err
		}
		n.List = append(n.List, part)
		if p.token.id != separator {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
		if separator == "," && p.token.id == closing {
			return nil, failToken("S0211", p.token.position, closing)
		}
	}
	return n, p.expect(closing, true)
}

func (p *parser) whole() (*Node, error) { return p.expression(0) }

func (p *parser) block(n *Node) (*Node, error) {
	n.Kind = Block
	return p.list(n, ";", ")", p.whole)
}

func (p *parser) array(n *Node) (*Node, error) {
	n.Kind = Array
	return p.list(n, ",", "]", func() (*Node, error) {
		item, err := p.expression(0)
		if err != nil || p.token.id != ".." {
			return item, err
		}
		between := &Node{Kind: Binary, Text: "..", Position: p.token.position, Left: item}
		if err := p.advance(false); err != nil {
			return nil, err
		}
		return p.with(&between.Right, 0, between)
	})
}

func (p *parser) pairs(n *Node) (*Node, error) {
	for p.token.id != "}" {
		key, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if err := p.expect(":", false); err != nil {
			return nil, err
		}
		value, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		n.Pairs = append(n.Pairs, Pair{key, value})
		if p.token.id != "," {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
		if p.token.id == "}" {
			return nil, failToken("S0211", p.token.position, "}")
		}
	}
	return n, p.expect("}", true)
}

func (p *parser) transform(n *Node) (*Node, error) {
	n.Kind = Transform
	if _, err := p.with(&n.Left, 0, n); err != nil {
		return nil, err
	}
	if err := p.expect("|", false); err != nil {
		return nil, err
	}
	if _, err := p.with(&n.Right, 0, n); err != nil {
		return nil, err
	}
	if p.token.id == "," {
		if err := p.advance(false); err != nil {
			return nil, err
		}
		if _, err := p.with(&n.Else, 0, n); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", true)
}
