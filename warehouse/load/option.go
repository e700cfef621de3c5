package load

import (
	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// format is the layout of the files.
type format uint8

const (
	delimited format = iota
	csvFormat
	fixedWidth
	jsonFormat
	avroFormat
	parquetFormat
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
	maxErrors    int64    // the number of errors at which the COPY fails
	encoding     string   // UTF16, UTF16LE, UTF16BE, ISO88591 or nothing for UTF-8
	pathsFile    *Object  // the JSONPaths file
	paths        [][]step // what it says
	replacement  byte     // of ACCEPTINVCHARS, 0 when it is off
	escape       bool
	removeQuotes bool

	emptyAsNull, blanksAsNull, trimBlanks, truncate, fillRecord, ignoreBlankLines, acceptAnyDate, round, explicitIDs, noLoad, manifest, noShred, ignoreCase, serialize bool
}

// json says that rows are JSON values.
func (o *options) json() bool { return o.format == jsonFormat || o.format == avroFormat }

// setter reads one parameter into the options.
type setter func(o *options, p parameter) error

// parameter is one option, with the statement in which its value stands as it is written.
type parameter struct {
	syntax.Option
	statement *syntax.Fragment
}

func (p parameter) text() string { return p.Option.Text(p.statement) }

func flag(set func(*options) *bool) setter {
	return func(o *options, p parameter) error {
		*set(o) = true
		return p.none()
	}
}

// accepted reads a parameter that has no meaning here beyond being well formed: it has a value.
func accepted(_ *options, p parameter) error {
	if len(p.Values) != 1 || p.Values[0] == "" {
		return p.refuse("%s needs a value", p.Name)
	}
	return nil
}

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
	"COMPROWS":    setCompRows,
	"COMPUPDATE":  setUpdate("ON", "OFF", "TRUE", "FALSE", "PRESET"),
	"STATUPDATE":  setUpdate("ON", "OFF", "TRUE", "FALSE"),
	"REGION":      accepted,
	"IAM_ROLE":    accepted,
	"CREDENTIALS": setCredentials,
	"JSON":        setJSON(jsonFormat),
	"AVRO":        setJSON(avroFormat),
	"PARQUET":     setFormat(parquetFormat),

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
	"SERIALIZETOJSON":  flag(func(o *options) *bool { return &o.serialize }),
	"NOLOAD":           flag(func(o *options) *bool { return &o.noLoad }),
	"IGNOREALLERRORS":  setIgnoreErrors,
}

// refused are the parameters that Redshift has and Stepwell does not, with the reason.
var refused = map[string]string{
	"ORC": "there is no reader for it", "RCFILE": "there is no reader for it", "SEQUENCEFILE": "there is no reader for it",
	"SHAPEFILE": "geometry is not supported", "SIMPLIFY": "geometry is not supported",
	"ENCRYPTED": "files encrypted by the client are not supported", "MASTER_SYMMETRIC_KEY": "files encrypted by the client are not supported",
	"SSH": "only files in buckets are read", "READRATIO": "only files in buckets are read",
}

// needsText are the parameters that mean nothing without a literal.
var needsText = map[string]bool{"DELIMITER": true, "QUOTE": true, "FIXEDWIDTH": true, "NULL": true, "DATEFORMAT": true, "TIMEFORMAT": true}

func unsupported(p parameter, reason string) error {
	return fault.New(fault.Unsupported, "COPY option %s is not supported: %s", p.Name, reason).WithCode("0A000").At(p.Position)
}

// readOptions understands all parameters of a statement, or refuses the first that is wrong.
func readOptions(c *syntax.Copy) (*options, error) {
	o := &options{nullAs: `\N`, maxErrors: 1, quote: '"'}
	seen := map[string]bool{}
	for _, option := range c.Options {
		p := parameter{Option: option, statement: c.Fragment}
		set, known := setters[p.Name]
		switch {
		case refused[p.Name] != "":
			return nil, unsupported(p, refused[p.Name])
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
	return o, o.check(c)
}

// none refuses a value.
func (p parameter) none() error {
	if len(p.Values) > 0 {
		return p.refuse("%s takes no value", p.Name)
	}
	return nil
}

func (p parameter) refuse(format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("42601").At(p.Position)
}
