package asl_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl"
)

// Whatever the text, Parse returns a machine or findings that have a sentence and a place.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"StartAt":"A","States":{"A":{"Type":"Pass","Result":{"a":1.0},"End":true}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Map","ItemsPath":"$.a","End":true,"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Fail","ErrorPath":"$x"}}}}}}`,
		`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Not":{"Variable":"$.a","IsNull":true},"Next":"B"}],"Default":"B"},"B":{"Type":"Wait","Seconds":1,"Next":"A"}}}`,
		`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Catch":[{}],"Retry":[{"ErrorEquals":["States.ALL"]}]}}}`,
		`{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Map","Items":"{% $states.input.x[a > $y] %}","ItemSelector":{"k":["{% $z{a: b} %}"]},"Output":"{% $states.result %}","Assign":{"y":"{% function($v){$v} %}"},"ItemProcessor":{"StartAt":"B","States":{"B":{"Type":"Succeed"}}},"End":true}}}`,
		"StartAt: A\nStates:\n  A: &a {Type: Succeed}\n  B: *a\n", `{"`, "", "[", "&a [*a]",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, file := range []string{"m.json", "m.yaml"} {
			m, err := asl.Parse(text, asl.Options{File: file})
			var list asl.Findings
			switch {
			case err == nil && m.State(m.StartAt) == nil:
				t.Fatalf("%q starts nowhere", text)
			case err == nil:
				describe(m)
			case !errors.As(err, &list) || len(list) == 0:
				t.Fatalf("%q: %T", text, err)
			}
			for _, finding := range list {
				if finding.Message == "" || !strings.HasPrefix(finding.String(), file+":") {
					t.Fatalf("%q: finding without a sentence or a place: %q", text, finding)
				}
			}
		}
	})
}
