package warehouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// define runs a statement that makes, changes or drops tables, views, schemas or functions, and keeps the facts that the
// backend does not know.
func (s *Session) define(ctx context.Context, j *job) error {
	if err := s.lock(ctx, j); err != nil {
		return err
	}
	s.tx.defines = true
	defer clear(s.tx.targets)
	switch d := j.statement.(type) {
	case *syntax.CreateTable:
		return s.createTable(ctx, j, d)
	case *syntax.CreateTableAs:
		return s.createTableAs(ctx, j, d.Name, d.Temporary, d.IfNotExists, d.Attributes)
	case *syntax.SelectInto:
		return s.createTableAs(ctx, j, d.Target, d.Temporary, false, syntax.Attributes{})
	case *syntax.Drop:
		return s.drop(ctx, j, d)
	case *syntax.AlterTable:
		return s.alterTable(ctx, j, d)
	case *syntax.CreateView:
		return s.createView(ctx, j, d)
	case *syntax.RefreshView:
		return s.refresh(ctx, j, d)
	case *syntax.CreateSchema:
		j.result.Tag = "CREATE SCHEMA"
	case *syntax.AlterSchema:
		j.result.Tag = "ALTER SCHEMA"
	case *syntax.Comment:
		j.result.Tag = "COMMENT"
		return s.comment(ctx, j, d)
	case *syntax.CreateFunction:
		j.result.Tag = "CREATE FUNCTION"
		return s.createFunction(ctx, j, d)
	case *syntax.DropFunction:
		j.result.Tag = "DROP FUNCTION"
		return s.dropFunction(ctx, j, d)
	}
	return s.apply(ctx, j, j.statement)
}

// apply runs all of the backend's statements for a definition.
func (s *Session) apply(ctx context.Context, j *job, statement syntax.Statement) error {
	j.wrote = true
	last, err := s.translated(ctx, statement)
	if err != nil {
		return err
	}
	_, err = s.conn.Exec(ctx, last)
	return err
}

// already handles IF NOT EXISTS: it reports whether there is nothing left to do.
func (s *Session) already(ctx context.Context, j *job, n syntax.Name, temporary, ifNotExists bool) (bool, error) {
	if !ifNotExists {
		return false, nil
	}
	if temporary && !s.isTemporary(n) {
		return false, nil
	}
	found, _, err := s.exists(ctx, n)
	if found && err == nil {
		j.wrote = false
		j.notice(Info, `Relation "`+n.Name+`" already exists and will be skipped`)
	}
	return found, err
}

// isOwn remembers a new temporary table, which hides a permanent one from then on, and reports whether it is one.
func (s *Session) isOwn(n syntax.Name, temporary bool, columns []syntax.Column) bool {
	if !temporary && !strings.HasPrefix(n.Name, "#") {
		return false
	}
	s.temporary[n.Name] = columns
	return true
}

func (s *Session) createTable(ctx context.Context, j *job, c *syntax.CreateTable) error {
	j.result.Tag = "CREATE TABLE"
	if done, err := s.already(ctx, j, c.Name, c.Temporary, c.IfNotExists); done || err != nil {
		return err
	}
	full := *c
	if err := s.expandLikes(ctx, &full); err != nil {
		return err
	}
	if err := s.apply(ctx, j, &full); err != nil {
		return err
	}
	if s.isOwn(c.Name, c.Temporary, full.Columns) {
		j.wrote = false
		return nil
	}
	return s.recordTable(ctx, &full)
}

func (s *Session) createTableAs(ctx context.Context, j *job, n syntax.Name, temporary, ifNotExists bool, a syntax.Attributes) error {
	j.result.Tag = "SELECT"
	if done, err := s.already(ctx, j, n, temporary, ifNotExists); done || err != nil {
		return err
	}
	j.wrote = true
	last, err := s.translated(ctx, j.statement)
	if err != nil {
		return err
	}
	if j.result.Rows, err = s.conn.Exec(ctx, last); err != nil {
		return err
	}
	if s.isOwn(n, temporary, nil) {
		j.wrote = false
		return nil
	}
	return s.recordAttributes(ctx, n, a)
}

func (s *Session) drop(ctx context.Context, j *job, d *syntax.Drop) error {
	j.result.Tag = "DROP " + strings.TrimPrefix(d.Object, "MATERIALIZED ")
	if d.Object == "SCHEMA" {
		return s.dropSchemas(ctx, j, d)
	}
	for _, n := range d.Names {
		found, view, err := s.exists(ctx, n)
		if err != nil {
			return err
		}
		if !found && d.IfExists {
			j.notice(Info, skipped(title(d.Object), n.Name))
			continue
		}
		if err := s.dropOne(ctx, j, d, n, found, view); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) dropOne(ctx context.Context, j *job, d *syntax.Drop, n syntax.Name, found, view bool) error {
	kind := title(d.Object)
	query, err := s.materialized(ctx, n)
	if err != nil {
		return err
	}
	view = view || query != ""
	switch {
	case !found:
		return fault.New(fault.NotFound, "%s %q does not exist", kind, n.Name).WithCode("42P01").At(n.Position)
	case view != (d.Object != "TABLE"):
		return fault.Invalidf("%q is not a %s", n.Name, lower(d.Object)).WithCode("42809").At(n.Position)
	}
	if err := s.dropDependents(ctx, j, d, n); err != nil {
		return err
	}
	single := *d
	single.Names = []syntax.Name{n}
	if s.isTemporary(n) {
		delete(s.temporary, n.Name)
		return s.apply(ctx, j, &single)
	}
	if view {
		return errors.Join(s.apply(ctx, j, &single), s.forgetView(ctx, n))
	}
	columns, err := s.columns(ctx, n, &syntax.Attributes{})
	if err != nil {
		return err
	}
	if err := s.apply(ctx, j, &single); err != nil {
		return err
	}
	if err := s.dropSequences(ctx, n, columns); err != nil {
		return err
	}
	return s.forgetTable(ctx, n)
}

func (s *Session) dropSchemas(ctx context.Context, j *job, d *syntax.Drop) error {
	for _, n := range d.Names {
		found, err := s.schemaExists(ctx, n.Name)
		if err != nil {
			return err
		}
		if !found && d.IfExists {
			j.notice(Info, skipped("Schema", n.Name))
			continue
		}
		single := *d
		single.Names = []syntax.Name{n}
		if err := s.apply(ctx, j, &single); err != nil {
			return err
		}
		if err := s.forgetSchema(ctx, n.Name); err != nil {
			return err
		}
	}
	return nil
}

// title writes an object's kind as messages begin with it.
func title(object string) string {
	kind := lower(object)
	return strings.ToUpper(kind[:1]) + kind[1:]
}

func lower(object string) string { return strings.ToLower(strings.TrimPrefix(object, "MATERIALIZED ")) }

// alterTable changes the table in the backend where that has what is changed, and the facts about it.
func (s *Session) alterTable(ctx context.Context, j *job, a *syntax.AlterTable) error {
	j.result.Tag = "ALTER TABLE"
	if err := s.mustExist(ctx, a.Name); err != nil {
		return err
	}
	columns, err := s.columns(ctx, a.Name, &syntax.Attributes{})
	if err != nil {
		return err
	}
	for _, action := range a.Actions {
		single := *a
		single.Actions = []syntax.AlterAction{action}
		if action.Kind == syntax.Append {
			if err := s.appendTable(ctx, j, a.Name, action); err != nil {
				return err
			}
		} else if action.Kind == syntax.AlterColumnType {
			if err := s.changeType(ctx, j, a.Name, action.Column); err != nil {
				return err
			}
		} else if inBackend[action.Kind] {
			if err := s.apply(ctx, j, &single); err != nil {
				return err
			}
		}
		if s.isTemporary(a.Name) {
			s.changeTemporary(a.Name, action)
			continue
		}
		if action.Kind == syntax.RenameTable || action.Kind == syntax.RenameColumn {
			if err := s.moveSequences(ctx, a.Name, columns, action); err != nil {
				return err
			}
		}
		if err := s.recordChange(ctx, a.Name, action); err != nil {
			return err
		}
	}
	return nil
}

// changeTemporary forgets the definition of a changed temporary table and keeps track of its name.
func (s *Session) changeTemporary(n syntax.Name, a syntax.AlterAction) {
	delete(s.temporary, n.Name)
	if a.Kind == syntax.RenameTable {
		n.Name = a.To
	}
	s.temporary[n.Name] = nil
}

// inBackend are the actions that the backend has to carry out; the others change facts only.
var inBackend = map[syntax.AlterKind]bool{syntax.AddColumn: true, syntax.DropColumn: true, syntax.RenameColumn: true,
	syntax.RenameTable: true, syntax.AlterOther: true}

// changeType rebuilds a table with another type of one column.
func (s *Session) changeType(ctx context.Context, j *job, n syntax.Name, changed syntax.Column) error {
	columns, err := s.columns(ctx, n, &syntax.Attributes{})
	if err != nil {
		return err
	}
	at := slices.IndexFunc(columns, func(c syntax.Column) bool { return c.Name == changed.Name })
	if at < 0 {
		return fault.New(fault.NotFound, "column %q of relation %q does not exist", changed.Name, n.Name).WithCode("42703").At(n.Position)
	}
	columns[at].Type = changed.Type
	j.wrote = true
	for _, sql := range translate.Rebuild(n, s.isTemporary(n), columns) {
		if _, err := s.conn.Exec(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}

// comment keeps the text of COMMENT ON for tables and columns; for the rest there is no place to read it.
func (s *Session) comment(ctx context.Context, j *job, c *syntax.Comment) error {
	if c.On != "TABLE" && c.On != "COLUMN" && c.On != "VIEW" {
		return nil
	}
	if err := s.mustExist(ctx, c.Name); err != nil {
		return err
	}
	j.wrote = true
	text := any(nil)
	if c.Text != nil {
		text = *c.Text
	}
	return s.recordComment(ctx, c.Name, c.Column, text)
}

// appendTable is ALTER TABLE APPEND: it moves all rows of one table to another, column by column of the same name.
func (s *Session) appendTable(ctx context.Context, j *job, to syntax.Name, a syntax.AlterAction) error {
	if s.block || s.calls > 0 {
		return fault.New(fault.Conflict, "ALTER TABLE APPEND cannot run inside a transaction block").WithCode("25001")
	}
	if err := s.mustExist(ctx, a.From); err != nil {
		return err
	}
	moved, err := s.sharedColumns(ctx, to, a)
	if err != nil {
		return err
	}
	target, source := translate.Name(to), translate.Name(a.From)
	n, err := s.conn.Exec(ctx, "INSERT INTO "+target+" ("+moved+") SELECT "+moved+" FROM "+source)
	if err != nil {
		return err
	}
	if _, err := s.conn.Exec(ctx, "DELETE FROM "+source); err != nil {
		return err
	}
	j.wrote = true
	j.notice(Info, fmt.Sprintf("ALTER TABLE APPEND %q from %q is complete. %d records appended", to.Name, a.From.Name, n))
	return nil
}

// sharedColumns lists what both tables of an APPEND have. Columns that only one of them has need IGNOREEXTRA or FILLTARGET.
func (s *Session) sharedColumns(ctx context.Context, to syntax.Name, a syntax.AlterAction) (string, error) {
	target, err := s.columns(ctx, to, &syntax.Attributes{})
	if err != nil {
		return "", err
	}
	source, err := s.columns(ctx, a.From, &syntax.Attributes{})
	if err != nil {
		return "", err
	}
	in := map[string]bool{}
	for _, c := range target {
		in[c.Name] = true
	}
	var shared []string
	for _, c := range source {
		if in[c.Name] {
			shared = append(shared, translate.Identifier(c.Name))
		}
	}
	if len(shared) < len(source) && !a.IgnoreExtra || len(shared) < len(target) && !a.FillTarget {
		return "", fault.Invalidf("%q and %q have different columns: use IGNOREEXTRA or FILLTARGET", to.Name, a.From.Name).WithCode("42804")
	}
	return strings.Join(shared, ", "), nil
}
