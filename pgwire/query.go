package pgwire

import (
	"context"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse"
)

// query is the simple protocol: a text of statements, answered one after the other. Several statements are one transaction,
// unless they begin or end one themselves.
func (c *connection) query(ctx context.Context, text string) bool {
	c.dropPortal(ctx, "")
	delete(c.statements, "")
	c.script(ctx, text)
	if err := c.endImplicit(ctx); err != nil {
		c.fail(err, "", 0)
	}
	c.dropPortals()
	return c.ready()
}

// script runs the statements of a text up to the first error. All are parsed before the first is run.
func (c *connection) script(ctx context.Context, sent string) {
	script, err := parseScript(sent)
	if err != nil {
		c.session.Reject(ctx, sent, err)
		c.fail(err, sent, 0)
		return
	}
	if len(script) == 0 {
		c.backend.Send(&pgproto3.EmptyQueryResponse{})
	}
	for _, statement := range script {
		source := statement.Source()
		out := &answer{connection: c}
		if err := c.perform(ctx, statement, source.Text, len(script) > 1, out); err != nil {
			c.fail(err, sent, source.Offset)
			return
		}
	}
}

func parseScript(text string) ([]syntax.Statement, error) {
	fragments, err := syntax.Split(text)
	if err != nil {
		return nil, err
	}
	script := make([]syntax.Statement, len(fragments))
	for i, f := range fragments {
		if script[i], err = syntax.Parse(f); err != nil {
			return nil, err
		}
	}
	return script, nil
}

// perform runs one statement; text is how it reads with its parameters. together says that it shares a transaction with
// its neighbours: outside of a block one is opened then, which lasts until the client waits for us.
func (c *connection) perform(ctx context.Context, statement syntax.Statement, text string, together bool, out warehouse.Sink) error {
	switch statement.(type) {
	case *syntax.Begin:
		if c.implicit {
			c.implicit = false
			return out.Done(warehouse.Result{Tag: "BEGIN", Rows: -1})
		}
	case *syntax.Commit, *syntax.Rollback:
		c.implicit = false
	default:
		if together {
			if err := c.beginImplicit(ctx); err != nil {
				return err
			}
		}
	}
	err := c.run(ctx, func(ctx context.Context) error { return c.session.Run(ctx, text, warehouse.Run{}, out) })
	switch statement.(type) {
	case *syntax.Set, *syntax.Reset:
		c.report()
	}
	return err
}

func (c *connection) beginImplicit(ctx context.Context) error {
	if c.session.State() != warehouse.Idle {
		return nil
	}
	c.implicit = true
	return c.quietly(ctx, "begin")
}

// endImplicit commits the block that we opened, or gives it up behind an error.
func (c *connection) endImplicit(ctx context.Context) error {
	if !c.implicit {
		return nil
	}
	c.implicit = false
	if c.session.State() == warehouse.InBlock {
		return c.quietly(ctx, "commit")
	}
	return c.quietly(context.WithoutCancel(ctx), "rollback")
}

// quietly runs a statement of ours, whose answer the client does not see.
func (c *connection) quietly(ctx context.Context, text string) error {
	return c.command(ctx, text, warehouse.Run{Unrecorded: true})
}

// command runs a statement without an answer.
func (c *connection) command(ctx context.Context, text string, r warehouse.Run) error {
	return c.run(ctx, func(ctx context.Context) error { return c.session.Run(ctx, text, r, &warehouse.Collector{}) })
}
