package sigv4_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/stepwell/stepwell/api/sigv4"
)

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	key  = aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}
)

// signed returns a request as a server sees it, signed at noon.
func signed(t testing.TB, method, url, service, body, hash string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, url, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	err := v4.NewSigner().SignHTTP(t.Context(), key, r, hash, service, "us-east-1", noon, func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = service == "s3"
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func verify(r *http.Request, secret, hash string, now time.Time) error {
	claim, err := sigv4.Parse(r)
	if err != nil {
		return err
	}
	return claim.Verify(r, secret, hash, now)
}

// reason returns why a request was refused, -1 when it was not.
func reason(err error) sigv4.Reason {
	var refused *sigv4.Refusal
	if errors.As(err, &refused) {
		return refused.Reason
	}
	return none
}

const none = sigv4.Reason(255)

func TestVerify(t *testing.T) {
	hash := sigv4.Hash([]byte("{}"))
	for _, c := range []struct {
		name   string
		change func(r *http.Request)
		secret string
		hash   string
		now    time.Time
		want   sigv4.Reason
	}{
		{"as it was signed", func(*http.Request) {}, "secret", hash, noon, none},
		{"five minutes later", func(*http.Request) {}, "secret", hash, noon.Add(5 * time.Minute), none},
		{"another secret", func(*http.Request) {}, "other", hash, noon, sigv4.Mismatch},
		{"another body", func(*http.Request) {}, "secret", sigv4.Hash([]byte("{ }")), noon, sigv4.Mismatch},
		{"another path", func(r *http.Request) { r.URL.Path = "/other" }, "secret", hash, noon, sigv4.Mismatch},
		{"another query", func(r *http.Request) { r.URL.RawQuery = "a=2" }, "secret", hash, noon, sigv4.Mismatch},
		{"another method", func(r *http.Request) { r.Method = "PUT" }, "secret", hash, noon, sigv4.Mismatch},
		{"another host", func(r *http.Request) { r.Host = "example.net" }, "secret", hash, noon, sigv4.Mismatch},
		{"a signed header changed", func(r *http.Request) { r.Header.Set("X-Amz-Target", "B.C") }, "secret", hash, noon, sigv4.Mismatch},
		{"a header added", func(r *http.Request) { r.Header.Set("X-Amz-Acl", "public") }, "secret", hash, noon, sigv4.Mismatch},
		{"an harmless header added", func(r *http.Request) { r.Header.Set("Via", "proxy") }, "secret", hash, noon, none},
		{"much later", func(*http.Request) {}, "secret", hash, noon.Add(16 * time.Minute), sigv4.Skewed},
		{"much earlier", func(*http.Request) {}, "secret", hash, noon.Add(-16 * time.Minute), sigv4.Skewed},
		{"the date changed", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260301T120100Z") }, "secret", hash, noon, sigv4.Mismatch},
		{"the day changed", func(r *http.Request) { r.Header.Set("X-Amz-Date", "20260302T120000Z") }, "secret", hash, noon, sigv4.Malformed},
		{"no date", func(r *http.Request) { r.Header.Del("X-Amz-Date") }, "secret", hash, noon, sigv4.Malformed},
		{"another algorithm", func(r *http.Request) { r.Header.Set("Authorization", "AWS4-ECDSA-P256-SHA256 Credential=a") }, "secret", hash, noon, sigv4.Malformed},
		{"no signature", func(r *http.Request) {
			r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host")
		}, "secret", hash, noon, sigv4.Malformed},
		{"host not signed", func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), "host;", "", 1))
		}, "secret", hash, noon, sigv4.Malformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := signed(t, "POST", "http://127.0.0.1:8083/a%20b/?a=1", "states", "{}", hash, "X-Amz-Target", "A.B", "Content-Type", "text/plain")
			c.change(r)
			if err := verify(r, c.secret, c.hash, c.now); reason(err) != c.want {
				t.Errorf("got %v, want reason %d", err, c.want)
			}
		})
	}
}

// The paths of S3 are signed as they are, those of other services are escaped once more.
func TestPaths(t *testing.T) {
	for _, service := range []string{"s3", "states"} {
		for _, path := range []string{"/", "/a/b", "/a%20b/c+d", "/%C3%A4=%26", "/a//b", "/x%2Fy"} {
			hash := sigv4.Hash(nil)
			if err := verify(signed(t, "GET", "http://localhost"+path, service, "", hash), "secret", hash, noon); err != nil {
				t.Errorf("%s %s: %v", service, path, err)
			}
		}
	}
}

func TestPresigned(t *testing.T) {
	const hash = "UNSIGNED-PAYLOAD"
	r := httptest.NewRequest("GET", "http://localhost/sales/a?X-Amz-Expires=600&list-type=2", nil)
	uri, _, err := v4.NewSigner().PresignHTTP(t.Context(), key, r, hash, "s3", "us-east-1", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, old, new string
		now            time.Time
		want           sigv4.Reason
	}{
		{"as it was signed", "", "", noon.Add(9 * time.Minute), none},
		{"too late", "", "", noon.Add(11 * time.Minute), sigv4.Expired},
		{"a longer life", "Expires=600", "Expires=6000", noon, sigv4.Mismatch},
		{"a life that is too long", "Expires=600", "Expires=6000000", noon, sigv4.Malformed},
		{"another key", "/sales/a", "/sales/b", noon, sigv4.Mismatch},
		{"a parameter twice", "list-type=2", "list-type=2&X-Amz-Expires=5", noon, sigv4.Malformed},
		{"another signature", "Signature=", "Signature=0", noon, sigv4.Mismatch},
	} {
		r := httptest.NewRequest("GET", strings.Replace(uri, c.old, c.new, 1), nil)
		if err := verify(r, "secret", hash, c.now); reason(err) != c.want {
			t.Errorf("%s: got %v, want reason %d", c.name, err, c.want)
		}
	}
}

const streamed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"

// chunked returns an upload whose chunks are signed, as SDKs send it.
func chunked(t *testing.T, texts ...string) (*http.Request, string) {
	length := fmt.Sprint(len(strings.Join(texts, "")))
	r := signed(t, "PUT", "http://localhost/sales/a", "s3", "", streamed,
		"X-Amz-Content-Sha256", streamed, "X-Amz-Decoded-Content-Length", length)
	_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
	seed, err := hex.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	signer := v4.NewStreamSigner(key, "s3", "us-east-1", seed)
	var body strings.Builder
	for _, text := range append(texts, "") {
		sum, err := signer.GetSignature(context.Background(), nil, []byte(text), noon)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&body, "%x;chunk-signature=%x\r\n%s\r\n", len(text), sum, text)
	}
	return r, body.String()
}

// The example of Amazon's documentation of chunked uploads: a secret, a request and the signatures of its chunks.
func TestPublishedChunks(t *testing.T) {
	r := httptest.NewRequest("PUT", "/examplebucket/chunkObject.txt", nil)
	r.Host = "s3.amazonaws.com"
	for name, text := range map[string]string{
		"X-Amz-Date": "20130524T000000Z", "X-Amz-Storage-Class": "REDUCED_REDUNDANCY", "X-Amz-Content-Sha256": streamed,
		"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": "66560",
		"Authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=content-encoding;" +
			"content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class," +
			"Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
	} {
		r.Header.Set(name, text)
	}
	r.ContentLength = 66824
	const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	if err := verify(r, secret, streamed, time.Date(2013, 5, 24, 0, 0, 0, 0, time.UTC)); err != nil {
		t.Error(err)
	}
	r.Body = io.NopCloser(strings.NewReader(
		"10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n" + strings.Repeat("a", 65536) + "\r\n" +
			"400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n" + strings.Repeat("a", 1024) + "\r\n" +
			"0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n"))
	if text, err := read(r, secret); err != nil || len(text) != 66560 {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

func read(r *http.Request, secret string) (string, error) {
	claim, err := sigv4.Parse(r)
	if err != nil {
		return "", err
	}
	body, err := sigv4.Body(r, claim, secret)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(body)
	return string(text), err
}

func TestSignedChunks(t *testing.T) {
	for _, c := range []struct {
		name, old, new string
		want           sigv4.Reason
	}{
		{"as they were signed", "", "", none},
		{"another byte", "second", "sEcond", sigv4.Mismatch},
		{"a chunk that is longer", "6;chunk", "7;chunk", sigv4.Mismatch},
		{"a size that is none", "6;chunk", "x;chunk", sigv4.BadBody},
		{"a size behind the end", "6;chunk", "fff;chunk", sigv4.BadBody},
		{"a negative size", "6;chunk", "-6;chunk", sigv4.BadBody},
		{"no CRLF", "first \r\n", "first \n", sigv4.BadBody},
		{"no last chunk", "0;chunk", "", sigv4.BadBody},
	} {
		r, body := chunked(t, "first ", "second")
		r.Body = io.NopCloser(strings.NewReader(strings.Replace(body, c.old, c.new, 1)))
		text, err := read(r, "secret")
		if reason(err) != c.want || err == nil && text != "first second" {
			t.Errorf("%s: %q, %v, want reason %d", c.name, text, err, c.want)
		}
	}
}

func TestUnsignedChunks(t *testing.T) {
	for _, c := range []struct {
		name, body, text string
		want             sigv4.Reason
	}{
		{"with a trailer", "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n", "hello", none},
		{"without one", "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello", none},
		{"fewer bytes than announced", "2\r\nhe\r\n0\r\n\r\n", "he", sigv4.BadBody},
		{"more bytes than announced", "6\r\nhello!\r\n0\r\n\r\n", "", sigv4.BadBody},
		{"the end is missing", "5\r\nhel", "hel", sigv4.BadBody},
		{"a line without end", strings.Repeat("1", 5000), "", sigv4.BadBody},
		{"trailers without end", "5\r\nhello\r\n0\r\n" + strings.Repeat("a:b\r\n", 100), "hello", sigv4.BadBody},
	} {
		r := httptest.NewRequest("PUT", "/sales/a", strings.NewReader(c.body))
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		r.Header.Set("X-Amz-Decoded-Content-Length", "5")
		text, err := read(r, "")
		if reason(err) != c.want || text != c.text {
			t.Errorf("%s: %q, %v, want %q and reason %d", c.name, text, err, c.text, c.want)
		}
	}
}

func TestHashedBody(t *testing.T) {
	r := httptest.NewRequest("PUT", "/sales/a", strings.NewReader("hello"))
	r.Header.Set("X-Amz-Content-Sha256", sigv4.Hash([]byte("hello")))
	if text, err := read(r, ""); text != "hello" || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	r.Body = io.NopCloser(strings.NewReader("hullo"))
	if _, err := read(r, ""); reason(err) != sigv4.BadHash {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	r := signed(f, "GET", "http://localhost/a", "s3", "", sigv4.Hash(nil))
	f.Add(r.Header.Get("Authorization"), "20260301T120000Z", "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=5")
	f.Fuzz(func(t *testing.T, authorization, date, query string) {
		r := httptest.NewRequest("GET", "/a", nil)
		r.URL.RawQuery = query
		r.Header["Authorization"], r.Header["X-Amz-Date"] = []string{authorization}, []string{date}
		if claim, err := sigv4.Parse(r); claim != nil && err == nil && claim.Verify(r, "other", "", noon) == nil {
			t.Error("a guess was taken for a signature")
		}
	})
}

func FuzzChunks(f *testing.F) {
	f.Add("5\r\nhello\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("PUT", "/sales/a", strings.NewReader(body))
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		r.Header.Set("X-Amz-Decoded-Content-Length", "5")
		if text, err := read(r, ""); err == nil && len(text) != 5 {
			t.Errorf("took %q for five bytes", text)
		}
	})
}
