package httptask

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// exchange tells about a call. What a connection adds is hidden, and so are its secrets where the API repeats them.
func exchange(r *http.Request, c Connection, answer *http.Response, body string) service.Exchange {
	e := service.Exchange{Request: service.Message{
		Protocol: r.URL.Scheme, Method: r.Method, URL: c.hideQuery(r), Headers: c.hideHeaders(r.Header), Body: c.hideBody(r),
	}}
	if answer != nil {
		_, status, _ := strings.Cut(answer.Status, " ")
		e.Response = &service.Message{
			Protocol: r.URL.Scheme, StatusCode: strconv.Itoa(answer.StatusCode), StatusMessage: status,
			Headers: hiding(c.secrets(r)).Replace(printed(answer.Header)), Body: body,
		}
	}
	return e
}

// printed are headers as AWS shows them.
func printed(header http.Header) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(header)) {
		all = append(all, name+": "+strings.Join(header[name], ", "))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func (c Connection) hideHeaders(header http.Header) string {
	shown := header.Clone()
	for name := range c.Headers {
		shown.Set(name, hidden)
	}
	if c.APIKey != nil {
		shown.Set(c.APIKey.Header, hidden)
	}
	if (c.Basic != nil || c.OAuth != nil) && shown.Get("Authorization") != "" {
		shown.Set("Authorization", hidden)
	}
	return printed(shown)
}

func (c Connection) hideQuery(r *http.Request) string {
	if len(c.Query) == 0 {
		return r.URL.String()
	}
	shown := *r.URL
	query := shown.Query()
	for name := range c.Query {
		query.Set(name, hidden)
	}
	shown.RawQuery = query.Encode()
	return shown.String()
}

func (c Connection) hideBody(r *http.Request) string {
	reader, err := r.GetBody()
	if err != nil {
		return ""
	}
	text, _ := io.ReadAll(reader) // it is in memory
	if len(c.Body) == 0 {
		return string(text)
	}
	body, err := value.Parse(string(text))
	if err != nil || body.Kind() != value.Object {
		return hidden
	}
	for name := range c.Body {
		body = body.With(name, value.OfString(hidden))
	}
	return body.Compact()
}
