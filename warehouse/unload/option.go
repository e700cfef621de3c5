package unload

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
	fixedWidth
	csvFormat
	jsonFormat
	parquetFormat
)

var formatNames = [...]string{"text", "text", "csv", "json", "parquet"}

// String is the name of the format in SYS_UNLOAD_HISTORY.
func (f format) String() string { return formatNames[f] }

// options is what the parameters of one UNLOAD say.
type options struct {
	format     format
	delimiter  byte
	widths     []int
	codec      string // GZIP, BZIP2, ZSTD or nothing
	nullAs     string
	extension  string
	partitions []string
	kmsKey     string
	maxSize    int64 // of a file, in bytes
	rowGroup   int64 // of a Parquet file, in bytes; 0 leaves it to the backend

	include, parallel, header, addQuotes, escape, manifest, verbose, allowOverwrite, cleanPath bool
}

const (
	megabyte     = 1_000_000
	defaultSize  = 6_200 * megabyte
	rowGroupUnit = 32 * megabyte
)

// setter reads one parameter into the options.
type setter func(o *options, p syntax.Option) error

func flag(set func(*options) *bool) setter {
	return func(o *options, p syntax.Option) error {
		*set(o) = true
		return none(p)
	}
}

func setFormat(f format) setter {
	return func(o *options, p syntax.Option) error {
		o.format = f
		return none(p)
	}
}

func accepted(*options, syntax.Option) error { return nil }

// valued reads a parameter that has no meaning here beyond being well formed.
func valued(_ *options, p syntax.Option) error {
	_, err := single(p)
	return err
}

// setters holds the parameters that UNLOAD understands here.
var setters = map[string]setter{
	"CSV":                  setFormat(csvFormat),
	"JSON":                 setFormat(jsonFormat),
	"PARQUET":              setFormat(parquetFormat),
	"DELIMITER":            setDelimiter,
	"FIXEDWIDTH":           setWidths,
	"GZIP":                 setCodec,
	"BZIP2":                setCodec,
	"ZSTD":                 setCodec,
	"NULL":                 setNull,
	"EXTENSION":            setExtension,
	"PARTITION BY":         setPartitions,
	"INCLUDE":              flag(func(o *options) *bool { return &o.include }),
	"PARALLEL":             setParallel,
	"HEADER":               flag(func(o *options) *bool { return &o.header }),
	"ADDQUOTES":            flag(func(o *options) *bool { return &o.addQuotes }),
	"ESCAPE":               flag(func(o *options) *bool { return &o.escape }),
	"ALLOWOVERWRITE":       flag(func(o *options) *bool { return &o.allowOverwrite }),
	"CLEANPATH":            flag(func(o *options) *bool { return &o.cleanPath }),
	"MANIFEST":             setManifest,
	"MAXFILESIZE":          setMaxSize,
	"ROWGROUPSIZE":         setRowGroup,
	"ENCRYPTED":            accepted,
	"KMS_KEY_ID":           setKey,
	"MASTER_SYMMETRIC_KEY": refuseClientSide,
	"REGION":               valued,
	"IAM_ROLE":             valued,
	"CREDENTIALS":          setCredentials,
	"ACCESS_KEY_ID":        valued,
	"SECRET_ACCESS_KEY":    valued,
	"SESSION_TOKEN":        valued,
}

func invalid(p syntax.Option, format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode("42601").At(p.Position)
}

func none(p syntax.Option) error {
	if len(p.Values) > 0 {
		return invalid(p, "%s takes no value", p.Name)
	}
	return nil
}

// single returns the one value of a parameter.
func single(p syntax.Option) (string, error) {
	if len(p.Values) != 1 {
		return "", invalid(p, "%s needs a value", p.Name)
	}
	return p.Values[0], nil
}

func setDelimiter(o *options, p syntax.Option) error {
	text, err := single(p)
	if err != nil {
		return err
	}
	switch {
	case len(text) != 1 || text[0] > 127:
		return invalid(p, "DELIMITER must be a single ASCII character")
	case text[0] == '\n' || text[0] == '\r':
		return invalid(p, "DELIMITER must not be a line end")
	}
	o.delimiter = text[0]
	return nil
}

func setWidths(o *options, p syntax.Option) error {
	o.format = fixedWidth
	text, err := single(p)
	if err != nil {
		return err
	}
	for pair := range strings.SplitSeq(text, ",") {
		_, width, ok := strings.Cut(pair, ":")
		n, err := strconv.Atoi(strings.TrimSpace(width))
		if !ok || err != nil || n <= 0 {
			return invalid(p, "FIXEDWIDTH needs pairs of a label and a width, not %q", pair)
		}
		o.widths = append(o.widths, n)
	}
	return nil
}

func setCodec(o *options, p syntax.Option) error {
	if o.codec != "" {
		return invalid(p, "conflicting or redundant options: %s and %s", o.codec, p.Name)
	}
	o.codec = p.Name
	return none(p)
}

func setNull(o *options, p syntax.Option) (err error) {
	o.nullAs, err = single(p)
	return err
}

func setExtension(o *options, p syntax.Option) error {
	text, err := single(p)
	if err == nil && text != "" && text[0] != '.' {
		text = "." + text
	}
	o.extension = text
	return err
}

func setPartitions(o *options, p syntax.Option) error {
	for _, name := range p.Values {
		for _, other := range o.partitions {
			if name == other {
				return invalid(p, "PARTITION BY names the column %q twice", name)
			}
		}
		o.partitions = append(o.partitions, name)
	}
	if len(o.partitions) == 0 {
		return invalid(p, "PARTITION BY needs columns in parentheses")
	}
	return nil
}

func setParallel(o *options, p syntax.Option) error {
	if len(p.Values) == 0 {
		return nil
	}
	word := strings.ToUpper(p.Values[0])
	if o.parallel = word == "ON" || word == "TRUE"; !o.parallel && word != "OFF" && word != "FALSE" {
		return invalid(p, "PARALLEL is ON or OFF, not %q", p.Values[0])
	}
	return nil
}

func setManifest(o *options, p syntax.Option) error {
	o.manifest, o.verbose = true, len(p.Values) > 0
	if o.verbose && !strings.EqualFold(p.Values[0], "VERBOSE") {
		return invalid(p, "MANIFEST has %q where VERBOSE is expected", p.Values[0])
	}
	return nil
}

// size reads a number with its unit, MB unless it is named, as bytes.
func size(p syntax.Option) (int64, error) {
	if len(p.Values) == 0 {
		return 0, invalid(p, "%s needs a size", p.Name)
	}
	n, err := strconv.ParseFloat(p.Values[0], 64)
	if err != nil {
		return 0, invalid(p, "%s needs a number, not %q", p.Name, p.Values[0])
	}
	if len(p.Values) > 1 && p.Values[1] == "GB" {
		n *= 1000
	}
	return int64(n * megabyte), nil
}

func setMaxSize(o *options, p syntax.Option) (err error) {
	if o.maxSize, err = size(p); err == nil && (o.maxSize < 5*megabyte || o.maxSize > defaultSize) {
		err = invalid(p, "MAXFILESIZE must be between 5 MB and 6.2 GB")
	}
	return err
}

func setRowGroup(o *options, p syntax.Option) (err error) {
	if o.rowGroup, err = size(p); err == nil && (o.rowGroup < rowGroupUnit || o.rowGroup > 128*megabyte || o.rowGroup%megabyte != 0) {
		err = invalid(p, "ROWGROUPSIZE must be a whole number between 32 MB and 128 MB")
	}
	return err
}

func setKey(o *options, p syntax.Option) (err error) {
	o.kmsKey, err = single(p)
	return err
}

// setCredentials refuses the one part of the credentials that is no credential.
func setCredentials(o *options, p syntax.Option) error {
	symmetric, err := p.CheckCredentials()
	if symmetric {
		return refuseClientSide(o, p)
	}
	return err
}

func refuseClientSide(_ *options, p syntax.Option) error {
	return fault.New(fault.Unsupported, "client-side encryption (MASTER_SYMMETRIC_KEY) is not supported").WithCode("0A000").At(p.Position)
}
