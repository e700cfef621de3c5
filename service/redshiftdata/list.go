package redshiftdata

import (
	"context"
	"encoding/base64"
	"strings"
	"time"
)

type listStatementsRequest struct {
	ClusterIdentifier string
	Database          string
	MaxResults        *int64 `aws:"min=0,max=100"`
	NextToken         string
	RoleLevel         *bool
	StatementName     string `aws:"max=2048"`
	Status            string `enum:"SUBMITTED|PICKED|STARTED|FINISHED|ABORTED|FAILED|ALL"`
	WorkgroupName     string
}

type listStatementsResponse struct {
	NextToken  string
	Statements []statementData
}

type statementData struct {
	CreatedAt        time.Time
	Id               string
	IsBatchStatement bool
	QueryParameters  []sqlParameter
	QueryString      string
	QueryStrings     []string
	ResultFormat     string
	SecretArn        string
	SessionId        string
	StatementName    string
	Status           string
	UpdatedAt        time.Time
}

const maxListed = 100

func (s *Service) listStatements(_ context.Context, r *listStatementsRequest) (*listStatementsResponse, error) {
	if err := oneOf(r.ClusterIdentifier, r.WorkgroupName); err != nil {
		return nil, err
	}
	limit := maxListed
	if r.MaxResults != nil && *r.MaxResults > 0 {
		limit = int(*r.MaxResults)
	}
	after, err := base64.RawURLEncoding.DecodeString(r.NextToken)
	if err != nil {
		return nil, invalid("Invalid NextToken %q", r.NextToken)
	}
	response := &listStatementsResponse{Statements: []statementData{}}
	behind := len(after) == 0
	for _, st := range s.newestFirst() {
		record, _, err := s.find(st.record.ID)
		if err != nil { // older than the retention
			continue
		}
		switch {
		case !behind:
			behind = record.ID == string(after)
		case !r.matches(&record):
		case len(response.Statements) == limit:
			last := response.Statements[limit-1].Id
			response.NextToken = base64.RawURLEncoding.EncodeToString([]byte(last))
			return response, nil
		default:
			response.Statements = append(response.Statements, listed(&record))
		}
	}
	return response, nil
}

// matches reports whether a statement is asked for. Without a status, only those that finished are.
func (r *listStatementsRequest) matches(record *statementRecord) bool {
	wanted := status(r.Status)
	if wanted == "" {
		wanted = finished
	}
	return (wanted == "ALL" || wanted == record.Status) &&
		strings.HasPrefix(record.Request.StatementName, r.StatementName) &&
		connection{ClusterIdentifier: r.ClusterIdentifier, WorkgroupName: r.WorkgroupName, Database: r.Database}.within(record.to())
}

func listed(r *statementRecord) statementData {
	d := statementData{
		Id: r.ID, Status: string(r.Status), CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, StatementName: r.Request.StatementName,
		SecretArn: r.to().SecretArn, QueryParameters: r.Request.Parameters, IsBatchStatement: r.Batch, ResultFormat: r.Request.format(),
		SessionId: r.SessionID,
	}
	if r.Batch {
		d.QueryStrings = r.Request.Sqls
	} else {
		d.QueryString = r.Request.Sqls[0]
	}
	return d
}
