package s3_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/buckettest"
	"github.com/stepwell/stepwell/bucket/s3"
	"github.com/stepwell/stepwell/bucket/s3/s3test"
)

func TestSuite(t *testing.T) {
	server := s3test.Start(t)
	n := 0
	buckettest.Run(t, func(t *testing.T) (bucket.Store, string) {
		n++
		name := fmt.Sprintf("suite-%d", n)
		server.Make(t, name)
		return server.Store(t, map[string]s3.Mount{name: {}}), name
	})
}

// TestSuiteBelowPrefix has another bucket's name and a prefix there.
func TestSuiteBelowPrefix(t *testing.T) {
	server := s3test.Start(t)
	server.Make(t, "company-lake")
	n := 0
	buckettest.Run(t, func(t *testing.T) (bucket.Store, string) {
		n++
		return server.Store(t, map[string]s3.Mount{"lake": {Bucket: "company-lake", Prefix: fmt.Sprintf("etl%d/", n)}}), "lake"
	})
}

// Tags go with the object.
func TestTags(t *testing.T) {
	server := s3test.Start(t)
	server.Make(t, "lake")
	store := server.Store(t, map[string]s3.Mount{"lake": {}})
	about := bucket.Attributes{Tags: map[string]string{"team": "data + more"}}
	if _, err := store.Put(t.Context(), "lake", "k", strings.NewReader("x"), about); err != nil {
		t.Fatal(err)
	}
	client := awss3.New(awss3.Options{Region: "us-east-1", BaseEndpoint: &server.Endpoint, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(s3test.AccessKey, s3test.SecretKey, "")})
	answer, err := client.GetObjectTagging(t.Context(), &awss3.GetObjectTaggingInput{Bucket: aws.String("lake"), Key: aws.String("k")})
	if err != nil || len(answer.TagSet) != 1 || *answer.TagSet[0].Value != "data + more" {
		t.Errorf("got %+v, %v", answer, err)
	}
}
