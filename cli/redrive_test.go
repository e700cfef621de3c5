package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A nightly run whose validation failed goes on from there once the data is corrected; what it had loaded stays.
func TestRedrivenPipelineSucceeds(t *testing.T) {
	t.Parallel()
	folder := example(t, "sales-pipeline")
	validateInMachine(t, filepath.Join(folder, "template.yaml"))
	const machine = "RefreshSales"
	first := salesPipeline.runs[0]
	first.args = []string{"--machine", machine}
	salesPipeline.run(t, folder, first, first.state)
	mend := corrupt(t, folder)
	c := stepwell(t, "run", folder, "--wait-cap", "20ms", "--machine", machine, "--name", "second")
	if said, err := c.CombinedOutput(); err == nil || !strings.Contains(string(said), "StatementFailed") {
		t.Fatalf("the second night: %v\n%s", err, said)
	}
	mend()
	out, err := stepwell(t, "executions", "redrive", "second", "--project", folder).CombinedOutput()
	if err != nil || !strings.Contains(string(out), `"table": "store_sales"`) {
		t.Fatalf("the redrive: %v\n%s", err, out)
	}
	history, err := stepwell(t, "executions", "history", "second", "--project", folder).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(history), "ExecutionRedriven")
	if !ok || strings.Contains(after, "load_fact") || !strings.Contains(after, "startExecution.sync:2") || !strings.Contains(after, "ExecutionSucceeded") {
		t.Errorf("behind the redrive the history is\n%s", after)
	}
	out, err = stepwell(t, "executions", "redrive", "second", "--project", folder).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "Execution is SUCCEEDED and cannot be redriven") {
		t.Errorf("the redrive of what has succeeded: %v\n%s", err, out)
	}
}

// corrupt gives an item a second current version, so that the next load doubles its sales; the function that it returns mends both.
func corrupt(t *testing.T, folder string) (mend func()) {
	t.Helper()
	query(t, folder, `insert into public.item select * from public.item
		where i_item_sk = (select min(i_item_sk) from public.item where i_rec_end_date is null)`)
	return func() {
		for _, table := range []string{"public.item", "public.store_sales"} {
			query(t, folder, "create table public.kept as select distinct * from "+table+"; delete from "+table+
				"; insert into "+table+" select * from public.kept; drop table public.kept")
		}
	}
}

// validateInMachine moves the validation of the pipeline's template into a state machine of its own, which the pipeline waits for.
func validateInMachine(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(text), "          read_validation:\n")
	moved, after, _ := strings.Cut(rest, "          read_row_counts:\n")
	after, outputs, found := strings.Cut(after, "\nOutputs:\n")
	head, _, ok := strings.Cut(before[strings.Index(before, "  RefreshSales:\n"):], "        StartAt:")
	if !found || !ok {
		t.Fatal("the template is not as it was")
	}
	failing := after[strings.Index(after, "          # A failed statement"):]
	child := strings.ReplaceAll(head, "RefreshSales", "ValidateSales") + `        StartAt: read_validation
        States:
          read_validation:
` + strings.ReplaceAll(moved, "Next: read_row_counts", "Next: valid") + "          valid: { Type: Succeed }\n\n" + failing
	call := `          read_validation:
            Type: Task
            Resource: arn:aws:states:::states:startExecution.sync:2
            Parameters: { StateMachineArn: '${Validation}' }
            ResultPath: null
            Next: read_row_counts

          read_row_counts:
`
	before = strings.Replace(before, "      DefinitionSubstitutions:\n", "      DefinitionSubstitutions:\n        Validation: !Ref ValidateSales\n", 1)
	whole := before + call + after + "\n" + child + "\nOutputs:\n" + outputs
	if err := os.WriteFile(file, []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
}
