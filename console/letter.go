package console

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/stepwell/stepwell/console/view"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

const (
	// maxLetters is how many dead letters a page shows, maxLetterFiles how many it looks at, and maxLetter how much of one, in bytes.
	maxLetters     = 20
	maxLetterFiles = 1000
	maxLetter      = 1 << 20
)

// letters are the newest dead letters in a folder of the data folder, of one sender, or of all for an empty name.
func (c *Console) letters(kind, from string, read func(value.Value) (view.Letter, string)) ([]view.Letter, error) {
	folder := filepath.Join(c.Data, "dead-letters", kind)
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) || c.Data == "" {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "read the dead letters").Because(err)
	}
	var all []view.Letter
	for _, e := range newest(entries) {
		content, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil || len(content) > maxLetter {
			continue // it was taken away meanwhile, or is none of ours
		}
		letter, err := value.Parse(string(content))
		if err != nil {
			continue
		}
		shown, sender := read(letter)
		if from == "" || sender == from {
			all = append(all, shown)
		}
		if len(all) == maxLetters {
			break
		}
	}
	return all, nil
}

// newest are the files of a folder that were written last.
func newest(entries []os.DirEntry) []os.DirEntry {
	times := map[string]time.Time{}
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			return true
		}
		times[e.Name()] = info.ModTime()
		return false
	})
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return times[b.Name()].Compare(times[a.Name()]) })
	return entries[:min(len(entries), maxLetterFiles)]
}

// letterOfCall is a call that a schedule or a rule gave up, and who that is.
func letterOfCall(letter value.Value) (view.Letter, string) {
	from := text(letter, "RULE_ARN")
	at, _ := time.Parse(time.RFC3339, text(letter, "GIVEN_UP"))
	reason := text(letter, "ERROR_CODE") + ": " + text(letter, "ERROR_MESSAGE")
	if limit := text(letter, "EXHAUSTED_RETRY_CONDITION"); limit != "" {
		reason += " (" + limit + ")"
	}
	return view.Letter{
		At: at, From: view.Link{Text: nameOf(from), URL: planURL(from)}, Target: targetLink(text(letter, "TARGET_ARN")), Reason: reason,
		Attempts: text(letter, "RETRY_ATTEMPTS"), Input: view.Document{Full: text(letter, "INPUT")},
	}, from
}

// nameOf is the last part of an ARN.
func nameOf(arn string) string { return arn[strings.LastIndexAny(arn, ":/")+1:] }
