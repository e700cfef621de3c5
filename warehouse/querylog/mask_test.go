package querylog

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMasked(t *testing.T) {
	for text, want := range map[string]string{
		"select 1": "select 1",
		"select key, token from password_list where password <> 'x'":                       "select key, token from password_list where password <> 'x'",
		"copy t from 's3://b/k' credentials 'aws_iam_role=x' csv":                          "copy t from 's3://b/k' credentials '***' csv",
		"COPY t FROM 's3://b/k' WITH CREDENTIALS AS 'a''b' csv":                            "COPY t FROM 's3://b/k' WITH CREDENTIALS AS '***' csv",
		"copy t access_key_id 'A' secret_access_key\n'B' csv":                              "copy t access_key_id '***' secret_access_key\n'***' csv",
		"create user u password 'Geheim''1'":                                               "create user u password '***'",
		"alter user u PASSWORD 'x' valid until 'y'":                                        "alter user u PASSWORD '***' valid until 'y'",
		"execute 'copy t credentials ''aws_access_key_id=A;aws_secret_access_key=B'' csv'": "execute 'copy t credentials ''***'' csv'",
		"call p('aws_access_key_id=A;aws_secret_access_key=B;token=C')":                    "call p('aws_access_key_id=***;aws_secret_access_key=***;token=***')",
		"create user u password 'cut":                                                      "create user u password '***'",
		"unload ('select 1') to 's3://b' master_symmetric_key 'k' encrypted":               "unload ('select 1') to 's3://b' master_symmetric_key '***' encrypted",
		`create user u password 'a\'b' valid`:                                              `create user u password '***' valid`,
		"execute 'create user u password ''a''''b''' ; select 1":                           "execute 'create user u password ''***''' ; select 1",
		"create user u password disable":                                                   "create user u password disable",
	} {
		if got := Masked(text); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	var q Query
	long := strings.Repeat("é", MaxText) + "password 'x'"
	q.SetText(long)
	if len(q.Text) > MaxText || !utf8.ValidString(q.Text) || q.Length != int64(len(long)) {
		t.Errorf("%d bytes of %d, valid %v", len(q.Text), q.Length, utf8.ValidString(q.Text))
	}
	// The secret is cut in two.
	q.SetText(strings.Repeat(" ", MaxText-20) + "password 'Geheim12345678'")
	if strings.Contains(q.Text, "Geheim") {
		t.Errorf("the record has %q", strings.TrimSpace(q.Text))
	}
	q.SetText("select '\x00\x01\xff'")
	if q.Text != "select '?\x01?'" {
		t.Errorf("the record has %q", q.Text)
	}
	for range 10_000 {
		q.AddNotice("INFO", strings.Repeat("x", 100))
	}
	if q.Notices != 10_000 || len(q.Notice) > maxNotice {
		t.Errorf("%d notices, %d bytes", q.Notices, len(q.Notice))
	}
}
