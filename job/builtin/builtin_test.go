package builtin_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/job/builtin"
	"github.com/stepwell/stepwell/rsql"
)

// server is a session that writes statements down. The statement bad fails, hang lasts until the context ends.
type server struct {
	ctx context.Context
	got *[]string
}

func (s *server) Execute(text string, answers rsql.Answers) error {
	text = strings.TrimSuffix(strings.TrimSpace(text), ";")
	*s.got = append(*s.got, text)
	switch text {
	case "bad":
		return &rsql.Failure{Severity: "ERROR", Code: "42601", Message: "syntax error"}
	case "hang":
		<-s.ctx.Done()
		return &rsql.Failure{Severity: "ERROR", Code: "57014", Message: "cancelled"}
	}
	answers.Answer(rsql.Answer{Tag: "DONE"})
	return nil
}

func (s *server) InBlock() bool   { return false }
func (s *server) Peer() rsql.Peer { return rsql.Peer{Database: "dev", Redshift: true} }
func (s *server) Close() error    { return nil }

func runner(t *testing.T, script string) (*builtin.Runner, *[]string) {
	store := dir.New(t.TempDir(), nil)
	if err := store.Make("scripts"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Put(t.Context(), "scripts", "load.sql", strings.NewReader(script), bucket.Attributes{}); err != nil {
		t.Fatal(err)
	}
	got := &[]string{}
	return &builtin.Runner{Buckets: store, Folder: t.TempDir(), Connect: func(ctx context.Context, _ rsql.Target) (rsql.Session, error) {
		return &server{ctx, got}, nil
	}}, got
}

func work(out *bytes.Buffer, settings ...string) job.Work {
	w := job.Work{ID: "1", Image: "rsql", Output: out}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		w.Environment = append(w.Environment, job.Variable{Name: name, Value: value})
	}
	return w
}

const (
	rsqlScript = "BATCH_SCRIPT_LOCATION=s3://scripts/load.sql"
	psqlScript = "BATCH_FILE_S3_URL=s3://scripts/load.sql"
)

func TestRun(t *testing.T) {
	for _, x := range []struct {
		name, script, environment string
		code                      int
		ran, says                 string
	}{
		{"variables are put in", "copy ${BUCKET} $DAY $1 ${none} ${;\n", rsqlScript + " BUCKET=b DAY=d", 0, "copy b d $1  ${", "DONE"},
		{"an error does not end RSQL", "bad;\n\\if :ERROR <> 0\n\\remark 'failed:' :ERRORCODE\n\\exit 7\n\\endif\n", rsqlScript, 7, "bad", "failed: 42601"},
		{"an error ends psql", "bad;\nselect 1;\n", psqlScript, 3, "bad", "syntax error"},
		{"psql has the environment's variables", "select :'dt', :'batch_job', :'batchjob';\n", psqlScript + " DATASET_DATE=2026-01-01 BATCH_JOB=j", 0,
			"select '2026-01-01', 'j', 'j'", "DONE"},
		{"commands see the declared environment", "\\! echo $DAY-$SECRET; ls; touch x; ls\n", rsqlScript + " DAY=$DAY SECRET=s", 0, "", "-s\nx\n"},
		{"no such script", "", "BATCH_SCRIPT_LOCATION=s3://scripts/none.sql", 1, "", "fetch the script s3://scripts/none.sql: "},
		{"no address of a script", "", "BATCH_SCRIPT_LOCATION=/etc/passwd", 1, "", `"/etc/passwd" is not s3://BUCKET/KEY`},
		{"a binary", "\x7fELF\x00\x01", rsqlScript, 1, "", "NUL character"},
	} {
		t.Run(x.name, func(t *testing.T) {
			r, ran := runner(t, x.script)
			var out bytes.Buffer
			exit, err := r.Run(t.Context(), work(&out, strings.Fields(x.environment)...))
			if err != nil || exit.Code != x.code {
				t.Errorf("exit %+v, %v, want %d: %s", exit, err, x.code, &out)
			}
			if got := strings.Join(*ran, "; "); got != x.ran {
				t.Errorf("ran %q, want %q", got, x.ran)
			}
			if !strings.Contains(out.String(), x.says) {
				t.Errorf("printed %q, want %q", &out, x.says)
			}
			if left, err := os.ReadDir(r.Folder); err != nil || len(left) > 0 {
				t.Errorf("left behind %v, %v", left, err)
			}
		})
	}
}

// A script that is ended while a statement runs.
func TestEnded(t *testing.T) {
	r, _ := runner(t, "hang;\nselect 1;\n")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("enough"))
	var out bytes.Buffer
	if exit, err := r.Run(ctx, work(&out, rsqlScript)); err != nil || exit.Code != 137 {
		t.Errorf("exit %+v, %v: %s", exit, err, &out)
	}
}

func TestFits(t *testing.T) {
	for setting, want := range map[string]bool{rsqlScript: true, psqlScript: true, "BATCH_SCRIPT_LOCATION=": false, "A=b": false} {
		if got := builtin.Fits(work(nil, setting)); got != want {
			t.Errorf("%s: %t", setting, got)
		}
	}
	if _, err := (&builtin.Runner{}).Run(t.Context(), work(nil)); err == nil || !strings.Contains(err.Error(), "CannotStartContainerError") {
		t.Errorf("without a script: %v", err)
	}
}

// Expand does what envsubst does.
func TestExpandAgrees(t *testing.T) {
	if _, err := exec.LookPath("envsubst"); err != nil {
		t.Skip("envsubst is not installed")
	}
	text := "a $A ${A} $AB ${AB} $A_1 $1 ${1A} $$A $$ ${A ${} ${A}} $ ${ $é ${A}$A-$a \\$A '$A' $A.b ${A:-x} $_x\n$$body$$ $"
	c := exec.Command("envsubst")
	c.Env = []string{"A=va${A}lue", "_x=under", "PATH=" + os.Getenv("PATH")}
	c.Stdin = strings.NewReader(text)
	want, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := builtin.Expand(text, work(nil, "A=va${A}lue", "_x=under")); got != string(want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
