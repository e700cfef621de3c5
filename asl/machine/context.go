package machine

import (
	"time"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

const contextTime = "2006-01-02T15:04:05.000Z"

func timestamp(key string, at time.Time) value.Member {
	return text(key, at.UTC().Format(contextTime))
}

// context returns the context object as a state sees it. It is built on first need: most states never look at it.
func (m *Machine) context(v *visit) value.Value {
	if v.context.IsZero() {
		v.context = m.contextWith(v, v.frame.iteration())
	}
	return v.context
}

// contextWith returns the context object with Map.Item taken from an iteration, which may be nil.
func (m *Machine) contextWith(v *visit, iteration *frame) value.Value {
	m.buildFixedContext()
	members := []value.Member{
		member("Execution", m.executionContext), member("StateMachine", m.machineContext), member("State", m.stateContext(v)),
	}
	if iteration != nil {
		members = append(members, member("Map", value.OfMembers(member("Item", iteration.itemContext()))))
	}
	if v.token != "" {
		members = append(members, member("Task", value.OfMembers(text("Token", v.token))))
	}
	context := value.OfMembers(members...)
	if m.trial != nil {
		for _, given := range m.trial.options.Context.Members() {
			context = context.With(given.Key, given.Value)
		}
	}
	return context
}

func (f *frame) itemContext() value.Value {
	members := []value.Member{number("Index", int64(f.index))}
	if f.key != nil {
		members = append(members, text("Key", *f.key))
	}
	members = append(members, member("Value", f.item))
	if f.source != "" {
		members = append(members, text("Source", f.source))
	}
	return value.OfMembers(members...)
}

func (m *Machine) buildFixedContext() {
	if !m.executionContext.IsZero() {
		return
	}
	x := m.execution
	members := []value.Member{
		text("Id", x.ARN), member("Input", x.Input), timestamp("StartTime", x.StartTime), text("Name", x.Name), text("RoleArn", x.RoleARN),
	}
	if !x.Express() {
		members = append(members, number("RedriveCount", m.redrives))
	}
	if m.redrives > 0 {
		members = append(members, timestamp("RedriveTime", m.redriven))
	}
	m.executionContext = value.OfMembers(members...)
	m.machineContext = value.OfMembers(text("Id", x.StateMachineARN), text("Name", x.StateMachineName))
}

// stateContext is the State of the context object. What can be tried again tells how often it was.
func (m *Machine) stateContext(v *visit) value.Value {
	members := []value.Member{text("Name", v.state.Name), timestamp("EnteredTime", v.enteredAt)}
	if v.state.Type == asl.TaskType || v.forks() && m.version >= countedForks {
		members = append(members, number("RetryCount", int64(v.retries)))
	}
	return value.OfMembers(members...)
}

// iteration returns the innermost iteration of Map that the frame is part of.
func (f *frame) iteration() *frame {
	for ; f != nil; f = f.outer() {
		if !f.item.IsZero() {
			return f
		}
	}
	return nil
}
