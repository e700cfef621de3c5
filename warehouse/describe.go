package warehouse

import (
	"context"
	"errors"
	"strings"

	"github.com/stepwell/stepwell/redshift/plpgsql"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// Describer is what a connection may be able to do besides: tell what a statement in the backend's dialect would answer
// with, without running it. Parameters are $1, $2 …; the Type of one that the statement leaves open is empty, and then the columns
// may be missing.
type Describer interface {
	Describe(ctx context.Context, sql string) (Description, error)
}

// Description tells what a statement takes and what it answers with. Columns is nil where it answers with no rows.
type Description struct {
	Parameters []Column
	Columns    []Column
}

// Describe tells what one statement would answer with, without running it. Its parameters are $1, $2 …. What it says of
// types is a forecast: a backend knows the types of some columns only when the statement runs. An error inside a block
// aborts the block.
func (s *Session) Describe(ctx context.Context, statement syntax.Statement) (Description, error) {
	if s.aborted {
		return Description{}, errAborted
	}
	d, err := s.describe(ctx, statement)
	if err != nil {
		if s.block {
			s.abort()
		}
		source := statement.Source()
		err = located(err, source, "", 0)
		s.reject(ctx, source.Text, kindOf(statement), err, source.Position)
		return Description{}, err
	}
	return d, nil
}

func (s *Session) describe(ctx context.Context, statement syntax.Statement) (Description, error) {
	switch statement := statement.(type) {
	case *syntax.Query, *syntax.Insert, *syntax.Update, *syntax.Delete, *syntax.Merge:
		return s.describeTranslated(ctx, statement)
	case *syntax.Explain:
		return textColumn("QUERY PLAN"), nil
	case *syntax.Show:
		if statement.Name == "all" {
			return textColumn("setting"), nil
		}
		return textColumn(statement.Name), nil
	case *syntax.Fetch:
		if open, ok := s.cursors[statement.Cursor]; ok {
			return Description{Columns: open.rows.Columns()}, nil
		}
	case *syntax.Execute:
		if p, ok := s.prepared[statement.Name]; ok {
			d, err := s.describe(ctx, p.Statement)
			return Description{Columns: d.Columns}, err
		}
	case *syntax.CopyJob:
		if statement.Action == "LIST" || statement.Action == "SHOW" {
			return Description{Columns: copyJobColumns}, nil
		}
	case *syntax.Call:
		return s.describeCall(ctx, statement)
	case *syntax.Other:
		if strings.HasPrefix(statement.Verb, "SHOW PROCEDURE") {
			return textColumn("Stored Procedure Definition"), nil
		}
	}
	return Description{}, nil
}

func textColumn(name string) Description {
	return Description{Columns: (&textRows{name: name}).Columns()}
}

// describeTranslated asks the backend about the statement's translation, in the open transaction or in one that is given up.
func (s *Session) describeTranslated(ctx context.Context, statement syntax.Statement) (Description, error) {
	describer, ok := s.conn.(Describer)
	if !ok {
		return Description{}, notYet("this backend does not describe statements before they run")
	}
	if s.tx == nil {
		s.open()
		if !s.block {
			defer s.rollback()
		}
	}
	sql, err := s.preview(ctx, statement)
	if err != nil {
		return Description{}, err
	}
	return describer.Describe(ctx, sql)
}

// preview is the last of the backend's statements for a Redshift statement; the others are not run.
func (s *Session) preview(ctx context.Context, statement syntax.Statement) (string, error) {
	list, err := s.translations(ctx, statement, func(ctx context.Context, target syntax.Name) ([]syntax.Column, error) {
		return s.columns(ctx, target, &syntax.Attributes{})
	})
	if err != nil {
		return "", err
	}
	return list[len(list)-1], nil
}

// describeCall describes the OUT arguments of the procedure that takes as many arguments as the CALL has.
func (s *Session) describeCall(ctx context.Context, c *syntax.Call) (Description, error) {
	overloads, err := (&host{ctx: ctx, session: s}).Procedures(c.Name.Schema, c.Name.Name)
	if err != nil {
		return Description{}, err
	}
	for _, p := range overloads {
		if inputs, columns, err := outputs(p); inputs == len(c.Arguments) {
			return Description{Columns: columns}, err
		}
	}
	return Description{}, nil
}

// outputs counts a procedure's input arguments and describes its output arguments.
func outputs(p *plpgsql.Procedure) (inputs int, columns []Column, err error) {
	for _, a := range p.Arguments {
		if a.Mode != plpgsql.Out {
			inputs++
		}
		if a.Mode == plpgsql.In {
			continue
		}
		c, e := columnOfType(a.Name, a.Type)
		columns, err = append(columns, c), errors.Join(err, e)
	}
	return inputs, columns, err
}
