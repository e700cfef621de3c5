// Command pipeline measures the main job as a user meets it: whole processes of the stepwell binary running
// examples/sales-pipeline in a fresh folder, beside the same SQL run directly in DuckDB, in turns.
//
//	go run ./bench/pipeline [-rounds 5]
package main

import (
	"bufio"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"
)

//go:embed direct.sql
var direct string

func main() {
	rounds := flag.Int("rounds", 5, "how often everything is measured; medians are printed")
	flag.Parse()
	if err := measure(*rounds); err != nil {
		log.Fatal(err)
	}
}

func measure(rounds int) error {
	folder, err := os.MkdirTemp("", "stepwell-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	binary := filepath.Join(folder, "stepwell")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/stepwell").CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	example := filepath.Join(folder, "example")
	if err := os.CopyFS(example, os.DirFS("examples/sales-pipeline")); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(example, ".stepwell")); err != nil {
		return err
	}
	generate := exec.Command("go", "run", "generate/main.go", "data")
	generate.Dir = example
	if out, err := generate.CombinedOutput(); err != nil {
		return fmt.Errorf("generate: %w: %s", err, out)
	}
	var version, first, whole, capped, bare []time.Duration
	for range rounds {
		for _, m := range []struct {
			into *[]time.Duration
			run  func() (time.Duration, error)
		}{
			{&version, func() (time.Duration, error) { return timed(exec.Command(binary, "version")) }},
			{&bare, func() (time.Duration, error) { return runDirect(folder, filepath.Join(example, "data")) }},
			{&whole, func() (time.Duration, error) { return runExample(binary, example, "100ms") }},
			{&capped, func() (time.Duration, error) { return runExample(binary, example, "1ms") }},
			{&first, func() (time.Duration, error) { return untilFirstState(binary, example) }},
		} {
			took, err := m.run()
			if err != nil {
				return err
			}
			*m.into = append(*m.into, took)
		}
	}
	fmt.Printf("stepwell version                          %8v\n", median(version))
	fmt.Printf("stepwell run until its first state        %8v\n", median(first))
	fmt.Printf("the same SQL directly in DuckDB           %8v   1.00\n", median(bare))
	for _, row := range []struct {
		name string
		took []time.Duration
	}{{"stepwell run, waits of 1 ms    ", capped}, {"stepwell run, waits of 100 ms  ", whole}} {
		fmt.Printf("%s           %8v   %.2f\n", row.name, median(row.took), float64(median(row.took))/float64(median(bare)))
	}
	return nil
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2].Round(time.Millisecond)
}

func timed(c *exec.Cmd) (time.Duration, error) {
	begin := time.Now()
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w: %s", strings.Join(c.Args, " "), err, out)
	}
	return time.Since(begin), nil
}

func runExample(binary, example, waitCap string) (time.Duration, error) {
	if err := os.RemoveAll(filepath.Join(example, ".stepwell")); err != nil {
		return 0, err
	}
	return timed(exec.Command(binary, "run", example, "--wait-cap", waitCap))
}

// untilFirstState starts a run and returns when its first state was entered, on the run's own clock.
func untilFirstState(binary, example string) (time.Duration, error) {
	if err := os.RemoveAll(filepath.Join(example, ".stepwell")); err != nil {
		return 0, err
	}
	c := exec.Command(binary, "run", example, "--json")
	out, err := c.StdoutPipe()
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	if err := c.Start(); err != nil {
		return 0, err
	}
	var took time.Duration
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct{ Event struct{ Type string } }
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			return 0, err
		}
		if took == 0 && strings.HasSuffix(line.Event.Type, "StateEntered") {
			took = time.Since(begin)
		}
	}
	return took, c.Wait()
}

// runDirect opens a fresh DuckDB file and runs the statements one after the other.
func runDirect(folder, data string) (time.Duration, error) {
	file := filepath.Join(folder, "direct.duckdb")
	if err := os.RemoveAll(file); err != nil {
		return 0, err
	}
	begin := time.Now()
	db, err := sql.Open("duckdb", file)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	script := strings.TrimSuffix(strings.ReplaceAll(direct, "$data", data), ";\n")
	for statement := range strings.SplitSeq(script, ";\n") {
		if _, err := db.ExecContext(context.Background(), statement); err != nil {
			return 0, fmt.Errorf("%s: %w", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		return 0, err
	}
	return time.Since(begin), nil
}
