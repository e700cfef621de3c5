package cli_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// tpcdsData makes the source data of examples/psql-batch-tpcds, once for all tests, with fewer sales before the first day.
var tpcdsData = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "psql-batch-tpcds-")
	if err != nil {
		return "", err
	}
	made = append(made, folder)
	c := exec.Command("go", "run", "generate/main.go", "generate/line.go", folder, "20000")
	c.Dir = filepath.Join("..", "examples", "psql-batch-tpcds")
	return folder, c.Run()
})

// tpcdsExample copies examples/psql-batch-tpcds so that its data folder is the test's own. With an entry point jobs are
// processes.
func tpcdsExample(t *testing.T, entrypoint bool) string {
	t.Helper()
	requirePrograms(t, "python3")
	source, folder := filepath.Join("..", "examples", "psql-batch-tpcds"), filepath.Join(t.TempDir(), "psql-batch-tpcds")
	for _, part := range []string{"scripts", "functions", "image", "generate"} {
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(filepath.Join(source, part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"template.yaml", "stepwell.yaml", "execution-input.json"} {
		text, err := os.ReadFile(filepath.Join(source, name))
		if entrypoint && name == "stepwell.yaml" {
			before, jobs, _ := strings.Cut(string(text), "# jobs:\n")
			text = []byte(before + "jobs:\n" + strings.ReplaceAll(jobs, "#   ", "  "))
		}
		if err := errors.Join(err, os.WriteFile(filepath.Join(folder, name), text, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	data, err := tpcdsData()
	if err := errors.Join(err, os.CopyFS(filepath.Join(folder, "data"), os.DirFS(data))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// tpcdsRows are the sales with a sum, those whose keys lead nowhere, and what tells how the dimensions were loaded: addresses, items and
// their ended versions.
func tpcdsRows(t *testing.T, folder string) string {
	t.Helper()
	return tpcdsQuery(t, folder, "--csv", `select count(*), sum(ss_net_profit),
		(select count(*) from store_sales s left join item on i_item_sk = ss_item_sk left join customer on c_customer_sk = ss_customer_sk
		 left join customer_address on ca_address_sk = ss_addr_sk left join household_demographics on hd_demo_sk = ss_hdemo_sk
		 where i_item_sk is null or c_customer_sk is null or ca_address_sk is null or hd_demo_sk is null),
		(select count(*) from customer_address), count(distinct ss_sold_date_sk) > 1,
		(select count(*) from item), (select count(i_rec_end_date) from item) from store_sales`)
}

// tpcdsQuery returns the first row of a query.
func tpcdsQuery(t *testing.T, folder string, args ...string) string {
	t.Helper()
	out, err := stepwell(t, append([]string{"sql", "--project", folder}, args...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(out), "\n")
	row, _, _ := strings.Cut(rows, "\n")
	return row
}

const (
	tpcdsFirst  = "50000,4190452.65,0,50020,t,18110,90"
	tpcdsSecond = "80000,6702424.64,0,50040,t,18220,180"
)

func TestPSQLBatch(t *testing.T) {
	folder := tpcdsExample(t, false)
	nextDay := []string{"--input", "@" + filepath.Join(folder, "execution-input.json")}
	for _, x := range []struct {
		name string
		args []string
		want string
	}{
		{"first run", nil, tpcdsFirst},
		{"the same again", nil, tpcdsFirst},
		{"the next day", nextDay, tpcdsSecond},
		{"the next day again", nextDay, tpcdsSecond},
	} {
		if code, said := attempt(t, folder, x.args...); code != 0 {
			t.Fatalf("%s: exit code %d\n%s", x.name, code, said)
		}
		if got := tpcdsRows(t, folder); got != x.want {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	const shopper = "Adeyemi,Amara,Brookdale,Cedar Falls,1002565,420.85,897.37"
	if got := tpcdsQuery(t, folder, "--csv", "--file", filepath.Join(folder, "scripts", "validation_query.sql")); got != shopper {
		t.Errorf("the validation query finds %s, want %s", got, shopper)
	}
	testTPCDSFailures(t, folder)
}

// A job that fails ends the execution, a mail tells which one it was, and the data stays.
func testTPCDSFailures(t *testing.T, folder string) {
	t.Helper()
	mails := 0
	for _, x := range []struct{ name, file, text, args, cause, log string }{
		{"a day without data", "", "", "--parameter=DatasetDate=2003-01-04", "the job ", "The specified S3 prefix"},
		{"a broken file", "data/store_sales/saledate=2003-01-03/part_2.gz", "garbage\n", "--parameter=DatasetDate=2003-01-03",
			"the job StoreSales failed with exit code 3", "part_2.gz"},
		{"a statement that fails", "scripts/item.sql", "begin transaction;\ndelete from public.item;\nselect 1/0;\nend transaction;\n",
			"--parameter=DatasetDate=2003-01-03", "the job Item failed with exit code 3", "ivide by zero"},
	} {
		if x.file != "" {
			if err := os.WriteFile(filepath.Join(folder, filepath.FromSlash(x.file)), []byte(x.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		code, said := attempt(t, folder, x.args)
		if code != 1 || !strings.Contains(said, "FAILED: JobFailed: "+x.cause) {
			t.Errorf("%s: exit code %d\n%s", x.name, code, said)
		}
		mails++
		if n := strings.Count(mailbox(t, folder), "Subject: TPC-DS refresh failed"); n != mails {
			t.Errorf("%s: %d mails, want %d", x.name, n, mails)
		}
		if got := tpcdsRows(t, folder); got != tpcdsSecond {
			t.Errorf("%s: %s, want %s", x.name, got, tpcdsSecond)
		}
		log, err := stepwell(t, "logs", "--project", folder, "/etl/tpcds").Output()
		if err != nil || !strings.Contains(string(log), x.log) {
			t.Errorf("%s: the jobs said (%v)\n%s", x.name, err, log)
		}
	}
}

// The image's own entry point, and functions without boto3.
func TestPSQLBatchEntryPoint(t *testing.T) {
	requirePrograms(t, "bash")
	folder := tpcdsExample(t, true)
	withoutBoto3(t, folder)
	if code, said := attempt(t, folder); code != 0 {
		t.Fatalf("exit code %d\n%s", code, said)
	}
	if got := tpcdsRows(t, folder); got != tpcdsFirst {
		t.Errorf("%s, want %s", got, tpcdsFirst)
	}
}
