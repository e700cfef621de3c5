package asl

import "github.com/stepwell/stepwell/value"

func (o *object) readTask(s *State) {
	s.Parameters = o.template("Parameters")
	s.Task = &Task{
		Resource:         o.resource(),
		Credentials:      o.credentials(),
		TimeoutSeconds:   o.numberOrPath("TimeoutSeconds", limits{1, maxSeconds}),
		HeartbeatSeconds: o.numberOrPath("HeartbeatSeconds", limits{1, maxSeconds}),
	}
	o.heartbeatWithinTimeout(s.Task)
	o.readResult(s)
}

func (o *object) heartbeatWithinTimeout(t *Task) {
	timeout, heartbeat := t.TimeoutSeconds.Constant, t.HeartbeatSeconds.Constant
	if timeout != nil && heartbeat != nil && *heartbeat >= *timeout {
		o.invalid(o.at("HeartbeatSeconds"), "HeartbeatSeconds must be smaller than TimeoutSeconds")
	}
}

// credentials reads Credentials, which must name a role.
func (o *object) credentials() *Template {
	n := o.typed("Credentials", value.Object)
	if n == nil {
		return nil
	}
	if n.get("RoleArn") == nil && (o.jsonata || n.get("RoleArn.$") == nil) {
		o.invalid(o.at("Credentials"), "The field 'RoleArn' is required but was missing")
	}
	if o.jsonata {
		return nil
	}
	return o.compile(n, o.at("Credentials"))
}
