// Package unload is UNLOAD behind the query: it reads the statement's options, writes rows as delimited text, fixed-width text,
// CSV or JSON into objects of a bucket, names these as Redshift does, and adds the manifest. It runs no query, takes no
// locks and writes no system table: warehouse does. Parquet files are made by the backend and only named and stored here.
//
//	plan, err := unload.NewPlan(statement)
//	writer, err := plan.Open(ctx, store, columns)
//	err = writer.Row(values)
//	outcome, err := writer.Close()
//
// An UNLOAD that fails leaves nothing that it wrote. What it replaced, with ALLOWOVERWRITE or CLEANPATH, is gone then.
package unload

import (
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// Column describes a column of the query's answer.
type Column struct {
	Name string
	// Type is Redshift's internal name of the type, as in warehouse.Column.
	Type string
	// Precision and Scale are those of numeric, Length that of varchar and bpchar in bytes.
	Precision, Scale, Length int
	// Text writes a value as Redshift's text; ok is false for a null.
	Text func(v any) (text string, ok bool)
}

// Plan is one UNLOAD whose options are read and fit together.
type Plan struct {
	bucket, prefix string
	at             fault.Position // of the destination in the statement
	o              options
}

// File is one object that was written.
type File struct {
	Name  string // s3://bucket/key
	Slice int
	Rows  int64
	Size  int64 // bytes as stored
}

// Outcome is what an UNLOAD wrote, without its manifest.
type Outcome struct {
	Files []File
	Rows  int64
	Size  int64 // bytes as stored
}

// NewPlan reads the options of a statement. Its faults carry the SQLSTATE and the place of the option.
func NewPlan(u *syntax.Unload) (*Plan, error) {
	rest, ok := strings.CutPrefix(u.To, "s3://")
	bucket, prefix, _ := strings.Cut(rest, "/")
	if !ok || bucket == "" {
		return nil, fault.Invalidf("UNLOAD destination is not supported. (Hint: only S3 based unload is allowed)").WithCode("0A000").At(u.ToPosition)
	}
	p := &Plan{bucket: bucket, prefix: prefix, at: u.ToPosition, o: options{delimiter: '|', parallel: true, maxSize: defaultSize}}
	seen := map[string]bool{}
	for _, option := range u.Options {
		set, known := setters[option.Name]
		switch {
		case !known:
			return nil, fault.Invalidf("syntax error at or near %q", strings.ToLower(option.Name)).WithCode("42601").At(option.Position)
		case seen[option.Name]:
			return nil, fault.Invalidf("conflicting or redundant options: %s", option.Name).WithCode("42601").At(option.Position)
		}
		seen[option.Name] = true
		if len(option.Values) == 1 && (option.Name == "NULL" || option.Name == "DELIMITER") {
			option.Values = []string{option.Text(u.Fragment)}
		}
		if err := set(&p.o, option); err != nil {
			return nil, err
		}
	}
	if err := exclusive(seen, u); err != nil {
		return nil, err
	}
	p.complete(seen)
	return p, nil
}

// complete fills in what depends on several options.
func (p *Plan) complete(seen map[string]bool) {
	if p.o.format == csvFormat && !seen["DELIMITER"] {
		p.o.delimiter = ','
	}
	if len(p.o.partitions) > 0 && p.prefix != "" && !strings.HasSuffix(p.prefix, "/") {
		p.prefix += "/"
	}
	if p.o.format == parquetFormat && p.o.maxSize >= rowGroupUnit {
		p.o.maxSize -= p.o.maxSize % rowGroupUnit
	}
}

// Location is where the objects go: s3://bucket/prefix.
func (p *Plan) Location() string { return p.url(p.prefix) }

// Format names the layout of the files: text, csv, json or parquet.
func (p *Plan) Format() string { return p.o.format.String() }

// Compression names the codec as SYS_UNLOAD_HISTORY does; it is empty without one.
func (p *Plan) Compression() string {
	if p.o.format == parquetFormat {
		return "snappy"
	}
	return strings.ToLower(p.o.codec)
}

// Partitions are the places, from 0, of the columns that PARTITION BY names in an answer with these columns.
func (p *Plan) Partitions(columns []Column) ([]int, error) {
	var places []int
	for _, name := range p.o.partitions {
		place := -1
		for i, c := range columns {
			if c.Name == name {
				place = i
			}
		}
		if place < 0 {
			return nil, fault.Invalidf("column %q of PARTITION BY is not in the query's answer", name).WithCode("42703")
		}
		if !partitionable[columns[place].Type] {
			return nil, fault.Invalidf("Partition column %q has an unsupported type %s", name, columns[place].Type).WithCode("0A000")
		}
		places = append(places, place)
	}
	if len(places) == len(columns) && len(places) > 0 && !p.o.include {
		return nil, fault.Invalidf("UNLOAD needs at least one column that is not in PARTITION BY, or INCLUDE").WithCode("42601")
	}
	return places, nil
}

// partitionable are the types that PARTITION BY takes.
var partitionable = map[string]bool{"int2": true, "int4": true, "int8": true, "numeric": true, "float4": true, "bool": true,
	"bpchar": true, "varchar": true, "date": true, "timestamp": true}
