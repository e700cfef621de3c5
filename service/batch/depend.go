package batch

// The types of dependencies of array jobs: child by child, and each child on the one before.
const (
	nToN       = "N_TO_N"
	sequential = "SEQUENTIAL"
)

// checkDependencies refuses dependencies that could never be met. The caller holds the lock.
func (s *Service) checkDependencies(w *work) error {
	for _, d := range w.Spec.DependsOn {
		other := s.jobs[d.JobId]
		switch {
		case d.Type == sequential && w.Size == 0:
			return invalid("A dependency of type SEQUENTIAL is for array jobs")
		case d.Type == sequential && d.JobId == "":
		case d.JobId == "":
			return invalid("A dependency needs a jobId")
		case other == nil:
			return invalid("Job %s does not exist", d.JobId)
		case d.Type == nToN && (w.Size == 0 || other.Size != w.Size):
			return invalid("A dependency of type N_TO_N is between array jobs of the same size")
		}
	}
	return nil
}

// connect has a new or reloaded job wait for those that it depends on, or queues it. The caller holds the lock.
func (s *Service) connect(w *work) {
	if w.Size > 0 && !w.Status.ended() {
		s.move(w, pending)
	}
	for _, leaf := range w.leaves() {
		if leaf.Status.ended() {
			continue
		}
		for _, other := range s.dependenciesOf(w, leaf) {
			if other.Status == failed {
				s.finish(leaf, failed, dependencyFailed)
				break
			}
			if !other.Status.ended() {
				leaf.dependencies++
				s.waiting[other.ID] = append(s.waiting[other.ID], leaf)
			}
		}
		switch {
		case leaf.Status.ended():
		case leaf.dependencies > 0:
			s.move(leaf, pending)
		default:
			s.enqueue(leaf)
		}
	}
}

const dependencyFailed = "Dependent Job failed"

// dependenciesOf are the jobs that a job, or one child of an array job, waits for. One that is not known any more has ended well
// long ago.
func (s *Service) dependenciesOf(w, leaf *work) []*work {
	var all []*work
	for _, d := range w.Spec.DependsOn {
		other := s.jobs[d.JobId]
		switch {
		case d.Type == sequential:
			other = nil
			if leaf.Index > 0 {
				other = w.children[leaf.Index-1]
			}
		case d.Type == nToN && other != nil && other.Size > leaf.Index:
			other = other.children[leaf.Index]
		}
		if other != nil {
			all = append(all, other)
		}
	}
	return all
}

// release tells the jobs that depend on one that it has ended. The caller holds the lock.
func (s *Service) release(w *work) {
	dependents := s.waiting[w.ID]
	delete(s.waiting, w.ID)
	for _, d := range dependents {
		if d.Status.ended() {
			continue
		}
		if w.Status == failed {
			s.finish(d, failed, dependencyFailed)
			continue
		}
		if d.dependencies--; d.dependencies == 0 {
			s.enqueue(d)
		}
	}
}
