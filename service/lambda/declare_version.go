package lambda

import (
	"context"
	"maps"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// templateVersion is AWS::Lambda::Version. VersionName is what the template calls it: a qualifier that leads to the version, whose
// number nobody knows before it is made.
type templateVersion struct {
	CodeSha256   string
	Description  string
	FunctionName string `aws:"required"`
	VersionName  string

	FunctionScalingConfig, ProvisionedConcurrencyConfig, RuntimePolicy value.Value
}

// declareVersion publishes a version for a name of a template that has none yet. It stays when the function changes, as on AWS.
func (s *Service) declareVersion(ctx context.Context, properties value.Value) error {
	var t templateVersion
	if err := service.FromTemplate(properties, &t); err != nil {
		return err
	}
	f, err := s.changing(ctx, t.FunctionName, "")
	if err != nil {
		return err
	}
	number, _, err := s.declared.Get(ctx, f.Name+":"+t.VersionName)
	if err != nil {
		return err
	}
	if _, there, err := s.at(ctx, &f, number); number != "" && there || err != nil {
		return err
	}
	if t.CodeSha256 != "" && t.CodeSha256 != f.CodeSHA {
		return invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s)", t.CodeSha256, f.CodeSHA)
	}
	return s.publishAs(ctx, &f, t.VersionName, t.Description)
}

// publishAs publishes a version that a template calls by a name.
func (s *Service) publishAs(ctx context.Context, f *function, name, description string) error {
	v, err := s.publish(ctx, f, description)
	if err != nil {
		return err
	}
	return s.declared.Put(ctx, f.Name+":"+name, v.Version)
}

// templateAlias is AWS::Lambda::Alias.
type templateAlias struct {
	Description     string
	FunctionName    string `aws:"required"`
	FunctionVersion string `aws:"required"`
	Name            string `aws:"required"`
	RoutingConfig   *struct {
		AdditionalVersionWeights []struct {
			FunctionVersion string  `aws:"required"`
			FunctionWeight  float64 `aws:"required"`
		}
	}

	ProvisionedConcurrencyConfig value.Value
}

func (s *Service) declareAlias(ctx context.Context, properties value.Value) error {
	var t templateAlias
	if err := service.FromTemplate(properties, &t); err != nil {
		return err
	}
	name, _, err := parseName(t.FunctionName, "")
	if err != nil {
		return err
	}
	a := alias{Function: name, Name: t.Name, Description: t.Description, Weights: map[string]float64{}}
	if a.Version, err = s.leads(ctx, name, t.FunctionVersion); err != nil {
		return err
	}
	if t.RoutingConfig != nil {
		for _, one := range t.RoutingConfig.AdditionalVersionWeights {
			version, err := s.leads(ctx, name, one.FunctionVersion)
			if err != nil {
				return err
			}
			a.Weights[version] = one.FunctionWeight
		}
	}
	return s.putAlias(ctx, &a)
}

// putAlias makes an alias of a template durable, unless it is there as it is.
func (s *Service) putAlias(ctx context.Context, a *alias) error {
	if err := s.checkAlias(ctx, a); err != nil {
		return err
	}
	known, ok, err := s.aliases.Get(ctx, a.id())
	if err != nil || ok && known.Version == a.Version && known.Description == a.Description && maps.Equal(known.Weights, a.Weights) {
		return err
	}
	a.Revision = newRevision()
	return s.aliases.Put(ctx, a.id(), *a)
}

// autoPublish is SAM's AutoPublishAlias: what has changed becomes a version, and the alias leads to it.
func (s *Service) autoPublish(ctx context.Context, f *function, name, description string) error {
	version := f.Name + "-Version"
	if err := s.publishAs(ctx, f, version, description); err != nil {
		return err
	}
	number, err := s.leads(ctx, f.Name, version)
	if err != nil {
		return err
	}
	return s.putAlias(ctx, &alias{Function: f.Name, Name: name, Version: number})
}
