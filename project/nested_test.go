package project

import (
	"archive/zip"
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What stands beside a project's template is found: nested templates, those of the CDK too, and what a stack before has made.
func TestNested(t *testing.T) {
	const topic = `{"Resources": {"T": {"Type": "AWS::SNS::Topic"}}}`
	nested := func(key string) string {
		return `{"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3.us-east-1.amazonaws.com/cdk-x-assets-1/` +
			key + `"}}}}`
	}
	const manifest = `{"artifacts": {"Sales": {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Sales.template.json"}},
		"Use": {"type": "aws:cloudformation:stack", "dependencies": ["Sales"], "properties": {"templateFile": "Use.template.json"}}}}`
	for _, x := range []struct {
		name   string
		files  map[string]string
		topics string
		wrong  string
	}{
		{"beside", map[string]string{
			"template.yaml":      `Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: stacks/a.yaml}}}`,
			"stacks/a.yaml":      `Resources: {Deep: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: more/b.json}}}`,
			"stacks/more/b.json": topic, "other.json": topic,
		}, "Inner.Deep.T", ""},
		{"of the CDK", map[string]string{
			"manifest.json": manifest, "Sales.template.json": nested("aa.json"), "SalesInner.nested.template.json": topic, "Use.template.json": topic,
			"Sales.assets.json": `{"files": {"aa": {"source": {"path": "SalesInner.nested.template.json", "packaging": "file"}}}}`,
		}, "Inner.T T", ""},
		{"an asset that is not in the list", map[string]string{
			"manifest.json": manifest, "Sales.template.json": nested("bb.json"), "Sales.assets.json": `{"files": {}}`, "Use.template.json": topic,
		}, "", "Sales.assets.json does not have the asset bb"},
		{"in a bucket", map[string]string{
			"template.yaml": `Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: 's3://stacks/a/b.json'}}}`,
			ConfigName:      "buckets: {stacks: files}", "files/a/b.json": topic,
		}, "Inner.T", ""},
		{"outside", map[string]string{
			"template.yaml": `Resources: {Inner: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ../x.yaml}}}`,
		}, "", "escapes"},
		{"a parameter of stepwell.yaml and one of the stack before", map[string]string{
			"manifest.json": manifest, ConfigName: "ssm: {/etl/name: given}",
			"Sales.template.json": `{"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/etl/own", "Type": "String", "Value": "made"}}}}`,
			"Use.template.json": `{"Parameters": {"A": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/etl/name"},
				"B": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/etl/own"}},
				"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${A}-${B}"}}}}}`,
		}, "T=given-made", ""},
	} {
		p, err := Load(folder(t, x.files), nil)
		if x.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), x.wrong) {
				t.Errorf("%s: %v", x.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", x.name, err)
			continue
		}
		var topics []string
		for _, one := range p.Stack.Topics {
			id := one.LogicalID
			if strings.Contains(x.topics, "=") {
				id += "=" + one.Name
			}
			topics = append(topics, id)
		}
		if got := strings.Join(topics, " "); got != x.topics {
			t.Errorf("%s: got the topics %s, want %s", x.name, got, x.topics)
		}
	}
}

// Assets that the CDK has zipped are deployed as those that are folders.
func TestDeployedArchive(t *testing.T) {
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name, text := range map[string]string{"a.csv": "1", "sub/b.csv": "2"} {
		f, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(text))
	}
	w.Close()
	dir := folder(t, map[string]string{
		"template.yaml": `Resources: {D: {Type: Custom::CDKBucketDeployment, Properties: {SourceObjectKeys: [aa.zip, bb.zip], DestinationBucketName: data,
			DestinationBucketKeyPrefix: in/}}}`,
		"asset.aa/c.csv": "3", "asset.bb.zip": archive.String(), "asset.cc.zip": "no archive",
	})
	load := func() map[string]string {
		p, err := Load(dir, nil)
		if err != nil {
			t.Fatal(err)
		}
		put := map[string]string{}
		if err := p.Deployed(func(bucket, key, file string) error {
			text, err := os.ReadFile(file)
			put[bucket+" "+key] = string(text)
			return err
		}); err != nil {
			put["error"] = err.Error()
		}
		return put
	}
	want := map[string]string{"data in/a.csv": "1", "data in/sub/b.csv": "2", "data in/c.csv": "3"}
	if got := load(); !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for _, asset := range []string{"cc.zip", "dd.zip"} {
		text := `Resources: {D: {Type: Custom::CDKBucketDeployment, Properties: {SourceObjectKeys: [` + asset + `], DestinationBucketName: data}}}`
		if err := os.WriteFile(filepath.Join(dir, "template.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := load()["error"]; !strings.Contains(got, "template.yaml:1:13") {
			t.Errorf("%s: %s", asset, got)
		}
	}
}
