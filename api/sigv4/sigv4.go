// Package sigv4 checks the signatures of requests (AWS Signature Version 4): in headers, in a presigned URL, and chunk by
// chunk in a body. It signs a request again with the AWS SDK's signer and compares; it knows no keys and no roles.
//
//	claim, err := sigv4.Parse(request)           // who says that they signed
//	err = claim.Verify(request, secret, hash, now)
//	body, err := sigv4.Body(request, claim, secret) // bytes of an S3 upload, checked while they are read
package sigv4

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Reason is why a request is refused. Doors give it the code of their protocol.
type Reason uint8

const (
	// Missing: the request is not signed.
	Missing Reason = iota
	// Malformed: the signature's fields are not complete.
	Malformed
	// UnknownKey: nobody has the access key.
	UnknownKey
	// Mismatch: the signature is not that of this request and secret.
	Mismatch
	// Skewed: the request's time is too far from the server's.
	Skewed
	// Expired: the presigned URL's time is over.
	Expired
	// BadHash: the bytes are not those whose hash was announced.
	BadHash
	// BadBody: the body is not in the encoding that was announced, or ends too early.
	BadBody
)

// Refusal is the error of a request that is not signed as it must be.
type Refusal struct {
	Reason Reason
	Text   string
}

// Error returns the sentence for the caller.
func (r *Refusal) Error() string { return r.Text }

func refuse(reason Reason, format string, args ...any) *Refusal {
	return &Refusal{reason, fmt.Sprintf(format, args...)}
}

// Claim is what a request says about its signature.
type Claim struct {
	KeyID   string
	Region  string
	Service string // the signing name: states, s3
	Time    time.Time

	date      string // of the scope
	headers   []string
	signature string
	presigned bool
	expires   time.Duration
}

const (
	algorithm  = "AWS4-HMAC-SHA256"
	timeFormat = "20060102T150405Z"
	dateFormat = "20060102"
	// maxExpires is the longest life of a presigned URL.
	maxExpires = 7 * 24 * time.Hour
)

// Parse reads the claim of a request; it is nil for one that is not signed. The error is a *Refusal.
func Parse(r *http.Request) (*Claim, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return parseHeader(r, header)
	}
	if r.URL.Query().Has("X-Amz-Algorithm") || r.URL.Query().Has("X-Amz-Signature") {
		return parseQuery(r)
	}
	return nil, nil
}

func parseHeader(r *http.Request, header string) (*Claim, error) {
	rest, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return nil, refuse(Malformed, "Authorization header requires the algorithm %s", algorithm)
	}
	fields := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, text, _ := strings.Cut(strings.TrimSpace(part), "=")
		fields[name] = text
	}
	for _, name := range []string{"Credential", "SignedHeaders", "Signature"} {
		if fields[name] == "" {
			return nil, refuse(Malformed, "Authorization header requires '%s' parameter.", name)
		}
	}
	date := r.Header.Get("X-Amz-Date")
	if date == "" {
		return nil, refuse(Malformed, "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
	}
	return claim(fields["Credential"], fields["SignedHeaders"], fields["Signature"], date)
}

func parseQuery(r *http.Request) (*Claim, error) {
	query := r.URL.Query()
	for _, name := range []string{"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders", "X-Amz-Signature", "X-Amz-Date", "X-Amz-Expires"} {
		if len(query[name]) != 1 || query.Get(name) == "" {
			return nil, refuse(Malformed, "A presigned URL requires the parameter %s once.", name)
		}
	}
	if query.Get("X-Amz-Algorithm") != algorithm {
		return nil, refuse(Malformed, "X-Amz-Algorithm only supports %q", algorithm)
	}
	c, err := claim(query.Get("X-Amz-Credential"), query.Get("X-Amz-SignedHeaders"), query.Get("X-Amz-Signature"), query.Get("X-Amz-Date"))
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseInt(query.Get("X-Amz-Expires"), 10, 32)
	c.presigned, c.expires = true, time.Duration(seconds)*time.Second
	if err != nil || seconds < 0 || c.expires > maxExpires {
		return nil, refuse(Malformed, "X-Amz-Expires must be a number of seconds from 0 to %d", int(maxExpires.Seconds()))
	}
	return c, nil
}

func claim(credential, headers, signature, date string) (*Claim, error) {
	scope := strings.Split(credential, "/")
	if len(scope) < 5 || scope[len(scope)-1] != "aws4_request" {
		return nil, refuse(Malformed, "Credential must have five parts: key, date, region, service and aws4_request.")
	}
	at, err := time.Parse(timeFormat, date)
	if err != nil {
		return nil, refuse(Malformed, "Date must be in ISO-8601 'basic format'. Got '%s'.", date)
	}
	n := len(scope)
	c := &Claim{
		KeyID: strings.Join(scope[:n-4], "/"), date: scope[n-4], Region: scope[n-3], Service: scope[n-2],
		Time: at, headers: strings.Split(headers, ";"), signature: signature,
	}
	if c.date != at.Format(dateFormat) {
		return nil, refuse(Malformed, "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '%s' != '%s'.",
			c.date, at.Format(dateFormat))
	}
	return c, nil
}
