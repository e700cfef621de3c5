package value

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestTextSurvives(t *testing.T) {
	for _, text := range []string{
		`{"b": 1.0, "a": [1E+2, -0,12345678901234567890]}`, `[ ]`, `"é \/ \u00e9"`, `null`, `{"a":{"b" : {}}}`,
	} {
		v, err := Parse("\n " + text + "\t")
		if err != nil {
			t.Fatal(err)
		}
		if v.Text() != text {
			t.Errorf("Text() = %s, want %s", v.Text(), text)
		}
	}
}

func TestCompact(t *testing.T) {
	for text, want := range map[string]string{
		`{"b": 1.0, "a": [1E+2, -0]}`:       `{"b":1.0,"a":[1E+2,-0]}`,
		`"é \/ \u00e9 \ud83d\ude00 \ud800"`: `"é / é 😀 �"`,
		`{"k": 1, "x": 2, "k": 3}`:          `{"k":3,"x":2}`,
		`[ "\u0001\n", true , false,null]`:  `["\u0001\n",true,false,null]`,
	} {
		if got := MustParse(text).Compact(); got != want {
			t.Errorf("Compact(%s) = %s, want %s", text, got, want)
		}
	}
}

func TestChildIsCompact(t *testing.T) {
	child, _ := MustParse(`{"a": {"b": [1, 2]}}`).Get("a")
	if child.Text() != `{"b":[1,2]}` {
		t.Errorf("a child prints as %s", child.Text())
	}
	if got := MustParse(`{"a": 1}`).With("b", child).With("a", NullValue()).Text(); got != `{"a":null,"b":{"b":[1,2]}}` {
		t.Errorf("With prints %s", got)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for text, want := range map[string]string{
		``:                        `1:1: unexpected end of input, expected a value`,
		"{\n \"é\" 1}":            `2:6: unexpected '1', expected ':'`,
		`{"a":1,}`:                `1:8: unexpected '}', expected a key in double quotes`,
		`[1 2]`:                   `1:4: unexpected '2', expected ',' or ']'`,
		`{"a":1} x`:               `1:9: unexpected 'x' after the value`,
		`01`:                      `1:1: bad number`,
		`1.`:                      `1:1: bad number`,
		`-`:                       `1:1: bad number`,
		`"a`:                      `1:1: string is not closed`,
		`"\x"`:                    `1:2: bad escape in a string`,
		"\"a\nb\"":                `1:3: control character '\n' in a string`,
		`nul`:                     `1:1: unexpected 'n', expected a value`,
		`{'a':1}`:                 `1:2: unexpected '\'', expected a key in double quotes`,
		strings.Repeat("[", 2000): `1:1002: nested deeper than 1000 levels`,
	} {
		_, err := Parse(text)
		if err == nil || err.Error() != want {
			t.Errorf("Parse(%.20q) = %v, want %s", text, err, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]int64{`3`: 3, `3.0`: 3, `3e2`: 300, `-9223372036854775808`: -9223372036854775808} {
		if got, ok := MustParse(text).Int(); !ok || got != want {
			t.Errorf("Int(%s) = %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{`3.5`, `1e30`, `"3"`, `null`} {
		if got, ok := MustParse(text).Int(); ok {
			t.Errorf("Int(%s) = %d, want none", text, got)
		}
	}
	for f, want := range map[float64]string{1: "1", 0.1: "0.1", 1e21: "1e+21", 123456789: "123456789", 1e-7: "1e-7"} {
		if got := OfFloat(f).Text(); got != want {
			t.Errorf("OfFloat(%v) = %s, want %s", f, got, want)
		}
	}
}

func TestEqual(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{`{"a":1,"b":[2]}`, `{"b":[2.0],"a":1e0}`, true}, {`[1,2]`, `[2,1]`, false}, {`1`, `"1"`, false},
		{`null`, `null`, true}, {`{"a":1}`, `{"a":1,"b":1}`, false}, {`true`, `false`, false}, {`"x"`, `"\u0078"`, true},
	} {
		if got := MustParse(c.a).Equal(MustParse(c.b)); got != c.want {
			t.Errorf("%s equals %s: %v", c.a, c.b, got)
		}
	}
}

// Parse must accept what encoding/json accepts, and the compact text must mean the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5e-3,"x\u00e9\n",null,true]}`, `[[],{}]`, `"\ud800"`, ` 1 `, `{"a":1,"a":2}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := Parse(text)
		if (err == nil) != json.Valid([]byte(text)) {
			if err == nil || !strings.Contains(err.Error(), "nested deeper") {
				t.Fatalf("Parse(%q): %v, encoding/json says valid=%v", text, err, json.Valid([]byte(text)))
			}
		}
		if err != nil {
			return
		}
		again, err := Parse(v.Compact())
		if err != nil || !again.Equal(v) || again.Compact() != v.Compact() {
			t.Fatalf("%q encodes as %q, which reads as %q (%v)", text, v.Compact(), again.Compact(), err)
		}
	})
}
