package lambda

import (
	"net/http"

	"github.com/stepwell/stepwell/service"
)

// Table returns the service's operations. The examples find the function load, and build on each other.
func (s *Service) Table() *service.Service {
	return &service.Service{
		Name:       "lambda",
		SDK:        "Lambda",
		Optimized:  &service.Optimized{Name: "lambda", Errors: "Lambda", Client: "AWSLambda"},
		Protocol:   service.Protocol{ContentType: "application/json", Endpoint: "lambda"},
		Constraint: codeInvalid,
		MaxBody:    maxUpload,
		Errors: []service.Error{
			{Code: codeNotFound, Status: http.StatusNotFound},
			{Code: codeConflict, Status: http.StatusConflict},
			{Code: codeInvalid, Status: http.StatusBadRequest},
			{Code: codeThrottled, Status: http.StatusTooManyRequests},
			{Code: codeTooLarge, Status: http.StatusRequestEntityTooLarge},
			{Code: codeBadContent, Status: http.StatusBadRequest},
			{Code: codePrecondition, Status: http.StatusPreconditionFailed},
			{Code: codeStorage, Status: http.StatusBadRequest},
			{Code: codeBadZip, Status: http.StatusBadGateway},
			{Code: codeNoRuntime, Status: http.StatusBadGateway},
			{Code: codeService, Status: http.StatusInternalServerError},
		},
		Operations: s.operations(),
	}
}

const (
	exampleFunction = `{"FunctionName": "load"`
	exampleARN      = `{"Resource": "arn:aws:lambda:us-east-1:123456789012:function:load"`
	// exampleZip holds an empty index.py.
	exampleZip = `"Code": {"ZipFile": "UEsDBBQAAAAAAAAAIQAAAAAAAAAAAAAAAAAIAAAAaW5kZXgucHlQSwECFAMUAAAAAAAAACEAAAAAAAAAAAAAAAAACAAAAAAAAAAAAAAApIEAAAAAaW5kZXgucHlQSwUGAAAAAAEAAQA2AAAAJgAAAAAA"}`
)

func row(name, path string, does service.Behaviour, example string, errors ...string) service.Operation {
	return service.Operation{Name: name, HTTP: path, Behaviour: does, Example: example, Errors: append(errors, codeInvalid, codeService)}
}

func (s *Service) operations() []service.Operation {
	const base, one = "/2015-03-31/functions", "/2015-03-31/functions/{FunctionName}"
	invoke := row("Invoke", "POST "+one+"/invocations", service.Do(s.invoke), exampleFunction+`, "InvocationType": "DryRun"}`,
		codeNotFound, codeThrottled, codeTooLarge, codeBadContent, codeNoRuntime).
		But("a function is a process of this machine: memory is reported, not limited; VPC, roles and layers of other accounts mean nothing")
	invoke.Optimized, invoke.Adapted = true, &service.Adapted{Request: payloadAsText, Answer: parsedPayload}
	return []service.Operation{
		row("CreateFunction", "POST "+base+" 201", service.Do(s.createFunction),
			`{"FunctionName": "check", "Runtime": "python3.12", "Handler": "index.handler", "Role": "arn:aws:iam::123456789012:role/etl", `+exampleZip+`}`,
			codeConflict, codeBadZip, codeStorage, codeNotFound).But("python, nodejs and provided runtimes; images are refused; dead letters, VPC, file systems and tracing mean nothing"),
		row("GetFunction", "GET "+one, service.Do(s.getFunction), exampleFunction+`}`, codeNotFound).But("Code has no Location to download from"),
		row("GetFunctionConfiguration", "GET "+one+"/configuration", service.Do(s.getConfiguration), exampleFunction+`}`, codeNotFound),
		row("ListFunctions", "GET "+base, service.Do(s.listFunctions), `{"MaxItems": 10}`),
		row("UpdateFunctionCode", "PUT "+one+"/code", service.Do(s.updateCode),
			exampleFunction+`, `+exampleZip[len(`"Code": {`):], codeNotFound, codeBadZip, codePrecondition, codeStorage),
		row("UpdateFunctionConfiguration", "PUT "+one+"/configuration", service.Do(s.updateConfiguration),
			exampleFunction+`, "Timeout": 30}`, codeNotFound, codePrecondition),
		invoke,
		row("PutFunctionConcurrency", "PUT /2017-10-31/functions/{FunctionName}/concurrency", service.Do(s.putConcurrency),
			exampleFunction+`, "ReservedConcurrentExecutions": 2}`, codeNotFound),
		row("GetFunctionConcurrency", "GET /2019-09-30/functions/{FunctionName}/concurrency", service.Do(s.getConcurrency), exampleFunction+`}`, codeNotFound),
		row("DeleteFunctionConcurrency", "DELETE /2017-10-31/functions/{FunctionName}/concurrency 204", service.Do(s.deleteConcurrency),
			exampleFunction+`}`, codeNotFound),
		row("TagResource", "POST /2017-03-31/tags/{Resource} 204", service.Do(s.tag), exampleARN+`, "Tags": {"team": "sales"}}`, codeNotFound),
		row("ListTags", "GET /2017-03-31/tags/{Resource}", service.Do(s.listTags), exampleARN+`}`, codeNotFound),
		row("UntagResource", "DELETE /2017-03-31/tags/{Resource} 204", service.Do(s.untag), exampleARN+`, "TagKeys": ["team"]}`, codeNotFound),
		row("PublishVersion", "POST "+one+"/versions 201", service.Do(s.publishVersion), exampleFunction+`, "Description": "one"}`,
			codeNotFound, codePrecondition),
		row("ListVersionsByFunction", "GET "+one+"/versions", service.Do(s.listVersions), exampleFunction+`}`, codeNotFound),
		row("CreateAlias", "POST "+one+"/aliases 201", service.Do(s.createAlias),
			exampleFunction+`, "Name": "live", "FunctionVersion": "1"}`, codeNotFound, codeConflict),
		row("UpdateAlias", "PUT "+one+"/aliases/{Name}", service.Do(s.updateAlias),
			exampleFunction+`, "Name": "live", "FunctionVersion": "$LATEST"}`, codeNotFound, codePrecondition),
		row("GetAlias", "GET "+one+"/aliases/{Name}", service.Do(s.getAlias), exampleFunction+`, "Name": "live"}`, codeNotFound),
		row("ListAliases", "GET "+one+"/aliases", service.Do(s.listAliases), exampleFunction+`}`, codeNotFound),
		row("DeleteAlias", "DELETE "+one+"/aliases/{Name} 204", service.Do(s.deleteAlias), exampleFunction+`, "Name": "live"}`, codeNotFound),
		row("DeleteFunction", "DELETE "+one+" 204", service.Do(s.deleteFunction), `{"FunctionName": "check"}`, codeNotFound, codeConflict),
	}
}
