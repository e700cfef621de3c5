package states

import (
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// inspectionData is what the data was like on its way through a tested state, as JSON texts.
type inspectionData struct {
	AfterArguments             *string
	AfterInputPath             *string
	AfterItemBatcher           *string
	AfterItemSelector          *string
	AfterItemsPath             *string
	AfterItemsPointer          *string
	AfterParameters            *string
	AfterResultPath            *string
	AfterResultSelector        *string
	ErrorDetails               *errorDetails
	Input                      *string
	MaxConcurrency             *int64
	Request                    *inspectedRequest
	Response                   *inspectedResponse
	Result                     *string
	ToleratedFailureCount      *int64
	ToleratedFailurePercentage *float64
	Variables                  *string
}

type errorDetails struct {
	CatchIndex                  *int64
	RetryBackoffIntervalSeconds *int64
	RetryIndex                  *int64
}

// inspectedRequest and inspectedResponse are the call of an HTTP task.
type (
	inspectedRequest  struct{ Body, Headers, Method, Protocol, Url string }
	inspectedResponse struct{ Body, Headers, Protocol, StatusCode, StatusMessage string }
)

// add puts in what an HTTP task has sent and got.
func (d *inspectionData) add(e *service.Exchange) {
	r := e.Request
	d.Request = &inspectedRequest{r.Body, r.Headers, r.Method, r.Protocol, r.URL}
	if a := e.Response; a != nil {
		d.Response = &inspectedResponse{a.Body, a.Headers, a.Protocol, a.StatusCode, a.StatusMessage}
	}
}

// answerOf returns what TestState says about a verdict.
func answerOf(v *machine.Verdict, level string) *testStateResponse {
	response := &testStateResponse{Status: string(v.Outcome), NextState: v.Next, Error: v.Error, Cause: v.Cause, Output: textOf(v.Output)}
	if level == "DEBUG" || level == "TRACE" {
		response.InspectionData = inspected(v.Inspection)
	}
	return response
}

func inspected(seen map[string]value.Value) *inspectionData {
	return &inspectionData{
		AfterArguments:             textOf(seen["afterArguments"]),
		AfterInputPath:             textOf(seen["afterInputPath"]),
		AfterItemBatcher:           textOf(seen["afterItemBatcher"]),
		AfterItemSelector:          textOf(seen["afterItemSelector"]),
		AfterItemsPath:             textOf(seen["afterItemsPath"]),
		AfterItemsPointer:          textOf(seen["afterItemsPointer"]),
		AfterParameters:            textOf(seen["afterParameters"]),
		AfterResultPath:            textOf(seen["afterResultPath"]),
		AfterResultSelector:        textOf(seen["afterResultSelector"]),
		ErrorDetails:               errorDetailsOf(seen["errorDetails"]),
		Input:                      textOf(seen["input"]),
		MaxConcurrency:             wholeOf(seen["maxConcurrency"]),
		Result:                     textOf(seen["result"]),
		ToleratedFailureCount:      wholeOf(seen["toleratedFailureCount"]),
		ToleratedFailurePercentage: floatOf(seen["toleratedFailurePercentage"]),
		Variables:                  textOf(seen["variables"]),
	}
}

func errorDetailsOf(v value.Value) *errorDetails {
	if v.IsZero() {
		return nil
	}
	part := func(name string) *int64 {
		m, _ := v.Get(name)
		return wholeOf(m)
	}
	return &errorDetails{part("catchIndex"), part("retryBackoffIntervalSeconds"), part("retryIndex")}
}

func textOf(v value.Value) *string {
	if v.IsZero() {
		return nil
	}
	text := v.Text()
	return &text
}

func wholeOf(v value.Value) *int64 {
	n, ok := v.Int()
	if !ok {
		return nil
	}
	return &n
}

func floatOf(v value.Value) *float64 {
	f, ok := v.Float()
	if !ok {
		return nil
	}
	return &f
}
