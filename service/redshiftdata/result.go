package redshiftdata

import (
	"context"
	"encoding/base64"
	"strconv"

	"github.com/stepwell/stepwell/warehouse"
)

type getStatementResultRequest struct {
	Id              string `aws:"required" pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
	NextToken       string
	WaitTimeSeconds *int64 `aws:"min=1,max=30"`
}

type getStatementResultResponse struct {
	ColumnMetadata []columnMetadata
	NextToken      string
	Records        [][]field
	TotalNumRows   int64
}

type columnMetadata struct {
	ColumnDefault   string `json:",omitempty" aws:"camel"`
	IsCaseSensitive bool   `aws:"camel"`
	IsCurrency      bool   `aws:"camel"`
	IsSigned        bool   `aws:"camel"`
	Label           string `aws:"camel"`
	Length          int64  `aws:"camel"`
	Name            string `aws:"camel"`
	Nullable        int64  `aws:"camel"`
	Precision       int64  `aws:"camel"`
	Scale           int64  `aws:"camel"`
	SchemaName      string `aws:"camel,always"`
	TableName       string `aws:"camel,always"`
	TypeName        string `aws:"camel"`
}

func (s *Service) getStatementResult(ctx context.Context, r *getStatementResultRequest) (*getStatementResultResponse, error) {
	p, err := s.resultPage(ctx, r, formatJSON)
	if err != nil {
		return nil, err
	}
	return &getStatementResultResponse{ColumnMetadata: p.Columns, Records: p.rows, TotalNumRows: p.ResultRows, NextToken: p.next}, nil
}

// resultPage is one page of a result.
type resultPage struct {
	outcome
	number int
	rows   [][]field
	next   string // names the page behind it; empty for the last one
}

// resultPage finds the page that a request asks for; the statement must have been submitted for the format.
func (s *Service) resultPage(ctx context.Context, r *getStatementResultRequest, format string) (*resultPage, error) {
	record, number, err := s.findOver(ctx, r.Id, r.WaitTimeSeconds)
	if err != nil {
		return nil, err
	}
	p := &resultPage{outcome: record.outcome, rows: [][]field{}}
	if number > 0 {
		p.outcome = record.Parts[number-1].outcome
	} else if record.Batch {
		return nil, invalid("The statement %s is a batch. Ask for the result of one of its statements: %s", r.Id, partID(record.ID, 1))
	}
	if !record.hasResult(p.outcome) {
		return nil, missing(r.Id, "Query does not have result. Please check query status with DescribeStatement.")
	}
	if has := record.Request.format(); has != format {
		return nil, invalid("The result of the statement %s is in the format %s. Ask for it with %s.", r.Id, has, readers[has])
	}
	if p.number, err = pageOf(r.NextToken, p.Pages); err != nil {
		return nil, err
	}
	if p.Pages > 0 {
		if p.rows, err = s.page(ctx, pageID(r.Id, p.number)); err != nil {
			return nil, err
		}
	}
	if p.number+1 < p.Pages {
		p.next = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(p.number + 1)))
	}
	return p, nil
}

// readers are the operations that give the results of a format.
var readers = map[string]string{formatJSON: "GetStatementResult", formatCSV: "GetStatementResultV2"}

// hasResult reports whether the result of the statement, or of a part of it, can be had. A statement of a batch that commits
// alone has one although another one failed.
func (r *statementRecord) hasResult(o outcome) bool {
	over := r.Status == finished || r.Request.ExecutionMode == autoCommit && r.Status == failed && o.Status == finished
	return over && o.HasResultSet
}

// pageOf reads a NextToken: the number of the page that comes next.
func pageOf(token string, pages int) (int, error) {
	if token == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err == nil {
		if page, err := strconv.Atoi(string(text)); err == nil && page > 0 && page < pages {
			return page, nil
		}
	}
	return 0, invalid("Invalid NextToken %q", token)
}

// precisions are those of types that have the same in every column.
var precisions = map[string]int64{
	"bool": 1, "int2": 5, "int4": 10, "int8": 19, "float4": 8, "float8": 17, "date": 13, "time": 15, "timetz": 21,
	"timestamp": 29, "timestamptz": 35,
}

const timestampScale = 6

// metadata describes columns; nil stays nil.
func metadata(columns []warehouse.Column) []columnMetadata {
	var all []columnMetadata
	for _, c := range columns {
		m := columnMetadata{
			Name: c.Name, Label: c.Name, TypeName: c.Type, SchemaName: c.Schema, TableName: c.Table, Nullable: 1,
			Precision: precisions[c.Type],
		}
		switch c.Type {
		case "numeric":
			m.Precision, m.Scale, m.IsSigned = int64(c.Precision), int64(c.Scale), true
		case "int2", "int4", "int8", "float4", "float8":
			m.IsSigned = true
		case "varchar", "bpchar":
			m.Precision, m.IsCaseSensitive = int64(c.Length), true
		case "timestamp", "timestamptz":
			m.Scale = timestampScale
		}
		all = append(all, m)
	}
	return all
}
