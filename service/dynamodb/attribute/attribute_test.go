package attribute

import (
	"bytes"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/value"
)

func TestNumbers(t *testing.T) {
	nines := strings.Repeat("9", 38)
	for _, test := range []struct{ text, want string }{
		{"1", "1"}, {"-1", "-1"}, {"+1", "1"}, {"1.50", "1.5"}, {"-0", "0"}, {"0.00", "0"}, {"007", "7"}, {".5", "0.5"}, {"5.", "5"},
		{"1e3", "1000"}, {"12.34E-1", "1.234"}, {"1e-3", "0.001"}, {"1200e-2", "12"}, {nines, nines}, {"0." + nines, "0." + nines},
		{"1e125", "1" + strings.Repeat("0", 125)}, {"1e-130", "0." + strings.Repeat("0", 129) + "1"}, {"0e999", "0"},
		{nines + "0", nines + "0"},
		{nines + "9", "Attempting to store more than 38 significant digits in a Number"},
		{"1e126", "Number overflow. Attempting to store a number with magnitude larger than supported range"},
		{"1e-131", "Number underflow. Attempting to store a number with magnitude smaller than supported range"},
		{"", "The parameter cannot be converted to a numeric value: "}, {"x", "The parameter cannot be converted to a numeric value: x"},
		{"1e", "The parameter cannot be converted to a numeric value: 1e"}, {"--1", "The parameter cannot be converted to a numeric value: --1"},
		{"1e99999999999", "The parameter cannot be converted to a numeric value: 1e99999999999"}, {"0x1", "The parameter cannot be converted to a numeric value: 0x1"},
		{"NaN", "The parameter cannot be converted to a numeric value: NaN"}, {"1 ", "The parameter cannot be converted to a numeric value: 1 "},
	} {
		got, err := canonical(test.text)
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %s", test.text, got)
		}
	}
}

// Sums are exact, or refused.
func TestArithmetic(t *testing.T) {
	for _, test := range []struct{ a, b, sum, difference string }{
		{"0.1", "0.2", "0.3", "-0.1"}, {"5", "-5", "0", "10"}, {"1e-10", "1", "1.0000000001", "-0.9999999999"},
		{"99999999999999999999999999999999999999", "1", "100000000000000000000000000000000000000", "99999999999999999999999999999999999998"},
		{"1e50", "1", "more than 38", "more than 38"}, {"9e125", "9e125", "overflow", "0"},
	} {
		for want, operate := range map[string]func(Value, Value) (Value, error){"+" + test.sum: Value.Add, "-" + test.difference: Value.Subtract} {
			got, err := operate(number(t, test.a), number(t, test.b))
			if err == nil && got.Text != want[1:] || err != nil && !strings.Contains(err.Error(), want[1:]) {
				t.Errorf("%s %c %s: %s, %v", test.a, want[0], test.b, got.Text, err)
			}
		}
	}
}

func number(t *testing.T, text string) Value {
	t.Helper()
	v, err := readScalar(Number, value.OfString(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Keys are ordered as the values are, and none is the beginning of another, so what follows a key does not disturb.
func TestKeyOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		a, b := randomNumber(random), randomNumber(random)
		x, _ := new(big.Rat).SetString(a)
		y, _ := new(big.Rat).SetString(b)
		checkOrder(t, number(t, a), number(t, b), x.Cmp(y))
		v, w := text(randomText(random)), text(randomText(random))
		checkOrder(t, v, w, strings.Compare(v.Text, w.Text))
	}
}

func checkOrder(t *testing.T, v, w Value, want int) {
	t.Helper()
	a, b := AppendKey(nil, v), AppendKey(nil, w)
	if got := bytes.Compare(append(a, 0xff, 0xff), append(b, 0)); want != 0 && got != want {
		t.Errorf("%q and %q: %d, not %d", v.Text, w.Text, got, want)
	}
	if got, _ := v.Compare(w); got != want {
		t.Errorf("%q and %q compare as %d", v.Text, w.Text, got)
	}
}

func randomNumber(r *rand.Rand) string {
	digits := strconv.Itoa(r.IntN(1200) - 600)
	return digits + "e" + strconv.Itoa(r.IntN(7)-3)
}

func randomText(r *rand.Rand) string {
	letters := []string{"", "\x00", "\x00", "\x01", "a", "b", "\xff"}
	var text strings.Builder
	for range r.IntN(5) {
		text.WriteString(letters[r.IntN(len(letters))])
	}
	return text.String()
}

func TestParsePrint(t *testing.T) {
	for _, text := range []string{
		`{"S":""}`, `{"N":"-0.5"}`, `{"B":"AAEC"}`, `{"BOOL":false}`, `{"NULL":true}`, `{"SS":["b","a"]}`, `{"NS":["1","2"]}`, `{"BS":["AA=="]}`,
		`{"L":[{"S":"x"},{"L":[]}]}`, `{"M":{"a":{"N":"1"},"b":{"M":{}}}}`,
	} {
		v, err := Parse(value.MustParse(text))
		if err != nil || v.JSON().Compact() != text {
			t.Errorf("%s: %s, %v", text, v.JSON(), err)
		}
		if !v.Equal(v.Clone()) {
			t.Errorf("%s is not equal to its copy", text)
		}
	}
	deep := strings.Repeat(`{"L":[`, 40) + strings.Repeat(`]}`, 40)
	if _, err := Parse(value.MustParse(deep)); err == nil || err.Error() != "Nesting Levels have exceeded supported limits" {
		t.Error(err)
	}
}

func text(s string) Value { return Value{Kind: String, Text: s} }
