package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

// awsCommand is what the entry points of jobs need of the AWS CLI where that is not installed. It is called aws then.
func awsCommand(streams Streams) *cobra.Command {
	command := &cobra.Command{
		Use: "aws", Hidden: true,
		Short: "The few commands of the AWS CLI that fetch scripts: s3 cp and s3 ls",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			return fault.New(fault.Unsupported, "aws %s: the AWS CLI is not installed; without it there are s3 cp and s3 ls", args[0])
		},
	}
	s3 := &cobra.Command{Use: "s3", Short: "Objects in buckets"}
	s3.AddCommand(&cobra.Command{
		Use: "cp SOURCE DESTINATION", Short: "Copy a file or object; - is standard input or output", Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error { return copyObject(c.Context(), streams, args[0], args[1]) },
	}, &cobra.Command{
		Use: "ls s3://BUCKET[/PREFIX]", Short: "List objects", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return listObjects(c.Context(), streams, args[0]) },
	})
	for _, one := range s3.Commands() {
		for _, flag := range []string{"quiet", "only-show-errors", "no-progress"} {
			one.Flags().Bool(flag, false, "accepted: there is nothing to silence")
		}
		one.Flags().String("region", "", "accepted")
	}
	command.AddCommand(s3)
	return command
}

// address takes s3://BUCKET/KEY apart; ok is false for what is no such address.
func address(text string) (name, key string, ok bool) {
	rest, ok := strings.CutPrefix(text, "s3://")
	name, key, _ = strings.Cut(rest, "/")
	return name, key, ok && name != ""
}

func copyObject(ctx context.Context, streams Streams, from, to string) error {
	source, key, fromBucket := address(from)
	target, targetKey, toBucket := address(to)
	if !fromBucket && !toBucket {
		return usageError{fmt.Errorf("neither %q nor %q is s3://BUCKET/KEY", from, to)}
	}
	body, err := openSource(ctx, streams, from, source, key)
	if err != nil {
		return err
	}
	defer body.Close()
	if toBucket {
		store, err := endpointBucket(ctx, target)
		if err != nil {
			return err
		}
		if targetKey == "" || strings.HasSuffix(targetKey, "/") {
			targetKey += path.Base(filepath.ToSlash(from))
		}
		_, err = store.Put(ctx, target, targetKey, body, bucket.Attributes{})
		return err
	}
	return writeTarget(streams, body, from, to)
}

func openSource(ctx context.Context, streams Streams, from, name, key string) (io.ReadCloser, error) {
	switch {
	case from == "-":
		return io.NopCloser(streams.In), nil
	case name == "":
		return os.Open(from)
	}
	store, err := endpointBucket(ctx, name)
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, name, key)
}

func writeTarget(streams Streams, body io.Reader, from, to string) error {
	if to == "-" {
		_, err := io.Copy(streams.Out, body)
		return err
	}
	if about, err := os.Stat(to); err == nil && about.IsDir() {
		to = filepath.Join(to, path.Base(from))
	}
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(f, body); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func listObjects(ctx context.Context, streams Streams, text string) error {
	name, prefix, ok := address(text)
	if !ok {
		return usageError{fmt.Errorf("%q is not s3://BUCKET/PREFIX", text)}
	}
	store, err := endpointBucket(ctx, name)
	if err != nil {
		return err
	}
	for object, err := range bucket.All(ctx, store, name, prefix) {
		if err != nil {
			return err
		}
		fmt.Fprintf(streams.Out, "%s %10d %s\n", object.LastModified.Local().Format("2006-01-02 15:04:05"), object.Size, object.Key)
	}
	return nil
}
