package unload

import (
	"slices"

	"github.com/stepwell/stepwell/fault"
)

// Parquet says how the backend writes the files of an UNLOAD to Parquet.
type Parquet struct {
	// Columns are the places of the columns that the files have, Partitions of those that divide the rows among the files.
	Columns, Partitions []int
	// Parallel allows several files at once, whose rows need not be in order.
	Parallel bool
	// FileSize is about how many bytes a file may have, 0 for no limit; RowGroup is how many rows stand in a group, 0 for the
	// backend's own number.
	FileSize, RowGroup int64
}

// ParquetFile is a file that the backend wrote.
type ParquetFile struct {
	Path string
	Rows int64
	// Partition are the texts of the partition columns, nil for a null. Files of a partition stand together.
	Partition []any
}

// Parquet returns how the files are to be written for an answer with these columns, and whether they are Parquet at all.
func (p *Plan) Parquet(columns []Column) (Parquet, bool, error) {
	if p.o.format != parquetFormat {
		return Parquet{}, false, nil
	}
	q := Parquet{Parallel: p.o.parallel}
	partitions, err := p.Partitions(columns)
	if err != nil {
		return q, true, err
	}
	q.Partitions = partitions
	width := int64(0)
	for i, c := range columns {
		if p.o.include || !slices.Contains(partitions, i) {
			q.Columns = append(q.Columns, i)
			width += c.width()
		}
	}
	group := p.o.rowGroup
	if group == 0 {
		group = rowGroupUnit
	} else {
		q.RowGroup = max(group/width/vector, 1) * vector
	}
	if p.o.maxSize < defaultSize-rowGroupUnit {
		if len(partitions) > 0 {
			return q, true, fault.New(fault.Unsupported, "MAXFILESIZE with PARTITION BY is not supported for PARQUET").WithCode("0A000").At(p.at)
		}
		// A file ends behind the group that makes it too large.
		q.FileSize = max(p.o.maxSize-group, p.o.maxSize/2)
	}
	return q, true, nil
}

// vector is the unit in which row groups are counted.
const vector = 2048

// width estimates how many bytes a value takes in a row group.
func (c Column) width() int64 {
	switch c.Type {
	case "bool", "int2", "int4", "float4", "date":
		return 4
	case "varchar", "bpchar", "super", "varbyte":
		return 32
	}
	return 8
}
