package api_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/stepwell/stepwell/api"
)

// openSales returns a client and a bucket with objects, behind keys.
func openSales(t *testing.T, keys ...string) (site, *awss3.Client) {
	o := openBuckets(t)
	o.Keys = append(o.Keys, reader, runner, admin)
	s := open(t, o).as(admin)
	client := s.s3()
	if _, err := client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("sales")}); err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		put(t, client, key, "content of "+key)
	}
	return s, client
}

func put(t *testing.T, client *awss3.Client, key, text string) {
	t.Helper()
	_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{
		Bucket: aws.String("sales"), Key: aws.String(key), Body: strings.NewReader(text),
		ContentType: aws.String("text/csv"), Metadata: map[string]string{"loaded": "no"},
	})
	if err != nil {
		t.Fatal(key, err)
	}
}

func get(t *testing.T, client *awss3.Client, in *awss3.GetObjectInput) (*awss3.GetObjectOutput, string) {
	t.Helper()
	in.Bucket = aws.String("sales")
	out, err := client.GetObject(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Body.Close()
	text, err := io.ReadAll(out.Body)
	if err != nil {
		t.Fatal(err)
	}
	return out, string(text)
}

func TestObjects(t *testing.T) {
	const name = "2024/a b+c=ä.csv"
	_, client := openSales(t, name)
	out, text := get(t, client, &awss3.GetObjectInput{Key: aws.String(name)})
	if text != "content of "+name || *out.ContentType != "text/csv" || out.Metadata["loaded"] != "no" {
		t.Errorf("got %q, %s, %v", text, *out.ContentType, out.Metadata)
	}
	out, text = get(t, client, &awss3.GetObjectInput{Key: aws.String(name), Range: aws.String("bytes=8-9")})
	if text != "of" || *out.ContentRange != fmt.Sprintf("bytes 8-9/%d", len("content of "+name)) {
		t.Errorf("the range is %q, %s", text, *out.ContentRange)
	}
	_, err := client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("sales"), Key: aws.String(name), Range: aws.String("bytes=999-")})
	expect(t, err, "InvalidRange", "The requested range is not satisfiable")
	_, err = client.GetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("sales"), Key: aws.String("none")})
	expect(t, err, "NoSuchKey", "The specified key does not exist.")
	_, err = client.HeadObject(t.Context(), &awss3.HeadObjectInput{Bucket: aws.String("sales"), Key: aws.String("none")})
	expect(t, err, "NotFound", "")
	_, err = client.GetObjectLegalHold(t.Context(), &awss3.GetObjectLegalHoldInput{Bucket: aws.String("sales"), Key: aws.String(name)})
	expect(t, err, "NotImplemented", "")
}

func TestCopy(t *testing.T) {
	_, client := openSales(t, "a")
	_, err := client.CopyObject(t.Context(), &awss3.CopyObjectInput{Bucket: aws.String("sales"), Key: aws.String("b"), CopySource: aws.String("sales/a")})
	if err != nil {
		t.Fatal(err)
	}
	out, text := get(t, client, &awss3.GetObjectInput{Key: aws.String("b")})
	if text != "content of a" || out.Metadata["loaded"] != "no" {
		t.Errorf("the copy is %q, %v", text, out.Metadata)
	}
}

func TestConditionalPut(t *testing.T) {
	_, client := openSales(t, "a")
	_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{
		Bucket: aws.String("sales"), Key: aws.String("a"), Body: strings.NewReader("new"), IfNoneMatch: aws.String("*"),
	})
	expect(t, err, "PreconditionFailed", "")
	if _, text := get(t, client, &awss3.GetObjectInput{Key: aws.String("a")}); text != "content of a" {
		t.Errorf("the object is %q", text)
	}
}

func TestListings(t *testing.T) {
	_, client := openSales(t, "a", "b/1", "b/2", "c", "d e")
	var seen []string
	pages := awss3.NewListObjectsV2Paginator(client, &awss3.ListObjectsV2Input{
		Bucket: aws.String("sales"), Delimiter: aws.String("/"), MaxKeys: aws.Int32(2), EncodingType: s3types.EncodingTypeUrl,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range page.Contents {
			seen = append(seen, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			seen = append(seen, *p.Prefix)
		}
	}
	if want := []string{"a", "b/", "c", "d+e"}; !slices.Equal(seen, want) {
		t.Errorf("version 2 lists %q, want %q", seen, want)
	}
	old, err := client.ListObjects(t.Context(), &awss3.ListObjectsInput{Bucket: aws.String("sales"), Delimiter: aws.String("/"), Marker: aws.String("b/")})
	if err != nil || len(old.Contents) != 2 || len(old.CommonPrefixes) != 0 {
		t.Errorf("version 1 behind b/ lists %v, %v", old, err)
	}
	all, err := client.ListBuckets(t.Context(), &awss3.ListBucketsInput{})
	if err != nil || len(all.Buckets) != 1 || *all.Buckets[0].Name != "sales" {
		t.Errorf("buckets: %v, %v", all, err)
	}
}

func TestDeletes(t *testing.T) {
	_, client := openSales(t, "a", "b", "c")
	_, err := client.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: aws.String("sales")})
	expect(t, err, "BucketNotEmpty", "")
	deleted, err := client.DeleteObjects(t.Context(), &awss3.DeleteObjectsInput{Bucket: aws.String("sales"), Delete: &s3types.Delete{
		Objects: []s3types.ObjectIdentifier{{Key: aws.String("a")}, {Key: aws.String("b")}, {Key: aws.String("never")}},
	}})
	if err != nil || len(deleted.Deleted) != 3 || len(deleted.Errors) != 0 {
		t.Fatalf("deleted %v, %v", deleted, err)
	}
	if _, err := client.DeleteObject(t.Context(), &awss3.DeleteObjectInput{Bucket: aws.String("sales"), Key: aws.String("c")}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.DeleteBucket(t.Context(), &awss3.DeleteBucketInput{Bucket: aws.String("sales")}); err != nil {
		t.Fatal(err)
	}
	_, err = client.ListObjectsV2(t.Context(), &awss3.ListObjectsV2Input{Bucket: aws.String("sales")})
	expect(t, err, "NoSuchBucket", "The specified bucket does not exist")
}

func TestMultipart(t *testing.T) {
	_, client := openSales(t)
	bucket, key := aws.String("sales"), aws.String("big")
	created, err := client.CreateMultipartUpload(t.Context(), &awss3.CreateMultipartUploadInput{Bucket: bucket, Key: key, ContentType: aws.String("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	var parts []s3types.CompletedPart
	for number, text := range []string{"first ", "second ", "third"} {
		n := aws.Int32(int32(number + 1))
		part, err := client.UploadPart(t.Context(), &awss3.UploadPartInput{
			Bucket: bucket, Key: key, UploadId: created.UploadId, PartNumber: n, Body: strings.NewReader(text),
		})
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, s3types.CompletedPart{PartNumber: n, ETag: part.ETag})
	}
	listed, err := client.ListParts(t.Context(), &awss3.ListPartsInput{Bucket: bucket, Key: key, UploadId: created.UploadId})
	if err != nil || len(listed.Parts) != 3 || *listed.Parts[1].Size != 7 {
		t.Errorf("the parts are %v, %v", listed, err)
	}
	complete := &awss3.CompleteMultipartUploadInput{Bucket: bucket, Key: key, UploadId: created.UploadId}
	complete.MultipartUpload = &s3types.CompletedMultipartUpload{Parts: []s3types.CompletedPart{parts[1], parts[0]}}
	_, err = client.CompleteMultipartUpload(t.Context(), complete)
	expect(t, err, "InvalidPartOrder", "")
	complete.MultipartUpload.Parts = parts
	if _, err := client.CompleteMultipartUpload(t.Context(), complete); err != nil {
		t.Fatal(err)
	}
	if out, text := get(t, client, &awss3.GetObjectInput{Key: key}); text != "first second third" || *out.ContentType != "text/plain" {
		t.Errorf("the object is %q, %s", text, *out.ContentType)
	}
	_, err = client.CompleteMultipartUpload(t.Context(), complete)
	expect(t, err, "NoSuchUpload", "")
}

// A presigned URL works with plain HTTP, and for nothing but its object.
func TestPresigned(t *testing.T) {
	_, client := openSales(t, "a b", "secret")
	signed, err := awss3.NewPresignClient(client).PresignGetObject(t.Context(),
		&awss3.GetObjectInput{Bucket: aws.String("sales"), Key: aws.String("a b"), ResponseContentType: aws.String("text/plain")})
	if err != nil {
		t.Fatal(err)
	}
	if status, text := fetch(t, signed.URL); status != http.StatusOK || text != "content of a b" {
		t.Errorf("%d %s", status, text)
	}
	for _, url := range []string{
		strings.Replace(signed.URL, "/a%20b", "/secret", 1), strings.Replace(signed.URL, "text%2Fplain", "text%2Fhtml", 1), signed.URL + "&acl",
	} {
		if status, text := fetch(t, url); status != http.StatusForbidden || !strings.Contains(text, "<Code>SignatureDoesNotMatch</Code>") {
			t.Errorf("%s: %d %s", url, status, text)
		}
	}
}

func fetch(t *testing.T, url string) (int, string) {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestPresignedExpires(t *testing.T) {
	o := openBuckets(t)
	o.Keys = append(o.Keys, admin)
	o.Now = func() time.Time { return time.Now().Add(time.Hour) }
	client := open(t, o).as(admin).s3()
	signed, err := awss3.NewPresignClient(client).PresignGetObject(t.Context(), &awss3.GetObjectInput{Bucket: aws.String("sales"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	if status, text := fetch(t, signed.URL); status != http.StatusForbidden || !strings.Contains(text, "Request has expired") {
		t.Errorf("%d %s", status, text)
	}
}

// Names that a folder cannot hold, or that lead out of it, are errors and touch nothing.
func TestHostileNames(t *testing.T) {
	_, client := openSales(t)
	for _, key := range []string{"../up", "a/../../up", "a//b", "x\x00y", ".stepwell/part", "a/.", strings.Repeat("k", 1025)} {
		_, err := client.PutObject(t.Context(), &awss3.PutObjectInput{Bucket: aws.String("sales"), Key: aws.String(key), Body: bytes.NewReader(nil)})
		if err == nil {
			t.Errorf("the key %q was written", key)
		}
	}
	for _, bucket := range []string{"..", "Sales", "a"} {
		if _, err := client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String(bucket)}); err == nil {
			t.Errorf("the bucket %q was made", bucket)
		}
	}
}

// Over TLS SDKs do not sign the bytes: they send them in chunks with a checksum behind.
func TestTLS(t *testing.T) {
	o := openBuckets(t)
	o.Keys = append(o.Keys, admin)
	server := httptest.NewTLSServer(api.New(o))
	defer server.Close()
	config := site{server.URL, admin}.config()
	config.HTTPClient = server.Client()
	client := awss3.NewFromConfig(config, func(o *awss3.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("sales")}); err != nil {
		t.Fatal(err)
	}
	text := strings.Repeat("0123456789", 20_000)
	stored, err := client.PutObject(t.Context(), &awss3.PutObjectInput{
		Bucket: aws.String("sales"), Key: aws.String("a"), Body: strings.NewReader(text), ChecksumAlgorithm: s3types.ChecksumAlgorithmCrc64nvme,
	})
	if err != nil || stored.ChecksumCRC64NVME == nil {
		t.Fatal(stored, err)
	}
	if _, got := get(t, client, &awss3.GetObjectInput{Key: aws.String("a")}); got != text {
		t.Errorf("%d bytes came back", len(got))
	}
}

// The checksum behind an upload in chunks is held against its bytes.
func TestTrailer(t *testing.T) {
	s := open(t, openBuckets(t))
	if _, err := s.s3().CreateBucket(t.Context(), &awss3.CreateBucketInput{Bucket: aws.String("sales")}); err != nil {
		t.Fatal(err)
	}
	for sum, want := range map[string]int{"y/Q5Jg==": http.StatusOK, "AAAAAA==": http.StatusBadRequest} {
		body := "9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:" + sum + "\r\n\r\n"
		r, err := http.NewRequest("PUT", s.url+"/sales/a", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		r.Header.Set("X-Amz-Decoded-Content-Length", "9")
		r.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("the checksum %s answers %d", sum, response.StatusCode)
		}
	}
}
