package duckdb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"

	"github.com/duckdb/duckdb-go/v2"
)

// installFunctions registers the functions whose bodies are in Go. One call serves all connections of a database. A function
// with the name of a builtin one adds to its overloads.
func installFunctions(ctx context.Context, c *sql.Conn) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for name, overloads := range functions() {
		if err := duckdb.RegisterScalarUDFSet(c, name, overloads...); err != nil {
			return fmt.Errorf("register function %s: %w", name, err)
		}
	}
	return nil
}

// scalar is one overload of a function. It answers null when an argument is null.
type scalar struct {
	config duckdb.ScalarFuncConfig
	body   func([]driver.Value) (any, error)
}

func (s scalar) Config() duckdb.ScalarFuncConfig { return s.config }

func (s scalar) Executor() duckdb.ScalarFuncExecutor {
	return duckdb.ScalarFuncExecutor{RowExecutor: s.body}
}

// The types of arguments and results.
var (
	text        = typeInfo(duckdb.TYPE_VARCHAR)
	integer     = typeInfo(duckdb.TYPE_INTEGER)
	bigint      = typeInfo(duckdb.TYPE_BIGINT)
	smallint    = typeInfo(duckdb.TYPE_SMALLINT)
	hugeint     = typeInfo(duckdb.TYPE_HUGEINT)
	double      = typeInfo(duckdb.TYPE_DOUBLE)
	boolean     = typeInfo(duckdb.TYPE_BOOLEAN)
	blob        = typeInfo(duckdb.TYPE_BLOB)
	date        = typeInfo(duckdb.TYPE_DATE)
	timestamp   = typeInfo(duckdb.TYPE_TIMESTAMP)
	timestamptz = typeInfo(duckdb.TYPE_TIMESTAMP_TZ)
	interval    = typeInfo(duckdb.TYPE_INTERVAL)
	clock       = typeInfo(duckdb.TYPE_TIME)
	clockTZ     = typeInfo(duckdb.TYPE_TIME_TZ)
)

func typeInfo(t duckdb.Type) duckdb.TypeInfo {
	info, err := duckdb.NewTypeInfo(t)
	if err != nil {
		panic(fmt.Sprintf("type %v needs more than its name: %v", t, err))
	}
	return info
}

// overload makes an overload from its result, its body and the types of its arguments.
func overload(result duckdb.TypeInfo, body func([]driver.Value) (any, error), arguments ...duckdb.TypeInfo) duckdb.ScalarFunc {
	return scalar{config: duckdb.ScalarFuncConfig{InputTypeInfos: arguments, ResultTypeInfo: result}, body: body}
}

// always adapts a body that cannot fail.
func always[T any](body func([]driver.Value) T) func([]driver.Value) (any, error) {
	return func(v []driver.Value) (any, error) { return body(v), nil }
}

// may adapts a body that can fail.
func may[T any](body func([]driver.Value) (T, error)) func([]driver.Value) (any, error) {
	return func(v []driver.Value) (any, error) {
		result, err := body(v)
		if err != nil {
			return nil, err
		}
		return result, nil
	}
}
