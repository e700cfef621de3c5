package engine

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/stepwell/stepwell/arn"
	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// StartRequest asks for an execution.
type StartRequest struct {
	// StateMachineARN names the state machine; the ARN of the execution is made of it.
	StateMachineARN string
	// Definition is the text of the machine, JSON or YAML. It is stored, once, with the executions that run it.
	Definition string
	// File is where Definition stands, for the positions of findings.
	File string
	// Express makes the execution one of type EXPRESS: names may come again, and it takes five minutes at most.
	Express bool
	// Name is the execution's name, unique for a state machine that is not Express; empty means a new UUID.
	Name string
	// Input is a JSON text of at most 256 KiB; empty means {}.
	Input   string
	RoleARN string
	// VersionARN and AliasARN say how the caller named the state machine; Revision names the state of its definition and
	// configuration. They are kept with the execution.
	VersionARN, AliasARN, Revision string
	// Token names the request: one with the same token is a repetition, which gets the execution that the first one started,
	// also when it is closed by now. Empty: no request is known again by it.
	Token string
}

// AWS's quotas.
const (
	inputLimit = 256 << 10 // bytes
	nameLimit  = 80        // characters
)

// record returns the execution that the request asks for.
func (r StartRequest) record() (Record, error) {
	of, err := arn.Parse(r.StateMachineARN)
	if err != nil {
		return Record{}, err
	}
	machineName, ok := strings.CutPrefix(of.Resource, "stateMachine:")
	if !ok || of.Service != "states" {
		return Record{}, fault.Invalidf("Invalid Arn: 'Resource type not valid in this context: %s'", of.Resource).WithCode("InvalidArn")
	}
	name, err := r.name()
	if err != nil {
		return Record{}, err
	}
	input, err := r.input()
	if err != nil {
		return Record{}, err
	}
	of.Resource = r.resource(machineName, name)
	return Record{
		Execution: machine.Execution{
			ARN: of.String(), Name: name, RoleARN: r.RoleARN, Region: of.Region,
			StateMachineARN: r.StateMachineARN, StateMachineName: machineName,
			StateMachineVersionARN: r.VersionARN, StateMachineAliasARN: r.AliasARN,
			StartTime: now(), Input: input,
		},
		Revision: r.Revision, Token: r.Token,
		Status: machine.RunningStatus,
	}, nil
}

// resource is the last part of the execution's ARN. One that is Express ends with an id, which a request that is repeated makes again.
func (r StartRequest) resource(machineName, name string) string {
	if !r.Express {
		return "execution:" + machineName + ":" + name
	}
	id := uuid.New()
	if r.Token != "" {
		id = uuid.NewSHA1(uuid.NameSpaceURL, []byte(r.StateMachineARN+"\n"+r.Token))
	}
	return "express:" + machineName + ":" + name + ":" + id.String()
}

// repeatable says whether an execution of the same ARN may be there already.
func (r StartRequest) repeatable() bool {
	if r.Express {
		return r.Token != ""
	}
	return r.Name != ""
}

func (r StartRequest) name() (string, error) {
	if r.Name == "" {
		return uuid.NewString(), nil
	}
	return r.Name, CheckName(r.Name)
}

// CheckName holds AWS's rule for names of executions, state machines and activities. Errors: InvalidName,
// ValidationException (Invalid).
func CheckName(name string) error {
	if utf8.RuneCountInString(name) > nameLimit {
		return invalidMember("name", name, nameLimit)
	}
	if strings.ContainsFunc(name, forbiddenInName) {
		return fault.Invalidf("Invalid Name: '%s'", name).WithCode("InvalidName")
	}
	return nil
}

func forbiddenInName(c rune) bool {
	return c <= ' ' || c >= 0x7f && c <= 0x9f || c == utf8.RuneError || strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", c)
}

func (r StartRequest) input() (value.Value, error) {
	if r.Input == "" {
		return value.EmptyObject(), nil
	}
	if len(r.Input) > inputLimit {
		return value.Value{}, invalidMember("input", "", inputLimit)
	}
	input, err := value.Parse(r.Input)
	if err != nil {
		return value.Value{}, fault.Invalidf("Invalid State Machine Execution Input: '%v'", err).WithCode("InvalidExecutionInput")
	}
	return input, nil
}

// invalidMember is AWS's complaint about a member that is too long; a text that is itself too long to show is left out.
func invalidMember(member, text string, limit int) error {
	at := "Value"
	if text != "" {
		at += " '" + text + "'"
	}
	return fault.Invalidf("1 validation error detected: %s at '%s' failed to satisfy constraint: "+
		"Member must have length less than or equal to %d", at, member, limit).WithCode("ValidationException")
}
