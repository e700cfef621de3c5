package states

import (
	"context"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

type mapRunRequest struct {
	MapRunArn string `aws:"required,min=1,max=2000"`
}

type describeMapRunResponse struct {
	ExecutionArn               string
	ExecutionCounts            mapRunCounts
	ItemCounts                 mapRunCounts
	MapRunArn                  string
	MaxConcurrency             int64
	RedriveCount               int64
	RedriveDate                time.Time
	StartDate                  time.Time
	Status                     string
	StopDate                   time.Time
	ToleratedFailureCount      int64
	ToleratedFailurePercentage float64
}

type mapRunCounts struct {
	Aborted, Failed                                     int64
	FailuresNotRedrivable                               *int64 // only if there are any, as PendingRedrive
	Pending                                             int64
	PendingRedrive                                      *int64
	ResultsWritten, Running, Succeeded, TimedOut, Total int64
}

func countsOf(by map[machine.Status]int64, waiting, lost, redrivable int64) mapRunCounts {
	c := mapRunCounts{
		Pending: waiting,
		Aborted: by[machine.Aborted], Failed: by[machine.Failed], Running: by[machine.RunningStatus], Succeeded: by[machine.Succeeded],
		TimedOut: by[machine.TimedOut],
	}
	if lost > 0 {
		c.FailuresNotRedrivable = &lost
	}
	if redrivable > 0 {
		c.PendingRedrive = &redrivable
	}
	c.ResultsWritten = c.Aborted + c.Failed + c.Succeeded + c.TimedOut
	c.Total = c.ResultsWritten + c.Running + c.Pending
	return c
}

// checkMapRun checks an ARN of a map run. Error: InvalidArn.
func checkMapRun(text string) error {
	_, rest, err := parseARN(text, "mapRun")
	if err == nil && !strings.Contains(rest, "/") {
		err = invalidARN("Resource type not valid in this context: mapRun")
	}
	return err
}

func (s *Service) describeMapRun(ctx context.Context, r *mapRunRequest) (*describeMapRunResponse, error) {
	if err := checkMapRun(r.MapRunArn); err != nil {
		return nil, err
	}
	run, counts, err := s.engine.MapRun(ctx, r.MapRunArn)
	if err != nil {
		return nil, err
	}
	d := &describeMapRunResponse{
		ExecutionArn: run.ExecutionARN, MapRunArn: run.ARN,
		ExecutionCounts: countsOf(counts.Executions, counts.Pending.Executions, counts.NotRedrivable.Executions, counts.PendingRedrive.Executions),
		ItemCounts:      countsOf(counts.Items, counts.Pending.Items, counts.NotRedrivable.Items, counts.PendingRedrive.Items),
		MaxConcurrency:  run.MaxConcurrency, StartDate: run.StartTime, Status: string(run.Status), StopDate: run.StopTime,
		RedriveCount: run.RedriveCount, RedriveDate: run.RedriveTime,
	}
	if run.ToleratedFailureCount != nil {
		d.ToleratedFailureCount = *run.ToleratedFailureCount
	}
	if run.ToleratedFailurePercentage != nil {
		d.ToleratedFailurePercentage = *run.ToleratedFailurePercentage
	}
	return d, nil
}

type listMapRunsRequest struct {
	ExecutionArn string `aws:"required,min=1,max=256"`
	MaxResults   int64  `aws:"min=0,max=1000"`
	NextToken    string `aws:"min=1,max=1024"`
}

type mapRunItem struct {
	ExecutionArn    string
	MapRunArn       string
	StartDate       time.Time
	StateMachineArn string
	StopDate        time.Time
}

type listMapRunsResponse struct {
	MapRuns   []mapRunItem
	NextToken string
}

// listMapRuns answers with the newest first.
func (s *Service) listMapRuns(ctx context.Context, r *listMapRunsRequest) (*listMapRunsResponse, error) {
	if _, err := s.record(ctx, r.ExecutionArn); err != nil {
		return nil, err
	}
	runs, err := s.engine.MapRuns(ctx, r.ExecutionArn)
	if err != nil {
		return nil, err
	}
	after, err := keyIn(r.NextToken)
	if err != nil {
		return nil, err
	}
	for i := range runs {
		if runs[i].ARN == after {
			runs = runs[i+1:]
			break
		}
	}
	response := &listMapRunsResponse{MapRuns: []mapRunItem{}}
	if limit := pageSize(r.MaxResults); len(runs) > limit {
		runs, response.NextToken = runs[:limit], tokenFor(runs[limit-1].ARN)
	}
	for _, run := range runs {
		response.MapRuns = append(response.MapRuns, itemOf(run))
	}
	return response, nil
}

func itemOf(run engine.MapRun) mapRunItem {
	return mapRunItem{run.ExecutionARN, run.ARN, run.StartTime, run.StateMachineARN, run.StopTime}
}

type updateMapRunRequest struct {
	MapRunArn                  string   `aws:"required,min=1,max=2000"`
	MaxConcurrency             *int64   `aws:"min=0"`
	ToleratedFailureCount      *int64   `aws:"min=0"`
	ToleratedFailurePercentage *float64 `aws:"min=0,max=100"`
}

// updateMapRun changes a run that runs; what is over AWS refuses.
func (s *Service) updateMapRun(ctx context.Context, r *updateMapRunRequest) (*nothing, error) {
	if err := checkMapRun(r.MapRunArn); err != nil {
		return nil, err
	}
	return &nothing{}, s.engine.UpdateMapRun(ctx, r.MapRunArn, func(limits *machine.MapLimits) {
		if r.MaxConcurrency != nil {
			limits.MaxConcurrency = *r.MaxConcurrency
		}
		if r.ToleratedFailureCount != nil {
			limits.ToleratedFailureCount = r.ToleratedFailureCount
		}
		if r.ToleratedFailurePercentage != nil {
			limits.ToleratedFailurePercentage = r.ToleratedFailurePercentage
		}
	})
}
