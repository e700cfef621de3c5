package docker_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/job/docker"
)

// A command docker that writes its calls down. The image says what becomes of a container.
const fake = `#!/bin/sh
echo "$@" >> "$DOCKER_CALLS"
case "$1 $*" in
"ps "*) echo left1 left2 ;;
"inspect "*) case "$*" in *big*) echo true ;; *) echo false ;; esac ;;
"run "*hang*) trap 'exit 143' TERM; echo $$ > "$DOCKER_CALLS.pid"; while :; do sleep 0.01; done ;;
"run "*fails*) echo "$DAY $SECRET"; exit 3 ;;
"run "*missing*) echo "Unable to find image" >&2; echo "docker: Error response from daemon: manifest unknown" >&2; exit 125 ;;
"run "*big*) exit 137 ;;
"stop "*) kill -TERM $(cat "$DOCKER_CALLS.pid") ;;
esac
`

func prepare(t *testing.T) (r *docker.Runner, calls string) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "docker"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	calls = filepath.Join(folder, "calls")
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
	t.Setenv("DOCKER_CALLS", calls)
	return &docker.Runner{Owner: "/data", Environment: func(context.Context) ([]job.Variable, error) {
		return []job.Variable{{Name: "AWS_ENDPOINT_URL", Value: "http://127.0.0.1:1"}}, nil
	}}, calls
}

func work(image string, out *bytes.Buffer) job.Work {
	return job.Work{
		ID: image, Image: image, Command: []string{"load", "now"}, Memory: 1 << 20, VCPUs: 0.5, Output: out,
		Environment: []job.Variable{{Name: "DAY", Value: "d"}, {Name: "SECRET", Value: "hidden"}, {Name: "PATH", Value: "/app"}},
	}
}

func TestRun(t *testing.T) {
	for _, x := range []struct {
		image, says, reason, err string
		code                     int
	}{
		{image: "works"},
		{image: "fails", says: "d hidden\n", code: 3},
		{image: "big", code: 137, reason: "OutOfMemoryError: Container killed due to memory usage"},
		{image: "missing", says: "manifest unknown", err: "CannotPullContainerError: Error response from daemon: manifest unknown"},
	} {
		r, calls := prepare(t)
		var out bytes.Buffer
		exit, err := r.Run(t.Context(), work(x.image, &out))
		if exit.Code != x.code || exit.Reason != x.reason || (err == nil) != (x.err == "") || err != nil && err.Error() != x.err {
			t.Errorf("%s: %+v, %v", x.image, exit, err)
		}
		if !strings.Contains(out.String(), x.says) {
			t.Errorf("%s printed %q", x.image, &out)
		}
		text, err := os.ReadFile(calls)
		if err != nil {
			t.Fatal(err)
		}
		want := "ps -aq --filter label=stepwell.owner=/data\nrm -f left1\nrm -f left2\n" +
			"run --name stepwell-" + x.image + " --label stepwell.owner=/data --network host --memory 1048576 --cpu-shares 512 " +
			"--env AWS_ENDPOINT_URL --env DAY --env SECRET --env PATH=/app " + x.image + " load now\n"
		got := string(text)
		if !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "rm -f stepwell-"+x.image+"\n") {
			t.Errorf("%s: called\n%swant\n%s", x.image, got, want)
		}
	}
}

// A container that is to end is stopped and removed.
func TestEnded(t *testing.T) {
	r, calls := prepare(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for { // until the container runs
			if text, err := os.ReadFile(calls + ".pid"); err == nil && len(text) > 0 {
				cancel()
				return
			}
		}
	}()
	var out bytes.Buffer
	exit, err := r.Run(ctx, work("hang", &out))
	<-ended
	if err != nil || exit.Code != 143 {
		t.Errorf("%+v, %v", exit, err)
	}
	text, err := os.ReadFile(calls)
	if err != nil || !strings.Contains(string(text), "stop -t 30 stepwell-hang\n") || !strings.HasSuffix(string(text), "rm -f stepwell-hang\n") {
		t.Errorf("called %s, %v", text, err)
	}
}

// With an engine and an image at hand, a container runs.
func TestEngine(t *testing.T) {
	r := &docker.Runner{Owner: t.TempDir()}
	if !r.Answers(t.Context()) {
		t.Skip("no Docker engine answers")
	}
	var out bytes.Buffer
	exit, err := r.Run(t.Context(), job.Work{ID: "test", Image: "busybox", Command: []string{"sh", "-c", "echo $DAY; exit 3"}, Output: &out,
		Environment: []job.Variable{{Name: "DAY", Value: "d"}}})
	if err != nil && strings.Contains(err.Error(), "CannotPullContainerError") {
		t.Skip("the image busybox is not to be had")
	}
	if err != nil || exit.Code != 3 || out.String() != "d\n" {
		t.Errorf("%+v, %v: %s", exit, err, &out)
	}
}
