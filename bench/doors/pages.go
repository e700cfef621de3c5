package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

// pages opens the console as browsers do.
func pages(s *server, span time.Duration) error {
	e, err := s.startExecution("long")
	if err == nil {
		err = s.await(e, 10*time.Millisecond)
	}
	if err != nil {
		return err
	}
	for what, path := range map[string]string{"the page": "", "its events": "?tab=events"} {
		if err := s.openPage("execution of 25,000 events, "+what, "/console/executions/"+url.PathEscape(e.ExecutionArn)+path); err != nil {
			return err
		}
	}
	if err := s.openPage("overview", "/console/"); err != nil {
		return err
	}
	if err := liveDelay(s); err != nil {
		return err
	}
	return manyPages(s, span)
}

// openPage reports the first byte and the size of a page.
func (s *server) openPage(what, path string) error {
	var first []time.Duration
	var size int64
	for range 5 {
		begin := time.Now()
		response, err := s.client.Get("http://" + s.address + path)
		if err != nil {
			return err
		}
		first = append(first, time.Since(begin))
		size, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s: %w", path, response.Status, err)
		}
	}
	report(what+": first byte, median of 5", float64(median(first).Microseconds())/1000, "ms")
	report(what+": size", float64(size)/1024, "kB")
	return nil
}

// listen calls do for every change that the console tells of, until the context ends.
func (s *server) listen(ctx context.Context, ready func(), do func()) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/console/live?of=execution", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for first := true; lines.Scan(); first = false {
		if first {
			ready()
		}
		if strings.HasPrefix(lines.Text(), "event: change") {
			do()
		}
	}
	return nil
}

// reload asks for the changed parts of the overview, as the script of a page does.
func (s *server) reload() {
	r, err := http.NewRequest(http.MethodGet, "http://"+s.address+"/console/", nil)
	if err != nil {
		return
	}
	r.Header.Set("Stepwell-Part", "live")
	if response, err := s.client.Do(r); err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

// liveDelay is how long after an execution began a page that follows has its new content.
func liveDelay(s *server) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	opened, changed := make(chan struct{}), make(chan struct{}, 100)
	go func() {
		_ = s.listen(ctx, func() { close(opened) }, func() {
			s.reload()
			changed <- struct{}{}
		})
	}()
	<-opened
	<-changed // by what happened before it listened
	var took []time.Duration
	for range 20 {
		begin := time.Now()
		if _, err := s.startExecution("one"); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-time.After(10 * time.Second):
			return fmt.Errorf("no news of an execution")
		}
		took = append(took, time.Since(begin))
		time.Sleep(150 * time.Millisecond) // the news of one execution may come twice
		for len(changed) > 0 {
			<-changed
		}
	}
	report("start of an execution until an open page shows it, median of 20", float64(median(took).Milliseconds()), "ms")
	report("    the slowest", float64(took[len(took)-1].Milliseconds()), "ms")
	return nil
}

// manyPages keeps 100 pages open, first without news and then with one execution in a second, which each of them reloads for.
func manyPages(s *server, span time.Duration) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var opened, all sync.WaitGroup
	opened.Add(100)
	for range 100 {
		all.Go(func() {
			_ = s.listen(ctx, opened.Done, s.reload)
		})
	}
	opened.Wait()
	time.Sleep(2 * time.Second) // what they missed before they listened, they load now
	quiet, err := s.load(span, func() error { return nil })
	if err != nil {
		return err
	}
	report("100 open pages: share of a core, nothing happens", 100*quiet, "%")
	busy, err := s.load(span, func() error { _, err := s.startExecution("one"); return err })
	report("    an execution every second, all of them follow", 100*busy, "%")
	cancel()
	all.Wait()
	return err
}

// load does something once a second and returns what part of a core the server took.
func (s *server) load(span time.Duration, do func() error) (float64, error) {
	before, err := s.processorTime()
	if err != nil {
		return 0, err
	}
	begin := time.Now()
	for time.Since(begin) < span {
		if err := do(); err != nil {
			return 0, err
		}
		time.Sleep(time.Second)
	}
	after, err := s.processorTime()
	return (after - before).Seconds() / time.Since(begin).Seconds(), err
}

// processorTime is what the server's process has used, to a hundredth of a second.
func (s *server) processorTime() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	var ticks int64
	for _, field := range fields[11:13] { // utime and stime
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond, nil
}
