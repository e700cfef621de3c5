package console

import (
	"net/http"
	"net/url"
	"time"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) functionArea() area {
	const one = "/console/functions/{name}"
	return area{
		pages: []page{{"/console/functions", c.functionList}, {one, c.function}},
		posts: []raw{{one + "/invoke", api.Run, c.invokeFunction}},
	}
}

func functionURL(name string) string { return "/console/functions/" + url.PathEscape(name) }

func (c *Console) functionList(r *request) (view.Page, error) {
	answer, pager, err := r.functionPage()
	shown := view.Functions{Pager: pager}
	for _, f := range items(answer, "Functions") {
		shown.Functions = append(shown.Functions, functionRow(f))
	}
	return view.Page{Title: "Functions", Section: view.FunctionsSection, Content: shown}, err
}

// functionPage lists functions; Lambda's tokens have names of their own.
func (r *request) functionPage() (answer value.Value, p view.Pager, err error) {
	members := []value.Member{member("MaxItems", value.OfInt(pageRows))}
	if after := r.URL.Query().Get("after"); after != "" {
		members = append(members, member("Marker", value.OfString(after)))
	}
	answer, err = r.call("lambda", "ListFunctions", members...)
	return answer, r.pager("after", text(answer, "NextMarker")), err
}

func functionRow(f value.Value) view.FunctionRow {
	changed, _ := time.Parse("2006-01-02T15:04:05.000-0700", text(f, "LastModified"))
	name := text(f, "FunctionName")
	return view.FunctionRow{
		Link: view.Link{Text: name, URL: functionURL(name)}, Runtime: text(f, "Runtime"), Handler: text(f, "Handler"), Description: text(f, "Description"),
		Timeout: time.Duration(number(f, "Timeout")) * time.Second, Memory: number(f, "MemorySize"), Changed: changed,
	}
}

func (c *Console) function(r *request) (view.Page, error) {
	return c.functionWith(r, view.InvokeForm{Payload: "{}"})
}

// functionWith is a function's page with its form as it was typed, and what came of it.
func (c *Console) functionWith(r *request, form view.InvokeForm) (view.Page, error) {
	d, err := r.call("lambda", "GetFunctionConfiguration", member("FunctionName", value.OfString(r.PathValue("name"))))
	if err != nil {
		return view.Page{}, err
	}
	environment, _ := d.Get("Environment")
	set, _ := environment.Get("Variables")
	logging, _ := d.Get("LoggingConfig")
	f := view.Function{
		FunctionRow: functionRow(d), ARN: text(d, "FunctionArn"), Version: text(d, "Version"), CodeSize: number(d, "CodeSize"),
		Environment: variables(set), Form: form,
	}
	f.URL = f.Link.URL
	for _, l := range items(d, "Layers") {
		f.Layers = append(f.Layers, text(l, "Arn"))
	}
	r.addInvocations(&f, text(logging, "LogGroup"))
	if f.Triggers, err = c.triggers(r, f.ARN); err != nil {
		return view.Page{}, err
	}
	crumbs := []view.Link{{Text: "Functions", URL: "/console/functions"}}
	return view.Page{Title: f.Text, Section: view.FunctionsSection, Crumbs: crumbs, Live: "all", Content: f}, nil
}

// invokeFunction invokes a function with the event that was typed, and shows what came of it.
func (c *Console) invokeFunction(w http.ResponseWriter, r *request) error {
	form, err := r.invoke(r.PathValue("name"), r.PostForm.Get("payload"))
	status := http.StatusOK
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return err
		}
		form.Error, status = err.Error(), statuses[fault.KindOf(err)]
	}
	p, err := c.functionWith(r, form)
	if err != nil {
		return err
	}
	c.show(w, r, status, p)
	return nil
}

func (r *request) invoke(name, payload string) (view.InvokeForm, error) {
	form := view.InvokeForm{Payload: payload}
	if err := checkJSON("The event", payload); err != nil {
		return form, err
	}
	table, row, err := r.operation("lambda", "Invoke")
	if err != nil {
		return form, err
	}
	began := r.console.Now()
	answer, err := table.CallREST(r.Context(), row, service.RESTRequest{Labels: map[string]string{"FunctionName": name}, Header: http.Header{}, Body: []byte(payload)})
	if err != nil {
		return form, err
	}
	form.Done, form.Took, form.Failed = true, r.console.Now().Sub(began), answer.Header["X-Amz-Function-Error"] != ""
	form.Answer = view.Document{Full: answer.Body}
	return form, nil
}
