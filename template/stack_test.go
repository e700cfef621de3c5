package template_test

import (
	"reflect"
	"testing"

	"github.com/stepwell/stepwell/template"
)

// No field of a Stack is forgotten when stacks are joined.
func TestJoin(t *testing.T) {
	var one template.Stack
	fields := reflect.ValueOf(&one).Elem()
	for i := range fields.NumField() {
		switch field := fields.Field(i); field.Kind() {
		case reflect.Slice:
			field.Set(reflect.MakeSlice(field.Type(), 1, 1))
		case reflect.Map:
			field.Set(reflect.MakeMap(field.Type()))
			field.SetMapIndex(reflect.ValueOf("A"), reflect.Zero(field.Type().Elem()))
		default:
			t.Fatalf("the test does not know the kind of %s", fields.Type().Field(i).Name)
		}
	}
	var all template.Stack
	all.Join(&one)
	joined := reflect.ValueOf(all)
	for i := range joined.NumField() {
		if joined.Field(i).Len() != 1 {
			t.Errorf("Join forgets %s", joined.Type().Field(i).Name)
		}
	}
}
