package service

import "strings"

// optimizedElsewhere are the services with an optimized integration on AWS.
var optimizedElsewhere = words(`apigateway athena batch bedrock codebuild databrew dynamodb ecs eks elasticmapreduce
	emr-containers emr-serverless events glue http lambda mediaconvert sagemaker sns sqs states`)

// sdkElsewhere are services that AWS reaches through aws-sdk resources; an incomplete list of those that data
// pipelines use, to tell a missing service from a misspelt one.
var sdkElsewhere = words(`accessanalyzer acm apigateway appconfig appflow applicationautoscaling appsync athena autoscaling
	backup batch bedrock bedrockruntime budgets cloudformation cloudfront cloudtrail cloudwatch cloudwatchlogs codebuild
	codecommit codepipeline cognitoidentityprovider comprehend config connect costexplorer databasemigration databrew
	datapipeline datasync datazone dax directconnect dms dynamodb dynamodbstreams ebs ec2 ecr ecs efs eks elasticache
	elasticloadbalancing elasticloadbalancingv2 elasticsearch emr emrcontainers emrserverless eventbridge firehose
	forecast fsx glacier glue greengrass guardduty iam inspector iot kafka kendra kinesis kinesisanalytics
	kinesisanalyticsv2 kms lakeformation lambda lexmodelsv2 location macie2 mediaconvert memorydb mq mwaa neptune
	opensearch organizations personalize pinpoint pipes polly pricing quicksight ram rds rdsdata redshift
	redshiftserverless rekognition resourcegroups route53 s3control sagemaker sagemakerruntime scheduler schemas
	secretsmanager securityhub serverlessapplicationrepository servicecatalog servicediscovery servicequotas ses sesv2
	shield sqs ssm ssoadmin storagegateway sts support swf textract timestreamquery timestreamwrite transcribe transfer
	translate waf wafv2 workspaces xray`)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(text) {
		set[word] = true
	}
	return set
}

// missing answers for a service that no table has.
func (r resource) missing() error {
	known := optimizedElsewhere[r.service]
	if r.sdk {
		known = sdkElsewhere[r.service]
	}
	if !known {
		return notRecognized(r.text)
	}
	return unsupported("%s: the service %s is not supported", r.text, r.service)
}
