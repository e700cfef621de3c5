package events

import (
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/pattern"
	"github.com/stepwell/stepwell/schedule"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// record is a rule as it is kept.
type record struct {
	Name, Bus, Description, RoleArn, State string
	EventPattern, ScheduleExpression       string
	Targets                                []targetMember
	Tags                                   map[string]string
	// Anchor is the first time of a rate; Fired is the newest time that was fired, and Last that or the time of the last change.
	Anchor, Last time.Time
	Fired        time.Time `json:",omitzero"`
}

// rule is a record with what its texts mean. It is replaced, never changed, but for Last and Fired.
type rule struct {
	record
	pattern  *pattern.Pattern
	schedule *schedule.Expression
	inputs   []input // one for each target
}

// compile reads the texts of a record. Faults are those of PutRule and PutTargets.
func compile(r record) (*rule, error) {
	one := &rule{record: r}
	var err error
	if r.EventPattern != "" {
		if one.pattern, err = pattern.Parse(r.EventPattern); err != nil {
			return nil, fault.Invalidf("Event pattern is not valid. Reason: %v", err).WithCode(codePattern)
		}
	}
	if r.ScheduleExpression != "" {
		if one.schedule, err = schedule.Parse(r.ScheduleExpression); err != nil {
			return nil, invalid("Parameter ScheduleExpression is not valid: %v.", err)
		}
		if one.schedule.Once() {
			return nil, invalid("Parameter ScheduleExpression is not valid: a rule has no at(…); a schedule of EventBridge Scheduler has.")
		}
	}
	for i := range r.Targets {
		made, err := r.Targets[i].compile()
		if err != nil {
			return nil, err
		}
		one.inputs = append(one.inputs, made)
	}
	return one, nil
}

// maxAge is how old a time of a rule's schedule may be to be caught up.
const maxAge = 24 * time.Hour

func (r *rule) next(after time.Time) (time.Time, bool) {
	if r.schedule == nil || r.State == disabled {
		return time.Time{}, false
	}
	return r.schedule.Next(after, schedule.Frame{Zone: time.UTC, From: r.Anchor})
}

// newest returns the newest time that is due at a moment: behind the last one, and not too old.
func (r *rule) newest(now time.Time) (newest time.Time, ok bool) {
	after := latest(r.Last, now.Add(-maxAge))
	for {
		due, more := r.next(after)
		if !more || due.After(now) {
			return newest, ok
		}
		newest, ok, after = due, true, due
	}
}

// Plans says of the rules with schedules when they are due next.
func (s *Service) Plans() []target.Plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []target.Plan
	for arn, one := range s.rules {
		if one.schedule == nil {
			continue
		}
		p := target.Plan{Name: one.Name, ARN: arn, Expression: one.ScheduleExpression, Zone: "UTC", State: one.State, Last: one.Fired}
		for _, t := range one.Targets {
			p.Targets = append(p.Targets, t.Arn)
		}
		p.Next, _ = one.next(latest(one.Last, time.Now().Add(-maxAge)))
		all = append(all, p)
	}
	return all
}

// targetMember is a target of a rule, with the API's names.
type targetMember struct {
	AppSyncParameters           value.Value       `json:",omitzero"`
	Arn                         string            `aws:"required,min=1,max=1600"`
	BatchParameters             *batchParameters  `json:",omitempty"`
	DeadLetterConfig            *deadLetterConfig `json:",omitempty"`
	EcsParameters               value.Value       `json:",omitzero"`
	HttpParameters              value.Value       `json:",omitzero"`
	Id                          string            `aws:"required,min=1,max=64" pattern:"[\\.\\-_A-Za-z0-9]+"`
	Input                       string            `aws:"max=8192"`
	InputPath                   string            `aws:"max=256"`
	InputTransformer            *transformer      `json:",omitempty"`
	KinesisParameters           value.Value       `json:",omitzero"`
	RedshiftDataParameters      *redshiftData     `json:",omitempty"`
	RetryPolicy                 *retryPolicy      `json:",omitempty"`
	RoleArn                     string            `aws:"min=1,max=1600"`
	RunCommandParameters        value.Value       `json:",omitzero"`
	SageMakerPipelineParameters value.Value       `json:",omitzero"`
	SqsParameters               value.Value       `json:",omitzero"`
}

type deadLetterConfig struct{ Arn string }

type retryPolicy = target.RetryPolicy

type transformer struct {
	InputPathsMap map[string]string
	InputTemplate string `aws:"required,min=1,max=8192"`
}

type batchParameters struct {
	ArrayProperties *arrayProperties `json:",omitempty"`
	JobDefinition   string           `aws:"required"`
	JobName         string           `aws:"required"`
	RetryStrategy   *retryStrategy   `json:",omitempty"`
}

type arrayProperties struct{ Size *int64 }

type retryStrategy struct{ Attempts *int64 }

type redshiftData struct {
	Database         string   `aws:"required,min=1,max=64"`
	DbUser           string   `aws:"min=1,max=128" json:",omitempty"`
	SecretManagerArn string   `aws:"min=1,max=1600" json:",omitempty"`
	Sql              string   `aws:"min=1,max=100000" json:",omitempty"`
	Sqls             []string `json:",omitempty"`
	StatementName    string   `aws:"min=1,max=500" json:",omitempty"`
	WithEvent        *bool    `json:",omitempty"`
}

// refused are the settings of kinds of targets that are not here.
func (t *targetMember) refused() error {
	for name, given := range map[string]value.Value{
		"AppSyncParameters": t.AppSyncParameters, "EcsParameters": t.EcsParameters, "HttpParameters": t.HttpParameters,
		"KinesisParameters": t.KinesisParameters, "RunCommandParameters": t.RunCommandParameters,
		"SageMakerPipelineParameters": t.SageMakerPipelineParameters, "SqsParameters": t.SqsParameters,
	} {
		if !given.IsZero() {
			return unsupported("targets with %s are not supported", name)
		}
	}
	return nil
}

// compile reads what a target gets as its input.
func (t *targetMember) compile() (input, error) {
	given := 0
	for _, is := range []bool{t.Input != "", t.InputPath != "", t.InputTransformer != nil} {
		if is {
			given++
		}
	}
	if given > 1 {
		return nil, invalid("Only one of Input, InputPath, or InputTransformer must be provided for target %s.", t.Id)
	}
	var made input
	var err error
	switch {
	case t.Input != "":
		made, err = constantInput(t.Input)
	case t.InputPath != "":
		made, err = pathInput(t.InputPath)
	case t.InputTransformer != nil:
		made, err = templateInput(t.InputTransformer.InputPathsMap, t.InputTransformer.InputTemplate)
	default:
		made = wholeInput
	}
	if err != nil {
		return nil, invalid("Target %s: %v", t.Id, err)
	}
	return made, nil
}
