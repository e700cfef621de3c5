// Package archtest holds the architecture as data: which package stands on which floor, which wing it belongs to and what
// the pure floors may not touch. Its test reads the source and reports every import that breaks a rule. A new package is
// added to floors first; that edit is the review of the architecture.
package archtest

// floors lists every package of the module, bottom first. A package imports only from lower floors, and, on its own floor,
// only from the packages named after it in beside.
var floors = [][]string{
	1: {"value", "fault", "arn"},
	2: {"pattern", "schedule", "jsonpath", "jsonata/syntax", "jsonata/picture", "jsonata", "asl/intrinsic", "asl/item", "asl", "redshift/syntax", "redshift/function", "rsql/syntax", "rsql/report", "rsql/odbc", "service/dynamodb/attribute"},
	3: {"asl/machine", "asl/rehearsal", "asl/mock", "asl/graph", "asl/tree", "redshift/translate", "redshift/plpgsql", "template", "rsql", "rsql/option", "rsql/bteq", "service/dynamodb/expression"},
	4: {"engine", "event", "agenda", "kv", "bucket", "warehouse/lock", "warehouse/load", "warehouse/unload", "warehouse", "warehouse/autocopy", "job"},
	5: {"service", "service/target", "service/events", "service/scheduler", "service/batch", "job/builtin", "job/process", "job/docker", "service/redshiftdata", "service/s3", "service/sns", "service/sns/mail", "service/sns/web", "service/states", "service/mapitem", "service/httptask",
		"service/sts", "service/secretsmanager", "service/ssm", "service/logs", "service/lambda", "service/lambda/sandbox", "service/dynamodb", "service/redshift", "service/redshiftserverless", "engine/sqlite", "warehouse/duckdb", "rsql/shell", "rsql/embedded", "rsql/postgres", "bucket/dir", "bucket/s3", "bucket/watch"},
	6: {"project", "project/suite", "api/sigv4", "api/s3rest", "api", "pgwire"},
	7: {"cli", "cmd/stepwell"},
}

// beside lists the imports within a floor, with their direction. Besides, every package below service may import service.
var beside = map[string][]string{
	"arn":                        {"fault"},
	"asl/tree":                   {"asl/machine"},
	"asl/rehearsal":              {"asl/machine"},
	"asl/intrinsic":              {"jsonpath"},
	"jsonata":                    {"jsonata/syntax", "jsonata/picture"},
	"asl":                        {"jsonpath", "jsonata", "asl/intrinsic"},
	"redshift/function":          {"redshift/syntax"},
	"rsql/option":                {"rsql"},
	"warehouse/load":             {"bucket"},
	"warehouse/unload":           {"bucket"},
	"warehouse":                  {"warehouse/lock", "warehouse/load", "warehouse/unload", "bucket"},
	"warehouse/autocopy":         {"warehouse", "bucket"},
	"service/redshiftdata":       {"service/redshift"},
	"job/builtin":                {"rsql/shell"},
	"service/redshiftserverless": {"service/redshift"},
	"service/events":             {"service/target"},
	"service/scheduler":          {"service/target"},
	"service/lambda/sandbox":     {"service/lambda"},
	"service/sns/mail":           {"service/sns"},
	"service/sns/web":            {"service/sns"},
	"api":                        {"api/sigv4", "api/s3rest"},
	"api/s3rest":                 {"api/sigv4"},
	"cmd/stepwell":               {"cli"},
}

// wings never import each other; services, doors and the command line join them.
var wings = map[string][]string{
	"workflow": {"asl", "jsonpath", "jsonata", "engine"},
	"data":     {"redshift", "rsql", "warehouse", "bucket"},
}

// drivers are met only in cli/serve.go.
var drivers = []string{"engine/sqlite", "warehouse/duckdb", "rsql/postgres", "bucket/dir", "bucket/s3", "bucket/watch", "job/builtin", "job/process", "job/docker", "service/lambda/sandbox"}

// impure are the imports that floors 1 to 3 may not have.
var impure = []string{"context", "crypto/rand", "io/fs", "io/ioutil", "math/rand", "math/rand/v2", "net", "net/http", "os", "os/exec", "os/signal", "path/filepath", "syscall"}

// clock are the names of package time that read a clock or wait.
var clock = []string{"Now", "Since", "Until", "After", "AfterFunc", "Sleep", "Tick", "NewTicker", "NewTimer"}

// maxLines is how long a source file may be.
const maxLines = 600

// banned are names that say nothing about what a package or file holds.
var banned = []string{"util", "utils", "common", "helper", "helpers", "misc", "types", "models", "manager"}

// tooling are the packages outside the floors: they may import anything and nothing imports them but tests.
var tooling = []string{"internal/archtest", "internal/clients", "internal/conformance", "bench", "examples"}
