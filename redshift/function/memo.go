package function

import "sync"

// memoLimit bounds how many results a memo keeps; beyond it starts anew.
const memoLimit = 512

// memo keeps what was made from texts that come again for every row, such as regular expressions and zones. Errors are not kept.
type memo[T any] struct {
	mutex   sync.Mutex
	results map[string]T
}

func (m *memo[T]) of(text string, make func(string) (T, error)) (T, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if result, ok := m.results[text]; ok {
		return result, nil
	}
	result, err := make(text)
	if err != nil {
		return result, err
	}
	if m.results == nil || len(m.results) >= memoLimit {
		m.results = map[string]T{}
	}
	m.results[text] = result
	return result, nil
}
