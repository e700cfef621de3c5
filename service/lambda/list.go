package lambda

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/service"
)

type functionRequest struct {
	FunctionName string `aws:"required,min=1,max=170"`
	Qualifier    string `aws:"query=Qualifier"`
}

type codeLocation struct{ RepositoryType string }

type concurrency struct{ ReservedConcurrentExecutions *int64 }

type getResponse struct {
	Code          codeLocation
	Concurrency   *concurrency
	Configuration *configuration
	Tags          map[string]string
}

func (s *Service) getFunction(ctx context.Context, r *functionRequest) (*getResponse, error) {
	f, err := s.find(ctx, r.FunctionName, r.Qualifier)
	if err != nil {
		return nil, err
	}
	answer := &getResponse{Code: codeLocation{"S3"}, Configuration: f.describe(), Tags: f.Tags}
	if f.Concurrency != nil {
		answer.Concurrency = &concurrency{f.Concurrency}
	}
	return answer, nil
}

func (s *Service) getConfiguration(ctx context.Context, r *functionRequest) (*configuration, error) {
	f, err := s.find(ctx, r.FunctionName, r.Qualifier)
	if err != nil {
		return nil, err
	}
	return f.describe(), nil
}

type listRequest struct {
	FunctionVersion string `aws:"query=FunctionVersion" enum:"ALL"`
	Marker          string `aws:"query=Marker"`
	MasterRegion    string `aws:"query=MasterRegion"`
	MaxItems        *int64 `aws:"query=MaxItems,min=1,max=10000"`
}

type listResponse struct {
	Functions  []*configuration
	NextMarker string
}

// longestList is how many functions a page has at most.
const longestList = 50

func (s *Service) listFunctions(ctx context.Context, r *listRequest) (*listResponse, error) {
	all, err := s.functions.All(ctx)
	if err != nil {
		return nil, err
	}
	if r.FunctionVersion != "" {
		versions, err := s.versions.All(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, versions...)
		slices.SortStableFunc(all, func(a, b function) int { return strings.Compare(a.Name, b.Name) })
	}
	page, next, ok := service.Page(all, r.Marker, r.MaxItems, longestList)
	if !ok {
		return nil, invalid("Invalid Marker")
	}
	answer := &listResponse{Functions: []*configuration{}, NextMarker: next}
	for _, f := range page {
		answer.Functions = append(answer.Functions, f.describe())
	}
	return answer, nil
}

// nothing is the answer of operations that only do.
type nothing struct{}

type concurrencyRequest struct {
	FunctionName                 string `aws:"required,min=1,max=140"`
	ReservedConcurrentExecutions *int64 `aws:"required,min=0"`
}

// unreserved is how many invocations reservations must leave to the functions without one.
const unreserved = 10

func (s *Service) putConcurrency(ctx context.Context, r *concurrencyRequest) (*concurrency, error) {
	if *r.ReservedConcurrentExecutions > s.options.Concurrency-unreserved {
		return nil, invalid("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", unreserved)
	}
	return s.reserve(ctx, r.FunctionName, r.ReservedConcurrentExecutions)
}

func (s *Service) deleteConcurrency(ctx context.Context, r *functionRequest) (*nothing, error) {
	_, err := s.reserve(ctx, r.FunctionName, nil)
	return &nothing{}, err
}

func (s *Service) reserve(ctx context.Context, name string, n *int64) (*concurrency, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.changing(ctx, name, "")
	if err != nil {
		return nil, err
	}
	f.Concurrency = n
	return &concurrency{n}, s.functions.Put(ctx, f.Name, f)
}

func (s *Service) getConcurrency(ctx context.Context, r *functionRequest) (*concurrency, error) {
	f, err := s.find(ctx, r.FunctionName, "")
	return &concurrency{f.Concurrency}, err
}

type tagRequest struct {
	Resource string            `aws:"required"`
	Tags     map[string]string `aws:"required"`
}

func (s *Service) tag(ctx context.Context, r *tagRequest) (*nothing, error) {
	return s.retag(ctx, r.Resource, func(tags map[string]string) { maps.Copy(tags, r.Tags) })
}

type untagRequest struct {
	Resource string   `aws:"required"`
	TagKeys  []string `aws:"required,query=tagKeys"`
}

func (s *Service) untag(ctx context.Context, r *untagRequest) (*nothing, error) {
	return s.retag(ctx, r.Resource, func(tags map[string]string) {
		for _, key := range r.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) retag(ctx context.Context, name string, change func(tags map[string]string)) (*nothing, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.changing(ctx, name, "")
	if err != nil {
		return nil, err
	}
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	change(f.Tags)
	return &nothing{}, s.functions.Put(ctx, f.Name, f)
}

type listTagsRequest struct {
	Resource string `aws:"required"`
}

type listTagsResponse struct{ Tags map[string]string }

func (s *Service) listTags(ctx context.Context, r *listTagsRequest) (*listTagsResponse, error) {
	f, err := s.find(ctx, r.Resource, "")
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	return &listTagsResponse{f.Tags}, err
}
