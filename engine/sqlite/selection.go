package sqlite

import (
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

// selection is the condition of a query for executions.
type selection struct {
	conditions []string
	args       []any
}

func (s *selection) require(condition string, args ...any) {
	s.conditions = append(s.conditions, condition)
	s.args = append(s.args, args...)
}

func (s *selection) where() string { return " WHERE " + strings.Join(s.conditions, " AND ") }

// choose makes the condition of what a filter chooses on a page. It looks into the database for how to ask.
func choose(conn *sqlite.Conn, filter engine.Filter, page engine.Page) (*selection, error) {
	s := &selection{conditions: []string{"TRUE"}}
	s.requireMachine(filter)
	if filter.Redriven != nil {
		s.require("(redrive_count > 0) = ?", *filter.Redriven)
	}
	switch {
	case filter.MapRunARN != "":
		s.require("map_run = (SELECT id FROM map_run WHERE arn = ?)", filter.MapRunARN)
	case !filter.Children:
		s.require("map_run IS NULL")
	}
	if page.After != 0 {
		s.require("id < ?", page.After)
	}
	if err := s.requireName(conn, filter); err != nil {
		return nil, err
	}
	return s, s.requireTimes(conn, filter)
}

func (s *selection) requireMachine(filter engine.Filter) {
	if filter.StateMachineARN != "" {
		s.require("state_machine_arn = ?", filter.StateMachineARN)
	}
	if filter.Version != "" {
		s.require("version_arn = ?", filter.Version)
	}
	if filter.Alias != "" {
		s.require("alias_arn = ?", filter.Alias)
	}
	// SQLite takes a partial index only when its condition stands in the query.
	switch filter.Status {
	case "":
	case machine.RunningStatus:
		s.require("status = 'RUNNING'")
	case machine.Succeeded:
		s.require("status = ?", string(filter.Status))
	default:
		s.require("status = ? AND status NOT IN ('RUNNING', 'SUCCEEDED')", string(filter.Status))
	}
}

// fewNames is up to how many names with the same beginning are looked for by name. More are met soon enough in a walk from the newest.
const fewNames = 5000

// requireName looks among the ARNs of a state machine's executions, which end with the name, where there are few that fit.
func (s *selection) requireName(conn *sqlite.Conn, filter engine.Filter) error {
	if filter.Name == "" {
		return nil
	}
	number := fewNames
	named, args := "", []any(nil)
	if filter.StateMachineARN != "" {
		named, args = byARN(filter)
		number = 0
		err := query(conn, named+" LIMIT ?", append(args[:len(args):len(args)], fewNames), func(*sqlite.Stmt) error {
			number++
			return nil
		})
		if err != nil {
			return err
		}
	}
	if number < fewNames {
		s.require("id IN ("+named+")", args...)
	} else {
		s.require("name >= ? AND name < ?", filter.Name, filter.Name+beyond)
	}
	return nil
}

// beyond is greater than what follows the beginning of a name.
const beyond = "\U0010ffff"

// byARN finds executions by the beginning of their ARN. Those of Express state machines have another one.
func byARN(filter engine.Filter) (text string, args []any) {
	for _, kind := range []string{":execution:", ":express:"} {
		begin := strings.Replace(filter.StateMachineARN, ":stateMachine:", kind, 1) + ":" + filter.Name
		args = append(args, begin, begin+beyond)
	}
	return "SELECT id FROM execution WHERE arn >= ? AND arn < ? UNION ALL SELECT id FROM execution WHERE arn >= ? AND arn < ?", args
}

// drift is by how much the order of starts and the order of ids, which commits give, may differ.
const drift = time.Minute

// requireTimes finds the ids between two moments, because there is no index of times: it is the same order.
func (s *selection) requireTimes(conn *sqlite.Conn, filter engine.Filter) error {
	if !filter.From.IsZero() {
		first, err := firstSince(conn, filter.From.Add(-drift))
		if err != nil {
			return err
		}
		s.require("id >= ? AND start_time >= ?", first, filter.From.UnixMilli())
	}
	if !filter.To.IsZero() {
		end, err := firstSince(conn, filter.To.Add(drift))
		if err != nil {
			return err
		}
		s.require("id < ? AND start_time < ?", end, filter.To.UnixMilli())
	}
	return nil
}

// firstSince returns the id of the first execution that was started at a moment or later; one behind the last when there is none.
func firstSince(conn *sqlite.Conn, moment time.Time) (int64, error) {
	low, high := int64(1), int64(1)
	err := query(conn, "SELECT coalesce(max(id), 0) + 1 FROM execution", nil, func(stmt *sqlite.Stmt) error {
		high = stmt.ColumnInt64(0)
		return nil
	})
	for err == nil && low < high {
		middle := low + (high-low)/2
		next, later := high, true
		err = query(conn, "SELECT id, start_time >= ? FROM execution WHERE id >= ? ORDER BY id LIMIT 1", []any{moment.UnixMilli(), middle}, func(stmt *sqlite.Stmt) error {
			next, later = stmt.ColumnInt64(0), stmt.ColumnBool(1)
			return nil
		})
		if later {
			high = middle
		} else {
			low = next + 1
		}
	}
	return low, err
}
