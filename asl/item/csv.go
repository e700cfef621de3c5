package item

import (
	"bufio"
	"errors"
	"io"
	"iter"
	"slices"
	"unicode/utf16"

	"github.com/stepwell/stepwell/value"
)

// CSVOptions says how a CSV file is written.
type CSVOptions struct {
	Delimiter byte     // 0: a comma
	Headers   []string // nil: they are the first row
}

// maxHeader is how many bytes a header row may have.
const maxHeader = 10 << 10

// CSV yields the rows of a file, each an object of texts by their headers: too few fields are empty, more are dropped. It ends behind
// the first error.
func CSV(file io.Reader, options CSVOptions) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		rows := &csvRows{r: bufio.NewReaderSize(file, 64<<10), delimiter: options.Delimiter}
		if rows.delimiter == 0 {
			rows.delimiter = ','
		}
		rows.skipMark()
		headers, err := rows.headers(options.Headers)
		if err != nil {
			yield(Item{}, err)
			return
		}
		columns := hashOrder(headers)
		for {
			fields, err := rows.next(maxItem)
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Item{}, err)
				return
			}
			if !yield(Item{Value: row(headers, columns, fields)}, nil) {
				return
			}
		}
	}
}

func row(headers []string, columns []int, fields []string) value.Value {
	members := make([]value.Member, len(headers))
	for i, column := range columns {
		text := ""
		if column < len(fields) {
			text = fields[column]
		}
		members[i] = value.Member{Key: headers[column], Value: value.OfString(text)}
	}
	return value.OfMembers(members...)
}

// csvRows takes a file apart into rows. Outside and inside of quotes a backslash stands before a backslash, a quote or a delimiter; before
// anything else it is dropped.
type csvRows struct {
	r         *bufio.Reader
	delimiter byte
	field     []byte
	fields    []string
	size      int // bytes of the row so far
}

// skipMark skips the byte order mark of UTF-8.
func (c *csvRows) skipMark() {
	if mark, _ := c.r.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = c.r.Discard(3)
	}
}

func (c *csvRows) headers(given []string) ([]string, error) {
	if given == nil {
		first, err := c.next(maxHeader)
		switch {
		case err == io.EOF:
			return nil, errors.New("The CSV file has no header row.")
		case errors.Is(err, errLongRow):
			return nil, errors.New("The CSV headers are longer than 10 KiB.")
		case err != nil:
			return nil, err
		}
		given = slices.Clone(first)
	}
	sorted := slices.Sorted(slices.Values(given))
	if len(slices.Compact(sorted)) < len(given) {
		return nil, errors.New("CSV headers cannot contain duplicates.")
	}
	return given, nil
}

var errLongRow = tooLong()

// next returns the fields of the next row that is not empty, until the call after. The error is io.EOF behind the last one.
func (c *csvRows) next(limit int) ([]string, error) {
	for {
		c.fields, c.field, c.size = c.fields[:0], c.field[:0], 0
		err := c.row(limit)
		empty := len(c.fields) == 1 && c.fields[0] == "" && c.size == 0
		if err != nil || !empty {
			return c.fields, err
		}
	}
}

// row reads one row into fields. size counts its bytes, quotes included, so that a row of two quotes is not empty.
func (c *csvRows) row(limit int) error {
	quoted := false
	for {
		b, err := c.r.ReadByte()
		switch {
		case err == io.EOF && quoted:
			return errors.New("The CSV file ends inside of quotes.")
		case err == io.EOF && c.size == 0:
			return io.EOF
		case err == io.EOF:
			c.end()
			return nil
		case err != nil:
			return err
		case b == '\n' && !quoted:
			c.end()
			return nil
		case b == '\r' && !quoted && c.lineEnds():
			continue
		}
		if c.size++; c.size > limit {
			return errLongRow
		}
		switch {
		case b == '"' && quoted && c.peek() == '"':
			_, _ = c.r.ReadByte()
			c.field = append(c.field, '"')
		case b == '"' && (quoted || len(c.field) == 0):
			quoted = !quoted
		case b == '\\':
			c.escape()
		case b == c.delimiter && !quoted:
			c.end()
		default:
			c.field = append(c.field, b)
		}
	}
}

func (c *csvRows) end() {
	c.fields = append(c.fields, string(c.field))
	c.field = c.field[:0]
}

func (c *csvRows) peek() byte {
	next, _ := c.r.Peek(1)
	if len(next) == 0 {
		return 0
	}
	return next[0]
}

func (c *csvRows) lineEnds() bool { return c.peek() == '\n' }

func (c *csvRows) escape() {
	if next := c.peek(); next == '\\' || next == '"' || next == c.delimiter {
		_, _ = c.r.ReadByte()
		c.field = append(c.field, next)
	}
}

// hashOrder is the order in which Step Functions writes the columns: that of a hash table of Java's, which shows in recorded outputs.
func hashOrder(headers []string) []int {
	size := uint32(16)
	for len(headers) > int(size)*3/4 {
		size *= 2
	}
	columns := make([]int, len(headers))
	for i := range columns {
		columns[i] = i
	}
	slices.SortStableFunc(columns, func(a, b int) int {
		return int(bucketOf(headers[a], size)) - int(bucketOf(headers[b], size))
	})
	return columns
}

func bucketOf(text string, size uint32) uint32 {
	var hash uint32
	for _, unit := range utf16.Encode([]rune(text)) {
		hash = hash*31 + uint32(unit)
	}
	return (hash ^ hash>>16) & (size - 1)
}
