package api_test

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/service"
	dataapi "github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb/duckdbtest"
)

const (
	region  = "us-east-1"
	account = region + ":123456789012:"
	nightly = "arn:aws:states:" + account + "stateMachine:nightly"
	topic   = "arn:aws:sns:" + account + "alerts"
)

// The keys of endpoints that have keys.
var (
	reader = api.Key{ID: "AKREADER", Secret: "reads", Role: api.Read}
	runner = api.Key{ID: "AKRUNNER", Secret: "runs", Role: api.Run}
	admin  = api.Key{ID: "AKADMIN", Secret: "rules", Role: api.Admin}
)

// site is an endpoint on a port of this machine.
type site struct {
	url string
	key api.Key // what clients sign with
}

// open serves services, and buckets when they are asked for.
func open(t testing.TB, o api.Options) site {
	server := httptest.NewServer(api.New(o))
	t.Cleanup(server.Close)
	return site{server.URL, api.Key{ID: "any", Secret: "thing"}}
}

func (s site) as(key api.Key) site {
	s.key = key
	return s
}

func (s site) config() aws.Config {
	return aws.Config{
		Region: region, BaseEndpoint: aws.String(s.url), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(s.key.ID, s.key.Secret, ""),
	}
}

func (s site) sfn() *sfn.Client                   { return sfn.NewFromConfig(s.config()) }
func (s site) sns() *awssns.Client                { return awssns.NewFromConfig(s.config()) }
func (s site) redshiftdata() *redshiftdata.Client { return redshiftdata.NewFromConfig(s.config()) }
func (s site) s3() *awss3.Client {
	return awss3.NewFromConfig(s.config(), func(o *awss3.Options) { o.UsePathStyle = true })
}

func tables(t testing.TB) []*service.Service {
	topics, err := sns.Open(t.Context(), &servicetest.Records{}, sns.Options{Region: region, Account: "123456789012"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { topics.Close(context.Background()) })
	if err := topics.Declare(t.Context(), sns.Declared{Name: "alerts"}); err != nil {
		t.Fatal(err)
	}
	return []*service.Service{openStates(t), topics.Table()}
}

func openStates(t testing.TB) *service.Service {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := states.New()
	e := engine.Open(store, service.NewIntegrations(s.Table()), engine.Options{})
	s.Attach(e)
	s.Register(states.Machine{
		ARN:        nightly,
		Definition: `{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"rows": 5}, "End": true}}}`,
	})
	t.Cleanup(func() {
		e.Close()
		store.Close()
	})
	return s.Table()
}

func openRedshiftData(t testing.TB) *service.Service {
	w := duckdbtest.Open(t, warehouse.Options{})
	s, err := dataapi.Open(t.Context(), w, &servicetest.Records{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s.Table()
}

func openBuckets(t testing.TB) api.Options {
	return api.Options{Buckets: dir.New(t.TempDir(), nil), Uploads: t.TempDir()}
}
