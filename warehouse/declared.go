package warehouse

import (
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// internalNames maps the names that SQL uses to those of Column.Type.
var internalNames = map[string]string{"boolean": "bool", "smallint": "int2", "integer": "int4", "bigint": "int8", "real": "float4",
	"double precision": "float8", "character varying": "varchar", "character": "bpchar",
	"timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
	"time without time zone": "time", "time with time zone": "timetz", "binary varying": "varbyte"}

func internalName(t syntax.Type) string {
	if name, ok := internalNames[t.Name]; ok {
		return name
	}
	return t.Name
}

// declared returns the type as a definition writes it. A text of unknown length may be as long as any.
func (c Column) declared() syntax.Type {
	t := syntax.Type{Name: c.Type}
	for name, internal := range internalNames {
		if internal == c.Type {
			t.Name = name
		}
	}
	switch c.Type {
	case "numeric":
		t.Args = []int{c.Precision, c.Scale}
	case "varchar", "bpchar":
		t.Args = []int{c.Length}
		if c.Length == 0 {
			t.Args[0] = maxVarchar
		}
	}
	return t
}

// maxVarchar is the longest text in bytes.
const maxVarchar = 65535

// columnOfType describes a column of a declared type.
func columnOfType(name, declared string) (Column, error) {
	t, err := parseType(declared)
	if err != nil {
		return Column{}, err
	}
	c := Column{Name: name, Type: internalName(t)}
	switch {
	case c.Type == "numeric" && len(t.Args) == 2:
		c.Precision, c.Scale = t.Args[0], t.Args[1]
	case len(t.Args) == 1:
		c.Length = t.Args[0]
	}
	return c, nil
}

func parseType(declared string) (syntax.Type, error) {
	tokens, err := syntax.Scan(declared)
	if err != nil {
		return syntax.Type{}, err
	}
	t, _, err := syntax.ParseType(tokens)
	if err != nil {
		return t, fault.Invalidf("type %q does not exist", declared).WithCode("42704")
	}
	return t, nil
}
