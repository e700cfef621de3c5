package service_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/internal/conformance"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/s3"
	"github.com/stepwell/stepwell/service/secretsmanager"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/value"
)

// served are the needs of recorded cases that the services here meet.
var served = []string{"s3", "aws-sdk:s3", "sns", "states", "aws-sdk:sfn", "aws-sdk:secretsmanager", "sync"}

// sdkAttempts is what the newest recordings add to the texts of aws-sdk errors and the others do not have.
const sdkAttempts = " (SDK Attempt Count: 1)"

// TestRecorded runs what AWS answered about our services on our services: the whole execution, not a fake of the task.
func TestRecorded(t *testing.T) {
	ran := 0
	for _, c := range conformance.Cases(t, "execution") {
		if len(c.Needs) == 0 || c.Type == "EXPRESS" || c.Uses("queryLanguages", "JSONata") || !c.HasHistory() ||
			slices.ContainsFunc(c.Needs, func(need string) bool { return !slices.Contains(served, need) }) {
			continue
		}
		ran++
		t.Run(c.ID, func(t *testing.T) {
			record, history := replay(t, c)
			outcome := conformance.Outcome{Status: string(record.Status), Error: record.Error, Cause: record.Cause}
			if record.Status == machine.Succeeded {
				text := record.Output.Text()
				outcome.Output = &text
			}
			for _, d := range append(c.CompareOutcome(outcome), c.CompareHistory(history)...) {
				// There was no HTTP exchange.
				if !strings.Contains(d, "Content-Length") && !strings.Contains(d, sdkAttempts) {
					t.Error(d)
				}
			}
		})
	}
	t.Logf("%d recorded cases", ran)
}

// replay runs a recorded case with its resources prepared.
func replay(t *testing.T, c *conformance.Case) (engine.Record, []value.Value) {
	store, err := sqlite.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	machines := states.New()
	tasks := service.NewIntegrations(s3.Table(recordedBuckets(t, c)), recordedTopics(t, c).Table(), machines.Table(),
		secretsmanager.New(store, c.Region, c.AccountID).Table())
	e := engine.Open(store, tasks, engine.Options{WaitCap: time.Millisecond})
	defer e.Close()
	machines.Attach(e)
	for _, m := range resources(c, "stateMachines") {
		machines.Register(states.Machine{ARN: text(m.Value, "arn"), Definition: text(m.Value, "definitionString"), RoleARN: text(m.Value, "roleArn")})
	}
	record, err := e.Start(t.Context(), engine.StartRequest{
		StateMachineARN: "arn:aws:states:" + c.Region + ":" + c.AccountID + ":stateMachine:" + c.StateMachineName,
		Definition:      c.Definition, Name: c.ExecutionName, Input: c.Input, RoleARN: c.RoleARN,
	})
	if err != nil {
		t.Fatal(err)
	}
	if record, err = e.Wait(t.Context(), record.ARN); err != nil {
		t.Fatal(err)
	}
	events, err := e.History(t.Context(), record.ARN, engine.Page{}, false)
	if err != nil {
		t.Fatal(err)
	}
	history := make([]value.Value, len(events))
	for i, event := range events {
		history[i] = event.JSON()
	}
	return record, history
}

func resources(c *conformance.Case, sort ...string) []value.Member {
	v := c.Resources
	for _, name := range sort {
		v, _ = v.Get(name)
	}
	return v.Members()
}

func text(v value.Value, key string) string {
	member, _ := v.Get(key)
	return member.Str()
}

func recordedBuckets(t *testing.T, c *conformance.Case) bucket.Store {
	store := dir.New(t.TempDir(), nil)
	for _, b := range resources(c, "s3") {
		if err := store.Make(b.Key); err != nil {
			t.Fatal(err)
		}
		objects, _ := b.Value.Get("objects")
		for _, o := range objects.Items() {
			body, _ := o.Get("Body")
			data := body.Str()
			if encoded := text(body, "$base64"); encoded != "" {
				raw, err := base64.StdEncoding.DecodeString(encoded)
				if err != nil {
					t.Fatal(err)
				}
				data = string(raw)
			}
			if _, err := store.Put(t.Context(), b.Key, text(o, "Key"), strings.NewReader(data), bucket.Attributes{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return store
}

func recordedTopics(t *testing.T, c *conformance.Case) *sns.Service {
	var topics []sns.Declared
	for _, topic := range resources(c, "sns", "topics") {
		if deleted, _ := topic.Value.Get("deleted"); deleted.Truth() {
			continue
		}
		parsed, err := arn.Parse(text(topic.Value, "arn"))
		if err != nil {
			t.Fatal(err)
		}
		topics = append(topics, sns.Declared{Name: parsed.Resource})
	}
	return openTopics(t, &servicetest.Records{}, "us-east-1", "111111111111", nil, topics...)
}
