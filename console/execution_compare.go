package console

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/warehouse/querylog"
)

// comparable is how many of the last executions one can be compared with.
const comparable = 20

// compare puts the execution beside another one of the same state machine: the one that the address names, else the last
// before it that succeeded.
func (p *executionPage) compare() error {
	runs, err := p.others()
	if err != nil {
		return err
	}
	x := &view.Comparison{}
	p.shown.Comparison = x
	other, err := p.chosenOther(runs)
	if err != nil {
		return err
	}
	for _, run := range runs {
		x.Choices = append(x.Choices, view.Option{
			Value: run.ARN, Text: run.Name + ", " + run.StartTime.UTC().Format("2006-01-02 15:04:05") + ", " + strings.ToLower(string(run.Status)),
			Chosen: other != nil && run.ARN == other.ARN,
		})
	}
	if other == nil {
		x.Note = "There is no other execution of this state machine to compare with."
		return nil
	}
	run := p.console.runOf(*other)
	x.Other = &run
	x.Input = view.Difference(view.Pretty(other.Input.Text()), view.Pretty(p.record.Input.Text()))
	x.Output, x.NoOutput = differentOutput(*other, p.record)
	if err := p.comparedStates(x, *other); err != nil {
		return err
	}
	x.Tables, err = p.comparedTables(*other)
	if err != nil {
		x.Note = "The rows that the two wrote are not compared: " + p.sourceProblem(err)
	}
	return nil
}

// differentOutput compares the outputs of two executions, where both have one.
func differentOutput(other, this engine.Record) (lines []view.DifferenceLine, missing string) {
	switch {
	case other.Status != machine.Succeeded && this.Status != machine.Succeeded:
		return nil, "Neither of them has an output."
	case other.Status != machine.Succeeded:
		return nil, "The other one has no output."
	case this.Status != machine.Succeeded:
		return nil, "This one has no output."
	}
	return view.Difference(view.Pretty(other.Output.Text()), view.Pretty(this.Output.Text())), ""
}

// others are the last executions but this one, the newest first.
func (p *executionPage) others() ([]engine.Record, error) {
	filter := engine.Filter{StateMachineARN: p.record.StateMachineARN, MapRunARN: p.record.MapRunARN}
	runs, _, err := p.console.Engine.List(p.Context(), filter, engine.Page{Limit: comparable + 1})
	runs = slices.DeleteFunc(runs, func(r engine.Record) bool { return r.ARN == p.record.ARN })
	return runs[:min(len(runs), comparable)], err
}

// chosenOther is the execution to compare with; nil when there is none. One that is named need not be one of the last.
func (p *executionPage) chosenOther(runs []engine.Record) (*engine.Record, error) {
	if arn := p.URL.Query().Get("with"); arn != "" {
		other, err := p.console.Engine.Describe(p.Context(), arn)
		if err == nil && other.StateMachineARN != p.record.StateMachineARN {
			err = fault.Invalidf("%s is an execution of another state machine", other.Name)
		}
		return &other, err
	}
	for i := range runs {
		if runs[i].Status == machine.Succeeded && runs[i].StartTime.Before(p.record.StartTime) {
			return &runs[i], nil
		}
	}
	if len(runs) == 0 {
		return nil, nil
	}
	return &runs[0], nil
}

// comparedStates pairs the states of both by their names, in the order in which the first of them was entered.
func (p *executionPage) comparedStates(x *view.Comparison, other engine.Record) error {
	others, otherNames, err := p.statesOf(other)
	if err != nil {
		return err
	}
	mine := p.history.summaries(p.console.Now())
	names := p.history.record.States()
	for _, name := range otherNames {
		if mine[name] == nil {
			names = append(names, name)
		}
	}
	longest := time.Duration(0)
	for _, name := range names {
		pair := view.StatePair{Name: name}
		if s := mine[name]; s != nil {
			pair.Status, pair.Took, pair.URL = s.Status, s.Took, p.stateURL(name)
		}
		if s := others[name]; s != nil {
			pair.OtherStatus, pair.OtherTook = s.Status, s.Took
		}
		longest = max(longest, pair.Took, pair.OtherTook)
		x.States = append(x.States, pair)
	}
	for i := range x.States {
		x.States[i].Longest = longest
	}
	return nil
}

// statesOf returns the states of another execution. This one's history is let go meanwhile: somebody may compare the two the other
// way round.
func (p *executionPage) statesOf(other engine.Record) (map[string]*summary, []string, error) {
	p.history.mu.Unlock()
	defer p.history.mu.Lock()
	h, err := p.console.histories.open(p.Context(), p.console.Engine, other)
	if err != nil {
		return nil, nil, err
	}
	defer h.mu.Unlock()
	return h.summaries(p.console.Now()), h.record.States(), nil
}

// comparedTables counts the rows that the statements of both wrote into each table.
func (p *executionPage) comparedTables(other engine.Record) ([]view.TablePair, error) {
	ctx, cancel := context.WithTimeout(p.Context(), patience)
	defer cancel()
	mine, err := p.written(ctx, p.record.ARN)
	if err != nil {
		return nil, err
	}
	theirs, err := p.written(ctx, other.ARN)
	if err != nil {
		return nil, err
	}
	var pairs []view.TablePair
	for table, rows := range mine {
		pair := view.TablePair{Table: view.Link{Text: table, URL: relationURL(table)}, Rows: rows, OtherRows: -1}
		if others, both := theirs[table]; both {
			pair.OtherRows = others
		}
		pairs = append(pairs, pair)
	}
	for table, rows := range theirs {
		if _, both := mine[table]; !both {
			pairs = append(pairs, view.TablePair{Table: view.Link{Text: table, URL: relationURL(table)}, Rows: -1, OtherRows: rows})
		}
	}
	slices.SortFunc(pairs, func(a, b view.TablePair) int { return strings.Compare(a.Table.Text, b.Table.Text) })
	return pairs, nil
}

// written counts the rows that an execution's statements put into tables. Temporary tables do not count, nor do rows that were deleted.
func (p *executionPage) written(ctx context.Context, arn string) (map[string]int64, error) {
	list, err := p.console.Warehouse.Statements(ctx, querylog.Filter{Execution: arn, Status: querylog.Succeeded, Inner: true}, querylog.Page{Limit: maxWritten})
	rows := map[string]int64{}
	for _, q := range list {
		if puts(q) {
			rows[q.Writes[0]] += q.Rows
		}
	}
	return rows, err
}

// maxWritten is how many of an execution's statements are read to count what it wrote.
const maxWritten = 5_000

func temporary(table string) bool { return strings.HasPrefix(table, "pg_temp.") }
