package plpgsql

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
)

// argument is what a caller passes. Its type is unknown for a string literal and NULL.
type argument struct {
	typ   typeName
	value Value
}

// choose picks the overload that fits best: the one with most arguments of the very type, the others convertible.
func choose(candidates []*Procedure, name string, arguments []argument) (*Procedure, error) {
	var best *Procedure
	highest, tied := -1, false
	for _, p := range candidates {
		score := fitness(p.Inputs(), arguments)
		if score > highest {
			best, highest, tied = p, score, false
		} else if score == highest && score >= 0 {
			tied = true
		}
	}
	switch {
	case best == nil:
		return nil, fault.New(fault.NotFound, "procedure %s(%s) does not exist", name, spelledTypes(arguments)).WithCode(codeNoProcedure)
	case tied:
		return nil, fault.Invalidf("procedure %s(%s) is not unique", name, spelledTypes(arguments)).WithCode(codeAmbiguous)
	}
	return best, nil
}

// fitness is -1 when the arguments do not fit the inputs.
func fitness(inputs []string, arguments []argument) int {
	if len(inputs) != len(arguments) {
		return -1
	}
	score := 0
	for i, input := range inputs {
		want, have := parseTypeName(input), arguments[i].typ
		switch {
		case have.base == want.base:
			score += 4
		case have.base == "unknown" && want.category() == "text":
			score += 3
		case have.base == "unknown":
			score += 2
		case have.category() == want.category():
			score += 2
		case have.category() == "text" || want.category() == "text" || integerBits[have.base] > 0 && want.base == "boolean":
			score++
		default:
			return -1
		}
	}
	return score
}

func spelledTypes(arguments []argument) string {
	names := make([]string, len(arguments))
	for i, a := range arguments {
		names[i] = a.typ.display()
	}
	return strings.Join(names, ", ")
}
