package console

import (
	"errors"
	"net/http"
	"strings"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// machineStart shows the form that starts an execution, with the input of the last one.
func (c *Console) machineStart(r *request) (view.Page, error) {
	if r.session.role < api.Run {
		return view.Page{}, r.session.refusal(api.Run)
	}
	p, form, err := c.startForm(r)
	if err != nil {
		return p, err
	}
	form.Form.Input = "{}"
	last, err := c.like(r, form.ARN)
	if last != nil {
		form.Form.Input = view.Pretty(last.Input.Text())
		form.Source = view.Link{Text: last.Name, URL: executionURL(last.ARN)}
	}
	p.Content = form
	return p, err
}

// like is the execution whose input the form begins with: the one that the address names, else the last; nil when there is none.
func (c *Console) like(r *request, machine string) (*engine.Record, error) {
	if from := r.URL.Query().Get("from"); from != "" {
		record, err := c.Engine.Describe(r.Context(), from)
		return &record, err
	}
	last, _, err := c.Engine.List(r.Context(), engine.Filter{StateMachineARN: machine}, engine.Page{Limit: 1})
	if len(last) == 0 {
		return nil, err
	}
	return &last[0], err
}

// startForm is the form without what stands in it.
func (c *Console) startForm(r *request) (view.Page, view.MachineStart, error) {
	_, p, head, err := r.described("")
	if err != nil {
		return p, view.MachineStart{}, err
	}
	p.Title, p.Crumbs = "Start "+head.Name, append(p.Crumbs[:1:1], view.Link{Text: head.Name, URL: head.URL})
	form := view.MachineStart{MachineHead: head, Targets: []view.Option{{Value: head.ARN, Text: "as it is now"}}}
	machine := member("stateMachineArn", value.OfString(head.ARN))
	for _, list := range []struct{ operation, list, member, kind string }{
		{"ListStateMachineAliases", "stateMachineAliases", "stateMachineAliasArn", "alias "},
		{"ListStateMachineVersions", "stateMachineVersions", "stateMachineVersionArn", "version "},
	} {
		answer, err := r.call("sfn", list.operation, machine)
		if err != nil {
			return p, form, err
		}
		for _, item := range items(answer, list.list) {
			arn := text(item, list.member)
			form.Targets = append(form.Targets, view.Option{Value: arn, Text: list.kind + versionOf(arn)})
		}
	}
	return p, form, nil
}

// startMachine starts an execution. When something is wrong with what was typed, the form comes back as it was.
func (c *Console) startMachine(w http.ResponseWriter, r *request) error {
	p, form, err := c.startForm(r)
	if err != nil {
		return err
	}
	form.Form = view.StartForm{Name: strings.TrimSpace(r.PostForm.Get("name")), Input: r.PostForm.Get("input")}
	arn := form.Choose(r.PostForm.Get("target"))
	started, err := r.start(arn, form.Form)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return err
		}
		form.Form.Error = err.Error()
		p.Content = form
		c.show(w, r, statuses[fault.KindOf(err)], p)
		return nil
	}
	r.session.tell("Started.")
	http.Redirect(w, r.Request, executionURL(started), http.StatusSeeOther)
	return nil
}

// start checks an input, with the place of a mistake, and starts an execution.
func (r *request) start(arn string, form view.StartForm) (started string, err error) {
	input := form.Input
	if strings.TrimSpace(input) == "" {
		input = "{}"
	}
	if err := checkJSON("The input", input); err != nil {
		return "", err
	}
	members := []value.Member{member("stateMachineArn", value.OfString(arn)), member("input", value.OfString(input))}
	if form.Name != "" {
		members = append(members, member("name", value.OfString(form.Name)))
	}
	answer, err := r.call("sfn", "StartExecution", members...)
	return text(answer, "executionArn"), err
}

// checkJSON says where a text that was typed stops being JSON.
func checkJSON(what, text string) error {
	_, err := value.Parse(text)
	var wrong *value.SyntaxError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		return fault.Invalidf("%s is not JSON: line %d, column %d: %s", what, wrong.Line, wrong.Column, wrong.Reason)
	}
	return fault.Invalidf("%s is not JSON", what).Because(err)
}
