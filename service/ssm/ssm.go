// Package ssm is the parameter store of AWS Systems Manager over records: parameters with versions, in a hierarchy of
// paths. It does not encrypt: the records hold SecureStrings as they are, so the data folder must be as private as they
// are; read without decryption they come as text that tells nothing. Nothing else of Systems Manager is here.
//
//	table := ssm.New(records, "us-east-1", "123456789012").Table()
package ssm

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// Service holds the parameters of one account in one region.
type Service struct {
	parameters service.Stored[parameter] // by name
	prefix     string                    // of ARNs
	mu         sync.Mutex                // held from reading a parameter to writing it
}

// New returns the service over its records.
func New(records service.Records, region, account string) *Service {
	return &Service{
		parameters: service.Stored[parameter]{Records: records, Kind: "ssm.parameter"},
		prefix:     "arn:aws:ssm:" + region + ":" + account + ":parameter/",
	}
}

// secureType is the type of parameters whose values are only shown with decryption.
const secureType = "SecureString"

// parameter is what is kept of a parameter.
type parameter struct {
	Name           string
	Type           string
	DataType       string
	Tier           string
	Description    string    `json:",omitempty"`
	KeyID          string    `json:",omitempty"`
	AllowedPattern string    `json:",omitempty"`
	Tags           []tag     `json:",omitempty"`
	Versions       []version // oldest first
	// Declared is the digest of what a template says of it; empty: it is of no template.
	Declared string `json:",omitempty"`
}

type version struct {
	Number   int64
	Value    string
	Modified time.Time
}

type tag struct {
	Key   string `aws:"required,min=1,max=128"`
	Value string `aws:"required,max=256,always"`
}

const (
	codeNotFound        = "ParameterNotFound"
	codeVersionNotFound = "ParameterVersionNotFound"
	codeExists          = "ParameterAlreadyExists"
	codePattern         = "InvalidAllowedPatternException"
	codeMismatch        = "ParameterPatternMismatchException"
	codeHierarchy       = "HierarchyLevelLimitExceededException"
	codeTypeMismatch    = "HierarchyTypeMismatchException"
	codeInvalidFilter   = "InvalidFilterKey"
	codeInvalidToken    = "InvalidNextToken"
	codeInternal        = "InternalServerError"
	codeResourceID      = "InvalidResourceId"
	codeResourceType    = "InvalidResourceType"
	codeTooManyTags     = "TooManyTagsError"
)

func invalid(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException)
}

func invalidToken(token string) error {
	return fault.Invalidf("The specified token %q isn't valid.", token).WithCode(codeInvalidToken)
}

// arn returns the ARN of a parameter: the slash that a path begins with is there once.
func (s *Service) arn(name string) string { return s.prefix + strings.TrimPrefix(name, "/") }

// Table returns the service's operations. The examples find a parameter named /etl/schema.
func (s *Service) Table() *service.Service {
	row := func(name string, does service.Behaviour, example string, errors ...string) service.Operation {
		return service.Operation{Name: name, Behaviour: does, Example: example, Errors: append(errors, service.ValidationException, codeInternal)}
	}
	const schema = `{"ResourceType": "Parameter", "ResourceId": "/etl/schema"`
	var errors []service.Error
	for _, code := range []string{codeNotFound, codeVersionNotFound, codeExists, codePattern, codeMismatch, codeHierarchy, codeTypeMismatch,
		codeInvalidFilter, codeInvalidToken, codeResourceID, codeResourceType, codeTooManyTags, service.ValidationException} {
		errors = append(errors, service.Error{Code: code, Status: http.StatusBadRequest})
	}
	return &service.Service{
		Name:     "ssm",
		SDK:      "Ssm",
		Protocol: service.Protocol{ContentType: "application/x-amz-json-1.1", Endpoint: "ssm", Target: "AmazonSSM"},
		Errors:   append(errors, service.Error{Code: codeInternal, Status: http.StatusInternalServerError}),
		Operations: []service.Operation{
			row("PutParameter", service.Do(s.putParameter), `{"Name": "/etl/bucket", "Value": "sales-data", "Type": "String"}`,
				codeExists, codePattern, codeMismatch, codeHierarchy, codeTypeMismatch).But("a SecureString is not encrypted on disk; no policies"),
			row("GetParameter", service.Do(s.getParameter), `{"Name": "/etl/schema"}`, codeNotFound, codeVersionNotFound),
			row("GetParameters", service.Do(s.getParameters), `{"Names": ["/etl/schema", "/etl/none"]}`),
			row("GetParametersByPath", service.Do(s.getParametersByPath), `{"Path": "/etl", "Recursive": true}`, codeInvalidFilter, codeInvalidToken),
			row("DescribeParameters", service.Do(s.describeParameters), `{"MaxResults": 10}`, codeInvalidFilter, codeInvalidToken),
			row("AddTagsToResource", service.Do(s.addTagsToResource), schema+`, "Tags": [{"Key": "team", "Value": "data"}]}`,
				codeResourceID, codeResourceType, codeTooManyTags),
			row("ListTagsForResource", service.Do(s.listTagsForResource), schema+`}`, codeResourceID, codeResourceType),
			row("RemoveTagsFromResource", service.Do(s.removeTagsFromResource), schema+`, "TagKeys": ["team"]}`, codeResourceID, codeResourceType),
			row("DeleteParameters", service.Do(s.deleteParameters), `{"Names": ["/etl/none"]}`),
			row("DeleteParameter", service.Do(s.deleteParameter), `{"Name": "/etl/schema"}`, codeNotFound),
		},
	}
}
