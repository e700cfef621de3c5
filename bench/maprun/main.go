// Command maprun measures a distributed Map as a user meets it: the stepwell binary going through a CSV file, with one execution of a Pass
// state for each row and the results in a bucket. It prints rows per second and the peak of the process's memory.
//
//	go run ./bench/maprun [-rows 1000000] [-type EXPRESS]
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const definition = `{"StartAt": "Each", "States": {"Each": {"Type": "Map", "Label": "each", "End": true,
	"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
		"Parameters": {"Bucket": "rows", "Key": "rows.csv"}},
	"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "TYPE"},
		"StartAt": "Row", "States": {"Row": {"Type": "Pass", "End": true}}},
	"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "rows", "Prefix": "results"}}}}}`

func main() {
	rows := flag.Int("rows", 1_000_000, "how many rows the file has")
	kind := flag.String("type", "EXPRESS", "the children's type, STANDARD or EXPRESS")
	flag.Parse()
	if err := measure(*rows, *kind); err != nil {
		log.Fatal(err)
	}
}

func measure(rows int, kind string) error {
	folder, err := os.MkdirTemp("", "stepwell-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary, project := filepath.Join(folder, "stepwell"), filepath.Join(folder, "project")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/stepwell").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	if err := prepare(project, rows, kind); err != nil {
		return err
	}
	run := exec.Command(binary, "run", project)
	begin := time.Now()
	if out, err := run.CombinedOutput(); err != nil {
		return fmt.Errorf("run: %w: %s", err, out)
	}
	took := time.Since(begin)
	used := run.ProcessState.SysUsage().(*syscall.Rusage)
	state, err := os.Stat(filepath.Join(project, ".stepwell", "state.db"))
	if err != nil {
		return err
	}
	fmt.Printf("%d rows, %s children: %v, %.0f rows/s, %v of processor time, peak %d MB, state.db %d MB\n", rows, kind, took.Round(time.Millisecond),
		float64(rows)/took.Seconds(), (run.ProcessState.UserTime() + run.ProcessState.SystemTime()).Round(time.Second), used.Maxrss>>10, state.Size()>>20)
	return nil
}

// prepare writes the project with its file of rows.
func prepare(project string, rows int, kind string) error {
	if err := os.MkdirAll(filepath.Join(project, "rows"), 0o755); err != nil {
		return err
	}
	text := strings.Replace(definition, "TYPE", kind, 1)
	if err := os.WriteFile(filepath.Join(project, "each.asl.json"), []byte(text), 0o644); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(project, "stepwell.yaml"), []byte("buckets:\n  rows: rows\n"), 0o644); err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(project, "rows", "rows.csv"))
	if err != nil {
		return err
	}
	out := bufio.NewWriter(file)
	fmt.Fprintln(out, "id,name,city,amount")
	for i := range rows {
		fmt.Fprintf(out, "%d,customer %d,Springfield,%d.25\n", i, i, i%977)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return file.Close()
}
