package warehouse

import (
	"context"

	"github.com/stepwell/stepwell/redshift/syntax"
	"github.com/stepwell/stepwell/redshift/translate"
)

// Checker is what a connection may be able to do besides: say whether a statement in the backend's dialect is well formed,
// whatever tables there are.
type Checker interface {
	Check(ctx context.Context, sql string) error
}

// Check returns what is wrong with a script without running it: the syntax of its statements and of the procedures' bodies.
// Tables and columns are not looked up.
func (w *Warehouse) Check(ctx context.Context, text, file string) ([]error, error) {
	c, err := w.backend.Connect(ctx)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	fragments, err := syntax.Split(text)
	if err != nil {
		return []error{inFile(err, file)}, nil
	}
	var found []error
	for _, f := range fragments {
		if err := check(ctx, c, f); err != nil {
			found = append(found, located(err, f, file, 0))
		}
	}
	return found, nil
}

func check(ctx context.Context, c Conn, f *syntax.Fragment) error {
	statement, err := syntax.Parse(f)
	if err != nil {
		return err
	}
	switch s := statement.(type) {
	case *syntax.CreateProcedure:
		_, err := parseProcedure(s)
		return err
	case *syntax.Query, *syntax.Insert, *syntax.Update, *syntax.Delete, *syntax.Merge:
		return checkQuery(ctx, c, statement)
	}
	return nil
}

func checkQuery(ctx context.Context, c Conn, statement syntax.Statement) error {
	checker, ok := c.(Checker)
	if !ok {
		return nil
	}
	list, err := translate.Statement(statement)
	if err != nil {
		return err
	}
	for _, sql := range list {
		if err := checker.Check(ctx, sql); err != nil {
			return err
		}
	}
	return nil
}
