package httptask

import (
	"context"
	"maps"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/value"
)

const (
	formType = "application/x-www-form-urlencoded"
	jsonType = "application/json"
)

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodOptions, http.MethodHead}

// forbidden are the headers that a state machine may not set; so are those that begin like forbiddenStarts.
var (
	forbidden = []string{"A-Im", "Accept-Charset", "Accept-Datetime", "Accept-Encoding", "Cache-Control", "Connection", "Content-Encoding",
		"Content-Length", "Content-Md5", "Date", "Expect", "Forwarded", "From", "Host", "Http2-Settings", "If-Match", "If-Modified-Since",
		"If-None-Match", "If-Range", "If-Unmodified-Since", "Max-Forwards", "Origin", "Pragma", "Proxy-Authorization", "Referer", "Server",
		"Te", "Trailer", "Transfer-Encoding", "Upgrade", "Via", "Warning"}
	forbiddenStarts = []string{"X-Forwarded-", "X-Amz-", "X-Amzn-"}
)

// request makes the request of a call, without credentials.
func (s *Service) request(ctx context.Context, r *invokeRequest, c Connection) (*http.Request, error) {
	switch {
	case r.ApiEndpoint == "":
		return nil, unusable("The field 'ApiEndpoint' is required")
	case r.Method == "":
		return nil, unusable("The field 'Method' is required")
	case !slices.Contains(methods, r.Method):
		return nil, unusable("The value for the field 'Method' must be one of " + strings.Join(methods, ", "))
	}
	address, err := endpoint(r, c)
	if err != nil {
		return nil, err
	}
	header, err := s.headers(r, c)
	if err != nil {
		return nil, err
	}
	body, err := r.body(c, header)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, address, strings.NewReader(body))
	if err != nil {
		return nil, unusable("The value for the field 'ApiEndpoint' must be a URL")
	}
	request.Header = header
	return request, nil
}

// endpoint is the address of a call with its query.
func endpoint(r *invokeRequest, c Connection) (string, error) {
	u, err := url.Parse(r.ApiEndpoint)
	switch {
	case err != nil || u.Host == "" || u.User != nil:
		return "", unusable("The value for the field 'ApiEndpoint' must be a URL")
	case u.Scheme != "https" && (u.Scheme != "http" || !here(u.Hostname())):
		return "", unusable("The value for the field 'ApiEndpoint' must be a URL that begins with https://")
	}
	if r.QueryParameters.IsZero() && len(c.Query) == 0 {
		return r.ApiEndpoint, nil
	}
	query := u.Query()
	err = each("QueryParameters", r.QueryParameters, func(name string, texts []string) error {
		query[name] = texts
		return nil
	})
	for name, text := range c.Query {
		query.Set(name, text)
	}
	u.RawQuery = query.Encode()
	return u.String(), err
}

// here says whether a host is this machine.
func here(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && address.IsLoopback()
}

var headerName = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

func isControl(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }

func (s *Service) headers(r *invokeRequest, c Connection) (http.Header, error) {
	header := http.Header{"User-Agent": {"Amazon|StepFunctions|HttpInvoke|" + s.region}, "Range": {"bytes=0-262144"}}
	err := each("Headers", r.Headers, func(name string, texts []string) error {
		key := http.CanonicalHeaderKey(name)
		if slices.Contains(forbidden, key) || slices.ContainsFunc(forbiddenStarts, func(start string) bool { return strings.HasPrefix(key, start) }) {
			return unusable("The header '" + name + "' is not allowed in the field 'Headers'")
		}
		if !headerName.MatchString(name) || slices.ContainsFunc(texts, func(text string) bool { return strings.ContainsFunc(text, isControl) }) {
			return unusable("The field 'Headers' has a name or value that no header can have")
		}
		header[key] = texts
		return nil
	})
	for name, text := range c.Headers {
		header.Set(name, text)
	}
	if header.Get("Content-Type") == "" && (!r.RequestBody.IsZero() || len(c.Body) > 0) {
		header.Set("Content-Type", jsonType)
	}
	return header, err
}

// each visits the members of an object whose values are scalars or lists of them.
func each(field string, object value.Value, visit func(name string, texts []string) error) error {
	if object.IsZero() {
		return nil
	}
	if object.Kind() != value.Object {
		return unusable("The value for the field '" + field + "' must be an OBJECT")
	}
	for _, m := range object.Members() {
		items := []value.Value{m.Value}
		if m.Value.Kind() == value.Array {
			items = m.Value.Items()
		}
		texts := make([]string, len(items))
		for i, item := range items {
			if item.Kind() == value.Object || item.Kind() == value.Array {
				return unusable("The value for the field '" + m.Key + "' must be a STRING")
			}
			texts[i] = scalar(item)
		}
		if err := visit(m.Key, texts); err != nil {
			return err
		}
	}
	return nil
}

// scalar is a text as it is, and the JSON of anything else.
func scalar(v value.Value) string {
	if v.Kind() == value.String {
		return v.Str()
	}
	return v.Compact()
}

// body is what the request carries, joined with what the connection adds.
func (r *invokeRequest) body(c Connection, header http.Header) (string, error) {
	body := r.RequestBody
	for _, name := range slices.Sorted(maps.Keys(c.Body)) {
		if body.IsZero() {
			body = value.EmptyObject()
		}
		if body.Kind() == value.Object {
			body = body.With(name, value.OfString(c.Body[name]))
		}
	}
	encoding, format := "NONE", ""
	if t := r.Transform; t != nil {
		encoding = t.RequestBodyEncoding
		if t.RequestEncodingOptions != nil {
			format = t.RequestEncodingOptions.ArrayFormat
		}
	}
	switch {
	case encoding == "URL_ENCODED":
		if kind, _, _ := mime.ParseMediaType(header.Get("Content-Type")); kind != formType {
			return "", unusable("The RequestBodyEncoding URL_ENCODED needs the header 'Content-Type' with the value " + formType)
		}
		return encodeForm(body, format)
	case encoding != "NONE" && encoding != "":
		return "", unusable("The value for the field 'RequestBodyEncoding' must be NONE or URL_ENCODED")
	case body.IsZero():
		return "", nil
	}
	return scalar(body), nil
}

// reason is what went wrong with a connection, without the address, whose query is nobody's business.
func reason(err error) string {
	if wrapped, ok := err.(*url.Error); ok {
		err = wrapped.Err
	}
	if timeout, ok := err.(net.Error); ok && timeout.Timeout() {
		return "no answer in " + callTime.String()
	}
	return err.Error()
}
