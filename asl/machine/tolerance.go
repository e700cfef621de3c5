package machine

import (
	"strconv"

	"github.com/stepwell/stepwell/asl"
	"github.com/stepwell/stepwell/value"
)

// tolerance is how many iterations of a Map may fail: more than one of the limits that are there breaks it.
type tolerance struct {
	count      *int64
	percentage *float64
	failed     int64
}

// tolerance evaluates ToleratedFailureCount and ToleratedFailurePercentage; nil means that the first failure counts.
func (m *Machine) tolerance(v *visit, input value.Value) (*tolerance, *failure) {
	count, f := m.toleratedCount(v, v.state.Map.ToleratedFailureCount, input)
	if f != nil {
		return nil, f
	}
	percentage, f := m.toleratedPercentage(v, v.state.Map.ToleratedFailurePercentage, input)
	if f != nil || count == nil && percentage == nil {
		return nil, f
	}
	return &tolerance{count: count, percentage: percentage}, nil
}

func (m *Machine) toleratedCount(v *visit, field asl.Number, input value.Value) (*int64, *failure) {
	if field.Query != nil {
		n, f := m.evaluation(v).integer(field, 0, 0)
		return &n, f
	}
	found, ok, f := m.number(v, field, input)
	if f != nil || !ok {
		return nil, f
	}
	n, err := strconv.ParseInt(plain(found), 10, 64)
	if err != nil {
		return nil, v.runtime("The ToleratedFailureCountPath field refers to value \"%s\" which is not a valid integer: %s", plain(found), field.Path)
	}
	if n < 0 {
		return nil, v.runtime("ToleratedFailureCount cannot be negative.")
	}
	return &n, nil
}

func (m *Machine) toleratedPercentage(v *visit, field asl.Number, input value.Value) (*float64, *failure) {
	if field.Query != nil {
		return m.queriedPercentage(v, field.Query)
	}
	found, ok, f := m.number(v, field, input)
	if f != nil || !ok {
		return nil, f
	}
	n, err := strconv.ParseFloat(plain(found), 64)
	if err != nil {
		return nil, v.runtime("The ToleratedFailurePercentagePath field refers to value \"%s\" which is not a valid float: %s", plain(found), field.Path)
	}
	if !(n >= 0 && n <= 100) {
		return nil, v.runtime("ToleratedFailurePercentage must be between 0 and 100.")
	}
	return &n, nil
}

func (m *Machine) queriedPercentage(v *visit, q *asl.Query) (*float64, *failure) {
	e := m.evaluation(v)
	found, f := e.typed(q, value.Number)
	if f != nil {
		return nil, f
	}
	n, _ := found.Float()
	if !(n >= 0 && n <= 100) {
		return nil, e.unexpected(q, "returned a value that is not between 0 and 100: "+found.Compact())
	}
	return &n, nil
}

// exceeded counts one more failure among a number of items.
func (t *tolerance) exceeded(items int) bool {
	t.failed++
	if t.count != nil && t.failed > *t.count {
		return true
	}
	return t.percentage != nil && float64(t.failed)*100 > *t.percentage*float64(items)
}

func thresholdExceeded() *failure {
	return newFailure("States.ExceedToleratedFailureThreshold", "The specified tolerated failure threshold was exceeded")
}
