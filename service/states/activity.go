package states

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

type createActivityRequest struct {
	EncryptionConfiguration *encryptionConfiguration
	Name                    string `aws:"required,min=1,max=80"`
	Tags                    []tag
}

type createActivityResponse struct {
	ActivityArn  string
	CreationDate time.Time
}

func (s *Service) createActivity(ctx context.Context, r *createActivityRequest) (*createActivityResponse, error) {
	if err := engine.CheckName(r.Name); err != nil {
		return nil, err
	}
	if err := r.EncryptionConfiguration.check(); err != nil {
		return nil, err
	}
	if err := checkTags(r.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	arn := s.arnOf("activity", r.Name)
	a := s.activities[arn]
	if a == nil {
		a = &activity{ARN: arn, Name: r.Name, Created: moment(), Tags: r.Tags}
		if err := s.put(ctx, activityKind, arn, a); err != nil {
			return nil, err
		}
		s.activities[arn] = a
	}
	return &createActivityResponse{a.ARN, a.Created}, nil
}

type activityRequest struct {
	ActivityArn string `aws:"required,min=1,max=256"`
}

// deleteActivity forgets an activity; its tasks go on waiting, until they time out.
func (s *Service) deleteActivity(ctx context.Context, r *activityRequest) (*nothing, error) {
	if _, _, err := parseARN(r.ActivityArn, "activity"); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.drop(ctx, activityKind, r.ActivityArn); err != nil {
		return nil, err
	}
	delete(s.activities, r.ActivityArn)
	return &nothing{}, nil
}

func (s *Service) activity(arn string) (*activity, error) {
	if _, _, err := parseARN(arn, "activity"); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	a := s.activities[arn]
	if a == nil {
		return nil, fault.New(fault.NotFound, "Activity Does Not Exist: '%s'", arn).WithCode("ActivityDoesNotExist")
	}
	return a, nil
}

type describeActivityResponse struct {
	ActivityArn             string
	CreationDate            time.Time
	EncryptionConfiguration encryptionConfiguration
	Name                    string
}

func (s *Service) describeActivity(_ context.Context, r *activityRequest) (*describeActivityResponse, error) {
	a, err := s.activity(r.ActivityArn)
	if err != nil {
		return nil, err
	}
	return &describeActivityResponse{a.ARN, a.Created, ownedKey, a.Name}, nil
}

type activityItem struct {
	ActivityArn  string
	CreationDate time.Time
	Name         string
}

type listActivitiesResponse struct {
	Activities []activityItem
	NextToken  string
}

func (s *Service) listActivities(_ context.Context, r *listRequest) (*listActivitiesResponse, error) {
	keyOf := func(a *activity) string { return a.ARN }
	part, next, err := pageOf(ordered(s, s.activities, keyOf), keyOf, r.NextToken, r.MaxResults)
	if err != nil {
		return nil, err
	}
	response := &listActivitiesResponse{Activities: []activityItem{}, NextToken: next}
	for _, a := range part {
		response.Activities = append(response.Activities, activityItem{a.ARN, a.Created, a.Name})
	}
	return response, nil
}

// offer is an activity task that no worker has taken.
type offer struct{ token, input string }

// queues holds the offers of every activity, oldest first. What is in them is also pending in the engine, which offers it again
// after a restart.
type queues struct {
	mu      sync.Mutex
	offered map[string][]*offer
	news    map[string]chan struct{} // closed when an offer comes
}

func (q *queues) put(activity string, o *offer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.offered[activity] = append(q.offered[activity], o)
	if news := q.news[activity]; news != nil {
		close(news)
		delete(q.news, activity)
	}
}

// take returns the oldest offer, or what tells that there is one.
func (q *queues) take(activity string) (*offer, <-chan struct{}) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if waiting := q.offered[activity]; len(waiting) > 0 {
		q.set(activity, waiting[1:])
		return waiting[0], nil
	}
	if q.news[activity] == nil {
		q.news[activity] = make(chan struct{})
	}
	return nil, q.news[activity]
}

func (q *queues) remove(activity string, o *offer) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.set(activity, slices.DeleteFunc(q.offered[activity], func(other *offer) bool { return other == o }))
}

func (q *queues) set(activity string, offers []*offer) {
	if len(offers) == 0 {
		delete(q.offered, activity)
		return
	}
	q.offered[activity] = offers
}

// offer holds an activity task's place until its token's holder ends it or nobody wants it any more.
func (s *Service) offer(ctx context.Context, task engine.Task) (value.Value, *engine.TaskError) {
	if _, err := s.activity(task.Resource); err != nil {
		name, cause := fault.CodeOf(err), "The activity does not exist: '"+task.Resource+"'"
		return value.Value{}, &engine.TaskError{Phase: machine.Starting, Error: &name, Cause: &cause}
	}
	if !task.Taken {
		o := &offer{task.Token, task.Parameters.Text()}
		s.queues.put(task.Resource, o)
		defer s.queues.remove(task.Resource, o)
	}
	<-ctx.Done()
	return value.Value{}, nil
}

type activityTaskRequest struct {
	ActivityArn string `aws:"required,min=1,max=256"`
	WorkerName  string `aws:"min=1,max=80"`
}

type activityTaskResponse struct{ Input, TaskToken string }

// longPoll is how long a worker waits for a task.
const longPoll = 60 * time.Second

func (s *Service) getActivityTask(ctx context.Context, r *activityTaskRequest) (*activityTaskResponse, error) {
	if _, err := s.activity(r.ActivityArn); err != nil {
		return nil, err
	}
	polling, cancel := context.WithTimeout(ctx, longPoll)
	defer cancel()
	for {
		o, news := s.queues.take(r.ActivityArn)
		if o == nil {
			select {
			case <-news:
				continue
			case <-polling.Done():
				return &activityTaskResponse{}, ctx.Err()
			}
		}
		err := s.engine.StartTask(ctx, o.token, r.WorkerName)
		if fault.CodeOf(err) == taskTimedOut {
			continue // it was given up in this moment
		}
		if err != nil {
			return nil, err
		}
		return &activityTaskResponse{o.input, o.token}, nil
	}
}

const taskTimedOut = "TaskTimedOut"
