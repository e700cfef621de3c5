package main

import (
	"bufio"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// generator writes files until the first error.
type generator struct {
	folder  string
	persons int // customer demographics
	random  *rand.Rand
	err     error
}

// file writes one gzip file of lines.
func (g *generator) file(name string, write func(l *line)) {
	if g.err != nil {
		return
	}
	path := filepath.Join(g.folder, name+".gz")
	if g.err = os.MkdirAll(filepath.Dir(path), 0o755); g.err != nil {
		return
	}
	f, err := os.Create(path)
	if err != nil {
		g.err = err
		return
	}
	packed, _ := gzip.NewWriterLevel(f, gzip.BestSpeed)
	buffered := bufio.NewWriterSize(packed, 1<<16)
	write(&line{to: buffered})
	for _, end := range []func() error{buffered.Flush, packed.Close, f.Close} {
		if err := end(); err != nil && g.err == nil {
			g.err = err
		}
	}
}

func (g *generator) pick(from []string) string { return from[g.random.IntN(len(from))] }

// line collects the fields of one line. Errors are the buffered writer's, which keeps them for its Flush.
type line struct {
	to  io.Writer
	now []byte
}

func (l *line) text(s string) *line {
	l.now = append(append(l.now, s...), '~')
	return l
}

func (l *line) number(n int) *line {
	l.now = append(strconv.AppendInt(l.now, int64(n), 10), '~')
	return l
}

// cents writes an amount of money with two decimals.
func (l *line) cents(n int) *line {
	if n < 0 {
		l.now, n = append(l.now, '-'), -n
	}
	l.now = append(strconv.AppendInt(l.now, int64(n/100), 10), '.', byte('0'+n/10%10), byte('0'+n%10), '~')
	return l
}

func (l *line) end() {
	l.now[len(l.now)-1] = '\n'
	_, _ = l.to.Write(l.now)
	l.now = l.now[:0]
}

// identity is a business key of 16 characters.
func identity(kind byte, key int) string {
	id := [16]byte{0: kind}
	for n := 15; n > 0; n-- {
		id[n] = byte('0' + key%10)
		key /= 10
	}
	return string(id[:])
}
