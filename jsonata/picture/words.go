package picture

import (
	"math"
	"strings"
)

var (
	few = []string{"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
		"Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen"}
	ordinals = []string{"Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
		"Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth"}
	tens       = []string{"Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"}
	magnitudes = []string{"Thousand", "Million", "Billion", "Trillion"}
)

// toWords spells an integer in English; beyond trillions it counts in trillions.
func toWords(n float64, ordinal bool) string {
	switch {
	case n < 20:
		if ordinal {
			return ordinals[int(n)]
		}
		return few[int(n)]
	case n < 100:
		rest := math.Mod(n, 10)
		word := tens[int(n)/10-2]
		if rest > 0 {
			return word + "-" + toWords(rest, ordinal)
		}
		if ordinal {
			return strings.TrimSuffix(word, "y") + "ieth"
		}
		return word
	case n < 1000:
		return behind(few[int(n)/100]+" Hundred", math.Mod(n, 100), ordinal)
	}
	factor, name := 1000.0, 0
	for name < len(magnitudes)-1 && n >= factor*1000 {
		factor *= 1000
		name++
	}
	count := math.Floor(n / factor)
	return behind(toWords(count, false)+" "+magnitudes[name], n-count*factor, ordinal)
}

// behind adds the smaller part of a number: with a comma when it has hundreds, else with and.
func behind(head string, rest float64, ordinal bool) string {
	switch {
	case rest > 0 && rest < 100:
		return head + " and " + toWords(rest, ordinal)
	case rest > 0:
		return head + ", " + toWords(rest, ordinal)
	case ordinal:
		return head + "th"
	}
	return head
}

// wordValues are the words of numbers, cardinal and ordinal.
var wordValues = func() map[string]float64 {
	values := map[string]float64{"hundred": 100, "hundredth": 100}
	for i := range few {
		values[strings.ToLower(few[i])] = float64(i)
		values[strings.ToLower(ordinals[i])] = float64(i)
	}
	for i, word := range tens {
		word = strings.ToLower(word)
		values[word] = float64(i+2) * 10
		values[strings.TrimSuffix(word, "y")+"ieth"] = float64(i+2) * 10
	}
	for i, word := range magnitudes {
		word = strings.ToLower(word)
		values[word] = math.Pow(1000, float64(i+1))
		values[word+"th"] = values[word]
	}
	return values
}()

var wordBreaks = strings.NewReplacer(", ", " ", " and ", " ", "-", " ", "\\", " ", "\t", " ", "\n", " ")

// fromWords adds up numbers below a hundred and multiplies by the greater ones, segment by segment.
func fromWords(text string) (float64, bool) {
	segments := []float64{0}
	for _, word := range strings.Split(wordBreaks.Replace(text), " ") {
		v, ok := wordValues[word]
		if !ok {
			return 0, false
		}
		last := len(segments) - 1
		switch {
		case v >= 100:
			segments[last] *= v
		case segments[last] >= 1000:
			segments = append(segments, v)
		default:
			segments[last] += v
		}
	}
	total := 0.0
	for _, s := range segments {
		total += s
	}
	return total, true
}

var numerals = []struct {
	value float64
	text  string
}{
	{1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"}, {40, "xl"}, {10, "x"}, {9, "ix"},
	{5, "v"}, {4, "iv"}, {1, "i"},
}

func toRoman(n float64) string {
	out := strings.Repeat("m", int(n)/1000)
	n = math.Mod(n, 1000)
	for _, numeral := range numerals {
		for n >= numeral.value {
			out += numeral.text
			n -= numeral.value
		}
	}
	return out
}

var romanDigits = map[byte]float64{'M': 1000, 'D': 500, 'C': 100, 'L': 50, 'X': 10, 'V': 5, 'I': 1}

// fromRoman subtracts what stands before something greater.
func fromRoman(text string) (float64, bool) {
	total, greatest := 0.0, 1.0
	for i := len(text) - 1; i >= 0; i-- {
		v, ok := romanDigits[text[i]]
		if !ok {
			return 0, false
		}
		if v < greatest {
			total -= v
		} else {
			greatest = v
			total += v
		}
	}
	return total, true
}

// toLetters counts a, b … z, aa, ab.
func toLetters(n float64) string {
	var out []byte
	for ; n > 0; n = math.Floor((n - 1) / 26) {
		out = append([]byte{'a' + byte(math.Mod(n-1, 26))}, out...)
	}
	return string(out)
}

func fromLetters(text string, first rune) float64 {
	total := 0.0
	for _, c := range text {
		total = total*26 + float64(c-first+1)
	}
	return total
}
