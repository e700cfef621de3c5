package engine_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/engine"
	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/value"
)

// victimFolder names the data folder in the environment of a child process that is to be killed.
const victimFolder = "ENGINE_TEST_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		if err := beVictim(dir); err != nil {
			fmt.Println("victim:", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// killed is the machine that the victim runs.
var killed = chain(slices.Repeat([]string{"Task", "Pass", "Sync"}, 20)...)

// beVictim begins or resumes the execution, tells of every task that it begins, and finishes when nobody kills it.
func beVictim(dir string) error {
	store, err := sqlite.Open(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	e := engine.Open(store, performer(tell), engine.Options{})
	defer e.Close()
	if _, err := e.Recover(context.Background()); err != nil {
		return err
	}
	arn := machineToExecution("k")
	if _, err := e.Describe(context.Background(), arn); err != nil {
		if _, err := e.Start(context.Background(), request("k", killed)); err != nil {
			return err
		}
	}
	_, err = e.Wait(context.Background(), arn)
	return err
}

func tell(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	fmt.Println("task", task.State)
	return quietly(ctx, task, submitted)
}

func TestKillAndResume(t *testing.T) {
	reference := openEngine(t, performer(quietly))
	arn := start(t, reference, request("k", killed)).ARN
	outcome(t, reference, arn)
	want := trace(t, reference, arn)

	dir := t.TempDir()
	for round := 0; ; round++ {
		// Each round lets a few tasks more begin, so the process dies in all parts of their lives.
		finished := killAfter(t, dir, 1+round%7)
		if finished {
			if round < 5 {
				t.Errorf("the process was killed %d times only", round)
			}
			break
		}
	}
	e := engine.Open(openStore(t, dir), stuck, engine.Options{})
	defer e.Close()
	if got := trace(t, e, arn); got != want {
		t.Errorf("history is\n%snot\n%s", got, want)
	}
}

func quietly(ctx context.Context, task engine.Task, submitted func(value.Value)) (value.Value, *engine.TaskError) {
	if strings.Contains(task.Resource, ".sync") {
		return submitter(ctx, task, submitted)
	}
	return task.Parameters, nil
}

// killAfter runs the victim and kills it when it has told of a number of tasks. Finished says that it was quicker.
func killAfter(t *testing.T, dir string, tasks int) (finished bool) {
	t.Helper()
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), victimFolder+"="+dir)
	output, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if !strings.HasPrefix(lines.Text(), "task ") {
			t.Error(lines.Text())
		}
		if tasks--; tasks == 0 {
			// An error says that it has just ended, which Wait tells as well.
			_ = victim.Process.Kill()
		}
	}
	return victim.Wait() == nil
}
