package batch

import "context"

type endRequest struct {
	JobId  string `aws:"required"`
	Reason string `aws:"required"`
}

func (s *Service) findJob(id string) (*work, error) {
	if w := s.jobs[id]; w != nil {
		return w, nil
	}
	return nil, invalid("Job %s does not exist", id)
}

// terminate ends a job in whatever status it is; one that has ended stays as it is.
func (s *Service) terminate(_ context.Context, r *endRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.findJob(r.JobId)
	if err != nil {
		return nil, err
	}
	s.terminateTree(w, r.Reason, false)
	s.schedule()
	return &nothing{}, nil
}

// cancelJob ends a job that has not begun to start; any other goes on.
func (s *Service) cancelJob(_ context.Context, r *endRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, err := s.findJob(r.JobId)
	if err != nil {
		return nil, err
	}
	s.terminateTree(w, r.Reason, true)
	s.schedule()
	return &nothing{}, nil
}

// terminateTree ends a job and, of an array job, the children. Waiting says to spare those that start or run. The caller
// holds the lock.
func (s *Service) terminateTree(w *work, reason string, waiting bool) {
	if w.Size > 0 && !w.Status.ended() {
		w.Terminated, w.Cancelled, w.Reason = !waiting, waiting, reason
		s.keep(w)
	}
	for _, leaf := range w.leaves() {
		s.terminateOne(leaf, reason, waiting)
	}
}

func (s *Service) terminateOne(w *work, reason string, waiting bool) {
	runs := w.Status == starting || w.Status == running
	if w.Status.ended() || runs && waiting {
		return
	}
	w.Terminated, w.Cancelled, w.Reason = !waiting, waiting, reason
	if !runs {
		s.dequeue(w)
		s.finish(w, failed, reason)
		return
	}
	s.keep(w)
	w.stop(errTerminated)
}
