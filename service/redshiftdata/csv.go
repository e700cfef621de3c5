package redshiftdata

import (
	"context"
	"strconv"
	"strings"
)

type getStatementResultV2Response struct {
	ColumnMetadata []columnMetadata
	NextToken      string
	Records        []queryRecords
	ResultFormat   string
	TotalNumRows   int64
}

// queryRecords is a piece of a CSV text.
type queryRecords struct{ CSVRecords string }

// getStatementResultV2 gives a page as CSV. The first page begins with the columns' names.
func (s *Service) getStatementResultV2(ctx context.Context, r *getStatementResultRequest) (*getStatementResultV2Response, error) {
	p, err := s.resultPage(ctx, r, formatCSV)
	if err != nil {
		return nil, err
	}
	var text strings.Builder
	if p.number == 0 {
		names := make([]string, len(p.Columns))
		for i, c := range p.Columns {
			names[i] = quoteCSV(c.Name)
		}
		writeLine(&text, names)
	}
	for _, row := range p.rows {
		cells := make([]string, len(row))
		for i, f := range row {
			cells[i] = f.csv()
		}
		writeLine(&text, cells)
	}
	return &getStatementResultV2Response{
		ColumnMetadata: p.Columns, Records: []queryRecords{{text.String()}}, ResultFormat: formatCSV, TotalNumRows: p.ResultRows, NextToken: p.next,
	}, nil
}

func writeLine(text *strings.Builder, cells []string) {
	for i, cell := range cells {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(cell)
	}
	text.WriteString("\r\n")
}

// csv is a value as a cell. A null is an empty cell, an empty string a quoted one.
func (f field) csv() string {
	switch {
	case f.BooleanValue != nil:
		return strconv.FormatBool(*f.BooleanValue)
	case f.LongValue != nil:
		return strconv.FormatInt(*f.LongValue, 10)
	case f.DoubleValue != nil:
		return strconv.FormatFloat(*f.DoubleValue, 'g', -1, 64)
	case f.StringValue != nil:
		return quoteCSV(*f.StringValue)
	}
	return ""
}

func quoteCSV(text string) string {
	if text != "" && !strings.ContainsAny(text, "\",\r\n") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}
