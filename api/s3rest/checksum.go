package s3rest

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"
	"strings"
)

// checksums are the sums that a writer may give with an object, by the end of the header's name.
var checksums = map[string]func() hash.Hash{
	"Crc32":     func() hash.Hash { return crc32.NewIEEE() },
	"Crc32c":    func() hash.Hash { return crc32.New(crc32.MakeTable(crc32.Castagnoli)) },
	"Crc64nvme": func() hash.Hash { return crc64.New(nvme) },
	"Sha1":      sha1.New,
	"Sha256":    sha256.New,
}

// nvme is the polynomial of CRC-64/NVME, reversed.
var nvme = crc64.MakeTable(0x9a6c9329ac4bc9b5)

const checksumPrefix = "X-Amz-Checksum-"

// body is the request's body, held against the sums that came with it: in headers, or behind the body.
func (q *request) body() (io.Reader, error) {
	body, err := q.withMD5(q.Body)
	if err != nil {
		return nil, err
	}
	for name, sum := range checksums {
		header := checksumPrefix + name
		announced := strings.EqualFold(q.Header.Get("X-Amz-Trailer"), header)
		if q.Header.Get(header) == "" && !announced {
			continue
		}
		body = &summed{from: body, sum: sum(), fits: func(got string) error {
			want := q.Header.Get(header)
			if announced {
				want = q.Trailer.Get(header)
			}
			if got != want {
				return refuse("BadDigest", "The %s you specified did not match the calculated checksum.", strings.ToUpper(name))
			}
			q.w.Header().Set(header, got)
			q.w.Header().Set(checksumPrefix+"Type", "FULL_OBJECT")
			return nil
		}}
	}
	return body, nil
}

func (q *request) withMD5(body io.Reader) (io.Reader, error) {
	given := q.Header.Get("Content-Md5")
	if given == "" {
		return body, nil
	}
	if want, err := base64.StdEncoding.DecodeString(given); err != nil || len(want) != md5.Size {
		return nil, refuse("InvalidDigest", "The Content-MD5 you specified is not valid.")
	}
	return &summed{from: body, sum: md5.New(), fits: func(got string) error {
		if got != given {
			return refuse("BadDigest", "The Content-MD5 you specified did not match what we received.")
		}
		return nil
	}}, nil
}

// summed reads a body whose sum was announced.
type summed struct {
	from io.Reader
	sum  hash.Hash
	fits func(got string) error // the sum in base64
}

// Read ends with BadDigest where the body ends with another sum.
func (s *summed) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.sum.Write(p[:n])
	if err == io.EOF {
		if bad := s.fits(base64.StdEncoding.EncodeToString(s.sum.Sum(nil))); bad != nil {
			err = bad
		}
	}
	return n, err
}
