package lambda_test

import (
	"testing"

	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// The calls of a process are those of the event that it has; with the process, its keys end.
func TestOriginOfEvents(t *testing.T) {
	p := open(t, &servicetest.Records{})
	p.python(t, "f", "def handler(event, context):\n    return context.aws_request_id\n")
	invoke, _ := p.Table().Operation("Invoke")
	for _, state := range []string{"First", "Second"} {
		ctx := origin.With(t.Context(), origin.Origin{Execution: "arn:x", State: state})
		answer, err := p.Table().CallJSON(ctx, invoke, value.MustParse(`{"FunctionName": "f", "Payload": "{}"}`))
		if err != nil {
			t.Fatal(err)
		}
		p.mu.Lock()
		from := p.origins[0]()
		p.mu.Unlock()
		if from.Execution != "arn:x" || from.State != state || from.Function != "f" || from.Request == "" {
			t.Errorf("in %s, which answered %s, the origin is %+v", state, answer.Compact(), from)
		}
	}
	p.Close()
	if n := p.revoked.Load(); n != 1 || len(p.origins) != 1 {
		t.Errorf("%d keys of %d processes were taken back", n, len(p.origins))
	}
}
