package service_test

import (
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	data "github.com/aws/aws-sdk-go-v2/service/redshiftdata"
	datatypes "github.com/aws/aws-sdk-go-v2/service/redshiftdata/types"
	secrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	parameters "github.com/aws/aws-sdk-go-v2/service/ssm"
	parametertypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	tokens "github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/service"
)

// client configures AWS's own SDK for an endpoint that serves the tables.
func client(t *testing.T, tables ...*service.Service) aws.Config {
	server := httptest.NewServer(api.New(api.Options{Services: tables}))
	t.Cleanup(server.Close)
	return aws.Config{
		Region: region, BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("AKIALOCAL", "secret", ""),
		RetryMaxAttempts: 1,
	}
}

func TestSecretsClient(t *testing.T) {
	c := secrets.NewFromConfig(client(t, stores(t)...))
	made, err := c.CreateSecret(t.Context(), &secrets.CreateSecretInput{
		Name: aws.String("etl/api"), SecretBinary: []byte{0, 1, 255}, Tags: []secrettypes.Tag{{Key: aws.String("a"), Value: aws.String("b")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.GetSecretValue(t.Context(), &secrets.GetSecretValueInput{SecretId: made.ARN})
	if err != nil || string(got.SecretBinary) != "\x00\x01\xff" || *got.VersionId != *made.VersionId || time.Since(*got.CreatedDate) > time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
	d, err := c.DescribeSecret(t.Context(), &secrets.DescribeSecretInput{SecretId: made.Name})
	if err != nil || d.VersionIdsToStages[*made.VersionId][0] != "AWSCURRENT" || d.DeletedDate != nil || *d.Tags[0].Value != "b" {
		t.Errorf("%+v, %v", d, err)
	}
	all, err := c.ListSecrets(t.Context(), &secrets.ListSecretsInput{Filters: []secrettypes.Filter{{Key: "name", Values: []string{"etl/a"}}}})
	if err != nil || len(all.SecretList) != 1 || *all.SecretList[0].ARN != *made.ARN {
		t.Errorf("%+v, %v", all, err)
	}
	if _, err := c.DeleteSecret(t.Context(), &secrets.DeleteSecretInput{SecretId: made.ARN, ForceDeleteWithoutRecovery: aws.Bool(true)}); err != nil {
		t.Error(err)
	}
	var missing *secrettypes.ResourceNotFoundException
	if _, err := c.GetSecretValue(t.Context(), &secrets.GetSecretValueInput{SecretId: made.ARN}); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}

func TestParametersClient(t *testing.T) {
	c := parameters.NewFromConfig(client(t, stores(t)...))
	put, err := c.PutParameter(t.Context(), &parameters.PutParameterInput{Name: aws.String("/etl/key"), Value: aws.String("x"), Type: "SecureString"})
	if err != nil || put.Version != 1 || put.Tier != parametertypes.ParameterTierStandard {
		t.Fatal(put, err)
	}
	got, err := c.GetParameter(t.Context(), &parameters.GetParameterInput{Name: aws.String("/etl/key"), WithDecryption: aws.Bool(true)})
	if err != nil || *got.Parameter.Value != "x" || time.Since(*got.Parameter.LastModifiedDate) > time.Minute {
		t.Errorf("%+v, %v", got, err)
	}
	pages := parameters.NewGetParametersByPathPaginator(c, &parameters.GetParametersByPathInput{Path: aws.String("/etl"), MaxResults: aws.Int32(1)})
	names := ""
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		names += *page.Parameters[0].Name + " "
	}
	if names != "/etl/key /etl/schema " {
		t.Errorf("by path: %s", names)
	}
	var missing *parametertypes.ParameterNotFound
	if _, err := c.GetParameter(t.Context(), &parameters.GetParameterInput{Name: aws.String("/none")}); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}

func TestLogsClient(t *testing.T) {
	c := cloudwatchlogs.NewFromConfig(client(t, stores(t)...))
	group, stream := aws.String("/etl/nightly"), aws.String("load")
	now := time.Now().UnixMilli()
	if _, err := c.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream,
		LogEvents: []logtypes.InputLogEvent{{Message: aws.String("begin"), Timestamp: &now}, {Message: aws.String("ERROR x"), Timestamp: &now}},
	}); err != nil {
		t.Fatal(err)
	}
	got, err := c.GetLogEvents(t.Context(), &cloudwatchlogs.GetLogEventsInput{LogGroupName: group, LogStreamName: stream, StartFromHead: aws.Bool(true)})
	if err != nil || len(got.Events) != 2 || *got.Events[1].Message != "ERROR x" || *got.Events[1].Timestamp != now {
		t.Errorf("%+v, %v", got, err)
	}
	found, err := c.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: group, FilterPattern: aws.String("ERROR")})
	if err != nil || len(found.Events) != 1 || *found.Events[0].LogStreamName != "load" {
		t.Errorf("%+v, %v", found, err)
	}
	all, err := c.DescribeLogStreams(t.Context(), &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: group})
	if err != nil || len(all.LogStreams) != 1 || *all.LogStreams[0].LastEventTimestamp != now {
		t.Errorf("%+v, %v", all, err)
	}
	var exists *logtypes.ResourceAlreadyExistsException
	if _, err := c.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group}); !errors.As(err, &exists) {
		t.Errorf("got %v", err)
	}
}

func TestTokensClient(t *testing.T) {
	config := client(t, stores(t)...)
	c := tokens.NewFromConfig(config)
	who, err := c.GetCallerIdentity(t.Context(), nil)
	if err != nil || *who.Account != accountID || *who.Arn != "arn:aws:iam::123456789012:user/local" {
		t.Fatalf("%+v, %v", who, err)
	}
	role, err := c.AssumeRole(t.Context(), &tokens.AssumeRoleInput{
		RoleArn: aws.String("arn:aws:iam::123456789012:role/etl"), RoleSessionName: aws.String("night"), DurationSeconds: aws.Int32(900),
	})
	if err != nil || time.Until(*role.Credentials.Expiration) > 15*time.Minute {
		t.Fatalf("%+v, %v", role, err)
	}
	given := role.Credentials
	config.Credentials = credentials.NewStaticCredentialsProvider(*given.AccessKeyId, *given.SecretAccessKey, *given.SessionToken)
	who, err = tokens.NewFromConfig(config).GetCallerIdentity(t.Context(), nil)
	if err != nil || *who.Arn != "arn:aws:sts::123456789012:assumed-role/etl/night" {
		t.Errorf("%+v, %v", who, err)
	}
	_, err = c.AssumeRole(t.Context(), &tokens.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:user/etl"), RoleSessionName: aws.String("night")})
	var refused smithy.APIError
	if !errors.As(err, &refused) || refused.ErrorCode() != "ValidationError" {
		t.Errorf("got %v", err)
	}
}

// dataClient runs statements by AWS's own client.
type dataClient struct {
	*data.Client
	t *testing.T
}

// run executes a statement and waits for its end.
func (c dataClient) run(statement *data.ExecuteStatementInput) *data.DescribeStatementOutput {
	c.t.Helper()
	made, err := c.ExecuteStatement(c.t.Context(), statement)
	if err != nil {
		c.t.Fatal(err)
	}
	for {
		d, err := c.DescribeStatement(c.t.Context(), &data.DescribeStatementInput{Id: made.Id})
		if err != nil {
			c.t.Fatal(err)
		}
		if s := d.Status; s == datatypes.StatusStringFinished || s == datatypes.StatusStringFailed || s == datatypes.StatusStringAborted {
			return d
		}
	}
}

// The parts of the Data API that differ most on the wire: unions, sessions, CSV, metadata.
func TestDataClient(t *testing.T) {
	c := dataClient{data.NewFromConfig(client(t, openRedshiftData(t))), t}
	first := c.run(&data.ExecuteStatementInput{
		WorkgroupName: aws.String("etl"), Database: aws.String("dev"), SessionKeepAliveSeconds: aws.Int32(60),
		Sql: aws.String("create table public.dim (id int not null, name varchar(10)); create temp table x as select :a::int as a"), Parameters: []datatypes.SqlParameter{{Name: aws.String("a"), Value: aws.String("7")}},
	})
	if first.Status != datatypes.StatusStringFinished || first.Error != nil || first.SessionId == nil {
		t.Fatalf("%+v: %s", first, aws.ToString(first.Error))
	}
	second := c.run(&data.ExecuteStatementInput{SessionId: first.SessionId, Sql: aws.String("select a, null::int as b from x")})
	rows, err := c.GetStatementResult(t.Context(), &data.GetStatementResultInput{Id: second.Id})
	if err != nil || *second.SessionId != *first.SessionId || rows.TotalNumRows != 1 || *rows.ColumnMetadata[0].TypeName != "int4" {
		t.Fatalf("%+v, %v", rows, err)
	}
	a, isLong := rows.Records[0][0].(*datatypes.FieldMemberLongValue)
	if _, isNull := rows.Records[0][1].(*datatypes.FieldMemberIsNull); !isLong || a.Value != 7 || !isNull {
		t.Errorf("%+v", rows.Records)
	}
	third := c.run(&data.ExecuteStatementInput{
		WorkgroupName: aws.String("etl"), Database: aws.String("dev"), Sql: aws.String("select 1 as a"), ResultFormat: datatypes.ResultFormatStringCsv,
	})
	csv, err := c.GetStatementResultV2(t.Context(), &data.GetStatementResultV2Input{Id: third.Id})
	if err != nil {
		t.Fatal(err)
	}
	if text, ok := csv.Records[0].(*datatypes.QueryRecordsMemberCSVRecords); !ok || text.Value != "a\r\n1\r\n" {
		t.Errorf("%+v", csv.Records)
	}
	table, err := c.DescribeTable(t.Context(), &data.DescribeTableInput{WorkgroupName: aws.String("etl"), Database: aws.String("dev"), Table: aws.String("dim")})
	if err != nil || len(table.ColumnList) != 2 || table.ColumnList[0].Nullable != 0 || table.ColumnList[1].Length != 10 {
		t.Errorf("%+v, %v", table, err)
	}
	tables, err := c.ListTables(t.Context(), &data.ListTablesInput{
		WorkgroupName: aws.String("etl"), Database: aws.String("dev"), SchemaPattern: aws.String("public"),
	})
	if err != nil || len(tables.Tables) != 1 || *tables.Tables[0].Name != "dim" || *tables.Tables[0].Type != "TABLE" {
		t.Errorf("%+v, %v", tables, err)
	}
	var missing *datatypes.ResourceNotFoundException
	if _, err := c.GetStatementResult(t.Context(), &data.GetStatementResultInput{Id: first.Id}); !errors.As(err, &missing) {
		t.Errorf("got %v", err)
	}
}
