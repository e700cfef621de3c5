package console

import (
	"strings"

	"github.com/stepwell/stepwell/console/view"
)

// targetLink leads to what a schedule, a rule or a subscription calls; what has no page is text.
func targetLink(arn string) view.Link {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return view.Link{Text: arn}
	}
	kind, name, _ := strings.Cut(strings.Replace(fields[5], "/", ":", 1), ":")
	switch fields[2] + " " + kind {
	case "states stateMachine":
		return view.Link{Text: name, URL: machineURL(arn)}
	case "states execution", "states express":
		return view.Link{Text: name, URL: executionURL(arn)}
	case "lambda function":
		return view.Link{Text: name, URL: functionURL(name)}
	case "logs log-group":
		return view.Link{Text: strings.TrimSuffix(name, ":*"), URL: logGroupURL(strings.TrimSuffix(name, ":*"))}
	case "batch job-queue":
		return view.Link{Text: name, URL: queueURL(name)}
	}
	if fields[2] == "scheduler" { // a universal target: aws-sdk:SERVICE:action
		return view.Link{Text: strings.TrimPrefix(fields[5], "aws-sdk:")}
	}
	if fields[2] == "sns" {
		return view.Link{Text: fields[5], URL: topicURL(arn)}
	}
	return view.Link{Text: arn}
}
