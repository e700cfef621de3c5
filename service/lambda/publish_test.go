package lambda_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/service/lambda"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// A template's version stays what it was when the function changes; SAM's AutoPublishAlias leads to what the function is now.
func TestDeclaredVersions(t *testing.T) {
	records := &servicetest.Records{}
	p := open(t, records)
	const version = `{"FunctionName": "plain", "VersionName": "app-V"}`
	const alias = `{"FunctionName": "plain", "FunctionVersion": "app-V", "Name": "live"}`
	live := value.Member{Key: "AutoPublishAlias", Value: value.OfString("live")}
	for _, answer := range []string{"1", "2", "2", "3"} {
		code := "def handler(event, context): return [" + answer + ", context.function_version]"
		p.python(t, "plain", code)
		p.python(t, "sam", code, live)
		for _, d := range []lambda.Declaration{
			{Type: "AWS::Lambda::Version", Properties: value.MustParse(version)}, {Type: "AWS::Lambda::Alias", Properties: value.MustParse(alias)},
		} {
			if err := p.Declare(t.Context(), d); err != nil {
				t.Fatal(err)
			}
		}
		want := `[` + answer + `, "` + answer + `"]`
		for name, want := range map[string]string{"plain:app-V": `[1, "1"]`, "plain:live": `[1, "1"]`, "sam:live": want, "sam:sam-Version": want} {
			if got := p.payload(t, `{"FunctionName": "`+name+`"}`).Str(); got != want {
				t.Errorf("%s: got %s, want %s", name, got, want)
			}
		}
	}
	// The next process finds the code of all versions.
	p.Close()
	p = openAt(t, p.folder, records)
	for name, want := range map[string]string{"plain:live": `[1, "1"]`, "plain": `[3, "$LATEST"]`, "sam:2": `[2, "2"]`} {
		if got := p.payload(t, `{"FunctionName": "`+name+`"}`).Str(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// An alias of a template can lead to two versions, by the template's names of them.
func TestDeclaredWeights(t *testing.T) {
	p := open(t, &servicetest.Records{})
	for _, version := range []string{"One", "Two"} {
		p.python(t, "f", "def handler(event, context): return context.function_version # "+version)
		properties := value.MustParse(`{"FunctionName": "f", "VersionName": "` + version + `"}`)
		if err := p.Declare(t.Context(), lambda.Declaration{Type: "AWS::Lambda::Version", Properties: properties}); err != nil {
			t.Fatal(err)
		}
	}
	declare := func(weights string) error {
		return p.Declare(t.Context(), lambda.Declaration{Type: "AWS::Lambda::Alias", Properties: value.MustParse(
			`{"FunctionName": "f", "FunctionVersion": "One", "Name": "live", "RoutingConfig": {"AdditionalVersionWeights": [` + weights + `]}}`)})
	}
	for weights, want := range map[string]string{
		`{"FunctionVersion": "Two", "FunctionWeight": "0.4"}`: `"1"`, `{"FunctionVersion": "Two", "FunctionWeight": 0.6}`: `"2"`, ``: `"1"`,
	} {
		if err := declare(weights); err != nil {
			t.Error(weights, err)
			continue
		}
		if got := p.payload(t, `{"FunctionName": "f:live"}`).Str(); got != want {
			t.Errorf("%s: got %s, want %s", weights, got, want)
		}
	}
	for weights, want := range map[string]string{
		`{"FunctionVersion": "Three", "FunctionWeight": 0.4}`: "Value 'Three' at 'routingConfig.additionalVersionWeights'",
		`{"FunctionVersion": "Two", "FunctionWeight": 4}`:     "between 0.0 and 1.0",
		`{"FunctionVersion": "Two"}`:                          "functionWeight",
	} {
		if err := declare(weights); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", weights, err)
		}
	}
}

// Each invocation of an alias with weights goes to one of its versions by chance.
func TestWeights(t *testing.T) {
	p := open(t, &servicetest.Records{})
	for _, answer := range []string{"1", "2"} {
		p.python(t, "f", "def handler(event, context): return context.function_version # "+answer)
		if _, err := p.call(t, "PublishVersion", `{"FunctionName": "f"}`); err != nil {
			t.Fatal(err)
		}
	}
	for i, weight := range []string{"0", "0.25", "0.75", "1"} {
		name, want := "w"+strconv.Itoa(i), `"`+strconv.Itoa(1+i/2)+`"`
		_, err := p.call(t, "CreateAlias", `{"FunctionName": "f", "Name": "`+name+`", "FunctionVersion": "1",
			"RoutingConfig": {"AdditionalVersionWeights": {"2": `+weight+`}}}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.payload(t, `{"FunctionName": "f:`+name+`"}`).Str(); got != want {
			t.Errorf("with weight %s: got %s, want %s", weight, got, want)
		}
	}
}

// The CDK's assets are folders or archives beside its template.
func TestCDKAssets(t *testing.T) {
	p := open(t, &servicetest.Records{})
	const code = "def handler(event, context): return 1"
	if err := os.Mkdir(filepath.Join(p.code, "asset.aa"), 0o755); err != nil {
		t.Fatal(err)
	}
	archive, err := base64.StdEncoding.DecodeString(zipped(t, "app.py", code))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{"asset.aa/app.py": []byte(code), "asset.bb.zip": archive} {
		if err := os.WriteFile(filepath.Join(p.code, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for hash, want := range map[string]string{"aa": "", "bb": "", "cc": "neither the folder asset.cc nor asset.cc.zip"} {
		properties := value.MustParse(`{"FunctionName": "f` + hash + `", "Runtime": "python3.12", "Handler": "app.handler", "Role": "r",
			"Code": {"S3Bucket": "cdk-x-assets-1-us-east-1", "S3Key": "` + hash + `.zip"}}`)
		err := p.Declare(t.Context(), lambda.Declaration{Type: "AWS::Lambda::Function", Properties: properties, File: p.file})
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", hash, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := p.payload(t, `{"FunctionName": "f`+hash+`"}`).Str(); got != "1" {
			t.Errorf("%s: got %s", hash, got)
		}
	}
}
