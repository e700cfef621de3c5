package ssm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// templateParameter is AWS::SSM::Parameter.
type templateParameter struct {
	AllowedPattern string            `aws:"max=1024"`
	DataType       string            `enum:"text|aws:ec2:image|aws:ssm:integration"`
	Description    string            `aws:"max=1024"`
	Name           string            `aws:"required,min=1,max=2048"`
	Tags           map[string]string `aws:"max=1000"`
	Tier           string            `enum:"Standard|Advanced|Intelligent-Tiering"`
	Type           string            `aws:"required" enum:"String|StringList"`
	Value          string            `aws:"required"`

	Policies value.Value
}

// Declare makes sure that a parameter of a template is there. Its value changes only with what the template says, so that one
// put by other means stays.
func (s *Service) Declare(ctx context.Context, properties value.Value) error {
	var t templateParameter
	if err := service.FromTemplate(properties, &t); err != nil {
		return err
	}
	r := putParameterRequest{
		AllowedPattern: t.AllowedPattern, DataType: t.DataType, Description: t.Description, Name: t.Name, Tier: t.Tier, Type: t.Type, Value: t.Value,
	}
	if err := r.check(); err != nil {
		return err
	}
	for key, text := range t.Tags {
		r.Tags = append(r.Tags, tag{key, text})
	}
	slices.SortFunc(r.Tags, func(a, b tag) int { return strings.Compare(a.Key, b.Key) })
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok, err := s.parameters.Get(ctx, r.Name)
	if err != nil {
		return err
	}
	p.take(&r)
	if err := p.check(r.Value); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(t.Value))
	digest := hex.EncodeToString(sum[:])
	if !ok || p.Declared != "" && p.Declared != digest {
		p.add(r.Value)
	}
	p.Declared = digest
	return s.parameters.Put(ctx, p.Name, p)
}
