package pgwire

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
	"github.com/stepwell/stepwell/warehouse/lock"
)

// waitingPort serves a warehouse that tells when a statement begins to wait for a lock; a client holds the one on table t.
func waitingPort(t *testing.T) (address string, waiting chan string) {
	t.Helper()
	waiting = make(chan string, 8)
	address = portOver(t, Options{}, warehouse.Options{Waiting: func(table string, _ lock.Mode) { waiting <- table }})
	holder := dial(t, address)
	holder.login(t)
	for _, sql := range []string{"create table t (a integer)", "create table u (a integer)", "begin", "lock table t"} {
		holder.frontend.Send(&pgproto3.Query{String: sql})
	}
	if got := holder.answers(t, 4); !strings.HasSuffix(got, "ready T\n") {
		t.Fatal(got)
	}
	return address, waiting
}

func TestCancelRequest(t *testing.T) {
	address, waiting := waitingPort(t)
	p := dial(t, address)
	p.login(t)
	p.frontend.Send(&pgproto3.Query{String: "insert into t values (1)"})
	if err := p.frontend.Flush(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	for _, secret := range [][]byte{{1, 2, 3, 4}, p.key.SecretKey} {
		other := dial(t, address)
		other.frontend.Send(&pgproto3.CancelRequest{ProcessID: p.key.ProcessID, SecretKey: secret})
		if got := other.answers(t, 1); got != "end\n" {
			t.Errorf("the request was answered: %s", got)
		}
	}
	if got := p.answers(t, 1); !strings.Contains(got, "ERROR 57014") || !strings.HasSuffix(got, "ready I\n") {
		t.Errorf("got %s", got)
	}
}

// A client that leaves while its statement waits gives up its place in the queue and its locks.
func TestLeavingMidQuery(t *testing.T) {
	address, waiting := waitingPort(t)
	p := dial(t, address)
	p.login(t)
	for _, sql := range []string{"begin", "lock table u"} {
		p.frontend.Send(&pgproto3.Query{String: sql})
	}
	p.answers(t, 2)
	p.frontend.Send(&pgproto3.Query{String: "insert into t values (1)"})
	if err := p.frontend.Flush(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	_ = p.socket.Close()
	third := dial(t, address)
	third.login(t)
	third.frontend.Send(&pgproto3.Query{String: "insert into u values (1)"})
	if got := third.answers(t, 1); !strings.Contains(got, "complete INSERT") {
		t.Errorf("got %s", got)
	}
}

// The end of the server ends what runs and tells every client.
func TestShutdown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan string, 1)
	w := duckdbtest.Open(t, warehouse.Options{Waiting: func(table string, _ lock.Mode) { waiting <- table }})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- Serve(ctx, l, Options{Warehouse: w}) }()
	idle, busy := dial(t, l.Addr().String()), dial(t, l.Addr().String())
	idle.login(t)
	busy.login(t)
	idle.frontend.Send(&pgproto3.Query{String: "create table t (a integer); commit; begin; lock table t"})
	idle.answers(t, 1)
	busy.frontend.Send(&pgproto3.Query{String: "insert into t values (1)"})
	if err := busy.frontend.Flush(); err != nil {
		t.Fatal(err)
	}
	<-waiting
	cancel()
	const goodbye = "FATAL 57P01 terminating connection due to administrator command at 0 \nend\n"
	if got := idle.answers(t, 1); got != goodbye {
		t.Errorf("the idle client got %s", got)
	}
	if got := busy.answers(t, 2); !strings.HasPrefix(got, "ERROR 57014") || !strings.HasSuffix(got, goodbye) {
		t.Errorf("the busy client got %s", got)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestTooManyClients(t *testing.T) {
	few := defaultLimits
	few.connections = 2
	address := port(t, Options{limits: few})
	first, second := dial(t, address), dial(t, address)
	first.login(t)
	second.login(t)
	if got := dial(t, address).answers(t, 1); got != "FATAL 53300 sorry, too many clients already at 0 \nend\n" {
		t.Errorf("got %s", got)
	}
	_ = first.socket.Close()
	for range 1000 {
		again := dial(t, address)
		again.frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "x"}})
		if strings.HasSuffix(again.answers(t, 1), "ready I\n") {
			return
		}
	}
	t.Error("the place of the client that left stays taken")
}

func TestSlowClientsAreLeft(t *testing.T) {
	short := defaultLimits
	short.startup, short.idle = 20*time.Millisecond, 100*time.Millisecond
	address := port(t, Options{limits: short})
	if got := dial(t, address).answers(t, 1); !strings.HasSuffix(got, "end\n") {
		t.Errorf("a client that never begins got %s", got)
	}
	short.startup = time.Minute
	p := dial(t, port(t, Options{limits: short}))
	p.login(t)
	if got := p.answers(t, 1); got != "FATAL 57P05 terminating connection due to idle session timeout at 0 \nend\n" {
		t.Errorf("an idle client got %s", got)
	}
}

// A client that asks for much and reads nothing is left when the limit of a write is over, and its locks are free.
func TestClientThatDoesNotRead(t *testing.T) {
	short := defaultLimits
	short.write = 50 * time.Millisecond
	address := port(t, Options{limits: short})
	p := dial(t, address)
	p.login(t)
	p.frontend.Send(&pgproto3.Query{String: "create table t as select a.a, repeat('x', 2000) as b from (select 1 as a union all select 2 union all select 3 union all select 4) a, " +
		"(select 1 as b union all select 2 union all select 3 union all select 4) b"})
	p.answers(t, 1)
	p.frontend.Send(&pgproto3.Query{String: "begin"})
	p.frontend.Send(&pgproto3.Query{String: "select t1.b from t t1, t t2, t t3, t t4"})
	if err := p.frontend.Flush(); err != nil {
		t.Fatal(err)
	}
	other := dial(t, address)
	other.login(t)
	other.frontend.Send(&pgproto3.Query{String: "drop table t"})
	if got := other.answers(t, 1); !strings.Contains(got, "complete DROP TABLE") {
		t.Errorf("got %s", got)
	}
}

// frame makes a message with a body as it stands.
func frame(kind byte, body string) []byte {
	b := append([]byte{kind}, binary.BigEndian.AppendUint32(nil, uint32(len(body)+4))...)
	return append(b, body...)
}

func TestMalformedMessages(t *testing.T) {
	small := defaultLimits
	small.message = 1 << 10
	address := port(t, Options{limits: small})
	for _, x := range []struct{ name, sent, want string }{
		{"an unknown kind", string(frame('?', "")), "FATAL 08P01"},
		{"a negative length", "Q\xff\xff\xff\xff", "FATAL 08P01"},
		{"a length below its own", "Q\x00\x00\x00\x03", "FATAL 08P01"},
		{"a long message", string(frame('Q', strings.Repeat("x", 2000))), "FATAL 54000"},
		{"a length without the message", "Q\x7f\xff\xff\xff", "FATAL 54000"},
		{"a query without its end", string(frame('Q', "select 1")), "FATAL 08P01"},
		{"a short bind", string(frame('B', "\x00\x00\x00\x05")), "FATAL 08P01"},
		{"a bind with a long value", string(frame('B', "\x00\x00\x00\x00\x00\x01\x7f\xff\xff\xff")), "FATAL 08P01"},
		{"a parse with many types", string(frame('P', "\x00select 1\x00\xff\xff")), "FATAL 08P01"},
		{"a short execute", string(frame('E', "\x00\x00")), "FATAL 08P01"},
		{"an empty describe", string(frame('D', "")), "FATAL 08P01"},
		{"a password too late", string(frame('p', "secret\x00")), "FATAL 08P01"},
		{"leaving", string(frame('X', "")), "end"},
	} {
		p := dial(t, address)
		p.login(t)
		if _, err := p.socket.Write([]byte(x.sent)); err != nil {
			t.Fatal(err)
		}
		if got := p.answers(t, 1); !strings.HasPrefix(got, x.want) {
			t.Errorf("%s: got %s", x.name, got)
		}
	}
	for _, sent := range []string{"\x00\x00\x00\x08\x00\x02\x00\x00", "\x00\x00\x00\x04", "\xff\xff\xff\xff", "GET / HTTP/1.1\r\n\r\n",
		"\x00\x00\x00\x09\x00\x03\x00\x00x", "\x00\x00\x00\x08\x00\x03\x00\x00"} {
		p := dial(t, address)
		if _, err := p.socket.Write([]byte(sent)); err != nil {
			t.Fatal(err)
		}
		if got := p.answers(t, 1); !strings.HasPrefix(got, "FATAL") {
			t.Errorf("the start %q got %s", sent, got)
		}
	}
	p := dial(t, address)
	p.login(t)
}

// A flood of messages without Sync is bounded by the number of statements that a client can keep.
func TestFlood(t *testing.T) {
	p := dial(t, port(t, Options{}))
	p.login(t)
	go func() {
		buffer, _ := (&pgproto3.Parse{Query: "select 1"}).Encode(nil)
		flood := strings.Repeat(string(buffer), 20000)
		_, _ = p.socket.Write([]byte(flood))
		sync, _ := (&pgproto3.Sync{}).Encode(nil)
		_, _ = p.socket.Write(sync)
	}()
	if got := p.answers(t, 1); strings.Count(got, "ParseComplete") != 20000 {
		t.Errorf("%d statements were parsed", strings.Count(got, "ParseComplete"))
	}
	for i := range maxPrepared + 1 {
		p.frontend.Send(&pgproto3.Parse{Name: strings.Repeat("n", 1+i%50) + string(rune('a'+i%26)) + time.Duration(i).String(), Query: ""})
	}
	p.frontend.Send(&pgproto3.Sync{})
	if got := p.answers(t, 1); !strings.Contains(got, "ERROR 53000 there are too many prepared statements") {
		t.Errorf("got no error")
	}
}

func TestListenerFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if err := Serve(t.Context(), l, Options{Warehouse: duckdbtest.Open(t, warehouse.Options{})}); !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
