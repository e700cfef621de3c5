package duckdb

import (
	"math"
	"reflect"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse/load"
)

// memory writes whole columns into a chunk's vectors, in DuckDB's own layout: the driver's setters cost more for each value
// than reading it from a file does. The driver offers no way to the vectors of a table function's chunk, and a table function or an
// appender of our own would need its connection, which is private too, so two private fields of its chunk are read here, and
// nowhere else.
type memory struct {
	chunk      mapping.DataChunk
	projection []int // the place in the chunk of each column
}

// chunkForm is where the driver's chunk has the two fields, in bytes from its beginning.
type chunkForm struct{ chunk, projection uintptr }

// form is the one of the driver that is linked in. When it is not the one that is known here, direct is false and values take the
// slow way through setters; a test tells who upgrades the driver.
var form, direct = formOf(reflect.TypeFor[duckdb.DataChunk]())

func formOf(driver reflect.Type) (f chunkForm, known bool) {
	chunk, ok1 := driver.FieldByName("chunk")
	projection, ok2 := driver.FieldByName("projection")
	known = ok1 && ok2 && chunk.Type == reflect.TypeFor[mapping.DataChunk]() && projection.Type == reflect.TypeFor[[]int]()
	return chunkForm{chunk.Offset, projection.Offset}, known
}

// memoryOf finds the vectors of a chunk that has all columns of the load.
func memoryOf(chunk *duckdb.DataChunk, columns int) (*memory, error) {
	at := unsafe.Pointer(chunk)
	m := &memory{chunk: *(*mapping.DataChunk)(unsafe.Add(at, form.chunk)), projection: *(*[]int)(unsafe.Add(at, form.projection))}
	if len(m.projection) != columns || chunk.ColumnCount() != columns {
		return nil, fault.New(fault.Internal, "a chunk has %d of %d columns of the load", chunk.ColumnCount(), columns)
	}
	return m, nil
}

// fill writes a column.
func (m *memory) fill(column int, c load.TargetColumn, v *load.Vector) {
	vector := mapping.DataChunkGetVector(m.chunk, mapping.IdxT(m.projection[column]))
	data := mapping.VectorGetData(vector)
	switch {
	case v.Ends != nil:
		fillTexts(vector, data, v)
	case c.Encoding == load.Boolean:
		narrow[int8](data, v.Integers)
	case c.Encoding == load.Days:
		narrow[int32](data, v.Integers)
	case c.Encoding == load.Decimal:
		fillDecimals(data, v.Integers, c.Type.Args[0])
	case c.Type.Name == "smallint":
		narrow[int16](data, v.Integers)
	case c.Type.Name == "integer":
		narrow[int32](data, v.Integers)
	case c.Type.Name == "real":
		out := unsafe.Slice((*float32)(data), len(v.Integers))
		for i, bits := range v.Integers {
			out[i] = float32(math.Float64frombits(uint64(bits)))
		}
	default:
		copy(unsafe.Slice((*int64)(data), len(v.Integers)), v.Integers)
	}
	fillNulls(vector, v.Null)
}

func narrow[T int8 | int16 | int32](data unsafe.Pointer, values []int64) {
	out := unsafe.Slice((*T)(data), len(values))
	for i, n := range values {
		out[i] = T(n)
	}
}

// fillDecimals writes the smallest integers that have room for the precision, as DuckDB does.
func fillDecimals(data unsafe.Pointer, values []int64, precision int) {
	switch {
	case precision <= 4:
		narrow[int16](data, values)
	case precision <= 9:
		narrow[int32](data, values)
	default:
		copy(unsafe.Slice((*int64)(data), len(values)), values)
	}
}

func fillNulls(vector mapping.Vector, null []bool) {
	var words []uint64
	for i, is := range null {
		if !is {
			continue
		}
		if words == nil {
			mapping.VectorEnsureValidityWritable(vector)
			words = unsafe.Slice((*uint64)(mapping.VectorGetValidity(vector)), (len(null)+63)/64)
		}
		words[i/64] &^= 1 << (i % 64)
	}
}

// inlined is the longest text, in bytes, that stands in DuckDB's string value itself; of a longer one stand there its first
// four bytes and its address.
const inlined = 12

// stringValue is DuckDB's string value.
type stringValue struct {
	length uint32
	prefix [4]byte
	rest   [8]byte
}

// fillTexts copies all texts at once into memory that the vector owns, as one long value, and lets the values point into it.
func fillTexts(vector mapping.Vector, data unsafe.Pointer, v *load.Vector) {
	if len(v.Ends) == 0 {
		return
	}
	values := unsafe.Slice((*stringValue)(data), len(v.Ends))
	var base unsafe.Pointer
	if len(v.Texts) > inlined {
		mapping.VectorAssignStringElementLen(vector, 0, v.Texts)
		base = *(*unsafe.Pointer)(unsafe.Pointer(&values[0].rest))
	}
	start := 0
	for i, end := range v.Ends {
		values[i] = stringValue{length: uint32(end - start)}
		if end-start <= inlined {
			copy(unsafe.Slice(&values[i].prefix[0], inlined), v.Texts[start:end])
		} else {
			copy(values[i].prefix[:], v.Texts[start:])
			*(*unsafe.Pointer)(unsafe.Pointer(&values[i].rest)) = unsafe.Add(base, start)
		}
		start = end
	}
}
