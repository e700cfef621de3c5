package sigv4

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	unsignedPayload = "UNSIGNED-PAYLOAD"
	streaming       = "STREAMING-"
	unsignedStream  = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
	signedStream    = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
)

// PayloadHash is what a request of S3 says in the place of its body's hash.
func PayloadHash(r *http.Request) string {
	return cmp.Or(r.Header.Get("X-Amz-Content-Sha256"), r.URL.Query().Get("X-Amz-Content-Sha256"), unsignedPayload)
}

// Body returns the bytes of an upload to S3: unwrapped when they come in chunks, and checked while they are read against what
// the request announced. With a claim and a secret the signatures of chunks are checked too. Reading ends with a *Refusal
// when something does not fit. What stands behind the last chunk is then in the request's Trailer; its signature is not
// checked, and what it says of the bytes is the caller's matter.
func Body(r *http.Request, c *Claim, secret string) (io.Reader, error) {
	announced := PayloadHash(r)
	switch {
	case strings.HasPrefix(announced, streaming):
		return chunksOf(r, announced, c, secret)
	case announced == unsignedPayload:
		return r.Body, nil
	case len(announced) != hex.EncodedLen(sha256.Size):
		return nil, refuse(BadHash, "x-amz-content-sha256 must be %s, %s, %s or a valid sha256 value.", unsignedPayload, unsignedStream, signedStream)
	}
	return &hashed{body: r.Body, sum: sha256.New(), announced: announced}, nil
}

// hashed reads a body whose hash was announced.
type hashed struct {
	body      io.Reader
	sum       hash.Hash
	announced string
}

// Read ends with a *Refusal where the body ends with another hash.
func (h *hashed) Read(p []byte) (int, error) {
	n, err := h.body.Read(p)
	h.sum.Write(p[:n])
	if err == io.EOF && hex.EncodeToString(h.sum.Sum(nil)) != h.announced {
		err = refuse(BadHash, "The provided 'x-amz-content-sha256' header does not match what was computed.")
	}
	return n, err
}

func chunksOf(r *http.Request, announced string, c *Claim, secret string) (io.Reader, error) {
	length, err := strconv.ParseInt(r.Header.Get("X-Amz-Decoded-Content-Length"), 10, 64)
	if err != nil || length < 0 {
		return nil, refuse(BadBody, "You must provide the x-amz-decoded-content-length HTTP header.")
	}
	r.Trailer = http.Header{}
	chunks := newChunks(r.Body, length, r.Trailer)
	switch {
	case strings.HasPrefix(announced, signedStream):
		if c != nil && secret != "" {
			chunks.chain, err = newChain(c, secret)
		}
	case announced != unsignedStream:
		err = refuse(BadBody, "x-amz-content-sha256 does not support %s", announced)
	}
	return chunks, err
}

// chain signs chunks: each signature covers the one before it.
type chain struct {
	signer *v4.StreamSigner
	claim  *Claim
}

func newChain(c *Claim, secret string) (*chain, error) {
	seed, err := hex.DecodeString(c.signature)
	if err != nil {
		return nil, refuse(Malformed, "the signature is not hexadecimal")
	}
	key := aws.Credentials{AccessKeyID: c.KeyID, SecretAccessKey: secret}
	return &chain{v4.NewStreamSigner(key, c.Service, c.Region, seed), c}, nil
}

// check says whether the next chunk has the signature.
func (c *chain) check(data []byte, signature string) error {
	// S3 puts the hash of nothing where event streams have the hash of their headers.
	want, err := c.signer.GetSignature(context.Background(), nil, data, c.claim.Time)
	if err != nil || subtle.ConstantTimeCompare([]byte(hex.EncodeToString(want)), []byte(signature)) != 1 {
		return refuse(Mismatch, "The signature of a chunk does not match the one that we calculated.")
	}
	return nil
}
