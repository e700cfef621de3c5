package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stepwell/stepwell/api"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/bucket/dir"
)

func BenchmarkDescribe(b *testing.B) {
	s := open(b, api.Options{Services: tables(b)})
	body := `{"executionArn": "` + strings.Replace(nightly, "stateMachine", "execution", 1) + `:none"}`
	for b.Loop() {
		r, err := http.NewRequest("POST", s.url, strings.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("X-Amz-Target", "AWSStepFunctions.DescribeExecution")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

func BenchmarkStart(b *testing.B) {
	s := open(b, api.Options{Services: tables(b)})
	// Commits are shared by those who wait for one.
	b.SetParallelism(16)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			r, err := http.NewRequest("POST", s.url, strings.NewReader(`{"stateMachineArn": "`+nightly+`"}`))
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("X-Amz-Target", "AWSStepFunctions.StartExecution")
			response, err := client.Do(r)
			if err != nil || response.StatusCode != http.StatusOK {
				b.Error(response, err)
				return
			}
			_, _ = io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	})
}

func BenchmarkGetObject(b *testing.B) {
	const size = 256 << 20
	store := dir.New(b.TempDir(), nil)
	if err := store.Make("sales"); err != nil {
		b.Fatal(err)
	}
	if _, err := store.Put(b.Context(), "sales", "large", io.LimitReader(zeros{}, size), bucket.Attributes{}); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(api.New(api.Options{Buckets: store}))
	defer server.Close()
	b.SetBytes(size)
	for b.Loop() {
		response, err := http.Get(server.URL + "/sales/large")
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
}

func BenchmarkPutObject(b *testing.B) {
	const size = 64 << 20
	store := dir.New(b.TempDir(), nil)
	if err := store.Make("sales"); err != nil {
		b.Fatal(err)
	}
	server := httptest.NewServer(api.New(api.Options{Buckets: store}))
	defer server.Close()
	b.SetBytes(size)
	for b.Loop() {
		r, err := http.NewRequest("PUT", server.URL+"/sales/large", io.LimitReader(zeros{}, size))
		if err != nil {
			b.Fatal(err)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(response, err)
		}
		response.Body.Close()
	}
}

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
