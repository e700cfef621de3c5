package clients

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func text(s string) types.AttributeValue    { return &types.AttributeValueMemberS{Value: s} }
func numeric(n string) types.AttributeValue { return &types.AttributeValueMemberN{Value: n} }

// madeTable makes a table with a partition key and waits for it as programs do.
func madeTable(t *testing.T, name string) *dynamodb.Client {
	t.Helper()
	c, ctx := dynamodb.NewFromConfig(running(t, open).config()), t.Context()
	must[*dynamodb.CreateTableOutput](t)(c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("JobID"), AttributeType: types.ScalarAttributeTypeN}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("JobID"), KeyType: types.KeyTypeHash}},
	}))
	if err := dynamodb.NewTableExistsWaiter(c).Wait(ctx, &dynamodb.DescribeTableInput{TableName: &name}, time.Minute); err != nil {
		t.Fatal(err)
	}
	return c
}

// Of many who claim a run by a conditional update, one gets it; the others are shown who has it.
func TestClaimedOnce(t *testing.T) {
	t.Parallel()
	name := aws.String("claimed")
	c, ctx := madeTable(t, *name), t.Context()
	key := map[string]types.AttributeValue{"JobID": numeric("101")}
	must[*dynamodb.PutItemOutput](t)(c.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: name, Item: map[string]types.AttributeValue{"JobID": numeric("101"), "JobState": text("Ready")},
	}))
	const claimants = 16
	errs := make([]error, claimants)
	var all sync.WaitGroup
	for i := range claimants {
		all.Go(func() {
			_, errs[i] = c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName: name, Key: key, UpdateExpression: aws.String("SET JobState = :running, Claimant = :me"),
				ConditionExpression:                 aws.String("JobState = :ready"),
				ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
				ExpressionAttributeValues: map[string]types.AttributeValue{
					":running": text("Running"), ":ready": text("Ready"), ":me": text(fmt.Sprint(i)),
				},
			})
		})
	}
	all.Wait()
	won := -1
	for i, err := range errs {
		if err == nil && won < 0 {
			won = i
		} else if err == nil {
			t.Error("two have claimed it")
		}
	}
	for _, err := range errs {
		var failed *types.ConditionalCheckFailedException
		if err != nil && (!errors.As(err, &failed) || failed.Item["Claimant"].(*types.AttributeValueMemberS).Value != fmt.Sprint(won)) {
			t.Errorf("refused with %v", err)
		}
	}
}

// A scan in segments finds each of many items once, however it is cut into pages; a canceled transaction tells its reasons.
func TestScannedItems(t *testing.T) {
	t.Parallel()
	name := aws.String("scanned")
	c, ctx := madeTable(t, *name), t.Context()
	const items, segments = 250, 3
	for first := 0; first < items; first += 25 {
		var writes []types.WriteRequest
		for i := first; i < first+25; i++ {
			item := map[string]types.AttributeValue{"JobID": numeric(fmt.Sprint(i))}
			writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: item}})
		}
		must[*dynamodb.BatchWriteItemOutput](t)(c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{*name: writes},
		}))
	}
	seen := map[string]bool{}
	for segment := range int32(segments) {
		pages := dynamodb.NewScanPaginator(c, &dynamodb.ScanInput{
			TableName: name, Segment: aws.Int32(segment), TotalSegments: aws.Int32(segments), Limit: aws.Int32(7),
		})
		for pages.HasMorePages() {
			for _, item := range must[*dynamodb.ScanOutput](t)(pages.NextPage(ctx)).Items {
				id := item["JobID"].(*types.AttributeValueMemberN).Value
				if seen[id] {
					t.Errorf("%s comes twice", id)
				}
				seen[id] = true
			}
		}
	}
	if len(seen) != items {
		t.Errorf("found %d of %d items", len(seen), items)
	}
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Delete: &types.Delete{TableName: name, Key: map[string]types.AttributeValue{"JobID": numeric("1")}}},
		{Put: &types.Put{TableName: name, Item: map[string]types.AttributeValue{"JobID": numeric("2")}, ConditionExpression: aws.String("attribute_not_exists(JobID)")}},
	}})
	var canceled *types.TransactionCanceledException
	if !errors.As(err, &canceled) || len(canceled.CancellationReasons) != 2 || *canceled.CancellationReasons[1].Code != "ConditionalCheckFailed" {
		t.Error(err)
	}
	got := must[*dynamodb.GetItemOutput](t)(c.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: name, Key: map[string]types.AttributeValue{"JobID": numeric("1")},
	}))
	if got.Item == nil {
		t.Error("a part of a canceled transaction was done")
	}
}
