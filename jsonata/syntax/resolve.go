package syntax

import "strconv"

// resolver turns the tree of operators into the tree of meanings: paths become lists of steps, filters and groupings part of what
// they stand behind, and a parent operator knows its step.
type resolver struct {
	labels int
	depth  int
}

func resolve(tree *Node) (*Node, error) {
	r := &resolver{}
	n, err := r.node(tree)
	if err != nil {
		return nil, err
	}
	if n.Kind == Parent || len(n.seeking) > 0 {
		return nil, fail("S0217", n.Position)
	}
	return n, nil
}

func (r *resolver) node(n *Node) (*Node, error) {
	if r.depth++; r.depth > maxDepth {
		return nil, tooDeep(n.Position)
	}
	out, err := r.meaning(n)
	r.depth--
	if err != nil {
		return nil, err
	}
	if n.KeepArray {
		out.KeepArray = true
	}
	return out, nil
}

func (r *resolver) meaning(n *Node) (*Node, error) {
	switch n.Kind {
	case Binary:
		return r.binary(n)
	case Name:
		return &Node{Kind: Path, List: []*Node{n}, Singleton: n.KeepArray, Position: n.Position}, nil
	case Word:
		return r.word(n)
	case End:
		return nil, fail("S0207", n.Position)
	case Parent:
		n.Slot = &Slot{Label: "!" + strconv.Itoa(r.labels), level: 1}
		r.labels++
		return n, nil
	case Negate:
		return r.negate(n)
	case Object:
		return n, r.pairs(n.Pairs, n)
	case Lambda:
		return r.lambda(n)
	case Array, Block, Call, Partial:
		return n, r.parts(n)
	case Condition, Coalesce, Default:
		return n, r.operands(n, &n.Left, &n.Right, &n.Else)
	case Transform:
		return n, r.operands(nil, &n.Left, &n.Right, &n.Else)
	}
	return n, nil
}

func (r *resolver) word(n *Node) (*Node, error) {
	if n.Text == "and" || n.Text == "or" || n.Text == "in" {
		n.Kind = Name
		return r.meaning(n)
	}
	return nil, failToken("S0201", n.Position, n.Text)
}

// operands resolves parts in place; outer, when there is one, seeks the ancestors that they seek.
func (r *resolver) operands(outer *Node, parts ...**Node) error {
	for _, part := range parts {
		if *part == nil {
			continue
		}
		n, err := r.node(*part)
		if err != nil {
			return err
		}
		*part = n
		if outer != nil {
			outer.inherit(n)
		}
	}
	return nil
}

func (r *resolver) parts(n *Node) error {
	for i := range n.List {
		if err := r.operands(n, &n.List[i]); err != nil {
			return err
		}
		if part := n.List[i]; n.Kind == Block && (part.Cons || part.Kind == Path && part.List[0].Cons) {
			n.Cons = true
		}
	}
	return r.operands(nil, &n.Left)
}

func (r *resolver) pairs(pairs []Pair, outer *Node) error {
	for i := range pairs {
		if err := r.operands(outer, &pairs[i].Key, &pairs[i].Value); err != nil {
			return err
		}
	}
	return nil
}

func (r *resolver) negate(n *Node) (*Node, error) {
	if err := r.operands(n, &n.Left); err != nil {
		return nil, err
	}
	if n.Left.Kind == Number && n.Left.Predicates == nil && n.Left.Group == nil {
		n.Left.Number = -n.Left.Number
		n.Left.Text = "-" + n.Left.Text
		return n.Left, nil
	}
	return n, nil
}

func (r *resolver) lambda(n *Node) (*Node, error) {
	body, err := r.node(n.Right)
	if err != nil {
		return nil, err
	}
	n.Right = body
	markTail(body)
	return n, nil
}

// markTail finds the calls that a lambda's body ends with.
func markTail(n *Node) {
	if n.Predicates != nil || n.Group != nil || n.KeepArray {
		return
	}
	switch n.Kind {
	case Call:
		n.Tail = true
	case Condition:
		markTail(n.Right)
		if n.Else != nil {
			markTail(n.Else)
		}
	case Coalesce, Default:
		markTail(n.Right)
	case Block:
		if len(n.List) > 0 {
			markTail(n.List[len(n.List)-1])
		}
	}
}

func (r *resolver) binary(n *Node) (*Node, error) {
	switch n.Text {
	case ".":
		return r.path(n)
	case "[":
		return r.predicate(n)
	case "{":
		return r.grouping(n)
	case "^":
		return r.sorting(n)
	case "@":
		return r.focus(n)
	case "#":
		return r.position(n)
	case ":=":
		n.Kind = Bind
		return n, r.operands(n, &n.Right)
	case "~>":
		n.Kind = Apply
		err := r.operands(nil, &n.Left, &n.Right)
		if err == nil {
			n.KeepArray = n.Left.KeepArray || n.Right.KeepArray
		}
		return n, err
	}
	return n, r.operands(n, &n.Left, &n.Right)
}
