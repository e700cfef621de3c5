package parquet_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	writer "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/deprecated"

	"github.com/stepwell/stepwell/asl/item/parquet"
)

// read returns the rows of a file as lines, the last of which may be an error.
func read(file []byte) []string {
	var lines []string
	for row, err := range parquet.Rows(bytes.NewReader(file), int64(len(file))) {
		if err != nil {
			return append(lines, "! "+err.Error())
		}
		lines = append(lines, row.Compact())
	}
	return lines
}

func write[T any](t testing.TB, rows []T, options ...writer.WriterOption) []byte {
	t.Helper()
	var file bytes.Buffer
	w := writer.NewGenericWriter[T](&file, options...)
	for len(rows) > 0 { // in small portions, so that there are several pages
		n := min(97, len(rows))
		if _, err := w.Write(rows[:n]); err != nil {
			t.Fatal(err)
		}
		if len(rows)%5 == 0 {
			if err := w.Flush(); err != nil {
				t.Fatal(err)
			}
		}
		rows = rows[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestTypes(t *testing.T) {
	type half struct {
		I int8   `parquet:"i"`
		U uint64 `parquet:"u"`
	}
	at := time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	type row struct {
		Yes     bool             `parquet:"yes"`
		Small   half             `parquet:"small"`
		Float   float32          `parquet:"float"`
		Double  float64          `parquet:"double"`
		Text    string           `parquet:"text"`
		Bytes   []byte           `parquet:"bytes"`
		UUID    [16]byte         `parquet:"uuid,uuid"`
		Money   int64            `parquet:"money,decimal(2:18)"`
		Large   [16]byte         `parquet:"large,decimal(30:38)"`
		Date    int32            `parquet:"date,date"`
		Time    int64            `parquet:"time,time(microsecond)"`
		Millis  time.Time        `parquet:"millis,timestamp(millisecond)"`
		Nanos   time.Time        `parquet:"nanos,timestamp(nanosecond)"`
		Old     deprecated.Int96 `parquet:"old"`
		Nothing *string          `parquet:"nothing,optional"`
		List    []string         `parquet:"list,list"`
		Bare    []int32          `parquet:"bare"`
		Map     map[string]int64 `parquet:"map"`
	}
	file := write(t, []row{{
		Yes: true, Small: half{-3, 1<<64 - 1}, Float: 0.1, Double: 1e-5, Text: "ä\xff", Bytes: []byte{0, 255},
		UUID: [16]byte{0x12, 0x34, 15: 0xff}, Money: -5, Large: [16]byte{0: 0xff, 15: 1}, Date: -1, Time: 3_723_000_001, Millis: at, Nanos: at,
		Old: deprecated.Int96{0, 0, 2440589}, List: []string{"a", ""}, Map: map[string]int64{"k": 1},
	}})
	want := `{"yes":true,"small":{"i":-3,"u":18446744073709551615},"float":0.1,"double":0.00001,"text":"ä�","bytes":"AP8=",` +
		`"uuid":"12340000-0000-0000-0000-0000000000ff","money":-0.05,"large":-1329227.995784915872903807060280344575,` +
		`"date":"1969-12-31","time":"01:02:03.000001","millis":-1,"nanos":-1,"old":86400000,"nothing":null,"list":["a",""],"bare":[],"map":{"k":1}}`
	if got := strings.Join(read(file), "\n"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// The warehouse's UNLOAD, which DuckDB's writer is, wrote this file.
func TestUnloaded(t *testing.T) {
	file, err := os.ReadFile("testdata/unload.parquet")
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":1,"big":9000000000,"amt":12.50,"d":"2026-03-01","ts":1772360430123,"tz":1772353230000,"name":"ä","ok":true,"f":0.1,"g":0.25}
{"id":2,"big":null,"amt":-0.05,"d":null,"ts":null,"tz":null,"name":null,"ok":false,"f":null,"g":null}`
	if got := strings.Join(read(file), "\n"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

type line struct {
	Number int64    `json:"number" parquet:"number,delta"`
	Price  *float64 `json:"price" parquet:"price,optional"`
	Tags   []string `json:"tags" parquet:"tags,list"`
}

type order struct {
	ID     int64    `json:"id" parquet:"id"`
	Day    int32    `json:"day" parquet:"day,delta"`
	Day64  int64    `json:"day64" parquet:"day64,delta"`
	Region string   `json:"region" parquet:"region,dict"`
	Name   string   `json:"name" parquet:"name,delta"`
	Note   *string  `json:"note" parquet:"note,optional,dict"`
	Paid   bool     `json:"paid" parquet:"paid"`
	Rate   float32  `json:"rate" parquet:"rate,split"`
	Total  float64  `json:"total" parquet:"total,split"`
	Lines  []line   `json:"lines" parquet:"lines,list"`
	Words  []string `json:"words" parquet:"words"`
}

func orders(n int) (orders []order) {
	chance := rand.New(rand.NewPCG(7, 11))
	for i := range n {
		o := order{ID: int64(i), Day: int32(chance.Uint32()), Day64: chance.Int64() - chance.Int64(), Region: fmt.Sprint("r", i%5), Name: fmt.Sprint("customer-", i/3, chance.IntN(3)), Paid: chance.IntN(3) == 0, Rate: float32(i), Total: float64(i) / 8, Lines: []line{}, Words: []string{}}
		if chance.IntN(2) == 0 {
			note := fmt.Sprint("note ", i%7)
			o.Note = &note
		}
		for j := range chance.IntN(4) {
			price := chance.Float64()
			l := line{Number: int64(j), Tags: []string{}}
			if chance.IntN(2) == 0 {
				l.Price, l.Tags = &price, []string{"x", fmt.Sprint(i)}
			}
			o.Lines = append(o.Lines, l)
			o.Words = append(o.Words, "w")
		}
		orders = append(orders, o)
	}
	return orders
}

// What another implementation writes reads the same, whatever the encoding, compression and page version.
func TestWrittenElsewhere(t *testing.T) {
	rows := orders(1000)
	for _, codec := range []compress.Codec{&writer.Uncompressed, &writer.Snappy, &writer.Gzip, &writer.Zstd} {
		for version := 1; version <= 2; version++ {
			file := write(t, rows, writer.Compression(codec), writer.DataPageVersion(version), writer.PageBufferSize(4000))
			got := read(file)
			if len(got) != len(rows) {
				t.Fatalf("%s, version %d: %d rows, the last is %s", codec, version, len(got), got[len(got)-1])
			}
			for i, o := range rows {
				if want, _ := json.Marshal(o); got[i] != string(want) {
					t.Fatalf("%s, version %d:\ngot  %s\nwant %s", codec, version, got[i], want)
				}
			}
		}
	}
}

func TestRefused(t *testing.T) {
	good := write(t, orders(200), writer.Compression(&writer.Snappy))
	footer := len(good) - 8
	with := func(at int, b ...byte) []byte {
		bad := bytes.Clone(good)
		copy(bad[at:], b)
		return bad
	}
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"empty", nil, "! The file is not a Parquet file: it is too short."},
		{"another format", []byte(strings.Repeat("id,name\n", 9)), "! The file is not a Parquet file, or it is truncated: it does not end with PAR1."},
		{"truncated", good[:len(good)/2], "! The file is not a Parquet file, or it is truncated: it does not end with PAR1."},
		{"encrypted", with(footer+4, []byte("PARE")...), "! The Parquet file is encrypted, which is not supported."},
		{"a long footer", with(footer, 0, 0, 0x60, 0), "! The footer of the Parquet file has 6291456 bytes, more than 5 MB."},
		{"a footer longer than the file", with(footer, 0, 0, 0x10, 0), "! The footer of the Parquet file is longer than the file."},
		{"a footer of zeros", append([]byte("PAR1\x00\x00\x00\x00"), "\x04\x00\x00\x00PAR1"...), "! The footer of the Parquet file is damaged: it has no schema."},
		{"a list of two billion", append([]byte("PAR1\x29\xfc\xff\xff\xff\xff\x07"), "\x07\x00\x00\x00PAR1"...), "! The footer of the Parquet file is damaged: the file ends early."},
		{"pages overwritten", with(4, bytes.Repeat([]byte{0xff}, 300)...), `! Row group 0 of the Parquet file: column "id": the header of a page is damaged: it has a value of an unknown kind.`},
		{"a codec", write(t, orders(2), writer.Compression(&writer.Lz4Raw)),
			`! The footer of the Parquet file is damaged: row group 0: column "id": the compression LZ4_RAW is not supported, only GZIP, SNAPPY and ZSTD.`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(read(c.file), "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// A row that is longer than an item may be is refused, however little it takes in the file.
func TestLongRow(t *testing.T) {
	type row struct {
		Words []string `parquet:"words,dict"`
	}
	words := make([]string, 2<<20)
	got := read(write(t, []row{{}, {Words: words}}, writer.Compression(&writer.Zstd)))
	if want := `! Row group 0 of the Parquet file: a row is longer than 8 MB.`; len(got) != 2 || got[1] != want {
		t.Errorf("got %q", got)
	}
}

// No byte that is changed makes the reader panic or read on without end.
func TestDamaged(t *testing.T) {
	good := write(t, orders(9), writer.Compression(&writer.Snappy), writer.PageBufferSize(300))
	bad := bytes.Clone(good)
	for i := range bad {
		for _, b := range []byte{0, 0x7f, 0xff, good[i] ^ 1} {
			bad[i] = b
			drain(bytes.NewReader(bad), len(bad))
		}
		bad[i] = good[i]
	}
}

// drain reads no more rows than a test has time for: a file may tell of any number of empty ones.
func drain(file io.ReaderAt, size int) {
	left := 1000
	for range parquet.Rows(file, int64(size)) {
		if left--; left == 0 {
			return
		}
	}
}

func FuzzRows(f *testing.F) {
	for version := 1; version <= 2; version++ {
		f.Add(write(f, orders(7), writer.Compression(&writer.Uncompressed), writer.DataPageVersion(version)))
		f.Add(write(f, orders(7), writer.Compression(&writer.Gzip), writer.DataPageVersion(version)))
	}
	f.Fuzz(func(t *testing.T, file []byte) { drain(bytes.NewReader(file), len(file)) })
}
