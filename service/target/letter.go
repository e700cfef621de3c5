package target

import (
	"cmp"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Letter is an invocation that was given up.
type Letter struct {
	Invocation
	Reason error
	// Exhausted is the limit of the retry policy that ended it; empty: the target refused it for good.
	Exhausted string
}

// DeadLetters returns the keeper of what could not be delivered: a file for each in a folder, with the attributes that EventBridge
// gives the messages of a dead-letter queue.
func DeadLetters(folder string) func(Letter) error {
	return func(l Letter) error {
		err := os.MkdirAll(folder, 0o700)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, l.ID+".json"), []byte(l.text()+"\n"), 0o600)
		}
		if err != nil {
			return fault.New(fault.Unavailable, "write a dead letter to %s", folder).Because(err)
		}
		return nil
	}
}

func (l *Letter) text() string {
	var members []value.Member
	add := func(name, text string) {
		if text != "" {
			members = append(members, value.Member{Key: name, Value: value.OfString(text)})
		}
	}
	add("RULE_ARN", l.From)
	add("TARGET_ARN", l.ARN)
	add("DEAD_LETTER_ARN", l.DeadLetter)
	add("ERROR_CODE", cmp.Or(fault.CodeOf(l.Reason), fault.KindOf(l.Reason).String()))
	add("ERROR_MESSAGE", l.Reason.Error())
	add("EXHAUSTED_RETRY_CONDITION", l.Exhausted)
	add("RETRY_ATTEMPTS", strconv.Itoa(max(l.Attempts-1, 0)))
	add("GIVEN_UP", time.Now().UTC().Format(time.RFC3339))
	add("INPUT", l.Input)
	return value.OfMembers(members...).Text()
}
