package load

import (
	"slices"
	"strconv"
	"strings"
)

func setFormat(f format) setter {
	return func(o *options, p parameter) error {
		o.format = f
		return p.none()
	}
}

func setDelimiter(o *options, p parameter) (err error) {
	o.delimiter, err = p.character("DELIMITER")
	return err
}

func setQuote(o *options, p parameter) (err error) {
	o.quote, err = p.character("QUOTE")
	return err
}

// character returns a value that must be one ASCII character.
func (p parameter) character(what string) (byte, error) {
	text := p.text()
	if len(text) != 1 || text[0] >= 0x80 || text[0] == '\n' || text[0] == '\r' {
		return 0, p.refuse("COPY %s must be a single ASCII character", strings.ToLower(what))
	}
	return text[0], nil
}

func setCodec(o *options, p parameter) error {
	o.codec = p.Name
	return p.none()
}

// setWidths reads 'label:width,label:width'.
func setWidths(o *options, p parameter) error {
	o.format = fixedWidth
	for _, item := range strings.Split(p.text(), ",") {
		colon := strings.LastIndexByte(item, ':')
		width, err := strconv.Atoi(strings.TrimSpace(item[colon+1:]))
		if colon < 0 || err != nil || width <= 0 {
			return p.refuse("FIXEDWIDTH has %q where label:width is expected", item)
		}
		o.widths = append(o.widths, width)
	}
	return nil
}

func setNull(o *options, p parameter) error {
	o.nullAs = p.text()
	if strings.Contains(o.nullAs, "\n") {
		return p.refuse("NULL AS may not contain a line end")
	}
	return nil
}

func setDateFormat(o *options, p parameter) (err error) {
	o.dateFormat, err = p.pattern()
	return err
}

func setTimeFormat(o *options, p parameter) (err error) {
	switch p.text() {
	case "epochsecs":
		o.epoch = 1
	case "epochmillisecs":
		o.epoch = 1000
	default:
		o.timeFormat, err = p.pattern()
	}
	return err
}

func (p parameter) pattern() (*pattern, error) {
	text := p.text()
	if text == "auto" {
		return automatic, nil
	}
	compiled, err := compile(text)
	if err != nil {
		return nil, p.refuse("%s %q: %s", p.Name, text, err.Error())
	}
	return compiled, nil
}

// encodings are the names of ENCODING, without hyphens and underscores; UTF8 needs no decoding.
var encodings = map[string]string{"UTF8": "", "UTF16": "UTF16", "UTF16LE": "UTF16LE", "UTF16BE": "UTF16BE", "ISO88591": "ISO88591"}

func setEncoding(o *options, p parameter) (err error) {
	if len(p.Values) != 1 {
		return p.refuse("ENCODING needs one of UTF8, UTF16, UTF16LE, UTF16BE, ISO88591")
	}
	name := strings.NewReplacer("-", "", "_", "").Replace(strings.ToUpper(p.Values[0]))
	encoding, ok := encodings[name]
	if !ok {
		return p.refuse("ENCODING %s is none of UTF8, UTF16, UTF16LE, UTF16BE, ISO88591", p.Values[0])
	}
	o.encoding = encoding
	return nil
}

// setJSON reads the argument of JSON and AVRO: 'auto', 'auto ignorecase', 'noshred' or the address of a JSONPaths file.
func setJSON(f format) setter {
	return func(o *options, p parameter) error {
		o.format = f
		if len(p.Values) == 0 {
			return nil
		}
		switch argument := p.Values[0]; {
		case argument == "auto":
		case argument == "auto ignorecase":
			o.ignoreCase = true
		case argument == "noshred" && f == jsonFormat:
			o.noShred = true
		default:
			file, ok := parseSource(argument)
			if !ok || file.Key == "" {
				return p.refuse("%s %q is neither 'auto', 'auto ignorecase' nor the address s3://bucket/key of a JSONPaths file", p.Name, argument)
			}
			o.pathsFile = &file
		}
		return nil
	}
}

func setCredentials(_ *options, p parameter) error {
	symmetric, err := p.CheckCredentials()
	if symmetric {
		return unsupported(p, refused["ENCRYPTED"])
	}
	return err
}

func setCompRows(_ *options, p parameter) error {
	_, err := p.number(1000, 1<<31-1)
	return err
}

func (p parameter) number(low, high int64) (int64, error) {
	if len(p.Values) != 1 {
		return 0, p.refuse("%s needs a number", p.Name)
	}
	n, err := strconv.ParseInt(p.Values[0], 10, 64)
	if err != nil || n < low || n > high {
		return 0, p.refuse("%s is %s; it must be a number from %d to %d", p.Name, p.Values[0], low, high)
	}
	return n, nil
}

// setMaxErrors: the COPY fails at n errors; 0 means the same as 1.
func setMaxErrors(o *options, p parameter) error {
	n, err := p.number(0, 100000)
	o.maxErrors = max(n, 1)
	return err
}

func setIgnoreErrors(o *options, p parameter) error {
	o.maxErrors = 1 << 62
	return p.none()
}

// setUpdate reads COMPUPDATE or STATUPDATE, which change nothing here: tables have no encodings, and DuckDB keeps statistics.
func setUpdate(words ...string) setter {
	return func(_ *options, p parameter) error {
		if len(p.Values) > 0 && !slices.Contains(words, strings.ToUpper(p.Values[0])) {
			return p.refuse("%s is %s, not %q", p.Name, strings.Join(words, ", "), p.Values[0])
		}
		return nil
	}
}

func setHeaders(o *options, p parameter) (err error) {
	o.headers, err = p.number(0, 1<<31-1)
	return err
}

func setReplacement(o *options, p parameter) (err error) {
	o.replacement = '?'
	if len(p.Values) == 0 {
		return nil
	}
	o.replacement, err = p.character("ACCEPTINVCHARS")
	return err
}
