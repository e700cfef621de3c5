package states

import (
	"cmp"
	"context"
	"slices"
	"time"
)

type listRequest struct {
	MaxResults int64  `aws:"min=0,max=1000"`
	NextToken  string `aws:"min=1,max=1024"`
}

type machineItem struct {
	CreationDate    time.Time
	Name            string
	StateMachineArn string
	Type            string
}

type listStateMachinesResponse struct {
	NextToken     string
	StateMachines []machineItem
}

func (s *Service) listStateMachines(_ context.Context, r *listRequest) (*listStateMachinesResponse, error) {
	all := ordered(s, s.machines, func(m *stateMachine) string { return m.ARN })
	part, next, err := pageOf(all, func(m *stateMachine) string { return m.ARN }, r.NextToken, r.MaxResults)
	if err != nil {
		return nil, err
	}
	response := &listStateMachinesResponse{NextToken: next, StateMachines: []machineItem{}}
	for _, m := range part {
		response.StateMachines = append(response.StateMachines, machineItem{m.Created, m.Name, m.ARN, m.Type})
	}
	return response, nil
}

// ordered returns the values of one of the service's tables in the order of their keys.
func ordered[T any](s *Service, table map[string]T, keyOf func(T) string) []T {
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := make([]T, 0, len(table))
	for _, item := range table {
		all = append(all, item)
	}
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(keyOf(a), keyOf(b)) })
	return all
}
