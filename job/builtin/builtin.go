// Package builtin runs fetch-and-run jobs in this process. Such a job's image holds a script interpreter and nothing else of
// its own: the environment names a script in a bucket, the image fetches it, puts environment variables into it and runs it.
// BATCH_SCRIPT_LOCATION names an RSQL script, BATCH_FILE_S3_URL one for psql. The job's command means nothing here.
//
//	runner := &builtin.Runner{Buckets: store, Connect: connect, Folder: folder}
//	exit, err := runner.Run(ctx, work)
//
// Memory and processors are not limited: the script is a part of this process.
package builtin

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/job"
	"github.com/stepwell/stepwell/rsql"
	"github.com/stepwell/stepwell/rsql/report"
	"github.com/stepwell/stepwell/rsql/shell"
)

// Runner runs scripts out of buckets.
type Runner struct {
	Buckets bucket.Store
	// Connect opens the sessions of scripts.
	Connect func(ctx context.Context, t rsql.Target) (rsql.Session, error)
	// Folder is where jobs have their working folders, which are gone when they end.
	Folder string
}

// variables name the scripts of fetch-and-run images.
var variables = []struct {
	name    string
	dialect rsql.Dialect
}{{"BATCH_SCRIPT_LOCATION", rsql.RSQL}, {"BATCH_FILE_S3_URL", rsql.PSQL}}

// Fits reports whether work is of the fetch-and-run kind.
func Fits(w job.Work) bool {
	_, _, ok := script(w)
	return ok
}

func script(w job.Work) (url string, dialect rsql.Dialect, ok bool) {
	for _, v := range variables {
		if url, ok := w.Lookup(v.name); ok && url != "" {
			return url, v.dialect, true
		}
	}
	return "", "", false
}

// maxScript is how large a script may be, in bytes.
const maxScript = 64 << 20

// Run fetches the script of the work and runs it. What is wrong with the script is printed, and ends the work with a code
// above 0, as it would in a container.
func (r *Runner) Run(ctx context.Context, w job.Work) (job.Exit, error) {
	url, dialect, ok := script(w)
	if !ok {
		return job.Exit{}, errors.New("CannotStartContainerError: neither BATCH_SCRIPT_LOCATION nor BATCH_FILE_S3_URL names a script")
	}
	text, err := r.fetch(ctx, url)
	if err != nil {
		_, _ = io.WriteString(w.Output, err.Error()+"\n")
		return job.Exit{Code: 1}, nil
	}
	folder := filepath.Join(r.Folder, w.ID)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return job.Exit{}, err
	}
	defer os.RemoveAll(folder)
	session, err := r.Connect(ctx, rsql.Target{})
	if err != nil {
		_, _ = io.WriteString(w.Output, string(dialect)+": error: "+err.Error()+"\n")
		return job.Exit{Code: badConnection}, nil
	}
	out := &serial{to: w.Output}
	status, _ := rsql.Run(rsql.Options{
		Dialect: dialect, Session: session, In: strings.NewReader(Expand(text, w)), Out: out, Err: out, Format: report.Default(),
		Settings: settings(dialect, w),
		Host:     &shell.Host{Context: ctx, Folder: folder, Environment: environment(folder, w), Out: out, Err: out, Connector: r.Connect},
	})
	if ctx.Err() != nil {
		return job.Exit{Code: killed}, nil
	}
	return job.Exit{Code: status}, nil
}

// The exit codes of a script without a server, and of one that was ended by force.
const (
	badConnection = 2
	killed        = 137
)

// fetch reads a script. Its errors are what the log of the job says.
func (r *Runner) fetch(ctx context.Context, url string) (string, error) {
	rest, isS3 := strings.CutPrefix(url, "s3://")
	name, key, hasKey := strings.Cut(rest, "/")
	if !isS3 || !hasKey || name == "" || key == "" {
		return "", fault.Invalidf("fetch the script: %q is not s3://BUCKET/KEY", url)
	}
	body, err := r.Buckets.Open(ctx, name, key)
	if err != nil {
		return "", fault.New(fault.KindOf(err), "fetch the script %s", url).Because(err)
	}
	defer body.Close()
	text, err := io.ReadAll(io.LimitReader(body, maxScript+1))
	if err != nil {
		return "", fault.New(fault.Unavailable, "fetch the script %s", url).Because(err)
	}
	if len(text) > maxScript {
		return "", fault.Invalidf("fetch the script %s: it has more than 64 MB", url)
	}
	return string(text), nil
}

// environment is that of the commands that a script runs: the declared one, and what every container has.
func environment(folder string, w job.Work) []string {
	all := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "TMPDIR=" + folder}
	for _, v := range w.Environment {
		all = append(all, v.Name+"="+v.Value)
	}
	return all
}

// settings are the variables of a psql script: its image passes the environment's on in small letters, with underscores and
// without; the data set's date is called dt, too. Errors end the script.
func settings(dialect rsql.Dialect, w job.Work) []rsql.Setting {
	if dialect == rsql.RSQL {
		return nil
	}
	all := []rsql.Setting{{Name: "ON_ERROR_STOP", Value: "1"}}
	for _, v := range w.Environment {
		if strings.ContainsFunc(v.Name, func(c rune) bool { return c > 'z' || !isNameByte(byte(c), true) }) {
			continue
		}
		small := strings.ToLower(v.Name)
		all = append(all, rsql.Setting{Name: small, Value: v.Value}, rsql.Setting{Name: strings.ReplaceAll(small, "_", ""), Value: v.Value})
		if small == "dataset_date" {
			all = append(all, rsql.Setting{Name: "dt", Value: v.Value})
		}
	}
	return all
}
