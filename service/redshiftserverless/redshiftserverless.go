// Package redshiftserverless is the Amazon Redshift Serverless service over the one warehouse that there is: every workgroup
// name means it, as in the Data API, unless the Site was told which ones there are, and its namespace has the same name.
// Where the warehouse is and which passwords it takes is a redshift.Site, shared with the clusters' service.
//
//	table := redshiftserverless.New(site).Table()
package redshiftserverless

import (
	"context"
	"net/http"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/redshift"
)

// Service answers for workgroups and namespaces.
type Service struct{ site *redshift.Site }

// New returns the service of a site.
func New(site *redshift.Site) *Service { return &Service{site} }

const (
	codeNotFound = "ResourceNotFoundException"
	codeInternal = "InternalServerException"
)

// Table returns the service's operations.
func (s *Service) Table() *service.Service {
	errors := []string{codeNotFound, codeInternal, service.ValidationException}
	const any = "every name is a workgroup unless stepwell.yaml lists them, and all are the one warehouse"
	return &service.Service{
		Name: "redshiftserverless",
		SDK:  "RedshiftServerless",
		Protocol: service.Protocol{
			ContentType: "application/x-amz-json-1.1", Endpoint: "redshift-serverless", Target: "RedshiftServerless", Camel: true,
		},
		Errors: []service.Error{
			{Code: codeNotFound, Status: http.StatusBadRequest},
			{Code: service.ValidationException, Status: http.StatusBadRequest},
			{Code: codeInternal, Status: http.StatusInternalServerError},
		},
		Operations: []service.Operation{
			{Name: "GetWorkgroup", Behaviour: service.Do(s.getWorkgroup), Errors: errors, Example: `{"WorkgroupName": "etl"}`, Differs: any},
			{Name: "ListWorkgroups", Behaviour: service.Do(s.listWorkgroups), Errors: errors, Example: `{}`, Differs: "lists the warehouse once unless stepwell.yaml lists workgroups"},
			{
				Name: "GetNamespace", Behaviour: service.Do(s.getNamespace), Errors: errors, Example: `{"NamespaceName": "etl"}`,
				Differs: "every name is a namespace, and all are the one warehouse",
			}, {
				Name: "GetCredentials", Behaviour: service.Do(s.getCredentials), Errors: errors, Example: `{"WorkgroupName": "etl"}`,
				Differs: "the password is the asking key's: its role is the user's",
			},
		},
	}
}

type namespace struct {
	AdminUsername string
	CreationDate  isoTime
	DbName        string
	IamRoles      []string
	LogExports    []string
	NamespaceArn  string
	NamespaceId   string
	NamespaceName string
	Status        string
}

type getNamespaceRequest struct {
	NamespaceName string `aws:"required,min=3,max=64" pattern:"[a-z0-9-]+"`
}

type getNamespaceResponse struct{ Namespace namespace }

func (s *Service) getNamespace(_ context.Context, r *getNamespaceRequest) (*getNamespaceResponse, error) {
	return &getNamespaceResponse{namespace{
		AdminUsername: "awsuser", CreationDate: isoOf(s.site.Started), DbName: redshift.Database, IamRoles: []string{}, LogExports: []string{},
		NamespaceArn: s.site.ServerlessARN("namespace", r.NamespaceName), NamespaceId: s.site.ServerlessID("namespace", r.NamespaceName),
		NamespaceName: r.NamespaceName, Status: "AVAILABLE",
	}}, nil
}

// isoTime is a moment in the text form that the service uses for some of its members.
type isoTime = string

func isoOf(t time.Time) isoTime { return t.Format("2006-01-02T15:04:05.000Z") }

type getCredentialsRequest struct {
	CustomDomainName string
	DbName           string
	DurationSeconds  *int64 `aws:"min=900,max=3600"`
	WorkgroupName    string `aws:"min=3,max=64" pattern:"[a-z0-9-]+"`
}

type getCredentialsResponse struct {
	DbPassword      string
	DbUser          string
	Expiration      time.Time
	NextRefreshTime time.Time
}

func (s *Service) getCredentials(ctx context.Context, r *getCredentialsRequest) (*getCredentialsResponse, error) {
	switch {
	case r.CustomDomainName != "":
		return nil, fault.New(fault.Unsupported, "customDomainName is not supported").WithCode(service.ValidationException)
	case r.WorkgroupName == "":
		return nil, fault.Invalidf("workgroupName must be given").WithCode(service.ValidationException)
	}
	if err := s.check(r.WorkgroupName); err != nil {
		return nil, err
	}
	lifetime := 15 * time.Minute
	if r.DurationSeconds != nil {
		lifetime = time.Duration(*r.DurationSeconds) * time.Second
	}
	user := redshift.UserOf(ctx)
	made := s.site.Logins.Issue(ctx, user, lifetime)
	return &getCredentialsResponse{made.Password, user, made.Expires, made.Expires}, nil
}
