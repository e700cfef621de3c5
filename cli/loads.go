package cli

import (
	"fmt"
	"io"
	"time"

	"github.com/stepwell/stepwell/warehouse"
)

// withLoads are executions whose warehouse tells which COPYs run.
type withLoads struct {
	executions
	loads func() []warehouse.Loading
}

// loadLine says how far a COPY is.
func loadLine(l warehouse.Loading, now time.Time) string {
	line := fmt.Sprintf("COPY %s: %d of %d files, %.1f MB, %d rows", l.Table, l.FilesDone, l.Files, float64(l.Read)/1e6, l.Rows)
	if spent := now.Sub(l.Started).Seconds(); spent > 0 {
		line += fmt.Sprintf(", %.1f MB/s", float64(l.Read)/1e6/spent)
	}
	if left, ok := l.Left(now); ok {
		line += fmt.Sprintf(", %d %%, %s left", 100*l.Read/l.Size, left.Round(time.Second))
	}
	return line
}

// unloadLine says how far an UNLOAD is.
func unloadLine(u warehouse.Unloading, now time.Time) string {
	line := fmt.Sprintf("UNLOAD %s: %d rows, %d files, %.1f MB", u.Location, u.Rows, u.Files, float64(u.Size)/1e6)
	if spent := now.Sub(u.Started).Seconds(); spent > 0 && u.Rows > 0 {
		line += fmt.Sprintf(", %.0f rows/s", float64(u.Rows)/spent)
	}
	return line
}

// moving says how far the first COPY or UNLOAD that runs is; it is empty when none runs.
func moving(w *warehouse.Warehouse, now time.Time) string {
	if loads := w.Loads(); len(loads) > 0 {
		return loadLine(loads[0], now)
	}
	if unloads := w.Unloads(); len(unloads) > 0 {
		return unloadLine(unloads[0], now)
	}
	return ""
}

// watchLoads shows the COPYs and UNLOADs that run on the terminal, until the function that it returns is called.
func watchLoads(streams Streams, w *warehouse.Warehouse) (stop func()) {
	if streams.Size == nil {
		return func() {}
	}
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		drawLoads(streams, w, ended)
	}()
	return func() {
		close(ended)
		<-done
	}
}

func drawLoads(streams Streams, w *warehouse.Warehouse, ended <-chan struct{}) {
	clock := time.NewTicker(redraw)
	defer clock.Stop()
	drawn := false
	for {
		select {
		case <-ended:
			return
		case now := <-clock.C:
			line := moving(w, now)
			if drawn {
				io.WriteString(streams.Err, "\r\x1b[K")
			}
			if drawn = line != ""; drawn {
				columns, _ := streams.Size()
				if columns <= 0 {
					columns = 80
				}
				line, _ = clip(line, columns-1)
				// The cursor goes back, so that the answer is written over the line.
				io.WriteString(streams.Err, line+"\r")
			}
		}
	}
}
