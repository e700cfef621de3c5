package template

import (
	"path"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

var stateMachineProperties = map[string][]string{
	"AWS::StepFunctions::StateMachine": {"Definition", "DefinitionS3Location", "DefinitionString", "DefinitionSubstitutions",
		"EncryptionConfiguration", "LoggingConfiguration", "RoleArn", "StateMachineName", "StateMachineType", "Tags", "TracingConfiguration"},
	"AWS::Serverless::StateMachine": {"AlwaysDeploy", "AutoPublishAlias", "Definition", "DefinitionSubstitutions", "DefinitionUri",
		"DeploymentPreference", "Events", "Logging", "Name", "PermissionsBoundary", "Policies", "PropagateTags", "Role", "RolePath",
		"Tags", "Tracing", "Type", "UseAliasAsEventTarget"},
}

// stateMachine makes a state machine of resolved properties.
func (e *evaluator) stateMachine(r *resource, properties *node) (StateMachine, bool) {
	for _, f := range properties.fields {
		if known := stateMachineProperties[r.kind]; !slices.Contains(known, f.key) {
			e.find(f.at, "Encountered unsupported property %s%s", f.key, suggest(f.key, slices.Clone(known)))
		}
	}
	m := StateMachine{LogicalID: r.id, Name: e.name(r), ARN: e.identity(r), Type: "STANDARD", Position: r.at}
	role, kind, logging := "RoleArn", "StateMachineType", "LoggingConfiguration"
	if r.kind == "AWS::Serverless::StateMachine" {
		role, kind, logging = "Role", "Type", "Logging"
	}
	if text, ok := e.member(properties, kind); ok {
		m.Type = text
	}
	if text, ok := e.member(properties, role); ok {
		m.RoleARN = text
	} else {
		m.RoleARN = e.fill("arn:aws:iam::{account}:role/"+e.options.StackName+"-{id}Role", r)
	}
	m.Logging = e.logging(r, properties.get(logging))
	var ok bool
	m.Definition, m.File, ok = e.definition(r, properties)
	return m, ok
}

// definition finds the States Language text among the four properties that can hold it.
func (e *evaluator) definition(r *resource, properties *node) (text, file string, ok bool) {
	var found *node
	var property string
	for _, name := range []string{"Definition", "DefinitionString", "DefinitionS3Location", "DefinitionUri"} {
		n := properties.get(name)
		if n == nil {
			continue
		}
		if found != nil {
			e.find(n.at, "the state machine %s has both %s and %s", r.id, property, name)
			return "", "", false
		}
		found, property = n, name
	}
	if found == nil {
		e.find(r.at, "the state machine %s has no definition", r.id)
		return "", "", false
	}
	substitute := e.dynamic(e.substitutions(properties.get("DefinitionSubstitutions"), r))
	switch property {
	case "Definition":
		return e.objectDefinition(found, substitute)
	case "DefinitionString":
		return e.stringDefinition(r, found, substitute)
	}
	return e.storedDefinition(found, substitute)
}

// substituter replaces the ${Name} of a definition; at is where the definition comes from.
type substituter func(text string, at fault.Position) string

func (e *evaluator) substitutions(n *node, r *resource) substituter {
	if n == nil {
		return func(text string, _ fault.Position) string { return text }
	}
	return func(text string, at fault.Position) string {
		return variable.ReplaceAllStringFunc(text, func(m string) string {
			name := m[2 : len(m)-1]
			v := n.get(name)
			if v == nil {
				e.warn(at, "the definition of "+r.id+" has "+m+", which has no substitution"+suggest(name, keys(n)))
				return m
			}
			return v.text()
		})
	}
}

func (e *evaluator) objectDefinition(n *node, substitute substituter) (text, file string, ok bool) {
	if n.kind != value.Object {
		e.find(n.at, "Definition must be an object; a text is a DefinitionString")
		return "", "", false
	}
	return place(substituteIn(n, substitute)), e.options.File, true
}

func substituteIn(n *node, substitute substituter) *node {
	c := *n
	switch n.kind {
	case value.String:
		c.scalar = value.OfString(substitute(n.scalar.Str(), n.at))
	case value.Array:
		c.items = make([]*node, len(n.items))
		for i, item := range n.items {
			c.items[i] = substituteIn(item, substitute)
		}
	case value.Object:
		c.fields = make([]field, len(n.fields))
		for i, f := range n.fields {
			c.fields[i] = field{f.key, f.at, substituteIn(f.value, substitute)}
		}
	}
	return &c
}

func (e *evaluator) stringDefinition(r *resource, n *node, substitute substituter) (text, file string, ok bool) {
	if n.kind != value.String {
		e.find(n.at, "DefinitionString must be a text; an object is a Definition")
		return "", "", false
	}
	text, placed := placeText(n, substitute(n.scalar.Str(), n.at))
	if !placed {
		return text, e.options.File + " (definition of " + r.id + ")", true
	}
	return text, e.options.File, true
}

// storedDefinition reads a definition from a file beside the template or from a bucket.
func (e *evaluator) storedDefinition(n *node, substitute substituter) (text, file string, ok bool) {
	var data []byte
	var err error
	switch {
	case n.isScalar():
		file = path.Clean(n.text())
		if e.options.Read == nil || path.IsAbs(file) || file == ".." || strings.HasPrefix(file, "../") || strings.Contains(file, "://") {
			e.find(n.at, "the definition %q is not a file in the template's folder", n.text())
			return "", "", false
		}
		data, err = e.options.Read(file)
	default:
		bucket, key := n.get("Bucket").orEmpty(), n.get("Key").orEmpty()
		if bucket == "" || key == "" {
			e.find(n.at, "the place of a definition is a Bucket and a Key")
			return "", "", false
		}
		file = "s3://" + bucket + "/" + key
		data, err = e.object(bucket, key)
	}
	if err != nil {
		e.report(fault.New(fault.KindOf(err), "read definition %s", file).Because(err).At(n.at))
		return "", "", false
	}
	return substitute(string(data), fault.Position{File: file}), file, true
}

// object reads from a bucket. What the CDK would upload to its own bucket stands beside its template.
func (e *evaluator) object(bucket, key string) ([]byte, error) {
	if strings.HasPrefix(bucket, "cdk-") && e.options.Read != nil {
		return e.options.Read("asset." + key)
	}
	if e.options.Object == nil {
		return nil, fault.New(fault.NotFound, "there are no buckets")
	}
	return e.options.Object(bucket, key)
}
