package watch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/watch"
	"github.com/stepwell/stepwell/fault"
)

// A file that is moved into the folder behind an action marks the end of what the action was told as.
func TestWhatIsTold(t *testing.T) {
	for _, c := range []struct {
		name, want string
		act        func(t *testing.T, bucket, elsewhere string)
	}{
		{"a file is moved in", "in/a.csv", func(t *testing.T, bucket, elsewhere string) {
			write(t, elsewhere+"/a.csv", "1")
			move(t, elsewhere+"/a.csv", bucket+"/in/a.csv")
		}},
		{"a file is written in place", "in/a.csv, in/a.csv*", func(t *testing.T, bucket, _ string) {
			write(t, bucket+"/in/a.csv", "1")
		}},
		{"a file is written anew", "in/there.csv*", func(t *testing.T, bucket, _ string) {
			write(t, bucket+"/in/there.csv", "12")
		}},
		{"a tree of folders is moved in", "in/day/x/a.csv*", func(t *testing.T, bucket, elsewhere string) {
			write(t, elsewhere+"/day/x/a.csv", "1")
			move(t, elsewhere+"/day", bucket+"/in/day")
		}},
		{"files come outside of the prefix", "", func(t *testing.T, bucket, _ string) {
			write(t, bucket+"/out/a.csv", "1")
			write(t, bucket+"/inner", "1")
			write(t, bucket+"/.stepwell/part-1", "1")
		}},
		{"a file goes", "", func(t *testing.T, bucket, elsewhere string) {
			move(t, bucket+"/in/there.csv", elsewhere+"/there.csv")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder, elsewhere := t.TempDir(), t.TempDir()
			write(t, folder+"/in/there.csv", "1")
			told := listen(t, folder, "in/")
			c.act(t, folder, elsewhere)
			write(t, elsewhere+"/end", "1")
			move(t, elsewhere+"/end", folder+"/in/end")
			if got := strings.Join(upTo(t, told, "in/end"), ", "); got != c.want {
				t.Errorf("told %q, want %q", got, c.want)
			}
		})
	}
}

func TestFolderMadeLater(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	told := listen(t, folder, "in/day-")
	write(t, folder+"/in/day-1/a.csv", "1")
	write(t, elsewhere+"/end", "1")
	if first := <-told; !strings.HasPrefix(first, "in/day-1/a.csv") {
		t.Errorf("told %s first", first)
	}
	move(t, elsewhere+"/end", folder+"/in/day-1/end")
	upTo(t, told, "in/day-1/end")
}

func TestBucketGoes(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "bucket")
	write(t, folder+"/a", "1")
	told := listen(t, folder, "")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	upTo(t, told, "")
}

func TestNoBucket(t *testing.T) {
	folders := watch.New(func(string) string { return filepath.Join(t.TempDir(), "nothing") })
	defer folders.Close()
	if _, err := folders.Watch("b", "", func(bucket.Event) {}); fault.CodeOf(err) != bucket.CodeNoSuchBucket {
		t.Errorf("got %v", err)
	}
}

// Two listeners on one bucket are told apart, and one that has stopped is told nothing.
func TestStop(t *testing.T) {
	folder, elsewhere := t.TempDir(), t.TempDir()
	folders := watch.New(func(string) string { return folder })
	defer folders.Close()
	first, second := make(chan string, 10), make(chan string, 10)
	stop, err := folders.Watch("b", "", func(e bucket.Event) { first <- e.Key })
	if err != nil {
		t.Fatal(err)
	}
	if _, err := folders.Watch("b", "y", func(e bucket.Event) { second <- e.Key }); err != nil {
		t.Fatal(err)
	}
	write(t, elsewhere+"/x", "1")
	write(t, elsewhere+"/y", "1")
	move(t, elsewhere+"/x", folder+"/x")
	if got := <-first; got != "x" {
		t.Errorf("told %s", got)
	}
	stop()
	move(t, elsewhere+"/y", folder+"/y")
	if got := <-second; got != "y" {
		t.Errorf("told %s", got)
	}
	if len(first) > 0 {
		t.Error("told behind stop")
	}
}

// listen watches a folder; events come as keys, those of objects written in place with a star.
func listen(t *testing.T, folder, prefix string) <-chan string {
	t.Helper()
	folders := watch.New(func(string) string { return folder })
	t.Cleanup(folders.Close)
	told := make(chan string, 1000)
	stop, err := folders.Watch("b", prefix, func(e bucket.Event) {
		star := ""
		if e.InPlace {
			star = "*"
		}
		told <- e.Key + star
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	return told
}

// upTo returns what is told before a key, each once.
func upTo(t *testing.T, told <-chan string, end string) (list []string) {
	t.Helper()
	seen := map[string]bool{}
	for {
		select {
		case key := <-told:
			if key == end {
				return list
			}
			if !seen[key] {
				seen[key] = true
				list = append(list, key)
			}
		case <-time.After(10 * time.Second):
			t.Fatal(fmt.Errorf("%q is not told, only %v", end, list))
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}
