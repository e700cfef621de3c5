package api_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api"
)

// run calls the AWS CLI against a site, in a folder of its own.
func (s site) run(t *testing.T, folder, command string) (string, error) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "aws", strings.Fields(command)...)
	c.Dir = folder
	c.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+s.url, "AWS_ACCESS_KEY_ID="+s.key.ID, "AWS_SECRET_ACCESS_KEY="+s.key.Secret,
		"AWS_REGION="+region, "AWS_DEFAULT_REGION="+region, "AWS_CONFIG_FILE=none", "AWS_SHARED_CREDENTIALS_FILE=none", "AWS_EC2_METADATA_DISABLED=true", "AWS_PAGER=")
	out, err := c.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

func requireCLI(t *testing.T) {
	if testing.Short() {
		t.Skip("the AWS CLI takes a second per call")
	}
	if err := exec.Command("aws", "--version").Run(); err != nil {
		t.Skip("the AWS CLI is not installed: ", err)
	}
}

func TestCommandLine(t *testing.T) {
	requireCLI(t)
	s := openWithKeys(t, nil).as(admin)
	arn, err := s.run(t, t.TempDir(), "stepfunctions start-execution --state-machine-arn "+nightly+" --name cli --query executionArn --output text")
	if want := strings.Replace(nightly, "stateMachine", "execution", 1) + ":cli"; err != nil || arn != want {
		t.Fatalf("%s, %v", arn, err)
	}
	if id, err := s.run(t, t.TempDir(), "sns publish --topic-arn "+topic+" --message hello --query MessageId --output text"); err != nil || len(id) != 36 {
		t.Errorf("%s, %v", id, err)
	}
	text, err := s.as(api.Key{ID: admin.ID, Secret: "guess"}).run(t, t.TempDir(), "sns publish --topic-arn "+topic+" --message hello")
	if err == nil || !strings.Contains(text, "SignatureDoesNotMatch") {
		t.Errorf("with a wrong secret: %s, %v", text, err)
	}
}

// A folder that was copied up and down again is the same, also where the files are many or large enough for parts.
func TestCommandLineSync(t *testing.T) {
	requireCLI(t)
	s := openWithKeys(t, nil).as(admin)
	up, down := t.TempDir(), t.TempDir()
	files := map[string]string{"large.bin": strings.Repeat("0123456789abcdef", 9<<16)}
	for i := range 60 {
		files[fmt.Sprintf("day=%d/file %d+.csv", i%7, i)] = fmt.Sprintf("%d,row\n", i)
	}
	for name, text := range files {
		path := filepath.Join(up, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []string{"s3 mb s3://sales", "s3 sync --quiet " + up + " s3://sales/in", "s3 sync --quiet s3://sales/in " + down} {
		if out, err := s.run(t, up, command); err != nil {
			t.Fatalf("%s: %s, %v", command, out, err)
		}
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(down, name)); err != nil || string(got) != text {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	if out, err := s.run(t, up, "s3 rb --force s3://sales"); err != nil {
		t.Errorf("%s, %v", out, err)
	}
}
