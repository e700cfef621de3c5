package cli_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// auditExample copies examples/audit-elt without what runs left in it.
func auditExample(t *testing.T) string {
	t.Helper()
	requirePrograms(t, "python3")
	folder := filepath.Join(t.TempDir(), "audit-elt")
	err := errors.Join(os.CopyFS(folder, os.DirFS(filepath.Join("..", "examples", "audit-elt"))),
		os.RemoveAll(filepath.Join(folder, ".stepwell")), os.RemoveAll(filepath.Join(folder, "data")))
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// withoutBoto3 has the functions find no boto3.
func withoutBoto3(t *testing.T, folder string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, "functions", "boto3.py"), []byte("raise ImportError('not here')\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// eltJob is what stepwell audit shows of job 101: its state, and whether it has begun and ended.
func eltJob(t *testing.T, folder string) string {
	t.Helper()
	out, err := stepwell(t, "audit", "--project", folder, "--json").Output()
	if err != nil {
		t.Fatal(err)
	}
	job, _, _ := strings.Cut(string(out), "\n")
	_, state, _ := strings.Cut(job, `"JobState":"`)
	state, _, _ = strings.Cut(state, `"`)
	for _, name := range []string{"JobStart", "JobEnd"} {
		if strings.Contains(job, name) {
			state += " " + name
		}
	}
	return state
}

const eltSums = "1000,15000,169121,150000,15290887.00,14525706283.5418"

// eltRows are the rows of the three tables, and sums that every value of the facts goes into.
func eltRows(t *testing.T, folder string) string {
	t.Helper()
	out, err := stepwell(t, "sql", "--project", folder, "--csv", `select (select count(*) from supplier), (select count(*) from customer),
		count(*), (select count(*) from orders), sum(quantity), sum(revenue) from fact_yearly_sale`).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

// The article's story: runs that succeed, one that fails, one that finds the job Running, the restart by hand.
func TestAuditElt(t *testing.T) {
	folder := auditExample(t)
	succeeds := func(name string) {
		t.Helper()
		if code, said := attempt(t, folder); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", name, code, said)
		}
		if job, rows := eltJob(t, folder), eltRows(t, folder); job != "Ready JobStart JobEnd" || rows != eltSums {
			t.Errorf("%s: the job is %s, the rows are %s", name, job, rows)
		}
	}
	succeeds("first run")
	withoutBoto3(t, folder)
	succeeds("second run, without boto3")

	if err := os.WriteFile(filepath.Join(folder, "data", "supplier", "supplier.tbl.gz"), []byte("garbage\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := attempt(t, folder); code != 1 || !strings.Contains(said, "FAILED: EltFailed: StatementFailed: ") {
		t.Errorf("with a broken file: exit code %d\n%s", code, said)
	}
	if code, said := attempt(t, folder); code != 0 || !strings.Contains(said, "notify_running") || strings.Contains(said, "load_staging") {
		t.Errorf("after the failure: exit code %d\n%s", code, said)
	}
	if job, rows := eltJob(t, folder), eltRows(t, folder); job != "Running JobStart" || rows != eltSums {
		t.Errorf("after the failure the job is %s, the rows are %s", job, rows)
	}

	if err := os.RemoveAll(filepath.Join(folder, "data")); err != nil {
		t.Fatal(err)
	}
	setReady(t, folder)
	succeeds("after the restart")
	breakProcedure(t, folder)
	if code, said := attempt(t, folder, "--input", `{"JobID": 103}`); code != 1 || !strings.Contains(said, `relation \"customers\" does not exist`) {
		t.Errorf("with a broken procedure: exit code %d\n%s", code, said)
	}
	if rows := eltRows(t, folder); rows != eltSums {
		t.Errorf("after the broken procedure the rows are %s", rows)
	}
	mails := mailbox(t, folder)
	for subject, want := range map[string]int{"101 succeeded": 3, "101 failed": 1, "101 is already running": 1, "103 failed": 1} {
		if got := strings.Count(mails, "Subject: ELT job "+subject+"\n"); got != want {
			t.Errorf("%d mails say that job %s, want %d", got, subject, want)
		}
	}
}

// breakProcedure has the procedure that loads the facts read a table that is not there.
func breakProcedure(t *testing.T, folder string) {
	t.Helper()
	name := filepath.Join(folder, "functions", "sql", "deploy.sql")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(text), "public.customer c on c.c_custkey = o", "public.customers c on c.c_custkey = o", 1)
	if err := os.WriteFile(name, []byte(broken), 0o600); err != nil {
		t.Fatal(err)
	}
}

// setReady is what a person does after a failure: the item is edited through the server. While this runs, the rule has its
// next run, and of two runs only one gets a job.
func setReady(t *testing.T, folder string) {
	t.Helper()
	server, endpoint, _ := startUp(t, folder)
	config := aws.Config{Region: "us-east-1", BaseEndpoint: &endpoint, Credentials: credentials.NewStaticCredentialsProvider("k", "s", "")}
	_, err := dynamodb.NewFromConfig(config).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:                 aws.String("elt-audit"),
		Key:                       map[string]dynamodbtypes.AttributeValue{"JobID": &dynamodbtypes.AttributeValueMemberN{Value: "101"}},
		UpdateExpression:          aws.String("SET JobState = :ready"),
		ExpressionAttributeValues: map[string]dynamodbtypes.AttributeValue{":ready": &dynamodbtypes.AttributeValueMemberS{Value: "Ready"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ function, event, want string }{
		{"elt-read-job", `{"JobID": 102}`, `"JobState": "Ready"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "a"}`, `"JobState": "Running"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "a"}`, `"JobState": "Running"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "b"}`, `another run has job 102`},
		{"elt-release-job", `{"JobID": 102}`, `"JobState": "Ready"`},
		{"elt-claim-job", `{"JobID": 102, "JobRun": "b"}`, `"JobState": "Running"`},
	} {
		answer, err := lambda.NewFromConfig(config).Invoke(t.Context(), &lambda.InvokeInput{FunctionName: &x.function, Payload: []byte(x.event)})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(answer.Payload), x.want) {
			t.Errorf("%s of %s gives %s, want %s", x.function, x.event, answer.Payload, x.want)
		}
	}
	if err := errors.Join(server.Process.Signal(os.Interrupt), server.Wait()); err != nil {
		t.Error(err)
	}
	planned, err := stepwell(t, "schedules", "--project", folder, "--json").Output()
	if err != nil || !strings.Contains(string(planned), `"scheduleExpression":"rate(5 minutes)"`) || strings.Contains(string(planned), `"nextRun":null`) {
		t.Errorf("the plans are %s, %v", planned, err)
	}
}

// A run that is killed has claimed the job; the same execution goes on with it.
func TestKilledAuditEltResumes(t *testing.T) {
	folder := auditExample(t)
	withoutBoto3(t, folder)
	signalWhen(t, stepwell(t, "run", folder, "--json"), `"name":"deploy"`, os.Kill)
	if job := eltJob(t, folder); job != "Running JobStart" {
		t.Errorf("after the kill the job is %s", job)
	}
	if code, said := attempt(t, folder, "--resume"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if job, rows := eltJob(t, folder), eltRows(t, folder); job != "Ready JobStart JobEnd" || rows != eltSums {
		t.Errorf("the job is %s, the rows are %s", job, rows)
	}
}
