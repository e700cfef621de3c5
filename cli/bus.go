package cli

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/events"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/service/scheduler"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// bus is what carries events and schedules to their targets.
type bus struct {
	courier   *target.Courier
	events    *events.Service
	schedules *scheduler.Service
	log       *slog.Logger
}

// openBus opens the services of events and schedules. Nothing is delivered, and no schedule fires, before begin.
func (l *local) openBus(ctx context.Context, p *project.Project, records service.Records) error {
	courier, err := target.Open(ctx, records, target.Options{
		DeadLetter: target.DeadLetters(filepath.Join(p.Data(), "dead-letters", "events")), Log: l.logger,
	})
	if err != nil {
		return err
	}
	b := &bus{courier: courier, log: l.logger}
	if b.events, err = events.Open(ctx, records, courier, events.Options{Region: project.Region, Account: project.Account, Log: l.logger}); err != nil {
		return err
	}
	b.schedules, err = scheduler.Open(ctx, records, courier, scheduler.Options{Region: project.Region, Account: project.Account, Log: l.logger})
	l.bus = b
	return err
}

// open gives the bus its targets.
func (b *bus) open(services []*service.Service, buckets *buckets) {
	b.courier.Attach(services...)
	buckets.Tell(b.objectChanged(buckets))
}

// unreachable warns of the rules and schedules of a template whose targets cannot be called here: they are left out.
func unreachable(p *project.Project) []template.Warning {
	var all []template.Warning
	for _, d := range p.Stack.Declarations {
		if err := unreached(&d); err != nil {
			all = append(all, template.Warning{Position: d.Position, Message: d.LogicalID + " is left out: " + err.Error()})
		}
	}
	return all
}

// unreached says why the targets of a rule or schedule cannot be called here; nil where they can.
func unreached(d *template.Declaration) error {
	if d.Type != "AWS::Events::Rule" && d.Type != "AWS::Scheduler::Schedule" {
		return nil
	}
	list, _ := d.Properties.Get("Targets")
	one, _ := d.Properties.Get("Target")
	offered := Offered()
	for _, t := range append([]value.Value{one}, list.Items()...) {
		arn, ok := t.Get("Arn")
		if err := target.Check(arn.Str(), offered...); ok && fault.KindOf(err) == fault.Unsupported {
			return err
		}
	}
	return nil
}

// checkSchedules says what is wrong with the rules and schedules of a template.
func checkSchedules(p *project.Project) project.Faults {
	var wrong project.Faults
	for _, d := range p.Stack.Declarations {
		for _, check := range []func(string, value.Value) error{events.Check, scheduler.Check} {
			if err := check(d.Type, d.Properties); err != nil {
				wrong = append(wrong, misdeclaredResource(d.Resource, err))
			}
		}
	}
	return wrong
}

// begin delivers what rules lead to, and, where a server stays, fires schedules. What was due when the last process ended comes
// before what it left undelivered, so that nothing is done twice.
func (b *bus) begin(schedules bool) {
	if schedules {
		b.events.Start()
		b.schedules.Start()
	}
	b.courier.Start()
}

// settle waits until the events of now have reached their targets, or cannot for the moment.
func (b *bus) settle(ctx context.Context) {
	b.events.Settle()
	ctx, cancel := context.WithTimeout(ctx, deliveryGrace)
	defer cancel()
	b.courier.Settle(ctx)
}

// close waits for deliveries under way; what is not delivered stays for the next process.
func (b *bus) close() error {
	b.schedules.Close()
	b.events.Close()
	ctx, cancel := context.WithTimeout(context.Background(), deliveryGrace)
	defer cancel()
	b.courier.Close(ctx)
	return nil
}

// executionChanged tells the bus how an execution is.
func (b *bus) executionChanged(record engine.Record, history []byte) {
	if !b.events.Wanted() {
		return
	}
	for _, detail := range states.StatusChanges(record, history) {
		b.events.Tell(events.Event{
			Source: "aws.states", DetailType: states.StatusChange, Time: time.Now(), Resources: []string{record.ARN}, Detail: detail,
			Execution: record.Name,
		})
	}
}

// jobChanged tells the bus how a job is.
func (b *bus) jobChanged(job value.Value) {
	if !b.events.Wanted() {
		return
	}
	arn, _ := job.Get("jobArn")
	b.events.Tell(events.Event{
		Source: "aws.batch", DetailType: "Batch Job State Change", Time: time.Now(), Resources: []string{arn.Str()}, Detail: job,
	})
}

// statementEvents puts the events of the Data API onto the bus, and shows them in the event stream.
type statementEvents struct {
	streamed
	events *events.Service
}

// Put returns when what the event leads to is durable.
func (s statementEvents) Put(ctx context.Context, e redshiftdata.Event) error {
	err := s.events.Put(ctx, events.Event{
		Source: e.Source, DetailType: e.DetailType, Time: e.Time, Resources: e.Resources, Detail: e.Detail,
	})
	if err != nil {
		return err
	}
	return s.streamed.Put(ctx, e)
}
