package redshiftserverless

import (
	"context"

	"github.com/stepwell/stepwell/fault"
)

type workgroup struct {
	BaseCapacity       int64
	ConfigParameters   []configParameter
	CreationDate       isoTime
	Endpoint           *endpoint
	EnhancedVpcRouting bool
	NamespaceName      string
	Port               *int64
	PubliclyAccessible bool
	SecurityGroupIds   []string
	Status             string
	SubnetIds          []string
	WorkgroupArn       string
	WorkgroupId        string
	WorkgroupName      string
	WorkgroupVersion   string
}

type configParameter struct{ ParameterKey, ParameterValue string }

type endpoint struct {
	Address string
	Port    int64
}

type getWorkgroupRequest struct {
	WorkgroupName string `aws:"required,min=3,max=64" pattern:"[a-z0-9-]+"`
}

type getWorkgroupResponse struct{ Workgroup workgroup }

func (s *Service) getWorkgroup(_ context.Context, r *getWorkgroupRequest) (*getWorkgroupResponse, error) {
	if err := s.check(r.WorkgroupName); err != nil {
		return nil, err
	}
	return &getWorkgroupResponse{s.describe(r.WorkgroupName)}, nil
}

// check refuses what no workgroup is called.
func (s *Service) check(name string) error {
	if !s.site.HasWorkgroup(name) {
		return fault.New(fault.NotFound, "Workgroup %s not found.", name).WithCode(codeNotFound)
	}
	return nil
}

type listWorkgroupsRequest struct {
	MaxResults   *int64 `aws:"min=1,max=100"`
	NextToken    string
	OwnerAccount string
}

type listWorkgroupsResponse struct {
	NextToken  string
	Workgroups []workgroup
}

// defaultWorkgroup is what a listing calls the warehouse where no names were declared.
const defaultWorkgroup = "stepwell"

func (s *Service) listWorkgroups(context.Context, *listWorkgroupsRequest) (*listWorkgroupsResponse, error) {
	response := &listWorkgroupsResponse{}
	for _, name := range s.site.Names().Workgroups {
		response.Workgroups = append(response.Workgroups, s.describe(name))
	}
	if len(response.Workgroups) == 0 {
		response.Workgroups = []workgroup{s.describe(defaultWorkgroup)}
	}
	return response, nil
}

// describe describes the warehouse as a workgroup.
func (s *Service) describe(name string) workgroup {
	w := workgroup{
		BaseCapacity: 8, ConfigParameters: []configParameter{}, CreationDate: isoOf(s.site.Started), NamespaceName: name,
		SecurityGroupIds: []string{}, Status: "AVAILABLE", SubnetIds: []string{}, WorkgroupArn: s.site.WorkgroupARN(name),
		WorkgroupId: s.site.ServerlessID("workgroup", name), WorkgroupName: name, WorkgroupVersion: "1.0",
	}
	if host, port := s.site.Address(); port != 0 {
		w.Endpoint, w.Port = &endpoint{host, port}, &port
	}
	return w
}
