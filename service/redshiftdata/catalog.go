package redshiftdata

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/warehouse"
)

// maxLookup is how many entries a page of a look into the catalog has.
const maxLookup = 1000

// lookup is what the requests that look into the catalog have in common. They answer when they have looked.
type lookup struct {
	place
	Database   string `aws:"required"`
	MaxResults *int64 `aws:"min=0,max=1000"`
	NextToken  string
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

// tablesQuery finds system tables and views where the warehouse keeps them, and shows them where Redshift has them.
const tablesQuery = `select name, place, kind from (
	select table_name as name, table_schema as place, case table_type when 'BASE TABLE' then 'TABLE' else table_type end as kind from svv_tables
	union all select viewname, 'information_schema', 'SYSTEM VIEW' from pg_views where schemaname = 'stepwell_information'
	union all select name, 'pg_catalog', case when split_part(name, '_', 1) in ('pg', 'stl', 'stv') then 'SYSTEM TABLE' else 'SYSTEM VIEW' end from (
		select viewname as name from pg_views where schemaname = 'stepwell_catalog'
		union all select tablename from pg_tables where schemaname = 'stepwell_catalog') as s
	where split_part(name, '_', 1) in ('pg', 'stl', 'stv', 'svl', 'svv', 'svcs', 'sys')) as t
where place like :schema and name like :table order by place, name`

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
	if err := s.check(&target{place: l.place, Database: l.Database}, nil); err != nil {
		return nil, "", err
	}
	ctx, stop := context.WithTimeout(ctx, s.quotas.lookup)
	defer stop()
	all, err := s.query(ctx, connection{Database: l.Database, DbUser: l.DbUser}, connected, query, parameters)
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, "", fault.New(fault.Unavailable, "The catalog did not answer within %s", s.quotas.lookup).WithCode(codeQueryTimeout)
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
