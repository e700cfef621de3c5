package load

import (
	"slices"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/redshift/syntax"
)

// exclusions says which parameters a parameter excludes.
var exclusions = []struct {
	name string
	not  []string
}{
	{"CSV", []string{"FIXEDWIDTH", "REMOVEQUOTES", "ESCAPE"}},
	{"FIXEDWIDTH", []string{"DELIMITER", "ESCAPE", "REMOVEQUOTES"}},
	{"JSON", append([]string{"AVRO"}, notJSON...)},
	{"AVRO", append([]string{"GZIP", "LZOP", "BZIP2", "ZSTD", "ENCODING", "IGNOREHEADER"}, notJSON...)},
	{"IGNOREALLERRORS", []string{"MAXERROR"}},
	{"GZIP", []string{"LZOP", "BZIP2", "ZSTD"}},
	{"LZOP", []string{"BZIP2", "ZSTD"}},
	{"BZIP2", []string{"ZSTD"}},
	{"IAM_ROLE", []string{"CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"}},
	{"CREDENTIALS", []string{"ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"}},
}

var notJSON = []string{"CSV", "DELIMITER", "ESCAPE", "FILLRECORD", "FIXEDWIDTH", "IGNOREBLANKLINES", "NULL", "REMOVEQUOTES", "PARQUET"}

// withParquet are the only parameters that PARQUET goes together with.
var withParquet = []string{"PARQUET", "IAM_ROLE", "CREDENTIALS", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "MANIFEST", "STATUPDATE",
	"ACCEPTINVCHARS", "FILLRECORD", "EXPLICIT_IDS", "REGION", "SERIALIZETOJSON"}

// check refuses parameters that contradict each other, and puts in what they leave open.
func (o *options) check(c *syntax.Copy) error {
	given := map[string]parameter{}
	for _, option := range c.Options {
		given[option.Name] = parameter{Option: option}
	}
	if err := excluded(c, given); err != nil {
		return err
	}
	quote, quoted := given["QUOTE"]
	_, csv := given["CSV"]
	serialize, serialized := given["SERIALIZETOJSON"]
	switch {
	case quoted && !csv:
		return quote.refuse("QUOTE is supported with the CSV format only")
	case serialized && o.format != parquetFormat:
		return serialize.refuse("SERIALIZETOJSON is supported with columnar formats only")
	}
	if o.delimiter == 0 {
		o.delimiter = '|'
		if csv {
			o.delimiter = ','
		}
	}
	if csv && o.delimiter == o.quote {
		return given["CSV"].refuse("COPY delimiter and quote must be different")
	}
	return authorized(c, given)
}

func excluded(c *syntax.Copy, given map[string]parameter) error {
	for _, e := range exclusions {
		if _, ok := given[e.name]; !ok {
			continue
		}
		for _, name := range e.not {
			if other, ok := given[name]; ok {
				return other.refuse("%s option is not supported with %s", name, e.name)
			}
		}
	}
	if _, ok := given["PARQUET"]; ok {
		for _, option := range c.Options {
			if !slices.Contains(withParquet, option.Name) {
				return parameter{Option: option}.refuse("%s argument is not supported for PARQUET based COPY", option.Name)
			}
		}
	}
	return nil
}

func authorized(c *syntax.Copy, given map[string]parameter) error {
	_, role := given["IAM_ROLE"]
	_, credentials := given["CREDENTIALS"]
	_, id := given["ACCESS_KEY_ID"]
	_, key := given["SECRET_ACCESS_KEY"]
	token, tokened := given["SESSION_TOKEN"]
	switch {
	case id != key:
		return fault.Invalidf("ACCESS_KEY_ID and SECRET_ACCESS_KEY belong together").WithCode("42601").At(c.Position)
	case tokened && !id:
		return token.refuse("SESSION_TOKEN belongs to ACCESS_KEY_ID and SECRET_ACCESS_KEY")
	case !role && !credentials && !id:
		return fault.Invalidf("must specify credentials").WithCode("42601").At(c.Position)
	}
	return nil
}
