package translate

// operand takes the operand to the right, with its sign, and returns its finished text.
func (r *rewriter) operand() string {
	end := min(r.i+r.operandLength(0), len(r.in))
	pieces := rewrite(r.in[r.i:end])
	r.i = end
	return text(pieces)
}

// operandLength counts the pieces of the operand that stands n pieces ahead: its sign, and what binds it tighter than any
// binary operator but ^.
func (r *rewriter) operandLength(n int) int {
	first := n
	for r.peek(n).is("-", "+", "@") {
		n++
	}
	if r.peek(n).is("CASE") {
		n = r.caseEnd(n)
	}
	n++
	for {
		next := r.peek(n)
		switch {
		case next.open != "":
			n++
		case next.is("."), next.is("^"):
			n += 2
		case next.is("OVER", "FILTER") && (r.peek(n+1).isGroup() || next.is("OVER")):
			n += 2
		case next.is("WITHIN") && r.peek(n+1).is("GROUP"):
			n += 3
		case next.is("::"):
			_, taken, _, _ := typeAt(r.in[min(r.i+n+1, len(r.in)):])
			n += 1 + max(taken, 1)
		default:
			return n - first
		}
	}
}

// caseEnd returns how far ahead the END stands of the CASE that stands n pieces ahead.
func (r *rewriter) caseEnd(n int) int {
	depth := 0
	for ; r.i+n < len(r.in); n++ {
		switch {
		case r.peek(n).is("CASE"):
			depth++
		case r.peek(n).is("END"):
			if depth--; depth == 0 {
				return n
			}
		}
	}
	return n
}

// operandStart returns where the operand begins that ends before the index end.
func operandStart(pieces []piece, end int) int {
	i := end - 1
	for i > 0 && (pieces[i].open == "[" || at(pieces, i-1).is("OVER", "FILTER")) {
		if pieces[i].open != "[" {
			i--
		}
		i--
	}
	switch {
	case at(pieces, i).isGroup():
		if before := at(pieces, i-1); before.isName() && !reserved[before.token.Upper()] {
			i--
		}
	case at(pieces, i).is("END"):
		return caseStart(pieces, i)
	}
	for i >= 2 && pieces[i-1].is(".") && pieces[i].isName() {
		i--
		i = operandStart(pieces, i)
	}
	return max(i, 0)
}

// factorStart returns where the left operand of a division at the end of the pieces begins: a product belongs to it.
func factorStart(pieces []piece) int {
	start := operandStart(pieces, len(pieces))
	for start >= 2 && pieces[start-1].is("*", "%", "^", "/") {
		start = operandStart(pieces, start-1)
	}
	return start
}

func caseStart(pieces []piece, end int) int {
	depth := 0
	for i := end; i >= 0; i-- {
		if pieces[i].is("END") {
			depth++
		}
		if pieces[i].is("CASE") {
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return end
}
