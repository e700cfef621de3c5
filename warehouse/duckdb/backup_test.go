package duckdb_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A backup is a warehouse with what was committed when it was made: tables with their keys, views, procedures.
func TestBackup(t *testing.T) {
	folder := t.TempDir()
	w := open(t, filepath.Join(folder, "warehouse.duckdb"))
	defer w.Close()
	expect(t, w, `create table t (a int identity(1,1), b varchar(3), primary key (a)) sortkey (a); insert into t (b) values ('x'), ('y');
		create view v as select nvl(b, 'none') as b, a / 2 as half from t;
		create procedure p() as $$ begin insert into t (b) values ('z'); end; $$ language plpgsql`,
		"CREATE TABLE INSERT 0 2 CREATE VIEW CREATE PROCEDURE")
	file := filepath.Join(folder, "copy.duckdb")
	if err := w.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	expect(t, w, "delete from t", "DELETE 2")
	copied := open(t, file)
	defer copied.Close()
	expect(t, copied, `call p(); select count(distinct a) from t; select count(half) from v;
		select sortkey from pg_table_def where tablename = 't' and "column" = 'a'`, "CALL SELECT 3 SELECT 3 SELECT 1")
	if left, err := os.ReadDir(filepath.Join(folder, "warehouse.duckdb.files")); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
	err := w.Backup(t.Context(), filepath.Join(folder, "none", "copy.duckdb"))
	if err == nil || !strings.Contains(err.Error(), "back up the warehouse") {
		t.Errorf("a backup into a folder that is not there: %v", err)
	}
	expect(t, w, "select count(*) from t", "SELECT 0")
}
