package sns

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// File returns an observer that appends each message to a file, one JSON object a line.
func File(path string) Observer {
	var mu sync.Mutex
	return func(_ context.Context, m Message) error {
		line, err := json.Marshal(m)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		return appendLine(path, string(line))
	}
}

// Log returns an observer that logs each message. The text itself stays out of the log: it may hold secrets.
func Log(logger *slog.Logger) Observer {
	return func(ctx context.Context, m Message) error {
		logger.InfoContext(ctx, "notification", "topic", m.TopicARN, "message", m.ID, "subject", m.Subject, "bytes", len(m.Text))
		return nil
	}
}

// Folder is the transport of the protocol file: it appends deliveries to the files of a folder that subscriptions name.
func Folder(folder string) Transport {
	var mu sync.Mutex
	return func(_ context.Context, d Delivery) error {
		if err := checkEndpoint("file", d.Endpoint); err != nil {
			return err
		}
		line := d.Envelope().Compact()
		if d.Raw {
			line = d.Message.Text
		}
		mu.Lock()
		defer mu.Unlock()
		return appendLine(filepath.Join(folder, d.Endpoint), line)
	}
}

// DeadLetters returns the keeper of what could not be delivered: a file for each delivery in a folder.
func DeadLetters(folder string) func(d Delivery, reason error) error {
	return func(d Delivery, reason error) error {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return err
		}
		letter := d.Envelope(
			value.Member{Key: "SubscriptionArn", Value: value.OfString(d.SubscriptionARN)},
			value.Member{Key: "Endpoint", Value: value.OfString(d.Protocol + ":" + d.Endpoint)},
			value.Member{Key: "Attempts", Value: value.OfInt(int64(d.Attempts))},
			value.Member{Key: "GivenUp", Value: value.OfString(time.Now().UTC().Format(time.RFC3339))},
			value.Member{Key: "Reason", Value: value.OfString(reason.Error())},
		)
		return os.WriteFile(filepath.Join(folder, d.ID+".json"), []byte(letter.Text()+"\n"), 0o600)
	}
}

func appendLine(path, line string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.WriteString(line + "\n")
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		return fault.New(fault.Unavailable, "write a notification to %s", path).Because(err)
	}
	return nil
}
