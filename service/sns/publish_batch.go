package sns

import (
	"context"
	"regexp"

	"github.com/stepwell/stepwell/fault"
)

type publishBatchRequest struct {
	PublishBatchRequestEntries []batchEntry `aws:"required"`
	TopicArn                   string       `aws:"required"`
}

type batchEntry struct {
	Id                     string `aws:"required"`
	Message                string `aws:"required,json"`
	MessageAttributes      map[string]Attribute
	MessageDeduplicationId string
	MessageGroupId         string
	MessageStructure       string
	Subject                string
}

type publishBatchResponse struct {
	Failed     []batchFailure
	Successful []batchSuccess
}

type batchSuccess struct{ Id, MessageId, SequenceNumber string }

type batchFailure struct {
	Code, Id, Message string
	SenderFault       bool
}

// longestBatch is how many messages one batch may have.
const longestBatch = 10

var batchID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func (s *Service) publishBatch(ctx context.Context, r *publishBatchRequest) (*publishBatchResponse, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if _, err := s.target(&publishRequest{TopicArn: r.TopicArn}); err != nil {
		return nil, err
	}
	answer := &publishBatchResponse{Failed: []batchFailure{}, Successful: []batchSuccess{}}
	for _, e := range r.PublishBatchRequestEntries {
		published, err := s.publish(ctx, &publishRequest{
			TopicArn: r.TopicArn, Message: e.Message, MessageAttributes: e.MessageAttributes, Subject: e.Subject,
			MessageDeduplicationId: e.MessageDeduplicationId, MessageGroupId: e.MessageGroupId, MessageStructure: e.MessageStructure,
		})
		switch {
		case err == nil:
			answer.Successful = append(answer.Successful, batchSuccess{e.Id, published.MessageId, published.SequenceNumber})
		case fault.CodeOf(err) == "":
			return nil, err
		default:
			answer.Failed = append(answer.Failed, batchFailure{fault.CodeOf(err), e.Id, err.Error(), true})
		}
	}
	return answer, nil
}

func (r *publishBatchRequest) check() error {
	entries := r.PublishBatchRequestEntries
	switch {
	case len(entries) == 0:
		return fault.Invalidf("The batch request doesn't contain any entries.").WithCode(codeEmptyBatch)
	case len(entries) > longestBatch:
		return fault.Invalidf("The batch request contains more entries than permissible (more than %d).", longestBatch).WithCode(codeTooMany)
	}
	seen, size := map[string]bool{}, 0
	for _, e := range entries {
		switch {
		case !batchID.MatchString(e.Id):
			return invalid("The Id of a batch entry in a batch request doesn't abide by the specification.")
		case seen[e.Id]:
			return fault.Invalidf("Two or more batch entries in the request have the same Id.").WithCode(codeNotDistinct)
		}
		seen[e.Id] = true
		size += (&publishRequest{Message: e.Message, MessageAttributes: e.MessageAttributes}).size()
	}
	if size > maxMessage {
		return fault.Invalidf("The length of all the batch messages put together is more than the limit.").WithCode(codeTooLong)
	}
	return nil
}
