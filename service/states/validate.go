package states

import (
	"context"

	"github.com/stepwell/stepwell/asl"
)

type validateRequest struct {
	Definition string `aws:"required,min=1,max=1048576"`
	MaxResults int64  `aws:"min=0,max=100"`
	Severity   string `enum:"ERROR|WARNING"`
	Type       string `enum:"STANDARD|EXPRESS"`
}

type diagnostic struct{ Code, Location, Message, Severity string }

type validateResponse struct {
	Diagnostics []diagnostic
	Result      string
	Truncated   bool
}

func (s *Service) validateStateMachineDefinition(_ context.Context, r *validateRequest) (*validateResponse, error) {
	response := &validateResponse{Diagnostics: []diagnostic{}, Result: "OK"}
	m, err := asl.Parse(r.Definition, asl.Options{Express: r.Type == express})
	var found asl.Findings
	if findings, ok := err.(asl.Findings); ok {
		found, response.Result = findings.Diagnostics(), "FAIL"
	} else if err != nil {
		return nil, err
	} else if r.Severity == string(asl.Warning) {
		found = m.Warnings.Diagnostics()
	}
	limit := pageSize(r.MaxResults)
	if len(found) > limit {
		found, response.Truncated = found[:limit], true
	}
	for _, f := range found {
		response.Diagnostics = append(response.Diagnostics, diagnostic{f.Code, f.Location, f.Message, string(f.Severity)})
	}
	return response, nil
}
