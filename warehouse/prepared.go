package warehouse

import (
	"context"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// preparedStatement is PREPARE, EXECUTE and DEALLOCATE.
func (s *Session) preparedStatement(ctx context.Context, j *job) error {
	switch p := j.statement.(type) {
	case *syntax.Prepare:
		j.result.Tag = "PREPARE"
		if s.prepared[p.Name] != nil {
			return fault.New(fault.Conflict, "prepared statement %q already exists", p.Name).WithCode("42P05")
		}
		s.prepared[p.Name] = p
	case *syntax.Execute:
		return s.executePrepared(ctx, j, p)
	case *syntax.Deallocate:
		j.result.Tag = "DEALLOCATE"
		if p.Name == "" {
			clear(s.prepared)
			return nil
		}
		if s.prepared[p.Name] == nil {
			return unknownPrepared(p.Name)
		}
		delete(s.prepared, p.Name)
	}
	return nil
}

func unknownPrepared(name string) error {
	return fault.New(fault.NotFound, "prepared statement %q does not exist", name).WithCode("26000")
}

// executePrepared writes the arguments into the statement and runs it in place of EXECUTE.
func (s *Session) executePrepared(ctx context.Context, j *job, e *syntax.Execute) error {
	p := s.prepared[e.Name]
	if p == nil {
		return unknownPrepared(e.Name)
	}
	source := p.Statement.Source()
	var b strings.Builder
	end := source.Offset
	for _, t := range source.Tokens {
		if t.Kind != syntax.Parameter || !strings.HasPrefix(t.Text, "$") {
			continue
		}
		n, err := strconv.Atoi(t.Value())
		if err != nil || n < 1 || n > len(e.Arguments) {
			return fault.Invalidf("there is no parameter %s", t.Text).WithCode("42P02")
		}
		b.WriteString(source.Text[end-source.Offset : t.Offset-source.Offset])
		b.WriteString(argument(e.Arguments[n-1], p.Types, n))
		end = t.End()
	}
	b.WriteString(source.Text[end-source.Offset:])
	script, err := parse(b.String(), Run{})
	if err != nil {
		return err
	}
	original := j.statement
	j.statement = script[0]
	defer func() { j.statement = original }()
	return s.execute(ctx, j)
}

func argument(tokens []syntax.Token, types []syntax.Type, n int) string {
	text := "(" + syntax.Spell(tokens) + ")"
	if n <= len(types) {
		return "CAST(" + text + " AS " + types[n-1].String() + ")"
	}
	return text
}
