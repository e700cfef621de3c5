package batch

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/origin"
)

// Why an attempt is ended before its time.
var (
	errTimedOut   = errors.New("the attempt took too long")
	errTerminated = errors.New("the job was terminated")
)

// The reasons that jobs and attempts end with, in the words of AWS.
const (
	exited        = "Essential container in task exited"
	timedOut      = "Job attempt duration exceeded timeout"
	failedToStart = "Task failed to start"
)

// attempt runs a job once and decides what becomes of it.
func (s *Service) attempt(ctx context.Context, w *work, e *environment) {
	order, err := s.order(ctx, w, e)
	var exit job.Exit
	var cause error
	if err == nil {
		exit, cause, err = s.carryOut(ctx, w, order)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.vacate()
	e.used -= w.Spec.Container.vcpus()
	if errors.Is(cause, errClosing) && exit.Code != 0 {
		return // the next process finds it running, and so lost
	}
	s.conclude(w, exit, cause, err)
	s.schedule()
}

// order makes the work of an attempt. Its error says why there can be none.
func (s *Service) order(ctx context.Context, w *work, e *environment) (job.Work, error) {
	s.mu.Lock()
	a := attempt{Task: strings.ReplaceAll(newID(), "-", "")}
	a.TaskARN = "arn:aws:ecs:" + regionAndAccount(e.ARN) + ":task/" + e.cluster() + "/" + a.Task
	a.LogStream = w.Spec.logPrefix() + "/default/" + a.Task
	w.Attempts = append(w.Attempts, a)
	c, parameters, number, queue := w.Spec.Container, w.Spec.Parameters, len(w.Attempts), s.queues[w.Queue]
	s.mu.Unlock()
	order := job.Work{
		ID: a.Task, Image: c.Image, Command: c.command(parameters), VCPUs: c.vcpus(), Memory: int64(c.memory() * (1 << 20)), Disk: defaultDisk,
	}
	if c.EphemeralStorage != nil {
		order.Disk = *c.EphemeralStorage.SizeInGiB << 30
	}
	for _, v := range c.Environment {
		order.Environment = append(order.Environment, job.Variable(v))
	}
	for _, secret := range c.Secrets {
		text, err := s.secret(ctx, secret)
		if err != nil {
			return order, err
		}
		order.Environment = append(order.Environment, job.Variable{Name: secret.Name, Value: text})
	}
	about := map[string]string{"AWS_BATCH_JOB_ID": w.ID, "AWS_BATCH_JOB_ATTEMPT": strconv.Itoa(number), "AWS_BATCH_CE_NAME": e.Name}
	if queue != nil {
		about["AWS_BATCH_JQ_NAME"] = queue.Name
	}
	if w.Parent != "" {
		about["AWS_BATCH_JOB_ARRAY_INDEX"] = strconv.FormatInt(w.Index, 10)
	}
	for name, text := range about {
		order.Environment = append(order.Environment, job.Variable{Name: name, Value: text})
	}
	return order, nil
}

// defaultDisk is what a Fargate task has.
const defaultDisk = 20 << 30

func (s *Service) secret(ctx context.Context, x secret) (string, error) {
	if s.options.Secret == nil {
		return "", errors.New("ResourceInitializationError: unable to pull secrets: the secret " + x.Name + " has no store")
	}
	text, err := s.options.Secret(ctx, x.ValueFrom)
	if err != nil {
		return "", errors.New("ResourceInitializationError: unable to pull secrets: " + x.Name + ": " + err.Error())
	}
	return text, nil
}

const (
	defaultGroup = "/aws/batch/job"
	groupOption  = "awslogs-group"
	prefixOption = "awslogs-stream-prefix"
)

func (x *spec) logOption(name, preset string) string {
	if c := x.Container.LogConfiguration; c != nil && c.Options[name] != "" {
		return c.Options[name]
	}
	return preset
}

func (x *spec) logPrefix() string { return x.logOption(prefixOption, x.DefinitionName) }

// carryOut runs the work. Cause is why it was ended, nil when it ended by itself.
func (s *Service) carryOut(ctx context.Context, w *work, order job.Work) (exit job.Exit, cause, err error) {
	s.mu.Lock()
	a := &w.Attempts[len(w.Attempts)-1]
	a.Started = now()
	w.Started = a.Started
	if !w.Status.ended() {
		s.move(w, running)
		s.keep(w)
	}
	stream, from := a.LogStream, w.Origin
	from.Job, from.Attempt = w.ID, len(w.Attempts)
	s.mu.Unlock()
	ctx = origin.With(ctx, from)
	if t := w.Spec.Timeout; t != nil && t.AttemptDurationSeconds != nil {
		limited, cancel := context.WithTimeoutCause(ctx, time.Duration(*t.AttemptDurationSeconds)*time.Second, errTimedOut)
		defer cancel()
		ctx = limited
	}
	log := s.newLog(w.Spec.logOption(groupOption, defaultGroup), stream)
	order.Output = log
	exit, err = s.options.Runner.Run(ctx, order)
	log.close()
	return exit, context.Cause(ctx), err
}

// conclude writes down how an attempt ended, and ends the job or has it tried again. The caller holds the lock.
func (s *Service) conclude(w *work, exit job.Exit, cause, err error) {
	a := &w.Attempts[len(w.Attempts)-1]
	a.Stopped, a.StatusReason, a.Reason = now(), exited, exit.Reason
	if err != nil {
		a.StatusReason, a.Reason = failedToStart, err.Error()
	} else {
		code := int64(exit.Code)
		a.ExitCode = &code
	}
	switch {
	case w.Status.ended():
	case errors.Is(cause, errTerminated):
		a.StatusReason = w.Reason
		s.finish(w, failed, w.Reason)
	case errors.Is(cause, errTimedOut):
		a.StatusReason = timedOut
		s.finish(w, failed, timedOut)
	case err == nil && exit.Code == 0:
		s.finish(w, succeeded, a.StatusReason)
	default:
		s.retry(w, a)
	}
}

// retry has a job tried again if its strategy says so, or ends it.
func (s *Service) retry(w *work, a *attempt) {
	if !w.Spec.Retry.again(len(w.Attempts), a) {
		s.finish(w, failed, a.StatusReason)
		return
	}
	w.StatusReason = a.StatusReason
	s.again(w)
	s.keep(w)
}
