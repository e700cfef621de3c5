package batch

import (
	"cmp"
	"context"
	"slices"
)

const misconfigured = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by " +
	"the CE(s) attached to the job queue."

// enqueue puts a job behind the others of its queue. The caller holds the lock.
func (s *Service) enqueue(w *work) {
	s.move(w, runnable)
	if q := s.queues[w.Queue]; q != nil {
		q.runnable = append(q.runnable, w)
	}
}

// again puts a job in the place in its queue that it had.
func (s *Service) again(w *work) {
	s.move(w, runnable)
	q := s.queues[w.Queue]
	if q == nil {
		return
	}
	at, _ := slices.BinarySearchFunc(q.runnable, w, older)
	q.runnable = slices.Insert(q.runnable, at, w)
}

func older(a, b *work) int {
	return cmp.Or(cmp.Compare(a.Created, b.Created), cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(a.Index, b.Index))
}

// dequeue takes a job out of its queue.
func (s *Service) dequeue(w *work) {
	if q := s.queues[w.Queue]; q != nil {
		same := func(other *work) bool { return other == w }
		q.runnable, q.stuck = slices.DeleteFunc(q.runnable, same), slices.DeleteFunc(q.stuck, same)
	}
}

// unstick gives jobs that were too large another chance after an environment or queue has changed.
func (s *Service) unstick() {
	for _, q := range s.queues {
		q.runnable, q.stuck = append(q.stuck, q.runnable...), nil
		slices.SortStableFunc(q.runnable, older)
	}
}

// schedule starts every job that may start. It is called whenever something changes: there is no polling. The caller holds
// the lock.
func (s *Service) schedule() {
	if !s.started || s.closed {
		return
	}
	queues := make([]*queue, 0, len(s.queues))
	for _, q := range s.queues {
		if q.State == enabled && len(q.runnable) > 0 {
			queues = append(queues, q)
		}
	}
	slices.SortFunc(queues, func(a, b *queue) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.Name, b.Name))
	})
	full := map[*environment]bool{}
	for _, q := range queues {
		s.startFrom(q, full)
	}
}

// startFrom starts jobs of a queue in their order until one does not fit. Then the environments that it waits for are full for
// queues of lower priority, too.
func (s *Service) startFrom(q *queue, full map[*environment]bool) {
	for len(q.runnable) > 0 {
		w := q.runnable[0]
		e, possible := s.place(q, w.Spec.Container.vcpus(), full)
		switch {
		case e != nil:
			q.runnable = q.runnable[1:]
			s.start(w, e)
		case !possible:
			q.runnable = q.runnable[1:]
			w.StatusReason = misconfigured
			q.stuck = append(q.stuck, w)
		default:
			for _, o := range q.Order {
				full[s.environments[o.ComputeEnvironment]] = true
			}
			return
		}
	}
}

// place finds the environment that a job can start in now; possible says whether there is one that it can start in later.
func (s *Service) place(q *queue, vcpus float64, full map[*environment]bool) (e *environment, possible bool) {
	for _, o := range q.Order {
		e := s.environments[o.ComputeEnvironment]
		if e == nil || e.State != enabled || vcpus > e.limit() {
			continue
		}
		if possible = true; !full[e] && e.used+vcpus <= e.limit() {
			return e, true
		}
	}
	return nil, possible
}

// start begins an attempt. The caller holds the lock.
func (s *Service) start(w *work, e *environment) {
	s.move(w, starting)
	w.StatusReason = ""
	e.used += w.Spec.Container.vcpus()
	ctx, stop := context.WithCancelCause(s.ctx)
	w.stop = stop
	s.running.Add(1)
	s.occupy()
	go func() {
		defer s.running.Done()
		defer stop(nil)
		s.attempt(ctx, w, e)
	}()
}
