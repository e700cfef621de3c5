// Package template turns a CloudFormation or SAM template, YAML or JSON, into the resources that Stepwell runs: state
// machines, buckets and topics, with every reference resolved to a local value. It deploys nothing and reads no file
// itself: what stands beside the template comes through Options.Read.
//
//	stack, err := template.Parse(text, template.Options{File: "template.yaml", Parameters: …, Read: …})
//	for _, m := range stack.StateMachines { … asl.Parse(m.Definition, asl.Options{File: m.File}) … }
//
// The error of Parse is Findings: every mistake of the template at once, each with its place.
package template

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/s3/notify"
	"github.com/stepwell/stepwell/value"
)

// Options are the surroundings of a template.
type Options struct {
	// File names the template in positions.
	File string
	// Parameters are the values given for the template's parameters; the others need a default.
	Parameters map[string]string
	// Imports are the exported values of other stacks, for Fn::ImportValue.
	Imports map[string]string
	// SSM are the values of the Systems Manager parameters that parameters of type AWS::SSM::Parameter::Value name.
	SSM map[string]string
	// AccountID is AWS::AccountId; default 123456789012. Region is AWS::Region; default us-east-1. StackName is
	// AWS::StackName; default local.
	AccountID, Region, StackName string
	// Answers are what the functions behind custom resources have answered, by logical id.
	Answers map[string]Answer
	// Read returns a file that the template names (DefinitionUri); nil: there are none.
	Read func(name string) ([]byte, error)
	// Object returns an object that the template names (DefinitionS3Location); nil: there are none.
	Object func(bucket, key string) ([]byte, error)
}

// Stack is what a template comes to. Each list is in the template's order.
type Stack struct {
	StateMachines []StateMachine
	Buckets       []Bucket
	Topics        []Topic
	Declarations  []Declaration
	Deployments   []Deployment
	// Accepted are the resources that mean nothing here.
	Accepted []Resource
	// Lives are those of the resources, by logical id.
	Lives    map[string]Life
	Outputs  []Output
	Warnings []Warning
}

// StateMachine is a resource AWS::StepFunctions::StateMachine or AWS::Serverless::StateMachine.
type StateMachine struct {
	LogicalID string
	Name      string
	ARN       string
	Type      string // STANDARD or EXPRESS
	RoleARN   string
	Logging   Logging
	// Definition is the States Language text. Positions in it are positions in File: a definition inside the template
	// begins behind as many empty lines as stand before it there.
	Definition string
	File       string
	Position   fault.Position // of the resource
}

// Bucket is a resource AWS::S3::Bucket.
type Bucket struct {
	LogicalID, Name string
	// EventBridge says that the bucket sends its events to the default event bus.
	EventBridge bool
	// Notifications are those to topics and functions.
	Notifications []notify.Rule
	Position      fault.Position
}

// Topic is a resource AWS::SNS::Topic with its subscriptions.
type Topic struct {
	LogicalID, Name, ARN string
	// Attributes are those that SNS's CreateTopic takes: DisplayName, FifoTopic.
	Attributes    map[string]string
	Subscriptions []Subscription
	Position      fault.Position
}

// Subscription is where a topic's messages go: protocol email, https, lambda …
type Subscription struct {
	Protocol, Endpoint string
	// Attributes are those that SNS's Subscribe takes: FilterPolicy, RawMessageDelivery.
	Attributes map[string]string
}

// Declaration is a resource that its service makes of its properties: of the types AWS::Batch::ComputeEnvironment, JobQueue and
// JobDefinition, AWS::Logs::LogGroup, AWS::DynamoDB::Table, functions, layers, event buses, rules,
// schedules and their groups. SAM's events are rules and schedules too.
type Declaration struct {
	Resource
	// Properties are resolved, with the physical name among them.
	Properties value.Value
}

// Deployment is a resource Custom::CDKBucketDeployment: assets of the CDK whose files go into a bucket.
type Deployment struct {
	// Assets are the hashes of folders that stand beside the template as asset.HASH.
	Assets         []string
	Bucket, Prefix string
	Position       fault.Position
}

// Resource is a resource of any type.
type Resource struct {
	LogicalID, Type string
	Position        fault.Position
}

// Output is one of the template's outputs; Export is the name under which other stacks import it, or empty.
type Output struct {
	Name, Description, Export string
	Value                     value.Value
}

// Warning is something that AWS would do and Stepwell does not, which a user should know.
type Warning struct {
	Position fault.Position
	Message  string
}

// String returns position and message.
func (w Warning) String() string { return w.Position.String() + ": " + w.Message }

// Findings are all mistakes of a template.
type Findings []*fault.Fault

// Error returns one line for each mistake.
func (f Findings) Error() string {
	lines := make([]string, len(f))
	for i, one := range f {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the mistakes.
func (f Findings) Unwrap() []error {
	errs := make([]error, len(f))
	for i, one := range f {
		errs[i] = one
	}
	return errs
}

// Is reports whether a text looks like a template: it has a top-level member Resources. A text that cannot be read is one if a
// line says so; Parse tells then what is wrong with it.
func Is(text string) bool {
	root, err := read(text, "")
	if err != nil {
		return resourcesLine.MatchString(text)
	}
	return root.get("Resources") != nil
}

var resourcesLine = regexp.MustCompile(`(?m)^\s*"?Resources"?\s*:`)

// Parse reads a template and resolves it.
func Parse(text string, options Options) (*Stack, error) {
	root, err := read(text, options.File)
	if err != nil {
		return nil, Findings{err}
	}
	e := newEvaluator(root, options.withDefaults())
	e.sections()
	stack := e.stack()
	if len(e.findings) > 0 {
		slices.SortStableFunc(e.findings, func(a, b *fault.Fault) int {
			return cmp.Or(cmp.Compare(a.Position.Line, b.Position.Line), cmp.Compare(a.Position.Column, b.Position.Column))
		})
		return nil, e.findings
	}
	return stack, nil
}

func (o Options) withDefaults() Options {
	for _, d := range []struct {
		field  *string
		preset string
	}{{&o.AccountID, "123456789012"}, {&o.Region, "us-east-1"}, {&o.StackName, "local"}} {
		if *d.field == "" {
			*d.field = d.preset
		}
	}
	return o
}
