package redshiftdata

import (
	"context"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

type sqlParameter struct {
	Name  string `aws:"required" pattern:"[0-9a-zA-Z_]+"`
	Value string `aws:"required,min=1"`
}

// target is what both execute operations have in common.
type target struct {
	ClientToken             string `aws:"token,min=1,max=64"`
	ClusterIdentifier       string `aws:"max=63" pattern:"[a-z][a-z0-9]*(-[a-z0-9]+)*"`
	Database                string
	DbUser                  string
	Parameters              []sqlParameter `aws:"min=1"`
	ResultFormat            string         `enum:"JSON|CSV"`
	SecretArn               string
	SessionId               string
	SessionKeepAliveSeconds *int64 `aws:"min=0,max=86400"`
	StatementName           string `aws:"max=2048"`
	WithEvent               bool
	WorkgroupName           string `aws:"min=3,max=128"`
}

type executeStatementRequest struct {
	target
	Sql string `aws:"required,min=1,max=102400"`
}

type batchExecuteStatementRequest struct {
	target
	Sqls []string `aws:"required,min=1,max=40"`
}

type executeResponse struct {
	ClusterIdentifier string
	CreatedAt         time.Time
	Database          string
	DbGroups          []string
	DbUser            string
	Id                string
	SecretArn         string
	WorkgroupName     string
}

func (s *Service) executeStatement(ctx context.Context, r *executeStatementRequest) (*executeResponse, error) {
	return s.submit(ctx, &r.target, []string{r.Sql}, false)
}

func (s *Service) batchExecuteStatement(ctx context.Context, r *batchExecuteStatementRequest) (*executeResponse, error) {
	return s.submit(ctx, &r.target, r.Sqls, true)
}

// check holds a request against the rules that go beyond one member.
func (t *target) check(sqls []string) error {
	switch {
	case t.SessionId != "" || t.SessionKeepAliveSeconds != nil && *t.SessionKeepAliveSeconds > 0:
		return refused("sessions (SessionId, SessionKeepAliveSeconds)")
	case t.WithEvent:
		return refused("events of statements (WithEvent)")
	case t.ResultFormat == "CSV":
		return refused("the ResultFormat CSV")
	case t.ClusterIdentifier != "" && t.WorkgroupName != "":
		return invalid("Only one of ClusterIdentifier and WorkgroupName can be given")
	case t.ClusterIdentifier == "" && t.WorkgroupName == "":
		return invalid("One of ClusterIdentifier and WorkgroupName is required")
	case t.WorkgroupName != "" && t.DbUser != "":
		return invalid("DbUser cannot be given with WorkgroupName")
	case t.Database == "":
		return invalid("Database is required")
	}
	return t.checkParameters(sqls)
}

func refused(feature string) error {
	return fault.New(fault.Unsupported, "%s: not supported yet", feature).WithCode(service.ValidationException)
}

// checkParameters sees that every parameter has its use and every placeholder its parameter.
func (t *target) checkParameters(sqls []string) error {
	if len(t.Parameters) == 0 {
		return nil
	}
	var used []string
	for _, sql := range sqls {
		names, err := warehouse.Placeholders(sql)
		if err != nil {
			return nil // a text that cannot be read fails when it runs, as its own error
		}
		used = append(used, names...)
	}
	var given []string
	for _, p := range t.Parameters {
		if slices.Contains(given, p.Name) {
			return invalid("Parameters list contains duplicate parameters. Duplicate parameters: [%s]", p.Name)
		}
		if !slices.Contains(used, p.Name) {
			return invalid("Parameters list contains unused parameters. Unused parameters: [%s]", p.Name)
		}
		given = append(given, p.Name)
	}
	for _, name := range used {
		if !slices.Contains(given, name) {
			return invalid("Parameters list is missing parameters. Missing parameters: [%s]", name)
		}
	}
	return nil
}

// submit makes a statement durable and sets it going.
func (s *Service) submit(ctx context.Context, t *target, sqls []string, batch bool) (*executeResponse, error) {
	if err := t.check(sqls); err != nil {
		return nil, err
	}
	if err := s.purge(ctx); err != nil {
		return nil, err
	}
	request := statementRequest{
		Sqls: sqls, Parameters: t.Parameters, ClusterIdentifier: t.ClusterIdentifier, WorkgroupName: t.WorkgroupName,
		Database: t.Database, DbUser: t.DbUser, SecretArn: t.SecretArn, StatementName: t.StatementName,
	}
	st, fresh, err := s.enter(t.ClientToken, request, batch)
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := s.save(st, func(*statementRecord) {}); err != nil {
			s.drop(st)
			return nil, err
		}
		s.run(st)
	}
	return answer(&st.record), nil
}

// enter gives a request its place among the statements, or finds the statement that its token names.
func (s *Service) enter(token string, request statementRequest, batch bool) (st *statement, fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now().UTC()
	if old, ok := s.tokens[token]; ok && token != "" && now.Sub(old.record.CreatedAt) < tokenMemory {
		if old.record.Batch != batch || !reflect.DeepEqual(old.record.Request, request) {
			return nil, false, invalid("The ClientToken %s was given with another request before", token)
		}
		return old, false, nil
	}
	if s.closed {
		return nil, false, errClosed
	}
	if s.active >= maxActive {
		return nil, false, fault.New(fault.Throttled, "Active statements exceeded the allowed quota (%d).", maxActive).WithCode(codeActiveStatements)
	}
	st = &statement{done: make(chan struct{}), record: statementRecord{
		ID: uuid.NewString(), ClientToken: token, Request: request, Batch: batch, CreatedAt: now, UpdatedAt: now, outcome: unknown(submitted),
	}}
	if batch {
		for range request.Sqls {
			st.record.Parts = append(st.record.Parts, part{unknown(submitted), now, now})
		}
	}
	s.keep(st)
	return st, true, nil
}

// drop takes back a statement that could not be made durable.
func (s *Service) drop(st *statement) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.statements, st.record.ID)
	delete(s.tokens, st.record.ClientToken)
	s.active--
}

// answer is the response of both execute operations; the fields it reads do not change.
func answer(r *statementRecord) *executeResponse {
	return &executeResponse{
		Id: r.ID, CreatedAt: r.CreatedAt, ClusterIdentifier: r.Request.ClusterIdentifier, WorkgroupName: r.Request.WorkgroupName,
		Database: r.Request.Database, DbUser: r.Request.DbUser, SecretArn: r.Request.SecretArn,
	}
}
