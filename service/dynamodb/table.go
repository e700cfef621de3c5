package dynamodb

import (
	"time"

	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service/dynamodb/attribute"
	"github.com/stepwell/stepwell/value"
)

const (
	active   = "ACTIVE"
	deleting = "DELETING"
)

// table is what is kept of a table. Each of its spaces holds pairs: that of the table its items.
type table struct {
	Name      string
	ID        string
	Space     int64
	Status    string
	Created   time.Time
	Key       schema
	Indexes   []index `json:",omitempty"`
	Billing   string
	Capacity  throughput
	Class     string `json:",omitempty"`
	Protected bool   `json:",omitempty"`
	Tags      []tag  `json:",omitempty"`
	// Expires is the attribute that says when an item's time is over; empty: none does. Its space orders items by it.
	Expires      string `json:",omitempty"`
	ExpiresSpace int64  `json:",omitempty"`
}

// index is a secondary index.
type index struct {
	Name       string
	Global     bool
	Space      int64
	Key        schema
	Projection projection
	Capacity   throughput
}

type throughput struct {
	ReadCapacityUnits  int64
	WriteCapacityUnits int64
}

type projection struct {
	NonKeyAttributes []string
	ProjectionType   string `enum:"ALL|KEYS_ONLY|INCLUDE"`
}

func (t *table) index(name string) (*index, bool) {
	for i := range t.Indexes {
		if t.Indexes[i].Name == name {
			return &t.Indexes[i], true
		}
	}
	return nil, false
}

// spaces are all that belong to the table.
func (t *table) spaces() []int64 {
	all := []int64{t.Space}
	for _, x := range t.Indexes {
		all = append(all, x.Space)
	}
	if t.Expires != "" {
		all = append(all, t.ExpiresSpace)
	}
	return all
}

// project keeps of an item what the index has of it.
func (x *index) project(t *table, item attribute.Item) attribute.Item {
	if x.Projection.ProjectionType == "ALL" {
		return item
	}
	kept := x.Key.keyOf(item)
	for _, k := range t.Key {
		kept[k.Name] = item[k.Name]
	}
	for _, name := range x.Projection.NonKeyAttributes {
		if v, ok := item[name]; ok {
			kept[name] = v
		}
	}
	return kept
}

// check says whether the item's attributes can be keys of the index. An item without them is not in it.
func (x *index) check(item attribute.Item) error {
	for _, k := range x.Key {
		v, ok := item[k.Name]
		switch {
		case !ok:
		case v.Kind != k.Kind:
			return badValue("Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", k.Name, k.Kind, v.Kind, x.Name)
		case v.Kind != attribute.Number && v.Text == "":
			return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. "+
				"The AttributeValue for a key attribute cannot contain an empty string value. IndexName: %s, IndexKey: %s", x.Name, k.Name)
		}
	}
	return nil
}

// pair is what the index holds for an item; ok is false when it has none. A local index holds items whole.
func (x *index) pair(t *table, item attribute.Item) (kv.Pair, bool) {
	if item == nil || len(x.Key.keyOf(item)) < len(x.Key) {
		return kv.Pair{}, false
	}
	kept := item
	if x.Global {
		kept = x.project(t, item)
	}
	return kv.Pair{Key: append(x.Key.encode(item), t.Key.encode(item)...), Body: encode(kept)}, true
}

// expiry is what tells when an item's time is over; ok is false when nothing does.
func (t *table) expiry(item attribute.Item) (kv.Pair, bool) {
	when, ok := item[t.Expires]
	if t.Expires == "" || !ok || when.Kind != attribute.Number {
		return kv.Pair{}, false
	}
	return kv.Pair{Key: append(attribute.AppendKey(nil, when), t.Key.encode(item)...), Body: encode(t.Key.keyOf(item))}, true
}

// encode returns the form in which items are stored.
func encode(item attribute.Item) []byte { return []byte(item.JSON().Compact()) }

func decode(body []byte) (attribute.Item, error) {
	v, err := value.Parse(string(body))
	if err != nil {
		return nil, err
	}
	return attribute.ParseItem(v)
}
