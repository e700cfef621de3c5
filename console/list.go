package console

import (
	"net/url"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// cursor reads the place in a list that an address names; 0: its beginning.
func (r *request) cursor(name string) (int64, error) {
	given := r.URL.Query().Get(name)
	if given == "" {
		return 0, nil
	}
	place, err := strconv.ParseInt(given, 10, 64)
	if err != nil || place < 0 {
		return 0, fault.Invalidf("the address has no place %q in this list", given)
	}
	return place, nil
}

// pager leads to the part of a list behind next, which stands in the parameter name; empty: there is none. What else the
// address says stays.
func (r *request) pager(name, next string) view.Pager {
	var p view.Pager
	query := r.URL.Query()
	if query.Has(name) {
		query.Del(name)
		p.First = pathWith(r.URL.Path, query)
	}
	if next != "" {
		query.Set(name, next)
		p.Next = pathWith(r.URL.Path, query)
	}
	return p
}

func pathWith(path string, query url.Values) string {
	u := url.URL{Path: path, RawQuery: query.Encode()}
	return u.String()
}

// listed calls an operation that lists, for the page that the parameter after names. Its token is the member NextToken in the
// service's own spelling.
func (r *request) listed(service, operation, token string, members ...value.Member) (answer value.Value, p view.Pager, err error) {
	if after := r.URL.Query().Get("after"); after != "" {
		members = append(members, member(token, value.OfString(after)))
	}
	if answer, err = r.call(service, operation, members...); err != nil {
		return answer, p, err
	}
	return answer, r.pager("after", text(answer, token)), nil
}

// formTime is how a browser's field for date and time spells a moment.
const formTime = "2006-01-02T15:04"

// timeOf reads a moment of a form, in UTC; zero when nothing was typed.
func timeOf(name, typed string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{formTime, formTime + ":05", time.DateOnly} {
		if t, err := time.Parse(layout, typed); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fault.Invalidf("%s: %q is not a time such as 2026-03-01T18:30", name, typed)
}
