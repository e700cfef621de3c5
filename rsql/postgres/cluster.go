package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/service/redshift"
	"github.com/aws/smithy-go"
)

// Cluster names a Redshift cluster and the database user to ask temporary credentials for.
type Cluster struct {
	Identifier, Region, Profile, Database, User string
	// Instance takes the keys of the machine's instance profile and no others.
	Instance bool
}

// Login is where and as whom to connect.
type Login struct{ Host, Port, User, Password string }

// Login asks AWS for temporary credentials, and for the endpoint when host is empty. The keys are those of the profile, of
// the machine, or of the SDK's default chain; AWS_ENDPOINT_URL sends the requests elsewhere.
func (c Cluster) Login(ctx context.Context, host, port string) (Login, error) {
	var options []func(*config.LoadOptions) error
	if c.Region != "" {
		options = append(options, config.WithRegion(c.Region))
	}
	if c.Profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.Profile))
	}
	if c.Instance {
		options = append(options, config.WithCredentialsProvider(aws.NewCredentialsCache(ec2rolecreds.New())))
	}
	settings, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return Login{}, fmt.Errorf("AWS credentials: %w", err)
	}
	client := redshift.NewFromConfig(settings)
	login := Login{Host: host, Port: port}
	if login.Host == "" {
		if login, err = c.endpoint(ctx, client); err != nil {
			return Login{}, err
		}
	}
	answer, err := client.GetClusterCredentials(ctx, &redshift.GetClusterCredentialsInput{
		DbUser: aws.String(c.User), ClusterIdentifier: aws.String(c.Identifier), DbName: aws.String(c.Database)})
	if err != nil {
		return Login{}, fmt.Errorf("GetClusterCredentials for user %s of cluster %s: %w", c.User, c.Identifier, told(err))
	}
	login.User, login.Password = aws.ToString(answer.DbUser), aws.ToString(answer.DbPassword)
	return login, nil
}

func (c Cluster) endpoint(ctx context.Context, client *redshift.Client) (Login, error) {
	answer, err := client.DescribeClusters(ctx, &redshift.DescribeClustersInput{ClusterIdentifier: aws.String(c.Identifier)})
	if err != nil {
		return Login{}, fmt.Errorf("DescribeClusters of %s: %w", c.Identifier, told(err))
	}
	if len(answer.Clusters) == 0 || answer.Clusters[0].Endpoint == nil {
		return Login{}, fmt.Errorf("the cluster %s has no endpoint", c.Identifier)
	}
	at := answer.Clusters[0].Endpoint
	return Login{Host: aws.ToString(at.Address), Port: strconv.Itoa(int(aws.ToInt32(at.Port)))}, nil
}

// told leaves the request's numbers out of an error of AWS.
func told(err error) error {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return fmt.Errorf("%s: %s", answer.ErrorCode(), answer.ErrorMessage())
	}
	return err
}
