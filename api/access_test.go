package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	awssns "github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/stepwell/stepwell/api"
)

func openWithKeys(t *testing.T, now func() time.Time) site {
	o := openBuckets(t)
	o.Services, o.Keys, o.Now = tables(t), []api.Key{reader, runner, admin}, now
	return open(t, o)
}

// Every protocol says what is wrong with a signature in its own words.
func TestSignatures(t *testing.T) {
	wrong := api.Key{ID: admin.ID, Secret: "guess"}
	unknown := api.Key{ID: "AKNOBODY", Secret: "guess"}
	late := func() time.Time { return time.Now().Add(time.Hour) }
	for _, c := range []struct {
		name         string
		key          api.Key
		now          func() time.Time
		sfn, sns, s3 string
	}{
		{"right", admin, nil, "", "", ""},
		{"a wrong secret", wrong, nil, "InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch"},
		{"an unknown key", unknown, nil, "UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"},
		{"an hour late", admin, late, "InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openWithKeys(t, c.now).as(c.key)
			_, err := s.sfn().StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: aws.String(nightly)})
			expectOr(t, err, c.sfn)
			_, err = s.sns().Publish(t.Context(), &awssns.PublishInput{TopicArn: aws.String(topic), Message: aws.String("hello")})
			expectOr(t, err, c.sns)
			_, err = s.s3().ListBuckets(t.Context(), &awss3.ListBucketsInput{})
			expectOr(t, err, c.s3)
		})
	}
}

// expectOr expects success when the code is empty.
func expectOr(t *testing.T, err error, code string) {
	t.Helper()
	if code != "" {
		expect(t, err, code, "")
	} else if err != nil {
		t.Error(err)
	}
}

func TestRoles(t *testing.T) {
	s := openWithKeys(t, nil)
	start := &sfn.StartExecutionInput{StateMachineArn: aws.String(nightly)}
	describe := &sfn.DescribeExecutionInput{ExecutionArn: aws.String(strings.Replace(nightly, "stateMachine", "execution", 1) + ":none")}
	bucket := &awss3.CreateBucketInput{Bucket: aws.String("sales")}
	object := func() *awss3.PutObjectInput {
		return &awss3.PutObjectInput{Bucket: aws.String("sales"), Key: aws.String("a"), Body: strings.NewReader("x")}
	}
	_, err := s.as(reader).sfn().DescribeExecution(t.Context(), describe)
	expect(t, err, "ExecutionDoesNotExist", "")
	_, err = s.as(reader).sfn().StartExecution(t.Context(), start)
	expect(t, err, "AccessDeniedException", "The key AKREADER has the role read; StartExecution needs the role run")
	_, err = s.as(runner).sfn().StartExecution(t.Context(), start)
	expectOr(t, err, "")
	_, err = s.as(runner).s3().CreateBucket(t.Context(), bucket)
	expect(t, err, "AccessDenied", "")
	_, err = s.as(admin).s3().CreateBucket(t.Context(), bucket)
	expectOr(t, err, "")
	_, err = s.as(reader).s3().PutObject(t.Context(), object())
	expect(t, err, "AccessDenied", "")
	_, err = s.as(runner).s3().PutObject(t.Context(), object())
	expectOr(t, err, "")
}

// What is not signed does not come in where there are keys.
func TestUnsigned(t *testing.T) {
	o := openBuckets(t)
	o.Services, o.Keys = tables(t), []api.Key{admin}
	handler := api.New(o)
	for _, c := range []struct{ method, path, contentType, target, body, want string }{
		{"POST", "/", "application/x-amz-json-1.0", "AWSStepFunctions.StartExecution", "{}", "MissingAuthenticationTokenException"},
		{"POST", "/", "application/x-www-form-urlencoded", "", "Action=Publish&TopicArn=x", "<Code>MissingAuthenticationToken</Code>"},
		{"GET", "/sales/a", "", "", "", "<Code>AccessDenied</Code>"},
		{"PUT", "/sales", "", "", "", "<Code>AccessDenied</Code>"},
	} {
		r := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
		r.Header.Set("Content-Type", c.contentType)
		if c.target != "" {
			r.Header.Set("X-Amz-Target", c.target)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.target, w.Code, w.Body)
		}
	}
}

// A page that a browser shows cannot reach an endpoint without keys: neither from its own site nor under a name that it made
// lead here.
func TestBrowsers(t *testing.T) {
	handler := api.New(api.Options{Services: tables(t)})
	for _, c := range []struct {
		host, origin string
		want         int
	}{
		{"127.0.0.1:8083", "", http.StatusOK},
		{"localhost:8083", "", http.StatusOK},
		{"[::1]:8083", "", http.StatusOK},
		{"sns.us-east-1.amazonaws.com", "", http.StatusOK},
		{"rebound.example.com:8083", "", http.StatusForbidden},
		{"127.0.0.1:8083", "https://example.com", http.StatusForbidden},
	} {
		r := httptest.NewRequest("POST", "/", strings.NewReader("Action=Publish&Message=hello&TopicArn="+topic))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s from %q: %d %s", c.host, c.origin, w.Code, w.Body)
		}
	}
}
