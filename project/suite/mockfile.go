package suite

import (
	"os"
	"sort"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// ofMockFile makes tests of the cases of a mock file: each has to succeed.
func ofMockFile(file string) (Suite, error) {
	s := Suite{File: file, MockFile: file}
	root, err := readMockFile(file)
	if err != nil {
		return s, err
	}
	for _, m := range part(root, "StateMachines").Members() {
		for _, c := range part(m.Value, "TestCases").Members() {
			t := Test{Name: m.Key + "#" + c.Key, Machine: m.Key, Case: c.Key}
			if err := t.takeCaseOf(root); err != nil {
				return s, fault.Invalidf("%s: %s: %v", file, t.Name, err)
			}
			s.Tests = append(s.Tests, t)
		}
	}
	if len(s.Tests) == 0 {
		return s, fault.Invalidf("%s: it has no test cases: StateMachines.NAME.TestCases", file)
	}
	return s, nil
}

func readMockFile(file string) (value.Value, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return value.Value{}, fault.Invalidf("read %s", file).Because(err)
	}
	root, err := value.Parse(string(text))
	if err != nil {
		return root, fault.Invalidf("%s:%v", file, err)
	}
	return root, nil
}

func part(v value.Value, name string) value.Value {
	found, _ := v.Get(name)
	return found
}

func (t *Test) takeCase(file string) error {
	root, err := readMockFile(file)
	if err != nil {
		return err
	}
	return t.takeCaseOf(root)
}

// takeCaseOf takes the mocks of the test's case, of the machine that has it; the test's own mocks win.
func (t *Test) takeCaseOf(root value.Value) error {
	for _, m := range part(root, "StateMachines").Members() {
		states, ok := part(m.Value, "TestCases").Get(t.Case)
		if !ok || t.Machine != "" && t.Machine != m.Key {
			continue
		}
		t.Machine = m.Key
		return t.takeStates(states, part(root, "MockedResponses"))
	}
	return fault.Invalidf("the mock file has no case %q of the state machine %q", t.Case, t.Machine)
}

func (t *Test) takeStates(states, responses value.Value) error {
	if t.Mocks == nil {
		t.Mocks = map[string][]Mock{}
	}
	for _, state := range states.Members() {
		if t.Mocks[state.Key] != nil {
			continue
		}
		response, ok := responses.Get(state.Value.Str())
		if !ok {
			return fault.Invalidf("state %s: there is no mocked response %q", state.Key, state.Value.Str())
		}
		mocks, err := mocksOf(response)
		if err != nil {
			return fault.Invalidf("mocked response %q: %v", state.Value.Str(), err)
		}
		t.Mocks[state.Key] = mocks
	}
	return nil
}

// mocksOf reads a mocked response: {"0": …, "1-3": …}, numbers of calls from 0 without a gap.
func mocksOf(response value.Value) ([]Mock, error) {
	type numbered struct {
		first, last int
		mock        Mock
	}
	var all []numbered
	for _, m := range response.Members() {
		from, to, isRange := strings.Cut(m.Key, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.Atoi(from)
		last, err2 := strconv.Atoi(to)
		if err1 != nil || err2 != nil || last < first {
			return nil, fault.Invalidf("%q is no number of a call and no range of numbers", m.Key)
		}
		mock, err := mockOf(m.Value)
		if err != nil {
			return nil, fault.Invalidf("%q: %v", m.Key, err)
		}
		mock.Times = last - first + 1
		all = append(all, numbered{first, last, mock})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].first < all[j].first })
	mocks := make([]Mock, len(all))
	for i, n := range all {
		if i == 0 && n.first != 0 || i > 0 && n.first != all[i-1].last+1 {
			return nil, fault.Invalidf("the call %d does not follow the one before", n.first)
		}
		mocks[i] = n.mock
	}
	return mocks, nil
}

func mockOf(v value.Value) (Mock, error) {
	if returned, ok := v.Get("Return"); ok {
		return Mock{Return: &JSON{returned}}, nil
	}
	thrown, ok := v.Get("Throw")
	if !ok {
		return Mock{}, fault.Invalidf("it needs Return or Throw")
	}
	text := func(name string) *string {
		if m, ok := thrown.Get(name); ok {
			s := m.Str()
			return &s
		}
		return nil
	}
	return Mock{Throw: &Throw{Error: text("Error"), Cause: text("Cause")}}, nil
}
