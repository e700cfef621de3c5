package sns

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"sync"

	"github.com/stepwell/stepwell/fault"
)

// File returns a subscriber that appends each message to a file, one JSON object a line.
func File(path string) Subscriber {
	var mu sync.Mutex
	return func(_ context.Context, m Message) error {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err := appendTo(path, append(line, '\n')); err != nil {
			return fault.New(fault.Unavailable, "write notification to %s", path).Because(err)
		}
		return nil
	}
}

func appendTo(path string, line []byte) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	return errors.Join(err, file.Close())
}

// Log returns a subscriber that logs each message. The text itself stays out of the log: it may hold secrets.
func Log(logger *slog.Logger) Subscriber {
	return func(ctx context.Context, m Message) error {
		logger.InfoContext(ctx, "notification", "topic", m.TopicARN, "message", m.ID, "subject", m.Subject, "bytes", len(m.Text))
		return nil
	}
}
