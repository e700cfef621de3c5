package cli_test

import (
	"path/filepath"
	"strings"
	"testing"
)

// system is one of the five ways to orchestrate Redshift ETL, and what becomes of its runs, one after the other.
type system struct {
	example  string
	programs []string // that have to be installed
	logs     string   // the log group of its jobs or functions
	// state is what shows that the data is right.
	state func(t *testing.T, folder string) string
	runs  []systemRun
}

// systemRun is a run and how it ends. It succeeds unless the system's article says that it fails.
type systemRun struct {
	name   string
	before func(t *testing.T, folder string) // what happens beforehand
	args   []string
	fails  string // with this error
	says   string // while it runs, or as its output
	logs   string // in the system's log group
	// mail is the subject of the one mail that tells how it ended, tells a part of its text; empty: no mail.
	mail, tells string
	state       string // of the data afterwards; empty: as it was before
}

// All five systems: twice in a row with correct data the second time, then the failures, each with its notification.
func TestFiveSystems(t *testing.T) {
	for _, s := range []system{salesPipeline, rsqlBatch, psqlBatch, autoCopy, auditELT} {
		t.Run(s.example, func(t *testing.T) {
			t.Parallel()
			requirePrograms(t, s.programs...)
			folder, state := example(t, s.example), ""
			for _, r := range s.runs {
				if r.state != "" {
					state = r.state
				}
				s.run(t, folder, r, state)
			}
		})
	}
}

func (s *system) run(t *testing.T, folder string, r systemRun, state string) {
	t.Helper()
	if r.before != nil {
		r.before(t, folder)
	}
	received := len(mails(t, folder, 0))
	want, end := 0, ""
	if r.fails != "" {
		want, end = 1, "FAILED: "+r.fails
	}
	code, said := attempt(t, folder, append([]string{"--wait-cap", "20ms"}, r.args...)...)
	if code != want || !strings.Contains(said, end) || !strings.Contains(said, r.says) {
		t.Fatalf("%s: exit code %d\n%s", r.name, code, said)
	}
	if got := s.state(t, folder); got != state {
		t.Errorf("%s: the data is\n%s\nwant\n%s", r.name, got, state)
	}
	told := mails(t, folder, received)
	if all := strings.Join(told, ""); len(told) != min(1, len(r.mail)) || !strings.HasPrefix(all, r.mail) || !strings.Contains(all, r.tells) {
		t.Errorf("%s: the mails are %q, want one that says %q and tells of %q", r.name, told, r.mail, r.tells)
	}
	if r.logs == "" {
		return
	}
	if log, err := stepwell(t, "logs", "--project", folder, s.logs).Output(); err != nil || !strings.Contains(string(log), r.logs) {
		t.Errorf("%s: the logs have no %q (%v)\n%s", r.name, r.logs, err, log)
	}
}

// rows is the state that a query finds.
func rows(sql string) func(*testing.T, string) string {
	return func(t *testing.T, folder string) string {
		t.Helper()
		return query(t, folder, sql)
	}
}

const (
	salesFirst  = "customer,20000,20000\ncustomer_address,20025,825\ndate_dim,1095,3\nitem,4178,153\nstore_sales,210000,1"
	salesSecond = "customer,20000,20000\ncustomer_address,20050,1650\ndate_dim,1095,3\nitem,4357,307\nstore_sales,420000,2"
)

var salesNextDay = []string{"--input", `{"run_date": "2026-03-02"}`}

// salesRows are those of the five tables, and those that show what kind of table it is.
func salesRows(t *testing.T, folder string) string {
	t.Helper()
	lines := strings.Split(query(t, folder, "--file", filepath.Join(folder, "scripts", "row_counts.sql")), "\n")
	for i, line := range lines {
		lines[i] = line[:strings.LastIndex(line, ",")]
	}
	return strings.Join(lines, "\n")
}

// Type 1 in place, type 2 with history, no fact doubled.
var salesPipeline = system{
	example: "sales-pipeline", state: salesRows,
	runs: []systemRun{
		{name: "first run", mail: "Sales pipeline succeeded", tells: "210000", state: salesFirst},
		{name: "the same again", mail: "Sales pipeline succeeded", tells: "210000"},
		{name: "the next day", args: salesNextDay, mail: "Sales pipeline succeeded", tells: "420000", state: salesSecond},
		{
			name: "a broken file", before: write("data/store_sales/2026-03-02/part_2.gz", "garbage\n"), args: salesNextDay,
			fails: "StatementFailed", mail: "Sales pipeline failed", tells: "part_2.gz",
		},
		{
			name: "a statement that fails", before: replace("scripts/validate.sql", "from public.item", "from public.items"),
			fails: "StatementFailed", mail: "Sales pipeline failed", tells: "items",
		},
	},
}

const rsqlLoaded = "150000,25,5,675272838.08"

var rsqlBatch = system{
	example: "rsql-batch", logs: "/etl/rsql",
	state: rows(`select (select count(*) from customer), (select count(*) from nation), (select count(*) from region), sum(c_acctbal) from customer`),
	runs: []systemRun{
		{name: "first run", mail: "RSQL ETL succeeded", state: rsqlLoaded},
		{name: "the same again", mail: "RSQL ETL succeeded"},
		{
			name: "a broken file", before: write("data/nation/nation.tbl.lzo", "garbage\n"),
			fails: "EtlFailed", logs: "nation.tbl.lzo", mail: "RSQL ETL failed", tells: "copy_nation",
		},
		{
			name: "a statement that fails", before: replace("scripts/merge_region.sql", "from stg_region;", "from stg_regions;"),
			fails: "EtlFailed", logs: "stg_regions", mail: "RSQL ETL failed", tells: "merge_region",
		},
	},
}

const (
	tpcdsFirst  = "50000,4190452.65,0,50020,t,18110,90"
	tpcdsSecond = "80000,6702424.64,0,50040,t,18220,180"
)

// tpcdsRows are the sales with a sum, those whose keys lead nowhere, and what tells how the dimensions were loaded: addresses, items and
// their ended versions.
var tpcdsRows = rows(`select count(*), sum(ss_net_profit),
	(select count(*) from store_sales s left join item on i_item_sk = ss_item_sk left join customer on c_customer_sk = ss_customer_sk
	 left join customer_address on ca_address_sk = ss_addr_sk left join household_demographics on hd_demo_sk = ss_hdemo_sk
	 where i_item_sk is null or c_customer_sk is null or ca_address_sk is null or hd_demo_sk is null),
	(select count(*) from customer_address), count(distinct ss_sold_date_sk) > 1,
	(select count(*) from item), (select count(i_rec_end_date) from item) from store_sales`)

// validated runs the article's query, whose first row never changes again.
func validated(t *testing.T, folder string) {
	t.Helper()
	const shopper = "Adeyemi,Amara,Brookdale,Cedar Falls,1002565,420.85,897.37\n"
	if got := query(t, folder, "--file", filepath.Join(folder, "scripts", "validation_query.sql")); !strings.HasPrefix(got, shopper) {
		t.Errorf("the validation query finds\n%s\nwant\n%s", got, shopper)
	}
}

var (
	tpcdsNextDay = []string{"--input", "@" + filepath.Join("..", "examples", "psql-batch-tpcds", "execution-input.json")}
	tpcdsNoDay   = []string{"--parameter", "DatasetDate=2003-01-04"}
)

var psqlBatch = system{
	example: "psql-batch-tpcds", programs: []string{"python3"}, logs: "/etl/tpcds", state: tpcdsRows,
	runs: []systemRun{
		{name: "first run", state: tpcdsFirst},
		{name: "the same again"},
		{name: "the next day", args: tpcdsNextDay, state: tpcdsSecond},
		{
			name: "a day without data", before: validated, args: tpcdsNoDay,
			fails: "JobFailed: the job ", logs: "The specified S3 prefix", mail: "TPC-DS refresh failed",
		},
		{
			name: "a broken file", before: write("data/store_sales/saledate=2003-01-03/part_2.gz", "garbage\n"), args: tpcdsNextDay,
			fails: "JobFailed: the job StoreSales failed with exit code 3", logs: "part_2.gz", mail: "TPC-DS refresh failed", tells: "StoreSales",
		},
		{
			name:   "a statement that fails",
			before: write("scripts/item.sql", "begin transaction;\ndelete from public.item;\nselect 1/0;\nend transaction;\n"), args: tpcdsNextDay,
			fails: "JobFailed: the job Item failed with exit code 3", logs: "ivide by zero", mail: "TPC-DS refresh failed", tells: "Item",
		},
	},
}

const (
	allLoaded   = `"rows": {"job_store_sales": 240000, "job_green_cab": 16000, "job_red_cab": 16000}`
	allJobs     = `select job_name, is_auto, (select count(*) from stl_load_commits c where c.copy_job_id = j.job_id) from sys_copy_job j order by 1`
	tripsOfADay = "data/Customer_1/2003-01-01-trips-2.csv"
)

var secondDelivery = []string{"--input", `{"day": "2003-01-01"}`}

// Of each job: whether it runs by itself, and how many files it has loaded. That the rows are those that were delivered, none of them
// twice, the system says itself.
var autoCopy = system{
	example: "auto-copy", state: rows(allJobs),
	runs: []systemRun{
		{name: "first run", says: allLoaded, mail: "Delivery loaded", state: "job_green_cab,1,2\njob_red_cab,1,2\njob_store_sales,1,4"},
		{name: "the same again", says: allLoaded, mail: "Delivery loaded"},
		{
			// The bad file is left out and told of, its job goes on.
			name: "a bad file", before: replace(tripsOfADay, "1,2003-01-01 ", "1,yesterday "), args: secondDelivery,
			fails: "DeliveryIncomplete", mail: "Delivery failed", tells: "pickup_datetime", state: "job_green_cab,1,3\njob_red_cab,1,4\njob_store_sales,1,8",
		},
		{
			name: "the file mended: no job looks at it again", before: restore("Customer_1/2003-01-01-trips-2.csv"), args: secondDelivery,
			fails: "DeliveryIncomplete", mail: "Delivery failed", tells: "Customer_1/2003-01-01-trips-2.csv",
		},
		{
			name: "a COPY that is no job's has loaded it", before: sql(`copy cab_sales_data from 's3://auto-copy-landing/Customer_1/2003-01-01-trips-2.csv'
				iam_role default dateformat 'auto' ignoreheader 1 delimiter ',' ignoreblanklines`),
			args: secondDelivery, says: allLoaded, mail: "Delivery loaded",
		},
		{
			name: "a job paused, another dropped", before: sql("copy job alter job_red_cab auto off; copy job drop job_store_sales; truncate store_sales"),
			says: allLoaded, mail: "Delivery loaded", state: "job_green_cab,1,3\njob_red_cab,0,4\njob_store_sales,1,4",
		},
		{
			name: "a day that was not delivered", args: []string{"--input", `{"day": "2020-01-01"}`},
			fails: "S3.NoSuchKeyException", mail: "Delivery failed", tells: "NoSuchKey",
		},
		{
			name: "a statement that fails", before: sql("drop table cab_sales_data; create table public.cab_sales_data (vendorid varchar(4))"),
			fails: `StatementFailed: Query #1 failed with ERROR: column "pickup_datetime" does not exist`, mail: "Delivery failed", tells: "pickup_datetime",
		},
	},
}

const eltSums = "1000,15000,169121,150000,15290887.00,14525706283.5418"

var eltRows = rows(`select (select count(*) from supplier), (select count(*) from customer),
	count(*), (select count(*) from orders), sum(quantity), sum(revenue) from fact_yearly_sale`)

// eltState is the state of job 101, whether it has begun and ended, and the rows with sums that every value of the facts goes into.
func eltState(t *testing.T, folder string) string {
	t.Helper()
	return eltJob(t, folder) + "\n" + eltRows(t, folder)
}

// The article's story: runs that succeed, one that fails, one that finds the job Running, the restart by hand.
var auditELT = system{
	example: "audit-elt", programs: []string{"python3"}, logs: "/aws/lambda/elt-run-script", state: eltState,
	runs: []systemRun{
		{name: "first run", mail: "ELT job 101 succeeded", state: "Ready JobStart JobEnd\n" + eltSums},
		{name: "second run, without boto3", before: withoutBoto3, mail: "ELT job 101 succeeded"},
		{
			name: "a broken file", before: write("data/supplier/supplier.tbl.gz", "garbage\n"),
			fails: "EltFailed: StatementFailed: ", logs: "supplier.tbl.gz", mail: "ELT job 101 failed", tells: "supplier.tbl.gz", state: "Running JobStart\n" + eltSums,
		},
		{name: "a run already in progress", says: "notify_running", mail: "ELT job 101 is already running"},
		{
			name: "after the restart by hand", before: restart, mail: "ELT job 101 succeeded", state: "Ready JobStart JobEnd\n" + eltSums,
		},
		{
			name: "a statement that fails", before: replace("functions/sql/deploy.sql", "public.customer c on c.c_custkey = o", "public.customers c on c.c_custkey = o"),
			args: []string{"--input", `{"JobID": 103}`}, fails: "EltFailed: ", says: `relation \"customers\" does not exist`,
			mail: "ELT job 103 failed", tells: "customers",
		},
	},
}

// restart is what a person does after a failure: the file is mended, and the job set Ready.
func restart(t *testing.T, folder string) {
	t.Helper()
	restore("supplier/supplier.tbl.gz")(t, folder)
	setReady(t, folder)
}
