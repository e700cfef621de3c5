package console

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/value"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// findExecutions finds executions by their ARN or by the beginning of their name.
func (c *Console) findExecutions(r *request, words string) ([]view.SearchHit, error) {
	if strings.HasPrefix(words, "arn:") {
		run, err := c.Engine.Describe(r.Context(), words)
		if err != nil {
			return nil, err
		}
		return []view.SearchHit{c.executionHit(run)}, nil
	}
	var hits []view.SearchHit
	answer, err := r.call("sfn", "ListStateMachines", member("maxResults", value.OfInt(maxListed)))
	for _, m := range items(answer, "stateMachines") {
		filter := engine.Filter{StateMachineARN: text(m, "stateMachineArn"), Name: words}
		runs, _, err := c.Engine.List(r.Context(), filter, engine.Page{Limit: maxHits + 1 - len(hits), Brief: true})
		if err != nil {
			return nil, err
		}
		for _, run := range runs {
			hits = append(hits, c.executionHit(run))
		}
		if len(hits) > maxHits {
			break
		}
	}
	return hits, err
}

// maxListed is how many state machines are looked at.
const maxListed = 1000

func (c *Console) executionHit(run engine.Record) view.SearchHit {
	return view.SearchHit{
		Link: view.Link{Text: run.Name, URL: executionURL(run.ARN)}, Status: string(run.Status), Note: run.StateMachineName + ", " + run.StartTime.Format(time.DateTime),
	}
}

// named are the things of a list whose names have the words in them; not more than one too many.
func named(list []value.Value, words string, link func(value.Value) view.Link) []view.SearchHit {
	var hits []view.SearchHit
	for _, item := range list {
		if l := link(item); has(l.Text, words) && len(hits) <= maxHits {
			hits = append(hits, view.SearchHit{Link: l})
		}
	}
	return hits
}

func (c *Console) findMachines(r *request, words string) ([]view.SearchHit, error) {
	answer, err := r.call("sfn", "ListStateMachines", member("maxResults", value.OfInt(maxListed)))
	return named(items(answer, "stateMachines"), nameOf(words), func(m value.Value) view.Link {
		return view.Link{Text: text(m, "name"), URL: machineURL(text(m, "stateMachineArn"))}
	}), err
}

func (c *Console) findFunctions(r *request, words string) ([]view.SearchHit, error) {
	answer, err := r.call("lambda", "ListFunctions")
	return named(items(answer, "Functions"), nameOf(words), func(f value.Value) view.Link {
		return view.Link{Text: text(f, "FunctionName"), URL: functionURL(text(f, "FunctionName"))}
	}), err
}

func (c *Console) findTopics(r *request, words string) ([]view.SearchHit, error) {
	answer, err := r.call("sns", "ListTopics")
	return named(items(answer, "Topics"), nameOf(words), func(t value.Value) view.Link {
		arn := text(t, "TopicArn")
		return view.Link{Text: nameOf(arn), URL: topicURL(arn)}
	}), err
}

func (c *Console) findDynamo(r *request, words string) ([]view.SearchHit, error) {
	answer, err := r.call("dynamodb", "ListTables")
	return named(items(answer, "TableNames"), nameOf(words), func(t value.Value) view.Link {
		return view.Link{Text: t.Str(), URL: "/console/tables/" + url.PathEscape(t.Str())}
	}), err
}

// findLogGroups looks for the words anywhere in the name, as the API does with a pattern.
func (c *Console) findLogGroups(r *request, words string) ([]view.SearchHit, error) {
	answer, err := r.call("cloudwatchlogs", "DescribeLogGroups", member("logGroupNamePattern", value.OfString(words)))
	return named(items(answer, "logGroups"), "", func(g value.Value) view.Link {
		name := text(g, "logGroupName")
		return view.Link{Text: name, URL: logGroupURL(name)}
	}), err
}

func (c *Console) findSchedules(r *request, words string) ([]view.SearchHit, error) {
	var hits []view.SearchHit
	for _, plan := range c.plans() {
		if has(plan.Name, words) {
			hits = append(hits, view.SearchHit{Link: view.Link{Text: plan.Name, URL: planURL(plan.ARN)}, Status: plan.State, Note: plan.Expression})
		}
	}
	err := r.eachRule(func(rule value.Value) error {
		if name := text(rule, "Name"); has(name, words) && text(rule, "EventPattern") != "" {
			hits = append(hits, view.SearchHit{Link: view.Link{Text: name, URL: planURL(text(rule, "Arn"))}, Status: text(rule, "State"), Note: text(rule, "EventPattern")})
		}
		return nil
	})
	return hits, err
}

// findJobs finds jobs by their id or by the beginning of their name, in all queues.
func (c *Console) findJobs(r *request, words string) ([]view.SearchHit, error) {
	var hits []view.SearchHit
	described, err := r.call("batch", "DescribeJobs", member("jobs", value.OfStrings(words)))
	for _, j := range items(described, "jobs") {
		hits = append(hits, view.SearchHit{Link: view.Link{Text: text(j, "jobName"), URL: jobURL(text(j, "jobId"))}, Status: text(j, "status"), Note: text(j, "jobId")})
	}
	if err != nil || len(hits) > 0 {
		return hits, err
	}
	queues, err := r.call("batch", "DescribeJobQueues")
	filter := value.OfItems([]value.Value{value.OfMembers(member("name", value.OfString("JOB_NAME")), member("values", value.OfStrings(words+"*")))})
	for _, q := range items(queues, "jobQueues") {
		answer, err := r.call("batch", "ListJobs", member("jobQueue", value.OfString(text(q, "jobQueueName"))), member("filters", filter), member("maxResults", value.OfInt(maxHits+1)))
		if err != nil {
			return hits, err
		}
		for _, j := range items(answer, "jobSummaryList") {
			row := c.jobRow(j)
			hits = append(hits, view.SearchHit{Link: row.Link, Status: row.Status, Note: row.Created.Format(time.DateTime)})
		}
	}
	return hits, err
}

// findTables looks into the catalog of the warehouse.
func (c *Console) findTables(r *request, words string) ([]view.SearchHit, error) {
	const sql = `select table_schema, table_name, table_type from svv_tables
		where position(lower(:words) in lower(table_schema || '.' || table_name)) > 0 and table_schema not in ('pg_catalog', 'information_schema')
		order by 1, 2 limit 11`
	var hits []view.SearchHit
	err := c.ask(r.Context(), sql, map[string]string{"words": words}, func(values []any) error {
		schema, name, kind := asText(values[0]), asText(values[1]), asText(values[2])
		hits = append(hits, view.SearchHit{Link: view.Link{Text: schema + "." + name, URL: tableURL(schema, name)}, Note: strings.ToLower(kind)})
		return nil
	})
	return hits, err
}

func asText(v any) string {
	text, _ := v.(string)
	return text
}

// findStatements finds what ran by any words in it.
func (c *Console) findStatements(r *request, words string) ([]view.SearchHit, error) {
	ctx, cancel := context.WithTimeout(r.Context(), askLimit)
	defer cancel()
	found, err := c.Warehouse.Statements(ctx, querylog.Filter{Contains: words}, querylog.Page{Limit: maxHits + 1})
	if ctx.Err() != nil && r.Context().Err() == nil {
		return nil, busy()
	}
	var hits []view.SearchHit
	for _, q := range found {
		hits = append(hits, view.SearchHit{Link: view.Link{Text: strings.Join(strings.Fields(q.Text), " "), URL: statementURL(q.ID)}, Status: string(q.Status), Note: q.Started.Format(time.DateTime)})
	}
	return hits, err
}
