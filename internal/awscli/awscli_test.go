package awscli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Run prints and fails as the program does, in the folder and with the environment that it is given.
func TestSame(t *testing.T) {
	if missing := Missing(); missing != "" {
		t.Skip(missing)
	}
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "config"), []byte("[default]\nregion = eu-west-3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := []string{"AWS_CONFIG_FILE=config", "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_EC2_METADATA_DISABLED=true"}
	for _, command := range []string{
		"configure get region",
		"configure get output",
		"s3 nonsense",
		"s3 cp absent.csv s3://nowhere/a.csv",
		"sts get-caller-identity --endpoint-url http://127.0.0.1:1 --no-such-option",
	} {
		want, wantErr := RunProgram(t.Context(), folder, environment, strings.Fields(command)...)
		got, err := Run(t.Context(), folder, environment, strings.Fields(command)...)
		if got != want || (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
			t.Errorf("%s: %q, %v, the program: %q, %v", command, got, err, want, wantErr)
		}
	}
}

func TestEnded(t *testing.T) {
	for _, one := range []struct{ answer, out, err string }{
		{"made\n\nexit 0", "made\n", ""},
		{"\nexit 254", "", "exit status 254"},
		{"Traceback", "Traceback", "the AWS CLI ended without an exit code"},
	} {
		out, err := ended(one.answer)
		if out != one.out || err == nil && one.err != "" || err != nil && err.Error() != one.err {
			t.Errorf("%q: %q, %v", one.answer, out, err)
		}
	}
}
