// Package target carries out what schedules and rules are for: it calls an operation of another service with an input, once,
// durably, with retries, and keeps as a dead letter what could not be delivered. When something is due, and what its input
// is, is the matter of packages scheduler and events.
//
//	c, err := target.Open(ctx, records, target.Options{…})
//	c.Attach(tables...)
//	err = c.Add(ctx, target.Invocation{ID: id, Target: target.Target{ARN: machine}, Input: `{}`})
//	c.Start()
package target

import (
	"strings"
	"time"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/value"
)

// Invocation is one call of a target. What has the same ID is the same call.
type Invocation struct {
	// ID is a UUID. It is the call's idempotency token: an execution that the call starts has it as its name.
	ID string
	// From is the ARN of the rule, schedule or bucket.
	From string
	Target
	Input string
	// Depth is how many rules stand one behind the other in what led here.
	Depth    int `json:",omitempty"`
	Accepted time.Time
	Attempts int
	Next     time.Time // not to be tried before
}

// trigger names the rule, schedule or bucket as people do: schedule GROUP/NAME, rule BUS/NAME, bucket NAME.
func (i *Invocation) trigger() string {
	a, err := arn.Parse(i.From)
	if err != nil {
		return i.From
	}
	if a.Service == "s3" {
		return "bucket " + a.Resource
	}
	kind, name, _ := strings.Cut(a.Resource, "/")
	if kind == "rule" && !strings.Contains(name, "/") {
		name = "default/" + name
	}
	return kind + " " + name
}

// Target is what a rule or a schedule calls, and how.
type Target struct {
	ARN        string
	Retry      RetryPolicy
	DeadLetter string `json:",omitempty"` // the ARN of a queue
	// Parameters say more about the call than the input: those for jobs, SQL statements and events. Their names are the API's.
	Parameters value.Value
}

// RetryPolicy bounds how long a call is tried. Nil is the largest that AWS allows: a day, and 185 retries.
type RetryPolicy struct {
	MaximumEventAgeInSeconds *int64 `aws:"min=60,max=86400"`
	MaximumRetryAttempts     *int64 `aws:"min=0,max=185"`
}

// Age is how old a call may become.
func (p RetryPolicy) Age() time.Duration {
	if p.MaximumEventAgeInSeconds == nil {
		return 24 * time.Hour
	}
	return time.Duration(*p.MaximumEventAgeInSeconds) * time.Second
}

func (p RetryPolicy) retries() int {
	if p.MaximumRetryAttempts == nil {
		return 185
	}
	return int(*p.MaximumRetryAttempts)
}

// pause is how long to wait after so many attempts: a second, then twice as long each time, up to ten minutes.
func pause(attempts int) time.Duration {
	return min(10*time.Minute, time.Second<<min(attempts-1, 20))
}

// exhausted says why there is no other attempt, in the words of EventBridge's dead letters; empty: there is one.
func (i *Invocation) exhausted(now time.Time) string {
	switch {
	case i.Attempts > i.Retry.retries():
		return "MaximumRetryAttempts"
	case now.Add(pause(i.Attempts)).Sub(i.Accepted) > i.Retry.Age():
		return "MaximumEventAgeInSeconds"
	}
	return ""
}
