package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stepwell/stepwell/bucket/dir"
	"github.com/stepwell/stepwell/warehouse"
	"github.com/stepwell/stepwell/warehouse/duckdb"
)

// count unpacks the files and counts their lines.
func count(folder, codec string) error {
	files, err := filepath.Glob(filepath.Join(folder, "data", "*"))
	if err != nil {
		return err
	}
	return timed(func() error {
		lines := 0
		for _, path := range files {
			n, err := countFile(path, codec)
			if err != nil {
				return err
			}
			lines += n
		}
		if lines == 0 {
			return fmt.Errorf("%s has no lines", folder)
		}
		return nil
	})
}

func countFile(path, codec string) (lines int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	var plain io.Reader = file
	switch codec {
	case "gzip":
		plain, err = gzip.NewReader(bufio.NewReaderSize(file, 1<<18))
	case "zstd":
		plain, err = zstd.NewReader(file)
	}
	buffer := make([]byte, 1<<18)
	for err == nil {
		var n int
		n, err = plain.Read(buffer)
		lines += bytes.Count(buffer[:n], []byte("\n"))
	}
	if err == io.EOF {
		err = nil
	}
	return lines, err
}

// readCSV lets DuckDB read the files itself, into a table of the same types.
func readCSV(folder, codec string) error {
	db, err := direct(folder)
	if err != nil {
		return err
	}
	defer db.Close()
	return timed(func() error { return insertCSV(db, folder, codec) })
}

// writeParquet lets DuckDB write the table into Parquet files.
func writeParquet(folder, codec string) error {
	db, err := direct(folder)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := insertCSV(db, folder, codec); err != nil {
		return err
	}
	out := filepath.Join(folder, "out")
	defer os.RemoveAll(out)
	return timed(func() error {
		_, err := db.Exec("COPY sales TO '" + out + "' (FORMAT parquet, COMPRESSION snappy, PER_THREAD_OUTPUT)")
		return err
	})
}

// direct opens an empty database, which is DuckDB's alone.
func direct(folder string) (*sql.DB, error) {
	database := filepath.Join(folder, "direct.duckdb")
	if err := os.RemoveAll(database); err != nil {
		return nil, err
	}
	return sql.Open("duckdb", database)
}

func insertCSV(db *sql.DB, folder, codec string) error {
	var types []string
	for _, c := range strings.Split(strings.ReplaceAll(columns, "(7,2)", "(7;2)"), ",") {
		name, kind, _ := strings.Cut(strings.TrimSpace(c), " ")
		types = append(types, fmt.Sprintf("'%s': '%s'", name, strings.ReplaceAll(kind, ";", ",")))
	}
	if codec == "plain" {
		codec = "none"
	}
	if _, err := db.Exec("CREATE TABLE sales (" + columns + ")"); err != nil {
		return err
	}
	_, err := db.Exec(fmt.Sprintf("INSERT INTO sales SELECT * FROM read_csv('%s', delim = '|', header = false, quote = '', escape = '', auto_detect = false, compression = '%s', columns = {%s})",
		filepath.Join(folder, "data", "*"), codec, strings.Join(types, ", ")))
	return err
}

// copyInto runs COPY in a warehouse.
func copyInto(folder, codec string) error {
	return inWarehouse(folder, func(run func(string) error) error {
		return timed(func() error { return run(copyStatements(codec)) })
	})
}

// unload runs UNLOAD in a warehouse.
func unload(folder, codec string) error {
	defer os.RemoveAll(filepath.Join(folder, "out"))
	return inWarehouse(folder, func(run func(string) error) error {
		if err := run(copyStatements(codec)); err != nil {
			return err
		}
		return timed(func() error {
			return run("UNLOAD ('SELECT * FROM sales') TO 's3://bench/out/' IAM_ROLE default PARQUET")
		})
	})
}

func copyStatements(codec string) string {
	if codec == "plain" {
		codec = ""
	}
	return "CREATE TABLE sales (" + columns + "); COPY sales FROM 's3://bench/data/' IAM_ROLE default " + codec
}

// inWarehouse opens an empty warehouse whose bucket bench is the folder.
func inWarehouse(folder string, work func(run func(statements string) error) error) error {
	database := filepath.Join(folder, "warehouse.duckdb")
	defer os.Remove(database)
	ctx := context.Background()
	backend, err := duckdb.Open(ctx, database)
	if err != nil {
		return err
	}
	w, err := warehouse.Open(ctx, backend, warehouse.Options{Buckets: dir.New(folder, map[string]string{"bench": folder})})
	if err != nil {
		return err
	}
	defer w.Close()
	s, err := w.Session(ctx, warehouse.SessionConfig{})
	if err != nil {
		return err
	}
	defer s.Close()
	return work(func(statements string) error { return s.Run(ctx, statements, warehouse.Run{}, &warehouse.Collector{}) })
}

// postgresPrograms is where Debian puts them.
const postgresPrograms = "/usr/lib/postgresql/15/bin"

func postgresMissing() bool {
	_, err := os.Stat(filepath.Join(postgresPrograms, "initdb"))
	return err != nil || os.Getuid() != 0
}

// postgres starts a server, which does not run as root, and lets psql copy the files.
func postgres(folder, codec string) error {
	home, err := os.MkdirTemp("/tmp", "stepwell-bench-postgres")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	run := func(script string) error {
		c := exec.Command("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "sh", "-ec", script)
		c.Dir, c.Stderr = "/", os.Stderr
		c.Env = append(os.Environ(), "PATH="+postgresPrograms+":"+os.Getenv("PATH"), "PGHOST="+home, "PGDATABASE=postgres", "PGDATA="+filepath.Join(home, "data"))
		return c.Run()
	}
	if err := exec.Command("chown", "postgres", home).Run(); err != nil {
		return err
	}
	if err := run("initdb -A trust >/dev/null && pg_ctl start -w -o \"-k $PGHOST -c listen_addresses=\" >/dev/null"); err != nil {
		return err
	}
	defer run("pg_ctl stop -m immediate >/dev/null")
	unpack := map[string]string{"plain": "cat", "gzip": "gzip -dc", "zstd": "zstd -dc"}[codec]
	if err := run("psql -q -c 'create table sales (" + strings.Join(strings.Fields(columns), " ") + ")'"); err != nil {
		return err
	}
	started := time.Now()
	if err := run(unpack + " " + folder + "/data/* | psql -q -c \"\\copy sales from pstdin with (delimiter '|', null '')\""); err != nil {
		return err
	}
	fmt.Println(time.Since(started))
	return nil
}
