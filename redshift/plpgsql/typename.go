package plpgsql

import (
	"strconv"
	"strings"
)

// typeName is a type as a declaration writes it, with its base name folded to one spelling.
type typeName struct {
	base string
	size string // what stands in parentheses, without blanks
}

var typeSynonyms = map[string]string{
	"int": "integer", "int4": "integer", "int8": "bigint", "int2": "smallint", "bool": "boolean",
	"decimal": "numeric", "dec": "numeric", "float8": "double precision", "float": "double precision", "float4": "real",
	"character varying": "varchar", "nvarchar": "varchar", "text": "varchar",
	"character": "char", "nchar": "char", "bpchar": "char",
	"timestamp without time zone": "timestamp", "timestamptz": "timestamp with time zone",
	"time without time zone": "time", "timetz": "time with time zone",
}

// parseTypeName splits name(size) and folds the name.
func parseTypeName(text string) typeName {
	text = strings.TrimSpace(text)
	name, size := text, ""
	if open := strings.IndexByte(text, '('); open >= 0 {
		if end := strings.IndexByte(text[open:], ')'); end >= 0 {
			name = text[:open] + text[open+end+1:]
			size = strings.ReplaceAll(text[open+1:open+end], " ", "")
		}
	}
	base := strings.Join(strings.Fields(strings.ToLower(name)), " ")
	if synonym, ok := typeSynonyms[base]; ok {
		base = synonym
	}
	return typeName{base: base, size: strings.ToLower(size)}
}

func (t typeName) isRecord() bool { return t.base == "record" }
func (t typeName) isCharacter() bool {
	return t.base == "varchar" || t.base == "char" || t.base == "refcursor"
}

// same reports whether a value of the other type needs no cast.
func (t typeName) same(other typeName) bool { return t.base == other.base && t.size == other.size }

// literalType is the type that a literal of this type is cast to. VARCHAR without a length means any length for a
// variable, but 256 bytes for CAST.
func (t typeName) literalType() string {
	switch {
	case t.base == "refcursor" || t.base == "unknown", t.base == "varchar" && t.size == "":
		return "character varying(65535)"
	case t.base == "char" && t.size == "":
		return "character(1)"
	case t.size != "":
		return t.display() + "(" + t.size + ")"
	}
	return t.base
}

// length is the number of bytes that a character type holds, 0 when it has no limit.
func (t typeName) length() int {
	switch {
	case t.base == "char" && t.size == "":
		return 1
	case t.size == "max":
		return 65535
	}
	n, err := strconv.Atoi(t.size)
	if err != nil {
		return 0
	}
	return n
}

// unlimited is the type of an argument, where the length of a character type does not count.
func (t typeName) unlimited() typeName {
	if t.base == "varchar" || t.base == "char" {
		return parseTypeName("character varying")
	}
	return t
}

// display is the type as error messages spell it.
func (t typeName) display() string {
	switch t.base {
	case "varchar":
		return "character varying"
	case "char":
		return "character"
	}
	return t.base
}

var integerBits = map[string]int{"smallint": 16, "integer": 32, "bigint": 64}

// integer reads a value of an integer type.
func (t typeName) integer(v Value) (int64, bool) {
	bits, ok := integerBits[t.base]
	if !ok || v.Null {
		return 0, false
	}
	n, err := strconv.ParseInt(v.Text, 10, bits)
	return n, err == nil
}

// category groups the types between which calls convert arguments by themselves.
func (t typeName) category() string {
	switch t.base {
	case "smallint", "integer", "bigint", "numeric", "real", "double precision":
		return "number"
	case "varchar", "char", "refcursor":
		return "text"
	case "date", "timestamp", "timestamp with time zone":
		return "time"
	}
	return t.base
}
