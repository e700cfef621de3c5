package console

import (
	"net/url"
	"strings"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/service/target"
	"github.com/stepwell/stepwell/value"
)

func (c *Console) scheduleArea() area {
	const schedule, rule = "/console/schedules/{group}/{name}", "/console/rules/{group}/{name}"
	return area{
		pages: []page{{"/console/schedules", c.schedules}, {schedule, c.schedule}, {rule, c.rule}},
		actions: []action{
			{schedule + "/enable", api.Admin, turnSchedule("ENABLED")}, {schedule + "/disable", api.Admin, turnSchedule("DISABLED")},
			{rule + "/enable", api.Admin, turnRule("EnableRule")}, {rule + "/disable", api.Admin, turnRule("DisableRule")},
		},
	}
}

// planURL is the page of a schedule or a rule, by its ARN.
func planURL(arn string) string {
	kind, name, _ := strings.Cut(arn[strings.LastIndexByte(arn, ':')+1:], "/")
	group, rest, nested := strings.Cut(name, "/")
	if !nested {
		group, rest = "default", name
	}
	page := "/console/schedules/"
	if kind == "rule" {
		page = "/console/rules/"
	}
	return page + url.PathEscape(group) + "/" + url.PathEscape(rest)
}

// isRule tells a rule's ARN from a schedule's.
func isRule(arn string) bool { return strings.Contains(arn, ":events:") }

func (c *Console) schedules(r *request) (view.Page, error) {
	var shown view.Schedules
	for _, plan := range c.plans() {
		kind := "schedule"
		if isRule(plan.ARN) {
			kind = "rule"
		}
		shown.Plans = append(shown.Plans, view.PlanRow{Trigger: triggerOf(plan), Kind: kind, Zone: plan.Zone, Last: plan.Last})
	}
	err := r.eachRule(func(rule value.Value) error {
		trigger, err := r.ruleTrigger(rule)
		if trigger.When != "" {
			shown.Rules = append(shown.Rules, trigger)
		}
		return err
	})
	if err == nil {
		shown.Letters, err = c.letters("events", "", letterOfCall)
	}
	return view.Page{Title: "Schedules and rules", Section: view.SchedulesSection, Content: shown}, err
}

// maxRules is how many rules of a bus are listed.
const maxRules = 100

// eachRule visits the rules of all buses.
func (r *request) eachRule(visit func(rule value.Value) error) error {
	buses, err := r.call("eventbridge", "ListEventBuses")
	for _, bus := range items(buses, "EventBuses") {
		rules, err := r.call("eventbridge", "ListRules", member("EventBusName", value.OfString(text(bus, "Name"))), member("Limit", value.OfInt(maxRules)))
		if err != nil {
			return err
		}
		for _, rule := range items(rules, "Rules") {
			if err := visit(rule); err != nil {
				return err
			}
		}
	}
	return err
}

// ruleTrigger is a rule that follows events; those with schedules are among the plans.
func (r *request) ruleTrigger(rule value.Value) (view.Trigger, error) {
	t := view.Trigger{Link: view.Link{Text: text(rule, "Name"), URL: planURL(text(rule, "Arn"))}, When: text(rule, "EventPattern"), State: text(rule, "State")}
	if t.When == "" {
		return t, nil
	}
	targets, err := r.call("eventbridge", "ListTargetsByRule", member("Rule", value.OfString(t.Text)), member("EventBusName", value.OfString(text(rule, "EventBusName"))))
	for _, one := range items(targets, "Targets") {
		t.Targets = append(t.Targets, targetLink(text(one, "Arn")))
	}
	return t, err
}

// turnSchedule makes a schedule enabled or disabled. The API changes a schedule as a whole.
func turnSchedule(state string) func(*request) (next, notice string, err error) {
	return func(r *request) (next, notice string, err error) {
		group, name := member("GroupName", value.OfString(r.PathValue("group"))), member("Name", value.OfString(r.PathValue("name")))
		now, err := r.call("scheduler", "GetSchedule", group, name)
		if err != nil {
			return "", "", err
		}
		members := []value.Member{member("State", value.OfString(state))}
		for _, m := range now.Members() {
			switch m.Key {
			case "Arn", "CreationDate", "LastModificationDate", "State":
			default:
				members = append(members, m)
			}
		}
		_, err = r.call("scheduler", "UpdateSchedule", members...)
		return "/console/schedules/" + url.PathEscape(r.PathValue("group")) + "/" + url.PathEscape(r.PathValue("name")), "The schedule is " + strings.ToLower(state) + ".", err
	}
}

func turnRule(operation string) func(*request) (next, notice string, err error) {
	return func(r *request) (next, notice string, err error) {
		_, err = r.call("eventbridge", operation, member("Name", value.OfString(r.PathValue("name"))), member("EventBusName", value.OfString(r.PathValue("group"))))
		notice = "The rule is enabled."
		if operation == "DisableRule" {
			notice = "The rule is disabled."
		}
		return "/console/rules/" + url.PathEscape(r.PathValue("group")) + "/" + url.PathEscape(r.PathValue("name")), notice, err
	}
}

// outcomes are the last calls of a schedule or a rule.
func (c *Console) outcomes(arn string) []view.OutcomeRow {
	if c.Outcomes == nil {
		return nil
	}
	var rows []view.OutcomeRow
	for _, o := range c.Outcomes(arn) {
		rows = append(rows, outcomeRow(o))
	}
	return rows
}

func outcomeRow(o target.Outcome) view.OutcomeRow {
	row := view.OutcomeRow{At: o.At, Target: targetLink(o.ARN), Attempt: o.Attempt, Status: "reached", Error: o.Error}
	switch {
	case o.GivenUp:
		row.Status = "given up"
	case o.Error != "":
		row.Status = "failed"
	case strings.Contains(o.ARN, ":states:") && strings.Contains(o.ARN, ":stateMachine:"):
		execution := strings.Replace(o.ARN, ":stateMachine:", ":execution:", 1) + ":" + o.ID
		row.Result = view.Link{Text: o.ID, URL: executionURL(execution)}
	}
	return row
}
