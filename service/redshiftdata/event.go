package redshiftdata

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/value"
)

// Event is the news, for an event bus, that a statement submitted WithEvent has ended.
type Event struct {
	Source, DetailType string
	Time               time.Time
	Resources          []string // the ARN of the cluster or workgroup
	Detail             value.Value
}

// Events is an event bus.
type Events interface {
	// Put returns when the event is safe with the bus. After an error the next process puts it again, and after a crash
	// it may come twice.
	Put(ctx context.Context, e Event) error
}

// SendEvents gives the bus the events of statements that ask for them. Without it they go nowhere.
func SendEvents(bus Events) Option {
	return func(s *Service) { s.events = bus }
}

// tell gives the bus the event of a statement that has ended, and remembers that it has it.
func (s *Service) tell(st *statement) {
	s.mu.Lock()
	due, event := st.record.EventDue, s.event(&st.record)
	s.mu.Unlock()
	if !due || s.events == nil || s.events.Put(s.working, event) != nil {
		return
	}
	s.mu.Lock()
	st.record.EventDue = false
	s.mu.Unlock()
	_ = s.put(st) // if this is lost, the event comes twice
}

func (s *Service) event(r *statementRecord) Event {
	var members []value.Member
	add := func(name string, v value.Value) { members = append(members, value.Member{Key: name, Value: v}) }
	add("principal", value.OfString(r.Principal))
	if r.Request.StatementName != "" {
		add("statementName", value.OfString(r.Request.StatementName))
	}
	add("statementId", value.OfString(r.ID))
	add("redshiftQueryId", value.OfInt(r.queryID()))
	add("state", value.OfString(string(r.Status)))
	add("rows", value.OfInt(r.ResultRows))
	add("expireAt", value.OfInt(r.CreatedAt.Add(retention).Unix()))
	to := r.to()
	resource := s.site.ClusterARN(to.ClusterIdentifier)
	if to.WorkgroupName != "" {
		resource = s.site.WorkgroupARN(to.WorkgroupName)
	}
	return Event{
		Source: "aws.redshift-data", DetailType: "Redshift Data Statement Status Change", Time: r.UpdatedAt,
		Resources: []string{resource}, Detail: value.OfMembers(members...),
	}
}
