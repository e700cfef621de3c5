package redshiftdata

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/klauspost/compress/gzip"

	"github.com/stepwell/stepwell/fault"
)

// pageID names a page of the result of a statement or part.
func pageID(id string, number int) string { return fmt.Sprintf("%s/%06d", id, number) }

// pack makes rows a page as it is kept.
func pack(rows [][]field) ([]byte, error) {
	var body bytes.Buffer
	w, err := gzip.NewWriterLevel(&body, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(w).Encode(rows); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

func unpack(body []byte) ([][]field, error) {
	r, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	var rows [][]field
	err = json.NewDecoder(r).Decode(&rows)
	return rows, err
}

func (s *Service) page(ctx context.Context, id string) ([][]field, error) {
	body, ok, err := s.records.Get(ctx, pageKind, id)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, missing(id, "Query result does not exist.")
	}
	rows, err := unpack(body)
	if err != nil {
		return nil, fault.New(fault.Internal, "read page %s of a result", id).Because(err)
	}
	return rows, nil
}
