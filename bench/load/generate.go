package main

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// columns is a table of sales: ten whole numbers, a text, a date and eleven amounts.
const columns = `sold_date integer, sold_time integer, item integer, customer integer, demographics integer, household integer, address integer,
	store integer, promotion integer, ticket bigint, channel varchar(20), shipped date, quantity decimal(7,2), wholesale decimal(7,2),
	list_price decimal(7,2), sales_price decimal(7,2), discount decimal(7,2), ext_sales decimal(7,2), ext_wholesale decimal(7,2),
	ext_list decimal(7,2), tax decimal(7,2), paid decimal(7,2), profit decimal(7,2)`

var channels = []string{"store", "catalog", "web, mobile", "a partner's shop"}

// generate writes the files and returns how many bytes they have unpacked.
func generate(folder, codec string, rows, files int) (size int64, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return 0, err
	}
	random := rand.New(rand.NewPCG(1, 2))
	for f := range files {
		n, err := generateFile(filepath.Join(folder, fmt.Sprintf("part-%04d", f)), codec, rows/files, random)
		if err != nil {
			return 0, err
		}
		size += n
	}
	return size, nil
}

func generateFile(path, codec string, rows int, random *rand.Rand) (size int64, err error) {
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	packed, err := pack(codec, file)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(packed, 1<<16)
	var line []byte
	for row := range rows {
		line = appendRow(line[:0], row, random)
		size += int64(len(line))
		if _, err := out.Write(line); err != nil {
			return 0, err
		}
	}
	for _, end := range []func() error{out.Flush, packed.Close, file.Close} {
		if err := end(); err != nil {
			return 0, err
		}
	}
	return size, nil
}

type open struct{ io.Writer }

func (open) Close() error { return nil }

func pack(codec string, w io.Writer) (io.WriteCloser, error) {
	switch codec {
	case "plain":
		return open{w}, nil
	case "gzip":
		return gzip.NewWriter(w), nil
	case "zstd":
		return zstd.NewWriter(w)
	}
	return nil, fmt.Errorf("there is no codec %q", codec)
}

func appendRow(line []byte, row int, random *rand.Rand) []byte {
	for _, most := range []int{2_500_000, 86_400, 18_000, 100_000, 1_920_800, 7_200, 50_000, 12, 300} {
		if random.IntN(25) > 0 {
			line = strconv.AppendInt(line, int64(random.IntN(most)), 10)
		}
		line = append(line, '|')
	}
	line = append(strconv.AppendInt(line, int64(row/10), 10), '|')
	line = append(line, channels[random.IntN(len(channels))]...)
	line = fmt.Appendf(line, "|20%02d-%02d-%02d", random.IntN(30), 1+random.IntN(12), 1+random.IntN(28))
	for range 11 {
		line = append(line, '|')
		if random.IntN(25) > 0 {
			line = fmt.Appendf(line, "%d.%02d", random.IntN(2000)-100, random.IntN(100))
		}
	}
	return append(line, '\n')
}
