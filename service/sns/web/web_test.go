package web_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/sns/web"
	"github.com/stepwell/stepwell/value"
)

func delivery(endpoint string) sns.Delivery {
	return sns.Delivery{
		ID: "d1", SubscriptionARN: "arn:aws:sns:us-east-1:123456789012:alerts:s1", Protocol: "http", Endpoint: endpoint,
		Message: sns.Message{
			ID: "m1", TopicARN: "arn:aws:sns:us-east-1:123456789012:alerts", Subject: "Load", Text: "done", Time: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		},
	}
}

// post is one request that an endpoint got.
type post struct {
	header http.Header
	body   string
}

// listen is an endpoint that answers with a status, and the sender whose certificates are served.
func listen(t *testing.T, status int) (sender *web.Sender, endpoint string, posts chan post) {
	t.Helper()
	var certificates *httptest.Server
	sender, err := web.New(func() string { return certificates.URL })
	if err != nil {
		t.Fatal(err)
	}
	certificates = httptest.NewServer(sender)
	t.Cleanup(certificates.Close)
	posts = make(chan post, 1)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		posts <- post{r.Header, string(body)}
		w.WriteHeader(status)
	}))
	t.Cleanup(hook.Close)
	return sender, hook.URL, posts
}

// verify checks a signature the way SNS's clients do: with the certificate at the message's own address.
func verify(t *testing.T, message value.Value, fields []string) {
	t.Helper()
	text := func(key string) string {
		v, _ := message.Get(key)
		return v.Str()
	}
	answer, err := http.Get(text("SigningCertURL"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	certificate, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(certificate)
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(text("Signature"))
	if err != nil {
		t.Fatal(err)
	}
	var signed strings.Builder
	for _, key := range fields {
		signed.WriteString(key + "\n" + text(key) + "\n")
	}
	hash, sum := crypto.SHA256, sha256.Sum256([]byte(signed.String()))
	digest := sum[:]
	if text("SignatureVersion") == "1" {
		sum := sha1.Sum([]byte(signed.String()))
		hash, digest = crypto.SHA1, sum[:]
	}
	if err := rsa.VerifyPKCS1v15(parsed.PublicKey.(*rsa.PublicKey), hash, digest, signature); err != nil {
		t.Errorf("signature of %s: %v", message.Text(), err)
	}
}

func TestNotification(t *testing.T) {
	sender, endpoint, posts := listen(t, http.StatusOK)
	for _, version := range []string{"", "2"} {
		d := delivery(endpoint)
		d.SignatureVersion = version
		if err := sender.Deliver(t.Context(), d); err != nil {
			t.Fatal(err)
		}
		got := <-posts
		if kind := got.header.Get("X-Amz-Sns-Message-Type"); kind != "Notification" || got.header.Get("X-Amz-Sns-Subscription-Arn") != d.SubscriptionARN {
			t.Errorf("headers %v", got.header)
		}
		verify(t, value.MustParse(got.body), []string{"Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"})
	}
}

func TestConfirmation(t *testing.T) {
	sender, endpoint, posts := listen(t, http.StatusOK)
	d := delivery(endpoint)
	d.Token, d.Raw, d.Message.Subject = "token1", true, ""
	if err := sender.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	message := value.MustParse((<-posts).body)
	verify(t, message, []string{"Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"})
	address, _ := message.Get("SubscribeURL")
	if !strings.HasSuffix(address.Str(), "/?Action=ConfirmSubscription&Token=token1&TopicArn=arn%3Aaws%3Asns%3Aus-east-1%3A123456789012%3Aalerts") {
		t.Errorf("SubscribeURL %s", address.Str())
	}
}

func TestRaw(t *testing.T) {
	sender, endpoint, posts := listen(t, http.StatusNoContent)
	d := delivery(endpoint)
	d.Raw = true
	if err := sender.Deliver(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := <-posts; got.body != "done" || got.header.Get("X-Amz-Sns-Rawdelivery") != "true" {
		t.Errorf("got %+v", got)
	}
}

// The endpoint's answer decides whether it is tried again. A redirection is not followed: nobody subscribed that address.
func TestAnswers(t *testing.T) {
	for status, want := range map[int]fault.Kind{
		http.StatusForbidden: fault.Invalid, http.StatusTooManyRequests: fault.Unavailable, http.StatusInternalServerError: fault.Unavailable,
		http.StatusFound: fault.Unavailable,
	} {
		sender, endpoint, posts := listen(t, status)
		err := sender.Deliver(t.Context(), delivery(strings.Replace(endpoint, "http://", "http://user:secret@", 1)))
		<-posts
		if fault.KindOf(err) != want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%d: %v", status, err)
		}
	}
	sender, _, _ := listen(t, http.StatusOK)
	err := sender.Deliver(t.Context(), delivery("http://user:secret@127.0.0.1:1/hook"))
	if fault.KindOf(err) != fault.Unavailable || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
}
