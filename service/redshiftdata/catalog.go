package redshiftdata

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

const (
	// lookupTime is how long a look into the catalog may take.
	lookupTime = 30 * time.Second
	// maxLookup is how many entries a page of it has.
	maxLookup = 1000
)

// lookup is what the requests that look into the catalog have in common. They answer when they have looked.
type lookup struct {
	ClusterIdentifier string `aws:"max=63" pattern:"[a-z][a-z0-9]*(-[a-z0-9]+)*"`
	Database          string `aws:"required"`
	DbUser            string
	MaxResults        *int64 `aws:"min=0,max=1000"`
	NextToken         string
	SecretArn         string
	WorkgroupName     string `aws:"min=3,max=128"`
}

type listDatabasesRequest struct{ lookup }

type listDatabasesResponse struct {
	Databases []string
	NextToken string
}

type listSchemasRequest struct {
	lookup
	ConnectedDatabase string
	SchemaPattern     string
}

type listSchemasResponse struct {
	NextToken string
	Schemas   []string
}

type listTablesRequest struct {
	lookup
	ConnectedDatabase string
	SchemaPattern     string
	TablePattern      string
}

type listTablesResponse struct {
	NextToken string
	Tables    []tableMember
}

type tableMember struct {
	Name   string `aws:"camel"`
	Schema string `aws:"camel"`
	Type   string `aws:"camel"`
}

func (s *Service) listDatabases(ctx context.Context, r *listDatabasesRequest) (*listDatabasesResponse, error) {
	rows, next, err := s.look(ctx, &r.lookup, "", "select current_database()", nil)
	if err != nil {
		return nil, err
	}
	return &listDatabasesResponse{Databases: firsts(rows), NextToken: next}, nil
}

// schemasQuery leaves out the schemas that only Stepwell has.
const schemasQuery = `select schema_name from (
	select schema_name from information_schema.schemata
	where catalog_name not in ('functions', 'system', 'temp') and schema_name not in ('main', 'stepwell', 'stepwell_catalog')
	union select 'information_schema' union select 'pg_catalog') as s
where schema_name like :schema order by schema_name`

func (s *Service) listSchemas(ctx context.Context, r *listSchemasRequest) (*listSchemasResponse, error) {
	rows, next, err := s.look(ctx, &r.lookup, r.ConnectedDatabase, schemasQuery, map[string]string{"schema": pattern(r.SchemaPattern)})
	if err != nil {
		return nil, err
	}
	return &listSchemasResponse{Schemas: firsts(rows), NextToken: next}, nil
}

const tablesQuery = `select table_name, table_schema, case table_type when 'BASE TABLE' then 'TABLE' else table_type end
from svv_tables where table_schema like :schema and table_name like :table order by table_schema, table_name`

func (s *Service) listTables(ctx context.Context, r *listTablesRequest) (*listTablesResponse, error) {
	patterns := map[string]string{"schema": pattern(r.SchemaPattern), "table": pattern(r.TablePattern)}
	rows, next, err := s.look(ctx, &r.lookup, r.ConnectedDatabase, tablesQuery, patterns)
	if err != nil {
		return nil, err
	}
	response := &listTablesResponse{Tables: []tableMember{}, NextToken: next}
	for _, row := range rows {
		response.Tables = append(response.Tables, tableMember{cell(row[0]), cell(row[1]), cell(row[2])})
	}
	return response, nil
}

// pattern is a pattern of LIKE; none is any name.
func pattern(given string) string { return cmp.Or(given, "%") }

func cell(v any) string {
	text, _ := v.(string)
	return text
}

func firsts(rows [][]any) []string {
	all := make([]string, len(rows))
	for i, row := range rows {
		all[i] = cell(row[0])
	}
	return all
}

// look runs a query on a connection of its own and returns the page of its rows that the request asks for.
func (s *Service) look(ctx context.Context, l *lookup, connected, query string, parameters map[string]string) (rows [][]any, next string, err error) {
	t := target{ClusterIdentifier: l.ClusterIdentifier, WorkgroupName: l.WorkgroupName, Database: l.Database, DbUser: l.DbUser, SecretArn: l.SecretArn}
	if err := t.check(nil); err != nil {
		return nil, "", err
	}
	ctx, stop := context.WithTimeout(ctx, lookupTime)
	defer stop()
	all, err := s.query(ctx, connection{Database: l.Database, DbUser: l.DbUser}, connected, query, parameters)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, "", fault.New(fault.Unavailable, "The catalog did not answer within %s", lookupTime).WithCode(codeQueryTimeout)
	}
	if err != nil {
		return nil, "", err
	}
	rows, next, ok := service.Page(all, l.NextToken, l.MaxResults, maxLookup)
	if !ok {
		return nil, "", invalid("Invalid NextToken %q", l.NextToken)
	}
	return rows, next, nil
}

func (s *Service) query(ctx context.Context, to connection, connected, query string, parameters map[string]string) ([][]any, error) {
	if connected != "" && !strings.EqualFold(connected, to.Database) {
		return nil, fault.New(fault.NotFound, "Database %s cannot be looked at from %s: a warehouse has one database", to.Database, connected).WithCode(codeConnection)
	}
	session, err := s.warehouse.Session(ctx, warehouse.SessionConfig{User: to.DbUser, Database: to.Database})
	if err != nil {
		return nil, fault.New(fault.KindOf(err), "%s", errorText(err, "")).WithCode(codeConnection)
	}
	defer session.Close()
	var answers warehouse.Collector
	if err := session.Run(ctx, query, warehouse.Run{Parameters: parameters}, &answers); err != nil {
		return nil, err
	}
	return answers.Answers[0].Values, nil
}
