package redshiftdata

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strconv"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse"
)

type getStatementResultRequest struct {
	Id        string `aws:"required" pattern:"[a-z0-9]{8}(-[a-z0-9]{4}){3}-[a-z0-9]{12}(:\\d{0,2})?"`
	NextToken string
}

type getStatementResultResponse struct {
	ColumnMetadata []columnMetadata
	NextToken      string
	Records        [][]field
	TotalNumRows   int64
}

type columnMetadata struct {
	IsCaseSensitive bool
	IsCurrency      bool
	IsSigned        bool
	Label           string
	Length          int64
	Name            string
	Nullable        int64
	Precision       int64
	Scale           int64
	SchemaName      string `aws:"always"`
	TableName       string `aws:"always"`
	TypeName        string
}

func (s *Service) getStatementResult(ctx context.Context, r *getStatementResultRequest) (*getStatementResultResponse, error) {
	record, number, err := s.find(r.Id)
	if err != nil {
		return nil, err
	}
	o := record.outcome
	if number > 0 {
		o = record.Parts[number-1].outcome
	} else if record.Batch {
		return nil, invalid("The statement %s is a batch. Ask for the result of one of its statements: %s", r.Id, partID(record.ID, 1))
	}
	if record.Status != finished || !o.HasResultSet {
		return nil, missing("Query does not have result. Please check query status with DescribeStatement.")
	}
	page, err := pageOf(r.NextToken, o.Pages)
	if err != nil {
		return nil, err
	}
	response := &getStatementResultResponse{ColumnMetadata: o.Columns, Records: [][]field{}, TotalNumRows: o.ResultRows}
	if o.Pages > 0 {
		if response.Records, err = s.page(ctx, pageID(r.Id, page)); err != nil {
			return nil, err
		}
	}
	if page+1 < o.Pages {
		response.NextToken = base64.RawURLEncoding.EncodeToString([]byte(strconv.Itoa(page + 1)))
	}
	return response, nil
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

func (s *Service) page(ctx context.Context, id string) ([][]field, error) {
	body, ok, err := s.records.Get(ctx, pageKind, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing("Query result does not exist.")
	}
	var rows [][]field
	if err := json.Unmarshal(body, &rows); err != nil {
		return nil, fault.New(fault.Internal, "read page %s of a result", id).Because(err)
	}
	return rows, nil
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
