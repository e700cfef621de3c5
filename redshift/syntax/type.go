package syntax

import (
	"strconv"
	"strings"
)

// Type is a data type with its canonical name and with the sizes that Redshift supplies when none are written.
type Type struct {
	// Name is PostgreSQL's name in lower case: integer, character varying, timestamp without time zone, super.
	Name string
	// Args are length, or precision and scale; empty for types without.
	Args []int
}

// String returns the type as SVV_COLUMNS and pg_table_def print it: character varying(256), numeric(18,0).
func (t Type) String() string {
	if len(t.Args) == 0 {
		return t.Name
	}
	args := make([]string, len(t.Args))
	for i, a := range t.Args {
		args[i] = strconv.Itoa(a)
	}
	return t.Name + "(" + strings.Join(args, ",") + ")"
}

// typeSpelling is one way to write a type. Words are the words that follow the first.
type typeSpelling struct {
	first string
	words []string
	name  string
	// sizes are the arguments used when none are written; a type that takes arguments has at least one.
	sizes []int
	// fixed says that the type's length is part of its name: TEXT is VARCHAR(256) and takes no argument.
	fixed bool
}

// maxVarchar is the length that VARCHAR(MAX) stands for, in bytes.
const maxVarchar = 65535

// typeSpellings lists longer spellings of a first word before shorter ones.
var typeSpellings = []typeSpelling{
	{first: "smallint", name: "smallint"},
	{first: "int2", name: "smallint"},
	{first: "integer", name: "integer"},
	{first: "int", name: "integer"},
	{first: "int4", name: "integer"},
	{first: "bigint", name: "bigint"},
	{first: "int8", name: "bigint"},
	{first: "decimal", name: "numeric", sizes: []int{18, 0}},
	{first: "dec", name: "numeric", sizes: []int{18, 0}},
	{first: "numeric", name: "numeric", sizes: []int{18, 0}},
	{first: "real", name: "real"},
	{first: "float4", name: "real"},
	{first: "double", words: []string{"precision"}, name: "double precision"},
	{first: "double", name: "double precision"},
	{first: "float8", name: "double precision"},
	{first: "float", name: "double precision"},
	{first: "boolean", name: "boolean"},
	{first: "bool", name: "boolean"},
	{first: "character", words: []string{"varying"}, name: "character varying", sizes: []int{256}},
	{first: "char", words: []string{"varying"}, name: "character varying", sizes: []int{256}},
	{first: "national", words: []string{"character", "varying"}, name: "character varying", sizes: []int{256}},
	{first: "varchar", name: "character varying", sizes: []int{256}},
	{first: "nvarchar", name: "character varying", sizes: []int{256}},
	{first: "varchar2", name: "character varying", sizes: []int{256}},
	{first: "text", name: "character varying", sizes: []int{256}, fixed: true},
	{first: "string", name: "character varying", sizes: []int{256}},
	{first: "character", name: "character", sizes: []int{1}},
	{first: "char", name: "character", sizes: []int{1}},
	{first: "nchar", name: "character", sizes: []int{1}},
	{first: "bpchar", name: "character", sizes: []int{256}, fixed: true},
	{first: "date", name: "date"},
	{first: "timestamp", words: []string{"without", "time", "zone"}, name: "timestamp without time zone"},
	{first: "timestamp", words: []string{"with", "time", "zone"}, name: "timestamp with time zone"},
	{first: "timestamp", name: "timestamp without time zone"},
	{first: "timestamptz", name: "timestamp with time zone"},
	{first: "datetime", name: "timestamp without time zone"},
	{first: "smalldatetime", name: "timestamp without time zone"},
	{first: "time", words: []string{"without", "time", "zone"}, name: "time without time zone"},
	{first: "time", words: []string{"with", "time", "zone"}, name: "time with time zone"},
	{first: "time", name: "time without time zone"},
	{first: "timetz", name: "time with time zone"},
	{first: "interval", words: []string{"year", "to", "month"}, name: "interval"},
	{first: "interval", words: []string{"day", "to", "second"}, name: "interval"},
	{first: "interval", name: "interval"},
	{first: "super", name: "super"},
	{first: "varbyte", name: "varbyte", sizes: []int{64000}},
	{first: "varbinary", name: "varbyte", sizes: []int{64000}},
	{first: "binary", words: []string{"varying"}, name: "varbyte", sizes: []int{64000}},
	{first: "binary", name: "varbyte", sizes: []int{64000}},
	{first: "hllsketch", name: "hllsketch"},
	{first: "geometry", name: "geometry"},
	{first: "geography", name: "geography"},
	{first: "oid", name: "oid"},
	{first: "regclass", name: "regclass"},
	{first: "regproc", name: "regproc"},
	{first: "regtype", name: "regtype"},
	{first: "name", name: "name"},
	{first: "refcursor", name: "refcursor"},
	{first: "record", name: "record"},
	{first: "anyelement", name: "anyelement"},
}

// spellingsOf maps a first word to its spellings.
var spellingsOf = func() map[string][]typeSpelling {
	index := map[string][]typeSpelling{}
	for _, s := range typeSpellings {
		index[s.first] = append(index[s.first], s)
	}
	return index
}()

// ParseType reads the type at the start of the tokens and returns how many tokens it took.
func ParseType(tokens []Token) (Type, int, error) {
	if len(tokens) == 0 {
		return Type{}, 0, syntaxError(Token{}.Position(), "syntax error at end of input")
	}
	spelling, taken := findSpelling(tokens)
	if taken == 0 {
		return Type{}, 0, syntaxError(tokens[0].Position(), `type "`+tokens[0].Value()+`" does not exist`)
	}
	t := Type{Name: spelling.name, Args: spelling.sizes}
	rest := tokens[taken:]
	if len(rest) < 2 || !rest[0].Is("(") {
		return t, taken, nil
	}
	args, n := typeArguments(rest)
	if n == 0 {
		return Type{}, 0, rest[1].SyntaxError()
	}
	if len(spelling.sizes) > 0 && !spelling.fixed {
		t.Args = completeArgs(args, spelling.sizes)
	}
	return t, taken + n, nil
}

func findSpelling(tokens []Token) (typeSpelling, int) {
	if !tokens[0].IsName() {
		return typeSpelling{}, 0
	}
	for _, s := range spellingsOf[tokens[0].Value()] {
		if StartsWith(tokens[1:], s.words...) {
			return s, 1 + len(s.words)
		}
	}
	return typeSpelling{}, 0
}

// typeArguments reads (n), (p, s) or (max) and returns how many tokens that took, 0 when it is none of them.
func typeArguments(tokens []Token) ([]int, int) {
	var args []int
	for i := 1; i+1 < len(tokens); i += 2 {
		n, err := strconv.Atoi(tokens[i].Text)
		if tokens[i].Is("max") {
			n, err = maxVarchar, nil
		}
		if err != nil {
			return nil, 0
		}
		args = append(args, n)
		if tokens[i+1].Is(")") {
			return args, i + 2
		}
		if !tokens[i+1].Is(",") {
			return nil, 0
		}
	}
	return nil, 0
}

// completeArgs adds the scale 0 to numeric(p).
func completeArgs(args, sizes []int) []int {
	if len(args) < len(sizes) {
		return append(args, sizes[len(args):]...)
	}
	return args[:len(sizes)]
}
