package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/value"
)

// remote is a running server, reached over HTTP. It implements executions with the errors of an engine.
type remote struct {
	url  string
	keys aws.Credentials // of the environment
}

func newRemote(address string) *remote {
	return &remote{address, aws.Credentials{
		AccessKeyID: os.Getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken: os.Getenv("AWS_SESSION_TOKEN"),
	}}
}

func (r *remote) signs() bool { return r.keys.AccessKeyID != "" && r.keys.SecretAccessKey != "" }

// send sends a request; an answer that is an error becomes one.
func (r *remote) send(ctx context.Context, method, path string, header map[string]string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, r.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, fault.New(fault.Internal, "ask the server on %s", r.url).Because(err)
	}
	for name, text := range header {
		request.Header.Set(name, text)
	}
	if r.signs() {
		// The name of the service keeps the path from being taken for a bucket's.
		if err := v4.NewSigner().SignHTTP(ctx, r.keys, request, sigv4.Hash(body), "stepwell", project.Region, time.Now()); err != nil {
			return nil, fault.New(fault.Internal, "sign a request").Because(err)
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, r.gone(err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		defer response.Body.Close()
		return nil, r.refusal(response)
	}
	return response, nil
}

// gone is the error of a server that does not answer, or no more.
func (r *remote) gone(err error) error {
	return fault.New(fault.Unavailable, "ask the server on %s, which owns the data folder", r.url).Because(err)
}

var statusKinds = map[int]fault.Kind{
	http.StatusForbidden: fault.Denied, http.StatusNotFound: fault.NotFound, http.StatusConflict: fault.Conflict,
	http.StatusTooManyRequests: fault.Throttled, http.StatusServiceUnavailable: fault.Unavailable,
}

// refusal reads an error in the form of awsJson.
func (r *remote) refusal(response *http.Response) error {
	var problem struct {
		Type    string `json:"__type"`
		Message string `json:"message"`
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil || json.Unmarshal(text, &problem) != nil || problem.Type == "" {
		return fault.New(fault.Unavailable, "the server on %s answers %s", r.url, response.Status)
	}
	kind, ok := statusKinds[response.StatusCode]
	switch {
	case strings.HasSuffix(problem.Type, "DoesNotExist"):
		kind = fault.NotFound
	case response.StatusCode >= http.StatusInternalServerError && !ok:
		kind = fault.Internal
	case !ok:
		kind = fault.Invalid
	}
	return fault.New(kind, "%s", problem.Message).WithCode(problem.Type)
}

// call carries out an operation of Step Functions.
func (r *remote) call(ctx context.Context, operation string, members ...value.Member) (value.Value, error) {
	response, err := r.send(ctx, http.MethodPost, "/", map[string]string{
		"X-Amz-Target": "AWSStepFunctions." + operation, "Content-Type": "application/x-amz-json-1.0",
	}, []byte(value.OfMembers(members...).Compact()))
	if err != nil {
		return value.Value{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return value.Value{}, r.gone(err)
	}
	return value.Parse(string(text))
}

func named(name, text string) value.Member {
	return value.Member{Key: name, Value: value.OfString(text)}
}

// textIn returns a member that is a string, nil when it is not there.
func textIn(v value.Value, name string) *string {
	member, ok := v.Get(name)
	if !ok {
		return nil
	}
	text := member.Str()
	return &text
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

func momentIn(v value.Value, name string) time.Time {
	member, _ := v.Get(name)
	seconds, ok := member.Float()
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(int64(seconds*1000 + 0.5)).UTC()
}
