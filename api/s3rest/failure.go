package s3rest

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/stepwell/stepwell/api/sigv4"
	"github.com/stepwell/stepwell/bucket"
	"github.com/stepwell/stepwell/fault"
)

const internalError = "InternalError"

// statuses are the errors of the protocol that are not 400 Bad Request.
var statuses = map[string]int{
	bucket.CodeNoSuchBucket: http.StatusNotFound, bucket.CodeNoSuchKey: http.StatusNotFound, "NoSuchUpload": http.StatusNotFound,
	"BucketAlreadyOwnedByYou": http.StatusConflict, "BucketNotEmpty": http.StatusConflict, "OperationAborted": http.StatusConflict,
	"NotImplemented": http.StatusNotImplemented, "InvalidRange": http.StatusRequestedRangeNotSatisfiable,
	"PreconditionFailed": http.StatusPreconditionFailed, "AccessDenied": http.StatusForbidden, "SignatureDoesNotMatch": http.StatusForbidden,
	"InvalidAccessKeyId": http.StatusForbidden, "RequestTimeTooSkewed": http.StatusForbidden, internalError: http.StatusInternalServerError,
	"ServiceUnavailable": http.StatusServiceUnavailable, "NoSuchVersion": http.StatusNotFound,
	"NoSuchCORSConfiguration": http.StatusNotFound, "NoSuchLifecycleConfiguration": http.StatusNotFound,
	"ObjectLockConfigurationNotFoundError": http.StatusNotFound,
	"NoSuchBucketPolicy":                   http.StatusNotFound, "ReplicationConfigurationNotFoundError": http.StatusNotFound,
	"NoSuchTagSet": http.StatusNotFound, "NoSuchWebsiteConfiguration": http.StatusNotFound,
}

var refusals = [...]string{
	sigv4.Missing: "AccessDenied", sigv4.Malformed: "AuthorizationHeaderMalformed", sigv4.UnknownKey: "InvalidAccessKeyId",
	sigv4.Mismatch: "SignatureDoesNotMatch", sigv4.Skewed: "RequestTimeTooSkewed", sigv4.Expired: "AccessDenied",
	sigv4.BadHash: "XAmzContentSHA256Mismatch", sigv4.BadBody: "IncompleteBody",
}

var kindCodes = map[fault.Kind]string{
	fault.Invalid: "InvalidRequest", fault.Unsupported: "NotImplemented", fault.NotFound: bucket.CodeNoSuchKey,
	fault.Conflict: "OperationAborted", fault.Denied: "AccessDenied", fault.Throttled: "ServiceUnavailable", fault.Unavailable: "ServiceUnavailable",
}

func refuse(code, format string, args ...any) error {
	return fault.Invalidf(format, args...).WithCode(code)
}

// describe gives an error the protocol's code and a sentence. The words of an internal error stay inside.
func describe(err error) (code, message string) {
	var refused *sigv4.Refusal
	if errors.As(err, &refused) {
		return refusals[refused.Reason], refused.Text
	}
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind == fault.Internal {
		return internalError, "We encountered an internal error. Please try again."
	}
	if code = fault.CodeOf(err); code == "" {
		code = kindCodes[f.Kind]
	}
	return code, f.Message
}

func malformedXML() error {
	return refuse("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

type failure struct {
	XMLName    xml.Name `xml:"Error"`
	Code       string
	Message    string
	BucketName string `xml:",omitempty"` // of a bucket that is missing
	Key        string `xml:",omitempty"` // of an object that is missing
	Resource   string
	RequestId  string
}

// Fail answers with an error, as S3 words it.
func Fail(w http.ResponseWriter, r *http.Request, err error) {
	code, message := describe(err)
	status, ok := statuses[code]
	if !ok {
		status = http.StatusBadRequest
	}
	f := failure{Code: code, Message: message, Resource: r.URL.Path, RequestId: w.Header().Get("X-Amz-Request-Id")}
	var missing *bucket.Missing
	if errors.As(err, &missing) {
		if f.Key = missing.Key; f.Key == "" {
			f.BucketName = missing.Bucket
		}
	}
	write(w, r, status, f)
}

// send answers with an XML document.
func (q *request) send(text string) { writeText(q.w, q.Request, http.StatusOK, text) }

// write answers with a value as an XML document.
func write(w http.ResponseWriter, r *http.Request, status int, document any) {
	body, err := xml.Marshal(document)
	if err != nil {
		panic("s3rest: " + err.Error()) // our own types
	}
	writeText(w, r, status, string(body))
}

func writeText(w http.ResponseWriter, r *http.Request, status int, text string) {
	body := xml.Header + text
	w.Header().Set("Content-Type", "application/xml")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = io.WriteString(w, body) // a client that left needs no answer
	}
}
