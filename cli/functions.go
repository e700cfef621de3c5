package cli

import (
	"context"
	"io"
	"path/filepath"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/origin"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/logs"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// openFunctions opens the functions. They end before the door that leads them to the services closes.
func (l *local) openFunctions(ctx context.Context, p *project.Project, records service.Records, groups *logs.Service, buckets *buckets) error {
	folder := filepath.Join(p.Data(), "functions")
	host, err := openSandboxes(folder)
	if err != nil {
		return err
	}
	d := &door{local: l, project: p, tools: filepath.Join(folder, "tools")}
	l.closers = append(l.closers, d.close, host.Close)
	l.functions, err = lambda.Open(ctx, records, lambda.Options{
		Region: project.Region, Account: project.Account, Folder: filepath.Join(folder, "code"), Host: host, Log: l.logger,
		Variables: d.lead, Ledger: l.ledger, Allowed: l.functionsAllowed,
		Object: func(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
			return buckets.Open(ctx, bucket, key)
		},
		Logs: func(ctx context.Context, group, stream string, lines []lambda.Line) error {
			events := make([]logs.Line, len(lines))
			for i, line := range lines {
				events[i] = logs.Line(line)
			}
			return writeLog(ctx, groups, group, stream, events)
		},
	})
	if err != nil {
		return err
	}
	l.closers = append(l.closers, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), deliveryGrace)
		defer cancel()
		l.functions.Settle(ctx)
		l.functions.Close()
		return nil
	})
	return nil
}

// lead is what leads a process of functions to Stepwell.
func (d *door) lead(from func() origin.Origin) (variables map[string]string, leave func(), err error) {
	g, leave, err := d.admit(from)
	if err != nil {
		return nil, nil, err
	}
	variables = d.access(g)
	variables["AWS_SESSION_TOKEN"] = ""
	return variables, leave, nil
}

func declaredFunction(p *project.Project, d template.Declaration) lambda.Declaration {
	name, _ := d.Properties.Get("LayerName")
	return lambda.Declaration{
		Type: d.Type, Properties: d.Properties, ARN: "arn:aws:lambda:" + project.Region + ":" + project.Account + ":layer:" + name.Str() + ":1",
		File: func(name string) (string, error) { return p.Beside(d.Position.File, name) },
	}
}

// callFunction is the transport that calls a function with a notification.
func (l *local) callFunction(ctx context.Context, d sns.Delivery) error {
	invoke, _ := l.functions.Table().Operation("Invoke")
	_, err := invoke.Call(ctx, value.OfMembers(
		value.Member{Key: "FunctionName", Value: value.OfString(d.Endpoint)},
		value.Member{Key: "InvocationType", Value: value.OfString("Event")},
		value.Member{Key: "Payload", Value: d.Event()},
	), "")
	return err
}

// functionsAllowed refuses functions on a server that other machines reach: whoever may make a function there may do all that the
// server may.
func (l *local) functionsAllowed() error {
	if l.noFunctions.Load() {
		return fault.New(fault.Denied, "functions do not run on a server that other machines reach, unless it is started with --functions")
	}
	return nil
}
