package ssm

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

type getParameterRequest struct {
	Name           string `aws:"required,min=1,max=2048"`
	WithDecryption bool
}

type getParameterResponse struct{ Parameter parameterValue }

type parameterValue struct {
	ARN              string
	DataType         string
	LastModifiedDate time.Time
	Name             string
	Selector         string
	Type             string
	Value            string
	Version          int64
}

func (s *Service) getParameter(ctx context.Context, r *getParameterRequest) (*getParameterResponse, error) {
	v, err := s.read(ctx, r.Name, r.WithDecryption)
	return &getParameterResponse{v}, err
}

// read answers for a name or an ARN, which a colon and a version's number may follow.
func (s *Service) read(ctx context.Context, id string, decrypt bool) (parameterValue, error) {
	name := id
	if rest, isARN := strings.CutPrefix(id, s.prefix); isARN {
		name = "/" + rest
	}
	name, selector, selected := strings.Cut(name, ":")
	p, ok, err := s.parameters.Get(ctx, name)
	if !ok && err == nil && name != id { // the ARN of one without a path
		p, ok, err = s.parameters.Get(ctx, strings.TrimPrefix(name, "/"))
	}
	switch {
	case err != nil:
		return parameterValue{}, err
	case !ok:
		return parameterValue{}, notFound(id)
	case !selected:
		return s.tell(&p, p.latest(), decrypt), nil
	}
	number, err := strconv.ParseInt(selector, 10, 64)
	at := slices.IndexFunc(p.Versions, func(v version) bool { return v.Number == number })
	if err != nil || at < 0 { // labels are not there
		return parameterValue{}, versionNotFound(name, selector)
	}
	told := s.tell(&p, p.Versions[at], decrypt)
	told.Selector = ":" + selector
	return told, nil
}

func (p *parameter) latest() version { return p.Versions[len(p.Versions)-1] }

func (s *Service) tell(p *parameter, v version, decrypt bool) parameterValue {
	told := parameterValue{
		ARN: s.arn(p.Name), Name: p.Name, Type: p.Type, DataType: p.DataType, Value: v.Value, Version: v.Number, LastModifiedDate: v.Modified,
	}
	if p.Type == secureType && !decrypt {
		told.Value = veil(told.ARN, v)
	}
	return told
}

// veil stands for a value that may not be shown: the same for one version, and nothing can be told from it.
func veil(arn string, v version) string {
	sum := sha256.Sum256([]byte(arn + ":" + strconv.FormatInt(v.Number, 10) + v.Modified.String()))
	return "AQICAH" + base64.StdEncoding.EncodeToString(sum[:])
}

type getParametersRequest struct {
	Names          []string `aws:"required,min=1,max=10"`
	WithDecryption bool
}

type getParametersResponse struct {
	InvalidParameters []string
	Parameters        []parameterValue
}

func (s *Service) getParameters(ctx context.Context, r *getParametersRequest) (*getParametersResponse, error) {
	answer := &getParametersResponse{InvalidParameters: []string{}, Parameters: []parameterValue{}}
	for _, name := range r.Names {
		v, err := s.read(ctx, name, r.WithDecryption)
		switch {
		case fault.KindOf(err) == fault.NotFound:
			answer.InvalidParameters = append(answer.InvalidParameters, name)
		case err != nil:
			return nil, err
		default:
			answer.Parameters = append(answer.Parameters, v)
		}
	}
	return answer, nil
}

type getParametersByPathRequest struct {
	MaxResults       *int64 `aws:"min=1,max=10"`
	NextToken        string
	ParameterFilters []filter
	Path             string `aws:"required,min=1,max=2048"`
	Recursive        bool
	WithDecryption   bool
}

type getParametersByPathResponse struct {
	NextToken  string
	Parameters []parameterValue
}

const longestPath = 10

func (s *Service) getParametersByPath(ctx context.Context, r *getParametersByPathRequest) (*getParametersByPathResponse, error) {
	if !strings.HasPrefix(r.Path, "/") {
		return nil, invalid("The parameter path %s must begin with a slash.", r.Path)
	}
	if err := checkFilters(r.ParameterFilters, "Type", "KeyId"); err != nil {
		return nil, err
	}
	all, err := s.parameters.All(ctx)
	if err != nil {
		return nil, err
	}
	folder := strings.TrimSuffix(r.Path, "/") + "/"
	all = slices.DeleteFunc(all, func(p parameter) bool {
		rest, below := strings.CutPrefix(p.Name, folder)
		return !below || !r.Recursive && strings.Contains(rest, "/") || !matches(r.ParameterFilters, &p)
	})
	page, next, ok := service.Page(all, r.NextToken, r.MaxResults, longestPath)
	if !ok {
		return nil, invalidToken(r.NextToken)
	}
	answer := &getParametersByPathResponse{Parameters: []parameterValue{}, NextToken: next}
	for _, p := range page {
		answer.Parameters = append(answer.Parameters, s.tell(&p, p.latest(), r.WithDecryption))
	}
	return answer, nil
}
