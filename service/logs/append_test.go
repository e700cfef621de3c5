package logs

import (
	"fmt"
	"testing"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/servicetest"
)

func TestAppend(t *testing.T) {
	s := open(&servicetest.Records{})
	if err := s.Append(t.Context(), "g", "s", []Line{{today, "a"}}); fault.CodeOf(err) != codeNotFound {
		t.Errorf("to a group that is not there: %v", err)
	}
	for _, days := range []int64{0, 30} {
		if err := s.Declare(t.Context(), "g", days); err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), "g", "s", []Line{{today, fmt.Sprint(days)}, {today.Add(time.Second), "b"}}); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.getLogEvents(t.Context(), &getLogEventsRequest{LogGroupName: "g", LogStreamName: "s", StartFromHead: true})
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, e := range got.Events {
		text += e.Message + " "
	}
	groups, err := s.describeLogGroups(t.Context(), &describeLogGroupsRequest{})
	if err != nil || text != "0 30 b b " && text != "0 b 30 b " || len(groups.LogGroups) != 1 || *groups.LogGroups[0].RetentionInDays != 30 {
		t.Errorf("events %s in %+v, %v", text, groups, err)
	}
}
