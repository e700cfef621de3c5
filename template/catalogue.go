package template

import "strings"

// kindRow is what Stepwell knows about a resource type: which property names a resource, and what Ref and Fn::GetAtt
// answer. In the texts, {name}, {id}, {region}, {account} and, of versions and aliases, {function} are filled in; {Member} is a property.
type kindRow struct {
	name       string            // the property
	ref        string            // empty: {name}
	attributes map[string]string // complete: others are mistakes
}

var catalogue = map[string]kindRow{
	"AWS::StepFunctions::StateMachine": {"StateMachineName", machineARN, machineAttributes},
	"AWS::Serverless::StateMachine":    {"Name", machineARN, machineAttributes},
	"AWS::StepFunctions::Activity":     {"Name", activityARN, attributes("Arn", activityARN, "Name", "{name}")},
	"AWS::S3::Bucket": {"BucketName", "", attributes("Arn", "arn:aws:s3:::{name}",
		"DomainName", "{name}.s3.amazonaws.com", "RegionalDomainName", "{name}.s3.{region}.amazonaws.com",
		"DualStackDomainName", "{name}.s3.dualstack.{region}.amazonaws.com",
		"WebsiteURL", "http://{name}.s3-website-{region}.amazonaws.com")},
	"AWS::SNS::Topic": {"TopicName", topicARN, attributes("TopicArn", topicARN, "TopicName", "{name}")},
	"AWS::SQS::Queue": {"QueueName", queueURL, attributes("Arn", "arn:aws:sqs:{region}:{account}:{name}",
		"QueueName", "{name}", "QueueUrl", queueURL)},
	"AWS::IAM::Role":                {"RoleName", "", attributes("Arn", "arn:aws:iam::{account}:role/{name}", "RoleId", "AROA{id}")},
	"AWS::IAM::User":                {"UserName", "", attributes("Arn", "arn:aws:iam::{account}:user/{name}")},
	"AWS::IAM::ManagedPolicy":       {"ManagedPolicyName", "arn:aws:iam::{account}:policy/{name}", attributes("PolicyArn", "arn:aws:iam::{account}:policy/{name}")},
	"AWS::Lambda::Function":         {"FunctionName", "", functionAttributes},
	"AWS::Serverless::Function":     {"FunctionName", "", functionAttributes},
	"AWS::Lambda::LayerVersion":     {"LayerName", layerARN, attributes("LayerVersionArn", layerARN)},
	"AWS::Serverless::LayerVersion": {"LayerName", layerARN, nil},
	// VersionName is Stepwell's own: a version has no number before it is made, so references lead to it by the name here.
	"AWS::Lambda::Version":         {"VersionName", "{function}:{name}", attributes("Version", "{name}", "FunctionArn", "{function}:{name}")},
	"AWS::Lambda::Alias":           {"Name", "{function}:{name}", attributes("AliasArn", "{function}:{name}")},
	"AWS::Serverless::SimpleTable": {"TableName", "", attributes("Arn", "arn:aws:dynamodb:{region}:{account}:table/{name}")},
	"AWS::DynamoDB::Table": {"TableName", "", attributes("Arn", "arn:aws:dynamodb:{region}:{account}:table/{name}",
		"StreamArn", "arn:aws:dynamodb:{region}:{account}:table/{name}/stream/local", "TableId", "{id}")},
	"AWS::Redshift::Cluster": {"ClusterIdentifier", "", attributes("Endpoint.Address", "localhost", "Endpoint.Port", "5439", "Id", "{name}",
		"ClusterNamespaceArn", "arn:aws:redshift:{region}:{account}:namespace:{name}", "MasterPasswordSecretArn", secretARN)},
	"AWS::RedshiftServerless::Namespace": {"NamespaceName", "", nil},
	"AWS::RedshiftServerless::Workgroup": {"WorkgroupName", "", attributes("Workgroup.WorkgroupName", "{name}",
		"Workgroup.WorkgroupArn", "arn:aws:redshift-serverless:{region}:{account}:workgroup/{name}", "Workgroup.WorkgroupId", "{id}",
		"Workgroup.Endpoint.Address", "localhost", "Workgroup.Endpoint.Port", "5439", "Workgroup.NamespaceName", "{name}",
		"Workgroup.Status", "AVAILABLE")},
	"AWS::SecretsManager::Secret":                 {"Name", secretARN, attributes("Id", secretARN)},
	"AWS::SecretsManager::SecretTargetAttachment": {"", "{SecretId}", attributes("Id", "{SecretId}")},
	"AWS::SSM::Parameter":                         {"Name", "", attributes("Type", "{Type}", "Value", "{Value}")},
	"AWS::Logs::LogGroup":                         {"LogGroupName", "", attributes("Arn", "arn:aws:logs:{region}:{account}:log-group:{name}:*")},
	"AWS::Batch::ComputeEnvironment": {"ComputeEnvironmentName", batchARN + "compute-environment/{name}",
		attributes("ComputeEnvironmentArn", batchARN+"compute-environment/{name}")},
	"AWS::Batch::JobQueue": {"JobQueueName", batchARN + "job-queue/{name}", attributes("JobQueueArn", batchARN+"job-queue/{name}")},
	// Without a revision it is the newest, which is the template's.
	"AWS::Batch::JobDefinition": {"JobDefinitionName", batchARN + "job-definition/{name}",
		attributes("JobDefinitionArn", batchARN+"job-definition/{name}")},
	"AWS::CloudFormation::Stack":    {"", stackARN, nil},
	"AWS::Serverless::Application":  {"", stackARN, nil},
	"AWS::KMS::Key":                 {"", "{id}", attributes("Arn", "arn:aws:kms:{region}:{account}:key/{id}", "KeyId", "{id}")},
	"AWS::Events::Rule":             {"Name", "", attributes("Arn", "arn:aws:events:{region}:{account}:rule/{name}")},
	"AWS::Events::EventBus":         {"Name", "", attributes("Arn", "arn:aws:events:{region}:{account}:event-bus/{name}", "Name", "{name}")},
	"AWS::Scheduler::Schedule":      {"Name", "", attributes("Arn", "arn:aws:scheduler:{region}:{account}:schedule/default/{name}")},
	"AWS::Scheduler::ScheduleGroup": {"Name", "", attributes("Arn", "arn:aws:scheduler:{region}:{account}:schedule-group/{name}")},
}

const (
	machineARN  = "arn:aws:states:{region}:{account}:stateMachine:{name}"
	activityARN = "arn:aws:states:{region}:{account}:activity:{name}"
	topicARN    = "arn:aws:sns:{region}:{account}:{name}"
	layerARN    = "arn:aws:lambda:{region}:{account}:layer:{name}:1"
	queueURL    = "https://sqs.{region}.amazonaws.com/{account}/{name}"
	batchARN    = "arn:aws:batch:{region}:{account}:"
	functionARN = "arn:aws:lambda:{region}:{account}:function:{name}"
	stackARN    = "arn:aws:cloudformation:{region}:{account}:stack/{name}/00000000-0000-0000-0000-000000000000"
	secretARN   = "arn:aws:secretsmanager:{region}:{account}:secret:{name}"
)

var (
	machineAttributes  = attributes("Arn", machineARN, "Name", "{name}", "StateMachineRevisionId", "local")
	functionAttributes = attributes("Arn", functionARN)
)

func attributes(pairs ...string) map[string]string {
	m := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// Name is the physical name of what is declared, behind that of what it is in: BUS/RULE, GROUP/SCHEDULE, FUNCTION:ALIAS. Of types
// without a property for the name it is the logical id.
func (d *Declaration) Name() string {
	property := catalogue[d.Type].name
	name := d.text(property)
	if name == "" {
		return d.LogicalID
	}
	for _, within := range []string{"EventBusName", "GroupName"} {
		if outer := d.text(within); outer != "" && outer != "default" {
			return outer + "/" + name
		}
	}
	if function := d.text("FunctionName"); function != "" && property != "FunctionName" {
		return function[strings.LastIndexByte(function, ':')+1:] + ":" + name
	}
	return name
}

func (d *Declaration) text(property string) string {
	v, _ := d.Properties.Get(property)
	return v.Str()
}

func attributesOf(kind string) []string {
	var names []string
	for name := range catalogue[kind].attributes {
		names = append(names, name)
	}
	return names
}

// later are types that pipelines need at work, that Stepwell does not run yet: they are accepted with a warning.
var later = []string{"AWS::Batch::", "AWS::DynamoDB::", "AWS::Events::", "AWS::Lambda::EventSourceMapping", "AWS::Pipes::", "AWS::Redshift::ScheduledAction", "AWS::Scheduler::", "AWS::SecretsManager::RotationSchedule",
	"AWS::SecretsManager::SecretTargetAttachment", "AWS::SQS::Queue", "AWS::StepFunctions::Activity"}

// meaningless are types that change nothing about how a pipeline runs here.
var meaningless = []string{"AWS::ApplicationAutoScaling::", "AWS::ApplicationInsights::", "AWS::Athena::", "AWS::Budgets::",
	"AWS::CDK::Metadata", "AWS::CE::", "AWS::CertificateManager::", "AWS::Chatbot::", "AWS::CloudFormation::", "AWS::CloudTrail::",
	"AWS::CloudWatch::", "AWS::EC2::", "AWS::ECR::", "AWS::ECS::", "AWS::EFS::", "AWS::ElasticLoadBalancingV2::", "AWS::Glue::",
	"AWS::IAM::", "AWS::KMS::", "AWS::LakeFormation::", "AWS::Lambda::", "AWS::Logs::", "AWS::QuickSight::", "AWS::RDS::", "AWS::Redshift::",
	"AWS::RedshiftServerless::", "AWS::ResourceGroups::", "AWS::Route53::", "AWS::S3::BucketPolicy", "AWS::S3::AccessPoint",
	"AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::SSM::", "AWS::SecretsManager::", "AWS::Serverless::LayerVersion",
	"AWS::StepFunctions::", "AWS::Synthetics::", "AWS::WAFv2::"}

func hasPrefix(kind string, prefixes []string) bool {
	for _, prefix := range prefixes {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}
