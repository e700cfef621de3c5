package template_test

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// TestTraces parses the templates of testdata. Arguments of parse are parameters; files are made with the command file.
func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		files := map[string]string{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "file":
				files[d.CmdArgs[0].Key] = d.Input
				return ""
			case "parse":
				return parse(d, files, describe)
			case "lives":
				return parse(d, files, describeLives)
			}
			d.Fatalf(t, "unknown command %s", d.Cmd)
			return ""
		})
	})
}

func parse(d *datadriven.TestData, files map[string]string, describe func(*template.Stack) string) string {
	parameters := map[string]string{}
	for _, a := range d.CmdArgs {
		parameters[a.Key] = strings.Join(a.Vals, ",")
	}
	open := func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fault.New(fault.NotFound, "no such file").Because(fs.ErrNotExist)
	}
	stack, err := template.Parse(d.Input, template.Options{
		File: "t.yaml", Parameters: parameters,
		Imports: map[string]string{"shared-bucket": "imported"},
		SSM:     map[string]string{"/etl/cluster": "prod"},
		Read:    open,
		Object:  func(bucket, key string) ([]byte, error) { return open(bucket + "/" + key) },
	})
	if err != nil {
		return fmt.Sprintf("%v\n", err)
	}
	return describe(stack)
}

func describeLives(s *template.Stack) string {
	var out strings.Builder
	for _, id := range slices.Sorted(maps.Keys(s.Lives)) {
		needs := "-"
		if len(s.Lives[id].Needs) > 0 {
			needs = strings.Join(s.Lives[id].Needs, " ")
		}
		fmt.Fprintf(&out, "%s needs %s", id, needs)
		if s.Lives[id].Retain {
			out.WriteString(" retained")
		}
		out.WriteString("\n")
	}
	return out.String()
}

func describe(s *template.Stack) string {
	var out strings.Builder
	for _, m := range s.StateMachines {
		fmt.Fprintf(&out, "machine %s name=%s type=%s role=%s at %s\n", m.LogicalID, m.Name, m.Type, m.RoleARN, m.Position)
		fmt.Fprintf(&out, "  %s\n", m.ARN)
		if m.Logging.Level != "OFF" {
			fmt.Fprintf(&out, "  logging %+v\n", m.Logging)
		}
		for i, line := range strings.Split(m.Definition, "\n") {
			if strings.TrimSpace(line) != "" {
				fmt.Fprintf(&out, "  %s:%d|%s\n", m.File, i+1, line)
			}
		}
	}
	for _, b := range s.Buckets {
		fmt.Fprintf(&out, "bucket %s name=%s events=%t\n", b.LogicalID, b.Name, b.EventBridge)
		for _, n := range b.Notifications {
			fmt.Fprintf(&out, "  notifies %s of %v %s*%s\n", n.Target, n.Events, n.Prefix, n.Suffix)
		}
	}
	for _, one := range s.Topics {
		fmt.Fprintf(&out, "topic %s %s %v %v\n", one.LogicalID, one.ARN, one.Attributes, one.Subscriptions)
	}
	for _, d := range s.Declarations {
		fmt.Fprintf(&out, "declaration %s %s %s\n", d.LogicalID, d.Type, d.Properties.Compact())
	}
	for _, d := range s.Deployments {
		fmt.Fprintf(&out, "deployment of %v to %s/%s\n", d.Assets, d.Bucket, d.Prefix)
	}
	for _, r := range s.Accepted {
		fmt.Fprintf(&out, "accepted %s %s\n", r.LogicalID, r.Type)
	}
	for _, o := range s.Outputs {
		fmt.Fprintf(&out, "output %s = %s %s\n", o.Name, o.Value, o.Export)
	}
	for _, w := range s.Warnings {
		fmt.Fprintf(&out, "warning %s\n", w)
	}
	return out.String()
}

func TestIs(t *testing.T) {
	for text, want := range map[string]bool{
		"Resources: {}":                   true,
		`{"Resources": {}}`:               true,
		"StartAt: A\nStates: {}":          false,
		"{":                               false,
		"":                                false,
		"\ufeffResources:\n  A: !Ref B\n": true,
	} {
		if got := template.Is(text); got != want {
			t.Errorf("Is(%q) = %t", text, got)
		}
	}
}

// The same template as YAML and as JSON comes to the same definition.
func TestDefinitionIsJSON(t *testing.T) {
	text := `{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
	"DefinitionString": {"Fn::Join": ["\n", ["{\"StartAt\":\"A\",", {"Fn::Sub": "\"States\":{\"A\":{\"Type\":\"Pass\",\"Result\":\"${AWS::Region} \ud83d\ude00\",\"End\":true}}}"}]]}}}}}`
	stack, err := template.Parse(text, template.Options{File: "t.json"})
	if err != nil {
		t.Fatal(err)
	}
	m := stack.StateMachines[0]
	v, err := value.Parse(strings.TrimSpace(m.Definition))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"StartAt":"A","States":{"A":{"Type":"Pass","Result":"us-east-1 😀","End":true}}}`; v.Compact() != want {
		t.Errorf("got %s", v.Compact())
	}
	if at := strings.Index(m.Definition, "{"); strings.Count(m.Definition[:at], "\n") != 1 || m.File != "t.json" {
		t.Errorf("the definition does not stand on line 2 of t.json: %q", m.Definition)
	}
}

// Whatever the text, Parse answers: it neither panics nor hangs.
func FuzzParse(f *testing.F) {
	f.Add("Resources:\n  M: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub '${A}-x'}}")
	f.Add(`{"Parameters": {"A": {"Type": "Number", "Default": 1}}, "Resources": {"A": {"Fn::If": [1, 2]}}}`)
	f.Add("Resources: &a\n  M: *a")
	f.Fuzz(func(t *testing.T, text string) {
		_, _ = template.Parse(text, template.Options{File: "t"})
	})
}

// Templates that nest two of the next each do not grow beyond all bounds.
func TestManyNestedStacks(t *testing.T) {
	level := func(n int) string {
		one := fmt.Sprintf(": {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: %d.yaml}}\n", n+1)
		return "Resources:\n  A" + one + "  B" + one
	}
	_, err := template.Parse(level(0), template.Options{File: "0.yaml", Read: func(name string) ([]byte, error) {
		n, err := strconv.Atoi(strings.TrimSuffix(name, ".yaml"))
		return []byte(level(n)), err
	}})
	if err == nil || !strings.Contains(err.Error(), "there are more than 500 stacks") {
		t.Error(err)
	}
}
