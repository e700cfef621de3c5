package cli

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/project/watch"
)

// follower applies the changes of a project's files while it is served. Executions go on with the definition that they started
// with.
type follower struct {
	local   *local
	streams Streams
	path    string
	flags   upFlags
	// served is the project as it was when the server started: stepwell.yaml counts as it was then.
	served *project.Project
	// said is what was last said about the files: the same is not said again.
	said string
	// broken: the files were wrong when they were last read.
	broken bool
}

// follow watches the files, if that was asked for, until the function that it returns is called, which waits for a change under way.
func (f *follower) follow(ctx context.Context) (stop func() error, err error) {
	if !f.flags.watch {
		return func() error { return nil }, nil
	}
	watcher, err := watch.Start(f.served.Folder, watch.Calm)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(f.streams.Err, "changes of the project's files are applied")
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range watcher.Changes() {
			f.change(ctx)
		}
	}()
	return func() error {
		err := watcher.Close()
		<-done
		return err
	}, nil
}

// change applies the files as they are now. What is wrong in them is said, and all goes on as it was.
func (f *follower) change(ctx context.Context) {
	var remarks bytes.Buffer
	p, err := loadChecked(Streams{Err: &remarks}, f.path, f.flags.projectFlags)
	if err == nil {
		if wrong := checkSchedules(p); len(wrong) > 0 {
			err = wrong
		}
	}
	for _, name := range f.fixed(p) {
		fmt.Fprintf(&remarks, "stepwell: %s: %s has changed, which counts from the next start on\n", project.ConfigName, name)
	}
	if err != nil {
		fmt.Fprintf(&remarks, "stepwell: not applied, the last good state goes on: %s\n", printable(err.Error(), "\n\t"))
	} else if f.broken {
		fmt.Fprintln(&remarks, "stepwell: the project's files are right again")
	}
	f.broken = err != nil
	if text := remarks.String(); text != f.said {
		fmt.Fprint(f.streams.Err, text)
		f.said = text
	}
	if err != nil {
		return
	}
	a := &applier{local: f.local, project: p, told: f.streams.Err, live: true, removal: f.flags.removal(ctx, f.streams)}
	if err := a.apply(ctx); err != nil && ctx.Err() == nil {
		fmt.Fprintf(f.streams.Err, "stepwell: %s\n", printable(err.Error(), "\n\t"))
	}
}

// fixed are the keys of stepwell.yaml that have changed and do not count before the next start; none of a project that cannot be
// read.
func (f *follower) fixed(p *project.Project) []string {
	if p == nil {
		return nil
	}
	var names []string
	was, is := reflect.ValueOf(f.served.Config), reflect.ValueOf(p.Config)
	for i := range was.NumField() {
		name := was.Type().Field(i).Name
		if !live[name] && !reflect.DeepEqual(was.Field(i).Interface(), is.Field(i).Interface()) {
			names = append(names, strings.ToLower(name))
		}
	}
	return names
}

// live are the fields of a project's Config that count as soon as they change: those that the template is read with.
var live = map[string]bool{"Template": true, "Parameters": true, "Imports": true, "SSM": true}
