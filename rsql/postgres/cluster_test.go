package postgres_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/rsql/postgres"
)

// redshift answers the two operations of the Redshift API in its protocol.
func redshift(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "text/xml")
		switch {
		case r.Form.Get("ClusterIdentifier") != "etl-cluster":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<ErrorResponse><Error><Type>Sender</Type><Code>ClusterNotFound</Code><Message>Cluster not found.</Message></Error></ErrorResponse>`)
		case r.Form.Get("Action") == "DescribeClusters":
			fmt.Fprint(w, `<DescribeClustersResponse><DescribeClustersResult><Clusters><Cluster><Endpoint><Address>db.example.com</Address><Port>5439</Port></Endpoint></Cluster></Clusters></DescribeClustersResult></DescribeClustersResponse>`)
		default:
			fmt.Fprintf(w, `<GetClusterCredentialsResponse><GetClusterCredentialsResult><DbUser>IAM:%s</DbUser><DbPassword>temporary of %s</DbPassword></GetClusterCredentialsResult></GetClusterCredentialsResponse>`,
				r.Form.Get("DbUser"), r.Form.Get("DbName"))
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func TestClusterLogin(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL", redshift(t).URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	t.Setenv("AWS_CONFIG_FILE", "/nonexistent")
	c := postgres.Cluster{Identifier: "etl-cluster", Region: "eu-west-1", Database: "dev", User: "etl_user"}
	got, err := c.Login(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if want := (postgres.Login{Host: "db.example.com", Port: "5439", User: "IAM:etl_user", Password: "temporary of dev"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, err = c.Login(t.Context(), "other.example.com", "5440"); err != nil || got.Host != "other.example.com" || got.Port != "5440" {
		t.Errorf("with a host: %+v, %v", got, err)
	}
	c.Identifier = "nowhere"
	if _, err := c.Login(t.Context(), "", ""); err == nil || err.Error() != "DescribeClusters of nowhere: ClusterNotFound: Cluster not found." {
		t.Errorf("a cluster that is not there: %v", err)
	}
}

func TestConnectRefusesWithoutTellingSecrets(t *testing.T) {
	for _, info := range []string{
		"postgres://etl:topsecret@127.0.0.1:nonsense/dev", "host=127.0.0.1 port=1 password=topsecret connect_timeout=1",
		"host=127.0.0.1 port=1 password=topsecret sslmode=nonsense",
	} {
		_, err := postgres.Connect(t.Context(), info)
		if err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%s: %v", info, err)
		}
	}
}
