package lambda

import (
	"context"
	"encoding/base64"
	"errors"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

type invokeRequest struct {
	ClientContext  string `aws:"header=X-Amz-Client-Context,max=3583"`
	FunctionName   string `aws:"required,min=1,max=170"`
	InvocationType string `aws:"header=X-Amz-Invocation-Type" enum:"Event|RequestResponse|DryRun"`
	LogType        string `aws:"header=X-Amz-Log-Type" enum:"None|Tail"`
	Payload        []byte `aws:"payload"`
	Qualifier      string `aws:"query=Qualifier"`
}

type invokeResponse struct {
	ExecutedVersion string `aws:"header=X-Amz-Executed-Version"`
	FunctionError   string `aws:"header=X-Amz-Function-Error"`
	LogResult       string `aws:"header=X-Amz-Log-Result"`
	Payload         []byte `aws:"payload"`
	StatusCode      int64  `aws:"status"`
}

// functionFailed is FunctionError of a function that failed.
const functionFailed = "Unhandled"

func (s *Service) invoke(ctx context.Context, r *invokeRequest) (*invokeResponse, error) {
	f, err := s.find(ctx, r.FunctionName, r.Qualifier)
	if err != nil {
		return nil, err
	}
	if s.options.Allowed != nil {
		if err := s.options.Allowed(); err != nil {
			return nil, err
		}
	}
	i, err := r.invocation(&f)
	if err != nil {
		return nil, err
	}
	i.Origin = origin.Of(ctx)
	i.Origin.Function, i.Origin.Request = f.Name, i.RequestID
	if r.InvocationType != "DryRun" {
		s.options.Ledger.Began(ctx, origin.FunctionWork, i.RequestID, f.Name)
	}
	switch r.InvocationType {
	case "DryRun":
		return &invokeResponse{StatusCode: 204}, nil
	case "Event":
		if len(i.Payload) > maxEvent {
			return nil, requestTooLarge(len(i.Payload), maxEvent)
		}
		return &invokeResponse{StatusCode: 202}, s.queue(ctx, &f, i)
	}
	o, tail, err := s.detached(ctx, &f, i)
	if err != nil {
		return nil, err
	}
	answer := &invokeResponse{ExecutedVersion: f.version(), Payload: o.Payload, StatusCode: 200}
	if o.Failed {
		answer.FunctionError = functionFailed
	}
	if r.LogType == "Tail" {
		answer.LogResult = base64.StdEncoding.EncodeToString(tail)
	}
	return answer, nil
}

// invocation checks what a function would be called with.
func (r *invokeRequest) invocation(f *function) (Invocation, error) {
	i := Invocation{RequestID: uuid.NewString(), ARN: f.ARN, Payload: r.Payload}
	if len(i.Payload) == 0 {
		i.Payload = []byte("{}")
	}
	if len(i.Payload) > MaxRequest {
		return i, requestTooLarge(len(i.Payload), MaxRequest)
	}
	if _, err := value.Parse(string(i.Payload)); err != nil {
		return i, badContent("Could not parse request body into json: %v", err)
	}
	if r.ClientContext != "" {
		text, err := base64.StdEncoding.DecodeString(r.ClientContext)
		if err != nil {
			return i, badContent("Client context must be a valid Base64-encoded JSON object.")
		}
		parsed, err := value.Parse(string(text))
		if err != nil || parsed.Kind() != value.Object {
			return i, badContent("Client context must be a valid Base64-encoded JSON object.")
		}
		i.ClientContext = parsed.Compact()
	}
	return i, nil
}

func badContent(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(codeBadContent).Because(service.Detail{"Type": userError})
}

func requestTooLarge(size, most int) error {
	return fault.Invalidf("Request must be smaller than %d bytes for the InvokeFunction operation, it has %d", most, size).
		WithCode(codeTooLarge).Because(service.Detail{"Type": userError})
}

// detached runs a function to its end also when the caller leaves, as on AWS.
func (s *Service) detached(ctx context.Context, f *function, i Invocation) (Outcome, []byte, error) {
	type result struct {
		outcome Outcome
		tail    []byte
		err     error
	}
	done := make(chan result, 1)
	go func() {
		o, tail, err := s.call(f, i)
		done <- result{o, tail, err}
	}()
	select {
	case r := <-done:
		return r.outcome, r.tail, r.err
	case <-ctx.Done():
		return Outcome{}, nil, context.Cause(ctx)
	}
}

// call runs a function with an event, and writes its log records. Tail is the end of these. Errors: the service's own; what the
// function does wrong is in the outcome.
func (s *Service) call(f *function, i Invocation) (o Outcome, tail []byte, err error) {
	p, leave, err := s.enter(f)
	if err != nil {
		return o, nil, err
	}
	defer leave()
	w, o, err := s.serve(p, f, i)
	if err != nil {
		return o, nil, startFailure(err)
	}
	if o.Dead {
		w.Close()
	} else {
		w.pool.put(w)
	}
	return o, s.journal.record(f, w.stream, i, &o), nil
}

// serve hands an event to a process. One that ended while it waited gives its place to another.
func (s *Service) serve(p *pool, f *function, i Invocation) (*worker, Outcome, error) {
	for {
		w, err := s.worker(s.ctx, p, f)
		if err != nil {
			return nil, Outcome{}, err
		}
		w.origin.Store(&i.Origin)
		o := w.Invoke(s.ctx, i)
		if !o.Untaken {
			return w, o, nil
		}
		w.Close()
	}
}

// startFailure is why there is no process.
func startFailure(err error) error {
	var f *fault.Fault
	if errors.As(err, &f) && f.Code == CodeMissing {
		return fault.New(fault.Unavailable, "%s", f.Message).WithCode(codeNoRuntime).Because(service.Detail{"Type": userError})
	}
	if errors.As(err, &f) && f.Code == CodeEntrypoint {
		return invalid("%v", err)
	}
	return err
}

// payloadAsText is what the optimized integration makes of a task's parameters: the payload can be any JSON.
func payloadAsText(parameters value.Value) value.Value {
	payload, ok := parameters.Get("Payload")
	if !ok {
		return parameters
	}
	return parameters.With("Payload", value.OfString(payload.Text()))
}

// parsedAnswer is the answer of the optimized integration.
type parsedAnswer struct {
	ExecutedVersion string
	Payload         value.Value
	StatusCode      int64
}

// parsedPayload is what the optimized integration makes of an answer: the payload is JSON, and a function that failed fails the
// task with its own error.
func parsedPayload(response any) (any, error) {
	r := response.(*invokeResponse)
	payload, err := value.Parse(string(r.Payload))
	switch {
	case r.FunctionError != "":
		kind, ok := payload.Get("errorType")
		if !ok || kind.Str() == "" {
			return nil, &service.Raised{Name: "Lambda.Unknown", Cause: string(r.Payload)}
		}
		return nil, &service.Raised{Name: kind.Str(), Cause: string(r.Payload)}
	case len(r.Payload) == 0: // nobody awaits the function
		return &accepted{r.StatusCode}, nil
	case err != nil:
		return nil, &service.Raised{Name: "Lambda.Unknown", Cause: "the function's answer is not JSON: " + err.Error()}
	}
	return &parsedAnswer{ExecutedVersion: r.ExecutedVersion, Payload: payload, StatusCode: r.StatusCode}, nil
}

// accepted is the answer of the optimized integration for a function that nobody awaits.
type accepted struct{ StatusCode int64 }
