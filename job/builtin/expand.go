package builtin

import (
	"io"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/job"
)

// Expand replaces $NAME and ${NAME} by the variables of the work's environment, as envsubst does: one that is not set becomes
// nothing, and a dollar sign before anything else stays.
func Expand(text string, w job.Work) string {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(text[:at])
		name, length := reference(text[at:])
		if length == 0 {
			name, length = "", 1
			out.WriteByte('$')
		}
		value, _ := w.Lookup(name)
		out.WriteString(value)
		text = text[at+length:]
	}
}

// reference reads the variable that a text begins with, and how long its reference is; 0: it is none.
func reference(text string) (name string, length int) {
	begin := 1
	if strings.HasPrefix(text, "${") {
		begin = 2
	}
	end := begin
	for end < len(text) && isNameByte(text[end], end > begin) {
		end++
	}
	switch {
	case end == begin, begin == 2 && (end == len(text) || text[end] != '}'):
		return "", 0
	case begin == 2:
		return text[begin:end], end + 1
	}
	return text[begin:end], end
}

func isNameByte(c byte, digits bool) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || digits && c >= '0' && c <= '9'
}

// serial lets the outputs of a script and of its commands be one.
type serial struct {
	mu sync.Mutex
	to io.Writer
}

// Write passes a text on.
func (s *serial) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to.Write(p)
}
