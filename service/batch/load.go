package batch

import (
	"context"
	"slices"
	"time"
)

// load reads what a former process left.
func (s *Service) load(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	environments, err := s.environmentRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range environments {
		s.environments[environments[i].ARN] = &environments[i]
	}
	queues, err := s.queueRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range queues {
		s.queues[queues[i].ARN] = &queues[i]
	}
	definitions, err := s.definitionRecords.All(ctx)
	if err != nil {
		return err
	}
	for i := range definitions {
		name := definitions[i].Name
		s.definitions[name] = append(s.definitions[name], &definitions[i])
	}
	jobs, err := s.jobRecords.All(ctx)
	if err != nil {
		return err
	}
	return s.loadJobs(ctx, jobs)
}

// loadJobs takes up the jobs in the order in which they were submitted, so that each finds those that it depends on.
func (s *Service) loadJobs(ctx context.Context, jobs []record) error {
	kept, err := s.forget(ctx, jobs)
	if err != nil {
		return err
	}
	slices.SortFunc(kept, func(a, b record) int { return older(&work{record: a}, &work{record: b}) })
	var parents []*work
	for _, r := range kept {
		s.sequence = max(s.sequence, r.Sequence)
		if r.Parent == "" {
			w := newWork(r)
			s.add(w)
			parents = append(parents, w)
		}
	}
	for _, r := range kept {
		if child := s.jobs[r.ID]; child != nil && r.Parent != "" {
			s.restore(child, r)
		}
	}
	for _, w := range parents {
		s.resume(w)
	}
	return nil
}

// forget deletes the jobs that ended long ago, the children with their parents, and returns the others.
func (s *Service) forget(ctx context.Context, jobs []record) ([]record, error) {
	limit := time.Now().Add(-finishedFor).UnixMilli()
	gone := map[string]bool{}
	for _, r := range jobs {
		gone[r.ID] = r.Parent == "" && r.Status.ended() && r.Stopped < limit
	}
	var kept []record
	for _, r := range jobs {
		if !gone[r.ID] && !gone[r.Parent] {
			kept = append(kept, r)
			continue
		}
		if err := s.jobRecords.Delete(ctx, r.ID); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// restore makes a child what its record says.
func (s *Service) restore(child *work, r record) {
	s.move(child, r.Status)
	r.Spec = child.Spec
	child.record = r
	if r.Status.ended() {
		close(child.done)
	}
}

// resume goes on with a job: what ran has lost its host, what waited waits again.
func (s *Service) resume(w *work) {
	if w.Status.ended() {
		return
	}
	var lost []*work
	for _, leaf := range w.leaves() {
		if leaf.Status == running {
			lost = append(lost, leaf)
		}
	}
	if w.Size > 0 || len(lost) == 0 {
		s.connect(w)
	}
	for _, leaf := range lost {
		s.dequeue(leaf)
		s.lose(leaf)
	}
	s.finishParent(w.ID)
}

// lose ends the attempt that ran when the process did.
func (s *Service) lose(w *work) {
	a := &w.Attempts[len(w.Attempts)-1]
	a.Stopped = now()
	a.StatusReason = "Host EC2 (instance i-" + a.Task[:17] + ") terminated."
	if w.Terminated {
		a.StatusReason = w.Reason
		s.finish(w, failed, w.Reason)
		return
	}
	s.retry(w, a)
}
