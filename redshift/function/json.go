package function

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// JSONPathText is JSON_EXTRACT_PATH_TEXT: the text of the element at a path of keys, "" when there is none. Arrays are
// entered with a number as key.
func JSONPathText(text string, path []string) (string, error) {
	v, err := value.Parse(text)
	if err != nil {
		return "", fault.Invalidf("JSON parsing error, invalid json object %s", text).WithCode("22P02")
	}
	for _, key := range path {
		next, ok := v.Get(key)
		if v.Kind() == value.Array {
			next, ok = arrayElement(v, key)
		}
		if !ok {
			return "", nil
		}
		v = next
	}
	return jsonText(v), nil
}

func arrayElement(v value.Value, key string) (value.Value, bool) {
	i, err := strconv.Atoi(key)
	if err != nil || i < 0 || i >= v.Len() {
		return value.Value{}, false
	}
	return v.Items()[i], true
}

// jsonText is the text of an element: a string without its quotes, null as nothing.
func jsonText(v value.Value) string {
	switch v.Kind() {
	case value.String:
		return v.Str()
	case value.Null:
		return ""
	}
	return v.Text()
}

// JSONArrayElementText is JSON_EXTRACT_ARRAY_ELEMENT_TEXT. Indexes count from 0; one outside of the array gives "".
func JSONArrayElementText(text string, index int64) (string, error) {
	v, err := jsonArray(text)
	if err != nil || index < 0 || index >= int64(v.Len()) {
		return "", err
	}
	return jsonText(v.Items()[index]), nil
}

// JSONArrayLength is JSON_ARRAY_LENGTH.
func JSONArrayLength(text string) (int64, error) {
	v, err := jsonArray(text)
	return int64(v.Len()), err
}

func jsonArray(text string) (value.Value, error) {
	v, err := value.Parse(text)
	if err != nil || v.Kind() != value.Array {
		return value.Value{}, fault.Invalidf("JSON parsing error, invalid json array object %s", text).WithCode("22P02")
	}
	return v, nil
}

// IsValidJSON is IS_VALID_JSON, which accepts objects only.
func IsValidJSON(text string) bool { return isJSON(text, value.Object) }

// IsValidJSONArray is IS_VALID_JSON_ARRAY.
func IsValidJSONArray(text string) bool { return isJSON(text, value.Array) }

func isJSON(text string, kind value.Kind) bool {
	v, err := value.Parse(strings.TrimSpace(text))
	return err == nil && v.Kind() == kind
}
