package querylog

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaxText is how many bytes of a statement's text are kept.
const MaxText = 64 << 10

// hints are parts of the names of secrets; a text without any of them has none.
var hints = []string{"credentials", "access_key", "symmetric_key", "token", "password"}

var (
	// secretName is a name behind which a literal is a secret.
	secretName = regexp.MustCompile(`(?i)\b(?:credentials|access_key_id|secret_access_key|session_token|master_symmetric_key|password)\s+(?:as\s+)?'+`)
	// secretPair is what stands inside the literal of CREDENTIALS.
	secretPair = regexp.MustCompile(`(?i)\b(aws_access_key_id|aws_secret_access_key|master_symmetric_key|token)(\s*=\s*)[^\s;'"]+`)
)

// Masked returns a text with stars in place of the secrets that people write into statements: credentials, keys, passwords.
func Masked(text string) string {
	if !hinted(text) {
		return text
	}
	var b strings.Builder
	for {
		at := secretName.FindStringIndex(text)
		if at == nil {
			break
		}
		named, rest := text[:at[1]], text[at[1]:]
		quotes := len(named) - len(strings.TrimRight(named, "'"))
		b.WriteString(named + "***" + strings.Repeat("'", quotes))
		text = rest[literalEnd(rest, quotes):]
	}
	return secretPair.ReplaceAllString(b.String()+text, "$1$2***")
}

// literalEnd is where a literal ends that so many quotes have opened: more than one inside of other literals, where each
// quote is written twice. One that does not end was cut off.
func literalEnd(text string, quotes int) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '\'':
			run := len(text[i:]) - len(strings.TrimLeft(text[i:], "'"))
			if run/quotes%2 == 1 {
				return i + quotes*(run/quotes)
			}
			i += run - 1
		}
	}
	return len(text)
}

func hinted(text string) bool {
	lower := strings.ToLower(text)
	for _, h := range hints {
		if strings.Contains(lower, h) {
			return true
		}
	}
	return false
}

// shortened is a text that a column can hold, with no more than most bytes.
func shortened(text string, most int) string {
	if len(text) > most {
		text = text[:most]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
		if len(text) > 0 {
			if r, size := utf8.DecodeLastRuneInString(text); r == utf8.RuneError && size == 1 {
				text = text[:len(text)-1]
			}
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
}

// SetText keeps of a statement's text what the record may have. The text itself is not held on to.
func (q *Query) SetText(text string) {
	q.Length = int64(len(text))
	// A secret may begin before the cut and end behind it: Masked takes what is cut off for the end of one.
	q.Text = strings.Clone(Masked(shortened(text, MaxText)))
}

const (
	maxError  = 4 << 10
	maxNotice = 4 << 10
)

// SetError keeps an error's text and SQLSTATE.
func (q *Query) SetError(text, code string) {
	q.Error, q.Code = Masked(shortened(text, maxError)), code
}

// AddNotice counts a message, and keeps it while there is room.
func (q *Query) AddNotice(level, message string) {
	q.Notices++
	if len(q.Notice) < maxNotice {
		line := Masked(shortened(level+": "+message, maxNotice))
		q.Notice = shortened(strings.TrimPrefix(q.Notice+"\n"+line, "\n"), maxNotice)
	}
}
