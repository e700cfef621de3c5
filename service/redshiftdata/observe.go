package redshiftdata

import (
	"time"

	"github.com/stepwell/stepwell/value"
)

// Observe makes f hear of every change of a statement's status: its id and a JSON array of one object, with the names of
// DescribeStatement. The SQL is not in it, because it may hold secrets. F has to return at once.
func Observe(f func(id string, news []byte)) Option {
	return func(s *Service) { s.observe = f }
}

// statusTypes are the types of the news about a status.
var statusTypes = map[status]string{
	submitted: "StatementSubmitted", picked: "StatementPicked", started: "StatementStarted",
	finished: "StatementFinished", failed: "StatementFailed", aborted: "StatementAborted",
}

// news describes the statement as it is now.
func (r *statementRecord) news() []byte {
	var members []value.Member
	add := func(name string, v value.Value) { members = append(members, value.Member{Key: name, Value: v}) }
	addText := func(name, text string) {
		if text != "" {
			add(name, value.OfString(text))
		}
	}
	to := r.to()
	add("timestamp", value.OfString(r.UpdatedAt.Format(time.RFC3339Nano)))
	addText("type", statusTypes[r.Status])
	addText("id", r.ID)
	addText("status", string(r.Status))
	addText("statementName", r.Request.StatementName)
	addText("clusterIdentifier", to.ClusterIdentifier)
	addText("workgroupName", to.WorkgroupName)
	addText("database", to.Database)
	addText("dbUser", to.DbUser)
	addText("error", r.Error)
	if r.Status.over() {
		add("duration", value.OfInt(max(int64(r.Duration), 0)))
		add("resultRows", value.OfInt(r.ResultRows))
	}
	return []byte("[" + value.OfMembers(members...).Compact() + "]")
}
