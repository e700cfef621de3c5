package cli

import (
	"context"
	"time"

	"github.com/stepwell/stepwell/event"
	"github.com/stepwell/stepwell/service/redshiftdata"
	"github.com/stepwell/stepwell/value"
)

// streamed is the event bus of the Data API that shows its events in the event stream and hands them to nobody.
type streamed struct{ log *event.Log }

// Put adds the event to the stream, as a bus would deliver it but for what the bus itself knows.
func (s streamed) Put(_ context.Context, e redshiftdata.Event) error {
	id, _ := e.Detail.Get("statementId")
	item := value.OfMembers(
		value.Member{Key: "timestamp", Value: value.OfString(e.Time.Format(time.RFC3339Nano))},
		value.Member{Key: "type", Value: value.OfString("StatementEvent")},
		value.Member{Key: "source", Value: value.OfString(e.Source)},
		value.Member{Key: "detail-type", Value: value.OfString(e.DetailType)},
		value.Member{Key: "resources", Value: value.OfStrings(e.Resources...)},
		value.Member{Key: "detail", Value: e.Detail},
	)
	s.log.Add(event.Entry{Kind: event.Statement, Source: id.Str(), Items: []byte("[" + item.Compact() + "]")})
	return nil
}
