// Package httptask is the HTTP Task: the resource arn:aws:states:::http:invoke, by which state machines call APIs over HTTPS
// with the credentials of a connection. It is no API of AWS, so only state machines reach it; it keeps no connection itself.
//
//	calls := httptask.New("us-east-1", map[string]httptask.Connection{"stripe": {Basic: &httptask.Basic{…}}})
//	tasks := service.NewIntegrations(calls.Table(), …)
package httptask

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/stepwell/stepwell/service"
	"github.com/stepwell/stepwell/value"
)

// Service calls APIs.
type Service struct {
	region      string
	connections map[string]Connection
	client      *http.Client

	mu     sync.Mutex
	tokens map[string]token // of OAuth connections, by name
}

// callTime is how long a call may take, with the request for an OAuth token.
const callTime = 60 * time.Second

// New returns a service with connections by their names.
func New(region string, connections map[string]Connection) *Service {
	return &Service{
		region: region, connections: connections, tokens: map[string]token{},
		client: &http.Client{
			Timeout: callTime,
			// A redirection would carry the credentials to another place.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// Table is the service's row.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name: "http", Optimized: &service.Optimized{Name: "http", Errors: "Http", Client: "Http"},
		Operations: []service.Operation{{
			Name: "Invoke", Behaviour: service.Do(s.invoke), Optimized: true,
			Differs: "connections are those of stepwell.yaml; addresses of this machine may be http; redirections are not followed",
		}},
	}
}

type invokeRequest struct {
	ApiEndpoint      string
	Authentication   *connectionRef
	Headers          value.Value
	InvocationConfig *connectionRef
	Method           string
	QueryParameters  value.Value
	RequestBody      value.Value
	Transform        *transform
}

type connectionRef struct{ ConnectionArn string }

type transform struct {
	RequestBodyEncoding    string
	RequestEncodingOptions *encodingOptions
}

type encodingOptions struct{ ArrayFormat string }

type invokeResponse struct {
	Headers      map[string][]string
	ResponseBody value.Value
	StatusCode   int64
	StatusText   string
}

// invoke makes one call. Errors: *service.BadParameters for a request that cannot be made, else *service.Raised.
func (s *Service) invoke(ctx context.Context, r *invokeRequest) (*invokeResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	name, connection, err := s.connection(r)
	if err != nil {
		return nil, err
	}
	request, err := s.request(ctx, r, connection)
	if err != nil {
		return nil, err
	}
	if err := s.authorize(request, name, connection); err != nil {
		return nil, err
	}
	answer, err := s.client.Do(request)
	if err != nil {
		service.TellExchange(ctx, func() service.Exchange { return exchange(request, connection, nil, "") })
		return nil, socket(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusUnauthorized {
		s.forget(name)
	}
	return read(ctx, answer, connection)
}

func unusable(problem string) error { return &service.BadParameters{Problems: []string{problem}} }
