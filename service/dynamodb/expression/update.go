package expression

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/service/dynamodb/attribute"
)

// Update is a parsed update expression.
type Update struct {
	sets     []assignment
	removes  []Path
	adds     []change
	deletes  []change
	sections map[string]bool
	paths    []Path
}

type assignment struct {
	path  Path
	value term
}

// change is one action of ADD or DELETE.
type change struct {
	path  Path
	value attribute.Value
}

// Update parses an update expression.
func (s *Scope) Update(text string) (*Update, error) {
	return parse(s, update, text, (*parser).update)
}

// Paths are the document paths that the update writes to.
func (u *Update) Paths() Selection { return u.paths }

func (p *parser) update() *Update {
	u := &Update{sections: map[string]bool{}}
	actions := map[string]func(*Update){
		"SET": p.set(), "REMOVE": p.remove(), "ADD": p.change("ADD"), "DELETE": p.change("DELETE"),
	}
	for p.peek().kind != end {
		section := strings.ToUpper(p.peek().text)
		action, ok := actions[section]
		if !ok {
			p.unexpected()
		}
		if u.sections[section] {
			p.fail("The %q section can only be used once in an update expression;", section)
		}
		u.sections[section] = true
		p.at++
		for action(u); p.accept(","); action(u) {
		}
	}
	return u
}

// target reads the path of an action.
func (p *parser) target(u *Update) Path {
	path := p.path()
	p.distinct(u.paths, path)
	u.paths = append(u.paths, path)
	return path
}

func (p *parser) set() func(*Update) {
	return func(u *Update) {
		path := p.target(u)
		p.expect("=")
		u.sets = append(u.sets, assignment{path, p.sum()})
	}
}

func (p *parser) remove() func(*Update) {
	return func(u *Update) { u.removes = append(u.removes, p.target(u)) }
}

// change reads an action of ADD or DELETE.
func (p *parser) change(section string) func(*Update) {
	return func(u *Update) {
		path := p.target(u)
		if p.peek().kind != valuePlaceholder {
			p.unexpected()
		}
		v := *p.literal()
		if !v.IsSet() && (section == "DELETE" || v.Kind != attribute.Number) {
			p.fail("Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND",
				section, typeNames[v.Kind], section)
		}
		if section == "ADD" {
			u.adds = append(u.adds, change{path, v})
		} else {
			u.deletes = append(u.deletes, change{path, v})
		}
	}
}

var typeNames = map[attribute.Kind]string{
	attribute.String: "STRING", attribute.Number: "NUMBER", attribute.Binary: "BINARY", attribute.Bool: "BOOLEAN", attribute.Null: "NULL",
	attribute.List: "LIST", attribute.Map: "MAP", attribute.StringSet: "STRING_SET", attribute.NumberSet: "NUMBER_SET", attribute.BinarySet: "BINARY_SET",
}

var (
	errPath    = invalid("The document path provided in the update expression is invalid for update")
	errMissing = invalid("The provided expression refers to an attribute that does not exist in the item")
	errType    = invalid("An operand in the update expression has an incorrect data type")
)

// Apply returns the item after the update; the item given stays as it is. All values are those before the update.
func (u *Update) Apply(item attribute.Item) (attribute.Item, error) {
	root := attribute.Value{Kind: attribute.Map, Members: item.Clone()}
	values := make([]attribute.Value, len(u.sets))
	for i, set := range u.sets {
		var err error
		if values[i], err = set.value.evaluate(item); err != nil {
			return nil, err
		}
	}
	for _, i := range u.setOrder() {
		if err := store(&root, u.sets[i].path, values[i].Clone()); err != nil {
			return nil, err
		}
	}
	for _, c := range u.adds {
		if err := c.add(&root); err != nil {
			return nil, err
		}
	}
	for _, c := range u.deletes {
		if err := c.delete(&root); err != nil {
			return nil, err
		}
	}
	for _, path := range u.removeOrder() {
		if err := remove(&root, path); err != nil {
			return nil, err
		}
	}
	return root.Members, nil
}

// setOrder is the order in which elements are put behind a list's end: by their indexes.
func (u *Update) setOrder() []int {
	order := make([]int, len(u.sets))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := u.sets[i].path, u.sets[j].path
		return a[len(a)-1].index - b[len(b)-1].index
	})
	return order
}

// removeOrder is from the last element of a list to the first, because those behind a removed one move.
func (u *Update) removeOrder() []Path {
	order := slices.Clone(u.removes)
	slices.SortStableFunc(order, func(a, b Path) int {
		for i := range min(len(a), len(b)) {
			if a[i].index != b[i].index {
				return b[i].index - a[i].index
			}
		}
		return 0
	})
	return order
}
