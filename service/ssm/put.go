package ssm

import (
	"cmp"
	"context"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
)

const (
	standard = "Standard"
	advanced = "Advanced"
	// The longest values, in characters.
	maxStandard = 4096
	maxAdvanced = 8192
	maxLevels   = 15
	// maxVersions is how many versions are kept.
	maxVersions = 100
)

type putParameterRequest struct {
	AllowedPattern string `aws:"max=1024"`
	DataType       string `enum:"text|aws:ec2:image|aws:ssm:integration"`
	Description    string `aws:"max=1024"`
	KeyId          string
	Name           string `aws:"required,min=1,max=2048"`
	Overwrite      bool
	Tags           []tag  `aws:"max=1000"`
	Tier           string `enum:"Standard|Advanced|Intelligent-Tiering"`
	Type           string `enum:"String|StringList|SecureString"`
	Value          string `aws:"required"`
}

type putParameterResponse struct {
	Tier    string
	Version int64
}

func (s *Service) putParameter(ctx context.Context, r *putParameterRequest) (*putParameterResponse, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok, err := s.parameters.Get(ctx, r.Name)
	switch {
	case err != nil:
		return nil, err
	case ok && !r.Overwrite:
		return nil, fault.New(fault.Conflict, "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.").
			WithCode(codeExists)
	case !ok && r.Type == "":
		return nil, invalid("A parameter type is required when you create a parameter.")
	case ok && r.Type != "" && r.Type != p.Type:
		return nil, fault.New(fault.Conflict, "The parameter %s has the type %s, which cannot be changed.", r.Name, p.Type).WithCode(codeTypeMismatch)
	}
	p.take(r)
	if err := p.check(r.Value); err != nil {
		return nil, err
	}
	p.add(r.Value)
	return &putParameterResponse{Tier: p.Tier, Version: p.latest().Number}, s.parameters.Put(ctx, p.Name, p)
}

// add gives a parameter a new value.
func (p *parameter) add(text string) {
	number := int64(1)
	if len(p.Versions) > 0 {
		number = p.latest().Number + 1
	}
	p.Versions = append(p.Versions, version{Number: number, Value: text, Modified: time.Now().UTC()})
	p.Versions = p.Versions[max(0, len(p.Versions)-maxVersions):]
}

// take gives a parameter what the request says about it; what it leaves out stays.
func (p *parameter) take(r *putParameterRequest) {
	p.Name, p.Type = r.Name, cmp.Or(r.Type, p.Type)
	p.DataType = cmp.Or(r.DataType, p.DataType, "text")
	p.Description = cmp.Or(r.Description, p.Description)
	p.KeyID = cmp.Or(r.KeyId, p.KeyID)
	p.AllowedPattern = cmp.Or(r.AllowedPattern, p.AllowedPattern)
	p.Tier = cmp.Or(r.tier(), p.Tier, standard)
	if len(r.Tags) > 0 {
		p.Tags = r.Tags
	}
}

// tier chooses between the real ones.
func (r *putParameterRequest) tier() string {
	switch {
	case r.Tier != "Intelligent-Tiering":
		return r.Tier
	case utf8.RuneCountInString(r.Value) > maxStandard:
		return advanced
	}
	return standard
}

var nameShape = regexp.MustCompile(`^[a-zA-Z0-9_.\-/]+$`)

func (r *putParameterRequest) check() error {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.ToLower(r.Name), "/"), "/")
	switch {
	case !nameShape.MatchString(r.Name) || strings.Contains(r.Name, "//") || strings.HasSuffix(r.Name, "/"):
		return invalid("Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist of sub-paths divided by "+
			"slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_ : %s", r.Name)
	case strings.HasPrefix(first, "aws") || strings.HasPrefix(first, "ssm"):
		return invalid("Parameter name %s begins with a reserved prefix: aws or ssm", r.Name)
	case strings.Contains(r.Name, "/") && !strings.HasPrefix(r.Name, "/"):
		return invalid("Parameter name must be a fully qualified name: %s", r.Name)
	case strings.Count(r.Name, "/") > maxLevels:
		return fault.Invalidf("A hierarchy can have a maximum of %d levels.", maxLevels).WithCode(codeHierarchy)
	case r.Value == "":
		return invalid("1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.")
	case r.Overwrite && len(r.Tags) > 0:
		return invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag.")
	case r.KeyId != "" && r.Type != "" && r.Type != secureType:
		return invalid("KeyId is required for SecureString type parameter only.")
	}
	return nil
}

// check holds a value against the parameter's tier and pattern. Its errors do not show the value.
func (p *parameter) check(text string) error {
	longest := maxStandard
	if p.Tier == advanced {
		longest = maxAdvanced
	}
	if utf8.RuneCountInString(text) > longest {
		return invalid("The %s tier supports a maximum parameter value of %d characters.", p.Tier, longest)
	}
	if p.AllowedPattern == "" {
		return nil
	}
	pattern, err := regexp.Compile("^(?:" + p.AllowedPattern + ")$")
	if err != nil {
		return fault.Invalidf("The allowed pattern %s is no regular expression", p.AllowedPattern).Because(err).WithCode(codePattern)
	}
	if !pattern.MatchString(text) {
		return fault.Invalidf("Parameter value, cannot be validated against allowedPattern: %s", p.AllowedPattern).WithCode(codeMismatch)
	}
	return nil
}

type deleteParameterRequest struct {
	Name string `aws:"required,min=1,max=2048"`
}

type deleteParameterResponse struct{}

func (s *Service) deleteParameter(ctx context.Context, r *deleteParameterRequest) (*deleteParameterResponse, error) {
	gone, err := s.remove(ctx, r.Name)
	if err == nil && !gone {
		err = notFound(r.Name)
	}
	return &deleteParameterResponse{}, err
}

// remove reports whether the parameter was there.
func (s *Service) remove(ctx context.Context, name string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok, err := s.parameters.Get(ctx, name)
	if err != nil || !ok {
		return false, err
	}
	return true, s.parameters.Delete(ctx, name)
}

type deleteParametersRequest struct {
	Names []string `aws:"required,min=1,max=10"`
}

type deleteParametersResponse struct {
	DeletedParameters []string
	InvalidParameters []string
}

func (s *Service) deleteParameters(ctx context.Context, r *deleteParametersRequest) (*deleteParametersResponse, error) {
	answer := &deleteParametersResponse{DeletedParameters: []string{}, InvalidParameters: []string{}}
	for _, name := range r.Names {
		gone, err := s.remove(ctx, name)
		switch {
		case err != nil:
			return nil, err
		case gone:
			answer.DeletedParameters = append(answer.DeletedParameters, name)
		default:
			answer.InvalidParameters = append(answer.InvalidParameters, name)
		}
	}
	return answer, nil
}

func notFound(name string) error {
	return fault.New(fault.NotFound, "Parameter %s not found.", name).WithCode(codeNotFound)
}

func versionNotFound(name, selector string) error {
	return fault.New(fault.NotFound, "Systems Manager could not find version %s of %s. Verify the version and try again.", selector, name).
		WithCode(codeVersionNotFound)
}
