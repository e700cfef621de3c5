package httptask

import (
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

const (
	// maxAnswer is one byte more than a state's output may have: a longer answer fails the task with States.DataLimitExceeded.
	maxAnswer = 256<<10 + 1
	// maxCause is how long the cause of an error may be, in bytes.
	maxCause = 32768
	// hidden stands for a secret that an API repeats, if it has at least shortestSecret bytes; shorter ones are in too many words.
	hidden         = "********"
	shortestSecret = 8
)

// read makes a task's result of an answer. Every status but 2xx is an error.
func read(ctx context.Context, answer *http.Response, c Connection) (*invokeResponse, error) {
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, socket(err)
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if binary(kind) || len(data) < maxAnswer && !utf8.Valid(data) {
		return nil, &service.Raised{Name: "States.Runtime", Cause: "The response of the API is not a text: its Content-Type is '" + kind + "'."}
	}
	hide := hiding(c.secrets(answer.Request))
	body := hide.Replace(strings.ToValidUTF8(string(data), ""))
	service.TellExchange(ctx, func() service.Exchange { return exchange(answer.Request, c, answer, body) })
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return nil, &service.Raised{Name: "States.Http.StatusCode." + strconv.Itoa(answer.StatusCode), Cause: shortened(body)}
	}
	headers := map[string][]string{}
	for name, texts := range answer.Header {
		for _, text := range texts {
			headers[name] = append(headers[name], hide.Replace(strings.ToValidUTF8(text, "")))
		}
	}
	_, status, _ := strings.Cut(answer.Status, " ")
	return &invokeResponse{
		Headers: headers, ResponseBody: parsed(kind, body), StatusCode: int64(answer.StatusCode), StatusText: status,
	}, nil
}

// binary says whether answers of a type are refused.
func binary(kind string) bool {
	family, _, _ := strings.Cut(kind, "/")
	return kind == "application/octet-stream" || family == "image" || family == "video" || family == "audio"
}

func hiding(secrets []string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		if len(secret) >= shortestSecret {
			pairs = append(pairs, secret, hidden)
		}
	}
	return strings.NewReplacer(pairs...)
}

func shortened(text string) string {
	if len(text) > maxCause {
		text = strings.ToValidUTF8(text[:maxCause], "")
	}
	return text
}

// parsed is the value of a JSON answer, and the text of any other.
func parsed(kind, body string) value.Value {
	if kind == jsonType || strings.HasSuffix(kind, "+json") {
		if v, err := value.Parse(body); err == nil {
			return v
		}
	}
	return value.OfString(body)
}

// socket is the error of a call that has no answer.
func socket(err error) error {
	return &service.Raised{Name: "States.Http.Socket", Cause: "The API cannot be reached: " + reason(err)}
}
