// Package item takes files apart into the items of a distributed Map: CSV, JSON and JSON Lines. It reads as it goes, so a file of
// any length needs the memory of one item. It opens nothing itself, and knows no state machine.
//
//	for item, err := range item.CSV(file, item.CSVOptions{}) { … }
//
// Its errors are sentences about the file, such as those that Step Functions gives as the cause of States.ItemReaderFailed.
package item

import (
	"fmt"

	"github.com/stepwell/stepwell/value"
)

// Item is one item.
type Item struct {
	Value value.Value
	// Key is the name under which an object holds the item; HasKey says that there is one. The Value is then an object of both.
	Key    string
	HasKey bool
	// Source is the URI of the object that the item stands in; empty: the state's input.
	Source string
}

// maxItem is how many bytes of a file one item may take.
const maxItem = 8 << 20

func tooLong() error { return fmt.Errorf("An item is longer than %d bytes.", maxItem) }

// pair is a member of an object as an item: an object of Key and Value.
func pair(m value.Member) Item {
	v := value.OfMembers(value.Member{Key: "Key", Value: value.OfString(m.Key)}, value.Member{Key: "Value", Value: m.Value})
	return Item{Value: v, Key: m.Key, HasKey: true}
}

// Of returns the items of a value that is at hand: of an array its elements, of an object its members; ok is false for others.
func Of(v value.Value) (items []Item, ok bool) {
	for _, element := range v.Items() {
		items = append(items, Item{Value: element})
	}
	for _, m := range v.Members() {
		items = append(items, pair(m))
	}
	return items, v.Kind() == value.Array || v.Kind() == value.Object
}
