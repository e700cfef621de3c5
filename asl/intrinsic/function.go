package intrinsic

import (
	"errors"
	"fmt"
	"math"

	"github.com/stepwell/stepwell/value"
)

// function is one intrinsic function. Its name is known to the table alone.
type function struct {
	name  string
	least int
	most  int
	call  func(arguments []value.Value, scope *Scope) (value.Value, error)
}

const (
	format    = "Format"
	unlimited = math.MaxInt
)

// functions are all intrinsic functions of the States Language, by their name behind "States.".
var functions = table(
	function{"Array", 0, unlimited, array},
	function{"ArrayContains", 2, 2, arrayContains},
	function{"ArrayGetItem", 2, 2, arrayGetItem},
	function{"ArrayLength", 1, 1, arrayLength},
	function{"ArrayPartition", 2, 2, arrayPartition},
	function{"ArrayRange", 3, 3, arrayRange},
	function{"ArrayUnique", 1, 1, arrayUnique},
	function{"Base64Decode", 1, 1, base64Decode},
	function{"Base64Encode", 1, 1, base64Encode},
	function{format, 1, unlimited, formatText},
	function{"Hash", 2, 2, hash},
	function{"JsonMerge", 3, 3, jsonMerge},
	function{"JsonToString", 1, 1, jsonToString},
	function{"MathAdd", 2, 2, mathAdd},
	function{"MathRandom", 2, 3, mathRandom},
	function{"StringSplit", 2, 2, stringSplit},
	function{"StringToJson", 1, 1, stringToJSON},
	function{"UUID", 0, 0, uuid},
)

func table(list ...function) map[string]*function {
	byName := make(map[string]*function, len(list))
	for _, f := range list {
		byName[f.name] = &f
	}
	return byName
}

func (f *function) arity() string {
	switch {
	case f.most == unlimited:
		return fmt.Sprintf("%d or more arguments", f.least)
	case f.least != f.most:
		return fmt.Sprintf("%d to %d arguments", f.least, f.most)
	case f.least == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", f.least)
}

// errArguments is what a function returns for arguments of a wrong type or range. AWS says no more about them.
var errArguments = errors.New("wrong arguments")

// templateError is what States.Format returns for a template with a lone brace.
type templateError string

func (e templateError) Error() string { return string(e) }

// countError is what States.Format returns when places and arguments differ in number.
type countError struct{}

func (countError) Error() string { return "number of arguments do not match the occurrences of {}." }

// apply calls the function; its error is AWS's sentence about what is wrong.
func (f *function) apply(arguments []value.Value, scope *Scope) (value.Value, error) {
	v, err := f.call(arguments, scope)
	switch err.(type) {
	case nil:
		return v, nil
	case templateError:
		return v, fmt.Errorf("Invalid template in %s%s: %w", prefix, f.name, err)
	case countError:
		return v, fmt.Errorf("Invalid arguments in %s%s: %w", prefix, f.name, err)
	}
	return v, errors.New("Invalid arguments in " + prefix + f.name)
}

// integer is a number of 32 bits. AWS cuts off fractions, except in States.MathAdd, which rounds.
func integer(v value.Value) (int64, bool) {
	f, ok := v.Float()
	return inRange(math.Trunc(f), ok)
}

func rounded(v value.Value) (int64, bool) {
	f, ok := v.Float()
	return inRange(math.Floor(f+0.5), ok)
}

func inRange(f float64, ok bool) (int64, bool) {
	if !ok || f < math.MinInt32 || f > math.MaxInt32 {
		return 0, false
	}
	return int64(f), true
}
