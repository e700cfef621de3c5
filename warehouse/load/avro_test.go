package load

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/hamba/avro/v2"
)

// avroFile writes a file of one block; write puts the data.
func avroFile(t *testing.T, schema string, records int64, write func(w *avro.Writer)) []byte {
	t.Helper()
	sync := []byte("0123456789abcdef")
	var out, data bytes.Buffer
	block := avro.NewWriter(&data, 512)
	write(block)
	w := avro.NewWriter(&out, 512)
	_, _ = w.Write([]byte("Obj\x01"))
	w.WriteLong(1)
	w.WriteString("avro.schema")
	w.WriteBytes([]byte(schema))
	w.WriteLong(0)
	_, _ = w.Write(sync)
	w.WriteLong(records)
	if err := block.Flush(); err != nil {
		t.Fatal(err)
	}
	w.WriteBytes(data.Bytes())
	_, _ = w.Write(sync)
	if err := errors.Join(block.Error, w.Flush(), w.Error); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestAvroValues makes JSON of each kind of value.
func TestAvroValues(t *testing.T) {
	for _, test := range []struct {
		schema string
		write  func(w *avro.Writer)
		want   string
	}{
		{`"long"`, func(w *avro.Writer) { w.WriteLong(-7) }, `-7`},
		{`"float"`, func(w *avro.Writer) { w.WriteFloat(0.1) }, `0.1`},
		{`"double"`, func(w *avro.Writer) { w.WriteDouble(1e300) }, `1e+300`},
		{`"bytes"`, func(w *avro.Writer) { w.WriteBytes([]byte("a\"b")) }, `"a\"b"`},
		{`"bytes"`, func(w *avro.Writer) { w.WriteBytes([]byte{0xff, 0}) }, `"ff00"`},
		{`["null", "string"]`, func(w *avro.Writer) { w.WriteLong(0) }, `null`},
		{`["null", "string"]`, func(w *avro.Writer) { w.WriteLong(1); w.WriteString("é\n") }, `"é\n"`},
		{`{"type": "fixed", "name": "f", "size": 2}`, func(w *avro.Writer) { _, _ = w.Write([]byte("ab")) }, `"ab"`},
		{`{"type": "long", "logicalType": "timestamp-micros"}`, func(w *avro.Writer) { w.WriteLong(1_500_000) }, `"1970-01-01 00:00:01.5"`},
		{`{"type": "int", "logicalType": "time-millis"}`, func(w *avro.Writer) { w.WriteInt(3_600_000) }, `"01:00:00"`},
		{`{"type": "bytes", "logicalType": "decimal", "precision": 4, "scale": 2}`, func(w *avro.Writer) { w.WriteBytes([]byte{0xff}) }, `-0.01`},
	} {
		file := avroFile(t, `{"type": "record", "name": "r", "fields": [{"name": "v", "type": `+test.schema+`}]}`, 1, test.write)
		r, err := newAvro(bytes.NewReader(file))
		if err != nil {
			t.Errorf("%s: %v", test.schema, err)
			continue
		}
		text, err := io.ReadAll(r)
		if got := string(text); got != `{"v":`+test.want+"}\n" || err != nil {
			t.Errorf("%s: got %s, %v", test.schema, got, err)
		}
	}
}

// TestDamagedAvro cuts a file at every place and changes every byte: there is an end, and no panic.
func TestDamagedAvro(t *testing.T) {
	file := avroFile(t, `{"type":"record","name":"r","fields":[{"name":"a","type":"int"},{"name":"s","type":{"type":"array","items":"string"}}]}`, 2, func(w *avro.Writer) {
		for range 2 {
			w.WriteInt(5)
			w.WriteLong(1)
			w.WriteString("text")
			w.WriteLong(0)
		}
	})
	read := func(data []byte) error {
		r, err := newAvro(bytes.NewReader(data))
		if err == nil {
			_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<20))
		}
		return err
	}
	if err := read(file); err != nil {
		t.Fatal(err)
	}
	for cut := range file {
		if err := read(file[:cut]); err == nil && cut > 0 && !endsWhole(file, cut) {
			t.Errorf("cut at %d of %d there is no error", cut, len(file))
		}
		for _, b := range []byte{0, 0xff, file[cut] ^ 1, file[cut] ^ 0x80} {
			changed := bytes.Clone(file)
			changed[cut] = b
			_ = read(changed)
		}
	}
	huge := binary.AppendUvarint([]byte("Obj\x01"), 1<<62)
	if err := read(huge); err == nil || !strings.Contains(err.Error(), "avro") {
		t.Errorf("%s: %v", hex.EncodeToString(huge), err)
	}
}

// endsWhole says that a cut file ends behind its header, where it may end.
func endsWhole(file []byte, cut int) bool {
	return bytes.Count(file[:cut], []byte("0123456789abcdef")) == 1 && bytes.HasSuffix(file[:cut], []byte("0123456789abcdef"))
}
