package item

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/stepwell/stepwell/value"
)

// Lines yields the values of a file that has one in each line. It ends behind the first error.
func Lines(file io.Reader) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		lines := bufio.NewScanner(file)
		lines.Buffer(make([]byte, 64<<10), maxItem)
		for number := 1; lines.Scan(); number++ {
			text := bytes.TrimSpace(lines.Bytes())
			if len(text) == 0 {
				continue
			}
			v, err := compact(text)
			if err != nil {
				err = fmt.Errorf("Line %d is not JSON: %w", number, err)
			}
			if !yield(Item{Value: v}, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
			yield(Item{}, tooLong())
		} else if err != nil {
			yield(Item{}, err)
		}
	}
}

// JSON yields the elements of an array in a file. pointer, a JSON pointer, leads to the array, or to an object, whose members are the
// items then; empty, the array is the whole file. It ends behind the first error.
func JSON(file io.Reader, pointer string) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		f := &jsonFile{source: &guarded{r: file, left: maxItem}}
		f.decoder = json.NewDecoder(f.source)
		open, err := f.follow(pointer)
		for err == nil && f.decoder.More() {
			var item Item
			if item, err = f.item(open); err == nil && !yield(item, nil) {
				return
			}
		}
		if err == nil {
			_, err = f.decoder.Token() // the closing bracket, which a truncated file does not have
		}
		if err != nil {
			yield(Item{}, damaged(err, f.decoder.InputOffset()))
		}
	}
}

// damaged words an error of the decoder, which is good as far as an offset; those of ours are sentences already.
func damaged(err error, good int64) error {
	var syntax *json.SyntaxError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("The JSON file ends early.")
	}
	if errors.As(err, &syntax) {
		return fmt.Errorf("The file is not JSON behind byte %d: %w.", good, syntax)
	}
	return err
}

type jsonFile struct {
	source  *guarded
	decoder *json.Decoder
}

// guarded ends a file in which one item takes too long.
type guarded struct {
	r    io.Reader
	left int
}

func (g *guarded) Read(p []byte) (int, error) {
	if g.left <= 0 {
		return 0, tooLong()
	}
	n, err := g.r.Read(p)
	g.left -= n
	return n, err
}

var errNotIterable = errors.New("Attempting to map over non-iterable node.")

// follow goes to what the pointer names and returns the bracket that opens it.
func (f *jsonFile) follow(pointer string) (json.Delim, error) {
	token, err := f.decoder.Token()
	for _, step := range steps(pointer) {
		if err == nil {
			token, err = f.enter(token, step)
		}
	}
	if err != nil {
		return 0, err
	}
	open, _ := token.(json.Delim)
	if open != '[' && (open != '{' || pointer == "") {
		return 0, errNotIterable
	}
	return open, nil
}

func steps(pointer string) []string {
	if pointer == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, part := range parts {
		parts[i] = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
	}
	return parts
}

// enter goes to a member or an element of what the token opens, and returns the token that it begins with.
func (f *jsonFile) enter(open json.Token, step string) (json.Token, error) {
	for i := 0; (open == json.Delim('{') || open == json.Delim('[')) && f.decoder.More(); i++ {
		name := strconv.Itoa(i)
		if open == json.Delim('{') {
			key, err := f.decoder.Token()
			if err != nil {
				return nil, err
			}
			name, _ = key.(string)
		}
		if name == step {
			return f.decoder.Token()
		}
		if err := f.skip(); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("The ItemsPointer leads nowhere: there is no %q.", step)
}

// skip passes over a value without keeping it.
func (f *jsonFile) skip() error {
	for depth := 0; ; {
		f.source.left = maxItem
		token, err := f.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}

func (f *jsonFile) item(open json.Delim) (Item, error) {
	f.source.left = maxItem
	var key json.Token
	if open == '{' {
		var err error
		if key, err = f.decoder.Token(); err != nil {
			return Item{}, err
		}
	}
	var text json.RawMessage
	if err := f.decoder.Decode(&text); err != nil {
		return Item{}, err
	}
	v, err := compact(text)
	if name, ok := key.(string); ok {
		return pair(value.Member{Key: name, Value: v}), err
	}
	return Item{Value: v}, err
}

// compact reads a JSON text as Step Functions hands it on: without spaces.
func compact(text []byte) (value.Value, error) {
	var short bytes.Buffer
	if err := json.Compact(&short, text); err != nil {
		return value.Value{}, err
	}
	return value.Parse(short.String())
}
