package service

import "context"

// Exchange is a request over HTTP that an operation made, and what was answered, as TestState shows them at the level TRACE: without
// the secrets in them. Response is nil when there was no answer.
type Exchange struct {
	Request  Message
	Response *Message
}

// Message is one side of an Exchange; a request has Method and URL, a response StatusCode and StatusMessage.
type Message struct {
	Protocol, Method, URL, StatusCode, StatusMessage, Headers, Body string
}

type watcherKey struct{}

// WatchExchange returns a context in which watch is told about every exchange.
func WatchExchange(ctx context.Context, watch func(Exchange)) context.Context {
	return context.WithValue(ctx, watcherKey{}, watch)
}

// TellExchange tells whoever watches; made is not called when nobody does.
func TellExchange(ctx context.Context, made func() Exchange) {
	if watch, ok := ctx.Value(watcherKey{}).(func(Exchange)); ok {
		watch(made())
	}
}
