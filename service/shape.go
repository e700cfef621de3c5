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
	item     string // of a list's elements in awsQuery
	min, max int64  // -1: unbounded
	pattern  *regexp.Regexp
	enum     []string
	in       location
	at       string // the name of the query parameter or header
}

// location is where a member travels in the restJson1 protocol.
type location uint8

const (
	inBody location = iota
	inQuery
	inHeader
	inPayload
	inStatus
)

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
	m := member{name: f.Name, index: f.Index, item: "member", min: -1, max: -1}
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
	key, text, _ := strings.Cut(word, "=")
	flags := map[string]*bool{
		"required": &m.required, "token": &m.token, "json": &m.json, "always": &m.always, "stream": &m.stream, "camel": &m.camel,
	}
	if flag, ok := flags[key]; ok {
		*flag = true
		return nil
	}
	switch key {
	case "":
	case "item":
		m.item = text
	case "query":
		m.in, m.at = inQuery, text
	case "header":
		m.in, m.at = inHeader, text
	case "payload":
		m.in, m.stream = inPayload, true
	case "status":
		m.in = inStatus
	case "min", "max":
		n, err := strconv.ParseInt(text, 10, 64)
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
