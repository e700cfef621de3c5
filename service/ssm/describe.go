package ssm

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// filter chooses parameters. Option is Equals, which is the default, or BeginsWith.
type filter struct {
	Key    string `aws:"required,min=1,max=132"`
	Option string `enum:"Equals|BeginsWith"`
	Values []string
}

type describeParametersRequest struct {
	MaxResults       *int64 `aws:"min=1,max=50"`
	NextToken        string
	ParameterFilters []filter
}

type describeParametersResponse struct {
	NextToken  string
	Parameters []parameterMetadata
}

type parameterMetadata struct {
	ARN              string
	AllowedPattern   string
	DataType         string
	Description      string
	KeyId            string
	LastModifiedDate time.Time
	Name             string
	Tier             string
	Type             string
	Version          int64
}

const longestList = 50

func (s *Service) describeParameters(ctx context.Context, r *describeParametersRequest) (*describeParametersResponse, error) {
	if err := checkFilters(r.ParameterFilters, "Name", "Type", "KeyId", "Tier", "DataType"); err != nil {
		return nil, err
	}
	all, err := s.parameters.All(ctx)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(p parameter) bool { return !matches(r.ParameterFilters, &p) })
	page, next, ok := service.Page(all, r.NextToken, r.MaxResults, longestList)
	if !ok {
		return nil, invalidToken(r.NextToken)
	}
	answer := &describeParametersResponse{Parameters: []parameterMetadata{}, NextToken: next}
	for _, p := range page {
		v := p.latest()
		answer.Parameters = append(answer.Parameters, parameterMetadata{
			ARN: s.arn(p.Name), Name: p.Name, Type: p.Type, DataType: p.DataType, Tier: p.Tier, Description: p.Description, KeyId: p.KeyID,
			AllowedPattern: p.AllowedPattern, Version: v.Number, LastModifiedDate: v.Modified,
		})
	}
	return answer, nil
}

func checkFilters(filters []filter, keys ...string) error {
	for _, f := range filters {
		if !slices.Contains(keys, f.Key) {
			return fault.Invalidf("The filter key %s is not supported here; there are %s", f.Key, strings.Join(keys, ", ")).WithCode(codeInvalidFilter)
		}
	}
	return nil
}

// matches reports whether a parameter passes all filters.
func matches(filters []filter, p *parameter) bool {
	for _, f := range filters {
		has := map[string]string{"Name": p.Name, "Type": p.Type, "KeyId": p.KeyID, "Tier": p.Tier, "DataType": p.DataType}[f.Key]
		if !slices.ContainsFunc(f.Values, func(wanted string) bool {
			return has == wanted || f.Option == "BeginsWith" && strings.HasPrefix(has, wanted)
		}) {
			return false
		}
	}
	return true
}
