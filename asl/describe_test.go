package asl_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/asl/intrinsic"
)

// describe prints a definition: a line for each state with what it has.
func describe(m *asl.StateMachine) string {
	var out strings.Builder
	if m.Comment != "" || m.TimeoutSeconds != 0 || m.Version != "" {
		fmt.Fprintf(&out, "machine version=%q comment=%q timeout=%d\n", m.Version, m.Comment, m.TimeoutSeconds)
	}
	describeWorkflow(&out, &m.Workflow, "")
	for _, name := range slices.Sorted(maps.Keys(m.VariableReferences)) {
		fmt.Fprintf(&out, "%s reads %v\n", name, m.VariableReferences[name])
	}
	for _, w := range m.Warnings {
		fmt.Fprintf(&out, "warning %s %s: %s\n", w.Code, w.Location, w.String())
	}
	return out.String()
}

func describeWorkflow(out *strings.Builder, w *asl.Workflow, indent string) {
	for _, s := range w.States {
		mark := " "
		if s.Name == w.StartAt {
			mark = ">"
		}
		fmt.Fprintf(out, "%s%s%s %s%s\n", indent, mark, s.Name, s.Type, describeState(s))
		if s.Choice != nil {
			for _, r := range s.Choice.Choices {
				if r.JSONata != nil {
					fmt.Fprintf(out, "%s  if then %s%s\n", indent, r.Next, queries(r.JSONata))
					continue
				}
				fmt.Fprintf(out, "%s  if %s then %s%s\n", indent, describeCondition(r.Condition), r.Next, template(" assign", r.Assign))
			}
		}
		for _, r := range s.Retry {
			fmt.Fprintf(out, "%s  retry %v interval=%d attempts=%d rate=%v delay=%d jitter=%v\n", indent,
				r.ErrorEquals, r.IntervalSeconds, r.MaxAttempts, r.BackoffRate, r.MaxDelaySeconds, r.FullJitter)
		}
		for _, c := range s.Catch {
			fmt.Fprintf(out, "%s  catch %v then %s%s%s\n", indent, c.ErrorEquals, c.Next, path(" result", c.ResultPath), template(" assign", c.Assign)+queries(c.JSONata))
		}
		if s.Parallel != nil {
			for i, b := range s.Parallel.Branches {
				fmt.Fprintf(out, "%s  branch %d\n", indent, i)
				describeWorkflow(out, b, indent+"   ")
			}
		}
		if s.Map != nil {
			fmt.Fprintf(out, "%s  processor%s%s%s%s%s\n", indent, path(" items", s.Map.ItemsPath), template(" selector", s.Map.ItemSelector),
				number(" concurrency", s.Map.MaxConcurrency), number(" count", s.Map.ToleratedFailureCount),
				number(" percentage", s.Map.ToleratedFailurePercentage))
			describeWorkflow(out, s.Map.Processor, indent+"   ")
		}
	}
}

func describeState(s *asl.State) string {
	out := path(" input", s.InputPath) + template(" parameters", s.Parameters)
	if !s.Result.IsZero() {
		out += " result=" + s.Result.Text()
	}
	if s.Task != nil {
		out += " resource=" + s.Task.Resource + template(" credentials", s.Task.Credentials) +
			number(" timeout", s.Task.TimeoutSeconds) + number(" heartbeat", s.Task.HeartbeatSeconds)
	}
	if s.Wait != nil {
		out += number(" seconds", s.Wait.Seconds) + text(" timestamp", s.Wait.Timestamp)
	}
	if s.Fail != nil {
		out += text(" error", s.Fail.Error) + text(" cause", s.Fail.Cause)
	}
	out += template(" selector", s.ResultSelector) + path(" result", s.ResultPath) + path(" output", s.OutputPath) + template(" assign", s.Assign)
	out += queries(s.JSONata)
	if s.Choice != nil && s.Choice.Default != "" {
		out += " default=" + s.Choice.Default
	}
	if s.Next != "" {
		out += " next=" + s.Next
	}
	if s.End {
		out += " end"
	}
	return out
}

func describeCondition(c asl.Condition) string {
	switch {
	case c.Compare != nil && c.Compare.AgainstPath != nil:
		return fmt.Sprintf("%s %s %s", c.Compare.Variable, c.Compare.Operator, c.Compare.AgainstPath)
	case c.Compare != nil:
		return fmt.Sprintf("%s %s %s", c.Compare.Variable, c.Compare.Operator, c.Compare.Against)
	case c.Not != nil:
		return "not " + describeCondition(*c.Not)
	}
	var parts []string
	for _, part := range append(c.And, c.Or...) {
		parts = append(parts, describeCondition(part))
	}
	if c.And != nil {
		return "(" + strings.Join(parts, " and ") + ")"
	}
	return "(" + strings.Join(parts, " or ") + ")"
}

func path(name string, f asl.PathField) string {
	switch {
	case f.Null:
		return name + "=null"
	case f.Expr != nil:
		return name + "=" + f.Expr.String()
	}
	return ""
}

func template(name string, t *asl.Template) string {
	if t == nil {
		return ""
	}
	return fmt.Sprintf("%s%v", name, t.Names())
}

func number(name string, n asl.Number) string {
	if n.Constant != nil {
		return fmt.Sprintf("%s=%v", name, *n.Constant)
	}
	return expression(name, n.Path) + query(name, n.Query)
}

func text(name string, t asl.Text) string {
	if t.Constant != nil {
		return fmt.Sprintf("%s=%q", name, *t.Constant)
	}
	return expression(name, t.Path) + query(name, t.Query)
}

func queries(q *asl.Queries) string {
	if q == nil {
		return ""
	}
	return query(" condition", q.Condition) + query(" arguments", q.Arguments) + query(" credentials", q.Credentials) +
		query(" items", q.Items) + query(" selector", q.ItemSelector) + query(" output", q.Output) + query(" assign", q.Assign)
}

func query(name string, q *asl.Query) string {
	if q == nil {
		return ""
	}
	if text, ok := q.Expression(); ok {
		return name + "=(" + text + ")"
	}
	return name + "@" + q.Location()
}

func expression(name string, e *intrinsic.Expression) string {
	if e == nil {
		return ""
	}
	return name + "=" + e.String()
}
