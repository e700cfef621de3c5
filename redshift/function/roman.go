package function

import (
	"fmt"
	"math/big"
	"strings"
)

// romanDigits holds the values that are written with one or two letters, from the greatest on.
var romanDigits = []struct {
	value   int64
	letters string
}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"},
	{5, "V"}, {4, "IV"}, {1, "I"}}

// romanWidth is how many characters the longest number takes, to which RN fills without FM.
const romanWidth = 15

// romanNumber formats by RN. Numbers that the Romans did not write, below 1 and above 3999, are filled with #.
func romanNumber(number *big.Rat, format string) (string, bool) {
	format, filled := strings.CutPrefix(strings.ToUpper(format), "FM")
	if format != "RN" {
		return "", false
	}
	n := new(big.Int).Quo(number.Num(), number.Denom()).Int64()
	if number.Sign() <= 0 || n < 1 || n > 3999 {
		return strings.Repeat("#", romanWidth), true
	}
	var b strings.Builder
	for _, d := range romanDigits {
		for ; n >= d.value; n -= d.value {
			b.WriteString(d.letters)
		}
	}
	if filled {
		return b.String(), true
	}
	return fmt.Sprintf("%*s", romanWidth, b.String()), true
}
