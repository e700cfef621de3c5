package console

import (
	"slices"
	"strings"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

// machineDetails shows what is kept with a state machine.
func (c *Console) machineDetails(r *request) (view.Page, error) {
	answer, p, head, err := r.described(view.DetailsTab)
	if err != nil {
		return p, err
	}
	shown := view.MachineDetails{
		MachineHead: head, Created: instant(answer, "creationDate"), Status: text(answer, "status"), Role: text(answer, "roleArn"),
		Revision: text(answer, "revisionId"), Description: text(answer, "description"),
	}
	logging, _ := answer.Get("loggingConfiguration")
	shown.Level = text(logging, "level")
	data, _ := logging.Get("includeExecutionData")
	shown.DataLogged = data.Truth()
	for _, d := range items(logging, "destinations") {
		group, _ := d.Get("cloudWatchLogsLogGroup")
		_, name, _ := strings.Cut(strings.TrimSuffix(text(group, "logGroupArn"), ":*"), ":log-group:")
		shown.LogGroup = view.Link{Text: name, URL: logGroupURL(name)}
	}
	tags, err := r.call("sfn", "ListTagsForResource", member("resourceArn", value.OfString(head.ARN)))
	for _, t := range items(tags, "tags") {
		shown.Tags = append(shown.Tags, view.Pair{Name: text(t, "key"), Value: text(t, "value")})
	}
	if err == nil {
		shown.Triggers, err = c.triggers(r, head.ARN)
	}
	p.Content = shown
	return p, err
}

// triggers are the schedules and rules that call something by its ARN, also through a version or an alias of it.
func (c *Console) triggers(r *request, arn string) ([]view.Trigger, error) {
	var all []view.Trigger
	for _, plan := range c.plans() {
		if slices.ContainsFunc(plan.Targets, func(t string) bool { return t == arn || strings.HasPrefix(t, arn+":") }) {
			all = append(all, triggerOf(plan))
		}
	}
	rules, err := r.call("eventbridge", "ListRuleNamesByTarget", member("TargetArn", value.OfString(arn)))
	if err != nil {
		return nil, err
	}
	for _, name := range items(rules, "RuleNames") {
		rule, err := r.call("eventbridge", "DescribeRule", member("Name", name))
		if err != nil {
			return nil, err
		}
		if pattern := text(rule, "EventPattern"); pattern != "" {
			all = append(all, view.Trigger{Link: view.Link{Text: name.Str(), URL: planURL(text(rule, "Arn"))}, When: pattern, State: text(rule, "State")})
		}
	}
	return all, nil
}

// plans are the schedules and the rules with schedules, the next first.
func (c *Console) plans() []target.Plan {
	if c.Plans == nil {
		return nil
	}
	plans := c.Plans()
	slices.SortFunc(plans, func(a, b target.Plan) int {
		if a.Next.IsZero() != b.Next.IsZero() {
			if a.Next.IsZero() {
				return 1
			}
			return -1
		}
		if by := a.Next.Compare(b.Next); by != 0 {
			return by
		}
		return strings.Compare(a.ARN, b.ARN)
	})
	return plans
}
