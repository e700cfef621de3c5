package duckdb_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// verdict is how near an answer is to the documented one; the rules are those of the corpus' own compare.py.
type verdict int

const (
	pass verdict = iota
	near
	midnight
	zone
	order
	fail
	otherError
	missingError
	unexpectedError
)

func (v verdict) String() string {
	return [...]string{"pass", "near", "midnight", "zone", "order", "fail", "other error", "no error", "error"}[v]
}

type judgement struct {
	verdict verdict
	why     string
}

// judge compares an outcome with the expectation of a case.
func judge(c value.Value, got outcome) judgement {
	want, _ := c.Get("expected")
	if wanted, ok := want.Get("error"); ok {
		return judgeError(wanted.Str(), want, got)
	}
	if got.err != nil {
		return judgement{unexpectedError, got.err.Error()}
	}
	if _, ok := want.Get("notices"); ok {
		if fmt.Sprint(notices(want)) != fmt.Sprint(got.notices) {
			return judgement{fail, fmt.Sprintf("notices %v", got.notices)}
		}
		return judgement{}
	}
	if v, ok := want.Get("value"); ok {
		return judgeValue(v.Str(), got)
	}
	v := judgeRows(c, want, got)
	if round, _ := c.Get("round"); v == near && round.Truth() {
		v = pass
	}
	return judgement{v, printed(got.rows)}
}

func notices(want value.Value) [][2]string {
	list, _ := want.Get("notices")
	var out [][2]string
	for _, n := range list.Items() {
		out = append(out, [2]string{n.Items()[0].Str(), n.Items()[1].Str()})
	}
	return out
}

func judgeError(wanted string, want value.Value, got outcome) judgement {
	if got.err == nil {
		return judgement{missingError, printed(got.rows)}
	}
	if list := notices(want); list != nil && fmt.Sprint(list) != fmt.Sprint(got.notices) {
		return judgement{fail, fmt.Sprintf("notices %v", got.notices)}
	}
	if !strings.Contains(words(got.err.Error()), words(wanted)) {
		return judgement{otherError, got.err.Error()}
	}
	return judgement{}
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

func words(s string) string {
	return strings.TrimSpace(notWord.ReplaceAllString(strings.ToLower(s), " "))
}

func judgeValue(want string, got outcome) judgement {
	if len(got.rows) == 0 || len(got.rows[0]) == 0 {
		return judgement{fail, "no value"}
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(strings.TrimRight(s, "; \n")), "") }
	if a := got.rows[0][0]; a != nil && squeeze(want) == squeeze(*a) {
		return judgement{}
	}
	return judgement{judgeCell(want, got.rows[0][0]), printed(got.rows)}
}

func judgeRows(c, want value.Value, got outcome) verdict {
	list, _ := want.Get("rows")
	var rows [][]string
	for _, row := range list.Items() {
		var cells []string
		for _, cell := range row.Items() {
			cells = append(cells, cell.Str())
		}
		rows = append(rows, cells)
	}
	partial, _ := c.Get("partial")
	if len(got.rows) < len(rows) || !partial.Truth() && len(got.rows) != len(rows) {
		return fail
	}
	worst := pass
	for i, row := range rows {
		worst = max(worst, judgeRow(row, got.rows[i]))
	}
	if worst != fail {
		return worst
	}
	worst = judgeSet(rows, got.rows)
	if ordered, _ := c.Get("ordered"); worst != fail && ordered.Truth() && !onlyTies(c, rows, got.rows) {
		return order
	}
	return worst
}

// judgeSet compares rows in any order.
func judgeSet(want [][]string, got [][]*string) verdict {
	left := slices.Clone(got)
	worst := pass
	for _, row := range want {
		best, found := fail, -1
		for i := range left {
			if v := judgeRow(row, left[i]); v < best {
				best, found = v, i
			}
		}
		if found < 0 {
			return fail
		}
		left = slices.Delete(left, found, found+1)
		worst = max(worst, best)
	}
	return worst
}

// onlyTies reports whether the columns of ORDER BY agree row by row, so that only rows that tie changed places.
func onlyTies(c value.Value, want [][]string, got [][]*string) bool {
	keys, ok := c.Get("orderKeys")
	if !ok || keys.IsNull() {
		return false
	}
	for i, row := range want {
		for _, key := range keys.Items() {
			if k, _ := key.Int(); int(k) < len(row) && int(k) < len(got[i]) && judgeCell(row[k], got[i][k]) == fail {
				return false
			}
		}
	}
	return true
}

func judgeRow(want []string, got []*string) verdict {
	if len(want) != len(got) {
		return fail
	}
	worst := pass
	for i := range want {
		worst = max(worst, judgeCell(want[i], got[i]))
	}
	return worst
}

var booleans = map[string]bool{"t": true, "true": true, "f": false, "false": false}

func judgeCell(want string, got *string) verdict {
	want = strings.TrimSpace(want)
	if got == nil {
		return verdictOf(want == "" || strings.EqualFold(want, "null"))
	}
	have := strings.TrimSpace(*got)
	if want == have {
		return pass
	}
	if want == "" || have == "" {
		return fail
	}
	wantBool, isBool := booleans[strings.ToLower(want)]
	if haveBool, ok := booleans[strings.ToLower(have)]; ok && isBool {
		return verdictOf(wantBool == haveBool)
	}
	if a, b := number(want), number(have); a != nil && b != nil {
		return judgeNumber(want, a, b)
	}
	if v, ok := judgeInstant(want, have); ok {
		return v
	}
	return verdictOf(strings.EqualFold(want, have) && hexadecimal.MatchString(want) || sameJSON(want, have))
}

func verdictOf(same bool) verdict {
	if same {
		return pass
	}
	return fail
}

var (
	hexadecimal = regexp.MustCompile(`^[0-9a-fA-F]{2,}$`)
	grouped     = regexp.MustCompile(`^-?\d{1,3}(,\d{3})+(\.\d+)?$`)
	decimal     = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$`)
)

func number(s string) *big.Rat {
	if grouped.MatchString(s) {
		s = strings.ReplaceAll(s, ",", "")
	}
	if !decimal.MatchString(s) {
		return nil
	}
	r, _ := new(big.Rat).SetString(s)
	return r
}

// judgeNumber allows for the 15 digits of a printed float.
func judgeNumber(printed string, want, have *big.Rat) verdict {
	if want.Cmp(have) == 0 {
		return pass
	}
	difference := new(big.Rat).Abs(new(big.Rat).Sub(want, have))
	limit := new(big.Rat).Abs(want)
	tolerance := big.NewRat(1, 1e13)
	if digits := strings.TrimLeft(strings.NewReplacer("-", "", ".", "").Replace(printed), "0"); len(digits) >= 13 {
		tolerance = big.NewRat(1, 1e12)
	}
	if want.Sign() != 0 && difference.Cmp(limit.Mul(limit, tolerance)) <= 0 {
		return pass
	}
	_, fraction, _ := strings.Cut(printed, ".")
	if rounded, _ := new(big.Rat).SetString(have.FloatString(len(fraction))); rounded.Cmp(want) == 0 {
		return near
	}
	return fail
}

var (
	instant   = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$`)
	timeOfDay = regexp.MustCompile(`^()(\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$`)
	utc       = regexp.MustCompile(`^\+00(:?00)?$|^Z$`)
)

// judgeInstant compares dates and times; it reports false when the texts are none.
func judgeInstant(want, have string) (verdict, bool) {
	a, b := instant.FindStringSubmatch(want), instant.FindStringSubmatch(have)
	if a == nil || b == nil {
		a, b = timeOfDay.FindStringSubmatch(want), timeOfDay.FindStringSubmatch(have)
	}
	if a == nil || b == nil {
		return fail, false
	}
	clock := func(s string) string {
		if s == "" {
			return "00:00:00"
		}
		return s
	}
	offset := func(s string) string { return strings.ReplaceAll(utc.ReplaceAllString(s, ""), ":", "") }
	switch {
	case a[1] != b[1], clock(a[2]) != clock(b[2]), strings.TrimRight(a[3], "0.") != strings.TrimRight(b[3], "0."), offset(a[4]) != offset(b[4]):
		return fail, true
	case (a[4] == "") != (b[4] == ""):
		return zone, true
	case (a[2] == "") != (b[2] == ""):
		return midnight, true
	}
	return pass, true
}

// sameJSON compares by structure; a SUPER string may be printed with or without its quotes.
func sameJSON(want, have string) bool {
	var a, b any
	errA, errB := json.Unmarshal([]byte(want), &a), json.Unmarshal([]byte(have), &b)
	return errA == nil && errB == nil && reflect.DeepEqual(a, b) || errA == nil && a == any(have) || errB == nil && b == any(want)
}

func printed(rows [][]*string) string {
	var out []string
	for _, row := range rows[:min(5, len(rows))] {
		var cells []string
		for _, cell := range row {
			if cell == nil {
				cells = append(cells, "NULL")
			} else {
				cells = append(cells, *cell)
			}
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return fmt.Sprintf("got %d rows: %s", len(rows), strings.Join(out, " / "))
}

// semanticsDiffer reads the notes of semantics.tsv: a value, several of them with commas, ERROR:text, or a remark about the
// shape of the answer.
func semanticsDiffer(want string, got outcome) string {
	if text, ok := strings.CutPrefix(want, "ERROR"); ok {
		text = strings.TrimPrefix(text, ":")
		if got.err == nil || !strings.Contains(words(got.err.Error()), words(text)) {
			return fmt.Sprintf("want an error %q, %v %s", text, got.err, printed(got.rows))
		}
		return ""
	}
	if got.err != nil {
		return got.err.Error()
	}
	if remark, known := remarks[want]; known {
		return remark(got)
	}
	if name, ok := strings.CutPrefix(want, "colname "); ok {
		if len(got.columns) != 1 || got.columns[0] != name {
			return fmt.Sprintf("columns %v", got.columns)
		}
		return ""
	}
	return firstRowDiffers(strings.ReplaceAll(want, "<TAB>", "\t"), got)
}

// remarks are the notes that describe an answer instead of printing it.
var remarks = map[string]func(outcome) string{
	"created":   anyAnswer,
	"OK":        anyAnswer,
	"n/a":       anyAnswer,
	"plan":      rowCount(1),
	"2 rows":    rowCount(2),
	"OK 2 rows": func(o outcome) string { return unless(o.changed == 2, "changed %d rows", o.changed) },
	"timestamptz": func(o outcome) string {
		return unless(len(o.rows) == 1 && strings.HasSuffix(*o.rows[0][0], "+00"), "%s", printed(o.rows))
	},
	"timestamp without tz": func(o outcome) string {
		return unless(len(o.rows) == 1 && *o.rows[0][0] == "timestamp without time zone", "%s", printed(o.rows))
	},
	"interval 1 day": func(o outcome) string {
		return unless(len(o.rows) == 1 && *o.rows[0][0] == "1 day", "%s", printed(o.rows))
	},
	"2020-01-01 12:00": func(o outcome) string {
		return unless(len(o.rows) == 1 && *o.rows[0][0] == "2020-01-01 12:00:00", "%s", printed(o.rows))
	},
	"2020-01-01 17:00+00": func(o outcome) string {
		return unless(len(o.rows) == 1 && *o.rows[0][0] == "2020-01-01 17:00:00+00", "%s", printed(o.rows))
	},
}

func anyAnswer(outcome) string { return "" }

func rowCount(least int) func(outcome) string {
	return func(o outcome) string { return unless(len(o.rows) >= least, "%s", printed(o.rows)) }
}

func unless(ok bool, format string, args ...any) string {
	if ok {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func firstRowDiffers(want string, got outcome) string {
	if len(got.rows) == 0 {
		return "no rows"
	}
	row := got.rows[0]
	cells := []string{want}
	if len(row) > 1 {
		cells = strings.Split(want, ",")
	}
	if judgeRow(cells, row) != pass {
		return fmt.Sprintf("want %q, %s", want, printed(got.rows))
	}
	return ""
}
