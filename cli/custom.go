package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/custom"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/template/plan"
	"github.com/stepwell/stepwell/value"
)

// customKind are the records of what custom resources were made of. A Delete needs all of it.
const customKind = "project.custom"

// customRecord is what is remembered of a custom resource beside its record in plans.
type customRecord struct {
	Source, LogicalID string
	Function          string
	ID                string
	Data              value.Value
	// Properties are those of the template, its dynamic references not resolved.
	Properties value.Value
}

func customsOf(records service.Records) service.Stored[customRecord] {
	return service.Stored[customRecord]{Records: records, Kind: customKind}
}

// answersOf are the answers of all custom resources, as a project takes them.
func answersOf(ctx context.Context, records service.Records) (map[string]map[string]template.Answer, error) {
	all, err := customsOf(records).All(ctx)
	answers := map[string]map[string]template.Answer{}
	for _, c := range all {
		if answers[c.Source] == nil {
			answers[c.Source] = map[string]template.Answer{}
		}
		answers[c.Source][c.LogicalID] = template.Answer{ID: c.ID, Data: c.Data}
	}
	return answers, err
}

// answered is the project with the answers that its custom resources have given.
func answered(ctx context.Context, p *project.Project, records service.Records) (*project.Project, error) {
	answers, err := answersOf(ctx, records)
	if err != nil || len(answers) == 0 {
		return p, err
	}
	return p.With(answers)
}

// openCustom opens where functions put their answers: a port of this machine, with the first custom resource that is made.
func (l *local) openCustom() {
	var h *custom.Host
	h = custom.New(custom.Options{
		Invoke: l.invokeFunction,
		URL:    sync.OnceValues(func() (string, error) { return l.serveAnswers(h) }),
	})
	l.customs = h
}

func (l *local) serveAnswers(handler http.Handler) (url string, err error) {
	listener, err := listenOn(ownAddress)
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler, ReadTimeout: answerTimeout}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	l.closers = append(l.closers, func() error {
		err := server.Close()
		if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
		return err
	})
	return "http://" + listener.Addr().String(), nil
}

// answerTimeout is how long one answer may take to come in.
const answerTimeout = 10 * time.Second

// invokeFunction calls a function and says how it failed.
func (l *local) invokeFunction(ctx context.Context, function string, event value.Value) error {
	invoke, _ := l.functions.Table().Operation("Invoke")
	answer, err := invoke.Call(ctx, value.OfMembers(
		value.Member{Key: "FunctionName", Value: value.OfString(function)},
		value.Member{Key: "Payload", Value: event},
	), "")
	if err != nil {
		return err
	}
	return lambda.Failure(answer)
}

// custom has the function of a custom resource make it, or change it.
func (a *applier) custom(ctx context.Context, s plan.Step) error {
	known, exists, err := customsOf(a.store).Get(ctx, s.Key())
	if err != nil || exists && s.Action == plan.Keep {
		return err
	}
	properties := a.resource(s.Key()).Declaration.Properties
	request, err := a.customRequest(ctx, s.Resource, properties)
	if err != nil {
		return err
	}
	if exists {
		if known.Function != request.Function {
			return fault.Invalidf("Modifying service token is not allowed.")
		}
		request.Type, request.PhysicalID = custom.Update, known.ID
		if request.OldProperties, err = a.resolve(ctx, known.Properties); err != nil {
			return err
		}
	}
	fmt.Fprintf(a.told, "stepwell: %s asks the function %s for %s\n", s.LogicalID, lastPart(request.Function), request.Type)
	answer, err := a.customs.Ask(ctx, request)
	if err != nil {
		return err
	}
	made := customRecord{
		Source: s.Source, LogicalID: s.LogicalID, Function: request.Function, ID: answer.ID, Data: answer.Data, Properties: properties,
	}
	if err := customsOf(a.store).Put(ctx, s.Key(), made); err != nil {
		return err
	}
	a.news = a.news || !exists || known.ID != made.ID || !known.Data.Equal(made.Data)
	if exists && known.ID != made.ID {
		return a.deleteReplaced(ctx, s, known)
	}
	return nil
}

// deleteReplaced deletes what an update has put something else in the place of. The update has succeeded all the same.
func (a *applier) deleteReplaced(ctx context.Context, s plan.Step, old customRecord) error {
	if err := a.local.deleteCustom(ctx, s.Resource, old); err != nil {
		fmt.Fprintf(a.told, "warning: %s: what it replaced, %s, is not deleted: %v\n", s.LogicalID, old.ID, err)
	}
	return nil
}

// removeCustom has the function of a custom resource delete it.
func removeCustom(ctx context.Context, l *local, r *plan.Record) error {
	known, exists, err := customsOf(l.store).Get(ctx, r.Key())
	if err != nil || !exists {
		return err
	}
	if err := l.deleteCustom(ctx, r.Resource, known); err != nil {
		return err
	}
	return customsOf(l.store).Delete(ctx, r.Key())
}

func (l *local) deleteCustom(ctx context.Context, r plan.Resource, known customRecord) error {
	request, err := l.customRequest(ctx, r, known.Properties)
	if err != nil {
		return err
	}
	request.Type, request.PhysicalID = custom.Delete, known.ID
	_, err = l.customs.Ask(ctx, request)
	return err
}

// customRequest is the request to create a custom resource with such properties.
func (l *local) customRequest(ctx context.Context, r plan.Resource, properties value.Value) (custom.Request, error) {
	properties, err := l.resolve(ctx, properties)
	if err != nil {
		return custom.Request{}, err
	}
	token, _ := properties.Get("ServiceToken")
	if !strings.HasPrefix(token.Str(), "arn:aws:lambda:") {
		return custom.Request{}, fault.New(fault.Unsupported, "the ServiceToken %q is no function: only functions make custom resources here", token.Str())
	}
	stack, _, _ := strings.Cut(r.Name, "/")
	request := custom.Request{
		Type: custom.Create, Function: token.Str(), LogicalID: r.LogicalID, ResourceType: r.Type, Properties: properties,
		StackID: "arn:aws:cloudformation:" + project.Region + ":" + project.Account + ":stack/" + stack + "/00000000-0000-0000-0000-000000000000",
	}
	if timeout, ok := properties.Get("ServiceTimeout"); ok {
		seconds, err := strconv.Atoi(strings.Trim(timeout.Compact(), `"`))
		if err != nil || seconds < 1 || seconds > 3600 {
			return request, fault.Invalidf("the ServiceTimeout %s is not a number of seconds from 1 to 3600", timeout.Compact())
		}
		request.Timeout = time.Duration(seconds) * time.Second
	}
	return request, nil
}

// lastPart is the name at the end of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, ':')+1:] }
