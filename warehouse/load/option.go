package load

import (
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// format is the layout of the files.
type format uint8

const (
	delimited format = iota
	csvFormat
	fixedWidth
)

// options is what the parameters of one COPY say.
type options struct {
	format    format
	delimiter byte
	quote     byte
	widths    []int
	codec     string // GZIP, LZOP, BZIP2, ZSTD or nothing

	nullAs       string
	dateFormat   *pattern // nil: YYYY-MM-DD; auto for 'auto'
	timeFormat   *pattern
	epoch        int64 // units per second of 'epochsecs' and 'epochmillisecs', else 0
	headers      int64
	maxErrors    int64 // the number of errors at which the COPY fails
	replacement  byte  // of ACCEPTINVCHARS, 0 when it is off
	escape       bool
	removeQuotes bool

	emptyAsNull, blanksAsNull, trimBlanks, truncate, fillRecord, ignoreBlankLines, acceptAnyDate, round, explicitIDs, noLoad, manifest bool
}

// setter reads one parameter into the options.
type setter func(o *options, p parameter) error

// parameter is one option with its value as it is written, for what string literals mean differently in COPY.
type parameter struct {
	syntax.Option
	raw string
}

func flag(set func(*options) *bool) setter {
	return func(o *options, p parameter) error {
		*set(o) = true
		return nil
	}
}

func accepted(*options, parameter) error { return nil }

// setters holds the parameters that COPY understands here.
var setters = map[string]setter{
	"DELIMITER":   setDelimiter,
	"CSV":         setFormat(csvFormat),
	"QUOTE":       setQuote,
	"FIXEDWIDTH":  setWidths,
	"GZIP":        setCodec,
	"LZOP":        setCodec,
	"BZIP2":       setCodec,
	"ZSTD":        setCodec,
	"NULL":        setNull,
	"DATEFORMAT":  setDateFormat,
	"TIMEFORMAT":  setTimeFormat,
	"ENCODING":    setEncoding,
	"MAXERROR":    setMaxErrors,
	"COMPROWS":    accepted,
	"COMPUPDATE":  accepted,
	"STATUPDATE":  accepted,
	"REGION":      accepted,
	"IAM_ROLE":    accepted,
	"CREDENTIALS": accepted,

	"ACCESS_KEY_ID": accepted, "SECRET_ACCESS_KEY": accepted, "SESSION_TOKEN": accepted,

	"IGNOREHEADER":     setHeaders,
	"ACCEPTINVCHARS":   setReplacement,
	"ESCAPE":           flag(func(o *options) *bool { return &o.escape }),
	"REMOVEQUOTES":     flag(func(o *options) *bool { return &o.removeQuotes }),
	"EMPTYASNULL":      flag(func(o *options) *bool { return &o.emptyAsNull }),
	"BLANKSASNULL":     flag(func(o *options) *bool { return &o.blanksAsNull }),
	"TRIMBLANKS":       flag(func(o *options) *bool { return &o.trimBlanks }),
	"TRUNCATECOLUMNS":  flag(func(o *options) *bool { return &o.truncate }),
	"FILLRECORD":       flag(func(o *options) *bool { return &o.fillRecord }),
	"IGNOREBLANKLINES": flag(func(o *options) *bool { return &o.ignoreBlankLines }),
	"ACCEPTANYDATE":    flag(func(o *options) *bool { return &o.acceptAnyDate }),
	"ROUNDEC":          flag(func(o *options) *bool { return &o.round }),
	"EXPLICIT_IDS":     flag(func(o *options) *bool { return &o.explicitIDs }),
	"MANIFEST":         flag(func(o *options) *bool { return &o.manifest }),
	"NOLOAD":           flag(func(o *options) *bool { return &o.noLoad }),
	"IGNOREALLERRORS":  func(o *options, _ parameter) error { o.maxErrors = 1 << 62; return nil },
}

// later are the parameters that Redshift has and Stepwell does not have yet.
var later = map[string]bool{"JSON": true, "AVRO": true, "PARQUET": true, "ORC": true, "SHAPEFILE": true, "RCFILE": true, "SEQUENCEFILE": true,
	"ENCRYPTED": true, "MASTER_SYMMETRIC_KEY": true, "SSH": true, "READRATIO": true, "SERIALIZETOJSON": true, "SIMPLIFY": true}

// needsText are the parameters that mean nothing without a literal.
var needsText = map[string]bool{"DELIMITER": true, "QUOTE": true, "FIXEDWIDTH": true, "NULL": true, "DATEFORMAT": true, "TIMEFORMAT": true,
	"CREDENTIALS": true, "ACCESS_KEY_ID": true, "SECRET_ACCESS_KEY": true, "SESSION_TOKEN": true}

func unsupported(p parameter) error {
	return fault.New(fault.Unsupported, "COPY option %s is not supported yet: it comes with the loads issue", p.Name).WithCode("0A000").At(p.Position)
}

// readOptions understands all parameters of a statement, or refuses the first that is wrong.
func readOptions(c *syntax.Copy) (*options, error) {
	o := &options{nullAs: `\N`, maxErrors: 1, quote: '"'}
	seen := map[string]bool{}
	for _, option := range c.Options {
		p := parameter{Option: option, raw: rawValue(c, option)}
		set, known := setters[p.Name]
		switch {
		case later[p.Name]:
			return nil, unsupported(p)
		case !known:
			return nil, fault.Invalidf("syntax error at or near %q", p.Name).WithCode("42601").At(p.Position)
		case needsText[p.Name] && len(p.Values) == 0:
			return nil, p.refuse("%s needs a value", p.Name)
		case seen[p.Name]:
			return nil, p.refuse("conflicting or redundant options: %s is given twice", p.Name)
		}
		seen[p.Name] = true
		if err := set(o, p); err != nil {
			return nil, err
		}
	}
	return o, o.check(c, seen)
}

// exclusions are pairs of parameters that contradict each other.
var exclusions = [][2]string{{"CSV", "FIXEDWIDTH"}, {"CSV", "REMOVEQUOTES"}, {"CSV", "ESCAPE"}, {"FIXEDWIDTH", "DELIMITER"},
	{"FIXEDWIDTH", "ESCAPE"}, {"FIXEDWIDTH", "REMOVEQUOTES"}, {"IGNOREALLERRORS", "MAXERROR"}, {"GZIP", "LZOP"}, {"GZIP", "BZIP2"},
	{"GZIP", "ZSTD"}, {"LZOP", "BZIP2"}, {"LZOP", "ZSTD"}, {"BZIP2", "ZSTD"}, {"IAM_ROLE", "CREDENTIALS"}, {"IAM_ROLE", "ACCESS_KEY_ID"},
	{"CREDENTIALS", "ACCESS_KEY_ID"}}

func (o *options) check(c *syntax.Copy, seen map[string]bool) error {
	at := func(name string) parameter {
		for _, option := range c.Options {
			if option.Name == name {
				return parameter{Option: option}
			}
		}
		return parameter{}
	}
	for _, pair := range exclusions {
		if seen[pair[0]] && seen[pair[1]] {
			return at(pair[1]).refuse("%s option is not supported with %s", pair[1], pair[0])
		}
	}
	switch {
	case seen["QUOTE"] && !seen["CSV"]:
		return at("QUOTE").refuse("QUOTE is supported with the CSV format only")
	case seen["ACCESS_KEY_ID"] != seen["SECRET_ACCESS_KEY"]:
		return fault.Invalidf("ACCESS_KEY_ID and SECRET_ACCESS_KEY belong together").WithCode("42601").At(c.Position)
	case !seen["IAM_ROLE"] && !seen["CREDENTIALS"] && !seen["ACCESS_KEY_ID"]:
		return fault.Invalidf("must specify credentials").WithCode("42601").At(c.Position)
	}
	if o.delimiter == 0 {
		o.delimiter = '|'
		if o.format == csvFormat {
			o.delimiter = ','
		}
	}
	return nil
}

func (p parameter) refuse(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("42601").At(p.Position)
}

// rawValue finds the literal that follows an option's name in the statement.
func rawValue(c *syntax.Copy, o syntax.Option) string {
	for i, t := range c.Tokens {
		if t.Position() != o.Position {
			continue
		}
		for _, value := range c.Tokens[i:min(i+4, len(c.Tokens))] {
			if value.Kind == syntax.String {
				return value.Text
			}
		}
	}
	return ""
}

// text returns the value with the escapes that COPY knows in its own parameters: \t, \n, \r, \b, \f, \\ and octal digits.
// Any other backslash stands for itself, so that NULL AS '\N' means what it says.
func (p parameter) text() string {
	_, raw, _ := strings.Cut(p.raw, "'")
	raw = strings.ReplaceAll(strings.TrimSuffix(raw, "'"), "''", "'")
	var out strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' || i+1 == len(raw) {
			out.WriteByte(raw[i])
			continue
		}
		digits := 0
		for digits < 3 && i+1+digits < len(raw) && raw[i+1+digits] >= '0' && raw[i+1+digits] <= '7' {
			digits++
		}
		letter := strings.IndexByte(`tnrbf\`, raw[i+1])
		switch {
		case digits > 0:
			code, _ := strconv.ParseUint(raw[i+1:i+1+digits], 8, 16)
			out.WriteByte(byte(code))
			i += digits
		case letter >= 0:
			out.WriteByte("\t\n\r\b\f\\"[letter])
			i++
		default:
			out.WriteByte('\\')
		}
	}
	return out.String()
}
