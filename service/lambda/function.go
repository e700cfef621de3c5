package lambda

import (
	"context"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// function is what is kept of a function.
type function struct {
	Name, ARN, Runtime, Handler, Role, Description, Modified, Revision string

	Timeout, Memory int64 // seconds, MB
	CodeSHA         string
	CodeSize        int64
	Code            string            // the folder of its files, below Options.Folder
	Variables       map[string]string `json:",omitempty"`
	Layers          []string          `json:",omitempty"` // ARNs
	Tags            map[string]string `json:",omitempty"`
	Architectures   []string          `json:",omitempty"`
	// Version is the number of a published version, empty for the function itself; Published the last number that was given.
	Version   string `json:",omitempty"`
	Published int64  `json:",omitempty"`
	// Concurrency is how many invocations are reserved for it, which are all that it can have.
	Concurrency *int64 `json:",omitempty"`
}

func (f *function) logGroup() string { return "/aws/lambda/" + f.Name }

// setup is what a process of the function is made of.
func (s *Service) setup(ctx context.Context, f *function, stream string) (*Setup, error) {
	setup := &Setup{
		Function: f.Name, ARN: f.ARN, Version: f.version(), Runtime: f.Runtime, Handler: f.Handler, Region: s.options.Region,
		Code: s.place(f.Code), Timeout: time.Duration(f.Timeout) * time.Second, Memory: f.Memory,
		LogGroup: f.logGroup(), LogStream: stream, Variables: map[string]string{},
	}
	maps.Copy(setup.Variables, f.Variables)
	for _, arn := range f.Layers {
		l, ok, err := s.layers.Get(ctx, arn)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, notFound("Layer version %s does not exist.", arn)
		}
		setup.Layers = append(setup.Layers, s.place(l.Code))
	}
	return setup, nil
}

// place is where code lies.
func (s *Service) place(code string) string {
	folder := filepath.Join(s.options.Folder, filepath.FromSlash(code))
	if absolute, err := filepath.Abs(folder); err == nil {
		return absolute
	}
	return folder
}

type environment struct {
	Variables map[string]string
}

type tracing struct{ Mode string }

type storage struct{ Size int64 }

type layerUse struct {
	Arn      string
	CodeSize int64
}

type logging struct{ LogFormat, LogGroup string }

// configuration describes a function.
type configuration struct {
	Architectures    []string
	CodeSha256       string
	CodeSize         int64
	Description      string `aws:"always"`
	Environment      *environment
	EphemeralStorage storage
	FunctionArn      string
	FunctionName     string
	Handler          string
	LastModified     string
	LastUpdateStatus string
	Layers           []layerUse
	LoggingConfig    logging
	MemorySize       int64
	PackageType      string
	RevisionId       string
	Role             string
	Runtime          string
	State            string
	Timeout          int64
	TracingConfig    tracing
	Version          string
}

func (f *function) describe() *configuration {
	c := &configuration{
		Architectures: f.Architectures, CodeSha256: f.CodeSHA, CodeSize: f.CodeSize, Description: f.Description,
		EphemeralStorage: storage{512}, FunctionArn: f.ARN, FunctionName: f.Name, Handler: f.Handler, LastModified: f.Modified,
		LastUpdateStatus: "Successful", LoggingConfig: logging{"Text", f.logGroup()}, MemorySize: f.Memory, PackageType: "Zip",
		RevisionId: f.Revision, Role: f.Role, Runtime: f.Runtime, State: "Active", Timeout: f.Timeout, TracingConfig: tracing{"PassThrough"},
		Version: f.version(),
	}
	if len(f.Variables) > 0 {
		c.Environment = &environment{f.Variables}
	}
	for _, arn := range f.Layers {
		c.Layers = append(c.Layers, layerUse{Arn: arn})
	}
	return c
}

var (
	runs = regexp.MustCompile(`^(python3\.\d+|nodejs\d+\.x|provided(\.al2|\.al2023)?)$`)
	// knows are runtimes of AWS that nothing here runs.
	knows = regexp.MustCompile(`^(java|dotnet|ruby|go1\.x|python2)`)
)

// reserved are the variables that a function cannot set.
var reserved = strings.Fields(`_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME
	AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API
	LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`)

// maxVariables is how large all variables of a function can be, in bytes.
const maxVariables = 4096

// check says whether the function is one.
func (f *function) check() error {
	switch {
	case f.Runtime == "":
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	case knows.MatchString(f.Runtime):
		return unsupported("the runtime %s is not supported; there are python3.x, nodejsX.x and provided", f.Runtime)
	case !runs.MatchString(f.Runtime):
		return invalid("Value %s at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: "+
			"[python3.x, nodejsX.x, provided, provided.al2, provided.al2023] or be a valid ARN", f.Runtime)
	case f.Handler == "" && !strings.HasPrefix(f.Runtime, "provided"):
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	return checkVariables(f.Variables)
}

func checkVariables(variables map[string]string) error {
	size, taken := 0, []string(nil)
	for name, text := range variables {
		size += len(name) + len(text)
		if slices.Contains(reserved, name) {
			taken = append(taken, name)
		}
	}
	const trouble = "Lambda was unable to configure your environment variables because the environment variables you have provided "
	if len(taken) > 0 {
		slices.Sort(taken)
		return invalid(trouble+"contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s",
			strings.Join(taken, ", "))
	}
	if size > maxVariables {
		return invalid(trouble + "exceeded the 4KB limit.")
	}
	return nil
}
