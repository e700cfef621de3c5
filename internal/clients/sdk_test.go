package clients

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/aws-sdk-go-v2/service/redshiftserverless"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/jackc/pgx/v5"
)

// must returns the answer of a call that has to succeed.
func must[T any](t *testing.T) func(answer T, err error) T {
	return func(answer T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// codeOf is the name of an AWS error.
func codeOf(err error) string {
	var problem smithy.APIError
	if errors.As(err, &problem) {
		return problem.ErrorCode()
	}
	return fmt.Sprint(err)
}

const nothing = `{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}`

// What Terraform's aws_sfn_state_machine does: create, read back equal, tag, update, read, delete, read that it is gone.
func TestManagedStateMachine(t *testing.T) {
	t.Parallel()
	c, ctx := sfn.NewFromConfig(running(t, open).config()), t.Context()
	role := aws.String("arn:aws:iam::" + account + ":role/etl")
	created := must[*sfn.CreateStateMachineOutput](t)(c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("managed"), Definition: aws.String(nothing), RoleArn: role, Publish: true, Type: types.StateMachineTypeStandard,
		EncryptionConfiguration: &types.EncryptionConfiguration{Type: types.EncryptionTypeAwsOwnedKey},
		LoggingConfiguration:    &types.LoggingConfiguration{Level: types.LogLevelOff}, TracingConfiguration: &types.TracingConfiguration{},
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("data")}, {Key: aws.String("empty"), Value: aws.String("")}},
	}))
	id := &sfn.DescribeStateMachineInput{StateMachineArn: created.StateMachineArn}
	read := must[*sfn.DescribeStateMachineOutput](t)(c.DescribeStateMachine(ctx, id))
	if *read.Definition != nothing || *read.RoleArn != *role || read.Type != types.StateMachineTypeStandard || read.Status != types.StateMachineStatusActive ||
		read.LoggingConfiguration.Level != types.LogLevelOff || read.TracingConfiguration.Enabled || read.EncryptionConfiguration.Type != types.EncryptionTypeAwsOwnedKey {
		t.Errorf("read back %+v", read)
	}
	changed := strings.Replace(nothing, "Pass", "Succeed", 1)
	changed = strings.Replace(changed, `, "End": true`, "", 1)
	must[*sfn.UpdateStateMachineOutput](t)(c.UpdateStateMachine(ctx, &sfn.UpdateStateMachineInput{
		StateMachineArn: created.StateMachineArn, Definition: &changed, RoleArn: role, Publish: true,
	}))
	if read := must[*sfn.DescribeStateMachineOutput](t)(c.DescribeStateMachine(ctx, id)); *read.Definition != changed || *read.RevisionId == "" {
		t.Errorf("after the update %+v", read)
	}
	must[*sfn.UntagResourceOutput](t)(c.UntagResource(ctx, &sfn.UntagResourceInput{ResourceArn: created.StateMachineArn, TagKeys: []string{"team"}}))
	must[*sfn.TagResourceOutput](t)(c.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: created.StateMachineArn,
		Tags: []types.Tag{{Key: aws.String("stage"), Value: aws.String("live")}}}))
	tags := must[*sfn.ListTagsForResourceOutput](t)(c.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: created.StateMachineArn})).Tags
	if len(tags) != 2 || *tags[0].Key != "empty" || *tags[0].Value != "" || *tags[1].Value != "live" {
		t.Errorf("the tags are %+v", tags)
	}
	must[*sfn.DeleteStateMachineOutput](t)(c.DeleteStateMachine(ctx, &sfn.DeleteStateMachineInput{StateMachineArn: created.StateMachineArn}))
	if _, err := c.DescribeStateMachine(ctx, id); codeOf(err) != "StateMachineDoesNotExist" {
		t.Errorf("after its end: %v", err)
	}
}

// What Terraform's aws_sfn_activity does.
func TestManagedActivity(t *testing.T) {
	t.Parallel()
	c, ctx := sfn.NewFromConfig(running(t, open).config()), t.Context()
	made := must[*sfn.CreateActivityOutput](t)(c.CreateActivity(ctx, &sfn.CreateActivityInput{
		Name: aws.String("managed"), Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("data")}},
	}))
	id := &sfn.DescribeActivityInput{ActivityArn: made.ActivityArn}
	if read := must[*sfn.DescribeActivityOutput](t)(c.DescribeActivity(ctx, id)); *read.Name != "managed" || !read.CreationDate.Equal(*made.CreationDate) {
		t.Errorf("read back %+v", read)
	}
	must[*sfn.TagResourceOutput](t)(c.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: made.ActivityArn,
		Tags: []types.Tag{{Key: aws.String("team"), Value: aws.String("sales")}}}))
	tags := must[*sfn.ListTagsForResourceOutput](t)(c.ListTagsForResource(ctx, &sfn.ListTagsForResourceInput{ResourceArn: made.ActivityArn})).Tags
	if len(tags) != 1 || *tags[0].Value != "sales" {
		t.Errorf("the tags are %+v", tags)
	}
	must[*sfn.DeleteActivityOutput](t)(c.DeleteActivity(ctx, &sfn.DeleteActivityInput{ActivityArn: made.ActivityArn}))
	if _, err := c.DescribeActivity(ctx, id); codeOf(err) != "ActivityDoesNotExist" {
		t.Errorf("after its end: %v", err)
	}
	_, err := c.TagResource(ctx, &sfn.TagResourceInput{ResourceArn: made.ActivityArn, Tags: []types.Tag{}})
	var missing *types.ResourceNotFound
	if !errors.As(err, &missing) || aws.ToString(missing.ResourceName) != *made.ActivityArn {
		t.Errorf("to tag what is gone: %v", err)
	}
}

// What Terraform's aws_sfn_alias does.
func TestManagedAlias(t *testing.T) {
	t.Parallel()
	c, ctx := sfn.NewFromConfig(running(t, open).config()), t.Context()
	role := aws.String("arn:aws:iam::" + account + ":role/etl")
	machine := must[*sfn.CreateStateMachineOutput](t)(c.CreateStateMachine(ctx, &sfn.CreateStateMachineInput{
		Name: aws.String("aliased"), Definition: aws.String(nothing), RoleArn: role, Publish: true,
	}))
	routes := []types.RoutingConfigurationListItem{{StateMachineVersionArn: machine.StateMachineVersionArn, Weight: 100}}
	made := must[*sfn.CreateStateMachineAliasOutput](t)(c.CreateStateMachineAlias(ctx, &sfn.CreateStateMachineAliasInput{
		Name: aws.String("live"), Description: aws.String("what runs"), RoutingConfiguration: routes,
	}))
	id := &sfn.DescribeStateMachineAliasInput{StateMachineAliasArn: made.StateMachineAliasArn}
	read := must[*sfn.DescribeStateMachineAliasOutput](t)(c.DescribeStateMachineAlias(ctx, id))
	if *read.Name != "live" || *read.Description != "what runs" || len(read.RoutingConfiguration) != 1 || read.RoutingConfiguration[0].Weight != 100 ||
		*read.RoutingConfiguration[0].StateMachineVersionArn != *machine.StateMachineVersionArn {
		t.Errorf("read back %+v", read)
	}
	must[*sfn.UpdateStateMachineAliasOutput](t)(c.UpdateStateMachineAlias(ctx, &sfn.UpdateStateMachineAliasInput{
		StateMachineAliasArn: made.StateMachineAliasArn, Description: aws.String("changed"), RoutingConfiguration: routes,
	}))
	if read := must[*sfn.DescribeStateMachineAliasOutput](t)(c.DescribeStateMachineAlias(ctx, id)); *read.Description != "changed" {
		t.Errorf("after the update %+v", read)
	}
	must[*sfn.DeleteStateMachineAliasOutput](t)(c.DeleteStateMachineAlias(ctx, &sfn.DeleteStateMachineAliasInput{StateMachineAliasArn: made.StateMachineAliasArn}))
	if _, err := c.DescribeStateMachineAlias(ctx, id); codeOf(err) != "ResourceNotFound" {
		t.Errorf("after its end: %v", err)
	}
}

// What Terraform's aws_s3_bucket reads of a bucket that nobody configured: an answer, or the error that means none.
func TestManagedBucket(t *testing.T) {
	t.Parallel()
	c, ctx := bucketClient(running(t, open).config()), t.Context()
	name := aws.String("managed-bucket")
	must[*s3.CreateBucketOutput](t)(c.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: name}))
	for want, read := range map[string]func() error{
		"head":     func() error { _, err := c.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: name}); return err },
		"location": func() error { _, err := c.GetBucketLocation(ctx, &s3.GetBucketLocationInput{Bucket: name}); return err },
		"acl":      func() error { _, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: name}); return err },
		"versioning": func() error {
			_, err := c.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: name})
			return err
		},
		"encryption": func() error {
			_, err := c.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: name})
			return err
		},
		"logging": func() error { _, err := c.GetBucketLogging(ctx, &s3.GetBucketLoggingInput{Bucket: name}); return err },
		"requestPayment": func() error {
			_, err := c.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: name})
			return err
		},
		"accelerate": func() error {
			_, err := c.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: name})
			return err
		},
		"NoSuchBucketPolicy":         func() error { _, err := c.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: name}); return err },
		"NoSuchCORSConfiguration":    func() error { _, err := c.GetBucketCors(ctx, &s3.GetBucketCorsInput{Bucket: name}); return err },
		"NoSuchWebsiteConfiguration": func() error { _, err := c.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: name}); return err },
		"NoSuchTagSet":               func() error { _, err := c.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: name}); return err },
		"NoSuchLifecycleConfiguration": func() error {
			_, err := c.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: name})
			return err
		},
		"ReplicationConfigurationNotFoundError": func() error {
			_, err := c.GetBucketReplication(ctx, &s3.GetBucketReplicationInput{Bucket: name})
			return err
		},
		"ObjectLockConfigurationNotFoundError": func() error {
			_, err := c.GetObjectLockConfiguration(ctx, &s3.GetObjectLockConfigurationInput{Bucket: name})
			return err
		},
	} {
		err := read()
		if wanted := strings.Contains(want, "No") || strings.HasSuffix(want, "Error"); wanted && codeOf(err) != want || !wanted && err != nil {
			t.Errorf("%s: %v", want, err)
		}
	}
	must[*s3.DeleteBucketOutput](t)(c.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: name}))
}

func bucketClient(c aws.Config) *s3.Client {
	return s3.NewFromConfig(c, func(o *s3.Options) { o.UsePathStyle = true })
}

// Credentials of a role sign in where keys are checked, and can do what the one can who assumed it; not without their token.
func TestAssumedRole(t *testing.T) {
	t.Parallel()
	s := running(t, locked).as("AKRUN", "runsecret")
	role := aws.String("arn:aws:iam::" + account + ":role/etl")
	given := must[*sts.AssumeRoleOutput](t)(sts.NewFromConfig(s.config()).AssumeRole(t.Context(),
		&sts.AssumeRoleInput{RoleArn: role, RoleSessionName: aws.String("night")})).Credentials
	c := s.config()
	c.Credentials = credentials.NewStaticCredentialsProvider(*given.AccessKeyId, *given.SecretAccessKey, *given.SessionToken)
	who := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(c).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))
	if *who.Arn != "arn:aws:sts::"+account+":assumed-role/etl/night" {
		t.Errorf("is %s", *who.Arn)
	}
	must[*s3.PutObjectOutput](t)(bucketClient(c).PutObject(t.Context(), &s3.PutObjectInput{
		Bucket: aws.String("sales"), Key: aws.String("assumed"), Body: strings.NewReader("x")}))
	machine := &sfn.CreateStateMachineInput{Name: aws.String("m"), Definition: aws.String(nothing), RoleArn: role}
	if _, err := sfn.NewFromConfig(c).CreateStateMachine(t.Context(), machine); codeOf(err) != "AccessDeniedException" {
		t.Errorf("with the role run, a state machine was made: %v", err)
	}
	for name, token := range map[string]string{"no token": "", "another token": "x"} {
		c.Credentials = credentials.NewStaticCredentialsProvider(*given.AccessKeyId, *given.SecretAccessKey, token)
		if _, err := sts.NewFromConfig(c).GetCallerIdentity(context.Background(), &sts.GetCallerIdentityInput{}); codeOf(err) != "InvalidClientTokenId" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A cluster and a workgroup are found where PostgreSQL clients are.
func TestRedshiftEndpoint(t *testing.T) {
	t.Parallel()
	s := running(t, open)
	clusters := must[*redshift.DescribeClustersOutput](t)(redshift.NewFromConfig(s.config()).DescribeClusters(t.Context(),
		&redshift.DescribeClustersInput{ClusterIdentifier: aws.String("prod-dw")})).Clusters
	if at := clusters[0].Endpoint; fmt.Sprintf("%s:%d", *at.Address, *at.Port) != s.postgres {
		t.Errorf("the cluster is at %s:%d, PostgreSQL clients at %s", *at.Address, *at.Port, s.postgres)
	}
	group := must[*redshiftserverless.GetWorkgroupOutput](t)(redshiftserverless.NewFromConfig(s.config()).GetWorkgroup(t.Context(),
		&redshiftserverless.GetWorkgroupInput{WorkgroupName: aws.String("etl")})).Workgroup
	if fmt.Sprintf("%s:%d", *group.Endpoint.Address, *group.Endpoint.Port) != s.postgres || group.CreationDate.IsZero() {
		t.Errorf("the workgroup is %+v", group)
	}
}

// The password that a service hands out lets its user in where PostgreSQL clients have to prove who they are, with the rights
// of the key that asked for it; others stay out.
func TestTemporaryPassword(t *testing.T) {
	t.Parallel()
	s := running(t, locked)
	connect := func(user, password string) (*pgx.Conn, error) {
		config := must[*pgx.ConnConfig](t)(pgx.ParseConfig("postgres://" + s.postgres + "/dev?sslmode=disable"))
		config.User, config.Password = user, password
		return pgx.ConnectConfig(t.Context(), config)
	}
	for _, key := range []string{"RUN", "ADMIN"} {
		as := s.as("AK"+key, strings.ToLower(key)+"secret")
		given := must[*redshift.GetClusterCredentialsOutput](t)(redshift.NewFromConfig(as.config()).GetClusterCredentials(t.Context(),
			&redshift.GetClusterCredentialsInput{ClusterIdentifier: aws.String("dw"), DbUser: aws.String("loader")}))
		db := must[*pgx.Conn](t)(connect(*given.DbUser, *given.DbPassword))
		if _, err := db.Exec(t.Context(), "create table made_by_"+key+" (id int)"); err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if err := db.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := connect("IAM:other", *given.DbPassword); err == nil {
			t.Error("another user came in with the password")
		}
	}
	_, err := redshift.NewFromConfig(s.as("AKREAD", "readsecret").config()).GetClusterCredentials(t.Context(),
		&redshift.GetClusterCredentialsInput{ClusterIdentifier: aws.String("dw"), DbUser: aws.String("loader")})
	if codeOf(err) != "AccessDeniedException" && codeOf(err) != "AccessDenied" {
		t.Errorf("the role read got a password: %v", err)
	}
	if _, err := connect("IAM:loader", "guess"); err == nil {
		t.Error("a guessed password let somebody in")
	}
}
