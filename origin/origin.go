// Package origin tells what led to a piece of work: the state of an execution, a job, a function, a client. Whoever begins work
// puts an Origin into the context; whoever does it, however deep below, adds what it knows and writes it down. It decides
// nothing and grants nothing.
//
//	ctx = origin.With(ctx, origin.Origin{Execution: arn, State: "Load"})
//	from := origin.Of(ctx)
package origin

import "context"

// Origin is what led to a piece of work. Every field may be empty; a job that a state submitted has the fields of both.
type Origin struct {
	// Execution is the ARN of the execution whose task asked for the work. MapRun is the ARN of the map run whose child that is.
	Execution string `json:"execution,omitempty"`
	MapRun    string `json:"mapRun,omitempty"`
	// State is the state's name, Task the id of the event in the execution's history with which the task was scheduled: each retry
	// has another one.
	State string `json:"state,omitempty"`
	Task  int64  `json:"task,omitempty"`
	// Job is the id of a batch job, Attempt counts its attempts from 1.
	Job     string `json:"job,omitempty"`
	Attempt int    `json:"attempt,omitempty"`
	// Function and Request are the name of a function and the id of its invocation.
	Function string `json:"function,omitempty"`
	Request  string `json:"request,omitempty"`
	// Statement is the id of a statement of the Data API, that of the whole for those of a batch.
	Statement string `json:"statement,omitempty"`
	// Trigger is what began it without anybody asking: "schedule default/nightly", "rule default/on-file", "auto-copy job sales".
	Trigger string `json:"trigger,omitempty"`
	// Client is the name that a client gives itself: application_name, or the command of Stepwell; Address is where it is.
	Client  string `json:"client,omitempty"`
	Address string `json:"address,omitempty"`
}

type key struct{}

// With returns a context for work of that origin.
func With(ctx context.Context, o Origin) context.Context { return context.WithValue(ctx, key{}, o) }

// Of returns the origin of the work that a context is for; zero when nobody said it.
func Of(ctx context.Context) Origin {
	o, _ := ctx.Value(key{}).(Origin)
	return o
}
