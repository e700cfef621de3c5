package load

import "sync"

// Encoding is the form of a column's values in a batch.
type Encoding uint8

const (
	// Text is what a cast from text to the column's type reads.
	Text Encoding = iota
	// Integer is a whole number.
	Integer
	// Decimal is a whole number of the column's smallest unit.
	Decimal
	// Float is the bits of a 64-bit floating-point number.
	Float
	// Boolean is 0 or 1.
	Boolean
	// Days counts days from 1970-01-01.
	Days
	// Micros counts microseconds from 1970-01-01 00:00:00.
	Micros
	// Hex is two hexadecimal digits for each byte.
	Hex
)

// textual says that values stand in Texts.
func (e Encoding) textual() bool { return e == Text || e == Hex }

// BatchSize is the largest number of rows in a batch; its texts end soon behind batchBytes.
const (
	BatchSize  = 2048
	batchBytes = 4 << 20
)

// Batch is some rows, column by column. A sink releases it once it has copied the values.
type Batch struct {
	Rows    int
	Columns []Vector
	pool    *sync.Pool
}

// Release gives the batch's memory back; its values may not be read any more.
func (b *Batch) Release() {
	if b.pool == nil {
		return
	}
	for i := range b.Columns {
		b.Columns[i].cut(0)
	}
	b.Rows = 0
	b.pool.Put(b)
}

// full says that the batch should go to the sink.
func (b *Batch) full() bool {
	size := 0
	for i := range b.Columns {
		size += len(b.Columns[i].Texts)
	}
	return b.Rows == BatchSize || size > batchBytes
}

// Vector holds one column of a batch. Null[i] says that row i has no value. Text and Hex values stand one behind the other
// in Texts, that of row i ends at Ends[i]; all others are Integers.
type Vector struct {
	Null     []bool
	Integers []int64
	Texts    []byte
	Ends     []int
}

// Text returns the text of a row.
func (v *Vector) Text(row int) []byte {
	if row == 0 {
		return v.Texts[:v.Ends[0]]
	}
	return v.Texts[v.Ends[row-1]:v.Ends[row]]
}

func newBatch(columns []TargetColumn, pool *sync.Pool) *Batch {
	b := &Batch{Columns: make([]Vector, len(columns)), pool: pool}
	for i, c := range columns {
		v := &b.Columns[i]
		v.Null = make([]bool, 0, BatchSize)
		if c.Encoding.textual() {
			v.Ends = make([]int, 0, BatchSize)
		} else {
			v.Integers = make([]int64, 0, BatchSize)
		}
	}
	return b
}

// cut forgets the values behind the first rows.
func (v *Vector) cut(rows int) {
	v.Null = v.Null[:min(rows, len(v.Null))]
	if v.Ends == nil {
		v.Integers = v.Integers[:len(v.Null)]
		return
	}
	v.Ends = v.Ends[:len(v.Null)]
	end := 0
	if len(v.Ends) > 0 {
		end = v.Ends[len(v.Ends)-1]
	}
	v.Texts = v.Texts[:end]
}

func (v *Vector) null() *problem {
	v.Null = append(v.Null, true)
	if v.Ends == nil {
		v.Integers = append(v.Integers, 0)
	} else {
		v.Ends = append(v.Ends, len(v.Texts))
	}
	return nil
}

func (v *Vector) integer(n int64) *problem {
	v.Null = append(v.Null, false)
	v.Integers = append(v.Integers, n)
	return nil
}

func (v *Vector) text(text []byte) *problem {
	v.Null = append(v.Null, false)
	v.Texts = append(v.Texts, text...)
	v.Ends = append(v.Ends, len(v.Texts))
	return nil
}
