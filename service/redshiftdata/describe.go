package redshiftdata

import (
	"context"
	"strings"
	"time"
)

type describeStatementRequest struct {
	Id              string `aws:"required" pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
	WaitTimeSeconds *int64 `aws:"min=1,max=30"`
}

type describeStatementResponse struct {
	ClusterIdentifier string
	CreatedAt         time.Time
	Database          string
	DbUser            string
	Duration          int64 // nanoseconds
	Error             string
	HasResultSet      bool
	Id                string
	QueryParameters   []sqlParameter
	QueryString       string
	RedshiftPid       int64
	RedshiftQueryId   int64
	ResultFormat      string
	ResultRows        int64
	ResultSize        int64
	SecretArn         string
	SessionId         string
	Status            string
	SubStatements     []subStatement
	UpdatedAt         time.Time
	WorkgroupName     string
}

type subStatement struct {
	CreatedAt       time.Time
	Duration        int64
	Error           string
	HasResultSet    bool
	Id              string
	QueryString     string
	RedshiftQueryId int64
	ResultRows      int64
	ResultSize      int64
	Status          string
	UpdatedAt       time.Time
}

func (s *Service) describeStatement(ctx context.Context, r *describeStatementRequest) (*describeStatementResponse, error) {
	record, number, err := s.findOver(ctx, r.Id, r.WaitTimeSeconds)
	if err != nil {
		return nil, err
	}
	d := describe(&record)
	if number > 0 {
		d.become(d.SubStatements[number-1])
	}
	return d, nil
}

func describe(r *statementRecord) *describeStatementResponse {
	to := r.to()
	d := &describeStatementResponse{
		Id: r.ID, ClusterIdentifier: to.ClusterIdentifier, WorkgroupName: to.WorkgroupName, Database: to.Database,
		DbUser: to.DbUser, SecretArn: to.SecretArn, SessionId: r.SessionID, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Status: string(r.Status), Error: r.Error, Duration: int64(r.Duration), HasResultSet: r.HasResultSet,
		ResultRows: r.ResultRows, ResultSize: r.ResultSize, RedshiftPid: r.PID, RedshiftQueryId: r.queryID(),
		QueryParameters: r.Request.Parameters, ResultFormat: r.Request.format(),
	}
	if !r.Batch {
		d.QueryString = r.Request.Sqls[0]
		return d
	}
	for i, p := range r.Parts {
		d.SubStatements = append(d.SubStatements, subStatement{
			Id: partID(r.ID, i+1), CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Status: string(p.Status), Error: p.Error,
			Duration: int64(p.Duration), HasResultSet: p.HasResultSet, ResultRows: p.ResultRows, ResultSize: p.ResultSize,
			RedshiftQueryId: p.queryID(), QueryString: r.Request.Sqls[i],
		})
	}
	return d
}

// queryID is 0 for a batch.
func (r *statementRecord) queryID() int64 {
	if r.Batch {
		return 0
	}
	return r.outcome.queryID()
}

// queryID is -1 for what the engine never ran, or not yet.
func (o outcome) queryID() int64 {
	if o.QueryID == 0 {
		return -1
	}
	return o.QueryID
}

// become makes the description of a batch that of one of its statements.
func (d *describeStatementResponse) become(p subStatement) {
	d.Id, d.CreatedAt, d.UpdatedAt, d.Status, d.Error, d.Duration = p.Id, p.CreatedAt, p.UpdatedAt, p.Status, p.Error, p.Duration
	d.HasResultSet, d.ResultRows, d.ResultSize = p.HasResultSet, p.ResultRows, p.ResultSize
	d.RedshiftQueryId, d.QueryString, d.SubStatements = p.RedshiftQueryId, p.QueryString, nil
}

type cancelStatementRequest struct {
	Id string `aws:"required" pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
}

type cancelStatementResponse struct{ Status bool }

func (s *Service) cancelStatement(_ context.Context, r *cancelStatementRequest) (*cancelStatementResponse, error) {
	record, _, err := s.find(r.Id)
	if err != nil {
		return nil, err
	}
	if strings.Contains(r.Id, ":") {
		return nil, invalid("A statement of a batch cannot be cancelled alone; cancel %s", record.ID)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.statements[record.ID]
	if st.record.Status.over() || st.cancel == nil {
		return nil, invalid("Could not cancel a query that is already in %s state with ID: %s", st.record.Status, record.ID)
	}
	st.cancel(errCancelled)
	return &cancelStatementResponse{true}, nil
}
