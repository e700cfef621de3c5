package pgwire

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
	"github.com/jackc/pgx/v5/pgproto3"
)

// TestTrace sends messages and prints the answers. Each line of a send is a message: its name and its words, of which the
// last runs to the end of the line. login begins anew with another client of the same warehouse.
//
//	query SQL
//	parse NAME[:OID,…] SQL
//	bind PORTAL STATEMENT FORMATS VALUE|VALUE     FORMATS is t, b or both parameter and result formats: tb
//	describe statement|portal NAME
//	execute PORTAL LIMIT
//	close statement|portal NAME
//	sync, flush, copydone, function
//
// The name - is the empty one. What is sent must end with a message that the server answers at once.
func TestTrace(t *testing.T) {
	datadriven.Walk(t, "testdata/trace", func(t *testing.T, path string) {
		address := port(t, Options{})
		var peer *peer
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "login":
				peer = dial(t, address)
				parameters := map[string]string{"user": "etl", "database": "dev"}
				for _, a := range d.CmdArgs {
					parameters[a.Key] = strings.Join(a.Vals, ", ")
				}
				peer.frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: parameters})
				return peer.answers(t, 1)
			case "send":
				waits := 0
				for line := range strings.Lines(d.Input) {
					m := messageOf(t, strings.TrimSuffix(line, "\n"))
					switch m.(type) {
					case *pgproto3.Query, *pgproto3.Sync, *pgproto3.FunctionCall:
						waits++
					}
					peer.frontend.Send(m)
				}
				return peer.answers(t, waits)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

// peer is a client that speaks in messages.
type peer struct {
	socket   net.Conn
	frontend *pgproto3.Frontend
	key      pgproto3.BackendKeyData
}

func dial(t *testing.T, address string) *peer {
	t.Helper()
	socket, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	_ = socket.SetDeadline(time.Now().Add(20 * time.Second))
	return &peer{socket: socket, frontend: pgproto3.NewFrontend(socket, socket)}
}

// answers flushes and prints what comes, until the server has been ready n times or the connection ends.
func (p *peer) answers(t *testing.T, n int) string {
	t.Helper()
	if err := p.frontend.Flush(); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n > 0 {
		m, err := p.frontend.Receive()
		if err != nil {
			b.WriteString("end\n")
			break
		}
		if key, ok := m.(*pgproto3.BackendKeyData); ok {
			p.key = pgproto3.BackendKeyData{ProcessID: key.ProcessID, SecretKey: append([]byte{}, key.SecretKey...)}
			continue
		}
		b.WriteString(shown(m) + "\n")
		if _, ok := m.(*pgproto3.ReadyForQuery); ok {
			n--
		}
	}
	return b.String()
}

func (p *peer) login(t *testing.T) {
	t.Helper()
	p.frontend.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "etl"}})
	if got := p.answers(t, 1); !strings.HasSuffix(got, "ready I\n") {
		t.Fatalf("the login gave\n%s", got)
	}
}

func shown(m pgproto3.BackendMessage) string {
	switch m := m.(type) {
	case *pgproto3.ReadyForQuery:
		return "ready " + string(m.TxStatus)
	case *pgproto3.ParameterStatus:
		return "status " + m.Name + "=" + m.Value
	case *pgproto3.CommandComplete:
		return "complete " + string(m.CommandTag)
	case *pgproto3.ErrorResponse:
		return fmt.Sprintf("%s %s %s at %d %s", m.Severity, m.Code, m.Message, m.Position, strings.ReplaceAll(m.Where, "\n", "; "))
	case *pgproto3.NoticeResponse:
		return fmt.Sprintf("%s %s %s", m.Severity, m.Code, m.Message)
	case *pgproto3.ParameterDescription:
		return fmt.Sprint("parameters ", m.ParameterOIDs)
	case *pgproto3.RowDescription:
		var parts []string
		for _, f := range m.Fields {
			parts = append(parts, fmt.Sprintf("%s:%d/%d/%d", f.Name, f.DataTypeOID, f.TypeModifier, f.Format))
		}
		return "fields " + strings.Join(parts, " ")
	case *pgproto3.DataRow:
		var parts []string
		for _, v := range m.Values {
			parts = append(parts, quoted(v))
		}
		return "row " + strings.Join(parts, " ")
	}
	return strings.TrimPrefix(fmt.Sprintf("%T", m), "*pgproto3.")
}

func quoted(v []byte) string {
	if v == nil {
		return "null"
	}
	return strconv.Quote(string(v))
}

func messageOf(t *testing.T, line string) pgproto3.FrontendMessage {
	t.Helper()
	verb, rest, _ := strings.Cut(line, " ")
	word, rest2, _ := strings.Cut(rest, " ")
	name := strings.TrimPrefix(word, "-")
	switch verb {
	case "query":
		return &pgproto3.Query{String: strings.ReplaceAll(rest, "⏎", "\n")}
	case "parse":
		name, types, _ := strings.Cut(name, ":")
		m := &pgproto3.Parse{Name: name, Query: rest2}
		for oid := range strings.SplitSeq(types, ",") {
			if n, err := strconv.ParseUint(oid, 10, 32); err == nil {
				m.ParameterOIDs = append(m.ParameterOIDs, uint32(n))
			}
		}
		return m
	case "bind":
		return bindOf(name, rest2)
	case "describe":
		return &pgproto3.Describe{ObjectType: strings.ToUpper(word)[0], Name: strings.TrimPrefix(rest2, "-")}
	case "close":
		return &pgproto3.Close{ObjectType: strings.ToUpper(word)[0], Name: strings.TrimPrefix(rest2, "-")}
	case "execute":
		limit, _ := strconv.Atoi(rest2)
		return &pgproto3.Execute{Portal: name, MaxRows: uint32(limit)}
	case "sync":
		return &pgproto3.Sync{}
	case "flush":
		return &pgproto3.Flush{}
	case "copydone":
		return &pgproto3.CopyDone{}
	case "function":
		return &pgproto3.FunctionCall{}
	}
	t.Fatalf("unknown message %s", verb)
	return nil
}

func bindOf(portal, rest string) *pgproto3.Bind {
	words := strings.SplitN(rest, " ", 3)
	m := &pgproto3.Bind{DestinationPortal: portal, PreparedStatement: strings.TrimPrefix(words[0], "-")}
	formats := map[byte]int16{'t': 0, 'b': 1}
	if len(words) > 1 {
		m.ParameterFormatCodes = []int16{formats[words[1][0]]}
		for _, f := range words[1][1:] {
			m.ResultFormatCodes = append(m.ResultFormatCodes, formats[byte(f)])
		}
	}
	if len(words) > 2 {
		for v := range strings.SplitSeq(words[2], "|") {
			value := []byte(v)
			if unquoted, err := strconv.Unquote(v); err == nil {
				value = []byte(unquoted)
			}
			if v == "null" {
				value = nil
			}
			m.Parameters = append(m.Parameters, value)
		}
	}
	return m
}
