package plpgsql

import (
	"errors"

	"github.com/stepwell/stepwell/fault"
)

func (b *block) run(f *frame) (signal, error) {
	next, err := b.guarded(f)
	if next.kind == signalExit && b.label != "" && next.label == b.label {
		next = signal{}
	}
	return next, err
}

// guarded runs declarations and body, and the handler for what goes wrong in the body.
func (b *block) guarded(f *frame) (signal, error) {
	for _, d := range b.declarations {
		if err := f.declare(d); err != nil {
			return signal{}, f.locate(&block{place: d.place}, err)
		}
	}
	if b.handler == nil {
		return f.statements(b.body)
	}
	f.handlers = append(f.handlers, b)
	next, err := f.statements(b.body)
	f.handlers = f.handlers[:len(f.handlers)-1]
	if err == nil || !b.handler.catches(err) {
		return next, err
	}
	return f.handle(b.handler, err)
}

func (f *frame) declare(d declaration) error {
	v := &f.slots[d.slot]
	*v = f.procedure.variables[d.slot]
	if d.columnType != "" {
		answer, err := f.host.Query(d.columnType)
		if err != nil {
			return inSQL(d.columnType, err)
		}
		v.typ = parseTypeName(answer.Columns[0].Type)
	}
	if v.cursor != nil {
		v.value = Value{Text: v.name}
	}
	if d.first == nil {
		return nil
	}
	first, err := f.evaluate(*d.first, v.typ)
	if err != nil {
		return err
	}
	return f.store(target{slot: d.slot}, first)
}

// handle runs a handler. The transaction that failed is rolled back and the handler works in a new one. In an atomic
// procedure its work is committed and the error goes on; in a NONATOMIC one the error ends here.
func (f *frame) handle(h *handler, err error) (signal, error) {
	if e := f.transaction.abandon(); e != nil {
		return signal{}, e
	}
	f.slots[h.sqlstate].value = Value{Text: stateOf(err)}
	f.slots[h.sqlerrm].value = Value{Text: fault.MessageOf(err)}
	f.handlers = append(f.handlers, nil)
	f.handled = append(f.handled, err)
	next, failed := f.statements(h.body)
	f.handlers = f.handlers[:len(f.handlers)-1]
	f.handled = f.handled[:len(f.handled)-1]
	if failed != nil {
		return signal{}, f.thrown(h, failed)
	}
	if !f.procedure.NonAtomic {
		if e := f.transaction.keep(); e != nil {
			return signal{}, e
		}
		return signal{}, f.thrown(h, err)
	}
	return next, nil
}

// thrown marks an error that leaves a handler: the handler has had its chance.
func (f *frame) thrown(h *handler, err error) error {
	var failure *Failure
	if !errors.As(err, &failure) {
		return err
	}
	marked := *failure
	marked.handler = h
	return &marked
}

// stateOf is SQLSTATE of an error.
func stateOf(err error) string {
	if code := fault.CodeOf(err); len(code) == 5 {
		return code
	}
	return "XX000"
}
