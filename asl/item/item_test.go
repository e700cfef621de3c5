package item_test

import (
	"io"
	"iter"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/asl/item"
	"github.com/stepwell/stepwell/value"
)

// show writes items as lines, and the error behind them.
func show(items iter.Seq2[item.Item, error]) string {
	var out strings.Builder
	for it, err := range items {
		if err != nil {
			out.WriteString("! " + err.Error() + "\n")
			break
		}
		if it.HasKey {
			out.WriteString(it.Key + ": ")
		}
		out.WriteString(it.Value.Text() + "\n")
	}
	return out.String()
}

func TestCSV(t *testing.T) {
	given := item.CSVOptions{Headers: []string{"a", "b"}}
	for _, c := range []struct {
		name, file string
		options    item.CSVOptions
		want       string
	}{
		{"a header row", "a,b\n1,2\n", item.CSVOptions{}, `{"a":"1","b":"2"}` + "\n"},
		{"no end of line", "1,2", given, `{"a":"1","b":"2"}` + "\n"},
		{"ends of Windows lines", "1,2\r\n3,4\r\n", given, `{"a":"1","b":"2"}` + "\n" + `{"a":"3","b":"4"}` + "\n"},
		{"a byte order mark", "\xef\xbb\xbfa,b\n1,2", item.CSVOptions{}, `{"a":"1","b":"2"}` + "\n"},
		{"too few and too many", "1\n1,2,3\n", given, `{"a":"1","b":""}` + "\n" + `{"a":"1","b":"2"}` + "\n"},
		{"empty lines", "\n1,2\n\n,\n", given, `{"a":"1","b":"2"}` + "\n" + `{"a":"","b":""}` + "\n"},
		{"quotes", `"1,""x""` + "\n" + `y",2`, given, `{"a":"1,\"x\"\ny","b":"2"}` + "\n"},
		{"quotes inside of a field", `1"x",'2'`, given, `{"a":"1\"x\"","b":"'2'"}` + "\n"},
		{"backslashes", `1\,x\"\\,\n2`, given, `{"a":"1,x\"\\","b":"n2"}` + "\n"},
		{"another delimiter", "1|2,3", item.CSVOptions{Delimiter: '|', Headers: []string{"a", "b"}}, `{"a":"1","b":"2,3"}` + "\n"},
		{"columns in AWS's order", "0,True,{}\n1,2,3", item.CSVOptions{}, `{"0":"1","{}":"3","True":"2"}` + "\n"},
		{"nothing", "", item.CSVOptions{}, "! The CSV file has no header row.\n"},
		{"duplicates", "a,a\n1,2", item.CSVOptions{}, "! CSV headers cannot contain duplicates.\n"},
		{"a long header", strings.Repeat("x", 11<<10), item.CSVOptions{}, "! The CSV headers are longer than 10 KiB.\n"},
		{"a file cut off", "1,2\n\"3,4", given, `{"a":"1","b":"2"}` + "\n! The CSV file ends inside of quotes.\n"},
		{"a long row", `"` + strings.Repeat("x", 9<<20), given, "! An item is longer than 8388608 bytes.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := show(item.CSV(strings.NewReader(c.file), c.options)); got != c.want {
				t.Errorf("got  %.200s\nwant %.200s", got, c.want)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, file, pointer, want string }{
		{"an array", `[1.50, {"a": [ ]}, "x"]`, "", "1.50\n{\"a\":[]}\n\"x\"\n"},
		{"an empty one", ` [ ] `, "", ""},
		{"an object", `{"a": 1}`, "", "! Attempting to map over non-iterable node.\n"},
		{"a number", `12`, "", "! Attempting to map over non-iterable node.\n"},
		{"a pointer", `{"x": {"y": [1]}, "a": {"b/c": [7, 8]}}`, "/a/b~1c", "7\n8\n"},
		{"a pointer into an array", `[[1], [2, 3]]`, "/1", "2\n3\n"},
		{"a pointer to an object", `{"a": {"x": 1, "y": {"z": 2}}}`, "/a", `x: {"Key":"x","Value":1}` + "\n" + `y: {"Key":"y","Value":{"z":2}}` + "\n"},
		{"a pointer to nothing", `{"a": 1}`, "/b", "! The ItemsPointer leads nowhere: there is no \"b\".\n"},
		{"a pointer into a text", `{"a": "x"}`, "/a/b", "! The ItemsPointer leads nowhere: there is no \"b\".\n"},
		{"a file cut off", `[1, 2`, "", "1\n2\n! The JSON file ends early.\n"},
		{"an item cut off", `[1, {"a": `, "", "1\n! The JSON file ends early.\n"},
		{"nothing", ``, "", "! The JSON file ends early.\n"},
		{"no JSON", `[1, nil]`, "", "1\n! The file is not JSON behind byte 3: invalid character 'i' in literal null (expecting 'u').\n"},
		{"a long item", `["` + strings.Repeat("x", 20<<20) + `"]`, "", "! An item is longer than 8388608 bytes.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := show(item.JSON(strings.NewReader(c.file), c.pointer)); got != c.want {
				t.Errorf("got  %.200s\nwant %.200s", got, c.want)
			}
		})
	}
}

func TestLines(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"values", "1\n{\"a\": 2}\r\n\n\"x\"", "1\n{\"a\":2}\n\"x\"\n"},
		{"nothing", "", ""},
		{"no JSON", "1\n{", "1\n! Line 2 is not JSON: unexpected end of JSON input\n"},
		{"a long line", "[" + strings.Repeat("1,", 5<<20), "! An item is longer than 8388608 bytes.\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := show(item.Lines(strings.NewReader(c.file))); got != c.want {
				t.Errorf("got  %.200s\nwant %.200s", got, c.want)
			}
		})
	}
}

func TestOf(t *testing.T) {
	for text, want := range map[string]string{
		`[1, "x"]`: "1\n\"x\"\n", `{"a": 1}`: `a: {"Key":"a","Value":1}` + "\n", `{}`: "", `7`: "none",
	} {
		items, ok := item.Of(value.MustParse(text))
		got := "none"
		if ok {
			got = show(func(yield func(item.Item, error) bool) {
				for _, it := range items {
					if !yield(it, nil) {
						return
					}
				}
			})
		}
		if got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
}

// endless is a file without an end: whoever reads it whole does not return.
type endless struct{ text string }

func (e endless) Read(p []byte) (int, error) { return copy(p, e.text), nil }

// Files are read as far as their items are wanted.
func TestItemsAreStreamed(t *testing.T) {
	for name, items := range map[string]iter.Seq2[item.Item, error]{
		"CSV":   item.CSV(endless{"1,2\n"}, item.CSVOptions{Headers: []string{"a", "b"}}),
		"JSON":  item.JSON(io.MultiReader(strings.NewReader("["), endless{"1,"}), ""),
		"Lines": item.Lines(endless{"1\n"}),
	} {
		count := 0
		for _, err := range items {
			if err != nil {
				t.Fatal(name, err)
			}
			if count++; count == 100_000 {
				break
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("a,b\n1,\"2\n\"\"3\"\n", byte(','))
	f.Add(`a\,b|c`+"\r\n", byte('|'))
	f.Fuzz(func(t *testing.T, text string, delimiter byte) {
		for it, err := range item.CSV(strings.NewReader(text), item.CSVOptions{Delimiter: delimiter}) {
			if err == nil {
				value.MustParse(it.Value.Text())
			}
		}
	})
}
