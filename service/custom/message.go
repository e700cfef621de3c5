package custom

import (
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// Answer is what a function says about the resource that it has made.
type Answer struct {
	// ID is the physical id.
	ID string
	// Data are the values for Fn::GetAtt, an object or nothing.
	Data value.Value
}

// event is the request as the function gets it.
func (r *Request) event(requestID, url string) value.Value {
	text := func(name, text string) value.Member { return value.Member{Key: name, Value: value.OfString(text)} }
	members := []value.Member{
		text("RequestType", r.Type), text("ServiceToken", r.Function), text("ResponseURL", url), text("StackId", r.StackID),
		text("RequestId", requestID), text("LogicalResourceId", r.LogicalID),
	}
	if r.Type != Create {
		members = append(members, text("PhysicalResourceId", r.PhysicalID))
	}
	members = append(members, text("ResourceType", r.ResourceType), value.Member{Key: "ResourceProperties", Value: texts(r.Properties)})
	if r.Type == Update {
		members = append(members, value.Member{Key: "OldResourceProperties", Value: texts(r.OldProperties)})
	}
	return value.OfMembers(members...)
}

// texts makes texts of all numbers and booleans, as CloudFormation does.
func texts(v value.Value) value.Value {
	switch v.Kind() {
	case value.Number, value.Bool:
		return value.OfString(v.Compact())
	case value.Array:
		items := make([]value.Value, 0, v.Len())
		for _, item := range v.Items() {
			items = append(items, texts(item))
		}
		return value.OfItems(items)
	case value.Object:
		var members []value.Member
		for _, m := range v.Members() {
			members = append(members, value.Member{Key: m.Key, Value: texts(m.Value)})
		}
		return value.OfMembers(members...)
	}
	return v
}

// answer reads what the function has put.
func (r *Request) answer(requestID string, body []byte) (Answer, error) {
	if len(body) > maxAnswer {
		return Answer{}, fault.Invalidf("the function %s answered with more than %d bytes", r.Function, maxAnswer)
	}
	v, err := value.Parse(string(body))
	if err != nil || v.Kind() != value.Object {
		return Answer{}, fault.Invalidf("the function %s put no JSON object at the ResponseURL", r.Function)
	}
	text := func(name string) string {
		member, _ := v.Get(name)
		return member.Str()
	}
	for _, copied := range []struct{ name, want string }{{"StackId", r.StackID}, {"RequestId", requestID}, {"LogicalResourceId", r.LogicalID}} {
		if got := text(copied.name); got != copied.want {
			return Answer{}, fault.Invalidf("the function %s answered with the %s %q, not with that of the request", r.Function, copied.name, got)
		}
	}
	switch status := text("Status"); status {
	case "SUCCESS":
	case "FAILED":
		return Answer{}, fault.Invalidf("Received response status [FAILED] from custom resource. Message returned: %s (RequestId: %s)", text("Reason"), requestID)
	default:
		return Answer{}, fault.Invalidf("the function %s answered with the Status %q, which is neither SUCCESS nor FAILED", r.Function, status)
	}
	return r.success(v)
}

func (r *Request) success(v value.Value) (Answer, error) {
	id, _ := v.Get("PhysicalResourceId")
	if id.Str() == "" && r.Type != Delete {
		return Answer{}, fault.Invalidf("the function %s answered without a PhysicalResourceId", r.Function)
	}
	data, ok := v.Get("Data")
	if ok && data.Kind() != value.Object && data.Kind() != value.Null {
		return Answer{}, fault.Invalidf("the function %s answered with Data that is no object", r.Function)
	}
	return Answer{ID: id.Str(), Data: data}, nil
}
