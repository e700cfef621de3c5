package states

import (
	"context"
	"fmt"
	"reflect"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/fault"
)

const (
	standard = "STANDARD"
	express  = "EXPRESS"
)

type logGroup struct {
	LogGroupArn string `aws:"min=1,max=256"`
}

type logDestination struct {
	CloudWatchLogsLogGroup *logGroup
}

type loggingConfiguration struct {
	Destinations         []logDestination
	IncludeExecutionData bool
	Level                string `enum:"ALL|ERROR|FATAL|OFF"`
}

func noLogging() loggingConfiguration { return loggingConfiguration{Level: "OFF"} }

// complete fills in the defaults and holds AWS's rules for destinations.
func (l *loggingConfiguration) complete() (loggingConfiguration, error) {
	if l == nil {
		return noLogging(), nil
	}
	full := *l
	if full.Level == "" {
		full.Level = "OFF"
	}
	if len(full.Destinations) > 1 || full.Level != "OFF" && len(full.Destinations) == 0 {
		return full, fault.Invalidf("Invalid Logging Configuration: Must specify exactly one Log Destination.").WithCode("InvalidLoggingConfiguration")
	}
	return full, nil
}

// checkDestinations looks for the log groups of a configuration.
func (s *Service) checkDestinations(ctx context.Context, l loggingConfiguration) error {
	if s.logGroup == nil {
		return nil
	}
	for _, d := range l.Destinations {
		if d.CloudWatchLogsLogGroup == nil {
			continue
		}
		found, err := s.logGroup(ctx, d.CloudWatchLogsLogGroup.name())
		if err != nil {
			return err
		}
		if !found {
			return fault.Invalidf("Invalid Logging Configuration: Log Destination not found.").WithCode("InvalidLoggingConfiguration")
		}
	}
	return nil
}

type tracingConfiguration struct{ Enabled bool }

type encryptionConfiguration struct {
	KmsDataKeyReusePeriodSeconds *int64 `aws:"min=60,max=900"`
	KmsKeyId                     string `aws:"min=1,max=2048"`
	Type                         string `aws:"required" enum:"AWS_OWNED_KEY|CUSTOMER_MANAGED_KMS_KEY"`
}

// check refuses keys of the caller's: what is kept here is not encrypted.
func (e *encryptionConfiguration) check() error {
	if e != nil && e.Type != ownedKey.Type {
		return fault.New(fault.Unsupported, "encryptionConfiguration: %s is not supported", e.Type)
	}
	return nil
}

var ownedKey = encryptionConfiguration{Type: "AWS_OWNED_KEY"}

// check reads a definition as AWS does when a machine is made. Error: InvalidDefinition.
func checkDefinition(text, machineType string) error {
	_, err := asl.Parse(text, asl.Options{Express: machineType == express})
	if findings, ok := err.(asl.Findings); ok {
		return fault.New(fault.KindOf(findings), "%s", findings.AWS()).WithCode("InvalidDefinition")
	}
	return err
}

// references are the variables that the states of a definition read; nil when there are none, or when it cannot be read.
func references(text, file string) map[string][]string {
	m, err := asl.Parse(text, asl.Options{File: file, Accepted: true})
	if err != nil || len(m.VariableReferences) == 0 {
		return nil
	}
	return m.VariableReferences
}

func (c *content) equal(d *content) bool {
	return c.Definition == d.Definition && c.RoleARN == d.RoleARN && reflect.DeepEqual(c.Logging, d.Logging) && c.Tracing == d.Tracing
}

func invalid(format string, args ...any) error {
	return fault.Invalidf("%s", fmt.Sprintf(format, args...)).WithCode("ValidationException")
}
