package batch

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/service"
)

type listJobsRequest struct {
	ArrayJobId     string
	Filters        []filter
	JobQueue       string
	JobStatus      string `enum:"SUBMITTED|PENDING|RUNNABLE|STARTING|RUNNING|SUCCEEDED|FAILED"`
	MaxResults     *int64
	MultiNodeJobId string
	NextToken      string
}

type filter struct {
	Name   string
	Values []string
}

type listJobsResponse struct {
	JobSummaryList []jobSummary
	NextToken      string
}

type jobSummary struct {
	ArrayProperties *arrayDetail
	Container       *containerSummary
	CreatedAt       int64
	JobArn          string
	JobDefinition   string
	JobId           string
	JobName         string
	StartedAt       *int64
	Status          string
	StatusReason    string
	StoppedAt       *int64
}

type containerSummary struct {
	ExitCode *int64
	Reason   string
}

// selection says whether a job is one of those that are asked for.
type selection func(w *work) bool

// listJobs lists the newest jobs first. With filters the status does not count.
func (s *Service) listJobs(_ context.Context, r *listJobsRequest) (*listJobsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	belongs, err := s.among(r)
	if err != nil {
		return nil, err
	}
	wanted, err := r.wanted()
	if err != nil {
		return nil, err
	}
	var found []*work
	for _, w := range s.jobs {
		if belongs(w) && wanted(w) {
			found = append(found, w)
		}
	}
	slices.SortFunc(found, func(a, b *work) int { return older(b, a) })
	page, next, ok := service.Page(found, r.NextToken, r.MaxResults, 1000)
	if !ok {
		return nil, badToken()
	}
	answer := &listJobsResponse{JobSummaryList: []jobSummary{}, NextToken: next}
	for _, w := range page {
		answer.JobSummaryList = append(answer.JobSummaryList, s.summary(w))
	}
	return answer, nil
}

// among selects the jobs of a queue or the children of an array job.
func (s *Service) among(r *listJobsRequest) (selection, error) {
	switch {
	case r.MultiNodeJobId != "":
		return nil, unsupported("multi-node jobs are not supported")
	case r.ArrayJobId != "" && r.JobQueue != "" || r.ArrayJobId == "" && r.JobQueue == "":
		return nil, invalid("Exactly one of jobQueue and arrayJobId must be given")
	case r.ArrayJobId != "":
		return func(w *work) bool { return w.Parent == r.ArrayJobId }, nil
	}
	q, err := s.findQueue(r.JobQueue)
	if err != nil {
		return nil, err
	}
	return func(w *work) bool { return w.Queue == q.ARN && w.Parent == "" }, nil
}

func (r *listJobsRequest) wanted() (selection, error) {
	if len(r.Filters) == 0 {
		want := status(r.JobStatus)
		if want == "" {
			want = running
		}
		return func(w *work) bool { return w.Status == want }, nil
	}
	if len(r.Filters) > 1 || len(r.Filters[0].Values) == 0 {
		return nil, invalid("There must be one filter, with values")
	}
	return r.Filters[0].selection()
}

func (f filter) selection() (selection, error) {
	limit, err := strconv.ParseInt(f.Values[0], 10, 64)
	switch f.Name {
	case "JOB_NAME":
		return func(w *work) bool { return f.anyFits(w.Name) }, nil
	case "JOB_DEFINITION":
		return func(w *work) bool { return f.anyFits(lastPart(w.Spec.Definition)) || f.anyFits(w.Spec.Definition) }, nil
	case "BEFORE_CREATED_AT":
		return func(w *work) bool { return w.Created < limit }, timeError(err)
	case "AFTER_CREATED_AT":
		return func(w *work) bool { return w.Created > limit }, timeError(err)
	}
	return nil, invalid("The filter %q is not one of JOB_NAME, JOB_DEFINITION, BEFORE_CREATED_AT, AFTER_CREATED_AT", f.Name)
}

func timeError(err error) error {
	if err == nil {
		return nil
	}
	return invalid("The filter needs a time in milliseconds since 1970")
}

// anyFits compares without regard to case; a star at the end stands for any rest.
func (f filter) anyFits(text string) bool {
	return slices.ContainsFunc(f.Values, func(v string) bool { return fits(strings.ToLower(v), strings.ToLower(text)) })
}

func (s *Service) summary(w *work) jobSummary {
	d := jobSummary{
		ArrayProperties: w.arrayDetail(), CreatedAt: w.Created, JobArn: s.jobARN(w), JobDefinition: w.Spec.Definition, JobId: w.ID,
		JobName: w.Name, StartedAt: orNil(w.Started), Status: string(w.Status), StatusReason: w.StatusReason, StoppedAt: orNil(w.Stopped),
	}
	if n := len(w.Attempts); n > 0 && w.Attempts[n-1].Stopped > 0 {
		d.Container = &containerSummary{w.Attempts[n-1].ExitCode, w.Attempts[n-1].Reason}
	}
	return d
}
