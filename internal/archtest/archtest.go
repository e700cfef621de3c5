// Package archtest holds the architecture as data: which package stands on which floor, which wing it belongs to and what
// the pure floors may not touch. Its test reads the source and reports every import that breaks a rule. A new package is
// added to floors first; that edit is the review of the architecture.
package archtest

// floors lists every package of the module, bottom first. A package imports only from lower floors, and, on its own floor,
// only from the packages named after it in beside.
var floors = [][]string{
	1: {"value", "fault", "arn"},
	2: {"pattern", "schedule", "jsonpath", "jsonata/syntax", "jsonata/picture", "jsonata/regex", "jsonata", "asl/intrinsic", "asl/item", "asl/item/parquet", "asl", "redshift/syntax", "redshift/function", "rsql/syntax", "rsql/report", "rsql/odbc", "service/dynamodb/attribute", "service/s3/notify"},
	3: {"asl/machine", "asl/rehearsal", "asl/mock", "asl/graph", "asl/tree", "asl/visit", "redshift/translate", "redshift/plpgsql", "template", "template/plan", "console/view", "rsql", "rsql/option", "rsql/bteq", "service/dynamodb/expression", "service/dynamodb/audit"},
	4: {"engine", "event", "origin", "agenda", "kv", "bucket", "bucket/arrival", "warehouse/lock", "warehouse/load", "warehouse/unload", "warehouse/querylog", "warehouse", "warehouse/autocopy", "warehouse/inventory", "job"},
	5: {"service", "service/target", "service/events", "service/scheduler", "service/batch", "job/builtin", "job/process", "job/docker", "service/redshiftdata", "service/s3", "service/sns", "service/sns/mail", "service/sns/web", "service/states", "service/mapitem", "service/httptask", "service/custom",
		"service/sts", "service/secretsmanager", "service/ssm", "service/logs", "service/lambda", "service/lambda/sandbox", "service/dynamodb", "service/redshift", "service/redshiftserverless", "engine/sqlite", "warehouse/duckdb", "rsql/shell", "rsql/embedded", "rsql/postgres", "bucket/dir", "bucket/s3", "bucket/watch"},
	6: {"project", "project/suite", "project/watch", "api/sigv4", "api/s3rest", "api", "pgwire", "console"},
	7: {"cli", "cmd/stepwell"},
}

// beside lists the imports within a floor, with their direction. Besides, every package below service may import service.
var beside = map[string][]string{
	"arn":                        {"fault"},
	"asl/tree":                   {"asl/machine"},
	"asl/visit":                  {"asl/machine", "asl/tree"},
	"asl/rehearsal":              {"asl/machine"},
	"asl/intrinsic":              {"jsonpath"},
	"jsonata":                    {"jsonata/syntax", "jsonata/picture", "jsonata/regex"},
	"asl":                        {"jsonpath", "jsonata", "asl/intrinsic"},
	"redshift/function":          {"redshift/syntax"},
	"rsql/option":                {"rsql"},
	"engine":                     {"agenda"},
	"bucket/arrival":             {"bucket", "agenda"},
	"warehouse/load":             {"bucket"},
	"warehouse/unload":           {"bucket"},
	"origin":                     {"kv"},
	"warehouse/querylog":         {"origin"},
	"warehouse":                  {"warehouse/lock", "warehouse/load", "warehouse/unload", "warehouse/querylog", "bucket", "origin"},
	"warehouse/autocopy":         {"warehouse", "bucket"},
	"warehouse/inventory":        {"warehouse"},
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
	"console":                    {"api"},
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
var tooling = []string{"internal/archtest", "internal/clients", "internal/conformance", "internal/gallery", "internal/chromium", "internal/awscli", "bench", "examples"}
