package cli_test

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A project that is served answers an AWS SDK and a PostgreSQL client, and Ctrl-C ends it well.
func TestUp(t *testing.T) {
	folder := t.TempDir()
	definition := `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"done": true}, "End": true}}}`
	if err := os.WriteFile(filepath.Join(folder, "hello.asl.json"), []byte(definition), 0o644); err != nil {
		t.Fatal(err)
	}
	c, endpoint, postgres := startUp(t, folder, "--postgres-address", "127.0.0.1:0")
	runThrough(t, endpoint)
	db, err := pgx.Connect(t.Context(), "postgres://etl@"+postgres+"/dev?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	var seven int
	if err := db.QueryRow(t.Context(), "select 7").Scan(&seven); err != nil || seven != 7 {
		t.Errorf("select 7 gives %d, %v", seven, err)
	}
	if err := db.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}

// startUp serves a folder and returns where.
func startUp(t *testing.T, folder string, options ...string) (c *exec.Cmd, endpoint, postgres string) {
	t.Helper()
	c = stepwell(t, append([]string{"up", folder, "--address", "127.0.0.1:0"}, options...)...)
	out, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	lines := bufio.NewScanner(out)
	after := func(text string) string {
		for lines.Scan() {
			if _, rest, ok := strings.Cut(lines.Text(), text); ok {
				return strings.Fields(rest)[0]
			}
		}
		t.Fatalf("no line with %q", text)
		return ""
	}
	return c, after(" on "), after("PostgreSQL clients:")
}

// PostgreSQL clients on an address that others reach log in over TLS, and their role says what they may.
func TestUpWithUsers(t *testing.T) {
	folder := t.TempDir()
	certificate, key := writeCertificate(t, folder)
	users := filepath.Join(folder, "users")
	if err := os.WriteFile(users, []byte("etl secret admin\nlook glass read\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, postgres := startUp(t, folder, "--postgres-address", "0.0.0.0:0", "--users", users, "--cert", certificate, "--cert-key", key)
	_, number, err := net.SplitHostPort(postgres)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ login, tls, sql, want string }{
		{"etl:secret", "require", "create table t (a integer)", ""},
		{"etl:secret", "disable", "select 1", "28000"},
		{"etl:wrong", "require", "select 1", "28P01"},
		{"look:glass", "require", "select count(*) from t", ""},
		{"look:glass", "require", "insert into t values (1)", "25006"},
	} {
		db, err := pgx.Connect(t.Context(), "postgres://"+x.login+"@127.0.0.1:"+number+"/dev?sslmode="+x.tls)
		if err == nil {
			_, err = db.Exec(t.Context(), x.sql)
			_ = db.Close(t.Context())
		}
		var refused *pgconn.PgError
		if errors.As(err, &refused); (err == nil) != (x.want == "") || refused != nil && refused.Code != x.want {
			t.Errorf("%v: %v", x, err)
		}
	}
}

func writeCertificate(t *testing.T, folder string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	bytes, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, content []byte) string {
		name = filepath.Join(folder, name)
		if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	return write("cert.pem", "CERTIFICATE", signed), write("key.pem", "PRIVATE KEY", bytes)
}

// runThrough starts the only state machine and checks how it ended.
func runThrough(t *testing.T, endpoint string) {
	t.Helper()
	client := sfn.New(sfn.Options{
		Region: "us-east-1", BaseEndpoint: aws.String(endpoint), Credentials: credentials.NewStaticCredentialsProvider("any", "key", ""),
	})
	machines, err := client.ListStateMachines(t.Context(), &sfn.ListStateMachinesInput{})
	if err != nil || len(machines.StateMachines) != 1 {
		t.Fatalf("the state machines are %+v, %v", machines, err)
	}
	started, err := client.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: machines.StateMachines[0].StateMachineArn})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := client.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: started.ExecutionArn})
	if err != nil || ended.Status != types.ExecutionStatusSucceeded || aws.ToString(ended.Output) != `{"done":true}` {
		t.Errorf("the execution is %+v, %v", ended, err)
	}
}

// An auto-copy job that a client makes loads a file that is moved into its bucket's folder.
func TestUpLoadsFiles(t *testing.T) {
	folder := t.TempDir()
	inbox := filepath.Join(folder, ".stepwell", "buckets", "inbox")
	for _, name := range []string{filepath.Join(folder, "hello.asl.json"), filepath.Join(folder, "part")} {
		text := `{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}`
		if filepath.Base(name) == "part" {
			text = "1,one\n2,two\n"
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_, _, postgres := startUp(t, folder, "--postgres-address", "127.0.0.1:0")
	db, err := pgx.Connect(t.Context(), "postgres://etl@"+postgres+"/dev?sslmode=disable")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	for _, sql := range []string{"create table t (a int, b varchar(10))",
		"copy t from 's3://inbox/in' iam_role 'arn:aws:iam::123456789012:role/etl' csv job create job_t"} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	var id int64
	var name, role, text string
	var auto int
	if err := db.QueryRow(t.Context(), "copy job show job_t").Scan(&id, &name, &role, &text, &auto); err != nil || name != "job_t" || auto != 1 {
		t.Errorf("copy job show: %s, %d, %v", name, auto, err)
	}
	if err := errors.Join(os.MkdirAll(inbox, 0o755), os.Rename(filepath.Join(folder, "part"), filepath.Join(inbox, "in.csv"))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for rows := 0; rows < 2; {
		if err := db.QueryRow(ctx, "select count(*) from t").Scan(&rows); err != nil {
			t.Fatal(err)
		}
	}
}
