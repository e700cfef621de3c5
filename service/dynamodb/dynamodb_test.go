package dynamodb

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/stepwell/stepwell/engine/sqlite"
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/kv"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/servicetest"
	"github.com/stepwell/stepwell/value"
)

// opened returns a service over a data folder.
func opened(t testing.TB, folder string) (*Service, *sqlite.Store) {
	t.Helper()
	store, err := sqlite.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), store, store, "us-east-1", "123456789012")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		store.Close()
	})
	return s, store
}

func TestTraces(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s, _ := opened(t, t.TempDir())
		servicetest.Trace(t, path, []*service.Service{s.Table()}, nil)
	})
}

// call carries out an operation as a task of a state machine; a token names the task.
func call(t testing.TB, s *Service, operation, request, token string) (string, error) {
	t.Helper()
	row, ok := s.Table().Operation(operation)
	if !ok {
		t.Fatal(operation)
	}
	response, err := row.Call(t.Context(), value.MustParse(request), token)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), nil
}

func made(t testing.TB, s *Service, operation, request string) {
	t.Helper()
	if _, err := call(t, s, operation, request, ""); err != nil {
		t.Fatal(err)
	}
}

const simple = `{"TableName": "Audit", "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "JobID", "AttributeType": "N"}],
	"KeySchema": [{"AttributeName": "JobID", "KeyType": "HASH"}]}`

// A claim whose answer was lost in a crash is answered again as it was; the claim of another task is refused.
func TestRepeatedTask(t *testing.T) {
	folder := t.TempDir()
	s, store := opened(t, folder)
	made(t, s, "CreateTable", simple)
	made(t, s, "PutItem", `{"TableName": "Audit", "Item": {"JobID": {"N": "1"}, "JobState": {"S": "Ready"}}}`)
	const claim = `{"TableName": "Audit", "Key": {"JobID": {"N": "1"}}, "UpdateExpression": "SET JobState = :to", "ConditionExpression": "JobState = :from",
		"ExpressionAttributeValues": {":to": {"S": "Running"}, ":from": {"S": "Ready"}}, "ReturnValues": "ALL_NEW"}`
	first, err := call(t, s, "UpdateItem", claim, "task 1")
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	store.Close()
	s, _ = opened(t, folder)
	if again, err := call(t, s, "UpdateItem", claim, "task 1"); err != nil || again != first {
		t.Errorf("%s, then %s, %v", first, again, err)
	}
	if _, err := call(t, s, "UpdateItem", claim, "task 2"); fault.CodeOf(err) != codeConditionFailed {
		t.Error(err)
	}
	s.now = func() time.Time { return time.Now().Add(2 * markLife) }
	if err := s.forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := call(t, s, "UpdateItem", claim, "task 1"); fault.CodeOf(err) != codeConditionFailed {
		t.Errorf("an old answer is still remembered: %v", err)
	}
}

// A table whose end was noted before a crash is gone when its folder is opened again, with all that it held.
func TestInterruptedDelete(t *testing.T) {
	folder := t.TempDir()
	s, store := opened(t, folder)
	made(t, s, "CreateTable", simple)
	made(t, s, "PutItem", `{"TableName": "Audit", "Item": {"JobID": {"N": "1"}}}`)
	gone := *s.tables["Audit"]
	gone.Status = deleting
	if err := s.records.Put(t.Context(), gone.Name, gone); err != nil {
		t.Fatal(err)
	}
	s.Close()
	store.Close()
	s, store = opened(t, folder)
	if list, err := call(t, s, "ListTables", `{}`, ""); err != nil || !strings.Contains(list, `"TableNames":[]`) {
		t.Error(list, err)
	}
	if pairs, _, err := store.Size(t.Context(), gone.Space); pairs != 0 || err != nil {
		t.Error(pairs, err)
	}
}

// Items go when their time is over: not before, and not when it was long ago or is no number.
func TestExpire(t *testing.T) {
	s, _ := opened(t, t.TempDir())
	made(t, s, "CreateTable", simple)
	now := time.Date(2026, 3, 1, 2, 0, 0, 0, time.UTC)
	s.now = func() time.Time { return now }
	put := func(id, until string) {
		made(t, s, "PutItem", `{"TableName": "Audit", "Item": {"JobID": {"N": "`+id+`"}, "Until": `+until+`}}`)
	}
	at := func(moment time.Time) string { return fmt.Sprintf(`{"N": "%d"}`, moment.Unix()) }
	put("1", at(now.Add(-time.Second)))
	made(t, s, "UpdateTimeToLive", `{"TableName": "Audit", "TimeToLiveSpecification": {"AttributeName": "Until", "Enabled": true}}`)
	put("2", at(now))
	put("3", at(now.Add(time.Hour)))
	put("4", at(now.Add(-6*365*24*time.Hour)))
	put("5", `{"S": "0"}`)
	put("6", at(now.Add(-time.Hour)))
	put("6", at(now.Add(time.Hour)))
	for _, want := range []string{"3 4 5 6", "4 5"} {
		if err := s.expire(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := jobs(t, s); got != want {
			t.Errorf("left are %s, not %s", got, want)
		}
		now = now.Add(time.Hour)
	}
}

// jobs are the keys of the audit table's items, in their order.
func jobs(t *testing.T, s *Service) string {
	t.Helper()
	var ids []string
	err := s.each(t.Context(), kv.Range{Space: s.tables["Audit"].Space}, func(p kv.Pair) (bool, error) {
		item, err := decode(p.Body)
		ids = append(ids, item["JobID"].Text)
		return true, err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(ids)
	return strings.Join(ids, " ")
}

// A template makes a table, changes its indexes, and leaves its items; another key is refused.
func TestDeclare(t *testing.T) {
	s, _ := opened(t, t.TempDir())
	declare := func(text string) error {
		return s.Declare(t.Context(), value.MustParse(text).With("TableName", value.OfString("Audit")))
	}
	const (
		head    = `{"AttributeDefinitions": [{"AttributeName": "JobID", "AttributeType": "N"}`
		key     = `], "KeySchema": [{"AttributeName": "JobID", "KeyType": "HASH"}], "ProvisionedThroughput": {"ReadCapacityUnits": "5", "WriteCapacityUnits": "5"}`
		state   = `, {"AttributeName": "JobState", "AttributeType": "S"}`
		byState = `, "GlobalSecondaryIndexes": [{"IndexName": "ByState", "KeySchema": [{"AttributeName": "JobState", "KeyType": "HASH"}],
			"Projection": {"ProjectionType": "ALL"}, "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}]`
		expires = `, "TimeToLiveSpecification": {"AttributeName": "Until", "Enabled": "true"}, "PointInTimeRecoverySpecification": {}`
	)
	for _, step := range []struct{ properties, indexes, expires string }{
		{head + key + `}`, "", ""},
		{head + state + key + byState + expires + `}`, "ByState", "Until"},
		{head + state + key + byState + expires + `}`, "ByState", "Until"},
		{head + key + `}`, "", ""},
	} {
		if err := declare(step.properties); err != nil {
			t.Fatal(err)
		}
		made(t, s, "PutItem", `{"TableName": "Audit", "Item": {"JobID": {"N": "1"}, "JobState": {"S": "Ready"}}}`)
		names := ""
		for _, x := range s.tables["Audit"].Indexes {
			names += x.Name
		}
		if names != step.indexes || s.tables["Audit"].Expires != step.expires || jobs(t, s) != "1" {
			t.Errorf("%s: indexes %s, time to live %s", step.properties, names, s.tables["Audit"].Expires)
		}
	}
	err := declare(`{"BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "ID", "AttributeType": "S"}],
		"KeySchema": [{"AttributeName": "ID", "KeyType": "HASH"}]}`)
	if fault.KindOf(err) != fault.Conflict {
		t.Error(err)
	}
}

// An answer has at most a megabyte of items, and says where to go on.
func TestLargeAnswers(t *testing.T) {
	s, _ := opened(t, t.TempDir())
	made(t, s, "CreateTable", simple)
	body := strings.Repeat("x", 300<<10)
	for id := range 8 {
		made(t, s, "PutItem", fmt.Sprintf(`{"TableName": "Audit", "Item": {"JobID": {"N": "%d"}, "Body": {"S": "%s"}}}`, id, body))
	}
	request, counts := &scanRequest{many: many{TableName: "Audit", ConsistentRead: true, ReturnConsumedCapacity: "TOTAL"}}, []int64{}
	for {
		answer, err := s.scan(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		counts = append(counts, answer.Count)
		if answer.LastEvaluatedKey.IsZero() {
			break
		}
		request.ExclusiveStartKey = answer.LastEvaluatedKey
	}
	if !slices.Equal(counts, []int64{4, 4, 0}) {
		t.Errorf("the pages have %d items", counts)
	}
	_, err := call(t, s, "PutItem", fmt.Sprintf(`{"TableName": "Audit", "Item": {"JobID": {"N": "9"}, "Body": {"S": "%s"}}}`, body+body), "")
	if err == nil || err.Error() != "Item size has exceeded the maximum allowed size" {
		t.Error(err)
	}
}
