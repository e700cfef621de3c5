package service

import "context"

// Caller is who made a call over HTTP.
type Caller struct {
	KeyID string // the access key that signed
	// Name is local where the server has no keys: then any signature is accepted.
	Name string
	// Role is what the caller may do: read, run or admin. Credentials that a service hands out carry it on.
	Role string
}

type callerKey struct{}

// WithCaller returns a context for behaviours that serve the caller.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerOf returns who made the call that a behaviour serves; the zero Caller inside a state machine.
func CallerOf(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

type executionKey struct{}

// ExecutionOf returns the name of the execution whose task a behaviour serves; empty for other callers.
func ExecutionOf(ctx context.Context) string {
	name, _ := ctx.Value(executionKey{}).(string)
	return name
}
