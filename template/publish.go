package template

import "strings"

// functionOf is the ARN of the function that a version or an alias is of.
func (e *evaluator) functionOf(r *resource) string {
	name, _ := e.member(r.properties, "FunctionName")
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return strings.NewReplacer("{name}", name, "{region}", e.options.Region, "{account}", e.options.AccountID).Replace(functionARN)
}

// publishedAlias is the AutoPublishAlias of a function of SAM, its own or that of the template's Globals; empty: it has none.
func (e *evaluator) publishedAlias(r *resource) string {
	if r.kind != "AWS::Serverless::Function" {
		return ""
	}
	for _, properties := range []*node{r.properties, e.root.get("Globals").get("Function")} {
		if alias, ok := e.member(properties, "AutoPublishAlias"); ok {
			return alias
		}
	}
	return ""
}

// published is what SAM's references Function.Alias and Function.Version come to.
func (e *evaluator) published(r *resource, name string) (string, bool) {
	alias := e.publishedAlias(r)
	switch {
	case alias == "":
		return "", false
	case name == "Alias":
		return e.fill(functionARN, r) + ":" + alias, true
	case name == "Version":
		return e.fill(functionARN, r) + ":" + e.name(r) + "-Version", true
	}
	return "", false
}

// publishedReference resolves Ref Function.Alias and Ref Function.Version.
func (e *evaluator) publishedReference(reference string) (string, bool) {
	id, name, ok := strings.Cut(reference, ".")
	r := e.byID(id)
	if !ok || r == nil || !e.wanted(r) {
		return "", false
	}
	return e.published(r, name)
}

// startedFunction is the ARN that the events of a function of SAM start: its alias, if it is published.
func (e *evaluator) startedFunction(r *resource) string {
	if alias, ok := e.published(r, "Alias"); ok {
		return alias
	}
	return e.fill(functionARN, r)
}
