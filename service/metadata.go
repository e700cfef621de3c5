package service

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/stepwell/stepwell/value"
)

// withMetadata adds what optimized integrations tell about the HTTP exchange. There was none, so the length is that of
// the answer's JSON.
func withMetadata(answer value.Value, contentType string) value.Value {
	id := uuid.NewString()
	headers := []struct{ name, text string }{
		{"x-amzn-RequestId", id},
		{"connection", "keep-alive"},
		{"Content-Length", strconv.Itoa(len(answer.Compact()))},
		{"Date", time.Now().UTC().Format(http.TimeFormat)},
		{"Content-Type", contentType},
	}
	var all, single []value.Member
	for _, h := range headers {
		all = append(all, value.Member{Key: h.name, Value: value.OfStrings(h.text)})
		single = append(single, value.Member{Key: h.name, Value: value.OfString(h.text)})
	}
	sort.Slice(single, func(i, j int) bool { return strings.ToLower(single[i].Key) < strings.ToLower(single[j].Key) })
	members := append([]value.Member{
		{Key: "SdkHttpMetadata", Value: value.OfMembers(
			value.Member{Key: "AllHttpHeaders", Value: value.OfMembers(all...)},
			value.Member{Key: "HttpHeaders", Value: value.OfMembers(single...)},
			value.Member{Key: "HttpStatusCode", Value: value.OfInt(http.StatusOK)},
		)},
		{Key: "SdkResponseMetadata", Value: value.OfMembers(value.Member{Key: "RequestId", Value: value.OfString(id)})},
	}, answer.Members()...)
	sort.Slice(members, func(i, j int) bool { return members[i].Key < members[j].Key })
	return value.OfMembers(members...)
}

// extendedRequestID looks like S3's.
func extendedRequestID() string {
	raw := make([]byte, 56)
	rand.Read(raw) // never fails
	return base64.StdEncoding.EncodeToString(raw)
}

// shortRequestID looks like S3's.
func shortRequestID() string { return rand.Text()[:16] }
