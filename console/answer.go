package console

import (
	"time"

	"github.com/stepwell/stepwell/value"
)

// text is a member of an answer, empty when it is not there or no text.
func text(answer value.Value, name string) string {
	member, ok := answer.Get(name)
	if !ok || member.Kind() != value.String {
		return ""
	}
	return member.Str()
}

// number is a member of an answer, 0 when it is not there.
func number(answer value.Value, name string) int64 {
	member, _ := answer.Get(name)
	n, _ := member.Int()
	return n
}

// instant is a member of an answer that holds seconds since 1970, zero when it is not there.
func instant(answer value.Value, name string) time.Time {
	member, _ := answer.Get(name)
	seconds, ok := member.Float()
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds * 1000)).UTC()
}

// milli is a member of an answer that holds milliseconds since 1970, zero when it is not there.
func milli(answer value.Value, name string) time.Time {
	if n := number(answer, name); n > 0 {
		return time.UnixMilli(n).UTC()
	}
	return time.Time{}
}

// items are the elements of a list in an answer.
func items(answer value.Value, name string) []value.Value {
	member, _ := answer.Get(name)
	return member.Items()
}
