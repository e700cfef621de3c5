package console

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	// lastMessages is how many messages a topic's page shows, and messageTail how much of the end of the file of all is read.
	lastMessages = 10
	messageTail  = 2 << 20
)

// messages are the last messages of a topic, from the file that notes all of them, a JSON object a line.
func (c *Console) messages(topic string) ([]view.MessageRow, error) {
	lines, err := lastLines(filepath.Join(c.Data, "logs", "notifications.jsonl"))
	var all []view.MessageRow
	for i := len(lines) - 1; i >= 0 && len(all) < lastMessages; i-- {
		m, err := value.Parse(string(lines[i]))
		if err != nil || text(m, "TopicArn") != topic {
			continue // the first line may be half a line
		}
		at, _ := time.Parse(time.RFC3339Nano, text(m, "Timestamp"))
		all = append(all, view.MessageRow{At: at, Subject: text(m, "Subject"), Text: view.Document{Full: text(m, "Message")}})
	}
	return all, err
}

// lastLines reads the end of a file of lines; a file that is not there has none.
func lastLines(name string) ([][]byte, error) {
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "read the messages").Because(err)
	}
	defer file.Close()
	if about, err := file.Stat(); err == nil && about.Size() > messageTail {
		if _, err := file.Seek(-messageTail, io.SeekEnd); err != nil {
			return nil, fault.New(fault.Unavailable, "read the messages").Because(err)
		}
	}
	content, err := io.ReadAll(io.LimitReader(file, messageTail))
	if err != nil {
		return nil, fault.New(fault.Unavailable, "read the messages").Because(err)
	}
	return bytes.Split(bytes.TrimSpace(content), []byte("\n")), nil
}
