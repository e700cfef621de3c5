// Command load measures COPY as whole processes, in turns with what bounds it: DuckDB's own read_csv into a table, PostgreSQL's
// \copy (if its programs are there), and only unpacking the files and counting their lines; and UNLOAD to Parquet beside
// DuckDB's own writer.
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
	only := flag.String("only", "", "measure only these: count, read_csv, copy, postgres, write_parquet or unload, with commas")
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
var work = map[string]func(folder, codec string) error{"count": count, "read_csv": readCSV, "copy": copyInto, "postgres": postgres,
	"write_parquet": writeParquet, "unload": unload}

// measured is what is measured, in this order, each with the one that it is compared with.
var measured = []struct{ name, limit string }{{"count", ""}, {"read_csv", ""}, {"copy", "read_csv"}, {"postgres", "read_csv"},
	{"write_parquet", ""}, {"unload", "write_parquet"}}

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
	costs := map[string][]cost{}
	for range rounds {
		for _, m := range measured {
			if only != "" && !slices.Contains(strings.Split(only, ","), m.name) || m.name == "postgres" && postgresMissing() {
				continue
			}
			c, err := measure(m.name, folder, codec)
			if err != nil {
				return err
			}
			costs[m.name] = append(costs[m.name], c)
		}
	}
	for _, m := range measured {
		if len(costs[m.name]) == 0 {
			continue
		}
		c := median(costs[m.name])
		line := fmt.Sprintf("%-13s %7.2f s  cpu %7.2f s  %5d MB  %6.0f MB/s", m.name, c.wall.Seconds(), c.cpu.Seconds(), c.memory/1e6, float64(size)/1e6/c.wall.Seconds())
		if len(costs[m.limit]) > 0 {
			line += fmt.Sprintf("  speed %.2f of %s", median(costs[m.limit]).wall.Seconds()/c.wall.Seconds(), m.limit)
		}
		fmt.Println(line)
	}
	return nil
}

// measure runs a process.
func measure(name, folder, codec string) (cost, error) {
	self, err := os.Executable()
	if err != nil {
		return cost{}, err
	}
	c := exec.Command(self, "-child", name, "-codec", codec, folder)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		return cost{}, fmt.Errorf("%s: %w", name, err)
	}
	wall, err := time.ParseDuration(strings.TrimSpace(string(out)))
	usage := c.ProcessState.SysUsage().(*syscall.Rusage)
	return cost{wall: wall, cpu: c.ProcessState.UserTime() + c.ProcessState.SystemTime(), memory: usage.Maxrss * 1024}, err
}

func median(costs []cost) cost {
	slices.SortFunc(costs, func(a, b cost) int { return int(a.wall - b.wall) })
	return costs[len(costs)/2]
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
