package cli

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/stepwell/stepwell/fault"
	"github.com/stepwell/stepwell/project"
	"github.com/stepwell/stepwell/value"
)

// dynamicReference is {{resolve:SERVICE:WHAT}} in a template.
var dynamicReference = regexp.MustCompile(`\{\{resolve:(ssm|ssm-secure|secretsmanager):([^}]+)\}\}`)

// resolved returns a resource with the values that its dynamic references lead to, as they are now. They stand in what is
// made of the resource alone: neither the project nor its plan has them.
func (l *local) resolved(ctx context.Context, r *project.Resource) (*project.Resource, error) {
	copied := *r
	switch {
	case r.Topic != nil:
		topic := *r.Topic
		topic.Subscriptions = slices.Clone(topic.Subscriptions)
		copied.Topic = &topic
		for i := range topic.Subscriptions {
			endpoint, err := l.resolve(ctx, value.OfString(topic.Subscriptions[i].Endpoint))
			if err != nil {
				return nil, err
			}
			topic.Subscriptions[i].Endpoint = endpoint.Str()
		}
	case r.Declaration != nil && dynamicReference.MatchString(r.Declaration.Properties.Compact()):
		properties, err := l.resolve(ctx, r.Declaration.Properties)
		if err != nil {
			return nil, err
		}
		declaration := *r.Declaration
		declaration.Properties, copied.Declaration = properties, &declaration
	}
	return &copied, nil
}

// resolve replaces the dynamic references in all texts of a value.
func (l *local) resolve(ctx context.Context, v value.Value) (value.Value, error) {
	var failure error
	switch v.Kind() {
	case value.String:
		text := dynamicReference.ReplaceAllStringFunc(v.Str(), func(reference string) string {
			parts := dynamicReference.FindStringSubmatch(reference)
			text, err := l.referred(ctx, parts[1], parts[2])
			if err != nil && failure == nil {
				failure = fault.New(fault.KindOf(err), "resolve %s", reference).Because(err)
			}
			return text
		})
		return value.OfString(text), failure
	case value.Array:
		items := make([]value.Value, len(v.Items()))
		for i, item := range v.Items() {
			if items[i], failure = l.resolve(ctx, item); failure != nil {
				return v, failure
			}
		}
		return value.OfItems(items), nil
	case value.Object:
		members := make([]value.Member, len(v.Members()))
		for i, m := range v.Members() {
			if m.Value, failure = l.resolve(ctx, m.Value); failure != nil {
				return v, failure
			}
			members[i] = m
		}
		return value.OfMembers(members...), nil
	}
	return v, nil
}

// referred is what one dynamic reference leads to.
func (l *local) referred(ctx context.Context, from, what string) (string, error) {
	if from != "secretsmanager" {
		return l.ask(ctx, "ssm", "GetParameter", "Parameter.Value", named("Name", what), value.Member{Key: "WithDecryption", Value: value.OfBool(true)})
	}
	r, err := parseSecretReference(what)
	if err != nil {
		return "", err
	}
	request := []value.Member{named("SecretId", r.id)}
	if r.stage != "" {
		request = append(request, named("VersionStage", r.stage))
	}
	if r.version != "" {
		request = append(request, named("VersionId", r.version))
	}
	secret, err := l.ask(ctx, "secretsmanager", "GetSecretValue", "SecretString", request...)
	if err != nil || r.key == "" {
		return secret, err
	}
	return memberOf(secret, r.key)
}

// secretReference is SECRET[:SecretString[:KEY[:STAGE[:VERSION]]]] taken apart; SECRET can be an ARN.
type secretReference struct{ id, key, stage, version string }

func parseSecretReference(what string) (secretReference, error) {
	const colonsInARN = 6
	parts := strings.Split(what, ":")
	own := 1
	if parts[0] == "arn" {
		own = min(len(parts), colonsInARN+1)
	}
	r := secretReference{id: strings.Join(parts[:own], ":")}
	rest := parts[own:]
	if len(rest) > 0 && rest[0] != "SecretString" && rest[0] != "" {
		return r, fault.Invalidf("a reference to a secret goes on with SecretString, not %s", rest[0])
	}
	for i, into := range []*string{nil, &r.key, &r.stage, &r.version} {
		if into != nil && i < len(rest) {
			*into = rest[i]
		}
	}
	if len(rest) > 4 || r.stage != "" && r.version != "" {
		return r, fault.Invalidf("a reference to a secret has a key, and a stage or a version")
	}
	return r, nil
}
