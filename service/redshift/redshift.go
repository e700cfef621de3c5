// Package redshift is the Amazon Redshift service over the one warehouse that there is: every cluster identifier means it, as
// in the Data API, unless the Site was told which ones there are. It answers where the warehouse is reached, hands out
// temporary passwords for it, and remembers which clusters are paused; it runs no SQL, and a paused cluster's warehouse still
// answers. redshiftserverless and redshiftdata share its Site.
//
//	site := redshift.NewSite("us-east-1", "123456789012")
//	table := redshift.New(site, records).Table()
//	site.Listen("127.0.0.1", 5439)
//	logins := site.Logins.Of("IAM:etl") // for the port that checks passwords
package redshift

import (
	"net/http"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Database is the name that the warehouse has for callers who give none.
const Database = "dev"

// Site is where the warehouse is, and the passwords that were handed out for it.
type Site struct {
	Region, Account string
	Started         time.Time
	Logins          Logins

	mu    sync.Mutex
	host  string
	port  int64
	names Names
}

// NewSite returns a site in a region of an account whose warehouse is not reachable yet.
func NewSite(region, account string) *Site {
	return &Site{Region: region, Account: account, Started: time.Now().UTC().Truncate(time.Second)}
}

// Listen tells where PostgreSQL clients reach the warehouse.
func (s *Site) Listen(host string, port int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.host, s.port = host, port
}

// Address returns where PostgreSQL clients reach the warehouse; the port is 0 where it cannot be reached.
func (s *Site) Address() (host string, port int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.host, s.port
}

// Service answers for clusters.
type Service struct {
	site     *Site
	clusters service.Stored[cluster] // by identifier; one that nobody paused has no record
	mu       sync.Mutex              // held from reading a cluster to writing it
}

// cluster is what is kept of a cluster.
type cluster struct{ Paused bool }

// New returns the service of a site over its records.
func New(site *Site, records service.Records) *Service {
	return &Service{site: site, clusters: service.Stored[cluster]{Records: records, Kind: "redshift.cluster"}}
}

const (
	codeClusterNotFound = "ClusterNotFound"
	codeState           = "InvalidClusterState"
	codeUnsupported     = "UnsupportedOperation"
	codeParameter       = "InvalidParameterValue"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeParameter)
}

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	const etl = `{"ClusterIdentifier": "etl"`
	const any = "every identifier is a cluster unless stepwell.yaml lists them, and all are the one warehouse"
	const paused = "the state is kept and shown; the warehouse answers in both"
	return &service.Service{
		Name: "redshift",
		SDK:  "Redshift",
		Protocol: service.Protocol{
			ContentType: "text/xml", Endpoint: "redshift", Namespace: "http://redshift.amazonaws.com/doc/2012-12-01/",
		},
		Constraint: codeParameter,
		Errors: []service.Error{
			{Code: codeClusterNotFound, Status: http.StatusNotFound},
			{Code: codeState, Status: http.StatusBadRequest},
			{Code: codeUnsupported, Status: http.StatusBadRequest},
			{Code: codeParameter, Status: http.StatusBadRequest},
		},
		Operations: []service.Operation{
			{
				Name: "DescribeClusters", Behaviour: service.Do(s.describeClusters), Errors: []string{codeClusterNotFound, codeParameter},
				Example: etl + `}`, Differs: any,
			}, {
				Name: "GetClusterCredentials", Behaviour: service.Do(s.getClusterCredentials),
				Errors:  []string{codeClusterNotFound, codeUnsupported, codeParameter},
				Example: etl + `, "DbUser": "loader", "AutoCreate": true}`, Differs: "the password is the asking key's: its role is the user's, groups are not joined",
			}, {
				Name: "GetClusterCredentialsWithIAM", Behaviour: service.Do(s.getClusterCredentialsWithIAM),
				Errors:  []string{codeClusterNotFound, codeUnsupported, codeParameter},
				Example: etl + `}`, Differs: "the password is the asking key's: its role is the user's",
			}, {
				Name: "PauseCluster", Behaviour: service.Do(s.pauseCluster), Errors: []string{codeClusterNotFound, codeState, codeParameter},
				Example: etl + `}`, Differs: paused,
			}, {
				Name: "ResumeCluster", Behaviour: service.Do(s.resumeCluster), Errors: []string{codeClusterNotFound, codeState, codeParameter},
				Example: `{"ClusterIdentifier": "nightly"}`, Differs: paused,
			},
		},
	}
}
