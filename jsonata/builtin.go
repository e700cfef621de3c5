package jsonata

import (
	"strings"

	"github.com/stepwell/stepwell/jsonata/syntax"
)

// builtin is one row of the table of functions.
type builtin struct {
	name      string
	signature string
	arity     int // what the reference's implementation declares; a higher-order function hands it as many arguments
	native    func(c *call) (item, error)
}

// standard are the functions of the language.
var standard = []builtin{
	{"sum", "<a<n>:n>", 1, sum},
	{"count", "<a:n>", 1, count},
	{"max", "<a<n>:n>", 1, extreme(1)},
	{"min", "<a<n>:n>", 1, extreme(-1)},
	{"average", "<a<n>:n>", 1, average},
	{"string", "<x-b?:s>", 1, toString},
	{"substring", "<s-nn?:s>", 3, substring},
	{"substringBefore", "<s-s:s>", 2, substringBefore},
	{"substringAfter", "<s-s:s>", 2, substringAfter},
	{"lowercase", "<s-:s>", 1, onText(lowercase)},
	{"uppercase", "<s-:s>", 1, onText(uppercase)},
	{"length", "<s-:n>", 1, textLength},
	{"trim", "<s-:s>", 1, onText(trim)},
	{"pad", "<s-ns?:s>", 3, pad},
	{"match", "<s-f<s:o>n?:a<o>>", 3, match},
	{"contains", "<s-(sf):b>", 2, contains},
	{"replace", "<s-(sf)(sf)n?:s>", 4, replace},
	{"split", "<s-(sf)n?:a<s>>", 3, split},
	{"join", "<a<s>s?:s>", 2, join},
	{"formatNumber", "<n-so?:s>", 3, formatNumber},
	{"formatBase", "<n-n?:s>", 2, formatBase},
	{"formatInteger", "<n-s:s>", 2, formatInteger},
	{"parseInteger", "<s-s:n>", 2, parseInteger},
	{"number", "<(nsb)-:n>", 1, toNumber},
	{"floor", "<n-:n>", 1, onNumber(floor)},
	{"ceil", "<n-:n>", 1, onNumber(ceil)},
	{"round", "<n-n?:n>", 2, round},
	{"abs", "<n-:n>", 1, onNumber(abs)},
	{"sqrt", "<n-:n>", 1, onNumber(sqrt)},
	{"power", "<n-n:n>", 2, power},
	{"random", "<:n>", 0, random},
	{"boolean", "<x-:b>", 1, toBoolean},
	{"not", "<x-:b>", 1, not},
	{"map", "<af>", 2, mapItems},
	{"zip", "<a+>", 0, zip},
	{"filter", "<af>", 2, filterItems},
	{"single", "<af?>", 2, single},
	{"reduce", "<afj?:j>", 3, reduce},
	{"sift", "<o-f?:o>", 2, sift},
	{"keys", "<x-:a<s>>", 1, keys},
	{"lookup", "<x-s:x>", 2, lookup},
	{"append", "<xx:a>", 2, appendItems},
	{"exists", "<x:b>", 1, exists},
	{"spread", "<x-:a<o>>", 1, spread},
	{"merge", "<a<o>:o>", 1, merge},
	{"reverse", "<a:a>", 1, reverse},
	{"each", "<o-f:a>", 2, each},
	{"error", "<s?:x>", 1, raise("D3137", "$error() function evaluated")},
	{"assert", "<bs?:x>", 2, assert},
	{"type", "<x:s>", 1, typeName},
	{"sort", "<af?:a>", 2, sortItems},
	{"shuffle", "<a:a>", 1, shuffle},
	{"distinct", "<x:x>", 1, distinct},
	{"base64encode", "<s-:s>", 1, onText(base64encode)},
	{"base64decode", "<s-:s>", 1, onText(base64decode)},
	{"encodeUrlComponent", "<s-:s>", 1, encodeURL("encodeUrlComponent", componentChars)},
	{"encodeUrl", "<s-:s>", 1, encodeURL("encodeUrl", componentChars+reservedChars)},
	{"decodeUrlComponent", "<s-:s>", 1, decodeURL("decodeUrlComponent", "")},
	{"decodeUrl", "<s-:s>", 1, decodeURL("decodeUrl", reservedChars)},
	{"eval", "<sx?:x>", 2, nil}, // set below: it compiles, so it knows this table
	{"toMillis", "<s-s?:n>", 2, toMillis},
	{"fromMillis", "<n-s?s?:s>", 3, fromMillis},
	{"clone", "<(oa)-:o>", 1, clone},
	{"now", "<s?s?:s>", 2, now},
	{"millis", "<:n>", 0, millis},
}

// states are the functions that Step Functions adds or has in another form.
var states = []builtin{
	{"partition", "<an:a>", 2, partition},
	{"range", "<nnn:a>", 3, numberRange},
	{"hash", "<s-s:s>", 2, hash},
	{"random", "<n?:n>", 1, randomSeeded},
	{"uuid", "<:s>", 0, uuid},
	{"parse", "<s-:x>", 1, parse},
}

// Dialect is a version of the language.
type Dialect uint8

// The dialects. Reference is jsonata 2.x as it stands. StepFunctions is what state machines have: 2.0.6 without $eval and the
// operators ?? and ?:, with functions of its own.
const (
	Reference Dialect = iota
	StepFunctions
)

var tables [2]map[string]*function

func init() {
	tables[Reference] = tableOf(standard)
	tables[Reference]["eval"].native = evaluateText
	tables[StepFunctions] = tableOf(standard, states)
	delete(tables[StepFunctions], "eval")
}

func tableOf(lists ...[]builtin) map[string]*function {
	table := map[string]*function{}
	for _, list := range lists {
		for _, b := range list {
			f := &function{name: b.name, arity: b.arity, signature: signature(b.signature), native: b.native}
			if _, result, ok := strings.Cut(b.signature, ":"); ok && b.name != "match" {
				f.result = result[0]
			}
			table[b.name] = f
		}
	}
	return table
}

func signature(text string) *syntax.Signature {
	s, err := syntax.ParseSignature(text)
	if err != nil {
		panic("jsonata: signature " + text + ": " + err.Error())
	}
	return s
}

// builtin returns a function by its name, nil when there is none.
func (d Dialect) builtin(name string) item {
	if f, ok := tables[d][name]; ok {
		return f
	}
	return nil
}
