package lambda

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type codeRequest struct {
	ImageUri        string
	S3Bucket        string
	S3Key           string
	S3ObjectVersion string
	SourceKMSKeyArn string
	ZipFile         []byte
}

// settings are the members that create and update have in common. What is a value.Value is accepted and means nothing here.
type settings struct {
	Description *string `aws:"max=256"`
	Environment *struct {
		Variables map[string]string
	}
	Handler    string   `aws:"max=128"`
	Layers     []string `aws:"max=5"`
	MemorySize *int64   `aws:"min=128,max=10240"`
	Role       string
	Runtime    string
	Timeout    *int64 `aws:"min=1,max=900"`

	DeadLetterConfig, EphemeralStorage, FileSystemConfigs, ImageConfig, LoggingConfig, SnapStart, TracingConfig, VpcConfig value.Value
	KMSKeyArn                                                                                                              string
}

// apply puts the settings that are there into a function.
func (r *settings) apply(f *function) {
	for _, text := range []struct {
		given string
		into  *string
	}{{r.Handler, &f.Handler}, {r.Role, &f.Role}, {r.Runtime, &f.Runtime}} {
		if text.given != "" {
			*text.into = text.given
		}
	}
	if r.Description != nil {
		f.Description = *r.Description
	}
	if r.Environment != nil {
		f.Variables = r.Environment.Variables
	}
	if r.Layers != nil {
		f.Layers = r.Layers
	}
	if r.MemorySize != nil {
		f.Memory = *r.MemorySize
	}
	if r.Timeout != nil {
		f.Timeout = *r.Timeout
	}
}

type createRequest struct {
	settings
	Architectures []string     `aws:"max=1"`
	Code          *codeRequest `aws:"required"`
	FunctionName  string       `aws:"required,min=1,max=140"`
	PackageType   string       `enum:"Zip|Image"`
	Publish       *bool
	Tags          map[string]string

	CodeSigningConfigArn string
}

const (
	defaultMemory  = 128
	defaultTimeout = 3 // seconds
)

func (s *Service) createFunction(ctx context.Context, r *createRequest) (*configuration, error) {
	parts := names.FindStringSubmatch(r.FunctionName)
	if parts == nil || parts[2] != "" {
		return nil, violation(r.FunctionName, "functionName", "Member must satisfy regular expression pattern: "+names.String())
	}
	if r.PackageType == "Image" || r.Code.ImageUri != "" {
		return nil, unsupported("functions of container images are not supported")
	}
	s.change.Lock()
	defer s.change.Unlock()
	if _, ok, err := s.functions.Get(ctx, parts[1]); err != nil {
		return nil, err
	} else if ok {
		return nil, fault.New(fault.Conflict, "Function already exist: %s", parts[1]).WithCode(codeConflict).Because(service.Detail{"Type": userError})
	}
	f := s.blank(parts[1])
	f.Tags = r.Tags
	if len(r.Architectures) > 0 {
		f.Architectures = slices.Clone(r.Architectures)
	}
	r.apply(&f)
	if f.Role == "" {
		return nil, violation("null", "role", "Member must not be null")
	}
	return s.install(ctx, &f, r.Code, r.Publish)
}

func (s *Service) blank(name string) function {
	return function{
		Name: name, ARN: s.arn("function:" + name), Memory: defaultMemory, Timeout: defaultTimeout, Architectures: []string{"x86_64"},
	}
}

// install checks a function and gives it its code, then makes it durable, and a version of it where that is asked for.
func (s *Service) install(ctx context.Context, f *function, code *codeRequest, publish *bool) (*configuration, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	archive, err := s.archive(ctx, code)
	if err != nil {
		return nil, err
	}
	if err := s.unpack(f, archive); err != nil {
		return nil, err
	}
	if _, err := s.setup(ctx, f, ""); err != nil {
		return nil, err
	}
	saved, err := s.save(ctx, f)
	if err != nil || publish == nil || !*publish {
		return saved, err
	}
	v, err := s.publish(ctx, f, "")
	return v.describe(), err
}

// save makes a change durable; processes of the function as it was take no new events.
func (s *Service) save(ctx context.Context, f *function) (*configuration, error) {
	f.Modified, f.Revision = now(), newRevision()
	if err := s.functions.Put(ctx, f.Name, *f); err != nil {
		return nil, err
	}
	s.retire(f.key())
	return f.describe(), nil
}

type updateCodeRequest struct {
	codeRequest
	Architectures []string
	DryRun        *bool
	FunctionName  string `aws:"required,min=1,max=140"`
	Publish       *bool
	RevisionId    string
}

func (s *Service) updateCode(ctx context.Context, r *updateCodeRequest) (*configuration, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.changing(ctx, r.FunctionName, r.RevisionId)
	if err != nil {
		return nil, err
	}
	if r.DryRun != nil && *r.DryRun {
		return f.describe(), nil
	}
	return s.install(ctx, &f, &r.codeRequest, r.Publish)
}

type updateConfigurationRequest struct {
	settings
	FunctionName string `aws:"required,min=1,max=140"`
	RevisionId   string
}

func (s *Service) updateConfiguration(ctx context.Context, r *updateConfigurationRequest) (*configuration, error) {
	s.change.Lock()
	defer s.change.Unlock()
	f, err := s.changing(ctx, r.FunctionName, r.RevisionId)
	if err != nil {
		return nil, err
	}
	r.apply(&f)
	if err := f.check(); err != nil {
		return nil, err
	}
	if _, err := s.setup(ctx, &f, ""); err != nil {
		return nil, err
	}
	return s.save(ctx, &f)
}

// changing finds a function for a change, which may say what it is a change of.
func (s *Service) changing(ctx context.Context, name, revision string) (function, error) {
	name, qualifier, err := parseName(name, "")
	if err != nil {
		return function{}, err
	}
	if qualifier != "" && qualifier != latest {
		return function{}, invalid("Only $LATEST of a function can be changed, not %s", qualifier)
	}
	f, err := s.find(ctx, name, "")
	if err == nil && revision != "" && revision != f.Revision {
		err = stale()
	}
	return f, err
}

func stale() error {
	return fault.New(fault.Conflict, "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve "+
		"the latest RevisionId").WithCode(codePrecondition).Because(service.Detail{"Type": userError})
}
