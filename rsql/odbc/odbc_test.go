package odbc_test

import (
	"fmt"
	"testing"

	"github.com/stepwell/stepwell/rsql/odbc"
)

const ini = `# comment
; another
[ODBC Data Sources]
etl=Amazon Redshift

[etl]
Driver = Default
Database=dev
DbUser=etl_user
ClusterID=etl-cluster
Region=eu-west-1
IAM=1
Profile=work

[Plain]
HOST=db.example.com
port=5439
database=dev
UID=loader
Pwd={se}}cr=et;}
SSLMode=Verify-Full
`

func TestFind(t *testing.T) {
	for _, x := range []struct{ name, want string }{
		{"etl", `host="" port="" database="dev" user="etl_user" password="" ssl="" iam=true cluster="etl-cluster" region="eu-west-1" profile="work"`},
		{"plain", `host="db.example.com" port="5439" database="dev" user="loader" password="se}cr=et;" ssl="verify-full" iam=false cluster="" region="" profile=""`},
	} {
		s, err := odbc.Find(ini, "odbc.ini", x.name)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("host=%q port=%q database=%q user=%q password=%q ssl=%q iam=%t cluster=%q region=%q profile=%q", s.Host(), s.Port(),
			s.Database(), s.User(), s.Password(), s.SSLMode(), s.IAM(), s.Cluster(), s.Region(), s.Profile())
		if got != x.want {
			t.Errorf("%s:\n got %s\nwant %s", x.name, got, x.want)
		}
	}
}

// With IAM the host of a cluster names the cluster and its region; the source's own keys come first.
func TestClusterOfHost(t *testing.T) {
	const host = "Host=etl.abc123.eu-west-1.redshift.amazonaws.com\n"
	for _, x := range []struct{ text, want string }{
		{host, "etl eu-west-1 false"},
		{host + "ClusterID=other\nRegion=us-east-1\nInstanceProfile=1\n", "other us-east-1 true"},
		{"Host=db.example.com\n", "  false"},
		{"Instanceprofile=0\n", "  false"},
	} {
		s, err := odbc.Find("[a]\nIAM=1\n"+x.text, "odbc.ini", "a")
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%s %s %t", s.Cluster(), s.Region(), s.InstanceProfile()); got != x.want {
			t.Errorf("%s: %s, want %s", x.text, got, x.want)
		}
	}
}

func TestFindRefuses(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{ini, "the data source nowhere is not in odbc.ini"},
		{"[nowhere\n", "odbc.ini:1:1: the name of a section is not closed by ]"},
		{"key=value\n", "odbc.ini:1:1: a line of a data source is KEY=VALUE below a [NAME]"},
		{"[nowhere]\nHost=a\nnonsense\n", "odbc.ini:3:1: a line of a data source is KEY=VALUE below a [NAME]"},
	} {
		if _, err := odbc.Find(x.text, "odbc.ini", "nowhere"); err == nil || err.Error() != x.want {
			t.Errorf("%q: %v, want %s", x.text, err, x.want)
		}
	}
}
