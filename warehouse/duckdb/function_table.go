package duckdb

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/function"
)

// overloads holds the overloads of functions by name.
type overloads = map[string][]duckdb.ScalarFunc

// functions returns the table of all functions in Go.
func functions() overloads {
	all := overloads{}
	for _, group := range []overloads{timeFunctions(), textFunctions(), numberFunctions(), jsonFunctions()} {
		for name, list := range group {
			all[name] = append(all[name], list...)
		}
	}
	return all
}

func timeFunctions() overloads {
	toDate := func(v []driver.Value) (time.Time, error) {
		strict := len(v) == 3 && v[2].(bool)
		return function.ReadTime(v[0].(string), v[1].(string), strict)
	}
	truncate := always(func(v []driver.Value) time.Time { return v[0].(time.Time).Truncate(24 * time.Hour) })
	format := always(func(v []driver.Value) string { return function.FormatTime(v[0].(time.Time).UTC(), v[1].(string)) })
	convert := func(v []driver.Value) (time.Time, error) { return convertTimezone(v...) }
	fromTimestamp := func(v []driver.Value) time.Time { return v[0].(time.Time) }
	fromUTC := func(v []driver.Value) (time.Time, error) { return convertTimezone("UTC", v[0], v[1]) }
	return overloads{
		"to_date": {overload(date, may(toDate), text, text), overload(date, may(toDate), text, text, boolean)},
		"to_timestamp": {overload(timestamptz, may(toDate), text, text), overload(timestamptz, may(toDate), text, text, boolean),
			overload(timestamptz, always(fromTimestamp), timestamp, text)},
		"to_char": {overload(text, format, timestamp, text), overload(text, format, timestamptz, text), overload(text, format, date, text)},
		"trunc":   {overload(date, truncate, timestamp), overload(date, truncate, timestamptz), overload(date, truncate, date)},
		"convert_timezone": {overload(timestamp, may(convert), text, text, timestamp), overload(timestamp, may(convert), text, text, text),
			overload(timestamp, may(convert), text, text, timestamptz), overload(timestamp, may(fromUTC), text, timestamptz),
			overload(timestamp, may(fromUTC), text, timestamp), overload(timestamp, may(fromUTC), text, text)},
		"rs_read_date":        {overload(date, may(readWith(function.ParseDate)), text)},
		"rs_read_timestamp":   {overload(timestamp, may(readWith(function.ParseTimestamp)), text)},
		"rs_read_timestamptz": {overload(timestamptz, may(readWith(function.ParseTimestampTZ)), text)},
		"-": {overload(timestamp, always(plusDays(-1)), timestamp, bigint), overload(timestamptz, always(plusDays(-1)), timestamptz, bigint),
			overload(interval, always(clockDifference), clock, clock)},
		"date_diff": {overload(bigint, may(clockBorders), text, clockTZ, clockTZ)},
		"+": {overload(timestamp, may(textPlusInterval), text, interval),
			overload(timestamp, always(plusDays(1)), timestamp, bigint), overload(timestamptz, always(plusDays(1)), timestamptz, bigint),
			overload(bigint, may(plusText), bigint, text), overload(bigint, may(plusText), text, bigint),
			overload(bigint, may(plusText), integer, text), overload(bigint, may(plusText), text, integer),
			overload(text, always(func(v []driver.Value) string { return v[0].(string) + v[1].(string) }), text, text),
			overload(blob, always(func(v []driver.Value) []byte { return slices.Concat(v[0].([]byte), v[1].([]byte)) }), blob, blob)},
	}
}

func clockDifference(v []driver.Value) duckdb.Interval {
	return duckdb.Interval{Micros: v[0].(time.Time).Sub(v[1].(time.Time)).Microseconds()}
}

// clockUnits are the date parts that a time of day has.
var clockUnits = map[string]time.Duration{"hour": time.Hour, "minute": time.Minute, "second": time.Second,
	"millisecond": time.Millisecond, "microsecond": time.Microsecond}

// clockBorders counts the borders of a part between two times of day, each taken in UTC.
func clockBorders(v []driver.Value) (int64, error) {
	unit, ok := clockUnits[v[0].(string)]
	if !ok {
		return 0, fault.Invalidf("date part %q is not one of a time of day", v[0]).WithCode("22023")
	}
	borders := func(v driver.Value) int64 {
		t := v.(time.Time).UTC()
		return int64(t.Sub(t.Truncate(24*time.Hour)) / unit)
	}
	return borders(v[2]) - borders(v[1]), nil
}

func readWith(read func(string) (time.Time, error)) func([]driver.Value) (time.Time, error) {
	return func(v []driver.Value) (time.Time, error) { return read(v[0].(string)) }
}

// convertTimezone takes source, target and a time, which may be text.
func convertTimezone(v ...driver.Value) (time.Time, error) {
	local, ok := v[2].(time.Time)
	if !ok {
		var err error
		if local, err = function.ParseTimestamp(v[2].(string)); err != nil {
			return local, err
		}
	}
	return function.ConvertTimezone(v[0].(string), v[1].(string), local)
}

// plusDays adds a number of days to a time, or with a negative sign takes it away.
func plusDays(sign int) func([]driver.Value) time.Time {
	return func(v []driver.Value) time.Time { return v[0].(time.Time).AddDate(0, 0, sign*int(v[1].(int64))) }
}

// plusText adds an integer and a text that holds one, which DuckDB finds ambiguous once texts can be added.
func plusText(v []driver.Value) (int64, error) {
	var sum int64
	for _, operand := range v {
		switch x := operand.(type) {
		case int32:
			sum += int64(x)
		case int64:
			sum += x
		case string:
			n, err := function.StrToL(x, 10)
			if err != nil {
				return 0, fault.Invalidf("invalid input syntax for integer: %q", x).WithCode("22P02")
			}
			sum += n
		}
	}
	return sum, nil
}

func textPlusInterval(v []driver.Value) (time.Time, error) {
	t, err := function.ParseTimestamp(v[0].(string))
	if err != nil {
		return t, err
	}
	i := v[1].(duckdb.Interval)
	first := time.Date(t.Year(), t.Month()+time.Month(i.Months), 1, 0, 0, 0, 0, time.UTC)
	day := min(t.Day(), first.AddDate(0, 1, -1).Day())
	return first.AddDate(0, 0, day-1+int(i.Days)).Add(t.Sub(t.Truncate(24 * time.Hour))).Add(time.Duration(i.Micros) * time.Microsecond), nil
}

func textFunctions() overloads {
	return overloads{
		"initcap": {overload(text, always(func(v []driver.Value) string { return function.InitCap(v[0].(string)) }), text)},
		"soundex": {overload(text, may(func(v []driver.Value) (string, error) { return function.Soundex(v[0].(string)) }), text)},
		"rs_clip": {overload(text, always(func(v []driver.Value) string { return function.Clip(v[0].(string), v[1].(int64)) }), text, bigint)},
		"strtol": {overload(bigint, may(func(v []driver.Value) (int64, error) {
			return function.StrToL(v[0].(string), v[1].(int64))
		}), text, bigint)},
		"sha2": {overload(text, may(func(v []driver.Value) (string, error) {
			return function.SHA2(v[0].(string), v[1].(int64))
		}), text, bigint), overload(text, may(func(v []driver.Value) (string, error) {
			return function.SHA2(string(v[0].([]byte)), v[1].(int64))
		}), blob, bigint)},
		"difference":  {overload(bigint, always(func(v []driver.Value) int64 { return function.Difference(v[0].(string), v[1].(string)) }), text, text)},
		"rs_bits":     {overload(text, always(func(v []driver.Value) string { return function.Bits(v[0].([]byte)) }), blob)},
		"&":           {overload(blob, always(bitwise(func(a, b byte) byte { return a & b })), blob, blob)},
		"|":           {overload(blob, always(bitwise(func(a, b byte) byte { return a | b })), blob, blob)},
		"xor":         {overload(blob, always(bitwise(func(a, b byte) byte { return a ^ b })), blob, blob)},
		"~":           {overload(blob, always(complement), blob)},
		"getbit":      {overload(bigint, may(getBit), blob, bigint)},
		"crc32":       {overload(text, always(func(v []driver.Value) string { return function.CRC32(v[0].(string)) }), text)},
		"rs_checksum": {overload(integer, always(func(v []driver.Value) int32 { return function.Murmur3([]byte(v[0].(string)), 0) }), text)},
		"fnv_hash":    hashes(bigint, fnvHash),
		"murmur3_32_hash": hashes(integer, func(data []byte, seed ...int64) any {
			if len(seed) == 0 {
				return function.Murmur3(data, 0)
			}
			return function.Murmur3(data, uint32(seed[0]))
		}),
		"rs_similar_pattern": {overload(text, always(func(v []driver.Value) string {
			return function.SimilarPattern(v[0].(string), v[1].(string))
		}), text, text)},
		"rs_regexp_replace_from": {overload(text, may(func(v []driver.Value) (string, error) {
			return function.RegexpReplace(v[0].(string), v[1].(string), v[2].(string), v[3].(int64), v[4].(string))
		}), text, text, text, bigint, text)},
		"rs_regexp_substr_from": {overload(text, may(func(v []driver.Value) (string, error) {
			return function.RegexpSubstr(v[0].(string), v[1].(string), v[2].(int64), v[3].(int64), v[4].(string))
		}), text, text, bigint, bigint, text)},
		"rs_regexp_instr_from": {overload(bigint, may(func(v []driver.Value) (int64, error) {
			return function.RegexpInstr(v[0].(string), v[1].(string), v[2].(int64), v[3].(int64), v[4].(int64), v[5].(string))
		}), text, text, bigint, bigint, bigint, text)},
		"rs_regexp_count_from": {overload(bigint, may(func(v []driver.Value) (int64, error) {
			return function.RegexpCount(v[0].(string), v[1].(string), v[2].(int64), v[3].(string))
		}), text, text, bigint, text)},
	}
}

// bitwise combines two values byte by byte; the longer one is cut.
func bitwise(combine func(a, b byte) byte) func([]driver.Value) []byte {
	return func(v []driver.Value) []byte {
		a, b := v[0].([]byte), v[1].([]byte)
		out := make([]byte, min(len(a), len(b)))
		for i := range out {
			out[i] = combine(a[i], b[i])
		}
		return out
	}
}

func complement(v []driver.Value) []byte {
	out := slices.Clone(v[0].([]byte))
	for i := range out {
		out[i] = ^out[i]
	}
	return out
}

// getBit counts bits from the last one of the last byte.
func getBit(v []driver.Value) (int64, error) {
	data, index := v[0].([]byte), v[1].(int64)
	if index < 0 || index >= int64(8*len(data)) {
		return 0, fault.Invalidf("bit index %d out of valid range", index).WithCode("22023")
	}
	return int64(data[len(data)-1-int(index/8)] >> (index % 8) & 1), nil
}

func fnvHash(data []byte, seed ...int64) any {
	if len(seed) == 0 {
		return function.FNVHash(data, 0, false)
	}
	return function.FNVHash(data, seed[0], true)
}

// hashes makes the overloads of a hash function over text, bytes and integers, with and without a seed.
func hashes(result duckdb.TypeInfo, hash func([]byte, ...int64) any) []duckdb.ScalarFunc {
	var list []duckdb.ScalarFunc
	for _, argument := range []duckdb.TypeInfo{text, blob, smallint, integer, bigint} {
		list = append(list,
			overload(result, always(func(v []driver.Value) any { return hash(hashed(v[0])) }), argument),
			overload(result, always(func(v []driver.Value) any { return hash(hashed(v[0]), v[1].(int64)) }), argument, bigint))
	}
	return list
}

// hashed returns the bytes that a hash function sees.
func hashed(v driver.Value) []byte {
	switch v := v.(type) {
	case string:
		return []byte(v)
	case []byte:
		return v
	case int16:
		return function.Integer(int64(v), 2)
	case int32:
		return function.Integer(int64(v), 4)
	}
	return function.Integer(v.(int64), 8)
}

func numberFunctions() overloads {
	number := func(v []driver.Value) (string, error) { return function.FormatNumber(v[0].(string), v[1].(string)) }
	float := func(v []driver.Value) (string, error) {
		return function.FormatNumber(fmt.Sprintf("%.15g", v[0]), v[1].(string))
	}
	return overloads{
		"to_char": {overload(text, may(float), double, text), overload(text, may(number), text, text),
			overload(text, may(func(v []driver.Value) (string, error) {
				return function.FormatNumber(fmt.Sprint(v[0]), v[1].(string))
			}), bigint, text)},
		"to_number": {overload(double, may(toNumber), text, text)},
		"rs_int_alt": {overload(bigint, may(func(v []driver.Value) (int64, error) {
			number, err := function.ReadAltNumber(v[0].(string))
			if err != nil {
				return 0, err
			}
			return new(big.Int).Quo(number.Num(), number.Denom()).Int64(), nil
		}), text)},
		"rs_numeric_alt": {overload(text, may(func(v []driver.Value) (string, error) {
			number, err := function.ReadAltNumber(v[0].(string))
			if err != nil {
				return "", err
			}
			return number.FloatString(int(v[1].(int64))), nil
		}), text, bigint)},
		"rs_float_text": {overload(text, always(func(v []driver.Value) string {
			return function.FormatFloat(v[0].(float64))
		}), double)},
	}
}

func toNumber(v []driver.Value) (float64, error) {
	digits, err := function.ReadNumber(v[0].(string), v[1].(string))
	if err != nil {
		return 0, err
	}
	number, _, err := big.ParseFloat(digits, 10, 64, big.ToNearestEven)
	if err != nil {
		return 0, err
	}
	result, _ := number.Float64()
	return result, nil
}

func jsonFunctions() overloads {
	return overloads{
		"rs_json_path_text": {overload(text, func(v []driver.Value) (any, error) {
			result, err := function.JSONPathText(v[0].(string), strings.Split(v[1].(string), "\x1f"))
			if err != nil && v[2].(bool) {
				return nil, nil
			}
			return result, err
		}, text, text, boolean)},
		"rs_json_array_length_of": {overload(bigint, func(v []driver.Value) (any, error) {
			n, err := function.JSONArrayLength(v[0].(string))
			if err != nil && v[1].(bool) {
				return nil, nil
			}
			return n, err
		}, text, boolean)},
		"json_extract_array_element_text": {
			overload(text, may(func(v []driver.Value) (string, error) {
				return function.JSONArrayElementText(v[0].(string), v[1].(int64))
			}), text, bigint),
			overload(text, func(v []driver.Value) (any, error) {
				result, err := function.JSONArrayElementText(v[0].(string), v[1].(int64))
				if err != nil && v[2].(bool) {
					return nil, nil
				}
				return result, err
			}, text, bigint, boolean)},
		"is_valid_json":       {overload(boolean, always(func(v []driver.Value) bool { return function.IsValidJSON(v[0].(string)) }), text)},
		"is_valid_json_array": {overload(boolean, always(func(v []driver.Value) bool { return function.IsValidJSONArray(v[0].(string)) }), text)},
	}
}
