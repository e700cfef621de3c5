package view

import "testing"

// A finished page shows what would deceive, wherever it stands; what forms send back is as it was.
func TestClean(t *testing.T) {
	for page, want := range map[string]string{
		"<p>a\tb\r\nc…</p>":                            "<p>a\tb\r\nc…</p>",
		"<p title=\"\u202eltr\">\u200f\x1b[1m\xff</p>": "<p title=\"\ufffdltr\">\ufffd\ufffd[1m\ufffd</p>",
		"<title>\u2066\u061c\x00\u0085</title>":        "<title>\ufffd\ufffd\ufffd\ufffd</title>",
		"<textarea rows=\"2\">\u202e</textarea>\u202e": "<textarea rows=\"2\">\u202e</textarea>\ufffd",
		"<option value=\"\u202ea\">\u202ea</option>":   "<option value=\"\u202ea\">\ufffda</option>",
		"<p>value=&#34;\u202e&#34;</p>":                "<p>value=&#34;\ufffd&#34;</p>",
	} {
		if got := string(clean([]byte(page))); got != want {
			t.Errorf("%q becomes %q instead of %q", page, got, want)
		}
	}
}

// The colours of terminals are no part of a message, and a cut does not break a character.
func TestLogLine(t *testing.T) {
	if got := (LogLine{Message: "\x1b[1;31mbad\x1b[0m"}).Shown(); got != "bad" {
		t.Errorf("the line is %q", got)
	}
}
