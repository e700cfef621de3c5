package console

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/asl/visit"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// eventsPage is how many events stand on a page.
const eventsPage = 100

// events lists a page of the history.
func (p *executionPage) events() error {
	query := p.URL.Query()
	l := &view.EventList{Total: len(p.history.record.Events), Filter: view.EventFilter{
		Type: query.Get("type"), Step: query.Get("step"), Failed: query.Get("failed") != "", Newest: query.Get("order") == "newest",
	}}
	after, err := cursor(query.Get("after"), int64(l.Total))
	if err != nil {
		return err
	}
	opened, _ := strconv.ParseInt(query.Get("event"), 10, 64) // what is no number opens nothing
	l.Types, l.Steps = p.history.choices()
	chosen := p.matching(l.Filter)
	l.Matching = len(chosen)
	if after > 0 {
		l.Pager.First = p.eventsURL("after", "", "event", "")
		at, found := slices.BinarySearchFunc(chosen, after, func(id, after int64) int {
			if l.Filter.Newest {
				return int(after - id)
			}
			return int(id - after)
		})
		if found {
			at++
		}
		chosen = chosen[at:]
	}
	if len(chosen) > eventsPage {
		chosen = chosen[:eventsPage]
		l.Pager.Next = p.eventsURL("after", strconv.FormatInt(chosen[eventsPage-1], 10), "event", "")
	}
	for _, id := range chosen {
		row := p.eventRow(id)
		row.URL = p.eventsURL("event", strconv.FormatInt(id, 10)) + "#event-" + strconv.FormatInt(id, 10)
		if id == opened {
			row.URL = p.eventsURL("event", "")
			if row.Details, err = p.details(id); err != nil {
				return err
			}
		}
		l.Rows = append(l.Rows, row)
	}
	p.shown.Events = l
	return nil
}

// cursor reads the id of the event behind which a page begins.
func cursor(text string, last int64) (int64, error) {
	if text == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || id > last {
		return 0, fault.Invalidf("this execution has no event %q to go on from", text)
	}
	return id, nil
}

// eventsURL is this page with some of its parameters changed, given as name, value, name, value.
func (p *executionPage) eventsURL(changes ...string) string {
	query := url.Values{}
	for name, values := range p.URL.Query() {
		query[name] = slices.Clone(values)
	}
	for i := 0; i+1 < len(changes); i += 2 {
		query.Del(changes[i])
		if changes[i+1] != "" {
			query.Set(changes[i], changes[i+1])
		}
	}
	return p.shown.Base + "?" + query.Encode()
}

// choices are the types and the states that a history's events have.
func (h *history) choices() (types, steps []string) {
	known := map[string]bool{}
	for _, e := range h.record.Events {
		if !known[e.Type] {
			known[e.Type] = true
			types = append(types, e.Type)
		}
	}
	slices.Sort(types)
	steps = h.record.States()
	return types, steps
}

// matching returns the ids of the events that the filter chooses, in the order in which they are shown.
func (p *executionPage) matching(f view.EventFilter) []int64 {
	var ids []int64
	for i, e := range p.history.record.Events {
		if (f.Type == "" || e.Type == f.Type) && (f.Step == "" || e.Visit != nil && e.Visit.Node.Name == f.Step) && (!f.Failed || failure(e.Type)) {
			ids = append(ids, int64(i+1))
		}
	}
	if f.Newest {
		slices.Reverse(ids)
	}
	return ids
}

// failure reports whether an event of a type tells that something went wrong.
func failure(kind string) bool {
	return strings.HasSuffix(kind, "Failed") || strings.HasSuffix(kind, "TimedOut") || strings.HasSuffix(kind, "Aborted")
}

func (p *executionPage) eventRow(id int64) view.EventRow {
	e := p.history.record.Events[id-1]
	row := view.EventRow{ID: id, Type: e.Type, Elapsed: e.At.Sub(p.record.StartTime), At: e.At, Failed: failure(e.Type)}
	if e.Visit != nil {
		row.Step = view.Link{Text: e.Visit.Node.Name}
		if e.Visit.Node.Type != "" {
			row.Step = p.visitLink(e.Visit)
		}
		row.Resource = resourceOf(e.Type, e.Visit)
	}
	return row
}

// resourceOf is what a task's event is about; others have none.
func resourceOf(kind string, v *visit.Visit) string {
	if v.Node.Type != "Task" || strings.HasPrefix(kind, "TaskState") {
		return ""
	}
	return v.Node.Resource
}

// details are an event's details, with the JSON in their texts laid out.
func (p *executionPage) details(id int64) (*view.Document, error) {
	e, err := p.event(id)
	if err != nil {
		return nil, err
	}
	return &view.Document{Full: unfolded(e.Details).Text(), URL: p.shown.Raw("event-" + strconv.FormatInt(id, 10))}, nil
}

// unfolded shows the JSON that stands in the texts of an event's details.
func unfolded(details value.Value) value.Value {
	if details.Kind() != value.Object {
		return value.EmptyObject()
	}
	members := slices.Clone(details.Members())
	for i, m := range members {
		inner, err := value.Parse(m.Value.Str())
		if err == nil && (inner.Kind() == value.Object || inner.Kind() == value.Array) {
			members[i].Value = inner
		}
	}
	return value.OfMembers(members...)
}

// event reads one event of the history.
func (p *executionPage) event(id int64) (machine.HistoryEvent, error) {
	events, err := p.console.Engine.History(p.Context(), p.record.ARN, engine.Page{After: id - 1, Limit: 1}, false)
	if err == nil && (len(events) == 0 || events[0].ID != id) {
		err = fault.New(fault.NotFound, "this execution has no event %d", id)
	}
	if err != nil {
		return machine.HistoryEvent{}, err
	}
	return events[0], nil
}

// nearby is how far apart events are that are read together: they stand in the same piece of the store.
const nearby = 500

// eventsOf reads events by their ids; an id of 0 is none.
func (p *executionPage) eventsOf(ids []int64) (map[int64]machine.HistoryEvent, error) {
	wanted := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return id == 0 })
	slices.Sort(wanted)
	wanted = slices.Compact(wanted)
	events := map[int64]machine.HistoryEvent{}
	for len(wanted) > 0 {
		end := 1
		for end < len(wanted) && wanted[end]-wanted[0] < nearby {
			end++
		}
		page := engine.Page{After: wanted[0] - 1, Limit: int(wanted[end-1] - wanted[0] + 1)}
		read, err := p.console.Engine.History(p.Context(), p.record.ARN, page, false)
		if err != nil {
			return nil, err
		}
		for _, e := range read {
			if slices.Contains(wanted, e.ID) {
				events[e.ID] = e
			}
		}
		wanted = wanted[end:]
	}
	return events, nil
}
