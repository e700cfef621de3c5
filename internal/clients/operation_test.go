package clients

import (
	"regexp"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/api/s3rest"
	"github.com/stepwell/stepwell/cli"
)

// botoNames are the services that boto3 calls otherwise than Step Functions does.
var botoNames = map[string]string{
	"sfn": "stepfunctions", "redshiftdata": "redshift-data", "redshiftserverless": "redshift-serverless", "cloudwatchlogs": "logs",
	"eventbridge": "events",
}

// issue3 are the services whose operations all have to be called.
var issue3 = []string{
	"sfn", "sns", "redshiftdata", "redshift", "redshiftserverless", "sts", "secretsmanager", "ssm", "cloudwatchlogs", "dynamodb",
}

// strange are the operations that the boto3 of a Linux distribution does not have yet.
var strange = []string{"redshift-data.list_sessions"}

// uncalled returns the operations of the tables that no call has asked for.
func uncalled(calls called) []string {
	var names []string
	check := func(service, operation string) {
		for one := range strings.SplitSeq(operation, ", ") {
			if name := service + "." + snake(one); !calls[name] && !slices.Contains(strange, name) {
				names = append(names, name)
			}
		}
	}
	for _, table := range cli.Offered() {
		if !slices.Contains(issue3, table.Name) {
			continue
		}
		name := table.Name
		if other, ok := botoNames[name]; ok {
			name = other
		}
		for _, row := range table.Operations {
			check(name, row.Name)
		}
	}
	for _, row := range s3rest.Operations() {
		check("s3", row.Name)
	}
	return names
}

var (
	wordEnd = regexp.MustCompile(`([a-z0-9])([A-Z])`)
	acronym = regexp.MustCompile(`([A-Z]+)([A-Z][a-z])`)
)

// snake is boto3's spelling of an operation: ListObjectsV2 is list_objects_v2.
func snake(name string) string {
	name = acronym.ReplaceAllString(wordEnd.ReplaceAllString(name, "${1}_${2}"), "${1}_${2}")
	return strings.ToLower(name)
}
