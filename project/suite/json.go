package suite

import (
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/stepwell/stepwell/value"
)

// JSON is a JSON value that is written down as YAML: keys keep their order, numbers their spelling.
type JSON struct{ value.Value }

// UnmarshalYAML reads the value of a node.
func (j *JSON) UnmarshalYAML(n *yaml.Node) (err error) {
	j.Value, err = valueOf(n)
	return err
}

func valueOf(n *yaml.Node) (value.Value, error) {
	switch n.Kind {
	case yaml.AliasNode:
		return valueOf(n.Alias)
	case yaml.SequenceNode:
		items := make([]value.Value, len(n.Content))
		for i, item := range n.Content {
			var err error
			if items[i], err = valueOf(item); err != nil {
				return value.Value{}, err
			}
		}
		return value.OfItems(items), nil
	case yaml.MappingNode:
		var members []value.Member
		for i := 0; i+1 < len(n.Content); i += 2 {
			v, err := valueOf(n.Content[i+1])
			if err != nil {
				return v, err
			}
			members = append(members, value.Member{Key: n.Content[i].Value, Value: v})
		}
		return value.OfMembers(members...), nil
	}
	return scalar(n)
}

func scalar(n *yaml.Node) (value.Value, error) {
	switch n.Tag {
	case "!!null":
		return value.NullValue(), nil
	case "!!bool":
		b, err := strconv.ParseBool(n.Value)
		return value.OfBool(b), err
	case "!!int", "!!float":
		if v, err := value.Parse(n.Value); err == nil {
			return v, nil
		}
		return value.Value{}, fmt.Errorf("line %d: %s is not a number of JSON", n.Line, n.Value)
	}
	return value.OfString(n.Value), nil
}
