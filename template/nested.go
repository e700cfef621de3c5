package template

import (
	"path"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/value"
)

// isNested reports whether resources of a type are stacks with a template of their own.
func isNested(kind string) bool {
	return kind == "AWS::CloudFormation::Stack" || kind == "AWS::Serverless::Application"
}

// maxStacks bounds what templates that contain each other's relatives again and again may come to.
const maxStacks = 500

// nested returns the stack of a resource, which is read when something first asks for it; nil when there is a mistake in it.
func (e *evaluator) nested(r *resource) *Stack {
	if stack, known := e.stacks[r.id]; known {
		return stack
	}
	e.stacks[r.id] = nil
	defer func(depth int) { e.untaken = depth }(e.untaken)
	// Its mistakes count, wherever it is asked for first.
	e.untaken = 0
	for _, id := range e.dependencies(r, nil) { // which may export what this one imports
		if other := e.byID(id); isNested(other.kind) {
			e.nested(other)
		}
	}
	properties := e.eval(r.properties)
	if properties == nil {
		return nil
	}
	if *e.read++; *e.read > maxStacks {
		e.find(r.at, "the nested stack %s: there are more than %d stacks", r.id, maxStacks)
		return nil
	}
	text, options, ok := e.nestedTemplate(r, properties)
	if !ok {
		return nil
	}
	root, err := read(text, options.File)
	if err != nil {
		e.report(err)
		return nil
	}
	options.Parameters = e.nestedParameters(properties.get("Parameters"), root)
	e.stacks[r.id] = e.nestedStack(r, root, options)
	return e.stacks[r.id]
}

// nestedStack resolves the template of a nested stack.
func (e *evaluator) nestedStack(r *resource, root *node, options Options) *Stack {
	inner := newEvaluator(root, options)
	inner.files, inner.exports, inner.read = append(slices.Clone(e.files), options.File), e.exports, e.read
	inner.sections()
	stack := inner.stack()
	for _, f := range inner.findings {
		e.report(f)
	}
	if len(inner.findings) > 0 {
		return nil
	}
	stack.within(r.id)
	return stack
}

// nestedParameters are the values for a nested template's parameters; lists become texts with commas.
func (e *evaluator) nestedParameters(given, root *node) map[string]string {
	parameters := map[string]string{}
	for _, f := range fieldsOf(given) {
		known := root.get("Parameters")
		switch {
		case known.get(f.key) == nil:
			e.find(f.at, "the nested template has no parameter %q%s", f.key, suggest(f.key, keys(known)))
		case f.value.kind == value.Object:
			e.find(f.value.at, "the parameter %s of a nested stack must be a text or a list", f.key)
		default:
			parameters[f.key] = f.value.text()
		}
	}
	return parameters
}

// nestedTemplate finds the template of a nested stack and what surrounds it.
func (e *evaluator) nestedTemplate(r *resource, properties *node) (text string, options Options, ok bool) {
	member := "TemplateURL"
	if r.kind == "AWS::Serverless::Application" {
		member = "Location"
	}
	n := properties.get(member)
	switch {
	case n == nil:
		e.find(r.at, "the nested stack %s has no %s", r.id, member)
		return "", options, false
	case !n.isScalar():
		e.report(fault.New(fault.Unsupported, "the nested stack %s comes from the Serverless Application Repository, which is not supported: "+
			"its %s must be a path", r.id, member).At(n.at))
		return "", options, false
	}
	options = e.options
	options.StackName = e.name(r)
	options.Answers = answersWithin(e.options.Answers, r.id)
	data, err := e.readNested(r, n.text(), &options)
	if err != nil {
		e.report(fault.New(fault.KindOf(err), "read the template of the nested stack %s, %s", r.id, n.text()).Because(err).At(n.at))
		return "", options, false
	}
	if slices.Contains(e.files, options.File) {
		e.find(n.at, "the nested stack %s leads back to its own template %s", r.id, options.File)
		return "", options, false
	}
	return string(data), options, true
}

// answersWithin are the answers about resources of a nested stack.
func answersWithin(all map[string]Answer, nested string) map[string]Answer {
	some := map[string]Answer{}
	for id, answer := range all {
		if inner, ok := strings.CutPrefix(id, nested+"."); ok {
			some[inner] = answer
		}
	}
	return some
}

// readNested reads a nested template. In the options, names of files are as seen from that template.
func (e *evaluator) readNested(r *resource, url string, options *Options) ([]byte, error) {
	bucket, key, isURL := bucketURL(url)
	switch {
	case isURL && strings.HasPrefix(bucket, "cdk-"):
		name, err := e.cdkAsset(r, key)
		if err != nil {
			return nil, err
		}
		return e.readBeside(name, options)
	case isURL && e.options.Object != nil:
		options.File = "s3://" + bucket + "/" + key
		options.Read = func(name string) ([]byte, error) { return e.options.Object(bucket, path.Join(path.Dir(key), name)) }
		return e.options.Object(bucket, key)
	case strings.Contains(url, "://"):
		return nil, fault.New(fault.Unsupported, "it is neither a file beside the template nor in a bucket")
	}
	return e.readBeside(url, options)
}

func (e *evaluator) readBeside(name string, options *Options) ([]byte, error) {
	if e.options.Read == nil {
		return nil, fault.New(fault.NotFound, "there are no files beside the template")
	}
	name = path.Clean(name)
	folder := path.Dir(name)
	options.File = path.Join(path.Dir(e.options.File), name)
	options.Read = func(below string) ([]byte, error) { return e.options.Read(path.Join(folder, below)) }
	return e.options.Read(name)
}

// bucketURL takes the forms of S3's URLs apart: s3://BUCKET/KEY, https://s3.REGION.amazonaws.com/BUCKET/KEY and
// https://BUCKET.s3.REGION.amazonaws.com/KEY.
func bucketURL(url string) (bucket, key string, ok bool) {
	if rest, isS3 := strings.CutPrefix(url, "s3://"); isS3 {
		return strings.Cut(rest, "/")
	}
	rest, isHTTPS := strings.CutPrefix(url, "https://")
	host, key, ok := strings.Cut(rest, "/")
	if !isHTTPS || !ok || !strings.Contains(host, ".amazonaws.com") {
		return "", "", false
	}
	if strings.HasPrefix(host, "s3.") || strings.HasPrefix(host, "s3-") {
		return strings.Cut(key, "/")
	}
	bucket, _, ok = strings.Cut(host, ".s3")
	return bucket, key, ok
}

// nestedOutput is what Fn::GetAtt Nested.Outputs.Name comes to.
func (e *evaluator) nestedOutput(r *resource, attribute string, at fault.Position, function string) *node {
	name, ok := strings.CutPrefix(attribute, "Outputs.")
	if !ok {
		return e.find(at, "%s: the nested stack %s has only Outputs, not %s", function, r.id, attribute)
	}
	stack := e.nested(r)
	if stack == nil {
		return nil // a stack that needs its own output is reported with the other cycles
	}
	var known []string
	for _, o := range stack.Outputs {
		if o.Name == r.id+"."+name {
			return scalarAt(at, o.Value)
		}
		known = append(known, strings.TrimPrefix(o.Name, r.id+"."))
	}
	return e.find(at, "%s: the nested stack %s has no output %q%s", function, r.id, name, suggest(name, known))
}

// addNested adds what a nested stack has. Its resources need what the stack as a whole does.
func (e *evaluator) addNested(s *Stack, r *resource) {
	if stack := e.nested(r); stack != nil {
		s.Join(stack)
	}
}

// nestedLives gives those that need a nested stack, or stand in one, what that means.
func (e *evaluator) nestedLives(s *Stack) {
	for _, r := range e.resources {
		stack := e.stacks[r.id]
		if stack == nil {
			continue
		}
		whole := s.Lives[r.id]
		delete(s.Lives, r.id)
		var inside []string
		for id, life := range stack.Lives {
			inside = append(inside, id)
			life.Needs = append(slices.Clone(life.Needs), whole.Needs...)
			life.Retain = life.Retain || whole.Retain
			s.Lives[id] = life
		}
		slices.Sort(inside)
		for id, life := range s.Lives {
			if at := slices.Index(life.Needs, r.id); at >= 0 {
				life.Needs = slices.Replace(slices.Clone(life.Needs), at, at+1, inside...)
				s.Lives[id] = life
			}
		}
	}
}
