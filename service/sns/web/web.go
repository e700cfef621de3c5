// Package web delivers notifications by HTTP: each as a signed JSON document that is posted to the subscription's address, the
// way SNS does it.
//
//	sender, err := web.New(func() string { return "http://127.0.0.1:8083" })
//	transports["http"], transports["https"] = sender.Deliver, sender.Deliver
package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/value"
)

// Sender posts deliveries and signs them with a key of its own.
type Sender struct {
	base   func() string
	client *http.Client
	signer *signer
}

// New returns a sender with a fresh key. Base is the address of the endpoint that serves the API and the certificate.
func New(base func() string) (*Sender, error) {
	signer, err := newSigner()
	if err != nil {
		return nil, err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Sender{base, client, signer}, nil
}

// Deliver is the transport of the protocols http and https. An answer of 4xx other than 429 is final, every other that is not
// 2xx is worth another try.
func (s *Sender) Deliver(ctx context.Context, d sns.Delivery) error {
	r, err := s.request(ctx, d)
	if err != nil {
		return err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return fault.New(fault.Unavailable, "%v", err).Because(err) // names the address, without its password
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 64<<10) // lets the connection be used again
	switch status := answer.StatusCode; {
	case status/100 == 2:
		return nil
	case status/100 == 4 && status != http.StatusTooManyRequests:
		return fault.Invalidf("%s answered %s", r.URL.Redacted(), answer.Status)
	}
	return fault.New(fault.Unavailable, "%s answered %s", r.URL.Redacted(), answer.Status)
}

func (s *Sender) request(ctx context.Context, d sns.Delivery) (*http.Request, error) {
	body, kind := d.Message.Text, "Notification"
	if d.Token != "" {
		kind = "SubscriptionConfirmation"
	}
	if !d.Raw || d.Token != "" {
		envelope, err := s.envelope(d, kind)
		if err != nil {
			return nil, err
		}
		body = envelope.Text()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, d.Endpoint, strings.NewReader(body))
	if err != nil {
		return nil, fault.Invalidf("the subscription's address is none").Because(err)
	}
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	r.Header.Set("User-Agent", "Amazon Simple Notification Service Agent")
	r.Header.Set("X-Amz-Sns-Message-Type", kind)
	r.Header.Set("X-Amz-Sns-Message-Id", d.Message.ID)
	r.Header.Set("X-Amz-Sns-Topic-Arn", d.Message.TopicARN)
	if kind == "Notification" {
		r.Header.Set("X-Amz-Sns-Subscription-Arn", d.SubscriptionARN)
	}
	if d.Raw {
		r.Header.Set("X-Amz-Sns-Rawdelivery", "true")
	}
	return r, nil
}

// envelope is a delivery with its signature.
func (s *Sender) envelope(d sns.Delivery, kind string) (value.Value, error) {
	version, address := "1", s.subscribeURL(d)
	if d.SignatureVersion == "2" {
		version = "2"
	}
	signature, err := s.signer.sign(version, signedFields(d, kind, address))
	if err != nil {
		return value.Value{}, err
	}
	last := value.Member{Key: "UnsubscribeURL", Value: value.OfString(s.action("Unsubscribe", url.Values{"SubscriptionArn": {d.SubscriptionARN}}))}
	if d.Token != "" {
		last = value.Member{Key: "SubscribeURL", Value: value.OfString(address)}
	}
	return d.Envelope(
		value.Member{Key: "SignatureVersion", Value: value.OfString(version)},
		value.Member{Key: "Signature", Value: value.OfString(signature)},
		value.Member{Key: "SigningCertURL", Value: value.OfString(s.base() + s.signer.path())},
		last,
	), nil
}

func (s *Sender) subscribeURL(d sns.Delivery) string {
	return s.action("ConfirmSubscription", url.Values{"TopicArn": {d.Message.TopicARN}, "Token": {d.Token}})
}

func (s *Sender) action(name string, parameters url.Values) string {
	parameters.Set("Action", name)
	return s.base() + "/?" + parameters.Encode()
}

// ServeHTTP answers with the certificate that signatures are checked with.
func (s *Sender) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != s.signer.path() {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	http.ServeContent(w, r, "", time.Time{}, strings.NewReader(s.signer.certificate))
}
