package service

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// RESTRequest is a request of the restJson1 protocol in its parts.
type RESTRequest struct {
	// Labels are the parts of the path that the operation's template names.
	Labels map[string]string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// RESTAnswer is an answer of the restJson1 protocol.
type RESTAnswer struct {
	Status int
	// Header are the members that are bound to headers.
	Header map[string]string
	Body   string
}

// Route finds the operation that a method and an escaped path call, with the labels in the path.
func (s *Service) Route(method, path string) (row *Operation, labels map[string]string, found bool) {
	for i := range s.Operations {
		row := &s.Operations[i]
		verb, template, _ := strings.Cut(row.HTTP, " ")
		template, _, _ = strings.Cut(template, " ")
		if verb != method || template == "" {
			continue
		}
		if labels, ok := match(template, path); ok {
			return row, labels, true
		}
	}
	return nil, nil, false
}

// match compares a path with a template: {Name} stands for one segment, {Name+} for all that follow.
func match(template, path string) (map[string]string, bool) {
	labels := map[string]string{}
	want, got := strings.Split(strings.Trim(template, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, segment := range want {
		name, isLabel := strings.CutPrefix(segment, "{")
		if i >= len(got) {
			return nil, false
		}
		if !isLabel {
			if segment != got[i] {
				return nil, false
			}
			continue
		}
		text := got[i]
		name = strings.TrimSuffix(name, "}")
		if greedy, ok := strings.CutSuffix(name, "+"); ok {
			name, text, got = greedy, strings.Join(got[i:], "/"), got[:i+1]
		}
		label, err := url.PathUnescape(text)
		if err != nil || label == "" {
			return nil, false
		}
		labels[name] = label
	}
	return labels, len(want) == len(got)
}

// successStatus is the third word of the operation's HTTP field.
func (o *Operation) successStatus() int {
	if words := strings.Fields(o.HTTP); len(words) == 3 {
		if status, err := strconv.Atoi(words[2]); err == nil {
			return status
		}
	}
	return http.StatusOK
}

// CallREST carries out an operation for a client of the restJson1 protocol. Errors: those of CallJSON.
func (s *Service) CallREST(ctx context.Context, row *Operation, request RESTRequest) (RESTAnswer, error) {
	body, err := s.restBody(row, request)
	if err != nil {
		return RESTAnswer{}, err
	}
	response, err := row.callWire(ctx, body, &s.Protocol)
	if err != nil {
		return RESTAnswer{}, err
	}
	return s.restAnswer(row, reflect.ValueOf(response).Elem())
}

// restBody makes one JSON object of all the parts of a request.
func (s *Service) restBody(row *Operation, request RESTRequest) (value.Value, error) {
	var payload string
	for _, m := range shapeOf(row.request).members {
		if m.in == inPayload {
			payload = m.wireName(s.Protocol.Camel)
		}
	}
	var members []value.Member
	switch {
	case payload != "" && len(request.Body) > 0:
		members = append(members, value.Member{Key: payload, Value: value.OfString(string(request.Body))})
	case payload == "" && len(request.Body) > 0:
		body, err := value.Parse(string(request.Body))
		if err != nil {
			return value.Value{}, unreadable("The body is not JSON: " + err.Error())
		}
		if body.Kind() != value.Object {
			return value.Value{}, unreadable(unconvertible(body.Kind(), "an OBJECT"))
		}
		members = append(members, body.Members()...)
	}
	bound, err := s.boundMembers(row, request)
	return value.OfMembers(append(members, bound...)...), err
}

// boundMembers reads the members of a request that travel outside its body.
func (s *Service) boundMembers(row *Operation, request RESTRequest) ([]value.Member, error) {
	var members []value.Member
	for _, m := range shapeOf(row.request).members {
		var texts []string
		switch name := m.wireName(s.Protocol.Camel); {
		case m.in == inQuery:
			texts = request.Query[m.at]
		case m.in == inHeader:
			texts = request.Header.Values(m.at)
		default:
			if label, ok := request.Labels[name]; ok {
				texts = []string{label}
			}
		}
		if len(texts) == 0 {
			continue
		}
		v, err := boundValue(row.request.FieldByIndex(m.index).Type, m.name, texts)
		if err != nil {
			return nil, err
		}
		members = append(members, value.Member{Key: m.wireName(s.Protocol.Camel), Value: v})
	}
	return members, nil
}

// boundValue reads the texts of one member: a list takes all of them, anything else the first.
func boundValue(t reflect.Type, name string, texts []string) (value.Value, error) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	isList := t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8
	if isList {
		t = t.Elem()
	} else {
		texts = texts[:1]
	}
	items := make([]value.Value, len(texts))
	for i, text := range texts {
		q := fields{form: url.Values{name: {text}}}
		items[i], _ = q.scalar(t, name)
		if q.problem != "" {
			return value.Value{}, unreadable(q.problem)
		}
	}
	if isList {
		return value.OfItems(items), nil
	}
	return items[0], nil
}

// restAnswer puts the members of a response where the protocol has them.
func (s *Service) restAnswer(row *Operation, from reflect.Value) (RESTAnswer, error) {
	answer := RESTAnswer{Status: row.successStatus(), Header: map[string]string{}}
	p := printer{moments: epochTime, wire: &s.Protocol}
	raw, isRaw := "", false
	for _, m := range shapeOf(from.Type()).members {
		field := from.FieldByIndex(m.index)
		switch {
		case m.in == inStatus:
			answer.Status = int(field.Int())
		case m.in == inPayload:
			raw, isRaw = string(field.Bytes()), true
		case m.in == inHeader && !absent(field):
			answer.Header[m.at] = field.String()
		}
	}
	if isRaw {
		answer.Body = raw
		return answer, nil
	}
	if answer.Status != http.StatusNoContent {
		answer.Body = p.print(from).Text()
	}
	return answer, p.err
}
