package main

import (
	"time"

	"github.com/stepwell/stepwell/console/view"
)

func functionEntries() []entry {
	row := view.FunctionRow{
		Link: view.Link{Text: "load_files", URL: "/console/functions/load_files"}, Runtime: "python3.12", Handler: "index.handler", Description: "submits a statement for each file",
		Timeout: 30 * time.Second, Memory: 256, Changed: at(6, 0, 0),
	}
	page := func(title string, content view.Content) view.Page {
		return within(view.Link{Text: "Functions", URL: "/console/functions"}, view.FunctionsSection, title, content)
	}
	f := view.Function{
		FunctionRow: row, URL: row.Link.URL, ARN: "arn:aws:lambda:us-east-1:123456789012:function:load_files", Version: "$LATEST", CodeSize: 48_220,
		Environment: []view.Pair{{Name: "API_TOKEN", Value: "•••••• (hidden)"}, {Name: "CLUSTER", Value: "sales"}}, Layers: []string{"arn:aws:lambda:us-east-1:123456789012:layer:clients:3"},
		Invocations: []view.Invocation{
			{Request: "4c2bd3e1-52a5-43e4-a3ab-5c86f4b5d2ad", At: at(9, 20, 0), Took: -1, LogURL: "/console/logs/x", SQL: "/console/statements?request=4c2b"},
			{Request: "0fb40bd0-13a0-4a0f-8d21-bb7e9cf0a2b1", At: at(9, 10, 0), Took: 812 * time.Millisecond, Memory: "41 MB", Cold: true, Finished: true, LogURL: "/console/logs/x", SQL: "/console/statements?request=0fb4"},
			{Request: "a0f52a9c-0c66-4a0b-91c5-5d0e3ad4a2ef", At: at(9, 0, 0), Took: 30 * time.Second, Memory: "40 MB", Finished: true, Error: "Task timed out after 30.00 seconds", LogURL: "/console/logs/x", SQL: "/console/statements?request=a0f5"},
		},
		Log: jobLog, LogURL: "/console/logs/x", Form: view.InvokeForm{Payload: "{}"}, Triggers: triggers[1:],
	}
	answered, refused := f, f
	answered.Form = view.InvokeForm{Payload: `{"day": 1}`, Done: true, Failed: true, Took: 812 * time.Millisecond, Answer: view.Document{Full: `{"errorMessage":"division by zero","errorType":"ZeroDivisionError","stackTrace":["  File \"index.py\", line 3, in handler\n    1/0\n"]}`}}
	refused.Form = view.InvokeForm{Payload: `{"day": }`, Error: "The event is not JSON: line 1, column 9: expected a value"}
	fresh := view.Function{FunctionRow: row, URL: row.Link.URL, Form: view.InvokeForm{Payload: "{}"}}
	return []entry{
		{"functions", page("Functions", view.Functions{Functions: []view.FunctionRow{row}})}, {"functions-empty", page("Functions", view.Functions{})},
		{"function", page("load_files", f)}, {"function-invoked", page("load_files", answered)}, {"function-refused", page("load_files", refused)}, {"function-new", page("load_files", fresh)},
	}
}
