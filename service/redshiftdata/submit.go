package redshiftdata

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

type sqlParameter struct {
	Name  string `aws:"camel,required" pattern:"[0-9a-zA-Z_]+"`
	Value string `aws:"camel,required,min=1"`
}

// target is what both execute operations have in common.
type target struct {
	place
	ClientToken             string `aws:"token,min=1,max=64"`
	Database                string
	Parameters              []sqlParameter `aws:"min=1"`
	ResultFormat            string         `enum:"JSON|CSV"`
	SessionId               string         `pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
	SessionKeepAliveSeconds *int64         `aws:"min=0,max=86400"`
	StatementName           string         `aws:"max=2048"`
	WaitTimeSeconds         *int64         `aws:"min=1,max=30"`
	WithEvent               bool
}

type executeStatementRequest struct {
	target
	Sql string `aws:"required,min=1"`
}

type batchExecuteStatementRequest struct {
	target
	ExecutionMode string   `enum:"TRANSACTION|AUTO_COMMIT"`
	Sqls          []string `aws:"required,min=1,max=40"`
}

type executeResponse struct {
	ClusterIdentifier string
	CreatedAt         time.Time
	Database          string
	DbGroups          []string
	DbUser            string
	HasResultSet      *bool
	Id                string
	RedshiftPid       *int64
	SecretArn         string
	SessionId         string
	Status            string
	WorkgroupName     string
}

func (s *Service) executeStatement(ctx context.Context, r *executeStatementRequest) (*executeResponse, error) {
	return s.submit(ctx, &r.target, []string{r.Sql}, "")
}

func (s *Service) batchExecuteStatement(ctx context.Context, r *batchExecuteStatementRequest) (*executeResponse, error) {
	return s.submit(ctx, &r.target, r.Sqls, cmp.Or(r.ExecutionMode, transaction))
}

// check holds a request against the rules that go beyond one member.
func (s *Service) check(t *target, sqls []string) error {
	if err := s.checkPlace(&t.place); err != nil {
		return err
	}
	switch {
	case t.SessionId != "": // which has the rest
	case t.ClusterIdentifier == "" && t.WorkgroupName == "":
		return invalid("Either ClusterIdentifier or WorkgroupName needs to be specified.")
	case t.Database == "":
		return invalid("Database is required")
	}
	for _, sql := range sqls {
		if len(sql) > s.quotas.text {
			return invalid("The SQL text of %d bytes exceeds the limit of %d bytes", len(sql), s.quotas.text)
		}
	}
	return t.checkParameters(sqls)
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

// submit makes a statement durable and sets it going. The mode is empty for what is no batch.
func (s *Service) submit(ctx context.Context, t *target, sqls []string, mode string) (*executeResponse, error) {
	if err := s.check(t, sqls); err != nil {
		return nil, err
	}
	if err := s.purge(ctx); err != nil {
		return nil, err
	}
	request := statementRequest{
		connection: connection{t.ClusterIdentifier, t.WorkgroupName, t.Database, t.DbUser, t.SecretArn},
		Sqls:       sqls, Parameters: t.Parameters, StatementName: t.StatementName, ResultFormat: t.ResultFormat, ExecutionMode: mode,
		SessionID: t.SessionId, KeepAlive: t.SessionKeepAliveSeconds, WithEvent: t.WithEvent,
	}
	st, fresh, err := s.enter(ctx, t.ClientToken, request, mode != "")
	if err != nil {
		return nil, err
	}
	if fresh {
		if err := s.save(st, func(*statementRecord) {}); err != nil {
			s.drop(st)
			return nil, st.unrecorded(err)
		}
		s.ledger.Began(ctx, origin.StatementWork, st.record.ID, t.StatementName)
		s.run(st)
	}
	if t.WaitTimeSeconds == nil {
		return answer(&st.record), nil
	}
	s.await(ctx, st, *t.WaitTimeSeconds)
	record, _, err := s.find(st.record.ID)
	if err != nil {
		return nil, err
	}
	response := answer(&record)
	response.Status, response.HasResultSet, response.RedshiftPid = string(record.Status), &record.HasResultSet, &record.PID
	return response, nil
}

// enter gives a request its place among the statements, or finds the statement that its token names.
func (s *Service) enter(ctx context.Context, token string, request statementRequest, batch bool) (st *statement, fresh bool, err error) {
	principal := s.principal(ctx)
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
	if s.active >= s.quotas.active {
		return nil, false, fault.New(fault.Throttled, "Active statements exceeded the allowed quota (%d).", s.quotas.active).WithCode(codeActiveStatements)
	}
	st = &statement{done: make(chan struct{}), record: statementRecord{
		ID: uuid.NewString(), ClientToken: token, Principal: principal, Origin: origin.Of(ctx), Request: request, Batch: batch, CreatedAt: now, UpdatedAt: now,
		outcome: unknown(submitted),
	}}
	if batch {
		for range request.Sqls {
			st.record.Parts = append(st.record.Parts, part{unknown(submitted), now, now})
		}
	}
	if err := s.join(st); err != nil {
		return nil, false, err
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
	s.leave(st)
}

// unrecorded is the error of a statement that could not be made durable.
func (st *statement) unrecorded(err error) error {
	code := codeExecute
	if st.record.Batch {
		code = codeBatchExecute
	}
	detail := service.Detail{"StatementId": st.record.ID} // which has no words of its own
	return fault.New(fault.KindOf(err), "The statement could not be recorded.").WithCode(code).Because(fmt.Errorf("%w%w", detail, err))
}

// answer is the response of both execute operations; the fields it reads do not change.
func answer(r *statementRecord) *executeResponse {
	to := r.to()
	return &executeResponse{
		Id: r.ID, CreatedAt: r.CreatedAt, ClusterIdentifier: to.ClusterIdentifier, WorkgroupName: to.WorkgroupName,
		Database: to.Database, DbUser: to.DbUser, SecretArn: to.SecretArn, SessionId: r.SessionID,
	}
}
