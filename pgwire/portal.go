package pgwire

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/warehouse"
)

// portal is a statement with its parameters, ready to run.
type portal struct {
	name      string
	prepared  *prepared
	statement syntax.Statement
	text      string
	formats   []int16
	// described says that the client knows the columns, from the portal or from its statement.
	described bool
	columns   []warehouse.Column
	// cursor is the name of the cursor that a row limit made necessary.
	cursor string
	ended  bool
}

// execution is an Execute that waits for the next message.
type execution struct {
	portal *portal
	limit  uint32
}

func (c *connection) describePortal(ctx context.Context, name string) error {
	p := c.portals[name]
	if p == nil {
		return unknownPortal(name)
	}
	if err := c.know(ctx, p); err != nil {
		return err
	}
	return c.sendFields(p.columns, p.formats)
}

func unknownPortal(name string) error {
	return fault.New(fault.NotFound, "portal %q does not exist", name).WithCode("34000")
}

// know finds the columns out.
func (c *connection) know(ctx context.Context, p *portal) error {
	if p.described || p.statement == nil {
		return nil
	}
	columns := p.prepared.columns
	if !p.prepared.described {
		err := c.run(ctx, func(ctx context.Context) error {
			d, err := c.session.Describe(ctx, p.statement)
			columns = d.Columns
			return err
		})
		if err != nil {
			return p.prepared.placed(err, 0)
		}
	}
	p.columns, p.described = columns, true
	return nil
}

// hold keeps an Execute back until the next message shows whether it is alone: if Sync follows, the statement is a
// transaction by itself, which can be tried again after a conflict; else it shares one with those up to Sync.
func (c *connection) hold(m *pgproto3.Execute) error {
	p := c.portals[m.Portal]
	if p == nil {
		return unknownPortal(m.Portal)
	}
	c.waiting = &execution{p, m.MaxRows}
	return nil
}

// settle runs the Execute that was held back. It reports false where the message at hand must be skipped for its error.
func (c *connection) settle(ctx context.Context, m pgproto3.FrontendMessage) bool {
	e := c.waiting
	if e == nil {
		return true
	}
	c.waiting = nil
	together := true
	switch m.(type) {
	case *pgproto3.Sync, *pgproto3.Flush, *pgproto3.Close, *pgproto3.Terminate:
		together = false
	}
	c.extended(c.execute(ctx, e, together))
	return !c.skipping || endsSkipping(m)
}

func (c *connection) execute(ctx context.Context, e *execution, together bool) error {
	p := e.portal
	if p.statement == nil {
		c.backend.Send(&pgproto3.EmptyQueryResponse{})
		return nil
	}
	if p.ended {
		return fault.New(fault.Conflict, "portal %q cannot be run anymore", p.name).WithCode("55000")
	}
	if p.prepared.described {
		p.columns, p.described = p.prepared.columns, true
	}
	out := &answer{connection: c, described: p.described, formats: p.formats}
	if p.described {
		var err error
		if out.fields, err = describeFields(p.columns, p.formats); err != nil {
			return err
		}
	}
	if _, reads := p.statement.(*syntax.Query); reads && (e.limit > 0 || p.cursor != "") {
		return c.fetch(ctx, p, e.limit, out)
	}
	p.ended = true
	err := c.perform(ctx, p.statement, p.text, together, out)
	return p.prepared.placed(err, p.statement.Source().Offset)
}

// fetch reads the next rows of a query through a cursor, which needs a block to live in.
func (c *connection) fetch(ctx context.Context, p *portal, limit uint32, out *answer) error {
	if p.cursor == "" {
		if err := c.beginImplicit(ctx); err != nil {
			return err
		}
		c.cursors++
		p.cursor = fmt.Sprintf("pgwire_portal_%d", c.cursors)
		if err := c.command(ctx, "declare "+p.cursor+" cursor for "+p.text, warehouse.Run{}); err != nil {
			return err
		}
	}
	count := "all"
	if limit > 0 {
		count = fmt.Sprint("forward ", limit)
	}
	out.partial = true
	err := c.run(ctx, func(ctx context.Context) error {
		return c.session.Run(ctx, "fetch "+count+" from "+p.cursor, warehouse.Run{Unrecorded: true}, out)
	})
	switch {
	case err != nil:
		return err
	case limit > 0 && out.rows == int64(limit):
		c.backend.Send(&pgproto3.PortalSuspended{})
	default:
		p.ended = true
		c.backend.Send(&pgproto3.CommandComplete{CommandTag: []byte("SELECT")})
	}
	return nil
}

func (c *connection) close(ctx context.Context, m *pgproto3.Close) error {
	if m.ObjectType == 'P' {
		c.dropPortal(ctx, m.Name)
	} else {
		delete(c.statements, m.Name)
	}
	c.backend.Send(&pgproto3.CloseComplete{})
	return nil
}

// dropPortal forgets a portal. Its cursor, if it has one, is closed; the end of the transaction may have done that before.
func (c *connection) dropPortal(ctx context.Context, name string) {
	p := c.portals[name]
	delete(c.portals, name)
	if p != nil && p.cursor != "" && c.session.State() == warehouse.InBlock {
		_ = c.quietly(ctx, "close "+p.cursor)
	}
}

// dropPortals forgets all portals at the end of a transaction.
func (c *connection) dropPortals() {
	if c.session.State() == warehouse.Idle {
		clear(c.portals)
	}
}

// sync ends a group of messages: it commits what we began and listens again.
func (c *connection) sync(ctx context.Context) bool {
	c.skipping = false
	if err := c.endImplicit(ctx); err != nil {
		c.fail(err, "", 0)
	}
	c.dropPortals()
	return c.ready()
}
