package sigv4

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// maxSkew is how far a client's clock may be from the server's.
const maxSkew = 15 * time.Minute

// Verify says whether the request carries the signature that the secret gives it. The hash is that of the body, in
// hexadecimal, or what stands in its place. The error is a *Refusal.
func (c *Claim) Verify(r *http.Request, secret, hash string, now time.Time) error {
	if err := c.checkTime(now); err != nil {
		return err
	}
	if err := c.checkHeaders(r); err != nil {
		return err
	}
	signature, err := c.sign(r, secret, hash)
	if err != nil || subtle.ConstantTimeCompare([]byte(signature), []byte(c.signature)) != 1 {
		return refuse(Mismatch, "The request signature we calculated does not match the signature you provided. "+
			"Check your AWS Secret Access Key and signing method. Consult the service documentation for details.")
	}
	return nil
}

func (c *Claim) checkTime(now time.Time) error {
	if c.presigned {
		switch {
		case now.After(c.Time.Add(c.expires)):
			return refuse(Expired, "Request has expired")
		case c.Time.After(now.Add(maxSkew)):
			return refuse(Expired, "Request is not yet valid")
		}
		return nil
	}
	if now.Sub(c.Time).Abs() <= maxSkew {
		return nil
	}
	word := "expired"
	if c.Time.After(now) {
		word = "not yet current"
	}
	return refuse(Skewed, "Signature %s: %s is too far from the server's time %s", word, c.Time.Format(timeFormat), now.UTC().Format(timeFormat))
}

// checkHeaders sees that nobody on the way can have added a header that changes the request's meaning.
func (c *Claim) checkHeaders(r *http.Request) error {
	if !slices.Contains(c.headers, "host") {
		return refuse(Malformed, "'Host' must be a 'SignedHeader' in the AWS Authorization.")
	}
	for name := range r.Header {
		name = strings.ToLower(name)
		if strings.HasPrefix(name, "x-amz-") && !slices.Contains(c.headers, name) && !(c.presigned && name == "x-amz-content-sha256") {
			return refuse(Mismatch, "There were headers present in the request which were not signed: %s", name)
		}
	}
	return nil
}

// sign signs what the claim covers of the request and returns the signature.
func (c *Claim) sign(r *http.Request, secret, hash string) (string, error) {
	covered := c.covered(r)
	key := aws.Credentials{AccessKeyID: c.KeyID, SecretAccessKey: secret}
	// Only S3 has its paths escaped once.
	once := func(o *v4.SignerOptions) {
		o.DisableURIPathEscaping = c.Service == "s3"
		o.DisableHeaderHoisting = true
	}
	if !c.presigned {
		err := v4.NewSigner().SignHTTP(context.Background(), key, covered, hash, c.Service, c.Region, c.Time, once)
		_, signature, _ := strings.Cut(covered.Header.Get("Authorization"), "Signature=")
		return signature, err
	}
	query := covered.URL.Query()
	query.Del("X-Amz-Signature")
	covered.URL.RawQuery = query.Encode()
	uri, _, err := v4.NewSigner().PresignHTTP(context.Background(), key, covered, hash, c.Service, c.Region, c.Time, once)
	if err != nil {
		return "", err
	}
	signed, err := url.Parse(uri)
	if err != nil {
		return "", err
	}
	return signed.Query().Get("X-Amz-Signature"), nil
}

// covered is the part of the request that was signed.
func (c *Claim) covered(r *http.Request) *http.Request {
	target := *r.URL
	part := &http.Request{Method: r.Method, URL: &target, Host: r.Host, Header: http.Header{}}
	for _, name := range c.headers {
		switch canonical := http.CanonicalHeaderKey(name); name {
		case "host":
		case "content-length":
			part.ContentLength = r.ContentLength
		default:
			if values, ok := r.Header[canonical]; ok {
				part.Header[canonical] = slices.Clone(values)
			}
		}
	}
	return part
}

// Hash returns the SHA-256 of a body as signatures have it.
func Hash(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
