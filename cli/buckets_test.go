package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket/s3/s3test"
	"github.com/stepwell/stepwell/cli"
)

// TestBucketAtEndpoint unloads and loads through a bucket that stepwell.yaml puts on an S3 server.
func TestBucketAtEndpoint(t *testing.T) {
	server := s3test.Start(t)
	server.Make(t, "company-lake")
	folder := t.TempDir()
	config := "buckets:\n  lake:\n    s3: {endpoint: " + server.Endpoint + ", bucket: company-lake, prefix: etl/}\n"
	if err := os.WriteFile(filepath.Join(folder, "stepwell.yaml"), []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := cli.Main([]string{"sql", "--project", folder, "--csv", `create table t (a int);
		insert into t values (1), (2);
		unload ('select a from t') to 's3://lake/out/' iam_role default csv manifest;
		copy t from 's3://lake/out/manifest' iam_role default csv manifest;
		select count(*) as n, sum(a) as s from t`}, cli.Streams{In: strings.NewReader(""), Out: &out, Err: &errs})
	if code != 0 || !strings.HasSuffix(out.String(), "n,s\n4,6\n") {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	if _, err := os.Stat(filepath.Join(folder, ".stepwell", "buckets", "lake")); err == nil {
		t.Error("the bucket became a folder as well")
	}
}
