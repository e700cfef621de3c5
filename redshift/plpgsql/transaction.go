package plpgsql

import "github.com/stepwell/stepwell/fault"

// transaction keeps the transactions of one call with all procedures that it calls.
//
//	atomic        open from the start to the end; COMMIT and ROLLBACK begin the next one at once
//	NONATOMIC     none but between START TRANSACTION and COMMIT or ROLLBACK: each statement commits alone
//	in a BEGIN    the caller's is open at all times; in NONATOMIC procedures COMMIT and ROLLBACK end it and begin another
type transaction struct {
	host      Host
	nonAtomic bool
	block     bool // the caller has an open BEGIN
	pinned    int  // running procedures with SET options
	open      bool
	ended     int // counts transactions that ended on purpose: their cursors are gone
}

func (t *transaction) start() error {
	if t.block {
		t.open = true
		return nil
	}
	if t.nonAtomic {
		return nil
	}
	return t.begin()
}

func (t *transaction) begin() error {
	err := t.host.Begin()
	t.open = err == nil
	return err
}

func (t *transaction) commit() error {
	t.open = false
	return t.host.Commit()
}

func (t *transaction) rollback() error {
	t.open = false
	return t.host.Rollback()
}

// finish ends what the call began.
func (t *transaction) finish(failed error) error {
	if !t.open || t.block {
		return failed
	}
	if failed == nil {
		return t.conclude()
	}
	if err := t.rollback(); err != nil {
		return err
	}
	return failed
}

// conclude commits the last transaction of the call.
func (t *transaction) conclude() error {
	if f, ok := t.host.(Finisher); ok {
		t.open = false
		return f.Finish()
	}
	return t.commit()
}

// abandon rolls back for a handler, which gets a new transaction where one was open.
func (t *transaction) abandon() error {
	if !t.open && t.nonAtomic && !t.block {
		return nil
	}
	if err := t.rollback(); err != nil {
		return err
	}
	if t.nonAtomic && !t.block {
		return nil
	}
	return t.begin()
}

// keep commits what a handler of an atomic procedure did.
func (t *transaction) keep() error {
	if err := t.commit(); err != nil {
		return err
	}
	return t.begin()
}

// control runs COMMIT, ROLLBACK or START TRANSACTION of a body.
func (t *transaction) control(verb string) error {
	if !t.nonAtomic {
		if verb == "START TRANSACTION" || t.block || t.pinned > 0 {
			return notHere(verb)
		}
		return t.end(verb, true)
	}
	if verb == "START TRANSACTION" {
		if t.open {
			return nil
		}
		return t.begin()
	}
	if !t.open {
		return nil
	}
	return t.end(verb, t.block)
}

func (t *transaction) end(verb string, another bool) error {
	finish := t.commit
	if verb == "ROLLBACK" {
		finish = t.rollback
	}
	t.ended++
	if err := finish(); err != nil || !another {
		return err
	}
	return t.begin()
}

// truncate runs a TRUNCATE, which commits what was done before it and then itself.
func (t *transaction) truncate(run func() error) error {
	if !t.nonAtomic && (t.block || t.pinned > 0) {
		return notHere("TRUNCATE")
	}
	if !t.open {
		return run()
	}
	if err := t.end("COMMIT", true); err != nil {
		return err
	}
	if err := run(); err != nil {
		return err
	}
	return t.end("COMMIT", !t.nonAtomic || t.block)
}

func notHere(verb string) error {
	return fault.Invalidf("%s cannot be invoked from a procedure that is executing in an atomic context.", verb).WithCode(codeTransaction)
}
