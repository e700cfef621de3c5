package load

import (
	"bytes"
	"errors"
	"io"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// errEncoding says that a file is not of the ENCODING that the COPY names.
var errEncoding = errors.New("the file is not in the encoding that ENCODING names")

// decoded reads the text of a file as UTF-8. UTF16 asks for a byte order mark; one of UTF-8 is passed.
func decoded(encoding string, r io.Reader) (io.Reader, error) {
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), r)
	if err == io.EOF {
		return whole, nil
	}
	big, little := bytes.HasPrefix(head, []byte{0xfe, 0xff}), bytes.HasPrefix(head, []byte{0xff, 0xfe})
	order := unicode.LittleEndian
	switch encoding {
	case "ISO88591":
		return transform.NewReader(whole, charmap.ISO8859_1.NewDecoder()), nil
	case "UTF16LE", "UTF16BE", "UTF16":
		if big {
			order = unicode.BigEndian
		}
		if encoding == "UTF16" && !big && !little || encoding == "UTF16LE" && big || encoding == "UTF16BE" && little {
			return nil, errEncoding
		}
		if encoding == "UTF16BE" {
			order = unicode.BigEndian
		}
		return transform.NewReader(whole, unicode.UTF16(order, unicode.UseBOM).NewDecoder()), nil
	}
	if big || little {
		return nil, errEncoding
	}
	if bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		return r, nil
	}
	return whole, nil
}
