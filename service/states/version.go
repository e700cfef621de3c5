package states

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
)

// publish makes a version of the current revision, or returns the one that it has. Slices are not shared with the machine
// that m was copied from.
func (m *stateMachine) publish(description string, now time.Time) *version {
	m.Versions = slices.Clone(m.Versions)
	for i := range m.Versions {
		if m.Versions[i].Revision == m.Revision {
			return &m.Versions[i]
		}
	}
	m.LastVersion++
	m.Versions = append(m.Versions, version{Number: m.LastVersion, Revision: m.Revision, Description: description, Created: now})
	return &m.Versions[len(m.Versions)-1]
}

type publishRequest struct {
	Description     string `aws:"max=256"`
	RevisionId      string
	StateMachineArn string `aws:"required,min=1,max=256"`
}

type publishResponse struct {
	CreationDate           time.Time
	StateMachineVersionArn string
}

func (s *Service) publishStateMachineVersion(ctx context.Context, r *publishRequest) (*publishResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.unqualified(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	if err := s.revisions[m.Revision].checkID(r.RevisionId); err != nil {
		return nil, err
	}
	next := *m
	published := next.publish(r.Description, moment())
	if err := s.keep(ctx, &next); err != nil {
		return nil, err
	}
	s.machines[m.ARN] = &next
	return &publishResponse{published.Created, versionARN(m.ARN, published.Number)}, nil
}

// initialID is what callers may call the revision that has no id.
const initialID = "INITIAL"

// checkID refuses to publish another revision than the caller has in mind.
func (r *revision) checkID(wanted string) error {
	current := r.shownID()
	if current == "" {
		current = initialID
	}
	if wanted == "" || wanted == current {
		return nil
	}
	return fault.New(fault.Conflict, "Failed to publish the State Machine version for revision %s. The current State Machine revision is %s.",
		wanted, current).WithCode("ConflictException")
}

type versionRequest struct {
	StateMachineVersionArn string `aws:"required,min=1,max=2000"`
}

func (s *Service) deleteStateMachineVersion(ctx context.Context, r *versionRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := parseMachineARN(r.StateMachineVersionArn)
	if err != nil {
		return nil, err
	}
	number, ok := q.version()
	if !ok {
		return nil, invalidARN("Resource type not valid in this context: " + q.text)
	}
	m := s.machines[q.machine]
	if m == nil || m.version(number) == nil {
		return &nothing{}, nil
	}
	if users := m.aliasesOf(q.text); len(users) > 0 {
		return nil, fault.New(fault.Conflict, "Version to be deleted must not be referenced by an alias. "+
			"Current list of aliases referencing this version: [%s]", strings.Join(users, ", ")).WithCode("ConflictException")
	}
	next := *m
	next.Versions = slices.DeleteFunc(slices.Clone(m.Versions), func(v version) bool { return v.Number == number })
	if err := s.keep(ctx, &next); err != nil {
		return nil, err
	}
	s.machines[m.ARN] = &next
	return &nothing{}, nil
}

// aliasesOf returns the names of the aliases that route to a version.
func (m *stateMachine) aliasesOf(versionARN string) []string {
	var names []string
	for _, a := range m.Aliases {
		if slices.ContainsFunc(a.Routes, func(r route) bool { return r.StateMachineVersionArn == versionARN }) {
			names = append(names, a.Name)
		}
	}
	return names
}

type listVersionsRequest struct {
	MaxResults      int64  `aws:"min=0,max=1000"`
	NextToken       string `aws:"min=1,max=1024"`
	StateMachineArn string `aws:"required,min=1,max=256"`
}

type versionItem struct {
	CreationDate           time.Time
	StateMachineVersionArn string
}

type listVersionsResponse struct {
	NextToken            string
	StateMachineVersions []versionItem
}

// listStateMachineVersions answers with the newest first.
func (s *Service) listStateMachineVersions(_ context.Context, r *listVersionsRequest) (*listVersionsResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, err := s.unqualified(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(m.Versions)
	slices.Reverse(all)
	keyOf := func(v version) string { return fmt.Sprintf("%020d", 1<<62-v.Number) }
	part, next, err := pageOf(all, keyOf, r.NextToken, r.MaxResults)
	if err != nil {
		return nil, err
	}
	response := &listVersionsResponse{NextToken: next, StateMachineVersions: []versionItem{}}
	for _, v := range part {
		response.StateMachineVersions = append(response.StateMachineVersions, versionItem{v.Created, versionARN(m.ARN, v.Number)})
	}
	return response, nil
}
