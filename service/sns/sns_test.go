package sns_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
)

const topics = "arn:aws:sns:us-east-1:123456789012:"

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		file := filepath.Join(t.TempDir(), "notifications.jsonl")
		s := sns.New(sns.File(file))
		s.Add(sns.Topic{ARN: topics + "alerts", Endpoints: []string{"email:a@example.com"}})
		s.Add(sns.Topic{ARN: topics + "alerts.fifo", FIFO: true})
		servicetest.Trace(t, path, []*service.Service{s.Table()}, map[string]servicetest.Command{
			"file": func(t *testing.T, _ *datadriven.TestData) string { // what the file subscriber wrote
				text, err := os.ReadFile(file)
				if err != nil {
					return err.Error()
				}
				return servicetest.Mask(string(text))
			},
		})
	})
}

func TestLogHidesTheMessage(t *testing.T) {
	var out bytes.Buffer
	deliver := sns.Log(slog.New(slog.NewTextHandler(&out, nil)))
	if err := deliver(t.Context(), sns.Message{ID: "m", TopicARN: "t", Subject: "s", Text: "secret"}); err != nil {
		t.Fatal(err)
	}
	if text := out.String(); strings.Contains(text, "secret") || !strings.Contains(text, "topic=t message=m subject=s bytes=6") {
		t.Errorf("logged %s", text)
	}
}

// A message that a subscriber cannot take is not published.
func TestSubscriberFails(t *testing.T) {
	disk := fault.New(fault.Unavailable, "no space left")
	s := sns.New(func(context.Context, sns.Message) error { return disk })
	s.Add(sns.Topic{ARN: topics + "alerts"})
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
