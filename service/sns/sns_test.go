package sns_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
)

const topics = "arn:aws:sns:us-east-1:123456789012:"

// sink records what reaches endpoints.
type sink struct {
	mu    sync.Mutex
	lines []string
}

func (s *sink) deliver(_ context.Context, d sns.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := d.Envelope().Text()
	if d.Raw {
		text = d.Message.Text
	}
	s.lines = append(s.lines, d.Protocol+":"+d.Endpoint+" "+text)
	return nil
}

func (s *sink) take() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	slices.SortStableFunc(s.lines, func(a, b string) int { return strings.Compare(endpointOf(a), endpointOf(b)) })
	out := strings.Join(s.lines, "\n")
	s.lines = nil
	return tokens.ReplaceAllString(servicetest.Mask(out), "<token>")
}

func endpointOf(line string) string {
	endpoint, _, _ := strings.Cut(line, " ")
	return endpoint
}

func open(t *testing.T, records service.Records, o sns.Options) *sns.Service {
	t.Helper()
	o.Region, o.Account = "us-east-1", "123456789012"
	s, err := sns.Open(t.Context(), records, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTraces shows the operations. The command delivered waits for the outbox, prints what has arrived and opens the service
// anew over the same records, as after a restart.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		records, arrived := &servicetest.Records{}, &sink{}
		file := filepath.Join(t.TempDir(), "notifications.jsonl")
		o := sns.Options{Observers: []sns.Observer{sns.File(file)}, Transports: map[string]sns.Transport{}}
		for _, protocol := range []string{"email", "email-json", "http", "lambda", "file", "states"} {
			o.Transports[protocol] = arrived.deliver
		}
		s := open(t, records, o)
		for _, declared := range []sns.Declared{
			{Name: "alerts", Subscriptions: []sns.DeclaredSubscription{{Protocol: "email", Endpoint: "a@example.com"}, {Protocol: "sms", Endpoint: "1"}}},
			{Name: "alerts.fifo", Attributes: map[string]string{"FifoTopic": "true"}},
		} {
			if err := errors.Join(s.Declare(t.Context(), declared), s.Declare(t.Context(), declared)); err != nil {
				t.Fatal(err)
			}
		}
		table := *s.Table()
		servicetest.Trace(t, path, []*service.Service{&table}, map[string]servicetest.Command{
			"file": func(*testing.T, *datadriven.TestData) string { // what the file observer wrote
				text, err := os.ReadFile(file)
				if err != nil {
					return err.Error()
				}
				return servicetest.Mask(string(text))
			},
			"delivered": func(t *testing.T, _ *datadriven.TestData) string {
				s.Close(t.Context())
				s = open(t, records, o)
				table = *s.Table()
				return arrived.take()
			},
			"call": func(t *testing.T, d *datadriven.TestData) string { return call(t, &table, d) },
		})
		s.Close(t.Context())
	})
}

// call carries out an operation with the parameters in the input.
func call(t *testing.T, table *service.Service, d *datadriven.TestData) string {
	task, err := servicetest.Task("arn:aws:states:::aws-sdk:sns:"+d.CmdArgs[0].Key, d.Input, 1)
	if err != nil {
		return err.Error()
	}
	output, failure := service.NewIntegrations(table).Run(t.Context(), task, nil)
	if failure != nil {
		cause, _, _ := strings.Cut(*failure.Cause, " (Service:")
		return fmt.Sprintf("%s: %s", *failure.Error, cause)
	}
	return tokens.ReplaceAllString(servicetest.Mask(output.Text()), "<token>")
}

var tokens = regexp.MustCompile(`[0-9a-f]{128}`)

func TestLogHidesTheMessage(t *testing.T) {
	var out bytes.Buffer
	observe := sns.Log(slog.New(slog.NewTextHandler(&out, nil)))
	if err := observe(t.Context(), sns.Message{ID: "m", TopicARN: "t", Subject: "s", Text: "secret"}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "secret") || !strings.Contains(text, "topic=t message=m subject=s bytes=6") {
		t.Errorf("logged %s", text)
	}
}

// A message that an observer cannot take is not published.
func TestObserverFails(t *testing.T) {
	disk := fault.New(fault.Unavailable, "no space left")
	s := open(t, &servicetest.Records{}, sns.Options{Observers: []sns.Observer{func(context.Context, sns.Message) error { return disk }}})
	defer s.Close(t.Context())
	if err := s.Declare(t.Context(), sns.Declared{Name: "alerts"}); err != nil {
		t.Fatal(err)
	}
	task, err := servicetest.Task("arn:aws:states:::sns:publish", `{"TopicArn": "`+topics+`alerts", "Message": "x"}`, 1)
	if err != nil {
		t.Fatal(err)
	}
	_, failure := service.NewIntegrations(s.Table()).Run(t.Context(), task, nil)
	if failure == nil || *failure.Error != "SNS.AmazonSNSException" || !strings.HasPrefix(*failure.Cause, "no space left (Service: AmazonSNS; Status Code: 503;") {
		t.Errorf("got %+v", failure)
	}
	err = sns.File(filepath.Join(t.TempDir(), "none", "file"))(t.Context(), sns.Message{})
	if fault.KindOf(err) != fault.Unavailable || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that cannot be written: %v", err)
	}
}
