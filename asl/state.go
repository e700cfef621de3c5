package asl

import (
	"strings"

	"github.com/stepwell/stepwell/value"
)

// types are the state types in the order in which AWS lists them.
var types = []Type{TaskType, WaitType, PassType, SucceedType, FailType, ChoiceType, ParallelType, MapType}

func typeNames() []string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = string(t)
	}
	return names
}

// readState reads a state into the level that is being read and closes the object.
func (o *object) readState(name string) *State {
	s := &State{Name: name, Position: o.position, Comment: o.text("Comment")}
	s.Type = o.stateType()
	if s.Type == "" || !o.stateLanguage() {
		o.level.broken = true
		return s
	}
	if o.jsonata {
		o.readJSONata(s)
	} else {
		o.readJSONPath(s)
	}
	o.close()
	return s
}

func (o *object) stateType() Type {
	o.require("Type")
	n := o.typed("Type", value.String)
	if n == nil {
		return ""
	}
	for _, t := range types {
		if n.text == string(t) {
			return t
		}
	}
	names := typeNames()
	o.invalid(o.at("Type"), "The field 'Type' should have one of these values: [%s]", strings.Join(names, ", ")).Hint = didYouMean(n.text, names)
	return ""
}

func (o *object) readJSONPath(s *State) {
	if s.Type != FailType {
		s.InputPath = o.path("InputPath")
		s.OutputPath = o.path("OutputPath")
	}
	switch s.Type {
	case TaskType:
		o.readTask(s)
	case PassType:
		o.readPass(s)
	case ChoiceType:
		o.readChoice(s)
	case WaitType:
		o.readWait(s)
	case FailType:
		o.readFail(s)
	case ParallelType:
		o.readParallel(s)
	case MapType:
		o.readMap(s)
	}
	o.leave(s)
}

// leave reads how a state ends and what it assigns then.
func (o *object) leave(s *State) {
	switch s.Type {
	case SucceedType, FailType:
		o.level.terminal = true
		return
	}
	if !o.jsonata {
		s.Assign = o.assign()
	}
	if s.Type == ChoiceType {
		return
	}
	s.End = o.flag("End")
	o.level.terminal = o.level.terminal || s.End
	s.Next = o.target("Next")
	end := o.node.get("End")
	switch {
	case s.Next != "" && s.End:
		o.atMostOne("Next", "End")
	case !o.has("Next") && !s.End:
		o.level.broken = true
		if end == nil || end.kind == value.Bool {
			o.invalid(o.place, "This object should have only one of the following fields: [Next, End]")
		}
	}
}

// readResult reads what Task, Parallel and Map have in common.
func (o *object) readResult(s *State) {
	s.ResultSelector = o.template("ResultSelector")
	s.ResultPath = o.resultPath()
	s.Retry = o.retriers()
	s.Catch = o.catchers()
}

func (o *object) readPass(s *State) {
	s.Parameters = o.template("Parameters")
	s.ResultPath = o.resultPath()
	if n := o.field("Result"); n != nil {
		s.Result = n.value()
		o.warnStaticResult(n)
	}
}

func (o *object) warnStaticResult(n *node) {
	for _, m := range n.members {
		if strings.HasSuffix(m.key, ".$") {
			at := place{o.location + "/Result", o.state, m.position}
			o.warn(PassResultIsStatic, at, "The Result of a Pass state is taken as it stands: '%s' is not evaluated; use Parameters", m.key)
		}
	}
}

func (o *object) readFail(s *State) {
	s.Fail = &Fail{Error: o.failText("Error"), Cause: o.failText("Cause")}
}

func (o *object) failText(name string) Text {
	o.atMostOne(name, name+"Path")
	return Text{Constant: o.constant(name), Path: o.textPath(name + "Path")}
}

func (o *object) constant(name string) *string {
	if n := o.typed(name, value.String); n != nil {
		return &n.text
	}
	return nil
}
