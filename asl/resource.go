package asl

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/arn"
)

// resource reads a Task's Resource and checks what its text alone tells.
func (o *object) resource() string {
	o.require("Resource")
	text := o.text("Resource")
	if text == "" {
		return ""
	}
	at := o.at("Resource")
	name, err := arn.Parse(text)
	switch {
	case err != nil:
		o.invalid(at, "Value is not a valid resource ARN")
	case !recognized(name):
		o.invalid(at, "The resource provided %s is not recognized. The value is not a valid resource ARN, "+
			"or the resource is not available in this region.", text).Hint = nearestIntegration(name)
	case o.options.Express && isActivity(name):
		o.invalid(at, "Express state machine does not support Activity ARN")
	case o.options.Express && pattern(name) != "":
		// The blank before the end stands in AWS's text.
		o.invalid(at, "Express state machine does not support '%s' service integration ", pattern(name))
	case o.options.Resource != nil:
		if err := o.options.Resource(text); err != nil {
			o.notYet(at, "%s", err)
		}
	}
	return text
}

func isActivity(name arn.ARN) bool {
	return name.Service == "states" && strings.HasPrefix(name.Resource, "activity:") && len(name.Resource) > len("activity:")
}

func isIntegration(name arn.ARN) bool {
	return name.Service == "states" && name.Region == "" && name.Account == ""
}

const (
	syncPattern     = ".sync"
	sync2Pattern    = ".sync:2"
	callbackPattern = ".waitForTaskToken"
)

// pattern returns how an integration waits: .sync, .waitForTaskToken or empty.
func pattern(name arn.ARN) string {
	switch {
	case !isIntegration(name):
		return ""
	case strings.HasSuffix(name.Resource, callbackPattern):
		return callbackPattern
	case strings.HasSuffix(name.Resource, syncPattern), strings.HasSuffix(name.Resource, sync2Pattern):
		return syncPattern
	}
	return ""
}

func recognized(name arn.ARN) bool {
	switch {
	case name.Service == "lambda":
		return strings.HasPrefix(name.Resource, "function:")
	case isActivity(name):
		return true
	case !isIntegration(name):
		return false
	}
	if sdk, ok := strings.CutPrefix(name.Resource, "aws-sdk:"); ok {
		service, operation, _ := strings.Cut(strings.TrimSuffix(sdk, callbackPattern), ":")
		return service != "" && operation != "" && !strings.ContainsAny(operation, ":.")
	}
	return slices.Contains(integrations(), name.Resource)
}

// integrations returns every optimized integration, each with the patterns that it has.
func integrations() []string {
	var names []string
	for _, row := range optimized {
		for _, operation := range strings.Fields(row.operations) {
			base := row.service + ":" + strings.TrimSuffix(operation, "+")
			names = append(names, base)
			if strings.HasSuffix(operation, "+") {
				names = append(names, base+syncPattern)
			}
			if row.callback {
				names = append(names, base+callbackPattern)
			}
		}
	}
	return append(names, "states:startExecution"+sync2Pattern)
}

func nearestIntegration(name arn.ARN) string {
	if !isIntegration(name) {
		return ""
	}
	return didYouMean(name.Resource, integrations())
}

// optimized lists the operations of the optimized integrations: + marks those that have .sync, callback the services whose
// operations have .waitForTaskToken.
var optimized = []struct {
	service    string
	callback   bool
	operations string
}{
	{"apigateway", true, "invoke"},
	{"athena", false, "startQueryExecution+ stopQueryExecution getQueryExecution getQueryResults"},
	{"batch", false, "submitJob+"},
	{"bedrock", true, "invokeModel createModelCustomizationJob+"},
	{"codebuild", false, "startBuild+ stopBuild batchDeleteBuilds batchGetReports startBuildBatch+ stopBuildBatch retryBuildBatch+ deleteBuildBatch"},
	{"databrew", false, "startJobRun+"},
	{"dynamodb", false, "getItem putItem updateItem deleteItem"},
	{"ecs", true, "runTask+"},
	{"eks", true, "createCluster+ deleteCluster+ createFargateProfile+ deleteFargateProfile+ createNodegroup+ deleteNodegroup+ runJob+ call"},
	{"elasticmapreduce", false, "createCluster+ setClusterTerminationProtection terminateCluster+ addStep+ cancelStep modifyInstanceFleetByName modifyInstanceGroupByName"},
	{"emr-containers", false, "createVirtualCluster deleteVirtualCluster+ startJobRun+"},
	{"emr-serverless", false, "createApplication+ startApplication+ stopApplication+ deleteApplication+ startJobRun+ cancelJobRun+"},
	{"events", true, "putEvents"},
	{"glue", false, "startJobRun+"},
	{"http", false, "invoke"},
	{"lambda", true, "invoke"},
	{"mediaconvert", false, "createJob+"},
	{"sagemaker", false, "createEndpoint createEndpointConfig createHyperParameterTuningJob+ createLabelingJob+ createModel " +
		"createProcessingJob+ createTrainingJob+ createTransformJob+ updateEndpoint"},
	{"sns", true, "publish"},
	{"sqs", true, "sendMessage"},
	{"states", true, "startExecution+"},
}
