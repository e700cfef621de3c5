package cli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/embedded"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/batch"
	"github.com/stepwell/stepwell/service/logs"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse"
)

// openJobs opens the batch service.
func (l *local) openJobs(ctx context.Context, p *project.Project, records service.Records, groups *logs.Service) (*batch.Service, error) {
	jobs, err := batch.Open(ctx, records, batch.Options{
		Region: project.Region, Account: project.Account, Log: l.logger, Runner: l.runners(p), Secret: l.secret, Observe: l.bus.jobChanged, Ledger: l.ledger,
		Logs: func(ctx context.Context, group, stream string, lines []batch.Line) error {
			return writeJobLog(ctx, groups, group, stream, lines)
		},
	})
	if err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() error { jobs.Close(); return nil })
	return jobs, nil
}

// writeJobLog puts what a job printed into a log group.
func writeJobLog(ctx context.Context, groups *logs.Service, group, stream string, lines []batch.Line) error {
	events := make([]logs.Line, len(lines))
	for i, line := range lines {
		events[i] = logs.Line(line)
	}
	return writeLog(ctx, groups, group, stream, events)
}

// writeLog puts lines into a log group, which the services that log make where there is none.
func writeLog(ctx context.Context, groups *logs.Service, group, stream string, lines []logs.Line) error {
	if there, err := groups.HasGroup(ctx, group); err != nil {
		return err
	} else if !there {
		if err := groups.Declare(ctx, group, 0); err != nil {
			return err
		}
	}
	return groups.Append(ctx, group, stream, lines)
}

// checkJobs reports what is wrong with the template's resources of AWS Batch.
func checkJobs(p *project.Project) project.Faults {
	var wrong project.Faults
	for _, d := range p.Stack.Declarations {
		if err := batch.Check(d.Type, d.Properties); err != nil {
			wrong = append(wrong, misdeclaredResource(d.Resource, err))
		}
	}
	return wrong
}

func declareGroup(ctx context.Context, groups *logs.Service, properties value.Value) error {
	var group struct {
		DataProtectionPolicy, FieldIndexPolicies, ResourcePolicyDocument, Tags value.Value
		KmsKeyId, LogGroupClass, LogGroupName                                  string
		RetentionInDays                                                        *int64
		DeletionProtectionEnabled                                              *bool
	}
	if err := service.FromTemplate(properties, &group); err != nil {
		return err
	}
	days := int64(0)
	if group.RetentionInDays != nil {
		days = *group.RetentionInDays
	}
	return groups.Declare(ctx, group.LogGroupName, days)
}

// secret returns the text of a secret or parameter: an ARN, or the name of a parameter. A secret's ARN may be followed by the
// key of a JSON secret.
func (l *local) secret(ctx context.Context, from string) (string, error) {
	name, key := from, ""
	if a, err := arn.Parse(from); err == nil && a.Service == "secretsmanager" {
		parts := strings.Split(a.Resource, ":") // secret:NAME:KEY:STAGE:VERSION
		if len(parts) > 2 {
			key = parts[2]
			a.Resource = strings.Join(parts[:2], ":")
		}
		secret, err := l.ask(ctx, "secretsmanager", "GetSecretValue", "SecretString", named("SecretId", a.String()))
		if err != nil || key == "" {
			return secret, err
		}
		return memberOf(secret, key)
	}
	if a, err := arn.Parse(from); err == nil {
		name = strings.TrimPrefix(a.Resource, "parameter")
		if strings.Count(name, "/") == 1 {
			name = strings.TrimPrefix(name, "/")
		}
	}
	return l.ask(ctx, "ssm", "GetParameter", "Parameter.Value", named("Name", name), value.Member{Key: "WithDecryption", Value: value.OfBool(true)})
}

// memberOf takes one text out of a JSON secret; nothing of the secret is in its errors.
func memberOf(text, key string) (string, error) {
	secret, err := value.Parse(text)
	if err == nil {
		if one, ok := secret.Get(key); ok && one.Kind() == value.String {
			return one.Str(), nil
		}
	}
	return "", fault.Invalidf("the secret is no JSON object with the text %s", key)
}

// ask calls an operation and returns a text of its answer, whose place is names with dots between them.
func (l *local) ask(ctx context.Context, table, operation, place string, members ...value.Member) (string, error) {
	for _, s := range l.services {
		row, ok := s.Operation(operation)
		if s.Name != table || !ok {
			continue
		}
		answer, err := s.CallJSON(ctx, row, value.OfMembers(members...))
		for name := range strings.SplitSeq(place, ".") {
			answer, _ = answer.Get(name)
		}
		return answer.Str(), err
	}
	return "", fault.New(fault.Unsupported, "there is no service %s", table)
}

// runners choose a runner for the jobs of an image.
type runners struct {
	project                      *project.Project
	script, programs, containers job.Runner
}

// Run runs the work as stepwell.yaml says of its image. Of images that it does not name, those that fetch a script are run
// in this process, others in Docker. Programs of this machine are run only where stepwell.yaml asks for it.
func (r *runners) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	for _, image := range r.project.Config.Jobs {
		if !image.Fits(w.Image) {
			continue
		}
		switch image.Runner {
		case project.BuiltinRunner:
			return r.script.Run(ctx, w)
		case project.DockerRunner:
			return r.containers.Run(ctx, w)
		}
		w.Command = append(r.entrypoint(image), w.Command...)
		return r.programs.Run(ctx, w)
	}
	if isScript(w) {
		return r.script.Run(ctx, w)
	}
	if hasDocker(ctx, r.containers) {
		return r.containers.Run(ctx, w)
	}
	return job.Exit{}, fault.New(fault.Unsupported,
		"CannotPullContainerError: nothing here runs the image %s: it fetches no script, no Docker engine answers, and %s says nothing of it under jobs",
		w.Image, project.ConfigName)
}

// entrypoint finds the files of the project that an entry point names: a job has a working folder of its own.
func (r *runners) entrypoint(image project.Image) []string {
	words := slices.Clone(image.Entrypoint)
	for i, word := range words {
		file, err := filepath.Abs(filepath.Join(r.project.Folder, word))
		if err != nil || filepath.IsAbs(word) || i == 0 && !strings.Contains(word, "/") {
			continue
		}
		if about, err := os.Stat(file); err == nil && about.Mode().IsRegular() {
			words[i] = file
		}
	}
	return words
}

// connectScript opens a session of a job's script: on the warehouse, unless the script names a server.
func (l *local) connectScript(ctx context.Context, t rsql.Target) (rsql.Session, error) {
	if t.Host != "" || t.ConnInfo != "" {
		return connectServer(ctx, connectionString(rsql.RSQL, t))
	}
	session, err := embedded.Open(ctx, l.warehouse, warehouse.SessionConfig{User: t.User, Database: t.Database})
	if err != nil {
		return nil, err
	}
	return session, nil
}
