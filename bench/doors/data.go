package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

const objectSize = 512 << 20

// objects puts a large object into a folder bucket and gets it, over one connection, beside a plain copy of a file and a
// plain transfer over the loopback.
func objects(s *server, _ time.Duration) error {
	const name = "/bench/large.bin"
	gigabytes := func(took time.Duration) float64 { return objectSize / 1e9 / took.Seconds() }
	var put, get, raw []time.Duration
	for range 3 {
		for _, m := range []struct {
			into *[]time.Duration
			run  func() error
		}{
			{&put, func() error { return s.putObject(name) }},
			{&get, func() error { return s.getObject(name) }},
			{&raw, func() error { return transfer(filepath.Join(s.folder, "objects", "large.bin")) }},
		} {
			begin := time.Now()
			if err := m.run(); err != nil {
				return err
			}
			*m.into = append(*m.into, time.Since(begin))
		}
	}
	report("the same file over a bare TCP connection (sendfile)", gigabytes(median(raw)), "GB/s")
	report("GetObject of 512 MB, median of 3", gigabytes(median(get)), "GB/s")
	report("PutObject of 512 MB, median of 3", gigabytes(median(put)), "GB/s")
	return nil
}

// zeros is an endless body without cost.
type zeros struct{}

// Read fills p.
func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func (s *server) putObject(name string) error {
	r, err := http.NewRequest(http.MethodPut, "http://"+s.address+name, io.LimitReader(zeros{}, objectSize))
	if err != nil {
		return err
	}
	r.ContentLength = objectSize
	response, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("PutObject: %s", response.Status)
	}
	return nil
}

// getObject reads the answer into the same buffer again and again: a client that keeps nothing.
func (s *server) getObject(name string) error {
	connection, err := net.Dial("tcp", s.address)
	if err != nil {
		return err
	}
	defer connection.Close()
	if _, err := fmt.Fprintf(connection, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", name); err != nil {
		return err
	}
	return drain(connection)
}

func drain(connection net.Conn) error {
	reader := bufio.NewReaderSize(connection, 1<<20)
	n, err := io.Copy(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{reader})
	if err == nil && n < objectSize {
		err = fmt.Errorf("%d bytes", n)
	}
	return err
}

// transfer sends a file from one end of a connection to the other.
func transfer(name string) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	sent := make(chan error, 1)
	go func() {
		sent <- func() error {
			connection, err := listener.Accept()
			if err != nil {
				return err
			}
			defer connection.Close()
			file, err := os.Open(name)
			if err != nil {
				return err
			}
			defer file.Close()
			_, err = io.Copy(connection, file)
			return err
		}()
	}()
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		return err
	}
	defer connection.Close()
	return errors.Join(drain(connection), <-sent)
}

func (s *server) connect() (*pgconn.PgConn, error) {
	return pgconn.Connect(context.Background(), "postgres://awsuser@"+s.postgres+"/dev?sslmode=disable")
}

func selects(s *server, span time.Duration) error {
	connection, err := s.connect()
	if err != nil {
		return err
	}
	defer connection.Close(context.Background())
	var took []time.Duration
	for begin := time.Now(); time.Since(begin) < span; {
		one := time.Now()
		if _, err := connection.Exec(context.Background(), "select 1").ReadAll(); err != nil {
			return err
		}
		took = append(took, time.Since(one))
	}
	report("select 1 over the PostgreSQL port, median", float64(median(took).Microseconds())/1000, "ms")
	return nil
}

// rows reads a million rows of four columns.
func rows(s *server, _ time.Duration) error {
	connection, err := s.connect()
	if err != nil {
		return err
	}
	defer connection.Close(context.Background())
	const million = 1_000_000
	make := `create table bench (i bigint, t varchar(32), d date, n numeric(10,2));
		insert into bench select i, 'row ' || i, date '2024-01-01' + (i % 365)::int, i / 100.0 from generate_series(1, 1000000) as g(i)`
	if _, err := connection.Exec(context.Background(), make).ReadAll(); err != nil {
		return err
	}
	var took []time.Duration
	for range 3 {
		begin, n := time.Now(), 0
		result := connection.ExecParams(context.Background(), "select i, t, d, n from bench", nil, nil, nil, nil)
		for result.NextRow() {
			n++
		}
		if _, err := result.Close(); err != nil || n != million {
			return fmt.Errorf("%d rows: %w", n, err)
		}
		took = append(took, time.Since(begin))
	}
	report("rows of four columns over the PostgreSQL port, median of 3", million/median(took).Seconds(), "rows/s")
	return nil
}
