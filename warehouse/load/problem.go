package load

import "fmt"

// problem is why a line or a field cannot be loaded: Redshift's err_code and err_reason.
type problem struct {
	code   int
	reason string
}

// The codes of stl_load_errors that are given here.
const (
	errFewColumns    = 1203
	errExtra         = 1202
	errRange         = 1204
	errDate          = 1205
	errTimestamp     = 1206
	errDigit         = 1207
	errFloat         = 1208
	errDecimal       = 1209
	errBoolean       = 1210
	errUnknown       = 1200
	errEmptyLine     = 1211
	errNotFound      = 1212
	errNoData        = 1213
	errNoDelimiter   = 1214
	errChar          = 1215
	errLine          = 1216
	errNul           = 1218
	errCodePoint     = 1220
	errWrongEncoding = 1221
	errOverflow      = 1222
	errJSON          = 1224
	errVarbyteDigit  = 1219
)

func problemf(code int, format string, args ...any) *problem {
	return &problem{code: code, reason: fmt.Sprintf(format, args...)}
}

// badDigit names the character that is no digit and its place in the value.
func badDigit(text string, at int, typeName string) *problem {
	value := ""
	if at < len(text) {
		value = text[at : at+1]
	}
	return problemf(errDigit, "Invalid digit, Value '%s', Pos %d, Type: %s", value, at, typeName)
}
