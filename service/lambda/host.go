package lambda

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/origin"
)

// Host starts the processes that functions run in. service/lambda/sandbox is the one of this machine.
type Host interface {
	// Check says whether a function's setup can run here. Faults name what is missing and what to install, with the code
	// CodeMissing, or say with CodeEntrypoint what is wrong about the program that the function brings along.
	Check(s *Setup) error
	// Start begins a process, which is not ready yet: the first Invoke waits for that.
	Start(s *Setup) (Sandbox, error)
}

// Setup is what a process is made of.
type Setup struct {
	Function, ARN, Version string
	Runtime, Handler       string
	// Code is the folder with the function's files, Layers those of its layers.
	Code   string
	Layers []string
	// Variables are those of the environment, besides what every function gets.
	Variables map[string]string
	Timeout   time.Duration
	// Memory is in MB.
	Memory              int64
	LogGroup, LogStream string
	Region              string
}

// Sandbox is one process. It takes one event at a time.
type Sandbox interface {
	// Invoke hands an event over and waits for its end. When ctx ends, the process does too.
	Invoke(ctx context.Context, i Invocation) Outcome
	// Close ends the process and what it has started.
	Close()
}

// Invocation is one event for a function.
type Invocation struct {
	RequestID, ARN string
	Payload        []byte
	// ClientContext is JSON, or empty.
	ClientContext string
	// Origin is what led to the event, with the function and the request.
	Origin origin.Origin `json:",omitzero"`
}

// Outcome is how an invocation ended.
type Outcome struct {
	// Payload is the function's answer or, if it Failed, the description of the error.
	Payload []byte
	Failed  bool
	// Dead says that the process is of no more use, Untaken that it had ended before it took the event.
	Dead, Untaken bool
	// Began are the lines that the process printed before the first event, Output those since.
	Began, Output []byte
	// Init is how long the process took to get ready, for its first event; else 0.
	Init, Duration time.Duration
	// Memory is the most that the process has had so far, in bytes; 0 where that cannot be told.
	Memory int64
	// Note is the platform's own word on how it ended, for the log: Task timed out …; or empty.
	Note string
}

const (
	CodeMissing    = "Runtime.Missing"
	CodeEntrypoint = "Runtime.InvalidEntrypoint"
)

const (
	// MaxRequest is the largest event, MaxResponse the largest answer of a function, in bytes.
	MaxRequest  = 6_291_456
	MaxResponse = 6_291_556
)
