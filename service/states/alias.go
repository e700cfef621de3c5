package states

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service"
)

// route sends a share of an alias's executions to a version.
type route struct {
	StateMachineVersionArn string `aws:"required,min=1,max=256"`
	Weight                 int64  `aws:"required,min=0,max=100"`
}

// choose draws one of the routes by their weights.
func (a *alias) choose() string {
	draw := rand.Int64N(100)
	for _, r := range a.Routes {
		if draw -= r.Weight; draw < 0 {
			return r.StateMachineVersionArn
		}
	}
	return a.Routes[len(a.Routes)-1].StateMachineVersionArn
}

type createAliasRequest struct {
	Description          string  `aws:"max=256"`
	Name                 string  `aws:"required,min=1,max=80"`
	RoutingConfiguration []route `aws:"required,min=1,max=2"`
}

type createAliasResponse struct {
	CreationDate         time.Time
	StateMachineAliasArn string
}

func (s *Service) createStateMachineAlias(ctx context.Context, r *createAliasRequest) (*createAliasResponse, error) {
	if err := checkAliasName(r.Name); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.routed(r.RoutingConfiguration)
	if err != nil {
		return nil, err
	}
	if known := m.alias(r.Name); known != nil {
		if known.Description != r.Description || !slices.Equal(known.Routes, r.RoutingConfiguration) {
			return nil, fault.New(fault.Conflict, "Failed to create alias because an alias with the same name and a different "+
				"routing configuration already exists.").WithCode("ConflictException")
		}
		return &createAliasResponse{known.Created, m.ARN + ":" + r.Name}, nil
	}
	now := moment()
	aliases := append(slices.Clone(m.Aliases), alias{r.Name, r.Description, r.RoutingConfiguration, now, now})
	return &createAliasResponse{now, m.ARN + ":" + r.Name}, s.keepAliases(ctx, m, aliases)
}

var aliasName = regexp.MustCompile(`^[a-zA-Z0-9_.-]*[a-zA-Z_.-][a-zA-Z0-9_.-]*$`)

func checkAliasName(name string) error {
	if !utf8.ValidString(name) || !aliasName.MatchString(name) {
		return invalid(`1 validation error detected: Value '%s' at 'name' failed to satisfy constraint: `+
			`Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`, name)
	}
	return nil
}

// routed returns the machine whose versions the routes name. The caller holds the lock.
func (s *Service) routed(routes []route) (*stateMachine, error) {
	if err := checkVersions(routes); err != nil {
		return nil, err
	}
	var of *stateMachine
	var total int64
	for i, r := range routes {
		m, q, err := s.find(r.StateMachineVersionArn)
		if err != nil {
			return nil, noResource()
		}
		number, _ := q.version()
		switch {
		case m.version(number) == nil:
			return nil, noResource()
		case of != nil && of != m:
			return nil, invalidRouting("Routing configuration must contain versions of one state machine.")
		case i > 0 && routes[0].StateMachineVersionArn == r.StateMachineVersionArn:
			return nil, invalidRouting("Routing configuration must contain distinct state machine version ARNs. Received: [%s]", arnsOf(routes))
		}
		of = m
		total += r.Weight
	}
	if total != 100 {
		return nil, invalidRouting("Sum of routing configuration weights must equal 100. Received: %s", weightsOf(routes))
	}
	return of, nil
}

func checkVersions(routes []route) error {
	for _, r := range routes {
		q, err := parseMachineARN(r.StateMachineVersionArn)
		if err != nil {
			return err
		}
		if _, ok := q.version(); !ok {
			return invalidRouting("Routing configuration must contain state machine version ARNs. Received: [%s]", arnsOf(routes))
		}
	}
	return nil
}

// invalidRouting is what the API names a reason for.
func invalidRouting(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(service.ValidationException).Because(service.Detail{"Reason": "INVALID_ROUTING_CONFIGURATION"})
}

func arnsOf(routes []route) string {
	var texts []string
	for _, r := range routes {
		texts = append(texts, r.StateMachineVersionArn)
	}
	return strings.Join(texts, ", ")
}

func weightsOf(routes []route) string {
	var weights []int64
	for _, r := range routes {
		weights = append(weights, r.Weight)
	}
	return strings.ReplaceAll(fmt.Sprint(weights), " ", ", ")
}

func (s *Service) keepAliases(ctx context.Context, m *stateMachine, aliases []alias) error {
	next := *m
	next.Aliases = aliases
	if err := s.keep(ctx, &next); err != nil {
		return err
	}
	s.machines[m.ARN] = &next
	return nil
}

func noResource() error {
	return fault.New(fault.NotFound, "Request references a resource that does not exist.").WithCode("ResourceNotFound")
}

// findAlias returns an alias and its machine. The caller holds the lock.
func (s *Service) findAlias(text string) (*stateMachine, *alias, error) {
	q, err := parseMachineARN(text)
	if err != nil {
		return nil, nil, err
	}
	if q.qualifier == "" {
		return nil, nil, invalidARN("Resource type not valid in this context: " + text)
	}
	m := s.machines[q.machine]
	if m == nil || m.alias(q.qualifier) == nil {
		return nil, nil, noResource()
	}
	return m, m.alias(q.qualifier), nil
}

type aliasRequest struct {
	StateMachineAliasArn string `aws:"required,min=1,max=256"`
}

type describeAliasResponse struct {
	CreationDate         time.Time
	Description          string
	Name                 string
	RoutingConfiguration []route
	StateMachineAliasArn string
	UpdateDate           time.Time
}

func (s *Service) describeStateMachineAlias(_ context.Context, r *aliasRequest) (*describeAliasResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, a, err := s.findAlias(r.StateMachineAliasArn)
	if err != nil {
		return nil, err
	}
	return &describeAliasResponse{a.Created, a.Description, a.Name, a.Routes, r.StateMachineAliasArn, a.Updated}, nil
}

type updateAliasRequest struct {
	Description          *string `aws:"max=256"`
	RoutingConfiguration []route `aws:"min=1,max=2"`
	StateMachineAliasArn string  `aws:"required,min=1,max=256"`
}

type updateAliasResponse struct{ UpdateDate time.Time }

func (s *Service) updateStateMachineAlias(ctx context.Context, r *updateAliasRequest) (*updateAliasResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, a, err := s.findAlias(r.StateMachineAliasArn)
	if err != nil {
		return nil, err
	}
	changed := *a
	changed.Updated = moment()
	if r.Description != nil {
		changed.Description = *r.Description
	}
	if r.RoutingConfiguration != nil {
		of, err := s.routed(r.RoutingConfiguration)
		if err != nil {
			return nil, err
		}
		if of != m {
			return nil, noResource()
		}
		changed.Routes = r.RoutingConfiguration
	}
	aliases := slices.Clone(m.Aliases)
	for i := range aliases {
		if aliases[i].Name == a.Name {
			aliases[i] = changed
		}
	}
	return &updateAliasResponse{changed.Updated}, s.keepAliases(ctx, m, aliases)
}

func (s *Service) deleteStateMachineAlias(ctx context.Context, r *aliasRequest) (*nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, a, err := s.findAlias(r.StateMachineAliasArn)
	if err != nil {
		return nil, err
	}
	name := a.Name
	aliases := slices.DeleteFunc(slices.Clone(m.Aliases), func(a alias) bool { return a.Name == name })
	return &nothing{}, s.keepAliases(ctx, m, aliases)
}

type aliasItem struct {
	CreationDate         time.Time
	StateMachineAliasArn string
}

type listAliasesResponse struct {
	NextToken           string
	StateMachineAliases []aliasItem
}

// listStateMachineAliases answers in the order in which the aliases were made; for the ARN of a version, with those that
// route to it.
func (s *Service) listStateMachineAliases(_ context.Context, r *listVersionsRequest) (*listAliasesResponse, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, q, err := s.find(r.StateMachineArn)
	if err != nil {
		return nil, err
	}
	var all []alias
	for _, a := range m.Aliases {
		if q.qualifier == "" || slices.Contains(m.aliasesOf(q.text), a.Name) {
			all = append(all, a)
		}
	}
	keyOf := func(a alias) string { return fmt.Sprintf("%020d %s", a.Created.UnixMilli(), a.Name) }
	slices.SortFunc(all, func(a, b alias) int { return strings.Compare(keyOf(a), keyOf(b)) })
	part, next, err := pageOf(all, keyOf, r.NextToken, r.MaxResults)
	if err != nil {
		return nil, err
	}
	response := &listAliasesResponse{NextToken: next, StateMachineAliases: []aliasItem{}}
	for _, a := range part {
		response.StateMachineAliases = append(response.StateMachineAliases, aliasItem{a.Created, m.ARN + ":" + a.Name})
	}
	return response, nil
}
