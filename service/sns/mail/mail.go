// Package mail delivers notifications as electronic mail: by SMTP, or into a mailbox file where no server is configured. It is
// tested against a real SMTP server, go-smtp's.
//
//	transports["email"] = mail.SMTP(mail.Server{Address: "mail.example.com:587", From: "stepwell@example.com"})
package mail

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"strings"
	"sync"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/service/sns"
)

// compose writes a delivery as a mail. Its lines end with CR LF.
func compose(from string, d sns.Delivery) (string, error) {
	subject := d.Message.Subject
	switch {
	case d.Token != "":
		subject = "AWS Notification - Subscription Confirmation"
	case subject == "":
		subject = "AWS Notification Message"
	}
	sender := mail.Address{Name: d.DisplayName, Address: from}
	receiver := mail.Address{Address: d.Endpoint}
	_, host, _ := strings.Cut(from, "@")
	var out strings.Builder
	fmt.Fprintf(&out, "From: %s\r\nTo: %s\r\nSubject: %s\r\n", sender.String(), receiver.String(), mime.QEncoding.Encode("utf-8", subject))
	fmt.Fprintf(&out, "Date: %s\r\nMessage-ID: <%s@%s>\r\n", d.Message.Time.Format("Mon, 02 Jan 2006 15:04:05 -0700"), d.ID, host)
	out.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&out)
	if _, err := w.Write([]byte(body(d))); err != nil {
		return "", err
	}
	return out.String(), w.Close()
}

func body(d sns.Delivery) string {
	switch {
	case d.Protocol == "email-json":
		return d.Envelope().Text() + "\n"
	case d.Token != "":
		return "You have chosen to subscribe to the topic:\n" + d.Message.TopicARN + "\n\nTo confirm, give this token to ConfirmSubscription:\n" + d.Token + "\n"
	}
	return d.Message.Text + "\n\n--\nSent by the topic " + d.Message.TopicARN + " to the subscription\n" + d.SubscriptionARN +
		"\nTo receive no more, unsubscribe it.\n"
}

// Mailbox returns the transport that appends mails to a file in the mbox format.
func Mailbox(path, from string) sns.Transport {
	var mu sync.Mutex
	return func(_ context.Context, d sns.Delivery) error {
		text, err := compose(from, d)
		if err != nil {
			return err
		}
		text = "From " + from + " " + d.Message.Time.Format("Mon Jan _2 15:04:05 2006") + "\n" + quoteFrom(strings.ReplaceAll(text, "\r\n", "\n")) + "\n"
		mu.Lock()
		defer mu.Unlock()
		file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
		if err == nil {
			_, err = file.WriteString(text)
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			return fault.New(fault.Unavailable, "write a mail to %s", path).Because(err)
		}
		return nil
	}
}

// quoteFrom marks lines that would look like the beginning of a mail (mboxrd).
func quoteFrom(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(strings.TrimLeft(line, ">"), "From ") {
			lines[i] = ">" + line
		}
	}
	return strings.Join(lines, "\n")
}
