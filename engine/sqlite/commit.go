package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"github.com/stepwell/stepwell/asl/machine"
	"github.com/stepwell/stepwell/engine"
)

// Commit writes all of the engine's writes in one transaction.
func (s *Store) Commit(_ context.Context, writes []engine.Write) error {
	return s.write(func(conn *sqlite.Conn) error {
		counts := counts{}
		for i := range writes {
			if err := put(conn, &writes[i], counts); err != nil {
				return err
			}
		}
		return counts.write(conn)
	})
}

func put(conn *sqlite.Conn, w *engine.Write, counts counts) error {
	if w.Record.MapRunARN != "" && w.Record.Express() {
		return insertChild(conn, &w.Record)
	}
	if w.Definition != "" {
		if err := insertDefinition(conn, w); err != nil {
			return err
		}
	}
	switch {
	case w.Chunk.Number == 1:
		if err := insertExecution(conn, &w.Record); err != nil {
			return err
		}
		counts.add(&w.Record, 1)
	case w.Record.Status != machine.RunningStatus || w.Record.RedriveCount > 0:
		if err := counts.change(conn, &w.Record); err != nil {
			return err
		}
		if err := updateExecution(conn, &w.Record); err != nil {
			return err
		}
	}
	return insertChunk(conn, w)
}

func insertDefinition(conn *sqlite.Conn, w *engine.Write) error {
	stmt, err := conn.Prepare("INSERT INTO definition (hash, text) VALUES ($hash, $text) ON CONFLICT DO NOTHING")
	if err != nil {
		return err
	}
	stmt.SetText("$hash", w.Record.DefinitionHash)
	stmt.SetText("$text", w.Definition)
	return run(stmt)
}

func insertExecution(conn *sqlite.Conn, r *engine.Record) error {
	stmt, err := conn.Prepare(`INSERT INTO execution (arn, name, state_machine_arn, state_machine_name, role_arn, region,
		definition, input, start_time, status, stop_time, output, error, cause, version_arn, alias_arn, revision, token, map_run, child, items)
		VALUES ($arn, $name, $state_machine_arn, $state_machine_name, $role_arn, $region,
		$definition, $input, $start_time, $status, $stop_time, $output, $error, $cause, $version_arn, $alias_arn, $revision, $token,
		(SELECT id FROM map_run WHERE arn = $map_run), $child, $items)`)
	if err != nil {
		return err
	}
	stmt.SetText("$name", r.Name)
	stmt.SetText("$state_machine_arn", r.StateMachineARN)
	stmt.SetText("$state_machine_name", r.StateMachineName)
	stmt.SetText("$version_arn", r.StateMachineVersionARN)
	stmt.SetText("$alias_arn", r.StateMachineAliasARN)
	stmt.SetText("$revision", r.Revision)
	stmt.SetText("$token", r.Token)
	stmt.SetText("$role_arn", r.RoleARN)
	stmt.SetText("$region", r.Region)
	stmt.SetText("$definition", r.DefinitionHash)
	stmt.SetText("$input", r.Input.Text())
	stmt.SetInt64("$start_time", r.StartTime.UnixMilli())
	if r.MapRunARN != "" {
		stmt.SetText("$map_run", r.MapRunARN)
		stmt.SetInt64("$child", r.Child)
		stmt.SetInt64("$items", r.Items)
	}
	bindEnd(stmt, r)
	return run(stmt)
}

// updateExecution writes what changes when an execution is closed or redriven.
func updateExecution(conn *sqlite.Conn, r *engine.Record) error {
	stmt, err := conn.Prepare(`UPDATE execution SET status = $status, stop_time = $stop_time, output = $output,
		error = $error, cause = $cause, redrive_count = $redrive_count, redrive_time = $redrive_time, redrive_token = $redrive_token
		WHERE arn = $arn`)
	if err != nil {
		return err
	}
	stmt.SetInt64("$redrive_count", r.RedriveCount)
	if !r.RedriveTime.IsZero() {
		stmt.SetInt64("$redrive_time", r.RedriveTime.UnixMilli())
	}
	stmt.SetText("$redrive_token", r.RedriveToken)
	bindEnd(stmt, r)
	return run(stmt)
}

func bindEnd(stmt *sqlite.Stmt, r *engine.Record) {
	stmt.SetText("$arn", r.ARN)
	stmt.SetText("$status", string(r.Status))
	if !r.StopTime.IsZero() {
		stmt.SetInt64("$stop_time", r.StopTime.UnixMilli())
	}
	if !r.Output.IsZero() {
		stmt.SetText("$output", r.Output.Text())
	}
	setOptional(stmt, "$error", r.Error)
	setOptional(stmt, "$cause", r.Cause)
}

// setOptional leaves the parameter NULL when there is no text.
func setOptional(stmt *sqlite.Stmt, parameter string, text *string) {
	if text != nil {
		stmt.SetText(parameter, *text)
	}
}

func insertChunk(conn *sqlite.Conn, w *engine.Write) error {
	stmt, err := conn.Prepare(`INSERT INTO chunk (execution, number, first_id, last_id, events, history)
		VALUES ((SELECT id FROM execution WHERE arn = $arn), $number, $first_id, $last_id, $events, $history)`)
	if err != nil {
		return err
	}
	stmt.SetText("$arn", w.Record.ARN)
	stmt.SetInt64("$number", w.Chunk.Number)
	stmt.SetInt64("$first_id", w.Chunk.FirstID)
	stmt.SetInt64("$last_id", w.Chunk.LastID)
	setChunkText(stmt, "$events", w.Chunk.Events)
	setChunkText(stmt, "$history", w.Chunk.History)
	return run(stmt)
}

// run executes a statement that returns no rows.
func run(stmt *sqlite.Stmt) error {
	_, err := stmt.Step()
	if reset := stmt.Reset(); err == nil {
		err = reset
	}
	return err
}
