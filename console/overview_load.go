package console

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/stepwell/stepwell/console/view"
)

const (
	// daysOfLoads is how many days of loads the overview shows; the load tables keep no more.
	daysOfLoads = 7
	// fresh is how long they are shown without asking again.
	fresh = 10 * time.Second
)

// loadDaysSeen are the loads of the last days as they were a moment ago.
type loadDaysSeen struct {
	mu   sync.Mutex
	at   time.Time
	days []view.LoadDay
}

func (l *loadDaysSeen) of(ctx context.Context, c *Console) ([]view.LoadDay, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := c.Now(); l.at.IsZero() || now.Sub(l.at) > fresh {
		days, err := c.loadsByDay(ctx)
		if err != nil {
			return nil, err
		}
		l.at, l.days = now, days
	}
	return l.days, nil
}

// loadsByDay sums up what COPY loaded, day by day, the oldest first.
func (c *Console) loadsByDay(ctx context.Context) ([]view.LoadDay, error) {
	first := c.today().AddDate(0, 0, 1-daysOfLoads)
	days := make([]view.LoadDay, daysOfLoads)
	for i := range days {
		days[i].Day = first.AddDate(0, 0, i)
	}
	sql := fmt.Sprintf(`select datediff(day, '%s'::timestamp, end_time), count(*), sum(loaded_rows), sum(source_file_bytes), sum(error_count)
		from sys_load_history where status = 'completed' and end_time >= '%[1]s' group by 1`, first.Format(time.DateTime))
	return days, c.ask(ctx, sql, nil, func(values []any) error {
		if at := integer(values[0]); at >= 0 && at < daysOfLoads {
			d := &days[at]
			d.Loads, d.Rows, d.Bytes, d.Errors = integer(values[1]), integer(values[2]), integer(values[3]), integer(values[4])
		}
		return nil
	})
}

// integer is a whole number of a row, whose sums come as texts.
func integer(v any) int64 {
	if n, ok := v.(int64); ok {
		return n
	}
	n, _ := strconv.ParseInt(fmt.Sprint(v), 10, 64)
	return n
}
