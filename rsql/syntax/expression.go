package syntax

import (
	"math/big"
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// Boolean reads a Boolean word as psql does: an unambiguous beginning of true, false, yes or no, or on, off, 1, 0.
func Boolean(text string) (value, ok bool) {
	word := strings.ToLower(text)
	switch {
	case word == "":
		return false, false
	case strings.HasPrefix("true", word), strings.HasPrefix("yes", word), word == "on", word == "1":
		return true, true
	case strings.HasPrefix("false", word), strings.HasPrefix("no", word), len(word) >= 2 && strings.HasPrefix("off", word), word == "0":
		return false, true
	}
	return false, false
}

// Evaluate computes an RSQL condition: comparisons joined by AND, OR and NOT, with parentheses. Variables are in it already.
func Evaluate(expression string) (bool, error) {
	tokens, err := operands(expression)
	if err != nil {
		return false, err
	}
	e := evaluator{text: expression, tokens: tokens}
	result, err := e.disjunction(0)
	if err != nil {
		return false, err
	}
	if e.at < len(e.tokens) {
		return false, e.invalid()
	}
	return result.truth(expression)
}

// operand is a token of a condition: an operator, a word, or a text in quotes.
type operand struct {
	text   string
	quoted bool
}

const operatorSigns = "=<>!()"

// operands cuts a condition into tokens.
func operands(text string) ([]operand, error) {
	var out []operand
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case isSpace(c):
			i++
		case c == '\'' || c == '"':
			value, n := unquote(text[i:])
			if n < 0 {
				return nil, unterminated()
			}
			out = append(out, operand{text: value, quoted: true})
			i += n
		case strings.IndexByte(operatorSigns, c) >= 0:
			n := 1
			if i+1 < len(text) && isOperator(text[i:i+2]) {
				n = 2
			}
			out = append(out, operand{text: text[i : i+n]})
			i += n
		default:
			n := 0
			for i+n < len(text) && !isSpace(text[i+n]) && strings.IndexByte(operatorSigns+`'"`, text[i+n]) < 0 {
				n++
			}
			out = append(out, operand{text: text[i : i+n]})
			i += n
		}
	}
	return out, nil
}

// unquote reads a text in quotes, in which the doubled quote is one, and returns its length, -1 when it is not closed.
func unquote(text string) (string, int) {
	quote := text[:1]
	for i := 1; i < len(text); i++ {
		if text[i] != quote[0] {
			continue
		}
		if strings.HasPrefix(text[i+1:], quote) {
			i++
			continue
		}
		return strings.ReplaceAll(text[1:i], quote+quote, quote), i + 1
	}
	return "", -1
}

func isOperator(text string) bool {
	switch text {
	case "=", "==", "<>", "!=", "<", "<=", ">", ">=":
		return true
	}
	return false
}

// maxNesting bounds the parentheses and NOTs of a condition.
const maxNesting = 1000

type evaluator struct {
	text   string
	tokens []operand
	at     int
}

func (e *evaluator) invalid() error {
	return fault.Invalidf(`unrecognized value "%s" for "\if expression": Boolean expected`, e.text)
}

func (e *evaluator) peek(words ...string) bool {
	if e.at == len(e.tokens) || e.tokens[e.at].quoted {
		return false
	}
	for _, word := range words {
		if strings.EqualFold(e.tokens[e.at].text, word) {
			return true
		}
	}
	return false
}

func (e *evaluator) disjunction(depth int) (operand, error) {
	return e.joined(depth, "OR", e.conjunction, func(a, b bool) bool { return a || b })
}

func (e *evaluator) conjunction(depth int) (operand, error) {
	return e.joined(depth, "AND", e.negation, func(a, b bool) bool { return a && b })
}

func (e *evaluator) joined(depth int, word string, part func(int) (operand, error), join func(a, b bool) bool) (operand, error) {
	left, err := part(depth)
	for err == nil && e.peek(word) {
		e.at++
		var right operand
		if right, err = part(depth); err != nil {
			break
		}
		left, err = e.joinTwo(left, right, join)
	}
	return left, err
}

func (e *evaluator) joinTwo(left, right operand, join func(a, b bool) bool) (operand, error) {
	a, err := left.truth(e.text)
	if err != nil {
		return operand{}, err
	}
	b, err := right.truth(e.text)
	return truthOf(join(a, b)), err
}

func (e *evaluator) negation(depth int) (operand, error) {
	if depth > maxNesting {
		return operand{}, fault.Invalidf("the condition is nested too deeply")
	}
	if !e.peek("NOT") {
		return e.comparison(depth)
	}
	e.at++
	inner, err := e.negation(depth + 1)
	if err != nil {
		return operand{}, err
	}
	value, err := inner.truth(e.text)
	return truthOf(!value), err
}

func (e *evaluator) comparison(depth int) (operand, error) {
	left, err := e.operand(depth)
	if err != nil || e.at == len(e.tokens) || e.tokens[e.at].quoted || !isOperator(e.tokens[e.at].text) {
		return left, err
	}
	operator := e.tokens[e.at].text
	e.at++
	right, err := e.operand(depth)
	if err != nil {
		return operand{}, err
	}
	return truthOf(holds(operator, compare(left, right))), nil
}

func (e *evaluator) operand(depth int) (operand, error) {
	if e.peek("(") {
		e.at++
		inner, err := e.disjunction(depth + 1)
		if err == nil && !e.peek(")") {
			err = e.invalid()
		}
		e.at++
		return inner, err
	}
	if e.at == len(e.tokens) || e.peek(")", "!", "AND", "OR", "NOT") || !e.tokens[e.at].quoted && isOperator(e.tokens[e.at].text) {
		return operand{}, e.invalid()
	}
	e.at++
	return e.tokens[e.at-1], nil
}

func truthOf(value bool) operand {
	if value {
		return operand{text: "true"}
	}
	return operand{text: "false"}
}

// truth reads an operand that stands alone: a Boolean word, or a number, which is true unless it is 0.
func (o operand) truth(expression string) (bool, error) {
	if value, ok := Boolean(o.text); ok {
		return value, nil
	}
	if n, ok := o.number(); ok {
		return n.Sign() != 0, nil
	}
	return false, fault.Invalidf(`unrecognized value "%s" for "\if expression": Boolean expected`, expression)
}

// maxNumber is how long a number may be; longer ones compare as texts.
const maxNumber = 400

func (o operand) number() (*big.Rat, bool) {
	if o.text == "" || len(o.text) > maxNumber || strings.Trim(o.text, "0123456789.+-") != "" {
		return nil, false
	}
	return new(big.Rat).SetString(o.text)
}

// word reads an operand as a Boolean word that is no number.
func (o operand) word() (bool, bool) {
	if o.quoted || o.text == "0" || o.text == "1" {
		return false, false
	}
	return Boolean(o.text)
}

// compare returns the order of two operands: as numbers where both are numbers or Boolean words and not both are quoted,
// else as texts.
func compare(left, right operand) int {
	a, aIsNumber := left.number()
	b, bIsNumber := right.number()
	if value, ok := left.word(); ok && !aIsNumber {
		a, aIsNumber = ratOf(value), true
	}
	if value, ok := right.word(); ok && !bIsNumber {
		b, bIsNumber = ratOf(value), true
	}
	if aIsNumber && bIsNumber && !(left.quoted && right.quoted) {
		return a.Cmp(b)
	}
	return strings.Compare(left.text, right.text)
}

func ratOf(value bool) *big.Rat {
	if value {
		return big.NewRat(1, 1)
	}
	return new(big.Rat)
}

func holds(operator string, order int) bool {
	switch operator {
	case "=", "==":
		return order == 0
	case "<>", "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}
