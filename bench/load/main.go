// Command load measures COPY as whole processes, in turns with what bounds it: DuckDB's own read_csv into a table, PostgreSQL's
// \copy (if its programs are there), and only unpacking the files and counting their lines.
//
//	go run ./bench/load [-rows 3000000] [-codec gzip] [-files 1] [-rounds 3]
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	rows := flag.Int("rows", 3_000_000, "rows of 23 columns, about 133 bytes each")
	codec := flag.String("codec", "gzip", "plain, gzip or zstd")
	files := flag.Int("files", 1, "files that the rows are spread over")
	rounds := flag.Int("rounds", 3, "how often everything is measured; medians are printed")
	only := flag.String("only", "", "measure only this one: count, read_csv, copy or postgres")
	child := flag.String("child", "", "what a process of the benchmark does")
	flag.Parse()
	var err error
	if *child != "" {
		err = work[*child](flag.Arg(0), *codec)
	} else {
		err = compare(*rows, *codec, *files, *rounds, *only)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// work is what the measured processes do with a folder of files.
var work = map[string]func(folder, codec string) error{"count": count, "read_csv": readCSV, "copy": copyInto, "postgres": postgres}

// cost is what one process took.
type cost struct {
	wall, cpu time.Duration
	memory    int64 // bytes, at its peak
}

func compare(rows int, codec string, files, rounds int, only string) error {
	folder, err := os.MkdirTemp("", "stepwell-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := os.Chmod(folder, 0o755); err != nil {
		return err
	}
	size, err := generate(filepath.Join(folder, "data"), codec, rows, files)
	if err != nil {
		return err
	}
	fmt.Printf("%d rows, %d MB in %d file(s), %s\n", rows, size/1e6, files, codec)
	var base time.Duration
	for _, name := range []string{"count", "read_csv", "copy", "postgres"} {
		if only != "" && name != only {
			continue
		}
		c, err := median(name, folder, codec, rounds)
		if err != nil {
			return err
		}
		if c == nil {
			continue
		}
		if name == "read_csv" {
			base = c.wall
		}
		line := fmt.Sprintf("%-9s %7.2f s  cpu %7.2f s  %5d MB  %6.0f MB/s", name, c.wall.Seconds(), c.cpu.Seconds(), c.memory/1e6, float64(size)/1e6/c.wall.Seconds())
		if base > 0 {
			line += fmt.Sprintf("  speed %.2f of read_csv", base.Seconds()/c.wall.Seconds())
		}
		fmt.Println(line)
	}
	return nil
}

// median runs a process several times and returns the one in the middle, nil when it cannot run here.
func median(name, folder, codec string, rounds int) (*cost, error) {
	if name == "postgres" && postgresMissing() {
		fmt.Println("postgres  is not here")
		return nil, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var costs []cost
	for range rounds {
		c := exec.Command(self, "-child", name, "-codec", codec, folder)
		c.Stderr = os.Stderr
		out, err := c.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		usage := c.ProcessState.SysUsage().(*syscall.Rusage)
		wall, err := time.ParseDuration(strings.TrimSpace(string(out)))
		if err != nil {
			return nil, err
		}
		costs = append(costs, cost{wall: wall, cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), memory: usage.Maxrss * 1024})
	}
	slices.SortFunc(costs, func(a, b cost) int { return int(a.wall - b.wall) })
	return &costs[len(costs)/2], nil
}

// timed prints how long something took.
func timed(f func() error) error {
	started := time.Now()
	err := f()
	if err == nil {
		fmt.Println(time.Since(started))
	}
	return err
}
