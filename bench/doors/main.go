// Command doors measures a server as its clients meet it: whole processes of stepwell up over fresh data folders, asked over
// HTTP and the PostgreSQL protocol by this process, on the same machine.
//
//	go run ./bench/doors [-seconds 3] [-binary FILE] [-only SCENARIO]
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

func main() {
	seconds := flag.Int("seconds", 3, "how long each rate is measured")
	binary := flag.String("binary", "", "the stepwell to measure; default: built from here")
	only := flag.String("only", "", "the one scenario to run, such as pages; default: all")
	flag.Parse()
	if err := measure(*binary, time.Duration(*seconds)*time.Second, *only); err != nil {
		log.Fatal(err)
	}
}

// scenarios run against one server, in this order.
var scenarios = []struct {
	name string
	run  func(s *server, span time.Duration) error
}{
	{"start", startUps}, {"idle", idle}, {"calls", calls}, {"items", items}, {"history", history}, {"pages", pages}, {"states", tenStates},
	{"objects", objects}, {"selects", selects}, {"rows", rows},
}

func measure(binary string, span time.Duration, only string) error {
	folder, err := os.MkdirTemp("", "stepwell-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if binary == "" {
		binary = filepath.Join(folder, "stepwell")
		if out, err := exec.Command("go", "build", "-o", binary, "./cmd/stepwell").CombinedOutput(); err != nil {
			return fmt.Errorf("build: %w: %s", err, out)
		}
	}
	project := filepath.Join(folder, "project")
	if err := writeProject(project); err != nil {
		return err
	}
	s, err := start(binary, project)
	if err != nil {
		return err
	}
	defer s.stop()
	for _, scenario := range scenarios {
		if only != "" && only != scenario.name {
			continue
		}
		if err := scenario.run(s, span); err != nil {
			return err
		}
	}
	return nil
}

// startUps starts other servers beside the one that is measured, each over data of its own.
func startUps(s *server, _ time.Duration) error {
	var took []time.Duration
	for i := range 7 {
		project := s.folder + strconv.Itoa(i)
		if err := writeProject(project); err != nil {
			return err
		}
		begin := time.Now()
		other, err := start(s.process.Path, project)
		if err != nil {
			return err
		}
		took = append(took, time.Since(begin))
		if err := other.stop(); err != nil {
			return err
		}
	}
	report("start to the first answered request, median of 7", float64(median(took).Milliseconds()), "ms")
	return nil
}

func idle(s *server, _ time.Duration) error {
	kilobytes, err := s.resident()
	report("resident memory when idle", float64(kilobytes)/1024, "MB")
	return err
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

func report(what string, number float64, unit string) {
	fmt.Printf("%-72s %12.*f %s\n", what, decimals(number), number, unit)
}

func decimals(number float64) int {
	if number < 10 {
		return 2
	}
	return 0
}
