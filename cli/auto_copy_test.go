package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// deliveries makes the files of examples/auto-copy, once for all tests.
var deliveries = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "auto-copy-")
	if err != nil {
		return "", err
	}
	made = append(made, folder)
	c := exec.Command("go", "run", "generate/main.go", folder)
	c.Dir = filepath.Join("..", "examples", "auto-copy")
	return folder, c.Run()
})

// autoCopyExample copies examples/auto-copy, so that its data folder is the test's own.
func autoCopyExample(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "auto-copy")
	data, err := deliveries()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("..", "examples", "auto-copy"))); err != nil {
		t.Fatal(err)
	}
	for _, left := range []string{".stepwell", "landing", "data"} {
		if err := os.RemoveAll(filepath.Join(folder, left)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(filepath.Join(folder, "data"), os.DirFS(data)); err != nil {
		t.Fatal(err)
	}
	return folder
}

// statements runs SQL on an example's warehouse and returns the rows of the last statement, without their heading.
func statements(t *testing.T, folder, sql string) string {
	t.Helper()
	out, err := stepwell(t, "sql", "--project", folder, "--csv", sql).Output()
	if err != nil {
		var status *exec.ExitError
		if errors.As(err, &status) {
			t.Fatalf("%s: %s", sql, status.Stderr)
		}
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return rows
}

const (
	secondDelivery = `{"day": "2003-01-01"}`
	allLoaded      = `"rows": {"job_store_sales": 240000, "job_green_cab": 16000, "job_red_cab": 16000}`
	jobsAndTheirs  = `select job_name, is_auto, (select count(*) from stl_load_commits c where c.copy_job_id = j.job_id) from sys_copy_job j order by 1`
)

// mustDeliver runs the example to its success: the rows are those that were delivered, none of them twice.
func mustDeliver(t *testing.T, folder, what string, args ...string) {
	t.Helper()
	if code, said := attempt(t, folder, args...); code != 0 || !strings.Contains(said, allLoaded) {
		t.Fatalf("%s: exit code %d\n%s", what, code, said)
	}
}

// mailsAbout are the bodies of an example's mails with a subject, as they were before they were encoded.
func mailsAbout(t *testing.T, folder, subject string) (mails []string) {
	t.Helper()
	for _, mail := range strings.Split(mailbox(t, folder), "Subject: ")[1:] {
		if strings.HasPrefix(mail, subject+"\n") {
			mails = append(mails, strings.ReplaceAll(mail, "=\n", ""))
		}
	}
	return mails
}

func TestAutoCopy(t *testing.T) {
	folder := autoCopyExample(t)
	mustDeliver(t, folder, "first run")
	mustDeliver(t, folder, "the same again")
	if got, want := statements(t, folder, jobsAndTheirs), "job_green_cab,1,2\njob_red_cab,1,2\njob_store_sales,1,4"; got != want {
		t.Errorf("the jobs loaded\n%s\nwant\n%s", got, want)
	}
	if got := mailsAbout(t, folder, "Delivery loaded"); len(got) != 2 {
		t.Errorf("%d mails of success", len(got))
	}

	statements(t, folder, "copy job alter job_red_cab auto off")
	mustDeliver(t, folder, "one job paused", "--input", secondDelivery)
	if got, want := statements(t, folder, jobsAndTheirs), "job_green_cab,1,4\njob_red_cab,0,4\njob_store_sales,1,8"; got != want {
		t.Errorf("with a job run by hand\n%s\nwant\n%s", got, want)
	}

	statements(t, folder, "copy job drop job_store_sales; truncate store_sales")
	mustDeliver(t, folder, "a job dropped")
	if got, want := statements(t, folder, jobsAndTheirs), "job_green_cab,1,4\njob_red_cab,0,4\njob_store_sales,1,4"; got != want {
		t.Errorf("with a job made anew\n%s\nwant\n%s", got, want)
	}
}

// A bad file is left out and told of, its job goes on; mended it is loaded by a COPY that is no job's.
func TestAutoCopyBadFile(t *testing.T) {
	folder := autoCopyExample(t)
	name := filepath.Join(folder, "data", "Customer_1", "2003-01-01-trips-2.csv")
	good, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	bad := regexp.MustCompile(`(?m)^1,2003-01-01 `).ReplaceAll(good, []byte("1,yesterday "))
	if err := os.WriteFile(name, bad, 0o600); err != nil {
		t.Fatal(err)
	}
	code, said := attempt(t, folder, "--input", secondDelivery)
	if code != 1 || !strings.Contains(said, "FAILED: DeliveryIncomplete") {
		t.Fatalf("with a bad file: exit code %d\n%s", code, said)
	}
	mails := mailsAbout(t, folder, "Delivery failed")
	if len(mails) != 1 || !strings.Contains(mails[0], "Customer_1/2003-01-01-trips-2.csv") || !strings.Contains(mails[0], "pickup_datetime") {
		t.Errorf("the mails of failure are %q", mails)
	}
	if got, want := statements(t, folder, jobsAndTheirs), "job_green_cab,1,1\njob_red_cab,1,2\njob_store_sales,1,4"; got != want {
		t.Errorf("the jobs loaded\n%s\nwant\n%s", got, want)
	}

	if err := os.WriteFile(name, good, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, said := attempt(t, folder, "--input", secondDelivery); code != 1 {
		t.Errorf("a job loaded a file that it had refused: exit code %d\n%s", code, said)
	}
	statements(t, folder, `copy cab_sales_data from 's3://auto-copy-landing/Customer_1/2003-01-01-trips-2.csv'
		iam_role default dateformat 'auto' ignoreheader 1 delimiter ',' ignoreblanklines`)
	mustDeliver(t, folder, "after the file was mended", "--input", secondDelivery)
}

// A statement that fails is told of in its own words, and so is a day that was not delivered.
func TestAutoCopyFailures(t *testing.T) {
	folder := autoCopyExample(t)
	statements(t, folder, "create table public.cab_sales_data (vendorid varchar(4))")
	for _, x := range []struct{ input, want string }{
		{`{"day": "2020-01-01"}`, "NoSuchKey"},
		{`{}`, `StatementFailed: Query #1 failed with ERROR: column "pickup_datetime" does not exist`},
	} {
		code, said := attempt(t, folder, "--input", x.input)
		if code != 1 || !strings.Contains(said, x.want) {
			t.Errorf("%s: exit code %d\n%s", x.input, code, said)
		}
	}
	if got := mailsAbout(t, folder, "Delivery failed"); len(got) != 2 {
		t.Errorf("%d mails of failure", len(got))
	}
}

// While the project is served, files put into the bucket's folder are loaded, once even if the same are delivered meanwhile.
func TestAutoCopyServed(t *testing.T) {
	folder := autoCopyExample(t)
	startUp(t, folder, "--postgres-address", "127.0.0.1:0")
	mustDeliver(t, folder, "first day")
	day := filepath.Join("store_sales", "2003-01-01")
	if err := os.CopyFS(filepath.Join(folder, "landing", day), os.DirFS(filepath.Join(folder, "data", day))); err != nil {
		t.Fatal(err)
	}
	mustDeliver(t, folder, "second day", "--input", secondDelivery)
}
