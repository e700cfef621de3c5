package bucket_test

import (
	"strings"
	"testing"

	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

func TestCheckName(t *testing.T) {
	for name, good := range map[string]bool{
		"etl-scripts": true, "a.b-1": true, "abc": true, strings.Repeat("a", 63): true,
		"": false, "ab": false, strings.Repeat("a", 64): false, "Upper": false, "a_b": false, "a..b": false,
		"-ab": false, "ab-": false, "..": false, "a/b": false, "a\x00b": false,
	} {
		if err := bucket.CheckName(name); (err == nil) != good || !good && fault.CodeOf(err) != bucket.CodeInvalidBucketName {
			t.Errorf("CheckName(%q) = %v", name, err)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, c := range []struct {
		err        *fault.Fault
		code, text string
	}{
		{bucket.NoSuchBucket("b"), "NoSuchBucket", "The specified bucket does not exist: s3://b"},
		{bucket.NoSuchKey("b", "k/l"), "NoSuchKey", "The specified key does not exist.: s3://b/k/l"},
	} {
		if c.err.Code != c.code || c.err.Error() != c.text || c.err.Kind != fault.NotFound {
			t.Errorf("got %s %q", c.err.Code, c.err.Error())
		}
	}
	if err := bucket.CheckKey(strings.Repeat("k", 1025)); fault.CodeOf(err) != bucket.CodeKeyTooLong {
		t.Errorf("long key: %v", err)
	}
}
