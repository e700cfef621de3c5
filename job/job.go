// Package job is the port to running the work of a job: one attempt, from its image and command to its exit code. It knows no
// queue, no retry and no service: service/batch decides what runs and when. The drivers are below it: job/builtin runs
// scripts in this process, job/process programs of this machine, job/docker containers.
//
//	exit, err := runner.Run(ctx, job.Work{Image: "etl", Environment: …, Output: log})
package job

import (
	"context"
	"io"
)

// Variable is one variable of a job's environment.
type Variable struct{ Name, Value string }

// Work is one attempt of a job.
type Work struct {
	// ID names the attempt: letters, digits and dashes, different from all others.
	ID string
	// Image is the container image's name.
	Image string
	// Command is what the image's entry point is given, or what runs if it has none.
	Command     []string
	Environment []Variable
	// Memory is in bytes, VCPUs in processors, Disk the bytes of files that the work may leave lying; 0 is no limit.
	Memory, Disk int64
	VCPUs        float64
	// Output takes what the work prints. It is written to by one goroutine at a time and never fails.
	Output io.Writer
}

// Lookup returns a variable's value; the last one of a name wins.
func (w Work) Lookup(name string) (text string, ok bool) {
	for _, v := range w.Environment {
		if v.Name == name {
			text, ok = v.Value, true
		}
	}
	return text, ok
}

// Exit is how the work ended.
type Exit struct {
	Code int
	// Reason says why something else than the work itself ended it: "OutOfMemoryError: …"; else it is empty.
	Reason string
}

// Runner runs work.
type Runner interface {
	// Run returns when the work and everything that it started have ended. When ctx ends, it makes them end. The error is one
	// sentence on why the work could not be started, as the job's owner reads it.
	Run(ctx context.Context, w Work) (Exit, error)
}
