package load

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"hash/adler32"
	"hash/crc32"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/stepwell/stepwell/redshift/syntax"
)

// text is long enough for several blocks and compresses well.
var text = strings.Repeat("1|The quick brown fox jumps over the lazy dog|2024-01-02\n", 3000)

// bzipped is "1|a\n2|b\n" written by the bzip2 program.
const bzipped = "425a6839314159265359a9fcf6da00000149800010300030000004200030c0069a6d01eaa2e177245385090a9fcf6da0"

func gzipped(t *testing.T, text string) string {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func zstandard(t *testing.T, text string) string {
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(z.EncodeAll([]byte(text), nil))
}

// lzopped writes the container with blocks of the given size. flags choose the checksums; literal blocks stand for
// compressed ones, in the LZO1X form of a stream without matches.
func lzopped(text string, flags uint32, block int, coded bool) string {
	var out bytes.Buffer
	out.Write(lzopMagic)
	var h bytes.Buffer
	write := func(values ...any) {
		for _, v := range values {
			binary.Write(&h, binary.BigEndian, v)
		}
	}
	write(uint16(0x1040), uint16(0x20a0), uint16(0x0940), uint8(1), uint8(5), flags)
	if flags&lzopFilter != 0 {
		write(uint32(1))
	}
	write(uint32(0o100644), uint32(0), uint32(0), uint8(3), []byte("a.t"))
	out.Write(h.Bytes())
	sum := adler32.Checksum(h.Bytes())
	if flags&lzopHeaderCRC != 0 {
		sum = crc32.ChecksumIEEE(h.Bytes())
	}
	binary.Write(&out, binary.BigEndian, sum)
	if flags&lzopExtra != 0 {
		out.Write([]byte{0, 0, 0, 2, 'x', 'y', 0, 0, 0, 0})
	}
	for start := 0; start < len(text); start += block {
		lzopBlockTo(&out, []byte(text[start:min(start+block, len(text))]), flags, coded)
	}
	out.Write([]byte{0, 0, 0, 0})
	return out.String()
}

func lzopBlockTo(out *bytes.Buffer, plain []byte, flags uint32, coded bool) {
	data := plain
	if coded {
		data = repeated(plain)
	}
	number := func(n uint32) { binary.Write(out, binary.BigEndian, n) }
	number(uint32(len(plain)))
	number(uint32(len(data)))
	for _, sum := range []struct {
		flag  uint32
		of    []byte
		only  bool
		value func([]byte) uint32
	}{{lzopAdlerPlain, plain, true, adler32.Checksum}, {lzopCRCPlain, plain, true, crc32.ChecksumIEEE},
		{lzopAdlerCoded, data, coded, adler32.Checksum}, {lzopCRCCoded, data, coded, crc32.ChecksumIEEE}} {
		if flags&sum.flag != 0 && sum.only {
			number(sum.value(sum.of))
		}
	}
	out.Write(data)
}

// repeated codes a block of one byte in LZO1X: four literals, a match of the rest at distance 1, the end mark.
func repeated(plain []byte) []byte {
	code := []byte{17 + 4, plain[0], plain[0], plain[0], plain[0], 0x20}
	rest := len(plain) - 4 - 33
	for rest > 255 {
		code = append(code, 0)
		rest -= 255
	}
	return append(code, byte(rest), 0, 0, 0x11, 0, 0)
}

func TestCodecs(t *testing.T) {
	bzip, err := hex.DecodeString(bzipped)
	if err != nil {
		t.Fatal(err)
	}
	same := strings.Repeat("x", 4000)
	for _, test := range []struct{ name, codec, coded, want string }{
		{"plain", "", text, text},
		{"gzip", "GZIP", gzipped(t, text), text},
		{"gzip of two members", "GZIP", gzipped(t, text) + gzipped(t, "more"), text + "more"},
		{"gzip of no bytes", "GZIP", "", ""},
		{"lzop of no bytes", "LZOP", "", ""},
		{"zstd", "ZSTD", zstandard(t, text), text},
		{"zstd of two frames", "ZSTD", zstandard(t, text) + zstandard(t, "more"), text + "more"},
		{"bzip2", "BZIP2", string(bzip), "1|a\n2|b\n"},
		{"lzop stored", "LZOP", lzopped(text, lzopAdlerPlain, 4096, false), text},
		{"lzop coded", "LZOP", lzopped(same, lzopAdlerPlain|lzopAdlerCoded, 4000, true), same},
		{"lzop with everything", "LZOP", lzopped(same, lzopHeaderCRC|lzopCRCPlain|lzopCRCCoded|lzopExtra|lzopFilter, 2000, true), same},
		{"lzop of two members", "LZOP", lzopped(text, 0, 9999, false) + lzopped("more", 0, 10, false), text + "more"},
	} {
		r, err := decompress(test.codec, strings.NewReader(test.coded))
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		got, err := io.ReadAll(r)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %d bytes, want %d; %v", test.name, len(got), len(test.want), err)
		}
	}
}

// TestBrokenFiles checks that a file of another codec, one cut off and one with a wrong byte fail the COPY by name.
func TestBrokenFiles(t *testing.T) {
	lzop := lzopped(text, lzopAdlerPlain, 4096, false)
	flipped := []byte(lzop)
	flipped[len(flipped)/2] ^= 1
	header := []byte(lzop)
	header[20] ^= 1
	for _, test := range []struct{ codec, body, want string }{
		{"GZIP", text, "s3://b/k: gzip: incorrect header check"},
		{"GZIP", gzipped(t, text)[:100], "s3://b/k: gzip: unexpected end of stream"},
		{"ZSTD", text, "s3://b/k: zstd: "},
		{"ZSTD", zstandard(t, text)[:50], "s3://b/k: zstd: "},
		{"BZIP2", text, "s3://b/k: bzip2: "},
		{"LZOP", text, "s3://b/k: lzop: incorrect header check"},
		{"LZOP", lzop[:5], "s3://b/k: lzop: unexpected end of stream"},
		{"LZOP", lzop[:30], "s3://b/k: lzop: unexpected end of stream"},
		{"LZOP", lzop[:5000], "s3://b/k: lzop: unexpected end of stream"},
		{"LZOP", string(flipped), "s3://b/k: lzop: incorrect data check"},
		{"LZOP", string(header), "s3://b/k: lzop: incorrect header checksum"},
	} {
		store := &memoryStore{objects: map[string]string{"k": test.body}}
		c := parse[*syntax.Copy](t, "COPY t FROM 's3://b/k' MAXERROR 1000 IAM_ROLE default FILLRECORD "+test.codec)
		plan, err := NewPlan(c, []syntax.Column{{Name: "a", Type: syntax.Type{Name: "character varying", Args: []int{9999}}},
			{Name: "b", Type: syntax.Type{Name: "character varying", Args: []int{9999}}}, {Name: "c", Type: syntax.Type{Name: "character varying", Args: []int{9999}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err = copyAll(context.Background(), plan, store, &memorySink{}); err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s of %d bytes: got %v, want %s", test.codec, len(test.body), err, test.want)
		}
	}
}
