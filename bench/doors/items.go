package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

const database = "DynamoDB_20120810."

// items puts items into a table, which is durable when it is answered, and gets them.
func items(s *server, span time.Duration) error {
	if _, err := s.ask(database+"CreateTable", `{"TableName": "bench", "BillingMode": "PAY_PER_REQUEST",
		"AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "N"}], "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]}`, nil); err != nil {
		return err
	}
	var last atomic.Int64
	for _, clients := range []int{1, 8, 64} {
		put, err := rate(clients, span, func() error {
			_, err := s.ask(database+"PutItem", fmt.Sprintf(`{"TableName": "bench", "Item": {"id": {"N": "%d"}, "JobState": {"S": "Ready"},
				"JobStart": {"S": "2026-03-01T02:00:00"}, "JobEnd": {"S": "2026-03-01T02:04:30"}}}`, last.Add(1)), nil)
			return err
		})
		if err != nil {
			return err
		}
		report(fmt.Sprintf("PutItem by %d clients", clients), put, "calls/s")
		var next atomic.Int64
		get, err := rate(clients, span, func() error {
			_, err := s.ask(database+"GetItem", fmt.Sprintf(`{"TableName": "bench", "Key": {"id": {"N": "%d"}}}`, next.Add(1)%last.Load()+1), nil)
			return err
		})
		if err != nil {
			return err
		}
		report(fmt.Sprintf("GetItem by %d clients", clients), get, "calls/s")
	}
	return nil
}
