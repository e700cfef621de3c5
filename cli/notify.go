package cli

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/service/sns"
	"github.com/stepwell/stepwell/service/sns/mail"
	"github.com/stepwell/stepwell/service/sns/web"
	"github.com/stepwell/stepwell/template"
	"github.com/stepwell/stepwell/value"
)

// passwordVariable holds the password of the mail server's user.
const passwordVariable = "STEPWELL_SMTP_PASSWORD"

// deliveryGrace is how long a process that ends waits for notifications under way. What is not delivered then stays for the next.
const deliveryGrace = 10 * time.Second

// openTopics opens the notification service.
func (l *local) openTopics(ctx context.Context, p *project.Project, records service.Records, machines *service.Service, logger *slog.Logger) (*sns.Service, error) {
	folder := filepath.Join(p.Data(), "logs")
	hooks, err := web.New(func() string {
		url, _ := l.url.Load().(string)
		return url
	})
	if err != nil {
		return nil, err
	}
	l.certificates = hooks
	letters := postman(p, folder)
	topics, err := sns.Open(ctx, records, sns.Options{
		Region: project.Region, Account: project.Account, Log: logger,
		Observers: []sns.Observer{sns.Log(logger), sns.File(filepath.Join(folder, "notifications.jsonl"))},
		Transports: map[string]sns.Transport{
			"email": letters, "email-json": letters, "http": hooks.Deliver, "https": hooks.Deliver,
			"file": sns.Folder(folder), "states": startMachine(machines), "lambda": l.callFunction,
		},
		DeadLetter: sns.DeadLetters(filepath.Join(p.Data(), "dead-letters", "sns")),
	})
	if err != nil {
		return nil, err
	}
	l.closers = append(l.closers, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), deliveryGrace)
		defer cancel()
		topics.Close(ctx)
		return nil
	})
	return topics, nil
}

func declared(t template.Topic) sns.Declared {
	d := sns.Declared{Name: t.Name, Attributes: t.Attributes}
	for _, s := range t.Subscriptions {
		d.Subscriptions = append(d.Subscriptions, sns.DeclaredSubscription{Protocol: s.Protocol, Endpoint: s.Endpoint, Attributes: s.Attributes})
	}
	return d
}

// postman sends mails by the configured server, or puts them into a mailbox file.
func postman(p *project.Project, folder string) sns.Transport {
	m := p.Config.Mail
	if m == nil {
		return mail.Mailbox(filepath.Join(folder, "mailbox"), "stepwell@localhost")
	}
	return mail.SMTP(mail.Server{Address: m.Server, From: m.From, User: m.User, Password: os.Getenv(passwordVariable)})
}

// startMachine is the transport that starts a state machine. The delivery names the execution, so that a second try starts no
// second one.
func startMachine(machines *service.Service) sns.Transport {
	start, _ := machines.Operation("StartExecution")
	return func(ctx context.Context, d sns.Delivery) error {
		_, err := start.Call(ctx, value.OfMembers(
			value.Member{Key: "StateMachineArn", Value: value.OfString(d.Endpoint)},
			value.Member{Key: "Name", Value: value.OfString("sns-" + d.ID)},
			value.Member{Key: "Input", Value: value.OfString(d.Event().Text())},
		), "")
		return err
	}
}
