package service

import (
	"fmt"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// member is one field of a request or response type, with what its tags say.
type member struct {
	name     string
	index    []int
	required bool
	token    bool
	json     bool
	always   bool
	stream   bool
	camel    bool
	min, max int64 // -1: unbounded
	pattern  *regexp.Regexp
	enum     []string
}

// shape is a struct type: its members ordered by name, streams last, as the Java SDK prints them.
type shape struct {
	members []member
}

var shapes sync.Map // of reflect.Type to *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{}
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous && f.IsExported() {
			s.members = append(s.members, memberOf(t, f))
		}
	}
	sort.SliceStable(s.members, func(i, j int) bool {
		a, b := s.members[i], s.members[j]
		if a.stream != b.stream {
			return b.stream
		}
		return a.name < b.name
	})
	shapes.Store(t, s)
	return s
}

// wireName is the member's name in the service's own protocol.
func (m member) wireName(camel bool) string {
	if camel || m.camel {
		return lowerFirst(m.name)
	}
	return m.name
}

func (s *shape) member(name string) (member, bool) {
	at := sort.Search(len(s.members), func(i int) bool { return s.members[i].stream || s.members[i].name >= name })
	for ; at < len(s.members); at++ {
		if s.members[at].name == name {
			return s.members[at], true
		}
	}
	return member{}, false
}

func memberOf(t reflect.Type, f reflect.StructField) member {
	m := member{name: f.Name, index: f.Index, min: -1, max: -1}
	for word := range strings.SplitSeq(f.Tag.Get("aws"), ",") {
		if err := m.apply(word); err != nil {
			panic(fmt.Sprintf("service: %s.%s: %v", t, f.Name, err))
		}
	}
	if p := f.Tag.Get("pattern"); p != "" {
		m.pattern = regexp.MustCompile("^(?:" + p + ")$")
	}
	if e := f.Tag.Get("enum"); e != "" {
		m.enum = strings.Split(e, "|")
	}
	return m
}

func (m *member) apply(word string) error {
	key, number, _ := strings.Cut(word, "=")
	switch key {
	case "":
	case "required":
		m.required = true
	case "token":
		m.token = true
	case "json":
		m.json = true
	case "always":
		m.always = true
	case "stream":
		m.stream = true
	case "camel":
		m.camel = true
	case "min", "max":
		n, err := strconv.ParseInt(number, 10, 64)
		if key == "min" {
			m.min = n
		} else {
			m.max = n
		}
		return err
	default:
		return fmt.Errorf("unknown word %q in the aws tag", word)
	}
	return nil
}

func join(parts []string, separator string) string { return strings.Join(parts, separator) }
