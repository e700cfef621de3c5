package bteq

import "strings"

// sqlStates are the SQLSTATEs of Teradata's errors that scripts test for.
var sqlStates = map[string]string{
	"2616": "22003", "2617": "22003", "2618": "22012", "2619": "22012", "2620": "22P02", "2621": "22P02", "2631": "40P01",
	"2646": "53000", "2665": "22007", "2666": "22007", "2679": "22P02", "2801": "23505", "2802": "23505", "2803": "23505",
	"3523": "42501", "3524": "42501", "3704": "42601", "3706": "42601", "3707": "42601", "3802": "3F000", "3803": "42P07",
	"3804": "42P07", "3805": "42P07", "3807": "42P01", "3809": "42702", "3810": "42703", "3811": "23502", "3822": "42703",
	"5407": "22008", "5628": "42703", "6706": "22021", "6760": "22007",
}

// comparisons are the spellings of BTEQ's operators.
var comparisons = map[string]string{"=": "=", "EQ": "=", "<>": "<>", "^=": "<>", "~=": "<>", "!=": "<>", "NE": "<>", "<": "<", "LT": "<",
	"<=": "<=", "LE": "<=", ">": ">", "GT": ">", ">=": ">=", "GE": ">="}

// condition converts the condition of an .IF: comparisons joined by AND, OR and NOT.
func (c *converter) condition(tokens []token) string {
	var out []string
	for i := 0; i < len(tokens); {
		if i+2 < len(tokens) && tokens[i].kind == word {
			if operator, ok := comparisons[strings.ToUpper(tokens[i+1].text)]; ok {
				out = append(out, c.comparison(tokens[i], operator, tokens[i+2]))
				i += 3
				continue
			}
		}
		out = append(out, strings.ToUpper(tokens[i].text))
		i++
	}
	return strings.Join(out, " ")
}

func (c *converter) comparison(name token, operator string, with token) string {
	switch strings.ToUpper(name.text) {
	case "ERRORCODE":
		return c.errorCode(name, operator, with)
	case "ERRORLEVEL":
		c.noteOnce(name, "ERRORLEVEL is the highest severity so far in BTEQ; here the test looks at the last statement alone")
		if operator == "=" && with.text == "0" || operator == "<" {
			return ":ERROR = 0"
		}
		return ":ERROR <> 0"
	case "ACTIVITYCOUNT":
		return ":ACTIVITYCOUNT " + operator + " " + with.text
	case "SYSTEMRETURNCODE":
		return ":SHELL_EXIT_CODE " + operator + " " + with.text
	}
	c.note(name, "%s is not known in conditions", name.text)
	return ":" + name.text + " " + operator + " " + with.text
}

// errorCode compares with 0, which asks for any error, or with one of Teradata's codes.
func (c *converter) errorCode(name token, operator string, with token) string {
	if with.text == "0" {
		if operator == "=" || operator == "<=" {
			return ":ERROR = 0"
		}
		return ":ERROR <> 0"
	}
	state, known := sqlStates[with.text]
	if !known || operator != "=" && operator != "<>" {
		c.note(name, "ERRORCODE %s %s: the error has no SQLSTATE here, so the test never holds", operator, with.text)
		state = with.text
		if operator != "<>" {
			operator = "="
		}
	}
	return ":'ERRORCODE' " + operator + " '" + state + "'"
}
