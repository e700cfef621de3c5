package pgwire

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

// FuzzMessages sends any bytes behind the startup message. Whatever they are, the connection must end when they do, and the
// server must serve the next client.
func FuzzMessages(f *testing.F) {
	w := duckdbtest.Open(f, warehouse.Options{})
	var script bytes.Buffer
	for _, m := range []pgproto3.FrontendMessage{
		&pgproto3.Parse{Name: "s", Query: "select $1, $2", ParameterOIDs: []uint32{1082, 1700}},
		&pgproto3.Bind{PreparedStatement: "s", ParameterFormatCodes: []int16{1}, Parameters: [][]byte{{0, 0, 0, 1}, {0, 1, 0, 0, 0, 0, 0, 0, 0, 1}}, ResultFormatCodes: []int16{1, 0}},
		&pgproto3.Describe{ObjectType: 'S', Name: "s"}, &pgproto3.Describe{ObjectType: 'P'}, &pgproto3.Execute{MaxRows: 1},
		&pgproto3.Close{ObjectType: 'S', Name: "s"}, &pgproto3.Flush{}, &pgproto3.Sync{}, &pgproto3.Query{String: "begin; select 1; commit"}, &pgproto3.Terminate{},
	} {
		b, err := m.Encode(nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		script.Write(b)
	}
	f.Add(script.Bytes())
	f.Add([]byte("Q\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		var log bytes.Buffer
		s, err := newServer(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, Options{Warehouse: w, Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		here, there := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			s.admit(t.Context(), here)
		}()
		go func() { _, _ = io.Copy(io.Discard, there) }()
		start, _ := (&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "etl"}}).Encode(nil)
		_, _ = there.Write(append(start, sent...))
		_ = there.Close()
		<-done
		if s.count != 0 || log.Len() > 0 {
			t.Errorf("%d clients are left; %s", s.count, &log)
		}
	})
}

// FuzzParameter gives any bytes as a value of any type: it is refused, or becomes a literal that is one expression.
func FuzzParameter(f *testing.F) {
	for _, oid := range []uint32{16, 17, 20, 21, 23, 25, 700, 701, 1007, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950, 6551} {
		f.Add(oid, true, []byte{0, 0, 0, 1})
		f.Add(oid, false, []byte(`1'\`))
	}
	f.Fuzz(func(t *testing.T, oid uint32, isBinary bool, data []byte) {
		c := newConnection(&server{}, nil)
		format := map[bool]int16{true: 1}[isBinary]
		text, err := c.literal(oid, format, append([]byte{}, data...))
		if err != nil {
			return
		}
		script, err := parseScript("select " + text + " as x")
		if err != nil || len(script) != 1 {
			t.Fatalf("%q became %s: %v", data, text, err)
		}
	})
}
