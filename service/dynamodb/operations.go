package dynamodb

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations. The examples find a table Audit with the number JobID as its key.
func (s *Service) Table() *service.Service {
	var errors []service.Error
	for _, code := range []string{codeConditionFailed, codeNotFound, codeInUse, codeCanceled, codeMismatch} {
		errors = append(errors, service.Error{Code: code, Status: http.StatusBadRequest})
	}
	return &service.Service{
		Name:       "dynamodb",
		SDK:        "DynamoDb",
		Optimized:  &service.Optimized{Name: "dynamodb", Errors: "DynamoDB", Client: "AmazonDynamoDBv2", Exception: "AmazonDynamoDBException"},
		Protocol:   service.Protocol{ContentType: "application/x-amz-json-1.0", Endpoint: "dynamodb", Target: "DynamoDB_20120810"},
		Errors:     append(errors, service.Error{Code: codeInternal, Status: http.StatusInternalServerError}),
		Operations: append(s.itemOperations(), s.tableOperations()...),
	}
}

func row(name string, does service.Behaviour, example string, errors ...string) service.Operation {
	return service.Operation{Name: name, Behaviour: does, Example: example, Errors: append(errors, codeNotFound, codeInternal)}
}

// optimized is the row of an operation that the optimized integration has too.
func optimized(o service.Operation) service.Operation {
	o.Optimized = true
	return o
}

const (
	job       = `"TableName": "Audit", "Key": {"JobID": {"N": "101"}}`
	expected  = "no older parameters: Expected, ConditionalOperator"
	noMetrics = expected + "; no item collection metrics"
)

func (s *Service) itemOperations() []service.Operation {
	return []service.Operation{
		optimized(row("PutItem", reading(s, s.putItem), `{"TableName": "Audit", "Item": {"JobID": {"N": "101"}, "JobState": {"S": "Ready"}}}`,
			codeConditionFailed).But(noMetrics)),
		optimized(row("GetItem", reading(s, s.getItem), `{`+job+`}`).But("no older parameter: AttributesToGet")),
		optimized(row("UpdateItem", reading(s, s.updateItem), `{`+job+`, "UpdateExpression": "SET JobState = :r",
			"ConditionExpression": "JobState <> :r", "ExpressionAttributeValues": {":r": {"S": "Running"}}}`, codeConditionFailed).But(noMetrics)),
		optimized(row("DeleteItem", reading(s, s.deleteItem), `{`+job+`}`, codeConditionFailed).But(noMetrics)),
		row("Query", reading(s, s.query), `{"TableName": "Audit", "KeyConditionExpression": "JobID = :id",
			"ExpressionAttributeValues": {":id": {"N": "101"}}}`).But("no older parameters: KeyConditions, QueryFilter"),
		row("Scan", reading(s, s.scan), `{"TableName": "Audit"}`).But("no older parameter: ScanFilter"),
		row("BatchGetItem", reading(s, s.batchGetItem), `{"RequestItems": {"Audit": {"Keys": [{"JobID": {"N": "101"}}]}}}`),
		row("BatchWriteItem", reading(s, s.batchWriteItem), `{"RequestItems": {"Audit": [{"PutRequest": {"Item": {"JobID": {"N": "102"}}}}]}}`),
		row("TransactGetItems", reading(s, s.transactGetItems), `{"TransactItems": [{"Get": {`+job+`}}]}`),
		row("TransactWriteItems", reading(s, s.transactWriteItems), `{"TransactItems": [{"Delete": {`+job+`}}]}`, codeCanceled, codeMismatch).
			But("a ClientRequestToken is remembered for 30 days"),
	}
}

func (s *Service) tableOperations() []service.Operation {
	const tagged = `{"ResourceArn": "arn:aws:dynamodb:us-east-1:123456789012:table/Audit"`
	return []service.Operation{
		row("CreateTable", changing(s, s.createTable), `{"TableName": "Customer", "BillingMode": "PAY_PER_REQUEST",
			"AttributeDefinitions": [{"AttributeName": "Id", "AttributeType": "S"}], "KeySchema": [{"AttributeName": "Id", "KeyType": "HASH"}]}`,
			codeInUse).But("the table is there at once; no streams, replicas, policies or encryption; capacity is only told"),
		row("DescribeTable", reading(s, s.describeTable), `{"TableName": "Audit"}`).But("counts are of this moment"),
		row("ListTables", reading(s, s.listTables), `{}`),
		row("UpdateTable", changing(s, s.updateTable), `{"TableName": "Audit", "BillingMode": "PAY_PER_REQUEST"}`, codeInUse).
			But("an index is there at once; no streams, no replicas"),
		row("UpdateTimeToLive", changing(s, s.updateTimeToLive),
			`{"TableName": "Audit", "TimeToLiveSpecification": {"AttributeName": "Until", "Enabled": true}}`).But("items go within a minute"),
		row("DescribeTimeToLive", reading(s, s.describeTimeToLive), `{"TableName": "Audit"}`),
		row("TagResource", changing(s, s.tagResource), tagged+`, "Tags": [{"Key": "team", "Value": "data"}]}`),
		row("ListTagsOfResource", reading(s, s.listTagsOfResource), tagged+`}`),
		row("UntagResource", changing(s, s.untagResource), tagged+`, "TagKeys": ["team"]}`),
		row("DeleteTable", changing(s, s.deleteTable), `{"TableName": "Audit"}`, codeInUse).But("the table is gone at once"),
	}
}
