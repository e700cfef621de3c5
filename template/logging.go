package template

import "strings"

// Logging is where a state machine writes the histories of its executions: LoggingConfiguration, in SAM Logging.
type Logging struct {
	Level                string // ALL, ERROR, FATAL or OFF
	IncludeExecutionData bool
	LogGroupARN          string // empty at OFF
}

// logging reads the logging of a state machine.
func (e *evaluator) logging(r *resource, n *node) Logging {
	l := Logging{Level: "OFF"}
	if n == nil {
		return l
	}
	if level, ok := e.member(n, "Level"); ok {
		l.Level = level
	}
	data, _ := e.member(n, "IncludeExecutionData")
	l.IncludeExecutionData = data == "true"
	var destinations []*node
	if list := n.get("Destinations"); list != nil {
		destinations = list.items
	}
	if len(destinations) == 1 {
		l.LogGroupARN, _ = e.member(destinations[0].get("CloudWatchLogsLogGroup"), "LogGroupArn")
	}
	switch l.Level {
	case "OFF":
	case "ALL", "ERROR", "FATAL":
		if !strings.Contains(l.LogGroupARN, ":log-group:") {
			e.find(n.at, "the logging of %s needs exactly one destination, a CloudWatchLogsLogGroup with the LogGroupArn of a log group", r.id)
		}
	default:
		e.find(n.at, "the logging level %q of %s is not ALL, ERROR, FATAL or OFF", l.Level, r.id)
	}
	return l
}
