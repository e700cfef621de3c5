package lambda

import (
	"context"
	"regexp"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// alias is what is kept of an alias: a name for a version or, by weight, for two.
type alias struct {
	Function, Name, Version, Description, Revision string
	// Weights are the shares of other versions: 0.1 is a tenth of the invocations.
	Weights map[string]float64 `json:",omitempty"`
}

// pick chooses a version by chance, a number from 0 to 1.
func (a *alias) pick(chance float64) string {
	for version, weight := range a.Weights { // there is one at most
		if chance < weight {
			return version
		}
	}
	return a.Version
}

type routing struct{ AdditionalVersionWeights map[string]float64 }

type aliasRequest struct {
	Description     *string `aws:"max=256"`
	FunctionName    string  `aws:"required,min=1,max=140"`
	FunctionVersion string  `aws:"min=1,max=1024"`
	Name            string  `aws:"required,min=1,max=128"`
	RoutingConfig   *routing
}

type updateAliasRequest struct {
	aliasRequest
	RevisionId string
}

type aliasConfiguration struct {
	AliasArn        string
	Description     string `aws:"always"`
	FunctionVersion string
	Name            string
	RevisionId      string
	RoutingConfig   *routing
}

func (s *Service) describeAlias(a *alias) *aliasConfiguration {
	c := &aliasConfiguration{
		AliasArn: s.arn("function:" + a.Function + ":" + a.Name), Description: a.Description, FunctionVersion: a.Version, Name: a.Name, RevisionId: a.Revision,
	}
	if len(a.Weights) > 0 {
		c.RoutingConfig = &routing{a.Weights}
	}
	return c
}

func (s *Service) createAlias(ctx context.Context, r *aliasRequest) (*aliasConfiguration, error) {
	s.change.Lock()
	defer s.change.Unlock()
	name, _, err := parseName(r.FunctionName, "")
	if err != nil {
		return nil, err
	}
	if isNumber(r.Name) || !aliasName.MatchString(r.Name) {
		return nil, violation(r.Name, "name", "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)")
	}
	if r.FunctionVersion == "" {
		return nil, violation("null", "functionVersion", "Member must not be null")
	}
	a := alias{Function: name, Name: r.Name}
	if _, ok, err := s.aliases.Get(ctx, a.id()); err != nil {
		return nil, err
	} else if ok {
		return nil, fault.New(fault.Conflict, "Alias already exists: %s", s.arn("function:"+a.id())).WithCode(codeConflict).Because(service.Detail{"Type": userError})
	}
	return s.point(ctx, &a, r)
}

func (a *alias) id() string { return a.Function + ":" + a.Name }

var aliasName = regexp.MustCompile(`^[a-zA-Z0-9-_]+$`)

// point gives an alias what a request says of it, and makes it durable.
func (s *Service) point(ctx context.Context, a *alias, r *aliasRequest) (*aliasConfiguration, error) {
	if r.Description != nil {
		a.Description = *r.Description
	}
	if r.FunctionVersion != "" {
		a.Version = r.FunctionVersion
	}
	if r.RoutingConfig != nil {
		a.Weights = r.RoutingConfig.AdditionalVersionWeights
	}
	if err := s.checkAlias(ctx, a); err != nil {
		return nil, err
	}
	a.Revision = newRevision()
	return s.describeAlias(a), s.aliases.Put(ctx, a.id(), *a)
}

// checkAlias says whether an alias leads to versions that are there.
func (s *Service) checkAlias(ctx context.Context, a *alias) error {
	if a.Version != latest && !isNumber(a.Version) {
		return violation(a.Version, "functionVersion", `Member must satisfy regular expression pattern: (\$LATEST|[0-9]+)`)
	}
	if _, err := s.find(ctx, a.Function, a.Version); err != nil {
		return err
	}
	if len(a.Weights) > 1 {
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	for version, weight := range a.Weights {
		switch {
		case a.Version == latest || version == latest:
			return invalid("$LATEST is not supported for an alias pointing to more than 1 version")
		case version == a.Version:
			return invalid("Invalid function version %s. Function version %s is already included in routing configuration.", version, version)
		case weight < 0 || weight > 1:
			return invalid("Value '%v' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Member must have a value between 0.0 and 1.0", weight)
		case !isNumber(version):
			return violation(version, "routingConfig.additionalVersionWeights", "Member must satisfy regular expression pattern: [0-9]+")
		}
		if _, err := s.find(ctx, a.Function, version); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) updateAlias(ctx context.Context, r *updateAliasRequest) (*aliasConfiguration, error) {
	s.change.Lock()
	defer s.change.Unlock()
	a, err := s.alias(ctx, r.FunctionName, r.Name)
	if err != nil {
		return nil, err
	}
	if r.RevisionId != "" && r.RevisionId != a.Revision {
		return nil, stale()
	}
	return s.point(ctx, &a, &r.aliasRequest)
}

// alias finds an alias by one of its function's names.
func (s *Service) alias(ctx context.Context, function, name string) (alias, error) {
	function, _, err := parseName(function, "")
	if err != nil {
		return alias{}, err
	}
	a, ok, err := s.aliases.Get(ctx, function+":"+name)
	if err == nil && !ok {
		err = notFound("Cannot find alias arn: %s", s.arn("function:"+function+":"+name))
	}
	return a, err
}

type aliasNameRequest struct {
	FunctionName string `aws:"required,min=1,max=140"`
	Name         string `aws:"required,min=1,max=128"`
}

func (s *Service) getAlias(ctx context.Context, r *aliasNameRequest) (*aliasConfiguration, error) {
	a, err := s.alias(ctx, r.FunctionName, r.Name)
	return s.describeAlias(&a), err
}

// deleteAlias answers well where there is no such alias, as AWS does.
func (s *Service) deleteAlias(ctx context.Context, r *aliasNameRequest) (*nothing, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.find(ctx, r.FunctionName, "")
	if err != nil {
		return nil, err
	}
	return &nothing{}, s.aliases.Delete(ctx, f.Name+":"+r.Name)
}

// aliasesOf returns the aliases of a function by name.
func (s *Service) aliasesOf(ctx context.Context, name string) ([]alias, error) {
	all, err := s.aliases.All(ctx)
	return of(all, func(a *alias) bool { return a.Function == name }), err
}

type listAliasesRequest struct {
	FunctionName    string `aws:"required,min=1,max=140"`
	FunctionVersion string `aws:"query=FunctionVersion,min=1,max=1024"`
	Marker          string `aws:"query=Marker"`
	MaxItems        *int64 `aws:"query=MaxItems,min=1,max=10000"`
}

type listAliasesResponse struct {
	Aliases    []*aliasConfiguration
	NextMarker string
}

func (s *Service) listAliases(ctx context.Context, r *listAliasesRequest) (*listAliasesResponse, error) {
	f, err := s.find(ctx, r.FunctionName, "")
	if err != nil {
		return nil, err
	}
	all, err := s.aliasesOf(ctx, f.Name)
	if err != nil {
		return nil, err
	}
	wanted := of(all, func(a *alias) bool {
		return r.FunctionVersion == "" || a.Version == r.FunctionVersion || a.Weights[r.FunctionVersion] > 0
	})
	page, next, ok := service.Page(wanted, r.Marker, r.MaxItems, longestList)
	if !ok {
		return nil, invalid("Invalid Marker")
	}
	answer := &listAliasesResponse{Aliases: []*aliasConfiguration{}, NextMarker: next}
	for i := range page {
		answer.Aliases = append(answer.Aliases, s.describeAlias(&page[i]))
	}
	return answer, nil
}
