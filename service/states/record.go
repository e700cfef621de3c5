package states

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
)

// stateMachine is everything about a state machine but the texts of its revisions.
type stateMachine struct {
	ARN, Name, Type string
	Created         time.Time
	Revision        string // the id of the current one
	Versions        []version
	LastVersion     int64 // numbers are never given twice
	Aliases         []alias
	Tags            []tag
}

// content is what an update of a state machine changes.
type content struct {
	Definition string
	File       string
	RoleARN    string
	Logging    loggingConfiguration
	Tracing    tracingConfiguration
}

// revision is one state of a state machine's content. It stays when the machine is deleted, because its executions are
// described with it.
type revision struct {
	ID      string
	Initial bool // AWS shows no id for it
	Created time.Time
	content
}

// shownID is the id as callers see it.
func (r *revision) shownID() string {
	if r.Initial {
		return ""
	}
	return r.ID
}

type version struct {
	Number      int64
	Revision    string
	Description string
	Created     time.Time
}

type alias struct {
	Name, Description string
	Routes            []route
	Created, Updated  time.Time
}

type activity struct {
	ARN, Name string
	Created   time.Time
	Tags      []tag
}

const (
	machineKind  = "states.machine"
	revisionKind = "states.revision"
	activityKind = "states.activity"
)

// advance gives a machine its next revision. The caller holds the lock.
func (s *Service) advance(m *stateMachine, c content, now time.Time) *revision {
	r := &revision{ID: uuid.NewString(), Initial: m.Revision == "", Created: now, content: c}
	s.revisions[r.ID] = r
	m.Revision = r.ID
	return r
}

// keep writes a machine and its current revision. The caller holds the lock.
func (s *Service) keep(ctx context.Context, m *stateMachine) error {
	// The revision first: a machine on disk always has one.
	if err := s.put(ctx, revisionKind, m.Revision, s.revisions[m.Revision]); err != nil {
		return err
	}
	return s.put(ctx, machineKind, m.ARN, m)
}

func (s *Service) put(ctx context.Context, kind, id string, record any) error {
	if s.records == nil {
		return nil
	}
	body, err := json.Marshal(record)
	if err != nil {
		return err
	}
	return s.records.Put(ctx, kind, id, body)
}

func (s *Service) drop(ctx context.Context, kind, id string) error {
	if s.records == nil {
		return nil
	}
	return s.records.Delete(ctx, kind, id)
}

// load reads what an earlier process kept.
func (s *Service) load(ctx context.Context) error {
	if err := loadKind(ctx, s, revisionKind, s.revisions); err != nil {
		return err
	}
	if err := loadKind(ctx, s, machineKind, s.machines); err != nil {
		return err
	}
	return loadKind(ctx, s, activityKind, s.activities)
}

func loadKind[R any](ctx context.Context, s *Service, kind string, into map[string]*R) error {
	return s.records.List(ctx, kind, func(id string, body []byte) error {
		record := new(R)
		if err := json.Unmarshal(body, record); err != nil {
			return fault.New(fault.Internal, "read %s %s", kind, id).Because(err)
		}
		into[id] = record
		return nil
	})
}
