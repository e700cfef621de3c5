package states

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/fault"
)

// parseARN reads the ARN of a thing of this service and returns the resource behind its type: stateMachine:NAME[:QUALIFIER],
// execution:MACHINE:NAME, activity:NAME. Error: InvalidArn.
func parseARN(text string, types ...string) (a arn.ARN, rest string, err error) {
	a, err = arn.Parse(text)
	if err != nil || a.Service != "states" {
		return a, "", invalidARN("Invalid ARN prefix: " + text)
	}
	kind, rest, found := strings.Cut(a.Resource, ":")
	for _, t := range types {
		if kind == t && found && rest != "" {
			return a, rest, nil
		}
	}
	return a, "", invalidARN("Resource type not valid in this context: " + kind)
}

func invalidARN(reason string) error {
	return fault.Invalidf("Invalid Arn: '%s'", reason).WithCode("InvalidArn")
}

// qualified is the ARN of a state machine, of one of its versions or of one of its aliases.
type qualified struct {
	text      string
	machine   string // the ARN without the qualifier
	qualifier string
}

func parseMachineARN(text string) (qualified, error) {
	_, rest, err := parseARN(text, "stateMachine")
	if err != nil {
		return qualified{}, err
	}
	_, qualifier, found := strings.Cut(rest, ":")
	if !found {
		return qualified{text: text, machine: text}, nil
	}
	return qualified{text, strings.TrimSuffix(text, ":"+qualifier), qualifier}, nil
}

// version returns the number that the qualifier is.
func (q qualified) version() (number int64, ok bool) {
	number, err := strconv.ParseInt(q.qualifier, 10, 64)
	return number, err == nil
}

// nameIn returns the name at the end of an unqualified ARN.
func nameIn(text string) string { return text[strings.LastIndexByte(text, ':')+1:] }

func (s *Service) arnOf(kind, name string) string {
	return arn.ARN{Partition: "aws", Service: "states", Region: s.place.Region, Account: s.place.Account, Resource: kind + ":" + name}.String()
}

func versionARN(machine string, number int64) string {
	return machine + ":" + strconv.FormatInt(number, 10)
}

func noMachine(text string) error {
	return fault.New(fault.NotFound, "State Machine Does Not Exist: '%s'", text).WithCode("StateMachineDoesNotExist")
}

// find returns the machine that an ARN names, with or without a qualifier. The caller holds the lock.
func (s *Service) find(text string) (*stateMachine, qualified, error) {
	q, err := parseMachineARN(text)
	if err != nil {
		return nil, q, err
	}
	m := s.machines[q.machine]
	if m == nil {
		return nil, q, noMachine(text)
	}
	return m, q, nil
}

// unqualified is find for operations that take no version and no alias.
func (s *Service) unqualified(text string) (*stateMachine, error) {
	m, q, err := s.find(text)
	if err == nil && q.qualifier != "" {
		err = noMachine(text)
	}
	return m, err
}

func (m *stateMachine) version(number int64) *version {
	for i := range m.Versions {
		if m.Versions[i].Number == number {
			return &m.Versions[i]
		}
	}
	return nil
}

func (m *stateMachine) alias(name string) *alias {
	for i := range m.Aliases {
		if m.Aliases[i].Name == name {
			return &m.Aliases[i]
		}
	}
	return nil
}
