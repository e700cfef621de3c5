package cli

import (
	"context"
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service/states"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/template/plan"
	"github.com/stepwell/stepwell/value"
)

// kind is a type of resources that templates make here.
type kind struct {
	name string
	// make has a resource be as the template says. It is called at every start, so that what somebody has deleted comes back.
	make func(ctx context.Context, l *local, p *project.Project, r *project.Resource) error
	// quiet has what left the template do nothing by itself any more; nil: it does nothing anyway.
	quiet func(ctx context.Context, l *local, r *plan.Record) error
	// remove deletes it. What is not there is no error.
	remove func(ctx context.Context, l *local, r *plan.Record) error
}

// kinds are the types, in the order in which resources are made that do not refer to each other.
func kinds() []kind {
	return []kind{
		// A state machine is what its template says: without it there are only its executions and published versions.
		{project.MachineType, makeMachine, removeMachine, removeMachine},
		{"AWS::SecretsManager::Secret", makeSecret, nil, removeSecret},
		{"AWS::SSM::Parameter", makeParameter, nil, deleting("ssm", "DeleteParameter", "Name", "")},
		{"AWS::Logs::LogGroup", makeGroup, nil, deleting("cloudwatchlogs", "DeleteLogGroup", "LogGroupName", "")},
		{project.BucketType, makeBucket, quietBucket, removeBucket},
		{"AWS::Lambda::LayerVersion", makeFunction, nil, removeFunction},
		{"AWS::Lambda::Function", makeFunction, nil, removeFunction},
		{"AWS::Lambda::Version", makeFunction, nil, removeFunction},
		{"AWS::Lambda::Alias", makeFunction, nil, removeFunction},
		{project.TopicType, makeTopic, nil, deleting("sns", "DeleteTopic", "TopicArn", "arn:aws:sns:"+project.Region+":"+project.Account+":")},
		{"AWS::Batch::ComputeEnvironment", makeOfJobs, nil, removeOfJobs},
		{"AWS::Batch::JobQueue", makeOfJobs, nil, removeOfJobs},
		{"AWS::Batch::JobDefinition", makeOfJobs, nil, removeOfJobs},
		{"AWS::DynamoDB::Table", makeTable, nil, deleting("dynamodb", "DeleteTable", "TableName", "")},
		{"AWS::Events::EventBus", makeOfEvents, nil, removeOfEvents},
		{"AWS::Events::Rule", makeOfEvents, quietRule, removeOfEvents},
		{"AWS::Scheduler::ScheduleGroup", makeOfSchedules, nil, removeOfSchedules},
		{"AWS::Scheduler::Schedule", makeOfSchedules, quietSchedule, removeOfSchedules},
		{customName, nil, nil, removeCustom}, // the applier asks functions to make them
	}
}

// customName stands for all types of custom resources.
const customName = "AWS::CloudFormation::CustomResource"

// kindOf finds what is known of a type, and where it stands among them.
func kindOf(name string) (kind, int) {
	if template.IsCustom(name) {
		name = customName
	}
	all := kinds()
	at := slices.IndexFunc(all, func(k kind) bool { return k.name == name })
	if at < 0 {
		return kind{}, len(all)
	}
	return all[at], at
}

// deleting is the removal of what one operation deletes; the member is the name behind a prefix.
func deleting(table, operation, member, prefix string) func(context.Context, *local, *plan.Record) error {
	return func(ctx context.Context, l *local, r *plan.Record) error {
		for _, s := range l.services {
			if row, ok := s.Operation(operation); ok && s.Name == table {
				_, err := row.Call(ctx, value.OfMembers(value.Member{Key: member, Value: value.OfString(prefix + r.Name)}), "")
				return fault.Except(err, fault.NotFound)
			}
		}
		return fault.New(fault.Unsupported, "there is no operation %s of %s", operation, table)
	}
}

func makeMachine(_ context.Context, l *local, _ *project.Project, r *project.Resource) error {
	m := r.Machine
	l.machines.Register(states.Machine{
		ARN: m.ARN, Definition: m.Definition, File: m.File, RoleARN: m.RoleARN, Express: m.Express, Logging: states.Logged(m.Logging),
	})
	return nil
}

func removeMachine(ctx context.Context, l *local, r *plan.Record) error {
	return deleting("sfn", "DeleteStateMachine", "StateMachineArn", "arn:aws:states:"+project.Region+":"+project.Account+":stateMachine:")(ctx, l, r)
}

func makeBucket(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	if err := l.buckets.Make(r.Name); err != nil || l.buckets.away[r.Name] {
		return err
	}
	return l.notifyOf(ctx, r.Bucket)
}

// quietBucket has a bucket tell nobody of its objects any more.
func quietBucket(ctx context.Context, l *local, r *plan.Record) error {
	if l.buckets.away[r.Name] {
		return nil
	}
	err := l.notifyOf(ctx, &template.Bucket{Name: r.Name})
	return fault.Except(err, fault.NotFound)
}

// removeBucket deletes a bucket that is empty. One at an endpoint, or in a folder of the project, is not Stepwell's to delete.
func removeBucket(ctx context.Context, l *local, r *plan.Record) error {
	switch err := l.buckets.Remove(ctx, r.Name); fault.KindOf(err) {
	case fault.Unsupported, fault.Denied, fault.NotFound:
		return nil
	case fault.Conflict:
		return fault.New(fault.Conflict, "the bucket %s has objects: delete them first", r.Name)
	default:
		return err
	}
}

func makeTopic(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.topics.Declare(ctx, declared(*r.Topic))
}

func makeGroup(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return declareGroup(ctx, l.groups, r.Declaration.Properties)
}

func makeFunction(ctx context.Context, l *local, p *project.Project, r *project.Resource) error {
	return l.functions.Declare(ctx, declaredFunction(p, *r.Declaration))
}

func removeFunction(ctx context.Context, l *local, r *plan.Record) error {
	return l.functions.Undeclare(ctx, r.Type, r.Name)
}

func makeTable(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.tables.Declare(ctx, r.Declaration.Properties)
}

func makeOfJobs(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.jobs.Declare(ctx, r.Type, r.Declaration.Properties)
}

func removeOfJobs(ctx context.Context, l *local, r *plan.Record) error {
	return l.jobs.Undeclare(ctx, r.Type, r.Name)
}

func makeOfEvents(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.bus.events.Declare(ctx, r.Type, r.Declaration.Properties)
}

func makeOfSchedules(ctx context.Context, l *local, _ *project.Project, r *project.Resource) error {
	return l.bus.schedules.Declare(ctx, r.Type, r.Declaration.Properties)
}

func quietRule(ctx context.Context, l *local, r *plan.Record) error {
	return l.bus.events.Disable(ctx, r.Name)
}

func removeOfEvents(ctx context.Context, l *local, r *plan.Record) error {
	return l.bus.events.Undeclare(ctx, r.Type, r.Name)
}

func quietSchedule(ctx context.Context, l *local, r *plan.Record) error {
	return l.bus.schedules.Disable(ctx, r.Name)
}

func removeOfSchedules(ctx context.Context, l *local, r *plan.Record) error {
	return l.bus.schedules.Undeclare(ctx, r.Type, r.Name)
}
