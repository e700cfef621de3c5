package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// counter counts what is read.
type counter struct {
	from  io.Reader
	bytes int64
}

// Read reads.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.from.Read(p)
	c.bytes += int64(n)
	return n, err
}

// rate is how often per second clients together do something.
func rate(clients int, span time.Duration, do func() error) (float64, error) {
	var done atomic.Int64
	errs := make([]error, clients)
	begin := time.Now()
	var work sync.WaitGroup
	for i := range clients {
		work.Go(func() {
			for time.Since(begin) < span && errs[i] == nil {
				errs[i] = do()
				done.Add(1)
			}
		})
	}
	work.Wait()
	return float64(done.Load()) / time.Since(begin).Seconds(), errors.Join(errs...)
}

type execution struct {
	ExecutionArn string
	Status       string
}

func (s *server) startExecution(machine string) (execution, error) {
	var started execution
	_, err := s.call("StartExecution", `{"stateMachineArn": "`+machines+machine+`"}`, &started)
	return started, err
}

// await polls until an execution has ended.
func (s *server) await(e execution, pause time.Duration) error {
	for {
		var about execution
		if _, err := s.call("DescribeExecution", `{"executionArn": "`+e.ExecutionArn+`"}`, &about); err != nil || about.Status != "RUNNING" {
			return err
		}
		time.Sleep(pause)
	}
}

func calls(s *server, span time.Duration) error {
	for _, clients := range []int{1, 8, 64} {
		perSecond, err := rate(clients, span, func() error {
			e, err := s.startExecution("one")
			if err != nil {
				return err
			}
			_, err = s.call("DescribeExecution", `{"executionArn": "`+e.ExecutionArn+`"}`, nil)
			return err
		})
		if err != nil {
			return err
		}
		report(fmt.Sprintf("StartExecution and DescribeExecution by %d clients", clients), 2*perSecond, "calls/s")
	}
	return nil
}

// history reads a full history, page by page.
func history(s *server, _ time.Duration) error {
	e, err := s.startExecution("long")
	if err == nil {
		err = s.await(e, 10*time.Millisecond)
	}
	if err != nil {
		return err
	}
	var took []time.Duration
	for range 5 {
		begin, events := time.Now(), 0
		for token := ""; ; {
			var page struct {
				Events    []struct{}
				NextToken string
			}
			if _, err := s.call("GetExecutionHistory", `{"maxResults": 1000, "executionArn": "`+e.ExecutionArn+`"`+token+`}`, &page); err != nil {
				return err
			}
			if events += len(page.Events); page.NextToken == "" {
				break
			}
			token = `, "nextToken": "` + page.NextToken + `"`
		}
		if events != 25_000 {
			return fmt.Errorf("%d events", events)
		}
		took = append(took, time.Since(begin))
	}
	report("GetExecutionHistory of 25,000 events in pages of 1,000, median of 5", float64(median(took).Milliseconds()), "ms")
	return nil
}

// tenStates starts executions and polls for their ends, beside how often an empty file can be appended to with an fsync.
func tenStates(s *server, span time.Duration) error {
	syncs, err := appends(s.folder, span/3)
	if err != nil {
		return err
	}
	report("append of 4 KB with fsync, one writer", syncs, "/s")
	for _, clients := range []int{1, 10, 100} {
		perSecond, err := rate(clients, span, func() error {
			e, err := s.startExecution("ten")
			if err != nil {
				return err
			}
			return s.await(e, time.Millisecond)
		})
		if err != nil {
			return err
		}
		report(fmt.Sprintf("ten states, StartExecution and polling, %d clients", clients), perSecond, "executions/s")
		report("    divided by appends with fsync", perSecond/syncs, "")
	}
	return nil
}

func appends(folder string, span time.Duration) (float64, error) {
	file, err := os.Create(filepath.Join(folder, "append"))
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	line := strings.Repeat("x", 4096)
	return rate(1, span, func() error {
		_, err := file.WriteString(line)
		return errors.Join(err, file.Sync())
	})
}
