package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Declaration is a resource of a template.
type Declaration struct {
	// Type is AWS::Lambda::Function, AWS::Lambda::LayerVersion or one of their AWS::Serverless forms, AWS::Lambda::Version or
	// AWS::Lambda::Alias.
	Type string
	// Properties have the resource's name among them.
	Properties value.Value
	// ARN is that of a layer version.
	ARN string
	// File leads from a path of the template to the file or folder.
	File func(name string) (string, error)
}

// layer is what is kept of a version of a layer.
type layer struct {
	ARN  string
	Code string // the folder of its files, below Options.Folder
}

// Declare makes sure that a function, version, alias or layer of a template is there and is as its properties say. Faults name properties that are
// not supported.
func (s *Service) Declare(ctx context.Context, d Declaration) error {
	s.change.Lock()
	defer s.change.Unlock()
	switch d.Type {
	case "AWS::Lambda::Function":
		return s.declareFunction(ctx, d)
	case "AWS::Serverless::Function":
		return s.declareServerless(ctx, d)
	case "AWS::Lambda::Version":
		return s.declareVersion(ctx, d.Properties)
	case "AWS::Lambda::Alias":
		return s.declareAlias(ctx, d.Properties)
	}
	return s.declareLayer(ctx, d)
}

// templateFunction is AWS::Lambda::Function.
type templateFunction struct {
	settings
	Architectures                []string
	Code                         value.Value `aws:"required"`
	FunctionName                 string      `pattern:"[a-zA-Z0-9-_]{1,64}"`
	PackageType                  string      `enum:"Zip|Image"`
	ReservedConcurrentExecutions *int64      `aws:"min=0"`
	Tags                         []struct{ Key, Value string }

	CodeSigningConfigArn, KmsKeyArn, RecursiveLoop, RuntimeManagementConfig, TenancyConfig value.Value
}

func (s *Service) declareFunction(ctx context.Context, d Declaration) error {
	var t templateFunction
	if err := service.FromTemplate(d.Properties, &t); err != nil {
		return err
	}
	f := s.blank(t.FunctionName)
	f.Concurrency, f.Tags = t.ReservedConcurrentExecutions, map[string]string{}
	for _, tag := range t.Tags {
		f.Tags[tag.Key] = tag.Value
	}
	t.apply(&f)
	archive, err := s.declaredCode(ctx, d, t.Code, f.Runtime)
	if err != nil {
		return err
	}
	return s.declare(ctx, &f, archive)
}

// serverlessFunction is AWS::Serverless::Function.
type serverlessFunction struct {
	settings
	Architectures                []string
	CodeUri                      value.Value
	FunctionName                 string `pattern:"[a-zA-Z0-9-_]{1,64}"`
	InlineCode                   string
	PackageType                  string `enum:"Zip|Image"`
	ReservedConcurrentExecutions *int64 `aws:"min=0"`
	Tags                         map[string]string

	AutoPublishAlias, VersionDescription string

	AssumeRolePolicyDocument, AutoPublishAliasAllProperties, AutoPublishCodeSha256, DeadLetterQueue, DeploymentPreference, Events, KmsKeyArn, Metadata,
	PermissionsBoundary, Policies, PropagateTags, RecursiveLoop, RolePath, RuntimeManagementConfig, Tracing, VersionDeletionPolicy value.Value
}

func (s *Service) declareServerless(ctx context.Context, d Declaration) error {
	var t serverlessFunction
	if err := service.FromTemplate(d.Properties, &t); err != nil {
		return err
	}
	f := s.blank(t.FunctionName)
	f.Concurrency, f.Tags = t.ReservedConcurrentExecutions, t.Tags
	t.apply(&f)
	code := t.CodeUri
	if t.InlineCode != "" {
		code = value.OfMembers(value.Member{Key: "ZipFile", Value: value.OfString(t.InlineCode)})
	}
	if code.IsZero() {
		code = value.OfString(".")
	}
	archive, err := s.declaredCode(ctx, d, code, f.Runtime)
	if err != nil {
		return err
	}
	if err := s.declare(ctx, &f, archive); err != nil || t.AutoPublishAlias == "" {
		return err
	}
	return s.autoPublish(ctx, &f, t.AutoPublishAlias, t.VersionDescription)
}

// declare installs a function, unless it is there as it is.
func (s *Service) declare(ctx context.Context, f *function, archive []byte) error {
	if err := f.check(); err != nil {
		return err
	}
	if err := s.unpack(f, archive); err != nil {
		return err
	}
	setup, err := s.setup(ctx, f, "")
	if err == nil {
		err = s.options.Host.Check(setup)
	}
	if fault.CodeOf(err) == CodeMissing {
		// Only who calls the function needs it.
		s.options.Log.Warn("a function cannot run", "function", f.Name, "error", err)
		err = nil
	}
	if err != nil {
		return err
	}
	if f.Role == "" {
		f.Role = "arn:aws:iam::" + s.options.Account + ":role/" + f.Name
	}
	known, ok, err := s.functions.Get(ctx, f.Name)
	if err != nil {
		return err
	}
	f.Modified, f.Revision, f.Published = known.Modified, known.Revision, known.Published
	if ok && f.same(&known) {
		return nil
	}
	_, err = s.save(ctx, f)
	return err
}

func (f *function) same(g *function) bool {
	limit := func(n *int64) int64 {
		if n == nil {
			return -1
		}
		return *n
	}
	return f.runsLike(g) && f.Description == g.Description && limit(f.Concurrency) == limit(g.Concurrency) && maps.Equal(f.Tags, g.Tags)
}

// runsLike reports whether two functions have the same code and settings.
func (f *function) runsLike(g *function) bool {
	return f.Runtime == g.Runtime && f.Handler == g.Handler && f.Role == g.Role && f.Timeout == g.Timeout && f.Memory == g.Memory &&
		f.CodeSHA == g.CodeSHA && maps.Equal(f.Variables, g.Variables) && slices.Equal(f.Layers, g.Layers)
}

// declaredCode is the archive that a template names: a file or folder beside it, an object of a bucket, or its text.
func (s *Service) declaredCode(ctx context.Context, d Declaration, code value.Value, runtime string) ([]byte, error) {
	if code.Kind() == value.String {
		if location, isS3 := strings.CutPrefix(code.Str(), "s3://"); isS3 {
			bucket, key, _ := strings.Cut(location, "/")
			return s.archive(ctx, &codeRequest{S3Bucket: bucket, S3Key: key})
		}
		place, err := d.File(code.Str())
		if err != nil {
			return nil, err
		}
		return pack(place)
	}
	if text, ok := code.Get("ZipFile"); ok {
		return inline(runtime, text.Str())
	}
	if _, ok := code.Get("ImageUri"); ok {
		return nil, unsupported("functions of container images are not supported")
	}
	bucket, key := member(code, "S3Bucket", "Bucket"), member(code, "S3Key", "Key")
	if strings.HasPrefix(bucket, "cdk-") {
		return cdkAsset(d, strings.TrimSuffix(key, ".zip"))
	}
	return s.archive(ctx, &codeRequest{S3Bucket: bucket, S3Key: key})
}

// cdkAsset is what the CDK would upload to its own bucket: it stands beside its template, a folder or an archive.
func cdkAsset(d Declaration, hash string) ([]byte, error) {
	for _, name := range []string{"asset." + hash, "asset." + hash + ".zip"} {
		place, err := d.File(name)
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(place); err == nil {
			return pack(place)
		}
	}
	return nil, fault.New(fault.NotFound, "the asset %s of the CDK is not beside the template: neither the folder asset.%s nor asset.%s.zip", hash, hash, hash)
}

// member is the text of the first member that there is.
func member(v value.Value, names ...string) string {
	for _, name := range names {
		if text, ok := v.Get(name); ok {
			return text.Str()
		}
	}
	return ""
}

// templateLayer is AWS::Lambda::LayerVersion and AWS::Serverless::LayerVersion.
type templateLayer struct {
	Content, ContentUri, CompatibleArchitectures, CompatibleRuntimes, Description, LicenseInfo, Metadata, RetentionPolicy value.Value
	LayerName                                                                                                             string
}

func (s *Service) declareLayer(ctx context.Context, d Declaration) error {
	var t templateLayer
	if err := service.FromTemplate(d.Properties, &t); err != nil {
		return err
	}
	content := t.Content
	if content.IsZero() {
		content = t.ContentUri
	}
	if content.IsZero() {
		return fault.Invalidf("the layer %s has no content", t.LayerName)
	}
	archive, err := s.declaredCode(ctx, d, content, "")
	if err != nil {
		return err
	}
	sum := sha256.Sum256(archive)
	l := layer{ARN: d.ARN, Code: path.Join(".layers", t.LayerName, hex.EncodeToString(sum[:])[:16])}
	if err := unzip(archive, s.place(l.Code)); err != nil {
		return err
	}
	return s.layers.Put(ctx, l.ARN, l)
}
